"""What is searched: all that a reader knows, as texts and their words.

What is not known is not in here, so that nothing found and nothing to be found are the same.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import lru_cache

from explorer.knowledge.known import (
    KnownFact,
    KnownNamesake,
    KnownPart,
    KnownPerson,
    KnownRelation,
    KnownScene,
    KnownTitle,
    KnownWork,
)
from explorer.knowledge.known_words import KnownStep, KnownWords
from explorer.story.tokens import said

MOST_SCENES = 8_000

# Stands before each word of a text, once more between texts; no word has it in itself.
GAP = "\x1f"


@dataclass(frozen=True, slots=True)
class IndexField:
    """A text to search, and its words; `label` says what it is, if it does not say so itself."""

    label: str
    text: str
    words: str


@dataclass(frozen=True, slots=True)
class IndexEntry:
    """Something as it is searched: its texts, the title first, and all their words.

    `apart` tells it apart from others of the same title, and is not searched.
    """

    kind: str
    path: str
    number: int | None
    fields: tuple[IndexField, ...]
    words: str
    apart: str = ""


@dataclass(frozen=True, slots=True)
class SearchIndex:
    """What a reader knows, to be searched: people, then what is told and opened ahead, the work.

    `told` says which words stand in which stretch, and is there to pass by most of them.
    """

    people: tuple[IndexEntry, ...]
    told: tuple[KnownWords, ...]
    ahead: tuple[KnownStep, ...]
    work: IndexEntry


def of_people(
    people: Iterable[KnownPerson], namesakes: Iterable[KnownNamesake]
) -> tuple[IndexEntry, ...]:
    """Give people as they are searched, those of one name with what tells them apart."""
    apart = {one.who: one.apart for one in namesakes}
    return tuple(replace(of_person(one), apart=apart.get(one.who, "")) for one in people)


def spoken(step: KnownStep) -> set[str]:
    """Give all words of a scene and of the parts that begin with it, folded."""
    return {word for entry in in_step(step) for word in entry.words.split(GAP) if word}


def in_step(step: KnownStep) -> Iterator[IndexEntry]:
    """Give a scene and the parts that begin with it as they are searched."""
    yield from map(_part, step.parts)
    if step.scene.telling is not None:
        yield _scene(step.scene)


def of_person(person: KnownPerson) -> IndexEntry:
    """Give what is known of a person as it is searched."""
    fields = [
        _field("", person.who.name),
        *(_field("Until then", name) for name in person.earlier),
        *(_field("Also written", name) for name in person.also),
        *(_field("Played by", credit.name) for credit in person.played_by),
        *map(_fact, person.facts),
        *(_relation(person, relation) for relation in person.relations),
    ]
    return _entry("person", f"/people/{person.who.key}", None, fields)


def _fact(fact: KnownFact) -> IndexField:
    return _field("", fact.text.plain)


def _relation(person: KnownPerson, relation: KnownRelation) -> IndexField:
    other = relation.target if relation.origin == person.who else relation.origin
    return _field("", f"{other.name}: {relation.text}")


def _part(part: KnownPart) -> IndexEntry:
    summary = [] if part.summary is None else [_field("", part.summary.plain)]
    return _entry("part", f"/scenes/{part.start}", None, [_field("", part.title), *summary])


@lru_cache(MOST_SCENES)
def _scene(scene: KnownScene) -> IndexEntry:
    telling = scene.telling
    assert telling is not None
    fields = [
        _field("", telling.title),
        _field("", telling.text.plain),
        _field("People", ", ".join(who.name for who in telling.people)),
        _field("Place", telling.place or ""),
    ]
    return _entry("scene", f"/scenes/{scene.key}", scene.number, fields)


def of_work(title: KnownTitle, work: KnownWork) -> IndexEntry:
    """Give what is known of the work as it is searched."""
    fields = [
        _field("", title.title),
        _field("", work.premise.plain),
        *(_field("", paragraph.text.plain) for paragraph in work.about),
        *(_field("", f"{credit.role}: {credit.name}") for credit in work.credits),
        *(_field("", f"{detail.label}: {detail.text}") for detail in work.details),
    ]
    return _entry("work", "", None, fields)


def _field(label: str, text: str) -> IndexField:
    return IndexField(label, text, joined(said(text)))


def _entry(kind: str, path: str, number: int | None, fields: Iterable[IndexField]) -> IndexEntry:
    texts = tuple(field for field in fields if field.text)
    return IndexEntry(kind, path, number, texts, GAP.join(field.words for field in texts))


def joined(folded: Iterable[str]) -> str:
    """Give words in one text, each after a gap."""
    return "".join(GAP + word for word in folded)
