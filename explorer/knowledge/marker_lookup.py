"""Where a reader of the work itself stands, said by a time, a chapter or an episode."""

from __future__ import annotations

from collections.abc import Iterable

from explorer.knowledge.moves import MoveRefused
from explorer.story.marker import reading as mark_of


def last_not_past(markers: Iterable[str | None], said: str) -> int:
    """Give the number (from 1) of the last scene whose marker is not past what was said, else 0.

    Raises MoveRefused for what cannot be compared with the story's own markers. A bare "45" where
    the story counts "00:45", or "58:12" where it counts hours, would be past everything and tell
    the whole story, so what is coarser than the markers or beyond their range is refused.
    """
    marks = [(number, mark_of(m)) for number, m in enumerate(markers, 1) if m is not None]
    wanted = mark_of(said)
    if not marks:
        raise MoveRefused(
            "This story carries no times or chapters. Turn to where you are, then say that you "
            "know the story up to there."
        )
    if not wanted or len(wanted) < min(len(mark) for _, mark in marks):
        raise MoveRefused("Say where you are as the work counts it, such as 00:45 or chapter 7.")
    if wanted[0] > max(mark[0] for _, mark in marks):
        raise MoveRefused("That is beyond the end of this story as it is told here.")
    return max((number for number, mark in marks if mark <= wanted), default=0)
