"""Finds stories by their titles, a page at a time, however many there are.

Titles are known to all, so nothing here gives anything away. Each function works in a transaction
that somebody else has begun.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    delete,
    exists,
    func,
    insert,
    select,
    tuple_,
)

from explorer.storage import covers
from explorer.storage.covers import Cover
from explorer.storage.tables import StoryRow, TitleWordRow, is_id
from explorer.story.tokens import words

# Keys fit the indexes of every database. Whoever looks for more words finds by the first of them.
_MOST_SORTED, _MOST_WORD, _MOST_SOUGHT = 400, 100, 20

# With so few stories to look at it is quicker to sort them than to look along all titles.
_FEW = 3000


@dataclass(frozen=True, slots=True)
class ShelfPart:
    """Some stories of the shelf, in the order of their titles.

    `earlier` and `later` are the ids after which the parts before and behind this one begin, ""
    for the beginning; None where there is no such part.
    """

    covers: tuple[Cover, ...]
    earlier: str | None
    later: str | None

    @property
    def ids(self) -> tuple[str, ...]:
        """The ids of the stories."""
        return tuple(cover.id for cover in self.covers)


def sort_key(title: str) -> bytes:
    """Give the key by which a title is sorted; bytes stand in one order in every database."""
    folded = " ".join(word.folded for word in words(title))
    return (folded or title.casefold()).encode()[:_MOST_SORTED]


def keys(text: str) -> list[bytes]:
    """Give the words of a title, or of what is looked for, as they are compared."""
    return list(dict.fromkeys(word.folded.encode()[:_MOST_WORD] for word in words(text)))


def save(connection: Connection, story_id: str, title: str) -> None:
    """Write the words of a story's title."""
    connection.execute(delete(TitleWordRow).where(TitleWordRow.story_id == story_id))
    found = [{"story_id": story_id, "word": word} for word in keys(title)]
    if found:
        connection.execute(insert(TitleWordRow), found)


def part(connection: Connection, sought: str, after: str, most: int) -> ShelfPart:
    """Give the stories whose titles have all words that are sought, or their beginnings.

    `after` is the id of the last story before them; any other string is the beginning.
    """
    matching = _matching(connection, sought)
    if matching is None:
        return ShelfPart((), None, None)
    start = connection.execute(_PLACE.where(StoryRow.id == after)).one_or_none()
    if start is not None and not isinstance(start.sort, bytes):
        start = None
    forth = covers.COLUMNS.where(*matching).limit(most + 1).order_by(StoryRow.sort, StoryRow.id)
    earlier = None
    if start is not None:
        forth = forth.where(_at(start.sort, start.id) < _AT)
        back = _PLACE.where(*matching).limit(most + 1)
        back = back.order_by(StoryRow.sort.desc(), StoryRow.id.desc())
        before = connection.execute(back.where(_at(start.sort, start.id) >= _AT)).all()
        earlier = (before[most].id if len(before) > most else "") if before else None
    found = [Cover(*row) for row in connection.execute(forth)]
    shown = tuple(cover for cover in found[:most] if is_id(cover.id))
    return ShelfPart(shown, earlier, shown[-1].id if shown and found[most:] else None)


_PLACE = select(StoryRow.sort, StoryRow.id)
_AT = tuple_(StoryRow.sort, StoryRow.id)


def _at(sort: bytes, story_id: str) -> ColumnElement[tuple[bytes, str]]:
    return tuple_(sort, story_id, types=[StoryRow.sort.type, StoryRow.id.type])


def _matching(connection: Connection, sought: str) -> list[ColumnElement[bool]] | None:
    """Say what to ask of a story; None where no story can be it."""
    prefixes = keys(sought)[:_MOST_SOUGHT]
    if not prefixes:
        return None if sought else []
    asked = [_has(prefix) for prefix in prefixes]
    count, rarest = min((_count(connection, prefix), prefix) for prefix in prefixes)
    return asked if count > _FEW else [StoryRow.id.in_(_having(rarest)), *asked]


def _count(connection: Connection, prefix: bytes) -> int:
    """Count how often a word stands in titles, up to more than a few times."""
    some = _having(prefix).limit(_FEW + 1).subquery()
    return connection.execute(select(func.count()).select_from(some)).scalar_one()


def _having(prefix: bytes) -> Select[str]:
    return select(TitleWordRow.story_id).where(*_begins(prefix))


def _has(prefix: bytes) -> ColumnElement[bool]:
    return exists().where(TitleWordRow.story_id == StoryRow.id, *_begins(prefix))


def _begins(prefix: bytes) -> Iterable[ColumnElement[bool]]:
    # No text in UTF-8 has this byte.
    return TitleWordRow.word >= prefix, TitleWordRow.word < prefix + b"\xff"
