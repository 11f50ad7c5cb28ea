"""In which passages of a story a word stands, whatever its ending, and who has read it there."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection

from explorer.advice.first_readers import Reader
from explorer.advice.languages.vocabulary import stem, stopwords, turning
from explorer.advice.manuscript import Manuscript, Passage

# A word that stands in more passages than this is no secret of one scene.
_MOST_USES = 25


class Lexicon:
    """The words of a story that tell something, as stems."""

    def __init__(self, script: Manuscript) -> None:
        """Take a story with its passages."""
        self._language = script.story.language
        self._stop = stopwords(self._language)
        self._stems: dict[str, str] = {}
        self._matters = turning(self._language)
        self._uses: dict[str, list[Passage]] = defaultdict(list)
        for passage in script.passages:
            for word in self.stems(passage):
                if len(self._uses[word]) <= _MOST_USES:
                    self._uses[word].append(passage)

    def stems(self, *passages: Passage) -> frozenset[str]:
        """Give the words of passages that tell something."""
        known = self._stems
        found = {
            known[word] if word in known else self._stem(word)
            for passage in passages
            for word in passage.words
        }
        return frozenset(found - {""})

    def matter(self, word: str) -> int | None:
        """Give the matter on which a plot turns that a word tells of, if it does."""
        return self._matters.get(word)

    def is_known(self, word: str, reader: Reader, but: Collection[Passage]) -> bool:
        """Whether a word is common, or a reader has it from another passage than some."""
        uses = self._uses[word]
        return len(uses) > _MOST_USES or any(
            passage not in but and passage.is_shown(reader) for passage in uses
        )

    def is_known_matter(self, matter: int, reader: Reader, but: Collection[Passage]) -> bool:
        """Whether a reader has any word for a matter from another passage than some."""
        words = (word for word, number in self._matters.items() if number == matter)
        return any(word in self._uses and self.is_known(word, reader, but) for word in words)

    def written(self, passage: Passage, word: str) -> str | None:
        """Give a word as a passage has it, if it does."""
        for n, one in enumerate(passage.words):
            if self._stems[one] == word:
                return passage.text[passage.starts[n] : passage.ends[n]]
        return None

    def _stem(self, word: str) -> str:
        """Give a word's stem, empty for one that tells nothing; it is remembered."""
        is_telling = word not in self._stop and (len(word) > 2 or not word.isascii())
        self._stems[word] = stem(word, self._language) if is_telling else ""
        return self._stems[word]
