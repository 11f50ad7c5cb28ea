"""A story file as it was read, whatever its shape: what is in it and where things stand."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches

from explorer.storyfile.json_positions import Path
from explorer.storyfile.problems import Problem, quoted

# Comparing an id with all others takes time, and a few suggestions are enough to see the pattern.
_MOST_GUESSES = 20
KINDS: Mapping[str, str] = {"scenes": "scene", "people": "person", "sources": "source"}


@dataclass(frozen=True, slots=True)
class ValueNode:
    """A value in the file and its path. Asked for what is not in it, it gives nothing."""

    path: Path
    value: object

    def at(self, key: str) -> ValueNode:
        """Give what stands under a key."""
        value = self.value.get(key) if isinstance(self.value, dict) else None
        return ValueNode((*self.path, key), value)

    def each(self, key: str) -> Iterator[ValueNode]:
        """Give the entries of the list under a key."""
        there = self.at(key)
        if isinstance(there.value, list):
            yield from (ValueNode((*there.path, n), value) for n, value in enumerate(there.value))

    @property
    def text(self) -> str | None:
        """The value, if it is text."""
        return self.value if isinstance(self.value, str) else None

    @property
    def number(self) -> int | None:
        """The value, if it is a whole number, which true and false are not."""
        return self.value if type(self.value) is int else None

    def problem(self, message: str, advice: str) -> Problem:
        """Find fault with this value."""
        return Problem(self.path, message, advice)


@dataclass(slots=True)
class DocumentIndex:
    """Who and what there is: the places of all ids, and of the ids they had before.

    What is missing or no list at all is not counted: nothing is asked of it then. Neither is a
    scale of levels that is none, since all numbers would be wrong on it.
    """

    levels: int | None
    ids: dict[str, dict[str, int]] = field(default_factory=dict)
    were: dict[str, dict[str, str]] = field(default_factory=lambda: {kind: {} for kind in KINDS})
    scene_levels: dict[str, int] = field(default_factory=dict)
    guesses: int = _MOST_GUESSES

    def has_level(self, level: int) -> bool:
        """Whether the story has this level, as far as it is certain."""
        return self.levels is None or 0 <= level < self.levels

    def lacks(self, kind: str, ident: str) -> bool:
        """Whether it is certain that nobody has this id."""
        return kind in self.ids and ident not in self.ids[kind]

    def advice(self, kind: str, ident: str) -> str:
        """Guess what an id that nobody has was meant to be."""
        now = self.were[kind].get(ident)
        if now is not None:
            return f"It is called {quoted(now)} now; write that."
        near: list[str] = []
        if self.guesses:
            self.guesses -= 1
            near = get_close_matches(ident[:100], self.ids[kind], 1)
        if near:
            return f"Did you mean {quoted(near[0])}?"
        return f"Correct it, or add a {KINDS[kind]} with this id."


def census(story: ValueNode) -> DocumentIndex:
    """Count a file."""
    levels = story.at("levels").value
    counted = DocumentIndex(len(levels) if isinstance(levels, list) and len(levels) > 1 else None)
    for kind in KINDS:
        there = story.at(kind).value
        if isinstance(there, list) or (there is None and kind != "scenes"):
            counted.ids[kind] = {}
        for n, entry in enumerate(story.each(kind)):
            ident, level = entry.at("id").text, entry.at("level").number
            if ident is None:
                continue
            counted.ids[kind].setdefault(ident, n)
            counted.were[kind] |= {was.text: ident for was in entry.each("was") if was.text}
            if kind == "scenes" and level is not None and counted.has_level(level):
                counted.scene_levels.setdefault(ident, level)
    return counted


def conditioned(story: ValueNode) -> Iterator[ValueNode]:
    """Give all that may carry a condition."""
    for key in ("details", "credits", "about", "sources", "parts", "relations"):
        yield from story.each(key)
    for part in story.each("parts"):
        yield from summaries(part)
    for person in story.each("people"):
        for key in ("names", "also", "facts"):
            yield from person.each(key)
        yield person.at("is")
    yield from (entry.at("until") for entry in passing(story))


def passing(story: ValueNode) -> Iterator[ValueNode]:
    """Give all that may hold no longer from some point on."""
    for person in story.each("people"):
        yield from person.each("facts")
    yield from story.each("relations")


def summaries(part: ValueNode) -> Iterator[ValueNode]:
    """Give the wordings of a part's summary, of which there may be one or several."""
    return one_or_each(part, "summary")


def one_or_each(entry: ValueNode, key: str) -> Iterator[ValueNode]:
    """Give what stands under a key: the entries of a list, or the value itself."""
    there = entry.at(key)
    if isinstance(there.value, list):
        yield from entry.each(key)
    else:
        yield there


def tellings(story: ValueNode) -> Iterator[ValueNode]:
    """Give all tellings; a scene is its own full one."""
    for scene in story.each("scenes"):
        yield scene
        yield from scene.each("tellings")


def references(story: ValueNode) -> Iterator[tuple[str, ValueNode]]:
    """Give all that names a scene, a person or a source by id."""
    for entry in conditioned(story):
        yield from (("scenes", scene) for scene in one_or_each(entry, "scene"))
        yield "scenes", entry.at("through")
        yield "sources", entry.at("source")
        yield "people", entry.at("person")
    for relation in story.each("relations"):
        yield "people", relation.at("from")
        yield "people", relation.at("to")
    for telling in tellings(story):
        yield from (("people", person) for person in telling.each("people"))
        yield from (("sources", source) for source in telling.each("sources"))
        yield "scenes", telling.at("happens").at("before")
        yield "scenes", telling.at("happens").at("after")


def texts(story: ValueNode) -> Iterator[ValueNode]:
    """Give all Markdown."""
    yield story.at("premise")
    yield from (telling.at("text") for telling in tellings(story))
    for part in story.each("parts"):
        yield from (summary.at("text") for summary in summaries(part))
    yield from (paragraph.at("text") for paragraph in story.each("about"))
    for person in story.each("people"):
        yield from (fact.at("text") for fact in person.each("facts"))
