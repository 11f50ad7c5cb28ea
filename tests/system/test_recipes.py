"""The page on running it elsewhere tells the truth: its commands run, its tables are the code's."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from dataclasses import fields
from pathlib import Path

import pytest

from explorer import create_app
from explorer.settings import Settings
from tests.browser.tools import missing

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "deploy.md").read_text(encoding="utf-8")
CODE = (ROOT / "explorer" / "settings.py").read_text(encoding="utf-8")
RUN = re.findall(r"^```sh\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)
OTHERS = re.findall(r"^([^\n]*)\n\n```console\n", PAGE, re.MULTILINE)


def rows(heading: str) -> list[list[str]]:
    """Give the cells of the first table after a heading."""
    table = PAGE.partition(f"\n## {heading}\n")[2].partition("\n\n|")[2].partition("\n\n")[0]
    lines = f"|{table}".splitlines()[2:]
    return [[cell.strip() for cell in line.strip("|").split(" | ")] for line in lines]


# --- settings ----------------------------------------------------------------------------------


def test_the_table_of_settings_is_that_of_the_code() -> None:
    settings = [f"EXPLORER_{name}" for name in re.findall(r'read\.\w+\(\s*"([A-Z_]+)"', CODE)]
    told = [row[0].strip("`") for row in rows("Settings")]

    assert sorted(told) == sorted(settings)
    assert len(settings) == len(fields(Settings))


def test_the_defaults_in_the_table_are_those_of_the_code() -> None:
    told = {row[0].strip("`").removeprefix("EXPLORER_").lower(): row[1] for row in rows("Settings")}
    plain = {name: cell.strip("`") for name, cell in told.items() if cell.startswith("`")}
    defaults = Settings.from_environment({})

    assert plain
    for name, cell in plain.items():
        assert str(getattr(defaults, name)) == cell, name
    assert all(told[name] in ("any", "none") for name in ("trusted_hosts", "url_prefix"))


# --- commands ----------------------------------------------------------------------------------


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Give a folder that has a library with the story that ships in it."""
    environ = _environment(tmp_path)
    command = [*_explorer(tmp_path), "import", str(ROOT / "scenes.json")]
    subprocess.run(command, env=environ, check=True, capture_output=True)
    return tmp_path


def _explorer(folder: Path) -> list[str]:
    """Put the command where a shell finds it."""
    bin_ = folder / "bin"
    bin_.mkdir()
    script = bin_ / "explorer"
    script.write_text(f"#!{sys.executable}\nfrom explorer.cli.commands import main\nmain()\n")
    script.chmod(0o755)
    return [str(script)]


def _environment(folder: Path) -> dict[str, str]:
    path = f"{folder / 'bin'}:{os.environ['PATH']}"
    url = f"sqlite:///{folder / 'explorer.db'}"
    return {"PATH": path, "PYTHONPATH": str(ROOT), "EXPLORER_DATABASE_URL": url}


def test_the_commands_work_in_their_order(folder: Path) -> None:
    if shutil.which("sqlite3") is None:
        missing("sqlite3")
    said = ""
    for block in RUN:
        done = subprocess.run(
            ["/bin/sh", "-euc", block],
            cwd=folder,
            env=_environment(folder),
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, f"{block}: {done.stdout}{done.stderr}"
        said += done.stdout

    assert len(RUN) >= 5
    assert said.count("ballerina\tBallerina\t") == 3
    assert re.findall(r"copied: (\d)\. There already: (\d)", said) == [
        *[("1", "0"), ("0", "1")],
        # The backup of either kind, and back again.
        *[("1", "0"), ("1", "0")],
    ]
    assert (folder / "small.db").stat().st_size > 0
    assert "\nok\n" in f"\n{said}"


def test_what_the_tests_do_not_run_is_said_not_to_have_been() -> None:
    assert len(OTHERS) == PAGE.count("```console")
    assert [line for line in OTHERS if not re.search(r"\*(Not run here|Tried by hand)", line)] == []


# --- what else it says -------------------------------------------------------------------------


def test_every_file_that_the_page_names_is_there() -> None:
    named = [ROOT / "docs" / link for link in re.findall(r"\]\(([^):#]+)\)", PAGE)]
    named += [
        ROOT / name for name in re.findall(r"\b(deploy/[\w.]+|requirements[\w-]*\.lock)", PAGE)
    ]

    assert named
    assert [path for path in named if not path.exists()] == []


def test_what_a_cdn_may_keep_is_what_the_headers_say(folder: Path) -> None:
    app = create_app(Settings(database_url=f"sqlite:///{folder / 'explorer.db'}"))
    client = app.test_client()
    # A page names a file with a hash of what is in it.
    found = re.findall(r'"((/static/[^"?]+)\?[^"]+)"', client.get("/").text)
    named = {plain: whole for whole, plain in found}
    asked = 0
    for addresses, header, _ in rows("A CDN in front"):
        for address in re.findall(r"`(/[\w./-]*\w|/)`", addresses):
            answer = client.get(named.get(address, address), headers={"Accept": "*/*"})
            assert (answer.status_code, answer.headers["Cache-Control"]) == (200, header.strip("`"))
            answer.close()
            asked += 1
    app.extensions["shelf"].stories._store.close()

    assert asked == 7


def test_the_metrics_that_the_page_names_are_those_that_there_are() -> None:
    code = (ROOT / "explorer" / "ops" / "metrics.py").read_text(encoding="utf-8")
    told = {row[0].strip("`").removesuffix("_total") for row in rows("Logs and metrics")}

    assert told == set(re.findall(r'"(explorer_\w+)"', code))


def test_the_line_of_the_log_on_the_page_is_one_that_is_written() -> None:
    (line,) = re.findall(r'^\{"event".*\}$', PAGE, re.MULTILINE)

    assert re.findall(r'"(\w+)":', line) == [
        "event", "level", "method", "route", "status", "ms", "timestamp",
    ]  # fmt: skip


def test_the_numbers_of_the_flood_are_those_of_the_site() -> None:
    site = (ROOT / "deploy" / "nginx.conf").read_text(encoding="utf-8")

    assert "beyond 150 at once and 30 a second" in PAGE
    assert "burst=150 nodelay" in site
    assert "rate=30r/s" in site
