"""The version of the database's tables: whether this code can use it, and the way to the newest."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from sqlalchemy import Connection, inspect

from explorer.storage.database import Database
from explorer.storage.errors import Outdated, StoreError

# Alembic is brought in only where there is something to do: a tenth of the time to start.
if TYPE_CHECKING:
    from alembic.config import Config
    from alembic.script import ScriptDirectory

# The newest migration.
NEWEST = "0004"

_VERSION = "SELECT version_num FROM alembic_version"

_Answer = TypeVar("_Answer")


class Schema:
    """The tables of a database, as a whole."""

    def __init__(self, database: Database) -> None:
        """Take the database."""
        self._database = database

    def upgrade(self) -> bool:
        """Bring the tables to the newest version; say whether there was anything to do.

        Safe when several processes do it at once: in SQLite each waits for its turn and then
        finds it done; elsewhere one fails at what another has just made, and finds it done.
        """
        path = self._database.url.database or ""
        if self._database.is_sqlite and not path.startswith("file:"):
            _make_file(Path(path))
        if self.is_current():
            return False
        try:
            return self._database.write(self._upgrade)
        except StoreError:
            if not self.is_current():
                raise
            return False

    def _upgrade(self, connection: Connection) -> bool:
        from alembic import command

        if _versions(connection) == {NEWEST}:
            return False
        self._refuse_newer(connection)
        applied: list[object] = []
        self.config.attributes["connection"] = connection
        # By now another process may have done it after all.
        self.config.attributes["applied"] = lambda **what: applied.append(what)
        command.upgrade(self.config, "head")
        return bool(applied)

    def is_current(self) -> bool:
        """Whether the tables have the version that this code needs."""
        return self._database.ask(_versions) == {NEWEST}

    def require_current(self) -> None:
        """Raise StoreError when the tables have another version."""
        if not self.is_current():
            self._database.ask(self._refuse_newer)
            raise self._outdated()

    def read(self, work: Callable[[Connection], _Answer]) -> _Answer:
        """Read, all as of one moment; raises Outdated where the tables were older then.

        Whoever begins to read while they are being changed may find the new tables with the old
        rows in them, which lack what is filled in. These are no damaged stories.
        """

        def checked(connection: Connection) -> _Answer:
            version = connection.exec_driver_sql(_VERSION).scalar()
            if not (isinstance(version, str) and version >= NEWEST):
                raise self._outdated()
            return work(connection)

        return self._database.read(checked)

    def _outdated(self) -> Outdated:
        return Outdated(
            f"The tables of {self._database.name} are not up to date. With "
            "EXPLORER_DATABASE_URL set to this address run: explorer upgrade"
        )

    def _refuse_newer(self, connection: Connection) -> None:
        ours = {script.revision for script in self._scripts.walk_revisions()}
        if not ours.issuperset(_versions(connection)):
            raise StoreError(
                f"The database {self._database.name} was made by a newer Plot Explorer. Install "
                "that one, or give the address of another database."
            )

    @cached_property
    def config(self) -> Config:
        """What Alembic needs to know."""
        from alembic.config import Config

        config = Config()
        folder = Path(__file__).resolve().parent / "migrations"
        config.set_main_option("script_location", str(folder).replace("%", "%%"))
        config.set_main_option("path_separator", "os")
        return config

    @cached_property
    def _scripts(self) -> ScriptDirectory:
        from alembic.script import ScriptDirectory

        return ScriptDirectory.from_config(self.config)


def _versions(connection: Connection) -> set[str]:
    if not inspect(connection).has_table("alembic_version"):
        return set()
    return set(connection.exec_driver_sql(_VERSION).scalars())


def require_file(path: Path) -> None:
    """Raise StoreError where there is no file; to make one would hide a slip in the address."""
    if not path.exists():
        raise StoreError(
            f"There is no library at {path}. Is EXPLORER_DATABASE_URL right? Whoever begins a "
            "library runs: explorer import FILE"
        )


def _make_file(path: Path) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StoreError(_unmade(f"The folder {path.parent}", error)) from error
    try:
        if not path.exists():
            path.touch()
    except OSError as error:
        raise StoreError(_unmade(f"The database {path}", error)) from error


def _unmade(what: str, error: OSError) -> str:
    advice = "Name a place where you may write, such as"
    return (
        f"{what} cannot be made: {error.strerror}. {advice} "
        "EXPLORER_DATABASE_URL=sqlite:////home/me/plots.db"
    )
