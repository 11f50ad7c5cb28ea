"""Disks that are full, may not be written to, or hold something else: what is said, and kept."""

from __future__ import annotations

import hashlib
import json
import os
import resource
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import event

from explorer.storage.errors import StoreError
from explorer.storage.store import SaveResult, Store
from tests.storage.test_store import called, file_of, shelf
from tests.storyfile.test_storyfile import ferry, saga
from tests.support.cluster import missing

ROOT = Path(__file__).parents[2]
EXPLORER = (sys.executable, "-c", "from explorer.cli.commands import main; main()")


@pytest.fixture
def path(tmp_path: Path, empty_library: Path) -> Path:
    """Give a library on disk that has the small story in it."""
    path = tmp_path / "library.db"
    shutil.copy(empty_library, path)
    with Store(f"sqlite:///{path}") as store:
        store.save(called("whole"))
    return path


@pytest.fixture
def store(path: Path) -> Iterator[Store]:
    with Store(f"sqlite:///{path}") as store:
        yield store


def explorer(
    path: Path,
    *arguments: str,
    within: tuple[str, ...] = (),
    before: Callable[[], None] | None = None,
) -> subprocess.CompletedProcess[str]:
    """Run the command on a library, with its one process prepared by `before`."""
    return subprocess.run(
        [*within, *EXPLORER, *arguments],
        env={**os.environ, "EXPLORER_DATABASE_URL": f"sqlite:///{path}", "PYTHONPATH": str(ROOT)},
        cwd="/",
        preexec_fn=before,
        capture_output=True,
        text=True,
        check=False,
    )


def is_whole(path: Path) -> bool:
    """Whether the library has what it had, and takes more."""
    with Store(f"sqlite:///{path}") as store:
        return [
            store.save(called("whole")),
            store.save(called("next")),
            store.title("ferry"),
        ] == [SaveResult("same", 1), SaveResult("changed", 2), "next"]


def digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


# --- full --------------------------------------------------------------------------------------


def test_a_database_that_is_full_says_so_and_takes_nothing_by_halves(
    store: Store, path: Path
) -> None:
    with closing(sqlite3.connect(path)) as raw:
        (pages,) = raw.execute("PRAGMA page_count").fetchone()

    def fill(connection: sqlite3.Connection, _: object) -> None:
        connection.execute(f"PRAGMA max_page_count = {pages + 20}")

    event.listen(store._database.engine, "connect", fill)
    with pytest.raises(StoreError, match=r"is full\. .*Make room"):
        store.save(file_of(saga(2000)))

    assert shelf(store) == ["ferry"]
    assert store.save(called("whole")) == SaveResult("same", 1)
    store.close()
    assert is_whole(path)


def no_more_than(size: int) -> Callable[[], None]:
    def limit() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))

    return limit


def test_an_import_to_a_full_disk_is_refused_in_plain_words(path: Path) -> None:
    big = path.with_name("big.json")
    big.write_text(json.dumps(saga(3000)))
    said = explorer(path, "import", str(big), before=no_more_than(200_000))

    assert said.returncode == 2
    assert "Nothing was changed" in said.stderr
    assert "Traceback" not in said.stderr
    assert is_whole(path)


def test_a_library_cannot_be_made_on_a_full_disk_and_can_be_later(tmp_path: Path) -> None:
    path = tmp_path / "new.db"
    story = tmp_path / "story.json"
    story.write_bytes(ferry())
    said = explorer(path, "import", str(story), before=no_more_than(4096))

    assert said.returncode == 2
    assert "Nothing was changed" in said.stderr
    assert explorer(path, "import", str(story)).returncode == 0


def test_an_upgrade_on_a_full_disk_leaves_the_older_library(store: Store, path: Path) -> None:
    from alembic import command
    from sqlalchemy import Connection

    store.save(file_of(saga(500)))

    def take_back(connection: Connection) -> None:
        store._schema.config.attributes["connection"] = connection
        command.downgrade(store._schema.config, "0001")

    store._database.write(take_back)
    store.close()
    with closing(sqlite3.connect(path)) as raw:
        raw.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        raw.execute("VACUUM")
    said = explorer(path, "upgrade", before=no_more_than(8192))

    assert said.returncode == 2
    assert "Nothing was changed" in said.stderr
    assert explorer(path, "upgrade").returncode == 0
    with Store(f"sqlite:///{path}") as again:
        assert again.save(file_of(saga(500))).outcome == "same"


# --- not to be written to ----------------------------------------------------------------------


@pytest.fixture
def as_anyone() -> tuple[str, ...]:
    """Give what runs a command that keeps to what files allow, which root need not."""
    if os.geteuid() != 0:
        return ()
    program = shutil.which("setpriv")
    if program is None:
        missing("setpriv")
    return (program, "--bounding-set", "-dac_override,-dac_read_search")


@pytest.mark.parametrize("locked", ["the file", "the folder"])
def test_a_library_that_may_not_be_written_to_says_so(
    path: Path, as_anyone: tuple[str, ...], locked: str
) -> None:
    story = path.with_name("story.json")
    story.write_bytes(ferry())
    before = digest(path)
    path.chmod(0o444 if locked == "the file" else 0o666)
    path.parent.chmod(0o777 if locked == "the file" else 0o555)
    try:
        said = explorer(path, "import", str(story), within=as_anyone)
    finally:
        path.parent.chmod(0o700)
        path.chmod(0o600)

    assert said.returncode == 2
    assert "May you write" in said.stderr or "may you write" in said.stderr
    assert "Traceback" not in said.stderr
    assert digest(path) == before
    assert is_whole(path)


def test_a_place_where_no_library_can_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    said = explorer(tmp_path / "file" / "library.db", "upgrade")

    assert said.returncode == 2
    assert "cannot be made" in said.stderr
    assert "Name a place where you may write, such as EXPLORER_DATABASE_URL=sqlite" in said.stderr


def test_a_folder_is_no_library(tmp_path: Path) -> None:
    (tmp_path / "library.db").mkdir()
    said = explorer(tmp_path / "library.db", "list")

    assert said.returncode == 2
    assert "unable to open" in said.stderr


# --- something else ----------------------------------------------------------------------------


@pytest.mark.parametrize("command", ["list", "import", "export", "remove", "upgrade"])
def test_a_damaged_file_is_named_and_left_as_it_is(path: Path, command: str) -> None:
    story = path.with_name("story.json")
    story.write_bytes(ferry())
    pages = bytearray(path.read_bytes())
    pages[100:] = os.urandom(len(pages) - 100)
    path.write_bytes(pages)
    arguments = {"import": [str(story)], "export": ["ferry"], "remove": ["ferry", "--yes"]}
    said = explorer(path, command, *arguments.get(command, []))

    assert said.returncode == 2
    assert "Nothing was changed" in said.stderr
    assert "Traceback" not in said.stderr
    # SQLite marks in the header alone that it reads and writes with a log beside.
    assert path.read_bytes()[100:] == pages[100:]


def test_one_damaged_page_harms_no_other_story(path: Path) -> None:
    with Store(f"sqlite:///{path}") as store:
        store.save(file_of(saga(800) | {"id": "saga"}))
    data = bytearray(path.read_bytes())
    at = data.rindex(b'"s400"')
    page = at // 4096 * 4096
    data[page : page + 8] = b"\xff" * 8
    path.write_bytes(data)

    with Store(f"sqlite:///{path}") as store:
        with pytest.raises(StoreError, match="damaged"):
            store.load("saga")
        assert store.load("ferry") is not None


@pytest.mark.parametrize("command", ["list", "upgrade"])
def test_a_library_of_a_newer_explorer_is_left_alone(path: Path, command: str) -> None:
    with closing(sqlite3.connect(path)) as raw:
        raw.execute("UPDATE alembic_version SET version_num = '9999'")
        raw.commit()
    before = digest(path)
    said = explorer(path, command)

    assert said.returncode == 2
    assert "newer Plot Explorer" in said.stderr
    assert digest(path) == before


def test_another_programs_database_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "other.db"
    with closing(sqlite3.connect(path)) as raw:
        raw.execute("CREATE TABLE stories (mine TEXT)")
        raw.execute("INSERT INTO stories VALUES ('kept')")
        raw.commit()
    said = explorer(path, "list")

    assert said.returncode == 2
    assert "already exists" in said.stderr
    with closing(sqlite3.connect(path)) as raw:
        assert raw.execute("SELECT mine FROM stories").fetchall() == [("kept",)]
        assert raw.execute("SELECT count(*) FROM sqlite_master").fetchone() == (1,)


def test_postgresql_without_room_says_so_and_takes_nothing_by_halves(
    request: pytest.FixtureRequest,
) -> None:
    postgres = request.getfixturevalue("postgres")
    name = postgres.create("empty")
    with Store(postgres.url(name)) as store:
        store.save(called("whole"))
        postgres.do(
            "CREATE FUNCTION full_disk() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
            "RAISE 'could not extend file: No space left on device' USING ERRCODE = '53100'; "
            "END $$; CREATE TRIGGER full_disk BEFORE INSERT ON scenes FOR EACH STATEMENT "
            "EXECUTE FUNCTION full_disk()",
            name,
        )
        with pytest.raises(StoreError, match="Make room"):
            store.save(file_of(saga(50)))

        assert shelf(store) == ["ferry"]
        assert store.save(called("whole")) == SaveResult("same", 1)
