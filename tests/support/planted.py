"""Stories with planted mistakes, to measure `explorer check`: `python -m tests.support.planted`.

A mistake is an edit of a story that has none, such as its author could well have made. It is found
when there is advice of its kind at its place. With `--write` the outcome goes to docs/check.md.

`planted.json` holds them by kind: the story, and what is set at which path. In a path ids stand
for positions, `@` and a level for a telling; `+` at its end adds to a list or a text, null takes
away. The mistake is at the first path, or at the one under "at".
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from explorer.advice.advice import AdviceKind, advice
from explorer.settings import folder
from explorer.storyfile import storyfile
from explorer.storyfile.problems import LocatedProblem

HERE = Path(__file__).parent
GUIDE = HERE.parents[1] / "docs" / "check.md"
STORIES = ("ballerina", *sorted(path.stem for path in (HERE / "stories").glob("*.json")))

# What is rightly said of the stories as they are: nothing of these scenes can be told below.
RIGHT: Mapping[str, tuple[str, ...]] = {
    "ballerina": ("door", "threat", "handover", "break-in", "usb", "captive", "notebook"),
    "hound": ("account",),
    "lantern": ("water",),
    "orbit": ("dream",),
}

Document = dict[str, Any]
Advice = Mapping[AdviceKind, tuple[LocatedProblem, ...]]


@dataclass(frozen=True, slots=True)
class Plant:
    """A mistake of a kind in a story."""

    kind: AdviceKind
    story: str
    edits: Mapping[str, object]

    @property
    def made(self) -> str:
        """What was done, for whoever reads of it."""
        path, value = next(iter(self.edits.items()))
        return f"{self.story}, {path.removesuffix('.+')}: {value}"

    @property
    def document(self) -> Document:
        """The story with the mistake."""
        document: Document = json.loads(_written(self.story))
        for path, value in self.edits.items():
            if path != "at":
                _put(document, path.split("."), value)
        return document

    def is_found_in(self, found: Advice) -> bool:
        """Whether there is advice of its kind at its place."""
        where = str(self.edits.get("at", next(iter(self.edits)))).removesuffix(".+")
        path = _resolved(self.document, where.split("."))
        return any(_is_at(fault.path, path) for fault in found.get(self.kind, ()))


@cache
def clean(story: str) -> Document:
    """Give a story without mistakes; do not change it."""
    document: Document = json.loads(_written(story))
    return document


@cache
def _written(story: str) -> bytes:
    path = folder("scenes.json") if story == "ballerina" else HERE / "stories" / f"{story}.json"
    return path.read_bytes()


def plants() -> Iterator[Plant]:
    """Give all mistakes."""
    planted: dict[str, list[Document]] = json.loads((HERE / "planted.json").read_bytes())
    for kind, entries in planted.items():
        for entry in entries:
            edits = {path: value for path, value in entry.items() if path != "story"}
            yield Plant(AdviceKind[kind.upper()], entry["story"], edits)


def advised(document: Document) -> Advice:
    """Give the advice on a story."""
    text = storyfile.write(document)
    return advice(storyfile.read(text.encode()), text)


# --- paths -------------------------------------------------------------------------------------


def _put(document: Any, steps: list[str], value: object) -> None:
    *way, last = steps
    if last == "+":
        _add(document, way, value)
    elif "@" in last:
        scene = _followed(document, [*way, last.partition("@")[0]])
        level = int(last.partition("@")[2])
        scene["tellings"] = [one for one in scene["tellings"] if one["level"] != level]
    elif value is None:
        del _followed(document, way)[last]
    else:
        holder = _followed(document, way)
        holder[_key(holder, last)] = value


def _add(document: Any, way: list[str], value: object) -> None:
    holder = _followed(document, way[:-1])
    if isinstance(value, str) and isinstance(holder[way[-1]], str):
        holder[way[-1]] += " " + value
    else:
        holder.setdefault(way[-1], []).append(value)


def _followed(at: Any, steps: list[str]) -> Any:
    for step in steps:
        at = _telling(at, step)[0] if "@" in step else at[_key(at, step)]
    return at


def _key(at: Any, step: str) -> int | str:
    if isinstance(at, dict):
        return step
    idents = [entry["id"] if isinstance(entry, dict) and "id" in entry else "" for entry in at]
    return idents.index(step) if step in idents else int(step)


def _telling(scenes: Any, step: str) -> tuple[Any, str]:
    """Give a telling and its path from the scenes on."""
    ident, _, level = step.partition("@")
    position = _key(scenes, ident)
    scene = scenes[position]
    for n, telling in enumerate(scene.get("tellings", [])):
        if telling["level"] == int(level):
            return telling, f"[{position}].tellings[{n}]"
    return scene, f"[{position}]"


def _resolved(document: Any, steps: list[str]) -> str:
    path, at = "", document
    for step in steps:
        if "@" in step:
            at, spelled = _telling(at, step)
        else:
            key = _key(at, step)
            spelled = f"[{key}]" if isinstance(key, int) else f".{key}"
            at = at[key] if isinstance(key, int) else at.get(key, {})
        path += spelled
    return path.removeprefix(".")


def _is_at(found: str, path: str) -> bool:
    rest = found.removeprefix(path)
    return found.startswith(path) and rest[:1] in ("", ".", "[") and ".tellings" not in rest


# --- the outcome -------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of the mistakes, and what is said of the stories that have none."""

    planted: tuple[tuple[Plant, Advice], ...]
    missed: tuple[Plant, ...]
    false: tuple[tuple[str, AdviceKind, LocatedProblem], ...]
    right: tuple[tuple[str, AdviceKind, LocatedProblem], ...]

    def table(self) -> str:
        """Give it as a table in Markdown, and what was missed as a list."""
        rows = [_row(kind.value, self._counts(kind)) for kind in AdviceKind]
        total = [sum(counts) for counts in zip(*map(self._counts, AdviceKind), strict=True)]
        head = "| advice | planted | found | right, unplanted | false |\n| --- |" + " ---: |" * 4
        missed = "\n".join(f"- {plant.kind.value}: {plant.made}" for plant in self.missed)
        return "\n".join([head, *rows, _row("all", total), "", "Not found:", "", missed]) + "\n"

    def _counts(self, kind: AdviceKind) -> list[int]:
        planted = sum(plant.kind is kind for plant, _ in self.planted)
        missed = sum(plant.kind is kind for plant in self.missed)
        right, false = (sum(of is kind for _, of, _ in found) for found in (self.right, self.false))
        return [planted, planted - missed, right, false]


def outcome() -> Outcome:
    """Plant all mistakes, one at a time, and look at all stories without any."""
    planted = tuple((plant, advised(plant.document)) for plant in plants())
    missed = tuple(plant for plant, found in planted if not plant.is_found_in(found))
    said = [
        (story, kind, fault)
        for story in STORIES
        for kind, faults in advised(clean(story)).items()
        for fault in faults
    ]
    right = [piece for piece in said if _is_right(*piece)]
    return Outcome(planted, missed, tuple(p for p in said if p not in right), tuple(right))


def _is_right(story: str, kind: AdviceKind, fault: LocatedProblem) -> bool:
    idents = RIGHT.get(story, ())
    paths = {_resolved(clean(story), ["scenes", ident]) for ident in idents}
    return kind is AdviceKind.VEILED and fault.path in paths


def _row(name: str, counts: list[int]) -> str:
    return f"| {name} | " + " | ".join(map(str, counts)) + " |"


OPENING, CLOSING = "<!-- python -m tests.support.planted --write -->\n\n", "\n<!-- end -->"


def put_into(guide: str, table: str) -> str:
    """Put a table into the guide, where one stands already."""
    before, _, rest = guide.partition(OPENING)
    _, _, after = rest.partition(CLOSING)
    return before + OPENING + table + CLOSING + after


if __name__ == "__main__":
    made = outcome().table()
    if "--write" in sys.argv:
        GUIDE.write_text(put_into(GUIDE.read_text(encoding="utf-8"), made), encoding="utf-8")
    else:
        sys.stdout.write(made)
