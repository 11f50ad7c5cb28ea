"""Faults by one: each bound on what is remembered or let in, missed by the least that there is.

Twins cannot tell of most of them: they need two readers on one memory, or more than a small story
has. So each names the tests that stand guard.
"""

from __future__ import annotations

from tests.shield.faults import Fault

_BOOKMARK = "tests/knowledge/test_bookmark.py"
_STRANGERS = "tests/web/test_strangers.py"
_CACHE = "tests/house/test_bounded_cache.py"


def by_one(guard: str, surface: str, wrong: str, old: str, new: str) -> Fault:
    """Give a fault of one edit that some tests are to find."""
    return Fault(surface, wrong, ((old, new),), guard)


BOUNDS = (
    by_one(
        "tests/search/test_search.py -k stretch",
        "One reader's words found by another",
        "a stretch counts as seen one scene before its end is",
        "        if end <= position.seen:\n",
        "        if end <= position.seen + 1:\n",
    ),
    by_one(
        f"{_BOOKMARK} -k level",
        "A level beyond the scale of its revision",
        "the first number beyond it is the highest level",
        "    if threshold >= len(then):\n",
        "    if threshold > len(then):\n",
    ),
    by_one(
        f"{_BOOKMARK} -k newcomers",
        "Newcomers that a bookmark remembers",
        "one more than fits",
        "if len(position.withheld) <= MOST_WITHHELD:",
        "if len(position.withheld) <= MOST_WITHHELD + 1:",
    ),
    by_one(
        f"{_BOOKMARK} -k newcomers",
        "Newcomers that a bookmark remembers",
        "the place falls back one scene too far",
        "reached = sorted(position.withheld)[MOST_WITHHELD]",
        "reached = sorted(position.withheld)[MOST_WITHHELD - 1]",
    ),
    by_one(
        f"{_BOOKMARK} -k opened",
        "Scenes that a bookmark remembers as opened",
        "one more than fits",
        "len(position.opened) >= MOST_OPENED",
        "len(position.opened) > MOST_OPENED",
    ),
    by_one(
        f"{_STRANGERS} -k cookies",
        "The length of cookies",
        "the longest that fit are refused",
        '"")) > request_limits.MOST_COOKIES:',
        '"")) >= request_limits.MOST_COOKIES:',
    ),
    by_one(
        f"{_STRANGERS} -k form",
        "The length of forms",
        "the longest that fits is refused",
        "int(length) > request_limits.MOST_FORM",
        "int(length) >= request_limits.MOST_FORM",
    ),
    by_one(
        f"{_STRANGERS} -k form",
        "The length of forms",
        "one byte too many comes in",
        "int(length) > request_limits.MOST_FORM",
        "int(length) > request_limits.MOST_FORM + 1",
    ),
    by_one(
        f"{_STRANGERS} -k address",
        "The length of addresses",
        "one sign too many comes in",
        "len(path) + len(query) > request_limits.MOST_ADDRESS",
        "len(path) + len(query) > request_limits.MOST_ADDRESS + 1",
    ),
    by_one(
        f"{_STRANGERS} -k parameter",
        "The number of parameters",
        "one too many comes in",
        'query.count("&") >= request_limits.MOST_PARAMETERS',
        'query.count("&") > MOST_PARAMETERS',
    ),
    by_one(
        f"{_CACHE} -k quarter",
        "The weight of one remembered value",
        "just a quarter of the memory is too much",
        "if weight > self._most // 4:",
        "if weight >= self._most // 4:",
    ),
    by_one(
        f"{_CACHE} -k holds",
        "The weight of all remembered values",
        "a memory that is just full is over-full",
        "while self.weight > self._most:",
        "while self.weight >= self._most:",
    ),
)
