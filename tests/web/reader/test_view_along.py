"""The view on a page goes along with every move."""

from __future__ import annotations

import re
from urllib.parse import urlencode

import pytest
from flask import Flask

from tests.support.long_story import LONG, NOBODY, VIEW, key, moves_of, person, reader, way_back


@pytest.mark.parametrize(("move", "fields"), moves_of(12), ids=str)
def test_the_view_goes_along_with_every_move(
    long: Flask, move: str, fields: dict[str, str]
) -> None:
    one = reader(long, 12, threshold=0, opened=[key(3)])

    answer = one.post(f"{LONG}/{move}?page=read&{VIEW}&who={person('zoe')}&time=never", fields)

    assert answer.status == 303
    location = (answer.header("Location") or "").partition("#")[0]
    # At the end of the story everyone is known.
    view = VIEW.replace("&match", f"&who={person('zoe')}&match") if "all" in fields else VIEW
    assert location == f"{LONG}/read?{view}&{way_back(move, key(11))}".rstrip("&")
    assert answer.header("Set-Cookie") is not None


def test_after_a_move_the_view_keeps_only_who_is_known_then(long: Flask) -> None:
    one = reader(long, 70)

    answer = one.post(
        f"{LONG}/back?page=read&who={person('zoe')}&order=happened", {"scene": key(60)}
    )

    location = (answer.header("Location") or "").partition("#")[0]
    assert location == f"{LONG}/read?order=happened"


def test_after_going_back_a_window_beyond_is_gone(long: Flask) -> None:
    answer = reader(long, 50).post(f"{LONG}/back?page=read&before={key(40)}", {"scene": key(10)})

    assert (answer.header("Location") or "").partition("#")[0] == f"{LONG}/read"


@pytest.mark.parametrize("view", ["", VIEW, f"time=flashback&before={key(8)}", f"after={key(2)}"])
def test_every_form_carries_the_view_along(long: Flask, view: str) -> None:
    answer = reader(long, 12, threshold=0).get(f"{LONG}/read?{view}")
    kept = re.sub(r"&?(before|after)=\w+", "", view)

    for one in answer.page.forms:
        if one.method != "post":
            continue
        query = one.action.partition("?")[2]
        onward = re.search(r"/(next|back)\?", one.action)
        expected = kept if onward else view
        assert query == f"page=read&{expected}".rstrip("&"), one.action


@pytest.mark.parametrize(
    ("spot", "address"),
    [
        ("front", ""),
        ("read", "/read"),
        ("people", "/people"),
        ("carry", "/carry"),
        (f"scenes/{key(2)}", f"/scenes/{key(2)}"),
        (f"people/{person('anna')}", f"/people/{person('anna')}"),
    ],
)
def test_a_move_comes_back_to_the_page_that_its_form_stood_on(
    long: Flask, spot: str, address: str
) -> None:
    answer = reader(long, 12, threshold=0).post(f"{LONG}/threshold?page={spot}", {"threshold": "1"})

    assert (answer.header("Location") or "").partition("#")[0] == LONG + address


@pytest.mark.parametrize(
    "spot",
    [
        "",
        "//evil.example",
        "https://evil.example/",
        "../..",
        "scenes/",
        "people/",
        "library",
        "\r\nX: y",
        f"people/{person('zoe')}",
        f"people/{NOBODY}",
        f"scenes/{NOBODY}",
        f"scenes/{key(2)}/open",
    ],
)
def test_a_move_from_nowhere_leads_to_the_reading_page(long: Flask, spot: str) -> None:
    target = f"{LONG}/threshold?{urlencode({'page': spot})}"

    answer = reader(long, 12, threshold=0).post(target, {"threshold": "1"})

    assert (answer.header("Location") or "").partition("#")[0] == f"{LONG}/read"


def test_every_location_is_an_address_of_this_story(long: Flask) -> None:
    for move, fields in moves_of(12):
        for query in ("", "?page=front", "?page=//evil.example", f"?next=//evil.example&{VIEW}"):
            answer = reader(long, 12, threshold=0).post(f"{LONG}/{move}{query}", fields)
            assert (answer.header("Location") or "").startswith(f"{LONG}"), (move, query)


def test_every_anchor_that_a_move_leads_to_is_there(long: Flask) -> None:
    for view in (
        "",
        "order=happened",
        f"who={person('anna')}",
        f"before={key(5)}",
        "time=flashback",
    ):
        for move, fields in moves_of(12):
            one = reader(long, 12, threshold=0)
            location = one.post(f"{LONG}/{move}?page=read&{view}", fields).header("Location") or ""
            address, _, anchor = location.partition("#")
            assert not anchor or anchor in one.get(address).page.ids, (view, move)
