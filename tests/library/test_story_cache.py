"""The stories in memory: how new they are, and what is read while the database is gone."""

from __future__ import annotations

import gc
import json
import logging
import shutil
import sqlite3
import time
import tracemalloc
import weakref
from collections.abc import Callable, Iterator
from contextlib import closing
from itertools import count, product
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import event

from explorer import create_app
from explorer.knowledge.bookmark import Bookmark, Position, bookmark_of
from explorer.knowledge.bookmark_text import encode
from explorer.knowledge.filters import Wish
from explorer.library.story_cache import CERTAIN_SECONDS, LoadedStory, StoryCache
from explorer.reading import moves
from explorer.reading.errors import Unavailable
from explorer.reading.pages import Pages
from explorer.reading.reading import Reading
from explorer.reading.shelf import Shelf
from explorer.settings import Settings
from explorer.storage.errors import StoreError
from explorer.storage.store import Store
from explorer.storyfile import storyfile
from tests.conftest import Serve
from tests.storage.test_store import called, ferry_file, file_of
from tests.storyfile.test_storyfile import saga, set_at
from tests.support import tale
from tests.support.cluster import Server, a_server
from tests.support.crawl import ask

TALE = f"/stories/{tale.document()['id']}"
PATIENCE = 20


class Clock:
    """Time that goes on when it is told to."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def file(tmp_path: Path, empty_library: Path) -> Path:
    """Give a database file that has the small story in it, and another one."""
    path = tmp_path / "library.db"
    shutil.copy(empty_library, path)
    with Store(f"sqlite:///{path}") as store:
        store.save(called("one"))
        store.save(ferry_file(set_at("id", "other")))
    return path


@pytest.fixture
def store(file: Path) -> Iterator[Store]:
    with Store(f"sqlite:///{file}") as store:
        yield store


@pytest.fixture
def far(postgres: Server) -> Iterator[Store]:
    """Give a store on a real PostgreSQL that has the small story in it."""
    with Store(postgres.url(postgres.create("empty"))) as store:
        store.save(called("one"))
        yield store


def title(library: StoryCache, least: int = 0) -> str:
    """Give the title of the small story as it is handed out."""
    held = library.current("ferry", least)
    assert held is not None
    return held.story.title


# --- how new what is read is -------------------------------------------------------------------


def test_an_import_is_read_at_the_next_request_where_nothing_holds(
    store: Store, clock: Clock
) -> None:
    library = StoryCache(store, clock=clock)
    assert title(library) == "one"
    store.save(called("two"))

    assert library.revision("ferry") == 2
    assert title(library) == "two"


def test_an_import_is_read_within_a_second_of_a_server(far: Store, clock: Clock) -> None:
    library = StoryCache(far, fresh=0.9, clock=clock)
    assert title(library) == "one"
    far.save(called("two"))

    assert library.revision("ferry") == 1
    clock.now += 1
    assert library.revision("ferry") == 2
    assert title(library) == "two"


def test_a_file_is_asked_as_seldom_as_a_server(store: Store, clock: Clock) -> None:
    library = StoryCache(store, fresh=0.5, clock=clock)
    assert title(library) == "one"
    store.save(called("two"))

    clock.now += 0.4
    assert library.revision("ferry") == 1
    assert title(library, least=2) == "two"
    store.save(called("three"))
    clock.now += 0.5
    assert title(library) == "three"


def test_a_revision_is_asked_for_no_more_than_once_while_it_holds(far: Store, clock: Clock) -> None:
    library = StoryCache(far, fresh=0.9, clock=clock)
    title(library)
    asked = count()
    event.listen(far._database.engine, "before_cursor_execute", lambda *_: next(asked))
    for _ in range(50):
        title(library)
    assert next(asked) == 0

    clock.now += 1
    for _ in range(50):
        title(library)
    assert next(asked) == 2


def test_a_bookmark_of_a_newer_revision_is_laid_on_that_one_at_once(
    far: Store, clock: Clock
) -> None:
    library = StoryCache(far, fresh=0.9, clock=clock)
    assert title(library) == "one"
    far.save(called("two"))

    assert title(library, least=2) == "two"


def test_a_code_of_a_newer_revision_is_laid_on_that_one_at_once(far: Store, clock: Clock) -> None:
    shelf = Shelf(StoryCache(far, fresh=0.9, clock=clock), "")
    shelf.reading("ferry", Bookmark())
    far.save(called("two"))

    reading = shelf.reading("ferry", Bookmark(), " ferry.\n" + encode(Bookmark(revision=2)))
    assert reading.loaded.story.title == "two"
    assert shelf.reading("ferry", Bookmark(), "no code").loaded.story.title == "two"


def test_a_story_that_was_removed_is_gone_within_a_second(far: Store, clock: Clock) -> None:
    library = StoryCache(far, fresh=0.9, clock=clock)
    title(library)
    far.remove("ferry")
    clock.now += 1

    assert library.current("ferry") is None


# --- how much is in memory ---------------------------------------------------------------------


def shelved(store: Store, stories: int, scenes: int) -> list[str]:
    """Keep some stories of the same size; gives their ids."""
    ids = [f"s{number}" for number in range(stories)]
    for ident in ids:
        store.save(file_of(saga(scenes) | {"id": ident}))
    return ids


def in_memory(library: StoryCache) -> list[str]:
    return sorted(library._stories)


def test_a_walk_through_many_stories_stays_within_the_budget(store: Store) -> None:
    ids = shelved(store, 12, 10)
    library = StoryCache(store, 200_000)
    for _ in range(2):
        for ident in ids:
            assert library.current(ident) is not None
            assert library.weight <= 200_000

    assert 1 < len(in_memory(library)) < 12
    assert ids[-1] in in_memory(library)


def test_a_long_story_is_not_looked_through_for_garbage_and_goes_all_the_same(
    store: Store,
) -> None:
    ids = shelved(store, 2, 1_000)
    library = StoryCache(store, 500_000)
    gc.collect()
    before = gc.get_freeze_count()
    try:
        long = library.current(ids[0])
        assert long is not None
        assert gc.get_freeze_count() > before + 800
        gone = weakref.ref(long)
        del long
        library.current(ids[1])
        assert gone() is None
    finally:
        gc.unfreeze()


class Circle:
    """Something that only a search for garbage finds."""

    def __init__(self) -> None:
        self.self = self


def test_what_is_garbage_when_a_long_story_comes_does_not_stay_with_it(store: Store) -> None:
    [ident] = shelved(store, 1, 1_000)
    gc.disable()
    try:
        gone = weakref.ref(Circle())
        StoryCache(store).current(ident)
        assert gone() is None
    finally:
        gc.unfreeze()
        gc.enable()


def test_those_that_nobody_reads_are_let_go_first(store: Store) -> None:
    ids = shelved(store, 12, 10)
    library = StoryCache(store, 200_000)
    for ident in ids:
        assert library.current("s0") is not None
        assert library.current(ident) is not None

    assert {"s0", "s11"} <= set(in_memory(library))
    assert "s1" not in in_memory(library)


def test_a_story_that_is_let_go_while_it_is_read_is_read_to_the_end(store: Store) -> None:
    ids = shelved(store, 12, 10)
    library = StoryCache(store, 100_000)
    shelf = Shelf(library, "")
    reading = shelf.reading("s0", Bookmark())
    before = moves.turned(shelf.reading("s0", Bookmark()), "").whole()
    for ident in ids[1:]:
        library.current(ident)

    assert "s0" not in in_memory(library)
    assert moves.turned(reading, "").whole() == before


def test_one_story_may_be_larger_than_the_budget(store: Store) -> None:
    shelved(store, 2, 200)
    library = StoryCache(store, 10_000)

    assert library.current("s0") is not None
    assert in_memory(library) == ["s0"]
    assert library.current("s1") is not None
    assert in_memory(library) == ["s1"]


def test_readers_at_very_many_places_stay_within_the_budget(store: Store) -> None:
    shelved(store, 3, 40)
    budget = 2_000_000
    library = StoryCache(store, budget)
    most = 0
    for place in places(40):
        for ident in ("s0", "s1", "s2"):
            held = library.current(ident)
            assert held is not None
            held.knowledge(place).whole()
            most = max(most, library.weight)

    assert budget // 2 < most <= budget + budget // 8


def places(scenes: int) -> Iterator[Position]:
    for threshold, reached in product(range(3), range(scenes + 1)):
        for seen in range(0, reached + 1, 5):
            yield Position(threshold, reached, seen)


def test_what_is_reckoned_is_about_what_it_takes(store: Store) -> None:
    shelved(store, 2, 150)
    library = StoryCache(store)
    # Whatever else is made once is made by the first.
    read_through(library, "s0")
    tracemalloc.start()
    held = read_through(library, "s1")
    gc.collect()
    taken, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert taken / 2 <= held.weight <= taken * 4


def read_through(library: StoryCache, ident: str) -> LoadedStory:
    held = library.current(ident)
    assert held is not None
    for reached in range(0, 150, 10):
        reading = Reading.of(held, bookmark_of(held.story, Position(2, reached)), "")
        Pages(reading).read(Wish())
        reading.whole()
        Pages(reading).people()
        Pages(reading).shape(Wish())
    return held


# --- while the database is gone ----------------------------------------------------------------


def lost(path: Path) -> None:
    """Move a file away."""
    path.rename(path.with_suffix(".gone"))


def garbled(path: Path) -> None:
    """Put something else in its place."""
    lost(path)
    path.write_text("Dear reader, " * 5000)


def emptied(path: Path) -> None:
    """Put an empty database in its place."""
    lost(path)
    sqlite3.connect(path).close()
    path.touch()


def a_folder(path: Path) -> None:
    """Put a folder in its place."""
    lost(path)
    path.mkdir()


def found_again(path: Path) -> None:
    """Put the file back."""
    shutil.rmtree(path) if path.is_dir() else path.unlink(missing_ok=True)
    path.with_suffix(".gone").rename(path)


FATES = [lost, garbled, emptied, a_folder]


@pytest.mark.parametrize("fate", FATES)
def test_a_story_in_memory_is_read_on_without_the_database(
    store: Store, file: Path, clock: Clock, fate: Callable[[Path], None]
) -> None:
    library = StoryCache(store, clock=clock)
    title(library)
    fate(file)

    assert library.revision("ferry") == 1
    assert title(library) == "one"
    with pytest.raises(StoreError):
        library.current("other")
    with pytest.raises(StoreError):
        library.shelf("", "", 24)
    assert not library.ready()

    found_again(file)
    clock.now += 1
    assert library.current("other") is not None
    assert library.shelf("", "", 24).ids
    assert library.ready()


def test_a_lost_library_is_not_replaced_by_an_empty_one(
    store: Store, file: Path, clock: Clock
) -> None:
    library = StoryCache(store, clock=clock)
    lost(file)

    with pytest.raises(StoreError, match="Is it there"):
        library.current("ferry")
    assert not library.ready()
    assert not file.exists()


def test_another_file_in_the_place_of_the_library_is_the_library(
    store: Store, file: Path, clock: Clock, empty_library: Path
) -> None:
    library = StoryCache(store, clock=clock)
    title(library)
    lost(file)
    shutil.copy(empty_library, file)
    assert library.current("ferry") is None

    with Store(f"sqlite:///{file}") as other:
        other.save(called("restored"))
    assert title(library) == "restored"


def test_a_database_that_is_gone_is_asked_for_once_a_second(
    store: Store, file: Path, clock: Clock, caplog: pytest.LogCaptureFixture
) -> None:
    library = StoryCache(store, clock=clock)
    title(library)
    lost(file)
    asked = count()

    def note(*_: object) -> None:
        next(asked)

    event.listen(store._database.engine, "do_connect", note)
    with caplog.at_level(logging.INFO):
        for _ in range(100):
            assert library.revision("ferry") == 1
            with pytest.raises(StoreError, match="Is it there"):
                library.current("other")
            clock.now += 0.05

    assert 4 <= next(asked) <= 6
    assert len(caplog.records) == 1
    assert "Is it there" in caplog.records[0].message
    assert caplog.records[0].exc_info is None


def test_what_was_removed_does_not_come_back_with_the_database_gone(
    store: Store, file: Path, clock: Clock
) -> None:
    library = StoryCache(store, clock=clock)
    title(library)
    store.remove("ferry")
    assert library.revision("ferry") is None
    lost(file)

    with pytest.raises(StoreError):
        library.current("ferry")


def test_what_is_known_to_be_old_does_not_come_back_with_the_database_gone(
    store: Store, file: Path, clock: Clock
) -> None:
    library = StoryCache(store, clock=clock)
    title(library)
    store.save(called("two"))
    assert library.revision("ferry") == 2
    lost(file)

    with pytest.raises(StoreError):
        library.current("ferry")


def test_who_has_read_a_newer_revision_is_told_nothing_by_an_older_one(
    store: Store, file: Path, clock: Clock
) -> None:
    shelf = Shelf(StoryCache(store, clock=clock), "")
    assert shelf.reading("ferry", Bookmark(revision=1)).loaded.story.revision == 1
    lost(file)

    assert shelf.reading("ferry", Bookmark(revision=1)).loaded.story.revision == 1
    with pytest.raises(Unavailable):
        shelf.reading("ferry", Bookmark(revision=2))


def test_a_damaged_story_is_in_nobody_elses_way(
    store: Store, file: Path, clock: Clock, caplog: pytest.LogCaptureFixture
) -> None:
    with closing(sqlite3.connect(file)) as raw:
        raw.execute("UPDATE scenes SET body = '{}' WHERE story_id = 'ferry'")
        raw.commit()
    library = StoryCache(store, clock=clock)

    with pytest.raises(StoreError, match="ferry"):
        library.current("ferry")
    assert library.current("other") is not None
    assert [record.levelname for record in caplog.records] == ["ERROR"]
    assert "ferry" in caplog.records[0].message


class Counting(Store):
    """Counts how often it is asked for a revision."""

    asked = 0

    def revision(self, story_id: str, *, certain: bool = False) -> int | None:
        self.asked += 1
        return super().revision(story_id, certain=certain)


def test_a_revision_that_is_made_up_is_not_asked_for_at_each_request(
    store: Store, clock: Clock, file: Path
) -> None:
    counting = Counting(f"sqlite:///{file}")
    with counting:
        library = StoryCache(counting, fresh=0.5, clock=clock)
        assert library.current("ferry") is not None
        counting.asked = 0
        for named in (2, 3, 999_999_999) * 50:
            loaded = library.current("ferry", named)
            assert loaded is not None
            assert loaded.story.revision == 1
        # Of a replica that lags behind it would be no news, so each time is asked twice.
        assert counting.asked == 2

        store.save(called("two"))
        clock.now += 2 * CERTAIN_SECONDS
        loaded = library.current("ferry", 2)
        assert loaded is not None
        assert loaded.story.revision == 2


def test_a_revision_that_is_made_up_leads_no_page_past_the_memory(library: str) -> None:
    app = create_app(Settings(database_url=library, fresh_ms=900))
    client = app.test_client()
    cookie = {"Cookie": "bookmark=1.999999999.2.0...."}
    asked = client.get(f"{TALE}/read", headers=cookie)
    memory = app.wsgi_app._app._app.memory  # type: ignore[attr-defined]

    assert asked.status_code == 200
    assert len(memory) == 1


def test_no_move_keeps_a_revision_that_is_made_up(library: str) -> None:
    client = create_app(Settings(database_url=library)).test_client()
    ours = {"Sec-Fetch-Site": "same-origin"}
    forged = encode(Bookmark(revision=999_999_999, threshold=1))
    code = f"{tale.document()['id']}.{forged}"
    moves: dict[str, dict[str, str]] = {
        "next": {},
        "threshold": {"threshold": "2"},
        "carry": {"code": code},
    }
    for address, form in moves.items():
        headers = ours | {"Cookie": f"bookmark={forged}"}
        moved = client.post(f"{TALE}/{address}", data=form, headers=headers)
        assert moved.status_code == 303, address
        assert "999999999" not in moved.headers.get("Set-Cookie", ""), address


# --- what readers get --------------------------------------------------------------------------


@pytest.fixture
def two_stories(library: str) -> Iterator[Flask]:
    """Give an application that serves the tale and the small story; all of it is in the file."""
    with Store(library) as store:
        store.save(ferry_file())
    app = create_app(Settings(database_url=library))
    yield app
    app.extensions["shelf"].stories._store.close()


def statuses(app: Flask) -> dict[str, int]:
    """Ask for everything that there is to say about a database that is gone."""
    client = app.test_client()
    asked = ("/", "/readyz", "/healthz", f"{TALE}/read", "/stories/ferry", "/api/v1/stories/ferry")
    return {address: client.get(address).status_code for address in asked}


ALL_IS_WELL = dict.fromkeys(
    ("/", "/readyz", "/healthz", f"{TALE}/read", "/stories/ferry", "/api/v1/stories/ferry"), 200
)
GONE = {"/": 503, "/readyz": 503, "/stories/ferry": 503, "/api/v1/stories/ferry": 503}


def wait_until_well(app: Flask) -> None:
    """Wait until everything is answered, which may take the second of patience."""
    until = time.monotonic() + PATIENCE
    while statuses(app) != ALL_IS_WELL and time.monotonic() < until:
        time.sleep(0.05)
    assert statuses(app) == ALL_IS_WELL


@pytest.mark.parametrize("fate", FATES)
def test_readers_go_on_reading_while_the_file_is_gone(
    two_stories: Flask,
    tmp_path: Path,
    fate: Callable[[Path], None],
    caplog: pytest.LogCaptureFixture,
) -> None:
    client = two_stories.test_client()
    before = client.get(f"{TALE}/read").data
    fate(tmp_path / "library.db")

    assert statuses(two_stories) == ALL_IS_WELL | GONE
    assert client.get(f"{TALE}/read").data == before
    for address in GONE:
        answer = client.get(address, headers={"Accept": "text/html"})
        assert answer.status_code == 503
        assert not {b"Traceback", b"library.db", b"sqlite"} & set(answer.data.split())
    assert b"The library cannot be reached for the moment" in client.get("/stories/ferry").data
    assert len(caplog.records) == 1

    found_again(tmp_path / "library.db")
    wait_until_well(two_stories)


def test_a_move_is_made_while_the_file_is_gone(two_stories: Flask, tmp_path: Path) -> None:
    client = two_stories.test_client()
    client.get(f"{TALE}/read")
    lost(tmp_path / "library.db")
    moved = client.post(f"{TALE}/next", headers={"Sec-Fetch-Site": "same-origin"})

    assert moved.status_code == 303
    assert "bookmark=" in moved.headers["Set-Cookie"]


def test_readers_go_on_reading_while_postgresql_is_stopped(
    caplog: pytest.LogCaptureFixture,
) -> None:
    with a_server() as server:
        url = server.url("postgres")
        with Store(url) as store:
            store.upgrade()
            store.save(storyfile.read(json.dumps(tale.document()).encode()))
            store.save(ferry_file())
        app = create_app(Settings(database_url=url))
        before = app.test_client().get(f"{TALE}/read").data
        time.sleep(1)
        server.stop("immediate")

        assert statuses(app) == ALL_IS_WELL | GONE
        assert app.test_client().get(f"{TALE}/read").data == before
        assert len([one for one in caplog.records if one.name.startswith("explorer")]) == 1

        server.start()
        wait_until_well(app)
        app.extensions["shelf"].stories._store.close()


def test_a_reader_of_no_story_gets_not_found_and_not_trouble(two_stories: Flask) -> None:
    assert two_stories.test_client().get("/stories/nobodys").status_code == 404


@pytest.mark.parametrize("body", ["{}", "no words of ours"])
def test_a_damaged_story_takes_no_other_along(
    serve: Serve, caplog: pytest.LogCaptureFixture, body: str
) -> None:
    document = tale.document()
    app = serve(json.dumps(document).encode(), json.dumps(document | {"id": "whole"}).encode())
    library = app.extensions["shelf"].stories
    path = library._store._database.url.database
    with closing(sqlite3.connect(path)) as connection, connection:
        damaged = (body, document["id"])
        connection.execute("UPDATE scenes SET body = ? WHERE story_id = ?", damaged)

    with caplog.at_level(logging.CRITICAL):
        page = ask(app, "GET", "/")
        catalogue = ask(app, "GET", "/api/v1/stories")

        story = ask(app, "GET", f"/stories/{document['id']}")

    # No story is loaded for the library page; what is damaged says so where it is opened.
    assert page.status == catalogue.status == 200
    assert "/stories/whole" in page.text
    assert story.status == 503
    assert [story["id"] for story in json.loads(catalogue.body)["stories"]] == ["whole"]
