"""What a place in a work is written with: numbers, clocks, words, and what stands between them."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache
from typing import Final

# Marks of direction and joining, which nobody sees.
_UNSEEN: Final = "\u200e\u200f\u061c\u200c"
_BETWEEN_DIGITS: Final = re.compile(rf"\d[{_UNSEEN}]+(?=\d)")
_COUNTING: Final = "第제"
_ROMAN: Final = re.compile(
    r"(?=.)(m{0,3})(cm|cd|d?c{0,3})(xc|xl|l?x{0,3})(ix|iv|v?i{0,3})", re.ASCII
)
_ROMAN_LETTERS: Final = {"i": 1, "v": 5, "x": 10, "l": 50, "c": 100, "d": 500, "m": 1000}

# The kinds of sign: d digit, w letter, % percent, - stroke or dash, o what no place is said with.
_SIGNS: Final = {
    **dict.fromkeys("%٪％﹪", "%"),
    **dict.fromkeys("-‐‑‒–—/／", "-"),
    **dict.fromkeys(":：", ":"),
    **dict.fromkeys(".．", "."),
    **dict.fromkeys(",，、،", ","),
    **dict.fromkeys("()（）;；·", "("),
}
_SPANS: Final = re.compile(
    r"(?P<clock>d+(?::d+)+|d+(?: : d+)+)|(?P<number>d+(?:\.d+)+|d+,d+|d+)|(?P<word>w+|%)"
)


class Sort(Enum):
    """What a token is."""

    CLOCK = "clock"
    NUMBER = "number"
    WORD = "word"


@dataclass(frozen=True, slots=True)
class Token:
    """A piece that says something.

    `text` is how it was written and `word` how words are compared; `parts` are the numbers of a
    number ("3.5" has two) or a clock; `gap` is what stands before it, by kinds of sign, and `at`
    and `end` are where it stands in the text.
    """

    sort: Sort
    text: str
    word: str
    parts: tuple[str, ...]
    gap: str
    at: int
    end: int


@dataclass(frozen=True, slots=True)
class Tokens:
    """All pieces of a text as it is seen, and what stands after the last of them."""

    text: str
    pieces: tuple[Token, ...]
    rest: str


def tokens(text: str) -> Tokens:
    """Take a text apart; what no place is said with stands as "o" in the gaps."""
    seen = _as_seen(text)
    signs = _signs(seen)
    pieces: list[Token] = []
    end = 0
    for span in _SPANS.finditer(signs):
        raw = seen[span.start() : span.end()]
        sort = Sort(span.lastgroup)
        parts = () if sort is Sort.WORD else tuple(re.findall("[0-9]+", raw))
        gap = signs[end : span.start()]
        pieces.append(Token(sort, raw, folded(raw), parts, gap, span.start(), span.end()))
        end = span.end()
    return Tokens(seen, tuple(pieces), signs[end:])


@lru_cache(4096)
def folded(word: str) -> str:
    """Give a word as words are compared: small, without accents, of usual width."""
    if _SIGNS.get(word) == "%":
        return "%"
    plain = unicodedata.normalize("NFD", unicodedata.normalize("NFKC", word).casefold())
    bare = "".join(letter for letter in plain if not "\u0300" <= letter <= "\u036f")
    return unicodedata.normalize("NFC", bare)


def roman(word: str) -> int | None:
    """Read a well-formed Roman number from a folded word; None for any other word."""
    if not _ROMAN.fullmatch(word):
        return None
    values = [_ROMAN_LETTERS[letter] for letter in word]
    return sum(-v if v < max(values[at:]) else v for at, v in enumerate(values))


def _as_seen(text: str) -> str:
    """Write digits of every script as 0 to 9 and leave out what nobody sees.

    Unseen marks between two digits stay: whether they part two numbers cannot be seen.
    """
    if text.isascii():
        return text
    digits = "".join(str(unicodedata.decimal(c)) if c.isdecimal() else c for c in text)
    if _BETWEEN_DIGITS.search(digits):
        return digits
    return digits.translate(dict.fromkeys(map(ord, _UNSEEN)))


def _signs(text: str) -> str:
    if text.isascii():
        return text.translate(_ASCII)
    return "".join(_sign(text, at) for at in range(len(text)))


def _sign(text: str, at: int) -> str:
    letter = text[at]
    if letter in _COUNTING and text[at + 1 :].lstrip()[:1].isdecimal():
        return " "
    if letter.isdecimal():
        return "d"
    if letter.isalpha() or unicodedata.category(letter)[0] == "M" or "Ⅰ" <= letter <= "ⅿ":
        return "w"
    return (
        " "
        if letter == " " or (letter.isspace() and letter.isprintable())
        else _SIGNS.get(letter, " " if unicodedata.category(letter) == "Zs" else "o")
    )


_ASCII: Final = {at: _sign(chr(at), 0) for at in range(128)}
