"""Edits never reveal: a bookmark of an older revision, laid on the story as it is now."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from tests.shield.oracle.reader import Entry, Reader


@dataclass(frozen=True)
class Outline:
    """What is kept of a revision: the order of its scenes, and the names of its levels."""

    scenes: tuple[str, ...]
    levels: tuple[str, ...]


@dataclass(frozen=True)
class Bookmark:
    """A bookmark as it is kept: ids of scenes, on some revision."""

    threshold: int = 0
    reached: str | None = None
    seen: str | None = None
    opened: frozenset[str] = frozenset()
    warned: bool = False
    withheld: frozenset[str] = frozenset()
    finished: bool | None = None


def outline(document: Entry) -> Outline:
    """What is kept of a revision that a file is."""
    scenes = tuple(scene["id"] for scene in document["scenes"])
    return Outline(scenes, tuple(level["name"] for level in document["levels"]))


def kept(document: Entry, reader: Reader) -> Bookmark:
    """The bookmark of one who reads a file."""
    order = outline(document).scenes
    return Bookmark(
        reader.threshold,
        order[reader.reached - 1] if reader.reached else None,
        order[reader.seen - 1] if reader.seen else None,
        reader.opened,
        reader.warned,
        reader.withheld,
        reader.finished,
    )


def laid(document: Entry, then: Outline | None, bookmark: Bookmark) -> Reader:
    """The bookmark on today's story; `then` is None where nobody knows its revision."""
    if then is None:
        return _on_unknown(document, bookmark)
    before = {s["id"]: _places_before(s, then) for s in document["scenes"]}
    order = list(before)
    reached = _fallen(before, _place(then, bookmark.reached))
    seen = min(_fallen(before, _place(then, bookmark.seen)), reached)
    newcomers = [
        scene
        for number, scene in enumerate(order, 1)
        if (number <= reached and not _stood(before[scene], _place(then, bookmark.reached)))
        or (number <= seen and not _stood(before[scene], _place(then, bookmark.seen)))
    ]
    still = [one for one in _named(document, then, bookmark.withheld) if one in order[:reached]]
    withheld = frozenset([*newcomers, *still])
    said = bookmark.finished
    if said is None:
        said = then.scenes[-1:] == (bookmark.seen,)
    return Reader(
        _threshold(document, then, bookmark.threshold),
        reached,
        seen,
        frozenset(_opened(document, then, bookmark.opened)),
        bookmark.warned,
        withheld,
        said and seen == len(order) and not withheld & set(order[:seen]),
    )


def _on_unknown(document: Entry, bookmark: Bookmark) -> Reader:
    """Of a revision that nobody knows: scenes where they are now, no level, nothing finished."""
    nobody = Outline((), ())
    order = outline(document).scenes

    def number(scene: str | None) -> int:
        found = _named(document, nobody, [scene] if scene else [])
        return order.index(found[0]) + 1 if found else 0

    reached = number(bookmark.reached)
    withheld = _named(document, nobody, bookmark.withheld)
    return Reader(
        0,
        reached,
        min(number(bookmark.seen), reached),
        frozenset(_named(document, nobody, bookmark.opened)),
        bookmark.warned,
        frozenset(scene for scene in withheld if scene in order[:reached]),
        finished=False,
    )


# --- scenes ------------------------------------------------------------------------------------


def _was(scene: Entry, then: Outline) -> list[str]:
    """The ids by which a scene may have been there.

    One that was there itself took no other's place, whatever was drawn into it since.
    """
    own: str = scene["id"]
    return [own] if own in then.scenes else [own, *scene.get("was", [])]


def _places_before(scene: Entry, then: Outline) -> list[int]:
    """Where a scene stood, from 1; in several where several became one; nowhere if new."""
    return [_place(then, ident) for ident in _was(scene, then) if ident in then.scenes]


def _place(then: Outline, ident: str | None) -> int:
    return then.scenes.index(ident) + 1 if ident in then.scenes else 0


def _stood(places: list[int], upto: int) -> bool:
    """Whether a scene stood up to a place; what several became, only if all of them did."""
    return bool(places) and max(places) <= upto


def _fallen(before: dict[str, list[int]], upto: int) -> int:
    """Where the last scene up to a place, in the old order, stands now, if it is still there."""
    there = [scene for scene, places in before.items() if _stood(places, upto)]
    last = max(there, key=lambda scene: max(before[scene]), default=None)
    return 0 if last is None else list(before).index(last) + 1


def _named(document: Entry, then: Outline, idents: Iterable[str]) -> list[str]:
    """The scenes of today that some ids name."""
    some = set(idents)
    return [s["id"] for s in document["scenes"] if some & set(_was(s, then))]


def _opened(document: Entry, then: Outline, opened: frozenset[str]) -> list[str]:
    """What was opened one by one; a scene that several became only when all of them were."""
    closed = set(then.scenes) - opened
    never = _named(document, then, closed)
    return [scene for scene in _named(document, then, opened) if scene not in never]


# --- levels ------------------------------------------------------------------------------------


def _threshold(document: Entry, then: Outline, threshold: int) -> int:
    """The highest level that gives away no more than the reader accepted."""
    if threshold >= len(then.levels):
        return 0
    if outline(document).levels == then.levels:
        return threshold
    accepted = 0
    for number, level in enumerate(document["levels"]):
        names = {level["name"], *level.get("was", [])}
        stood = [place for place, name in enumerate(then.levels) if name in names]
        # As soon as one is new, or was above what the reader accepted, no higher one will do.
        if not stood or max(stood) > threshold:
            break
        accepted = number
    return accepted
