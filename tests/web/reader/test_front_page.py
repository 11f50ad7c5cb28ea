"""The front page: how much may be told, and the way on."""

from __future__ import annotations

from flask import Flask

from tests.support.crawl import Reader
from tests.support.long_story import LONG, cookie, form, held, key, reader


def test_the_first_choice_is_how_much_may_be_told(long: Flask) -> None:
    page = Reader(long).get(LONG).page
    choices = page.all("input", type="radio", name="threshold")

    assert [one.get("value") for one in choices] == ["0", "1", "2"]
    assert ["checked" in one.attributes for one in choices] == [True, False, False]
    assert "Start reading" in page.text


def test_the_front_page_goes_on_where_the_reader_is(long: Flask) -> None:
    page = reader(long, 12, threshold=1).get(LONG).page

    assert "Continue at scene 12" in page.text
    assert [
        o.get("value") for o in page.all("input", type="radio") if "checked" in o.attributes
    ] == ["1"]


def test_starting_on_the_front_page_leads_to_the_first_scene(long: Flask) -> None:
    one = Reader(long)
    choice = form(one.get(LONG), "start")

    answer = one.post(choice.action, choice.fillings[1])

    assert answer.status == 303
    assert answer.header("Location") == f"{LONG}/read?since=&saw=#s-{key(0)}"
    assert held(one) == cookie(1, key(0))


def test_going_on_from_the_front_page_turns_nothing(long: Flask) -> None:
    one = reader(long, 12, threshold=1)
    choice = form(one.get(LONG), "start")

    one.post(choice.action, choice.fillings[2])

    assert held(one) == cookie(2, key(11))
