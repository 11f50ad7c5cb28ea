"""Each page of a story of 300 scenes and 60 people beside the same page of *Ballerina*."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from urllib.parse import urlencode

from bench import grid, servers
from bench.answers import Request
from bench.asks import Asker, head
from bench.grid import Line
from bench.ground import LONG, Ground, loaded
from bench.section import Section
from bench.tables import at_most

TWICE = at_most(2)
_SIZES = ("*Ballerina*", "300 scenes")
_WORDS = """A story of 300 scenes and 60 people beside *Ballerina* with 40 and 19, all of either
reached and told: *CPU ms* and the ratio to that, which should be under 2.
"""


def measured(ground: Ground) -> Section:
    """Measure all pages, cold and anew."""
    with ExitStack() as stack:
        port = stack.enter_context(servers.app(ground.grown, hot_mb=0))
        stories = [loaded(ground.grown, name) for name in ("ballerina", LONG)]
        lines = [
            line
            for kind, anew in (("cold", False), ("anew", True))
            for line in _lines(kind, [Asker(story, port, anew) for story in stories])
        ]
        costs = sorted(grid.measured(ground, lines), key=lambda one: one.line.name)
    return Section(
        "A long story beside *Ballerina*",
        _WORDS.replace("\n", " ").strip() + "\n\n" + grid.drawn("page", _SIZES, costs),
        grid.misses(_SIZES, costs),
    )


def _lines(kind: str, askers: list[Asker]) -> Iterator[Line]:
    asked = [dict(_asked(asker)) for asker in askers]
    for name, first in asked[0].items():
        yield Line(name, kind, (first, asked[1][name]), TWICE)


def _asked(ask: Asker) -> Iterator[tuple[str, Request]]:
    person = ask.story.people[0].key
    name = ask.story.people[0].names[-1].name
    paths = {
        "front page": ("", ask.story.title),
        "card": ("/card", ask.story.title),
        "reading page, one person": (f"/read?who={person}", "Filter"),
        "reading page, story order": ("/read?order=happened", "Filter"),
        "people": ("/people", "Who is who"),
        "person": (f"/people/{person}", "What is known"),
        "pictures": ("/shape", "<svg"),
        "search": (f"/search?{urlencode({'q': name})}", "in what you know"),
        "to print": ("/print", ask.story.title),
        "as text": ("/export.md", ask.story.title),
        "as data": ("/export.json", '"scenes"'),
        "carry": ("/carry", ask.story.id),
    }
    for name, (path, words) in paths.items():
        yield name, ask.get(name, path, words)
    yield "reading page", ask.read("reading page", ask.count)
    yield "Next", ask.next("Next", ask.count)
    yield "permalink", ask.permalink("permalink", ask.count // 2)
    yield "gate", _gate(ask)
    yield "for programs", _program(ask)


def _gate(ask: Asker) -> Request:
    scene = ask.story.scenes[-1].key
    return ask.get("gate", f"/scenes/{scene}", "<form", place=ask.at(ask.count // 2))


def _program(ask: Asker) -> Request:
    """The interface for programs; who asks anew asks with another scene opened."""
    scenes = ask.story.scenes
    whole = f"/api/v1/stories/{ask.story.id}?threshold={ask.top}&reached={scenes[-1].key}"
    places = [f"{whole}&opened={scene.key}" for scene in scenes] if ask.anew else [whole]
    accept = {"Accept": "application/json"}
    heads = tuple(head("GET", path, headers=accept) for path in places)
    return Request("for programs", ask.port, heads, ('"scenes"',))
