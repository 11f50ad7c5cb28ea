"""Who may move a bookmark, and the headers that stand around every answer."""

from __future__ import annotations

import base64
import hashlib
import json
import logging
import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from flask import Flask

from explorer import create_app
from explorer.settings import Settings, folder
from explorer.story.terms import opaque
from explorer.web import content_policy, request_limits
from explorer.web.middleware.request_buffer import Limits, RequestBuffer
from tests.conftest import Serve
from tests.support import tale
from tests.support.crawl import OURS, PART, Answer, Reader, ask

HOME = f"/stories/{tale.document()['id']}"
SCENE = opaque(tale.document()["id"], "scene", "gannet")
STATIC = (
    "explorer.css",
    "explorer.js",
    "icon.svg",
    content_policy.HTMX_FILE,
    "fonts/Vollkorn-SemiBold.ttf",
)
HALF_A_YEAR = 182 * 24 * 60 * 60
PLAIN = {"Content-Type": "application/x-www-form-urlencoded"}

MOVES = {
    f"{HOME}/start": b"threshold=2",
    f"{HOME}/next": b"from=",
    f"{HOME}/threshold": b"threshold=2",
    f"{HOME}/scenes/{SCENE}/open": b"",
    f"{HOME}/scenes/{SCENE}/close": b"",
    f"{HOME}/seen": b"marker=0:20:00&sure=yes",
    f"{HOME}/back": b"scene=",
    f"{HOME}/warned": b"warned=yes",
    f"{HOME}/forget": b"",
    f"{HOME}/carry": f"code={tale.document()['id']}.2.0.1.2.0....".encode(),
}

FROM_ELSEWHERE = [
    {},
    *({"Sec-Fetch-Site": site} for site in ("cross-site", "same-site", "none", "", "Same-Origin")),
    # The newer header counts, whatever the older one says.
    *(
        {"Sec-Fetch-Site": site, "Origin": "http://localhost"}
        for site in ("cross-site", "same-site", "none", "", "same-origin, cross-site", "yes")
    ),
    *(
        {"Origin": origin}
        for origin in (
            "",
            "null",
            "https://localhost",
            "http://localhost:8000",
            "http://localhost/",
            "http://localhost.evil.example",
            "http://evil.example",
            "http://evil.example#http://localhost",
            "localhost",
            "http://localhost, http://evil.example",
        )
    ),
    {"Referer": "http://localhost/stories/spindrift/read"},
    {"Host": "evil.example", "Origin": "http://localhost"},
    {"X-Forwarded-Host": "evil.example", "Origin": "http://evil.example"},
]
FROM_US = [
    {"Sec-Fetch-Site": "same-origin"},
    {"Sec-Fetch-Site": "same-origin", "Origin": "null"},
    {"Sec-Fetch-Site": "same-origin", "Origin": "http://evil.example"},
    {"Origin": "http://localhost"},
    {"Host": "localhost:8000", "Origin": "http://localhost:8000"},
]


def test_these_are_all_the_moves(app: Flask) -> None:
    rules = [rule for rule in app.url_map.iter_rules() if "POST" in (rule.methods or ())]
    adapter = app.url_map.bind("localhost")

    assert {rule.endpoint for rule in rules} == {
        adapter.match(target, "POST")[0] for target in MOVES
    }


@pytest.mark.parametrize("target", MOVES)
def test_another_site_moves_nothing(app: Flask, target: str) -> None:
    for headers in FROM_ELSEWHERE:
        answer = ask(app, "POST", target, headers | PLAIN, MOVES[target])

        assert answer.status == 403, headers
        assert answer.header("Set-Cookie") is None, headers
        assert answer.header("Location") is None, headers
        assert "may move your bookmark" in answer.text, headers


@pytest.mark.parametrize("headers", FROM_US, ids=str)
@pytest.mark.parametrize("target", MOVES)
def test_our_own_forms_move(app: Flask, target: str, headers: dict[str, str]) -> None:
    answer = ask(app, "POST", target, headers | PLAIN, MOVES[target])

    assert answer.status == 303


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE", "TRACE", "CONNECT", "BREW", "post"])
def test_no_other_method_comes_in_from_elsewhere(app: Flask, method: str) -> None:
    assert ask(app, method, f"{HOME}/next", {"Sec-Fetch-Site": "cross-site"}).status == 403


@pytest.mark.parametrize("target", [f"{HOME}/nothing", "/stories/nothing/next", "/nothing"])
def test_what_is_refused_from_elsewhere_looks_the_same_whatever_is_there(
    app: Flask, target: str
) -> None:
    assert ask(app, "POST", target) == ask(app, "POST", f"{HOME}/next")


@pytest.mark.parametrize("method", ["GET", "HEAD", "OPTIONS"])
@pytest.mark.parametrize("target", MOVES)
def test_no_link_moves(app: Flask, method: str, target: str) -> None:
    body = MOVES[target].decode()
    for more in ({}, OURS, PART):
        answer = ask(app, method, f"{target}?{body}", more)

        assert answer.header("Set-Cookie") is None
        assert answer.status == (200 if method == "OPTIONS" or target.endswith("/carry") else 405)


@pytest.mark.parametrize("name", ["X-HTTP-Method-Override", "X-HTTP-Method", "X-Method-Override"])
def test_no_header_turns_a_link_into_a_move(app: Flask, name: str) -> None:
    answer = ask(app, "GET", f"{HOME}/next?_method=POST&from=", {name: "POST"} | OURS)

    assert answer.status == 405
    assert answer.header("Set-Cookie") is None


@pytest.mark.parametrize(
    ("host", "origin"),
    [
        ("plots.example:80", "http://plots.example"),
        ("plots.example:80", "https://plots.example:80"),
        ("plots.example:443", "https://plots.example"),
        ("plots.example:443", "http://plots.example:443"),
        ("xn--bcher-kva.example", "http://xn--bcher-kva.example"),
        ("[::1]:8000", "http://[::1]:8000"),
        ("127.0.0.1:8000", "http://127.0.0.1:8000"),
    ],
)
def test_an_older_browser_moves_under_any_kind_of_host(app: Flask, host: str, origin: str) -> None:
    base = f"{origin.partition(':')[0]}://{host}"
    answer = ask(app, "POST", f"{HOME}/next", {"Origin": origin}, b"from=", base)

    assert answer.status == 303


def test_behind_a_proxy_our_origin_is_the_one_outside(serve: Serve) -> None:
    app = serve(file(), proxy_hops=1)
    outside = {"X-Forwarded-Proto": "https", "X-Forwarded-Host": "plots.example"}

    for origin, status in (
        ("https://plots.example", 303),
        ("http://plots.example", 403),
        ("http://localhost", 403),
        ("https://evil.example", 403),
    ):
        answer = ask(app, "POST", f"{HOME}/next", {**outside, "Origin": origin}, b"from=")
        assert answer.status == status, origin


# --- headers -----------------------------------------------------------------------------------


def file() -> bytes:
    """Give the tiny tale as a file."""
    return json.dumps(tale.document()).encode()


def every_kind_of_answer(app: Flask) -> Iterator[tuple[str, Answer]]:
    """Give an answer of each kind that there is, but for faults of ours."""
    reader = Reader(app, headers={"X-Forwarded-Proto": "http"})
    yield "library", reader.get("/")
    for page in ("", "/read", "/card", "/people", "/carry", f"/scenes/{SCENE}"):
        yield page, reader.get(HOME + page)
        yield f"part {page}", reader.get(HOME + page, PART)
    yield "303", reader.post(f"{HOME}/next", {"from": ""})
    yield "303 part", reader.post(f"{HOME}/next", {"from": SCENE}, PART)
    yield "403", ask(app, "POST", f"{HOME}/next")
    yield "404", reader.get("/nothing")
    yield "404 person", reader.get(f"{HOME}/people/aaaaaaaaaaaa")
    yield "404 static", reader.get("/static/nothing.css")
    yield "404 outside static", reader.get("/static/../explorer/storage/store.py")
    yield "405", reader.get(f"{HOME}/next")
    yield "413", reader.send("POST", f"{HOME}/next", b"from=" + b"a" * 70_000, OURS | PLAIN)
    yield "422", reader.post(f"{HOME}/threshold", {"threshold": "99"})
    yield "healthz", reader.get("/healthz")
    yield "readyz", reader.get("/readyz")
    yield "options", reader.send("OPTIONS", f"{HOME}/read")
    yield "head", reader.send("HEAD", f"{HOME}/read")
    yield "404 two slashes", reader.get(f"/{HOME}//read")
    nobody_waits = RequestBuffer(app, Limits(1, 0, 1, request_limits.MOST_FORM, 0, glance=0))
    yield "411", ask(nobody_waits, "POST", f"{HOME}/next", OURS | {"Transfer-Encoding": "chunked"})
    yield "503 crowded", ask(nobody_waits, "POST", f"{HOME}/next", OURS, b"from=")
    yield "414", reader.get("/?" + "a" * request_limits.MOST_ADDRESS)
    yield "431", ask(app, "GET", "/", {"Cookie": "a" * (request_limits.MOST_COOKIES + 1)})
    yield "400", reader.get("/?" + "a&" * request_limits.MOST_PARAMETERS)
    for name in STATIC:
        answer = reader.get(f"/static/{name}")
        yield name, answer
        known = {"If-None-Match": answer.header("ETag") or ""}
        yield f"304 {name}", ask(app, "GET", f"/static/{name}", known)
        yield f"head {name}", reader.send("HEAD", f"/static/{name}")


def every_other_answer(app: Flask) -> Iterator[tuple[str, Answer]]:
    """Give the answers that are kept otherwise than pages are."""
    reader = Reader(app)
    yield "preview.png", reader.get(f"{HOME}/preview.png")
    yield "openapi", reader.get("/api/v1/openapi.json")
    for target in ("/api/v1/stories", f"/api/v1{HOME}"):
        yield target, ask(app, "GET", target)
        yield f"{target} by a link", ask(app, "GET", target, {"Sec-Fetch-Dest": "document"})
    yield "422 of the interface", ask(app, "GET", "/api/v1/stories?limit=0")
    yield "404 of the interface", ask(app, "GET", "/api/v1/stories/nothing")
    for name in ("print", "shape", "search?q=a", "export.md", "export.json"):
        yield name, reader.get(f"{HOME}/{name}")


def every_answer_and_faults(
    app: Flask, library: str, caplog: pytest.LogCaptureFixture
) -> Iterator[tuple[str, Answer]]:
    """Give an answer of each kind that there is; the library is broken after it."""
    yield from every_kind_of_answer(app)
    yield from every_other_answer(app)
    break_library(library)
    with caplog.at_level(logging.CRITICAL):
        yield "503", Reader(app).get("/readyz")
        yield "503 library", Reader(app).get("/")
        yield "503 story", Reader(app).get("/stories/another")
        with broken(app):
            yield "500", Reader(app).get(f"{HOME}/read?not=remembered")
            yield "500 library", Reader(app).get("/")


def break_library(library: str) -> None:
    """Take the tables away from under a running application."""
    with closing(sqlite3.connect(library.removeprefix("sqlite:///"))) as connection:
        for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type='table'"):
            connection.execute("PRAGMA foreign_keys = OFF")
            connection.execute(f'ALTER TABLE "{name}" RENAME TO "gone_{name}"')
        connection.commit()


@contextmanager
def broken(app: Flask) -> Iterator[None]:
    """Take away what every page needs, as somebody might who wires the parts together."""
    shelf = app.extensions.pop("shelf")
    try:
        yield
    finally:
        app.extensions["shelf"] = shelf


def test_every_kind_of_answer_is_what_it_says(
    app: Flask, library: str, caplog: pytest.LogCaptureFixture
) -> None:
    for name, answer in every_answer_and_faults(app, library, caplog):
        if re.match(r"\d{3}", name):
            expected = 200 if name == "303 part" else int(name[:3])
            assert answer.status == expected, name
        else:
            assert answer.status == 200, name


def test_every_answer_carries_the_headers_that_keep_it_safe(
    app: Flask, library: str, caplog: pytest.LogCaptureFixture
) -> None:
    for name, answer in every_answer_and_faults(app, library, caplog):
        shared = "cross-origin" if name == "preview.png" else "same-origin"
        for header, value in (
            ("Referrer-Policy", "same-origin"),
            ("X-Content-Type-Options", "nosniff"),
            ("X-Frame-Options", "DENY"),
            ("Cross-Origin-Opener-Policy", "same-origin"),
            ("Cross-Origin-Resource-Policy", shared),
        ):
            assert answer.every(header) == [value], (name, header)
        assert len(answer.every("Content-Security-Policy")) == 1, name
        assert "camera=()" in (answer.header("Permissions-Policy") or ""), name
        assert answer.header("Strict-Transport-Security") is None, name
        assert answer.header("Server") is None, name
        assert answer.header("X-Powered-By") is None, name


def test_every_answer_says_how_it_may_be_kept(
    app: Flask, library: str, caplog: pytest.LogCaptureFixture
) -> None:
    others = {name for name, _ in every_other_answer(app)}
    public = {"library": "no-cache", "healthz": "no-store", "readyz": "no-store", "503": "no-store"}
    for name, answer in every_answer_and_faults(app, library, caplog):
        if name.endswith(STATIC):
            assert answer.header("Cache-Control") == "no-cache", name
            continue
        if name == "options":
            continue
        if name in others:
            assert answer.header("Cache-Control"), name
            continue
        expected = public.get(name, "private, no-store")
        assert answer.header("Cache-Control") == expected, name
        assert answer.header("ETag") is None, name
        assert answer.header("Last-Modified") is None, name
        if expected == "private, no-store":
            vary = {one.strip() for one in (answer.header("Vary") or "").split(",")}
            assert vary == {"Cookie", "HX-Request-Type", "Accept-Encoding"}, name


def test_the_library_page_varies_by_the_part_that_is_asked(app: Flask) -> None:
    assert ask(app, "GET", "/").header("Vary") == "HX-Request-Type, Accept-Encoding"


def test_over_https_every_answer_tells_the_browser_to_stay_there(serve: Serve) -> None:
    app = serve(file(), proxy_hops=1)
    outside = {"X-Forwarded-Proto": "https"}
    for target in (
        *("/", f"{HOME}/read", f"{HOME}/next", "/nothing", "/healthz", f"{HOME}//read"),
        *("/static/explorer.css", f"{HOME}/preview.png", "/api/v1/stories", "/?" + "a&" * 999),
    ):
        for method in ("GET", "HEAD", "POST", "OPTIONS"):
            answer = ask(app, method, target, outside)
            (safety,) = answer.every("Strict-Transport-Security")
            assert int(safety.removeprefix("max-age=")) >= HALF_A_YEAR, (method, target)
            assert ask(app, method, target).header("Strict-Transport-Security") is None


def test_an_error_tells_the_reader_nothing_and_the_log_no_place(
    app: Flask, caplog: pytest.LogCaptureFixture
) -> None:
    reader = Reader(app).keep(HOME, f"2.0.1.2.0.{SCENE}...")

    with broken(app):
        answer = reader.get(f"{HOME}/scenes/{SCENE}?who={SCENE}")

    assert answer.status == 500
    assert not re.search("sqlite|Traceback|table|File", answer.text)
    assert "GET /stories/<story>/scenes/<scene> failed" in caplog.text
    assert SCENE not in caplog.text
    assert SCENE not in answer.sent.decode()


# --- the content policy ------------------------------------------------------------------------


def policy(answer: Answer) -> dict[str, list[str]]:
    """Give a content policy by directive."""
    header = answer.header("Content-Security-Policy") or ""
    pieces = (piece.split() for piece in header.split(";"))
    return {name: sources for name, *sources in pieces}


def test_the_content_policy_lets_in_what_pages_need_and_no_more(app: Flask) -> None:
    assert policy(ask(app, "GET", "/")) == {
        "default-src": ["'none'"],
        "script-src": ["'self'", content_policy.HTMX_CDN],
        "style-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "font-src": ["'self'"],
        "connect-src": ["'self'"],
        "manifest-src": ["'self'"],
        "form-action": ["'self'"],
        "base-uri": ["'none'"],
        "frame-ancestors": ["'none'"],
    }


def test_with_the_local_copy_nothing_is_fetched_from_elsewhere(serve: Serve) -> None:
    app = serve(file(), htmx="local")

    for _, answer in every_kind_of_answer(app):
        assert policy(answer)["script-src"] == ["'self'"]
        if (answer.header("Content-Type") or "").startswith("text/html"):
            assert b"cdn" not in answer.sent
            assert all(
                "htmx" not in script or script.startswith("/static/") for script in scripts(answer)
            )
    (htmx,) = [script for script in scripts(ask(app, "GET", "/")) if "htmx" in script]
    assert ask(app, "GET", htmx).body == (folder("static") / content_policy.HTMX_FILE).read_bytes()


def test_a_file_is_for_good_under_the_address_that_pages_give_it(app: Flask) -> None:
    address = scripts(ask(app, "GET", "/"))[0]

    kept = ask(app, "GET", address).header("Cache-Control")

    assert kept == "public, max-age=31536000, immutable"
    assert ask(app, "GET", f"{address[:-1]}x").header("Cache-Control") == "no-cache"


def test_our_script_does_not_wait_for_a_file_from_elsewhere(app: Flask) -> None:
    ours, theirs = scripts(ask(app, "GET", "/"))

    assert ours.startswith("/static/explorer.js")
    assert theirs == content_policy.HTMX_CDN


def scripts(answer: Answer) -> list[str]:
    """Give the addresses of a page's scripts."""
    return [one.get("src") or "" for one in answer.page.all("script")]


def test_htmx_comes_from_the_cdn_with_the_hash_of_our_own_copy(app: Flask) -> None:
    (script,) = [
        one for one in ask(app, "GET", "/").page.all("script") if "integrity" in one.attributes
    ]
    digest = hashlib.sha384((folder("static") / content_policy.HTMX_FILE).read_bytes()).digest()

    assert script.get("src") == content_policy.HTMX_CDN
    assert script.get("integrity") == f"sha384-{base64.b64encode(digest).decode()}"
    assert script.get("crossorigin") == "anonymous"


def test_no_page_holds_what_the_policy_forbids(app: Flask) -> None:
    for name, answer in every_kind_of_answer(app):
        if not (answer.header("Content-Type") or "").startswith("text/html"):
            continue
        for element in answer.page.elements:
            assert not {"style", "srcdoc"} & set(element.attributes), name
            assert not [one for one in element.attributes if one.startswith("on")], name
            assert element.tag not in ("style", "iframe", "object", "embed", "base"), name


# --- hosts -------------------------------------------------------------------------------------


@pytest.mark.parametrize("host", ["plots.example", "plots.example:8000", "www.tales.example"])
def test_a_trusted_host_is_served(serve: Serve, host: str) -> None:
    app = serve(file(), trusted_hosts=("plots.example", ".tales.example"))

    assert ask(app, "GET", "/", base=f"http://{host}").status == 200


@pytest.mark.parametrize(
    "host", ["evil.example", "plots.example.evil", "localhost", "", "a b", "é"]
)
@pytest.mark.parametrize("method", ["GET", "POST", "OPTIONS"])
def test_another_host_gets_nothing(serve: Serve, host: str, method: str) -> None:
    app = serve(file(), trusted_hosts=("plots.example", ".tales.example"))

    for target in ("/", f"{HOME}/read", "/healthz", "/static/explorer.css", "/nothing"):
        answer = ask(app, method, target, OURS, base=f"http://{host}")
        assert answer.status == 400, target
        assert answer.header("Set-Cookie") is None
        assert answer.header("Cache-Control") == "private, no-store"
        assert policy(answer)["default-src"] == ["'none'"]


@pytest.mark.parametrize(
    "host", ['a"><script>x</script>', "a'b", "a<b", "a/b?c#d", "a{{1234*5678}}b"]
)
def test_a_host_is_never_taken_for_markup_or_for_ours(app: Flask, host: str) -> None:
    answer = ask(app, "GET", HOME, base=f"http://{host}")
    moved = ask(app, "POST", f"{HOME}/next", {"Origin": "http://localhost"}, base=f"http://{host}")

    assert b"<script>x" not in answer.body
    assert b"7006652" not in answer.body
    assert moved.status in (400, 403)


@pytest.mark.parametrize(
    "query", [b"\xff", b"who=\xff\xfe", b"a=%ff&b=\xed\xa0\x80", b"\xc3\x28=1"]
)
def test_an_address_that_is_no_text_is_refused(app: Flask, query: bytes) -> None:
    for method, target in (("GET", f"{HOME}/read"), ("POST", f"{HOME}/next"), ("GET", "/nothing")):
        answer = ask(app, method, f"{target}?{query.decode(errors='surrogateescape')}", OURS)

        assert answer.status == 400
        assert answer.header("Set-Cookie") is None


def test_every_copy_of_an_installation_is_made_of_its_settings_alone(
    library: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("EXPLORER_HTMX", "local")
    monkeypatch.setenv("EXPLORER_DATABASE_URL", f"sqlite:///{tmp_path / 'other.db'}")

    app = create_app(Settings(database_url=library))

    assert ask(app, "GET", "/").page.all("script")[-1].get("src") == content_policy.HTMX_CDN
