"""What the pictures are made of: frozen values of lengths, words and addresses, nothing else.

They are made in `story_curve`, `presence_lanes` and `relation_graph`, out of known values;
templates write them down.
"""

from __future__ import annotations

from dataclasses import dataclass

from explorer.knowledge.known import KnownWho


@dataclass(frozen=True, slots=True)
class PersonStyle:
    """How a person is drawn in all pictures: a colour, and a pattern once it comes again."""

    key: str
    name: str
    href: str
    hue: int
    dash: int


@dataclass(frozen=True, slots=True)
class Column:
    """A scene that is told: where it leads, and all that is to be said of it.

    `rank` is its place in story order among those in the picture, from 1. Ahead, it has no number.
    """

    key: str
    href: str
    number: int | None
    rank: int
    title: str
    time: str
    place: str | None
    partly: bool
    people: tuple[KnownWho, ...]

    @property
    def words(self) -> str:
        """The mark's text of its own."""
        said = [f"{self.number}. {self.title}" if self.number else f"Opened ahead. {self.title}"]
        said += [self.time.capitalize()] if self.time != "present" else []
        said += [self.place] if self.place else []
        said += [", ".join(who.name for who in self.people)] if self.people else []
        return ". ".join(said)


@dataclass(frozen=True, slots=True)
class Rect:
    """A rectangle."""

    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Words:
    """A text in a picture: where it begins, or with `end` where it ends. A tip shows on demand."""

    x: float
    y: float
    text: str
    end: bool = False
    tip: bool = False


@dataclass(frozen=True, slots=True)
class Parting:
    """The line after which what was opened ahead stands."""

    path: str
    words: Words


@dataclass(frozen=True, slots=True)
class Mark:
    """A scene in a picture: its capsule, around the people in it; where nobody is, there is none.

    `hit` is what can be pressed, `outer` the second frame of a flashback, `tick` the number at the
    edge, or where it would stand too close to others a stroke.
    """

    scene: Column
    hit: Rect
    cap: Rect | None
    outer: Rect | None
    tick: Words | None
    stroke: str
    title: Words


@dataclass(frozen=True, slots=True)
class Ribbon:
    """A person's way along the curve."""

    ink: PersonStyle
    path: str


@dataclass(frozen=True, slots=True)
class Band:
    """A place: the ground behind all scenes that are there, and its name where there is room."""

    place: str
    texture: int
    path: str
    names: tuple[Words, ...]


@dataclass(frozen=True, slots=True)
class Curve:
    """The story curve, in pixels. The marks stand in the order told."""

    width: float
    height: float
    slant: int
    across: Words
    down: Words
    edges: str
    thread: str
    parting: Parting | None
    bands: tuple[Band, ...]
    ribbons: tuple[Ribbon, ...]
    marks: tuple[Mark, ...]

    @property
    def times(self) -> tuple[str, ...]:
        """The times that scenes have, beside the present, in the order told."""
        times = dict.fromkeys(mark.scene.time for mark in self.marks)
        return tuple(time for time in times if time != "present")


@dataclass(frozen=True, slots=True)
class Lane:
    """A person's line: `path` in and out of their scenes, `rest` between, `guide` all along."""

    ink: PersonStyle
    name: tuple[Words, ...]
    hit: Rect
    swatch: str
    guide: str
    rest: str
    path: str
    scenes: tuple[Column, ...]


@dataclass(frozen=True, slots=True)
class Lanes:
    """The presence lanes, in pixels: a column of names, and the lines beside it.

    `absent` are those who are in none of the scenes; `undrawn` is how many more there are.
    """

    names: float
    width: float
    height: float
    parting: Parting | None
    lanes: tuple[Lane, ...]
    marks: tuple[Mark, ...]
    absent: tuple[PersonStyle, ...]
    undrawn: int


@dataclass(frozen=True, slots=True)
class Node:
    """A person, as a name on a plate."""

    ink: PersonStyle
    plate: Rect
    name: tuple[Words, ...]


@dataclass(frozen=True, slots=True)
class Tie:
    """A relation: a line between two people, with the scene that it is known from."""

    origin: PersonStyle
    target: PersonStyle
    text: str
    href: str
    scene: str | None
    number: int | None
    path: str
    label: Words

    @property
    def words(self) -> str:
        """The line's text of its own."""
        ends = f"{self.origin.name} – {self.target.name}: {self.text}"
        if self.scene is None:
            return ends
        return f"{ends} ({self.number or 'Opened ahead'}. {self.scene})"


@dataclass(frozen=True, slots=True)
class Web:
    """Who knows whom, in pixels. `untied` are those without a relation; `undrawn` as in lanes."""

    width: float
    height: float
    nodes: tuple[Node, ...]
    ties: tuple[Tie, ...]
    untied: tuple[PersonStyle, ...]
    undrawn: int


@dataclass(frozen=True, slots=True, eq=False)
class Pictures:
    """All pictures; one of which there is nothing to show is not there. A quick key by identity."""

    href: str
    language: str
    columns: tuple[Column, ...]
    inks: tuple[PersonStyle, ...]
    curve: Curve | None
    lanes: Lanes | None
    web: Web | None


@dataclass(frozen=True, slots=True)
class Highlight:
    """The people who are followed and the scenes they are in, by key."""

    people: tuple[str, ...]
    scenes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FollowLink:
    """A link that lights a person's way through the pictures, or puts it out.

    `apart` tells them apart from others of the same name.
    """

    ink: PersonStyle
    href: str
    chosen: bool
    apart: str


@dataclass(frozen=True, slots=True)
class Excerpt:
    """Which scenes of a long story are in the pictures, and the ways to others."""

    count: int
    first: int
    last: int
    earlier: str | None
    later: str | None
