"""What strangers may send: too much, too often, in odd spellings, in the name of others."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from itertools import product
from typing import TYPE_CHECKING
from urllib.parse import urljoin, urlsplit

import pytest
from flask import Flask

from explorer.knowledge.bookmark import MOST_OPENED, MOST_WITHHELD
from explorer.story.terms import opaque
from explorer.web import request_limits
from tests.conftest import Serve
from tests.support import tale
from tests.support.crawl import OURS, Answer, ask

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

HOME = f"/stories/{tale.document()['id']}"
SCENE = opaque(tale.document()["id"], "scene", "gannet")
FORM = {**OURS, "Content-Type": "application/x-www-form-urlencoded"}


def file() -> bytes:
    """Give the tiny tale as a file."""
    return json.dumps(tale.document()).encode()


def refused(answer: Answer, status: int) -> bool:
    """Whether a request was refused with this status and a page of ours, and nothing was kept."""
    kept = answer.header("Set-Cookie") or answer.header("ETag")
    return answer.status == status and bool(answer.page.all("h1")) and kept is None


# --- too much ----------------------------------------------------------------------------------


@pytest.mark.parametrize("target", ["/", f"{HOME}/read", "/static/explorer.css", "/nothing"])
def test_an_address_may_be_as_long_as_any_of_ours_and_no_longer(app: Flask, target: str) -> None:
    fits = f"{target}?{'a' * (request_limits.MOST_ADDRESS - len(target))}"

    assert ask(app, "GET", fits).status in (200, 404)
    assert refused(ask(app, "GET", fits + "a"), 414)
    assert refused(ask(app, "GET", f"{target}/{'b' * request_limits.MOST_ADDRESS}"), 414)


def test_the_longest_address_of_ours_fits(app: Flask) -> None:
    scenes = "&".join(f"opened={SCENE}" for _ in range(MOST_OPENED))
    people = "&".join(f"who={SCENE}" for _ in range(50))

    assert ask(app, "GET", f"/api/v1{HOME}?threshold=0&seen={SCENE}&{scenes}").status == 200
    assert ask(app, "GET", f"{HOME}/read?order=happened&match=all&{people}").status == 200


def test_a_parameter_too_many_is_refused(app: Flask) -> None:
    fits = f"{HOME}/read?" + "&".join(f"a{n}=" for n in range(request_limits.MOST_PARAMETERS))

    assert ask(app, "GET", fits).status == 200
    assert refused(ask(app, "GET", fits + "&a="), 400)


def test_the_largest_cookies_of_ours_fit_and_larger_ones_are_refused(app: Flask) -> None:
    full = f"1.1.999.1.{SCENE}.{SCENE}.{SCENE * MOST_OPENED}.{SCENE * MOST_WITHHELD}"
    ours = f"bookmark={full}; other="
    fits = ours + "a" * (request_limits.MOST_COOKIES - len(ours))

    assert ask(app, "GET", f"{HOME}/read", {"Cookie": fits}).status == 200
    # What is remembered of the page is no answer either.
    assert refused(ask(app, "GET", f"{HOME}/read", {"Cookie": fits + "a"}), 431)


def test_a_form_too_large_is_refused(app: Flask) -> None:
    fits = b"from=&rest=" + b"a" * (request_limits.MOST_FORM - 11)

    assert ask(app, "POST", f"{HOME}/next", FORM, fits).status == 303
    assert refused(ask(app, "POST", f"{HOME}/next", FORM, fits + b"a"), 413)


def test_a_form_may_have_so_many_parts_and_no_more(app: Flask) -> None:
    part = '--x\r\nContent-Disposition: form-data; name="a"\r\n\r\n1\r\n'
    headers = {**OURS, "Content-Type": "multipart/form-data; boundary=x"}
    fits, too_many = (
        (part * count + "--x--\r\n").encode()
        for count in (request_limits.MOST_FIELDS, request_limits.MOST_FIELDS + 1)
    )

    assert ask(app, "POST", f"{HOME}/next", headers, fits).status == 303
    assert refused(ask(app, "POST", f"{HOME}/next", headers, too_many), 413)


def test_programs_are_refused_in_their_own_words(app: Flask) -> None:
    for target, status in (
        ("/api/v1/stories?after=" + "a" * request_limits.MOST_ADDRESS, 414),
        ("/api/v1/stories?" + "a&" * request_limits.MOST_PARAMETERS, 400),
        ("/api/v1/stories?after=%00", 422),
        ("/api/v1/stories?limit=1&limit=2", 422),
    ):
        answer = ask(app, "GET", target)
        assert answer.status == status
        assert answer.header("Content-Type") == "application/problem+json"
        assert json.loads(answer.body)["status"] == status


# --- odd spellings -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    "path",
    [
        *(f"{HOME}/%00", f"{HOME}%00/read", f"/stories/%00{HOME}", f"{HOME}/read%00.md"),
        *(f"{HOME}/../spindrift/read", f"{HOME}/%2e%2e/spindrift", f"{HOME}/./read", f"{HOME}/."),
        *(f"{HOME};a=b/read", f"{HOME}/read;x", f"{HOME}\\read", f"{HOME}%5cread"),
        *(f"{HOME}%2fread", f"{HOME}/read%20", f"{HOME}/read%0a", f"{HOME}/read%0d%0aX: y"),
        *(f"{HOME.upper()}", f"{HOME}/READ", f"{HOME}/%ff", f"{HOME}/%c0%ae", f"{HOME}/\u202eread"),
        *("/static/../scenes.json", "/static/%2e%2e/scenes.json", "/static/..%2fscenes.json"),
        *("/static/..%5cscenes.json", "/static//etc/passwd", "/static/%00explorer.css"),
        *("/static/C:%5cwindows", "/static/CON", "/static/fonts", "/static/", "/static/."),
        *("//evil.example/", "//evil.example/%2e%2e", "/\\evil.example", "/.git/config", "/.env"),
        *(f"{HOME}/scenes/{SCENE}/", f"{HOME}/scenes/" + "a" * 4000, "/" + "/" * 4000 + "x"),
        *("/stories/" + "%F0%9F%A6%A2" * 300, "/stories/" + "a/" * 2000, "/%", "/%zz", "/*", "*"),
    ],
)
def test_an_odd_path_leads_to_nothing_or_on_to_a_page_of_ours(app: Flask, path: str) -> None:
    for method in ("GET", "HEAD", "POST"):
        answer = ask(app, method, path, OURS)

        assert answer.status in (200, 303, 404, 405)
        if answer.status != 404:
            assert leads_to_us(answer)


def leads_to_us(answer: Answer) -> bool:
    """Whether a redirect stays on this host; what is none is refused by its method."""
    location = answer.header("Location")
    there = urlsplit(urljoin("http://localhost/", location or "/"))
    return (there.scheme, there.netloc) == ("http", "localhost")


@pytest.mark.parametrize(
    ("fields", "threshold"),
    [
        (b"threshold=1&threshold=2", 1),
        (b"threshold=2&threshold=1", 2),
        (b"threshold=1;threshold=2", None),
        (b"threshold[]=1", None),
        (b"threshold.x=1", None),
        (b"Threshold=1", None),
        (b"threshold=%31", 1),
        (b"threshold=1%00", None),
        (b"threshold=%ff", None),
        (b"threshold=1e0", None),
        (b"threshold=\xef\xbc\x91", 1),
        (b"threshold=" + b"9" * 5000, None),
        (b"threshold=-1", None),
        (b"threshold", None),
        (b"=1", None),
        (b"\x00=\xff&&&&=;", None),
        (b'{"threshold": 1}', None),
    ],
)
def test_an_oddly_spelled_form_means_what_it_plainly_says_or_nothing(
    app: Flask, fields: bytes, threshold: int | None
) -> None:
    answer = ask(app, "POST", f"{HOME}/threshold", FORM, fields)

    if threshold is None:
        assert refused(answer, 422)
    else:
        assert f"bookmark=2.0.1.{threshold}." in (answer.header("Set-Cookie") or "")


PLAIN_KINDS = [
    "application/x-www-form-urlencoded; charset=utf-7",
    "application/x-www-form-urlencoded; charset=utf-16",
]
ODD_KINDS = [
    *("", "text/plain", "application/json", "multipart/mixed; boundary=x"),
    *("multipart/form-data", "multipart/form-data; boundary="),
    f"multipart/form-data; boundary={'x' * 5000}",
    *("a", "/", ";", "\xff", "a" * 5000),
]
ODD_BODIES = [b"--x\r\n\r\n", b"\xff\xfe", b"{", b"<a>"]


def test_a_form_of_an_odd_kind_moves_only_as_it_plainly_says(app: Flask) -> None:
    for kind, body in [
        *product(ODD_KINDS, [b"threshold=1", *ODD_BODIES]),
        *product(PLAIN_KINDS, ODD_BODIES),
    ]:
        answer = ask(app, "POST", f"{HOME}/threshold", {**OURS, "Content-Type": kind}, body)
        assert refused(answer, 422), (kind, body)

    for kind in PLAIN_KINDS:
        headers = {**OURS, "Content-Type": kind}
        answer = ask(app, "POST", f"{HOME}/threshold", headers, b"threshold=1")
        assert answer.status == 303, kind
        assert (answer.header("Set-Cookie") or "").startswith("bookmark=2.0.1.1."), kind


TWO = b"threshold=2"
TORN = [
    *((str(n), 400) for n in (12, 99, request_limits.MOST_FORM)),
    ("1" * 18, 413),
    ("9" * 5000, 413),
]
ODD = [(length, 400) for length in ("-1", "+11", "11 ", " 11", "11,11", "0xb", "\xb9\xb9", "١١")]
KINDS = [
    "application/x-www-form-urlencoded",
    "application/x-www-form-urlencoded;charset=utf-8",
    "APPLICATION/X-WWW-FORM-URLENCODED ; charset=utf-8",
]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    ("length", "status"), [*TORN, *ODD, (str(request_limits.MOST_FORM + 1), 413)]
)
def test_a_form_that_is_not_as_long_as_it_says_moves_nothing(
    app: Flask, length: str, status: int, kind: str
) -> None:
    headers = {**OURS, "Content-Type": kind, "Content-Length": length}

    assert refused(ask(app, "POST", f"{HOME}/threshold", headers, TWO), status)


@pytest.mark.parametrize("kind", KINDS)
def test_what_follows_a_form_is_no_part_of_it(app: Flask, kind: str) -> None:
    headers = {**OURS, "Content-Type": kind, "Content-Length": str(len(TWO))}
    answer = ask(app, "POST", f"{HOME}/threshold", headers, TWO + b"3&threshold=1")

    assert "bookmark=2.0.1.2." in (answer.header("Set-Cookie") or "")


@pytest.mark.parametrize("kind", KINDS)
def test_a_field_that_is_no_text_takes_no_other_along(app: Flask, kind: str) -> None:
    headers = {**OURS, "Content-Type": kind}
    answer = ask(app, "POST", f"{HOME}/threshold", headers, b"a=\xff&b=%ff&threshold=2")

    assert "bookmark=2.0.1.2." in (answer.header("Set-Cookie") or "")


@pytest.mark.parametrize("method", ["get", "Get", "hEaD", "options"])
def test_a_method_in_small_letters_moves_nothing(app: Flask, method: str) -> None:
    answer = ask(app, method, f"{HOME}/next", OURS, b"from=")

    assert answer.header("Set-Cookie") is None


@pytest.mark.parametrize(
    "method", ["TRACE", "TRACK", "DEBUG", "CONNECT", "PROPFIND", "PURGE", "A" * 999]
)
def test_no_method_gives_back_what_was_sent(app: Flask, method: str) -> None:
    for target in ("/", f"{HOME}/read", "/static/explorer.css", "*", ""):
        for site in ("same-origin", "cross-site"):
            headers = {"Sec-Fetch-Site": site, "Cookie": "secret=hush", "X-Said": "hush"}
            answer = ask(app, method, target, headers)

            assert answer.status in (403, 404, 405)
            assert "hush" not in answer.sent.decode()


def test_a_header_that_stands_twice_is_no_reason_to_trust(app: Flask) -> None:
    # The server joins them with a comma.
    for headers in (
        {"Sec-Fetch-Site": "same-origin,same-origin"},
        {"Sec-Fetch-Site": "cross-site,same-origin"},
        {"Origin": "http://localhost,http://localhost"},
    ):
        assert refused(ask(app, "POST", f"{HOME}/next", headers, b"from="), 403)


# --- in the name of others ---------------------------------------------------------------------


@pytest.mark.parametrize("host", ["localhost,evil.example", "", "a b", "a/b", "a@b", "[::1", "é"])
def test_a_request_for_no_host_or_for_two_is_refused(app: Flask, host: str) -> None:
    for target in ("/", f"{HOME}/read", "/static/explorer.css"):
        assert refused(ask(app, "GET", target, base=f"http://{host}"), 400)


def test_those_who_ask_how_the_server_is_need_no_host(app: Flask) -> None:
    assert ask(app, "GET", "/healthz", base="http://").status == 200
    assert ask(app, "GET", "/readyz", base="http://").status == 200


@pytest.mark.parametrize("target", ["/", HOME, f"{HOME}/read", f"{HOME}/people"])
def test_a_forged_host_is_named_to_nobody_but_the_forger(app: Flask, target: str) -> None:
    before = ask(app, "GET", target)
    forged = ask(app, "GET", target, base="http://evil.example")

    assert before == ask(app, "GET", target)
    assert b"evil" not in before.sent
    assert b"http://localhost" not in forged.sent
    assert not re.search("public|s-maxage", forged.header("Cache-Control") or "")


@pytest.mark.parametrize("target", [f"{HOME}//read?who=a", f"/{HOME}", f"{HOME}/", "//", ""])
def test_no_address_but_the_right_one_leads_anywhere(app: Flask, target: str) -> None:
    answer = ask(app, "GET", target)

    assert answer.status == (404 if target else 200)
    assert answer.header("Location") is None


@pytest.mark.parametrize(
    "target", [f"{HOME}//read?who=a", f"{HOME}///people", f"{HOME}/read/", "/stories/", "*"]
)
def test_no_address_leads_on_to_a_better_spelling_of_it(app: Flask, target: str) -> None:
    for method in ("GET", "HEAD", "POST"):
        forged = ask(app, method, target, OURS, base="http://evil.example")

        assert refused(forged, 404) or (method, forged.status) == ("HEAD", 404)
        assert forged.header("Location") is None
        assert b"evil" not in forged.sent


@pytest.mark.parametrize("prefix", ["", "/plots"])
def test_an_address_without_a_path_is_the_library(serve: Serve, prefix: str) -> None:
    # So it comes when somebody asks for "host:80", as of a proxy.
    app = serve(file(), url_prefix=prefix)

    for query in ("", "?q=ferry"):
        assert ask(app, "GET", query) == ask(app, "GET", f"{prefix}/{query}")


def test_what_a_server_may_leave_out_is_not_missed(app: Flask) -> None:
    def sparing(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        for name in ("QUERY_STRING", "PATH_INFO", "SCRIPT_NAME", "CONTENT_LENGTH"):
            if not environ.get(name):
                environ.pop(name, None)
        return app(environ, start_response)

    for method, target in (("GET", ""), ("GET", HOME), ("POST", f"{HOME}/next"), ("GET", "/x")):
        assert ask(sparing, method, target, OURS) == ask(app, method, target, OURS)


FORGED = {
    "X-Forwarded-For": "192.0.2.1",
    "X-Forwarded-Host": "evil.example",
    "X-Forwarded-Proto": "https",
    "X-Forwarded-Port": "444",
    "X-Forwarded-Prefix": "/evil",
    "Forwarded": "for=192.0.2.1;host=evil.example;proto=https",
    "X-Original-URL": "/evil",
    "X-Rewrite-URL": "/evil",
    "X-Real-IP": "192.0.2.1",
    "X-Host": "evil.example",
    "Proxy": "http://evil.example",
}


@pytest.mark.parametrize("target", ["/", HOME, f"{HOME}/read", f"{HOME}//read", "/nothing"])
def test_without_a_proxy_no_stranger_speaks_for_one(app: Flask, target: str) -> None:
    assert ask(app, "GET", target, FORGED) == ask(app, "GET", target)


def test_behind_a_proxy_only_the_last_word_counts(serve: Serve) -> None:
    app = serve(file(), proxy_hops=1)
    honest = {"X-Forwarded-Proto": "https", "X-Forwarded-Host": "plots.example"}
    forged = {
        "X-Forwarded-Proto": "http, https",
        "X-Forwarded-Host": "evil.example, plots.example",
        "X-Forwarded-Prefix": "/evil",
        "X-Forwarded-Port": "444",
    }

    for target in ("/", HOME, f"{HOME}//read"):
        assert ask(app, "GET", target, forged) == ask(app, "GET", target, honest)
        assert b"evil" not in ask(app, "GET", target, forged).sent


def test_behind_a_proxy_a_host_that_is_not_trusted_gets_nothing(serve: Serve) -> None:
    app = serve(file(), proxy_hops=1, trusted_hosts=("plots.example",))

    for said, status in (("plots.example", 200), ("evil.example", 400)):
        answer = ask(app, "GET", "/", {"X-Forwarded-Host": said}, base="http://plots.example")
        assert answer.status == status
