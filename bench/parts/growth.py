"""Stories of rising length: what a page costs in each, beside its cost in the shortest."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack

from bench import grid, servers
from bench.answers import Request, once
from bench.asks import Asker
from bench.grid import Line
from bench.ground import SCENES, Ground, loaded
from bench.section import Section
from bench.tables import at_most, number, table
from explorer.story.model import Story

FLAT = at_most(1.2)
# These list every scene of someone, or look through every scene.
_GROWING = {"person in every eighth scene", "search, many places"}

_SIZES = tuple(f"{count:,} scenes" for count in SCENES)
_WORDS = """Costs are *CPU ms* in a story of 40 scenes, then ratios to that, at most 1.2. The made
stories have 25 people, all known after twelve scenes. Kinds are those of the first table.
"""
_ONCE = """What happens once, or shows all that there is, in seconds: the first answer of a story
that is not in memory yet, pages that hold every scene drawn for the first time, and the import of
a file.
"""


def measured(ground: Ground) -> Section:
    """Measure all pages in all kinds."""
    with ExitStack() as stack:
        stories = [loaded(ground.grown, f"made-{count}") for count in SCENES]
        cold = stack.enter_context(servers.app(ground.grown, hot_mb=0))
        hot = stack.enter_context(servers.app(ground.grown))
        once_only = list(_once_only(ground, stories, cold))
        kinds = (("cold", cold, False), ("anew", cold, True), ("hot", hot, False))
        lines = [
            line
            for kind, port, anew in kinds
            for line in _lines(kind, [Asker(story, port, anew) for story in stories])
        ]
        costs = grid.measured(ground, lines)
    ordered = sorted(costs, key=lambda one: list(_QUESTIONS).index(one.line.name))
    return Section(
        "Long stories",
        _plain(_WORDS)
        + grid.drawn("page", _SIZES, ordered)
        + f"\n{_plain(_ONCE)}"
        + table(("once", *_SIZES), once_only),
        grid.misses(_SIZES, ordered),
    )


def _plain(words: str) -> str:
    return words.strip().replace("\n", " ") + "\n\n"


_QUESTIONS: dict[str, Callable[[Asker, str], Request]] = {
    "front page": lambda ask, name: ask.get(name, "", "scenes."),
    "reading page, scene 20": lambda ask, name: ask.read(name, 20),
    "reading page, middle": lambda ask, name: ask.read(name, max(21, ask.count // 2)),
    "reading page, end": lambda ask, name: ask.read(name, ask.count),
    "Next, middle": lambda ask, name: ask.next(name, max(21, ask.count // 2)),
    "permalink, middle": lambda ask, name: ask.permalink(name, ask.count // 2),
    "person in five scenes": lambda ask, name: _person(ask, name, "guest"),
    "person in every eighth scene": lambda ask, name: _person(ask, name, "p3"),
    "search, one place": lambda ask, name: ask.get(name, "/search?q=number+7", "One place"),
    "search, many places": lambda ask, name: ask.get(name, "/search?q=meets", "places in what"),
}


def _lines(kind: str, askers: list[Asker]) -> Iterator[Line]:
    for name, ask in _QUESTIONS.items():
        aim = None if name in _GROWING else FLAT
        yield Line(name, kind, tuple(ask(asker, name) for asker in askers), aim)


def _person(ask: Asker, name: str, ident: str) -> Request:
    person = next(one for one in ask.story.people if one.id == ident)
    return ask.get(name, f"/people/{person.key}", "cenes so far")


def _once_only(ground: Ground, stories: list[Story], port: int) -> Iterator[tuple[str, ...]]:
    paths = {
        "first answer": "/read",
        "first search": "/search?q=meets",
        "pictures": "/shape",
        "to print": "/print",
        "as data": "/export.json",
    }
    yield ("import", *(number(ground.imports[count]) for count in SCENES))
    for name, path in paths.items():
        yield (name, *(number(_taken(Asker(story, port), path)) for story in stories))


def _taken(ask: Asker, path: str) -> float:
    request = ask.get("once", path)
    start = time.perf_counter()
    answer = once(request.port, request.heads[0], 120)
    assert answer.status == request.status, path
    return time.perf_counter() - start
