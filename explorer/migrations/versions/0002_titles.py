"""The order of titles, and their words, so that the library is quick however large it is."""

from __future__ import annotations

from collections.abc import Iterator

import sqlalchemy as sa
from alembic import op

from explorer.titles import keys, place

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
        places = [{"story": story, "sort": place(title)} for story, title in titles.items()]
        connection.execute(placing.values(sort=sa.bindparam("sort")), places)
        found = [
            {"story_id": story, "word": word}
            for story, title in titles.items()
            for word in keys(title)
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


def downgrade() -> None:
    op.drop_table("title_words")
    op.drop_index("ix_stories_sort", "stories")
    op.execute("ALTER TABLE stories DROP COLUMN sort")
