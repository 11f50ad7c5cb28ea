"""Libraries of rising size: what the pages of one story cost in each, beside the least one."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import ExitStack

from bench import grid, servers
from bench.answers import Answer, Request, once
from bench.asks import Asker
from bench.grid import Line
from bench.ground import Ground, loaded
from bench.parts.growth import FLAT
from bench.section import Section
from bench.tables import number, table

# So many seconds the page with the whole library may take before it is left.
_PATIENCE = 10.0

_WORDS = """The same pages of *Ballerina* in libraries of rising size: *CPU ms* in the smallest,
then ratios to that, at most 1.2. The page of the library itself is asked for once, new and then
again, in seconds.
"""


def measured(ground: Ground) -> Section:
    """Measure all pages in all kinds, and the library's own page once."""
    sizes = tuple(f"{count:,} stories" for count in ground.libraries)
    with ExitStack() as stack:
        urls = [ground.library(count) for count in ground.libraries]
        story = loaded(urls[0], "ballerina")
        cold, hot = (
            [Asker(story, stack.enter_context(servers.app(url, hot_mb))) for url in urls]
            for hot_mb in (0, None)
        )
        lines = [*_lines("cold", cold), *_lines("hot", hot)]
        if b'name="q"' in once(cold[-1].port, servers.get("/")).body:
            lines += _paged(cold)
        costs = sorted(grid.measured(ground, lines), key=lambda one: one.line.name)
        # Last, since a server that is busy with this page is good for nothing else.
        pages = [_pages(asker.port) for asker in cold]
    rows = zip(("library page, new", "again", "of so many bytes"), *pages, strict=True)
    return Section(
        "Large libraries",
        _WORDS.replace("\n", " ").strip()
        + "\n\n"
        + grid.drawn("page", sizes, costs)
        + "\n"
        + table(("once", *sizes), rows),
        grid.misses(sizes, costs),
    )


def _lines(kind: str, askers: list[Asker]) -> Iterator[Line]:
    story = askers[0].story
    person = story.people[0].key
    asked = {
        "front page": [ask.get("front page", "", story.title) for ask in askers],
        "reading page": [ask.read("reading page", ask.count) for ask in askers],
        "Next": [ask.next("Next", ask.count) for ask in askers],
        "permalink": [ask.permalink("permalink", ask.count // 2) for ask in askers],
        "person": [ask.get("person", f"/people/{person}", "What is known") for ask in askers],
        "search": [ask.get("search", "/search?q=cake", "in what you know") for ask in askers],
    }
    for name, requests in asked.items():
        yield Line(name, kind, tuple(requests), FLAT)


def _paged(askers: list[Asker]) -> Iterator[Line]:
    """The library's own page, where it holds some of its stories only and can be searched."""
    paths = {"library page": ("/", "<article"), "titles searched": ("/?q=ballerina", "Ballerina")}
    for name, (path, words) in paths.items():
        requests = (Request(name, ask.port, (servers.get(path),), (words,)) for ask in askers)
        yield Line(name, "cold", tuple(requests), FLAT)


def _pages(port: int) -> tuple[str, str, str]:
    try:
        begun = time.perf_counter()
        first = _page(port)
        then = time.perf_counter()
        _page(port)
        again = time.perf_counter()
    except TimeoutError:
        return f"over {_PATIENCE:.0f}", "", ""
    return number(then - begun), number(again - then), f"{len(first.body):,}"


def _page(port: int) -> Answer:
    answer = once(port, servers.get("/"), _PATIENCE)
    assert answer.status == 200
    assert b"<article" in answer.body
    return answer
