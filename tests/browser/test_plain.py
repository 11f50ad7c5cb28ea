"""Without JavaScript, without htmx, or with the copy of it from here: everything works."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, Request, expect

from .reader import Cdn, Desk, Reader
from .tales import Tale

pytestmark = pytest.mark.browser


def _press(reader: Reader, name: str) -> None:
    reader.page.get_by_role("button", name=name, exact=True).first.click()


def _follow(reader: Reader, name: str) -> None:
    reader.page.get_by_role("link", name=name, exact=True).first.click()


def _titles(reader: Reader) -> list[str]:
    return reader.page.locator("#main > .scenes h3").all_inner_texts()


def test_without_javascript_a_story_is_chosen_and_read_and_taken_back(
    desk: Desk, the_tale: Tale
) -> None:
    reader = desk.reader(the_tale, java_script_enabled=False)
    page = reader.page
    page.goto(reader.base)
    _follow(reader, the_tale.title)
    page.get_by_label("Start").check()
    _press(reader, "Start reading")
    expect(page.locator("#standing")).to_contain_text("Scene 1, told up to Start")

    for number in range(2, 8):
        _press(reader, "Next scene")

        newest = page.locator("#main > .scenes > .scene").last
        expect(newest.locator(".meta")).to_contain_text(str(number))
        assert page.url.endswith(f"#{newest.get_attribute('id')}")
        assert reader.in_sight("#main > .scenes > .scene:last-child .meta")

    _press(reader, "Take back")
    expect(page.locator("#standing")).to_contain_text("Scene 6")
    page.goto(reader.base)
    page.get_by_role("listitem").filter(has_text=the_tale.title).get_by_text("Where was I?").click()
    expect(page.locator("#main")).to_contain_text("Scene 6, told up to Start. There is more.")


def test_without_javascript_a_veil_asks_once_opens_and_closes(desk: Desk, the_tale: Tale) -> None:
    reader = desk.reader(the_tale, java_script_enabled=False)
    reader.stand_at(4)
    reader.go("/read")
    title = the_tale.scenes[2]["title"]
    veil = reader.page.locator(".scene.veiled").first
    expect(veil.get_by_role("button")).to_be_hidden()

    veil.locator("summary").click()
    _press(reader, "Yes, tell me")
    assert title in _titles(reader)

    _press(reader, "Close it again")
    assert title not in reader.everything()


def test_without_javascript_filter_and_order_work_and_stay_while_reading_on(
    desk: Desk, the_tale: Tale
) -> None:
    reader = desk.reader(the_tale, java_script_enabled=False)
    reader.stand_at(9, threshold=3)
    reader.go("/read")
    told = _titles(reader)

    reader.page.locator("#filter summary").click()
    _follow(reader, "as it happened")
    assert sorted(_titles(reader)) == sorted(told)
    assert _titles(reader) != told
    reader.page.locator("#filter summary").click()
    _follow(reader, "Ben")
    assert 0 < len(_titles(reader)) < len(told)
    _press(reader, "Next scene")
    expect(reader.page).to_have_url(f"{reader.page.url.partition('?')[0]}?{_query(reader)}")
    assert "order=happened" in reader.page.url
    assert "who=" in reader.page.url


def _query(reader: Reader) -> str:
    return reader.page.url.partition("?")[2]


def test_without_javascript_what_is_known_of_the_work_can_be_said_and_unsaid(
    desk: Desk, the_tale: Tale
) -> None:
    reader = desk.reader(the_tale, java_script_enabled=False)
    reader.stand_at(6)
    reader.go()
    reader.page.get_by_text("I know a part of it already").click()
    reader.page.get_by_label("I am at").fill("00:08:00")
    reader.page.locator("#known form").first.get_by_role("button").click()
    expect(reader.page.locator(".asked strong")).to_have_text("8 minutes")
    _press(reader, "Yes, tell me up to there")

    reader.go("/read")
    title = the_tale.scenes[7]["title"]
    assert _titles(reader)[7] == title
    _follow(reader, title)
    _press(reader, "I know nothing of it after all")
    expect(reader.page.get_by_text("You said that you know it")).to_have_count(0)

    reader.go()
    reader.page.get_by_text("Content warnings").click()
    _press(reader, "Warn me before")
    reader.go("/read")
    expect(reader.page.locator(".scene.veiled, .scene.partly").first).to_be_visible()
    assert "smoke" in reader.everything()


def test_without_javascript_people_are_found_and_the_bookmark_is_carried(
    desk: Desk, the_tale: Tale
) -> None:
    reader = desk.reader(the_tale, java_script_enabled=False)
    reader.stand_at(9, threshold=3)
    page = reader.page
    reader.go("/read")
    _follow(reader, "People")
    _follow(reader, "Ben")
    expect(page.locator("h1")).to_have_text("Ben")
    _follow(reader, "Read these scenes together")
    assert "who=" in page.url

    reader.go("/carry")
    code = page.locator("#code").inner_text()
    _press(reader, "Forget my bookmark")
    reader.go("/read")
    expect(page.locator("#standing")).to_contain_text("Before the first scene, told up to Cover")

    reader.go("/carry")
    page.get_by_label("The code from there").fill("nonsense")
    _press(reader, "Read on from there")
    expect(page.get_by_role("alert")).to_contain_text("not a whole code")
    expect(page.get_by_label("The code from there")).to_have_value("nonsense")
    page.get_by_label("The code from there").fill(code)
    _press(reader, "Read on from there")
    reader.go("/read")
    expect(page.locator("#standing")).to_contain_text("Scene 9, told up to End")


def test_without_javascript_a_link_to_a_scene_ahead_lets_the_reader_open_it(
    desk: Desk, the_tale: Tale
) -> None:
    scout = desk.reader(the_tale, java_script_enabled=False)
    scout.stand_at(20, threshold=3)
    scout.go("/read")
    scout.page.locator("h3 a").last.click()
    reader = desk.reader(the_tale, java_script_enabled=False)
    reader.stand_at(2)
    title = the_tale.scenes[19]["title"]

    reader.page.goto(scout.page.url)
    expect(reader.page.locator("h1")).to_have_text("A scene ahead of you")
    assert title not in reader.everything()
    _press(reader, "Open this one scene")

    expect(reader.page.locator("h1")).to_have_text(title)
    reader.go("/read")
    expect(reader.page.locator("#standing")).to_contain_text("Scene 2")
    expect(reader.page.locator(".ahead")).to_contain_text(title)


# --- htmx from elsewhere, from here, and from nowhere


@pytest.mark.parametrize("cdn", ["unreachable", "tampered with"])
def test_where_htmx_is_not_to_be_had_the_page_works(desk: Desk, the_tale: Tale, cdn: Cdn) -> None:
    reader = desk.reader(the_tale, cdn=cdn)
    page = reader.page
    reader.stand_at(2)
    reader.go("/read")
    assert page.evaluate("window.htmx") is None

    _press(reader, "Next scene")
    expect(page.locator("#standing")).to_contain_text("Scene 3")
    expect(page.locator("html.js")).to_be_attached()
    reader.follow("n")
    expect(page.locator("#standing")).to_contain_text("Scene 4")
    page.select_option("#threshold", "3")
    _press(reader, "Set")
    expect(page.locator("#standing")).to_contain_text("Scene 4, told up to End")
    assert page.evaluate("window.htmx") is None


def test_where_htmx_is_not_to_be_had_another_tab_follows_as_well(
    desk: Desk, the_tale: Tale
) -> None:
    reader = desk.reader(the_tale, cdn="unreachable")
    reader.stand_at(4, threshold=3)
    reader.go("/read")
    other = reader.tab()
    other.go("/read")

    reader.page.bring_to_front()
    reader.page.select_option("#threshold", "0")
    _press(reader, "Set")

    expect(other.page.locator("#threshold")).to_have_value("0")


def test_with_the_local_copy_pages_swap_and_nobody_else_is_asked_for_anything(
    browser: Browser, local_site: str, the_tale: Tale
) -> None:
    desk = Desk(browser.new_context, local_site)
    reader = desk.reader(the_tale, cdn="unreachable")
    asked: list[str] = []

    def note(request: Request) -> None:
        asked.append(request.url)

    reader.page.on("request", note)
    reader.page.goto(local_site)
    expect(reader.page.locator(".place-here")).to_contain_text("Choose how much")
    reader.stand_at(3, threshold=1)
    reader.go("/read")

    reader.next()
    reader.press("n")

    expect(reader.page.locator("#standing")).to_contain_text("Scene 5")
    assert reader.staleness() == []
    assert [url for url in asked if not url.startswith(local_site)] == []
    assert reader.faults == []
    reader.page.context.close()
