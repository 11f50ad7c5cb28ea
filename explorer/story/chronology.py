"""Story order: the one order of all tellings in which things happen, as against told order."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence

from explorer.story.model import Scene, Telling
from explorer.story.terms import Time

_BASE = {Time.FLASHBACK: 0, Time.PRESENT: 1, Time.DREAM: 1, Time.FLASHFORWARD: 2}

# A telling by the position of its scene and its own position within the scene.
Spot = tuple[int, int]


def happened(scenes: Sequence[Scene]) -> tuple[tuple[int, ...], ...]:
    """Give for every scene the rank in story order of each of its tellings.

    The base is flashbacks, then present ones and dreams, then flashforwards, each as told. A
    telling with `happens` stands with the full telling it names instead: block(x) is the blocks
    placed before x, x itself, the blocks placed after x, each as told. A lesser telling that
    stands where the full one does stands right beside it, inside its block: what happened before
    a scene comes before it, however much of it is told. There must be no circle; a story file
    with one is refused.
    """
    before: dict[int, list[Spot]] = defaultdict(list)
    after: dict[int, list[Spot]] = defaultdict(list)
    base: list[Spot] = []
    for i, scene in enumerate(scenes):
        for j, telling in enumerate(scene.tellings):
            if telling is not scene.full and _standing(telling) == _standing(scene.full):
                continue
            if telling.happens is None:
                base.append((i, j))
            else:
                (after if telling.happens.after else before)[telling.happens.scene].append((i, j))
    base.sort(key=lambda spot: (_standing(scenes[spot[0]].tellings[spot[1]]), spot))
    rank = {spot: n for n, spot in enumerate(_unfolded(scenes, base, before, after))}
    return tuple(
        tuple(rank[i, j] for j in range(len(scene.tellings))) for i, scene in enumerate(scenes)
    )


def _standing(telling: Telling) -> tuple[int, int, bool]:
    """Where a telling stands: in the base by its time, or with the scene that it names."""
    if telling.happens is None:
        return (_BASE[telling.time], -1, False)
    return (-1, telling.happens.scene, telling.happens.after)


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
        full = scenes[scene].full
        if scenes[scene].tellings[j] is not full:
            yield spot
        elif unfolded:
            yield from _beside(scenes[scene], scene)
            yield spot
        else:
            stack.extend((later, False) for later in reversed(after[scene]))
            stack.append((spot, True))
            stack.extend((earlier, False) for earlier in reversed(before[scene]))


def _beside(scene: Scene, position: int) -> Iterator[Spot]:
    """The lesser tellings of a scene that stand where its full one does."""
    lesser = scene.tellings[:-1]
    return (
        (position, j)
        for j, telling in enumerate(lesser)
        if _standing(telling) == _standing(scene.full)
    )
