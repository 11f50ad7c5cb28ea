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
class Location:
    """A value, or a key with its value: its line, and where the same key came first, if it did."""

    path: Path
    line: int
    first: int | None = None


@dataclass(frozen=True, slots=True)
class Survey:
    """The lines of the paths asked for, keys that stand a second time, the first place too deep."""

    lines: dict[Path, int]
    doubled: list[Location]
    deep: Location | None


@dataclass(slots=True)
class _Open:
    """An object or list whose end has not come yet; `at` is the key or number being read."""

    path: Path
    at: int | str | None
    lines: dict[str, int] = field(default_factory=dict)

    @property
    def here(self) -> Path:
        return self.path if self.at is None else (*self.path, self.at)

    def takes(self, token: str, line: int) -> Location | None:
        """Take what comes next; gives its place if it is a key or an entry of a list."""
        if token == ",":
            self.at = self.at + 1 if isinstance(self.at, int) else None
        elif token == ":":
            pass
        elif self.at is None:
            self.at = _key(token)
            return Location(self.here, line, first=self._first(self.at, line))
        elif isinstance(self.at, int):
            return Location(self.here, line)
        return None

    def _first(self, key: str, line: int) -> int | None:
        known = self.lines.get(key)
        self.lines.setdefault(key, line)
        return known


def spelled(path: Path) -> str:
    """Give a path as authors read it: `scenes[4].people[1]`."""
    steps = (f"[{step}]" if isinstance(step, int) else f".{step}" for step in path)
    return "".join(steps).removeprefix(".")


def survey(text: str, wanted: Collection[Path]) -> Survey:
    """Find the line of each path, and what is wrong with a text that only its places show.

    A path that is not in the text gets the line of what lacks it.
    """
    asked = {path[:n] for path in wanted for n in range(len(path) + 1)}
    found: dict[Path, int] = {}
    doubled: list[Location] = []
    deep: Location | None = None
    for place in walk(text):
        if place.path in asked:
            found[place.path] = place.line
        if place.first is not None:
            doubled.append(place)
        if len(place.path) > MOST_DEPTH:
            deep = place
    lines = {path: next((found[p] for p in _outwards(path) if p in found), 1) for path in wanted}
    return Survey(lines, doubled, deep)


def walk(text: str) -> Iterator[Location]:
    """Give every place in the order of the text, as far as the first one that lies too deep.

    The time is linear in the text, and the stack is our own.
    """
    opened: list[_Open] = []
    for token, line in _tokens(text):
        if token in ("]", "}"):
            del opened[-1:]
            continue
        place = opened[-1].takes(token, line) if opened else Location((), line)
        if place is not None:
            yield place
            if len(place.path) > MOST_DEPTH:
                return
        if token in ("[", "{"):
            path = opened[-1].here if opened else ()
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
