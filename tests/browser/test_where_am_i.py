"""Saying where one is, as one meets it: asked in words, confirmed by a key, taken back by one."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from .reader import Desk, Reader
from .tales import Tale

pytestmark = pytest.mark.browser


def _say(reader: Reader, words: str) -> None:
    """Unfold the field, fill it in, and send it, with the keyboard alone."""
    reader.go()
    reader.page.locator("#known summary").focus()
    reader.page.keyboard.press("Enter")
    reader.page.locator("#marker").focus()
    reader.page.keyboard.type(words)
    reader.page.keyboard.press("Enter")


@pytest.mark.parametrize("width", [360, 1280])
@pytest.mark.parametrize("script", [True, False])
def test_a_place_is_said_confirmed_and_taken_back_by_keyboard(
    desk: Desk, the_tale: Tale, width: int, script: bool
) -> None:
    reader = desk.reader(
        the_tale, java_script_enabled=script, viewport={"width": width, "height": 740}
    )
    page = reader.page
    _say(reader, "0:08:00")

    expect(page.locator("h1")).to_have_text("Is this where you are?")
    expect(page.locator(".asked strong")).to_have_text("8 minutes")
    if script:
        assert reader.focus()["words"] == "Is this where you are?"
        expect(page.locator("#news")).to_contain_text("You said that you are at 8 minutes")
    assert page.evaluate("document.documentElement.scrollWidth") <= width

    yes = page.get_by_role("button", name="Yes, tell me up to there")
    yes.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text("You said that you know it up to scene")).to_have_count(1)
    assert "saw=" in page.url

    back = page.get_by_role("button", name="Take back", exact=True)
    back.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text("You said that you know it up to scene")).to_have_count(0)
    assert "saw=" not in page.url


@pytest.mark.parametrize("script", [True, False])
def test_a_clock_with_two_readings_is_two_buttons(desk: Desk, the_tale: Tale, script: bool) -> None:
    reader = desk.reader(the_tale, java_script_enabled=script)
    _say(reader, "00:08")

    expect(reader.page.locator("h1")).to_have_text("Which of these do you mean?")
    buttons = reader.page.locator(".asked button")
    expect(buttons).to_have_text(["8 seconds", "8 minutes"])
    reader.page.get_by_role("link", name="No, go back").click()
    expect(reader.page.locator("#marker")).to_have_value("")


def test_who_has_finished_is_asked_once_more(desk: Desk, the_tale: Tale) -> None:
    reader = desk.reader(the_tale)
    reader.go()
    yes = reader.page.get_by_role("button", name="Yes, I know it to the end")
    expect(yes).to_be_hidden()
    reader.page.get_by_text("I have finished it").click()
    with reader.swap():
        yes.click()

    assert reader.staleness() == []
    expect(reader.page.get_by_role("button", name="Take back", exact=True)).to_have_count(1)
