"""Copies of a library: every bookmark stays good, nothing is written over, nothing half is left."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import tracemalloc
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import islice
from pathlib import Path
from random import Random
from typing import Any

import pytest
from sqlalchemy import Column, MetaData, String, Table, create_engine, select, text

from explorer import create_app
from explorer.knowledge.bookmark import Bookmark, Position, bookmark_of, position_of
from explorer.knowledge.bookmark_text import encode
from explorer.settings import Settings
from explorer.storage import tables
from explorer.storage.errors import StoreError
from explorer.storage.store import Copied, SaveResult, Store
from explorer.storage.tables import Row, TableKind
from explorer.story.model import Story
from explorer.storyfile import storyfile
from explorer.storyfile.storyfile import StoryFile
from tests.storage.test_store import called, ferry_file, file_of, keep_editions, upgrade
from tests.storyfile.test_storyfile import saga, set_at
from tests.support import author_edits, tale
from tests.support.cluster import Server
from tests.support.crawl import Reader

ROOT = Path(__file__).parents[2]
KINDS = ("sqlite", "postgresql")

# Makes another library with tables and nothing in them, of a kind, and gives its address.
Make = Callable[[str], str]


@pytest.fixture
def make(tmp_path: Path, request: pytest.FixtureRequest) -> Make:
    """Give a function that makes libraries."""
    made: list[str] = []

    def one(kind: str) -> str:
        if kind == "postgresql":
            server: Server = request.getfixturevalue("postgres")
            return server.url(server.create("empty"))
        made.append(f"sqlite:///{tmp_path / f'{len(made)}.db'}")
        upgrade(made[-1])
        return made[-1]

    return one


# A library and the one it is copied to: each kind to each.
every_way = pytest.mark.parametrize("kinds", [(one, other) for one in KINDS for other in KINDS])
# Where only one of the two matters.
from_each = pytest.mark.parametrize("kinds", [(kind, "sqlite") for kind in KINDS])
to_each = pytest.mark.parametrize("kinds", [("sqlite", kind) for kind in KINDS])
here_only = pytest.mark.parametrize("kinds", [("sqlite", "sqlite")])


@pytest.fixture
def urls(make: Make, kinds: tuple[str, str]) -> tuple[str, str]:
    """Give the addresses of two libraries with tables and nothing in them."""
    return make(kinds[0]), make(kinds[1])


@pytest.fixture
def stores(urls: tuple[str, str]) -> Iterator[tuple[Store, Store]]:
    """Give both libraries."""
    with Store(urls[0]) as old, Store(urls[1]) as new:
        yield old, new


def quiet(done: int, total: int, what: str) -> None:
    """Take no notice of progress."""


def copied(old: Store, new: Store) -> dict[str, str]:
    """Copy a library; gives what each story came to."""
    return {one.id: one.outcome for one in old.copy(new, quiet)}


def kept(url: str) -> dict[str, list[tuple[Any, ...]]]:
    """Give all rows of all tables of a library, around the app."""
    engine = create_engine(url)
    with engine.connect() as connection:
        found = {
            table.name: [
                tuple(row)
                for row in connection.execute(select(table).order_by(*table.primary_key.columns))
            ]
            for table in Row.metadata.sorted_tables
        }
    engine.dispose()
    return found


def do(url: str, *commands: str) -> None:
    """Do something in a library, around the app."""
    engine = create_engine(url)
    with engine.begin() as connection:
        for command in commands:
            connection.execute(text(command))
    engine.dispose()


# --- what is copied ----------------------------------------------------------------------------


def tale_file(document: tale.Document) -> StoryFile:
    """Read a form of the tale."""
    return storyfile.read(json.dumps(document).encode())


def keep_a_history(store: Store, edits: int = 16) -> list[Story]:
    """Keep the tale and edit it over and over; gives it as it was after each edit."""
    chance, document = Random("history"), tale.document()
    kinds = sorted(author_edits.EDITORS)
    past = []
    for n in range(edits):
        store.save(tale_file(document), replace=True)
        story = store.load(document["id"])
        assert story is not None
        past.append(story)
        how = (kinds[n % len(kinds)], chance.randrange(20), chance.randrange(20))
        document = author_edits.edit(document, how, f"fresh{n}")
    return past


def marks(past: list[Story]) -> list[Bookmark]:
    """Give bookmarks of readers who stopped anywhere in every revision."""
    found = [
        bookmark_of(story, place)
        for story in past
        for places in (tale.every_place, tale.every_held_place)
        for place in islice(places(story), 0, None, 13)
    ]
    return list(dict.fromkeys(found))


def loaded(store: Store, ident: str) -> Story:
    """Load a story that is there."""
    story = store.load(ident)
    assert story is not None
    return story


@every_way
def test_a_copied_library_reads_every_bookmark_as_the_old_one_does(
    stores: tuple[Store, Store],
) -> None:
    old, new = stores
    past = keep_a_history(old)
    ident = past[0].id
    copied(old, new)
    before, after = loaded(old, ident), loaded(new, ident)
    every = marks(past)

    assert len({one.revision for one in every}) == len(past) == after.revision
    assert [position_of(after, one) for one in every] == [position_of(before, one) for one in every]
    assert after.outlines == before.outlines


@pytest.mark.parametrize("kinds", [("sqlite", kind) for kind in KINDS])
def test_a_backup_that_is_copied_back_is_the_library_row_for_row(
    stores: tuple[Store, Store], urls: tuple[str, str], make: Make
) -> None:
    library, backup = stores
    keep_a_history(library)
    library.save(ferry_file(set_at("id", "gone")))
    library.remove("gone")
    back = make("sqlite")
    copied(library, backup)
    with Store(back) as restored:
        copied(backup, restored)

    assert kept(back) == kept(urls[1]) == kept(urls[0])


def test_a_file_would_not_have_taken_every_reader_along(make: Make) -> None:
    with Store(make("sqlite")) as old, Store(make("sqlite")) as new:
        past = keep_a_history(old)
        ident = past[0].id
        new.save(storyfile.read((old.export(ident) or "").encode()))
        before, after = loaded(old, ident), loaded(new, ident)

    assert any(position_of(after, one) != position_of(before, one) for one in marks(past))


@every_way
def test_a_copied_library_answers_readers_as_the_old_one_does(
    stores: tuple[Store, Store], urls: tuple[str, str]
) -> None:
    old, new = stores
    past = keep_a_history(old)
    home = f"/stories/{past[0].id}"
    copied(old, new)
    some = Random("readers").sample(marks(past), 60)
    answers = []
    for url in urls:
        app = create_app(Settings(database_url=url, fresh_ms=0))
        readers = [Reader(app).keep(home, encode(one)) for one in some]
        answers.append(
            [
                (answer.status, answer.text)
                for reader in readers
                for answer in map(reader.get, (f"{home}/read", f"{home}/export.json", "/?q=a"))
            ]
        )
        app.extensions["shelf"].stories._store.close()

    assert {status for status, _ in answers[0]} == {200}
    assert len(set(answers[0])) > 30
    assert answers[1] == answers[0]


@every_way
def test_a_copy_is_the_library_row_for_row(
    stores: tuple[Store, Store], urls: tuple[str, str]
) -> None:
    old, new = stores
    keep_a_history(old, 5)
    odd = "발레리나 \U0001f9a2 \\u0041 ' \" % :name \u2028 \ufffe \r\n end"
    old.save(ferry_file(set_at("scenes[2].text", odd), set_at("title", "100% 'Émile'")))
    old.save(ferry_file(set_at("id", "gone")))
    old.remove("gone")

    assert set(copied(old, new).values()) == {"new"}
    assert all(kept(urls[0]).values()), "Each table needs rows here, or its copy is not looked at."
    assert kept(urls[1]) == kept(urls[0])
    assert old.shelf("emil", "", 10) == new.shelf("emil", "", 10)
    assert new.shelf("emil", "", 10).ids == ("ferry",)


@every_way
def test_a_copy_of_a_copy_is_the_library_again(
    stores: tuple[Store, Store], urls: tuple[str, str], make: Make, kinds: tuple[str, str]
) -> None:
    old, new = stores
    keep_a_history(old, 5)
    url = make(kinds[0])
    with Store(url) as newest:
        copied(old, new)
        copied(new, newest)

    assert kept(url) == kept(urls[0])


@to_each
def test_a_removed_story_that_comes_back_after_the_copy_goes_on_counting(
    stores: tuple[Store, Store],
) -> None:
    old, new = stores
    old.save(called("one"))
    old.save(ferry_file(set_at("levels[1].name", "Middle")))
    past = loaded(old, "ferry")
    old.remove("ferry")
    found = list(old.copy(new, quiet))

    assert found == [Copied("ferry", "new", is_removed=True)]
    assert new.title("ferry") is None
    assert new.save(called("back")) == old.save(called("back")) == SaveResult("new", 4)
    assert loaded(new, "ferry").outlines == loaded(old, "ferry").outlines
    reader = bookmark_of(past, Position(threshold=2, reached=2))
    assert position_of(loaded(new, "ferry"), reader).reached == 2


@here_only
def test_an_edit_after_the_copy_is_an_edit_of_the_old_story(stores: tuple[Store, Store]) -> None:
    old, new = stores
    past = keep_a_history(old)
    copied(old, new)
    document = storyfile.read((old.export(past[0].id) or "").encode()).document
    edited = tale_file(author_edits.edit(dict(document), ("add scene", 0, 3), "newcomer"))

    assert new.save(edited) == SaveResult("changed", len(past) + 1)
    old.save(edited)
    every = marks(past)
    before, after = loaded(old, edited.id), loaded(new, edited.id)
    assert [position_of(after, one) for one in every] == [position_of(before, one) for one in every]


# --- what the kinds of tables say --------------------------------------------------------------


@pytest.mark.parametrize("table", Row.metadata.sorted_tables, ids=lambda table: table.name)
def test_a_table_says_of_which_kind_it_is(table: Table) -> None:
    assert tables.kind(table) in TableKind


@pytest.mark.parametrize("info", [{}, {"kind": "story"}, {"kind": None}])
def test_a_table_that_does_not_say_of_which_kind_it_is_is_refused(info: dict[str, Any]) -> None:
    with pytest.raises(TypeError, match="accounts"):
        tables.kind(Table("accounts", MetaData(), info=info))


def test_a_story_is_found_at_once_in_all_tables_of_stories() -> None:
    for table in tables.of_kind(TableKind.STORY):
        assert tables.story_column(table) is table.primary_key.columns[0], table.name


def accounts(*urls: str) -> Table:
    """Make a table that is of the library as a whole, and give it with nothing in it."""
    for url in urls:
        do(url, "CREATE TABLE accounts (name VARCHAR(9) PRIMARY KEY, mail VARCHAR(9))")
    columns = Column("name", String(9), primary_key=True), Column("mail", String(9))
    return Table("accounts", MetaData(), *columns, info={"kind": TableKind.LIBRARY})


def rows_of(url: str) -> list[tuple[Any, ...]]:
    """Give what the table of accounts has."""
    engine = create_engine(url)
    with engine.connect() as connection:
        found = connection.execute(text("SELECT name, mail FROM accounts ORDER BY name")).all()
    engine.dispose()
    return [tuple(row) for row in found]


@every_way
def test_what_is_of_the_library_as_a_whole_is_copied_once(
    stores: tuple[Store, Store], urls: tuple[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    old, new = stores
    monkeypatch.setattr("explorer.storage.transfer._SHARED", [accounts(*urls)])
    do(urls[0], "INSERT INTO accounts VALUES ('b', 'x'), ('a', 'y')")
    old.save(called("one"))

    assert copied(old, new) == {"ferry": "new"}
    assert rows_of(urls[1]) == [("a", "y"), ("b", "x")]
    assert copied(old, new) == {"ferry": "same"}
    assert rows_of(urls[1]) == [("a", "y"), ("b", "x")]


@to_each
def test_what_another_library_has_as_a_whole_is_not_written_over(
    stores: tuple[Store, Store], urls: tuple[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    old, new = stores
    monkeypatch.setattr("explorer.storage.transfer._SHARED", [accounts(*urls)])
    do(urls[0], "INSERT INTO accounts VALUES ('a', 'y')")
    do(urls[1], "INSERT INTO accounts VALUES ('a', 'z')")
    old.save(called("one"))

    with pytest.raises(StoreError, match="other rows in accounts"):
        copied(old, new)

    assert rows_of(urls[1]) == [("a", "z")]
    assert not list(new.holdings())


@here_only
def test_what_is_made_from_a_story_is_made_anew_and_not_copied(
    stores: tuple[Store, Store], urls: tuple[str, str]
) -> None:
    old, new = stores
    old.save(called("one"))
    words = kept(urls[0])["title_words"]
    do(urls[0], "UPDATE title_words SET word = CAST('two' AS BLOB)")

    assert copied(old, new) == {"ferry": "new"}
    assert kept(urls[1])["title_words"] == words


@to_each
def test_an_empty_library_is_copied_too(stores: tuple[Store, Store]) -> None:
    assert copied(*stores) == {}


# --- while something happens -------------------------------------------------------------------


@from_each
def test_every_story_of_a_copy_is_of_one_moment(
    stores: tuple[Store, Store], urls: tuple[str, str], make: Make
) -> None:
    old, _ = stores
    old.save(called("first"))
    revisions = set()
    with ThreadPoolExecutor(1) as pool:
        writing = pool.submit(keep_editions, urls[0], 0)
        while not writing.done():
            with Store(make("sqlite")) as new:
                assert copied(old, new) == {"ferry": "new"}
                story = loaded(new, "ferry")
            assert {scene.full.title for scene in story.scenes} == {story.title}
            revisions.add(story.revision)
        writing.result()

    assert revisions


@to_each
def test_a_copy_that_was_interrupted_goes_on(
    stores: tuple[Store, Store], urls: tuple[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("explorer.storage.transfer._BATCH", 2)
    old, new = stores
    for number in range(7):
        old.save(ferry_file(set_at("id", f"s{number}")))

    def stumble(done: int, total: int, what: str) -> None:
        if done == 4:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        list(old.copy(new, stumble))
    assert [held.id for held in new.holdings()] == ["s0", "s1", "s2", "s3"]

    outcomes = copied(old, new)
    assert list(outcomes.values()) == ["same"] * 4 + ["new"] * 3
    assert kept(urls[1]) == kept(urls[0])
    assert set(copied(old, new).values()) == {"same"}


COPY_SLOWLY = """
import sys, time
from sqlalchemy import event
from explorer.storage import transfer as copying
from explorer.storage.store import Store

copying._BATCH = 3
with Store(sys.argv[1]) as old, Store(sys.argv[2]) as new:
    def dawdle(connection, cursor, statement, values, context, many):
        if statement.startswith("INSERT INTO scenes") and "s4" in repr(values):
            print("in the middle", flush=True)
            time.sleep(60)
    event.listen(new._database._writing, "after_cursor_execute", dawdle)
    list(old.copy(new, lambda done, total, what: None))
"""


@to_each
def test_a_copy_that_was_killed_leaves_whole_stories_and_goes_on(
    stores: tuple[Store, Store], urls: tuple[str, str]
) -> None:
    old, new = stores
    for number in range(7):
        old.save(ferry_file(set_at("id", f"s{number}")))
    copying = subprocess.Popen(
        [sys.executable, "-c", COPY_SLOWLY, *urls], stdout=subprocess.PIPE, cwd=ROOT
    )
    with copying:
        assert copying.stdout is not None
        assert copying.stdout.readline() == b"in the middle\n"
        copying.send_signal(signal.SIGKILL)

    assert [held.id for held in new.holdings()] == ["s0", "s1", "s2"]
    assert list(copied(old, new).values()) == ["same"] * 3 + ["new"] * 4
    assert kept(urls[1]) == kept(urls[0])


@here_only
def test_progress_rises_to_all_that_is_compared_and_copied(
    stores: tuple[Store, Store], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("explorer.storage.transfer._BATCH", 2)
    old, new = stores
    for number in range(5):
        old.save(ferry_file(set_at("id", f"s{number}")))
    old.remove("s3")
    told: list[tuple[int, int, str]] = []
    for _ in range(2):
        list(old.copy(new, lambda *what: told.append(what)))

    written = [(2, 5, "copied"), (4, 5, "copied"), (5, 5, "copied")]
    assert told == [*written, *((done, of, "compared") for done, of, _ in written), *written]


@here_only
def test_a_copy_takes_the_memory_of_one_story(stores: tuple[Store, Store], make: Make) -> None:
    old, new = stores

    def most() -> int:
        tracemalloc.start()
        assert set(copied(old, new).values()) == {"new"}
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return peak

    document = saga(150)
    old.save(file_of(document))
    with Store(make("sqlite")) as warm:
        copied(old, warm)
    one = most()
    new.remove("ferry")
    do(new._database.name, "DELETE FROM outlines")
    for number in range(8):
        old.save(file_of(document | {"id": f"s{number}"}))

    assert most() < 2 * one


# --- what is refused ---------------------------------------------------------------------------


def newer(old: Store, new: Store) -> None:
    """Have a newer revision in the new library."""
    old.save(called("one"))
    copied(old, new)
    new.save(called("two"))


def older(old: Store, new: Store) -> None:
    """Have a newer revision in the old library."""
    old.save(called("one"))
    copied(old, new)
    old.save(called("two"))


def others_words(old: Store, new: Store) -> None:
    """Have other words in the same revision."""
    old.save(called("one"))
    new.save(called("two"))


def others_past(old: Store, new: Store) -> None:
    """Have the same story, number and words, with another past."""
    old.save(ferry_file(set_at("levels[1].name", "Middle")))
    new.save(called("one"))
    for store in (old, new):
        store.save(called("two"))


def removed_there(old: Store, new: Store) -> None:
    """Have the story removed in the new library."""
    old.save(called("one"))
    copied(old, new)
    new.remove("ferry")


def removed_here(old: Store, new: Store) -> None:
    """Have the story removed in the old library."""
    old.save(called("one"))
    copied(old, new)
    old.remove("ferry")


def damaged_there(old: Store, new: Store) -> None:
    """Have the story damaged in the new library."""
    old.save(called("one"))
    copied(old, new)
    do(new._database.name, "UPDATE scenes SET body = '{}' WHERE position = 1")


@to_each
@pytest.mark.parametrize(
    "differ",
    [newer, older, others_words, others_past, removed_there, removed_here, damaged_there],
)
def test_a_story_that_differs_is_not_written_over_and_nothing_is_copied(
    stores: tuple[Store, Store], urls: tuple[str, str], differ: Callable[[Store, Store], None]
) -> None:
    old, new = stores
    differ(old, new)
    # One that would be copied before it, and one after.
    for ident in ("alone", "zoo"):
        old.save(ferry_file(set_at("id", ident)))
    new.save(ferry_file(set_at("id", "theirs")))
    before = [kept(url) for url in urls]

    with pytest.raises(StoreError, match=r"of ferry\. Nothing was copied"):
        copied(old, new)
    assert [kept(url) for url in urls] == before


@here_only
def test_of_many_stories_that_differ_some_are_named(stores: tuple[Store, Store]) -> None:
    for store, title in zip(stores, ("one", "two"), strict=True):
        for number in range(13):
            store.save(ferry_file(set_at("id", f"s{number:02}"), set_at("title", title)))

    with pytest.raises(StoreError, match=r"s00, s01, .* s09 and 3 more\."):
        copied(*stores)


@to_each
def test_a_story_that_comes_meanwhile_is_not_written_over(
    stores: tuple[Store, Store], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("explorer.storage.transfer._BATCH", 1)
    old, new = stores
    for ident in ("alone", "ferry", "zoo"):
        old.save(ferry_file(set_at("id", ident)))

    def meddle(done: int, total: int, what: str) -> None:
        new.save(called("theirs"))

    with pytest.raises(StoreError, match='"ferry" was changed while it was copied'):
        list(old.copy(new, meddle))
    assert new.title("ferry") == "theirs"
    assert [held.id for held in new.holdings()] == ["alone", "ferry"]


@pytest.mark.parametrize("kind", KINDS)
def test_a_library_is_not_copied_into_itself(
    make: Make, kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = make(kind)
    others = [url]
    if kind == "sqlite":
        monkeypatch.chdir(tmp_path)
        Path("other.db").symlink_to("0.db")
        others += ["sqlite:///0.db", "sqlite:///other.db", "sqlite:///file:0.db?uri=true"]
    else:
        others += [url.replace("postgres@", "postgres:secret@")]
    for other in others:
        with Store(url) as old, Store(other) as new, pytest.raises(StoreError, match="already"):
            copied(old, new)


DAMAGES = {
    "a scene that is no JSON": "UPDATE scenes SET body = '{' WHERE story_id = 'ferry'",
    "a scene without words": "UPDATE scenes SET body = '{}' WHERE story_id = 'ferry'",
    "a scene that is lost": "DELETE FROM scenes WHERE story_id = 'ferry' AND position = 2",
    "a person who is lost": "DELETE FROM people WHERE story_id = 'ferry' AND position = 0",
    "a head that is none": "UPDATE stories SET head = '[]' WHERE id = 'ferry'",
    "a story that is lost": "DELETE FROM stories WHERE id = 'ferry'",
    "outlines that are lost": "DELETE FROM outlines WHERE story_id = 'ferry'",
    "an outline of other scenes": "UPDATE outlines SET scenes = '[]' WHERE story_id = 'ferry'",
    "an outline of no words": "UPDATE outlines SET levels = '7' WHERE story_id = 'ferry'"
    " AND revision = 1",
}


@from_each
@pytest.mark.parametrize("damage", sorted(DAMAGES))
def test_a_damaged_story_is_named_and_takes_no_other_along(
    stores: tuple[Store, Store], urls: tuple[str, str], damage: str
) -> None:
    old, new = stores
    old.save(called("one"))
    old.save(ferry_file(set_at("levels[1].name", "Middle")))
    for ident in ("alone", "zoo"):
        old.save(ferry_file(set_at("id", ident)))
    if urls[0].startswith("postgresql") and damage == "a scene that is no JSON":
        # It takes none. This is JSON, and too deep for anybody.
        do(urls[0], f"UPDATE scenes SET body = '{'[' * 5000}{']' * 5000}' WHERE story_id = 'ferry'")
    else:
        do(urls[0], "PRAGMA foreign_keys = ON" if "sqlite" in urls[0] else "SELECT 1")
        do(urls[0], DAMAGES[damage])

    assert copied(old, new) == {"alone": "new", "ferry": "damaged", "zoo": "new"}
    assert not [row for rows in kept(urls[1]).values() for row in rows if "ferry" in row]


@here_only
def test_what_is_mended_is_copied_the_next_time(
    stores: tuple[Store, Store], urls: tuple[str, str]
) -> None:
    old, new = stores
    old.save(called("one"))
    past = loaded(old, "ferry")
    old.save(called("two"))
    do(urls[0], DAMAGES["a scene that is no JSON"])
    assert copied(old, new) == {"ferry": "damaged"}

    old.remove("ferry")
    old.save(called("two"))
    assert copied(old, new) == {"ferry": "new"}
    assert loaded(new, "ferry").revision == 4
    reader = bookmark_of(past, Position(threshold=1, reached=2))
    assert position_of(loaded(new, "ferry"), reader).reached == 2
