"""Markers: time codes, chapters or episodes that say where in the work a scene stands."""

from __future__ import annotations

import re

_DIGITS = re.compile("[0-9]+")


def reading(marker: str) -> tuple[int, ...]:
    """Give what a marker is compared by: its runs of digits. "00:14" is (0, 14), "S1E3" (1, 3)."""
    return tuple(int(digits) for digits in _DIGITS.findall(marker))
