"""Opening a scene by its link, and closing it again."""

from __future__ import annotations

import re

import pytest
from flask import Flask

from tests.conftest import Serve
from tests.support.long_story import LONG, file, form, held, key, long_story, numbers, reader, said


def test_opening_asks_once(long: Flask) -> None:
    answer = reader(long, 3, threshold=0).get(f"{LONG}/read")
    (asking,) = answer.page.all("details", class_="asking")

    assert "open" not in asking.attributes
    inside = [one for one in answer.page.elements if asking in one.within and one.tag == "form"]
    assert [one.get("action") for one in inside] == [f"{LONG}/scenes/{key(1)}/open?page=read"]


def test_a_scene_opened_ahead_stands_in_a_list_of_its_own_without_a_number(long: Flask) -> None:
    one = reader(long, 3)
    one.post(f"{LONG}/scenes/{key(41)}/open?page=read")

    answer = one.get(f"{LONG}/read")

    ahead = answer.text.partition('<section class="ahead"')[2].partition("</section>")[0]
    assert numbers(answer) == [0, 1, 2, 41]
    assert "Title 41" in ahead
    assert "42" not in answer.page.text
    assert re.findall(r"\bscene \d+", ahead, re.IGNORECASE) == []
    assert "42" not in one.get(f"{LONG}/scenes/{key(41)}").page.text


def test_several_opened_ahead_stand_as_told_whatever_the_order_of_opening(long: Flask) -> None:
    one = reader(long, 3)
    for n in (60, 41, 50):
        one.post(f"{LONG}/scenes/{key(n)}/open")

    assert numbers(one.get(f"{LONG}/read")) == [0, 1, 2, 41, 50, 60]


def test_a_scene_opened_ahead_takes_its_place_when_it_is_reached(long: Flask) -> None:
    one = reader(long, 4, threshold=0, opened=[key(4)])

    one.post(f"{LONG}/next", {"from": key(3)})

    answer = one.get(f"{LONG}/read")
    assert numbers(answer) == [0, 1, 2, 3, 4]
    assert not answer.page.all("section", class_="ahead")


@pytest.mark.parametrize("n", [1, 41])
def test_what_was_opened_can_be_closed_again(long: Flask, n: int) -> None:
    one = reader(long, 3, threshold=0)
    before = one.get(f"{LONG}/read")

    one.post(f"{LONG}/scenes/{key(n)}/open")
    opened = one.get(f"{LONG}/read")
    one.post(form(opened, f"{key(n)}/close").action)

    assert f"Title {n}" in opened.page.text
    assert one.get(f"{LONG}/read") == before


@pytest.mark.parametrize("n", [0, 2])
def test_opening_what_is_shown_in_full_does_nothing(long: Flask, n: int) -> None:
    answer = reader(long, 3, threshold=0).post(f"{LONG}/scenes/{key(n)}/open")

    assert answer.status == 303
    assert answer.header("Set-Cookie") is None


def test_a_lower_threshold_leaves_opened_scenes_open(long: Flask) -> None:
    one = reader(long, 8, threshold=1, opened=[key(3)])

    one.post(f"{LONG}/threshold", {"threshold": "0"})

    answer = one.get(f"{LONG}/read")
    assert "Title 3" in answer.page.text
    assert "Title 1" not in answer.page.text


def test_two_hundred_scenes_can_be_opened_and_no_more(serve: Serve) -> None:
    app = serve(file(long_story(205)))
    one = reader(app, opened=[key(n) for n in range(200)])
    bookmark = held(one)

    refused = one.post(f"{LONG}/scenes/{key(201)}/open?page=read")

    assert refused.status == 422
    assert "200" in said(refused)
    assert refused.header("Set-Cookie") is None
    assert held(one) == bookmark
    assert one.post(f"{LONG}/scenes/{key(199)}/close").status == 303
    assert one.post(f"{LONG}/scenes/{key(201)}/open").status == 303


def test_the_longest_bookmark_fits_a_cookie(serve: Serve) -> None:
    app = serve(file(long_story(205)))
    one = reader(app, 205, opened=[key(n) for n in range(199)], threshold=0)

    line = one.post(f"{LONG}/scenes/{key(203)}/open").header("Set-Cookie") or ""

    assert len(line.partition(";")[0]) < 4096
