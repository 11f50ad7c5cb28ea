"""After every swap the page equals a fresh answer to its address, whatever led to it."""

from __future__ import annotations

import random
from dataclasses import dataclass, field

import pytest
from playwright.sync_api import Locator, expect

from .reader import Desk, Reader
from .tales import Tale

pytestmark = pytest.mark.browser

SEED = 2

# What can be pressed, and whether it is folded away at first.
_CONTROLS = {
    "turn": ("#next", False),
    "take back": ("#back", False),
    "choose a level": (".threshold button", False),
    "filter": ("a.chip[data-hx-boost]", True),
    "show everything": (".panel p a", True),
    "show the missing": ("#missing a", False),
    "see earlier": ("#earlier", False),
    "see later": ("#later", False),
    "see the latest": ("#latest", False),
    "open": (".asking button", True),
    "open the gate": (".gate button", False),
    "close": (".closing button", False),
    "confirm a place": (".asked button", False),
    "say it is seen": ("form[action*='/seen'] button:enabled", True),
    "ask for warnings": ("form[action*='/warned'] button", True),
    "take in a code": ("form[action*='/carry'] button", False),
    "forget": ("form[action*='/forget'] button", False),
}

# What is done more often than the rest, so that there is something to walk through.
_OFTEN = {
    "turn": 4,
    "go elsewhere": 3,
    "choose a level": 2,
    "filter": 2,
    "forget": 0.3,
    "say it is seen": 0.5,
}

_COUNT = """
(selectors) => Object.fromEntries(Object.entries(selectors).map(
  ([name, selector]) => [name, document.querySelectorAll(`#main :is(${selector})`).length]
))
"""


@dataclass
class Walker:
    """Does anything that the page offers, as chance has it, and remembers what.

    It also goes to the pages of `elsewhere`, which need not be linked.
    """

    reader: Reader
    chance: random.Random
    elsewhere: tuple[str, ...]
    steps: list[str] = field(default_factory=list)
    kinds: list[str] = field(default_factory=list)

    def step(self) -> None:
        """Do one of the things that can be done here, rather one that was done seldom so far."""
        selectors = {name: selector for name, (selector, _) in _CONTROLS.items()}
        counts: dict[str, int] = self.reader.page.evaluate(_COUNT, selectors)
        names = [name for name, count in counts.items() if count] + ["go elsewhere"]
        name = self._seldom(names, [step.partition(" at ")[0] for step in self.steps])
        self.steps.append(f"{name} at {self.reader.page.url.partition('/stories/')[2]}")
        if name == "go elsewhere":
            self._go_elsewhere()
        else:
            self._press(name, self.chance.randrange(counts[name]))

    def _seldom(self, names: list[str], done: list[str]) -> str:
        weights = [(_OFTEN.get(name, 1) / (1 + done.count(name))) ** 2 for name in names]
        return self.chance.choices(names, weights)[0]

    def _press(self, name: str, which: int) -> None:
        """Press one of these, after unfolding what it is folded into and filling in its form."""
        selector, folded = _CONTROLS[name]
        one = self.reader.page.locator(f"#main :is({selector})").nth(which)
        if folded:
            _unfold(one)
        self._fill(one)
        with self.reader.swap():
            one.click()

    def _fill(self, button: Locator) -> None:
        """Fill in what stands beside a button in its form."""
        form = button.locator("xpath=ancestor::form")
        for name, words in {
            "marker": f"{self.chance.randint(0, 30)} minutes",
            "code": self.chance.choice([self._code(), "no code"]),
        }.items():
            field = form.locator(f"[name={name}]:not([type=hidden])")
            if field.count():
                field.fill(words)
        levels = form.locator("select option").count()
        if levels:
            form.locator("select").select_option(str(self.chance.randrange(levels)))

    def _code(self) -> str:
        return "".join(self.reader.page.locator("#code").all_inner_texts())

    def _go_elsewhere(self) -> None:
        """Follow a link to a page of some kind, chosen by its kind: scenes have the most links."""
        links = self.reader.page.locator("#main a[href*='/stories/']:not([data-hx-boost])")
        found = links.evaluate_all("all => all.map((link) => link.getAttribute('href'))")
        paths = {link.partition(self.reader.story)[2] for link in found if "/export" not in link}
        kinds: dict[str, list[str]] = {}
        for path in sorted(paths | {*self.elsewhere}):
            kinds.setdefault("/".join(path.partition("?")[0].split("/")[:2]), []).append(path)
        kind = self._seldom(list(kinds), self.kinds)
        self.kinds.append(kind)
        self.reader.go(self.chance.choice(kinds[kind]))


def _unfold(inside: Locator) -> None:
    """Unfold what this is folded into, as a reader would."""
    folded = inside.locator("xpath=ancestor::details[not(@open)]")
    if folded.count():
        folded.locator("summary").click()


def _assert_fresh(reader: Reader, steps: list[str]) -> None:
    # What was wrong with a form is said once, and a question asked; their address does neither.
    if not reader.page.locator(".problem, .asked").count():
        assert reader.staleness() == [], steps


def _last_scene(reader: Reader, story: Tale) -> str:
    """The address of the last scene, for a reader who has not read that far."""
    reader.stand_at(len(story.scenes))
    reader.go("/read")
    key = reader.reached()
    reader.move("forget")
    return f"/scenes/{key}"


def test_whatever_is_done_in_one_tab_the_page_is_as_a_fresh_one(desk: Desk, the_tale: Tale) -> None:
    reader = desk.reader(the_tale)
    ahead = _last_scene(reader, the_tale)
    reader.stand_at(6, threshold=1)
    reader.go("/read")
    walker = Walker(reader, random.Random(SEED), ("", "/read", "/carry", ahead))

    for _ in range(90):
        walker.step()

        _assert_fresh(reader, walker.steps)
        assert reader.focus()["tag"] != "body" or walker.steps[-1].startswith("go "), walker.steps

    undone = _CONTROLS.keys() - {step.partition(" at ")[0] for step in walker.steps}
    assert len(undone) < 4, undone


def test_windows_of_a_long_story_are_as_fresh_ones(desk: Desk, the_days: Tale) -> None:
    reader = desk.reader(the_days)
    reader.stand_at(44, threshold=1)
    reader.go("/read")
    walker = Walker(reader, random.Random(SEED), ("/read",))

    for _ in range(25):
        walker.step()
        if "/read" not in reader.page.url:
            reader.go("/read")

        _assert_fresh(reader, walker.steps)


def test_two_tabs_whose_moves_interleave_agree_with_each_other_and_with_fresh_pages(
    desk: Desk, the_tale: Tale
) -> None:
    one = desk.reader(the_tale)
    one.stand_at(9, threshold=2)
    one.go("/read")
    other = one.tab()
    other.go("/read?order=happened")
    chance = random.Random(SEED)
    walkers = [Walker(tab, chance, ("", "/read", "/carry")) for tab in (one, other)]

    for _ in range(30):
        walker = chance.choice(walkers)
        idle = walkers[1 - walkers.index(walker)]
        walker.reader.page.bring_to_front()
        walker.step()
        idle.steps.append(f"(the other did: {walker.steps[-1]})")
        _settle(walker.reader, idle.reader)

        _assert_fresh(walker.reader, walker.steps)
        _assert_fresh(idle.reader, idle.steps)


def _settle(mover: Reader, idle: Reader) -> None:
    """Wait until the idle tab knows the bookmark that the mover's page was made from."""
    token = mover.page.locator("#main").get_attribute("data-token") or ""
    main = idle.page.locator("#main")
    if main.get_attribute("data-token") is None:
        # What it showed is not there for this reader any more; a page says so.
        expect(main).to_have_class("error")
        idle.go("/read")
    expect(main).to_have_attribute("data-token", token)
