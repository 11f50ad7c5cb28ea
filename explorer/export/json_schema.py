"""What programs get: known values in JSON, written out one by one.

The description of the programs' interface is made from these same models.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated, TypeVar

from pydantic import AliasPath, BaseModel, ConfigDict, Field

from explorer.knowledge.known import KnownCatalogue, KnownStory, State
from explorer.story.terms import KEY, Medium, Time

_Json = TypeVar("_Json", bound="Json")

Key = Annotated[str, Field(pattern=f"^{KEY}$")]
StoryId = Annotated[str, Field(pattern="^[a-z0-9-]+$")]
Count = Annotated[int, Field(ge=0)]


class Json(BaseModel):
    """Any of the forms below: what it names is always there, and nothing else.

    They take from known values the attributes that they name.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", from_attributes=True)


class ProseJson(Json):
    """A text, as CommonMark and without markup in one line. People go by the name so far."""

    markdown: str
    plain: str


class WhoJson(Json):
    """A person by the name so far."""

    key: Key
    name: str


class LinkJson(Json):
    """A scene that is shown; one that was opened ahead has no number."""

    key: Key
    number: int | None
    title: str


class SourceJson(Json):
    """Where something was taken from."""

    title: str
    publisher: str | None
    url: str | None
    date: str | None


class LevelJson(Json):
    """One step of the story's scale of how much a wording gives away."""

    index: Count
    name: str
    note: str


class DetailJson(Json):
    """A labelled fact about the work."""

    label: str
    text: str


class CreditJson(Json):
    """Who did what, with the person whom someone plays."""

    role: str
    name: str
    person: WhoJson | None


class ParagraphJson(Json):
    """A paragraph about the work."""

    text: ProseJson
    source: SourceJson | None


class PartJson(Json):
    """A part of the story, by the scene in which it starts."""

    title: str
    start: Key
    summary: ProseJson | None


class TellingJson(Json):
    """The telling of a scene that is shown."""

    title: str
    text: ProseJson
    people: tuple[WhoJson, ...]
    place: str | None
    time: Time
    warnings: tuple[str, ...]
    sources: tuple[SourceJson, ...]


class SceneJson(Json):
    """A scene that was reached or opened; a veiled one has no telling.

    `level` is the name of the level of its full telling; `warnings` are those of the full telling,
    for readers who ask before they open.
    """

    key: Key
    number: int | None
    state: State
    level: str
    telling: TellingJson | None
    opened: bool
    warnings: tuple[str, ...]


class FactJson(Json):
    """One thing that is known of a person, and the scene that it is known from."""

    text: ProseJson
    scene: LinkJson | None
    source: SourceJson | None


class RelationJson(Json):
    """How one person stands to another."""

    origin: WhoJson = Field(serialization_alias="from")
    target: WhoJson = Field(serialization_alias="to")
    text: str
    scene: LinkJson | None


class PersonJson(Json):
    """All that is known of a person, and of those who turned out to be the same one."""

    key: Key = Field(validation_alias=AliasPath("who", "key"))
    name: str = Field(validation_alias=AliasPath("who", "name"))
    earlier: tuple[str, ...]
    also: tuple[str, ...]
    played_by: tuple[CreditJson, ...]
    facts: tuple[FactJson, ...]
    relations: tuple[RelationJson, ...]
    scenes: tuple[LinkJson, ...]


class EndedJson(Json):
    """What held of a person and is known to hold no longer."""

    who: WhoJson
    facts: tuple[FactJson, ...]
    relations: tuple[RelationJson, ...]


class NamesakeJson(Json):
    """Someone of a name that others have: the first shown scene that lists them.

    Where that does not part them from each other, also their place in who is who, from 1.
    """

    who: WhoJson
    scene: LinkJson | None
    place: int | None


class TitleJson(Json):
    """What everybody may know of a story."""

    id: StoryId
    title: str
    medium: Medium
    language: str
    released: str | None
    complete: bool
    revision: Count
    levels: tuple[LevelJson, ...]
    premise: ProseJson


class CatalogueJson(Json):
    """Some of the stories, by id. `next` is what to send as `after` to get more of them."""

    stories: tuple[TitleJson, ...]
    next: StoryId | None


class StoryJson(TitleJson):
    """All that a bookmark lets its reader know of a story.

    `reached` and `seen` are the last scenes of the bookmark, `opened` those opened one by one,
    `more` says whether there is a scene after the one reached. `scenes` are those reached in the
    order told, `ahead` those opened beyond, `happened` the shown ones in the order they happen.
    What is in `no_longer` stands nowhere else.
    """

    threshold: Count
    reached: Key | None
    seen: Key | None
    opened: tuple[Key, ...]
    more: bool
    about: tuple[ParagraphJson, ...]
    details: tuple[DetailJson, ...]
    credits: tuple[CreditJson, ...]
    sources: tuple[SourceJson, ...]
    parts: tuple[PartJson, ...]
    scenes: tuple[SceneJson, ...]
    ahead: tuple[SceneJson, ...]
    people: tuple[PersonJson, ...]
    relations: tuple[RelationJson, ...]
    no_longer: tuple[EndedJson, ...]
    namesakes: tuple[NamesakeJson, ...]
    happened: tuple[Key, ...]


class ProblemJson(Json):
    """Why there is no answer: in short, and for each parameter that is wrong."""

    title: str
    status: int
    parameters: dict[str, str]


# --- from known values -------------------------------------------------------------------------


def catalogue(known: KnownCatalogue) -> CatalogueJson:
    """Give some stories as everybody may know them."""
    stories = tuple(
        TitleJson(
            id=entry.title.id,
            title=entry.title.title,
            medium=entry.title.medium,
            language=entry.title.language,
            released=entry.title.released,
            complete=entry.title.complete,
            revision=entry.title.revision,
            levels=_each(LevelJson, entry.title.levels),
            premise=ProseJson.model_validate(entry.premise),
        )
        for entry in known.entries
    )
    return CatalogueJson(stories=stories, next=known.following)


def story(known: KnownStory) -> StoryJson:
    """Give a story as far as it is known."""
    title, standing, work = known.title, known.standing, known.work
    scenes = [row.scene for row in known.rows]
    return StoryJson(
        id=title.id,
        title=title.title,
        medium=title.medium,
        language=title.language,
        released=title.released,
        complete=title.complete,
        revision=title.revision,
        levels=_each(LevelJson, title.levels),
        threshold=standing.threshold.index,
        reached=standing.reached,
        seen=standing.seen,
        opened=tuple(scene.key for scene in (*scenes, *known.ahead) if scene.opened),
        more=not standing.ended,
        premise=ProseJson.model_validate(work.premise),
        about=_each(ParagraphJson, work.about),
        details=_each(DetailJson, work.details),
        credits=_each(CreditJson, work.credits),
        sources=_each(SourceJson, work.sources),
        parts=_each(PartJson, known.parts),
        scenes=_each(SceneJson, scenes),
        ahead=_each(SceneJson, known.ahead),
        people=_each(PersonJson, known.people),
        relations=_each(RelationJson, known.relations),
        no_longer=_each(EndedJson, known.no_longer),
        namesakes=_each(NamesakeJson, known.namesakes),
        happened=known.happened,
    )


def _each(form: type[_Json], known: Iterable[object]) -> tuple[_Json, ...]:
    return tuple(form.model_validate(value) for value in known)
