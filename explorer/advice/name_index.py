"""All names of a story, and where an author writes them out; in plain letters, not as a link."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from explorer.advice.first_readers import Reader
from explorer.advice.languages.vocabulary import stopwords
from explorer.advice.manuscript import Manuscript, Passage, Role
from explorer.story.language import primary
from explorer.story.model import Condition
from explorer.story.tokens import words

# In these every noun begins with a capital letter, so that none is a mark of a name.
CAPITAL_NOUNS = {"de", "lb"}
_SENTENCE_START = re.compile(r"(?:^|[.!?:…][”\"'’»)]*\s+|[“\"«„])$")
# Signs of Korean, where what a word is in its sentence is written onto its end.
_HANGUL = re.compile("[가-힣]+")
_MOST_ENDING = 3

Words = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Spelling:
    """A name as folded words; `is_part` says that it is only one word of the whole name."""

    words: Words
    name: str
    person: int
    condition: Condition
    is_part: bool = False

    @property
    def is_capital(self) -> bool:
        """Whether a capital letter marks it as a name."""
        return self.name[:1].isupper()


@dataclass(frozen=True, slots=True)
class NameMatch:
    """Where a spelling stands in a passage: from the first of its words up to the end."""

    start: int
    end: int
    spellings: tuple[Spelling, ...]


class Glossary:
    """All names of a story, to find in its passages."""

    def __init__(self, script: Manuscript) -> None:
        """Take a story with its passages."""
        self._script = script
        self._language = primary(script.story.language)
        self._stop = stopwords(script.story.language)
        title = (word.folded for word in words(script.story.title))
        self._told = {form[0] for word in title for form in forms((word,))}
        whole = [s for s in _whole(script) if not set(s.words) <= self._told]
        self._by_words: dict[Words, list[Spelling]] = defaultdict(list)
        for spelling in [*filter(self._is_telling, whole), *self._parts(whole)]:
            self._by_words[spelling.words].append(spelling)
        self._longest: dict[str, int] = {}
        for found in sorted(self._by_words, key=len):
            self._longest[found[0]] = len(found)
        self._lengths: dict[str, int] = {}
        self._found: dict[Passage, tuple[NameMatch, ...]] = {}

    def found(self, passage: Passage) -> tuple[NameMatch, ...]:
        """Find the names in a passage, of several at one place the longest."""
        if passage not in self._found:
            self._found[passage] = tuple(self._matches(passage))
        return self._found[passage]

    def is_known(self, match: NameMatch, reader: Reader) -> bool:
        """Whether a reader knows any of the names that it can be."""
        return any(reader.rule.holds(spelling.condition) for spelling in match.spellings)

    # --- what is looked for ---

    def _is_telling(self, spelling: Spelling) -> bool:
        """Whether a name says who it is wherever it stands, unlike "the girl"."""
        if spelling.is_capital:
            return True
        if spelling.name[:1].islower():
            return len(set(spelling.words) - self._stop) > 1
        return len(spelling.name) > 1

    def _parts(self, whole: Iterable[Spelling]) -> Iterator[Spelling]:
        """Give single words of names that occur as nothing but names, like a surname."""
        if self._language in CAPITAL_NOUNS:
            return
        for spelling in whole:
            if len(spelling.words) < 2:
                continue
            for word in words(spelling.name):
                text = spelling.name[word.start : word.end]
                if text[0].isupper() and len(text) > 2 and self._is_own(word.folded):
                    yield Spelling((word.folded,), text, spelling.person, spelling.condition, True)

    def _is_own(self, word: str) -> bool:
        return not any(word in known for known in (self._script.small, self._stop, self._told))

    # --- where it is found ---

    def _matches(self, passage: Passage) -> Iterator[NameMatch]:
        known, end = self._lengths, 0
        for at, word in enumerate(passage.words):
            length = known[word] if word in known else self._length(word)
            match = self._longest_at(passage, at, length) if length and at >= end else None
            if match is not None:
                yield match
                end = match.end

    def _longest_at(self, passage: Passage, at: int, length: int) -> NameMatch | None:
        for count in range(min(length, len(passage.words) - at), 0, -1):
            for form in forms(passage.words[at : at + count]):
                spellings = self._fitting(passage, at, self._by_words.get(form, ()))
                if spellings:
                    return NameMatch(at, at + count, spellings)
        return None

    def _length(self, word: str) -> int:
        """Give how long a name is at most that begins with a word; remembered, as words recur."""
        self._lengths[word] = max(self._longest.get(form[0], 0) for form in forms((word,)))
        return self._lengths[word]

    def _fitting(
        self, passage: Passage, at: int, spellings: Iterable[Spelling]
    ) -> tuple[Spelling, ...]:
        start = passage.starts[at]
        is_capital = passage.text[start].isupper()
        return tuple(
            spelling
            for spelling in spellings
            if not spelling.is_capital
            or (is_capital and not self._may_be_ordinary(spelling, passage, start))
        )

    def _may_be_ordinary(self, spelling: Spelling, passage: Passage, start: int) -> bool:
        """Whether a capital letter says nothing, since the word may begin a sentence or title."""
        if len(spelling.words) > 1 or spelling.words[0] not in self._script.small:
            return False
        is_line = passage.role not in (Role.TEXT, Role.FACT, Role.SUMMARY, Role.PREMISE)
        return is_line or _SENTENCE_START.search(passage.text[:start][-8:]) is not None


def forms(found: Words) -> Iterator[Words]:
    """Give words as they are, and with what their last one may have at its end taken off."""
    yield found
    last = found[-1]
    if last.endswith("s") and len(last) > 3:
        yield (*found[:-1], last[:-1])
    if _HANGUL.fullmatch(last):
        # A single sign is no word by itself, but it can be the last one of several.
        shortest = 2 if len(found) == 1 else 1
        for length in range(len(last) - 1, max(shortest, len(last) - _MOST_ENDING) - 1, -1):
            yield (*found[:-1], last[:length])


def _whole(script: Manuscript) -> Iterator[Spelling]:
    for n, person in enumerate(script.story.people):
        for name in (*person.names, *person.also):
            found = tuple(word.folded for word in words(name.name))
            if found:
                yield Spelling(found, name.name, n, name.condition)
