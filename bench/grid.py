"""The same question to libraries or stories of several sizes, and what each costs to the least.

Costs are the time that the server works, where the system tells it, so that a busy machine does
little to them.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bench.answers import Checked, Request
from bench.ground import Ground
from bench.load import one_by_one, round_of, watched
from bench.tables import Aim, median, number, table

# Slower answers than this are asked for one by one.
_SLOW = 0.06
_CONNECTIONS = 4


@dataclass(frozen=True)
class Line:
    """A question of some kind, as it is asked at each size; `aim` is for the ratios."""

    name: str
    kind: str
    requests: tuple[Request, ...]
    aim: Aim | None


@dataclass(frozen=True)
class Costs:
    """What a line came to: milliseconds at each size, and the ratios to the first of them."""

    line: Line
    costs: tuple[float, ...]
    ratios: tuple[float, ...]


class _Measured:
    """One question at one size, with the costs of its rounds."""

    def __init__(self, request: Request) -> None:
        self._checked = Checked(request)
        # What was asked already by now counts as quick; what is asked anew begins elsewhere.
        self._slow = one_by_one(self._checked.turned(), _SLOW).p50 > 1000 * _SLOW
        self.costs: list[float] = []

    def measure(self, ground: Ground) -> None:
        if self._slow:
            request = self._checked.turned()
            done = watched(request.port, lambda: one_by_one(request, ground.short))
        else:
            done = round_of(ground.client, self._checked, ground.short, _CONNECTIONS)
        self.costs.append(done.cost)


def measured(ground: Ground, lines: Iterable[Line]) -> list[Costs]:
    """Measure some lines, size beside size in each round; none once time is up."""
    return [_measured(ground, line) for line in lines if ground.has_a_moment]


def _measured(ground: Ground, line: Line) -> Costs:
    sizes = [_Measured(request) for request in line.requests]
    for _ in range(ground.few):
        for size in sizes:
            size.measure(ground)
    return Costs(
        line,
        tuple(median(size.costs) for size in sizes),
        tuple(median(map(_ratio, size.costs, sizes[0].costs)) for size in sizes),
    )


def _ratio(cost: float, least: float) -> float:
    return cost / least


def drawn(what: str, sizes: Sequence[str], costs: Iterable[Costs]) -> str:
    """Draw a table: milliseconds at the first size, ratios to it at the others.

    A page is a row; its kinds, which are the same for all that have the most, share its cells.
    """
    pages: dict[str, list[Costs]] = {}
    for one in costs:
        pages.setdefault(one.line.name, []).append(one)
    kinds = max((tuple(one.line.kind for one in kin) for kin in pages.values()), key=len)
    head = (f"{what}: {_joined(kinds)}", f"{sizes[0]}, ms", *sizes[1:])
    return table(head, (_row(name, kin, kinds) for name, kin in pages.items()))


def _row(name: str, kin: Sequence[Costs], kinds: Sequence[str]) -> list[str]:
    there = [one.line.kind for one in kin]
    title = name if there == list(kinds) else f"{name}: {_joined(there)}"
    figures = ((one.costs[0], *one.ratios[1:]) for one in kin)
    return [title, *(_joined(map(number, column)) for column in zip(*figures, strict=True))]


def _joined(words: Iterable[str]) -> str:
    return " · ".join(words)


def misses(sizes: Sequence[str], costs: Iterable[Costs]) -> tuple[str, ...]:
    """Tell which ratios miss their aims; of each line the worst."""
    found = []
    for one in costs:
        worst = max(one.ratios[1:])
        what = f"{one.line.name}, {one.line.kind}, {sizes[one.ratios.index(worst)]} to {sizes[0]}"
        found += one.line.aim.missed(what, worst) if one.line.aim else []
    return tuple(found)
