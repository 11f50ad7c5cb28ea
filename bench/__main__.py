"""`make bench`: everything that is said of the speed of the app, in one run.

Loopback only, bounded in time, checks what it times. A whole run writes `docs/benchmarks.md`;
PARTS=main,growth runs some parts alone and prints them.
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from bench import document, machine
from bench.ground import Ground
from bench.load import client
from bench.parts import (
    clone,
    growth,
    library,
    lighthouse,
    main,
    memory,
    pages,
    readers,
    slow,
    start,
    weight,
)
from bench.section import Section

_Result = TypeVar("_Result")

# In the order of the document.
PARTS: dict[str, Callable[[Ground], Section]] = {
    "main": main.measured,
    "growth": growth.measured,
    "library": library.measured,
    "pages": pages.measured,
    "readers": readers.measured,
    "memory": memory.measured,
    "start": start.measured,
    "weight": weight.measured,
    "slow": slow.measured,
    "clone": clone.measured,
    "lighthouse": lighthouse.measured,
}
# Some fetch packages and one only waits, so they are run when they are asked for.
ASKED_FOR = {"clone", "lighthouse", "slow"}
# What takes longest comes last, so that it is what falls short where time does.
_LONGEST = ("library", "growth")


def run() -> None:
    """Measure what is asked for, and print it."""
    names = chosen(os.environ.get("PARTS", ""))
    core = machine.cores()[1]
    with tempfile.TemporaryDirectory(prefix="bench-") as place, machine.on_core(core):
        ground = Ground(
            place=Path(place),
            client=client(),
            rounds=int(os.environ.get("EXPLORER_BENCH_ROUNDS", "5")),
            seconds=float(os.environ.get("EXPLORER_BENCH_SECONDS", "1.5")),
            libraries=libraries(os.environ.get("BENCH_STORIES", "10000")),
        )
        before = machine.load()
        _prepare(ground, names)
        began = time.perf_counter()
        done = {name: _timed(name, ground) for name in sorted(names, key=_turn)}
        took = time.perf_counter() - began
    sections = [done[name] for name in names]
    text = document.written(ground, sections, before, took)
    print(text)
    if set(names) >= set(PARTS) - ASKED_FOR:
        document.PATH.write_text(text)
        print(f"written to {document.PATH.name}; for the README:\n")
    print("".join(section.readme for section in sections))


def chosen(words: str) -> list[str]:
    """Give the parts to run, in their order. Raises SystemExit for one that is not there."""
    names = {name.strip() for name in words.split(",") if name.strip()}
    unknown = names - set(PARTS)
    if unknown:
        raise SystemExit(f"There is no part {', '.join(sorted(unknown))}; {', '.join(PARTS)} are.")
    return [name for name in PARTS if name in names or (not names and name not in ASKED_FOR)]


def libraries(most: str) -> tuple[int, ...]:
    """Give the sizes of libraries to measure, up to the largest one."""
    return tuple(sorted({10, 1_000, max(10, int(most))}))


def _turn(name: str) -> int:
    return _LONGEST.index(name) if name in _LONGEST else -1


def _prepare(ground: Ground, names: list[str]) -> None:
    """Make the large library before the clock runs; it is made once, and kept."""
    if {"library", "memory", "start"} & set(names):
        _say("the large library", lambda: ground.library(max(ground.libraries)))
    ground.begin()


def _timed(name: str, ground: Ground) -> Section:
    if not ground.has_time:
        return Section(name.capitalize(), "Left out, since the time was up.")
    return _say(name, lambda: PARTS[name](ground))


def _say(name: str, do: Callable[[], _Result]) -> _Result:
    """Do something, and say how long it took."""
    print(f"{name} ...", file=sys.stderr)
    start = time.perf_counter()
    result = do()
    print(f"{name}: {time.perf_counter() - start:.0f} s", file=sys.stderr)
    return result


if __name__ == "__main__":
    run()
