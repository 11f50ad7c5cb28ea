"""Tables and numbers as the document has them. Pure."""

from __future__ import annotations

import statistics
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

Side = Literal["left", "right"]


@dataclass(frozen=True)
class Aim:
    """What a figure should be: at least, or at most."""

    bound: float
    least: bool = True
    unit: str = ""

    def __str__(self) -> str:
        sign = "≥" if self.least else "≤"
        return f"{sign} {self.bound:g}{' ' if self.unit else ''}{self.unit}"

    def missed(self, what: str, figure: float) -> list[str]:
        """Tell by how much a figure misses; nothing where it does not."""
        if figure >= self.bound if self.least else figure <= self.bound:
            return []
        short = figure / self.bound - 1
        unit = f" {self.unit}" if self.unit else ""
        return [f"{what}: {number(figure)}{unit} where {self} was aimed at ({short:+.0%})"]


def at_least(bound: float) -> Aim:
    """Give an aim that a ratio should reach."""
    return Aim(bound)


def at_most(bound: float, unit: str = "") -> Aim:
    """Give an aim that a figure should stay within."""
    return Aim(bound, least=False, unit=unit)


def table(head: Sequence[str], rows: Iterable[Sequence[str]], words: int = 1) -> str:
    """Draw a table in Markdown; its first columns are words, and figures stand to the right."""
    rule = ["---" if n < words else "---:" for n in range(len(head))]
    lines = [head, rule, *rows]
    wrong = [line for line in lines if len(line) != len(head)]
    if wrong:
        raise ValueError(f"{wrong[0]!r} does not fit under {head!r}")
    return "".join(f"| {' | '.join(_cell(cell) for cell in line)} |\n" for line in lines)


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")


def number(value: float) -> str:
    """Write a number with as many digits as mean something."""
    if value >= 100:
        return f"{value:,.0f}"
    return f"{value:.1f}" if value >= 10 else f"{value:.2f}"


def spread(values: Sequence[float]) -> str:
    """Write the least and the most of some values."""
    return f"{number(min(values))} to {number(max(values))}"


def median(values: Iterable[float]) -> float:
    """Give the middle value."""
    return statistics.median(values)


def listed(lines: Iterable[str], none: str) -> str:
    """Write a list in Markdown, or that it is empty."""
    written = "".join(f"- {line}\n" for line in lines)
    return written or f"{none}\n"
