"""Story order: the one order of all tellings, as things happen."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from tests.shield.oracle.reader import Entry, tellings

Spot = tuple[int, int]


def spots(document: Entry) -> Iterator[tuple[Spot, Entry]]:
    """Every telling, named by the number of its scene and its own in it, both from 0."""
    for n, scene in enumerate(document["scenes"]):
        for m, telling in enumerate(tellings(scene)):
            yield (n, m), telling


def story_order(document: Entry) -> list[Spot]:
    """The one order of all tellings, by the formula for blocks.

    A telling is named by the number of its scene and its own in it, both from 0.
    """
    scenes = document["scenes"]
    place_of = {scene["id"]: (n, len(tellings(scene)) - 1) for n, scene in enumerate(scenes)}
    told = dict(spots(document))

    def placed(side: str, anchor: Spot) -> list[Spot]:
        named = ((spot, telling.get("happens", {}).get(side)) for spot, telling in told.items())
        there = [spot for spot, scene in named if scene and place_of[scene] == anchor]
        return [spot for spot in there if spot not in moved]

    def standing(telling: Entry) -> Any:
        time = telling.get("time", "present")
        return telling.get("happens") or {"dream": "present"}.get(time, time)

    # A lesser telling that stands where the full one does stands beside it, within its block.
    beside: dict[Spot, list[Spot]] = {full: [] for full in place_of.values()}
    for spot, telling in told.items():
        scene = scenes[spot[0]]
        if telling is not scene and standing(telling) == standing(scene):
            beside[place_of[scene["id"]]].append(spot)
    moved = [spot for lesser in beside.values() for spot in lesser]

    def block(x: Spot) -> list[Spot]:
        before = [spot for other in placed("before", x) for spot in block(other)]
        after = [spot for other in placed("after", x) for spot in block(other)]
        return [*before, *beside.get(x, []), x, *after]

    base = []
    for time in ("flashback", "present", "flashforward"):
        base += [spot for spot, t in told.items() if spot not in moved and standing(t) == time]
    return [spot for x in base for spot in block(x)]
