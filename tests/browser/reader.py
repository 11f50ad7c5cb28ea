"""A reader at a browser: what they do, and what they see."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from difflib import unified_diff
from pathlib import Path
from typing import Any, Literal

from playwright.sync_api import BrowserContext, ConsoleMessage, Page, Route, expect

from explorer.web.content_policy import HTMX_CDN, HTMX_FILE

from .serving import ROOT
from .tales import Tale

# Where the CDN is left alone the browser keeps its cache, which Playwright's routes switch off.
Cdn = Literal["answers", "unreachable", "tampered with", "left alone"]

VENDORED = ROOT / "static" / HTMX_FILE

# Counts what htmx has finished, so that tests need not guess when a swap is over.
_COUNT = """
let finished = 0;
document.addEventListener("htmx:finally:request", () => {
  document.documentElement.dataset.finished = ++finished;
});
"""

# The part of a page that swaps, without what scripts add to it and what the reader unfolded.
_PLAIN = """
(root) => {
  const main = root.querySelector("#main").cloneNode(true);
  for (const element of [main, ...main.querySelectorAll("*")]) {
    element.removeAttribute("data-htmx-powered");
    if (element.getAttribute("tabindex") === "-1") element.removeAttribute("tabindex");
    if (element.localName === "details") element.removeAttribute("open");
    const added = [...element.classList].filter((name) => name.startsWith("htmx-"));
    element.classList.remove("done", ...added);
    if (element.getAttribute("class") === "") element.removeAttribute("class");
    const attributes = [...element.attributes].sort((a, b) => (a.name < b.name ? -1 : 1));
    for (const {name} of attributes) element.removeAttribute(name);
    for (const {name, value} of attributes) element.setAttribute(name, value);
  }
  main.normalize();
  const fields = [...root.querySelectorAll("#main :is(select, input, textarea)")];
  const held = (field) => (field.type === "radio" ? field.checked : field.value);
  const filled = fields.map((field) => `${field.name}: ${held(field)}`);
  return [root.title, ...main.outerHTML.split("\\n"), ...filled];
}
"""
_HERE = f"() => ({_PLAIN})(document)"
_FRESH = f"""
async () => {{
  const answer = await fetch(location.pathname + location.search, {{cache: "no-store"}});
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  return ({_PLAIN})(page);
}}
"""

_FOCUS = """
() => {
  const it = document.activeElement;
  return {tag: it.localName, id: it.id, words: it.textContent.replace(/\\s+/g, " ").trim()};
}
"""

# Whether any of an element is in the window and nothing lies over it.
_IN_SIGHT = """
(element) => {
  const {left, right, top, bottom} = element.getBoundingClientRect();
  if (top < 0 || bottom > innerHeight) return false;
  const at = document.elementFromPoint((left + right) / 2, (top + bottom) / 2);
  return element.contains(at) || (at?.contains(element) && at.closest(".tools, .turn") === null);
}
"""


@dataclass
class Reader:
    """One tab of one reader, who has cookies of their own."""

    page: Page
    base: str
    story: str
    faults: list[str] = field(default_factory=list)
    notes: dict[str, str] = field(default_factory=dict)

    # --- going about

    def go(self, path: str = "") -> None:
        """Open a page of the story by its address."""
        self.page.goto(f"{self.base}/stories/{self.story}{path}")

    def tab(self) -> Reader:
        """Open another tab."""
        return Reader(self.page.context.new_page(), self.base, self.story, self.faults)

    @contextmanager
    def swap(self) -> Iterator[None]:
        """Wait until what is done in here has been answered and swapped in, without a new page."""
        before = self._finished()
        self.page.evaluate("document.documentElement.dataset.same = 'page'")
        yield
        root = self.page.locator("html")
        expect(root).to_have_attribute("data-finished", re.compile(rf"^(?!{before}$)\d+$"))
        expect(root).to_have_attribute("data-same", "page")
        self.settle()

    def _finished(self) -> int:
        return int(self.page.locator("html").get_attribute("data-finished") or 0)

    def settle(self) -> None:
        """Wait for the next frame, by which the browser has taken the focus off what is gone."""
        self.page.evaluate(
            "() => new Promise((go) => requestAnimationFrame(() => requestAnimationFrame(go)))"
        )

    def next(self) -> None:
        with self.swap():
            self.page.click("#next")

    def tab_to(self, selector: str) -> None:
        """Press Tab until the focus is on this, which must not take forever."""
        for _ in range(60):
            self.page.keyboard.press("Tab")
            if self.has_focus(selector):
                return
        raise AssertionError(f"Tab does not lead to {selector}")

    def follow(self, key: str) -> None:
        """Press a key that leads to another page."""
        with self.page.expect_navigation():
            self.page.keyboard.press(key)

    def press(self, key: str) -> None:
        """Press a key that asks for something, and wait until it is there."""
        with self.swap():
            self.page.keyboard.press(key)

    def tell_up_to(self, level: int) -> None:
        with self.swap():
            self.page.select_option("#threshold", str(level))
            self.page.get_by_role("button", name="Set", exact=True).first.click()

    # --- moves made behind the page's back, to stand somewhere at once

    def move(self, what: str, **form: str) -> str:
        """Post a move as the page would and give the part that it answers."""
        answer = self.page.context.request.post(
            f"{self.base}/stories/{self.story}/{what}",
            form=dict(form),
            headers={"Sec-Fetch-Site": "same-origin", "HX-Request-Type": "partial"},
        )
        assert answer.ok, f"{what} was answered {answer.status}"
        return answer.text()

    def stand_at(self, number: int, threshold: int = 0) -> None:
        """Turn as far as this scene, told up to this level."""
        last = _reached(self.move("threshold?page=read", threshold=str(threshold)))
        for _ in range(number):
            last = self.turn(last)

    def turn(self, last: str) -> str:
        """Turn to the scene after this one and give its key."""
        return _reached(self.move("next?page=read", **{"from": last}))

    # --- looking

    def staleness(self) -> list[str]:
        """In what the page differs from a new answer to its address, line by line."""
        here, fresh = self.page.evaluate(_HERE), self.page.evaluate(_FRESH)
        return list(unified_diff(fresh, here, n=0, lineterm=""))

    def focus(self) -> dict[str, str]:
        return dict(self.page.evaluate(_FOCUS))

    def has_focus(self, selector: str) -> bool:
        return bool(self.page.evaluate("(it) => document.activeElement.matches(it)", selector))

    def in_sight(self, selector: str) -> bool:
        """Whether this is in sight, once a busy browser has scrolled there."""
        shown = self.page.locator(selector).first
        for _ in range(40):
            if shown.evaluate(_IN_SIGHT):
                return True
            self.page.wait_for_timeout(50)
        return False

    def news(self) -> str:
        return self.page.locator("#news").inner_text().strip()

    def reached(self) -> str:
        return self.page.locator("#main").get_attribute("data-reached") or ""

    def everything(self) -> str:
        """All that the page holds, shown or not."""
        return self.page.content()


Open = Callable[..., Reader]


@dataclass
class Desk:
    """Opens browsers for readers, and sees to it that nothing goes wrong in them unnoticed."""

    new_context: Callable[..., BrowserContext]
    base: str
    watched: list[Reader] = field(default_factory=list)

    def reader(self, story: Tale, *, cdn: Cdn = "answers", **options: Any) -> Reader:
        """Sit a new reader down before a story; no file of it is opened so far."""
        options.setdefault("reduced_motion", "reduce")
        context = self.new_context(**options)
        context.set_default_timeout(20_000)
        context.add_init_script(_COUNT)
        reader = Reader(context.new_page(), self.base, story.id)
        faults = reader.faults
        context.on("weberror", lambda error: faults.append(str(error.error)))
        context.on(
            "console",
            lambda said: faults.append(said.text) if _is_fault(said) else None,
        )

        def answer(route: Route) -> None:
            if route.request.url.startswith(self.base + "/"):
                route.fallback()
            elif route.request.url == HTMX_CDN and cdn != "unreachable":
                _answer_for_the_cdn(route, VENDORED, tampered=cdn == "tampered with")
            else:
                faults.append(f"asked for {route.request.url}")
                route.abort()

        if cdn != "left alone":
            context.route(re.compile(f"^(?!{re.escape(self.base)}/)"), answer)
        if cdn in ("answers", "left alone"):
            self.watched.append(reader)
        return reader

    def faults(self) -> list[str]:
        return [fault for reader in self.watched for fault in reader.faults]


def _is_fault(said: ConsoleMessage) -> bool:
    """Chromium calls it an error too when a page says that there is no such thing."""
    answered = "status of 4" in said.text and "/static/" not in said.location["url"]
    return said.type in ("error", "warning") and not answered


def _answer_for_the_cdn(route: Route, file: Path, *, tampered: bool) -> None:
    route.fulfill(
        body=file.read_bytes() + (b"\n// and more" if tampered else b""),
        content_type="text/javascript",
        headers={"Access-Control-Allow-Origin": "*"},
    )


def _reached(part: str) -> str:
    found = re.search(r'data-reached="([^"]*)"', part)
    assert found is not None, "The answer is no page of a story."
    return found[1]
