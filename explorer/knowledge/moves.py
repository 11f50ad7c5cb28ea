"""How a reader moves: each move takes a place and gives the place that it leads to.

A move that asks for something out of range is refused. Nothing in here decides what may be known.
"""

from __future__ import annotations

from dataclasses import replace

from explorer.knowledge.bookmark import MOST_OPENED, Position
from explorer.story.model import Story


class MoveRefused(ValueError):  # noqa: N818  It is an answer, in words for the reader.
    """A move asked for something out of range; the words are for the reader."""


def turned(story: Story, place: Position, origin: str) -> Position:
    """Move one scene on, if `origin` (empty: none) is still the last scene reached."""
    last = story.scenes[place.reached - 1].key if place.reached else ""
    at = story.index.scene_at
    here = origin == last or (origin in at and at[origin] == place.reached - 1)
    if not here or place.reached == len(story.scenes):
        return place
    return replace(place, reached=place.reached + 1, held=frozenset())


def with_threshold(story: Story, place: Position, threshold: int) -> Position:
    """Accept telling up to a level; opened scenes stay open."""
    if not 0 <= threshold < len(story.levels):
        raise MoveRefused("There is no such level in this story.")
    return replace(place, threshold=threshold)


def opened(place: Position, scene: int) -> Position:
    """Open one scene in spite of the threshold; one that is shown in full is not for here."""
    if scene not in place.opened and len(place.opened) >= MOST_OPENED:
        raise MoveRefused(
            f"You have opened {MOST_OPENED} scenes one by one, which is as many as fit. "
            "Raise how much you may be told, or close some."
        )
    return replace(place, opened=place.opened | {scene})


def closed(place: Position, scene: int) -> Position:
    """Take an opened scene out again."""
    return replace(place, opened=place.opened - {scene})


def seen_up_to(place: Position, count: int) -> Position:
    """Say that the work itself is known up to the scene with this number; 0 for nothing."""
    further = count > place.seen
    return replace(
        place,
        seen=count,
        reached=max(place.reached, count),
        held=frozenset() if further else place.held,
    )


def back_to(place: Position, count: int) -> Position:
    """Go back to the scene with this number; what was seen or opened beyond is taken back too."""
    if count >= place.reached:
        return place
    return replace(
        place,
        reached=count,
        seen=min(place.seen, count),
        opened=frozenset(i for i in place.opened if i < count),
        held=frozenset(i for i in place.held if i < count),
    )


def asking_for_warnings(place: Position, warned: bool) -> Position:
    """Ask, or ask no more, for content warnings before opening."""
    return replace(place, warned=warned)
