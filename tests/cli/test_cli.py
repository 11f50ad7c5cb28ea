"""The command line: what each command does, says and returns."""

from __future__ import annotations

import contextlib
import json
import os
import pty
import re
import signal
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from explorer.cli.commands import main
from explorer.settings import folder
from explorer.storyfile import storyfile
from tests.storyfile.test_storyfile import Edit, add, both, drop, ferry, saga, set_at
from tests.support.cluster import Server

Explorer = Callable[..., Result]

STRANGER = json.dumps(
    {
        "format": 1,
        "id": "ferry",
        "title": "Raft",
        "medium": "film",
        "language": "en",
        "premise": "Logs.",
        "levels": [{"name": "A"}, {"name": "B"}],
        "scenes": [{"id": "log", "level": 0, "title": "Log", "text": "It floats."}],
    }
)


@pytest.fixture
def url(tmp_path: Path) -> str:
    """Give the address of a library that is not there yet."""
    return f"sqlite:///{tmp_path / 'library.db'}"


@pytest.fixture
def explorer(url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Explorer:
    """Give the command, in a folder and with a library of its own."""
    monkeypatch.chdir(tmp_path)
    for name in [name for name in os.environ if name.startswith("EXPLORER_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("EXPLORER_DATABASE_URL", url)

    def explorer(*args: str, input: str | bytes | None = None, **settings: str) -> Result:
        environ = {f"EXPLORER_{name}": text for name, text in settings.items()}
        result = CliRunner().invoke(main, args, input=input, env=environ)
        assert result.exception is None or isinstance(result.exception, SystemExit)
        assert "Traceback" not in result.output
        return result

    return explorer


def write(name: str, *edits: Edit) -> str:
    """Write the small story, changed as told, to a file."""
    Path(name).write_bytes(ferry(both(*edits)))
    return name


# --- check -------------------------------------------------------------------------------------


def test_check_says_what_a_good_story_holds(explorer: Explorer) -> None:
    result = explorer("check", "--advice", "none", write("a.json"))

    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout == "a.json: a good story: 3 scenes, 3 levels, 3 people.\n"


def test_check_prints_every_fault_with_file_line_and_path(explorer: Explorer) -> None:
    name = write("a.json", set_at("title", ""), set_at("scenes[0].people[1]", "olle"))

    result = explorer("check", name)
    assert result.exit_code == 1
    lines = result.stdout.splitlines()
    assert lines[0] == (
        "a.json:4: title: is empty. Write something, or leave out what it belongs to."
    )
    assert re.fullmatch(
        r'a\.json:\d+: scenes\[0\]\.people\[1\]: no person has the id "olle"\. '
        r'Did you mean "ole"\?',
        lines[1],
    )


def test_check_looks_at_every_file(explorer: Explorer) -> None:
    result = explorer("check", write("bad.json", drop("title")), "no.json", write("good.json"))

    assert result.exit_code == 2
    assert "bad.json:1: title: is missing" in result.stdout
    assert "no.json: cannot be read: No such file" in result.stderr
    assert "good.json: a good story" in result.stdout


def test_check_reads_standard_input(explorer: Explorer) -> None:
    assert explorer("check", "-", input=ferry()).exit_code == 0


def test_check_needs_no_library(explorer: Explorer, tmp_path: Path) -> None:
    name = write("a.json")

    assert explorer("check", name, DATABASE_URL="sqlite:////proc/none/x.db").exit_code == 0
    assert [path.name for path in tmp_path.iterdir()] == ["a.json"]


def test_the_story_that_ships_is_good(explorer: Explorer) -> None:
    assert explorer("check", str(folder("scenes.json"))).exit_code == 0


def test_ballerina_lasts_through_an_import_and_an_export(explorer: Explorer) -> None:
    explorer("import", str(folder("scenes.json")))

    exported = explorer("export", "ballerina").stdout_bytes
    assert storyfile.read(exported) == storyfile.read(folder("scenes.json").read_bytes())


@pytest.mark.parametrize("content", [b"", b"\x00\xff\x89PNG" * 300, b"[" * 100_000, b"{}", b"null"])
def test_any_file_is_refused_without_a_traceback(explorer: Explorer, content: bytes) -> None:
    Path("odd").write_bytes(content)

    result = explorer("check", "odd")
    assert result.exit_code == 1
    assert all(line.startswith("odd:") for line in result.stdout.splitlines())


@pytest.mark.skipif(not Path("/dev/zero").exists(), reason="needs a file without an end")
def test_a_file_without_an_end_is_not_read_to_it(explorer: Explorer) -> None:
    assert "larger than" in explorer("check", "/dev/zero").stdout


# --- import ------------------------------------------------------------------------------------


def test_import_says_what_happened(explorer: Explorer) -> None:
    name = write("a.json")
    said = [explorer("import", name).stdout, explorer("import", name).stdout]
    said.append(explorer("import", write("a.json", set_at("title", "Raft"))).stdout)

    assert said == [
        'a.json: "The Ferry" is in the library now: 3 scenes, 3 levels, 3 people.\n',
        'a.json: "The Ferry" is in the library already, just like this.\n',
        'a.json: "Raft" has changed: 3 scenes, 3 levels, 3 people, revision 2.\n',
    ]


def test_check_and_import_name_each_guess_and_what_it_counts_as(explorer: Explorer) -> None:
    paths = {
        "scenes[0].level": 'counts as the highest, level 2 ("Shore")',
        "scenes[1].time": 'counts as "present"',
        "scenes[1].tellings[0].level": "is left out",
        "scenes[1].tellings[1]": "is left out",
        "people[0].names[1]": "is left out",
        "people[1].names[0]": "is left out, and so is the person, who has no other name",
        "people[0].facts[0]": "is left out",
        "credits[1].level": 'counts as the highest, level 2 ("Shore")',
        "people[2].is.level": "counts as the full telling",
    }
    guesses = [{"path": path, "why": f"Why {n}."} for n, path in enumerate(paths)]
    name = write("a.json", set_at("guesses", guesses))
    lines = Path(name).read_text().splitlines()

    checked = explorer("check", "--advice", "none", name)
    imported = [explorer("import", name).stdout.splitlines() for _ in range(2)]

    assert (checked.exit_code, checked.stderr) == (0, "")
    said = checked.stdout.splitlines()[1:]
    assert [re.sub("^a.json:[0-9]+: ", "", line) for line in said] == [
        f'{path}: is a guess (Why {n}). Until you take it out of "guesses", it {effect}.'
        for n, (path, effect) in enumerate(paths.items())
    ]
    assert '"level": 1' in lines[int(said[0].split(":")[1]) - 1]
    assert '"flashback"' in lines[int(said[1].split(":")[1]) - 1]
    assert [lines[1:] for lines in imported] == [said, said]


def test_check_as_shows_nothing_that_is_guessed(explorer: Explorer) -> None:
    guess = {"path": "scenes[0].level", "why": "No line says so."}
    names = write("a.json"), write("b.json", set_at("guesses", [guess]))

    told = [explorer("check", "--as", "1,pier", name).stdout for name in names]

    assert ["The pier" in text for text in told] == [True, False]
    assert "A pier" in told[1]


def test_an_export_keeps_what_was_guessed(explorer: Explorer) -> None:
    guesses = [{"path": "scenes[0].level", "why": "No line says so."}]
    name = write("a.json", set_at("guesses", guesses))
    explorer("import", name)

    text = explorer("export", "ferry").stdout

    assert json.loads(text) == json.loads(Path(name).read_text())
    assert "just like this" in explorer("import", "-", input=text).stdout
    assert "revision 2" in explorer("import", write("a.json")).stdout


def test_import_says_what_becomes_of_readers_whose_levels_change(explorer: Explorer) -> None:
    low, middle, high = (level["name"] for level in json.loads(ferry())["levels"])
    swapped = both(set_at("levels[1].name", high), set_at("levels[2].name", middle))
    renamed = both(swapped, set_at("levels[2]", {"name": "Otherwise", "was": [middle]}))

    files = [write("a.json"), write("b.json", swapped), write("c.json", renamed)]
    said = [explorer("import", name).stdout for name in files]

    assert said[0].count("\n") == 1
    assert said[1].splitlines()[1] == (
        f'b.json: Readers at level 1 ("{middle}") fall back to level 0 ("{low}"), '
        f'since level 1 ("{high}") was level 2, above theirs.'
    )
    assert said[2].count("\n") == 1


def test_a_broken_file_is_refused_whole_and_the_next_is_imported(explorer: Explorer) -> None:
    explorer("import", write("a.json"))
    broken = write("a.json", set_at("title", "Torn"), add("scenes", {"id": "x"}))
    other = write("b.json", set_at("id", "other"), set_at("title", "Other"))

    result = explorer("import", broken, other)
    assert result.exit_code == 1
    assert "a.json:" in result.stderr
    assert "the library is as it was" in result.stderr
    assert explorer("list").stdout == "ferry\tThe Ferry\t3\t1\nother\tOther\t3\t1\n"


@pytest.mark.parametrize("name", ["missing.json", ".", "a.json/b.json"])
def test_what_cannot_be_read_is_said_and_the_next_is_imported(
    explorer: Explorer, name: str
) -> None:
    result = explorer("import", name, write("a.json"))

    assert result.exit_code == 2
    assert f"{name}: cannot be read: " in result.stderr
    assert "in the library now" in result.stdout


def test_a_stranger_needs_replace(explorer: Explorer) -> None:
    explorer("import", write("a.json"))
    Path("b.json").write_text(STRANGER)

    refused = explorer("import", "b.json")
    assert refused.exit_code == 1
    assert "--replace" in refused.stderr
    assert explorer("list").stdout == "ferry\tThe Ferry\t3\t1\n"
    assert explorer("import", "--replace", "b.json").exit_code == 0
    assert explorer("list").stdout == "ferry\tRaft\t1\t2\n"


def test_import_without_a_file_is_a_wrong_call(explorer: Explorer) -> None:
    assert explorer("import").exit_code == 2


def test_import_reads_standard_input(explorer: Explorer) -> None:
    assert explorer("import", "-", input=ferry()).exit_code == 0
    assert explorer("list").stdout.startswith("ferry\t")


def test_import_shows_progress_on_a_screen(url: str, tmp_path: Path) -> None:
    path = tmp_path / "saga.json"
    path.write_text(storyfile.write(saga(1500)))
    shown, said = on_a_screen("import", str(path), url=url)

    assert re.search(r"saga\.json: written .* [1-9]\d*/1503", shown)
    assert "1503/1503" in shown
    assert "is in the library now" in said


def on_a_screen(*call: str, url: str) -> tuple[str, str]:
    """Run the command for somebody who watches; gives what is shown and what is said in the end."""
    screen, stderr = pty.openpty()
    environ = os.environ | {"EXPLORER_DATABASE_URL": url}
    with subprocess.Popen(
        [*EXPLORER, *call], env=environ, stdout=subprocess.PIPE, stderr=stderr, text=True
    ) as running:
        said = running.communicate()[0]
    os.close(stderr)
    return _all_of(screen), said


def _all_of(screen: int) -> str:
    """Read a screen that nobody writes to any more: its end is an error, not an empty answer."""
    shown = b""
    with os.fdopen(screen, "rb", buffering=0) as stream, contextlib.suppress(OSError):
        while piece := stream.read(4096):
            shown += piece
    return shown.decode()


def test_import_is_quiet_where_nobody_watches(explorer: Explorer) -> None:
    assert explorer("import", write("a.json")).stderr == ""


# --- export, list, remove, upgrade -------------------------------------------------------------


def test_an_export_imports_to_the_same_story(explorer: Explorer) -> None:
    explorer("import", write("a.json"))

    assert explorer("export", "ferry", "-o", "b.json").exit_code == 0
    assert Path("b.json").read_bytes() == explorer("export", "ferry").stdout_bytes
    assert "already" in explorer("import", "b.json").stdout


def test_an_export_replaces_a_file_whole_or_not_at_all(explorer: Explorer) -> None:
    explorer("import", write("a.json"))
    Path("old").mkdir()

    assert explorer("export", "ferry", "-o", "a.json").exit_code == 0
    for target in ("old", "none/x.json", "/dev/full"):
        result = explorer("export", "ferry", "-o", target)
        assert result.exit_code == 2
        assert f"cannot write {target}: " in result.stderr
    assert sorted(path.name for path in Path().iterdir() if "library" not in path.name) == [
        "a.json",
        "old",
    ]


def test_an_unknown_story_is_a_wrong_call(explorer: Explorer) -> None:
    explorer("upgrade")
    for call in (["export", "nobody"], ["remove", "nobody", "--yes"]):
        result = explorer(*call)
        assert result.exit_code == 2
        assert result.stderr.startswith('explorer: there is no story "nobody"')


@pytest.mark.parametrize(
    "call",
    [["list"], ["export", "ferry"], ["remove", "--yes", "ferry"], ["copy", "sqlite:///x.db"]],
)
def test_a_mistyped_address_makes_no_library(
    explorer: Explorer, tmp_path: Path, call: list[str]
) -> None:
    result = explorer(*call)

    assert result.exit_code == 2
    assert f"There is no library at {tmp_path / 'library.db'}" in result.stderr
    assert "Is EXPLORER_DATABASE_URL right?" in result.stderr
    assert list(tmp_path.iterdir()) == []


def test_an_empty_library_lists_nothing(explorer: Explorer) -> None:
    explorer("upgrade")
    result = explorer("list")

    assert (result.exit_code, result.stdout, result.stderr) == (0, "", "The library is empty.\n")


@pytest.mark.parametrize("answer", ["", "\n", "n\n"])
def test_remove_asks_and_takes_no_for_an_answer(explorer: Explorer, answer: str) -> None:
    explorer("import", write("a.json"))

    assert explorer("remove", "ferry", input=answer).exit_code == 2
    assert explorer("list").stdout != ""


@pytest.mark.parametrize("call", [["--yes"], []])
def test_remove_removes(explorer: Explorer, call: list[str]) -> None:
    explorer("import", write("a.json"))

    assert explorer("remove", "ferry", *call, input="y\n").exit_code == 0
    assert explorer("list").stdout == ""


def test_upgrade_says_whether_there_was_anything_to_do(explorer: Explorer) -> None:
    assert explorer("upgrade").stdout == "The tables are up to date now.\n"
    assert explorer("upgrade").stdout == "The tables are up to date.\n"


@pytest.mark.parametrize(
    "command", ["serve", "import", "check", "export", "list", "remove", "copy", "upgrade"]
)
def test_help_explains_every_command(explorer: Explorer, command: str) -> None:
    line = rf"^  {command} +[A-Z].*\.$"

    assert re.search(line, explorer("--help").stdout, re.MULTILINE)
    assert explorer(command, "--help").exit_code == 0


# --- copy --------------------------------------------------------------------------------------


def test_copy_says_what_happened(explorer: Explorer) -> None:
    explorer("import", write("a.json"), write("b.json", set_at("id", "other")))
    explorer("import", write("b.json", set_at("id", "gone")))
    explorer("remove", "gone", "--yes")
    to = "sqlite:///copy.db"
    said = [explorer("copy", to).stdout]
    explorer("import", write("b.json", set_at("id", "third")))
    said += [explorer("copy", to).stdout, explorer("list", DATABASE_URL=to).stdout]

    assert said == [
        "Stories copied: 2. There already: 0. Removed, but remembered: 1.\n",
        "Stories copied: 1. There already: 2. Removed, but remembered: 1.\n",
        explorer("list").stdout,
    ]


def test_copy_refuses_to_write_over_another_story(explorer: Explorer) -> None:
    to = "sqlite:///copy.db"
    explorer("import", write("a.json"))
    explorer("copy", to)
    explorer("import", write("a.json", set_at("title", "Raft")), write("b.json", set_at("id", "b")))

    result = explorer("copy", to)
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr == (
        f"explorer: {to} has other stories, or other revisions, of ferry. "
        "Nothing was copied; give the address of a database without them.\n"
    )
    assert explorer("list", DATABASE_URL=to).stdout == "ferry\tThe Ferry\t3\t1\n"


def test_copy_names_what_is_damaged(explorer: Explorer, tmp_path: Path) -> None:
    explorer("import", write("a.json"), write("b.json", set_at("id", "other")))
    with closing(sqlite3.connect(tmp_path / "library.db")) as library:
        library.execute("UPDATE scenes SET body = '{' WHERE story_id = 'ferry'")
        library.commit()

    result = explorer("copy", "sqlite:///copy.db")
    assert result.exit_code == 1
    assert result.stdout == "Stories copied: 1. There already: 0. Removed, but remembered: 0.\n"
    assert result.stderr == (
        "ferry: is damaged and was not copied. Remove it, import it again, then copy again.\n"
    )


def test_copy_into_itself_is_a_wrong_call(explorer: Explorer, url: str) -> None:
    explorer("import", write("a.json"))

    for address in (url, "sqlite:///library.db"):
        result = explorer("copy", address)
        assert (result.exit_code, "already" in result.stderr) == (2, True)


@pytest.mark.parametrize(
    "address",
    [
        "",
        "copy.db",
        "sqlite://",
        "sqlite:////proc/none/library.db",
        "sqlite:///a.json",
        "nothing://user:hunter2@host/library",
        "postgresql+nodriver://user:hunter2@localhost/library",
        "postgresql+psycopg://user:hunter2@127.0.0.1:1/library",
        "postgresql+psycopg://user@127.0.0.1:1/library?password=hunter2",
        "postgresql+psycopg://user:here@hunter2@127.0.0.1:1/library",
        "postgresql+psycopg://user:hunter2@127.0.0.1:hunter2/library",
    ],
)
def test_a_copy_to_where_none_can_be_is_a_wrong_call(explorer: Explorer, address: str) -> None:
    Path("a.json").write_bytes(ferry() + b" " * 10_000)
    explorer("import", "a.json")

    result = explorer("copy", address)
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.startswith("explorer: ")
    assert "hunter2" not in result.stderr
    assert len(result.stderr.splitlines()) == 1


def test_a_copy_to_where_no_tables_are_says_how_to_make_them(
    explorer: Explorer, postgres: Server
) -> None:
    explorer("import", write("a.json"))
    to = postgres.url(postgres.create()).replace("postgres@", "postgres:hunter2@")

    result = explorer("copy", to)
    assert result.exit_code == 2
    assert result.stderr == (
        f"explorer: The tables of {to.replace('hunter2', '***')} are not up to date. "
        "With EXPLORER_DATABASE_URL set to this address run: explorer upgrade\n"
    )
    assert explorer("upgrade", DATABASE_URL=to).exit_code == 0
    assert explorer("copy", to).exit_code == 0
    assert explorer("list", DATABASE_URL=to).stdout == explorer("list").stdout


def test_copy_shows_progress_on_a_screen(explorer: Explorer, url: str, tmp_path: Path) -> None:
    explorer("import", write("a.json"), write("b.json", set_at("id", "other")))
    shown, said = on_a_screen("copy", f"sqlite:///{tmp_path / 'copy.db'}", url=url)

    assert re.search(r"copy: copied .* 2/2", shown)
    assert said.startswith("Stories copied: 2.")


# --- what goes wrong around --------------------------------------------------------------------

COMMANDS = [
    *(["list"], ["import", "a.json"], ["export", "ferry"], ["remove", "ferry"], ["upgrade"]),
    ["copy", "sqlite:///copy.db"],
]


@pytest.mark.parametrize("command", [*COMMANDS, ["serve"]])
@pytest.mark.parametrize(
    "url",
    [
        "nonsense",
        "sqlite://",
        "sqlite:////proc/none/library.db",
        "sqlite:////dev",
        "sqlite:///a.json",
        "nothing://host/library",
        "postgresql+nodriver://user:hunter2@localhost:1/library",
    ],
)
def test_a_library_out_of_reach_is_a_wrong_call(
    explorer: Explorer, command: list[str], url: str
) -> None:
    Path("a.json").write_bytes(ferry() + b" " * 10_000)

    result = explorer(*command, DATABASE_URL=url)
    assert result.exit_code == 2
    assert result.stderr.startswith("explorer: ")
    assert "hunter2" not in result.stderr
    assert len(result.stderr.splitlines()) == 1


@pytest.mark.parametrize("command", COMMANDS)
def test_a_library_of_a_newer_kind_is_a_wrong_call(
    explorer: Explorer, command: list[str], tmp_path: Path
) -> None:
    explorer("import", write("a.json"))
    with closing(sqlite3.connect(tmp_path / "library.db")) as library:
        library.execute("UPDATE alembic_version SET version_num = '9999'")
        library.commit()

    result = explorer(*command)
    assert result.exit_code == 2
    assert "newer Plot Explorer" in result.stderr


@pytest.mark.parametrize("command", [["list"], ["serve"]])
def test_a_bad_setting_is_a_wrong_call(explorer: Explorer, command: list[str]) -> None:
    result = explorer(*command, PORT="front door")

    assert result.exit_code == 2
    assert result.stderr == (
        "explorer: EXPLORER_PORT must be a whole number from 1 to 65535, not 'front door'.\n"
    )


def test_a_screen_that_knows_no_letters_gets_the_words_anyhow(url: str, tmp_path: Path) -> None:
    path = tmp_path / "발레.json"
    path.write_bytes(ferry(set_at("title", "발레리나")))
    said = subprocess.run(
        [*EXPLORER, "import", str(path)],
        env=os.environ | {"EXPLORER_DATABASE_URL": url, "PYTHONIOENCODING": "latin-1"},
        capture_output=True,
        check=True,
    )

    assert b'"\\ubc1c' in said.stdout


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a disk that is full")
def test_a_full_disk_is_said_on_an_export_to_standard_output(url: str, tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    path.write_bytes(ferry())
    environ = os.environ | {"EXPLORER_DATABASE_URL": url}
    subprocess.run([*EXPLORER, "import", str(path)], env=environ, capture_output=True, check=True)
    with Path("/dev/full").open("wb") as full:
        said = subprocess.run(
            [*EXPLORER, "export", "ferry"],
            env=environ,
            stdout=full,
            stderr=subprocess.PIPE,
            check=False,
        )

    assert said.returncode == 2
    assert said.stderr == b"explorer: cannot write the story: No space left on device\n"


# --- serve -------------------------------------------------------------------------------------

EXPLORER = [sys.executable, "-c", "from explorer.cli.commands import main; main()"]


@pytest.fixture
def port() -> int:
    """Give a port that is free."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        number: int = probe.getsockname()[1]
        return number


@contextmanager
def serving(url: str, port: int) -> Iterator[subprocess.Popen[str]]:
    """Start a server in a group of processes of its own, and leave none of them behind."""
    settings = {"DATABASE_URL": url, "PORT": str(port), "WORKERS": "2"}
    environ = {name: text for name, text in os.environ.items() if not name.startswith("EXPLORER_")}
    environ |= {f"EXPLORER_{name}": text for name, text in settings.items()}
    with subprocess.Popen(
        [*EXPLORER, "serve"],
        env=environ,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    ) as server:
        try:
            yield server
        finally:
            if server.poll() is None:
                os.killpg(server.pid, signal.SIGKILL)


def answered(port: int, path: str) -> tuple[int, str]:
    """Ask the server, patiently while it starts."""
    for _ in range(100):
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=10) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as error:
            with error:
                return error.code, error.read().decode()
        except OSError:
            time.sleep(0.1)
    raise AssertionError("The server does not answer.")


def test_serve_shows_an_empty_library_the_story_that_ships(url: str, port: int) -> None:
    title = json.loads(folder("scenes.json").read_bytes())["title"]
    with serving(url, port) as server:
        assert answered(port, "/readyz")[0] == 200
        status, page = answered(port, "/")
        server.send_signal(signal.SIGTERM)
        said, _ = server.communicate(timeout=30)

    assert (status, title in page) == (200, True)
    assert said.splitlines()[-2] == f"Plot Explorer is open at http://127.0.0.1:{port}/"
    assert "Traceback" not in said
    assert server.returncode == 0


def test_serve_leaves_a_library_with_stories_as_it_is(
    explorer: Explorer, url: str, port: int
) -> None:
    explorer("import", write("a.json"))
    with serving(url, port) as server:
        answered(port, "/")
        server.send_signal(signal.SIGINT)
        said, _ = server.communicate(timeout=30)

    opening = (
        rf"Plot Explorer is open at http://127\.0\.0\.1:{port}/\nIt carries [\d,]+ connections\.\n"
    )
    assert re.fullmatch(opening, said)
    assert explorer("list").stdout == "ferry\tThe Ferry\t3\t1\n"


def test_serve_shares_its_port_with_nobody(explorer: Explorer, port: int) -> None:
    explorer("import", write("a.json"))
    with socket.socket() as other:
        other.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        other.bind(("127.0.0.1", port))
        other.listen()
        result = explorer("serve", PORT=str(port))

    assert result.exit_code == 2
    assert "in use" in result.stderr
    assert "EXPLORER_PORT" in result.stderr


def test_a_host_that_nobody_knows_is_a_wrong_call(explorer: Explorer) -> None:
    explorer("import", write("a.json"))

    assert explorer("serve", HOST="nowhere.invalid").exit_code == 2
