"""The contract's words about bookmarks, read slowly: their cookie, their moves, edits under them.

Over plain documents and ids, without the app's own code, for tests to compare with. What a move
or an edit does is said by the oracle; this page knows how it stands in a cookie.
"""

from __future__ import annotations

import re
from base64 import b32encode
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import Any

from tests.shield.oracle import Reader, edits, moves

Document = dict[str, Any]

FIRST = moves.forget()

_COOKIE = re.compile(
    r"(?:1|2\.([01]))\.(\d+)\.(\d+)\.([01])\.([a-z2-7]{12})?\.([a-z2-7]{12})?"
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
    """What stands in a cookie: keys, not yet laid on any story.

    `finished` is None in the first form of the cookie, which did not say it.
    """

    revision: int
    threshold: int
    warned: bool
    reached: str
    seen: str
    opened: tuple[str, ...]
    withheld: tuple[str, ...]
    finished: bool | None = False

    @property
    def text(self) -> str:
        """The cookie's value."""
        return ".".join(
            [
                "1" if self.finished is None else f"2.{self.finished:d}",
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
    finished, revision, threshold, warned, reached, seen, opened, withheld = match.groups()
    return Mark(
        int(revision),
        int(threshold),
        warned == "1",
        reached or "",
        seen or "",
        tuple(re.findall(".{12}", opened)),
        tuple(re.findall(".{12}", withheld)),
        None if finished is None else finished == "1",
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
        reader.finished,
    )


# --- its way over edits ------------------------------------------------------------------------


@dataclass(frozen=True)
class Past:
    """What is kept of a revision: the order of its scenes, by key, and its levels' names."""

    revision: int
    outline: edits.Outline

    @property
    def scenes(self) -> tuple[str, ...]:
        """The keys of its scenes, as told."""
        return self.outline.scenes


def past(document: Document, revision: int) -> Past:
    """Give what is kept of a revision."""
    return Past(revision, edits.outline(_keyed(document)))


def _keyed(document: Document) -> Document:
    """Give scenes and levels of a file, each scene by its keys in place of its ids."""
    made = [
        {
            "id": scene_key(document, scene["id"]),
            "was": [scene_key(document, ident) for ident in scene.get("was", [])],
        }
        for scene in document["scenes"]
    ]
    return {"scenes": made, "levels": document["levels"]}


def laid(document: Document, history: Sequence[Past], text: str) -> Reader:
    """Lay a cookie on the last revision, whose document it is."""
    found = read(text)
    if found is None:
        return FIRST
    then = next((one.outline for one in history if one.revision == found.revision), None)
    kept = edits.Bookmark(
        found.threshold,
        found.reached or None,
        found.seen or None,
        frozenset(found.opened),
        found.warned,
        frozenset(found.withheld),
        found.finished,
    )
    reader = edits.laid(_keyed(document), then, kept)
    idents = {scene_key(document, ident): ident for ident in scenes(document)}
    return replace(
        reader,
        opened=frozenset(map(idents.__getitem__, reader.opened)),
        withheld=frozenset(map(idents.__getitem__, reader.withheld)),
    )


# --- its moves ---------------------------------------------------------------------------------

Move = tuple[str, Any]


def moved(document: Document, reader: Reader, move: Move) -> Reader:
    """Give the bookmark after a move of scenes by id or number; a refused one changes nothing."""
    kind, value = move
    made: dict[str, Callable[[], Reader]] = {
        "next": lambda: moves.turn(document, reader, reader.reached),
        "start": lambda: moves.start(document, reader, value),
        "threshold": lambda: moves.threshold(document, reader, value),
        "open": lambda: moves.open_one(document, reader, value),
        "close": lambda: moves.close_one(document, reader, value),
        "seen": lambda: moves.see(document, reader, value),
        "all": lambda: moves.see_all(document, reader),
        "marker": lambda: _to_marker(document, reader, value),
        "back": lambda: moves.back(document, reader, *value),
        "warned": lambda: moves.warn(document, reader, value),
        "forget": moves.forget,
    }
    try:
        return made[kind]()
    except moves.Refused:
        return reader


def _to_marker(document: Document, reader: Reader, number: int) -> Reader:
    """Say a place in the work that is where a scene stands."""
    positions = [(float(n),) for n in range(1, len(document["scenes"]) + 1)]
    return moves.see_marker(document, reader, positions, (number,))
