"""Conditions on several scenes, and what holds no longer: what a file may say of them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from itertools import chain, combinations, product

import pytest

from explorer.story.model import Condition
from explorer.storyfile import storyfile
from explorer.storyfile.storyfile import BrokenStory
from tests.shield.oracle import Entry, Oracle, Reader
from tests.shield.oracle.small import scene, story
from tests.storyfile.test_storyfile import FERRY, Edit, both, faults, ferry, like, set_at

# --- what is wrong -----------------------------------------------------------------------------

SHORT = {"text": "Short.", "through": "pier", "level": 0}
RUN = like("people[0].facts[0]", through="wave")
del RUN["scene"]

WRONG: list[tuple[str, str, Edit]] = [
    ("details[0].scene", "an empty list", set_at("details[0].scene", [])),
    ("details[0].scene[1]", "already", set_at("details[0].scene", ["pier", "pier"])),
    ("details[0].scene[1]", '"x"', set_at("details[0].scene", ["pier", "x"])),
    ("details[0].scene[0]", "must be text", set_at("details[0].scene", [1, "pier"])),
    ("details[0].scene", "must be text", set_at("details[0].scene", 1)),
    ("about[0].through", '"x"', set_at("about[0].through", "x")),
    ("people[0].facts[0].through", 'beside "scene"', set_at("people[0].facts[0].through", "pier")),
    (
        "details[0].level",
        "above those of all",
        set_at("details[0]", like("details[0]", scene=["pier", "pier-2"], level=2)),
    ),
    (
        "details[0].level",
        "no level 3",
        set_at("details[0]", like("details[0]", through="pier", level=3)),
    ),
    ("parts[1].scene", "several scenes", set_at("parts[1].scene", ["shore", "wave"])),
    ("parts[1].through", "no such key", set_at("parts[1].through", "shore")),
    ("parts[1].until", "no such key", set_at("parts[1].until", {"level": 1})),
    ("people[0].names[0].until", "no such key", set_at("people[0].names[0].until", {"level": 1})),
    ("about[0].until", "no such key", set_at("about[0].until", {"level": 1})),
    ("parts[0].summary", "an empty list", set_at("parts[0].summary", [])),
    ("parts[0].summary[1].text", "missing", set_at("parts[0].summary", [SHORT, {"level": 1}])),
    (
        "parts[0].summary[1].text",
        "[[x]]",
        set_at("parts[0].summary", [SHORT, {"text": "[[x]]"}]),
    ),
    (
        "parts[0].summary.through",
        "not in parts[0]",
        set_at("parts[0].summary", {**SHORT, "through": "shore"}),
    ),
    (
        "parts[1].summary[0].through",
        "not in parts[1]",
        set_at("parts[1].summary", [SHORT]),
    ),
    ("relations[0].until.scene", '"x"', set_at("relations[0].until", {"scene": "x"})),
    ("relations[0].until.scene[1]", '"x"', set_at("relations[0].until", {"scene": ["pier", "x"]})),
    (
        "relations[0].until.text",
        "no such key",
        set_at("relations[0].until", {"text": "x", "level": 1}),
    ),
    (
        "relations[0].until.level",
        "above",
        set_at("relations[0].until", {"scene": "pier", "level": 2}),
    ),
    ("relations[0].until", "must be an object", set_at("relations[0].until", "pier")),
    ("relations[0].until", "holds whenever", set_at("relations[0].until", {})),
    ("relations[0].until", "holds whenever", set_at("relations[0].until", {"scene": "shore"})),
    (
        "people[0].facts[0].until",
        "holds whenever",
        set_at("people[0].facts[0]", {**RUN, "until": {"through": "pier"}}),
    ),
]


def test_one_thing_wrong_with_a_condition_is_one_fault_at_its_path() -> None:
    second = {**FERRY["scenes"][0], "id": "pier-2", "was": [], "marker": "00:01"}

    for path, words, edit in WRONG:
        with_second = lambda file: file["scenes"].insert(1, dict(second))  # noqa: E731
        found = faults(ferry(both(edit, with_second)))

        assert [fault.path for fault in found] == [path], (words, found)
        assert words in found[0].message, path
        assert found[0].line > 1
        assert found[0].advice.endswith(".")


def test_a_condition_names_at_most_fifty_scenes() -> None:
    scenes = [{**scene(f"s{n}"), "text": "x"} for n in range(51)]
    levels = [{"name": str(n)} for n in range(3)]
    made = {**story(*scenes), "format": 1, "premise": "x", "levels": levels}

    def told(count: int) -> list[str]:
        named = [f"s{n}" for n in range(count)]
        detail = {"label": "x", "text": "x", "scene": named}
        return [
            fault.message for fault in faults(json.dumps({**made, "details": [detail]}).encode())
        ]

    assert told(50) == []
    assert told(51) == ["names 51 scenes, and at most 50 may stand in one condition"]


@cache
def readers() -> tuple[Reader, ...]:
    """Give every reader of a story of three scenes and three levels."""
    return tuple(
        Reader(threshold, reached, seen, opened, False, withheld, finished)
        for threshold, reached in product(range(3), range(4))
        for seen in range(reached + 1)
        for opened in some("abc")
        for withheld in some("abc"[:reached])
        for finished in (None, False)
    )


def some(scenes: str) -> Iterator[frozenset[str]]:
    every = (combinations(scenes, n) for n in range(len(scenes) + 1))
    return map(frozenset, chain.from_iterable(every))


def conditions(small: Entry) -> Iterator[Entry]:
    """Give all conditions that a file of three levels may hold."""
    levels: list[Entry] = [{"level": n} for n in range(3)]
    yield from ({}, *levels)
    for scenes in map(sorted, some("abc")):
        highest = max((s["level"] for s in small["scenes"] if s["id"] in scenes), default=-1)
        allowed = [{}, *levels[: highest + 1]] if scenes else []
        yield from ({"scene": scenes, **level} for level in allowed)
    yield from ({"through": last, **level} for last in "abc" for level in ({}, *levels))


@pytest.mark.parametrize(
    "small",
    [
        story(scene("a", 1, (0,)), scene("b", 2, (0, 1)), scene("c", 0)),
        story(scene("a", 2, (1,)), scene("b", 1), scene("c", 2, (0,))),
    ],
)
def test_just_those_ends_are_refused_that_hold_for_all_for_whom_the_entry_does(
    small: Entry,
) -> None:
    small = {**small, "premise": "x", "levels": [{"name": str(n)} for n in range(3)]}
    for telling in chain(small["scenes"], *(s["tellings"] for s in small["scenes"])):
        telling["text"] = "x"
    oracles = [Oracle(small, reader) for reader in readers()]
    known = [(c, {n for n, o in enumerate(oracles) if o.holds(c)}) for c in conditions(small)]
    pairs = [(begun, ended) for begun in known for ended in known]
    facts = [{"text": f"x{n}", **e[0], "until": u[0]} for n, (e, u) in enumerate(pairs)]
    people = [
        {"id": f"p{n}", "names": [{"name": "P"}], "facts": facts[n : n + 2000]}
        for n in range(0, len(facts), 2000)
    ]

    with pytest.raises(BrokenStory) as refused:
        storyfile.read(json.dumps({**small, "format": 1, "people": people}).encode())

    vain = {
        f"people[{n // 2000}].facts[{n % 2000}].until"
        for n, (e, u) in enumerate(pairs)
        if e[1] <= u[1]
    }
    assert {problem.path for problem in refused.value.problems} == vain
    assert 0 < len(vain) < len(pairs)


# --- what is right -----------------------------------------------------------------------------


def test_conditions_on_several_scenes_name_the_one_told_last() -> None:
    edit = both(
        set_at("details[0].scene", ["shore", "pier"]),
        set_at("people[0].facts[0]", {**RUN, "until": {"through": "shore", "level": 1}}),
        set_at("parts[0].summary", [SHORT, {"text": "Long.", "through": "wave"}]),
    )

    made = storyfile.read(ferry(edit)).story()

    assert made.details[0].condition == Condition(None, 2, (0,))
    assert made.people[0].facts[0].condition == Condition(2, 1, start=0)
    assert made.people[0].facts[0].until == Condition(1, 2, start=0)
    assert [s.condition for s in made.parts[0].summaries] == [
        Condition(0, 0, start=0),
        Condition(2, 1, start=0),
    ]


def test_the_run_of_a_summary_begins_with_its_part() -> None:
    summary = {"text": "They land.", "through": "shore", "level": 1}

    made = storyfile.read(ferry(set_at("parts[1].summary", summary))).story()

    assert made.parts[1].summaries[0].condition == Condition(1, 2, start=2)


def test_a_list_of_one_scene_says_the_same_as_the_scene() -> None:
    one = storyfile.read(ferry(set_at("details[0].scene", ["pier"])))

    assert one.document == storyfile.read(ferry(set_at("details[0].scene", "pier"))).document


def test_what_was_written_of_several_scenes_reads_as_the_same() -> None:
    edit = both(
        set_at("relations[0].scene", ["shore", "pier"]),
        set_at("relations[0].level", 2),
        set_at("people[0].facts[0].until", {"through": "shore"}),
        set_at("parts[0].summary", [SHORT]),
    )
    file = storyfile.read(ferry(edit))

    assert storyfile.read(storyfile.write(file.document).encode()) == file
    assert storyfile.trusted(file.document) == file
    assert file.document["relations"] == [
        {
            "from": "ida",
            "to": "ole",
            "text": "siblings",
            "scene": ["shore", "pier"],
            "level": 2,
        }
    ]


def test_readers_of_these_tests_are_not_all_alike() -> None:
    assert replace(readers()[0], threshold=2) in readers()
    assert len(set(readers())) > 1000
