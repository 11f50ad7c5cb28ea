"""The story curve: the order told across, the order in which things happen down.

After Kim, Bach, Im, Schriber, Gross and Pfister, "Visualizing Nonlinear Narratives with Story
Curves" (2017). Pure geometry over known values.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

from explorer.pictures.canvas import Axis, line, rect, tidy, words
from explorer.pictures.layout.text_metrics import Box, Room, shortened, width
from explorer.pictures.models import Band, Curve, Mark, Ribbon, Words
from explorer.pictures.told import Told

TEXTURES = 6

_LEFT = 32.0
_TOP = 54.0
_PAD = 28.0
_HEIGHT = 660.0
_TITLE = 170.0
_PLACE = 150.0
_SMALL = 11.5
_APART = 13.0
_STRIPE = 4.6
_MOST_STRIPES = 40.0


def curve(told: Told) -> Curve | None:
    """Draw the curve of what was told; None where nothing was."""
    if not told.columns:
        return None
    scale = _Scale.of(told)
    bands = tuple(_bands(scale))
    fall = max((_fall(scale, name.text) for band in bands for name in band.names), default=0)
    left, right, bottom = scale.axis.start, scale.axis.end, scale.bottom
    return Curve(
        width=tidy(scale.width),
        height=tidy(bottom + fall + 8),
        slant=_slant(scale.axis.step),
        across=words(left, 14, "told →"),
        down=words(left - 16, _TOP + 4, "happens →"),
        edges=line("M", left, _TOP, "H", right, "M", left, bottom, "H", right),
        thread=" ".join(_thread(scale)),
        parting=scale.axis.parting(_TOP - 38, bottom),
        bands=bands,
        ribbons=tuple(_ribbons(scale)),
        marks=tuple(_marks(scale)),
    )


@dataclass(frozen=True, slots=True)
class _Scale:
    """What is where: it follows what was told and nothing else."""

    told: Told
    axis: Axis
    rise: float
    width: float

    @classmethod
    def of(cls, told: Told) -> _Scale:
        count = len(told.columns)
        step = max(8.0, min(48.0, round(1080 / count)))
        axis = Axis.of(told, _start(told, step), step)
        beside = max(28.0, min(_TITLE + 12, 560 - count * step))
        rise = max(1.5, min(24.0, round(_HEIGHT / count, 1), step * 0.62))
        return cls(told, axis, rise, axis.end + beside)

    @property
    def side(self) -> float:
        """Half the width of a scene's capsule."""
        return max(2.6, min(7.0, self.axis.step * 0.25))

    @property
    def bottom(self) -> float:
        return _TOP + 2 * _PAD + self.rise * (len(self.told.columns) - 1)

    def y(self, column: int) -> float:
        return _TOP + _PAD + self.rise * (self.told.columns[column].rank - 1)

    def stripe(self, column: int) -> float:
        """How broad each person's stripe is in a scene."""
        return min(_STRIPE, _MOST_STRIPES / max(1, len(self.told.casts[column])))

    def half(self, column: int) -> float:
        """Half the height of a capsule."""
        return max(4.0, len(self.told.casts[column]) * self.stripe(column) / 2 + 2.2)

    def height(self, column: int, person: str) -> float:
        """Where a person's stripe is in a scene."""
        cast = self.told.casts[column]
        return self.y(column) + (cast.index(person) - (len(cast) - 1) / 2) * self.stripe(column)

    def capsule(self, column: int, around: float = 0) -> Box:
        """The room of a scene's capsule, with so much around it."""
        x, y = self.axis.x(column), self.y(column)
        side, half = self.side + around, self.half(column) + around
        return Box(x - side, y - half, x + side, y + half)

    def bend(self, column: int, start: float, end: float, shift: float = 0) -> str:
        """A line from one capsule to the next."""
        left, right = self.axis.x(column) + self.side, self.axis.x(column + 1) - self.side
        middle = max(left - 4, min(right + 4, (left + right) / 2 + shift))
        return line("M", left, start, "C", middle, start, middle, end, right, end)


def _start(told: Told, step: float) -> float:
    """Where the first column begins: the names of the first places hang to the left of it."""
    if _slant(step) == 90:
        return _LEFT
    names = (_place_name(column.place or "") for column in told.columns)
    return max(_LEFT, *(_across(name) - (n + 0.5) * step for n, name in enumerate(names)))


# --- lines ---------------------------------------------------------------------------------------


def _thread(scale: _Scale) -> Iterator[str]:
    """The line through all scenes, so that the curve goes on where nobody goes along."""
    for n in range(len(scale.told.columns)):
        if scale.axis.joined(n):
            yield scale.bend(n, scale.y(n), scale.y(n + 1))


def _ribbons(scale: _Scale) -> Iterator[Ribbon]:
    paths: dict[str, list[str]] = {key: [] for key in scale.told.inks}
    for n, cast in enumerate(scale.told.casts):
        left = scale.axis.x(n) - scale.side
        for person in cast:
            paths[person].append(line("M", left, scale.height(n, person), "h", 2 * scale.side))
        if scale.axis.joined(n):
            _lead_on(scale, n, paths)
    for person, path in paths.items():
        if path:
            yield Ribbon(scale.told.inks[person], " ".join(path))


def _lead_on(scale: _Scale, column: int, paths: dict[str, list[str]]) -> None:
    """Lead on those who are in the next scene too, side by side in the bend."""
    following = scale.told.casts[column + 1]
    both = [person for person in scale.told.casts[column] if person in following]
    turn = -1 if scale.y(column + 1) > scale.y(column) else 1
    for n, person in enumerate(both):
        shift = turn * (n - (len(both) - 1) / 2) * _STRIPE
        start, end = scale.height(column, person), scale.height(column + 1, person)
        paths[person].append(scale.bend(column, start, end, shift))


# --- places --------------------------------------------------------------------------------------


def _bands(scale: _Scale) -> Iterator[Band]:
    """Each place by the first scene there, with its grounds and as many names as have room."""
    grounds: dict[str, list[str]] = {}
    names: dict[str, list[Words]] = {}
    free = 0.0
    for place, first, last in _stays(scale):
        grounds.setdefault(place, []).append(_ground(scale, first, last))
        name = _name(scale, place, (scale.axis.x(first) + scale.axis.x(last)) / 2)
        if name.x >= free:
            names.setdefault(place, []).append(name)
            free = name.x + _APART
    for n, (place, paths) in enumerate(grounds.items()):
        yield Band(place, n % TEXTURES, " ".join(paths), tuple(names.get(place, ())))


def _stays(scale: _Scale) -> Iterator[tuple[str, int, int]]:
    """The places of scenes told in a row, with the first column and the last.

    Those opened ahead have no neighbours.
    """

    def stay(column: int) -> tuple[str | None, int]:
        return scale.told.columns[column].place, max(-1, column - scale.axis.reached)

    for (place, _), run in groupby(range(len(scale.told.columns)), stay):
        if place is not None:
            columns = list(run)
            yield place, columns[0], columns[-1]


def _ground(scale: _Scale, first: int, last: int) -> str:
    reach = scale.axis.step / 2 - min(1.0, scale.axis.step / 16)
    left, right = scale.axis.x(first) - reach, scale.axis.x(last) + reach
    return line("M", left, _TOP, "H", right, "V", scale.bottom, "H", left, "Z")


def _name(scale: _Scale, place: str, middle: float) -> Words:
    aside = 0 if _slant(scale.axis.step) == 45 else 4
    return words(middle + aside, scale.bottom + 12, _place_name(place), end=True)


def _slant(step: float) -> int:
    """How steep the names of places hang: steeper where columns are close."""
    return 45 if step >= 24 else 90


def _place_name(place: str) -> str:
    return shortened(place, _PLACE, _SMALL)


def _across(name: str) -> float:
    """How much of the width a slanting name takes."""
    return width(name, _SMALL) * 0.71 + 4


def _fall(scale: _Scale, name: str) -> float:
    """How far a place's name reaches down."""
    slanting = _slant(scale.axis.step) == 45
    return 14 + (_across(name) if slanting else width(name, _SMALL))


# --- scenes --------------------------------------------------------------------------------------


def _marks(scale: _Scale) -> Iterator[Mark]:
    room = _room(scale)
    reach = scale.axis.step / 2
    for n, scene in enumerate(scale.told.columns):
        x, cap, outer = scale.axis.x(n), scale.capsule(n), scale.capsule(n, around=3)
        looks_back = scene.time == "flashback"
        yield Mark(
            scene=scene,
            hit=rect(x - reach, _TOP - 20, x + reach, scale.bottom),
            cap=rect(cap.left, cap.top, cap.right, cap.bottom),
            outer=rect(outer.left, outer.top, outer.right, outer.bottom) if looks_back else None,
            tick=scale.axis.tick(n, _TOP - 7),
            stroke="",
            title=_title(scale, n, room),
        )


def _room(scale: _Scale) -> Room:
    """The sheet with capsules and bends on it, where titles may still go."""
    room = Room(Box(2, _TOP, scale.width - 2, scale.bottom))
    for n in range(len(scale.told.columns)):
        cap = scale.capsule(n)
        room.block(cap)
        if scale.axis.joined(n):
            top, bottom = sorted((scale.y(n), scale.y(n + 1)))
            room.block(Box(cap.right, top - 2, scale.capsule(n + 1).left, bottom + 2))
    return room


def _title(scale: _Scale, column: int, room: Room) -> Words:
    """A scene's title where there is room for it beside the mark, else as a tip."""
    text = shortened(scale.told.columns[column].title, _TITLE)
    wide = width(text)
    spots = [
        (words(x, y, text, end=end), _taken(x, y, wide, end))
        for x, y, end in _around(scale, column)
    ]
    for spot, box in spots:
        if room.takes(box):
            return spot
    best = next((spot for spot, box in spots if box.within(room.sheet)), spots[0][0])
    return words(best.x, best.y, text, end=best.end, tip=True)


def _taken(x: float, y: float, wide: float, end: bool) -> Box:
    left = x - wide if end else x
    return Box(left, y - 11, left + wide, y + 3)


def _around(scale: _Scale, column: int) -> Iterator[tuple[float, float, bool]]:
    """Where a title may begin, or end, the best place first: off the falling line."""
    x, y = scale.axis.x(column), scale.y(column)
    side, half = scale.side, scale.half(column)
    yield x + side - 2, y - half - 4, False
    yield x - side + 2, y + half + 12, True
    yield x + side + 5, y + 4, False
    yield x - side - 5, y + 4, True
    yield x + side - 2, y + half + 12, False
    yield x - side + 2, y - half - 4, True
