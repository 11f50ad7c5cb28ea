"""Presence lanes: a line per person through the scenes told; those who meet come to one lane.

Pure geometry over known values. Each person has a lane of their own and leaves it only for the
scenes that they are in, so that a line that runs straight says "not here".
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

from explorer.canvas import Column, Ink, Rails, Told, Words, line, rails, tidy
from explorer.lettering import broken, shortened, width
from explorer.ordering import Crowd, ordered

MOST_LANES = 80

_NAMES = 132.0
_SWATCH = 22.0
_TOP = 40.0
_NAME_SIZE = 12.0


@dataclass(frozen=True, slots=True)
class Lane:
    """A person's line: `path` where they come together with others or act, `rest` between."""

    ink: Ink
    y: float
    name: tuple[tuple[float, str], ...]
    path: str
    rest: str
    scenes: tuple[Column, ...]


@dataclass(frozen=True, slots=True)
class Knot:
    """A scene: the capsule on the lane where its people meet; without people there is none."""

    scene: Column
    x: float
    y: float | None
    half: float
    tick: str
    title: Words


@dataclass(frozen=True, slots=True)
class Lanes:
    """The whole picture, in pixels: a column of names, and the lines beside it."""

    names: float
    width: float
    height: float
    top: float
    bottom: float
    cap: float
    parting: float | None
    lanes: tuple[Lane, ...]
    knots: tuple[Knot, ...]
    absent: tuple[Ink, ...]
    undrawn: int


def lanes(told: Told) -> Lanes | None:
    """Draw the lanes of those who are in what was told; None where nobody is."""
    present = [key for key in told.inks if any(key in column.cast for column in told.columns)]
    if not present:
        return None
    weave = _Weave(told, tuple(present[:MOST_LANES]))
    return Lanes(
        names=_NAMES,
        width=tidy(weave.rails.end + weave.rails.step / 2 + 14),
        height=tidy(weave.bottom + 6),
        top=_TOP,
        bottom=tidy(weave.bottom),
        cap=tidy(weave.cap),
        parting=tidy(weave.parting) if weave.rails.gap else None,
        lanes=tuple(weave.lane(person) for person in weave.order),
        knots=tuple(weave.knots()),
        absent=tuple(ink for key, ink in told.inks.items() if key not in present),
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

    @cached_property
    def rails(self) -> Rails:
        step = max(20.0, min(40.0, round(1000 / len(self.told.columns))))
        return rails(self.told, step / 2, step)

    @cached_property
    def pitch(self) -> float:
        """How far lanes lie apart: farther where names need two lines and there are not many."""
        most = max(width(self.told.inks[key].name, _NAME_SIZE) for key in self.people)
        two_lines = most > _NAMES - _SWATCH - 6 and len(self.people) <= 30
        return 34.0 if two_lines else 22.0

    @property
    def cap(self) -> float:
        return min(12.0, self.rails.step * 0.4)

    @property
    def bottom(self) -> float:
        return _TOP + self.pitch * len(self.people)

    @property
    def parting(self) -> float:
        return self.rails.start + self.rails.reached * self.rails.step + self.rails.gap / 2

    # --- where ---

    def home(self, person: int) -> float:
        return _TOP + (self.rows[person] + 0.5) * self.pitch

    def strand(self, column: int) -> float:
        """How far lines lie apart where they meet."""
        return min(4.0, self.pitch * 1.4 / max(1, len(self.casts[column])))

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

    # --- lines ---

    def lane(self, person: int) -> Lane:
        key = self.people[person]
        scenes = self.crowd.scenes[person]
        return Lane(
            ink=self.told.inks[key],
            y=tidy(self.home(person)),
            name=self._name(person),
            path=" ".join(self._path(person, scenes)),
            rest=" ".join(self._rest(person, scenes)),
            scenes=tuple(self.told.columns[n] for n in scenes),
        )

    def _name(self, person: int) -> tuple[tuple[float, str], ...]:
        name = self.told.inks[self.people[person]].name
        room = _NAMES - _SWATCH - 6
        two = self.pitch > 30
        lines = broken(name, room, 2, _NAME_SIZE) if two else (shortened(name, room, _NAME_SIZE),)
        first = self.home(person) + 4 - 7 * (len(lines) - 1)
        return tuple((tidy(first + 14 * n), text) for n, text in enumerate(lines))

    def _path(self, person: int, scenes: tuple[int, ...]) -> Iterator[str]:
        """In, through and out of every scene; from one to the next without going home."""
        for n, scene in enumerate(scenes):
            y = self.meetings[scene][person]
            left, right = self._edges(scene)
            if not n or not self._straight_on(scenes[n - 1], scene):
                yield self._bend(left - self.reach, self.home(person), left, y, person)
            yield line("H", right)
            if n + 1 < len(scenes) and self._straight_on(scene, scenes[n + 1]):
                onward = self.meetings[scenes[n + 1]][person]
                yield self._curve(right, y, right + self.reach, onward, person)
            else:
                yield self._curve(right, y, right + self.reach, self.home(person), person)

    def _rest(self, person: int, scenes: tuple[int, ...]) -> Iterator[str]:
        """The lane between scenes that are not told one right after the other."""
        for before, after in pairwise(scenes):
            if not self._straight_on(before, after):
                start = self._edges(before)[1] + self.reach
                end = self._edges(after)[0] - self.reach
                yield line("M", start, self.home(person), "H", end)

    def _straight_on(self, before: int, after: int) -> bool:
        return after == before + 1 and self.rails.joined(before)

    def _edges(self, column: int) -> tuple[float, float]:
        x = self.rails.x(column)
        return x - self.cap / 2, x + self.cap / 2

    @property
    def reach(self) -> float:
        """How much room a line has for its bend."""
        return self.rails.step - self.cap

    def _bend(self, left: float, start: float, right: float, end: float, person: int) -> str:
        return f"{line('M', left, start)} {self._curve(left, start, right, end, person)}"

    def _curve(self, left: float, start: float, right: float, end: float, person: int) -> str:
        if abs(start - end) < 0.5:
            return line("L", right, end)
        # Lines that bend in the same gap keep off each other.
        middle = (left + right) / 2 + (self.rows[person] % 3 - 1) * 2
        return line("C", middle, start, middle, end, right, end)

    # --- scenes ---

    def knots(self) -> Iterator[Knot]:
        for n, scene in enumerate(self.told.columns):
            places = self.meetings[n].values()
            y = (min(places) + max(places)) / 2 if places else None
            half = (len(places) - 1) * self.strand(n) / 2 + 5
            yield Knot(
                scene=scene,
                x=tidy(self.rails.x(n)),
                y=None if y is None else tidy(y),
                half=tidy(half),
                tick=self.rails.tick(n, scene.number),
                title=self._title(n, scene, (_TOP + 8 if y is None else y) - half - 5),
            )

    def _title(self, column: int, scene: Column, y: float) -> Words:
        text = shortened(scene.title, 170)
        x, wide = self.rails.x(column), width(f"{scene.number or ''} {text}")
        end = x + wide > self.rails.end and x > wide
        return Words(tidy(x), tidy(max(y, _TOP + 4)), text, end, tip=True)
