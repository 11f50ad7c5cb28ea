"""Where a reader of the work itself stands, said by a time, a chapter or an episode.

What was said is understood by how the story counts alone; only a place that was confirmed is
compared with where the scenes stand.
"""

from __future__ import annotations

from explorer.knowledge.known_place import KnownCounting, KnownPlace
from explorer.knowledge.moves import MoveRefused
from explorer.story.marker import Clock, Counting, Kind, Place
from explorer.story.marker_said import MOST_SAID, understood
from explorer.story.marker_words import counters_in_words, made_up_place, place_in_words


def counting(story_counts: Counting | None) -> KnownCounting | None:
    """Give what everybody may know of how a story counts; None where it has no markers."""
    if story_counts is None:
        return None
    kind = story_counts.kind
    return KnownCounting(counters_in_words(kind), made_up_place(kind))


def places_said(story_counts: Counting | None, said: str) -> tuple[KnownPlace, ...]:
    """Say in words what was said: one place, or two readings of a clock, the earlier first.

    Raises MoveRefused for what is not wholly understood. No marker is looked at.
    """
    kind = _kind(story_counts)
    places = understood(kind, said) if len(said) <= MOST_SAID else ()
    if not places:
        raise _not_understood(kind)
    return tuple(
        KnownPlace(place_in_words(kind, place), _is_coarse(kind, place)) for place in places
    )


def last_not_past(story_counts: Counting | None, said: str) -> int:
    """Give the number (from 1) of the last scene whose marker is not past a confirmed place.

    Of two readings the earlier one is meant. Past the last marker it is the scene that has it,
    since a refusal would tell how long the story is. Raises MoveRefused for what is not wholly
    understood, and for a place before the first marker, which would take away what is known
    without a word.
    """
    kind = _kind(story_counts)
    readings = understood(kind, said)
    if not readings:
        raise _not_understood(kind)
    places = enumerate(story_counts.places if story_counts else (), 1)
    passed = [number for number, place in places if place is not None and place <= readings[0]]
    if not passed:
        raise MoveRefused(
            "That is before the first place that this story tells of. Nothing was moved."
        )
    return passed[-1]


def _kind(story_counts: Counting | None) -> Kind:
    if story_counts is None:
        raise MoveRefused(
            "This story carries no times or chapters. Turn to where you are, then say that you "
            "know the story up to there."
        )
    return story_counts.kind


def _not_understood(kind: Kind) -> MoveRefused:
    digits = "in digits or Roman ones" if kind.roman else "in digits"
    return MoveRefused(
        f"This work is counted by {counters_in_words(kind)}. Say where you are in the same way, "
        f"with numbers {digits} and nothing else, for example “{made_up_place(kind)}”."
    )


def _is_coarse(kind: Kind, place: Place) -> bool:
    """Say whether a place names a part of the work, of which the start is meant."""
    return len(place) < len(kind.units) + (kind.clock is not Clock.NONE)
