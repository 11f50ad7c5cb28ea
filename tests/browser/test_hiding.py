"""After a threshold was lowered nothing shows more: no tab, no Back, no answer that comes late."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import APIResponse, Browser, BrowserType, Route, expect

from .reader import Desk, Reader
from .tales import Tale

pytestmark = pytest.mark.browser

REACHED = 12


@pytest.fixture
def reader(desk: Desk, the_tale: Tale) -> Reader:
    """A reader who is told everything up to the scene reached, on the reading page."""
    reader = desk.reader(the_tale)
    reader.stand_at(REACHED, threshold=the_tale.highest)
    reader.go("/read")
    assert the_tale.scenes[REACHED - 1]["title"] in reader.everything()
    return reader


@pytest.fixture
def caching_reader(browser: Browser, local_site: str, the_tale: Tale) -> Iterator[Reader]:
    """Such a reader, whose browser keeps answers wherever it is allowed to."""
    desk = Desk(browser.new_context, local_site)
    reader = desk.reader(the_tale, cdn="left alone")
    reader.stand_at(REACHED, threshold=the_tale.highest)
    reader.go("/read")
    yield reader
    reader.page.context.close()
    assert desk.faults() == []


def _assert_hides(reader: Reader, story: Tale) -> None:
    """Nothing of what is hidden at the lowest level is anywhere in the page."""
    held = reader.everything() + reader.page.title()
    assert {word for word in story.hidden(REACHED, 0) if word in held} == set()


# --- Back and Forward


def test_back_and_forward_between_views_show_nothing_that_is_hidden_now(
    caching_reader: Reader, the_tale: Tale
) -> None:
    reader = caching_reader
    reader.page.keyboard.press("f")
    for chip in ("#who-1", "#order-2"):
        with reader.swap():
            reader.page.click(chip)
    reader.tell_up_to(0)
    _assert_hides(reader, the_tale)

    for step in (reader.page.go_back, reader.page.go_back, reader.page.go_forward):
        with reader.swap():
            step()

        _assert_hides(reader, the_tale)
        assert reader.staleness() == []
        assert reader.focus()["tag"] != "body"


def test_back_and_forward_between_pages_show_nothing_that_is_hidden_now(
    caching_reader: Reader, the_tale: Tale
) -> None:
    reader, page = caching_reader, caching_reader.page
    page.locator("h3 a").last.click()
    page.get_by_role("link", name="People", exact=True).click()
    page.locator(".people h2 a").last.click()
    expect(page.locator("#person-title")).to_be_visible()
    reader.go("/people")
    reader.tell_up_to(0)
    _assert_hides(reader, the_tale)

    for step in (*[page.go_back] * 4, *[page.go_forward] * 4):
        step()

        _assert_hides(reader, the_tale)


def test_back_after_a_jump_within_the_page_shows_what_its_address_says(
    reader: Reader, the_tale: Tale
) -> None:
    reader.page.locator(".skip").focus()
    reader.page.keyboard.press("Enter")
    expect(reader.page).to_have_url(f"{reader.base}/stories/tale/read#main")
    reader.page.keyboard.press("f")
    with reader.swap():
        reader.page.click("#who-2")
    reader.tell_up_to(0)

    with reader.swap():
        reader.page.evaluate("history.go(-2)")

    expect(reader.page).to_have_url(f"{reader.base}/stories/tale/read")
    assert reader.staleness() == []
    _assert_hides(reader, the_tale)


def test_a_page_out_of_the_browsers_memory_is_brought_up_to_date_before_it_is_seen(
    reader: Reader, the_tale: Tale
) -> None:
    reader.move("threshold", threshold="0")

    with reader.swap():
        visible = reader.page.evaluate(
            """() => {
              dispatchEvent(new PageTransitionEvent("pageshow", {persisted: true}));
              return getComputedStyle(document.querySelector(".scene")).visibility;
            }"""
        )

    assert visible == "hidden"
    expect(reader.page.locator(".scene").first).to_be_visible()
    _assert_hides(reader, the_tale)


def test_a_page_out_of_the_browsers_memory_that_cannot_be_brought_up_to_date_is_not_seen(
    reader: Reader, the_tale: Tale
) -> None:
    reader.move("threshold", threshold="0")
    once: list[Route] = []

    def fail_once(route: Route) -> None:
        once.append(route)
        if len(once) == 1:
            route.abort()
        else:
            route.fallback()

    reader.page.route("**/read", fail_once)
    with reader.page.expect_navigation():
        reader.page.evaluate(
            "dispatchEvent(new PageTransitionEvent('pageshow', {persisted: true}))"
        )

    _assert_hides(reader, the_tale)
    reader.faults.clear()


@pytest.fixture
def remembering_browser(
    browser_type: BrowserType, browser_type_launch_args: dict[str, object]
) -> Iterator[Browser]:
    """A browser that keeps pages in memory for Back, which Playwright's does not."""
    browser = browser_type.launch(
        **browser_type_launch_args,  # type: ignore[arg-type]
        ignore_default_args=["--disable-back-forward-cache"],
    )
    yield browser
    browser.close()


def test_a_browser_that_keeps_pages_in_memory_shows_nothing_hidden_on_back(
    remembering_browser: Browser, local_site: str, the_tale: Tale
) -> None:
    desk = Desk(remembering_browser.new_context, local_site)
    reader = desk.reader(the_tale, cdn="left alone")
    reader.stand_at(REACHED, threshold=the_tale.highest)
    reader.go("/read")
    reader.page.get_by_role("link", name="People", exact=True).click()
    reader.tell_up_to(0)

    reader.page.go_back(wait_until="commit")

    expect(reader.page.locator("#threshold")).to_have_value("0")
    _assert_hides(reader, the_tale)
    assert desk.faults() == []


# --- other tabs


@pytest.mark.parametrize("where", ["read", "scene", "people", "person", "front"])
def test_another_tab_hides_by_itself_what_is_hidden_now(
    reader: Reader, the_tale: Tale, where: str
) -> None:
    other = _tab_at(reader, where)

    reader.page.bring_to_front()
    reader.tell_up_to(0)

    if where == "person":
        expect(other.page.locator("h1")).to_have_text("There is nothing here")
    else:
        token = reader.page.locator("#main").get_attribute("data-token") or ""
        expect(other.page.locator("#main")).to_have_attribute("data-token", token)
        assert other.staleness() == []
    _assert_hides(other, the_tale)


def test_what_another_tab_does_takes_the_focus_off_nothing(reader: Reader) -> None:
    other = reader.tab()
    other.go("/carry")
    reader.page.bring_to_front()
    reader.press("n")
    place = reader.focus()
    assert place["tag"] == "h3"

    with reader.swap():
        other.move("warned", warned="yes")
        other.page.reload()

    reader.page.bring_to_front()
    reader.settle()
    assert reader.focus() == place


def test_another_tab_with_an_unset_choice_shows_the_level_that_holds_now(reader: Reader) -> None:
    other = reader.tab()
    other.go("/read")
    for level in ("0", "1", "2"):
        other.page.select_option("#threshold", level)
    reader.page.bring_to_front()

    reader.tell_up_to(1)

    expect(other.page.locator("#threshold")).to_have_value("1")


def test_a_tab_that_was_loading_at_that_moment_learns_of_it(reader: Reader, the_tale: Tale) -> None:
    other = reader.tab()
    held: list[Route] = []
    other.page.route("**/explorer.js*", lambda route: held.append(route))
    other.page.goto(f"{reader.base}/stories/tale/read", wait_until="commit")
    expect(other.page.locator("#threshold")).to_have_value(str(the_tale.highest))

    reader.page.bring_to_front()
    reader.tell_up_to(0)
    held[0].continue_()

    expect(other.page.locator("#threshold")).to_have_value("0")
    _assert_hides(other, the_tale)


def _tab_at(reader: Reader, where: str) -> Reader:
    other = reader.tab()
    if where == "scene":
        other.go("/read")
        other.page.locator("h3 a").last.click()
    elif where == "person":
        # Known only from a scene that is told at the highest level.
        other.go("/people")
        other.page.locator(".people h2 a", has_text="Cleo").click()
    else:
        other.go("" if where == "front" else f"/{where}")
    expect(other.page.locator("#main")).to_be_visible()
    return other


# --- answers that come late


def test_a_view_that_was_asked_for_before_and_comes_after_shows_nothing_hidden(
    reader: Reader, the_tale: Tale
) -> None:
    held = _hold(reader, "**/read?order=happened*")
    reader.page.evaluate("document.querySelector('#order-2').click()")
    _wait_for(reader, held)
    reader.tell_up_to(0)

    _release(held)

    expect(reader.page).to_have_url(f"{reader.base}/stories/tale/read?order=happened")
    expect(reader.page.locator("#threshold")).to_have_value("0")
    _assert_hides(reader, the_tale)


def test_a_refresh_that_comes_after_a_move_of_this_tab_shows_nothing_hidden(
    reader: Reader, the_tale: Tale
) -> None:
    other = reader.tab()
    other.go("/people")
    held = _hold(reader, "**/read")
    other.move("warned", warned="yes")
    other.page.reload()
    _wait_for(reader, held)
    reader.page.bring_to_front()
    reader.tell_up_to(0)

    with reader.swap():
        _release(held)

    assert reader.staleness() == []
    _assert_hides(reader, the_tale)


def test_a_refresh_of_a_view_that_was_left_meanwhile_does_not_come_back(reader: Reader) -> None:
    other = reader.tab()
    other.go("/people")
    held = _hold(reader, "**/read")
    other.move("warned", warned="yes")
    other.page.reload()
    _wait_for(reader, held)
    reader.page.bring_to_front()
    reader.page.keyboard.press("f")
    with reader.swap():
        reader.page.click("#order-2")

    with reader.swap():
        _release(held)

    expect(reader.page.locator("#order-2")).to_have_attribute("aria-current", "true")
    reader.settle()
    assert reader.staleness() == []


Held = list[tuple[Route, APIResponse]]


def _hold(reader: Reader, pattern: str) -> Held:
    """Have the server answer such a request now and the page receive it later."""
    held: Held = []

    def hold(route: Route) -> None:
        if held:
            route.fallback()
        else:
            held.append((route, route.fetch()))

    reader.page.route(pattern, hold)
    return held


def _wait_for(reader: Reader, held: Held) -> None:
    for _ in range(500):
        if held:
            break
        reader.page.wait_for_timeout(20)
    assert held, "Nothing was asked for."


def _release(held: Held) -> None:
    for route, answer in held:
        route.fulfill(response=answer)
