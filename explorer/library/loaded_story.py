"""A story in memory: with what was made of it for its readers, and how much room all that takes."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache, partial
from math import inf

from explorer.knowledge.bookmark import Position, position_of
from explorer.knowledge.knowledge import Knowledge
from explorer.knowledge.revision_cache import MOST_SCENES, MOST_WORDS, WORD_BYTES, RevisionCache
from explorer.story.model import Story

MOST_PLACES = 256

# How much memory a library may take, unless told, and a part of one story's in proportion to it.
BUDGET = 256_000_000
SHARE = BUDGET // 8

# What was measured; see `LoadedStory.weight`.
OWN_BYTES, PER_LETTER = 20_000, 7
PLACE_BYTES, PLACE_SCENE_BYTES = 10_000, 1_000
SCENE_BYTES = 1_000

Grown = Callable[[int], None]


def idle(_: int) -> None:
    """Take no notice."""


class LoadedStory:
    """A story in one revision, and what was made of it for the places that readers stand at.

    Many readers stand at the same few places, so each place is thought through once. `weight`
    says about how many bytes all this takes.
    """

    def __init__(
        self, story: Story, now: float = 0.0, size: int = 0, share: int = SHARE, grown: Grown = idle
    ) -> None:
        """Take a story, and when it was asked whether this is its revision.

        `size` is the length of its file. What is made for places, and what is made of scenes,
        may each take `share` bytes and then makes room for newer; `grown` is told of each place.
        """
        self.story = story
        self.asked = now
        # When it was last certain that there is no newer one, by whoever may be written to.
        self.certain = -inf
        self.used = 0
        self._own = OWN_BYTES + PER_LETTER * size
        self._place = PLACE_BYTES + PLACE_SCENE_BYTES * len(story.scenes)
        self._scene = SCENE_BYTES + PER_LETTER * size // len(story.scenes)
        self._memory = memory = RevisionCache(
            story,
            scenes=_between(64, share // self._scene, MOST_SCENES),
            words=_between(10_000, share // WORD_BYTES, MOST_WORDS),
        )
        most = _between(4, share // self._place, MOST_PLACES)
        self.position = lru_cache(most)(partial(position_of, story))
        # It does not lead back here, so that a story which is let go of is gone at once.
        noted = partial(grown, self._place)
        self.knowledge = lru_cache(most)(partial(_knowledge, story, memory, noted))

    @property
    def weight(self) -> int:
        """About how many bytes it takes.

        What a story itself takes is measured to be 5.5 to 7 times the length of its file, a scene
        as known no more than that of its part, and a place, with all its pages asked for, 400 to
        1,300 bytes for each scene of the story: an upper bound for who only reads on.
        """
        places = self.knowledge.cache_info().currsize
        made = self._memory.scenes.weight * self._scene + self._memory.words.weight * WORD_BYTES
        return self._own + places * self._place + made


def _knowledge(
    story: Story, memory: RevisionCache, noted: Callable[[], None], position: Position
) -> Knowledge:
    noted()
    return Knowledge.of(story, position, memory)


def _between(least: int, wanted: int, most: int) -> int:
    return max(least, min(wanted, most))
