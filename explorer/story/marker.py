"""Markers: how a work is counted, learned from where its scenes stand, and what a reader says.

A place is a row of numbers in the story's own order, coarser ones first, a clock as its seconds:
act 2, scene 1 is (2, 1). A shorter row is the start of what it names, so that it comes first.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from enum import Enum
from typing import Final

from explorer.story import marker_units as named
from explorer.story.marker_tokens import Sort, Token, Tokens, roman, tokens

Place = tuple[float, ...]

_LAST_HOUR: Final = 23
_SIXTY: Final = 60
_EXACT_DIGITS: Final = 15
_DIGITS: Final = re.compile(r"\d+")
_CROSS: Final = re.compile(r"^\s*(\d+)\s*[x×]\s*(\d+)(?!\w)", re.IGNORECASE)
_PER_CENT: Final = re.compile(r"\b(?:per|pour|por) (?:cent|ciento|cento)\b", re.IGNORECASE)
_RANKS: Final = {"act": 0, "scene": 1, named.SEASON: 0, named.EPISODE: 1}


class Clock(Enum):
    """What two numbers of a story's clock are; NONE where it has no clock."""

    NONE = "none"
    HOURS = "hours and minutes"
    MINUTES = "minutes and seconds"


@dataclass(frozen=True, slots=True)
class Unit:
    """One counter: what it is, its word in the story, and whether its numbers are Roman ones.

    A word that is in no list of ours, or stands for several counters, is a concept of its own
    besides, "=" before it; no word at all is "".
    """

    concepts: frozenset[str]
    word: str = ""
    roman: bool = False


@dataclass(frozen=True, slots=True)
class Kind:
    """How a story counts: its counters, coarser first, and the clock inside the finest of them."""

    units: tuple[Unit, ...]
    clock: Clock

    @property
    def roman(self) -> bool:
        """Whether Roman numbers are read."""
        return any(unit.roman for unit in self.units)


@dataclass(frozen=True, slots=True)
class Counting:
    """How a story counts, and where each of its scenes stands; None for one that stands nowhere."""

    kind: Kind
    places: tuple[Place | None, ...]


@dataclass(frozen=True, slots=True)
class _Marker:
    """A marker taken apart: counters with their numbers, and a clock in numbers or in words."""

    counts: tuple[tuple[Unit, float], ...] = ()
    clock: tuple[int, ...] = ()
    spoken: tuple[tuple[str, float], ...] = ()


def kind_of(markers: Iterable[str | None]) -> Kind | None:
    """Learn how a story counts from its markers; None where none of them counts anything."""
    alike = {_shape(marker): marker for marker in markers if marker}
    found = [one for one in map(_taken_apart, alike.values()) if one != _Marker()]
    if not found:
        return None
    units: list[Unit] = []
    for one in found:
        _learn(units, [unit for unit, _ in one.counts])
    return Kind(tuple(sorted(units, key=_rank)), _clock_of(found))


def counting_of(markers: Sequence[str | None]) -> Counting | None:
    """Learn how a story counts, and where all its scenes stand in that; None for no counting."""
    kind = kind_of(markers)
    if kind is None:
        return None
    return Counting(kind, tuple(position(kind, marker) if marker else None for marker in markers))


def position(kind: Kind, marker: str) -> Place | None:
    """Say where a marker stands; None for what is compared with nothing, such as a special."""
    one = _taken_apart(marker)
    counts = [(unit.concepts, number) for unit, number in one.counts]
    if not one.spoken and not one.clock:
        return placed(kind, counts, None)
    row = one.clock if kind.clock is Clock.HOURS or len(one.clock) != 2 else (0, *one.clock)
    time = spoken_seconds(one.spoken) if one.spoken else seconds(row)
    return None if time is None else placed(kind, counts, time)


def placed(
    kind: Kind, counts: list[tuple[frozenset[str], float]], time: float | None
) -> Place | None:
    """Put counted numbers in a story's own order; None where they do not fit its kind.

    The coarsest come without a gap, each once; a clock only inside the finest. Season 0 is None.
    """
    row: dict[int, float] = {}
    for concepts, number in counts:
        fitting = [at for at, unit in enumerate(kind.units) if unit.concepts & concepts]
        if len(fitting) != 1 or fitting[0] in row:
            return None
        row[fitting[0]] = number
    if set(row) != set(range(len(row))) or not (row or time is not None):
        return None
    if row and kind.units[0].concepts & {named.SEASON} and row[0] == 0:
        return None
    if time is None:
        return tuple(row[at] for at in range(len(row)))
    if kind.clock is Clock.NONE or len(row) != len(kind.units):
        return None
    return (*(row[at] for at in range(len(row))), time)


def seconds(row: tuple[int, ...]) -> int | None:
    """Give hours, minutes and, where said, seconds as seconds; None for what no clock shows."""
    hours, minutes, last = (*row, 0)[:3] if len(row) == 2 else (*row, 0, 0)[:3]
    if len(row) not in (2, 3) or last >= _SIXTY:
        return None
    if minutes >= _SIXTY and hours:
        return None
    if minutes >= _SIXTY and len(row) == 2:
        return None
    return hours * 3600 + minutes * _SIXTY + last


def spoken_seconds(parts: tuple[tuple[str, float], ...]) -> int | None:
    """Give a clock said in words as seconds; None where a part is there twice or too large."""
    times = [named.CLOCK.index(name) for name, _ in parts]
    if not parts or times != sorted(set(times)):
        return None
    if any(number >= _SIXTY for _, number in parts[1:]) or any(n % 1 for _, n in parts):
        return None
    return sum(int(n) * (3600, 60, 1)[at] for at, (_, n) in zip(times, parts, strict=True))


def usual(text: str) -> Tokens:
    """Take a text apart, with "1x03" as S1E3 and "per cent" as its sign."""
    return tokens(_PER_CENT.sub("%", _CROSS.sub(r"S\1E\2", text)))


def concepts_of(piece: Token, *, leading: bool) -> frozenset[str]:
    """Say what a word counts; before its number "s" is a season, behind it a second."""
    found = named.CONCEPTS.get(piece.word, frozenset())
    if {named.SEASON, named.SECOND} <= found:
        return frozenset({named.SEASON}) if leading else found
    return found


def _shape(marker: str) -> str:
    """Give a marker with its numbers as 0 or 9: whether one may be an hour is all that counts."""
    return _DIGITS.sub(lambda found: "0" if int(found[0]) <= _LAST_HOUR else "9", marker)


def _taken_apart(marker: str) -> _Marker:
    """Read counters and a clock from the beginning of a marker; what follows is a title."""
    found = usual(marker)
    counts: list[tuple[Unit, float]] = []
    spoken: list[tuple[str, float]] = []
    at = 0
    while at < len(found.pieces):
        piece, begun = found.pieces[at], bool(counts or spoken)
        if piece.sort is Sort.CLOCK:
            return _Marker(tuple(counts), tuple(int(part) for part in piece.parts))
        count, step = _count_at(found, at, first=not begun)
        if count is None and begun:
            break
        if count is not None:
            time = next((name for name in named.CLOCK if name in count[0].concepts), None)
            if time is None or (counts and time == named.SECOND and not spoken):
                counts.append(count)
            else:
                spoken.append((time, count[1]))
        at += step
    return _Marker(tuple(counts), (), tuple(spoken))


def _count_at(found: Tokens, at: int, *, first: bool) -> tuple[tuple[Unit, float] | None, int]:
    """Read one counter from there on: it, and how many pieces it takes."""
    here, after = found.pieces[at], (*found.pieces, None)[at + 1]
    if here.sort is Sort.WORD:
        known = concepts_of(here, leading=True)
        if after is not None and (known or first or after.gap in (" ", "")):
            number = _number(after, in_letters=bool(known) or after.text.isupper())
            if number is not None and "o" not in after.gap and "-" not in after.gap:
                return (_unit(here, known, after), number), 2
        if first and here.text.isupper() and (after is None or after.gap != " "):
            number = _number(here, in_letters=True)
            return (None if number is None else (Unit(frozenset({""}), roman=True), number)), 1
        return None, 1
    number = _number(here)
    if after is not None and after.sort is Sort.WORD and number is not None:
        known = concepts_of(after, leading=False)
        if known or (not after.gap and not after.word.isascii()):
            return (_unit(after, known, here), number), 2
    if at or number is None:
        return None, 1
    return (Unit(frozenset({""})), number), 1


def _unit(word: Token, known: frozenset[str], number: Token) -> Unit:
    own = known if len(known) == 1 else known | {f"={word.word}"}
    return Unit(own, word.text.lower(), roman=number.sort is Sort.WORD)


def _number(piece: Token, *, in_letters: bool = False) -> float | None:
    if piece.sort is Sort.NUMBER:
        whole = len(piece.parts) == 1
        return int(piece.parts[0]) if whole else broken(piece)
    return roman(piece.word) if in_letters and piece.sort is Sort.WORD else None


def broken(piece: Token) -> float | None:
    """Read a number of two parts as a broken one, where it is as exact as it was said."""
    if len(piece.parts) != 2 or len("".join(piece.parts)) > _EXACT_DIGITS:
        return None
    return float(".".join(piece.parts))


def _learn(units: list[Unit], counted: list[Unit]) -> None:
    """Add what one marker counts to what was learned, where both begin alike."""
    if units and counted and not any(units[0].concepts & unit.concepts for unit in counted):
        return
    for unit in counted:
        at = next((n for n, one in enumerate(units) if one.concepts & unit.concepts), None)
        if at is None:
            units.append(unit)
        else:
            units[at] = replace(units[at], roman=units[at].roman or unit.roman)


def _rank(unit: Unit) -> int:
    return max((_RANKS.get(concept, 0) for concept in unit.concepts), default=0)


def _clock_of(found: list[_Marker]) -> Clock:
    clocks = [one.clock or tuple(int(n) for _, n in one.spoken) for one in found]
    if not any(clocks):
        return Clock.NONE
    late = any(
        len(one.clock) == 3
        or (len(one.clock) == 2 and one.clock[0] > _LAST_HOUR)
        or any(name == named.MINUTE and number > _LAST_HOUR for name, number in one.spoken[:1])
        for one in found
    )
    return Clock.MINUTES if late else Clock.HOURS
