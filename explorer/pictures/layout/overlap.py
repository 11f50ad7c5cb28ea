"""Room for the nodes of a graph: they are scaled, pushed, dropped until none is over another."""

from __future__ import annotations

from collections.abc import Sequence

from explorer.pictures.layout.text_metrics import Box

_STRETCH = 1.7
_GAP_X = 30.0
_GAP_Y = 30.0
_GROWTH = 1.1
_MOST_GROWTHS = 9
_PUSHES = 40

Edge = tuple[int, int]
Size = tuple[float, float]
Point = tuple[float, float]


def apart(points: Sequence[Point], sizes: Sequence[Size], most_width: float) -> list[Point]:
    """Scale until hardly anyone stands over another, push the rest apart, then make sure."""
    unit = max(60.0, 104.0 - 2.2 * len(points), 190.0 - 18.0 * len(points))
    for _ in range(_MOST_GROWTHS):
        made = [(x * unit * _STRETCH, y * unit) for x, y in points]
        if len(_clashes(made, sizes)) <= len(sizes) // 16:
            break
        unit *= _GROWTH
    made = _squeezed([(x * unit * _STRETCH, y * unit) for x, y in points], sizes, most_width)
    for _ in range(_PUSHES):
        clashes = _clashes(made, sizes)
        if not clashes:
            return made
        for a, b in clashes:
            _push(a, b, made, sizes)
        made = _squeezed(made, sizes, most_width)
    return _settled(made, sizes)


def _squeezed(points: Sequence[Point], sizes: Sequence[Size], most_width: float) -> list[Point]:
    """Bring it into the width that there is."""
    left = min(x - w / 2 for (x, _), (w, _) in zip(points, sizes, strict=True))
    right = max(x + w / 2 for (x, _), (w, _) in zip(points, sizes, strict=True))
    if right - left <= most_width:
        return list(points)
    broadest = max(w for w, _ in sizes)
    room, taken = max(0.0, most_width - broadest), right - left - broadest
    scale = room / taken if taken > 0 else 1.0
    middle = (left + right) / 2
    return [(middle + (x - middle) * min(1.0, scale), y) for x, y in points]


def room(point: Point, size: Size) -> Box:
    """A node with half of the gap that is to be between it and any other."""
    (x, y), w, h = point, size[0] + _GAP_X, size[1] + _GAP_Y
    return Box(x - w / 2, y - h / 2, x + w / 2, y + h / 2)


def _clashes(points: Sequence[Point], sizes: Sequence[Size]) -> list[Edge]:
    rooms = [room(point, size) for point, size in zip(points, sizes, strict=True)]
    across = sorted(range(len(rooms)), key=lambda n: (rooms[n].left, n))
    found = []
    for at, a in enumerate(across):
        for b in across[at + 1 :]:
            if rooms[b].left >= rooms[a].right:
                break
            if rooms[a].overlaps(rooms[b]):
                found.append((min(a, b), max(a, b)))
    return found


def _push(a: int, b: int, points: list[Point], sizes: Sequence[Size]) -> None:
    """Move two apart, half the way each, in the direction in which less is missing."""
    (ax, ay), (bx, by) = points[a], points[b]
    across = (sizes[a][0] + sizes[b][0]) / 2 + _GAP_X - abs(ax - bx)
    down = (sizes[a][1] + sizes[b][1]) / 2 + _GAP_Y - abs(ay - by)
    if across <= 0 or down <= 0:
        return
    if across < down:
        step = (across / 2 + 0.1) * (1 if ax >= bx else -1)
        points[a], points[b] = (ax + step, ay), (bx - step, by)
    else:
        step = (down / 2 + 0.1) * (1 if ay >= by else -1)
        points[a], points[b] = (ax, ay + step), (bx, by - step)


def _settled(points: Sequence[Point], sizes: Sequence[Size]) -> list[Point]:
    """From the top down, let each sink until it stands over nobody. This always ends."""
    made = list(points)
    placed: list[Box] = []
    for node in sorted(range(len(made)), key=lambda n: (made[n][1], made[n][0], n)):
        x, y = made[node]
        while hit := [box for box in placed if box.overlaps(room((x, y), sizes[node]))]:
            y = max(box.bottom for box in hit) + (sizes[node][1] + _GAP_Y) / 2 + 0.1
        made[node] = (x, y)
        placed.append(room((x, y), sizes[node]))
    return made
