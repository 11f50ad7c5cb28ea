"""In which order lanes lie so that few cross: barycenter sweeps, then swaps of neighbours.

A scene is the people in it, by number; they meet on the lane of one of them, the host. Whoever
comes from farther crosses the lanes between that are in use at that time.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

SWEEPS = 16
MOST_TRIED = 4_000

Casts = Sequence[Sequence[int]]


@dataclass(frozen=True, slots=True)
class Crowd:
    """Who is in which scene, and from where to where each lane is in use."""

    casts: Casts
    scenes: tuple[tuple[int, ...], ...]

    @classmethod
    def of(cls, casts: Casts, people: int) -> Crowd:
        """Take the casts of all scenes, as numbers below that of the people."""
        scenes: list[list[int]] = [[] for _ in range(people)]
        for n, cast in enumerate(casts):
            for person in cast:
                scenes[person].append(n)
        return cls(casts, tuple(map(tuple, scenes)))

    def host(self, scene: int, rows: Sequence[int]) -> int:
        """On whose lane a scene is: in the middle; of two that of who is in more scenes."""
        cast = sorted(self.casts[scene], key=rows.__getitem__)
        low, high = cast[(len(cast) - 1) // 2], cast[len(cast) // 2]
        return high if len(self.scenes[high]) > len(self.scenes[low]) else low

    def crossings(self, scene: int, rows: Sequence[int], lanes: Sequence[int]) -> int:
        """How many lanes are crossed by those who come to a scene; `lanes` has who is in each."""
        cast = self.casts[scene]
        if len(cast) < 2:
            return 0
        here, home = set(cast), rows[self.host(scene, rows)]
        crossed = 0
        for person in cast:
            low, high = sorted((rows[person], home))
            for other in lanes[low + 1 : high]:
                crossed += other not in here and self._lies(other, scene)
        return crossed

    def total(self, lanes: Sequence[int]) -> int:
        """How many crossings an order of lanes has."""
        rows = _rows(lanes)
        return sum(self.crossings(scene, rows, lanes) for scene in range(len(self.casts)))

    def _lies(self, person: int, scene: int) -> bool:
        return self.scenes[person][0] <= scene <= self.scenes[person][-1]


def ordered(casts: Casts, people: int) -> tuple[int, ...]:
    """Give the people from the topmost lane to the lowest. Each must be in a scene."""
    crowd = Crowd.of(casts, people)
    best = tuple(range(people))
    fewest = crowd.total(best)
    lanes = best
    for _ in range(SWEEPS):
        lanes = _swept(crowd, lanes)
        crossed = crowd.total(lanes)
        if crossed < fewest:
            best, fewest = lanes, crossed
    return _swapped(crowd, best)


def _swept(crowd: Crowd, lanes: Sequence[int]) -> tuple[int, ...]:
    """Put everyone where their scenes are, which are where their people are."""
    rows = _rows(lanes)
    middles = [
        sum(rows[person] for person in cast) / len(cast) if cast else 0.0 for cast in crowd.casts
    ]

    def pull(person: int) -> float:
        scenes = crowd.scenes[person]
        return sum(middles[scene] for scene in scenes) / len(scenes)

    return tuple(sorted(lanes, key=pull))


def _swapped(crowd: Crowd, lanes: Sequence[int]) -> tuple[int, ...]:
    """Swap neighbours as long as that saves crossings, within a bounded number of trials."""
    order, tried, again = list(lanes), 0, True
    while again and tried < MOST_TRIED:
        again = False
        for row in range(len(order) - 1):
            tried += _cost(crowd, order, row)
            again = _swap(crowd, order, row) or again
            if tried >= MOST_TRIED:
                break
    return tuple(order)


def _cost(crowd: Crowd, order: Sequence[int], row: int) -> int:
    return len(crowd.scenes[order[row]]) + len(crowd.scenes[order[row + 1]])


def _swap(crowd: Crowd, order: list[int], row: int) -> bool:
    """Swap two neighbours if that saves crossings. Only scenes of either can change."""
    upper, lower = order[row], order[row + 1]
    scenes = {*crowd.scenes[upper], *crowd.scenes[lower]}
    before = _of(crowd, scenes, order)
    order[row], order[row + 1] = lower, upper
    if _of(crowd, scenes, order) < before:
        return True
    order[row], order[row + 1] = upper, lower
    return False


def _of(crowd: Crowd, scenes: set[int], lanes: Sequence[int]) -> int:
    rows = _rows(lanes)
    return sum(crowd.crossings(scene, rows, lanes) for scene in scenes)


def _rows(lanes: Sequence[int]) -> list[int]:
    rows = [0] * len(lanes)
    for row, person in enumerate(lanes):
        rows[person] = row
    return rows
