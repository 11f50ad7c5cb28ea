"""What the entries of a story file say of each other: ids, levels, tellings, circles, orders.

A value of a wrong kind is passed over, since `schema` complains about it; so a slip in one scene
hides nothing that is wrong in others.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial

from explorer.story import marker
from explorer.story.prose import MENTION, mentioned
from explorer.story.terms import opaque
from explorer.storyfile import conditions
from explorer.storyfile.document_index import (
    KINDS,
    DocumentIndex,
    ValueNode,
    census,
    conditioned,
    references,
    tellings,
    texts,
)
from explorer.storyfile.guesses import wrong_guesses
from explorer.storyfile.json_positions import Path, spelled
from explorer.storyfile.problems import Problem, quoted

_Check = Callable[[ValueNode, DocumentIndex], Iterator[Problem]]


def problems(document: object) -> Iterator[Problem]:
    """Give all that does not fit together in a file, in no special order."""
    return _found(document, (*_CHECKS, *conditions.CHECKS))


def damages(document: object, *, is_built: bool) -> Iterator[Problem]:
    """Give what keeps a story from being read that was good when it was kept.

    What authors may write grows stricter, and old stories stay readable: so these are fewer than
    `problems`, and fewer still where the story is built anyway, which finds out who is unknown and
    which guess leads nowhere.
    """
    return _found(document, _DAMAGES if is_built else (*_DAMAGES, *_UNKNOWN))


def _found(document: object, checks: Iterable[_Check]) -> Iterator[Problem]:
    story = ValueNode((), document)
    counted = census(story)
    for check in checks:
        yield from check(story, counted)


# --- ids ---------------------------------------------------------------------------------------


def _twice_named(story: ValueNode, _: DocumentIndex) -> Iterator[Problem]:
    """Find ids that two have, or that one had and another has or had."""
    for kind, noun in KINDS.items():
        owners: dict[str, Path] = {}
        present = [entry.at("id") for entry in story.each(kind)]
        past = [was for entry in story.each(kind) for was in entry.each("was")]
        for node in present + past:
            if node.text is None:
                continue
            if node.text in owners:
                yield node.problem(
                    f"the id {quoted(node.text)} is taken: {spelled(owners[node.text])} has it",
                    f"Give each {noun} an id of its own, which no other has or had.",
                )
            owners.setdefault(node.text, node.path)


def _clashing(story: ValueNode, known: DocumentIndex) -> Iterator[Problem]:
    """Find ids whose addresses for readers would be the same; others than of ASCII are no ids."""
    name = story.at("id").text or ""
    if not name.isascii():
        return
    for kind in ("scenes", "people"):
        idents = [*known.ids.get(kind, ()), *known.were[kind]]
        key = partial(opaque, name, KINDS[kind])
        for one, other in clashes(filter(str.isascii, idents), key):
            yield story.at(kind).problem(
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


def _unknown(story: ValueNode, known: DocumentIndex) -> Iterator[Problem]:
    """Find references to ids that nobody has."""
    for kind, node in references(story):
        ident = node.text
        if ident is not None and known.lacks(kind, ident):
            yield node.problem(
                f"no {KINDS[kind]} has the id {quoted(ident)}", known.advice(kind, ident)
            )


def _unknown_in_texts(story: ValueNode, known: DocumentIndex) -> Iterator[Problem]:
    """Find mentions of people whom nobody is. Brackets in code are no mentions."""
    for node in texts(story):
        text = node.text or ""
        suspects = {m[1] for m in MENTION.finditer(text) if known.lacks("people", m[1])}
        if not suspects:
            continue
        for ident in dict.fromkeys(ident for ident in mentioned(text) if ident in suspects):
            yield node.problem(
                f"mentions [[{ident[:60]}]], but no person has this id",
                known.advice("people", ident),
            )


def _listed_twice(story: ValueNode, _: DocumentIndex) -> Iterator[Problem]:
    for telling in tellings(story):
        listed: set[str] = set()
        for node in telling.each("people"):
            if node.text in listed:
                yield node.problem(
                    f"{quoted(node.text)} is listed in this telling already", "List them once."
                )
            elif node.text is not None:
                listed.add(node.text)


# --- levels ------------------------------------------------------------------------------------


def _level_names(story: ValueNode, _: DocumentIndex) -> Iterator[Problem]:
    names: dict[str, Path] = {}
    for level in story.each("levels"):
        node = level.at("name")
        name = (node.text or "").strip()
        if name in names:
            first = spelled(names[name])
            yield node.problem(
                f"another level has the name {quoted(name)}: {first}", "Name each differently."
            )
        elif name:
            names[name] = node.path


def _level_names_before(story: ValueNode, _: DocumentIndex) -> Iterator[Problem]:
    """Find earlier names that two levels claim; that one has what another had is a swap."""
    owners: dict[str, tuple[int, Path]] = {}
    for n, level in enumerate(story.each("levels")):
        for node in level.each("was"):
            name = (node.text or "").strip()
            owner, path = owners.setdefault(name, (n, node.path))
            if name and owner != n:
                yield node.problem(
                    f"another level was called {quoted(name)} as well: {spelled(path)}",
                    "Leave it to the one that readers are to have who accepted it.",
                )


def _outside(story: ValueNode, known: DocumentIndex) -> Iterator[Problem]:
    """Find numbers that no level of the story has."""
    if known.levels is None:
        return
    for entry in (*conditioned(story), *tellings(story)):
        node = entry.at("level")
        if node.number is not None and not known.has_level(node.number):
            yield node.problem(
                f"there is no level {_shown(node.number)}",
                f"This story has the levels 0 to {known.levels - 1}.",
            )


def _lesser(story: ValueNode, known: DocumentIndex) -> Iterator[Problem]:
    """Find lesser tellings that are not below their scene, or share a level."""
    for scene in story.each("scenes"):
        full = scene.at("level").number
        told: set[int] = set()
        for telling in scene.each("tellings"):
            node = telling.at("level")
            if node.number is None or not known.has_level(node.number):
                continue
            if full is not None and node.number >= full:
                yield node.problem(
                    f"a lesser telling must be below the scene's level, which is {_shown(full)}",
                    "Lower it, or raise the level of the scene.",
                )
            elif node.number in told:
                yield node.problem(
                    f"this scene has another telling of level {node.number}",
                    "Keep one of them, or give them different levels.",
                )
            told.add(node.number)


def _shown(number: int) -> str:
    """Give a number in digits, where it has not absurdly many of them."""
    return str(number) if abs(number) < 10**9 else "of so many digits"


# --- circles and orders ------------------------------------------------------------------------


def _identity_circles(story: ValueNode, _: DocumentIndex) -> Iterator[Problem]:
    arrows = _arrows(story, "people", lambda person: (person.at("is").at("person"),))
    for members in circles({one: node.text or "" for one, node in arrows.items()}):
        yield arrows[members[0]].problem(
            f"the people turn out to be each other in a circle: {_chain(members)}",
            'Take out one "is" of these; the last of them is who they all are.',
        )


def _story_order_circles(story: ValueNode, _: DocumentIndex) -> Iterator[Problem]:
    """Find full tellings that wait for each other; the lesser ones are never waited for."""
    arrows = _arrows(
        story,
        "scenes",
        lambda scene: (scene.at("happens").at("before"), scene.at("happens").at("after")),
    )
    for members in circles({one: node.text or "" for one, node in arrows.items()}):
        yield arrows[members[0]].problem(
            f"the scenes place each other in a circle: {_chain(members)}",
            'Take out one "happens" of these, so that there is a scene to start from.',
        )


def _arrows(
    story: ValueNode, kind: str, targets: Callable[[ValueNode], Iterable[ValueNode]]
) -> dict[str, ValueNode]:
    """Give for each id the first node by which its entry names another."""
    arrows: dict[str, ValueNode] = {}
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


def _falling_markers(story: ValueNode, _: DocumentIndex) -> Iterator[Problem]:
    nodes = [scene.at("marker") for scene in story.each("scenes")]
    written = [(node, node.text) for node in nodes if node.text and len(node.text) <= 40]
    kind = marker.kind_of(text for _, text in written)
    before: tuple[marker.Place, str, Path] | None = None
    for node, text in written:
        place = kind and marker.position(kind, text)
        if not place:
            continue
        if before is not None and place < before[0]:
            yield node.problem(
                f"the marker {quoted(text)} falls behind {quoted(before[1])} "
                f"at {spelled(before[2])}",
                "Markers rise in the order told; correct one of them or leave it out.",
            )
        before = place, text, node.path


def _part_order(story: ValueNode, known: DocumentIndex) -> Iterator[Problem]:
    before: tuple[int, str] | None = None
    for part in story.each("parts"):
        node = part.at("scene")
        position = known.ids.get("scenes", {}).get(node.text or "")
        if position is None:
            continue
        where = spelled(part.path)
        if before is not None and position == before[0]:
            yield node.problem(
                f"{before[1]} starts at this scene too", "Start it at another scene."
            )
        elif before is not None and position < before[0]:
            yield node.problem(
                f"this scene is told before the one at which {before[1]} starts",
                "Put the parts in the order in which they are told.",
            )
        before = position, where


_CHECKS: tuple[_Check, ...] = (
    _twice_named,
    _clashing,
    _unknown,
    _unknown_in_texts,
    _listed_twice,
    _level_names,
    _level_names_before,
    _outside,
    _lesser,
    _identity_circles,
    _story_order_circles,
    _falling_markers,
    _part_order,
    wrong_guesses,
)

_DAMAGES: tuple[_Check, ...] = (
    _twice_named,
    _outside,
    _lesser,
    _identity_circles,
    _story_order_circles,
)
_UNKNOWN: tuple[_Check, ...] = (_unknown, _unknown_in_texts, wrong_guesses)
