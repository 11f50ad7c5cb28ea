"""Every page is for everyone: at any width, in light and dark, with any hand, eye and reader."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import product
from typing import Any, Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from .reader import Desk, Reader
from .serving import ROOT
from .tales import Tale

pytestmark = pytest.mark.browser

WIDTHS = (320, 360, 768, 1280, 1600)
SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")

# --- every page there is, as one reader meets it


def _library(reader: Reader) -> None:
    reader.page.goto(reader.base)
    expect(reader.page.locator(".place-here").first).to_contain_text("Choose")


def _unfolded(path: str) -> Callable[[Reader], None]:
    def go(reader: Reader) -> None:
        reader.go(path)
        for name in ("#known", "#warning", "#filter", ".asking"):
            reader.page.evaluate(
                "(name) => document.querySelectorAll(name).forEach((it) => (it.open = true))", name
            )

    return go


def _at(selector: str, path: str = "/read") -> Callable[[Reader], None]:
    """The page that a link leads to."""

    def go(reader: Reader) -> None:
        reader.go(path)
        href = reader.page.locator(selector).last.get_attribute("href") or ""
        reader.page.goto(reader.base + href)

    return go


def _chosen(selector: str, *more: str) -> Callable[[Reader], None]:
    """The reading page after these choices of its panel."""

    def go(reader: Reader) -> None:
        reader.go("/read")
        reader.page.keyboard.press("f")
        for one in (selector, *more):
            with reader.swap():
                reader.page.click(one)

    return go


def _refused(reader: Reader) -> None:
    reader.go("/carry")
    reader.page.fill("#entered", "nonsense")
    with reader.swap():
        reader.page.get_by_role("button", name="Read on from there").click()


def _keys(reader: Reader) -> None:
    reader.go("/read")
    reader.page.keyboard.press("?")


def _ahead(reader: Reader) -> None:
    reader.go(f"/scenes/{reader.notes['ahead']}")
    expect(reader.page.locator("#gate-title")).to_be_visible()


PAGES: dict[str, Callable[[Reader], None]] = {
    "library": _library,
    "front": lambda reader: reader.go(),
    "front, unfolded": _unfolded(""),
    "read": lambda reader: reader.go("/read"),
    "read, unfolded": _unfolded("/read"),
    "read, filtered": _chosen("#who-1", "#who-2"),
    "read, the newest missing": _chosen("#time-2"),
    "read, as it happened": _chosen("#order-2"),
    "a scene": _at(".scene.open h3 a"),
    "a scene told in part": _at(".scene.partly h3 a"),
    "a flashback": _at(".scene.flashback h3 a"),
    "a veiled scene": _at(".scene.veiled a.number"),
    "a scene opened ahead": _at(".ahead h3 a"),
    "a scene ahead": _ahead,
    "people": lambda reader: reader.go("/people"),
    "a person": _at(".people h2 a", "/people"),
    "the shape": lambda reader: reader.go("/shape"),
    "to be printed": lambda reader: reader.go("/print"),
    "search": lambda reader: reader.go("/search?q=bread"),
    "search, nothing found": lambda reader: reader.go("/search?q=zeppelin"),
    "carry": lambda reader: reader.go("/carry"),
    "a code refused": _refused,
    "nothing there": lambda reader: reader.go("/people/aaaaaaaaaaaa"),
    "keys": _keys,
}


def _stand(reader: Reader, story: Tale) -> Reader:
    """Stand where there is a bit of everything: veils, parts, flashbacks, opened ones."""
    keys = _keys_of_scenes(reader, story)
    reader.move("forget")
    reader.stand_at(15, threshold=1)
    reader.move("warned", warned="yes")
    for number in (3, 24):
        reader.move(f"scenes/{keys[number]}/open")
    reader.notes["ahead"] = keys[26]
    return reader


def _keys_of_scenes(reader: Reader, story: Tale) -> dict[int, str]:
    """The addresses of scenes, from walking through all of them."""
    keys: dict[int, str] = {}
    for number in range(1, len(story.scenes) + 1):
        keys[number] = reader.turn(keys.get(number - 1, ""))
    return keys


@pytest.fixture
def reader(desk: Desk, the_tale: Tale) -> Reader:
    return _stand(desk.reader(the_tale), the_tale)


def _each_page(reader: Reader) -> Iterator[str]:
    for name, go in PAGES.items():
        go(reader)
        yield name


def test_the_reading_page_of_these_tests_has_a_bit_of_everything(reader: Reader) -> None:
    reader.go("/read")

    for kind in ("open", "partly", "veiled", "flashback", "dream"):
        assert reader.page.locator(f".scene.{kind}").count(), kind
    for part in (".part", ".ahead .scene", ".closing", ".warnings", ".chip", ".time-mark"):
        assert reader.page.locator(part).count(), part


# --- what a machine can tell about access


# What axe finds, by all rules that it asks by default or by those of them about colours alone.
_FOUND = """
async (coloursAlone) => {
  const colours = axe.getRules(["cat.color"]).filter((one) => !one.tags.includes("wcag2aaa"));
  const some = {runOnly: {type: "rule", values: colours.map((one) => one.ruleId)}};
  const options = {resultTypes: ["violations"], ...(coloursAlone ? some : {})};
  const {violations} = await axe.run(document, options);
  return violations.map(({id, nodes}) => [id, nodes.map((one) => one.html)]);
}
"""


def test_axe_finds_nothing_on_any_page_small_or_large_light_or_dark(reader: Reader) -> None:
    script = Axe().axe_script
    found: dict[str, Any] = {}

    for name in _each_page(reader):
        reader.page.evaluate(script)
        for width, scheme in product((360, 1280), SCHEMES):
            reader.page.set_viewport_size({"width": width, "height": 800})
            reader.page.emulate_media(color_scheme=scheme)
            for rule, nodes in reader.page.evaluate(_FOUND, scheme == "dark"):
                found[f"{name}, {width}, {scheme}: {rule}"] = [node[:120] for node in nodes]

    assert found == {}


def test_the_dark_differs_from_the_light_in_nothing_but_colours() -> None:
    sheets = "".join(path.read_text() for path in (ROOT / "static").rglob("*.css"))

    # `light-dark()` is for colours alone, and nothing else in the sheets asks for the scheme.
    assert "light-dark(" in sheets
    assert "prefers-color-scheme" not in sheets


_TOO_WIDE = """
() => {
  const limit = document.documentElement.clientWidth;
  const scrolled = (it) => it !== null && it !== document.documentElement
    && (/auto|scroll/.test(getComputedStyle(it).overflowX) || scrolled(it.parentElement));
  const wide = [...document.querySelectorAll("body *")].filter((it) => {
    const box = it.getBoundingClientRect();
    const over = box.width > 1 && box.right > limit + 0.5 && it.checkVisibility();
    return over && !scrolled(it.parentElement);
  });
  const scrolls = document.documentElement.scrollWidth > limit;
  return (scrolls ? ["the page"] : []).concat(wide.map((it) => it.outerHTML.slice(0, 100)));
}
"""


def test_no_page_scrolls_sideways_at_any_width(reader: Reader) -> None:
    found: dict[str, list[str]] = {}

    for name in _each_page(reader):
        for width in WIDTHS:
            reader.page.set_viewport_size({"width": width, "height": 700})
            wide = reader.page.evaluate(_TOO_WIDE)
            if wide:
                found[f"{name}, {width}"] = wide

    assert found == {}


def test_no_page_scrolls_sideways_when_everything_is_twice_as_large(
    desk: Desk, the_tale: Tale
) -> None:
    zoomed = desk.reader(the_tale, viewport={"width": 640, "height": 450}, device_scale_factor=2)
    found: dict[str, list[str]] = {}

    for name in _each_page(_stand(zoomed, the_tale)):
        wide = zoomed.page.evaluate(_TOO_WIDE)
        zoomed.page.evaluate("document.documentElement.style.fontSize = '200%'")
        wide += zoomed.page.evaluate(_TOO_WIDE)
        if wide:
            found[name] = wide

    assert found == {}


_TOO_SMALL = """
() => {
  const all = document.querySelectorAll(
    "a[href], button, select, input:not([type=hidden]), textarea, summary");
  const inText = (it) => it.localName === "a" && getComputedStyle(it).display === "inline"
    && it.parentElement.textContent.trim() !== it.textContent.trim();
  return [...all].filter((it) => {
    if (!it.checkVisibility({visibilityProperty: true}) || inText(it)) return false;
    const {width, height} = (it.closest("label") ?? it).getBoundingClientRect();
    return width > 1 && Math.min(width, height) < 24;
  }).map((it) => `${Math.round(it.getBoundingClientRect().height)}: ${it.outerHTML.slice(0, 90)}`);
}
"""


def test_whatever_can_be_touched_is_large_enough_for_a_finger(reader: Reader) -> None:
    found: dict[str, list[str]] = {}
    reader.page.set_viewport_size({"width": 360, "height": 740})

    for name in _each_page(reader):
        small = reader.page.evaluate(_TOO_SMALL)
        if small:
            found[name] = small

    assert found == {}


_IN_PRINT = """
() => {
  const all = document.querySelectorAll(
    "button, select, input, textarea, summary, dialog, nav a:not(.bar-title)");
  const shown = [...all].filter((it) => it.checkVisibility({visibilityProperty: true}));
  return shown.map((it) => it.outerHTML.slice(0, 90));
}
"""


def test_on_paper_there_are_words_and_no_controls(reader: Reader) -> None:
    found: dict[str, list[str]] = {}

    for name in _each_page(reader):
        reader.page.emulate_media(media="print", color_scheme="dark")
        shown = reader.page.evaluate(_IN_PRINT)
        if shown:
            found[name] = shown
        ink = reader.page.evaluate("getComputedStyle(document.body).color")
        assert reader.page.evaluate(_LIGHTNESS, ink) < 0.3, f"{name} is printed in {ink}"
        reader.page.emulate_media(media="screen")

    assert found == {}


# How light a color is, from 0 to 1, as it is painted.
_LIGHTNESS = """
(color) => {
  const brush = document.createElement("canvas").getContext("2d");
  brush.fillStyle = color;
  brush.fillRect(0, 0, 1, 1);
  const [red, green, blue] = brush.getImageData(0, 0, 1, 1).data;
  return (red + green + blue) / 765;
}
"""


# --- motion


def test_with_reduced_motion_nothing_moves_by_itself(desk: Desk, the_tale: Tale) -> None:
    reader = desk.reader(the_tale, reduced_motion="reduce")
    reader.stand_at(8, threshold=3)
    reader.go("/read")
    reader.page.evaluate(
        """() => document.addEventListener("htmx:after:swap", () => {
          window.moving = document.getAnimations().length;
          window.placed = scrollY;
        })"""
    )

    reader.press("n")

    assert reader.page.evaluate("window.moving") == 0
    assert reader.page.evaluate("window.placed === scrollY && scrollY > 0")
