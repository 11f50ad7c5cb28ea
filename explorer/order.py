"""Story order: the one order of all tellings in which things happen, as against told order."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence

from explorer.story import Scene, Telling, Time

_BASE = {Time.FLASHBACK: 0, Time.PRESENT: 1, Time.DREAM: 1, Time.FLASHFORWARD: 2}

# A telling by the position of its scene and its own position within the scene.
Spot = tuple[int, int]


def happened(scenes: Sequence[Scene]) -> tuple[tuple[int, ...], ...]:
    """Give for every scene the rank in story order of each of its tellings.

    The base is flashbacks, then present ones and dreams, then flashforwards, each as told. A
    telling with `happens` stands with the full telling it names instead: block(x) is the blocks
    placed before x, x itself, the blocks placed after x, each as told. There must be no circle
    (`circle` finds them).
    """
    spots = [(i, j) for i, scene in enumerate(scenes) for j in range(len(scene.tellings))]
    before: dict[int, list[Spot]] = defaultdict(list)
    after: dict[int, list[Spot]] = defaultdict(list)
    base: list[Spot] = []
    for spot in spots:
        happens = _telling(scenes, spot).happens
        if happens is None:
            base.append(spot)
        else:
            (after if happens.after else before)[happens.scene].append(spot)
    base.sort(key=lambda spot: (_BASE[_telling(scenes, spot).time], spot))
    rank = {spot: n for n, spot in enumerate(_unfolded(scenes, base, before, after))}
    return tuple(
        tuple(rank[i, j] for j in range(len(scene.tellings))) for i, scene in enumerate(scenes)
    )


def circle(scenes: Sequence[Scene]) -> list[int]:
    """Give the scenes of one circle of `happens`, or nothing. Only full tellings are anchors."""
    settled: set[int] = set()
    for start in range(len(scenes)):
        path: list[int] = []
        at: int | None = start
        while at is not None and at not in settled:
            if at in path:
                return path[path.index(at) :]
            path.append(at)
            happens = scenes[at].full.happens
            at = happens.scene if happens else None
        settled.update(path)
    return []


def _telling(scenes: Sequence[Scene], spot: Spot) -> Telling:
    return scenes[spot[0]].tellings[spot[1]]


def _unfolded(
    scenes: Sequence[Scene],
    base: list[Spot],
    before: dict[int, list[Spot]],
    after: dict[int, list[Spot]],
) -> Iterator[Spot]:
    """Walk the blocks with a stack of our own: an author may nest them deeper than Python."""
    stack: list[tuple[Spot, bool]] = [(spot, False) for spot in reversed(base)]
    while stack:
        spot, unfolded = stack.pop()
        scene, j = spot
        is_anchor = j == len(scenes[scene].tellings) - 1
        if unfolded or not is_anchor:
            yield spot
            continue
        stack.extend((later, False) for later in reversed(after[scene]))
        stack.append((spot, True))
        stack.extend((earlier, False) for earlier in reversed(before[scene]))
