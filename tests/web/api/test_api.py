"""What programs get: the bookmark stands in the query, no link tells, nobody's cookie is read."""

from __future__ import annotations

import json
from itertools import chain
from typing import Any
from urllib.parse import urlencode

import pytest
from flask import Flask

from explorer.export import markdown
from explorer.knowledge.bookmark import MOST_OPENED, Position
from explorer.story.terms import opaque
from tests.conftest import Serve
from tests.shield.test_leaks import Knower, Twin
from tests.support import tale
from tests.support.crawl import OURS, Answer, Reader, ask
from tests.support.places import END, STORY, TALE, cookie, kinds_of_place, known, said, seen_from

API = "/api/v1"
TALE_HERE = f"{API}/stories/{TALE['id']}"
NOBODY = "aaaaaaaaaaaa"
PROGRAM = {"Accept": "application/json", "Sec-Fetch-Dest": "empty"}

Pairs = list[tuple[str, str]]


def key(ident: str) -> str:
    return opaque(TALE["id"], "scene", ident)


def query(place: Position) -> Pairs:
    """Give a place as a program names it."""
    scenes = STORY.scenes
    pairs = [("threshold", str(place.threshold))]
    pairs += [("reached", scenes[place.reached - 1].key)] if place.reached else []
    pairs += [("seen", scenes[place.seen - 1].key)] if place.seen else []
    return pairs + [("opened", scenes[n].key) for n in sorted(place.opened)]


def get(app: Flask, pairs: Pairs | None = None, target: str = TALE_HERE, **headers: str) -> Answer:
    address = f"{target}?{urlencode(pairs)}" if pairs else target
    return ask(app, "GET", address, headers or PROGRAM)


def story(app: Flask, pairs: Pairs) -> dict[str, Any]:
    answer = get(app, pairs)
    assert answer.status == 200, answer.text
    told: dict[str, Any] = json.loads(answer.body)
    return told


def wrong(app: Flask, pairs: Pairs, target: str = TALE_HERE) -> list[str]:
    """Give the parameters that a refusal finds fault with."""
    answer = get(app, pairs, target)
    problem = json.loads(answer.body)
    assert answer.status == problem["status"] == 422, pairs
    assert answer.header("Content-Type") == "application/problem+json"
    return list(problem["parameters"])


def plain_places() -> list[Position]:
    """Give places that a query can name: without what an edit veiled, and without warnings.

    One who names the last scene as seen has finished.
    """
    plain = [place for place in kinds_of_place() if not place.withheld and not place.warned]
    return [place for place in plain if place.finished or place.seen < len(STORY.scenes)]


# --- the bookmark in the query -------------------------------------------------------------------


def test_a_program_gets_all_that_its_bookmark_may_know(app: Flask) -> None:
    for place in plain_places()[::3]:
        answer = get(app, query(place))

        assert answer.status == 200
        assert json.loads(answer.body) == json.loads(markdown.json(known(place)).text), place


def test_no_program_gets_a_word_that_its_bookmark_may_not_know(app: Flask) -> None:
    words = tale.words(TALE) - {TALE["id"]}

    for place in plain_places()[1::3]:
        text = get(app, query(place)).text
        told = " ".join(said(seen_from(place).whole(1)))
        assert not [word for word in words if word in text and word not in told], place


def test_without_a_query_a_program_stands_at_the_first_bookmark(app: Flask) -> None:
    told = story(app, [])

    assert (told["threshold"], told["reached"], told["seen"], told["opened"]) == (0, None, None, [])
    assert (told["scenes"], told["more"]) == ([], True)


def test_a_program_reads_a_story_by_turning(app: Flask) -> None:
    reached, turned = "", []
    for _ in STORY.scenes:
        told = story(app, [("threshold", "1"), ("reached", reached), ("turn", "1")])
        reached = told["reached"]
        turned.append(reached)
        assert told["more"] is (len(turned) < len(STORY.scenes))

    assert turned == [scene.key for scene in STORY.scenes]
    assert story(app, [("reached", reached), ("turn", "1")])["reached"] == reached


def test_what_is_seen_is_reached_as_well(app: Flask) -> None:
    told = story(app, [("seen", key("curlew"))])

    assert (told["seen"], told["reached"]) == (key("curlew"), key("curlew"))
    assert [scene["state"] for scene in told["scenes"]] == ["open"] * 3


def test_a_program_that_names_the_last_scene_as_seen_has_finished(app: Flask) -> None:
    waiting = {"text": "Marimba", "label": "Zither"}

    assert waiting in story(app, [("seen", key("bittern"))])["details"]
    assert waiting not in story(app, [("reached", key("bittern"))])["details"]
    assert waiting not in story(app, [("seen", key("whimbrel"))])["details"]


def test_an_opened_scene_is_told_and_named_and_any_order_will_do(app: Flask) -> None:
    one, other = ("opened", key("bittern")), ("opened", key("curlew"))
    told = story(app, [one, other])

    assert told["opened"] == [key("curlew"), key("bittern")]
    assert get(app, [one, other]).body == get(app, [other, one, one]).body
    assert [scene["number"] for scene in told["ahead"]] == [None, None]


def test_an_id_that_a_scene_had_before_is_good(app: Flask) -> None:
    assert story(app, [("reached", key("skimmer"))])["reached"] == key("curlew")


@pytest.mark.parametrize(
    ("pairs", "parameters"),
    [
        ([("threshold", "4")], ["threshold"]),
        ([("threshold", "-1")], ["threshold"]),
        ([("threshold", "1000")], ["threshold"]),
        ([("threshold", "1.0")], ["threshold"]),
        ([("threshold", "one")], ["threshold"]),
        ([("threshold", "")], ["threshold"]),
        ([("threshold", "٣")], ["threshold"]),
        ([("threshold", "1"), ("threshold", "1")], ["threshold"]),
        ([("reached", NOBODY)], ["reached"]),
        ([("reached", "gannet")], ["reached"]),
        ([("reached", "x" * 7000)], ["reached"]),
        ([("seen", NOBODY)], ["seen"]),
        ([("opened", NOBODY)], ["opened"]),
        ([("opened", "")], ["opened"]),
        ([("opened", key("gannet")), ("opened", NOBODY)], ["opened"]),
        ([("turn", "2")], ["turn"]),
        ([("turn", "")], ["turn"]),
        ([("warned", "1")], ["warned"]),
        ([("status", "1"), ("title", "1"), ("self", "1")], ["status", "title", "self"]),
        (
            [("threshold", "9"), ("reached", NOBODY), ("seen", NOBODY)],
            ["threshold", "reached", "seen"],
        ),
    ],
)
def test_what_is_unknown_is_refused_by_name(
    app: Flask, pairs: Pairs, parameters: list[str]
) -> None:
    assert wrong(app, pairs) == parameters


def test_more_scenes_than_a_bookmark_opens_are_refused(app: Flask) -> None:
    assert wrong(app, [("opened", key("gannet"))] * (MOST_OPENED + 1)) == ["opened"]


def test_a_refusal_repeats_nothing_of_what_was_sent(app: Flask) -> None:
    answer = get(app, [("threshold", "parrot"), ("reached", "parrot"), ("turn", "parrot")])

    assert "parrot" not in answer.text


def test_a_story_that_is_not_there_is_not_there(app: Flask) -> None:
    answer = get(app, [], f"{API}/stories/nothing")

    assert (answer.status, answer.header("Content-Type")) == (404, "application/problem+json")


# --- nobody's link, nobody's cookie --------------------------------------------------------------

PAGES = [
    {"Sec-Fetch-Dest": "document"},
    {"Sec-Fetch-Dest": "iframe"},
    {"Sec-Fetch-Dest": "image"},
    {"Sec-Fetch-Dest": "script"},
    {"Sec-Fetch-Dest": ""},
    {"Sec-Fetch-Dest": "EMPTY"},
    {"Sec-Fetch-Dest": "document", "Accept": "application/json"},
    {"Sec-Fetch-Dest": "empty,document"},
    {"Accept": "text/html"},
    {"Accept": "TEXT/HTML"},
    {"Accept": "text/*"},
    {"Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"},
    {"Accept": "application/json, text/html;q=0.1"},
    {"Accept": "application/xhtml+xml"},
    {"Accept": "text/html;level=1"},
    {"Accept": "application/json, TEXT/HTML ; charset=utf-8;q=0.001"},
    {"Accept": "text/html;q=abc"},
    {"Accept": "text/html;q=2"},
    {"Accept": "text/html;q="},
]
PROGRAMS = [
    {"Sec-Fetch-Dest": "empty"},
    {"Sec-Fetch-Dest": "empty", "Accept": "text/html"},
    {"Accept": "text/html;q=0, application/json"},
    {"Accept": "text/html;level=1;q=0.000, */*"},
    {"Accept": "application/json;profile=text/html"},
    {"Accept": "application/json"},
    {"Accept": "*/*"},
    {"Accept": "application/json, text/html;q=0"},
    {"User-Agent": "curl"},
]
TARGETS = [
    (f"{API}/stories", 200),
    (f"{API}/stories?limit=0", 422),
    (f"{TALE_HERE}?threshold=3&seen={key('bittern')}", 200),
    (f"{TALE_HERE}?threshold=9", 422),
    (f"{TALE_HERE}?reached={NOBODY}", 422),
    (f"{API}/stories/nothing", 404),
]


@pytest.mark.parametrize("headers", PAGES, ids=str)
def test_whoever_comes_by_a_link_gets_a_page_that_says_so(
    app: Flask, headers: dict[str, str]
) -> None:
    bodies = set()
    for target, status in TARGETS:
        answer = ask(app, "GET", target, headers)
        bodies.add(answer.body)

        assert answer.status == status
        assert (answer.header("Content-Type") or "").startswith("text/html")
        assert len(answer.page.all("main")) == 1
        assert {"Accept", "Sec-Fetch-Dest", "Accept-Encoding"} == set(
            (answer.header("Vary") or "").split(", ")
        )

    assert len(bodies) == 1


@pytest.mark.parametrize("headers", PROGRAMS, ids=str)
def test_a_program_gets_json(app: Flask, headers: dict[str, str]) -> None:
    for target, status in TARGETS:
        answer = ask(app, "GET", target, headers)

        assert answer.status == status
        assert (answer.header("Content-Type") or "").endswith("json")
        assert {"Accept", "Sec-Fetch-Dest", "Accept-Encoding"} == set(
            (answer.header("Vary") or "").split(", ")
        )
        json.loads(answer.body)


def test_no_cookie_is_read_and_none_is_set(app: Flask) -> None:
    with_cookie = {**PROGRAM, "Cookie": f"bookmark={cookie(END)}"}

    for target, _ in TARGETS:
        one, other = (ask(app, "GET", target, headers) for headers in (PROGRAM, with_cookie))
        assert one == other
        assert one.every("Set-Cookie") == []


def test_programs_of_any_origin_may_read_the_answer_and_no_cache_keeps_it(app: Flask) -> None:
    for target, _ in TARGETS:
        answer = ask(app, "GET", target, {**PROGRAM, "Origin": "https://elsewhere.example"})
        assert answer.header("Access-Control-Allow-Origin") == "*"
        assert answer.header("Access-Control-Allow-Credentials") is None

    assert get(app, query(END)).header("Cache-Control") == "private, no-store"


def test_nothing_moves_by_way_of_the_interface(app: Flask) -> None:
    for method in ("POST", "PUT", "DELETE"):
        answer = ask(app, method, TALE_HERE, {**PROGRAM, **OURS})
        assert (answer.status, answer.every("Set-Cookie")) == (405, [])
        assert ask(app, method, TALE_HERE, PROGRAM).status == 403


def test_a_fault_of_ours_is_answered_as_one_and_tells_nothing(
    app: Flask, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError("Melusine")

    monkeypatch.setattr("explorer.export.json_schema.story", fail)
    answer = get(app, query(END))

    assert (answer.status, json.loads(answer.body)["status"]) == (500, 500)
    assert "Melusine" not in answer.text
    assert "/api/v1/stories/<story>" in caplog.text
    assert key("bittern") not in caplog.text


# --- all stories ---------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def many(serve: Serve) -> Flask:
    files = []
    for n in range(23):
        document = tale.document() | {"id": f"story-{n:02}", "title": f"Title {99 - n}"}
        files.append(json.dumps(document).encode())
    return serve(*files)


def ids(answer: Answer) -> list[str]:
    return [entry["id"] for entry in json.loads(answer.body)["stories"]]


def test_the_catalogue_says_of_each_story_what_everybody_may_know(app: Flask) -> None:
    told = json.loads(get(app, [], f"{API}/stories").body)
    [entry] = told["stories"]

    assert entry["title"] == "Saltmarsh"
    assert entry["premise"]["markdown"] == "Meerschaum Isolde Travertine Basalt"
    assert [level["name"] for level in entry["levels"]] == [
        level["name"] for level in TALE["levels"]
    ]
    assert told["next"] is None


def test_the_catalogue_is_read_in_pieces(many: Flask) -> None:
    pieces, after = [], ""
    for _ in range(9):
        answer = get(many, [("after", after), ("limit", "7")], f"{API}/stories")
        pieces.append(ids(answer))
        after = json.loads(answer.body)["next"]
        if after is None:
            break

    assert [len(piece) for piece in pieces] == [7, 7, 7, 2]
    assert list(chain(*pieces)) == [f"story-{n:02}" for n in range(23)]


def test_a_piece_of_the_catalogue_is_never_large(many: Flask) -> None:
    assert len(ids(get(many, [], f"{API}/stories"))) == 20
    for limit in ("0", "101", "all", "-1", ""):
        assert wrong(many, [("limit", limit)], f"{API}/stories") == ["limit"]


def test_the_catalogue_goes_on_after_an_id_that_is_not_there(many: Flask) -> None:
    assert ids(get(many, [("after", "story-05x"), ("limit", "1")], f"{API}/stories")) == [
        "story-06"
    ]
    assert wrong(many, [("after", "Story ../")], f"{API}/stories") == ["after"]


# --- twins ---------------------------------------------------------------------------------------


def test_twins_that_differ_in_what_is_hidden_answer_programs_alike(
    app: Flask, serve: Serve
) -> None:
    one = serve(json.dumps(TALE).encode())
    for place in plain_places()[7::41]:
        twin = Twin(Knower(place))
        assert twin.agrees(place)
        other = serve(json.dumps(twin.document).encode())
        for pairs in (query(place), [*query(place), ("reached", NOBODY)], [("threshold", "77")]):
            assert get(one, pairs) == get(other, pairs), place
            page = {"Accept": "text/html"}
            assert get(one, pairs, **page) == get(other, pairs, **page), place
        assert get(one, [], f"{API}/stories") == get(other, [], f"{API}/stories")


def test_the_page_for_those_who_come_by_a_link_leads_to_the_library(app: Flask) -> None:
    answer = Reader(app).get(TALE_HERE, {"Accept": "text/html"})

    assert "for programs" in answer.page.text
    assert "/" in answer.page.addresses
    assert "Saltmarsh" not in answer.text
