"""What was made of one revision of a story for some readers, and serves others as well.

Everything in here stands under all that it depends on, so who asked before makes no difference.
"""

from __future__ import annotations

from collections.abc import Hashable
from functools import cached_property
from itertools import count
from threading import Lock
from typing import Generic, TypeVar

from explorer.knowledge.known import KnownScene, KnownWho, KnownWords
from explorer.knowledge.segments import Stretch, cut
from explorer.story.model import Story

# A scene has few forms; this keeps hostile bookmarks from filling the memory of a huge story.
MOST_SCENES = 20_000
MOST_WORDS = 4_000_000

# What was measured: a word in a list, the word itself being in others too.
WORD_BYTES = 16

_Value = TypeVar("_Value")


class Kept(Generic[_Value]):
    """Values by their keys, of so much weight together at most: then it begins anew."""

    def __init__(self, most: int) -> None:
        """Begin with none."""
        self._most = most
        self._values: dict[Hashable, _Value] = {}
        self._lock = Lock()
        self.weight = 0

    def __len__(self) -> int:
        """Give how many there are."""
        return len(self._values)

    def get(self, key: Hashable) -> _Value | None:
        """Give what stands under a key."""
        return self._values.get(key)

    def keep(self, key: Hashable, value: _Value, weight: int = 1) -> _Value:
        """Keep a value, and give the one that stands there: another thread's, if it was first."""
        with self._lock:
            if key in self._values:
                return self._values[key]
            if self.weight + weight > self._most:
                self._values.clear()
                self.weight = 0
            self._values[key] = value
            self.weight += weight
            return value


class Memory:
    """The memory of one revision: its scenes, and the words of its stretches."""

    def __init__(self, story: Story, scenes: int = MOST_SCENES, words: int = MOST_WORDS) -> None:
        """Take the story, and how many scenes and words to hold at most."""
        self._story = story
        self.scenes: Kept[KnownScene] = Kept(scenes)
        self.words: Kept[KnownWords] = Kept(words)
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
