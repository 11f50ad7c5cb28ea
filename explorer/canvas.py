"""What the pictures are drawn of, all of it known, and what they have in common.

Nothing in here or in the pictures asks what may be known: a scene or person that is not in a
`Told` has no mark, no gap and no number.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from explorer.known import KnownRelation, KnownScene, KnownStory, KnownTelling, KnownWho, State
from explorer.lettering import Box

HUES = 8
DASHES = 8


@dataclass(frozen=True)
class Told:
    """What a reader was told of, as far as pictures show it.

    `scenes` are told ones in the order told, those that were opened ahead last; `happened` has
    the keys of at least these in story order; `people` stand in the order they became known in.
    `href` is the address of the story.
    """

    href: str
    language: str
    scenes: tuple[KnownScene, ...]
    happened: tuple[str, ...]
    people: tuple[KnownWho, ...]
    relations: tuple[KnownRelation, ...]

    @classmethod
    def of(cls, known: KnownStory, href: str) -> Told:
        """All that is known of a story."""
        return cls(
            href=href,
            language=known.title.language,
            scenes=shown((*(row.scene for row in known.rows), *known.ahead)),
            happened=known.happened,
            people=tuple(person.who for person in known.people),
            relations=known.relations,
        )

    @cached_property
    def columns(self) -> tuple[Column, ...]:
        """The scenes from left to right."""
        return tuple(_column(self.href, scene) for scene in self.scenes)

    @cached_property
    def ranks(self) -> tuple[int, ...]:
        """The place of every column in story order, from 0."""
        mine = {column.key for column in self.columns}
        order = {key: n for n, key in enumerate(key for key in self.happened if key in mine)}
        return tuple(order[column.key] for column in self.columns)

    @cached_property
    def inks(self) -> dict[str, Ink]:
        """How each person is drawn, by key."""
        return {who.key: _ink(self.href, who, n) for n, who in enumerate(self.people)}

    @cached_property
    def casts(self) -> tuple[tuple[str, ...], ...]:
        """The keys of the people in every column, in the order they became known in."""
        order = {key: n for n, key in enumerate(self.inks)}
        return tuple(
            tuple(sorted((key for key in column.cast if key in order), key=order.__getitem__))
            for column in self.columns
        )

    def together(self, people: Iterable[str]) -> frozenset[str]:
        """The keys of the scenes in which any of some people are."""
        chosen = frozenset(people)
        return frozenset(c.key for c in self.columns if not chosen.isdisjoint(c.cast))


@dataclass(frozen=True, slots=True)
class Column:
    """A scene as a mark: where it leads, and all that is to be said of it. Ahead, it has no number."""

    key: str
    href: str
    number: int | None
    title: str
    time: str
    place: str | None
    partly: bool
    people: tuple[KnownWho, ...]
    cast: frozenset[str]

    @property
    def words(self) -> str:
        """The mark's text of its own."""
        said = [f"{self.number}. {self.title}" if self.number else f"Opened ahead. {self.title}"]
        said += [self.time.capitalize()] if self.time != "present" else []
        said += [self.place] if self.place else []
        said += [", ".join(who.name for who in self.people)] if self.people else []
        return ". ".join(said)


@dataclass(frozen=True, slots=True)
class Ink:
    """How a person is drawn wherever they are drawn: a colour, and a pattern once it comes again."""

    key: str
    name: str
    href: str
    hue: int
    dash: int


def shown(scenes: Iterable[KnownScene]) -> tuple[KnownScene, ...]:
    """Those of some scenes of which something is told."""
    return tuple(scene for scene in scenes if scene.telling is not None)


def tidy(number: float) -> float:
    """A length as it is written into a picture: the same on every machine, and short."""
    rounded = round(number, 1)
    return int(rounded) if rounded == int(rounded) else rounded


def line(*pieces: str | float) -> str:
    """A path of letters and lengths."""
    return " ".join(p if isinstance(p, str) else str(tidy(p)) for p in pieces)


@dataclass(frozen=True, slots=True)
class Rails:
    """Where columns stand: evenly, those opened ahead after a gap."""

    start: float
    step: float
    count: int
    reached: int

    @property
    def parted(self) -> bool:
        """Whether there is a gap between what was reached and what was opened ahead."""
        return 0 < self.reached < self.count

    @property
    def gap(self) -> float:
        """How wide that gap is."""
        return 24.0 if self.reached < self.count else 0.0

    @property
    def end(self) -> float:
        """The right edge of the last column."""
        return self.start + self.count * self.step + self.gap

    def x(self, column: int) -> float:
        """The middle of a column."""
        return self.start + (column + 0.5) * self.step + (self.gap if column >= self.reached else 0)

    def joined(self, column: int) -> bool:
        """Whether a column was turned to right before the next one in the picture."""
        return column + 1 < self.reached

    def tick(self, column: int, number: int | None) -> str:
        """The number to be written at a column; nothing where it would stand too close to others."""
        if number is None or (self.step < 20 and number % 5 and column):
            return ""
        return str(number)


def rails(told: Told, start: float, step: float) -> Rails:
    """Give the columns of what was told."""
    reached = sum(1 for column in told.columns if column.number is not None)
    return Rails(start, step, len(told.columns), reached)


@dataclass(frozen=True, slots=True)
class Words:
    """A text in a picture: where it begins, or with `end` where it ends. A tip shows on demand."""

    x: float
    y: float
    text: str
    end: bool = False
    tip: bool = False


def letters_box(words: Words, width: float) -> Box:
    """The room that a text takes."""
    left = words.x - width if words.end else words.x
    return Box(left, words.y - 11, left + width, words.y + 3)


def _column(href: str, scene: KnownScene) -> Column:
    telling = scene.telling
    assert telling is not None
    return Column(
        key=scene.key,
        href=f"{href}/scenes/{scene.key}",
        number=scene.number,
        title=telling.title,
        time=telling.time.value,
        place=telling.place,
        partly=scene.state is State.PARTLY,
        people=telling.people,
        cast=_cast(telling),
    )


def _cast(telling: KnownTelling) -> frozenset[str]:
    return frozenset(who.key for who in telling.people)


def _ink(href: str, who: KnownWho, n: int) -> Ink:
    dash = n // HUES % DASHES
    return Ink(who.key, who.name, f"{href}/people/{who.key}", n % HUES, dash)
