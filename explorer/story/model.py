"""The whole story, spoilers included: frozen values, and the indexes that questions over them need.

Nothing in here may travel to a reader; what may is made in `knowledge` out of `Known` values.
Scenes and people are named by position (from 0); the author's ids stay inside, readers get keys.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from explorer.story.marker import Counting
from explorer.story.prose import Prose
from explorer.story.terms import Medium, PersonKey, SceneKey, Time


@dataclass(frozen=True, slots=True)
class Condition:
    """What a bookmark must allow before a thing is known; one that asks for nothing, all know.

    `scene` is the last scene that must be told, and where a list names several, `others` are the
    rest: each is to be shown in full, or with a `level` in a telling of that level or more. With
    `start` the thing speaks of the whole run of scenes from there up to `scene`, of which all must
    be covered and none withheld, and either the threshold or each shown telling be of the level.
    A single scene and a run always have a level.
    """

    level: int | None = None
    scene: int | None = None
    others: tuple[int, ...] = ()
    start: int | None = None

    @property
    def scenes(self) -> tuple[int, ...]:
        """All scenes that are named, of a run its bounds."""
        named = () if self.scene is None else (self.scene,)
        return (*self.others, *(() if self.start is None else (self.start,)), *named)


@dataclass(frozen=True, slots=True)
class Level:
    """One step of the story's own scale of how much a wording gives away.

    `was` are the names that it had in earlier revisions.
    """

    name: str
    note: str
    was: tuple[str, ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        """Its name and all that it had."""
        return self.name, *self.was


@dataclass(frozen=True, slots=True)
class Detail:
    """A labelled fact about the work."""

    label: str
    text: str
    condition: Condition


@dataclass(frozen=True, slots=True)
class Credit:
    """Who did what; with a person where someone plays them."""

    role: str
    name: str
    person: int | None
    condition: Condition


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph about the work."""

    text: Prose
    source: int | None
    condition: Condition


@dataclass(frozen=True, slots=True)
class Source:
    """Where facts were taken from."""

    id: str
    title: str
    publisher: str | None
    url: str | None
    date: str | None
    condition: Condition


@dataclass(frozen=True, slots=True)
class Summary:
    """A part in short, in one of its wordings."""

    text: Prose
    condition: Condition


@dataclass(frozen=True, slots=True)
class Part:
    """A stretch of the story; `scene` is where it starts. Its last known summary is shown."""

    title: str
    scene: int
    condition: Condition
    summaries: tuple[Summary, ...]


@dataclass(frozen=True, slots=True)
class Name:
    """One name of a person, from its condition on."""

    name: str
    condition: Condition


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing that can be learned of a person; from `until` on it holds no longer."""

    text: Prose
    source: int | None
    condition: Condition
    until: Condition | None


@dataclass(frozen=True, slots=True)
class Identity:
    """That someone is, from a condition on, one and the same as another person."""

    person: int
    condition: Condition


@dataclass(frozen=True, slots=True)
class Person:
    """Someone who acts."""

    id: str
    key: PersonKey
    names: tuple[Name, ...]
    also: tuple[Name, ...]
    facts: tuple[Fact, ...]
    identity: Identity | None


@dataclass(frozen=True, slots=True)
class Relation:
    """How one person stands to another; from `until` on no longer."""

    origin: int
    target: int
    text: str
    condition: Condition
    until: Condition | None


@dataclass(frozen=True, slots=True)
class Happens:
    """Where a telling stands in story order: before or after the full telling of a scene."""

    scene: int
    after: bool


@dataclass(frozen=True, slots=True, eq=False)
class Telling:
    """One wording of a scene. Compared by identity, so that it is a quick key."""

    level: int
    title: str
    text: Prose
    people: tuple[int, ...]
    place: str | None
    time: Time
    happens: Happens | None
    warnings: tuple[str, ...]
    sources: tuple[int, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Scene:
    """One step of the plot. Its tellings rise in level; the last one is the full one."""

    id: str
    key: SceneKey
    was: tuple[SceneKey, ...]
    tellings: tuple[Telling, ...]
    marker: str | None

    @property
    def full(self) -> Telling:
        """The telling that tells all."""
        return self.tellings[-1]

    @property
    def level(self) -> int:
        """The level of the full telling."""
        return self.tellings[-1].level


@dataclass(frozen=True, slots=True)
class Outline:
    """What a past or present revision must be remembered by: its scenes in order, its levels."""

    revision: int
    scenes: tuple[SceneKey, ...]
    levels: tuple[str, ...]


@dataclass(frozen=True, slots=True, order=True)
class Listing:
    """That a telling lists a person: the scene, which of its tellings, the place in its list."""

    scene: int
    telling: int
    place: int


@dataclass(frozen=True, slots=True)
class Index:
    """Answers prepared once per revision, so that narrow questions need no walk.

    `tying` has for each person the relations of which they are an end; `above` has for each level
    the scenes whose full telling is of a higher one, as told.
    `counting` is None for a story without markers.
    """

    scene_at: Mapping[str, int]
    person_at: Mapping[str, int]
    listed: tuple[tuple[Listing, ...], ...]
    timed: Mapping[Time, tuple[tuple[int, int], ...]]
    happened: tuple[tuple[int, ...], ...]
    above: tuple[Sequence[int], ...]
    parts_at: Mapping[int, tuple[Part, ...]]
    merging: tuple[tuple[int, ...], ...]
    tying: tuple[tuple[int, ...], ...]
    counting: Counting | None


@dataclass(frozen=True, slots=True, eq=False)
class Story:
    """One work in one revision."""

    id: str
    title: str
    medium: Medium
    language: str
    released: str | None
    complete: bool
    premise: Prose
    levels: tuple[Level, ...]
    details: tuple[Detail, ...]
    credits: tuple[Credit, ...]
    about: tuple[Paragraph, ...]
    sources: tuple[Source, ...]
    parts: tuple[Part, ...]
    people: tuple[Person, ...]
    relations: tuple[Relation, ...]
    scenes: tuple[Scene, ...]
    index: Index
    revision: int = 0
    outlines: tuple[Outline, ...] = field(default=())

    def outline(self) -> Outline:
        """What is to be remembered of this revision when it is a past one."""
        return Outline(
            self.revision,
            tuple(scene.key for scene in self.scenes),
            tuple(level.name for level in self.levels),
        )

    def outline_at(self, revision: int) -> Outline | None:
        """The outline that was in force at a revision; None for one that never was.

        `outlines` keeps one entry per change of outline, so the last one not after it counts.
        """
        if not 0 < revision <= self.revision:
            return None
        before = (past for past in reversed(self.outlines) if past.revision <= revision)
        return next(before, None)
