"""Every move can be taken back: the address after it says where its reader stood."""

from __future__ import annotations

import pytest
from flask import Flask

from tests.support.crawl import Answer, Reader
from tests.support.long_story import LONG, NOBODY, cookie, form, held, key, reader

MOVES = [
    ("next", {"from": key(11)}),
    ("seen", {"scene": key(9)}),
    ("seen", {"marker": "chapter 20", "sure": "yes"}),
    ("seen", {"all": "yes"}),
]
PAGES = ["read", "front", "people", "carry", "shape", f"scenes/{key(3)}", "read&order=happened"]


def press(one: Reader, answer: Answer) -> Answer:
    """Press "Take back" on a page."""
    back = form(answer, "back")
    return one.post(back.action, back.fillings[0])


def address(answer: Answer) -> str:
    """Give where a move leads, without the anchor."""
    return (answer.header("Location") or "").partition("#")[0]


@pytest.mark.parametrize(("move", "fields"), MOVES, ids=str)
@pytest.mark.parametrize("spot", PAGES)
def test_one_press_takes_a_move_back(
    long: Flask, move: str, fields: dict[str, str], spot: str
) -> None:
    one = reader(long, 12, threshold=0, seen=4)
    before = held(one)

    moved = one.post(f"{LONG}/{move}?page={spot}", fields)
    assert held(one) != before
    back = press(one, one.get(address(moved)))

    assert back.status == 303
    assert held(one) == before
    assert "since" not in address(back)


def test_the_start_is_taken_back_to_before_the_first_scene(long: Flask) -> None:
    one = Reader(long)

    moved = one.post(f"{LONG}/start?page=read", {"threshold": "1"})
    assert held(one) == cookie(1, key(0))
    press(one, one.get(address(moved)))

    assert held(one) == cookie(1)


def test_a_start_further_on_sets_the_threshold_alone(long: Flask) -> None:
    one = reader(long, 12, threshold=0, seen=4)

    one.post(f"{LONG}/start", {"threshold": "2"})

    assert held(one) == cookie(2, key(11), key(3))


@pytest.mark.parametrize("move", ["start", "threshold"])
def test_a_start_out_of_range_moves_nothing(long: Flask, move: str) -> None:
    one = Reader(long)

    answer = one.post(f"{LONG}/{move}?page=front", {"threshold": "3"})

    assert answer.status == 422
    assert one.cookies == {}


# --- what an address may say -------------------------------------------------------------------


def taken_back(app: Flask, query: str, path: str = "") -> dict[str, str] | None:
    """Give where the button leads of one who has turned to 12 scenes and knows 8; None for none."""
    one = reader(app, 12, threshold=0, seen=8, opened=[key(40)])
    answer = one.get(f"{LONG}{path}?{query}")
    buttons = [one.fillings[0] for one in answer.page.forms if "/back?" in one.action]
    # The front page has another one, in a fold.
    return dict(buttons[0]) if answer.page.all("button", id="back") else None


@pytest.mark.parametrize(
    ("query", "leads"),
    [
        (f"since={key(4)}&saw={key(2)}", {"scene": key(4), "seen": key(2)}),
        (f"since={key(4)}", {"scene": key(4)}),
        (f"saw={key(2)}", {"scene": key(11), "seen": key(2)}),
        ("since=&saw=", {"scene": "", "seen": ""}),
        ("since=", {"scene": ""}),
        ("saw=", {"scene": key(11), "seen": ""}),
        (f"since={key(11)}&saw={key(6)}", {"scene": key(11), "seen": key(6)}),
        (f"since={key(10)}&saw={key(7)}", {"scene": key(10)}),
        (f"since={key(12)}&saw={key(2)}", {"scene": key(11), "seen": key(2)}),
        (f"since={key(4)}&saw={key(8)}", {"scene": key(4)}),
        (f"since={key(4)}&since={key(5)}", {"scene": key(4)}),
        (f"since={key(11)}", None),
        (f"since={key(12)}", None),
        (f"since={key(40)}", None),
        (f"since={NOBODY}&saw={NOBODY}", None),
        ("since=x&saw=%00", None),
        (f"saw={key(7)}", None),
        (f"saw={key(9)}", None),
        ("since", {"scene": ""}),
        ("", None),
    ],
)
def test_only_what_is_behind_the_reader_is_a_way_back(
    long: Flask, query: str, leads: dict[str, str] | None
) -> None:
    assert taken_back(long, query) == leads


def test_on_the_reading_page_the_button_takes_back_one_scene_unless_told_otherwise(
    long: Flask,
) -> None:
    assert taken_back(long, "", "/read") == {"scene": key(10)}
    assert taken_back(long, f"since={key(40)}", "/read") == {"scene": key(10)}
    assert taken_back(long, f"since={key(2)}&saw=", "/read") == {"scene": key(2), "seen": ""}


@pytest.mark.parametrize("path", ["", "/read", "/people", "/carry", f"/scenes/{key(3)}", "/shape"])
def test_an_address_draws_a_button_and_nothing_else(long: Flask, path: str) -> None:
    one = reader(long, 12, threshold=0, seen=8, opened=[key(40)])
    plain = one.get(f"{LONG}{path}")

    for query in (f"since={key(12)}&saw={NOBODY}", f"since={key(40)}", "saw=nonsense"):
        assert one.get(f"{LONG}{path}?{query}") == plain
    with_way = one.get(f"{LONG}{path}?since={key(2)}&saw=")
    lines = with_way.text.splitlines()
    more = [line for line in lines if line not in plain.text.splitlines()]
    assert all("back" in line or 'type="hidden"' in line for line in more), more
    assert with_way.every("Set-Cookie") == []


# --- back --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fields", "last", "known"),
    [
        ({"scene": key(9)}, 9, 7),
        ({"scene": key(5)}, 5, 5),
        ({"scene": key(9), "seen": key(2)}, 9, 2),
        ({"scene": key(5), "seen": key(7)}, 5, 5),
        ({"scene": key(11), "seen": key(2)}, 11, 2),
        ({"scene": key(11), "seen": key(10)}, 11, 7),
        ({"scene": key(9), "seen": ""}, 9, None),
        ({"scene": "", "seen": ""}, None, None),
        ({"scene": "", "seen": key(2)}, None, None),
    ],
)
def test_what_was_seen_falls_with_the_place_or_further(
    long: Flask, fields: dict[str, str], last: int | None, known: int | None
) -> None:
    one = reader(long, 12, threshold=0, seen=8)

    one.post(f"{LONG}/back", fields)

    assert held(one) == cookie(0, *("" if n is None else key(n) for n in (last, known)))


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"seen": ""},
        {"scene": key(12)},
        {"scene": key(9), "seen": key(12)},
        {"scene": key(9), "seen": key(40)},
        {"scene": key(9), "seen": NOBODY},
        {"scene": key(9), "seen": "nonsense"},
    ],
)
def test_a_way_back_to_what_was_not_reached_is_refused(long: Flask, fields: dict[str, str]) -> None:
    one = reader(long, 12, threshold=0, seen=8, opened=[key(40)])
    before = held(one)

    answer = one.post(f"{LONG}/back?page=read", fields)

    assert answer.status == 422
    assert held(one) == before
