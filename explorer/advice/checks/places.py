"""Places with a name, and the passages that name one before it is told.

A full telling may name any place: the work itself does so there; and so may what all may know. A
lesser telling, a summary or a fact should not, unless its first readers were told of the place.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import groupby

from explorer.advice.first_readers import Reader
from explorer.advice.languages.vocabulary import stopwords
from explorer.advice.manuscript import Manuscript, Passage, Role, Spot
from explorer.advice.name_index import CAPITAL_NOUNS, Words
from explorer.story.language import primary
from explorer.story.model import Condition
from explorer.story.tokens import words
from explorer.storyfile.problems import Problem, quoted

# Where a place is known, one of its first tellings nearly always shows it.
_MOST_ASKED = 200


class Map:
    """The places of a story that have a name, and the passages that may tell of them."""

    def __init__(self, script: Manuscript) -> None:
        """Take a story with its passages."""
        language = primary(script.story.language)
        self._script = script
        self._names = {} if language in CAPITAL_NOUNS else _names(script)
        self._heads = {name[0] for name in self._names}
        self._longest = max(map(len, self._names), default=0)
        self._tellers: dict[Words, list[Passage]] = defaultdict(list)
        for passage in script.passages:
            if self._tells(passage):
                for name in self.found(passage):
                    if len(self._tellers[name]) < _MOST_ASKED:
                        self._tellers[name].append(passage)

    def found(self, passage: Passage) -> Iterator[Words]:
        """Give the named places in a passage, each once."""
        seen: set[Words] = set()
        for at, word in enumerate(passage.words):
            if word in self._heads and passage.text[passage.starts[at]].isupper():
                for count in range(self._longest, 0, -1):
                    name = passage.words[at : at + count]
                    if name in self._names and name not in seen:
                        seen.add(name)
                        yield name

    def is_known(self, name: Words, reader: Reader) -> bool:
        """Whether a reader is shown a passage that may tell of a place."""
        return any(teller.is_shown(reader) for teller in self._tellers[name])

    def spelled(self, name: Words) -> str:
        """Give a place as its author writes it."""
        return self._names[name]

    def _tells(self, passage: Passage) -> bool:
        """Whether a passage may name a place that was not told before."""
        if isinstance(passage.told, Spot):
            return passage.role is Role.PLACE or self._script.is_full(passage.told)
        return passage.told == Condition()


def early_places(script: Manuscript) -> Iterator[Problem]:
    """Find named places that the first readers of a passage were not told of."""
    places = Map(script)
    for passage in script.passages:
        for name in places.found(passage):
            readers = (script.readers.at(place) for place in passage.places)
            if not all(places.is_known(name, reader) for reader in readers):
                yield Problem(
                    passage.path,
                    f"names the place {quoted(places.spelled(name))} before it is told",
                    "Say it without the name, or name it from this level on where it is told.",
                )


def _names(script: Manuscript) -> dict[Words, str]:
    """Give the names in the places of all tellings: words with capital letters, side by side."""
    ordinary = _no_places(script) | script.small
    names: dict[Words, str] = {}
    for passage in script.passages:
        if passage.role is Role.PLACE:
            for name, text in _capitals(passage):
                if set(name) - ordinary:
                    names.setdefault(name, text)
    return names


def _capitals(passage: Passage) -> Iterator[tuple[Words, str]]:
    def is_capital(at: int) -> bool:
        return passage.text[passage.starts[at]].isupper()

    for capital, run in groupby(range(len(passage.words)), is_capital):
        if capital:
            bounds = list(run)
            first, last = bounds[0], bounds[-1]
            text = passage.text[passage.starts[first] : passage.ends[last]]
            yield passage.words[first : last + 1], text


def _no_places(script: Manuscript) -> set[str]:
    """Give the words that name no place by themselves, beside those in small letters."""
    story = script.story
    found = set(stopwords(story.language)) | _words([story.title])
    for person in story.people:
        found |= _words(name.name for name in (*person.names, *person.also))
    return found


def _words(texts: Iterable[str]) -> set[str]:
    return {word.folded for text in texts for word in words(text)}
