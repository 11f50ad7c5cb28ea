"""`python -m tests.shield.faults`: make each fault in a copy of the tree, see it is caught."""

from __future__ import annotations

import argparse
import os
import re
import shutil
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from queue import SimpleQueue
from tempfile import TemporaryDirectory

from tests.shield.faults import ROOT, Fault
from tests.shield.faults.bounds import BOUNDS
from tests.shield.faults.conditions import CONDITIONS
from tests.shield.faults.edits import EDITS
from tests.shield.faults.guesses import GUESSES
from tests.shield.faults.places import PLACES
from tests.shield.faults.surfaces import FAULTS

PAGE = ROOT / "docs" / "shield.md"
BEGIN, END = "<!-- faults: made by python -m tests.shield.faults -->", "<!-- end of faults -->"

_TREE = ("explorer", "templates", "static", "tests", "scenes.json", "pyproject.toml")
_MINUTES = 15

# What the proof says when it has found something, and what pytest says.
_NOTICED = {False: r"^NOTICED: .*\n(.+)$", True: r"^FAILED (\S+)"}


@dataclass(frozen=True)
class Caught:
    """What became of a fault: by which request or test it was noticed, if it was, and how soon."""

    fault: Fault
    request: str | None
    seconds: float


def main() -> int:
    """Try all faults, or those that a word chooses; say by the exit status if all were caught."""
    options = _options()
    everything = (*FAULTS, *BOUNDS, *EDITS, *PLACES, *CONDITIONS, *GUESSES)
    chosen = [one for one in everything if options.word in f"{one.surface} {one.wrong}".lower()]
    with TemporaryDirectory(prefix="faults-") as folder:
        outcomes = _tried(chosen, [Path(folder) / str(n) for n in range(options.jobs)])
    if options.write:
        _write(outcomes)
    missed = [outcome for outcome in outcomes if outcome.request is None]
    _say(f"{len(outcomes) - len(missed)} of {len(outcomes)} caught.")
    return 1 if missed else 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.shield.faults", description=__doc__)
    parser.add_argument("word", nargs="?", default="", type=str.lower, help="only faults with it")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1, help="so many at a time")
    parser.add_argument("--write", action="store_true", help="write all outcomes into the page")
    options = parser.parse_args()
    if options.word and options.write:
        parser.error("the page is of all faults: no word with --write")
    return options


def _tried(chosen: list[Fault], trees: list[Path]) -> list[Caught]:
    """Try faults, in each copy of the tree one at a time; gives the outcomes in their order."""
    free: SimpleQueue[Path] = SimpleQueue()
    for tree in trees:
        _copy(tree)
        free.put(tree)
    _require_quiet(trees[0])

    def tried(fault: Fault) -> Caught:
        tree = free.get()
        try:
            outcome = _try(tree, fault)
        finally:
            free.put(tree)
        _say(_told(outcome))
        return outcome

    with ThreadPoolExecutor(len(trees)) as threads:
        return list(threads.map(tried, chosen))


def _copy(tree: Path) -> None:
    tree.mkdir()
    leave = shutil.ignore_patterns("__pycache__", "browser")
    for name in _TREE:
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, tree / name, ignore=leave)
        else:
            shutil.copy(source, tree / name)


def _require_quiet(tree: Path) -> None:
    """See that the proof notices nothing where there is no fault; so do tests, in every run."""
    said = _look(tree, "")
    if said.returncode:
        sys.exit(f"Without any fault something is noticed:\n{said.stdout}{said.stderr}")


def _try(tree: Path, fault: Fault) -> Caught:
    faulty = fault.made(tree)
    good = {path: path.read_text() for path in faulty}
    _put(faulty)
    began = time.monotonic()
    said = _look(tree, fault.guard)
    _put(good)
    # A fault that breaks the application is none that the proof or a test is to find.
    noticed = re.search(_NOTICED[bool(fault.guard)], said.stdout, re.MULTILINE)
    if said.returncode and noticed is None:
        sys.exit(f"{fault.wrong}: it broke.\n{said.stdout}{said.stderr}")
    return Caught(fault, noticed[1] if noticed else None, time.monotonic() - began)


def _put(files: dict[Path, str]) -> None:
    for path, text in files.items():
        path.write_text(text)


def _look(tree: Path, guard: str) -> subprocess.CompletedProcess[str]:
    """Let the short proof, or the tests that stand guard, look at a copy of the tree."""
    proof = ["tests.shield.prove", "--short", "--minutes", str(_MINUTES)]
    tests = ["pytest", "-qx", "--tb=no", "-p", "no:cacheprovider", *guard.split()]
    command = [sys.executable, "-m", *(tests if guard else proof)]
    quick = {"PYTHONDONTWRITEBYTECODE": "1", "PYTHONPATH": str(tree)}
    return subprocess.run(
        command, cwd=tree, env=os.environ | quick, capture_output=True, text=True, check=False
    )


def _told(outcome: Caught) -> str:
    found = "NOT CAUGHT" if outcome.request is None else f"caught: {outcome.request}"
    return f"{outcome.fault.surface}: {outcome.fault.wrong}; {found} ({outcome.seconds:.0f} s)"


def _write(outcomes: list[Caught]) -> None:
    """Put the table into the page."""
    rows = ["| surface | what is done wrong | noticed at |", "| --- | --- | --- |"]
    for outcome in outcomes:
        request = outcome.request and re.sub(r"[a-z2-7]{12}", "…", outcome.request)
        found = f"`{request}`".replace("|", "\\|") if request else "**not noticed**"
        rows.append(f"| {outcome.fault.surface} | {outcome.fault.wrong} | {found} |")
    before, _, rest = PAGE.read_text().partition(BEGIN)
    after = rest.partition(END)[2]
    table = "\n".join(rows)
    PAGE.write_text(f"{before}{BEGIN}\n\n{table}\n\n{END}{after}")


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
