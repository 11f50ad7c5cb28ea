"""Windows on what is too long for one page, as half-open ranges. Never empty where there is any."""

from __future__ import annotations

from explorer.knowledge.filters import View


def beside(spot: range, view: View, count: int, size: int) -> tuple[int, int]:
    """Give the window that a view wishes for: the one before, or the one after, what fills a spot.

    `count` is how many things there are.
    """
    if view.before is not None:
        return before(spot.start, size)
    return after(spot.stop, count, size)


def before(end: int, size: int) -> tuple[int, int]:
    """Give the window of so many things that ends at a place, or after the first thing."""
    end = max(1, end)
    return max(0, end - size), end


def after(start: int, count: int, size: int) -> tuple[int, int]:
    """Give the window of so many things that starts at a place, or at the last of `count`."""
    start = max(0, min(count - 1, start))
    return start, min(count, start + size)
