"""Stories by the way they count, and what a row of the table says."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

Position = tuple[float, ...]
Answer = int | str

REFUSED: Final = "refused"
ASKED_BACK: Final = "ask"


@dataclass(frozen=True)
class Kind:
    """A story that counts in some way.

    `positions` say where its markers stand in its own order, coarser numbers first, a clock in
    seconds as one number; None for a scene without a marker, or with one that is not compared.
    """

    name: str
    language: str
    counts: str
    markers: tuple[str | None, ...]
    positions: tuple[Position | None, ...]


@dataclass(frozen=True)
class Saying:
    """What a reader says, in a language or script of their own.

    `expected` is the number of the scene up to which is meant, from 1, once it is confirmed; or
    `refused`; or `ask`, where two readings are left to choose from. `means` is what was understood:
    nothing, a place, or the two of them, the earlier first. A place that stands before the first
    marker is understood, and refused when it is confirmed.
    """

    kind: str
    tongue: str
    saying: str
    expected: Answer
    means: tuple[Position, ...]
    why: str


def said(kind: str, *rows: tuple[str, str, Answer, tuple[Position, ...], str]) -> list[Saying]:
    """Give the rows of one story: tongue, saying, what is expected, what it means, and why."""
    return [Saying(kind, *row) for row in rows]


def clock(hours: int, minutes: int, seconds: int = 0) -> int:
    """Give a time in seconds."""
    return hours * 3600 + minutes * 60 + seconds


KINDS: Final = (
    Kind(
        "chapters",
        "en",
        "one counter: chapters, in digits",
        ("Chapter 1", None, "Chapter 2", "Chapter 5", "Chapter 12", None, "Chapter 20"),
        ((1,), None, (2,), (5,), (12,), None, (20,)),
    ),
    Kind(
        "roman chapters",
        "en",
        "one counter: chapters, in Roman numbers",
        ("Chapter I", "Chapter II", "Chapter IV", "Chapter IX", "Chapter XIV"),
        ((1,), (2,), (4,), (9,), (14,)),
    ),
    Kind(
        "acts and scenes",
        "en",
        "two counters: acts, in Roman numbers, and scenes in them, in digits",
        (
            "Act I, scene 1",
            "Act I, scene 2",
            "Act II, scene 1",
            "Act III, scene 2",
            "Act V, scene 1",
        ),
        ((1, 1), (1, 2), (2, 1), (3, 2), (5, 1)),
    ),
    Kind(
        "seasons",
        "en",
        "season and episode",
        ("S01E01", "S01E02", "S01E03", "S01E04", "S02E01", "S02E02", "S03E01", "S03E04"),
        ((1, 1), (1, 2), (1, 3), (1, 4), (2, 1), (2, 2), (3, 1), (3, 4)),
    ),
    Kind(
        "minutes in episodes",
        "en",
        "season and episode, with a clock of minutes and seconds inside, since one begins above 23",
        ("S01E01 03:10", "S01E01 41:00", "S01E02 00:30", "S01E02 12:45", "S02E01 05:00"),
        ((1, 1, 190), (1, 1, 2460), (1, 2, 30), (1, 2, 765), (2, 1, 300)),
    ),
    Kind(
        "hours in episodes",
        "en",
        "season and episode, with a clock of hours and minutes inside",
        ("S01E01 0:03", "S01E01 0:30", "S01E02 0:10", "S02E01 0:01"),
        ((1, 1, 180), (1, 1, 1800), (1, 2, 600), (2, 1, 60)),
    ),
    Kind(
        "film",
        "en",
        "a clock; of two numbers minutes and seconds, since some have three numbers",
        ("03:20", "59:16", "1:04:13", "2:10:00"),
        ((200,), (3556,), (3853,), (7800,)),
    ),
    Kind(
        "film by the hour",
        "fr",
        "a clock of hours and minutes, since none has three numbers or begins above 23",
        ("0:03", "0:45", "1:05", "1:28"),
        ((180,), (2700,), (3900,), (5280,)),
    ),
    Kind(
        "minutes",
        "en",
        "a clock that is said in minutes",
        ("3 min", "14 min", "58 min", "90 min"),
        ((180,), (840,), (3480,), (5400,)),
    ),
    Kind(
        "pages",
        "en",
        "one counter: pages",
        ("p. 7", "p. 63", "p. 140", "p. 312"),
        ((7,), (63,), (140,), (312,)),
    ),
    Kind(
        "percent",
        "en",
        "one counter: hundredths of the whole",
        ("2 %", "15 %", "48 %", "99 %"),
        ((2,), (15,), (48,), (99,)),
    ),
    Kind(
        "numbers alone",
        "en",
        "one counter without a word, in whole and broken numbers",
        ("1", "2", "3", "3.5", "4"),
        ((1,), (2,), (3,), (3.5,), (4,)),
    ),
    Kind(
        "parts and chapters",
        "en",
        "two counters: parts, and chapters in them",
        (
            "Part 1, chapter 1",
            "Part 1, chapter 4",
            "Part 2, chapter 1",
            "Part 2, chapter 3",
            "Part 3, chapter 2",
        ),
        ((1, 1), (1, 4), (2, 1), (2, 3), (3, 2)),
    ),
    Kind(
        "specials",
        "en",
        "season and episode; a special (season 0) is compared with nothing",
        ("S01E01", "S01E02", "S00E01", "S02E01", "S02E02"),
        ((1, 1), (1, 2), None, (2, 1), (2, 2)),
    ),
    Kind(
        "titled chapters",
        "en",
        "one counter: chapters, in digits; the words of the titles beside them are no numbers",
        (
            "Chapter 1: The One",
            "Chapter 2: I and You",
            "Chapter 3: A Mild Mix",
            "Chapter 9: Ten Lamps",
        ),
        ((1,), (2,), (3,), (9,)),
    ),
    Kind(
        "German series",
        "de",
        "season and episode, in German words",
        ("Staffel 1, Folge 1", "Staffel 1, Folge 2", "Staffel 2, Folge 1", "Staffel 2, Folge 6"),
        ((1, 1), (1, 2), (2, 1), (2, 6)),
    ),
    Kind(
        "Arabic chapters",
        "ar",
        "one counter: chapters, in Arabic digits",
        ("الفصل ١", "الفصل ٢", "الفصل ٥", "الفصل ١٠"),
        ((1,), (2,), (5,), (10,)),
    ),
    Kind(
        "Persian hours",
        "fa",
        "a clock of hours and minutes, in Persian digits",
        ("۰:۱۲", "۱:۴۵", "۵:۳۰", "۱۲:۳۰"),
        ((720,), (6300,), (19800,), (45000,)),
    ),
    Kind(
        "Hindi chapters",
        "hi",
        "one counter: chapters, in Devanagari digits",
        ("अध्याय १", "अध्याय २", "अध्याय ३", "अध्याय ७"),
        ((1,), (2,), (3,), (7,)),
    ),
    Kind(
        "Japanese episodes",
        "ja",
        "one counter: episodes, in full-width digits",
        ("第１話", "第２話", "第５話", "第１２話"),
        ((1,), (2,), (5,), (12,)),
    ),
    Kind(
        "Chinese chapters",
        "zh",
        "one counter: chapters",
        ("第1章", "第3章", "第10章", "第25章"),
        ((1,), (3,), (10,), (25,)),
    ),
    Kind(
        "Korean series",
        "ko",
        "season and episode, in Korean words",
        ("1기 1화", "1기 2화", "2기 1화", "2기 5화"),
        ((1, 1), (1, 2), (2, 1), (2, 5)),
    ),
    Kind(
        "Russian chapters",
        "ru",
        "one counter: chapters",
        ("Глава 1", "Глава 2", "Глава 6", "Глава 10"),
        ((1,), (2,), (6,), (10,)),
    ),
    Kind(
        "Hebrew chapters",
        "he",
        "one counter: chapters",
        ("פרק 1", "פרק 2", "פרק 7", "פרק 12"),
        ((1,), (2,), (7,), (12,)),
    ),
    Kind(
        "Thai episodes",
        "th",
        "one counter: episodes, in Thai digits",
        ("ตอนที่ ๑", "ตอนที่ ๓", "ตอนที่ ๙"),
        ((1,), (3,), (9,)),
    ),
    Kind(
        "Greek chapters",
        "el",
        "one counter: chapters",
        ("Κεφάλαιο 1", "Κεφάλαιο 4", "Κεφάλαιο 8"),
        ((1,), (4,), (8,)),
    ),
)
