"""Who knows whom: the known relations as a small graph of the people whom they tie together.

Pure geometry over known values. The layout is that of the known part only.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import product
from math import sqrt

from explorer.knowledge.known import KnownRelation
from explorer.pictures.canvas import line, rect, tidy, words
from explorer.pictures.layout.overlap import Point
from explorer.pictures.layout.stress import laid
from explorer.pictures.layout.text_metrics import Box, Room, broken, shortened, width
from explorer.pictures.models import Node, Tie, Web, Words
from explorer.pictures.told import Told

MOST_PEOPLE = 80
MOST_TIES = 160

_MARGIN = 14.0
_NAME = 118.0
_MOST_WIDTH = 1060.0
_LEAST_WIDTH = 430.0
_WORDS = 130.0
_BOWS = (0.0, 28.0, -28.0, 56.0, -56.0, 84.0, -84.0, 120.0, -120.0, 160.0, -160.0)
_STEPS = 14


def web(told: Told) -> Web | None:
    """Draw the known relations; None where none is known."""
    tied = {key for r in told.relations for key in (r.origin.key, r.target.key)}
    people = [key for key in told.inks if key in tied][:MOST_PEOPLE]
    relations = [r for r in told.relations if r.origin.key in people and r.target.key in people]
    if not relations:
        return None
    drawing = _Drawing.of(told, people, relations[:MOST_TIES])
    return Web(
        width=tidy(drawing.width),
        height=tidy(drawing.height),
        nodes=tuple(drawing.nodes()),
        ties=tuple(drawing.ties()),
        untied=tuple(ink for key, ink in told.inks.items() if key not in tied),
        undrawn=len(told.relations) - len(drawing.relations),
    )


@dataclass(frozen=True, slots=True)
class _Drawing:
    told: Told
    people: Sequence[str]
    relations: Sequence[KnownRelation]
    boxes: dict[str, Box]
    width: float
    height: float

    @classmethod
    def of(cls, told: Told, people: Sequence[str], relations: Sequence[KnownRelation]) -> _Drawing:
        number = {key: n for n, key in enumerate(people)}
        sizes = [_size(_lines(told.inks[key].name)) for key in people]
        edges = sorted({_pair(number[r.origin.key], number[r.target.key]) for r in relations})
        most = max(_LEAST_WIDTH, min(_MOST_WIDTH, 150 * sqrt(len(people)) + 120))
        layout = laid(sizes, edges, most)
        margin = _margin(relations)
        boxes = {
            key: _box(point, size, margin)
            for key, point, size in zip(people, layout.points, sizes, strict=True)
        }
        wide, high = layout.width + 2 * margin, layout.height + 2 * margin
        return cls(told, people, relations, boxes, wide, high)

    # --- people ---

    def nodes(self) -> Iterator[Node]:
        for key, box in self.boxes.items():
            ink = self.told.inks[key]
            lines = _lines(ink.name)
            first = (box.top + box.bottom) / 2 + 4 - 7 * (len(lines) - 1)
            middle = (box.left + box.right) / 2
            yield Node(
                ink=ink,
                plate=rect(box.left, box.top, box.right, box.bottom),
                name=tuple(words(middle, first + 14 * n, text) for n, text in enumerate(lines)),
            )

    # --- relations ---

    def ties(self) -> Iterator[Tie]:
        room = self._room()
        used: dict[tuple[str, str], set[float]] = {}
        for relation in self.relations:
            pair = (relation.origin.key, relation.target.key)
            taken = used.setdefault((min(pair), max(pair)), set())
            bow = self._bow(relation, taken)
            # A bow is to one side as seen from one end, so both directions count as one.
            taken.add(bow)
            yield self._tie(relation, self._curve(relation, bow), room)

    def _room(self) -> Room:
        room = Room(Box(2, 2, self.width - 2, self.height - 2))
        for box in self.boxes.values():
            room.block(box)
        return room

    def _ends(self, relation: KnownRelation) -> tuple[str, str]:
        a, b = relation.origin.key, relation.target.key
        return min(a, b), max(a, b)

    def _curve(self, relation: KnownRelation, bow: float) -> tuple[Point, Point, Point]:
        """A bent line from frame to frame: its start, what bends it, its end."""
        a, b = (self.boxes[key] for key in self._ends(relation))
        (ax, ay), (bx, by) = _middle(a), _middle(b)
        length = sqrt((bx - ax) * (bx - ax) + (by - ay) * (by - ay)) or 1.0
        bend = (
            (ax + bx) / 2 - (by - ay) / length * bow,
            (ay + by) / 2 + (bx - ax) / length * bow,
        )
        return _edge(a, bend), bend, _edge(b, bend)

    def _bow(self, relation: KnownRelation, taken: set[float]) -> float:
        """How much to bend: as little as keeps off other people and relations of the same two."""
        free = [bow for bow in _BOWS if bow not in taken] or [_most_bow(len(taken) + 1)]
        ends = self._ends(relation)
        others = [box for key, box in self.boxes.items() if key not in ends]
        clear = (bow for bow in free if not _touches(self._curve(relation, bow), others, self.room))
        return next(clear, free[0])

    @property
    def room(self) -> Box:
        """What lines stay in."""
        return Box(2, 2, self.width - 2, self.height - 2)

    def _tie(self, relation: KnownRelation, curve: tuple[Point, Point, Point], room: Room) -> Tie:
        (ax, ay), (mx, my), (bx, by) = curve
        scene, inks = relation.scene, self.told.inks
        origin = inks[relation.origin.key]
        return Tie(
            origin=origin,
            target=inks[relation.target.key],
            text=relation.text,
            href=origin.href if scene is None else f"{self.told.href}/scenes/{scene.key}",
            scene=None if scene is None else scene.title,
            number=None if scene is None else scene.number,
            path=line("M", ax, ay, "Q", mx, my, bx, by),
            label=self._label(relation.text, curve, room),
        )

    def _label(self, text: str, curve: tuple[Point, Point, Point], room: Room) -> Words:
        """The relation's words on its line, where there is room; else as a tip."""
        cut = shortened(text, _WORDS, 11.5)
        wide = width(cut, 11.5)
        for share, aside in product((0.5, 0.42, 0.58, 0.34, 0.66, 0.26, 0.74), (0.0, -10.0, 10.0)):
            x, y = _at(curve, share)
            y += aside
            if room.takes(Box(x - wide / 2 - 2, y - 8, x + wide / 2 + 2, y + 8)):
                return words(x, y + 4, cut)
        x, y = _at(curve, 0.5)
        x = max(wide / 2 + 4, min(self.width - wide / 2 - 4, x))
        return words(x, y + 4, cut, tip=True)


def _pair(a: int, b: int) -> tuple[int, int]:
    return min(a, b), max(a, b)


def _lines(name: str) -> tuple[str, ...]:
    return broken(name, _NAME, 3)


def _size(lines: Sequence[str]) -> tuple[float, float]:
    return max(map(width, lines)) + 22, 14.0 * len(lines) + 14


def _most_bow(count: int) -> float:
    """How far the last of so many relations of the same two is bent, if nobody is in its way."""
    beyond = max(0, count - len(_BOWS))
    return abs(_BOWS[count - 1 - beyond]) + 22 * beyond


def _margin(relations: Iterable[KnownRelation]) -> float:
    """Leave room around people for all relations of the same two."""
    pairs = Counter(frozenset((r.origin.key, r.target.key)) for r in relations)
    return max(_MARGIN, _most_bow(max(pairs.values())) - _MARGIN)


def _box(point: Point, size: tuple[float, float], margin: float) -> Box:
    x, y, (w, h) = point[0] + margin, point[1] + margin, size
    return Box(x - w / 2, y - h / 2, x + w / 2, y + h / 2)


def _middle(box: Box) -> Point:
    return (box.left + box.right) / 2, (box.top + box.bottom) / 2


def _edge(box: Box, towards: Point) -> Point:
    """Where the line from a box's middle to a point leaves the box."""
    x, y = _middle(box)
    dx, dy = towards[0] - x, towards[1] - y
    shares = [(box.right - x) / abs(dx)] if dx else []
    shares += [(box.bottom - y) / abs(dy)] if dy else []
    share = min([1.0, *shares])
    return x + dx * share, y + dy * share


def _at(curve: tuple[Point, Point, Point], share: float) -> Point:
    (ax, ay), (mx, my), (bx, by) = curve
    rest = 1 - share
    a, m, b = rest * rest, 2 * rest * share, share * share
    return a * ax + m * mx + b * bx, a * ay + m * my + b * by


def _touches(curve: tuple[Point, Point, Point], boxes: Sequence[Box], room: Box) -> bool:
    """Whether a line runs over any of some boxes, or out of the picture."""
    for n in range(1, _STEPS):
        x, y = _at(curve, n / _STEPS)
        if not (room.left <= x <= room.right and room.top <= y <= room.bottom):
            return True
        if any(b.left - 3 < x < b.right + 3 and b.top - 3 < y < b.bottom + 3 for b in boxes):
            return True
    return False
