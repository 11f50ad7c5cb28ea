"""How a story counts, and a place in it, in plain words: made of its kind, never of a marker.

What is said here of a place is understood as that place again (see `marker_said`).
"""

from __future__ import annotations

from decimal import Decimal
from typing import Final

from explorer.story import marker_units as named
from explorer.story.marker import Clock, Kind, Place, Unit

# Places that nobody took from a story, for a work with one counter, with several, with a clock.
_ALONE: Final = 12
_SHARE: Final = 40
_SEVERAL: Final = (2, 3, 4)
_TIMES: Final = {Clock.HOURS: 3900, Clock.MINUTES: 750}

_ROMAN: Final = (
    *((1000, "M"), (900, "CM"), (500, "D"), (400, "CD"), (100, "C"), (90, "XC")),
    *((50, "L"), (40, "XL"), (10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I")),
)
_MOST_ROMAN: Final = 3999


def place_in_words(kind: Kind, place: Place) -> str:
    """Say a place: "Act II, scene 1", "Chapter 12", "59 minutes 16 seconds"."""
    counted, time = place[: len(kind.units)], place[len(kind.units) :]
    pieces = [_counter(unit, number) for unit, number in zip(kind.units, counted, strict=False)]
    words = ", ".join([*pieces, *map(_clock, map(int, time))])
    return words[:1].upper() + words[1:]


def made_up_place(kind: Kind) -> str:
    """Say some place as a story of this kind counts, the same for all stories of the kind."""
    numbers = _SEVERAL[: len(kind.units)] if len(kind.units) > 1 else (_one_number(kind),)
    counted = numbers if kind.units else ()
    time = () if kind.clock is Clock.NONE else (_TIMES[kind.clock],)
    return place_in_words(kind, (*counted, *time))


def counters_in_words(kind: Kind) -> str:
    """Say by what a story counts: "act and scene", "season, episode and time"."""
    names = [_name(unit) or "number" for unit in kind.units]
    names = ["per cent" if name == "%" else name for name in names]
    if kind.clock is not Clock.NONE:
        names.append("time")
    return " and ".join(filter(None, (", ".join(names[:-1]), names[-1])))


def _one_number(kind: Kind) -> int:
    shared = any(named.PERCENT in unit.concepts for unit in kind.units)
    return _SHARE if shared else _ALONE


def _counter(unit: Unit, number: float) -> str:
    written = _number(unit, number)
    name = _name(unit)
    return f"{written} %" if name == "%" else f"{name} {written}".strip()


def _name(unit: Unit) -> str:
    """Name a counter: by our word where it is one of ours, else by the story's own."""
    if len(unit.concepts) > 1 or any(concept.startswith("=") for concept in unit.concepts):
        return unit.word
    name = next(iter(unit.concepts))
    return "%" if name == named.PERCENT else name


def _number(unit: Unit, number: float) -> str:
    if unit.roman and number % 1 == 0 and 0 < number <= _MOST_ROMAN:
        return _in_letters(int(number))
    return format(Decimal(repr(number)), "f")


def _in_letters(number: int) -> str:
    written = ""
    for value, letters in _ROMAN:
        count, number = divmod(number, value)
        written += letters * count
    return written


def _clock(time: int) -> str:
    hours, rest = divmod(time, 3600)
    minutes, seconds = divmod(rest, 60)
    parts = zip(named.CLOCK, (hours, minutes, seconds), strict=True)
    said = [f"{n} {name}" if n == 1 else f"{n} {name}s" for name, n in parts if n]
    return " ".join(said) or "0 minutes"
