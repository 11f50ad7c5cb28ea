"""The contract's words about bookmarks, read slowly: their cookie, their moves, edits under them.

Over plain documents and ids, without the app's own code, for tests to compare with.
"""

from __future__ import annotations

import re
from base64 import b32encode
from collections.abc import Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import Any

from tests.shield.oracle import Oracle, Reader

Document = dict[str, Any]

FIRST = Reader()

_COOKIE = re.compile(
    r"1\.(\d+)\.(\d+)\.([01])\.([a-z2-7]{12})?\.([a-z2-7]{12})?"
    r"\.((?:[a-z2-7]{12})*)\.((?:[a-z2-7]{12})*)"
)


def key(story: str, kind: str, ident: str) -> str:
    """Give the 60 bits under which readers see a scene or a person."""
    digest = sha256(f"{story}\n{kind}\n{ident}".encode()).digest()
    return b32encode(digest).decode().lower()[:12]


def scene_key(document: Document, ident: str) -> str:
    """Give the key of a scene."""
    return key(document["id"], "scene", ident)


def person_key(document: Document, ident: str) -> str:
    """Give the key of a person."""
    return key(document["id"], "person", ident)


def scenes(document: Document) -> list[str]:
    """Give the ids of all scenes, as told."""
    return [scene["id"] for scene in document["scenes"]]


# --- its text ----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Mark:
    """What stands in a cookie: keys, not yet laid on any story."""

    revision: int
    threshold: int
    warned: bool
    reached: str
    seen: str
    opened: tuple[str, ...]
    withheld: tuple[str, ...]

    @property
    def text(self) -> str:
        """The cookie's value."""
        return ".".join(
            [
                "1",
                str(self.revision),
                str(self.threshold),
                str(int(self.warned)),
                self.reached,
                self.seen,
                "".join(self.opened),
                "".join(self.withheld),
            ]
        )


def read(text: str) -> Mark | None:
    """Read a cookie's value."""
    match = _COOKIE.fullmatch(text)
    if match is None:
        return None
    revision, threshold, warned, reached, seen, opened, withheld = match.groups()
    return Mark(
        int(revision),
        int(threshold),
        warned == "1",
        reached or "",
        seen or "",
        tuple(re.findall(".{12}", opened)),
        tuple(re.findall(".{12}", withheld)),
    )


def mark(document: Document, reader: Reader, revision: int) -> Mark:
    """Write a reader's bookmark on a revision that the document is."""
    order = scenes(document)

    def keys(idents: frozenset[str]) -> tuple[str, ...]:
        return tuple(scene_key(document, one) for one in order if one in idents)

    reached, seen = order[: reader.reached], order[: reader.seen]
    return Mark(
        revision,
        reader.threshold,
        reader.warned,
        scene_key(document, reached[-1]) if reached else "",
        scene_key(document, seen[-1]) if seen else "",
        keys(reader.opened),
        keys(reader.withheld),
    )


# --- its way over edits ------------------------------------------------------------------------


@dataclass(frozen=True)
class Past:
    """What is kept of a revision: the order of its scenes, by key, and its levels' names."""

    revision: int
    scenes: tuple[str, ...]
    levels: tuple[str, ...]


def past(document: Document, revision: int) -> Past:
    """Give what is kept of a revision."""
    keys = tuple(scene_key(document, scene) for scene in scenes(document))
    return Past(revision, keys, tuple(level["name"] for level in document["levels"]))


def laid(document: Document, history: Sequence[Past], text: str) -> Reader:
    """Lay a cookie on the last revision, whose document it is."""
    found = read(text)
    if found is None:
        return FIRST
    now = history[-1]
    then = next((one for one in history if one.revision == found.revision), None)
    at = _positions(document)
    # A scene that was there itself took no other's place, whatever was drawn into it.
    own = {n: scene_key(document, scene["id"]) for n, scene in enumerate(document["scenes"])}
    kept = set(then.scenes) if then else set()
    at = {one: n for one, n in at.items() if one == own[n] or own[n] not in kept}
    names = [level["name"] for level in document["levels"]]
    if then is None or (then.scenes, then.levels) == (now.scenes, now.levels):
        reached, stood = at.get(found.reached, -1) + 1, set(range(len(now.scenes)))
        seen, saw = at.get(found.seen, -1) + 1, stood
        threshold = found.threshold if then and found.threshold < len(names) else 0
    else:
        reached, stood = _fallen(then, at, found.reached)
        seen, saw = _fallen(then, at, found.seen)
        threshold = _threshold(then, names, found.threshold)
    seen = min(seen, reached)
    new = {n for n in range(reached) if n not in stood} | {n for n in range(seen) if n not in saw}
    new |= {at[one] for one in found.withheld if one in at and at[one] < reached}
    order = scenes(document)
    return Reader(
        threshold,
        reached,
        seen,
        frozenset(order[n] for n in _still_opened(then, at, found)),
        found.warned,
        frozenset(order[n] for n in new),
    )


def _still_opened(then: Past | None, at: dict[str, int], found: Mark) -> set[int]:
    """What was opened one by one; a scene that several became only when all of them were."""
    named = {at[one] for one in found.opened if one in at}
    closed = [one for one in (then.scenes if then else ()) if one not in found.opened]
    return named - {at[one] for one in closed if one in at}


def _positions(document: Document) -> dict[str, int]:
    """Give where each scene stands, by the keys that it has and had."""
    return {
        scene_key(document, ident): n
        for n, scene in enumerate(document["scenes"])
        for ident in (scene["id"], *scene.get("was", []))
    }


def _fallen(then: Past, at: dict[str, int], named: str) -> tuple[int, set[int]]:
    """The last scene up to the one named, in the old order, that is still there; and all those."""
    if named not in then.scenes:
        return 0, set()
    # Of several that became one scene the last counts: it was reached when all of them were.
    later = {one: then.scenes[n + 1 :] for n, one in enumerate(then.scenes)}
    stays = [one for one in then.scenes if one in at]
    heirs = [one for one in stays if at[one] not in [at.get(other) for other in later[one]]]
    there = [at[one] for one in then.scenes[: then.scenes.index(named) + 1] if one in heirs]
    return (there[-1] + 1 if there else 0), set(there)


def _threshold(then: Past, names: list[str], threshold: int) -> int:
    if threshold >= len(then.levels):
        return 0
    lower = reversed(then.levels[: threshold + 1])
    return next((names.index(name) for name in lower if name in names), 0)


# --- its moves ---------------------------------------------------------------------------------

Move = tuple[str, Any]


def moved(document: Document, reader: Reader, move: Move) -> Reader:
    """Give the bookmark after a move of scenes by id or number; a refused one changes nothing."""
    kind, value = move
    count = len(document["scenes"])
    if kind == "next":
        if reader.reached == count:
            return reader
        return replace(reader, reached=reader.reached + 1, withheld=frozenset())
    if kind == "threshold":
        known = 0 <= value < len(document["levels"])
        return replace(reader, threshold=value) if known else reader
    if kind == "open":
        covered = value in Oracle(document, reader).covered()
        if covered and _is_open(document, reader, value):
            return reader
        return replace(reader, opened=reader.opened | {value})
    if kind == "close":
        return replace(reader, opened=reader.opened - {value})
    if kind == "seen":
        return _seen(reader, value)
    if kind == "back":
        return _back(document, reader, value)
    if kind == "warned":
        return replace(reader, warned=value)
    assert kind == "forget"
    return FIRST


def _is_open(document: Document, reader: Reader, ident: str) -> bool:
    oracle = Oracle(document, reader)
    return oracle.state(document["scenes"][oracle.order.index(ident)]) == "open"


def _seen(reader: Reader, count: int) -> Reader:
    forward = count > reader.seen
    withheld = frozenset[str]() if forward else reader.withheld
    return replace(reader, seen=count, reached=max(reader.reached, count), withheld=withheld)


def _back(document: Document, reader: Reader, count: int) -> Reader:
    if count >= reader.reached:
        return reader
    kept = frozenset(scenes(document)[:count])
    return replace(
        reader,
        reached=count,
        seen=min(reader.seen, count),
        opened=reader.opened & kept,
        withheld=reader.withheld & kept,
    )
