"""The theorem in short: nobody can tell twins apart who may not. `make prove` tries more."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path
from random import Random

import pytest

from tests.shield import faults
from tests.shield.faults.bounds import BOUNDS
from tests.shield.faults.conditions import CONDITIONS
from tests.shield.faults.edits import EDITS
from tests.shield.faults.guesses import GUESSES
from tests.shield.faults.places import PLACES
from tests.shield.faults.surfaces import FAULTS
from tests.shield.oracle import Reader
from tests.shield.prove import trials
from tests.shield.prove.agreement import Agreement
from tests.shield.prove.asking import knows_all
from tests.shield.prove.bookmarks import Document, laid, mark, past
from tests.shield.prove.hiding import Hiding
from tests.shield.prove.served import Shelves, shelves
from tests.shield.prove.trial import Noticed, Trial, random_reader, run
from tests.shield.prove.twin import twin
from tests.support import tale

TALE = tale.document()
NAMES = {person["id"] for person in TALE["people"]} | {""}
SHORT = list(trials.short())


@pytest.fixture(scope="module")
def shelf() -> Iterator[Shelves]:
    with shelves() as place:
        yield place


@pytest.mark.parametrize("trial", SHORT, ids=[trial.seed for trial in SHORT])
def test_nobody_can_tell_twins_apart_who_may_not(trial: Trial, shelf: Shelves) -> None:
    outcome = run(trial, shelf)

    # An edit may have brought before the reader what the twin has ahead; that is rare.
    assert outcome.asked > 50 or trial.before is not None


# --- that it is no empty promise ---------------------------------------------------------------


def test_whoever_knows_everything_can_tell_twins_apart(shelf: Shelves) -> None:
    rng = Random("apart")
    reader = Reader(1, 3, 0)
    other = twin(TALE, [reader], rng).document

    assert Agreement(TALE, other).holds(reader)
    assert not Agreement(TALE, other).holds(knows_all(TALE))


@pytest.mark.parametrize("n", range(20))
def test_a_twin_shares_hardly_a_word_of_what_is_hidden(n: int) -> None:
    rng = Random(f"words/{n}")
    reader = random_reader(TALE, rng)
    made = twin(TALE, [reader], rng)

    hidden = {word for _, one in Hiding(TALE, [reader], rng).tellings for word in _words(one)}
    kept = {word for telling in tale.each_telling(made.document) for word in _words(telling)}
    assert not hidden & kept or "other_tellings" in made.given_up


def _words(telling: Document) -> frozenset[str]:
    """Give the words of one telling itself; in the tale each stands there only."""
    return tale.words([telling["title"], telling["text"], telling.get("place", "")]) - NAMES


@pytest.mark.parametrize("n", range(20))
def test_a_twin_has_another_number_of_scenes_sooner_or_later(n: int) -> None:
    rng = Random(f"counts/{n}")
    reader = Reader(rng.randrange(4), rng.randrange(7))
    twins = (twin(TALE, [reader], rng).document for _ in range(6))
    counts = (len(document["scenes"]) for document in twins)
    first = next(counts)

    assert any(count != first for count in counts)


def test_the_tool_asks_nothing_of_what_it_judges() -> None:
    asked: set[str] = set()
    for path in sorted((Path(faults.ROOT) / "tests" / "shield" / "prove").glob("*.py")):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.ImportFrom) and node.module is not None:
                package = (Path(faults.ROOT) / node.module.replace(".", "/")).is_dir()
                asked |= {f"{node.module}.{a.name}" if package else node.module for a in node.names}
            elif isinstance(node, ast.Import):
                asked |= {alias.name for alias in node.names}
    app = {module for module in asked if module.startswith("explorer")}

    assert app == {
        "explorer.create_app",
        "explorer.storyfile.storyfile",
        "explorer.storyfile.problems",
        "explorer.settings",
        "explorer.storage.store",
    }
    ours = sorted((Path(faults.ROOT) / "tests" / "shield" / "oracle").glob("*.py"))
    assert len(ours) > 1
    assert [path.name for path in ours if "explorer" in path.read_text()] == []


def test_a_bookmark_that_is_written_is_laid_where_it_was() -> None:
    for n in range(200):
        reader = random_reader(TALE, Random(n))

        assert laid(TALE, [past(TALE, 1)], mark(TALE, reader, 1).text) == reader


def test_a_leak_is_noticed(shelf: Shelves, monkeypatch: pytest.MonkeyPatch) -> None:
    from explorer.knowledge.rule import Rule

    # The boldest of all faults; the others are tried by `python -m tests.shield.faults`.
    monkeypatch.setattr(Rule, "holds", lambda self, condition: True)
    with pytest.raises(Noticed, match="at byte"):
        _run_all(shelf)


def _run_all(shelf: Shelves) -> None:
    for trial in SHORT:
        run(trial, shelf)


# --- the deliberate faults ---------------------------------------------------------------------


def test_every_deliberate_fault_can_still_be_made() -> None:
    for fault in (*FAULTS, *BOUNDS, *EDITS, *PLACES, *CONDITIONS, *GUESSES):
        made = fault.made(faults.ROOT)

        assert made, fault.wrong
        for path, text in made.items():
            if path.suffix == ".py":
                ast.parse(text, path.name)


def test_the_page_on_the_shield_tells_of_every_fault() -> None:
    page = (faults.ROOT / "docs" / "shield.md").read_text()

    for fault in (*FAULTS, *BOUNDS, *EDITS, *PLACES, *CONDITIONS, *GUESSES):
        assert f"| {fault.surface} | {fault.wrong} | `" in page
    assert "not noticed" not in page
