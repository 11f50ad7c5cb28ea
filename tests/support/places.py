"""The tiny tale from every place in it: what is known there, and what the contract says."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Any

from explorer.knowledge.bookmark import Position, bookmark_of
from explorer.knowledge.bookmark_text import encode
from explorer.knowledge.knowledge import Knowledge
from explorer.knowledge.known import KnownStory
from tests.shield import oracle
from tests.shield.oracle import Oracle
from tests.support import tale

TALE = tale.document()
STORY = tale.told(TALE)
HOME = f"/stories/{TALE['id']}"
END = Position(3, len(STORY.scenes), len(STORY.scenes), finished=True)

# What the oracle says in ids, which never travel.
_IN_IDS = {"key", "start", "reached", "before", "seen", "happened"}


def known(place: Position) -> KnownStory:
    """Give all that the app makes known at a place."""
    return Knowledge.of(STORY, place).whole()


def seen_from(place: Position) -> Oracle:
    """Give what the contract says that a place may know."""
    ids = [scene["id"] for scene in TALE["scenes"]]
    opened, held = (frozenset(ids[n] for n in some) for some in (place.opened, place.withheld))
    reader = oracle.Reader(
        place.threshold, place.reached, place.seen, opened, place.warned, held, place.finished
    )
    return Oracle(TALE, reader)


def cookie(place: Position) -> str:
    """Give the bookmark of a place as a browser keeps it."""
    return encode(bookmark_of(STORY, place))


@cache
def kinds_of_place() -> tuple[Position, ...]:
    """Give one of all places of the tale at which the same is known."""
    different = {}
    for place in (*tale.every_place(STORY), *tale.every_held_place(STORY)):
        asked = Knowledge.of(STORY, place)
        told = tuple(map(asked.rule.told, range(len(STORY.scenes))))
        everything = asked.standing().everything_seen
        earlier = tuple(one.earlier for one in asked.everyone(most=0))
        different[place.threshold, place.reached, place.warned, everything, told, earlier] = place
    return tuple(different.values())


def said(value: Any) -> Iterator[str]:
    """Give all that the oracle or a piece of JSON says, ids of the author left out."""
    if isinstance(value, dict):
        for key, inner in value.items():
            if key not in _IN_IDS and not (key == "person" and isinstance(inner, str)):
                yield from said(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from said(inner)
    elif isinstance(value, str):
        yield value
