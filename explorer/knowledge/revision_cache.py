"""What was made of one revision of a story for some readers, and serves others as well.

Everything in here stands under all that it depends on, so who asked before makes no difference.
"""

from __future__ import annotations

from collections.abc import Hashable
from functools import cached_property
from itertools import count

from explorer.bounded_cache import BoundedCache
from explorer.knowledge.known import KnownScene, KnownWho
from explorer.knowledge.known_words import KnownWords
from explorer.knowledge.scene_segments import Stretch, cut
from explorer.story.model import Story

# A scene has few forms; this keeps hostile bookmarks from filling the memory of a huge story.
MOST_SCENES = 20_000
MOST_WORDS = 4_000_000

# What was measured: a word in a list, the word itself being in others too.
WORD_BYTES = 16


class RevisionCache:
    """The memory of one revision: its scenes, and the words of its stretches."""

    def __init__(self, story: Story, scenes: int = MOST_SCENES, words: int = MOST_WORDS) -> None:
        """Take the story, and how many scenes and words to hold at most."""
        self._story = story
        self.scenes: BoundedCache[Hashable, KnownScene] = BoundedCache(scenes)
        self.words: BoundedCache[Hashable, KnownWords] = BoundedCache(words)
        self._numbers: dict[KnownWho | None, int] = {}
        self._vocabulary: dict[str, str] = {}
        self._count = count()

    @cached_property
    def stretches(self) -> tuple[Stretch, ...]:
        """The longest stretches of the story."""
        return cut(self._story)

    def number(self, who: KnownWho | None) -> int:
        """Give the number of a person under a name: the same for the same, for others another."""
        # Two threads may come at once: a number may be lost, but none is given twice.
        return self._numbers.setdefault(who, next(self._count))

    def word(self, word: str) -> str:
        """Give the one copy of a word, which stands in the lists of many stretches."""
        return self._vocabulary.setdefault(word, word)
