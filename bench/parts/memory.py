"""What a worker holds in memory: idle, after reading, and at its fullest."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

from bench import servers
from bench.answers import once
from bench.asks import Asker
from bench.ground import SCENES, Ground, loaded
from bench.section import Section
from bench.tables import at_most, number, table

IDLE = at_most(90, "MB")
_SEARCHERS = 4
# So many stories into a walk through all of them, what has to be there once is there.
_EARLY = 2_000
_WORDS = """One worker as `explorer serve` starts it, resident, with the libraries it shares with
other workers; in MB (a million bytes).
"""


def measured(ground: Ground) -> Section:
    """Fill workers, and look at them."""
    if not sys.platform.startswith("linux"):
        return Section("Memory", "Only Linux tells how much memory a process holds.")
    rows, misses = [], []
    with _serving(ground.ballerina) as (port, worker):
        idle = servers.resident(worker)
        misses += IDLE.missed("an idle worker", idle)
        rows.append(("idle, *Ballerina* alone in the library", idle))
        rows.append(("after every page of *Ballerina* once", _read(ground, port, worker)))
        rows.append(("after 4,000 pages for 2,000 readers", _filled(ground, port, worker)))
    largest = max(ground.libraries)
    with _serving(ground.library(largest)) as (port, worker):
        rows.append((f"idle, {largest:,} stories in the library", servers.resident(worker)))
    with _serving(ground.library(largest), EXPLORER_MEMORY_MB="32", EXPLORER_HOT_MB="8") as (
        port,
        worker,
    ):
        rows += _walked(port, worker, largest)
    with _serving(ground.grown) as (port, worker):
        rows += [
            (f"after a story of {count:,} scenes", _long(ground, port, worker, count))
            for count in SCENES[-2:]
        ]
        what = f"after a search there by {_SEARCHERS} more readers"
        rows.append((what, _searched(ground, port, worker)))
    text = table(("worker", "MB"), ((what, number(size)) for what, size in rows))
    return Section(
        "Memory",
        _WORDS.replace("\n", " ").strip() + f" Aim, idle: {IDLE}.\n\n{text}",
        tuple(misses),
    )


def _searched(ground: Ground, port: int, worker: int) -> float:
    ask = Asker(loaded(ground.grown, f"made-{SCENES[-1]}"), port, anew=True)
    for head in ask.get("search", "/search?q=meets").heads[1 : 1 + _SEARCHERS]:
        once(port, head)
    return servers.resident(worker)


@contextmanager
def _serving(url: str, **settings: str) -> Iterator[tuple[int, int]]:
    """Give the port of a server with one worker, and the worker's process id."""
    with servers.explorer(url, "/healthz", **settings) as (port, pid):
        yield port, max(servers.workers_of(pid), key=servers.resident)


def _read(ground: Ground, port: int, worker: int) -> float:
    ask = Asker(loaded(ground.ballerina, "ballerina"), port)
    paths = ["", "/read", "/people", "/shape", "/search?q=a", "/print", "/export.md", "/carry"]
    paths += [f"/scenes/{scene.key}" for scene in ask.story.scenes]
    paths += [f"/people/{person.key}" for person in ask.story.people]
    for path in paths:
        once(port, ask.get("once", path).heads[0])
    return servers.resident(worker)


def _filled(ground: Ground, port: int, worker: int) -> float:
    ask = Asker(loaded(ground.ballerina, "ballerina"), port, anew=True)
    for request in (ask.read("read", ask.count), ask.permalink("permalink", ask.count // 2)):
        for asked in request.heads:
            once(port, asked)
    return servers.resident(worker)


def _walked(port: int, worker: int, count: int) -> Iterator[tuple[str, float]]:
    """Read a page of each story in turn, as many as there is time for; tells of early and late."""
    seconds = float(os.environ.get("EXPLORER_BENCH_WALK", "25"))
    begun, done = time.perf_counter(), 0
    while done < count - 1 and time.perf_counter() - begun < seconds:
        done += 1
        answer = once(port, servers.get(f"/stories/small-{done}/read"))
        assert answer.status == 200
        if done == _EARLY:
            yield (
                f"with room for 40 MB, after a page each of {done:,} stories",
                servers.resident(worker),
            )
    yield f"the same, after a page each of {done:,} stories", servers.resident(worker)


def _long(ground: Ground, port: int, worker: int, count: int) -> float:
    ask = Asker(loaded(ground.grown, f"made-{count}"), port)
    for path in ("/read", "/search?q=meets"):
        answer = once(port, ask.get("once", path).heads[0], 120)
        assert answer.status == 200
    return servers.resident(worker)
