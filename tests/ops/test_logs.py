"""Logs: what a real server says of its readers, which is nothing, and of its faults."""

from __future__ import annotations

import json
import logging
import os
import pty
import re
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from traceback import format_exception

import pytest

from explorer import create_app
from explorer.ops import logs
from explorer.settings import LogForm, Settings
from explorer.storage.errors import StoreError
from tests.browser.serving import served
from tests.support.live import Live, tale_file
from tests.support.places import END, HOME, STORY, cookie

ROOT = Path(__file__).parents[2]

# Words that a reader of these tests brings along, and nobody may find again.
BROUGHT = ("Xylograph", "Quillwort", "Umbrette", "Obsidian")
PERSON = STORY.people[0].key
SCENES = [scene.key for scene in STORY.scenes]


def read_on(base: str) -> Live:
    """Read like somebody in the middle of a story; everything they bring along is a word."""
    reader = Live(base, headers={"User-Agent": BROUGHT[0], "Referer": f"{base}{HOME}/read"})
    for path in ("/", HOME, f"{HOME}/read?who={PERSON}", f"{HOME}/search?q={BROUGHT[1]}"):
        assert reader.get(path).status == 200
    assert reader.post(f"{HOME}/threshold", {"threshold": "3"}).status == 303
    for _ in SCENES[:3]:
        assert reader.post(f"{HOME}/next?page=read").status == 303
    reader.get(f"{HOME}/scenes/{SCENES[0]}", **{"X-Forwarded-For": "203.0.113.77"})
    reader.get(f"{HOME}/people/{PERSON}")
    reader.get(f"/{BROUGHT[2]}/{SCENES[1]}")
    reader.ask(BROUGHT[3].upper(), HOME, {})
    return reader


def secrets(reader: Live) -> set[str]:
    """Give what no log may hold of this reader and their story."""
    own = {reader.cookie, cookie(END), STORY.id, HOME, PERSON, *SCENES, *BROUGHT}
    own |= {word.upper() for word in BROUGHT}
    return own | {"203.0.113.77", "who=", "q=", "Cookie", "bookmark="}


def lines(folder: Path) -> list[str]:
    """Give all that the server has said, after where it is open."""
    said = (folder / "server.log").read_text().splitlines()
    assert said[0].startswith("Plot Explorer is open at ")
    assert said[1].startswith("It carries ")
    return said[2:]


def found(words: set[str], said: list[str]) -> list[tuple[str, str]]:
    """Give the words that stand in what was said, each with its line."""
    return [(word, line) for word in words for line in said if word in line]


# --- a real server -----------------------------------------------------------------------------


def test_a_server_says_nothing_of_its_readers(tmp_path: Path) -> None:
    with served(tmp_path, [tale_file(tmp_path)]) as base:
        reader = read_on(base)

    assert reader.cookie
    assert lines(tmp_path) == []


@pytest.mark.parametrize("form", ["json", "text"])
def test_the_log_of_requests_holds_routes_and_no_place(tmp_path: Path, form: str) -> None:
    settings = {"EXPLORER_LOG": "requests", "EXPLORER_LOG_FORM": form}
    with served(tmp_path, [tale_file(tmp_path)], **settings) as base:
        reader = read_on(base)

    said = lines(tmp_path)
    assert found(secrets(reader) | {"127.0.0.1"}, said) == []
    assert sum("/stories/<story>/next" in line for line in said) == 3
    assert sum("/stories/<story>/scenes/<scene>" in line for line in said) == 1
    assert all("/stories/<story>/read" in line or "who" not in line for line in said)


def test_a_line_of_the_log_is_these_things_and_no_others(tmp_path: Path) -> None:
    with served(tmp_path, [tale_file(tmp_path)], EXPLORER_LOG="requests") as base:
        read_on(base)

    events = [json.loads(line) for line in lines(tmp_path)]
    for event in events:
        assert set(event) == {"event", "level", "timestamp", "method", "route", "status", "ms"}
        assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", event["timestamp"])
    seen = [(event["method"], event["route"], event["status"]) for event in events]
    assert ("POST", "/stories/<story>/next", 303) in seen
    assert ("GET", "none", 404) in seen
    assert any(event["method"] == "OTHER" for event in events)


def break_stories(library: Path, body: str) -> None:
    """Put something into the library that no story is made of, and make workers read it again."""
    with closing(sqlite3.connect(library)) as connection, connection:
        connection.execute(f"UPDATE scenes SET body = {body}")
        connection.execute("UPDATE stories SET revision = revision + 1")


def take_tables_away(library: Path) -> None:
    """Leave a library without stories' table."""
    with closing(sqlite3.connect(library)) as connection, connection:
        connection.execute("PRAGMA foreign_keys = OFF")
        connection.execute("ALTER TABLE stories RENAME TO gone")


def test_a_fault_is_logged_with_its_way_and_kind_but_without_its_words(
    library: str, capsys: pytest.CaptureFixture[str]
) -> None:
    app = create_app(Settings(database_url=library, log_form="json"))

    @app.get("/crash/<where>")
    def crash(where: str) -> str:
        raise KeyError(where)

    assert (
        app.test_client().get("/crash/Melusine", headers={"Cookie": BROUGHT[0]}).status_code == 500
    )

    (line,) = capsys.readouterr().err.splitlines()
    event = json.loads(line)
    assert found({*BROUGHT, "127.0.0.1", "Melusine", "Gargoyle"}, [line]) == []
    assert event["event"] == "GET /crash/<where> failed"
    assert (event["level"], event["exception"].splitlines()[0]) == (
        "error",
        "Traceback (most recent call last):",
    )
    assert re.search(r'test_logs\.py", line \d+, in crash', event["exception"])
    assert event["exception"].splitlines()[-1] == "KeyError"


def test_of_a_damaged_story_its_name_is_logged_and_nothing_else(tmp_path: Path) -> None:
    with served(tmp_path, [tale_file(tmp_path)], EXPLORER_FRESH_MS="0") as base:
        reader = read_on(base)
        break_stories(tmp_path / "library.db", """'{"Melusine": "Gargoyle"}'""")
        assert reader.get(f"{HOME}/scenes/{SCENES[0]}?who={PERSON}").status == 503

    (line,) = lines(tmp_path)
    # Whoever runs the library has to know which story to mend; no place stands beside its name.
    assert "The story spindrift is not as it should be" in line
    assert found(secrets(reader) - {STORY.id} | {"Melusine", "Gargoyle"}, [line]) == []


def test_what_the_database_says_is_logged_for_whoever_runs_it(tmp_path: Path) -> None:
    with served(tmp_path, [tale_file(tmp_path)]) as base:
        reader = read_on(base)
        take_tables_away(tmp_path / "library.db")
        assert reader.get("/").status == 503

    said = lines(tmp_path)
    assert "no such table" in "".join(said)
    assert found(secrets(reader) - {STORY.id}, said) == []


CRASH = """
from granian import Granian
from granian.constants import Interfaces
from explorer.ops import logs
from explorer.settings import Settings

def app(environ, start_response):
    try:
        {}[environ["PATH_INFO"]]
    except KeyError as fault:
        raise ValueError("Melu" "sine\\n" + environ["PATH_INFO"]) from fault

if __name__ == "__main__":
    told = logs.configuration(Settings(log_form="json"))
    server = Granian(
        "crash:app", interface=Interfaces.WSGI, port=PORT, log_dictconfig=told, log_level="error"
    )
    server.serve()
"""


def test_a_fault_below_the_app_is_told_without_its_words_too(tmp_path: Path) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    (tmp_path / "crash.py").write_text(CRASH.replace("PORT", str(port)))
    with subprocess.Popen(
        [sys.executable, "crash.py"],
        cwd=tmp_path,
        env=os.environ | {"PYTHONPATH": f"{tmp_path}:{ROOT}"},
        stderr=subprocess.PIPE,
        text=True,
    ) as server:
        try:
            status = asked(f"http://127.0.0.1:{port}", f"{HOME}/scenes/{SCENES[0]}")
        finally:
            server.terminate()
        said = server.communicate(timeout=30)[1]

    (event,) = map(json.loads, said.splitlines())
    assert status == 500
    assert found({"Melusine", HOME, SCENES[0]}, [said]) == []
    assert event["event"] == "Application callable raised an exception"
    assert event["exception"].splitlines()[-1] == "ValueError"
    assert re.search(r'crash\.py", line \d+, in app', event["exception"])


def asked(base: str, path: str) -> int:
    """Ask a server, patiently while it starts."""
    for _ in range(200):
        try:
            return Live(base).get(path).status
        except OSError:
            time.sleep(0.05)
    pytest.fail("The server does not answer.")


# --- forms and handlers ------------------------------------------------------------------------


@pytest.fixture
def unlogged() -> Iterator[None]:
    """Put the package's logger back as it was."""
    logger = logging.getLogger("explorer")
    before = [*logger.handlers]
    yield
    logger.handlers[:] = before


def said_by(form: LogForm, capsys: pytest.CaptureFixture[str]) -> str:
    logs.install(Settings(log_form=form))
    logging.getLogger("explorer").error("It broke")
    return capsys.readouterr().err


@pytest.mark.usefixtures("unlogged")
def test_programs_get_json_and_people_get_words(capsys: pytest.CaptureFixture[str]) -> None:
    assert json.loads(said_by("json", capsys))["event"] == "It broke"
    assert json.loads(said_by("auto", capsys))["level"] == "error"
    assert re.fullmatch(r"\S+Z \[error *\] It broke\n", said_by("text", capsys))


def test_on_a_screen_it_is_words(tmp_path: Path) -> None:
    say = (
        "import logging; from explorer.ops import logs; from explorer.settings import Settings; "
        "logs.install(Settings()); logging.getLogger('explorer').error('It broke')"
    )
    screen, stderr = pty.openpty()
    subprocess.run([sys.executable, "-c", say], stderr=stderr, check=True)
    os.close(stderr)
    shown = os.read(screen, 10_000).decode()
    os.close(screen)

    assert "It broke" in shown
    assert "{" not in shown


@pytest.mark.usefixtures("unlogged")
def test_however_many_apps_there_are_an_event_is_one_line(
    library: str, capsys: pytest.CaptureFixture[str]
) -> None:
    for _ in range(3):
        create_app(Settings(database_url=library)).extensions["shelf"].stories._store.close()
    logging.getLogger("explorer").error("It broke")

    assert capsys.readouterr().err.count("It broke") == 1


@pytest.mark.usefixtures("unlogged")
def test_a_log_that_nobody_reads_any_more_breaks_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    logs.install(Settings())
    with Path("/dev/null").open("w") as closed:
        monkeypatch.setattr(sys, "stderr", closed)
    logging.getLogger("explorer").error("It broke")

    assert sys.stderr.closed


def test_where_only_faults_are_logged_nobody_is_told_of_requests() -> None:
    assert logs.watchers(Settings()) == ()
    assert len(logs.watchers(Settings(log="requests"))) == 1


@pytest.mark.usefixtures("unlogged")
def test_a_traceback_that_comes_as_text_is_cut_as_well(capsys: pytest.CaptureFixture[str]) -> None:
    told = fault(KeyError("Melu" + "sine"), ValueError("Gar" + "goyle\nBasi" + "lisk"))
    logs.install(Settings(log_form="json"))
    logging.getLogger("explorer").error("It broke\n%s", "".join(format_exception(told)))

    event = json.loads(capsys.readouterr().err)
    assert event["event"] == "It broke"
    assert re.findall(r"^(\w+)$", event["exception"], re.MULTILINE) == ["KeyError", "ValueError"]
    assert not re.search("Melusine|Gargoyle|Basilisk", event["exception"])


# --- faults ------------------------------------------------------------------------------------


def fault(cause: Exception, effect: Exception) -> Exception:
    def fail() -> None:
        try:
            raise cause
        except type(cause) as raised:
            raise effect from raised

    with pytest.raises(type(effect)) as raised:
        fail()
    return raised.value


def test_all_causes_are_there_the_first_one_first() -> None:
    told = logs.trace(fault(KeyError("Melusine"), ValueError("Gargoyle")))

    assert re.findall(r"^(\w+)$", told, re.MULTILINE) == ["KeyError", "ValueError"]
    assert told.count("Traceback") == 2


def test_only_the_words_of_the_database_are_kept() -> None:
    told = logs.trace(fault(StoreError("no such table"), ValueError("Gargoyle")))

    assert "explorer.storage.errors.StoreError: no such table" in told
    assert not re.search("^.*Error: Gargoyle", told, re.MULTILINE)


def test_a_fault_that_caused_itself_is_told_once() -> None:
    one, other = ValueError(), KeyError()
    one.__cause__, other.__cause__ = other, one

    assert logs.trace(one).count("Traceback") == 2
