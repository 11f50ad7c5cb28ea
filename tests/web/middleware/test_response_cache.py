"""What is answered from memory is what the application would have answered."""

from __future__ import annotations

import json
import time
from collections.abc import Iterable, Iterator
from dataclasses import replace
from wsgiref.types import StartResponse, WSGIEnvironment

import pytest
from backports import zstd
from flask import Flask, request
from flask import Response as Said

from explorer.bounded_cache import BoundedCache
from explorer.knowledge.bookmark import Position
from explorer.storage.store import Store
from explorer.storyfile import storyfile
from explorer.web.middleware import response_cache
from explorer.web.middleware.response_cache import Answer as Kept
from explorer.web.middleware.response_cache import Key, ResponseCache, weight
from tests.conftest import Serve
from tests.support import tale
from tests.support.crawl import OURS, PART, Answer, Reader, ask, crawl
from tests.support.places import END, cookie

SOME = [
    Position(),
    Position(0, 4),
    Position(1, 5, 2, warned=True),
    Position(2, 6, opened=frozenset({1, 7})),
    Position(3, 5, 1, withheld=frozenset({2})),
    END,
]
HOME = f"/stories/{tale.document()['id']}"
ANYONE = "Mozilla/5.0"
MANY = 10_000_000


def text(cookies: str) -> tuple[str, int]:
    """Take all cookies for the bookmark, and the number at their end for its revision."""
    return cookies, int(cookies.partition(" ")[2] or 0)


class Told:
    """An application that says what it was asked, and how often it was asked at all."""

    def __init__(
        self, status: str = "200 OK", *headers: tuple[str, str], marks: bool = True
    ) -> None:
        self.asked = 0
        self.revision = 1
        self.marks = marks
        self._status, self._headers = status, list(headers)

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterator[bytes]:
        self.asked += 1
        if self.marks:
            response_cache.mark(environ)
        start_response(self._status, [*self._headers, ("Content-Type", "text/plain")])
        names = ("REQUEST_METHOD", "PATH_INFO", "QUERY_STRING", "HTTP_COOKIE", "HTTP_HOST")
        yield " ".join(str(environ.get(name)) for name in names).encode()
        yield f" {self.revision} {self.asked}".encode()

    def hot(self, most: int = MANY) -> ResponseCache:
        """Put the layer in front of it."""
        return ResponseCache(
            self, lambda story, _: self.revision if story == "a" else None, text, most
        )


# --- answer for answer the same ----------------------------------------------------------------


def sent(answer: Answer) -> bytes:
    """All of an answer but the date, which is the file's own on static ones and nobody's else."""
    headers = tuple(pair for pair in answer.headers if pair[0] != "Date")
    return replace(answer, headers=headers).sent


@pytest.mark.parametrize("place", SOME)
def test_with_and_without_the_memory_every_answer_is_the_same(
    serve: Serve, place: Position
) -> None:
    file, kept = json.dumps(tale.document()).encode(), cookie(place)
    cold, warm = serve(file, hot_mb=0), serve(file, hot_mb=8)

    reached = crawl(Reader(cold).keep(HOME, kept), ["/", HOME, f"{HOME}/shape"])

    assert len(reached) > 10
    for headers in ({}, PART, {"Accept-Encoding": "gzip, br, zstd"}):
        readers = [Reader(app, headers=headers).keep(HOME, kept) for app in (cold, warm)]
        for target in reached:
            expected = sent(readers[0].get(target))
            assert sent(readers[1].get(target)) == expected, (headers, target)
            assert sent(readers[1].get(target)) == expected, (headers, target)


def assert_an_import_is_read_at_once(app: Flask, reader: Reader, seconds: float = 0) -> None:
    """Import other words of the tale, between a reader's requests for the same page.

    At once is after so many seconds.
    """
    before = [reader.get(HOME).body, reader.get(HOME).body]

    document = tale.document() | {"premise": "Something else entirely."}
    library: Store = app.extensions["shelf"].stories._store
    library.save(storyfile.read(json.dumps(document).encode()))

    time.sleep(seconds)

    assert before[0] == before[1]
    assert b"Something else entirely." in reader.get(HOME).body


def test_a_page_that_was_asked_for_before_is_the_new_one_after_an_import(
    serve: Serve,
) -> None:
    app = serve(json.dumps(tale.document()).encode())
    reader = Reader(app)
    assert_an_import_is_read_at_once(app, reader)


def test_a_lower_threshold_hides_again_at_once(serve: Serve) -> None:
    app = serve(json.dumps(tale.document()).encode())
    reader = Reader(app)
    reader.post(f"{HOME}/threshold", {"threshold": "3"})
    reader.post(f"{HOME}/next", {"from": ""})
    full = [reader.get(f"{HOME}/read").body for _ in range(2)]

    reader.post(f"{HOME}/threshold", {"threshold": "0"})

    assert full[0] == full[1]
    assert reader.get(f"{HOME}/read").body != full[0]


def test_what_comes_compressed_is_the_page(serve: Serve) -> None:
    app = serve(json.dumps(tale.document()).encode())
    plain = ask(app, "GET", HOME)
    zipped = [ask(app, "GET", HOME, {"Accept-Encoding": "zstd"}) for _ in range(2)]

    for answer in zipped:
        assert answer.header("Content-Encoding") == "zstd"
        assert zstd.decompress(answer.body) == plain.body
        assert answer.header("Content-Length") == str(len(answer.body))


PLAIN = ("", "identity", "br;q=0", "gzip;q=0, identity", "identity;q=1, *;q=0", "br;q=nan", "x")
WISHES = [
    *((wish, "") for wish in PLAIN),
    *((wish, "zstd") for wish in ("zstd", "ZSTD", "gzip, br, zstd", "*", "br;q=0, *", "zstd, br")),
    *((wish, "br") for wish in ("br", "gzip, deflate, br", "gzip; q=0.5, br;q=1.0", "\xe9, br")),
    *((wish, "gzip") for wish in ("gzip", "gzip, br;q=0", "br;q=0.5, gzip;q=0.9", "gzip; q=1")),
    # Longer than any browser's.
    ("br, " + "a, " * 3000, ""),
]


@pytest.mark.parametrize("hot_mb", [0, 8])
def test_an_answer_comes_as_the_request_accepts_it_and_is_the_same_page(
    serve: Serve, hot_mb: int
) -> None:
    app = serve(json.dumps(tale.document()).encode(), hot_mb=hot_mb)
    for target in (HOME, f"{HOME}/shape", f"{HOME}/print", "/static/explorer.css", "/nothing"):
        plain = ask(app, "GET", target)
        for _ in range(2):
            for wish, way in WISHES:
                answer = ask(app, "GET", target, {"Accept-Encoding": wish})

                assert (answer.header("Content-Encoding") or "") == way, (target, wish)
                assert answer.unpacked == plain.body, (target, wish)
                assert answer.header("Content-Length") == str(len(answer.body)), (target, wish)
                assert "Accept-Encoding" in (answer.header("Vary") or ""), (target, wish)
                head = ask(app, "HEAD", target, {"Accept-Encoding": wish})
                assert (head.headers, head.body) == (answer.headers, b""), (target, wish)


def test_a_wish_spelled_in_another_way_is_no_other_question(serve: Serve) -> None:
    app = serve(json.dumps(tale.document()).encode(), hot_mb=8)
    for spelling in (
        "br, gzip",
        "gzip;q=0.5, br",
        "br",
        "BR;q=1.0",
        *(f"br, x{n}" for n in range(9)),
    ):
        ask(app, "GET", HOME, {"Accept-Encoding": spelling})

    assert len(memory(app)) == 1


def memory(app: Flask) -> BoundedCache[Key, Kept]:
    """Give what an application remembers of its answers."""
    layer: object = app.wsgi_app
    while not isinstance(layer, ResponseCache):
        layer = vars(layer)["_app"]
    return layer.memory


def rule_of(app: Flask, target: str) -> str:
    """Give the route that answers an address."""
    match = app.url_map.bind("localhost").match
    rule, _ = match(target.partition("?")[0], "GET", return_rule=True)
    return rule.rule


# --- what is remembered ------------------------------------------------------------------------


def test_the_same_question_is_asked_once() -> None:
    told = Told()
    layer = told.hot()

    assert ask(layer, "GET", "/stories/a/read").sent == ask(layer, "GET", "/stories/a/read").sent
    assert told.asked == 1


@pytest.mark.parametrize(
    ("target", "headers"),
    [
        ("/stories/a/read?who=x", {}),
        ("/stories/a/people", {}),
        ("/stories/a/read", {"Cookie": "bookmark=2"}),
        ("/stories/a/read", {"Host": "other.example"}),
        ("/stories/a/read", {"Accept-Encoding": "gzip"}),
        ("/stories/a/read", PART),
    ],
)
def test_whatever_shapes_an_answer_is_another_question(
    target: str, headers: dict[str, str]
) -> None:
    told = Told()
    layer = told.hot()

    ask(layer, "GET", "/stories/a/read")
    answer = ask(layer, "GET", target, headers)

    assert told.asked == 2
    assert answer.body.endswith(b" 2")


def test_https_is_another_question() -> None:
    told = Told()
    layer = told.hot()

    ask(layer, "GET", "/stories/a/read")
    ask(layer, "GET", "/stories/a/read", base="https://localhost")

    assert told.asked == 2


@pytest.mark.parametrize("headers", [{"User-Agent": ANYONE}, {"Referer": "http://x.example/"}])
def test_what_shapes_no_answer_makes_no_difference(headers: dict[str, str]) -> None:
    told = Told()
    layer = told.hot()

    ask(layer, "GET", "/stories/a/read")
    ask(layer, "GET", "/stories/a/read", headers)

    assert told.asked == 1


@pytest.mark.parametrize(
    ("method", "target"),
    [
        ("POST", "/stories/a/next"),
        ("HEAD", "/stories/a/read"),
        ("OPTIONS", "/stories/a/read"),
        ("GET", "/"),
        ("GET", "/api/v1/stories/a"),
        ("GET", "/stories/nobody/read"),
        ("GET", "/healthz"),
    ],
)
def test_some_things_are_asked_each_time(method: str, target: str) -> None:
    told = Told()
    layer = told.hot()

    for _ in range(2):
        ask(layer, method, target, OURS)

    assert told.asked == 2
    assert len(layer.memory) == 0


@pytest.mark.parametrize("status", ["404 Not Found", "303 See Other", "500 Broken", "422 No"])
def test_only_good_answers_are_remembered(status: str) -> None:
    told = Told(status)
    layer = told.hot()

    for _ in range(2):
        assert ask(layer, "GET", "/stories/a/read").status == int(status[:3])

    assert told.asked == 2


@pytest.mark.parametrize("name", ["Set-Cookie", "set-cookie"])
def test_an_answer_that_sets_a_cookie_is_nobody_elses(name: str) -> None:
    told = Told("200 OK", (name, "bookmark=1"))
    layer = told.hot()

    for _ in range(2):
        ask(layer, "GET", "/stories/a/read")

    assert told.asked == 2


@pytest.mark.parametrize("vary", ["*", "Accept", "Cookie, Sec-Fetch-Dest", "cookie,user-agent", ""])
def test_an_answer_that_hangs_on_more_than_the_key_knows_is_asked_each_time(vary: str) -> None:
    told = Told("200 OK", ("Vary", "Cookie"), ("vary", vary))
    layer = told.hot()

    for _ in range(2):
        ask(layer, "GET", "/stories/a/read")

    assert told.asked == 2


@pytest.mark.parametrize("vary", ["Cookie", "cookie,HX-Request-Type", "Accept-Encoding, Cookie"])
def test_an_answer_that_hangs_on_what_the_key_knows_is_remembered(vary: str) -> None:
    told = Told("200 OK", ("Vary", vary))
    layer = told.hot()

    for _ in range(2):
        ask(layer, "GET", "/stories/a/read")

    assert told.asked == 1


@pytest.mark.parametrize("header", ["Range", "If-None-Match", "If-Modified-Since", "If-Range"])
def test_a_part_of_a_file_is_not_taken_for_the_file(header: str) -> None:
    told = Told()
    layer = told.hot()

    ask(layer, "GET", "/static/a.css", {header: "x"})
    ask(layer, "GET", "/static/a.css")
    ask(layer, "GET", "/static/a.css", {header: "x"})

    assert told.asked == 3


def test_a_new_revision_is_another_question() -> None:
    told = Told()
    layer = told.hot()
    ask(layer, "GET", "/stories/a/read")

    told.revision = 2

    assert ask(layer, "GET", "/stories/a/read").body.endswith(b" 2 2")


def test_who_names_a_newer_revision_is_answered_by_the_newest_there_is() -> None:
    told = Told()
    layer = told.hot()

    for _ in range(2):
        ask(layer, "GET", "/stories/a/read", {"Cookie": "bookmark= 2"})
    assert (told.asked, len(layer.memory)) == (1, 1)

    told.revision = 2
    for _ in range(2):
        ask(layer, "GET", "/stories/a/read", {"Cookie": "bookmark= 2"})
    assert (told.asked, len(layer.memory)) == (2, 2)


def test_a_bookmark_of_a_revision_that_was_lost_is_laid_on_the_one_that_comes_in_its_place(
    serve: Serve,
) -> None:
    app = serve(json.dumps(tale.document()).encode(), fresh_ms=900)
    reader = Reader(app).keep(HOME, "1.2.0.0....")
    # For a moment it is not asked again, or whoever makes up a number has the database asked by
    # every request.
    assert_an_import_is_read_at_once(app, reader, seconds=0.2)


def test_an_answer_that_an_import_overtook_is_not_remembered() -> None:
    told = Told()

    def overtaken(environ: WSGIEnvironment, start: StartResponse) -> Iterator[bytes]:
        pieces = list(told(environ, start))
        told.revision += 1
        yield from pieces

    layer = ResponseCache(overtaken, lambda _, __: told.revision, text, MANY)
    ask(layer, "GET", "/stories/a/read")

    assert len(layer.memory) == 0


def test_where_nothing_can_be_known_of_the_story_the_application_answers() -> None:
    def gone(_: str, __: int) -> int:
        raise OSError

    told = Told("503 Not now")
    layer = ResponseCache(told, gone, text, MANY)

    assert ask(layer, "GET", "/stories/a/read").status == 503


# --- what says that it may be remembered -------------------------------------------------------

# The addresses whose answers are remembered. What is listed here hangs on nothing but the story's
# revision, the bookmark and the address; see `hot.mark`.
REMEMBERED = {
    "/stories/<story>",
    "/stories/<story>/card",
    "/stories/<story>/carry",
    "/stories/<story>/export.json",
    "/stories/<story>/export.md",
    "/stories/<story>/people",
    "/stories/<story>/people/<person>",
    "/stories/<story>/preview.png",
    "/stories/<story>/print",
    "/stories/<story>/read",
    "/stories/<story>/scenes/<scene>",
    "/stories/<story>/search",
    "/stories/<story>/shape",
    "/static/<path:name>",
}


OTHERS = ("/healthz", "/readyz", "/api/v1/stories", f"/api/v1{HOME}", "/api/v1/openapi.json")


def test_these_addresses_are_answered_from_memory_and_no_others(serve: Serve) -> None:
    file, kept = json.dumps(tale.document()).encode(), cookie(END)
    app = serve(file, hot_mb=8)
    reader = Reader(app).keep(HOME, kept)
    crawled = crawl(Reader(serve(file, hot_mb=0)).keep(HOME, kept), ["/", HOME, f"{HOME}/shape"])
    tried, remembered = set(), set()
    for target in [*crawled, *OTHERS, "/static/explorer.css"]:
        before = len(memory(app))
        assert reader.get(target).status == 200, target
        tried.add(rule_of(app, target))
        if len(memory(app)) > before:
            remembered.add(rule_of(app, target))

    assert tried == {
        rule.rule for rule in app.url_map.iter_rules() if "GET" in (rule.methods or ())
    }
    assert remembered == REMEMBERED


def test_a_page_that_answers_by_another_cookie_is_nobody_elses(serve: Serve) -> None:
    app = serve(json.dumps(tale.document()).encode(), hot_mb=8)

    def mine(story: str) -> Said:
        private = {"Cache-Control": "private, no-store", "Vary": "Cookie"}
        return Said(f"{request.cookies['who']} in {story}", headers=private)

    app.add_url_rule("/stories/<story>/mine", view_func=mine)
    answers = [
        ask(app, "GET", f"{HOME}/mine", {"Cookie": f"who={who}"}) for who in ("one", "other")
    ]

    assert [answer.text.partition(" ")[0] for answer in answers] == ["one", "other"]
    assert len(memory(app)) == 0


@pytest.mark.parametrize("target", ["/stories/a/read", "/static/a.css"])
@pytest.mark.parametrize(
    "headers", [{}, {"Explorer-Repeatable": "1"}, {"explorer.repeatable": "1"}]
)
def test_an_answer_that_does_not_say_so_is_asked_each_time_whatever_the_request_says(
    target: str, headers: dict[str, str]
) -> None:
    told = Told(marks=False)
    layer = told.hot()

    for _ in range(2):
        ask(layer, "GET", target, headers)

    assert told.asked == 2


def test_a_mark_that_was_there_before_the_answer_is_none() -> None:
    told = Told(marks=False)
    layer = told.hot()

    def marked(environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
        response_cache.mark(environ)
        return layer(environ, start)

    for _ in range(2):
        ask(marked, "GET", "/stories/a/read")

    assert told.asked == 2


def test_whether_an_answer_is_remembered_is_not_told() -> None:
    first, second = Told(marks=True), Told(marks=False)

    assert ask(first.hot(), "GET", "/static/a").sent == ask(second.hot(), "GET", "/static/a").sent


# --- how much is remembered --------------------------------------------------------------------


def answer(size: int) -> Kept:
    return Kept("200 OK", (), b"x" * size)


def test_an_answer_weighs_what_its_body_and_its_address_do() -> None:
    assert weight(("a",), answer(10_000)) - weight(("a",), answer(1)) == 9_999
    assert weight(("x" * 20_001,), answer(1)) - weight(("x",), answer(1)) == 20_000


def test_answers_are_remembered_up_to_so_many_bytes() -> None:
    told = Told()
    layer = told.hot(most=20_000)

    for n in range(100):
        ask(layer, "GET", f"/stories/a/read?n={n}")

    assert 0 < len(layer.memory) < 10
    assert layer.memory.weight <= 20_000
