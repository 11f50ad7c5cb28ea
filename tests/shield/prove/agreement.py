"""What two stories have to agree on for a bookmark, so that the theorem speaks of them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from tests.shield.oracle import Entry, Oracle, Reader
from tests.shield.prove.bookmarks import FIRST, Document

LAST_HOUR = 23


def known(document: Document, reader: Reader) -> Entry:
    """Give all that a bookmark may know, and by which names and ids things answer to it.

    The premise is known to every bookmark as the first one reads it, since the library shows it.
    """
    oracle = Oracle(document, reader)
    met = {ident: oracle.one(ident) for ident in oracle.by_id if oracle.who(ident)}
    return {
        "whole": oracle.whole(1),
        "first": Oracle(document, FIRST).work()["premise"],
        "counts": counting(document),
        "covered": [(s["id"], s.get("was", [])) for s in _covered(oracle)],
        "met": met,
        "were": {ident: oracle.by_id[ident].get("was", []) for ident in met},
    }


def counting(document: Document) -> list[str]:
    """Give the shapes of a story's markers as they first come, which is how it counts and more.

    Numbers stand as 0, and as 9 where they cannot be an hour; Roman ones as I.
    """
    markers = [scene["marker"] for scene in document["scenes"] if "marker" in scene]
    roman = [re.sub(r"\b[IVXLCDM]+\b", "I", marker) for marker in markers]
    return list(dict.fromkeys(re.sub(r"\d+", _shape, marker) for marker in roman))


def _shape(number: re.Match[str]) -> str:
    return "0" if int(number[0]) <= LAST_HOUR else "9"


def _covered(oracle: Oracle) -> Iterator[Entry]:
    covered = set(oracle.covered())
    return (scene for scene in oracle.scenes if scene["id"] in covered)


class Agreement:
    """Compares two stories, remembering what was compared."""

    def __init__(self, one: Document, other: Document) -> None:
        self.one, self.other = one, other
        self._seen: dict[Reader, bool] = {}

    def holds(self, reader: Reader) -> bool:
        """Whether the two agree on all that a bookmark may know."""
        if reader not in self._seen:
            self._seen[reader] = known(self.one, reader) == known(self.other, reader)
        return self._seen[reader]


def agree(one: Iterable[Entry], document: Document, readers: Iterable[Reader]) -> bool:
    """Whether a document still lets some readers know what they knew."""
    return all(was == known(document, reader) for was, reader in zip(one, readers, strict=True))
