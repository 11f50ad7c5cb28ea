"""Presence lanes: a line per person through the scenes told; those who meet come to one lane.

Pure geometry over known values. Each person has a lane of their own and leaves it only for the
scenes that they are in, so that a line that runs straight says "not here".
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

from explorer.pictures.canvas import Axis, Told, line, rect, tidy, words
from explorer.pictures.layout.lane_order import Crowd, ordered
from explorer.pictures.layout.text_metrics import broken, shortened, width
from explorer.pictures.models import Column, Lane, Lanes, Mark, Rect, Words

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
        lanes=tuple(weave.lane(person) for person in weave.order),
        marks=tuple(weave.mark(n, scene) for n, scene in enumerate(told.columns)),
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

    # --- lines ---

    def lane(self, person: int) -> Lane:
        scenes, y = self.crowd.scenes[person], self.home(person)
        return Lane(
            ink=self.told.inks[self.people[person]],
            name=self._name(person),
            hit=rect(0, y - 11, _NAMES - 4, y + 11),
            swatch=line("M", 1, y, "h", 16),
            guide=line("M", 0, y, "H", self.width),
            rest=" ".join(self._rest(person, scenes)),
            path=" ".join(self._path(person, scenes)),
            scenes=tuple(self.told.columns[n] for n in scenes),
        )

    def _name(self, person: int) -> tuple[Words, ...]:
        name = self.told.inks[self.people[person]].name
        lines = broken(name, _NAME_ROOM, 2) if self.pitch > 30 else (shortened(name, _NAME_ROOM),)
        first = self.home(person) + 4 - 7 * (len(lines) - 1)
        return tuple(words(_SWATCH, first + 14 * n, text) for n, text in enumerate(lines))

    def _path(self, person: int, scenes: tuple[int, ...]) -> Iterator[str]:
        """In, through and out of every scene; from one to the next without going home."""
        home = self.home(person)
        for n, scene in enumerate(scenes):
            y = self.meetings[scene][person]
            left, right = self._edges(scene)
            if not n or not self._straight_on(scenes[n - 1], scene):
                far = left - self.reach
                yield line("M", far - _LANDING, home, "h", _LANDING)
                yield self._curve(far, home, left, y, person)
            yield line("H", right)
            if n + 1 < len(scenes) and self._straight_on(scene, scenes[n + 1]):
                onward = self.meetings[scenes[n + 1]][person]
                yield self._curve(right, y, right + self.reach, onward, person)
            else:
                yield self._curve(right, y, right + self.reach, home, person)
                yield line("h", _LANDING)

    def _rest(self, person: int, scenes: tuple[int, ...]) -> Iterator[str]:
        """The lane between scenes that are not told one right after the other."""
        for before, after in pairwise(scenes):
            if not self._straight_on(before, after):
                start = self._edges(before)[1] + self.reach
                end = self._edges(after)[0] - self.reach
                yield line("M", start, self.home(person), "H", end)

    def _straight_on(self, before: int, after: int) -> bool:
        return after == before + 1 and self.axis.joined(before)

    def _edges(self, column: int) -> tuple[float, float]:
        x = self.axis.x(column)
        return x - self.side, x + self.side

    def _curve(self, left: float, start: float, right: float, end: float, person: int) -> str:
        if abs(start - end) < 0.5:
            return line("L", right, end)
        # Lines that bend in the same gap keep off each other.
        middle = (left + right) / 2 + (self.rows[person] % 3 - 1) * 2
        return line("C", middle, start, middle, end, right, end)

    # --- scenes ---

    def mark(self, column: int, scene: Column) -> Mark:
        x, looks_back = self.axis.x(column), scene.time == "flashback"
        tick = self.axis.tick(column, _TOP - 6)
        return Mark(
            scene=scene,
            hit=rect(x - self.side - 3, _TOP - 18, x + self.side + 3, _TOP),
            cap=self._capsule(column, 0),
            outer=self._capsule(column, 3) if looks_back else None,
            tick=tick,
            stroke="" if tick else line("M", x, _TOP - 12, "v", 5),
            title=self._title(column, scene),
        )

    def _capsule(self, column: int, around: float) -> Rect | None:
        places = self.meetings[column].values()
        if not places:
            return None
        x, half = self.axis.x(column), 5 + around
        side = self.side + around
        return rect(x - side, min(places) - half, x + side, max(places) + half)

    def _title(self, column: int, scene: Column) -> Words:
        text = shortened(scene.title, 170)
        x, wide = self.axis.x(column), width(text)
        y = min(self.meetings[column].values(), default=_TOP + 18) - 10
        end = x + wide > self.width and x > wide
        return words(x, max(y, _TOP + 4), text, end=end, tip=True)
