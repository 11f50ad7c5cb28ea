"""What the library shows of a story in its row; columns that nobody ever asked for go.

What is kept of people stands here as it was when this was written: what a migration does may not
change with the code around it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_BATCH = 500
# What hangs on scenes is not known from the start.
_ON_SCENES = frozenset({"scene", "through"})
_STORIES = sa.table(
    "stories",
    sa.column("id"),
    sa.column("premise", sa.Text()),
    sa.column("mentioned", sa.JSON()),
)
_MENTION = re.compile(r"\[\[([a-z0-9-]+)(?:\|[^\[\]\n]+)?\]\]")


def upgrade() -> None:
    # In SQLite other ways make the table anew, and all that points at it goes with the old one.
    op.execute("ALTER TABLE stories ADD COLUMN mentioned JSON NOT NULL DEFAULT '[]'")
    _fill_in(op.get_bind())
    with op.batch_alter_table("scenes") as scenes:
        scenes.drop_column("ident")
        scenes.drop_column("level")
    with op.batch_alter_table("people") as people:
        people.drop_column("ident")


def _fill_in(connection: sa.Connection) -> None:
    put = sa.update(_STORIES).where(_STORIES.c.id == sa.bindparam("story"))
    for premises in _premises(connection):
        found = [
            {"story": story, "people": _kept(connection, story, ids)}
            for story, ids in premises.items()
            if ids
        ]
        if found:
            connection.execute(put.values(mentioned=sa.bindparam("people")), found)


def _premises(connection: sa.Connection) -> Iterator[dict[str, list[str]]]:
    """Give whom the premises may mention, by the ids of their stories, some at a time."""
    ident, last = _STORIES.c.id, ""
    asked = sa.select(ident, _STORIES.c.premise).order_by(ident).limit(_BATCH)
    while rows := connection.execute(asked.where(ident > last)).all():
        # Brackets inside code mention nobody; who is kept for them is in nobody's way.
        yield {row.id: _MENTION.findall(row.premise) for row in rows}
        last = rows[-1].id


def _kept(connection: sa.Connection, story: str, wanted: list[str]) -> list[dict[str, Any]]:
    """Give what is kept of those who are wanted; nothing where the story is damaged."""
    try:
        people = {person["id"]: person for person in _bodies(connection, "people", story)}
        kept: dict[str, dict[str, Any]] = {}
        for ident in wanted:
            if ident in people and ident not in kept:
                kept[ident] = _known_from_the_start(people[ident])
                wanted += [kept[ident]["is"]["person"]] if "is" in kept[ident] else []
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return []
    return list(kept.values())


def _known_from_the_start(person: dict[str, Any]) -> dict[str, Any]:
    names = [name for name in person["names"] if not _ON_SCENES & set(name)]
    kept: dict[str, Any] = {"id": person["id"], "names": names}
    if "is" in person and not _ON_SCENES & set(person["is"]):
        kept["is"] = person["is"]
    return kept


def _bodies(connection: sa.Connection, table: str, story: str) -> Iterator[dict[str, Any]]:
    rows = sa.table(table, sa.column("story_id"), sa.column("position"), sa.column("body"))
    body = sa.cast(rows.c.body, sa.Text())
    asked = sa.select(body).where(rows.c.story_id == story).order_by(rows.c.position)
    yield from map(json.loads, connection.execute(asked).scalars())


def downgrade() -> None:
    op.execute("ALTER TABLE scenes ADD COLUMN ident VARCHAR(100) NOT NULL DEFAULT ''")
    op.execute("ALTER TABLE scenes ADD COLUMN level INTEGER NOT NULL DEFAULT 0")
    op.execute("ALTER TABLE people ADD COLUMN ident VARCHAR(100) NOT NULL DEFAULT ''")
    op.execute("ALTER TABLE stories DROP COLUMN mentioned")
