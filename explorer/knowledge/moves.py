"""How a reader moves: each move takes a position and gives the position that it leads to.

A move that asks for something out of range is refused. Nothing in here decides what may be known.
"""

from __future__ import annotations

from dataclasses import replace

from explorer.knowledge.bookmark import MOST_OPENED, Position
from explorer.story.model import Story


class MoveRefused(ValueError):  # noqa: N818  It is an answer, in words for the reader.
    """A move asked for something out of range; the words are for the reader."""


def turned(story: Story, position: Position, origin: str) -> Position:
    """Move one scene on, if `origin` (empty: none) is still the last scene reached."""
    last = story.scenes[position.reached - 1].key if position.reached else ""
    at = story.index.scene_at
    here = origin == last or (origin in at and at[origin] == position.reached - 1)
    if not here or position.reached == len(story.scenes):
        return position
    return replace(position, reached=position.reached + 1, withheld=frozenset())


def with_threshold(story: Story, position: Position, threshold: int) -> Position:
    """Accept telling up to a level; opened scenes stay open."""
    if not 0 <= threshold < len(story.levels):
        raise MoveRefused("There is no such level in this story.")
    return replace(position, threshold=threshold)


def opened(position: Position, scene: int) -> Position:
    """Open one scene in spite of the threshold; one that is shown in full is not for here."""
    if scene not in position.opened and len(position.opened) >= MOST_OPENED:
        raise MoveRefused(
            f"You have opened {MOST_OPENED} scenes one by one, which is as many as fit. "
            "Raise how much you may be told, or close some."
        )
    return replace(position, opened=position.opened | {scene})


def closed(position: Position, scene: int) -> Position:
    """Take an opened scene out again."""
    return replace(position, opened=position.opened - {scene})


def seen_up_to(position: Position, count: int) -> Position:
    """Say that the work itself is known up to the scene with this number; 0 for nothing."""
    further = count > position.seen
    return replace(
        position,
        seen=count,
        reached=max(position.reached, count),
        withheld=frozenset() if further else position.withheld,
    )


def back_to(position: Position, count: int) -> Position:
    """Go back to the scene with this number; what was seen or opened beyond is taken back too."""
    if count >= position.reached:
        return position
    return replace(
        position,
        reached=count,
        seen=min(position.seen, count),
        opened=frozenset(i for i in position.opened if i < count),
        withheld=frozenset(i for i in position.withheld if i < count),
    )


def asking_for_warnings(position: Position, warned: bool) -> Position:
    """Ask, or ask no more, for content warnings before opening."""
    return replace(position, warned=warned)
