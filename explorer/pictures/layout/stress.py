"""Where the nodes of a small graph stand: near those they are tied to, none over another.

Plain sums, products and square roots, in one order and from fixed starts, so that the same graph
is laid out alike on every machine.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations
from math import sqrt
from random import Random

from explorer.pictures.layout.overlap import Edge, Point, Size, apart, room
from explorer.pictures.layout.text_metrics import Box

ROUNDS = 50
BUDGET = 300_000
MOST_STARTS = 12
MOST_SCORED = 150

_BETWEEN_PARTS = 36.0


@dataclass(frozen=True, slots=True)
class Layout:
    """The middles of all nodes, and how much room they take together."""

    points: tuple[Point, ...]
    width: float
    height: float


def laid(sizes: Sequence[Size], edges: Sequence[Edge], most_width: float) -> Layout:
    """Lay out a graph; nodes are numbers, `sizes` their widths and heights.

    It gets no wider than it may, unless a single node is.
    """
    parts = []
    for nodes in _parts(len(sizes), edges):
        number = {node: n for n, node in enumerate(nodes)}
        mine = [(number[a], number[b]) for a, b in edges if a in number and a != b]
        parts.append((nodes, _part([sizes[node] for node in nodes], mine, most_width)))
    return _packed(parts, sizes, most_width)


def _parts(count: int, edges: Sequence[Edge]) -> list[list[int]]:
    """The nodes that hang together, each such part by its lowest node."""
    near = _neighbours(count, edges)
    seen: set[int] = set()
    parts = []
    for start in range(count):
        if start not in seen:
            part = [node for node, _ in _walked(start, near)]
            seen.update(part)
            parts.append(sorted(part))
    return parts


def _neighbours(count: int, edges: Sequence[Edge]) -> list[list[int]]:
    near: list[list[int]] = [[] for _ in range(count)]
    for a, b in edges:
        if a != b:
            near[a].append(b)
            near[b].append(a)
    return near


def _walked(start: int, near: Sequence[Sequence[int]]) -> Iterator[tuple[int, int]]:
    """All nodes that can be reached, the near ones first, with how many edges away they are."""
    found = {start: 0}
    queue = deque([start])
    while queue:
        node = queue.popleft()
        yield node, found[node]
        for other in near[node]:
            if other not in found:
                found[other] = found[node] + 1
                queue.append(other)


# --- one part ------------------------------------------------------------------------------------


def _part(sizes: Sequence[Size], edges: Sequence[Edge], most_width: float) -> list[Point]:
    """Lay out nodes that hang together: of a few starts the one with the fewest crossings."""
    goals = _goals(len(sizes), edges)
    tries = BUDGET // (ROUNDS * len(sizes) * len(sizes)) if len(edges) <= MOST_SCORED else 1
    best: tuple[int, list[Point]] | None = None
    for start in range(max(1, min(MOST_STARTS, tries))):
        points = apart(_level(_relaxed(goals, start)), sizes, most_width)
        crossed = _crossed(points, edges) + 2 * _hidden(points, sizes, edges) if tries > 1 else 0
        if best is None or crossed < best[0]:
            best = crossed, points
        if not best[0]:
            # Nothing has fewer, and of equals the first one is taken.
            break
    return best[1] if best else []


def _goals(count: int, edges: Sequence[Edge]) -> list[list[float]]:
    """How far nodes should be from each other: as many steps as edges, but none out of sight."""
    near = _neighbours(count, edges)
    most = max(2.0, 1.1 * sqrt(count))
    goals = [[0.0] * count for _ in range(count)]
    for node in range(count):
        for other, steps in _walked(node, near):
            goals[node][other] = min(float(steps), most)
    return goals


def _relaxed(goals: Sequence[Sequence[float]], start: int) -> list[Point]:
    """Move each node in turn to where the others want it (stress majorization)."""
    chance = Random(start)
    reach = sqrt(len(goals))
    points = [(chance.random() * reach, chance.random() * reach) for _ in goals]
    pulls = [_pulls(row) for row in goals]
    for _ in range(ROUNDS):
        for node, others in enumerate(pulls):
            points[node] = _wanted(points[node], points, others)
    return points


def _pulls(goals: Sequence[float]) -> list[tuple[int, float, float]]:
    """The others, how far each should be, and how strongly it pulls: the near ones more."""
    return [(other, goal, 1.0 / (goal * goal)) for other, goal in enumerate(goals) if goal]


def _wanted(at: Point, points: Sequence[Point], pulls: Sequence[tuple[int, float, float]]) -> Point:
    x, y = at
    across = down = weight = 0.0
    for other, goal, pull in pulls:
        ox, oy = points[other]
        dx, dy = x - ox, y - oy
        share = goal / (sqrt(dx * dx + dy * dy) or 1.0)
        across += pull * (ox + dx * share)
        down += pull * (oy + dy * share)
        weight += pull
    return (across / weight, down / weight) if weight else at


def _level(points: Sequence[Point]) -> list[Point]:
    """Turn it so that it is wide rather than high."""
    count = len(points)
    mx, my = sum(x for x, _ in points) / count, sum(y for _, y in points) / count
    xx = sum((x - mx) * (x - mx) for x, _ in points)
    yy = sum((y - my) * (y - my) for _, y in points)
    xy = sum((x - mx) * (y - my) for x, y in points)
    main = (xx + yy) / 2 + sqrt((xx - yy) * (xx - yy) / 4 + xy * xy)
    ax, ay = (main - yy, xy) if xx >= yy else (xy, main - xx)
    length = sqrt(ax * ax + ay * ay)
    ax, ay = (ax / length, ay / length) if length > 1e-9 else (1.0, 0.0)
    return [((x - mx) * ax + (y - my) * ay, (y - my) * ax - (x - mx) * ay) for x, y in points]


def _crossed(points: Sequence[Point], edges: Sequence[Edge]) -> int:
    """How many pairs of edges cross."""
    return sum(
        1
        for (a, b), (c, d) in combinations(edges, 2)
        if len({a, b, c, d}) == 4 and _cross(points[a], points[b], points[c], points[d])
    )


def _hidden(points: Sequence[Point], sizes: Sequence[Size], edges: Sequence[Edge]) -> int:
    """How many times an edge runs over a node that is none of its ends."""
    rooms = [room(point, size) for point, size in zip(points, sizes, strict=True)]
    return sum(
        1
        for a, b in edges
        for node, its_room in enumerate(rooms)
        if node not in (a, b) and _over(points[a], points[b], its_room)
    )


def _over(a: Point, b: Point, box: Box) -> bool:
    """Whether the line between two points runs over a box, by one of its diagonals."""
    one = (box.left, box.top), (box.right, box.bottom)
    other = (box.left, box.bottom), (box.right, box.top)
    return _cross(a, b, *one) or _cross(a, b, *other)


def _cross(a: Point, b: Point, c: Point, d: Point) -> bool:
    return _turn(a, b, c) * _turn(a, b, d) < 0 and _turn(c, d, a) * _turn(c, d, b) < 0


def _turn(a: Point, b: Point, c: Point) -> float:
    return (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])


# --- all parts -----------------------------------------------------------------------------------


def _packed(
    parts: Sequence[tuple[list[int], list[Point]]], sizes: Sequence[Size], most_width: float
) -> Layout:
    """Put parts beside each other, and below where there is no more room."""
    points: list[Point] = [(0.0, 0.0)] * len(sizes)
    left = top = width = height = 0.0
    for nodes, placed in parts:
        bounds = _bounds(placed, [sizes[node] for node in nodes])
        wide, high = bounds.right - bounds.left, bounds.bottom - bounds.top
        if left and left + wide > most_width:
            left, top = 0.0, height + _BETWEEN_PARTS
        for node, (x, y) in zip(nodes, placed, strict=True):
            points[node] = (round(x - bounds.left + left, 1), round(y - bounds.top + top, 1))
        left += wide + _BETWEEN_PARTS
        width, height = max(width, left - _BETWEEN_PARTS), max(height, top + high)
    return Layout(tuple(points), round(width, 1), round(height, 1))


def _bounds(points: Sequence[Point], sizes: Sequence[Size]) -> Box:
    pairs = list(zip(points, sizes, strict=True))
    return Box(
        min(x - w / 2 for (x, _), (w, _) in pairs),
        min(y - h / 2 for (_, y), (_, h) in pairs),
        max(x + w / 2 for (x, _), (w, _) in pairs),
        max(y + h / 2 for (_, y), (_, h) in pairs),
    )
