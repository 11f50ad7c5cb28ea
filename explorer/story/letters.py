"""Which letters a reader of their script holds to be the same when looking for a word.

Unicode's compatibility forms take width, ligatures and most accents off; this is what they leave.
Where readers of one language tell two letters apart and those of another do not, the letters are
the same: whoever looks for a word would sooner see one too many than miss it. Letters that make
another word to everybody who reads them stay apart (Russian й and и, kana with a voicing mark).

Sources: the root collation of the Unicode CLDR (letters that differ at no first level), UAX 31 and
the Unicode Standard, chapters 9 (Arabic, Hebrew), 12 (Devanagari), 16 (Thai) and 18 (kana).
"""

from __future__ import annotations

import re
import unicodedata

# Stand inside a word and are none of its letters: they join, part, stretch or direct.
UNHEARD = (
    "\u00ad\u0640\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufe00-\ufe0f"
    "\ufeff\U000e0100-\U000e01ef"
)

_LATIN = {
    "ø": "o",
    "ł": "l",
    "đ": "d",
    "ð": "d",
    "ħ": "h",
    "ŧ": "t",
    "ŋ": "n",
    "ı": "i",
    "ə": "e",
    "æ": "ae",
    "œ": "oe",
    "þ": "th",
}
# Arabic, Persian, Urdu, Kurdish and Pashto write one letter with several signs.
_ARABIC = {
    **dict.fromkeys("\u0671\u0672\u0673", "ا"),
    **dict.fromkeys("ىیېےۍ\u06d3\u063d\u063e\u063f", "ي"),
    **dict.fromkeys("ةەہھۃۂۀ\u06ff", "ه"),
    **dict.fromkeys("کڪګ", "ك"),
    "ٯ": "ق",
    "ڡ": "ف",
    "ں": "ن",
    "ٮ": "ب",
}
_HEBREW = {"ך": "כ", "ם": "מ", "ן": "נ", "ף": "פ", "ץ": "צ"}
# Hiragana and katakana are one alphabet in two hands.
_KANA = {chr(sign): chr(sign - 0x60) for sign in range(0x30A1, 0x30F7)}
_DEVANAGARI = {"\u0901": "\u0902"}

_SAME = str.maketrans({**_LATIN, **_ARABIC, **_HEBREW, **_KANA, **_DEVANAGARI})
_UNHEARD = re.compile(f"[{UNHEARD}]")
# The breve of й and ў and the dots of ї make letters; those of ă and ö, of ё too, do not.
_LETTER_MARK = re.compile("(?<=[иу])\u0306|(?<=і)\u0308")
_KEPT = {"\u0306": "\uf8fe", "\u0308": "\uf8ff"}
_PUT_BACK = {ord(stand_in): mark for mark, stand_in in _KEPT.items()}
# A tone and the ring of a long vowel, in whichever order they were typed: Thai and Lao.
_RING_FIRST = re.compile("([\u0e4d\u0ecd])([\u0e48-\u0e4b\u0ec8-\u0ecb])")


def same(word: str) -> str:
    """Give a word in the letters that stand for all those held to be the same.

    Case, accents, width and the digits of other scripts are taken off as well.
    """
    apart = unicodedata.normalize("NFKD", _UNHEARD.sub("", word).replace("և", "եվ").casefold())
    kept = _LETTER_MARK.sub(lambda mark: _KEPT[mark[0]], _RING_FIRST.sub(r"\2\1", apart))
    plain = "".join(sign for sign in kept if not _is_accent(sign)).casefold()
    # Put together again: Korean syllables, and what has a voicing mark or a vowel sign.
    whole = unicodedata.normalize("NFC", plain.translate(_PUT_BACK))
    return "".join(map(_digit, whole.translate(_SAME)))


def _digit(sign: str) -> str:
    return str(unicodedata.decimal(sign, sign)) if not sign.isascii() else sign


def _is_accent(sign: str) -> bool:
    """Whether a sign is an accent or a reading aid, not a vowel or tone that makes the word.

    The dot below of Devanagari marks letters of foreign words, and is often left out.
    """
    place = unicodedata.combining(sign)
    return place == 1 or 10 <= place <= 36 or place >= 200 or sign == "\u093c"
