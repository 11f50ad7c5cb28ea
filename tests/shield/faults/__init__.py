"""Deliberate faults: for each surface that is made in code, one way to get it wrong.

`python -m tests.shield.faults` makes each in a copy of the tree and sees whether it is caught: by
the short form of the proof, or by the tests that a fault names. With `--write` the outcome is
written down in `docs/shield.md`.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]

Edit = tuple[str, str]


class Moved(LookupError):  # noqa: N818  It is what happened.
    """The text that a fault replaces is not in the source any more, or not just once."""


@dataclass(frozen=True)
class Fault:
    """One way to leak: the surface, what is done wrong, and what is put in place of what.

    A text that is replaced stands once in all of the source; in which file does not matter. `guard`
    are pytest's words for the tests that are to find it; without them the proof is.
    """

    surface: str
    wrong: str
    edits: tuple[Edit, ...]
    guard: str = ""

    def made(self, root: Path) -> dict[Path, str]:
        """Give the files as the fault makes them. Raises Moved."""
        files: dict[Path, str] = {}
        source = [*(root / "explorer").rglob("*.py"), *(root / "templates").rglob("*.*")]
        for old, new in self.edits:
            texts = {path: files.get(path) or path.read_text() for path in source}
            count = sum(text.count(old) for text in texts.values())
            if count != 1:
                raise Moved(f"{self.wrong}: {old!r} stands {count} times in the source, not once")
            files |= {path: text.replace(old, new) for path, text in texts.items() if old in text}
        return files
