"""What travels of where a reader says to be: made of how a work counts, and of no marker."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class KnownCounting:
    """How a story counts, the same for everyone: by what, and a place made up for an example."""

    by: str
    example: str


@dataclass(frozen=True, slots=True)
class KnownPlace:
    """What a reader's words on where they are were understood as; `start` of what is coarser."""

    words: str
    start: bool
