"""Where things stand in a JSON text: the line of every path, and keys that are there twice.

Neither Python's parser nor pydantic tells. The text should be one that `json` accepts; in any
other this goes as far as the text makes sense, and never fails.
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field

Path = tuple[str | int, ...]

MOST_DEPTH = 32

_TOKEN = re.compile(
    r'[ \t\n\r]*("[^"\\]*(?:\\.[^"\\]*)*"|[\[\]{},:]|[^ \t\n\r\[\]{},:"]+)', re.DOTALL
)


@dataclass(frozen=True, slots=True)
class Place:
    """A value, or a key with its value: its line, and where the same key came first, if it did."""

    path: Path
    line: int
    first: int | None = None


@dataclass(slots=True)
class _Open:
    """An object or list whose end has not come yet; `at` is what is being read in it."""

    path: Path
    at: int | str | None
    lines: dict[str, int] = field(default_factory=dict)

    def passes_comma(self) -> None:
        self.at = self.at + 1 if isinstance(self.at, int) else None


def spelled(path: Path) -> str:
    """Give a path as authors read it: `scenes[4].people[1]`."""
    steps = (f"[{step}]" if isinstance(step, int) else f".{step}" for step in path)
    return "".join(steps).removeprefix(".")


def lines(text: str, wanted: Collection[Path]) -> dict[Path, int]:
    """Give the line of each path; of a path that is not in the text, the line of what lacks it."""
    asked = {path[:n] for path in wanted for n in range(len(path) + 1)}
    found = {place.path: place.line for place in walk(text) if place.path in asked}
    return {
        path: next((found[near] for near in _outwards(path) if near in found), 1) for path in wanted
    }


def doubled(text: str) -> list[Place]:
    """Give the keys that stand a second time in one object."""
    return [place for place in walk(text) if place.first is not None]


def too_deep(text: str) -> Place | None:
    """Give the first place that lies deeper than any story needs."""
    return next((place for place in walk(text) if len(place.path) > MOST_DEPTH), None)


def walk(text: str) -> Iterator[Place]:
    """Give every place in the order of the text, as far as the first one that lies too deep.

    The time is linear in the text, and the stack is our own.
    """
    opened: list[_Open] = []
    for token, line in _tokens(text):
        within = opened[-1] if opened else None
        if token == ",":
            if within is not None:
                within.passes_comma()
        elif token in ("]", "}"):
            if within is not None:
                opened.pop()
        elif token == ":":
            continue
        elif within is not None and within.at is None:
            within.at = _key(token)
            place = Place((*within.path, within.at), line, within.lines.get(within.at))
            within.lines.setdefault(within.at, line)
            yield place
            if len(place.path) > MOST_DEPTH:
                return
        else:
            path = () if within is None or within.at is None else (*within.path, within.at)
            if within is None or isinstance(within.at, int):
                yield Place(path, line)
            if len(path) > MOST_DEPTH:
                return
            if token in ("[", "{"):
                opened.append(_Open(path, 0 if token == "[" else None))


def _tokens(text: str) -> Iterator[tuple[str, int]]:
    line, counted = 1, 0
    for match in iter(_TOKEN.scanner(text).match, None):  # type: ignore[attr-defined]
        line += text.count("\n", counted, match.start(1))
        counted = match.start(1)
        yield match[1], line


def _key(token: str) -> str:
    try:
        key = json.loads(token)
    except ValueError:
        key = None
    return key if isinstance(key, str) else token


def _outwards(path: Path) -> Iterator[Path]:
    return (path[:n] for n in range(len(path), -1, -1))
