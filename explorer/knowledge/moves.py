"""How a reader moves: each move takes a position and gives the position that it leads to.

A move that asks for something out of range is refused. Nothing in here decides what may be known.
"""

from __future__ import annotations

from dataclasses import replace

from explorer.knowledge.bookmark import MOST_OPENED, Position
from explorer.story.model import Story


class MoveRefused(ValueError):  # noqa: N818  It is an answer, in words for the reader.
    """A move asked for something out of range; the words are for the reader."""


def started(story: Story, position: Position, threshold: int) -> Position:
    """Accept telling up to a level and, where nothing was reached, turn to the first scene."""
    accepting = with_threshold(story, position, threshold)
    return accepting if position.reached else replace(accepting, reached=1, withheld=frozenset())


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


def seen_up_to(story: Story, position: Position, count: int) -> Position:
    """Say that the work is known up to the scene with this number, named as such; 0 for nothing.

    Whoever names the last scene says that everything has been seen.
    """
    return _seen(position, count, finished=count == len(story.scenes))


def seen_all(story: Story, position: Position) -> Position:
    """Say that everything has been seen."""
    return seen_up_to(story, position, len(story.scenes))


def seen_at_marker(position: Position, count: int) -> Position:
    """Say that the work is known up to a place in it, where the scene with this number stands.

    A place past the last marker leads to the last scene, so this is no word on having finished.
    """
    return _seen(position, count, finished=position.finished and count == position.seen)


def _seen(position: Position, count: int, *, finished: bool) -> Position:
    """Only what is withheld up to the new place is released."""
    return replace(
        position,
        seen=count,
        reached=max(position.reached, count),
        withheld=frozenset(scene for scene in position.withheld if scene >= count),
        finished=finished,
    )


def back_to(position: Position, count: int, seen: int | None = None) -> Position:
    """Go back to the scene with this number; what was seen or opened beyond is taken back too.

    `seen` takes back further what was seen, to the scene with that number.
    """
    reached = min(position.reached, count)
    kept = min(position.seen, reached if seen is None else min(reached, seen))
    opened, withheld = position.opened, position.withheld
    if reached < position.reached:
        opened = frozenset(scene for scene in opened if scene < reached)
        withheld = frozenset(scene for scene in withheld if scene < reached)
    finished = position.finished and kept == position.seen
    return replace(
        position, reached=reached, seen=kept, opened=opened, withheld=withheld, finished=finished
    )


def asking_for_warnings(position: Position, warned: bool) -> Position:
    """Ask, or ask no more, for content warnings before opening."""
    return replace(position, warned=warned)
