"""What the pictures are drawn of, all of it known, and how all of them are drawn.

Nothing in here or in the pictures asks what may be known: a scene or person that is not in a
`Told` has no mark, no gap and no number.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from explorer.knowledge.known import KnownRelation, KnownScene, KnownWho, State
from explorer.pictures.layout.text_metrics import width
from explorer.pictures.models import Column, Parting, PersonStyle, Rect, Words

HUES = 8
DASHES = 8

_GAP = 24.0


@dataclass(frozen=True, eq=False)
class Told:
    """What a reader was told of, as far as pictures show it. A quick key by identity.

    `scenes` are told ones in the order told, those that were opened ahead last; `happened` has
    the keys of at least these in story order; `people` stand in the order they became known in.
    `href` is the address of the story; `earlier` and `later` say that more was told than this.
    """

    href: str
    language: str
    scenes: tuple[KnownScene, ...]
    happened: tuple[str, ...]
    people: tuple[KnownWho, ...]
    relations: tuple[KnownRelation, ...]
    earlier: bool = False
    later: bool = False

    @cached_property
    def columns(self) -> tuple[Column, ...]:
        """The scenes from left to right."""
        mine = {scene.key for scene in self.scenes}
        order = (key for key in self.happened if key in mine)
        ranks = {key: n for n, key in enumerate(order, 1)}
        return tuple(_column(self.href, scene, ranks) for scene in self.scenes)

    @cached_property
    def inks(self) -> dict[str, PersonStyle]:
        """How each person is drawn, by key."""
        return {who.key: _ink(self.href, who, n) for n, who in enumerate(self.people)}

    @cached_property
    def casts(self) -> tuple[tuple[str, ...], ...]:
        """The keys of the people in every column, in the order they became known in."""
        order = {key: n for n, key in enumerate(self.inks)}
        return tuple(
            tuple(sorted((w.key for w in column.people if w.key in order), key=order.__getitem__))
            for column in self.columns
        )


def _column(href: str, scene: KnownScene, ranks: Mapping[str, int]) -> Column:
    telling = scene.telling
    assert telling is not None
    return Column(
        key=scene.key,
        href=f"{href}/scenes/{scene.key}",
        number=scene.number,
        rank=ranks[scene.key],
        title=telling.title,
        time=telling.time.value,
        place=telling.place,
        partly=scene.state is State.PARTLY,
        people=telling.people,
    )


def _ink(href: str, who: KnownWho, n: int) -> PersonStyle:
    dash = n // HUES % DASHES
    return PersonStyle(who.key, who.name, f"{href}/people/{who.key}", n % HUES, dash)


# --- how it is written down ----------------------------------------------------------------------


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
