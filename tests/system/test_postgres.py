"""What PostgreSQL alone can do: be in one's own way, have replicas, serve several processes."""

from __future__ import annotations

import re
import time
import urllib.request
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from contextlib import ExitStack
from multiprocessing import get_context
from pathlib import Path
from threading import Event

import pytest
from flask import Flask
from sqlalchemy import make_url

from explorer import create_app
from explorer.knowledge.bookmark import Position, bookmark_of
from explorer.knowledge.bookmark_text import encode
from explorer.settings import Settings
from explorer.storage.database import _WRITING_PAUSES
from explorer.storage.errors import StoreError
from explorer.storage.store import SaveResult, Store
from explorer.storyfile import storyfile
from tests.browser.serving import served
from tests.storage.test_store import EDITIONS, WRITERS, called, ferry_file, keep_editions, upgrade
from tests.storyfile.test_storyfile import set_at
from tests.support.cluster import Server, a_replica, a_server

PATIENCE = 20


@pytest.fixture
def name(postgres: Server) -> str:
    """Give the name of a database with tables and nothing in them."""
    return postgres.create("empty")


@pytest.fixture
def store(postgres: Server, name: str) -> Iterator[Store]:
    with Store(postgres.url(name)) as store:
        yield store


# --- in one another's way ----------------------------------------------------------------------

STUMBLE = """
CREATE SEQUENCE tries;
CREATE FUNCTION stumble() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF nextval('tries') <= {times} THEN
    RAISE 'could not serialize access' USING ERRCODE = '{state}';
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER stumble AFTER INSERT ON stories FOR EACH STATEMENT EXECUTE FUNCTION stumble();
"""


def tries(postgres: Server, name: str) -> object:
    [(tried,)] = postgres.do("SELECT last_value FROM tries", name)
    return tried


@pytest.mark.parametrize("state", ["40001", "40P01"])
def test_a_transaction_that_was_in_the_way_is_done_again(
    store: Store, postgres: Server, name: str, state: str
) -> None:
    postgres.do(STUMBLE.format(times=3, state=state), name)

    assert store.save(ferry_file()) == SaveResult("new", 1)
    assert tries(postgres, name) == 4
    assert store.save(ferry_file()) == SaveResult("same", 1)


def test_a_transaction_that_is_always_in_the_way_is_given_up_in_plain_words(
    store: Store, postgres: Server, name: str
) -> None:
    postgres.do(STUMBLE.format(times=1000, state="40001"), name)

    with pytest.raises(StoreError, match="could not serialize"):
        store.save(ferry_file())
    assert tries(postgres, name) == len(_WRITING_PAUSES) + 1
    assert store.revision("ferry") is None


def test_what_does_not_pass_is_not_tried_again(store: Store, postgres: Server, name: str) -> None:
    postgres.do(STUMBLE.format(times=1000, state="53100"), name)

    with pytest.raises(StoreError):
        store.save(ferry_file())
    assert tries(postgres, name) == 1


def test_no_write_is_lost_where_all_transactions_are_serializable(
    store: Store, postgres: Server, name: str
) -> None:
    postgres.do(f"ALTER DATABASE {name} SET default_transaction_isolation = 'serializable'")
    url = postgres.url(name)
    with ThreadPoolExecutor(WRITERS) as pool:
        editions = pool.map(keep_editions, [url] * WRITERS, range(WRITERS))
        revisions = [revision for some in editions for revision in some]

    assert sorted(revisions) == list(range(1, WRITERS * EDITIONS + 1))


def test_many_may_upgrade_at_once_and_one_does(postgres: Server) -> None:
    url = postgres.url(postgres.create())
    with ProcessPoolExecutor(4, mp_context=get_context("spawn")) as pool:
        done = list(pool.map(upgrade, [url] * 8))

    assert done.count(True) == 1
    with Store(url) as store:
        assert store.ready()


def test_a_library_whose_tables_are_missing_says_what_to_run(postgres: Server) -> None:
    with Store(postgres.url(postgres.create())) as store:
        assert not store.ready()
        with pytest.raises(StoreError, match="explorer upgrade"):
            store.prepare()


# --- replicas ----------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def two_servers() -> Iterator[tuple[Server, Server]]:
    """Give a server and a replica that follows it."""
    with a_server() as primary, a_replica(primary) as replica:
        yield primary, replica


def both(servers: tuple[Server, Server], database: str) -> str:
    """Give an address with two hosts in it, as libpq and SQLAlchemy know them."""
    hosts = "&".join(f"host={server.place}" for server in servers)
    return f"postgresql+psycopg://postgres@/{database}?{hosts}"


@pytest.fixture
def shared(two_servers: tuple[Server, Server]) -> Iterator[str]:
    """Give the address of a library with the small story, which the replica has too."""
    primary, replica = two_servers
    name = primary.create()
    url = both(two_servers, name)
    with Store(url) as store:
        store.upgrade()
        store.save(called("one"))
        store.save(ferry_file(set_at("id", "other")))
    caught_up(replica, name, 1)
    yield url
    if not primary.is_running:
        primary.start()


def seated(url: str, servers: tuple[Server, Server], name: str) -> list[int]:
    """Open connections as a busy worker does, a few times over; count those at each server."""
    asked = f"SELECT count(*) FROM pg_stat_activity WHERE datname = '{name}'"
    counts = [0, 0]
    for _ in range(4):
        with Store(url) as store, ExitStack() as stack:
            for _ in range(8):
                stack.enter_context(store._database.engine.connect())
            for n, server in enumerate(servers):
                counts[n] += int(str(server.do(asked)[0][0]))
    return counts


def test_reading_is_spread_over_hosts_where_the_address_says_so(
    shared: str, two_servers: tuple[Server, Server]
) -> None:
    name = make_url(shared).database or ""

    assert seated(shared, two_servers, name) == [32, 0]
    spread = seated(f"{shared}&load_balance_hosts=random", two_servers, name)
    assert sum(spread) == 32
    assert min(spread) > 0


def caught_up(replica: Server, name: str, revision: int) -> None:
    """Wait until the replica has a revision of the small story."""
    until = time.monotonic() + PATIENCE
    asked = "SELECT 1 FROM stories WHERE id IN ('ferry', 'other')"
    while time.monotonic() < until:
        databases = replica.do(f"SELECT 1 FROM pg_database WHERE datname = '{name}'")
        if databases and replica.do("SELECT to_regclass('stories')", name) != [(None,)]:
            kept = replica.do("SELECT revision FROM stories WHERE id = 'ferry'", name)
            if kept == [(revision,)] and len(replica.do(asked, name)) == 2:
                return
        time.sleep(0.05)
    raise RuntimeError("the replica does not follow")


@pytest.mark.parametrize(
    "address",
    [
        "postgresql+psycopg://me@/plots?host=a:5432&host=b:5433",
        "postgresql+psycopg://me@/plots?host=a,b&port=5432,5433",
        "postgresql+psycopg://me@a,b/plots",
    ],
)
def test_however_the_hosts_are_written_writers_ask_for_one_to_write_to(address: str) -> None:
    with Store(address) as store:
        writers = store._database._writing.url

        assert writers.query["target_session_attrs"] == "read-write"
        assert writers.database == make_url(address).database == "plots"


def test_reading_goes_on_from_a_replica_when_the_primary_is_killed_under_load(
    two_servers: tuple[Server, Server], shared: str
) -> None:
    primary, _ = two_servers
    app = create_app(Settings(database_url=shared))
    # As a process that has just started: nothing is in memory, all is asked for.
    fresh = create_app(Settings(database_url=shared))
    stop = Event()

    def read_on() -> list[int]:
        client, got = app.test_client(), []
        while not stop.is_set():
            got.append(client.get("/stories/ferry/read").status_code)
            library = app.extensions["shelf"].stories
            library._store.load("other")
            got.append(client.get("/readyz").status_code)
        return got

    with ThreadPoolExecutor(3) as pool:
        readers = [pool.submit(read_on) for _ in range(3)]
        time.sleep(0.5)
        primary.stop("immediate")
        time.sleep(2.5)
        stop.set()
        answers = [status for reader in readers for status in reader.result()]
    assert len(answers) > 100
    assert set(answers) == {200}
    assert fresh.test_client().get("/stories/other").status_code == 200
    with Store(shared) as store, pytest.raises(StoreError, match="database"):
        store.save(called("lost"))

    primary.start()
    with Store(shared) as store:
        assert store.save(called("two")) == SaveResult("changed", 2)
    for one in (app, fresh):
        close(one)


def test_a_replica_that_lags_behind_brings_nobody_back_to_what_was_before(
    two_servers: tuple[Server, Server], shared: str
) -> None:
    primary, replica = two_servers
    name = make_url(shared).database or ""
    # The replica is asked first, and hears nothing new from now on.
    url = both((replica, primary), name)
    app = create_app(Settings(database_url=url))
    library = app.extensions["shelf"].stories
    replica.do("SELECT pg_wal_replay_pause()")
    try:
        with Store(shared) as store:
            store.save(called("two"))
        assert library.revision("ferry") == 1
        assert library.revision("ferry", least=2) == 2
        # It has not the words of the newer revision, and may not give the older ones for them.
        with pytest.raises(StoreError, match="lags behind"):
            library.current("ferry", least=2)
    finally:
        replica.do("SELECT pg_wal_replay_resume()")
    caught_up(replica, name, 2)
    held = library.current("ferry", least=2)
    assert held is not None
    assert held.story.title == "two"
    close(app)


def close(app: Flask) -> None:
    app.extensions["shelf"].stories._store.close()


# --- several processes -------------------------------------------------------------------------

TITLE = re.compile(r"Edition \d+")


def edition(number: int) -> storyfile.StoryFile:
    return called(f"Edition {number}")


def test_every_answer_of_two_processes_is_of_one_revision(
    store: Store, postgres: Server, name: str, tmp_path: Path
) -> None:
    first = tmp_path / "first.json"
    store.save(edition(1))
    first.write_text(store.export("ferry") or "")
    story = store.load("ferry")
    assert story is not None
    cookie = f"bookmark={encode(bookmark_of(story, Position(threshold=2, reached=3)))}"

    def page(base: str) -> set[str]:
        asked = urllib.request.Request(f"{base}/stories/ferry/read", headers={"Cookie": cookie})
        with urllib.request.urlopen(asked, timeout=PATIENCE) as answer:
            assert answer.status == 200
            return set(TITLE.findall(answer.read().decode()))

    def read_on(base: str, stop: Event) -> list[set[str]]:
        seen = []
        while not stop.is_set():
            seen.append(page(base))
        return seen

    with ExitStack() as stack:
        bases = []
        for number in range(2):
            folder = tmp_path / str(number)
            folder.mkdir()
            site = served(folder, [first], EXPLORER_DATABASE_URL=postgres.url(name))
            bases.append(stack.enter_context(site))
        stop = Event()
        with ThreadPoolExecutor(4) as pool:
            readers = [pool.submit(read_on, base, stop) for base in bases * 2]
            for number in range(2, 8):
                store.save(edition(number))
                time.sleep(0.3)
            time.sleep(1)
            latest = [page(base) for base in bases]
            stop.set()
            seen = [titles for reader in readers for titles in reader.result()]

    assert latest == [{"Edition 7"}] * 2
    assert len(seen) > 50
    assert {len(titles) for titles in seen} == {1}
    assert len({title for titles in seen for title in titles}) > 1
