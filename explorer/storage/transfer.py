"""Takes a library from one database to another, row for row, so that every bookmark stays good.

What is kept of a story is all rows under its id. Of one that was removed these are its outlines:
should it come back, bookmarks would be misread without them. What becomes of a table's rows is
said by the table's kind.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Literal

from sqlalchemy import Connection, func, insert, select, union

from explorer.storage import title_index
from explorer.storage.database import Database
from explorer.storage.errors import StoreError
from explorer.storage.story_rows import Whole, found, is_sound, whole
from explorer.storage.tables import (
    Row,
    StoryRow,
    TableKind,
    of_kind,
    proper_ids,
    story_column,
)

# So many stories share a transaction; one at a time is in memory.
_BATCH = 100

# So many names are enough to see what is meant.
_SHOWN = 10

# Is told how much of how much is done, and what is done to it.
Steps = Callable[[int, int, str], None]


@dataclass(frozen=True, slots=True)
class Copied:
    """What copying a story came to; of one that was removed only outlines are kept."""

    id: str
    outcome: Literal["new", "same", "damaged"]
    is_removed: bool


def copy(source: Database, target: Database, progress: Steps) -> Iterator[Copied]:
    """Copy all that the target has not; gives what each story came to once it is written through.

    What is damaged is not copied. Raises StoreError, and nothing is written, where both have a
    story, or anything of the library as a whole, and not the same.
    """
    if source.is_same(target):
        raise StoreError(f"The library is in {target.name} already; give another address.")
    _refuse_differing(source, target, progress)
    _copy_shared(source, target)
    for ids in _batches(source, progress, "copied"):
        yield from target.write(partial(_copy_each, source, ids))


def _refuse_differing(source: Database, target: Database, progress: Steps) -> None:
    differing = []
    for ids in _batches(target, progress, "compared"):
        for story_id in ids:
            here = _read(source, story_id)
            if here and here != _read(target, story_id):
                differing.append(story_id)
    if differing:
        raise StoreError(
            f"{target.name} has other stories, or other revisions, of {_some(differing)}. "
            "Nothing was copied; give the address of a database without them."
        )


def _some(names: list[str]) -> str:
    shown, more = ", ".join(names[:_SHOWN]), len(names) - _SHOWN
    return f"{shown} and {more} more" if more > 0 else shown


def _copy_each(source: Database, ids: list[str], connection: Connection) -> list[Copied]:
    return [_copied(source, story_id, connection) for story_id in ids]


def _copied(source: Database, story_id: str, connection: Connection) -> Copied:
    here = _read(source, story_id)
    if here is None:
        return Copied(story_id, "damaged", is_removed=False)
    is_removed = StoryRow.__tablename__ not in here
    there = whole(story_id, connection)
    if there == here:
        return Copied(story_id, "same", is_removed)
    if there:
        raise StoreError(f'The story "{story_id}" was changed while it was copied. Copy again.')
    if not is_sound(story_id, here):
        return Copied(story_id, "damaged", is_removed=False)
    for name, rows in here.items():
        connection.execute(insert(Row.metadata.tables[name]), rows)
    _derive(here, connection)
    return Copied(story_id, "new", is_removed)


def _derive(rows: Whole, connection: Connection) -> None:
    """Make anew what is made from the rows of a story."""
    for story in rows.get(StoryRow.__tablename__, ()):
        title_index.save(connection, str(story["id"]), str(story["title"]))


# --- what is of no story -----------------------------------------------------------------------


_SHARED = of_kind(TableKind.LIBRARY)


def _copy_shared(source: Database, target: Database) -> None:
    """Copy what is of the library as a whole. Raises StoreError where the target has other such."""
    here = source.read(_shared)
    if here and target.write(partial(_put_shared, here)) != here:
        raise StoreError(
            f"{target.name} has other rows in {_some(list(here))}. Nothing was copied; give the "
            "address of a database without them."
        )


def _put_shared(here: Whole, connection: Connection) -> Whole:
    """Write what is of the library where there is nothing of it yet; gives what is there then."""
    there = _shared(connection)
    if there:
        return there
    for table in _SHARED:
        if table.name in here:
            connection.execute(insert(table), here[table.name])
    return here


def _shared(connection: Connection) -> Whole:
    asked = {table.name: select(table).order_by(*table.primary_key) for table in _SHARED}
    return found(asked, {}, connection)


# --- all that is kept of a story ---------------------------------------------------------------


def _read(database: Database, story_id: str) -> Whole | None:
    """Give all that is kept of a story, as of one moment; None where it cannot be read."""
    try:
        return database.read(partial(whole, story_id))
    except StoreError:
        raise
    except Exception:  # noqa: BLE001 - whatever it is that stands there, it is none of ours
        return None


# --- whose rows there are ----------------------------------------------------------------------


def _batches(database: Database, progress: Steps, step: str) -> Iterator[list[str]]:
    """Give the ids of all stories, removed ones too, some at a time; tell when they are done."""
    total, done = database.ask(_count), 0
    ids = database.ask(partial(_ids, ""))
    while ids:
        yield ids
        done += len(ids)
        progress(done, max(done, total), step)
        ids = database.ask(partial(_ids, ids[-1]))


# What points at a story is of one that is there; these are the tables that say which are.
_HOLDERS = [
    column for column in map(story_column, of_kind(TableKind.STORY)) if not column.foreign_keys
]


def _count(connection: Connection) -> int:
    every = union(*(select(column) for column in _HOLDERS)).subquery()
    return connection.execute(select(func.count()).select_from(every)).scalar_one()


def _ids(after: str, connection: Connection) -> list[str]:
    """Give some ids in their order: those after one."""
    some = [
        select(column.label("id")).distinct().where(column > after).order_by(column).limit(_BATCH)
        for column in _HOLDERS
    ]
    asked = union(*(select(each.subquery().c.id) for each in some)).order_by("id").limit(_BATCH)
    return list(proper_ids(connection.execute(asked).scalars()))
