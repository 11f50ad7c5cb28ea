"""The story curve: the order told across, the order in which things happen down.

After Kim, Bach, Im, Schriber, Gross and Pfister, "Visualizing Nonlinear Narratives with Story
Curves" (2017). Pure geometry over known values.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

from explorer.canvas import Column, Ink, Rails, Told, Words, letters_box, line, rails, tidy
from explorer.lettering import Box, Room, shortened, width

TEXTURES = 6

_LEFT = 30.0
_TOP = 54.0
_PAD = 20.0
_TITLE = 170.0
_PLACE = 150.0


@dataclass(frozen=True, slots=True)
class Ribbon:
    """A person's way along the curve."""

    ink: Ink
    path: str


@dataclass(frozen=True, slots=True)
class Band:
    """A place, behind the scenes told in a row that are there."""

    place: str
    texture: int
    left: float
    width: float
    label: str
    x: float


@dataclass(frozen=True, slots=True)
class Mark:
    """A scene on the curve: its column, and its capsule around the people in it."""

    scene: Column
    rank: int
    left: float
    x: float
    y: float
    half: float
    tick: str
    title: Words


@dataclass(frozen=True, slots=True)
class Curve:
    """The whole picture, in pixels. The marks stand in the order told."""

    width: float
    height: float
    top: float
    bottom: float
    start: float
    end: float
    step: float
    cap: float
    slant: int
    parting: float | None
    thread: str
    ribbons: tuple[Ribbon, ...]
    bands: tuple[Band, ...]
    marks: tuple[Mark, ...]

    @property
    def times(self) -> tuple[str, ...]:
        """The times that scenes have, beside the present, in the order told."""
        times = dict.fromkeys(mark.scene.time for mark in self.marks)
        return tuple(time for time in times if time != "present")


def curve(told: Told) -> Curve | None:
    """Draw the curve of what was told; None where nothing was."""
    if not told.columns:
        return None
    frame = _Frame.of(told)
    bands = tuple(frame.bands())
    fall = max((frame.fall(band.label) for band in bands), default=0)
    return Curve(
        width=tidy(frame.width),
        height=tidy(frame.bottom + fall + 8),
        top=_TOP,
        bottom=tidy(frame.bottom),
        start=_LEFT,
        end=tidy(frame.rails.end),
        step=tidy(frame.rails.step),
        cap=tidy(frame.cap),
        slant=frame.slant,
        parting=tidy(frame.parting) if frame.rails.gap else None,
        thread=" ".join(frame.thread()),
        ribbons=tuple(frame.ribbons()),
        bands=bands,
        marks=tuple(frame.marks()),
    )


@dataclass(frozen=True, slots=True)
class _Frame:
    """The scales of a curve: they follow what was told and nothing else."""

    told: Told
    rails: Rails
    rise: float
    width: float

    @classmethod
    def of(cls, told: Told) -> _Frame:
        count = len(told.columns)
        step = max(16.0, min(40.0, round(1080 / count)))
        laid = rails(told, _LEFT, step)
        beside = max(28.0, min(_TITLE + 12, 560 - count * step))
        rise = max(2.2, min(24.0, round(900 / count, 1), step * 0.62))
        return cls(told, laid, rise, laid.end + beside)

    @property
    def cap(self) -> float:
        """How wide a scene's capsule is."""
        return min(14.0, self.rails.step * 0.5)

    @property
    def bottom(self) -> float:
        return _TOP + 2 * _PAD + self.rise * (len(self.told.columns) - 1)

    @property
    def slant(self) -> int:
        """How steep the names of places hang: steeper where columns are close."""
        return 45 if self.rails.step >= 24 else 90

    @property
    def parting(self) -> float:
        """Where what was opened ahead begins."""
        return self.rails.start + self.rails.reached * self.rails.step + self.rails.gap / 2

    def fall(self, label: str) -> float:
        """How far a place's name reaches down."""
        return 14 + width(label, 11.5) * (0.72 if self.slant == 45 else 1)

    def y(self, column: int) -> float:
        return _TOP + _PAD + self.rise * self.told.ranks[column]

    def lane(self, column: int) -> float:
        """How broad each person's stripe is in a scene."""
        return min(4.0, 40 / max(1, len(self.told.casts[column])))

    def half(self, column: int) -> float:
        """Half the height of a capsule."""
        return max(4.0, len(self.told.casts[column]) * self.lane(column) / 2 + 2.5)

    def stripe(self, column: int, person: str) -> float:
        cast = self.told.casts[column]
        return self.y(column) + (cast.index(person) - (len(cast) - 1) / 2) * self.lane(column)

    # --- lines ---

    def thread(self) -> Iterator[str]:
        for n in range(len(self.told.columns)):
            if self.rails.joined(n):
                yield self.bend(n, self.y(n), self.y(n + 1), 0)

    def bend(self, column: int, start: float, end: float, shift: float) -> str:
        """A line from one capsule to the next."""
        left = self.rails.x(column) + self.cap / 2
        right = self.rails.x(column + 1) - self.cap / 2
        middle = max(left - 4, min(right + 4, (left + right) / 2 + shift))
        return line("M", left, start, "C", middle, start, middle, end, right, end)

    def ribbons(self) -> Iterator[Ribbon]:
        paths: dict[str, list[str]] = {key: [] for key in self.told.inks}
        for n, cast in enumerate(self.told.casts):
            x = self.rails.x(n)
            for person in cast:
                y = self.stripe(n, person)
                paths[person].append(line("M", x - self.cap / 2, y, "h", self.cap))
            if self.rails.joined(n):
                self._join(n, paths)
        for person, path in paths.items():
            if path:
                yield Ribbon(self.told.inks[person], " ".join(path))

    def _join(self, column: int, paths: dict[str, list[str]]) -> None:
        """Lead on those who are in the next scene too, side by side in the bend."""
        following = self.told.casts[column + 1]
        both = [person for person in self.told.casts[column] if person in following]
        turn = -1 if self.y(column + 1) > self.y(column) else 1
        for n, person in enumerate(both):
            shift = turn * (n - (len(both) - 1) / 2) * 4.5
            start, end = self.stripe(column, person), self.stripe(column + 1, person)
            paths[person].append(self.bend(column, start, end, shift))

    # --- places ---

    def bands(self) -> Iterator[Band]:
        textures: dict[str, int] = {}
        for place, run in groupby(range(len(self.told.columns)), key=self._place):
            if place[0] is None:
                continue
            columns = list(run)
            texture = textures.setdefault(place[0], len(textures) % TEXTURES)
            yield self._band(place[0], texture, columns[0], columns[-1])

    def _place(self, column: int) -> tuple[str | None, int]:
        """A column's place; those opened ahead have no neighbours."""
        return self.told.columns[column].place, max(-1, column - self.rails.reached)

    def _band(self, place: str, texture: int, first: int, last: int) -> Band:
        left = self.rails.x(first) - self.rails.step / 2
        right = self.rails.x(last) + self.rails.step / 2
        label = shortened(place, _PLACE, 11.5)
        middle = (left + right) / 2 + (0 if self.slant == 45 else 4)
        return Band(place, texture, tidy(left + 1), tidy(right - left - 2), label, tidy(middle))

    # --- scenes ---

    def marks(self) -> Iterator[Mark]:
        room = self._room()
        for n, scene in enumerate(self.told.columns):
            yield Mark(
                scene=scene,
                rank=self.told.ranks[n] + 1,
                left=tidy(self.rails.x(n) - self.rails.step / 2),
                x=tidy(self.rails.x(n)),
                y=tidy(self.y(n)),
                half=tidy(self.half(n)),
                tick=self.rails.tick(n, scene.number),
                title=self._title(n, room),
            )

    def _room(self) -> Room:
        """The sheet with capsules and bends on it, where titles may still go."""
        room = Room(Box(4, _TOP, self.width - 2, self.bottom))
        for n in range(len(self.told.columns)):
            x, y, half = self.rails.x(n), self.y(n), self.half(n)
            room.block(Box(x - self.cap / 2, y - half, x + self.cap / 2, y + half))
            if self.rails.joined(n):
                low, high = sorted((y, self.y(n + 1)))
                far = self.rails.x(n + 1) - self.cap / 2
                room.block(Box(x + self.cap / 2, low - 2, far, high + 2))
        return room

    def _title(self, column: int, room: Room) -> Words:
        """A scene's title where there is room for it beside the mark, else as a tip."""
        scene = self.told.columns[column]
        text = shortened(scene.title, _TITLE)
        wide = width(f"{scene.number or ''} {text}")
        spots = [
            Words(tidy(x), tidy(y), text, end) for x, y, end in self._around(column)
        ]
        for spot in spots:
            if room.takes(letters_box(spot, wide)):
                return spot
        inside = [spot for spot in spots if letters_box(spot, wide).within(room.sheet)]
        best = inside[0] if inside else spots[0]
        return Words(best.x, best.y, text, best.end, tip=True)

    def _around(self, column: int) -> list[tuple[float, float, bool]]:
        x, y, half = self.rails.x(column), self.y(column), self.half(column)
        side = self.cap / 2
        return [
            (x + side - 2, y - half - 4, False),
            (x - side + 2, y + half + 12, True),
            (x + side + 5, y + 4, False),
            (x - side - 5, y + 4, True),
            (x + side - 2, y + half + 12, False),
            (x - side + 2, y - half - 4, True),
        ]
