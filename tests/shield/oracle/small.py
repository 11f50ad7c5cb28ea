"""Stories small enough to be read by eye."""

from __future__ import annotations

from typing import Any

from tests.shield.oracle.reader import Entry

TOP = 2


def scene(ident: str, level: int = 1, lesser: tuple[int, ...] = (), **more: Any) -> Entry:
    """Give a scene that lists nobody unless it is said."""
    words = {"text": "", "title": ident}
    return {
        "id": ident,
        "level": level,
        **words,
        "tellings": [{"level": below, **words} for below in lesser],
        **more,
    }


def story(*scenes: Entry, levels: int = TOP + 1, **more: Any) -> Entry:
    """Give a story of some scenes, with levels named by their numbers."""
    return {
        "id": "small",
        "title": "Small",
        "medium": "novel",
        "language": "en",
        "premise": "",
        "levels": [{"name": f"level {n}", "note": ""} for n in range(levels)],
        "scenes": list(scenes),
        **more,
    }


FIVE = story(*(scene(ident, level=1, lesser=(0,)) for ident in "abcde"))
