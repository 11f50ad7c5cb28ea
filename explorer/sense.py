"""What the entries of a story file say of each other: ids, levels, tellings, circles, orders.

This walks the file as it was read, whatever its shape. A value of a wrong kind is passed over,
since `entries` complains about it; so a slip in one scene hides nothing that is wrong in others.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from functools import partial

from explorer import marker
from explorer.faults import Flaw, quoted
from explorer.places import Path, spelled
from explorer.prose import MENTION, mentioned
from explorer.story import opaque

# Comparing an id with all others takes time, and a few suggestions are enough to see the pattern.
_MOST_GUESSES = 20
_KINDS: Mapping[str, str] = {"scenes": "scene", "people": "person", "sources": "source"}


@dataclass(frozen=True, slots=True)
class Node:
    """A value in the file and its path. Asked for what is not in it, it gives nothing."""

    path: Path
    value: object

    def at(self, key: str) -> Node:
        """Give what stands under a key."""
        value = self.value.get(key) if isinstance(self.value, dict) else None
        return Node((*self.path, key), value)

    def each(self, key: str) -> Iterator[Node]:
        """Give the entries of the list under a key."""
        there = self.at(key)
        if isinstance(there.value, list):
            yield from (Node((*there.path, n), value) for n, value in enumerate(there.value))

    @property
    def text(self) -> str | None:
        """The value, if it is text."""
        return self.value if isinstance(self.value, str) else None

    @property
    def number(self) -> int | None:
        """The value, if it is a whole number, which true and false are not."""
        return self.value if type(self.value) is int else None

    def flaw(self, message: str, advice: str) -> Flaw:
        """Find fault with this value."""
        return Flaw(self.path, message, advice)


@dataclass(slots=True)
class Census:
    """Who and what there is: the places of all ids, and of the ids they had before.

    A list that is missing or no list at all is not counted: nothing is asked of it then.
    """

    levels: int | None
    ids: Mapping[str, Mapping[str, int]]
    were: Mapping[str, Mapping[str, str]]
    scene_levels: Mapping[str, int]
    guesses: int = _MOST_GUESSES

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
        return f"Correct it, or add a {_KINDS[kind]} with this id."


def flaws(document: object) -> Iterator[Flaw]:
    """Give all that does not fit together in a file, in no special order."""
    story = Node((), document)
    census = _census(story)
    for check in _CHECKS:
        yield from check(story, census)


def _census(story: Node) -> Census:
    levels = story.at("levels").value
    ids: dict[str, dict[str, int]] = {}
    were: dict[str, dict[str, str]] = {kind: {} for kind in _KINDS}
    scene_levels: dict[str, int] = {}
    for kind in _KINDS:
        there = story.at(kind).value
        if isinstance(there, list) or (there is None and kind != "scenes"):
            ids[kind] = {}
        for n, entry in enumerate(story.each(kind)):
            ident, level = entry.at("id").text, entry.at("level").number
            if ident is None:
                continue
            ids[kind].setdefault(ident, n)
            were[kind] |= {was.text: ident for was in entry.each("was") if was.text}
            if kind == "scenes" and level is not None:
                scene_levels.setdefault(ident, level)
    return Census(len(levels) if isinstance(levels, list) else None, ids, were, scene_levels)


# --- where in a file things of one kind are ----------------------------------------------------


def _conditioned(story: Node) -> Iterator[Node]:
    """Give all that may carry a condition."""
    for key in ("details", "credits", "about", "sources", "parts", "relations"):
        yield from story.each(key)
    yield from (part.at("summary") for part in story.each("parts"))
    for person in story.each("people"):
        for key in ("names", "also", "facts"):
            yield from person.each(key)
        yield person.at("is")


def _tellings(story: Node) -> Iterator[Node]:
    """Give all tellings; a scene is its own full one."""
    for scene in story.each("scenes"):
        yield scene
        yield from scene.each("tellings")


def _references(story: Node) -> Iterator[tuple[str, Node]]:
    """Give all that names a scene, a person or a source by id."""
    for entry in _conditioned(story):
        yield "scenes", entry.at("scene")
        yield "sources", entry.at("source")
        yield "people", entry.at("person")
    for relation in story.each("relations"):
        yield "people", relation.at("from")
        yield "people", relation.at("to")
    for telling in _tellings(story):
        yield from (("people", person) for person in telling.each("people"))
        yield from (("sources", source) for source in telling.each("sources"))
        yield "scenes", telling.at("happens").at("before")
        yield "scenes", telling.at("happens").at("after")


def _texts(story: Node) -> Iterator[Node]:
    """Give all Markdown."""
    yield story.at("premise")
    yield from (telling.at("text") for telling in _tellings(story))
    yield from (part.at("summary").at("text") for part in story.each("parts"))
    yield from (paragraph.at("text") for paragraph in story.each("about"))
    for person in story.each("people"):
        yield from (fact.at("text") for fact in person.each("facts"))


# --- ids ---------------------------------------------------------------------------------------


def _twice_named(story: Node, _: Census) -> Iterator[Flaw]:
    """Find ids that two have, or that one had and another has or had."""
    for kind, noun in _KINDS.items():
        owners: dict[str, Path] = {}
        present = [entry.at("id") for entry in story.each(kind)]
        past = [was for entry in story.each(kind) for was in entry.each("was")]
        for node in present + past:
            if node.text is None:
                continue
            if node.text in owners:
                yield node.flaw(
                    f"the id {quoted(node.text)} is taken: {spelled(owners[node.text])} has it",
                    f"Give each {noun} an id of its own, which no other has or had.",
                )
            owners.setdefault(node.text, node.path)


def _clashing(story: Node, census: Census) -> Iterator[Flaw]:
    """Find ids whose addresses for readers would be the same."""
    for kind in ("scenes", "people"):
        idents = [*census.ids.get(kind, ()), *census.were[kind]]
        key = partial(opaque, story.at("id").text or "", _KINDS[kind])
        for one, other in clashes(idents, key):
            yield story.at(kind).flaw(
                f"{quoted(one)} and {quoted(other)} would get the same address",
                "Change one of these ids; any small change does.",
            )


def clashes(idents: Iterable[str], key: Callable[[str], str]) -> Iterator[tuple[str, str]]:
    """Give the pairs of different ids that have the same key."""
    owners: dict[str, str] = {}
    for ident in idents:
        owner = owners.setdefault(key(ident), ident)
        if owner != ident:
            yield owner, ident


def _unknown(story: Node, census: Census) -> Iterator[Flaw]:
    """Find references to ids that nobody has."""
    for kind, node in _references(story):
        ident = node.text
        if ident is not None and census.lacks(kind, ident):
            yield node.flaw(
                f"no {_KINDS[kind]} has the id {quoted(ident)}", census.advice(kind, ident)
            )


def _unknown_in_texts(story: Node, census: Census) -> Iterator[Flaw]:
    """Find mentions of people whom nobody is. Brackets in code are no mentions."""
    for node in _texts(story):
        text = node.text or ""
        suspects = {m[1] for m in MENTION.finditer(text) if census.lacks("people", m[1])}
        if not suspects:
            continue
        for ident in dict.fromkeys(ident for ident in mentioned(text) if ident in suspects):
            yield node.flaw(
                f"mentions [[{ident[:60]}]], but no person has this id",
                census.advice("people", ident),
            )


def _listed_twice(story: Node, _: Census) -> Iterator[Flaw]:
    for telling in _tellings(story):
        listed: set[str] = set()
        for node in telling.each("people"):
            if node.text in listed:
                yield node.flaw(
                    f"{quoted(node.text)} is listed in this telling already", "List them once."
                )
            elif node.text is not None:
                listed.add(node.text)


# --- levels ------------------------------------------------------------------------------------


def _level_names(story: Node, _: Census) -> Iterator[Flaw]:
    names: dict[str, Path] = {}
    for level in story.each("levels"):
        node = level.at("name")
        name = (node.text or "").strip()
        if name in names:
            first = spelled(names[name])
            yield node.flaw(
                f"another level has the name {quoted(name)}: {first}", "Name each differently."
            )
        elif name:
            names[name] = node.path


def _outside(story: Node, census: Census) -> Iterator[Flaw]:
    """Find numbers that no level of the story has."""
    if not census.levels:
        return
    for entry in (*_conditioned(story), *_tellings(story)):
        node = entry.at("level")
        if node.number is not None and not 0 <= node.number < census.levels:
            yield node.flaw(
                f"there is no level {_shown(node.number)}",
                f"This story has the levels 0 to {census.levels - 1}.",
            )


def _above_scene(story: Node, census: Census) -> Iterator[Flaw]:
    """Find conditions that no telling of their scene can ever meet."""
    for entry in _conditioned(story):
        node = entry.at("level")
        highest = census.scene_levels.get(entry.at("scene").text or "")
        if node.number is None or highest is None or not _inside(node.number, census):
            continue
        if node.number > highest:
            yield node.flaw(
                f"level {node.number} is above that of the scene, which is {highest}, "
                "so nobody would ever learn this",
                f"Write {highest} or less, or leave the level out.",
            )


def _lesser(story: Node, census: Census) -> Iterator[Flaw]:
    """Find lesser tellings that are not below their scene, or share a level."""
    for scene in story.each("scenes"):
        full = scene.at("level").number
        told: set[int] = set()
        for telling in scene.each("tellings"):
            node = telling.at("level")
            if node.number is None or not _inside(node.number, census):
                continue
            if full is not None and node.number >= full:
                yield node.flaw(
                    f"a lesser telling must be below the scene's level, which is {_shown(full)}",
                    "Lower it, or raise the level of the scene.",
                )
            elif node.number in told:
                yield node.flaw(
                    f"this scene has another telling of level {node.number}",
                    "Keep one of them, or give them different levels.",
                )
            told.add(node.number)


def _inside(level: int, census: Census) -> bool:
    return census.levels is None or 0 <= level < census.levels


def _shown(number: int) -> str:
    """Give a number in digits, where it has not absurdly many of them."""
    return str(number) if abs(number) < 10**9 else "of so many digits"


# --- circles and orders ------------------------------------------------------------------------


def _identity_circles(story: Node, _: Census) -> Iterator[Flaw]:
    arrows = _arrows(story, "people", lambda person: (person.at("is").at("person"),))
    for members in circles({one: node.text or "" for one, node in arrows.items()}):
        yield arrows[members[0]].flaw(
            f"the people turn out to be each other in a circle: {_chain(members)}",
            'Take out one "is" of these; the last of them is who they all are.',
        )


def _story_order_circles(story: Node, _: Census) -> Iterator[Flaw]:
    """Find full tellings that wait for each other; the lesser ones are never waited for."""
    arrows = _arrows(
        story,
        "scenes",
        lambda scene: (scene.at("happens").at("before"), scene.at("happens").at("after")),
    )
    for members in circles({one: node.text or "" for one, node in arrows.items()}):
        yield arrows[members[0]].flaw(
            f"the scenes place each other in a circle: {_chain(members)}",
            'Take out one "happens" of these, so that there is a scene to start from.',
        )


def _arrows(story: Node, kind: str, targets: Callable[[Node], Iterable[Node]]) -> dict[str, Node]:
    """Give for each id the first node by which its entry names another."""
    arrows: dict[str, Node] = {}
    for entry in story.each(kind):
        ident = entry.at("id").text
        node = next((node for node in targets(entry) if node.text is not None), None)
        if ident is not None and node is not None:
            arrows.setdefault(ident, node)
    return arrows


def circles(arrows: Mapping[str, str]) -> Iterator[list[str]]:
    """Give each circle in a map from one to the next, from the member that comes first in it."""
    walked: dict[str, str] = {}
    for start in arrows:
        at = start
        path: list[str] = []
        while at in arrows and at not in walked:
            walked[at] = start
            path.append(at)
            at = arrows[at]
        if walked.get(at) == start and at in arrows and path:
            members = path[path.index(at) :]
            yield members


def _chain(members: list[str]) -> str:
    shown = members if len(members) <= 8 else [*members[:7], "…"]
    return " → ".join([*shown, members[0]])


def _falling_markers(story: Node, _: Census) -> Iterator[Flaw]:
    before: tuple[str, Path] | None = None
    for scene in story.each("scenes"):
        node = scene.at("marker")
        if node.text is None or len(node.text) > 40 or not marker.reading(node.text):
            continue
        if before is not None and marker.reading(node.text) < marker.reading(before[0]):
            yield node.flaw(
                f"the marker {quoted(node.text)} falls behind {quoted(before[0])} "
                f"at {spelled(before[1])}",
                "Markers rise in the order told; correct one of them or leave it out.",
            )
        before = node.text, node.path


def _part_order(story: Node, census: Census) -> Iterator[Flaw]:
    before: tuple[int, str] | None = None
    for part in story.each("parts"):
        node = part.at("scene")
        position = census.ids.get("scenes", {}).get(node.text or "")
        if position is None:
            continue
        where = spelled(part.path)
        if before is not None and position == before[0]:
            yield node.flaw(f"{before[1]} starts at this scene too", "Start it at another scene.")
        elif before is not None and position < before[0]:
            yield node.flaw(
                f"this scene is told before the one at which {before[1]} starts",
                "Put the parts in the order in which they are told.",
            )
        before = position, where


_CHECKS: tuple[Callable[[Node, Census], Iterator[Flaw]], ...] = (
    _twice_named,
    _clashing,
    _unknown,
    _unknown_in_texts,
    _listed_twice,
    _level_names,
    _outside,
    _above_scene,
    _lesser,
    _identity_circles,
    _story_order_circles,
    _falling_markers,
    _part_order,
)
