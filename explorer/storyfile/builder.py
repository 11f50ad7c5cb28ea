"""From the entries of a story file to the story: ids become positions, Markdown is parsed."""

from __future__ import annotations

from array import array
from collections import defaultdict
from collections.abc import Iterable, Sequence
from types import MappingProxyType

from explorer.story import chronology, prose
from explorer.story.marker import counting_of
from explorer.story.model import (
    Condition,
    Credit,
    Detail,
    Fact,
    Happens,
    Identity,
    Index,
    Level,
    Listing,
    Name,
    Outline,
    Paragraph,
    Part,
    Person,
    Relation,
    Scene,
    Source,
    Story,
    Summary,
    Telling,
)
from explorer.story.prose import Prose
from explorer.story.terms import PersonKey, SceneKey, Time, opaque
from explorer.storyfile import schema


def levels_of(entry: schema.StoryEntry) -> tuple[Level, ...]:
    """Give the scale of levels, from 0 on."""
    return tuple(Level(level.name, level.note, tuple(level.was)) for level in entry.levels)


def build(entry: schema.StoryEntry, revision: int, outlines: tuple[Outline, ...]) -> Story:
    """Make the story of a file without faults."""
    return _Builder(entry).story(revision, outlines)


def scene_key(story: str, ident: str) -> SceneKey:
    """Give the key under which readers see a scene."""
    return SceneKey(opaque(story, "scene", ident))


class _Builder:
    """Knows the positions of all ids while a story is made."""

    def __init__(self, entry: schema.StoryEntry) -> None:
        self.entry = entry
        self.scene_at = {scene.id: n for n, scene in enumerate(entry.scenes)}
        self.person_at = {person.id: n for n, person in enumerate(entry.people)}
        self.source_at = {source.id: n for n, source in enumerate(entry.sources)}

    def story(self, revision: int, outlines: tuple[Outline, ...]) -> Story:
        entry = self.entry
        people = tuple(map(self.person, entry.people))
        scenes = tuple(map(self.scene, entry.scenes))
        parts = tuple(map(self.part, entry.parts))
        return Story(
            id=entry.id,
            title=entry.title,
            medium=entry.medium,
            language=entry.language,
            released=entry.released,
            complete=entry.complete,
            premise=self.prose(entry.premise),
            levels=levels_of(entry),
            details=tuple(map(self.detail, entry.details)),
            credits=tuple(map(self.credit, entry.credits)),
            about=tuple(map(self.paragraph, entry.about)),
            sources=tuple(map(self.source, entry.sources)),
            parts=parts,
            people=people,
            relations=tuple(map(self.relation, entry.relations)),
            scenes=scenes,
            index=self.index(people, scenes, parts),
            revision=revision,
            outlines=outlines,
        )

    def condition(self, of: schema.Conditioned, start: int = 0) -> Condition:
        """Give what an entry asks for; `start` is where a run of scenes would begin."""
        if of.through is not None:
            highest = len(self.entry.levels) - 1
            level = highest if of.level is None else of.level
            return Condition(level, self.scene_at[of.through], start=start)
        if of.scene is None:
            return Condition(of.level)
        if isinstance(of.scene, list):
            *others, scene = sorted(self.scene_at[one] for one in of.scene)
            return Condition(of.level, scene, tuple(others))
        scene = self.scene_at[of.scene]
        return Condition(self.entry.scenes[scene].level if of.level is None else of.level, scene)

    def prose(self, markdown: str) -> Prose:
        return prose.parse(markdown, self.person_at.__getitem__)

    def cited(self, ident: str | None) -> int | None:
        return None if ident is None else self.source_at[ident]

    # --- the work ---

    def detail(self, entry: schema.DetailEntry) -> Detail:
        return Detail(entry.label, entry.text, self.condition(entry))

    def credit(self, entry: schema.CreditEntry) -> Credit:
        person = None if entry.person is None else self.person_at[entry.person]
        return Credit(entry.role, entry.name, person, self.condition(entry))

    def paragraph(self, entry: schema.ParagraphEntry) -> Paragraph:
        return Paragraph(self.prose(entry.text), self.cited(entry.source), self.condition(entry))

    def source(self, entry: schema.SourceEntry) -> Source:
        return Source(
            entry.id, entry.title, entry.publisher, entry.url, entry.date, self.condition(entry)
        )

    def part(self, entry: schema.PartEntry) -> Part:
        scene = self.scene_at[entry.scene]
        level = self.entry.scenes[scene].level if entry.level is None else entry.level
        summaries = tuple(
            Summary(self.prose(one.text), self.condition(one, scene)) for one in entry.summaries
        )
        return Part(entry.title, scene, Condition(level, scene), summaries)

    # --- people ---

    def person(self, entry: schema.PersonEntry) -> Person:
        return Person(
            id=entry.id,
            key=PersonKey(opaque(self.entry.id, "person", entry.id)),
            names=tuple(map(self.name, entry.names)),
            also=tuple(map(self.name, entry.also)),
            facts=tuple(map(self.fact, entry.facts)),
            identity=self.identity(entry.identity),
        )

    def identity(self, entry: schema.IdentityEntry | None) -> Identity | None:
        if entry is None:
            return None
        return Identity(self.person_at[entry.person], self.condition(entry))

    def name(self, entry: schema.NameEntry) -> Name:
        return Name(entry.name, self.condition(entry))

    def fact(self, entry: schema.FactEntry) -> Fact:
        return Fact(
            self.prose(entry.text),
            self.cited(entry.source),
            self.condition(entry),
            self.until(entry.until),
        )

    def until(self, entry: schema.UntilEntry | None) -> Condition | None:
        return None if entry is None else self.condition(entry)

    def relation(self, entry: schema.RelationEntry) -> Relation:
        origin, target = self.person_at[entry.origin], self.person_at[entry.target]
        return Relation(origin, target, entry.text, self.condition(entry), self.until(entry.until))

    # --- scenes ---

    def scene(self, entry: schema.SceneEntry) -> Scene:
        lesser = sorted(entry.tellings, key=lambda telling: telling.level)
        return Scene(
            id=entry.id,
            key=scene_key(self.entry.id, entry.id),
            was=tuple(scene_key(self.entry.id, was) for was in entry.was),
            tellings=(*map(self.telling, lesser), self.telling(entry)),
            marker=entry.marker,
        )

    def telling(self, entry: schema.TellingEntry | schema.SceneEntry) -> Telling:
        return Telling(
            level=entry.level,
            title=entry.title,
            text=self.prose(entry.text),
            people=tuple(self.person_at[person] for person in entry.people),
            place=entry.place,
            time=entry.time,
            happens=self.happens(entry.happens),
            warnings=tuple(entry.warnings),
            sources=tuple(self.source_at[source] for source in entry.sources),
        )

    def happens(self, entry: schema.HappensEntry | None) -> Happens | None:
        if entry is None:
            return None
        if entry.before is not None:
            return Happens(self.scene_at[entry.before], after=False)
        return Happens(self.scene_at[entry.after or ""], after=True)

    # --- the index ---

    def index(
        self, people: Sequence[Person], scenes: Sequence[Scene], parts: Iterable[Part]
    ) -> Index:
        parts_at: dict[int, list[Part]] = defaultdict(list)
        for part in parts:
            parts_at[part.scene].append(part)
        return Index(
            scene_at=MappingProxyType(self.scene_keys(scenes)),
            person_at=MappingProxyType(self.person_keys(people)),
            listed=_listed(scenes, len(people)),
            timed=MappingProxyType(_timed(scenes)),
            happened=chronology.happened(scenes),
            above=_above(scenes, len(self.entry.levels)),
            parts_at=MappingProxyType({scene: tuple(there) for scene, there in parts_at.items()}),
            merging=_merging(people),
            tying=self.tying(),
            counting=counting_of([scene.marker for scene in scenes]),
        )

    def tying(self) -> tuple[tuple[int, ...], ...]:
        tying: list[list[int]] = [[] for _ in self.entry.people]
        for n, relation in enumerate(self.entry.relations):
            for end in {self.person_at[relation.origin], self.person_at[relation.target]}:
                tying[end].append(n)
        return tuple(map(tuple, tying))

    def scene_keys(self, scenes: Sequence[Scene]) -> dict[str, int]:
        return {key: n for n, scene in enumerate(scenes) for key in (scene.key, *scene.was)}

    def person_keys(self, people: Sequence[Person]) -> dict[str, int]:
        past = {
            opaque(self.entry.id, "person", was): n
            for n, person in enumerate(self.entry.people)
            for was in person.was
        }
        return past | {person.key: n for n, person in enumerate(people)}


def _listed(scenes: Sequence[Scene], count: int) -> tuple[tuple[Listing, ...], ...]:
    listed: list[list[Listing]] = [[] for _ in range(count)]
    for i, scene in enumerate(scenes):
        for j, telling in enumerate(scene.tellings):
            for place, person in enumerate(telling.people):
                listed[person].append(Listing(i, j, place))
    return tuple(map(tuple, listed))


def _timed(scenes: Sequence[Scene]) -> dict[Time, tuple[tuple[int, int], ...]]:
    timed: dict[Time, list[tuple[int, int]]] = {time: [] for time in Time}
    for i, scene in enumerate(scenes):
        for j, telling in enumerate(scene.tellings):
            timed[telling.time].append((i, j))
    return {time: tuple(spots) for time, spots in timed.items() if time is not Time.PRESENT}


def _above(scenes: Sequence[Scene], levels: int) -> tuple[array[int], ...]:
    return tuple(
        array("I", (n for n, scene in enumerate(scenes) if scene.level > level))
        for level in range(levels)
    )


def _merging(people: Sequence[Person]) -> tuple[tuple[int, ...], ...]:
    merging: list[list[int]] = [[] for _ in people]
    for n, person in enumerate(people):
        if person.identity is not None:
            merging[person.identity.person].append(n)
    return tuple(map(tuple, merging))
