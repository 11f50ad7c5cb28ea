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
    if kind == "seen":
        return _seen(document, reader, sent.fields)
    if kind == "back":
        return _back(document, reader, fields)
    if kind in ("start", "threshold"):
        good = fields["threshold"] in map(str, range(len(document["levels"])))
        return _if(good, document, reader, (kind, int(fields["threshold"]) if good else 0))
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


def _seen(document: Document, reader: Reader, sent: Fields) -> tuple[int, Reader]:
    """Exactly one of a scene, a marker that is asked for before it moves, and all."""
    fields = dict(sent)
    if sum(name in ("scene", "marker", "all") for name, _ in sent) != 1:
        return 422, reader
    if "all" in fields:
        return _if(fields["all"] == "yes", document, reader, ("all", None))
    if "marker" in fields:
        return _placed(document, reader, fields["marker"], fields.get("sure"))
    number = _number(document, fields["scene"])
    known = number is not None and number <= reader.reached
    return _if(known, document, reader, ("seen", number))


def _placed(document: Document, reader: Reader, said: str, sure: str | None) -> tuple[int, Reader]:
    place = _time(said)
    if place is None or sure not in (None, "yes"):
        return 422, reader
    if sure is None:
        return 200, reader
    last = _marked(document, place)
    return _if(last > 0, document, reader, ("marker", last))


def _back(document: Document, reader: Reader, fields: dict[str, str]) -> tuple[int, Reader]:
    """Back to a scene reached, and with what was seen to another one, if that is named."""
    named = [_number(document, fields[name]) for name in ("scene", "seen") if name in fields]
    numbers = [number for number in named if number is not None and number <= reader.reached]
    if "scene" not in fields or numbers != named:
        return 422, reader
    return _if(True, document, reader, ("back", tuple(numbers)))


def _number(document: Document, key: str) -> int | None:
    """The number of the scene with a key that it has or had; 0 for none, None for one unknown."""
    if not key:
        return 0
    for number, scene in enumerate(document["scenes"], 1):
        if key in [scene_key(document, one) for one in (scene["id"], *scene.get("was", []))]:
            return number
    return None


def _marked(document: Document, place: int) -> int:
    """The number of the last scene whose time, in hours and minutes, is not past a place."""
    times = [_hours_and_minutes(scene.get("marker")) for scene in document["scenes"]]
    passed = [n for n, time in enumerate(times, 1) if time is not None and time <= place]
    return max(passed, default=0)


def _hours_and_minutes(marker: str | None) -> int | None:
    if marker is None:
        return None
    hours, minutes = marker.split(":")
    return 3600 * int(hours) + 60 * int(minutes)


def _time(said: str) -> int | None:
    """What is said of a time, in seconds; of two numbers the earlier reading."""
    words = re.fullmatch(r"(\d+) minutes", said)
    clock = re.fullmatch(r"(?:(\d+):)?(\d+):(\d+)", said)
    if words:
        return 60 * int(words[1])
    if clock is None or int(clock[3]) >= 60 or (clock[1] and int(clock[2]) >= 60):
        return None
    return 3600 * int(clock[1] or 0) + 60 * int(clock[2]) + int(clock[3])
