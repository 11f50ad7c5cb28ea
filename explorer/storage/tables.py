"""What lies in the database. Rows stay in `store`.

Only what SQLite and PostgreSQL both have is used: no sequences, triggers or advisory locks. Every
table says by its kind what becomes of its rows where a library is copied.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from enum import Enum
from typing import ClassVar, TypeGuard

from sqlalchemy import JSON, Column, ForeignKey, Index, LargeBinary, MetaData, String, Table, Text
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

# An id is at most 100 characters, a title 300; see `schema`.
_Id = String(100)
_ID = re.compile("[a-z0-9-]{1,100}")

# PostgreSQL counts no further in a column of numbers.
MOST_REVISION = 2**31 - 1


class _Bytes(LargeBinary):
    """Bytes as the driver gives them. SQLAlchemy would make as many zeros of a number there."""

    cache_ok = True

    def result_processor(self, dialect: object, coltype: object) -> None:
        """Leave them as they are."""


class TableKind(Enum):
    """Of what the rows of a table are."""

    STORY = "of a story, under its id; they are copied with it"
    LIBRARY = "of the library as a whole; they are copied together"
    DERIVED = "made from other rows of a story; they are not copied but made anew"


class Row(DeclarativeBase):
    """What all rows have in common: the way constraints are named and types are kept."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(column_0_label)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map: ClassVar = {
        dict[str, object]: JSON,
        list[dict[str, object]]: JSON,
        list[str]: JSON,
        str: Text,
    }


class StoryRow(Row):
    """A story: what the library shows of it, and in `head` all but its scenes and people.

    By `sort` its title has its place in the library; of people the library shows those whom the
    premise mentions.
    """

    __tablename__ = "stories"
    __table_args__ = (Index("ix_stories_sort", "sort", "id"), {"info": {"kind": TableKind.STORY}})

    id: Mapped[str] = mapped_column(_Id, primary_key=True)
    revision: Mapped[int]
    title: Mapped[str]
    medium: Mapped[str]
    language: Mapped[str]
    released: Mapped[str | None]
    complete: Mapped[bool]
    premise: Mapped[str]
    head: Mapped[dict[str, object]]
    sort: Mapped[bytes] = mapped_column(_Bytes)
    mentioned: Mapped[list[dict[str, object]]]


class TitleWordRow(Row):
    """A word of a story's title, as it is compared."""

    __tablename__ = "title_words"
    __table_args__ = (
        Index("ix_title_words_word", "word", "story_id"),
        {"info": {"kind": TableKind.DERIVED}},
    )

    story_id: Mapped[str] = mapped_column(
        _Id, ForeignKey("stories.id", ondelete="CASCADE"), primary_key=True
    )
    word: Mapped[bytes] = mapped_column(_Bytes, primary_key=True)


class SceneRow(Row):
    """A scene as its author wrote it."""

    __tablename__ = "scenes"
    __table_args__ = ({"info": {"kind": TableKind.STORY}},)

    story_id: Mapped[str] = mapped_column(
        _Id, ForeignKey("stories.id", ondelete="CASCADE"), primary_key=True
    )
    position: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    body: Mapped[dict[str, object]]


class PersonRow(Row):
    """A person as the author wrote them."""

    __tablename__ = "people"
    __table_args__ = ({"info": {"kind": TableKind.STORY}},)

    story_id: Mapped[str] = mapped_column(
        _Id, ForeignKey("stories.id", ondelete="CASCADE"), primary_key=True
    )
    position: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    body: Mapped[dict[str, object]]


class OutlineRow(Row):
    """The order of scenes and the names of levels from a revision on, until the next such row.

    It outlives its story, so there is no foreign key: the last row of a story that was removed is
    empty, and a later import goes on counting from it.
    """

    __tablename__ = "outlines"
    __table_args__ = ({"info": {"kind": TableKind.STORY}},)

    story_id: Mapped[str] = mapped_column(_Id, primary_key=True)
    revision: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    scenes: Mapped[list[str]]
    levels: Mapped[list[str]]


def kind(table: Table) -> TableKind:
    """Give the kind of a table. Raises TypeError where it does not say so."""
    found = table.info.get("kind")
    if not isinstance(found, TableKind):
        raise TypeError(f"The table {table.name} must say of which kind it is; see `TableKind`.")
    return found


def of_kind(wanted: TableKind) -> list[Table]:
    """Give the tables of a kind, each after those that it points at."""
    return [table for table in Row.metadata.sorted_tables if kind(table) is wanted]


def story_column(table: Table) -> Column[str]:
    """Give the column that says, in a table of kind `STORY`, which story a row is of."""
    return table.c["id" if table.name == StoryRow.__tablename__ else "story_id"]


def proper_ids(values: Iterable[object]) -> tuple[str, ...]:
    """Give those values of a column of ids that can be some; SQLite keeps anything anywhere."""
    return tuple(filter(is_id, values))


def is_id(value: object) -> TypeGuard[str]:
    """Whether this can be an id. One comes out of an address too, with any sign in it."""
    return isinstance(value, str) and _ID.fullmatch(value) is not None
