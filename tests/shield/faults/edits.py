"""Faults of bookmarks: what is remembered of having finished, and what edits do to the rest.

Many of them show under an edit alone, which twins seldom see. So each names the tests that stand
guard.
"""

from __future__ import annotations

from tests.shield.faults import Fault

_BOOKMARK = "tests/knowledge/test_bookmark.py"
_KNOWLEDGE = "tests/knowledge/test_knowledge.py"


def guarded(guard: str, surface: str, wrong: str, old: str, new: str) -> Fault:
    """Give a fault of one edit that some tests are to find."""
    return Fault(surface, wrong, ((old, new),), guard)


EDITS = (
    guarded(
        f"{_KNOWLEDGE} -k everything_has_been_seen",
        "The end",
        "what waits for everything to be seen is told to one who has not said so",
        "self.everything_seen = position.finished and all_seen",
        "self.everything_seen = all_seen",
    ),
    guarded(
        f"{_BOOKMARK} -k finished",
        "The end",
        "one who is past the last marker has finished",
        "finished=position.finished and count == position.seen)",
        "finished=count == position.seen)",
    ),
    guarded(
        f"{_BOOKMARK} -k releases",
        "Newcomers that a reader goes past",
        "a word on what was seen tells of all that is withheld",
        "frozenset(scene for scene in position.withheld if scene >= count)",
        "frozenset()",
    ),
)
