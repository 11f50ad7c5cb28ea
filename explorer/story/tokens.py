"""Words of a text, folded so that case, accents and width make no difference to finding them.

A word is a run of letters and digits; in scripts that put no spaces between words, each sign is
one. Korean is folded by syllables: a part of a syllable is none.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

# Chinese, Japanese, Thai, Lao, Burmese and Khmer.
_SPACELESS = (
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u2e80-\u2fdf\u3005-\u3007\u3040-\u30ff\u31f0-\u31ff"
    "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uff66-\uff9d\U00020000-\U0003ffff"
)
# Signs that belong to the one before them, the half-width voicing marks of Japanese among them.
_MARKS = "".join(
    sign for sign in map(chr, range(0x300, 0xFFFF)) if unicodedata.category(sign)[0] == "M"
) + ("\uff9e\uff9f")
_WORD = re.compile(f"[{_SPACELESS}][{_MARKS}]*|(?:[^\\W_{_SPACELESS}]|[{_MARKS}])+")
# Letters with a stroke or tied together, which Unicode does not take apart.
_LETTERS = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "ħ": "h", "ı": "i", "æ": "ae", "œ": "oe"})


@dataclass(frozen=True, slots=True)
class Word:
    """A word as it is compared, and where in its text it stands."""

    folded: str
    start: int
    end: int


def words(text: str) -> Iterator[Word]:
    """Give the words of a text."""
    for match in _WORD.finditer(text):
        word = folded(match[0])
        if word:
            yield Word(word, match.start(), match.end())


def said(text: str) -> list[str]:
    """Give the words of a text, folded, without where they stand; that is quicker."""
    if text.isascii():
        return _WORD.findall(text.lower())
    return list(filter(None, map(folded, _WORD.findall(text))))


@lru_cache(20_000)
def folded(word: str) -> str:
    """Give a word without case, accents and width."""
    if word.isascii():
        return word.lower()
    apart = unicodedata.normalize("NFKD", word.casefold())
    plain = "".join(sign for sign in apart if not _is_accent(sign)).casefold()
    # Put together again: Korean syllables, and what has a voicing mark or a vowel sign.
    return unicodedata.normalize("NFC", plain.translate(_LETTERS))


def _is_accent(sign: str) -> bool:
    """Whether a sign is an accent or a reading aid, not a vowel or tone that makes the word."""
    place = unicodedata.combining(sign)
    return place == 1 or 10 <= place <= 36 or place >= 200
