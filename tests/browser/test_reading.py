"""Reading with keys, eyes and ears: where the focus goes, what is in sight, what is read out."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, Route, expect

from .reader import Desk, Reader
from .tales import Tale

pytestmark = pytest.mark.browser

_NEWEST = "#main > .scenes > .scene:last-child"
_HEADING = f"{_NEWEST} :is(h3, .veil-words)"


def _assert_arrived(reader: Reader, number: int) -> None:
    """The newest scene is in sight, has the focus, was read out, and one can go on from it."""
    heading = reader.page.locator(_HEADING)
    words = " ".join(heading.inner_text().split())
    meta = reader.page.locator(f"{_NEWEST} .meta")

    expect(meta).to_contain_text(re.compile(rf"Scene {number}(?!\d)"))
    assert reader.has_focus(_HEADING), reader.focus()
    assert reader.in_sight(_HEADING), f"scene {number} is out of sight"
    assert reader.news().startswith(f"Scene {number}")
    assert reader.news().endswith(words)


# --- the whole story


def test_the_whole_of_ballerina_can_be_read_by_keyboard_alone(desk: Desk, ballerina: Tale) -> None:
    setup, last = ballerina.level("Setup"), len(ballerina.scenes)
    reader = desk.reader(ballerina)
    page = reader.page
    page.goto(reader.base)
    reader.tab_to(f"h2 a[href='/stories/{ballerina.id}']")
    reader.follow("Enter")
    reader.tab_to("input[name=threshold]")
    for _ in range(setup):
        page.keyboard.press("ArrowDown")
    expect(page.locator(f"input[value='{setup}']")).to_be_checked()
    reader.tab_to(".start button")
    reader.follow("Enter")
    expect(page.locator(f"{_NEWEST} .meta")).to_contain_text(re.compile(r"Scene 1(?!\d)"))

    for number in range(2, last + 1):
        if number % 4 == 0:
            reader.tab_to("#next")
            reader.press("Enter")
        else:
            reader.press("n" if number % 2 else "ArrowRight")
        _assert_arrived(reader, number)
        telling = ballerina.telling(number, setup)
        expect(page.locator(_HEADING)).to_contain_text(telling["title"] if telling else "Veiled")
        assert number == last or reader.in_sight("#next"), f"no way on from scene {number}"

    expect(page.locator("#next")).to_have_count(0)
    expect(page.locator("#standing")).to_contain_text("The end.")


def test_a_card_that_comes_in_takes_the_focus_off_nothing(desk: Desk, ballerina: Tale) -> None:
    reader = desk.reader(ballerina)
    page, link = reader.page, f"h2 a[href='/stories/{ballerina.id}']"
    cards: list[Route] = []
    page.route("**/card", lambda route: cards.append(route))
    page.goto(reader.base)
    reader.tab_to(link)
    place = page.locator(".card", has=page.locator(link)).locator(".place-here")
    expect(place).to_contain_text("Where was I?")

    for card in cards:
        card.continue_()
    expect(place).to_contain_text("Choose how much to be told")
    reader.settle()
    assert reader.has_focus(link)
    reader.follow("Enter")


def test_on_a_small_screen_too_the_new_scene_and_the_way_on_are_in_sight(
    desk: Desk, ballerina: Tale
) -> None:
    reader = desk.reader(ballerina, viewport={"width": 320, "height": 568})
    reader.stand_at(2, threshold=2)
    reader.go("/read")

    for number in range(3, 9):
        reader.next()

        _assert_arrived(reader, number)
        assert reader.in_sight("#next")


def test_a_new_scene_is_in_sight_though_the_filter_was_unfolded(desk: Desk, the_tale: Tale) -> None:
    reader = desk.reader(the_tale, viewport={"width": 360, "height": 740})
    reader.stand_at(14, threshold=2)
    reader.go("/read")
    reader.page.keyboard.press("f")
    with reader.swap():
        reader.page.click("#who-1")

    reader.press("n")

    _assert_arrived(reader, 15)
    reader.page.reload()
    expect(reader.page.locator(".panel")).to_be_hidden()


def test_with_motion_the_new_scene_comes_into_sight_as_well(desk: Desk, the_tale: Tale) -> None:
    reader = desk.reader(the_tale, reduced_motion="no-preference")
    reader.stand_at(6)
    reader.go("/read")

    reader.press("n")

    reader.page.wait_for_function(
        "(selector) => document.querySelector(selector).getBoundingClientRect().top < innerHeight",
        arg=_HEADING,
    )


def test_a_new_scene_moves_no_text_that_is_there(desk: Desk, the_days: Tale) -> None:
    reader = desk.reader(the_days)
    reader.stand_at(5, threshold=1)
    reader.go("/read")
    reader.page.evaluate(
        """() => {
          window.shifts = [];
          const note = (list) => window.shifts.push(...list.getEntries().map((it) => it.value));
          window.watch = new PerformanceObserver(note);
          window.watch.observe({type: "layout-shift", buffered: false});
        }"""
    )
    placed = """() => [...document.querySelectorAll(".scene")].map(
      (scene) => [scene.id, Math.round(scene.getBoundingClientRect().top + scrollY)])"""

    for _ in range(5):
        before = reader.page.evaluate(placed)
        reader.next()
        assert reader.page.evaluate(placed)[: len(before)] == before

    # All shifts count here, those right after a key or click too.
    shifts = reader.page.evaluate(
        "() => [...window.shifts, ...window.watch.takeRecords().map((it) => it.value)]"
    )
    assert sum(shifts) < 0.02, shifts


# --- focus and announcements of other swaps


def test_taking_back_leads_to_the_scene_before_and_says_so(desk: Desk, the_tale: Tale) -> None:
    reader = desk.reader(the_tale)
    reader.stand_at(5, threshold=3)
    reader.go("/read")

    reader.press("b")
    _assert_arrived(reader, 4)

    reader.press("ArrowLeft")
    _assert_arrived(reader, 3)


def test_taking_back_the_first_scene_leaves_the_focus_on_the_way_on(
    desk: Desk, the_tale: Tale
) -> None:
    reader = desk.reader(the_tale)
    reader.stand_at(1)
    reader.go("/read")
    reader.tab_to("#back")

    reader.press("Enter")

    assert reader.has_focus("#next")
    assert "Before the first scene" in reader.news()


def test_opening_a_veiled_scene_asks_once_and_leads_to_what_is_told(
    desk: Desk, the_tale: Tale
) -> None:
    veiled = _veiled(the_tale)
    reader = desk.reader(the_tale)
    reader.stand_at(veiled)
    reader.go("/read")
    title = the_tale.scenes[veiled - 1]["title"]
    assert title not in reader.everything()
    reader.page.locator(_NEWEST).locator("summary").focus()
    reader.page.keyboard.press("Enter")
    reader.tab_to(".asking[open] button")

    reader.press("Enter")

    assert reader.has_focus(_HEADING), reader.focus()
    assert reader.news().endswith(title)
    assert reader.in_sight(_HEADING)

    reader.tab_to(".closing button")
    reader.press("Enter")

    assert title not in reader.everything()
    assert reader.has_focus(_HEADING), reader.focus()
    assert "Veiled" in reader.news()


def test_opening_a_scene_at_its_own_address_leads_to_what_is_told(
    desk: Desk, the_tale: Tale
) -> None:
    veiled = _veiled(the_tale)
    reader = desk.reader(the_tale)
    reader.stand_at(veiled)
    reader.go("/read")
    reader.page.locator(_NEWEST).locator("a.number").click()
    reader.tab_to(".gate button")

    reader.press("Enter")

    title = the_tale.scenes[veiled - 1]["title"]
    expect(reader.page.locator("h1")).to_have_text(title)
    assert reader.has_focus("h1")
    assert reader.news().endswith(title)


def test_choosing_a_level_keeps_the_focus_and_says_what_is_told(desk: Desk, the_tale: Tale) -> None:
    reader = desk.reader(the_tale)
    reader.stand_at(4)
    reader.go("/read")
    reader.page.locator("#threshold").focus()
    reader.page.keyboard.press("End")
    reader.tab_to(".threshold button")

    reader.press("Enter")

    assert reader.has_focus(".threshold button")
    assert "told up to End" in reader.news()


@pytest.mark.parametrize("path", ["/people", "/scenes"])
def test_choosing_a_level_is_said_on_other_pages_too(desk: Desk, the_tale: Tale, path: str) -> None:
    reader = desk.reader(the_tale)
    reader.stand_at(3)
    reader.go("/read" if path == "/scenes" else path)
    if path == "/scenes":
        reader.page.locator("a.number").first.click()

    reader.tell_up_to(2)

    assert "told up to Middle" in reader.news()


def test_filters_stay_at_hand_while_they_are_chosen(desk: Desk, the_tale: Tale) -> None:
    reader = desk.reader(the_tale)
    reader.stand_at(9, threshold=3)
    reader.go("/read")
    reader.page.keyboard.press("f")
    assert reader.has_focus("#filter summary")

    for chip in ("#order-2", "#order-1", "#who-2", "#who-1", "#match-2", "#who-1", "#who-2"):
        reader.page.focus(chip)
        reader.press("Enter")

        assert reader.has_focus(chip), f"the focus left {chip} for {reader.focus()}"
        assert reader.page.locator("#filter").get_attribute("open") is not None
        assert re.match(r"Scenes shown: \d+\. ", reader.news())


def test_the_same_news_twice_is_news_twice(desk: Desk, the_tale: Tale) -> None:
    reader = desk.reader(the_tale)
    reader.stand_at(4)
    reader.go("/read")
    reader.tell_up_to(0)
    first = reader.page.locator("#news").text_content()

    reader.tell_up_to(0)

    assert reader.page.locator("#news").text_content() != first


def test_a_window_is_entered_from_the_side_that_reading_comes_from(
    desk: Desk, the_days: Tale
) -> None:
    reader = desk.reader(the_days)
    reader.stand_at(45, threshold=1)
    reader.go("/read")
    assert reader.page.locator(".scene").count() == 20

    reader.tab_to("#earlier")
    reader.press("Enter")
    _assert_arrived(reader, 25)

    reader.page.focus("#later")
    reader.press("Enter")
    first = "#main > .scenes > .scene >> nth=0"
    expect(reader.page.locator(first).locator(".meta")).to_contain_text("26")
    assert reader.in_sight(f"{first} >> h3")
    assert reader.news().startswith("Scene 26")


def test_turning_on_from_an_earlier_window_leads_to_the_newest_scene_and_its_address(
    desk: Desk, the_days: Tale
) -> None:
    reader = desk.reader(the_days)
    reader.stand_at(44, threshold=1)
    reader.go("/read")
    with reader.swap():
        reader.page.click("#earlier")
    assert "before=" in reader.page.url

    reader.press("n")

    _assert_arrived(reader, 45)
    assert reader.page.url.startswith(f"{reader.base}/stories/days/read?since=")
    assert reader.staleness() == []


def test_what_a_form_refuses_is_an_alert_and_the_words_stay(desk: Desk, the_tale: Tale) -> None:
    reader = desk.reader(the_tale)
    reader.stand_at(2)
    reader.go("/carry")
    reader.page.fill("#entered", "no code at all")
    reader.tab_to("form[action*='carry'] button")

    reader.press("Enter")

    expect(reader.page.get_by_role("alert")).to_contain_text("not a whole code")
    expect(reader.page.locator("#entered")).to_have_value("no code at all")
    assert reader.has_focus("form[action*='carry'] button")
    assert reader.page.url.endswith("/carry")

    reader.page.fill("#entered", reader.page.locator("#code").inner_text())
    reader.page.get_by_role("button", name="Read on from there").focus()
    reader.press("Enter")

    expect(reader.page.get_by_role("alert")).to_have_count(0)
    expect(reader.page.locator("#entered")).to_have_value("")


def test_nothing_is_focused_or_said_while_the_library_finds_the_readers_places(
    desk: Desk, the_tale: Tale
) -> None:
    reader = desk.reader(the_tale)
    reader.stand_at(4, threshold=1)

    reader.page.goto(reader.base)

    expect(reader.page.get_by_text("Scene 4, told up to")).to_be_visible()
    reader.settle()
    assert reader.focus()["tag"] == "body"
    assert reader.news() == ""


def test_the_link_to_a_scene_can_be_copied(desk: Desk, the_tale: Tale) -> None:
    reader = desk.reader(the_tale, permissions=["clipboard-read", "clipboard-write"])
    reader.stand_at(2, threshold=3)
    reader.go("/read")
    reader.page.locator("a.number").last.click()

    reader.page.get_by_role("button", name="Copy the link").click()

    expect(reader.page.locator("#news")).to_have_text("Copied.")
    assert reader.page.evaluate("navigator.clipboard.readText()") == reader.page.url


# --- keys


def test_the_keys_help_opens_and_closes_by_key_and_gives_the_focus_back(
    desk: Desk, the_tale: Tale
) -> None:
    reader = desk.reader(the_tale)
    reader.stand_at(2)
    reader.go("/read")
    reader.page.focus("#back")
    dialog = reader.page.get_by_role("dialog", name="Keys")

    reader.page.keyboard.press("?")
    expect(dialog).to_be_visible()
    before = reader.reached()
    for key in ("n", "b", "ArrowRight", "ArrowLeft", "f", "?"):
        reader.page.keyboard.press(key)
    reader.page.keyboard.press("Escape")

    expect(dialog).to_be_hidden()
    assert reader.has_focus("#back")
    _assert_nothing_was_asked(reader, before)


def test_the_keys_can_be_switched_off_and_on_again(desk: Desk, the_tale: Tale) -> None:
    reader = desk.reader(the_tale)
    reader.stand_at(2)
    reader.go("/read")
    before = reader.reached()

    reader.page.get_by_role("button", name="Keys", exact=True).click()
    reader.page.get_by_label("Use these keys").uncheck()
    reader.page.get_by_role("button", name="Close").click()
    reader.go("/read")
    for key in ("n", "b", "?", "f", "ArrowRight"):
        reader.page.keyboard.press(key)

    expect(reader.page.locator("#keys")).to_be_hidden()
    _assert_nothing_was_asked(reader, before)

    reader.page.get_by_role("button", name="Keys", exact=True).click()
    reader.page.get_by_label("Use these keys").check()
    reader.page.keyboard.press("Escape")
    reader.press("n")

    assert reader.reached() not in ("", before)


def test_keys_do_nothing_while_someone_types_or_chooses(desk: Desk, the_tale: Tale) -> None:
    reader = desk.reader(the_tale)
    reader.stand_at(2)
    for path, field in (("/read", "#threshold"), ("/carry", "#entered"), ("", "#marker")):
        reader.go(path)
        reader.page.evaluate("document.querySelectorAll('details').forEach((d) => (d.open = true))")
        before = reader.reached()
        reader.page.focus(field)
        for key in ("n", "b", "f", "?", "ArrowLeft", "ArrowRight"):
            reader.page.keyboard.press(key)

        expect(reader.page.locator("#keys")).to_be_hidden()
        _assert_nothing_was_asked(reader, before)


def test_keys_with_a_modifier_belong_to_the_browser(desk: Desk, the_tale: Tale) -> None:
    reader = desk.reader(the_tale)
    reader.stand_at(2)
    reader.go("/read")
    before = reader.reached()

    for key in ("n", "b", "ArrowLeft", "ArrowRight", "f"):
        for modifier in ("Alt", "Shift") if key.startswith("Arrow") else ("Control", "Meta", "Alt"):
            _press_in_page(reader.page, key, modifier)

    _assert_nothing_was_asked(reader, before)
    expect(reader.page.locator("#filter")).not_to_have_attribute("open", "")


def test_a_key_that_is_held_down_turns_one_scene(desk: Desk, the_tale: Tale) -> None:
    reader = desk.reader(the_tale)
    reader.stand_at(2)
    reader.go("/read")

    with reader.swap():
        for _ in range(5):
            reader.page.keyboard.down("n")
        reader.page.keyboard.up("n")

    _assert_arrived(reader, 3)


def _press_in_page(page: Page, key: str, modifier: str) -> None:
    """Press a key so that the page hears it and the browser does not act on it."""
    page.evaluate(
        """([key, modifier]) => document.body.dispatchEvent(new KeyboardEvent("keydown", {
          key, bubbles: true, cancelable: true,
          ctrlKey: modifier === "Control", metaKey: modifier === "Meta",
          altKey: modifier === "Alt", shiftKey: modifier === "Shift",
        }))""",
        [key, modifier],
    )


def _assert_nothing_was_asked(reader: Reader, reached: str) -> None:
    reader.settle()
    assert reader.page.locator("html").get_attribute("data-finished") is None
    assert reader.reached() == reached


# --- when it cannot be had


@pytest.mark.parametrize("fault", ["500", "no network"])
def test_when_a_step_fails_the_page_stays_and_says_so(
    desk: Desk, the_tale: Tale, fault: str
) -> None:
    reader = desk.reader(the_tale)
    reader.stand_at(3, threshold=1)
    reader.go("/read")
    before, address = reader.page.content(), reader.page.url
    shown = reader.page.locator("#main").inner_text()

    def fail(route: Route) -> None:
        if fault == "500":
            route.fulfill(status=500, content_type="text/html", body="<main id=main>Broken</main>")
        else:
            route.abort()

    for pattern, control in (("**/next?*", "#next"), ("**/read?*", "#order-2")):
        reader.page.evaluate("document.getElementById('filter').open = true")
        reader.page.route(pattern, fail)
        reader.page.focus(control)
        reader.press("Enter")

        assert reader.page.locator("#turn").inner_text() in shown, before
        assert reader.page.url == address
        assert "Nothing was lost" in reader.news()
        assert reader.has_focus(control)
        assert "The Lamp" in reader.page.title()
        reader.page.unroute(pattern)

    reader.page.evaluate("document.getElementById('filter').open = false")
    reader.page.focus("#next")
    reader.press("Enter")
    _assert_arrived(reader, 4)
    reader.faults.clear()


def _veiled(story: Tale) -> int:
    """The first scene of which nothing is told at the lowest level."""
    numbers = range(1, len(story.scenes) + 1)
    return next(number for number in numbers if story.telling(number, 0) is None)
