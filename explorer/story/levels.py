"""What becomes of the level that a reader accepts where the author changes the levels of a story.

A number means nothing on another scale, so levels are known by their names, and by those they had.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import takewhile

from explorer.story.model import Level


def accepted(levels: Sequence[Level], then: Sequence[str], threshold: int) -> int:
    """Give the level of today for one who accepted a level of the names that there were then.

    It is the highest one up to which every level was there then, none of them above what the
    reader accepted. Where there was no such level, it is 0.
    """
    if threshold >= len(then):
        return 0
    if [level.name for level in levels] == list(then):
        return threshold
    known = takewhile(lambda level: 0 <= stood(level, then) <= threshold, levels)
    return max(0, len(list(known)) - 1)


def stood(level: Level, then: Sequence[str]) -> int:
    """Give the place that a level had; the highest where it had several, -1 for a new one."""
    return max((n for n, name in enumerate(then) if name in level.names), default=-1)
