"""The store: what is kept, that nothing is lost, and what is said when it cannot be."""

from __future__ import annotations

import hashlib
import json
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor, ThreadPoolExecutor
from contextlib import closing
from itertools import count, pairwise
from multiprocessing import get_context
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection, create_engine, event

from explorer.storage.errors import Damaged, StoreError, Unrelated
from explorer.storage.schema_version import NEWEST
from explorer.storage.store import SaveResult, Store
from explorer.storage.tables import Row
from explorer.story.terms import opaque
from explorer.storyfile import storyfile
from explorer.storyfile.storyfile import StoryFile
from tests.storyfile.test_storyfile import (
    FERRY,
    Edit,
    File,
    add,
    both,
    drop,
    ferry,
    like,
    saga,
    set_at,
)
from tests.support.cluster import Server

ROOT = Path(__file__).parents[2]


def ferry_file(*edits: Edit) -> StoryFile:
    """Give the small story, changed as told."""
    return storyfile.read(ferry(both(*edits)))


def called(title: str) -> StoryFile:
    """Give the small story under another title, which its scenes have too."""
    titles = [set_at(f"scenes[{n}].title", title) for n in range(3)]
    return ferry_file(set_at("title", title), *titles)


def shelf(store: Store) -> list[str]:
    """Give the ids of all stories as the library has them."""
    return list(store.shelf("", "", 100).ids)


def file_of(document: File) -> StoryFile:
    """Read a document."""
    return storyfile.read(storyfile.write(document).encode())


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Give a place for a database."""
    return tmp_path / "library.db"


@pytest.fixture(params=["sqlite", "postgresql"])
def kind(request: pytest.FixtureRequest) -> str:
    """Give the kind of database: every test of the store is held on each of them."""
    return str(request.param)


# What only a file can do, or is done to one.
in_a_file = pytest.mark.parametrize("kind", ["sqlite"], indirect=True)


@pytest.fixture
def url(kind: str, path: Path, request: pytest.FixtureRequest) -> str:
    """Give the address of a database with tables and nothing in them."""
    if kind == "postgresql":
        postgres: Server = request.getfixturevalue("postgres")
        return postgres.url(postgres.create("empty"))
    url = f"sqlite:///{path}"
    with Store(url) as store:
        store.upgrade()
    return url


@pytest.fixture
def store(url: str) -> Iterator[Store]:
    """Give an empty store."""
    with Store(url) as store:
        yield store


# --- keeping and giving back -------------------------------------------------------------------


def test_a_kept_story_is_given_back_as_it_was(store: Store) -> None:
    store.save(ferry_file())

    exported = store.export("ferry")
    assert exported is not None
    assert storyfile.read(exported.encode()) == ferry_file()


def test_a_loaded_story_is_the_one_in_the_file(store: Store) -> None:
    store.save(ferry_file())
    loaded, made = store.load("ferry"), ferry_file().story()

    assert loaded is not None
    assert loaded.revision == 1
    assert loaded.index == made.index
    for part in ("title", "premise", "levels", "people", "relations", "sources", "about", "parts"):
        assert getattr(loaded, part) == getattr(made, part)
    assert [scene.full.text for scene in loaded.scenes] == [s.full.text for s in made.scenes]


def test_what_is_not_there_is_none(store: Store) -> None:
    assert store.load("ferry") is None
    assert store.export("ferry") is None
    assert store.revision("ferry") is None
    assert store.remove("ferry") is False
    assert store.title("ferry") is None
    assert store.is_empty()
    assert not shelf(store)
    assert not list(store.holdings())


@pytest.mark.parametrize("ident", ["", "a\0b", "\ud800", "발레리나", "' OR 1", "x" * 100_000])
def test_what_can_be_no_id_is_nobodys(store: Store, ident: str) -> None:
    store.save(ferry_file())

    assert store.revision(ident) is None


@in_a_file
def test_the_same_file_twice_changes_nothing(store: Store, path: Path) -> None:
    assert store.save(ferry_file()) == SaveResult("new", 1)
    before = fingerprint(path)

    assert store.save(ferry_file()) == SaveResult("same", 1)
    assert fingerprint(path) == before


@pytest.mark.parametrize(
    "edit",
    [
        set_at("title", "Other"),
        set_at("complete", True),
        set_at("relations", []),
        set_at("scenes[1].tellings[0].text", "Other"),
        set_at("people[1].names[0].name", "Olaf"),
        set_at("levels[1].note", "Other"),
        drop("people[2]"),
        drop("scenes[1]"),
        lambda file: file["scenes"].reverse(),
    ],
)
def test_whatever_changes_makes_a_new_revision(store: Store, edit: Edit) -> None:
    def edited(file: File) -> None:
        # Without what would point at nothing after the edit, or fall.
        del file["people"][2], file["parts"], file["scenes"][1]["people"]
        file["people"][0]["facts"] = []
        for scene in file["scenes"]:
            scene.pop("marker", None)

    plain = both(edited, add("people", like("people[2]")))
    store.save(ferry_file(plain))
    changed = ferry_file(plain, edit)

    assert store.save(changed) == SaveResult("changed", 2)
    assert store.revision("ferry") == 2
    assert storyfile.read((store.export("ferry") or "").encode()) == changed
    assert store.save(changed) == SaveResult("same", 2)


def test_going_back_to_an_earlier_form_is_a_change_too(store: Store) -> None:
    store.save(called("one"))
    store.save(called("two"))

    assert store.save(called("one")) == SaveResult("changed", 3)


def test_only_rows_that_differ_are_written(store: Store) -> None:
    document = saga(1200)
    store.save(file_of(document))
    written: list[tuple[int, int]] = []
    document["scenes"][700]["title"] = "Other"
    store.save(file_of(document), progress=lambda done, total: written.append((done, total)))

    assert written == [(1, 1)]


def test_progress_rises_to_all_there_is_to_write(store: Store) -> None:
    written: list[tuple[int, int]] = []
    store.save(file_of(saga(1200)), progress=lambda done, total: written.append((done, total)))

    assert len(written) > 2
    assert written[-1] == (1203, 1203)
    assert all(before < after for before, after in pairwise(written))


def test_the_shelf_stands_by_title_whatever_its_case_and_accents(store: Store) -> None:
    for ident, title in [("a", "zoo"), ("b", "Émile"), ("d", "ant"), ("c", "Ant")]:
        store.save(ferry_file(set_at("id", ident), set_at("title", title)))

    assert shelf(store) == ["c", "d", "b", "a"]


def test_holdings_count_scenes_and_revisions(store: Store) -> None:
    store.save(ferry_file())
    store.save(called("Raft"))
    store.save(ferry_file(set_at("id", "alone")))

    assert [(held.id, held.title, held.scenes, held.revision) for held in store.holdings()] == [
        ("alone", "The Ferry", 3, 1),
        ("ferry", "Raft", 3, 2),
    ]


def test_any_text_survives(store: Store) -> None:
    text = "발레리나 \U0001f9a2 \\u0041 ' \" % :name \u2028 \ufffe \r\n end"
    store.save(ferry_file(set_at("scenes[2].text", text)))
    store.save(ferry_file(set_at("scenes[2].text", text), set_at("title", "100% 'é'")))

    exported = storyfile.read((store.export("ferry") or "").encode())
    assert exported.entry.scenes[2].text == text
    assert store.title("ferry") == "100% 'é'"


def test_many_files_are_kept_at_once_and_each_by_itself(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("explorer.storage.store._BATCH", 3)
    store.save(called("old"))
    others = [ferry_file(set_at("id", f"s{number}")) for number in range(6)]
    kept = list(store.save_all([*others[:2], ferry_file(STRANGER), *others[2:], others[0]]))

    assert [one.outcome if isinstance(one, SaveResult) else "refused" for one in kept] == [
        *("new", "new", "refused", "new", "new", "new", "new", "same")
    ]
    assert store.title("ferry") == "old"
    assert {held.id for held in store.holdings()} == {"ferry", *(f"s{n}" for n in range(6))}


# --- strangers ---------------------------------------------------------------------------------


def renamed(number: int, ident: str, *, was: list[str]) -> Edit:
    """Give a scene another id."""

    def edit(file: File) -> None:
        text = storyfile.write(file).replace(f'"{FERRY["scenes"][number]["id"]}"', f'"{ident}"')
        file |= json.loads(text)
        file["scenes"][number]["was"] = was

    return edit


STRANGER = both(
    renamed(0, "jetty", was=[]), renamed(1, "gale", was=[]), renamed(2, "beach", was=[])
)


def test_a_file_that_shares_no_scene_is_refused(store: Store) -> None:
    store.save(ferry_file())

    with pytest.raises(Unrelated):
        store.save(ferry_file(STRANGER))
    assert store.revision("ferry") == 1
    assert storyfile.read((store.export("ferry") or "").encode()) == ferry_file()


def test_a_stranger_may_replace_a_story_when_it_is_meant_to(store: Store) -> None:
    store.save(ferry_file())

    assert store.save(ferry_file(STRANGER), replace=True) == SaveResult("changed", 2)
    story = store.load("ferry")
    assert story is not None
    assert len(story.outlines) == 2


def test_one_scene_in_common_is_enough(store: Store) -> None:
    store.save(ferry_file())

    changed = ferry_file(renamed(0, "jetty", was=[]), renamed(1, "gale", was=[]))
    assert store.save(changed).outcome == "changed"


def test_a_scene_that_was_another_is_no_stranger(store: Store) -> None:
    others = both(renamed(1, "gale", was=[]), renamed(2, "beach", was=[]))
    store.save(ferry_file())

    assert store.save(ferry_file(others, renamed(0, "jetty", was=["pier"]))).revision == 2


def test_a_scene_that_is_called_as_another_was_is_no_stranger(store: Store) -> None:
    others = both(renamed(1, "gale", was=[]), renamed(2, "beach", was=[]))
    store.save(ferry_file(renamed(0, "jetty", was=["pier"])))

    assert store.save(ferry_file(others)).revision == 2


# --- outlines ----------------------------------------------------------------------------------


def outlines(store: Store) -> list[int]:
    """Give the revisions of which an outline is kept."""
    story = store.load("ferry")
    assert story is not None
    return [outline.revision for outline in story.outlines]


def test_the_first_outline_is_kept(store: Store) -> None:
    store.save(ferry_file())
    story = store.load("ferry")

    assert story is not None
    assert story.outlines == (story.outline(),)
    assert story.outlines[0].levels == ("Cover", "Crossing", "Shore")
    assert story.outlines[0].scenes[0] == opaque("ferry", "scene", "pier")


def test_new_words_need_no_new_outline(store: Store) -> None:
    store.save(called("one"))
    store.save(called("two"))
    store.save(ferry_file(set_at("levels[1].note", "Other")))

    assert outlines(store) == [1]


def test_a_new_order_or_scale_is_kept_as_an_outline(store: Store) -> None:
    store.save(ferry_file())
    store.save(called("two"))
    extra = {"id": "pond", "level": 0, "title": "Pond", "text": "Still."}
    store.save(ferry_file(add("scenes", extra)))
    store.save(ferry_file(add("scenes", extra), set_at("levels[1].name", "Middle")))
    store.save(ferry_file(add("scenes", extra | {"text": "Deep."}), set_at("levels[1].name", "M")))

    assert outlines(store) == [1, 3, 4, 5]


def test_past_outlines_answer_for_the_revisions_they_were_in_force(store: Store) -> None:
    store.save(called("one"))
    store.save(called("two"))
    store.save(ferry_file(set_at("levels[1].name", "Middle")))
    story = store.load("ferry")

    assert story is not None
    past = [story.outline_at(revision) for revision in range(5)]
    assert [None if one is None else one.levels[1] for one in past] == [
        None,
        "Crossing",
        "Crossing",
        "Middle",
        None,
    ]


def test_a_story_that_comes_back_goes_on_counting(store: Store) -> None:
    store.save(called("one"))
    store.save(called("two"))
    assert store.remove("ferry") is True
    assert store.revision("ferry") is None
    assert not shelf(store)

    assert store.save(ferry_file(STRANGER)) == SaveResult("new", 4)
    story = store.load("ferry")
    assert story is not None
    past = story.outline_at(2)
    assert past is not None
    assert past.scenes[0] == opaque("ferry", "scene", "pier")
    assert story.outlines[-1] == story.outline()


def test_a_story_may_come_and_go_many_times(store: Store) -> None:
    revisions = []
    for _ in range(3):
        revisions.append(store.save(ferry_file()).revision)
        store.remove("ferry")

    assert revisions == [1, 3, 5]


@in_a_file
def test_what_is_removed_leaves_no_scene_behind(store: Store, path: Path) -> None:
    store.save(ferry_file())
    store.remove("ferry")

    with closing(sqlite3.connect(path)) as database:
        for table in ("stories", "scenes", "people"):
            assert database.execute(f"SELECT count(*) FROM {table}").fetchone() == (0,)


# --- nothing is lost and nothing is mixed ------------------------------------------------------

WRITERS, EDITIONS = 4, 15


def keep_editions(url: str, writer: int) -> list[int]:
    """Keep edition after edition of the small story; gives the revisions they became."""
    with Store(url) as store:
        return [store.save(called(f"{writer}-{n}")).revision for n in range(EDITIONS)]


def kept_by_all(submit: Callable[..., Future[list[int]]], url: str) -> list[int]:
    """Let all writers write at the same time; gives all revisions that they made."""
    futures = [submit(keep_editions, url, writer) for writer in range(WRITERS)]
    return [revision for future in futures for revision in future.result()]


def test_no_write_of_many_threads_is_lost(url: str, store: Store) -> None:
    with ThreadPoolExecutor(WRITERS) as pool:
        revisions = kept_by_all(pool.submit, url)

    assert sorted(revisions) == list(range(1, WRITERS * EDITIONS + 1))
    assert store.revision("ferry") == WRITERS * EDITIONS


def test_no_write_of_many_processes_is_lost(url: str, store: Store) -> None:
    with ProcessPoolExecutor(WRITERS, mp_context=get_context("spawn")) as pool:
        revisions = kept_by_all(pool.submit, url)

    assert sorted(revisions) == list(range(1, WRITERS * EDITIONS + 1))
    assert store.revision("ferry") == WRITERS * EDITIONS


def test_a_reader_never_sees_two_revisions_mixed(url: str, store: Store) -> None:
    store.save(called("first"))
    with ThreadPoolExecutor(1) as pool:
        writing = pool.submit(keep_editions, url, 0)
        while not writing.done():
            story = store.load("ferry")
            assert story is not None
            assert {scene.full.title for scene in story.scenes} == {story.title}
        writing.result()


@in_a_file
def test_reading_writes_nothing(store: Store, path: Path) -> None:
    store.save(ferry_file())
    before = fingerprint(path)

    store.load("ferry")
    store.export("ferry")
    store.revision("ferry")
    shelf(store)
    list(store.holdings())
    assert store.ready()
    assert fingerprint(path) == before


def fingerprint(path: Path) -> list[str]:
    """Tell all that a database has on disk, its log of writes too."""
    files = (path, path.with_name(path.name + "-wal"))
    return [hashlib.sha256(file.read_bytes()).hexdigest() for file in files if file.exists()]


IMPORT_SLOWLY = """
import sys, time
from explorer.storage.store import Store
from tests.storage.test_store import file_of, saga

def dawdle(done, total):
    print(done, flush=True)
    time.sleep(60)

document = saga(3000)
for scene in document["scenes"]:
    scene["title"] = "torn"
with Store(sys.argv[1]) as store:
    store.save(file_of(document), progress=dawdle)
"""


def test_an_import_that_is_killed_leaves_the_old_story(url: str, store: Store) -> None:
    store.save(called("whole"))
    importing = subprocess.Popen(
        [sys.executable, "-c", IMPORT_SLOWLY, url], stdout=subprocess.PIPE, cwd=ROOT
    )
    with importing:
        assert importing.stdout is not None
        assert int(importing.stdout.readline()) > 0
        importing.send_signal(signal.SIGKILL)

    story = store.load("ferry")
    assert story is not None
    assert (story.revision, {scene.full.title for scene in story.scenes}) == (1, {"whole"})
    assert store.save(called("next")) == SaveResult("changed", 2)


def test_an_import_that_fails_halfway_changes_nothing(store: Store) -> None:
    store.save(called("whole"))

    def stumble(done: int, total: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        store.save(called("torn"), progress=stumble)
    assert store.save(called("whole")) == SaveResult("same", 1)


FILL_THE_DISK = """
import resource, sys
from explorer.storage.errors import StoreError
from explorer.storage.store import Store
from tests.storage.test_store import file_of, saga

file = file_of(saga(5000))
resource.setrlimit(resource.RLIMIT_FSIZE, (300_000, 300_000))
with Store(sys.argv[1]) as store:
    try:
        store.save(file)
    except StoreError as error:
        print(error)
"""


@in_a_file
@pytest.mark.skipif(sys.platform == "win32", reason="needs a limit on the size of files")
def test_a_full_disk_is_said_and_leaves_the_old_story(url: str, store: Store) -> None:
    store.save(called("whole"))
    said = subprocess.run(
        [sys.executable, "-c", FILL_THE_DISK, url],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )

    assert "Nothing was changed" in said.stdout
    assert store.save(called("whole")) == SaveResult("same", 1)


@in_a_file
def test_what_was_written_is_on_the_disk_and_keeps_readers_going(store: Store) -> None:
    def pragma(name: str) -> object:
        return store._database.ask(lambda one: one.exec_driver_sql(f"PRAGMA {name}").scalar())

    assert pragma("journal_mode") == "wal"
    assert pragma("synchronous") == 2  # FULL: written through before it is answered for.
    assert pragma("foreign_keys") == 1


# --- the database itself -----------------------------------------------------------------------


def test_models_and_migrations_agree(url: str) -> None:
    engine = create_engine(url)
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})

        assert compare_metadata(context, Row.metadata) == []
    engine.dispose()


@in_a_file
def test_migrations_can_be_taken_back(store: Store, path: Path) -> None:
    from alembic import command

    config = store._schema.config

    def take_back(connection: Connection) -> None:
        config.attributes["connection"] = connection
        command.downgrade(config, "base")

    store._database.write(take_back)

    with closing(sqlite3.connect(path)) as raw:
        tables = {name for (name,) in raw.execute("SELECT name FROM sqlite_master")}
    assert not tables & {"stories", "scenes", "people", "outlines"}
    assert store.upgrade() is True


def test_upgrading_twice_does_nothing_the_second_time(tmp_path: Path) -> None:
    with Store(f"sqlite:///{tmp_path / 'new.db'}") as store:
        assert [store.upgrade(), store.upgrade()] == [True, False]


def upgrade(url: str) -> bool:
    """Bring a database up to date in a process of its own."""
    with Store(url) as store:
        return store.upgrade()


def test_many_may_upgrade_at_once(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'new.db'}"
    with ProcessPoolExecutor(4, mp_context=get_context("spawn")) as pool:
        done = list(pool.map(upgrade, [url] * 8))

    assert done.count(True) == 1


def test_a_folder_that_is_missing_is_made(tmp_path: Path) -> None:
    with Store(f"sqlite:///{tmp_path / 'far' / 'away' / 'new.db'}") as store:
        store.prepare()

        assert store.ready()


def test_a_library_is_ready_once_it_has_its_tables(tmp_path: Path) -> None:
    with Store(f"sqlite:///{tmp_path / 'new.db'}") as store:
        assert not store.ready()
        store.upgrade()
        assert store.ready()


def test_a_library_without_tables_says_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "new.db").touch()
    url = f"sqlite:///{tmp_path / 'new.db'}"
    with Store(url) as store, pytest.raises(StoreError, match="explorer upgrade"):
        shelf(store)


@in_a_file
def test_a_newer_database_is_left_alone(store: Store, path: Path) -> None:
    with closing(sqlite3.connect(path)) as raw:
        raw.execute("UPDATE alembic_version SET version_num = '9999'")
        raw.commit()

    assert not store.ready()
    with pytest.raises(StoreError, match="newer"):
        store.upgrade()


def test_what_is_no_database_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "letter.txt"
    path.write_text("Dear reader, " * 1000)
    with Store(f"sqlite:///{path}") as store:
        assert not store.ready()
        with pytest.raises(StoreError, match="not a database"):
            store.prepare()

    assert path.read_text().startswith("Dear reader")


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("sqlite://", "in memory"),
        ("sqlite:///:memory:", "in memory"),
        ("nonsense", "none that SQLAlchemy knows"),
        ("oracle+nothing://host/x", "no driver"),
    ],
)
def test_an_address_that_leads_nowhere_is_refused(url: str, words: str) -> None:
    with pytest.raises(StoreError, match=words):
        Store(url)


@pytest.mark.parametrize(
    "url",
    [
        "postgresql+nodriver://user:hunter2@localhost/x",
        "postgresql+psycopg://user:hunter2@127.0.0.1:1/x",
        "postgresql+psycopg://user@127.0.0.1:1/x?password=hunter2&sslpassword=hunter2",
        "postgresql+psycopg://user:half@hunter2@127.0.0.1:1/x",
        "postgresql+psycopg://user:hunter2@127.0.0.1:hunter2/x",
    ],
)
def test_no_message_tells_a_password(url: str) -> None:
    with pytest.raises(StoreError) as error:
        Store(url).prepare()

    assert "hunter2" not in str(error.value)


@in_a_file
def test_a_library_that_may_only_be_read_says_so(store: Store, path: Path) -> None:
    store.save(called("whole"))
    with Store(f"sqlite:///file:{path}?mode=ro&uri=true") as reading:
        assert reading.revision("ferry") == 1
        with pytest.raises(StoreError, match="May you write"):
            reading.save(ferry_file())


@in_a_file
def test_all_questions_for_revisions_go_over_one_connection(store: Store) -> None:
    store.save(ferry_file())
    made = count()
    event.listen(store._database.engine, "connect", lambda *_: next(made))

    assert {store.revision("ferry") for _ in range(500)} == {1}
    assert next(made) <= 1


@in_a_file
@pytest.mark.parametrize("body", ["{}", '{"text": ', ""])
def test_a_damaged_story_is_named(store: Store, path: Path, body: str) -> None:
    store.save(ferry_file())
    with closing(sqlite3.connect(path)) as raw:
        raw.execute("UPDATE scenes SET body = ? WHERE position = 1", (body,))
        raw.commit()

    for use in (store.load, store.export):
        with pytest.raises(Damaged, match="ferry"):
            use("ferry")


@in_a_file
@pytest.mark.parametrize("change", ["scenes SET body", "people SET body", "stories SET head"])
def test_a_story_that_cannot_be_read_can_be_removed_and_comes_back(
    store: Store, path: Path, change: str
) -> None:
    store.save(ferry_file())
    with closing(sqlite3.connect(path)) as raw:
        raw.execute(f"UPDATE {change} = 'no words of ours'")
        raw.commit()

    with pytest.raises(Damaged, match="Remove it and import it again") as refused:
        store.save(ferry_file())
    assert "no words" not in str(refused.value)
    assert store.remove("ferry")
    assert store.save(ferry_file()) == SaveResult("new", 3)
    assert store.load("ferry") is not None


def test_the_newest_version_is_that_of_the_newest_migration(store: Store) -> None:
    from alembic.script import ScriptDirectory

    assert ScriptDirectory.from_config(store._schema.config).get_heads() == [NEWEST]
