"""A library of the first tables is brought to those of today while its readers go on reading."""

from __future__ import annotations

import logging
import subprocess
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event

import psycopg
import pytest
from flask import Flask
from sqlalchemy import make_url

from explorer import create_app
from explorer.knowledge.bookmark import FIRST, Position, position_of
from explorer.knowledge.bookmark_text import decode
from explorer.settings import Settings
from explorer.storage.store import Copied, SaveResult, Store
from tests.conftest import HOT_MB, Serve
from tests.storage.test_store import file_of
from tests.support import first_library
from tests.support.cluster import Server
from tests.support.first_library import (
    ATTIC,
    BREAD,
    DAWN,
    LANTERN_1,
    LANTERN_2,
    LETTER,
    MILL_1,
    MILL_2,
    PILOT,
    QUAY,
    SACK,
    STORM,
    WHEEL,
)
from tests.support.server import EXPLORER, PATIENCE, environment, eventually, running

# --- the bookmarks of its readers, and what each of them means today ---------------------------

LANTERN = {
    # In the second edition: quay, pilot, storm, dawn.
    f"1.2.3.0.{DAWN}.{DAWN}..": Position(threshold=3, reached=4, seen=4, finished=True),
    f"1.2.2.0.{DAWN}.{STORM}..": Position(threshold=2, reached=4, seen=3),
    f"1.2.0.1.{STORM}..{STORM}.": Position(reached=3, opened=frozenset({2}), warned=True),
    f"1.2.0.0.{STORM}.{QUAY}..{PILOT}": Position(reached=3, seen=1, withheld=frozenset({1})),
    f"1.2.0.0.{DAWN}.{DAWN}..{PILOT}": Position(reached=4, seen=4, withheld=frozenset({1})),
    # In the first: quay, storm, letter, dawn. What came between is withheld.
    f"1.1.1.0.{QUAY}.{QUAY}..": Position(threshold=1, reached=1, seen=1),
    f"1.1.2.0.{STORM}.{QUAY}..": Position(threshold=2, reached=3, seen=1, withheld=frozenset({1})),
    f"1.1.1.0.{LETTER}.{LETTER}.{LETTER}.": Position(
        threshold=1, reached=3, seen=3, withheld=frozenset({1})
    ),
    f"1.1.2.1.{DAWN}.{DAWN}..": Position(
        threshold=2, reached=4, seen=4, warned=True, withheld=frozenset({1})
    ),
    # Of a revision that never was, and of none of its forms.
    f"1.7.2.0.{STORM}.{QUAY}..": Position(reached=3, seen=1),
    f"1.2.2.0.{STORM}": Position(),
    "": Position(),
}
MILL = {
    f"1.1.1.0.{BREAD}.{BREAD}..": Position(threshold=1, reached=3, seen=3, finished=True),
    f"1.2.0.0.{BREAD}.{SACK}..": Position(reached=3, seen=2),
    f"1.1.0.0.{WHEEL}..{BREAD}.": Position(reached=1, opened=frozenset({2})),
}
BOOKMARKS = {"lantern": LANTERN, "mill": MILL}

# --- what they ask -----------------------------------------------------------------------------

OURS = {"Sec-Fetch-Site": "same-origin"}
PAGES = ("", "/read", "/people", "/shape", "/search?q=mara", "/print", "/export.md", "/export.json")
SHARED = (
    "/",
    "/?q=lantern",
    "/?q=elan",
    "/?q=كتاب",
    "/?q=attic",
    "/stories/attic",
    "/api/v1/stories",
    f"/api/v1/stories/lantern?threshold=1&reached={STORM}",
)


@dataclass(frozen=True, slots=True)
class Asked:
    """A request of a reader."""

    method: str
    address: str
    cookie: str = ""

    def of(self, app: Flask) -> tuple[int, list[tuple[str, str]], bytes]:
        """Give the whole answer of an application."""
        client = app.test_client(use_cookies=False)
        headers = OURS | ({"Cookie": f"bookmark={self.cookie}"} if self.cookie else {})
        answer = client.open(self.address, method=self.method, headers=headers)
        return answer.status_code, sorted(answer.headers), answer.data


def every_request() -> Iterator[Asked]:
    """Give all that readers ask, each with each of their bookmarks."""
    for story, bookmarks in BOOKMARKS.items():
        for cookie in bookmarks:
            yield Asked("POST", f"/stories/{story}/next", cookie)
            yield from (Asked("GET", f"/stories/{story}{page}", cookie) for page in PAGES)
    yield from (Asked("GET", address) for address in SHARED)


# --- the library, before and as it would be without a past -------------------------------------


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Give the address of a library with the first tables."""
    if request.param == "postgresql":
        postgres: Server = request.getfixturevalue("postgres")
        url = postgres.url(postgres.create())
    else:
        (tmp_path / "library.db").touch()
        url = f"sqlite:///{tmp_path / 'library.db'}"
    with Store(url) as store:
        first_library.make(store)
    return url


@pytest.fixture
def app(url: str) -> Iterator[Flask]:
    """Give an application that finds the first tables."""
    app = create_app(Settings(database_url=url, hot_mb=HOT_MB, fresh_ms=0))
    yield app
    app.extensions["shelf"].stories._store.close()


@pytest.fixture
def fresh(serve: Serve) -> Flask:
    """Give an application with the same editions, imported by the code of today."""
    app = serve()
    store: Store = app.extensions["shelf"].stories._store
    for document in (LANTERN_1, LANTERN_2, MILL_1, MILL_2, ATTIC, ATTIC | {"premise": "Lids."}):
        store.save(file_of(document))
    store.remove("attic")
    return app


def explorer(url: str, *arguments: str) -> subprocess.Popen[str]:
    """Begin a command on a library."""
    return subprocess.Popen(
        [*EXPLORER, *arguments],
        env=environment(DATABASE_URL=url),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def ended(process: subprocess.Popen[str]) -> tuple[int, str]:
    said, _ = process.communicate(timeout=PATIENCE)
    return process.returncode, said


# --- readers -----------------------------------------------------------------------------------


@dataclass
class Readers:
    """Readers of an application who ask on and on, and what they got."""

    app: Flask
    expected: dict[Asked, object]
    stop: Event = field(default_factory=Event)
    got: Counter[str] = field(default_factory=Counter)
    wrong: list[object] = field(default_factory=list)

    def read_on(self, first: int) -> None:
        """Ask for everything in turn, from one request on, until it is enough."""
        requests = [*self.expected][first:] + [*self.expected][:first]
        while not self.stop.is_set():
            for asked in requests:
                self.note(asked, asked.of(self.app))
                if self.stop.is_set():
                    break

    def note(self, asked: Asked, answer: tuple[int, list[tuple[str, str]], bytes]) -> None:
        """Count an answer: as it should be, not just now, or wrong."""
        if answer == self.expected[asked]:
            self.got["right"] += 1
        elif is_not_just_now(answer):
            self.got["not just now"] += 1
        else:
            self.wrong.append((asked, answer))

    @contextmanager
    def reading(self, readers: int = 3) -> Iterator[None]:
        """Let some of them read meanwhile."""
        step = len(self.expected) // readers
        with ThreadPoolExecutor(readers) as pool:
            threads = [pool.submit(self.read_on, number * step) for number in range(readers)]
            try:
                yield
            finally:
                self.stop.set()
            for thread in threads:
                thread.result()

    def many_more(self) -> Callable[[], bool]:
        """Give what says whether so much more was answered as all of them ask in a round."""
        enough = self.total + len(self.expected)
        return lambda: self.total >= enough

    @property
    def total(self) -> int:
        """How many answers there were."""
        return self.got.total() + len(self.wrong)


def is_not_just_now(answer: tuple[int, list[tuple[str, str]], bytes]) -> bool:
    """Whether an answer says in words that the library is not at hand, and when to come back."""
    status, headers, body = answer
    words = b"The library cannot be reached for the moment."
    return status == 503 and int(dict(headers).get("Retry-After", 0)) > 0 and words in body


# --- the drill ---------------------------------------------------------------------------------


def dawdling(url: str) -> AbstractContextManager[None]:
    """Keep an upgrade waiting in the middle, as one of a large library takes its time.

    In SQLite nobody waits for a writer, so there it takes the time that it takes.
    """
    return nullcontext() if url.startswith("sqlite") else _someone_reads_people(url)


def as_libpq(url: str) -> str:
    """Give an address without what only SQLAlchemy understands."""
    return make_url(url).set(drivername="postgresql").render_as_string()


@contextmanager
def _someone_reads_people(url: str) -> Iterator[None]:
    with psycopg.connect(as_libpq(url)) as connection:
        connection.execute("SELECT FROM people")
        yield


def is_under_way(url: str) -> bool:
    """Whether the upgrade has come to where it has to wait, or ended where it need not."""
    if url.startswith("sqlite"):
        return True
    with psycopg.connect(as_libpq(url)) as connection:
        waiting = connection.execute(
            "SELECT FROM pg_stat_activity WHERE wait_event_type = 'Lock'"
            " AND datname = current_database() AND query LIKE 'ALTER TABLE people%'"
        )
        return waiting.fetchone() is not None


def test_readers_go_on_while_the_first_tables_become_those_of_today(
    app: Flask, fresh: Flask, url: str, caplog: pytest.LogCaptureFixture
) -> None:
    readers = Readers(app, {asked: asked.of(fresh) for asked in every_request()})
    with readers.reading():
        eventually(readers.many_more())
        before = readers.got.copy()
        with dawdling(url):
            upgrade = explorer(url, "upgrade")
            eventually(lambda: is_under_way(url))
            # Longer than anybody waits for a change of the tables.
            time.sleep(2)
        done = ended(upgrade)
        eventually(lambda: Asked("GET", "/").of(app)[0] == 200)
        eventually(readers.many_more())
        told = readers.got.copy()
        eventually(readers.many_more())
        after = readers.got - told

    assert done == (0, "The tables are up to date now.\n")
    assert readers.wrong == []
    assert before["not just now"] > 0
    assert after["right"] > len(readers.expected) // 2
    assert after["not just now"] == 0
    # Whoever runs it is told what to do, and not once for each answer.
    troubles = [one.message for one in caplog.records if one.levelname == "ERROR"]
    assert any("explorer upgrade" in words for words in troubles)
    assert not any("damaged" in words for words in troubles)
    assert len(troubles) < 12


def test_every_bookmark_means_the_place_that_it_meant(url: str) -> None:
    with Store(url) as store:
        store.upgrade()
        stories = {name: store.load(name) for name in BOOKMARKS}

    for name, bookmarks in BOOKMARKS.items():
        story = stories[name]
        assert story is not None
        for cookie, position in bookmarks.items():
            assert position_of(story, decode(cookie) or FIRST) == position, cookie


def test_every_row_is_what_it_would_be_without_a_past(url: str, fresh: Flask) -> None:
    other: Store = fresh.extensions["shelf"].stories._store
    with Store(url) as store:
        assert store.upgrade() is True
        assert list(store.copy(other, lambda *_: None)) == [
            Copied("attic", "same", is_removed=True),
            Copied("lantern", "same", is_removed=False),
            Copied("mill", "same", is_removed=False),
        ]
        assert [store.export(name) for name in BOOKMARKS] == [
            other.export(name) for name in BOOKMARKS
        ]
        assert store.upgrade() is False


def test_stories_of_before_are_found_changed_removed_and_come_back(url: str) -> None:
    with Store(url) as store:
        store.upgrade()
        found = {words: store.shelf(words, "", 9).ids for words in ("ELAN", "كتاب", "mill", "att")}

        assert found == {"ELAN": ("lantern",), "كتاب": ("mill",), "mill": ("mill",), "att": ()}
        assert store.save(file_of(LANTERN_2)) == SaveResult("same", 2)
        assert store.save(file_of(MILL_1)) == SaveResult("changed", 3)
        # Its revisions go on from the one that says that it was removed.
        assert store.save(file_of(ATTIC)) == SaveResult("new", 4)
        assert store.remove("lantern") is True
        assert store.save(file_of(LANTERN_1)) == SaveResult("new", 4)
        assert store.export("lantern") is not None


def test_a_server_brings_sqlite_up_to_date_before_its_first_answer(tmp_path: Path) -> None:
    (tmp_path / "library.db").touch()
    url = f"sqlite:///{tmp_path / 'library.db'}"
    with Store(url) as store:
        first_library.make(store)
    cookie = {"Cookie": f"bookmark=1.2.0.0.{STORM}.{QUAY}..{PILOT}"}
    with running(tmp_path, url) as server:
        status, page = server.get("/stories/lantern/read", cookie)

    assert status == 200
    assert b"It blows." in page
    assert b"asks the way in" not in page


def test_a_server_does_not_start_over_older_tables_of_postgresql(postgres: Server) -> None:
    url = postgres.url(postgres.create())
    with Store(url) as store:
        first_library.make(store)
    status, said = ended(explorer(url, "serve"))

    assert status == 2
    assert "explorer upgrade" in said


def test_stories_in_memory_are_read_on_while_tables_are_changed(
    postgres: Server, caplog: pytest.LogCaptureFixture
) -> None:
    url = postgres.url(postgres.create("empty"))
    with Store(url) as store:
        store.save(file_of(LANTERN_2))
        store.save(file_of(MILL_2))
    app = create_app(Settings(database_url=url, hot_mb=HOT_MB, fresh_ms=0))
    read, other = Asked("GET", "/stories/lantern/read"), Asked("GET", "/stories/mill")
    in_memory = read.of(app)
    with psycopg.connect(as_libpq(url)) as connection, caplog.at_level(logging.CRITICAL):
        # Who waits for ever finds out, and the test with them.
        connection.execute("SET idle_in_transaction_session_timeout = '20s'")
        connection.execute("LOCK TABLE stories IN ACCESS EXCLUSIVE MODE")
        answers = [read.of(app) for _ in range(20)]
        elsewhere = [asked.of(app) for asked in (other, Asked("GET", "/"))]

    assert answers == [in_memory] * 20
    assert all(is_not_just_now(answer) for answer in elsewhere)
    eventually(lambda: other.of(app)[0] == 200)
    assert read.of(app) == in_memory
    app.extensions["shelf"].stories._store.close()


def test_who_writes_waits_until_the_tables_are_changed(postgres: Server) -> None:
    url = postgres.url(postgres.create("empty"))
    with Store(url) as store, ThreadPoolExecutor(1) as pool:
        with psycopg.connect(as_libpq(url)) as connection:
            connection.execute("LOCK TABLE stories IN ACCESS EXCLUSIVE MODE")
            saved = pool.submit(store.save, file_of(MILL_2))
            # Longer than who reads would wait.
            time.sleep(1.5)
            assert not saved.done()

        assert saved.result(PATIENCE) == SaveResult("new", 1)
