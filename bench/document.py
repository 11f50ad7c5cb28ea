"""The document that a run writes. Pure, but for what it asks of the machine."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from bench import machine
from bench.ground import Ground
from bench.section import Section
from bench.tables import listed

PATH = Path(__file__).parent.parent / "docs" / "benchmarks.md"


def written(ground: Ground, sections: Sequence[Section], load: str, took: float) -> str:
    """Write what was measured, on what, when, and what misses its aim."""
    misses = [miss for section in sections for miss in section.misses]
    parts = "".join(f"## {section.title}\n\n{section.text.rstrip()}\n\n" for section in sections)
    return (
        f"# How fast it is\n\n{_how(ground, load, took)}\n\n"
        f"{parts}## What misses its aim\n\n{listed(misses, 'Nothing.')}"
    )


def _how(ground: Ground, load: str, took: float) -> str:
    server, asker = machine.cores()
    where = "on one core, the client on another" if server != asker else "and client on one core"
    if server < 0:
        where = "and client on whatever cores the system gave them"
    commit = machine.commit()
    lines = (
        f"Written by `make bench` on {machine.date()}"
        + (f" at {commit}" if commit else "")
        + f", in {took / 60:.0f} minutes, on a machine whose load was {load} before it began:",
        machine.described(),
        f"All over loopback, server {where}, with one worker;",
        f"{ground.client.name} as the client with 16 connections, each with one request under way.",
        f"{ground.rounds} rounds of {ground.seconds:g} s that alternate between all answers",
        f"(in the longer tables {min(2, ground.rounds)} of {ground.short:.2g} s);",
        "figures are medians.",
        "Every answer is looked at in full before and after each round, and counted and weighed",
        "within: one that is wrong ends the run. `make bench PARTS=main,weight` runs some parts.",
    )
    return " ".join(lines)
