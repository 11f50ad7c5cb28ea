"""All rows of a story as of one moment, and whether they fit together.

What is damaged in one place is damaged as a whole: of rows that do not fit together nobody could
say what they would tell. Each function that takes a connection works in a transaction that
somebody else has begun.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Final, cast

from pydantic import ValidationError
from sqlalchemy import Connection, Executable, bindparam, select

from explorer.storage.covers import kept_of_people
from explorer.storage.errors import Damaged, damaged
from explorer.storage.tables import (
    MOST_REVISION,
    OutlineRow,
    PersonRow,
    SceneRow,
    StoryRow,
    TableKind,
    of_kind,
    story_column,
)
from explorer.story.model import Outline
from explorer.story.terms import SceneKey
from explorer.storyfile.consistency import damages
from explorer.storyfile.storyfile import StoryFile, trusted

Values = dict[str, object]

# All that is kept of a story, or of the library, by the names of the tables that have any of it.
Whole = dict[str, list[Values]]

# These columns say again what the head says; where it is silent they say this.
_AGAIN: Final[Mapping[str, object]] = {
    "title": None,
    "medium": None,
    "language": None,
    "premise": None,
    "released": None,
    "complete": True,
}

_ASKED = {
    table.name: select(table)
    .where(story_column(table) == bindparam("story"))
    .order_by(*table.primary_key)
    for table in of_kind(TableKind.STORY)
}


@dataclass(frozen=True, slots=True)
class StoredStory:
    """A story as it lies in the database, with all that is remembered of its past."""

    file: StoryFile
    revision: int
    outlines: tuple[Outline, ...]


def whole(story_id: str, connection: Connection) -> Whole:
    """Give all rows of a story; those of a removed one are its outlines."""
    return found(_ASKED, {"story": story_id}, connection)


def found(asked: Mapping[str, Executable], values: dict[str, str], connection: Connection) -> Whole:
    """Give what is found by the names of the tables; those with nothing are left out."""
    rows = {
        name: [dict(row) for row in connection.execute(each, values).mappings()]
        for name, each in asked.items()
    }
    return {name: some for name, some in rows.items() if some}


def is_revision(value: object) -> bool:
    """Whether a story can have a revision of this number."""
    return type(value) is int and 1 <= value <= MOST_REVISION


def understood(story_id: str, rows: Whole) -> StoredStory:
    """Give the story that rows are of. Raises Damaged where they do not fit together.

    Who its people are and what is said of them is seen when it is built: see `builds`.
    """
    try:
        story = _understood(rows)
    except ValidationError:
        advice = "Import it again, or read it with the Plot Explorer that wrote it."
        raise damaged(story_id, "is not as it should be", advice) from None
    except Exception:  # noqa: BLE001 - whatever is wrong with them, they are no story
        raise damaged(story_id) from None
    if story.file.id != story_id or any(damages(story.file.document, is_built=True)):
        raise damaged(story_id)
    return story


def is_sound(story_id: str, rows: Whole) -> bool:
    """Whether rows are of a story that can be read, or all that is left of a removed one."""
    if StoryRow.__tablename__ not in rows:
        return _is_removed(rows)
    try:
        story = understood(story_id, rows)
    except Damaged:
        return False
    is_sorted = isinstance(rows[StoryRow.__tablename__][0]["sort"], bytes)
    return is_sorted and not any(damages(story.file.document, is_built=False))


def _is_removed(rows: Whole) -> bool:
    try:
        outlines = list(_outlines(rows))
    except (AttributeError, KeyError, TypeError, ValueError):
        return False
    return not outlines[-1].scenes and not outlines[-1].levels


def _understood(rows: Whole) -> StoredStory:
    [story] = rows[StoryRow.__tablename__]
    head, revision = cast("Values", story["head"]), story["revision"]
    scenes = list(_bodies(rows.get(SceneRow.__tablename__, [])))
    people = list(_bodies(rows.get(PersonRow.__tablename__, [])))
    file = trusted(head | {"people": people, "scenes": scenes})
    outlines = tuple(_outlines(rows))
    own = file.scene_keys, file.level_names
    _insist(all(story[name] == head.get(name, usual) for name, usual in _AGAIN.items()))
    _insist(story["mentioned"] == kept_of_people(file))
    _insist(is_revision(revision) and outlines[-1].revision <= cast("int", revision))
    _insist((outlines[-1].scenes, outlines[-1].levels) == own)
    return StoredStory(file, cast("int", revision), outlines)


def _bodies(rows: list[Values]) -> Iterator[object]:
    """Give what rows say in their order, in which none may be missing."""
    for number, row in enumerate(rows):
        _insist(row["position"] == number)
        yield row["body"]


def _outlines(rows: Whole) -> Iterator[Outline]:
    """Give the outlines of all revisions. A story's first revision has one."""
    kept = rows[OutlineRow.__tablename__]
    numbers = [cast("int", row["revision"]) for row in kept]
    _insist(all(map(is_revision, numbers)) and numbers[0] == 1)
    _insist(all(one < other for one, other in pairwise(numbers)))
    for number, row in zip(numbers, kept, strict=True):
        yield Outline(number, tuple(map(SceneKey, _words(row["scenes"]))), _words(row["levels"]))


def _words(names: object) -> tuple[str, ...]:
    if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
        raise TypeError
    return tuple(names)


def _insist(is_so: bool) -> None:
    if not is_so:
        raise ValueError
