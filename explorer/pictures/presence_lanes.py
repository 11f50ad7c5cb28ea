"""Presence lanes: a line per person through the scenes told; those who meet come to one lane.

Pure geometry over known values. Each person has a lane of their own and leaves it only for the
scenes that they are in, so that a line that runs straight says "not here".
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

from explorer.pictures.canvas import Axis, line, rect, tidy, words
from explorer.pictures.layout.lane_order import Crowd, ordered
from explorer.pictures.layout.text_metrics import broken, shortened, width
from explorer.pictures.models import Column, Lane, Lanes, Mark, Rect, Words
from explorer.pictures.told import Told

MOST_LANES = 80

_NAMES = 132.0
_SWATCH = 22.0
_NAME_ROOM = _NAMES - _SWATCH - 6
_TOP = 40.0
_LANDING = 5.0
_STRAND = 4.4


def lanes(told: Told) -> Lanes | None:
    """Draw the lanes of those who are in what was told; None where nobody is."""
    seen = {person for cast in told.casts for person in cast}
    present = [key for key in told.inks if key in seen]
    if not present:
        return None
    weave = _Weave(told, tuple(present[:MOST_LANES]))
    return Lanes(
        names=_NAMES,
        width=tidy(weave.width),
        height=tidy(weave.bottom + 6),
        parting=weave.axis.parting(2, weave.bottom),
        lanes=tuple(_lane(weave, person) for person in weave.order),
        marks=tuple(_mark(weave, n, scene) for n, scene in enumerate(told.columns)),
        absent=tuple(ink for key, ink in told.inks.items() if key not in seen),
        undrawn=len(present) - len(weave.people),
    )


@dataclass(frozen=True)
class _Weave:
    """Where everyone is in every column. People are numbers in the order they became known in."""

    told: Told
    people: tuple[str, ...]

    @cached_property
    def casts(self) -> tuple[tuple[int, ...], ...]:
        number = {key: n for n, key in enumerate(self.people)}
        return tuple(
            tuple(number[key] for key in cast if key in number) for cast in self.told.casts
        )

    @cached_property
    def crowd(self) -> Crowd:
        return Crowd.of(self.casts, len(self.people))

    @cached_property
    def order(self) -> tuple[int, ...]:
        return ordered(self.casts, len(self.people))

    @cached_property
    def rows(self) -> tuple[int, ...]:
        at = {person: row for row, person in enumerate(self.order)}
        return tuple(at[person] for person in range(len(self.people)))

    # --- scales ---

    @cached_property
    def axis(self) -> Axis:
        step = max(16.0, min(40.0, round(1000 / len(self.told.columns))))
        return Axis.of(self.told, step / 2 + _LANDING, step)

    @cached_property
    def pitch(self) -> float:
        """How far lanes lie apart: farther where names need two lines and there are not many."""
        most = max(width(self.told.inks[key].name) for key in self.people)
        return 34.0 if most > _NAME_ROOM and len(self.people) <= 30 else 22.0

    @cached_property
    def side(self) -> float:
        """Half the width of a scene's capsule."""
        return min(12.0, self.axis.step * 0.4) / 2

    @property
    def reach(self) -> float:
        """How much room a line has for its bend."""
        return self.axis.step - 2 * self.side

    @property
    def width(self) -> float:
        return self.axis.end + self.axis.step / 2 + 14

    @property
    def bottom(self) -> float:
        return _TOP + self.pitch * len(self.people)

    def home(self, person: int) -> float:
        return _TOP + (self.rows[person] + 0.5) * self.pitch

    def strand(self, column: int) -> float:
        """How far lines lie apart where they meet."""
        return min(_STRAND, self.pitch * 1.4 / max(1, len(self.casts[column])))

    @cached_property
    def meetings(self) -> tuple[dict[int, float], ...]:
        """In every column, where those who are in it are."""
        return tuple(map(self._meeting, range(len(self.casts))))

    def _meeting(self, column: int) -> dict[int, float]:
        if not self.casts[column]:
            return {}
        middle = self.home(self.crowd.host(column, self.rows))
        cast = sorted(self.casts[column], key=self.rows.__getitem__)
        offset, apart = (len(cast) - 1) / 2, self.strand(column)
        return {person: middle + (n - offset) * apart for n, person in enumerate(cast)}

    def straight_on(self, before: int, after: int) -> bool:
        """Whether one scene was told right after another, so that nobody goes home between."""
        return after == before + 1 and self.axis.joined(before)

    def edges(self, column: int) -> tuple[float, float]:
        """The left and the right edge of a scene's capsule."""
        x = self.axis.x(column)
        return x - self.side, x + self.side


# --- lines ---------------------------------------------------------------------------------------


def _lane(weave: _Weave, person: int) -> Lane:
    scenes, y = weave.crowd.scenes[person], weave.home(person)
    return Lane(
        ink=weave.told.inks[weave.people[person]],
        name=_name(weave, person),
        hit=rect(0, y - 11, _NAMES - 4, y + 11),
        swatch=line("M", 1, y, "h", 16),
        guide=line("M", 0, y, "H", weave.width),
        rest=" ".join(_rest(weave, person, scenes)),
        path=" ".join(_path(weave, person, scenes)),
        scenes=tuple(weave.told.columns[n] for n in scenes),
    )


def _name(weave: _Weave, person: int) -> tuple[Words, ...]:
    name = weave.told.inks[weave.people[person]].name
    lines = broken(name, _NAME_ROOM, 2) if weave.pitch > 30 else (shortened(name, _NAME_ROOM),)
    first = weave.home(person) + 4 - 7 * (len(lines) - 1)
    return tuple(words(_SWATCH, first + 14 * n, text) for n, text in enumerate(lines))


def _path(weave: _Weave, person: int, scenes: tuple[int, ...]) -> Iterator[str]:
    """In, through and out of every scene; from one to the next without going home."""
    home = weave.home(person)
    for n, scene in enumerate(scenes):
        y = weave.meetings[scene][person]
        left, right = weave.edges(scene)
        if not n or not weave.straight_on(scenes[n - 1], scene):
            far = left - weave.reach
            yield line("M", far - _LANDING, home, "h", _LANDING)
            yield _curve(weave, far, home, left, y, person)
        yield line("H", right)
        if n + 1 < len(scenes) and weave.straight_on(scene, scenes[n + 1]):
            onward = weave.meetings[scenes[n + 1]][person]
            yield _curve(weave, right, y, right + weave.reach, onward, person)
        else:
            yield _curve(weave, right, y, right + weave.reach, home, person)
            yield line("h", _LANDING)


def _rest(weave: _Weave, person: int, scenes: tuple[int, ...]) -> Iterator[str]:
    """The lane between scenes that are not told one right after the other."""
    for before, after in pairwise(scenes):
        if not weave.straight_on(before, after):
            start = weave.edges(before)[1] + weave.reach
            end = weave.edges(after)[0] - weave.reach
            yield line("M", start, weave.home(person), "H", end)


def _curve(weave: _Weave, left: float, start: float, right: float, end: float, person: int) -> str:
    if abs(start - end) < 0.5:
        return line("L", right, end)
    # Lines that bend in the same gap keep off each other.
    middle = (left + right) / 2 + (weave.rows[person] % 3 - 1) * 2
    return line("C", middle, start, middle, end, right, end)


# --- scenes --------------------------------------------------------------------------------------


def _mark(weave: _Weave, column: int, scene: Column) -> Mark:
    x, looks_back = weave.axis.x(column), scene.time == "flashback"
    tick = weave.axis.tick(column, _TOP - 6)
    return Mark(
        scene=scene,
        hit=rect(x - weave.side - 3, _TOP - 18, x + weave.side + 3, _TOP),
        cap=_capsule(weave, column, 0),
        outer=_capsule(weave, column, 3) if looks_back else None,
        tick=tick,
        stroke="" if tick else line("M", x, _TOP - 12, "v", 5),
        title=_title(weave, column, scene),
    )


def _capsule(weave: _Weave, column: int, around: float) -> Rect | None:
    places = weave.meetings[column].values()
    if not places:
        return None
    x, half = weave.axis.x(column), 5 + around
    side = weave.side + around
    return rect(x - side, min(places) - half, x + side, max(places) + half)


def _title(weave: _Weave, column: int, scene: Column) -> Words:
    text = shortened(scene.title, 170)
    x, wide = weave.axis.x(column), width(text)
    y = min(weave.meetings[column].values(), default=_TOP + 18) - 10
    end = x + wide > weave.width and x > wide
    return words(x, max(y, _TOP + 4), text, end=end, tip=True)
