"""How a bookmark moves: the reader's own POST, and what it makes of the bookmark.

Scenes are named by their numbers, 0 for none, as the reader's form names them by keys.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from tests.shield.oracle.knowing import Oracle
from tests.shield.oracle.reader import Entry, Reader

MOST_OPENED = 200

# Where a marker or a saying stands, as numbers in the story's own order: act 2, scene 1 is (2, 1).
# A coarser place is shorter, and so sorts before all that is in it. None can not be compared.
Position = tuple[float, ...] | None


class Refused(Exception):  # noqa: N818  It is what the reader is told.
    """A value out of range: the form comes back, and nothing moves."""


def start(document: Entry, reader: Reader, level: int) -> Reader:
    """Set the threshold and, where nothing has been reached, turn to the first scene."""
    accepting = threshold(document, reader, level)
    return _turned_to(document, accepting, 1) if reader.reached == 0 else accepting


def turn(document: Entry, reader: Reader, origin: int, by: str = "scene") -> Reader:
    """Go on, if `origin` is still the last scene reached; otherwise nothing."""
    if by not in ("scene", "told", "part", "end"):
        raise Refused(by)
    count = len(document["scenes"])
    if origin != reader.reached or reader.reached == count:
        return _said(document, reader)
    further = range(reader.reached + 1, count + 1)
    stops = [number for number in further if _stops(document, reader, number, by)]
    return _turned_to(document, reader, stops[0] if stops else count)


def _stops(document: Entry, reader: Reader, number: int, by: str) -> bool:
    """Whether one who goes on stops at a scene, judged by the bookmark after the move."""
    after = Oracle(document, _turned_to(document, reader, number))
    scene = after.order[number - 1]
    if by == "told":
        return after.told[scene] is not None
    if by == "part":
        return scene in [part["start"] for part in after.parts()]
    return by == "scene"


def _turned_to(document: Entry, reader: Reader, number: int) -> Reader:
    """Move forward, which releases what an edit withheld."""
    return replace(_said(document, reader), reached=number, withheld=frozenset())


def threshold(document: Entry, reader: Reader, level: int) -> Reader:
    """Set the threshold; opened scenes stay open."""
    if not 0 <= level < len(document["levels"]):
        raise Refused(level)
    return replace(_said(document, reader), threshold=level)


def open_one(document: Entry, reader: Reader, ident: str) -> Reader:
    """Open a scene; one that is shown in full already needs no opening."""
    oracle = Oracle(document, reader)
    if oracle.tells(ident, None):
        return _said(document, reader)
    if len(reader.opened) >= MOST_OPENED:
        raise Refused(ident)
    return replace(_said(document, reader), opened=reader.opened | {ident})


def close_one(document: Entry, reader: Reader, ident: str) -> Reader:
    """Take a scene out of those opened."""
    return replace(_said(document, reader), opened=reader.opened - {ident})


def see_all(document: Entry, reader: Reader) -> Reader:
    """Say that everything has been seen."""
    return _seen(document, reader, len(document["scenes"]))


def see(document: Entry, reader: Reader, number: int) -> Reader:
    """Say up to which of the scenes reached the work is known; 0 for none of it."""
    if not 0 <= number <= reader.reached:
        raise Refused(number)
    return _seen(document, reader, number)


def see_marker(
    document: Entry, reader: Reader, positions: Sequence[Position], said: tuple[float, ...]
) -> Reader:
    """Say it by a place in the work, understood and confirmed; `positions` are the scenes'.

    It names no scene, so it finishes nothing: a place past the last marker is the last scene.
    """
    number = scene_at(positions, said)
    had = Oracle(document, reader).everything_seen()
    return replace(_seen(document, reader, number), finished=had and number == reader.seen)


def scene_at(positions: Sequence[Position], said: tuple[float, ...]) -> int:
    """The number of the last scene that stands somewhere not past what was said."""
    passed = [n for n, place in enumerate(positions, 1) if place is not None and place <= said]
    if not passed:
        raise Refused(said)
    return passed[-1]


def _seen(document: Entry, reader: Reader, number: int) -> Reader:
    """Only what is withheld up to there is released, and only the last scene finishes."""
    seen = Oracle(document, reader).order[:number]
    return replace(
        reader,
        reached=max(reader.reached, number),
        seen=number,
        withheld=reader.withheld - set(seen),
        finished=number == len(document["scenes"]),
    )


def back(document: Entry, reader: Reader, number: int, seen: int | None = None) -> Reader:
    """Go back to an earlier scene, with what was seen; further with that, where it says so."""
    least = reader.seen if seen is None else seen
    if not 0 <= number <= reader.reached or not 0 <= least <= reader.reached:
        raise Refused(number)
    fallen = replace(_said(document, reader), seen=min(reader.seen, number, least))
    if number < reader.reached:
        upto = frozenset(Oracle(document, reader).order[:number])
        opened, withheld = reader.opened & upto, reader.withheld & upto
        fallen = replace(fallen, reached=number, opened=opened, withheld=withheld)
    return _said(document, fallen)


def warn(document: Entry, reader: Reader, wanted: bool) -> Reader:
    """Ask for content warnings, or no longer."""
    return replace(_said(document, reader), warned=wanted)


def forget() -> Reader:
    """Give the first bookmark."""
    return Reader(finished=False)


def _said(document: Entry, reader: Reader) -> Reader:
    """The bookmark with what it remembers of having finished, as true as it is by now."""
    return replace(reader, finished=Oracle(document, reader).everything_seen())
