"""What a part of a run comes to: its piece of the document, and what it misses."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Section:
    """A heading, its text in Markdown, what misses its aim, and what the README shows of it."""

    title: str
    text: str
    misses: tuple[str, ...] = ()
    readme: str = ""
