"""Only the reader's own POST moves a bookmark, and it moves it exactly as the contract says.

What a form does is told by `tests.shield.prove.contract`, which knows the contract and not the app.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from itertools import product
from random import Random

import pytest
from flask import Flask
from hypothesis import Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import text
from werkzeug.http import dump_cookie

from tests.conftest import Serve
from tests.shield.oracle import Reader
from tests.shield.prove.asking import NOBODY, VISITORS, Asking
from tests.shield.prove.bookmarks import FIRST, laid, mark, past, scene_key
from tests.shield.prove.contract import Sent, outcome
from tests.support import tale
from tests.support.crawl import PART, Answer, crawl
from tests.support.crawl import Reader as Browser

TALE = tale.document()
HISTORY = [past(TALE, 1)]
HOME = f"/stories/{TALE['id']}"
KEYS = [scene_key(TALE, scene["id"]) for scene in TALE["scenes"]]
WAS = scene_key(TALE, "skimmer")
# Of two numbers the earlier reading is meant: the first one is before all of the tale.
MARKERS = ["00:10", "15:00", "0:15:00", "0:45:00", "50 minutes", "1:19:00", "99:00:00", "00:00"]
MARKERS += ["", "nowhere", "page 12", "1:99:00", "45"]

MIDDLE = Reader(1, 5, 2, frozenset({"fulmar", "bittern"}), True, finished=False)
END = Reader(3, 8, 8, finished=True)
READERS = [
    FIRST,
    Reader(0, 1, finished=False),
    MIDDLE,
    END,
    replace(END, finished=False),
    Reader(2, 4, withheld=frozenset({"petrel"}), finished=False),
]

# Sites that are not ours, and ways to pretend.
ELSEWHERE: list[dict[str, str]] = [
    {},
    {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-site"},
    {"Sec-Fetch-Site": "none"},
    {"Sec-Fetch-Site": "cross-site", "Origin": "http://localhost"},
    {"Origin": "https://elsewhere.example"},
    {"Origin": "null"},
    {"Referer": f"http://localhost{HOME}/read"},
    {**PART, "Origin": "https://elsewhere.example", "HX-Current-URL": f"http://localhost{HOME}"},
]


@pytest.fixture(scope="module")
def app(serve: Serve) -> Flask:
    return serve(json.dumps(TALE).encode())


def cookie(reader: Reader) -> str:
    return mark(TALE, reader, 1).text


def browser(app: Flask, reader: Reader, headers: Mapping[str, str] | None = None) -> Browser:
    return Browser(app, headers=headers).keep(HOME, cookie(reader))


def place(of: Browser) -> Reader:
    """Give where a browser's bookmark stands."""
    return laid(TALE, HISTORY, of.cookies.get(HOME, "").removeprefix("bookmark="))


def moves_nothing(answer: Answer) -> bool:
    """Whether an answer neither sets a cookie nor makes a page send a form by itself."""
    sent = {name.lower() for name, _ in answer.headers}
    return not sent & {"set-cookie", "refresh", "clear-site-data", "hx-trigger", "hx-location"}


# --- the cookie --------------------------------------------------------------------------------


@pytest.mark.parametrize("prefix", ["", "/plots", "/a.b/~c_d-e"])
def test_a_cookie_is_what_the_framework_would_set(serve: Serve, prefix: str) -> None:
    twin = TALE | {"id": "twin"}
    app = serve(json.dumps(TALE).encode(), json.dumps(twin).encode(), url_prefix=prefix)

    for scheme, story, move in product(
        ("http", "https", "http"), (TALE["id"], "twin"), ("next", "forget", "next")
    ):
        home = f"{prefix}/stories/{story}"
        reader = Browser(app, base=f"{scheme}://localhost").keep(home, "1.1.1.1....")
        (line,) = reader.post(f"{home}/{move}", {"from": ""}).every("Set-Cookie")

        key = scene_key(story_of(story), TALE["scenes"][0]["id"])
        assert line == dump_cookie(
            "bookmark",
            "" if move == "forget" else f"2.0.1.1.1.{key}...",
            max_age=0 if move == "forget" else 400 * 24 * 60 * 60,
            path=home,
            secure=scheme == "https",
            httponly=True,
            samesite="Lax",
            sync_expires=False,
        )


def story_of(ident: str) -> dict[str, str]:
    """Give as much of a story as its keys are made from."""
    return {"id": ident}


# --- whoever only looks ------------------------------------------------------------------------


@pytest.mark.parametrize("visitor", VISITORS)
def test_looking_at_everything_in_any_order_moves_nothing(app: Flask, visitor: str) -> None:
    rng = Random(visitor)
    reader = READERS[list(VISITORS).index(visitor) % len(READERS)]
    looking = browser(app, reader, VISITORS[visitor])
    addresses = list(Asking(app, [TALE, TALE], reader, rng).addresses())
    addresses += [f"{HOME}/{move}" for move in ("next", "threshold", "seen", "back", "forget")]
    addresses += [f"{HOME}/scenes/{key}/open" for key in KEYS]
    rng.shuffle(addresses)

    for target in addresses:
        method = rng.choice(("GET", "GET", "GET", "HEAD", "OPTIONS"))
        answer = looking.send(method, target)
        assert moves_nothing(answer), (method, target)
    assert looking.cookies == {HOME: f"bookmark={cookie(reader)}"}


def test_following_every_link_from_page_to_page_moves_nothing(app: Flask) -> None:
    looking = browser(app, MIDDLE)
    before = looking.get(f"{HOME}/read")

    for target, answer in crawl(looking, [HOME, "/"], most_pairs=1).items():
        assert moves_nothing(answer), target
    assert looking.get(f"{HOME}/read") == before
    assert looking.cookies == {HOME: f"bookmark={cookie(MIDDLE)}"}


@pytest.mark.parametrize(
    "page", ["", "/read", "/people", "/card", "/search", "/carry", "/export.md"]
)
@pytest.mark.parametrize(
    "carried",
    [
        f"threshold=3&reached={KEYS[-1]}&seen={KEYS[-1]}&opened={KEYS[-1]}&turn=1",
        f"from={KEYS[4]}&scene={KEYS[-1]}&marker=99:99:00&sure=yes&all=yes",
        f"since={KEYS[-1]}&saw={KEYS[-1]}",
        f"bookmark={cookie(END)}",
        f"code={TALE['id']}.{cookie(END)}",
        "_method=POST&method=post&action=next",
    ],
)
def test_a_link_that_carries_somebody_elses_bookmark_says_what_it_says_without(
    app: Flask, page: str, carried: str
) -> None:
    looking = browser(app, MIDDLE)

    assert looking.get(f"{HOME}{page}?{carried}") == looking.get(f"{HOME}{page}")
    assert looking.cookies == {HOME: f"bookmark={cookie(MIDDLE)}"}


def test_reading_writes_nothing_to_the_database(serve: Serve) -> None:
    app = serve(json.dumps(TALE).encode())
    engine = app.extensions["shelf"].stories._store._database.engine

    def dump() -> list[str]:
        with engine.connect() as connection:
            tables = connection.execute(text("SELECT name FROM sqlite_master WHERE type='table'"))
            names = sorted(tables.scalars())
            return [str(connection.execute(text(f"SELECT * FROM {n}")).all()) for n in names]

    before = dump()
    for target in Asking(app, [TALE, TALE], MIDDLE, Random(1)).addresses():
        browser(app, MIDDLE).get(target)
    for sent in forms():
        browser(app, MIDDLE).post(f"{HOME}/{sent.path}", sent.fields)
    assert dump() == before


# --- other sites -------------------------------------------------------------------------------


def forms() -> Iterator[Sent]:
    """Give a form of every kind."""
    for key in ("", NOBODY, WAS, *KEYS):
        yield Sent("next", (("from", key),))
        yield Sent("seen", (("scene", key),))
        yield Sent("back", (("scene", key),))
        yield Sent("back", (("scene", KEYS[2]), ("seen", key)))
        yield Sent("back", (("scene", key), ("seen", KEYS[0])))
    for key in (NOBODY, WAS, *KEYS):
        yield Sent(f"scenes/{key}/open")
        yield Sent(f"scenes/{key}/close")
    for threshold in ("0", "1", "2", "3", "4", "-1", "all", ""):
        yield Sent("threshold", (("threshold", threshold),))
        yield Sent("start", (("threshold", threshold),))
    for marker in MARKERS:
        for sure in ((), (("sure", "yes"),), (("sure", "maybe"),)):
            yield Sent("seen", (("marker", marker), *sure))
    for fields in (
        *((("all", "yes"),), (("all", "no"),), (("all", "yes"), ("sure", "yes")), ()),
        *((("scene", KEYS[0]), ("all", "yes")), (("scene", KEYS[0]), ("marker", "0:45:00"))),
        *((("scene", KEYS[0]), ("scene", KEYS[1])), (("sure", "yes"),)),
    ):
        yield Sent("seen", fields)
    for warned in ("yes", "no", "perhaps"):
        yield Sent("warned", (("warned", warned),))
    yield Sent("forget")


FORMS = list(forms())


@pytest.mark.parametrize("headers", ELSEWHERE, ids=str)
def test_no_form_of_another_site_moves(app: Flask, headers: dict[str, str]) -> None:
    for sent in FORMS:
        tab = browser(app, MIDDLE)
        body = "&".join(f"{name}={value}" for name, value in sent.fields).encode()
        answer = tab.send("POST", f"{HOME}/{sent.path}", body, headers)

        assert answer.status == 403
        assert moves_nothing(answer)
        assert place(tab) == MIDDLE


# --- the reader's own forms --------------------------------------------------------------------


@pytest.mark.parametrize("reader", READERS, ids=range(len(READERS)))
def test_every_form_moves_as_the_contract_says(app: Flask, reader: Reader) -> None:
    for n, sent in enumerate(FORMS):
        tab = browser(app, reader, PART if n % 2 else None)
        status, after = outcome(TALE, reader, sent)
        answer = tab.post(f"{HOME}/{sent.path}", sent.fields)

        assert answer.status == (200 if status == 303 and n % 2 else status), sent
        assert place(tab) == after, sent
        assert (answer.header("Set-Cookie") is not None) == sets_cookie(sent, reader, after), sent


def sets_cookie(sent: Sent, before: Reader, after: Reader) -> bool:
    """Whether a move has to be remembered; forgetting also takes away what was nothing."""
    return before != after or sent.path == "forget"


def test_two_tabs_that_turn_at_once_turn_once(app: Flask) -> None:
    def turn(_: int) -> Answer:
        return browser(app, MIDDLE).post(f"{HOME}/next", {"from": KEYS[4]})

    with ThreadPoolExecutor(4) as tabs:
        answers = list(tabs.map(turn, range(16)))
    assert len(set(answers)) == 1

    # Whichever cookie the browser kept, the other tab's form is stale by now.
    tab = browser(app, MIDDLE)
    for _ in range(3):
        tab.post(f"{HOME}/next", {"from": KEYS[4]})
    assert place(tab).reached == 6


@pytest.mark.parametrize("n", range(len(KEYS)))
def test_a_form_that_is_sent_again_after_going_back_turns_once_at_most(app: Flask, n: int) -> None:
    tab = browser(app, Reader(1, n))
    last = KEYS[n - 1] if n else ""

    for _ in range(3):
        tab.post(f"{HOME}/next", {"from": last})
        assert place(tab).reached == n + 1
    tab.post(f"{HOME}/back", {"scene": ""})
    tab.post(f"{HOME}/next", {"from": last})
    assert place(tab).reached == (1 if n == 0 else 0)


# --- hiding again ------------------------------------------------------------------------------


HIDING = [
    (Sent("threshold", (("threshold", "0"),)), Reader(3, 6)),
    (Sent("back", (("scene", KEYS[1]),)), Reader(3, 6)),
    (Sent("back", (("scene", ""),)), END),
    (Sent("seen", (("scene", ""),)), replace(END, threshold=0)),
    (Sent(f"scenes/{KEYS[7]}/close"), Reader(0, 3, 0, frozenset({"bittern"}))),
    (Sent("forget"), END),
]


@pytest.mark.parametrize(("sent", "before"), HIDING, ids=[str(sent) for sent, _ in HIDING])
def test_what_is_taken_back_is_hidden_in_every_tab_at_its_next_request(
    app: Flask, sent: Sent, before: Reader
) -> None:
    tab = browser(app, before)
    addresses = [
        one for one in Asking(app, [TALE, TALE], before, Random(2)).addresses() if HOME in one
    ]
    shown = {target: tab.get(target) for target in addresses}
    tab.post(f"{HOME}/{sent.path}", sent.fields)
    fresh = browser(app, outcome(TALE, before, sent)[1])

    for target, old in shown.items():
        # What a browser remembers of the old answer earns it no "not modified".
        asking = {
            "If-None-Match": old.header("ETag") or "*",
            "If-Modified-Since": old.header("Last-Modified") or "Thu, 01 Jan 2099 00:00:00 GMT",
        }
        for more in ({}, PART, asking):
            now = tab.get(target, more)
            assert now == fresh.get(target, more), target
            assert now.status != 304
        if "preview.png" not in target:
            assert old.header("Cache-Control") in ("private, no-store", "no-store", "no-cache")


# --- anything, in any order --------------------------------------------------------------------


class Tabs(RuleBasedStateMachine):
    """A browser with several tabs, its reader, and strangers; a model that reads the contract."""

    app: Flask

    @initialize()
    def start(self) -> None:
        self.jar = Browser(self.app)
        self.model = FIRST
        self.sent: list[Sent] = []

    def _send(self, sent: Sent) -> None:
        status, after = outcome(TALE, self.model, sent)
        answer = self.jar.post(f"{HOME}/{sent.path}", sent.fields)

        assert answer.status == status
        assert self.model == after or answer.header("Set-Cookie") is not None
        self.model = after
        self.sent.append(sent)

    @rule(n=st.integers(0, 10**6), visitor=st.sampled_from(list(VISITORS)))
    def look(self, n: int, visitor: str) -> None:
        addresses = list(Asking(self.app, [TALE, TALE], self.model, Random(n)).addresses())
        answer = self.jar.get(addresses[n % len(addresses)], VISITORS[visitor])
        assert moves_nothing(answer)

    @rule()
    def turn(self) -> None:
        last = KEYS[self.model.reached - 1] if self.model.reached else ""
        self._send(Sent("next", (("from", last),)))

    @rule(sent=st.sampled_from(FORMS))
    def send(self, sent: Sent) -> None:
        self._send(sent)

    @rule(n=st.integers(0, 99))
    def send_again(self, n: int) -> None:
        if self.sent:
            self._send(self.sent[n % len(self.sent)])

    @rule(one=st.sampled_from(FORMS), other=st.sampled_from(FORMS))
    def send_from_two_tabs_at_once(self, one: Sent, other: Sent) -> None:
        held = dict(self.jar.cookies)
        results = []
        for sent in (one, other):
            tab = Browser(self.app)
            tab.cookies = dict(held)
            answer = tab.post(f"{HOME}/{sent.path}", sent.fields)
            results.append((outcome(TALE, self.model, sent)[1], answer, tab.cookies))
            assert place(tab) == results[-1][0]
        for after, answer, cookies in results:
            if answer.header("Set-Cookie") is not None:
                self.model, self.jar.cookies = after, cookies

    @rule(sent=st.sampled_from(FORMS), headers=st.sampled_from(ELSEWHERE))
    def be_lured_to_another_site(self, sent: Sent, headers: dict[str, str]) -> None:
        assert self.jar.send("POST", f"{HOME}/{sent.path}", b"from=", headers).status == 403

    @rule()
    def carry_to_another_device(self) -> None:
        code = f"{TALE['id']}.{cookie(self.model)}"
        assert self.model == FIRST or code in self.jar.get(f"{HOME}/carry").text
        other = Browser(self.app)
        other.post(f"{HOME}/carry", {"code": code})
        assert place(other) == self.model

    @invariant()
    def stands_where_the_contract_says(self) -> None:
        if hasattr(self, "jar"):
            assert place(self.jar) == self.model


def test_in_any_order_a_bookmark_stands_where_the_contract_says(app: Flask) -> None:
    machine = type("TabsOfThisApp", (Tabs,), {"app": app})
    few = settings(tale.patiently, max_examples=30, stateful_step_count=30, phases=[Phase.generate])

    run_state_machine_as_test(machine, settings=few)
