"""Searching as it is typed: what is found stands there at once, and the field is left in peace."""

from __future__ import annotations

import pytest
from playwright.sync_api import Route, expect

from .reader import Desk, Reader
from .tales import Tale

pytestmark = pytest.mark.browser


def _at_search(desk: Desk, story: Tale, number: int = 12, threshold: int = 2) -> Reader:
    reader = desk.reader(story)
    reader.stand_at(number, threshold)
    reader.go("/search")
    return reader


def _type(reader: Reader, words: str) -> None:
    with reader.swap():
        reader.page.keyboard.type(words)


@pytest.mark.parametrize("path", ["", "/read", "/people", "/carry", "/print"])
def test_a_key_leads_to_the_search_from_every_page(desk: Desk, ballerina: Tale, path: str) -> None:
    reader = desk.reader(ballerina)
    reader.stand_at(3, 2)
    reader.go(path)
    reader.page.keyboard.press("/")

    expect(reader.page.locator("#q")).to_be_focused()
    reader.page.keyboard.type("a/b")
    expect(reader.page.locator("#q")).to_have_value("a/b")


def test_the_key_selects_what_was_typed_before(desk: Desk, ballerina: Tale) -> None:
    reader = _at_search(desk, ballerina)
    reader.go("/search?q=choi")
    reader.page.locator("h1").click()
    reader.page.keyboard.press("/")
    _type(reader, "sushi")

    expect(reader.page.locator("#q")).to_have_value("sushi")
    expect(reader.page.locator("mark").first).to_have_text("sushi", ignore_case=True)


def test_hits_come_while_words_are_typed_and_the_field_keeps_the_focus(
    desk: Desk, ballerina: Tale
) -> None:
    reader = _at_search(desk, ballerina)
    _type(reader, "min hee bak")

    expect(reader.page.locator("#q")).to_be_focused()
    expect(reader.page.locator("mark").first).to_be_visible()
    assert reader.page.url.endswith("/search?q=min+hee+bak")
    assert reader.staleness() == []
    expect(reader.page.locator("#news")).to_have_text(reader.page.locator("#found").inner_text())


def test_what_is_not_found_is_said_in_the_same_words_whether_it_is_hidden_or_nowhere(
    desk: Desk, ballerina: Tale
) -> None:
    reader = _at_search(desk, ballerina, 2, 0)
    said = []
    # The first stands in a scene that is ahead.
    for word in ("sushi", "qqqqq"):
        reader.go("/search")
        _type(reader, word)
        said.append(reader.page.locator("#main").inner_html().replace(word, "word"))

    assert said[0] == said[1]


def test_what_is_typed_while_an_answer_is_on_its_way_is_not_lost(
    desk: Desk, ballerina: Tale
) -> None:
    reader = _at_search(desk, ballerina)
    page = reader.page

    def late(route: Route) -> None:
        page.wait_for_timeout(400)
        route.fallback()

    page.route("**/search?q=cho", late)
    page.keyboard.type("cho")
    page.wait_for_timeout(350)
    page.keyboard.type("i ok")

    expect(page.locator("#news")).to_contain_text("in what you know so far")
    expect(page).to_have_url(f"{reader.base}/stories/ballerina/search?q=choi+ok")
    expect(page.locator("#q")).to_have_value("choi ok")


def test_a_query_that_is_too_long_is_answered_in_the_page(desk: Desk, ballerina: Tale) -> None:
    reader = _at_search(desk, ballerina)
    reader.page.locator("#q").evaluate("field => field.removeAttribute('maxlength')")
    with reader.swap():
        reader.page.locator("#q").fill("x" * 300)

    expect(reader.page.locator(".problem")).to_contain_text("200 characters")
    expect(reader.page.locator("#q")).to_have_value("x" * 300)
    reader.faults.clear()


def test_the_search_works_without_a_script(desk: Desk, ballerina: Tale) -> None:
    reader = desk.reader(ballerina, java_script_enabled=False)
    reader.stand_at(12, 2)
    reader.go()
    reader.page.get_by_role("link", name="Search").click()
    reader.page.get_by_label("Words").fill("sushi")
    reader.page.get_by_role("button", name="Search").click()

    expect(reader.page.locator("mark").first).to_have_text("sushi", ignore_case=True)
    expect(reader.page).to_have_url(f"{reader.base}/stories/ballerina/search?q=sushi")
