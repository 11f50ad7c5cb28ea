"""A bookmark in plain words, and how the pieces of a story file are read."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

Entry = dict[str, Any]


@dataclass(frozen=True)
class Reader:
    """A bookmark in plain words: levels and counts as numbers, scenes by id.

    `withheld` are the scenes that an edit put before the reader's place. `finished` is whether
    the reader said that everything has been seen; None stands for a bookmark of the form that did
    not say so, which is finished where all was seen of the revision that it names.
    """

    threshold: int = 0
    reached: int = 0
    seen: int = 0
    opened: frozenset[str] = frozenset()
    warned: bool = False
    withheld: frozenset[str] = frozenset()
    finished: bool | None = None


def tellings(scene: Entry) -> list[Entry]:
    """The tellings of a scene, rising; the full one is the scene itself."""
    return [*sorted(scene.get("tellings", []), key=lambda lesser: lesser["level"]), scene]


def wordings(value: Entry | list[Entry] | None) -> list[Entry]:
    """What may be one wording, a list of them, or nothing, as a list."""
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


def scenes_named(entry: Entry) -> list[str]:
    """The scenes of a condition, one or several; not of `through`, which means a run of them."""
    named = entry.get("scene", [])
    return [named] if isinstance(named, str) else list(named)


def once(entries: Iterable[Any], by: Any = lambda entry: entry) -> list[Any]:
    """The entries, each word of the author's shown once."""
    kept: list[Any] = []
    for entry in entries:
        if by(entry) not in [by(other) for other in kept]:
            kept.append(entry)
    return kept


def numbered(document: Entry) -> Entry:
    """The file with every level by its number, where it says some by their names."""
    names = [level["name"] for level in document["levels"]]

    def read(value: Any, key: str = "") -> Any:
        if isinstance(value, dict):
            return {name: read(inner, name) for name, inner in value.items()}
        if isinstance(value, list):
            return [read(inner) for inner in value]
        return names.index(value) if key in ("level", "suggested") and value in names else value

    made: Entry = read(document)
    return made
