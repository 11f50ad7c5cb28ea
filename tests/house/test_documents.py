"""The documents tell the truth: of what is built, and of what is where."""

from __future__ import annotations

import json
import os
import re
import subprocess
from collections.abc import Callable, Container, Iterator, Mapping
from inspect import getsource
from pathlib import Path
from typing import Any, get_args

import pytest
from click import Group
from flask import Flask
from pydantic import BaseModel, ValidationError

from explorer.cli.commands import main
from explorer.storyfile import schema
from explorer.web.reader import forms

ROOT = Path(__file__).parents[2]


def document(name: str) -> str:
    """Give the text of a document of the checkout."""
    return (ROOT / name).read_text(encoding="utf-8")


DOCS = sorted(
    path.relative_to(ROOT).as_posix()
    for path in (ROOT / "docs").rglob("*.md")
    # The contract says where it stands as it is read elsewhere too.
    if path.name != "contract.md"
)
CONTRACT = document("docs/contract.md")
BUILT = document("docs/built.md")


def section(text: str, heading: str) -> str:
    """Give what stands under a heading, up to the next one."""
    return text.split(f"\n## {heading}\n", 1)[1].split("\n## ", 1)[0]


def rows(text: str) -> list[list[str]]:
    """Give the cells of each row of the tables in a text, without their heads."""
    lines = [line for line in text.splitlines() if line.startswith("| ")]
    cells = [
        [cell.strip() for cell in re.split(r"(?<!\\)\|", line.strip())[1:-1]] for line in lines
    ]
    return [row for row in cells if not set("".join(row)) <= set("-: ")]


def ticked(cell: str) -> list[str]:
    """Give what stands between backticks."""
    return re.findall("`([^`]+)`", cell)


def test_every_section_of_the_contract_has_a_line() -> None:
    numbers = [row[0].split(".")[0] for row in rows(section(BUILT, "Sections"))[1:]]
    states = {row[1] for row in rows(section(BUILT, "Sections"))[1:]}

    assert list(dict.fromkeys(numbers)) == re.findall(r"^## (\d+)\.", CONTRACT, re.MULTILINE)
    assert states == {"built", "in part", "not yet"}


# --- requests ----------------------------------------------------------------------------------


def requests(cell: str) -> set[tuple[str, str]]:
    """Give the methods and addresses in a cell, each written out: `GET /healthz`."""
    return {(one.split()[0], one.split()[1]) for one in ticked(cell) if one[:1].isupper()}


def routes(app: Flask) -> set[tuple[str, str]]:
    """Give the methods and addresses that the application answers."""
    return {
        (method, rule.rule)
        for rule in app.url_map.iter_rules()
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }


# What the contract's table of requests says in one cell, and what it comes to.
ASKED = [row for row in rows(CONTRACT) if re.match(r"`(GET|POST)", row[0])]
ANSWERED = {row[0]: row for row in rows(section(BUILT, "Requests"))}
BESIDE = requests(section(BUILT, "Requests").split("Beside the contract", 1)[1])


def test_each_request_of_the_contract_is_built_or_not_yet() -> None:
    assert [row[0] for row in ASKED] == list(ANSWERED)[1:]


@pytest.mark.parametrize("cell", [row[0] for row in ASKED if "write" not in row[0]])
def test_each_part_of_a_request_is_built_or_not_yet(cell: str) -> None:
    _, built, not_yet = ANSWERED[cell]
    ends = {address.rsplit("/", 1)[-1] for _, address in requests(built + not_yet)}

    for piece in ticked(cell):
        assert piece.removesuffix("?q=").rsplit("/", 1)[-1] in ends


def test_what_is_said_to_be_answered_is_what_the_application_answers(app: Flask) -> None:
    built = {request for row in list(ANSWERED.values())[1:] for request in requests(row[1])}

    assert built | BESIDE == routes(app)


def test_what_is_said_not_to_be_answered_yet_is_not(app: Flask) -> None:
    not_yet = {request for row in list(ANSWERED.values())[1:] for request in requests(row[2])}

    assert not_yet
    assert not_yet & routes(app) == set()


FIELDS: Mapping[str, Container[str]] = {
    "`POST /stories/<story>/seen`": forms.SeenForm()._fields,
    "`POST /stories/<story>/back`": forms.BackForm()._fields,
    "`POST /stories/<story>/next`": re.findall(r'form\.get\("(\w+)"', getsource(forms)),
}


@pytest.mark.parametrize("cell", FIELDS)
def test_a_field_that_is_said_not_to_be_read_yet_is_not(cell: str) -> None:
    assert [field for field in ticked(ANSWERED[cell][2]) if field in FIELDS[cell]] == []


# --- commands ----------------------------------------------------------------------------------


def commands_of_the_contract() -> set[str]:
    """Give the commands that the contract names: in a row with dots between, or after our name."""
    [line] = [line for line in CONTRACT.splitlines() if line.startswith("`explorer new FILE`")]
    listed = [text.removeprefix("explorer ") for text in ticked(line.split("`serve` on an")[0])]
    [accounts] = re.findall(r"^`explorer author add NAME`.*? `--force`", CONTRACT, re.MULTILINE)
    asked = [text for text in ticked(accounts) if re.match(r"explorer|push|(list|re\w+)$", text)]
    return {_command(text) for text in listed} | {
        f"author {text}" if text in {"list", "remove", "reset"} else _command(text)
        for text in (text.removeprefix("explorer ") for text in asked)
    }


def _command(text: str) -> str:
    """Give a command without what it takes; an option that is a part of it stays."""
    words = [word for word in text.split() if not word.strip("…").isupper()]
    return " ".join(words).removesuffix(" --from").removesuffix(" --to")


COMMANDS = {ticked(row[0])[0]: row[1] for row in rows(section(BUILT, "Commands"))[1:]}


def has(command: str) -> bool:
    """Whether the command line has a command, with the option that is named beside it."""
    assert isinstance(main, Group)
    name, _, option = command.partition(" ")
    found = main.commands.get(name)
    if found is None or not option:
        return found is not None
    return any(option in parameter.opts for parameter in found.params)


def test_each_command_of_the_contract_is_built_or_not_yet() -> None:
    assert set(COMMANDS) == commands_of_the_contract()


@pytest.mark.parametrize("command", COMMANDS)
def test_what_is_said_of_a_command_is_so(command: str) -> None:
    assert COMMANDS[command] in {"built", "not yet"}
    assert has(command) == (COMMANDS[command] == "built")


def test_no_command_is_built_of_which_nothing_is_said() -> None:
    assert isinstance(main, Group)

    assert set(main.commands) <= {command for command, state in COMMANDS.items() if state}


# --- settings ----------------------------------------------------------------------------------


def test_what_is_said_of_a_setting_is_so() -> None:
    code = document("explorer/settings.py")
    there = {f"EXPLORER_{name}" for name in re.findall(r'read\.\w+\(\s*"([A-Z_]+)"', code)}
    said = {row[0]: set(ticked(row[1])) for row in rows(section(BUILT, "Settings"))}
    promised = set(
        re.findall("EXPLORER_[A-Z_]+", section(CONTRACT, "5. Command line and settings"))
    )

    assert said["built"] | said["beside the contract"] == there
    assert said["built"] | said["not yet"] == promised
    assert not said["not yet"] & there


# --- keys of the story file --------------------------------------------------------------------


def example() -> Any:
    """Give the contract's example of a story file."""
    [block] = re.findall(r"^```jsonc\n(.*?)^```", CONTRACT, re.MULTILINE | re.DOTALL)
    text = re.sub(r"\s//.*$", "", block, flags=re.MULTILINE)
    return json.loads(text.replace(", …]", "]"))


def paths(value: object, above: str = "") -> Iterator[str]:
    """Give the keys in a document, each with those that lead to it."""
    if isinstance(value, list):
        for one in value:
            yield from paths(one, above)
    elif isinstance(value, dict):
        for key, inner in value.items():
            yield f"{above}{key}"
            yield from paths(inner, f"{above}{key}.")


def fields(entry: type[BaseModel], above: str = "") -> Iterator[str]:
    """Give the keys that an entry may have, in the same form."""
    for name, field in entry.model_fields.items():
        key = f"{above}{field.alias or name}"
        yield key
        for inner in entries(field.annotation):
            yield from fields(inner, f"{key}.")


def entries(kind: object) -> Iterator[type[BaseModel]]:
    """Give the entries that a type is put together from."""
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        yield kind
    for part in get_args(kind):
        yield from entries(part)


def _is_condition(path: str) -> bool:
    return "." in path and path.rsplit(".", 1)[-1] in {"level", "scene", "through"}


PROMISED = set(paths(example()))
THERE = set(fields(schema.StoryEntry))
KEYS = {row[0]: set(ticked(row[1])) for row in rows(section(BUILT, "Keys of the story file"))}


def test_each_key_of_the_contract_is_built_or_not_yet() -> None:
    assert KEYS["built"] | KEYS["not yet"] == PROMISED


def test_what_is_said_of_a_key_is_so() -> None:
    assert KEYS["built"] == PROMISED & THERE
    assert KEYS["not yet"] == PROMISED - THERE


def test_the_format_has_no_key_that_the_contract_has_not() -> None:
    beyond = {path for path in THERE - PROMISED if not _is_condition(path)}

    assert beyond == KEYS["built, named beside the example"]


def _takes(entry: type[BaseModel], **values: object) -> bool:
    try:
        entry.model_validate(values)
    except ValidationError:
        return False
    return True


SOME: Mapping[str, object] = {"text": "A text."}
FORMS: Mapping[str, Callable[[], bool]] = {
    "`scene` as a list": lambda: _takes(schema.ParagraphEntry, **SOME, scene=["one", "two"]),
    "`level` by its name": lambda: _takes(schema.ParagraphEntry, **SOME, level="Ending"),
    "`summary` as a list": lambda: _takes(
        schema.PartEntry, title="A part", scene="one", summary=[SOME]
    ),
    "`through` in a fact": lambda: _takes(schema.ParagraphEntry, **SOME, through="one"),
    "`until` in a relation": lambda: _takes(
        schema.RelationEntry, **{"from": "a", "to": "b", "text": "x", "until": {"scene": "one"}}
    ),
    "`summary` with a condition": lambda: _takes(schema.SummaryEntry, **SOME, scene="one", level=1),
    "`released` without a day": lambda: _takes_date("2023-10"),
}


def _takes_date(date: str) -> bool:
    return _takes(schema.SourceEntry, id="one", title="A source", date=date)


def test_what_is_said_of_a_form_of_values_is_so() -> None:
    said = dict(rows(section(BUILT, "Forms of values"))[1:])

    assert said == {name: "built" if built() else "not yet" for name, built in FORMS.items()}


# --- the architecture --------------------------------------------------------------------------

PLAN = document("ARCHITECTURE.md")
HOUSE = ROOT / "explorer"
ARROWS = set(re.findall(r"^ +(\w+) --> (\w+)$", PLAN, re.MULTILINE))
# What is taken against it has to be said beside it: "`one` takes from `another`".
AGAINST = set(re.findall(r"`(\w+)` takes from `(\w+)`", PLAN))
REMEMBERS = rows(section(PLAN, "What remembers what"))[1:]


def imports() -> set[tuple[str, str]]:
    """Give which package takes from which; a module that is in none is its own."""
    return {
        (path.relative_to(HOUSE).parts[0].removesuffix(".py"), taken)
        for path in HOUSE.rglob("*.py")
        for taken in _taken(path.read_text(encoding="utf-8"))
    }


def _taken(text: str) -> set[str]:
    named = re.findall(r"^\s*(?:from|import) explorer\.(\w+)", text, re.MULTILINE)
    plain = re.findall(r"^\s*from explorer import ([\w, ]+)", text, re.MULTILINE)
    return {*named, *(name for names in plain for name in names.split(", "))}


def below(package: str) -> set[str]:
    """Give a package and all to which the arrows lead from it."""
    found = {package}
    while further := {end for start, end in ARROWS if start in found} - found:
        found |= further
    return found


def test_the_picture_shows_every_floor() -> None:
    there = {path.parent.name for path in HOUSE.glob("*/__init__.py")}
    drawn = {package for arrow in ARROWS for package in arrow}

    assert there | {"app", "server", "settings"} <= drawn
    assert all((HOUSE / one).exists() or (HOUSE / f"{one}.py").exists() for one in drawn)


def test_nothing_is_taken_against_the_arrows() -> None:
    against = {(taker, taken) for taker, taken in imports() if taken not in below(taker)}

    assert {pair for pair in against if pair[0] != "__init__"} == AGAINST


def test_the_arrows_lead_in_no_circle() -> None:
    assert [end for start, end in ARROWS if start in below(end)] == []


def test_everything_that_remembers_stands_in_the_table() -> None:
    remembering = {
        path.relative_to(ROOT).as_posix()
        for path in HOUSE.rglob("*.py")
        if re.search(r"\b(lru_cache|cache)\(|@cache\b", path.read_text(encoding="utf-8"))
    }

    assert remembering <= {ticked(row[0])[0] for row in REMEMBERS}


@pytest.mark.parametrize("row", REMEMBERS, ids=lambda row: f"{row[0]} {row[1]}")
def test_what_is_remembered_has_the_bound_that_is_said(row: list[str]) -> None:
    text = document(ticked(row[0])[0])

    for number, name in re.findall(r"([\d,]+) \(`(_?MOST_\w+)`\)", row[3]):
        assert re.search(rf"^{name} = {number.replace(',', '_?')}$", text, re.MULTILINE), name


@pytest.mark.parametrize("name", ["ARCHITECTURE.md", "README.md", "CONTRIBUTING.md", *DOCS])
def test_every_file_that_a_document_names_is_there(name: str) -> None:
    text, folder = document(name), (ROOT / name).parent
    links = [link.split("#")[0] for link in re.findall(r"\]\(([^):]+)\)", text)]
    code = re.findall(r"`((?:explorer|tests|bench|templates|static|docs|deploy)/[\w./-]*)`", text)

    assert [link for link in links if link and not (folder / link).exists()] == []
    assert [path for path in code if not (ROOT / path).exists()] == []


@pytest.mark.parametrize("name", ["ARCHITECTURE.md", "README.md", "CONTRIBUTING.md", *DOCS])
def test_no_document_has_a_hole_to_be_filled(name: str) -> None:
    assert not re.search(r"^[A-Z_]{4,}$|TODO|FIXME", document(name), re.MULTILINE)


# --- the glossary ------------------------------------------------------------------------------


def _words(text: str, heading: str) -> list[str]:
    first = (row[0].replace("**", "").replace(" / ", ", ") for row in rows(section(text, heading)))
    return list(first)[1:]


def test_the_glossary_has_every_word_of_the_contract() -> None:
    assert set(_words(document("docs/glossary.md"), "Words of the contract")) == set(
        _words(CONTRACT, "1. Words")
    )


# --- the code and its gate ---------------------------------------------------------------------


def test_where_the_code_speaks_of_the_contract_it_says_where_that_is() -> None:
    speaking = [
        path.relative_to(ROOT).as_posix()
        for path in HOUSE.rglob("*.py")
        if "contract" in path.read_text(encoding="utf-8").replace("docs/contract.md", "")
    ]

    assert speaking == []


def test_make_hooks_lets_git_use_the_hooks_that_are_here() -> None:
    asked = ["make", "--no-print-directory", "--dry-run", "hooks"]
    plan = subprocess.run(asked, cwd=ROOT, capture_output=True, text=True, check=True).stdout

    assert plan.strip() == "git config core.hooksPath .githooks"
    assert os.access(ROOT / ".githooks/pre-commit", os.X_OK)


@pytest.mark.parametrize("status", [0, 1])
@pytest.mark.parametrize("gate", ["lint", "types"])
def test_no_commit_goes_by_a_gate_that_is_shut(gate: str, status: int, tmp_path: Path) -> None:
    other = {"lint": "types", "types": "lint"}[gate]
    (tmp_path / "Makefile").write_text(f"{other}:\n\t@:\n{gate}:\n\t@exit {status}\n")

    done = subprocess.run(
        [ROOT / ".githooks/pre-commit"], cwd=tmp_path, capture_output=True, check=False
    )

    assert (done.returncode == 0) == (status == 0)
