"""What is known of a run of scenes as a whole, found without a walk through it. Pure."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence

from explorer.knowledge.bookmark import Position
from explorer.story.model import Story


class Runs:
    """Judges runs of scenes at one place: by sorted positions of what is out of the ordinary."""

    def __init__(self, story: Story, position: Position) -> None:
        """Take a story and a place laid on it."""
        scenes, threshold = story.scenes, position.threshold
        self._position = position
        self._opened = sorted(position.opened)
        self._withheld = sorted(position.withheld - position.opened)
        # Scenes that the threshold alone does not show in full, and those of them that are opened.
        self._above = story.index.above[threshold]
        self._opened_above = [scene for scene in self._opened if scenes[scene].level > threshold]

    def tell(self, start: int, end: int, level: int) -> bool:
        """Whether the scenes from `start` to before `end` are told as what speaks of them asks.

        All must be covered and none withheld, and either the threshold is the level or above it,
        or each is shown in full or in a telling of that level or more.
        """
        position = self._position
        ahead = max(start, position.reached)
        if _count(self._opened, ahead, end) < end - ahead or _count(self._withheld, start, end):
            return False
        if position.threshold >= level:
            return True
        # What the threshold allows is below the level then, and is enough only where it is full.
        unseen, reached = max(start, position.seen), min(end, position.reached)
        return _count(self._above, unseen, reached) == _count(self._opened_above, unseen, reached)


def _count(scenes: Sequence[int], start: int, end: int) -> int:
    """Count those of sorted scenes that lie from `start` to before `end`."""
    return max(0, bisect_left(scenes, end) - bisect_left(scenes, start))
