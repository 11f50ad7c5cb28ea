"""What the contract says that a form does to a bookmark, and how it is answered."""

from __future__ import annotations

import re
from dataclasses import dataclass

from tests.shield.oracle import Oracle, Reader
from tests.shield.prove.bookmarks import Document, Move, moved, scene_key

Fields = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Sent:
    """A form that was sent: the path below the story's address, and its fields."""

    path: str
    fields: Fields = ()


def outcome(document: Document, reader: Reader, sent: Sent) -> tuple[int, Reader]:
    """Give the status of the answer, and the bookmark after it."""
    fields = dict(sent.fields)
    kind, _, rest = sent.path.partition("/")
    if kind == "scenes":
        return _single(document, reader, *rest.split("/"))
    if kind == "next":
        here = _number(document, fields["from"]) == reader.reached
        return 303, moved(document, reader, ("next", None)) if here else reader
    if kind in ("seen", "back"):
        return _up_to(document, reader, kind, fields)
    if kind == "threshold":
        good = fields["threshold"] in map(str, range(len(document["levels"])))
        return _if(good, document, reader, ("threshold", int(fields["threshold"]) if good else 0))
    if kind == "warned":
        good = fields["warned"] in ("yes", "no")
        return _if(good, document, reader, ("warned", fields["warned"] == "yes"))
    assert kind == "forget"
    return 303, moved(document, reader, ("forget", None))


def _if(good: bool, document: Document, reader: Reader, move: Move) -> tuple[int, Reader]:
    return (303, moved(document, reader, move)) if good else (422, reader)


def _single(document: Document, reader: Reader, key: str, kind: str) -> tuple[int, Reader]:
    number = _number(document, key)
    ident = document["scenes"][number - 1]["id"] if number else None
    if kind == "open":
        return (404, reader) if ident is None else (303, moved(document, reader, ("open", ident)))
    covered = ident in Oracle(document, reader).covered()
    return 303, moved(document, reader, ("close", ident)) if covered else reader


def _up_to(
    document: Document, reader: Reader, kind: str, fields: dict[str, str]
) -> tuple[int, Reader]:
    if "marker" in fields:
        last = _marked(document, fields["marker"])
        return _if(last > 0, document, reader, ("marker", last))
    number = _number(document, fields["scene"])
    known = number is not None and number <= reader.reached
    return _if(known, document, reader, (kind, number))


def _number(document: Document, key: str) -> int | None:
    """The number of the scene with a key that it has or had; 0 for none, None for one unknown."""
    if not key:
        return 0
    for number, scene in enumerate(document["scenes"], 1):
        if key in [scene_key(document, one) for one in (scene["id"], *scene.get("was", []))]:
            return number
    return None


def _marked(document: Document, said: str) -> int:
    """The number of the last scene whose marker is not past what was said."""
    passed = [
        number
        for number, scene in enumerate(document["scenes"], 1)
        if "marker" in scene and _digits(scene["marker"]) <= _digits(said)
    ]
    return max(passed, default=0)


def _digits(marker: str) -> list[int]:
    return [int(digits) for digits in re.findall("[0-9]+", marker)]
