"""Finds words in what is known: in names, titles, texts, places and facts.

All words of a query must stand in one person, part or scene, or in what is told about the work,
each at least with its beginning.
What is not known is not in here, so that nothing found and nothing to be found are the same.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain, islice

from explorer.knowledge.known import (
    KnownFact,
    KnownPart,
    KnownPerson,
    KnownRelation,
    KnownScene,
    KnownStep,
    KnownTitle,
    KnownWords,
    KnownWork,
)
from explorer.pages.models import Found, Hit, Passage, Piece
from explorer.story.tokens import Word, said, words

MOST_HITS = 50
MOST_PASSAGES = 6
MOST_SCENES = 8_000

# So many signs stand around what was found, and so many stretches of a long text are shown.
_BEFORE, _AFTER = 60, 110
_MOST_STRETCHES = 3
# Stands before each word of a text, once more between texts; no word has it in itself.
_GAP = "\x1f"

# Words to be found side by side, the last of them at least with its beginning; each after a gap.
Term = str
Stretch = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Field:
    """A text to search, and its words; `label` says what it is, if it does not say so itself."""

    label: str
    text: str
    words: str


@dataclass(frozen=True, slots=True)
class Entry:
    """Something as it is searched: its texts, the title first, and all their words."""

    kind: str
    path: str
    number: int | None
    fields: tuple[Field, ...]
    words: str


NOTHING = Found((), is_whole=True)


@dataclass(frozen=True, slots=True)
class Searchable:
    """What a reader knows, to be searched: people, then what is told and opened ahead, the work.

    `told` says which words stand in which stretch, and is there to pass by most of them.
    """

    people: tuple[Entry, ...]
    told: tuple[KnownWords, ...]
    ahead: tuple[KnownStep, ...]
    work: Entry


# What some scenes say to a reader, with the parts that begin there.
Steps = Callable[[Iterable[int]], Iterable[KnownStep]]


# --- what is searched --------------------------------------------------------------------------


def searchable(
    people: Iterable[KnownPerson],
    told: tuple[KnownWords, ...],
    ahead: tuple[KnownStep, ...],
    title: KnownTitle,
    work: KnownWork,
) -> Searchable:
    """Prepare what a reader knows."""
    return Searchable(tuple(map(of_person, people)), told, ahead, of_work(title, work))


def spoken(step: KnownStep) -> set[str]:
    """Give all words of a scene and of the parts that begin with it, folded."""
    return {word for entry in in_step(step) for word in entry.words.split(_GAP) if word}


def in_step(step: KnownStep) -> Iterator[Entry]:
    """Give a scene and the parts that begin with it as they are searched."""
    yield from map(_part, step.parts)
    if step.scene.telling is not None:
        yield _scene(step.scene)


def of_person(person: KnownPerson) -> Entry:
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


def _fact(fact: KnownFact) -> Field:
    return _field("", fact.text.plain)


def _relation(person: KnownPerson, relation: KnownRelation) -> Field:
    other = relation.target if relation.origin == person.who else relation.origin
    return _field("", f"{other.name}: {relation.text}")


def _part(part: KnownPart) -> Entry:
    summary = [] if part.summary is None else [_field("", part.summary.plain)]
    return _entry("part", f"/scenes/{part.start}", None, [_field("", part.title), *summary])


@lru_cache(MOST_SCENES)
def _scene(scene: KnownScene) -> Entry:
    telling = scene.telling
    assert telling is not None
    fields = [
        _field("", telling.title),
        _field("", telling.text.plain),
        _field("People", ", ".join(who.name for who in telling.people)),
        _field("Place", telling.place or ""),
    ]
    return _entry("scene", f"/scenes/{scene.key}", scene.number, fields)


def of_work(title: KnownTitle, work: KnownWork) -> Entry:
    """Give what is known of the work as it is searched."""
    fields = [
        _field("", title.title),
        _field("", work.premise.plain),
        *(_field("", paragraph.text.plain) for paragraph in work.about),
        *(_field("", f"{credit.role}: {credit.name}") for credit in work.credits),
        *(_field("", f"{detail.label}: {detail.text}") for detail in work.details),
    ]
    return _entry("work", "", None, fields)


def _field(label: str, text: str) -> Field:
    return Field(label, text, _joined(said(text)))


def _entry(kind: str, path: str, number: int | None, fields: Iterable[Field]) -> Entry:
    texts = tuple(field for field in fields if field.text)
    return Entry(kind, path, number, texts, _GAP.join(field.words for field in texts))


def _joined(folded: Iterable[str]) -> str:
    return "".join(_GAP + word for word in folded)


# --- searching ---------------------------------------------------------------------------------


def find(known: Searchable, steps: Steps, query: str) -> Found:
    """Give the first entries in which all words of a query stand, in their order."""
    terms = _terms(query)
    if not terms:
        return NOTHING
    told = chain.from_iterable(map(steps, _candidates(known.told, terms)))
    scenes = chain.from_iterable(map(in_step, chain(told, known.ahead)))
    entries = chain(known.people, scenes, [known.work])
    found = (entry for entry in entries if all(term in entry.words for term in terms))
    hits = tuple(_hit(entry, terms) for entry in islice(found, MOST_HITS))
    return Found(hits, next(found, None) is None)


def _candidates(told: Iterable[KnownWords], terms: Sequence[Term]) -> Iterator[range]:
    """Give the shortest stretches in which each of the words stands somewhere."""
    for stretch in told:
        if all(_may_hold(stretch.words, term) for term in terms):
            if stretch.within:
                yield from _candidates(stretch.within, terms)
            else:
                yield range(stretch.start, stretch.end)


def _may_hold(there: Sequence[str], term: Term) -> bool:
    *before, beginning = term.split(_GAP)[1:]
    at_least = _next(there, beginning).startswith(beginning)
    return at_least and all(_next(there, word) == word for word in before)


def _next(there: Sequence[str], word: str) -> str:
    """Give the first of sorted words that is not before this one; empty where there is none."""
    at = bisect_left(there, word)
    return there[at] if at < len(there) else ""


def _terms(query: str) -> tuple[Term, ...]:
    """Take a query apart at its spaces; what is still several words must stand together."""
    terms = (_joined(said(chunk)) for chunk in query.split())
    return tuple(dict.fromkeys(term for term in terms if term))


def _hit(entry: Entry, terms: Iterable[Term]) -> Hit:
    title, *others = entry.fields
    places = ((field, _places(field, terms)) for field in others)
    passages = (_cut(field, found) for field, found in places if any(found))
    return Hit(
        kind=entry.kind,
        path=entry.path,
        number=entry.number,
        title=_whole(title, _places(title, terms)),
        passages=tuple(islice(passages, MOST_PASSAGES)),
    )


def _places(field: Field, terms: Iterable[Term]) -> list[list[Stretch]]:
    """Give for each term where it stands in a text."""
    standing = [term if term in field.words else None for term in terms]
    there = list(words(field.text)) if any(standing) else []
    return [list(_standing(there, term)) if term else [] for term in standing]


def _standing(there: list[Word], term: Term) -> Iterator[Stretch]:
    *before, beginning = term.split(_GAP)[1:]
    for n in range(len(before), len(there)):
        first = n - len(before)
        if there[n].folded.startswith(beginning) and before == [w.folded for w in there[first:n]]:
            yield there[first].start, there[n].end


# --- passages ----------------------------------------------------------------------------------


def _whole(field: Field, found: Iterable[list[Stretch]]) -> Passage:
    marks = _marks(field.text, found)
    return Passage(field.label, tuple(_pieces(field.text, (0, len(field.text)), marks)))


def _cut(field: Field, found: list[list[Stretch]]) -> Passage:
    """Give what stands around the first place of each term; short texts whole."""
    if len(field.text) <= _BEFORE + _AFTER:
        return _whole(field, found)
    marks = _marks(field.text, found)
    around = (_around(field.text, *places[0]) for places in found if places)
    pieces: list[Piece] = []
    for start, end in _merged(around)[:_MOST_STRETCHES]:
        if start:
            pieces.append(Piece("… ", marked=False))
        pieces += _pieces(field.text, (start, end), marks)
        if end < len(field.text):
            pieces.append(Piece(" …", marked=False))
    return Passage(field.label, tuple(pieces))


def _around(text: str, start: int, end: int) -> Stretch:
    """Widen a stretch, as far as to the end of a word."""
    low, high = start - _BEFORE, end + _AFTER
    before = text.rfind(" ", 0, max(low, 0)) + 1 if low > 0 else 0
    after = text.find(" ", high) if high < len(text) else -1
    # A text without spaces is cut between signs.
    before = before if low - before < _BEFORE else max(low, 0)
    after = after if 0 <= after - high < _AFTER else min(high, len(text))
    return before, after


def _marks(text: str, found: Iterable[list[Stretch]]) -> list[Stretch]:
    """Give what to mark: all places, those that only a hyphen or the like parts as one."""
    marks: list[Stretch] = []
    for start, end in _merged(stretch for places in found for stretch in places):
        if marks and start - marks[-1][1] == 1 and not text[start - 1].isspace():
            marks[-1] = (marks[-1][0], end)
        else:
            marks.append((start, end))
    return marks


def _merged(stretches: Iterable[Stretch]) -> list[Stretch]:
    merged: list[Stretch] = []
    for start, end in sorted(stretches):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged


def _pieces(text: str, within: Stretch, marks: list[Stretch]) -> Iterator[Piece]:
    at, until = within
    for start, end in marks:
        if at <= start and end <= until:
            if at < start:
                yield Piece(text[at:start], marked=False)
            yield Piece(text[start:end], marked=True)
            at = end
    if at < until:
        yield Piece(text[at:until], marked=False)


def beginning(text: str, most: int = 200) -> str:
    """Give the first words of a text."""
    return text if len(text) <= most else f"{text[:most].rsplit(' ', 1)[0]} …"
