"""What opening a single scene of *Ballerina* makes known, for somebody to tick entry by entry.

`python -m tests.shield.opened` brings the list beside this file up to the story: ticks stay, what
is new stands there without one and fails the test until somebody has looked at it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from flask import Flask

from explorer.knowledge.bookmark import Bookmark
from explorer.knowledge.bookmark_text import encode
from explorer.story.terms import SceneKey, opaque
from tests.support.crawl import Reader

LIST = Path(__file__).with_name("opened_ballerina.md")
STORY = Path(__file__).parent.parent.parent / "scenes.json"
HOME = "/stories/ballerina"

# The first bookmark's threshold, and the next one.
THRESHOLDS = (0, 1)

# What the scene tells itself, and what names scenes and says nothing of them.
_ITSELF = {"key", "scene", "scenes", "ahead", "happened", "opened", "threshold", "markdown"}
_ITSELF |= {"start", "date"}
_LINE = re.compile(r"- \[([ x])\] (.+)")


@dataclass(frozen=True)
class Opened:
    """A scene, and the lines of what is known once it alone has been opened."""

    title: str
    told: tuple[str, ...]
    lines: tuple[str, ...]


def opened_alone(app: Flask) -> Iterator[Opened]:
    """Give for each scene of *Ballerina* what opening it alone adds, at each of the thresholds."""
    for scene in json.loads(STORY.read_text(encoding="utf-8"))["scenes"]:
        lines: dict[str, list[int]] = {}
        for threshold in THRESHOLDS:
            before = set(_lines(_known(app, threshold, ())))
            after = _known(app, threshold, (opaque("ballerina", "scene", scene["id"]),))
            for line in dict.fromkeys(one for one in _lines(after) if one not in before):
                lines.setdefault(line, []).append(threshold)
        marked = tuple(f"{line} ({', '.join(map(str, at))})" for line, at in lines.items())
        told = (scene, *scene.get("tellings", ()))
        words = tuple(one[key] for one in told for key in ("title", "text", "place") if key in one)
        yield Opened(scene["title"], words, marked)


def listed() -> Mapping[str, Mapping[str, bool]]:
    """Give for each title in the list its lines, and whether each is ticked."""
    found: dict[str, dict[str, bool]] = {}
    entries: dict[str, bool] = {}
    for line in LIST.read_text(encoding="utf-8").splitlines() if LIST.exists() else ():
        if line.startswith("## "):
            entries = found[line[3:]] = {}
        elif match := _LINE.fullmatch(line):
            entries[match[2]] = match[1] == "x"
    return found


def written(scenes: Iterator[Opened]) -> str:
    """Give the text of the list, with the ticks that it has."""
    ticked = listed()
    lines = [
        "# What opening a single scene of *Ballerina* makes known",
        "",
        "Beside the scene itself; in brackets, at which thresholds, with nothing reached. Ticked",
        "is what that scene tells, in whichever words, or what goes without saying there.",
    ]
    for scene in scenes:
        lines += ["", f"## {scene.title}", ""]
        marks = {line: ticked.get(scene.title, {}).get(line, False) for line in scene.lines}
        lines += [f"- [{'x' if mark else ' '}] {line}" for line, mark in marks.items()]
        lines += [] if marks else ["Nothing."]
    return "\n".join(lines) + "\n"


def _known(app: Flask, threshold: int, opened: tuple[str, ...]) -> Any:
    bookmark = Bookmark(threshold=threshold, opened=tuple(map(SceneKey, opened)), revision=1)
    return json.loads(Reader(app).keep(HOME, encode(bookmark)).get(f"{HOME}/export.json").text)


def _lines(known: Any, path: str = "") -> Iterator[str]:
    """Give every piece of text with the way to it; whoever has a name is on the way by that."""
    if isinstance(known, dict) and {"from", "to"} <= known.keys():
        yield f"relation: {known['from']['name']}, {known['to']['name']}: {known['text']}"
    elif isinstance(known, dict):
        name = f" of {known['name']}" if path.endswith("people") else ""
        for key, value in known.items():
            if key not in _ITSELF:
                yield from _lines(value, f"{path}{name} {key}".strip())
    elif isinstance(known, list):
        for value in known:
            yield from _lines(value, path)
    elif known is not None:
        yield f"{path.removesuffix(' plain')}: {known}"


def _main() -> None:
    import tempfile

    from explorer import create_app
    from explorer.settings import Settings
    from explorer.storage.store import Store
    from explorer.storyfile import storyfile

    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{folder}/library.db"
        store = Store(url)
        store.prepare()
        store.save(storyfile.read(STORY.read_bytes()))
        LIST.write_text(written(opened_alone(create_app(Settings(database_url=url)))), "utf-8")


if __name__ == "__main__":
    _main()
