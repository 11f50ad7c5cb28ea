"""What a reader says of where they are in the work, understood by the story's kind alone.

Whatever is not wholly understood is refused: a word, sign or number more may turn the meaning
round ("left", "of", "before"), so that no list of dangerous words is needed.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from explorer.story import marker_units as named
from explorer.story.marker import (
    Clock,
    Kind,
    Place,
    Unit,
    broken,
    placed,
    seconds,
    spoken_seconds,
    usual,
)
from explorer.story.marker_tokens import Sort, Token, roman

# No place in a work is said with more; our own words for one that was said may be longer.
MOST_SAID: Final = 60
MOST_READ: Final = 4 * MOST_SAID

_Counts = list[tuple[frozenset[str], float]]


@dataclass(frozen=True, slots=True)
class _Item:
    """A number, a unit with its concepts, or a joining word; `gap` is what stands before it."""

    gap: str
    number: float | None = None
    unit: Token | None = None
    joins: str = ""


class _NotUnderstoodError(Exception):
    """What was said is not of the story's kind."""


def understood(kind: Kind, said: str) -> tuple[Place, ...]:
    """Give the place that was said: one, or two readings of a clock, the earlier first, or none."""
    if len(said) > MOST_READ:
        return ()
    try:
        return _places(kind, said)
    except _NotUnderstoodError:
        return ()


def _places(kind: Kind, said: str) -> tuple[Place, ...]:
    found = usual(said)
    if found.rest.strip(" .,(") or not found.pieces:
        raise _NotUnderstoodError
    clocks = [piece for piece in found.pieces if piece.sort is Sort.CLOCK]
    items = _items(kind, [piece for piece in found.pieces if piece.sort is not Sort.CLOCK])
    counts, spoken = _bare(kind, items) if _are_bare(items) else _paired(kind, items)
    if len(clocks) + bool(spoken) > 1 or any(set(clock.gap) & set("o-") for clock in clocks):
        raise _NotUnderstoodError
    if clocks and found.pieces[-1] is not clocks[0]:
        raise _NotUnderstoodError
    times = _readings(kind, clocks[0]) if clocks else [spoken_seconds(spoken) if spoken else None]
    if spoken and times == [None]:
        raise _NotUnderstoodError
    places = [placed(kind, counts, time) for time in times]
    return tuple(dict.fromkeys(place for place in places if place is not None))


def _readings(kind: Kind, clock: Token) -> list[float | None]:
    """Give what a clock may be, the earlier first; two numbers are two where hours are counted."""
    row = tuple(int(part) for part in clock.parts)
    both = [(0, *row), row] if kind.clock is Clock.HOURS else [(0, *row)]
    times = [seconds(reading) for reading in (both if len(row) == 2 else [row])]
    if not [time for time in times if time is not None]:
        raise _NotUnderstoodError
    return [time for time in times if time is not None]


def _items(kind: Kind, pieces: list[Token]) -> list[_Item]:
    items: list[_Item] = []
    for at, piece in enumerate(pieces):
        following = pieces[at + 1] if at + 1 < len(pieces) else None
        if piece.sort is Sort.NUMBER:
            items += _numbers(kind, piece)
        elif at and _is_ordinal(pieces[at - 1], piece, following):
            continue
        else:
            items.append(_word(kind, piece))
    return items


def _is_ordinal(before: Token, piece: Token, following: Token | None) -> bool:
    if before.sort is not Sort.NUMBER or piece.word not in named.ORDINAL:
        return False
    parted = following is not None and following.sort is Sort.WORD and following.gap == " "
    return parted and piece.gap in ("", "-")


def _numbers(kind: Kind, piece: Token) -> list[_Item]:
    """Give the numbers of "3.5": a broken one where there is a single counter, else two."""
    if len(piece.parts) > 1 and len(kind.units) == 1 and _may_be_broken(kind.units[0], piece):
        number = broken(piece)
        if number is None:
            raise _NotUnderstoodError
        return [_Item(piece.gap, number)]
    gaps = (piece.gap, *("," for _ in piece.parts[1:]))
    return [_Item(gap, int(part)) for gap, part in zip(gaps, piece.parts, strict=True)]


def _may_be_broken(unit: Unit, piece: Token) -> bool:
    """Say whether "12.03" is no date: of what is counted in ones, halves and tenths are parts.

    Whether the story has such a number itself is asked of none of its markers.
    """
    return bool(unit.concepts & {"", named.PERCENT}) or len(piece.parts[-1]) == 1


def _word(kind: Kind, piece: Token) -> _Item:
    own = f"={piece.word}"
    if any(own in unit.concepts for unit in kind.units) or piece.word in named.CONCEPTS:
        number = roman(piece.word) if kind.roman else None
        if number is None or _counts(kind, piece):
            return _Item(piece.gap, unit=piece)
    if kind.roman and roman(piece.word) is not None:
        return _Item(piece.gap, roman(piece.word))
    if piece.word in named.OF | named.AND:
        return _Item(piece.gap, joins=piece.word)
    raise _NotUnderstoodError


def _counts(kind: Kind, piece: Token) -> bool:
    """Say whether a word is a unit of this story, so that it is no Roman number."""
    concepts = named.CONCEPTS.get(piece.word, frozenset()) | {f"={piece.word}"}
    clock = kind.clock is not Clock.NONE and bool(concepts & set(named.CLOCK))
    return clock or any(unit.concepts & concepts for unit in kind.units)


def _are_bare(items: list[_Item]) -> bool:
    return all(item.number is not None for item in items)


def _bare(kind: Kind, items: list[_Item]) -> tuple[_Counts, tuple[tuple[str, float], ...]]:
    """Numbers without words: one for each counter, in the story's order."""
    if not items:
        return [], ()
    alone = len(kind.units) == 1 and kind.clock is Clock.NONE
    if len(items) != len(kind.units) or not (alone or len(items) > 1):
        raise _NotUnderstoodError
    if any(set(item.gap) & set("o-:(") for item in items):
        raise _NotUnderstoodError
    numbers = [item.number for item in items if item.number is not None]
    return [(u.concepts, n) for u, n in zip(kind.units, numbers, strict=True)], ()


def _paired(kind: Kind, items: list[_Item]) -> tuple[_Counts, tuple[tuple[str, float], ...]]:
    """Units with the number beside each: "act 2", "2. Staffel", "第3話"."""
    counts: _Counts = []
    spoken: list[tuple[str, float]] = []
    at, joined = 0, ""
    while at < len(items):
        item = items[at]
        if item.joins:
            if joined or not at or set(item.gap) & set("o-"):
                raise _NotUnderstoodError
            joined, at = item.joins, at + 1
            continue
        if at + 1 == len(items) and spoken and spoken[-1][0] == named.HOUR and not joined:
            _parted(item, after_pair=False)
            if item.number is None:
                raise _NotUnderstoodError
            spoken.append((named.MINUTE, item.number))
            break
        first, second = item, items[at + 1] if at + 1 < len(items) else item
        concepts, number = _pair(kind, first, second, after_pair=bool(at))
        time = next((name for name in named.CLOCK if name in concepts), None)
        _joined(kind, joined, counts, concepts, timed=bool(spoken) and time is not None)
        if time is None:
            if spoken:
                raise _NotUnderstoodError
            counts.append((concepts, number))
        else:
            spoken.append((time, number))
        at, joined = at + 2, ""
    if joined:
        raise _NotUnderstoodError
    return counts, tuple(spoken)


def _pair(
    kind: Kind, first: _Item, second: _Item, *, after_pair: bool
) -> tuple[frozenset[str], float]:
    word = first.unit or second.unit
    number = second.number if first.unit else first.number
    if word is None or number is None or (first.unit and second.unit):
        raise _NotUnderstoodError
    _parted(first, after_pair=after_pair and first.unit is not None)
    _parted(second, after_pair=False)
    return _meant(kind, word, leading=first.unit is not None), number


def _parted(item: _Item, *, after_pair: bool) -> None:
    """Allow a stroke only between two named counters, and nothing that is no punctuation."""
    if "o" in item.gap or ("-" in item.gap and not after_pair):
        raise _NotUnderstoodError


def _meant(kind: Kind, word: Token, *, leading: bool) -> frozenset[str]:
    """Say which of the story's counters a word names, or which part of its clock."""
    concepts = named.CONCEPTS.get(word.word, frozenset()) | {f"={word.word}"}
    units = [unit.concepts for unit in kind.units if unit.concepts & concepts]
    time = concepts & set(named.CLOCK) if kind.clock is not Clock.NONE else frozenset()
    if time and not (units and leading):
        return frozenset(time)
    if len(units) != 1:
        raise _NotUnderstoodError
    return units[0]


def _joined(
    kind: Kind, word: str, counts: _Counts, concepts: frozenset[str], *, timed: bool
) -> None:
    """Allow "of" from a finer counter to a coarser one, and "and" within a clock."""
    if not word or (timed and word in named.AND):
        return
    order = [unit.concepts for unit in kind.units]
    finer = bool(counts) and concepts in order and counts[-1][0] in order
    if word not in named.OF or not finer or order.index(concepts) >= order.index(counts[-1][0]):
        raise _NotUnderstoodError
