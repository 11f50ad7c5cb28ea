"""The order of titles and their words by the letters that readers hold to be the same.

How words are folded stands here as it was when this was written: what a migration does may not
change with the code around it.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_BATCH = 500
_STORIES = sa.table("stories", sa.column("id"), sa.column("title"), sa.column("sort"))
_WORDS = sa.table("title_words", sa.column("story_id"), sa.column("word"))


def upgrade() -> None:
    connection = op.get_bind()
    connection.execute(sa.delete(_WORDS))
    placing = sa.update(_STORIES).where(_STORIES.c.id == sa.bindparam("story"))
    for titles in _titles(connection):
        places = [{"story": story, "at": _place(title)} for story, title in titles.items()]
        connection.execute(placing.values(sort=sa.bindparam("at")), places)
        found = [
            {"story_id": story, "word": word}
            for story, title in titles.items()
            for word in _keys(title)
        ]
        if found:
            connection.execute(sa.insert(_WORDS), found)


def downgrade() -> None:
    """Leave the words as they are: what is found by them is found by whoever looks as before."""


def _titles(connection: sa.Connection) -> Iterator[dict[str, str]]:
    """Give all titles by the ids of their stories, some at a time."""
    ident, last = _STORIES.c.id, ""
    asked = sa.select(ident, _STORIES.c.title).order_by(ident).limit(_BATCH)
    while rows := connection.execute(asked.where(ident > last)).all():
        yield {row.id: row.title for row in rows}
        last = rows[-1].id


# --- titles as they are compared ---------------------------------------------------------------

# Stand inside a word and are none of its letters: they join, part, stretch or direct.
_UNHEARD_SIGNS = (
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
_UNHEARD = re.compile(f"[{_UNHEARD_SIGNS}]")
# The breve of й and ў and the dots of ї make letters; those of ă and ö, of ё too, do not.
_LETTER_MARK = re.compile("(?<=[иу])\u0306|(?<=і)\u0308")
_KEPT = {"\u0306": "\uf8fe", "\u0308": "\uf8ff"}
_PUT_BACK = {ord(stand_in): mark for mark, stand_in in _KEPT.items()}
# A tone and the ring of a long vowel, in whichever order they were typed: Thai and Lao.
_RING_FIRST = re.compile("([\u0e4d\u0ecd])([\u0e48-\u0e4b\u0ec8-\u0ecb])")
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
    f"{_RINGED}|[{_SPACELESS}][{_MARKS}{_UNHEARD_SIGNS}]*|(?:{_LETTER}|[{_MARKS}{_UNHEARD_SIGNS}]|{_INSIDE})+"
)
_BETWEEN = re.compile(_INSIDE)


def _place(title: str) -> bytes:
    return (" ".join(_words(title)) or title.casefold()).encode()[:400]


def _keys(title: str) -> list[bytes]:
    return list(dict.fromkeys(word.encode()[:100] for word in _words(title)))


def _words(title: str) -> Iterator[str]:
    return filter(None, map(_folded, _WORD.findall(title)))


def _folded(word: str) -> str:
    return word.lower() if word.isascii() else _same(_BETWEEN.sub("", word))


def _same(word: str) -> str:
    apart = unicodedata.normalize("NFKD", _UNHEARD.sub("", word).replace("և", "եվ").casefold())
    kept = _LETTER_MARK.sub(lambda mark: _KEPT[mark[0]], _RING_FIRST.sub(r"\2\1", apart))
    plain = "".join(sign for sign in kept if not _is_accent(sign)).casefold()
    whole = unicodedata.normalize("NFC", plain.translate(_PUT_BACK))
    return "".join(map(_digit, whole.translate(_SAME)))


def _digit(sign: str) -> str:
    return str(unicodedata.decimal(sign, sign)) if not sign.isascii() else sign


def _is_accent(sign: str) -> bool:
    place = unicodedata.combining(sign)
    return place == 1 or 10 <= place <= 36 or place >= 200 or sign == "\u093c"
