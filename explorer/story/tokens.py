"""Words of a text, folded so that what readers hold to be the same is found as the same.

A word is a run of letters and digits; in scripts that put no spaces between words, each sign is
one. Korean is folded by syllables: a part of a syllable is none.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from explorer.story.letters import UNHEARD, same

# Chinese, Japanese, Thai, Lao, Burmese and Khmer, without their digits, of which several make one
# number; the middle dot of Japanese parts words.
_SPACELESS = (
    "\u0e00-\u0e4f\u0e5a-\u0ecf\u0eda-\u0eff\u1000-\u103f\u104a-\u108f\u109a-\u109f\u1780-\u17df"
    "\u17ea-\u17ff\u2e80-\u2fdf\u3005-\u3007\u3040-\u30fa\u30fc-\u30ff\u31f0-\u31ff\u3400-\u4dbf"
    "\u4e00-\u9fff\uf900-\ufaff\uff66-\uff9d\U00020000-\U0003ffff"
)
# A sign of Thai or Lao with the vowel that some keyboards write as two, its ring before the tone.
_RINGED = (
    "[\u0e01-\u0e2e][\u0e48-\u0e4b]*(?:\u0e33|\u0e4d[\u0e48-\u0e4b]*\u0e32)|"
    "[\u0e81-\u0eae][\u0ec8-\u0ecb]*(?:\u0eb3|\u0ecd[\u0ec8-\u0ecb]*\u0eb2)"
)
# Signs that belong to the one before them, the half-width voicing marks of Japanese among them.
_MARKS = "".join(
    sign for sign in map(chr, range(0x300, 0xFFFF)) if unicodedata.category(sign)[0] == "M"
) + ("\uff9e\uff9f")
# What stands between letters without parting them: the l·l of Catalan, abbreviations in Hebrew.
_INSIDE = "(?<=[lL])\u00b7(?=[lL])|(?<=[\u05d0-\u05ea])[\"'\u05f3\u05f4](?=[\u05d0-\u05ea])"
# A modifier that is used as an apostrophe parts words as an apostrophe does.
_LETTER = f"[^\\W_\u02b9-\u02bf{_SPACELESS}]"
_WORD = re.compile(
    f"{_RINGED}|[{_SPACELESS}][{_MARKS}{UNHEARD}]*|(?:{_LETTER}|[{_MARKS}{UNHEARD}]|{_INSIDE})+"
)
_BETWEEN = re.compile(_INSIDE)


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
    """Give a word as it is compared: `letters.same`."""
    if word.isascii():
        return word.lower()
    return same(_BETWEEN.sub("", word))
