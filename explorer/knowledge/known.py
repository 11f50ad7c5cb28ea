"""What travels: values made only of what a bookmark lets its reader know.

No value in here holds a road back to the story. They are built up in `narrator` and `knowledge`,
never cut down.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from markupsafe import Markup, escape

from explorer.story.terms import Medium, PersonKey, SceneKey, Time


class State(StrEnum):
    """How much of a scene is shown. What is ahead has no state, since it has no value."""

    OPEN = "open"
    PARTLY = "partly"
    VEILED = "veiled"


@dataclass(frozen=True, slots=True)
class KnownWho:
    """A person as a link: the key of the one they turned out to be, and the name so far."""

    key: PersonKey
    name: str


@dataclass(frozen=True, slots=True)
class KnownMention:
    """A person in a text; without a person the words stand alone."""

    words: str
    person: PersonKey | None


@dataclass(frozen=True, slots=True)
class KnownProse:
    """A text: HTML between its mentions, and the same as Markdown with the mentions as words.

    In the Markdown what a mention says is escaped, since a name is no markup.
    """

    html: tuple[Markup | KnownMention, ...]
    markdown: str

    @property
    def plain(self) -> str:
        """The text without its markup, in one line."""
        pieces = (p if isinstance(p, Markup) else escape(p.words) for p in self.html)
        return Markup("").join(pieces).striptags()


@dataclass(frozen=True, slots=True)
class KnownLink:
    """A scene that is shown, as a link. Without a number it was opened ahead."""

    key: SceneKey
    number: int | None
    title: str


@dataclass(frozen=True, slots=True)
class KnownSource:
    """Where something was taken from."""

    title: str
    publisher: str | None
    url: str | None
    date: str | None


@dataclass(frozen=True, slots=True)
class KnownLevel:
    """One step of the story's scale."""

    index: int
    name: str
    note: str


@dataclass(frozen=True, slots=True)
class KnownTelling:
    """The telling that is shown of a scene."""

    title: str
    text: KnownProse
    people: tuple[KnownWho, ...]
    place: str | None
    time: Time
    warnings: tuple[str, ...]
    sources: tuple[KnownSource, ...]


@dataclass(frozen=True, slots=True)
class KnownScene:
    """A scene that was reached or opened. Veiled, it has a number and the name of its level only.

    `level` is the name of the full telling's level; `warnings` are those of the full telling, for
    readers who ask before opening. `opened` says that it was opened one by one and can be closed.
    """

    key: SceneKey
    number: int | None
    state: State
    level: str
    telling: KnownTelling | None
    opened: bool
    warnings: tuple[str, ...]

    def __hash__(self) -> int:
        """Cheap, since it is the key under which drawn scenes are remembered."""
        return hash((self.key, self.state, self.number))


@dataclass(frozen=True, slots=True)
class KnownGate:
    """A scene that is ahead, asked for by its address: that it exists, and its level's name."""

    key: SceneKey
    level: str


@dataclass(frozen=True, slots=True)
class KnownPart:
    """A part whose beginning is known."""

    title: str
    start: SceneKey
    summary: KnownProse | None


@dataclass(frozen=True, slots=True)
class KnownChapter:
    """A part in short: its summary if known, else its shown scenes; the first may have no part."""

    part: KnownPart | None
    scenes: tuple[KnownLink, ...]


@dataclass(frozen=True, slots=True)
class KnownRecap:
    """The story so far in short; whether that is all of it, or only its last parts."""

    chapters: tuple[KnownChapter, ...]
    is_whole: bool


@dataclass(frozen=True, slots=True)
class KnownRow:
    """A scene in a list, with its part where that is another one than the row before has."""

    part: KnownPart | None
    scene: KnownScene

    def __hash__(self) -> int:
        """Cheap, since rows are looked up by what they show."""
        return hash(self.scene)


@dataclass(frozen=True, slots=True)
class KnownFact:
    """One thing that is known, with the scene it is known from."""

    text: KnownProse
    scene: KnownLink | None
    source: KnownSource | None


@dataclass(frozen=True, slots=True)
class KnownRelation:
    """How one person stands to another."""

    origin: KnownWho
    target: KnownWho
    text: str
    scene: KnownLink | None


@dataclass(frozen=True, slots=True)
class KnownCredit:
    """Who did what; with a person where someone plays one who is known."""

    role: str
    name: str
    person: KnownWho | None


@dataclass(frozen=True, slots=True)
class KnownDetail:
    """A labelled fact about the work."""

    label: str
    text: str


@dataclass(frozen=True, slots=True)
class KnownParagraph:
    """A paragraph about the work."""

    text: KnownProse
    source: KnownSource | None


@dataclass(frozen=True, slots=True)
class KnownPerson:
    """All that is known of a person, and of those who turned out to be the same one.

    `scenes` are the last of those that list them, as told; `scenes_before` says that there are
    more, or that none were looked for.
    """

    who: KnownWho
    earlier: tuple[str, ...]
    also: tuple[str, ...]
    played_by: tuple[KnownCredit, ...]
    facts: tuple[KnownFact, ...]
    relations: tuple[KnownRelation, ...]
    scenes: tuple[KnownLink, ...]
    scenes_before: bool


@dataclass(frozen=True, slots=True)
class KnownEnded:
    """What held of a person and is known to hold no longer, unless the same words hold anyway."""

    who: KnownWho
    facts: tuple[KnownFact, ...]
    relations: tuple[KnownRelation, ...]


@dataclass(frozen=True, slots=True)
class KnownTitle:
    """What every bookmark knows of a work."""

    id: str
    title: str
    medium: Medium
    language: str
    released: str | None
    complete: bool
    revision: int
    levels: tuple[KnownLevel, ...]


@dataclass(frozen=True, slots=True)
class KnownEntry:
    """A work in the catalogue, as the first bookmark knows it."""

    title: KnownTitle
    premise: KnownProse


@dataclass(frozen=True, slots=True)
class KnownCatalogue:
    """Some of the works that there are; `following` is the id after which there are more."""

    entries: tuple[KnownEntry, ...]
    following: str | None


@dataclass(frozen=True, slots=True)
class KnownNamesake:
    """Someone of a name that others have: the first shown scene, or the place in who is who."""

    who: KnownWho
    scene: KnownLink | None
    place: int | None

    @property
    def apart(self) -> str:
        """What tells the name apart from the others, in words."""
        told = [] if self.scene is None else [self.scene.title]
        if self.scene is not None and self.scene.number is not None:
            told.insert(0, f"scene {self.scene.number}")
        if self.place is not None:
            told.append(f"number {self.place} in who is who")
        return ", ".join(told)


@dataclass(frozen=True, slots=True)
class KnownStanding:
    """Where a reader stands, in their own terms.

    `number` is how many scenes were turned to, `reached` and `seen` the last of them; `ended`
    says that there is no more, `complete` that there never will be. Whatever says in words where
    somebody stands says it in these.
    """

    threshold: KnownLevel
    number: int
    reached: SceneKey | None
    before: SceneKey | None
    seen_number: int
    seen: SceneKey | None
    ended: bool
    complete: bool
    warned: bool
    everything_seen: bool

    @property
    def where(self) -> str:
        """Where that is, in words behind which the name of the level belongs."""
        return f"{f'Scene {self.number}' if self.number else 'Before the first scene'}, told up to"

    @property
    def words(self) -> str:
        """Where that is, as a sentence."""
        return f"{self.where} {self.threshold.name}."

    @property
    def outlook(self) -> str:
        """Whether there is more, as a sentence."""
        if not self.ended:
            return "There is more."
        return "The end." if self.complete else "The end, so far."


@dataclass(frozen=True, slots=True)
class KnownWork:
    """What is known about the work itself."""

    premise: KnownProse
    details: tuple[KnownDetail, ...]
    credits: tuple[KnownCredit, ...]
    about: tuple[KnownParagraph, ...]
    sources: tuple[KnownSource, ...]


@dataclass(frozen=True, slots=True)
class KnownStory:
    """The whole of what a bookmark knows of a story."""

    title: KnownTitle
    standing: KnownStanding
    work: KnownWork
    rows: tuple[KnownRow, ...]
    ahead: tuple[KnownScene, ...]
    people: tuple[KnownPerson, ...]
    relations: tuple[KnownRelation, ...]
    happened: tuple[SceneKey, ...]
    parts: tuple[KnownPart, ...]
    no_longer: tuple[KnownEnded, ...]
    namesakes: tuple[KnownNamesake, ...]
