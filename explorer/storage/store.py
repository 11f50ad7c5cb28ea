"""Where stories are kept. Rows go in and out here and no further.

It knows whole stories and nothing of readers; reading writes nothing.
"""

from __future__ import annotations

import typing
from collections.abc import Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from functools import partial
from itertools import islice
from pathlib import Path
from types import TracebackType

from sqlalchemy import Connection, Select, Text, bindparam, cast, func, select

from explorer.storage import covers, story_mapper, title_index, transfer
from explorer.storage.covers import Cover
from explorer.storage.database import Database
from explorer.storage.errors import StoreError, Unrelated, damaged
from explorer.storage.schema_version import Schema, require_file
from explorer.storage.story_mapper import Progress, SaveResult
from explorer.storage.story_rows import StoredStory, is_revision, understood, whole
from explorer.storage.tables import PersonRow, SceneRow, StoryRow, is_id, proper_ids
from explorer.storage.title_index import ShelfPart
from explorer.storage.transfer import Copied, Steps
from explorer.story.model import Story
from explorer.storyfile.storyfile import StoryFile, uncollected, write

__all__ = ["Copied", "Holding", "SaveResult", "ShelfPart", "Store"]


# So many stories are listed, or kept in one transaction, at a time.
_BATCH = 500


@dataclass(frozen=True, slots=True)
class Holding:
    """A story as whoever runs the app sees it in a list."""

    id: str
    title: str
    scenes: int
    revision: int
    is_damaged: bool = False


class Store(AbstractContextManager["Store"]):
    """The stories in a database."""

    def __init__(self, url: str) -> None:
        """Take the database's address; raises StoreError for one that leads nowhere."""
        self._database = Database(url)
        self._schema = Schema(self._database)

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
        return self._schema.upgrade()

    def prepare(self, *, is_made: bool = True) -> None:
        """Bring SQLite's tables up to date; raise StoreError for others that are not.

        A SQLite file that is not there is made, or else that is an error too.
        """
        if not self._database.is_sqlite:
            self._schema.require_current()
            return
        path = self._database.url.database or ""
        if not is_made and not path.startswith("file:"):
            require_file(Path(path))
        self._schema.upgrade()

    def ready(self) -> bool:
        """Whether the database answers and its tables are the ones that this code needs."""
        try:
            return self._schema.is_current()
        except StoreError:
            return False

    # --- questions ---

    def revision(self, story_id: str, *, certain: bool = False) -> int | None:
        """Give the current revision; asked for every page, so it is asked quickly.

        Where there are replicas, one of them may answer and lag behind, unless it is to be
        `certain`.
        """
        # Not every database takes every character.
        if not is_id(story_id):
            return None
        if self._database.is_sqlite:
            found = self._database.quick(_QUICK_REVISION, story_id)
        else:
            found = self._database.ask(
                lambda connection: connection.execute(_REVISION, {"story": story_id}).scalar(),
                certain=certain,
            )
        if found is not None and not is_revision(found):
            raise damaged(story_id)
        return typing.cast("int | None", found)

    def shelf(self, sought: str, after: str, most: int) -> ShelfPart:
        """Give some stories by title: those that have the words sought in it."""
        return self._schema.read(
            lambda connection: title_index.part(connection, sought, after, most)
        )

    def ids(self, after: str, most: int) -> tuple[str, ...]:
        """Give the ids of some stories in their order: those after one."""
        # Where some of what is there can be no id, more of it is looked through.
        looked = most
        while True:
            asked = _IDS.where(StoryRow.id > after).limit(looked)
            found = self._database.ask(partial(_first_column, asked))
            ids = proper_ids(found)[:most]
            if len(ids) == most or len(found) < looked:
                return ids
            looked *= 2

    def is_empty(self) -> bool:
        """Whether there is no story."""
        return not self.ids("", 1)

    def title(self, story_id: str) -> str | None:
        """Give a story's title."""
        asked = select(StoryRow.title).where(StoryRow.id == story_id)
        found = self._database.ask(lambda connection: connection.execute(asked).one_or_none())
        return None if found is None else str(found.title)

    def holdings(self) -> Iterator[Holding]:
        """Give all stories by id, some at a time."""
        some = self._database.ask(partial(_holdings, ""))
        while some:
            yield from some
            some = self._database.ask(partial(_holdings, some[-1].id))

    def told(self, cover: Cover) -> Story:
        """Give a story as far as its cover, of which nothing is reached. Raises Damaged."""
        return covers.told(cover)

    @uncollected()
    def load(self, story_id: str) -> Story | None:
        """Give a story, all of it as of one revision. Raises Damaged, StoreError."""
        stored = _stored(self._schema, story_id)
        if stored is None:
            return None
        # An empty outline says that the story was removed for a while, when nobody read it.
        outlines = tuple(outline for outline in stored.outlines if outline.scenes)
        with _readable(story_id):
            return stored.file.story(stored.revision, outlines)

    def size(self, story_id: str) -> int:
        """Give about how long the file of a story would be, in characters."""
        scenes, people = (
            _length(row).where(row.story_id == story_id).scalar_subquery()
            for row in (SceneRow, PersonRow)
        )
        asked = select(scenes + people)
        return int(self._database.ask(lambda connection: connection.execute(asked).scalar_one()))

    @uncollected()
    def export(self, story_id: str) -> str | None:
        """Give the text of a file that imports to the same story."""
        stored = _stored(self._schema, story_id)
        return None if stored is None else write(stored.file.document)

    # --- changes ---

    @uncollected()
    def save(
        self, file: StoryFile, *, replace: bool = False, progress: Progress | None = None
    ) -> SaveResult:
        """Keep a story file, all or nothing; the same one twice changes nothing.

        Raises Unrelated when it shares no scene with the story that is there, unless that is to
        be replaced. `progress` is told how many rows of how many are written.
        """
        with _readable(file.id):
            return self._database.write(
                lambda connection: story_mapper.save(connection, file, progress, replace=replace)
            )

    def save_all(self, files: Iterable[StoryFile]) -> Iterator[SaveResult | Unrelated]:
        """Keep many files, each of them all or nothing; gives what each came to, in their order.

        Some share a transaction, since to end one takes the disk longer than a small story does.
        What is given has been written through.
        """
        left = iter(files)
        while some := list(islice(left, _BATCH)):
            yield from self._database.write(partial(story_mapper.save_each, files=some))

    def remove(self, story_id: str) -> bool:
        """Remove a story; say whether there was one.

        Its outlines and its count of revisions stay, so that no bookmark is misread later.
        """
        return self._database.write(lambda connection: story_mapper.remove(connection, story_id))

    def copy(self, other: Store, progress: Steps) -> Iterator[Copied]:
        """Copy all stories into another library, and the outlines of removed ones.

        Gives what each came to once it is written through. Raises StoreError, before anything is
        written, where the other library has another story of an id; one that is just like this
        is left as it is, and a damaged one is left out. `progress` is told how many of how many
        are compared, then copied.
        """
        return transfer.copy(self._database, other._database, progress)


# Of a story that has lost its revision it is none; of one that is not there, there is nothing.
_QUICK_REVISION = f"SELECT coalesce(revision, 0) FROM {StoryRow.__tablename__} WHERE id = ?"
_REVISION = select(func.coalesce(StoryRow.revision, 0)).where(StoryRow.id == bindparam("story"))
_IDS = select(StoryRow.id).order_by(StoryRow.id)
_SCENES = select(func.count()).where(SceneRow.story_id == StoryRow.id).scalar_subquery()
_HOLDINGS = select(
    StoryRow.id, StoryRow.title, StoryRow.revision, _SCENES.label("scenes")
).order_by(StoryRow.id)


def _first_column(asked: Select[str], connection: Connection) -> Sequence[object]:
    return connection.execute(asked).scalars().all()


def _holdings(after: str, connection: Connection) -> list[Holding]:
    found = connection.execute(_HOLDINGS.where(StoryRow.id > after).limit(_BATCH))
    return [
        Holding(
            row.id,
            str(row.title),
            row.scenes,
            row.revision,
            is_damaged=not (isinstance(row.title, str) and is_revision(row.revision)),
        )
        for row in found
        if is_id(row.id)
    ]


def _length(row: story_mapper.Numbered) -> Select[int]:
    return select(func.coalesce(func.sum(func.length(cast(row.body, Text))), 0))


def _stored(schema: Schema, story_id: str) -> StoredStory | None:
    with _readable(story_id):
        rows = schema.read(partial(whole, story_id))
    return understood(story_id, rows) if StoryRow.__tablename__ in rows else None


@contextmanager
def _readable(story_id: str) -> Iterator[None]:
    """Say of rows that are none of ours which story they are of, and nothing of what they are."""
    try:
        yield
    except (StoreError, Unrelated):
        raise
    except Exception as error:
        raise damaged(story_id) from error
