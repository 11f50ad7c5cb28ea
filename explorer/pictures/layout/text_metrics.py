"""Words in drawings: how wide they are, how they are cut and broken, and where there is room.

There are no fonts on the server, so widths are estimates on the safe side.
"""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from dataclasses import dataclass, field

SIZE = 12.0
LINE = 15.0

_CELL = 64.0
_NARROW = frozenset("iljtfrI.,:;'’‘|!()[]/ ·")
_BROAD = frozenset("mwMWQ@%—…&")


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle by its edges."""

    left: float
    top: float
    right: float
    bottom: float

    def overlaps(self, other: Box) -> bool:
        """Whether it shares any area with another."""
        across = self.left < other.right and other.left < self.right
        return across and self.top < other.bottom and other.top < self.bottom

    def within(self, other: Box) -> bool:
        """Whether no part of it is outside another."""
        across = other.left <= self.left and self.right <= other.right
        return across and other.top <= self.top and self.bottom <= other.bottom


def width(text: str, size: float = SIZE) -> float:
    """How wide a text is at the most, in pixels."""
    return size * sum(map(_em, text))


def shortened(text: str, most: float, size: float = SIZE) -> str:
    """A text, or as much of its beginning as there is room for, with its sign of omission."""
    if width(text, size) <= most:
        return text
    kept, room = 0, most / size - _em("…")
    for sign in text:
        room -= _em(sign)
        if room < 0:
            break
        kept += 1
    return text[:kept].rstrip() + "…"


def broken(text: str, most: float, lines: int, size: float = SIZE) -> tuple[str, ...]:
    """A text in so many lines at the most, each as wide as there is room for."""
    words = text.split()
    made: list[str] = []
    while words:
        if len(made) == lines - 1:
            made.append(shortened(" ".join(words), most, size))
            break
        line = words.pop(0)
        while words and width(f"{line} {words[0]}", size) <= most:
            line = f"{line} {words.pop(0)}"
        made.append(shortened(line, most, size))
    return tuple(made)


def _em(sign: str) -> float:
    if sign in _NARROW:
        return 0.36
    if sign in _BROAD:
        return 0.95
    if unicodedata.category(sign) in ("Mn", "Me", "Cf"):
        return 0.0
    if unicodedata.east_asian_width(sign) in ("W", "F"):
        return 1.05
    return 0.72 if sign.isupper() else 0.6


@dataclass(slots=True)
class Room:
    """A sheet on which boxes are put that must not overlap."""

    sheet: Box
    _cells: dict[int, list[Box]] = field(default_factory=lambda: defaultdict(list))

    def block(self, box: Box) -> None:
        """Put something there, whatever it overlaps."""
        for cell in self._of(box):
            self._cells[cell].append(box)

    def takes(self, box: Box) -> bool:
        """Put something there if it is free; says whether it was."""
        if not box.within(self.sheet) or any(
            box.overlaps(other) for cell in self._of(box) for other in self._cells[cell]
        ):
            return False
        self.block(box)
        return True

    def _of(self, box: Box) -> range:
        return range(int(box.left // _CELL), int(box.right // _CELL) + 1)
