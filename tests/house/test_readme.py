"""The README tells the truth: its commands are run, and the files that it names exist."""

from __future__ import annotations

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
COMMANDS = [
    line
    for block in re.findall(r"^```sh\n(.*?)^```", README, re.MULTILINE | re.DOTALL)
    for line in block.splitlines()
]


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A folder that looks like a checkout, in which a command may leave what it makes."""
    (tmp_path / ".venv").symlink_to(sys.prefix)
    (tmp_path / "scenes.json").symlink_to(ROOT / "scenes.json")
    return tmp_path


def _environment(tmp_path: Path, **settings: str) -> dict[str, str]:
    ours = {"EXPLORER_DATABASE_URL": f"sqlite:///{tmp_path / 'readme.db'}"}
    return {**os.environ, **ours, **settings}


def _served(tmp_path: Path) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environment = _environment(tmp_path, EXPLORER_PORT=str(port), EXPLORER_WORKERS="1")
    server = subprocess.Popen(
        ["make", "run"],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        page = _fetched(f"http://127.0.0.1:{port}/")
    finally:
        os.killpg(server.pid, signal.SIGTERM)
        server.wait(30)

    assert "Ballerina" in page


def _fetched(address: str) -> str:
    for _ in range(300):
        try:
            with urllib.request.urlopen(address) as answer:
                return str(answer.read().decode())
        except OSError:
            time.sleep(0.1)
    pytest.fail(f"{address} does not answer")


def _planned(_tmp_path: Path) -> None:
    """These tests are what `make test` runs, so it is only asked what it would do."""
    asked = ["make", "--dry-run", "test"]
    plan = subprocess.run(asked, cwd=ROOT, capture_output=True, text=True, check=True).stdout

    assert "pytest" in plan


def _measured(_tmp_path: Path) -> None:
    """Measuring takes minutes and is no test, so it is only asked what it would do."""
    asked = ["make", "--dry-run", "bench"]
    plan = subprocess.run(asked, cwd=ROOT, capture_output=True, text=True, check=True).stdout

    assert "-m bench" in plan


SPECIAL: dict[str, Callable[[Path], None]] = {
    "make run": _served,
    "make test": _planned,
    "make bench": _measured,
}


def test_the_first_commands_are_the_two_that_matter() -> None:
    assert COMMANDS[:2] == ["make run", "make test"]


@pytest.mark.parametrize("command", [c for c in COMMANDS if c in SPECIAL])
def test_what_make_is_told_works(command: str, tmp_path: Path) -> None:
    SPECIAL[command](tmp_path)


def test_the_other_commands_work_in_their_order(checkout: Path) -> None:
    commands = [command for command in COMMANDS if command not in SPECIAL]
    environment = _environment(checkout)

    for command in commands:
        done = subprocess.run(
            command.split(),
            cwd=checkout,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, f"{command}: {done.stdout}{done.stderr}"
    assert (checkout / "ballerina.json").read_bytes()


def test_every_file_that_the_readme_names_is_there() -> None:
    links = re.findall(r"\]\(([^):]+)\)|src=\"([^\"]+)\"", README)
    modules = [f"explorer/{name}" for name in re.findall(r"`([a-z]+\.py)`", README)]
    named = [first or second for first, second in links] + modules
    named += re.findall(r"`((?:explorer|tests|bench|templates|static)/[\w./]*)`", README)

    assert [name for name in named if not (ROOT / name).exists()] == []


def test_the_map_of_the_code_names_every_package_and_what_stands_beside_them() -> None:
    code = README.split("\n## The code\n", 1)[1]
    named = re.findall(r"^\| (.*?) \|", code, re.MULTILINE)
    house = ROOT / "explorer"
    packages = {f"explorer/{path.parent.name}/" for path in house.glob("*/__init__.py")}
    modules = {f"explorer/{path.name}" for path in house.glob("*.py")} - {"explorer/__init__.py"}
    around = {"templates/", "static/", "tests/", "bench/"}

    assert {one for cell in named for one in re.findall("`([^`]+)`", cell)} == (
        packages | modules | around
    )


def test_the_readme_shows_the_settings_that_there_are() -> None:
    code = (ROOT / "explorer" / "settings.py").read_text(encoding="utf-8")
    settings = {f"EXPLORER_{name}" for name in re.findall(r'read\.\w+\(\s*"([A-Z_]+)"', code)}

    assert settings
    assert settings == set(re.findall(r"EXPLORER_[A-Z_]+", README))


@pytest.mark.parametrize(
    ("lacks", "remedy"), [("ensurepip", "apt install python3-venv"), ("3, 11", "PYTHON=")]
)
def test_what_a_machine_lacks_is_named_with_what_mends_it(
    tmp_path: Path, lacks: str, remedy: str
) -> None:
    shutil.copy(ROOT / "Makefile", tmp_path)
    python = tmp_path / "python"
    python.write_text(
        f'#!/bin/sh\ncase "$2" in *"{lacks}"*) exit 1;; esac\nexec {sys.executable} "$@"\n'
    )
    python.chmod(0o755)

    asked = ["make", "--no-print-directory", f"PYTHON={python}", ".venv/.made"]
    done = subprocess.run(asked, cwd=tmp_path, capture_output=True, text=True, check=False)

    assert done.returncode != 0
    assert remedy in done.stderr
    assert not (tmp_path / ".venv").exists()
