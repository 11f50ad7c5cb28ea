"""The moves: on, back, how much is told, what was seen, warnings, forgetting."""

from __future__ import annotations

import pytest
from flask import Flask

from tests.support.crawl import Reader
from tests.support.long_story import (
    LONG,
    NOBODY,
    TALE,
    cookie,
    form,
    held,
    key,
    long_scene,
    numbers,
    of_tale,
    reader,
    said,
    way_back,
)

# --- next --------------------------------------------------------------------------------------


def test_next_goes_one_scene_on_and_shows_it(long: Flask) -> None:
    one = Reader(long)
    for n in range(3):
        turn = form(one.get(f"{LONG}/read"), "next")
        answer = one.post(turn.action, turn.fillings[0])

        assert answer.status == 303
        back = way_back("next", key(n - 1) if n else "")
        assert answer.header("Location") == f"{LONG}/read?{back}#s-{key(n)}"
        assert held(one) == cookie(0, key(n))
        assert numbers(one.get(f"{LONG}/read")) == list(range(n + 1))


@pytest.mark.parametrize(
    "origin", ["", key(1), key(3), key(60), NOBODY, "nonsense", "?", key(2).upper(), f"{key(2)} "]
)
def test_a_stale_or_forged_origin_turns_nothing(long: Flask, origin: str) -> None:
    one = reader(long, 3)

    answer = one.post(f"{LONG}/next", {"from": origin})

    assert answer.status == 303
    assert answer.header("Set-Cookie") is None
    assert held(one) == cookie(2, key(2))


def test_pressing_next_twice_turns_once(long: Flask) -> None:
    one = reader(long, 3)
    for _ in range(2):
        one.post(f"{LONG}/next", {"from": key(2)})

    assert held(one) == cookie(2, key(3))


def test_after_the_end_there_is_no_next(long: Flask) -> None:
    answer = reader(long, 70).post(f"{LONG}/next", {"from": key(69)})

    assert answer.status == 303
    assert answer.header("Set-Cookie") is None


def test_next_leads_from_an_older_window_to_the_newest_scene(long: Flask) -> None:
    one = reader(long, 50)
    answer = one.get(f"{LONG}/read?before={key(20)}&order=told")
    turn = form(answer, "next")

    moved = one.post(turn.action, turn.fillings[0])

    assert moved.header("Location") == f"{LONG}/read?since={key(49)}&saw=#s-{key(50)}"


# --- threshold ---------------------------------------------------------------------------------


@pytest.mark.parametrize("threshold", [0, 1, 2])
def test_the_threshold_says_how_much_is_told(long: Flask, threshold: int) -> None:
    one = reader(long, 8, threshold=(threshold + 1) % 3)

    one.post(f"{LONG}/threshold", {"threshold": str(threshold)})

    shown = [n for n in range(8) if f"Title {n}" in one.get(f"{LONG}/read").page.text]
    assert shown == [n for n in range(8) if long_scene(n)["level"] <= threshold]


NO_THRESHOLDS = [
    *("3", "-1", "99", "999", "1000", "9" * 5000),
    *("", " ", "one", "1.0", "1e0", "0x1", "nan", "1;2", "\x00"),
]


@pytest.mark.parametrize("spot", ["read", "front", "people", f"scenes/{key(1)}"])
def test_a_threshold_out_of_range_is_refused_with_the_form(long: Flask, spot: str) -> None:
    for threshold in NO_THRESHOLDS:
        one = reader(long, 8, threshold=1)

        answer = one.post(f"{LONG}/threshold?page={spot}", {"threshold": threshold})

        assert answer.status == 422, threshold
        assert answer.header("Set-Cookie") is None, threshold
        assert said(answer), threshold
        assert form(answer, "start" if spot == "front" else "threshold").fillings, threshold
        assert held(one) == cookie(1, key(7)), threshold


def test_a_threshold_that_is_missing_is_refused(long: Flask) -> None:
    assert reader(long, 8).post(f"{LONG}/threshold").status == 422


# --- seen --------------------------------------------------------------------------------------


def test_what_was_seen_is_told_in_full(long: Flask) -> None:
    one = reader(long, 8, threshold=0)

    one.post(f"{LONG}/seen", {"scene": key(4)})

    text = one.get(f"{LONG}/read").page.text
    assert [n for n in range(8) if f"Title {n}" in text] == [0, 1, 2, 3, 4, 6]
    assert held(one) == cookie(0, key(7), key(4))


@pytest.mark.parametrize("scene", [key(12), key(40), NOBODY, "nonsense", key(3).upper()])
@pytest.mark.parametrize("move", ["seen", "back"])
def test_a_scene_that_was_not_reached_cannot_be_gone_to(long: Flask, scene: str, move: str) -> None:
    one = reader(long, 12, opened=[key(40)])

    answer = one.post(f"{LONG}/{move}?page=read", {"scene": scene})

    assert answer.status == 422
    assert answer.header("Set-Cookie") is None
    assert said(answer)


def test_seen_can_be_taken_back(long: Flask) -> None:
    one = reader(long, 12, threshold=0)
    before = one.get(f"{LONG}/read")

    one.post(f"{LONG}/seen", {"scene": key(4)})
    one.post(f"{LONG}/seen", {"scene": ""})

    assert one.get(f"{LONG}/read") == before


# --- back --------------------------------------------------------------------------------------


def test_back_takes_back_the_last_scene(long: Flask) -> None:
    one = reader(long, 3)
    for n in (2, 1, 0):
        back = form(one.get(f"{LONG}/read"), "back")
        one.post(back.action, back.fillings[0])

        assert held(one) == cookie(2, key(n - 1) if n else "")


def test_back_takes_back_what_was_seen_and_opened_beyond(long: Flask) -> None:
    one = reader(long, 30, threshold=0, seen=25, opened=[key(3), key(21), key(27), key(60)])

    one.post(f"{LONG}/back", {"scene": key(20)})

    assert held(one) == cookie(0, key(20), key(20), [key(3)])


@pytest.mark.parametrize("n", [11])
def test_back_never_goes_on(long: Flask, n: int) -> None:
    answer = reader(long, 12, opened=[key(40)]).post(f"{LONG}/back", {"scene": key(n)})

    assert answer.status == 303
    assert answer.header("Set-Cookie") is None


# --- warned, forget ----------------------------------------------------------------------------


def test_warnings_come_before_opening_only_for_those_who_ask(app: Flask) -> None:
    one = of_tale(app, threshold=0, reached="fulmar")
    assert "Millipede" not in one.get(f"{TALE}/read").text

    one.post(f"{TALE}/warned?page=front", {"warned": "yes"})
    assert "Millipede" in one.get(f"{TALE}/read").text

    one.post(f"{TALE}/warned?page=front", {"warned": "no"})
    assert "Millipede" not in one.get(f"{TALE}/read").text


@pytest.mark.parametrize("warned", ["", "maybe", "YES", "1", "true", "yes "])
def test_an_answer_that_is_neither_yes_nor_no_is_refused(long: Flask, warned: str) -> None:
    answer = reader(long, 3).post(f"{LONG}/warned?page=front", {"warned": warned})

    assert answer.status == 422
    assert answer.header("Set-Cookie") is None
    assert said(answer)


def test_forgetting_leaves_nothing(long: Flask) -> None:
    one = reader(long, 30, seen=20, opened=[key(40)], warned=True)

    answer = one.post(f"{LONG}/forget?page=carry")

    assert answer.status == 303
    assert one.cookies == {}
    assert one.get(f"{LONG}/read") == Reader(long).get(f"{LONG}/read")


def test_every_move_can_be_taken_back(long: Flask) -> None:
    one = reader(long, 5, threshold=1)
    before = one.get(f"{LONG}/read")

    for there, back in (
        (("next", {"from": key(4)}), ("back", {"scene": key(4)})),
        (("threshold", {"threshold": "2"}), ("threshold", {"threshold": "1"})),
        ((f"scenes/{key(3)}/open", {}), (f"scenes/{key(3)}/close", {})),
        ((f"scenes/{key(33)}/open", {}), (f"scenes/{key(33)}/close", {})),
        (("seen", {"scene": key(3)}), ("seen", {"scene": ""})),
        (("warned", {"warned": "yes"}), ("warned", {"warned": "no"})),
    ):
        one.post(f"{LONG}/{there[0]}", there[1])
        assert held(one) != cookie(1, key(4))
        one.post(f"{LONG}/{back[0]}", back[1])
        assert one.get(f"{LONG}/read") == before
