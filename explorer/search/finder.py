"""Finds words in what is known: in names, titles, texts, places and facts.

All words of a query must stand in one person, part or scene, or in what is told about the work,
each at least with its beginning.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import chain, islice

from explorer.knowledge.known_words import KnownStep, KnownWords
from explorer.search.index import GAP, IndexEntry, IndexField, SearchIndex, in_step, joined
from explorer.search.results import NOTHING, Found, Hit
from explorer.search.snippets import Span, around, whole
from explorer.story.tokens import Word, said, words

MOST_HITS = 50
MOST_SNIPPETS = 6

# Words to be found side by side, the last of them at least with its beginning; each after a gap.
Term = str
# What some scenes say to a reader, with the parts that begin there.
Steps = Callable[[Iterable[int]], Iterable[KnownStep]]


def find(known: SearchIndex, steps: Steps, query: str) -> Found:
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
    *before, beginning = term.split(GAP)[1:]
    at_least = _next(there, beginning).startswith(beginning)
    return at_least and all(_next(there, word) == word for word in before)


def _next(there: Sequence[str], word: str) -> str:
    """Give the first of sorted words that is not before this one; empty where there is none."""
    at = bisect_left(there, word)
    return there[at] if at < len(there) else ""


def _terms(query: str) -> tuple[Term, ...]:
    """Take a query apart at its spaces; what is still several words must stand together."""
    terms = (joined(said(chunk)) for chunk in query.split())
    return tuple(dict.fromkeys(term for term in terms if term))


def _hit(entry: IndexEntry, terms: Iterable[Term]) -> Hit:
    title, *others = entry.fields
    places = ((field, _places(field, terms)) for field in others)
    snippets = (around(field, found) for field, found in places if any(found))
    return Hit(
        kind=entry.kind,
        path=entry.path,
        number=entry.number,
        title=whole(title, _places(title, terms)),
        snippets=tuple(islice(snippets, MOST_SNIPPETS)),
        apart=entry.apart,
    )


def _places(field: IndexField, terms: Iterable[Term]) -> list[list[Span]]:
    """Give for each term where it stands in a text."""
    standing = [term if term in field.words else None for term in terms]
    there = list(words(field.text)) if any(standing) else []
    return [list(_standing(there, term)) if term else [] for term in standing]


def _standing(there: list[Word], term: Term) -> Iterator[Span]:
    *before, beginning = term.split(GAP)[1:]
    for n in range(len(before), len(there)):
        first = n - len(before)
        if there[n].folded.startswith(beginning) and before == [w.folded for w in there[first:n]]:
            yield there[first].start, there[n].end
