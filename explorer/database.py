"""How the database is talked to: connections that lose no write, and the version of its tables.

What Python's SQLite driver does by default loses writes under concurrency, so transactions are
begun by us: readers get one snapshot, writers queue before they read. Nothing here knows a table.
"""

from __future__ import annotations

import json
import sqlite3
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from typing import cast

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import ArgumentError, NoSuchModuleError, SQLAlchemyError
from sqlalchemy.pool import ConnectionPoolEntry

from explorer.settings import THREADS

_BUSY_SECONDS = 30


class StoreError(Exception):
    """The database cannot do what was asked; the words are for whoever runs the app."""


class Database:
    """A database by its address."""

    def __init__(self, url: str) -> None:
        """Prepare to connect; raises StoreError for an address that nothing can connect to."""
        self.url = _parsed(url)
        self.engine = _engine(self.url)
        self.is_sqlite = self.engine.dialect.name == "sqlite"
        if self.is_sqlite:
            # Its driver begins nothing any more, and so asks without a transaction by itself.
            event.listen(self.engine, "connect", _prepare_sqlite)
            self._asking: Engine = self.engine
        else:
            self._asking = self.engine.execution_options(isolation_level="AUTOCOMMIT")
        self._idle: deque[sqlite3.Connection] = deque()

    def close(self) -> None:
        """Let go of all connections that nobody uses just now."""
        while self._idle:
            self._idle.pop().close()
        self.engine.dispose()

    def quick(self, question: str, *values: str) -> object:
        """Ask SQLite for one value; None where there is no row.

        Every page asks, and by way of SQLAlchemy's pool it takes ten times as long. So a few bare
        connections are kept for this, as many as ever ask at the same time.
        """
        try:
            connection = self._idle.pop()
        except IndexError:
            connection = self._bare()
        try:
            row = connection.execute(question, values).fetchone()
        except sqlite3.Error as error:
            connection.close()
            raise StoreError(self._explained(error)) from error
        self._idle.append(connection)
        return row[0] if row else None

    def _bare(self) -> sqlite3.Connection:
        with self.plain_words():
            pooled = self.engine.raw_connection()
        connection = cast(sqlite3.Connection, pooled.driver_connection)
        pooled.detach()
        return connection

    def asking(self) -> Connection:
        """Connect for one question. Nothing has to be kept together, so no transaction is begun."""
        return self._asking.connect()

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """Read, all as of one moment."""
        with self.plain_words(), self.engine.connect() as connection:
            if self.is_sqlite:
                connection.exec_driver_sql("BEGIN")
            else:
                connection.execution_options(isolation_level="REPEATABLE READ")
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """Write, all or nothing. In SQLite writers queue here, before they read what to change."""
        with self.plain_words(), self.engine.begin() as connection:
            if self.is_sqlite:
                connection.exec_driver_sql("BEGIN IMMEDIATE")
            yield connection

    @contextmanager
    def plain_words(self) -> Iterator[None]:
        """Turn what SQLAlchemy raises into a StoreError."""
        try:
            yield
        except SQLAlchemyError as error:
            raise StoreError(self._explained(error)) from error

    def _explained(self, error: Exception) -> str:
        place = self.url.render_as_string(hide_password=True)
        said = str(getattr(error, "orig", None) or error).strip().partition("\n")[0]
        advice = next((words for sign, words in _ADVICE.items() if sign in said), "")
        return f"The database {place} says: {said}. {advice}".rstrip()

    # --- the version of its tables ---

    def upgrade(self) -> bool:
        """Bring the tables to the newest version; say whether there was anything to do.

        Safe when several processes do it at once: in SQLite each waits for its turn and then
        finds it done.
        """
        path = self.url.database or ""
        if self.is_sqlite and not path.startswith("file:"):
            _make_folder(Path(path).parent)
        with self.plain_words():
            if self.is_current():
                return False
            with self.writing() as connection:
                if _versions(connection) == self._heads:
                    return False
                self._refuse_newer(connection)
                self._config.attributes["connection"] = connection
                command.upgrade(self._config, "head")
        return True

    def is_current(self) -> bool:
        """Whether the tables have the version that this code needs."""
        with self.plain_words(), self.asking() as connection:
            return _versions(connection) == self._heads

    def require_current(self) -> None:
        """Raise StoreError when the tables have another version."""
        if not self.is_current():
            with self.plain_words(), self.asking() as connection:
                self._refuse_newer(connection)
            raise StoreError("The database's tables are not up to date. Run: explorer upgrade")

    def _refuse_newer(self, connection: Connection) -> None:
        ours = {script.revision for script in self._scripts.walk_revisions()}
        if not ours.issuperset(_versions(connection)):
            raise StoreError(
                "The database was made by a newer Plot Explorer. Install that one, or set "
                "EXPLORER_DATABASE_URL to another database."
            )

    @cached_property
    def _config(self) -> Config:
        config = Config()
        folder = Path(__file__).resolve().parent / "migrations"
        config.set_main_option("script_location", str(folder).replace("%", "%%"))
        config.set_main_option("path_separator", "os")
        return config

    @cached_property
    def _scripts(self) -> ScriptDirectory:
        return ScriptDirectory.from_config(self._config)

    @cached_property
    def _heads(self) -> set[str]:
        return set(self._scripts.get_heads())


def _versions(connection: Connection) -> set[str]:
    return set(MigrationContext.configure(connection).get_current_heads())


def _parsed(url: str) -> URL:
    try:
        parsed = make_url(url)
    except (ArgumentError, ValueError):
        raise StoreError("The address of the database is none that SQLAlchemy knows.") from None
    if parsed.get_backend_name() == "sqlite" and parsed.database in (None, "", ":memory:"):
        raise StoreError("A database in memory forgets everything; give the path of a file.")
    return parsed


def _engine(url: URL) -> Engine:
    is_postgres = url.get_backend_name() == "postgresql"
    try:
        return create_engine(
            url,
            pool_size=THREADS,
            max_overflow=THREADS,
            pool_pre_ping=is_postgres,
            connect_args={"connect_timeout": 5} if url.drivername.endswith("+psycopg") else {},
            json_serializer=_json,
        )
    except (ModuleNotFoundError, NoSuchModuleError):
        raise StoreError(
            f"There is no driver for {url.drivername}. For PostgreSQL install "
            "plot-explorer[postgres] and write postgresql+psycopg://…"
        ) from None


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _prepare_sqlite(connection: DBAPIConnection, _: ConnectionPoolEntry) -> None:
    """Take transactions into our own hands, and let no write that was answered for be lost."""
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in (
        f"busy_timeout = {_BUSY_SECONDS * 1000}",
        "journal_mode = WAL",
        "synchronous = FULL",
        "foreign_keys = ON",
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StoreError(f"The folder {folder} cannot be made: {error.strerror}.") from error


_ADVICE = {
    "unable to open": "Does its folder exist, and may you write there?",
    "readonly": "May you write to it and to its folder?",
    "disk is full": "Nothing was changed. Make room and try again.",
    "disk I/O error": "Nothing was changed. Is the disk full?",
    "not a database": "Is the path right? Nothing was changed.",
    "locked": "Another command is writing to it. Try again.",
    "no such table": "Run: explorer upgrade",
    "does not exist": "Run: explorer upgrade",
}
