"""How the pictures are drawn: lengths as they are written down, and an axis of scenes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from explorer.pictures.layout.text_metrics import width
from explorer.pictures.models import Parting, Rect, Words
from explorer.pictures.told import Told

_GAP = 24.0


def tidy(number: float) -> float:
    """A length as it is written into a picture: the same on every machine, and short."""
    rounded = round(number, 1)
    return int(rounded) if rounded == int(rounded) else rounded


def line(*pieces: str | float) -> str:
    """A path of letters and lengths."""
    return " ".join(p if isinstance(p, str) else str(tidy(p)) for p in pieces)


def rect(left: float, top: float, right: float, bottom: float) -> Rect:
    """A rectangle by its edges."""
    return Rect(tidy(left), tidy(top), tidy(right - left), tidy(bottom - top))


def words(x: float, y: float, text: str, *, end: bool = False, tip: bool = False) -> Words:
    """A text at a point."""
    return Words(tidy(x), tidy(y), text, end, tip)


@dataclass(frozen=True)
class Axis:
    """Where columns stand: evenly, those opened ahead after a gap."""

    start: float
    step: float
    numbers: tuple[int | None, ...]
    ticked: frozenset[int]

    @classmethod
    def of(cls, told: Told, start: float, step: float) -> Axis:
        """Lay them for what was told."""
        numbers = tuple(column.number for column in told.columns)
        return cls(start, step, numbers, _ticked(numbers, step))

    @property
    def count(self) -> int:
        """How many columns there are."""
        return len(self.numbers)

    @cached_property
    def reached(self) -> int:
        """How many of them were reached."""
        return sum(1 for number in self.numbers if number is not None)

    @property
    def end(self) -> float:
        """The right edge of the last column."""
        return self.x(self.count - 1) + self.step / 2

    def x(self, column: int) -> float:
        """The middle of a column."""
        return self.start + (column + 0.5) * self.step + (_GAP if column >= self.reached else 0)

    def joined(self, column: int) -> bool:
        """Whether a column was turned to right before the next one in the picture."""
        return column + 1 < self.reached

    def parting(self, top: float, bottom: float) -> Parting | None:
        """The line between what was reached and what was opened ahead, if anything was."""
        if self.reached == self.count:
            return None
        x = self.start + self.reached * self.step + _GAP / 2
        return Parting(line("M", x, top, "V", bottom), words(x + 5, top + 10, "opened ahead"))

    def tick(self, column: int, y: float) -> Words | None:
        """The number at a column; none where it would stand too close to others."""
        if column not in self.ticked:
            return None
        return words(self.x(column), y, str(self.numbers[column]))


def _ticked(numbers: Sequence[int | None], step: float) -> frozenset[int]:
    """The columns with a number: all if there is room, else preferably every fifth scene's."""
    widest = max((width(str(number), 11.5) for number in numbers), default=0) + 5
    apart = int(widest // step) + 1
    chosen: list[int] = []
    for n, number in enumerate(numbers):
        since = n - chosen[-1] if chosen else apart
        if number is None or since < apart:
            continue
        if apart == 1 or number % 5 == 0 or since >= apart + 5 or not chosen:
            chosen.append(n)
    return frozenset(chosen)
