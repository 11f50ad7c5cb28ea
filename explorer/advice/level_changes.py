"""What a change of levels does to those who are reading, in words for the author who makes it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby

from explorer.story.levels import accepted, stood
from explorer.story.model import Level
from explorer.storyfile.problems import quoted

_REMEDY = 'If a level has only got another name, let it say which it had: "was": [{}].'


def level_changes(before: Sequence[str], levels: Sequence[Level]) -> tuple[str, ...]:
    """Say what becomes of readers at each level of the names before; nothing where they stay."""
    # Whoever accepts no level above 0 can lose none.
    became = [(n, _became(before, levels, n)) for n in range(1, len(before))]
    runs = [
        (end, [n for n, _ in run]) for end, run in groupby(became, key=lambda pair: pair[1]) if end
    ]
    lines = [f"Readers at {_spelled(before, run)} {end}." for end, run in runs]
    gone = [name for name in before if not any(name in level.names for level in levels)]
    is_new = any(stood(level, before) < 0 for level in levels)
    return (*lines, *_remedies(gone if lines and is_new else []))


def _became(before: Sequence[str], levels: Sequence[Level], threshold: int) -> str:
    """Say where readers at a level go, and why; nothing where they keep it."""
    now = accepted(levels, before, threshold)
    if before[threshold] in levels[now].names:
        return ""
    way = "fall back to" if now < threshold else "go on at"
    return f"{way} level {now} ({quoted(levels[now].name)}), {_reason(before, levels, threshold)}"


def _reason(before: Sequence[str], levels: Sequence[Level], threshold: int) -> str:
    for n, level in enumerate(levels):
        place = stood(level, before)
        if place < 0:
            return f"since level {n} ({quoted(level.name)}) is new"
        if place > threshold:
            return f"since level {n} ({quoted(level.name)}) was level {place}, above theirs"
    if any(before[threshold] in level.names for level in levels):
        return "since they accepted all up to there"
    return "since no level has that name any more"


def _spelled(before: Sequence[str], run: Sequence[int]) -> str:
    first, last = run[0], run[-1]
    if first == last:
        return f"level {first} ({quoted(before[first])})"
    return f"levels {first} to {last} ({quoted(before[first])} to {quoted(before[last])})"


def _remedies(gone: Sequence[str]) -> Iterator[str]:
    if gone:
        yield _REMEDY.format(quoted(gone[0]))
