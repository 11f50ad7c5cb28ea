"""What a search gives: known values only, as pages show them."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of a snippet; marked where it is what was searched for."""

    text: str
    marked: bool


@dataclass(frozen=True, slots=True)
class Snippet:
    """A text that was hit, or the surroundings of the hit; `label` says what it is, if it must."""

    label: str
    pieces: tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class Hit:
    """A person, part or scene, or the work itself, in which all the words stand.

    `path` is its address below the story's. Only scenes that were turned to have a `number`;
    `apart` tells someone apart from others of the same name.
    """

    kind: str
    path: str
    number: int | None
    title: Snippet
    snippets: tuple[Snippet, ...]
    apart: str = ""


@dataclass(frozen=True, slots=True)
class Found:
    """The first hits of a search in their order, and whether these are all."""

    hits: tuple[Hit, ...]
    is_whole: bool


NOTHING = Found((), is_whole=True)
