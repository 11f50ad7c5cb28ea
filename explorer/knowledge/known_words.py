"""What a search goes through: known scenes in steps, and which words stand where."""

from __future__ import annotations

from dataclasses import dataclass

from explorer.knowledge.known import KnownPart, KnownScene


@dataclass(frozen=True, slots=True)
class KnownStep:
    """A scene, and the known parts that begin with it."""

    parts: tuple[KnownPart, ...]
    scene: KnownScene


@dataclass(frozen=True, slots=True, eq=False)
class KnownWords:
    """The words of the scenes from `start` to before `end`, sorted, each once.

    `within` are the shorter stretches of which a long one is made.
    """

    start: int
    end: int
    words: tuple[str, ...]
    within: tuple[KnownWords, ...] = ()
