"""The order of titles, and their words, so that the library is quick however large it is.

How words are folded stands here as it was when this was written: what a migration does may not
change with the code around it.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_BATCH = 500
_STORIES = sa.table("stories", sa.column("id"), sa.column("title"), sa.column("sort"))


def upgrade() -> None:
    # In SQLite other ways make the table anew, and all that points at it goes with the old one.
    op.execute(f"ALTER TABLE stories ADD COLUMN sort {_bytes()} NOT NULL DEFAULT ''")
    op.create_table(
        "title_words",
        sa.Column("story_id", sa.String(100), nullable=False),
        sa.Column("word", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("story_id", "word", name=op.f("pk_title_words")),
        sa.ForeignKeyConstraint(
            ["story_id"],
            ["stories.id"],
            name=op.f("fk_title_words_story_id_stories"),
            ondelete="CASCADE",
        ),
    )
    _fill_in(op.get_bind())
    op.create_index("ix_stories_sort", "stories", ["sort", "id"])
    op.create_index("ix_title_words_word", "title_words", ["word", "story_id"])


def _bytes() -> str:
    return sa.LargeBinary().compile(dialect=op.get_bind().dialect)


def _fill_in(connection: sa.Connection) -> None:
    words = sa.table("title_words", sa.column("story_id"), sa.column("word"))
    placing = sa.update(_STORIES).where(_STORIES.c.id == sa.bindparam("story"))
    for titles in _titles(connection):
        places = [{"story": story, "sort": _place(title)} for story, title in titles.items()]
        connection.execute(placing.values(sort=sa.bindparam("sort")), places)
        found = [
            {"story_id": story, "word": word}
            for story, title in titles.items()
            for word in _keys(title)
        ]
        if found:
            connection.execute(sa.insert(words), found)


def _titles(connection: sa.Connection) -> Iterator[dict[str, str]]:
    """Give all titles by the ids of their stories, some at a time."""
    ident, last = _STORIES.c.id, ""
    asked = sa.select(ident, _STORIES.c.title).order_by(ident).limit(_BATCH)
    while rows := connection.execute(asked.where(ident > last)).all():
        yield {row.id: row.title for row in rows}
        last = rows[-1].id


# --- titles as they are compared ---------------------------------------------------------------

# Scripts that put no spaces between words: each of their signs is one.
_SPACELESS = (
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u2e80-\u2fdf\u3005-\u3007\u3040-\u30ff\u31f0-\u31ff"
    "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uff66-\uff9d\U00020000-\U0003ffff"
)
_MARKS = "".join(
    sign for sign in map(chr, range(0x300, 0xFFFF)) if unicodedata.category(sign)[0] == "M"
) + ("\uff9e\uff9f")
_WORD = re.compile(f"[{_SPACELESS}][{_MARKS}]*|(?:[^\\W_{_SPACELESS}]|[{_MARKS}])+")
_LETTERS = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "ħ": "h", "ı": "i", "æ": "ae", "œ": "oe"})


def _place(title: str) -> bytes:
    return (" ".join(_words(title)) or title.casefold()).encode()[:400]


def _keys(title: str) -> list[bytes]:
    return list(dict.fromkeys(word.encode()[:100] for word in _words(title)))


def _words(title: str) -> Iterator[str]:
    return filter(None, map(_folded, _WORD.findall(title)))


def _folded(word: str) -> str:
    if word.isascii():
        return word.lower()
    apart = unicodedata.normalize("NFKD", word.casefold())
    plain = "".join(sign for sign in apart if not _is_accent(sign)).casefold()
    return unicodedata.normalize("NFC", plain.translate(_LETTERS))


def _is_accent(sign: str) -> bool:
    place = unicodedata.combining(sign)
    return place == 1 or 10 <= place <= 36 or place >= 200


def downgrade() -> None:
    op.drop_table("title_words")
    op.drop_index("ix_stories_sort", "stories")
    op.execute("ALTER TABLE stories DROP COLUMN sort")
