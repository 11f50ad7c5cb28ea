"""The rows of a story: read together, and written where they differ from a file.

Each function works in a transaction that somebody else has begun.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import chain, zip_longest
from typing import Literal

from sqlalchemy import Connection, bindparam, delete, insert, select, update

from explorer.storage import covers, title_index
from explorer.storage.errors import Unrelated
from explorer.storage.story_rows import Values, is_revision
from explorer.storage.tables import OutlineRow, PersonRow, SceneRow, StoryRow
from explorer.story.model import Outline
from explorer.story.terms import SceneKey
from explorer.storyfile.schema import Entry
from explorer.storyfile.storyfile import StoryFile

# So many rows are written between two reports of progress.
_BATCH = 500

Progress = Callable[[int, int], None]
# Scenes and people are kept alike: a row for each, numbered as in the file.
Numbered = type[SceneRow] | type[PersonRow]


@dataclass(frozen=True, slots=True)
class SaveResult:
    """What keeping a file came to; `levels_before` are the names that bookmarks may still mean."""

    outcome: Literal["new", "changed", "same"]
    revision: int
    levels_before: tuple[str, ...] = field(default=(), compare=False)


_HEAD = select(StoryRow.revision, StoryRow.head).where(StoryRow.id == bindparam("story"))
_LAST = select(StoryRow.revision).where(StoryRow.id == bindparam("story"))
_REVISIONS = select(OutlineRow.revision).where(OutlineRow.story_id == bindparam("story"))
_OUTLINES = (
    select(OutlineRow.revision, OutlineRow.scenes, OutlineRow.levels)
    .where(OutlineRow.story_id == bindparam("story"))
    .order_by(OutlineRow.revision)
)


def _bodies(connection: Connection, row: Numbered, story_id: str) -> list[Values]:
    asked = select(row.body).where(row.story_id == story_id).order_by(row.position)
    return list(connection.execute(asked).scalars())


def _outlines(connection: Connection, story_id: str) -> list[Outline]:
    return [
        Outline(row.revision, tuple(map(SceneKey, row.scenes)), tuple(row.levels))
        for row in connection.execute(_OUTLINES, {"story": story_id})
    ]


def _insert_outline(connection: Connection, story_id: str, outline: Outline) -> None:
    values = {
        "story_id": story_id,
        "revision": outline.revision,
        "scenes": list(outline.scenes),
        "levels": list(outline.levels),
    }
    connection.execute(insert(OutlineRow), values)


def remove(connection: Connection, story_id: str) -> bool:
    """Take a story out, all but its outlines; say whether there was one."""
    # Its head is not read: what is damaged can be removed, whatever stands for its revision.
    found = connection.execute(_LAST.with_for_update(), {"story": story_id}).one_or_none()
    if found is None:
        return False
    known = connection.execute(_REVISIONS, {"story": story_id}).scalars()
    last = max(filter(is_revision, (found.revision, *known)), default=0)
    _insert_outline(connection, story_id, Outline(last + 1, (), ()))
    connection.execute(delete(StoryRow).where(StoryRow.id == story_id))
    return True


# --- keeping a file ----------------------------------------------------------------------------


def save(
    connection: Connection, file: StoryFile, progress: Progress | None, *, replace: bool
) -> SaveResult:
    """Write what is new in a file. Raises Unrelated."""
    stored = connection.execute(_HEAD.with_for_update(), {"story": file.id}).one_or_none()
    scenes = _Changes(connection, SceneRow, file.id, file.entry.scenes)
    people = _Changes(connection, PersonRow, file.id, file.entry.people)
    head = file.entry.document(without={"people", "scenes"})
    if stored is not None and not replace:
        _refuse_unrelated(file, scenes.stored)
    if stored is not None and stored.head == head and not (scenes or people):
        return SaveResult("same", stored.revision)

    outlines = _outlines(connection, file.id)
    revision = max(stored.revision if stored else 0, *(o.revision for o in outlines[-1:]), 0) + 1
    _write_head(connection, file, head, revision, is_new=stored is None)
    done, total = 0, len(scenes.written) + len(people.written)
    for count in chain(scenes.write(connection), people.write(connection)):
        done += count
        if progress is not None:
            progress(done, total)
    outline = Outline(revision, file.scene_keys, file.level_names)
    if not outlines or dataclasses.replace(outlines[-1], revision=revision) != outline:
        _insert_outline(connection, file.id, outline)
    before = next((past.levels for past in reversed(outlines) if past.scenes), ())
    return SaveResult("changed" if stored else "new", revision, before)


def save_each(connection: Connection, files: Iterable[StoryFile]) -> list[SaveResult | Unrelated]:
    """Write what is new in several files; one that is refused leaves the others as they are."""
    return [_kept_or_not(connection, file) for file in files]


def _kept_or_not(connection: Connection, file: StoryFile) -> SaveResult | Unrelated:
    try:
        with connection.begin_nested():
            return save(connection, file, None, replace=False)
    except Unrelated as refusal:
        return refusal


def _refuse_unrelated(file: StoryFile, stored: list[Values]) -> None:
    had = {scene["id"] for scene in stored}
    for scene in stored:
        was = scene.get("was")
        had.update(was if isinstance(was, list) else ())
    if had.isdisjoint(file.scene_ids):
        raise Unrelated(file.id)


def _write_head(
    connection: Connection, file: StoryFile, head: Values, revision: int, *, is_new: bool
) -> None:
    values = {
        "id": file.id,
        "revision": revision,
        "title": file.entry.title,
        "medium": file.entry.medium.value,
        "language": file.entry.language,
        "released": file.entry.released,
        "complete": file.entry.complete,
        "premise": file.entry.premise,
        "head": head,
        "sort": title_index.sort_key(file.entry.title),
        "mentioned": covers.kept_of_people(file),
    }
    write_it = insert(StoryRow) if is_new else update(StoryRow).where(StoryRow.id == file.id)
    connection.execute(write_it, values)
    title_index.save(connection, file.id, file.entry.title)


class _Changes:
    """What must be written so that the stored rows of one kind become the wanted ones."""

    def __init__(
        self, connection: Connection, row: Numbered, story_id: str, entries: Iterable[Entry]
    ) -> None:
        self.row, self.story_id = row, story_id
        self.stored = stored = _bodies(connection, row, story_id)
        wanted = [entry.document() for entry in entries]
        differing = [n for n, (old, new) in enumerate(zip_longest(stored, wanted)) if old != new]
        self.dropped = [n for n in differing if n < len(stored)]
        self.written: list[Values] = [
            {"story_id": story_id, "position": n, "body": wanted[n]}
            for n in differing
            if n < len(wanted)
        ]

    def __bool__(self) -> bool:
        return bool(self.dropped or self.written)

    def write(self, connection: Connection) -> Iterator[int]:
        """Write the rows; gives how many they were, some at a time."""
        if self.dropped:
            where = self.row.story_id == self.story_id, self.row.position == bindparam("dropped")
            connection.execute(
                delete(self.row).where(*where), [{"dropped": n} for n in self.dropped]
            )
        for start in range(0, len(self.written), _BATCH):
            batch = self.written[start : start + _BATCH]
            connection.execute(insert(self.row), batch)
            yield len(batch)
