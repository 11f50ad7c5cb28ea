"""The story file as its author writes it: which keys there are and what each may hold.

Only what can be seen on one entry alone is asked here; what entries say of each other is asked in
`consistency`. Fields stand in the order in which an export writes them.
"""

from __future__ import annotations

import re
from collections.abc import Set
from datetime import date
from typing import Annotated, Protocol, Self, TypeVar
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

from explorer.story.marker import kind_of
from explorer.story.terms import Medium, Time
from explorer.storyfile.problems import quoted

FORMAT = 1
MOST_LEVELS = 50

_BREAK = re.compile("[\n\r\x85\u2028\u2029]")
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
_LANGUAGE = re.compile("[A-Za-z]{2,3}(-[A-Za-z0-9]{1,8})*")
_DATE = re.compile(r"(\d{4})(?:-(\d\d)(?:-(\d\d))?)?", re.ASCII)

T = TypeVar("T")


def _refusal(message: str, advice: str) -> PydanticCustomError:
    """Make an error in our own words; they go in as values, so that braces in them are safe."""
    return PydanticCustomError("ours", "{message}", {"message": message, "advice": advice})


def _given(value: T) -> T:
    if value is None:
        raise _refusal("is null", "Leave the key out instead.")
    return value


def _text(text: str) -> str:
    odd = _CONTROL.search(text)
    if odd:
        raise _refusal(f"holds the control character {quoted(odd[0])}", "Take it out.")
    if not text.strip():
        raise _refusal("is empty", "Write something, or leave out what it belongs to.")
    return text


def _line(text: str) -> str:
    text = _text(text.strip())
    if _BREAK.search(text):
        raise _refusal("holds a line break", "Write it in one line.")
    return text


def _language(tag: str) -> str:
    if not _LANGUAGE.fullmatch(tag):
        raise _refusal(f"is no language: {quoted(tag)}", 'Write a tag like "en", "ko" or "pt-BR".')
    return tag


def _date(text: str) -> str:
    match = _DATE.fullmatch(text)
    try:
        if match is None:
            raise ValueError
        date(int(match[1]), int(match[2] or 1), int(match[3] or 1))
    except ValueError:
        advice = "Write YYYY-MM-DD, or YYYY-MM or YYYY where no more is known."
        raise _refusal(f"is no date: {quoted(text)}", advice) from None
    return text


def _address(text: str) -> str:
    try:
        parts = urlsplit(text)
        good = parts.scheme in ("http", "https") and parts.hostname and not re.search(r"\s", text)
    except ValueError:
        good = False
    if not good:
        raise _refusal(f"is no web address: {quoted(text)}", "Begin it with https:// or http://.")
    return text


def _marker(text: str) -> str:
    if not any(sign.isdecimal() for sign in text) and kind_of([text]) is None:
        advice = 'Write a time code, chapter or episode in digits, like "00:14".'
        raise _refusal(f"has no digit: {quoted(text)}", advice)
    return text


Maybe = Annotated[T | None, AfterValidator(_given)]
Id = Annotated[str, Field(pattern="^[a-z0-9-]{1,100}$")]
# Whether anyone has the id that is named is asked in `consistency`, and likewise for levels.
Ref = Annotated[str, Field(max_length=100)]
Line = Annotated[str, Field(max_length=300), AfterValidator(_line)]
Label = Annotated[str, Field(max_length=100), AfterValidator(_line)]
Text = Annotated[str, Field(max_length=20_000), AfterValidator(_text)]
Marker = Annotated[str, Field(max_length=40), AfterValidator(_line), AfterValidator(_marker)]
Language = Annotated[str, Field(max_length=35), AfterValidator(_language)]
Date = Annotated[str, AfterValidator(_date)]
Address = Annotated[str, Field(max_length=2000), AfterValidator(_text), AfterValidator(_address)]


class Conditioned(Protocol):
    """An entry that is known only from a level, a scene, or both."""

    @property
    def level(self) -> int | None:
        """The level that is needed."""

    @property
    def scene(self) -> str | None:
        """The scene that is needed."""


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
    scene: Maybe[Ref] = None
    level: Maybe[int] = None


class CreditEntry(Entry):
    """Who did what."""

    role: Label
    name: Line
    person: Maybe[Ref] = None
    scene: Maybe[Ref] = None
    level: Maybe[int] = None


class ParagraphEntry(Entry):
    """A text about the work, or a fact about a person."""

    text: Text
    scene: Maybe[Ref] = None
    level: Maybe[int] = None
    source: Maybe[Ref] = None


class SourceEntry(Entry):
    """Where facts were taken from."""

    id: Id
    title: Line
    publisher: Maybe[Line] = None
    url: Maybe[Address] = None
    date: Maybe[Date] = None
    scene: Maybe[Ref] = None
    level: Maybe[int] = None


class SummaryEntry(Entry):
    """A part in short."""

    text: Text
    scene: Maybe[Ref] = None
    level: Maybe[int] = None


class PartEntry(Entry):
    """A stretch of the story."""

    title: Line
    scene: Ref
    level: Maybe[int] = None
    summary: Maybe[SummaryEntry] = None


class NameEntry(Entry):
    """A name of a person."""

    name: Line
    scene: Maybe[Ref] = None
    level: Maybe[int] = None


class IdentityEntry(Entry):
    """Who a person turns out to be."""

    person: Ref
    scene: Maybe[Ref] = None
    level: Maybe[int] = None


class PersonEntry(Entry):
    """Someone who acts."""

    id: Id
    was: Annotated[list[Id], Field(max_length=100)] = []
    names: Annotated[list[NameEntry], Field(min_length=1, max_length=200)]
    also: Annotated[list[NameEntry], Field(max_length=200)] = []
    facts: Annotated[list[ParagraphEntry], Field(max_length=2000)] = []
    identity: Maybe[IdentityEntry] = Field(default=None, alias="is")


class RelationEntry(Entry):
    """How one person stands to another."""

    origin: Ref = Field(alias="from")
    target: Ref = Field(alias="to")
    text: Line
    scene: Maybe[Ref] = None
    level: Maybe[int] = None


class HappensEntry(Entry):
    """Where a telling stands in story order."""

    before: Maybe[Ref] = None
    after: Maybe[Ref] = None

    @model_validator(mode="after")
    def _one_of_both(self) -> Self:
        if (self.before is None) == (self.after is None):
            raise _refusal('needs either "before" or "after"', "Name one scene in one of them.")
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
    relations: Annotated[list[RelationEntry], Field(max_length=50_000)] = []
    scenes: Annotated[list[SceneEntry], Field(min_length=1, max_length=50_000)]
