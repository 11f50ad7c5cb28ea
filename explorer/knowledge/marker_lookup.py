"""Where a reader of the work itself stands, said by a time, a chapter or an episode."""

from __future__ import annotations

from collections.abc import Iterable

from explorer.knowledge.moves import MoveRefused
from explorer.story.marker import kind_of, position
from explorer.story.marker_said import understood


def last_not_past(markers: Iterable[str | None], said: str) -> int:
    """Give the number (from 1) of the last scene whose marker is not past what was said.

    Raises MoveRefused for what is not wholly understood as the story counts, for a place before
    the first marker, since it would take away what is known without a word, and for one whose
    first number is beyond the last marker, which would tell the whole story.
    """
    written = list(markers)
    kind = kind_of(written)
    places = [] if kind is None else [m and position(kind, m) for m in written]
    counted = [(number, place) for number, place in enumerate(places, 1) if place]
    if kind is None or not counted:
        raise MoveRefused(
            "This story carries no times or chapters. Turn to where you are, then say that you "
            "know the story up to there."
        )
    readings = understood(kind, said)
    if not readings:
        raise MoveRefused(
            "Say where you are as this work counts it, with numbers in digits and nothing else."
        )
    # Nothing asks back yet: of a clock of two numbers the story's own reading is taken.
    wanted = readings[-1]
    hourly = not kind.units
    if _first(wanted, hourly) > max(_first(place, hourly) for _, place in counted):
        raise MoveRefused("That is beyond the end of this story as it is told here.")
    number = max((number for number, place in counted if place <= wanted), default=0)
    if not number:
        raise MoveRefused("That is before the first place of this story as it is told here.")
    return number


def _first(place: tuple[float, ...], hourly: bool) -> float:
    """Give the coarsest number of a place: of a clock alone, its hours."""
    return place[0] // 3600 if hourly else place[0]
