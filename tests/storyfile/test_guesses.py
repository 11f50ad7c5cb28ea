"""Guesses in a story file: what may be one, and what each counts as while it stands."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from copy import deepcopy
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from explorer.storyfile import storyfile
from explorer.storyfile.guesses import GUESSES, path_of
from explorer.storyfile.json_positions import spelled
from explorer.storyfile.storyfile import StoryFile
from tests.storyfile.test_storyfile import FERRY, faults, ferry, set_at, steps
from tests.support import tale
from tests.support.tale import Document

WHY = "No line says so."


def guesses(*paths: str) -> list[dict[str, str]]:
    """Give guesses at these paths."""
    return [{"path": path, "why": WHY} for path in paths]


def read(document: Document, *paths: str) -> StoryFile:
    """Read a story of which something is guessed."""
    return storyfile.read(json.dumps(document | {"guesses": guesses(*paths)}).encode())


# --- what is wrong -----------------------------------------------------------------------------

WRONG = [
    ("scenes[3].level", "there is no scenes[3]"),
    ("scenes[0].tellings[1]", "there is no scenes[0].tellings[1]"),
    ("scenes[2].tellings[0].level", "there is no scenes[2].tellings"),
    ("people[1].also[0]", "there is no people[1].also"),
    ("people[3].names[0]", "there is no people[3]"),
    ("people[0].names[0].level", "there is no people[0].names[0].level"),
    ("people[1].is.level", "there is no people[1].is"),
    ("scenes[7].time", "there is no scenes[7]"),
    ("scenes[0].title", "nothing can be guessed"),
    ("scenes[0]", "nothing can be guessed"),
    ("scenes.level", "nothing can be guessed"),
    ("people[0]", "nothing can be guessed"),
    ("people[0].names", "nothing can be guessed"),
    ("title", "nothing can be guessed"),
    ("levels[0]", "nothing can be guessed"),
    ("guesses[0].path", "nothing can be guessed"),
    ("", "is no path"),
    ("Scenes[0].level", "is no path"),
    ("scenes[00].level", "is no path"),
    ("scenes[-1].level", "is no path"),
    ("scenes[٣].level", "is no path"),
    ("scenes[0].level ", "is no path"),
    ("scenes[99999999999999].level", "is no path"),
]


@pytest.mark.parametrize(("path", "said"), WRONG)
def test_a_guess_that_leads_to_nothing_is_a_fault_with_its_place(path: str, said: str) -> None:
    data = ferry(set_at("guesses", guesses("scenes[0].level", path)))

    [fault] = faults(data)

    assert fault.path == "guesses[1].path"
    assert said in fault.message
    assert fault.advice
    assert json.dumps(path) in data.decode().splitlines()[fault.line - 1]


def test_a_guess_stands_once() -> None:
    [fault] = faults(ferry(set_at("guesses", guesses("scenes[0].level", "scenes[0].level"))))

    assert (fault.path, fault.message) == ("guesses[1].path", "is guessed already, in guesses[0]")


@pytest.mark.parametrize(
    ("entry", "path"),
    [
        ({"path": "scenes[0].level"}, "guesses[0].why"),
        ({"why": WHY}, "guesses[0].path"),
        ({"path": "scenes[0].level", "why": ""}, "guesses[0].why"),
        ({"path": 3, "why": WHY}, "guesses[0].path"),
        ({"path": "scenes[0].level", "why": WHY, "level": 2}, "guesses[0].level"),
        ("scenes[0].level", "guesses[0]"),
    ],
)
def test_a_guess_has_a_path_and_a_reason_and_no_more(entry: object, path: str) -> None:
    assert [fault.path for fault in faults(ferry(set_at("guesses", [entry])))] == [path]


def test_a_guessed_present_need_not_be_written() -> None:
    assert not faults(ferry(set_at("guesses", guesses("scenes[0].time", "scenes[2].time"))))


@given(st.text(alphabet="scenes[]0.٣level-\x00 ", max_size=30))
def test_whatever_is_no_path_is_refused_or_leads_where_it_says(text: str) -> None:
    path = path_of(text)

    assert path is None or spelled(path) == text


# --- what is kept ------------------------------------------------------------------------------


def test_a_file_keeps_its_guesses_and_what_was_guessed() -> None:
    file = read(FERRY, "scenes[0].level", "people[0].facts[0]", "scenes[1].time")

    assert file.document == FERRY | {
        "guesses": guesses("scenes[0].level", "people[0].facts[0]", "scenes[1].time")
    }
    assert storyfile.read(storyfile.write(file.document).encode()) == file
    assert storyfile.trusted(file.document) == file


def test_a_guess_taken_out_is_taken_at_its_word() -> None:
    file = read(FERRY)

    assert "guesses" not in file.document
    assert repr(file.story()) == repr(storyfile.read(ferry()).story())


# --- what each counts as -----------------------------------------------------------------------


CONDITIONED = (
    r"(details|credits|about|sources|parts|relations)\[\d+\]",
    r"parts\[\d+\]\.summary(\[\d+\])?",
    r"people\[\d+\]\.((names|also|facts)\[\d+\]|is)",
    r"(relations|people\[\d+\]\.facts)\[\d+\]\.until",
)
GUESSABLE = re.compile(
    r"scenes\[\d+\](\.tellings\[\d+\])?\.(level|time)|scenes\[\d+\]\.tellings\[\d+\]"
    rf"|people\[\d+\]\.(names|also|facts)\[\d+\]|({'|'.join(CONDITIONED)})\.level"
)
LESSER = re.compile(r"(scenes\[\d+\]\.tellings\[\d+\])\.level")


def guessable(value: Any, path: str = "") -> Iterator[str]:
    """Give the path of all in a story that can be guessed."""
    if GUESSABLE.fullmatch(path):
        yield path
    if isinstance(value, dict):
        for key, one in value.items():
            yield from guessable(one, f"{path}.{key}".removeprefix("."))
    elif isinstance(value, list):
        for n, one in enumerate(value):
            yield from guessable(one, f"{path}[{n}]")


def by_hand(document: Document, paths: Iterable[str]) -> Document:
    """Give a story in which what is guessed is raised, left out or set to the present."""
    told = deepcopy(document)
    out = {LESSER.sub(r"\1", path) for path in paths if LESSER.fullmatch(path) or path[-1] == "]"}
    for path in paths:
        if LESSER.fullmatch(path) or path in out:
            continue
        *way, key = steps(path)
        entry = at(told, way)
        if key == "time":
            entry[key] = "present"
        elif "scene" in entry:
            entry.pop(key)
        else:
            entry[key] = len(told["levels"]) - 1
    # From behind, so that those before keep their places.
    for way, n in sorted(((steps(path)[:-1], steps(path)[-1]) for path in out), key=repr)[::-1]:
        del at(told, way)[n]
    return told


def at(value: Any, way: list[Any]) -> Any:
    """Give what stands at a path."""
    for step in way:
        value = value[step]
    return value


# No relation of the tale ends at a level, and some people have but one name.
TALE = tale.document()
TALE["relations"].append(TALE["relations"][0] | {"text": "Denim", "until": {"level": 2}})
TALE["people"][0]["facts"][5]["until"]["level"] = 1
ALL = tuple(guessable(TALE))
for someone in TALE["people"]:
    someone["names"].append({"name": f"Unguessed {someone['id']}", "scene": "dunlin"})


def test_all_that_can_be_guessed_stands_in_the_tale() -> None:
    assert {re.sub("[0-9]+", "", path) for path in ALL} == set(GUESSES)


@pytest.mark.parametrize("path", ALL)
def test_each_guess_counts_as_what_tells_the_least(path: str) -> None:
    told = storyfile.trusted(by_hand(TALE, [path]))

    assert repr(read(TALE, path).story()) == repr(told.story())


@tale.patiently
@given(st.sets(st.sampled_from(ALL)))
def test_many_guesses_count_as_each_of_them_does(chosen: set[str]) -> None:
    told = storyfile.trusted(by_hand(TALE, sorted(chosen)))

    assert repr(read(TALE, *sorted(chosen)).story()) == repr(told.story())


def test_one_whose_names_are_all_guessed_is_left_with_none() -> None:
    story = read(FERRY, "people[1].names[0]").story()

    assert [len(person.names) for person in story.people] == [2, 0, 1]


@pytest.mark.parametrize("path", ["scenes[9].level", "people[0].names[9]", "title", "no path"])
def test_a_kept_guess_that_leads_nowhere_makes_no_story(path: str) -> None:
    file = storyfile.trusted(FERRY | {"guesses": guesses(path)})

    with pytest.raises(LookupError):
        file.story()
