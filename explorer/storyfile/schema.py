"""The story file as its author writes it: which keys there are and what each may hold.

Only what can be seen on one entry alone is asked here; what entries say of each other is asked in
`consistency`. Fields stand in the order in which an export writes them.
"""

from __future__ import annotations

from collections.abc import Set
from typing import Annotated, Protocol, Self

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Discriminator,
    Field,
    Tag,
    model_validator,
)

from explorer.story.terms import Medium, Time
from explorer.storyfile.problems import ONE, SEVERAL
from explorer.storyfile.values import (
    Address,
    Date,
    Id,
    Label,
    Language,
    Line,
    Marker,
    Maybe,
    Ref,
    Scenes,
    Start,
    Text,
    filled,
    one_or_several,
    refusal,
)

FORMAT = 1
MOST_LEVELS = 50


class Conditioned(Protocol):
    """An entry that is known only from a level, from scenes, or both."""

    @property
    def level(self) -> int | None:
        """The level that is needed."""

    @property
    def scene(self) -> str | list[str] | None:
        """The scene that is needed, or several."""

    @property
    def through(self) -> str | None:
        """The last scene of a run that is needed."""


class Entry(BaseModel):
    """What all entries have in common: these keys and no others, and no guessing of types."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)

    def document(self, without: Set[str] = frozenset()) -> dict[str, object]:
        """Give what the entry says as JSON, less what goes without saying."""
        return self.model_dump(
            mode="json", by_alias=True, exclude_defaults=True, exclude=set(without)
        )


class LevelEntry(Entry):
    """A level of the story's scale."""

    name: Label
    note: Line = ""
    was: Annotated[list[Label], Field(max_length=100)] = []


class DetailEntry(Entry):
    """A labelled fact about the work."""

    label: Label
    text: Line
    scene: Maybe[Scenes] = None
    through: Maybe[Ref] = None
    level: Maybe[int] = None


class CreditEntry(Entry):
    """Who did what."""

    role: Label
    name: Line
    person: Maybe[Ref] = None
    scene: Maybe[Scenes] = None
    through: Maybe[Ref] = None
    level: Maybe[int] = None


class UntilEntry(Entry):
    """From when on something holds no longer."""

    scene: Maybe[Scenes] = None
    through: Maybe[Ref] = None
    level: Maybe[int] = None


class ParagraphEntry(Entry):
    """A text about the work."""

    text: Text
    scene: Maybe[Scenes] = None
    through: Maybe[Ref] = None
    level: Maybe[int] = None
    source: Maybe[Ref] = None


class FactEntry(ParagraphEntry):
    """A fact about a person."""

    until: Maybe[UntilEntry] = None


class SourceEntry(Entry):
    """Where facts were taken from."""

    id: Id
    title: Line
    publisher: Maybe[Line] = None
    url: Maybe[Address] = None
    date: Maybe[Date] = None
    scene: Maybe[Scenes] = None
    through: Maybe[Ref] = None
    level: Maybe[int] = None


class SummaryEntry(Entry):
    """A part in short."""

    text: Text
    scene: Maybe[Scenes] = None
    through: Maybe[Ref] = None
    level: Maybe[int] = None


Summaries = Annotated[
    Annotated[SummaryEntry, Tag(ONE)]
    | Annotated[list[SummaryEntry], Field(max_length=50), Tag(SEVERAL)],
    Discriminator(one_or_several),
    AfterValidator(filled),
]


class PartEntry(Entry):
    """A stretch of the story."""

    title: Line
    scene: Start
    level: Maybe[int] = None
    summary: Maybe[Summaries] = None

    @property
    def summaries(self) -> list[SummaryEntry]:
        """The wordings of its summary."""
        if self.summary is None:
            return []
        return self.summary if isinstance(self.summary, list) else [self.summary]


class NameEntry(Entry):
    """A name of a person."""

    name: Line
    scene: Maybe[Scenes] = None
    through: Maybe[Ref] = None
    level: Maybe[int] = None


class IdentityEntry(Entry):
    """Who a person turns out to be."""

    person: Ref
    scene: Maybe[Scenes] = None
    through: Maybe[Ref] = None
    level: Maybe[int] = None


class PersonEntry(Entry):
    """Someone who acts."""

    id: Id
    was: Annotated[list[Id], Field(max_length=100)] = []
    names: Annotated[list[NameEntry], Field(min_length=1, max_length=200)]
    also: Annotated[list[NameEntry], Field(max_length=200)] = []
    facts: Annotated[list[FactEntry], Field(max_length=2000)] = []
    identity: Maybe[IdentityEntry] = Field(default=None, alias="is")


class RelationEntry(Entry):
    """How one person stands to another."""

    origin: Ref = Field(alias="from")
    target: Ref = Field(alias="to")
    text: Line
    scene: Maybe[Scenes] = None
    through: Maybe[Ref] = None
    level: Maybe[int] = None
    until: Maybe[UntilEntry] = None


class HappensEntry(Entry):
    """Where a telling stands in story order."""

    before: Maybe[Ref] = None
    after: Maybe[Ref] = None

    @model_validator(mode="after")
    def _one_of_both(self) -> Self:
        if (self.before is None) == (self.after is None):
            raise refusal('needs either "before" or "after"', "Name one scene in one of them.")
        return self


class TellingEntry(Entry):
    """A lesser telling; `SceneEntry` carries the same keys for the full one."""

    level: int
    title: Line
    text: Text
    people: Annotated[list[Ref], Field(max_length=500)] = []
    place: Maybe[Line] = None
    time: Annotated[Time, Field(strict=False)] = Time.PRESENT
    happens: Maybe[HappensEntry] = None
    warnings: Annotated[list[Label], Field(max_length=50)] = []
    sources: Annotated[list[Ref], Field(max_length=50)] = []


class SceneEntry(Entry):
    """A scene with its full telling and its lesser ones."""

    id: Id
    was: Annotated[list[Id], Field(max_length=100)] = []
    level: int
    title: Line
    text: Text
    people: Annotated[list[Ref], Field(max_length=500)] = []
    place: Maybe[Line] = None
    time: Annotated[Time, Field(strict=False)] = Time.PRESENT
    happens: Maybe[HappensEntry] = None
    marker: Maybe[Marker] = None
    warnings: Annotated[list[Label], Field(max_length=50)] = []
    sources: Annotated[list[Ref], Field(max_length=50)] = []
    tellings: Annotated[list[TellingEntry], Field(max_length=MOST_LEVELS)] = []


class GuessEntry(Entry):
    """That something was guessed, and why; `guesses` says what it counts as."""

    path: Annotated[str, Field(max_length=200)]
    why: Line


class StoryEntry(Entry):
    """A whole file."""

    format: Annotated[int, Field(ge=FORMAT, le=FORMAT)]
    id: Id
    title: Line
    medium: Annotated[Medium, Field(strict=False)]
    language: Language
    released: Maybe[Date] = None
    complete: bool = True
    premise: Text
    levels: Annotated[list[LevelEntry], Field(min_length=2, max_length=MOST_LEVELS)]
    details: Annotated[list[DetailEntry], Field(max_length=500)] = []
    credits: Annotated[list[CreditEntry], Field(max_length=5000)] = []
    about: Annotated[list[ParagraphEntry], Field(max_length=1000)] = []
    sources: Annotated[list[SourceEntry], Field(max_length=2000)] = []
    parts: Annotated[list[PartEntry], Field(max_length=5000)] = []
    people: Annotated[list[PersonEntry], Field(max_length=10_000)] = []
    guesses: Annotated[list[GuessEntry], Field(max_length=500_000)] = []
    relations: Annotated[list[RelationEntry], Field(max_length=50_000)] = []
    scenes: Annotated[list[SceneEntry], Field(min_length=1, max_length=50_000)]
