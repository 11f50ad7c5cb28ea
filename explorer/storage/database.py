"""How the database is talked to: connections that lose no write.

What Python's SQLite driver does by default loses writes under concurrency, so transactions are
begun by us: readers get one snapshot, writers queue before they read. Where a database cannot
serve two transactions at once it says so, and the whole of one is done again. Nothing here knows
a table.
"""

from __future__ import annotations

import json
import os
import random
import sqlite3
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from typing import TypeVar, cast
from urllib.parse import quote

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url, text
from sqlalchemy.engine.interfaces import DBAPIConnection, IsolationLevel
from sqlalchemy.exc import (
    ArgumentError,
    DBAPIError,
    IntegrityError,
    NoSuchModuleError,
    SQLAlchemyError,
)
from sqlalchemy.pool import ConnectionPoolEntry

from explorer.settings import THREADS
from explorer.storage.errors import StoreError

_BUSY_SECONDS = 30
_CONNECT_SECONDS = 5
# Nobody who reads waits for anybody but for a change of the tables, and for that no longer.
_LOCK_SECONDS = 1

# How long a transaction waits before it is done again, at most; each wait is cut by chance, so
# that those who were in each other's way do not meet again.
_PAUSES = (0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0)
# Nobody who reads waits for a writer, and of a crowd of writers the last one needs patience.
_WRITING_PAUSES = (*_PAUSES, *(1.0,) * 13)

# What a database says when two transactions were in each other's way: serialisation, deadlock.
_IN_THE_WAY = {"40001", "40P01"}

# What an address may hold that nobody else is to read, beside the password in its usual place.
_SECRETS = ("password", "sslpassword")

_FILE = text("SELECT file FROM pragma_database_list WHERE name = 'main'")

_Answer = TypeVar("_Answer")


class Database:
    """A database by its address.

    Where the address names several hosts, reading takes the first that answers, a replica too;
    writing takes the first that may be written to.
    """

    def __init__(self, url: str) -> None:
        """Prepare to connect; raises StoreError for an address that nothing can connect to."""
        self.url = _parsed(url)
        self.engine = _engine(self.url)
        self.is_sqlite = self.engine.dialect.name == "sqlite"
        self._writing, self._asking, self._certain = self.engine, self.engine, self.engine
        if self.is_sqlite:
            # Its driver begins nothing any more, and so asks without a transaction by itself.
            event.listen(self.engine, "do_connect", _open_sqlite)
            event.listen(self.engine, "connect", _prepare_sqlite)
        else:
            if self._has_replicas:
                own = self.url.update_query_dict({"target_session_attrs": "read-write"})
                self._writing = _engine(own)
            for engine in {self.engine, self._writing} if self._is_postgresql else ():
                event.listen(engine, "connect", _prepare_postgresql)
            self._asking = self.engine.execution_options(isolation_level="AUTOCOMMIT")
            self._certain = self._writing.execution_options(isolation_level="AUTOCOMMIT")
        self._idle: deque[sqlite3.Connection] = deque()
        self._file: tuple[int, int] | None = None

    @property
    def _as_of_one_moment(self) -> IsolationLevel:
        # A replica of PostgreSQL has nothing stricter; some others have nothing between.
        return "REPEATABLE READ" if self._is_postgresql else "SERIALIZABLE"

    @property
    def _is_postgresql(self) -> bool:
        return self.engine.dialect.name == "postgresql"

    @property
    def _has_replicas(self) -> bool:
        named = self.url.query.get("host", "")
        return not isinstance(named, str) or "," in named or "," in (self.url.host or "")

    @cached_property
    def name(self) -> str:
        """Its address as anybody may read it."""
        return self.url.difference_update_query(_SECRETS).render_as_string(hide_password=True)

    def is_same(self, other: Database) -> bool:
        """Whether another address leads to the same place, as far as can be seen from here."""
        return self._place() == other._place()

    def _place(self) -> object:
        if self.is_sqlite:
            file = str(self.ask(lambda connection: connection.execute(_FILE).scalar()))
            return Path(file).resolve()
        hosts = self.url.query.get("host"), self.url.query.get("port")
        return self.url.host, self.url.port, self.url.database, hosts

    def close(self) -> None:
        """Let go of all connections that nobody uses just now."""
        idle, self._idle = self._idle, deque()
        while idle:
            idle.pop().close()
        self.engine.dispose()
        self._writing.dispose()

    def quick(self, question: str, *values: str) -> object:
        """Ask SQLite for one value; None where there is no row.

        Every page asks, and by way of SQLAlchemy's pool it takes ten times as long. So a few bare
        connections are kept for this, as many as ever ask at the same time.
        """
        self._look()
        idle = self._idle
        try:
            connection = idle.pop()
        except IndexError:
            connection = self._bare()
        try:
            row = connection.execute(question, values).fetchone()
        except sqlite3.Error as error:
            connection.close()
            raise StoreError(self._explained(error)) from error
        # Meanwhile somebody may have found that its file is gone.
        idle.append(connection) if idle is self._idle else connection.close()
        return row[0] if row else None

    def _bare(self) -> sqlite3.Connection:
        with self.plain_words():
            pooled = self.engine.raw_connection()
        connection = cast(sqlite3.Connection, pooled.driver_connection)
        pooled.detach()
        return connection

    def _look(self) -> None:
        """Let go of a SQLite file that is not at its path any more.

        Connections would go on reading what somebody has moved away or put another in place of.
        """
        try:
            there = os.stat(self.url.database or "")  # noqa: PTH116 - asked for every page
            file = (there.st_dev, there.st_ino)
        except OSError:
            file = None
        if file != self._file:
            self._file = file
            self.close()

    def ask(self, question: Callable[[Connection], _Answer], *, certain: bool = False) -> _Answer:
        """Ask one question. Nothing has to be kept together, so no transaction is begun.

        A `certain` answer comes from where writers write, and from no replica that lags behind.
        """
        engine = self._certain if certain else self._asking

        def once() -> _Answer:
            with engine.connect() as connection:
                return question(connection)

        return self._answered(once, _is_worth_another_look)

    def read(self, work: Callable[[Connection], _Answer]) -> _Answer:
        """Read, all as of one moment."""

        def once() -> _Answer:
            with self.engine.connect() as connection:
                if self.is_sqlite:
                    connection.exec_driver_sql("BEGIN")
                else:
                    connection.execution_options(isolation_level=self._as_of_one_moment)
                return work(connection)

        return self._answered(once, _is_worth_another_look)

    def write(self, work: Callable[[Connection], _Answer]) -> _Answer:
        """Write, all or nothing. In SQLite writers queue here, before they read what to change.

        Elsewhere the work may be done more than once, until nobody else is in its way.
        """

        def once() -> _Answer:
            with self._writing.begin() as connection:
                if self.is_sqlite:
                    connection.exec_driver_sql("BEGIN IMMEDIATE")
                elif self._is_postgresql:
                    connection.exec_driver_sql("SET LOCAL lock_timeout = 0")
                return work(connection)

        return self._answered(once, _is_in_the_way, _WRITING_PAUSES)

    def _answered(
        self,
        once: Callable[[], _Answer],
        is_passing: Callable[[DBAPIError], bool],
        pauses: Sequence[float] = _PAUSES,
    ) -> _Answer:
        """Do something; again, a few times, where it failed for what passes. Raises StoreError."""
        if self.is_sqlite:
            self._look()
            with self.plain_words():
                return once()
        for pause in pauses:
            try:
                return once()
            except DBAPIError as error:
                if not is_passing(error):
                    raise StoreError(self._explained(error)) from error
            except SQLAlchemyError as error:
                raise StoreError(self._explained(error)) from error
            time.sleep(random.uniform(0, pause))
        with self.plain_words():
            return once()

    @contextmanager
    def plain_words(self) -> Iterator[None]:
        """Turn what SQLAlchemy and its drivers raise into a StoreError."""
        try:
            yield
        except (SQLAlchemyError, sqlite3.Error) as error:
            raise StoreError(self._explained(error)) from error

    def _explained(self, error: Exception) -> str:
        said = str(getattr(error, "orig", None) or error).strip().partition("\n")[0]
        advice = next((words for sign, words in _ADVICE.items() if sign in said), "")
        return f"The database {self.name} says: {said}. {advice}".rstrip()


def _parsed(url: str) -> URL:
    try:
        parsed = make_url(url)
    except (ArgumentError, ValueError):
        raise StoreError(
            "The address of the database is none that SQLAlchemy knows. It looks like "
            "sqlite:////srv/library.db or postgresql+psycopg://user@host/name."
        ) from None
    if "@" in (parsed.host or ""):
        # What stands before it in the place of a host is a part of a password.
        raise StoreError("In the address of the database a password has an @ in it; write %40.")
    if parsed.get_backend_name() == "sqlite" and parsed.database in (None, "", ":memory:"):
        raise StoreError("A database in memory forgets everything; give the path of a file.")
    return parsed


def _engine(url: URL) -> Engine:
    try:
        return create_engine(
            url,
            pool_size=THREADS,
            max_overflow=THREADS,
            pool_pre_ping=url.get_backend_name() != "sqlite",
            connect_args=_patience(url),
            json_serializer=_json,
        )
    except (ModuleNotFoundError, NoSuchModuleError):
        raise StoreError(
            f"There is no driver for {url.drivername}. For PostgreSQL install "
            "plot-explorer[postgres] and write postgresql+psycopg://…"
        ) from None


def _patience(url: URL) -> dict[str, int]:
    """How long a host may be silent before it counts as gone, unless the address says."""
    if not url.drivername.endswith("+psycopg"):
        return {}
    usual = {"connect_timeout": _CONNECT_SECONDS, "tcp_user_timeout": 1000 * _CONNECT_SECONDS}
    return {name: value for name, value in usual.items() if name not in url.query}


def _is_in_the_way(error: DBAPIError) -> bool:
    """Whether another transaction was first, and the same may well succeed after it."""
    state = getattr(error.orig, "sqlstate", None)
    return state in _IN_THE_WAY or isinstance(error, IntegrityError)


def _is_worth_another_look(error: DBAPIError) -> bool:
    """Whether to read again: from another host, or what a replica has only just received."""
    return error.connection_invalidated or _is_in_the_way(error)


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _text(stored: bytes) -> str:
    """Read a text of SQLite. What is no UTF-8 in it is for those to refuse who know the table."""
    return stored.decode(errors="surrogateescape")


def _open_sqlite(_: object, __: object, where: list[str], how: dict[str, object]) -> None:
    """Open what is there. An empty library in the place of a lost one would be no help."""
    if not where[0].startswith("file:"):
        where[0] = f"file:{quote(where[0])}?mode=rw"
        how["uri"] = True


def _prepare_sqlite(connection: DBAPIConnection, _: ConnectionPoolEntry) -> None:
    """Take transactions into our own hands, and let no write that was answered for be lost."""
    connection.isolation_level = None
    connection.text_factory = _text
    cursor = connection.cursor()
    for pragma in (
        f"busy_timeout = {_BUSY_SECONDS * 1000}",
        "journal_mode = WAL",
        "synchronous = FULL",
        "foreign_keys = ON",
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _prepare_postgresql(connection: DBAPIConnection, _: ConnectionPoolEntry) -> None:
    """Let readers turn to what is in memory while somebody changes the tables."""
    connection.cursor().execute(f"SET lock_timeout = '{_LOCK_SECONDS}s'")
    connection.commit()


_ADVICE = {
    "unable to open": "Is it there, does its folder exist, and may you write there?",
    "readonly": "May you write to it and to its folder?",
    "disk is full": "Nothing was changed. Make room and try again.",
    "disk I/O error": "Nothing was changed. Is the disk full?",
    "not a database": "Is the path right? Nothing was changed.",
    "malformed": "The file is damaged. Nothing was changed; put a copy of it in its place.",
    "No space left": "Nothing was changed. Make room and try again.",
    "could not extend": "Nothing was changed. Make room and try again.",
    "locked": "Another command is writing to it. Try again.",
    "lock timeout": "Another command is changing its tables. Try again.",
    "no such table": "Run: explorer upgrade",
    "no such column": "Run: explorer upgrade",
    "does not exist": "Run: explorer upgrade",
}
