"""Where stories are kept. The only importer of `tables`: rows go in and out here and no further.

It knows whole stories and nothing of readers; reading writes nothing.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import chain, zip_longest
from types import TracebackType
from typing import Literal, Self, cast

from pydantic import ValidationError
from sqlalchemy import Connection, bindparam, delete, func, insert, select, update
from sqlalchemy.exc import IntegrityError

from explorer.database import Database, StoreError
from explorer.story import Medium, Outline, SceneKey, Story
from explorer.storyfile import StoryFile, trusted, uncollected, write
from explorer.tables import OutlineRow, PersonRow, SceneRow, StoryRow

__all__ = ["Holding", "Kept", "ShelfEntry", "Store", "StoreError", "Unrelated"]

# So many rows are written between two reports of progress.
_BATCH = 500

Progress = Callable[[int, int], None]
Values = dict[str, object]
# Scenes and people are kept alike: a row for each, numbered as in the file.
Numbered = type[SceneRow] | type[PersonRow]


class Unrelated(Exception):  # noqa: N818 - it reads as what it is
    """A file shares no scene with the story that is kept under its id."""


@dataclass(frozen=True, slots=True)
class ShelfEntry:
    """A story as the library shows it; the premise is Markdown with its mentions."""

    id: str
    title: str
    medium: Medium
    language: str
    released: str | None
    complete: bool
    premise: str


@dataclass(frozen=True, slots=True)
class Holding:
    """A story as whoever runs the app sees it in a list."""

    id: str
    title: str
    scenes: int
    revision: int


@dataclass(frozen=True, slots=True)
class Kept:
    """What keeping a file came to."""

    outcome: Literal["new", "changed", "same"]
    revision: int


class Store:
    """The stories in a database."""

    def __init__(self, url: str) -> None:
        """Take the database's address; raises StoreError for one that leads nowhere."""
        self._database = Database(url)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    # --- the database itself ---

    def close(self) -> None:
        """Let go of all connections; before a process forks it must."""
        self._database.close()

    def upgrade(self) -> bool:
        """Bring the tables up to date; say whether there was anything to do."""
        return self._database.upgrade()

    def prepare(self) -> None:
        """Bring SQLite's tables up to date; raise StoreError for others that are not."""
        if self._database.is_sqlite:
            self._database.upgrade()
        else:
            self._database.require_current()

    def ready(self) -> bool:
        """Whether the database answers and its tables are the ones that this code needs."""
        try:
            return self._database.is_current()
        except StoreError:
            return False

    # --- questions ---

    def revision(self, story_id: str) -> int | None:
        """Give the current revision; asked for every page, so it is asked quickly."""
        # It comes out of an address, and not every database takes every character.
        if not (story_id.isascii() and story_id.isprintable()):
            return None
        if self._database.is_sqlite:
            return cast("int | None", self._database.quick(_QUICK_REVISION, story_id))
        with self._database.plain_words(), self._database.asking() as connection:
            return connection.execute(_REVISION, {"story": story_id}).scalar()

    def shelf(self) -> tuple[ShelfEntry, ...]:
        """Give what the library shows, by title."""
        with self._database.reading() as connection:
            rows = connection.execute(_SHELF).all()
        entries = (
            ShelfEntry(
                *(row.id, row.title, Medium(row.medium), row.language),
                *(row.released, row.complete, row.premise),
            )
            for row in rows
        )
        return tuple(sorted(entries, key=lambda entry: (entry.title.casefold(), entry.id)))

    def holdings(self) -> tuple[Holding, ...]:
        """Give a list of all stories, by id."""
        with self._database.reading() as connection:
            rows = connection.execute(_HOLDINGS).all()
        return tuple(Holding(row.id, row.title, row.scenes, row.revision) for row in rows)

    @uncollected()
    def load(self, story_id: str) -> Story | None:
        """Give a story, all of it as of one revision."""
        with self._database.reading() as connection:
            stored = connection.execute(_HEAD, {"story": story_id}).one_or_none()
            if stored is None:
                return None
            document = _document(connection, story_id, stored.head)
            outlines = _outlines(connection, story_id)
        # An empty outline says that the story was removed for a while, when nobody read it.
        return _file(document).story(stored.revision, tuple(o for o in outlines if o.scenes))

    @uncollected()
    def export(self, story_id: str) -> str | None:
        """Give the text of a file that imports to the same story."""
        with self._database.reading() as connection:
            stored = connection.execute(_HEAD, {"story": story_id}).one_or_none()
            if stored is None:
                return None
            document = _document(connection, story_id, stored.head)
        return write(_file(document).document)

    # --- changes ---

    @uncollected()
    def keep(
        self, file: StoryFile, *, replace: bool = False, progress: Progress | None = None
    ) -> Kept:
        """Keep a story file, all or nothing; the same one twice changes nothing.

        Raises Unrelated when it shares no scene with the story that is there, unless that is to
        be replaced. `progress` is told how many rows of how many are written.
        """
        try:
            with self._database.writing() as connection:
                return _keep(connection, file, progress, replace=replace)
        except StoreError as error:
            if not isinstance(error.__cause__, IntegrityError):
                raise
        # Where writers do not queue (PostgreSQL), another one was first with a new story.
        with self._database.writing() as connection:
            return _keep(connection, file, progress, replace=replace)

    def remove(self, story_id: str) -> bool:
        """Remove a story; say whether there was one.

        Its outlines and its count of revisions stay, so that no bookmark is misread later.
        """
        with self._database.writing() as connection:
            stored = connection.execute(_HEAD.with_for_update(), {"story": story_id}).one_or_none()
            if stored is None:
                return False
            _insert_outline(connection, story_id, Outline(stored.revision + 1, (), ()))
            connection.execute(delete(StoryRow).where(StoryRow.id == story_id))
        return True


_QUICK_REVISION = f"SELECT revision FROM {StoryRow.__tablename__} WHERE id = ?"
_REVISION = select(StoryRow.revision).where(StoryRow.id == bindparam("story"))
_HEAD = select(StoryRow.revision, StoryRow.head).where(StoryRow.id == bindparam("story"))
_SHELF = select(
    *(StoryRow.id, StoryRow.title, StoryRow.medium, StoryRow.language),
    *(StoryRow.released, StoryRow.complete, StoryRow.premise),
)
_SCENES = select(func.count()).where(SceneRow.story_id == StoryRow.id).scalar_subquery()
_HOLDINGS = select(
    StoryRow.id, StoryRow.title, StoryRow.revision, _SCENES.label("scenes")
).order_by(StoryRow.id)
_OUTLINES = (
    select(OutlineRow.revision, OutlineRow.scenes, OutlineRow.levels)
    .where(OutlineRow.story_id == bindparam("story"))
    .order_by(OutlineRow.revision)
)


def _bodies(connection: Connection, row: Numbered, story_id: str) -> list[Values]:
    asked = select(row.body).where(row.story_id == story_id).order_by(row.position)
    return list(connection.execute(asked).scalars())


def _document(connection: Connection, story_id: str, head: Values) -> Values:
    people = _bodies(connection, PersonRow, story_id)
    return head | {"people": people, "scenes": _bodies(connection, SceneRow, story_id)}


def _file(document: Values) -> StoryFile:
    try:
        return trusted(document)
    except ValidationError as error:
        advice = "Import it again, or read it with the Plot Explorer that wrote it."
        raise StoreError(
            f"The story {document.get('id')} is not as it should be. {advice}"
        ) from error


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


# --- keeping a file ----------------------------------------------------------------------------


def _keep(
    connection: Connection, file: StoryFile, progress: Progress | None, *, replace: bool
) -> Kept:
    stored = connection.execute(_HEAD.with_for_update(), {"story": file.id}).one_or_none()
    scenes = _Changes(SceneRow, file.id, _bodies(connection, SceneRow, file.id), _scenes(file))
    people = _Changes(PersonRow, file.id, _bodies(connection, PersonRow, file.id), _people(file))
    head = file.entry.document(without={"people", "scenes"})
    if stored is not None and not replace:
        _refuse_unrelated(file, scenes.stored)
    if stored is not None and stored.head == head and not (scenes or people):
        return Kept("same", stored.revision)

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
    return Kept("changed" if stored else "new", revision)


def _scenes(file: StoryFile) -> list[Values]:
    return [
        {"ident": scene.id, "level": scene.level, "body": scene.document()}
        for scene in file.entry.scenes
    ]


def _people(file: StoryFile) -> list[Values]:
    return [{"ident": person.id, "body": person.document()} for person in file.entry.people]


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
    }
    write_it = insert(StoryRow) if is_new else update(StoryRow).where(StoryRow.id == file.id)
    connection.execute(write_it, values)


class _Changes:
    """What must be written so that the stored rows of one kind become the wanted ones."""

    def __init__(
        self, row: Numbered, story_id: str, stored: list[Values], wanted: list[Values]
    ) -> None:
        self.row, self.story_id, self.stored = row, story_id, stored
        bodies = (values["body"] for values in wanted)
        differing = [n for n, (old, new) in enumerate(zip_longest(stored, bodies)) if old != new]
        self.dropped = [n for n in differing if n < len(stored)]
        self.written: list[Values] = [
            {"story_id": story_id, "position": n} | wanted[n] for n in differing if n < len(wanted)
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
