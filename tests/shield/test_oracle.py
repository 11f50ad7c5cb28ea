"""The slow reading of the contract, on stories small enough to be read by eye."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from tests.shield.oracle import Oracle, Reader, numbered
from tests.shield.oracle.reader import Entry
from tests.shield.oracle.small import FIVE, TOP, scene, story


def holds(document: Entry, reader: Reader, condition: Entry, start: str | None = None) -> bool:
    return Oracle(document, reader).holds(condition, start)


def opened(*idents: str) -> Reader:
    return Reader(opened=frozenset(idents))


# --- conditions ----------------------------------------------------------------------------------


def test_a_list_of_scenes_is_known_when_each_is_shown_in_full() -> None:
    both = {"scene": ["a", "d"]}

    assert not holds(FIVE, opened("d"), both)
    assert holds(FIVE, opened("a", "d"), both)
    assert not holds(FIVE, replace(opened("d"), reached=1), both)
    assert holds(FIVE, replace(opened("d"), reached=1), {**both, "level": 0})


def test_a_list_with_a_level_is_content_with_a_full_telling_below_that_level() -> None:
    document = story(scene("a", level=0), scene("b", level=2, lesser=(1,)))

    assert holds(document, Reader(1, 2), {"scene": ["a", "b"], "level": 1})
    assert not holds(document, Reader(0, 2), {"scene": ["a", "b"], "level": 1})


def test_a_run_of_scenes_is_known_only_where_none_of_them_is_ahead() -> None:
    upto = {"through": "c"}

    assert holds(FIVE, Reader(TOP, 3), upto)
    assert not holds(FIVE, Reader(TOP, 2), upto)
    assert holds(FIVE, Reader(TOP, 2, opened=frozenset("c")), upto)
    assert not holds(FIVE, Reader(TOP, 0, opened=frozenset("c")), upto)


def test_a_run_of_scenes_asks_for_the_threshold_or_for_each_of_them_told() -> None:
    upto = {"through": "c"}

    assert not holds(FIVE, Reader(0, 3), upto)
    assert holds(FIVE, Reader(1, 3), upto)
    assert holds(FIVE, Reader(0, 3, 3), upto)
    assert holds(FIVE, Reader(0, 3), {**upto, "level": 0})
    assert not holds(FIVE, Reader(0, 3, 2), {**upto, "level": 1})


def test_a_scene_that_an_edit_put_there_keeps_a_run_from_being_known_until_it_is_opened() -> None:
    reader = Reader(TOP, 3, withheld=frozenset("b"))

    assert not holds(FIVE, reader, {"through": "c"})
    assert holds(FIVE, replace(reader, opened=frozenset("b")), {"through": "c"})


def test_the_summary_of_a_part_speaks_of_the_scenes_from_its_first_one_on() -> None:
    reader = Reader(0, 0, opened=frozenset("cd"))

    assert holds(FIVE, reader, {"through": "d"}, start="c")
    assert not holds(FIVE, reader, {"through": "d"})


def test_of_several_wordings_of_a_summary_the_last_known_one_is_shown() -> None:
    wordings = [{"text": "short"}, {"text": "long", "through": "d"}, {"text": "other", "level": 2}]
    part = {"title": "Part", "scene": "c", "level": 0, "summary": wordings}
    document = {**FIVE, "parts": [part]}

    def summary(reader: Reader) -> str:
        words: str = Oracle(document, reader).parts()[0]["summary"]["markdown"]
        return words

    assert summary(Reader(0, 3)) == "short"
    assert summary(Reader(1, 3, opened=frozenset("cd"))) == "long"
    assert summary(Reader(2, 4)) == "other"


def test_levels_may_be_said_by_their_names() -> None:
    document = story(scene("a", level=1), details=[{"label": "", "text": "", "level": "level 1"}])
    document["scenes"][0]["level"] = "level 1"

    read = numbered(document)

    assert (read["scenes"][0]["level"], read["details"][0]["level"]) == (1, 1)
    assert read["levels"][1]["name"] == "level 1"


# --- what holds no longer ------------------------------------------------------------------------


def with_people(*people: Entry, **more: Any) -> Entry:
    return {**FIVE, "people": list(people), **more}


def facts(document: Entry, reader: Reader, one: str) -> tuple[list[str], list[str]]:
    """Give what is said of someone, and what is no longer."""
    oracle = Oracle(document, reader)
    ended = oracle.no_longer(one)["facts"]
    return [f["text"]["markdown"] for f in oracle.facts(one)], [
        f["text"]["markdown"] for f in ended
    ]


def test_a_fact_that_has_ended_stands_under_no_longer_and_in_no_list() -> None:
    dead = {"text": "Dead.", "scene": "b", "until": {"scene": "d"}}
    document = with_people({"id": "x", "names": [{"name": "X"}], "facts": [dead]})

    assert facts(document, Reader(1, 1), "x") == ([], [])
    assert facts(document, Reader(1, 3), "x") == (["Dead."], [])
    assert facts(document, Reader(1, 4), "x") == ([], ["Dead."])


def test_the_end_of_a_fact_that_is_not_known_shows_nothing_of_it() -> None:
    dead = {"text": "Dead.", "scene": "b", "until": {"scene": "d"}}
    document = with_people({"id": "x", "names": [{"name": "X"}], "facts": [dead]})

    assert facts(document, opened("d"), "x") == ([], [])


def test_what_has_ended_is_not_under_no_longer_where_the_same_words_hold_anyway() -> None:
    ended = {"text": "A sailor.", "until": {"scene": "b"}}
    x = {"id": "x", "names": [{"name": "X"}], "facts": [ended]}
    y = {"id": "y", "names": [{"name": "Y"}], "facts": [{"text": "A sailor."}]}
    document = with_people(x, {**y, "is": {"person": "x", "scene": "c"}})

    assert facts(document, Reader(1, 2), "x") == ([], ["A sailor."])
    assert facts(document, Reader(1, 3), "x") == (["A sailor."], [])


def test_a_relation_that_has_ended_stands_with_both_of_its_people_and_nowhere_else() -> None:
    tie = {"from": "x", "to": "y", "text": "wife of", "until": {"scene": "b"}}
    people = [{"id": one, "names": [{"name": one.upper()}]} for one in "xyz"]
    document = with_people(*people, relations=[tie])

    oracle = Oracle(document, Reader(1, 2))

    assert oracle.relations() == []
    assert [one["who"]["key"] for one in oracle.whole(1)["no_longer"]] == ["x", "y"]


def test_facts_stand_by_the_last_scene_of_a_list_and_by_the_one_that_a_run_goes_through() -> None:
    said = [
        {"text": "run", "through": "c", "level": 0},
        {"text": "list", "scene": ["d", "a"]},
        {"text": "one", "scene": "b"},
        {"text": "none"},
    ]
    document = with_people({"id": "x", "names": [{"name": "X"}], "facts": said})

    assert facts(document, Reader(1, 5), "x")[0] == ["none", "one", "run", "list"]


def test_a_run_that_ends_in_a_veiled_scene_names_no_scene() -> None:
    document = story(scene("a", level=2), people=[])
    known = {"text": "", "through": "a", "level": 1}

    oracle = Oracle(document, Reader(1, 1))

    assert oracle.holds(known)
    assert oracle.link_to(known) is None


# --- questions -----------------------------------------------------------------------------------


def test_a_question_shows_its_last_known_answer_and_the_scene_that_told_it() -> None:
    answers = [{"text": "Nobody knows.", "scene": "c"}, {"text": "The cook.", "scene": ["d", "b"]}]
    question = {"id": "q", "ask": "Who?", "scene": "b", "answers": answers}
    document = {**FIVE, "questions": [question]}

    def shown(reader: Reader) -> list[tuple[str | None, str | None]]:
        known = Oracle(document, reader).questions()
        return [
            (q["answer"] and q["answer"]["markdown"], q["scene"] and q["scene"]["key"])
            for q in known
        ]

    assert shown(Reader(1, 1)) == []
    assert shown(Reader(1, 2)) == [(None, None)]
    assert shown(Reader(1, 3)) == [("Nobody knows.", "c")]
    assert shown(Reader(1, 4)) == [("The cook.", "d")]
    assert shown(opened("d")) == []


def test_questions_stand_by_their_own_conditions_whatever_their_answers_hang_on() -> None:
    late = {"id": "late", "ask": "3", "scene": "c", "answers": [{"text": "x"}]}
    early = {"id": "early", "ask": "2", "scene": "a", "answers": [{"text": "x", "scene": "d"}]}
    free = {"id": "free", "ask": "1", "answers": []}
    document = {**FIVE, "questions": [late, early, free]}

    known = Oracle(document, Reader(1, 5)).questions()

    assert [question["key"] for question in known] == ["free", "early", "late"]


# --- names ---------------------------------------------------------------------------------------


def earlier(document: Entry, reader: Reader, one: str = "x") -> list[str]:
    known: list[str] = Oracle(document, reader, names_once_shown=True).person(one)["earlier"]
    return known


def test_an_earlier_name_is_one_that_was_shown_less_far_on() -> None:
    names = [{"name": "the guest"}, {"name": "Anna", "scene": "b"}, {"name": "Eve", "scene": "d"}]
    document = with_people({"id": "x", "names": names})

    assert earlier(document, Reader(1, 4)) == ["the guest", "Anna"]
    assert earlier(document, Reader(1, 2)) == ["the guest"]
    assert earlier(document, Reader(1, 0, opened=frozenset("d"))) == []


def test_a_name_that_a_later_one_always_hid_is_no_earlier_name() -> None:
    names = [{"name": "the guest"}, {"name": "Anna", "level": 1}]
    document = with_people({"id": "x", "names": names})

    assert earlier(document, Reader(1, 4)) == []
    assert earlier(document, Reader(0, 5, 5)) == ["the guest"]


def test_the_name_of_one_who_turned_out_to_be_another_is_an_earlier_name() -> None:
    stranger = {"id": "y", "names": [{"name": "the stranger", "scene": "a"}]}
    document = with_people(
        {"id": "x", "names": [{"name": "Anna"}]},
        {**stranger, "is": {"person": "x", "scene": "c"}},
    )

    assert earlier(document, Reader(1, 3)) == ["the stranger"]
    assert earlier(document, Reader(1, 3, opened=frozenset("c"))) == []


def test_namesakes_are_told_apart_by_their_first_scenes_or_else_by_their_place() -> None:
    def listed(ident: str, *people: str) -> Entry:
        return scene(ident, people=list(people))

    scenes = [listed("a", "v"), listed("b", "x", "w"), listed("c", "y")]
    names = {"v": "Sakura", "w": "Sakura", "x": "Sakura", "y": "Ren", "z": "Sakura"}
    people = [{"id": one, "names": [{"name": name}]} for one, name in names.items()]
    document = story(*scenes, people=people)

    told = Oracle(document, Reader(1, 3)).namesakes()

    assert [(n["who"]["key"], n["scene"] and n["scene"]["number"], n["place"]) for n in told] == [
        ("v", 1, None),
        ("x", 2, 2),
        ("w", 2, 3),
        ("z", None, 5),
    ]
