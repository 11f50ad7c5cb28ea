"""From the start of the process to its first answer."""

from __future__ import annotations

import time
from collections.abc import Callable

from bench import servers
from bench.answers import once
from bench.ground import Ground
from bench.section import Section
from bench.tables import at_most, median, number, spread, table

SECOND = at_most(1, "s")
_PAGE = "/stories/ballerina/read"
_WORDS = """From `explorer serve` to the first reading page, in seconds, all files at hand.
"""


def measured(ground: Ground) -> Section:
    """Start and stop a few times, over a small library and a large one, and over none."""
    largest = max(ground.libraries)
    urls: dict[str, Callable[[int], str]] = {
        "*Ballerina* alone": lambda _: ground.ballerina,
        f"{largest:,} stories": lambda _: ground.library(largest),
        "no library yet": lambda n: f"sqlite:///{ground.place / f'new-{n}.db'}",
    }
    rows, misses = [], []
    for name, url in urls.items():
        _started(url(-1))
        times = [_started(url(n)) for n in range(max(3, ground.rounds))]
        rows.append((name, number(median(times)), spread(times)))
        misses += SECOND.missed(f"first answer, {name}", median(times))
    text = table(("library", "first answer", "spread"), rows)
    words = _WORDS.replace("\n", " ").strip()
    return Section("Start-up", f"{words} Aim: {SECOND}.\n\n{text}", tuple(misses))


def _started(url: str) -> float:
    begun = time.perf_counter()
    with servers.explorer(url, _PAGE) as (port, _):
        took = time.perf_counter() - begun
        answer = once(port, servers.get(_PAGE))
    assert answer.status == 200
    return took
