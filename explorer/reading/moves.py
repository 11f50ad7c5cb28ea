"""The moves of a reading: each takes what a stranger asked for and gives the reading after it.

Gather, decide, apply: what is asked for is looked up, `knowledge` says what may be known and what
becomes of the position, and the reading there has the new bookmark. Nothing is stored.
"""

from __future__ import annotations

from dataclasses import replace

from explorer.knowledge import bookmark_text, moves
from explorer.knowledge.bookmark import FIRST, Bookmark, position_asked
from explorer.knowledge.known import State
from explorer.knowledge.marker_lookup import last_not_past
from explorer.reading.reading import Reading


def started(reading: Reading, threshold: int) -> Reading:
    """Tell up to this level; turn to the first scene, if to none yet. Raises MoveRefused."""
    return reading.at(moves.started(reading.story, reading.position, threshold))


def turned(reading: Reading, origin: str) -> Reading:
    """One scene on, if `origin` is still the last one reached."""
    return reading.at(moves.turned(reading.story, reading.position, origin))


def with_threshold(reading: Reading, threshold: int) -> Reading:
    """Tell up to this level. Raises MoveRefused."""
    return reading.at(moves.with_threshold(reading.story, reading.position, threshold))


def opened(reading: Reading, key: str) -> Reading:
    """Open one scene in spite of the threshold. Raises NotFound, MoveRefused."""
    scene, known = reading.named(key), reading.known
    if known.rule.covers(scene) and known.narrator.scene(scene).state is State.OPEN:
        return reading
    return reading.at(moves.opened(reading.position, scene))


def closed(reading: Reading, key: str) -> Reading:
    """Take an opened scene out again; what is not covered is not open."""
    scene = reading.known.rule.scene_at(key)
    return reading if scene is None else reading.at(moves.closed(reading.position, scene))


def seen(reading: Reading, key: str) -> Reading:
    """The work is known up to this scene; empty: none of it. Raises MoveRefused."""
    return reading.at(moves.seen_up_to(reading.story, reading.position, _count(reading, key)))


def seen_by_marker(reading: Reading, marker: str) -> Reading:
    """The work is known up to the last scene whose marker is not past this one.

    Raises MoveRefused.
    """
    count = last_not_past(reading.story.index.counting, marker)
    return reading.at(moves.seen_at_marker(reading.position, count))


def seen_all(reading: Reading) -> Reading:
    """Everything has been seen."""
    return reading.at(moves.seen_all(reading.story, reading.position))


def back(reading: Reading, key: str, seen: str | None = None) -> Reading:
    """Back to this scene, and with what is known of the work to that one, if it is named.

    Empty: to before the first one. Raises MoveRefused.
    """
    saw = None if seen is None else _count(reading, seen)
    return reading.at(moves.back_to(reading.position, _count(reading, key), saw))


def asking_for_warnings(reading: Reading, warned: bool) -> Reading:
    """Ask, or ask no more, for content warnings before opening."""
    return reading.at(moves.asking_for_warnings(reading.position, warned))


def forgotten(reading: Reading) -> Reading:
    """The first bookmark."""
    first = Reading.of(reading.loaded, FIRST, reading.base)
    return replace(first, moved=reading.bookmark != FIRST)


def carried(reading: Reading, code: str) -> Reading:
    """Take in a code from another device. Raises MoveRefused."""
    story, _, text = "".join(code.split()).partition(".")
    bookmark = bookmark_text.decode(text)
    if bookmark is None:
        raise moves.MoveRefused(
            "This is not a whole code. Copy it again, from its first to its last sign."
        )
    if story != reading.story.id:
        raise moves.MoveRefused("This code is for another story.")
    # A revision that the story has not come to is made up, and not kept.
    real = replace(bookmark, revision=min(bookmark.revision, reading.story.revision))
    there = Reading.of(reading.loaded, real, reading.base)
    return reading if there.position == reading.position else replace(there, moved=True)


def asked(reading: Reading, bookmark: Bookmark, turn: bool) -> Reading:
    """Stand where a program says, or one scene on from there. Raises Unknown."""
    there = reading.at(position_asked(reading.story, bookmark))
    return turned(there, there.known.standing().reached or "") if turn else there


def _count(reading: Reading, key: str) -> int:
    """Count the scenes up to one that was reached; empty: none. Raises MoveRefused."""
    if not key:
        return 0
    scene = reading.known.rule.scene_at(key)
    if scene is None or scene >= reading.position.reached:
        raise moves.MoveRefused("You have not turned to such a scene.")
    return scene + 1
