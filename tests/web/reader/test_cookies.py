"""The cookie of a bookmark: when it is set, and what a broken one means."""

from __future__ import annotations

import pytest
from flask import Flask

from tests.conftest import Serve
from tests.support import tale
from tests.support.crawl import Reader, ask, crawl
from tests.support.long_story import (
    LONG,
    NOBODY,
    TALE,
    attributes,
    code,
    cookie,
    file,
    key,
    long_story,
    of_tale,
    reader,
)


@pytest.mark.parametrize("part", [False, True])
def test_the_cookie_is_what_the_contract_says(long: Flask, part: bool) -> None:
    answer = Reader(long, part=part).post(f"{LONG}/next", {"from": ""})
    (line,) = answer.every("Set-Cookie")

    assert line.startswith(f"bookmark={cookie(0, key(0))};")
    assert attributes(line) == {
        "Path": "/stories/long",
        "Max-Age": str(400 * 24 * 60 * 60),
        "HttpOnly": True,
        "SameSite": "Lax",
    }


def test_over_https_the_cookie_stays_there(long: Flask) -> None:
    answer = Reader(long, base="https://localhost").post(f"{LONG}/next", {"from": ""})

    assert attributes(answer.header("Set-Cookie") or "")["Secure"] is True


@pytest.mark.parametrize(
    ("hops", "proto", "secure"),
    [
        (0, "https", False),
        (1, "https", True),
        (1, "http", False),
        (1, "https, http", False),
        (2, "https, http", True),
        (2, "https", False),
    ],
)
def test_behind_a_proxy_the_cookie_is_secure_when_the_outside_is(
    serve: Serve, hops: int, proto: str, secure: bool
) -> None:
    app = serve(file(long_story(3)), proxy_hops=hops)

    answer = Reader(app, headers={"X-Forwarded-Proto": proto}).post(f"{LONG}/next", {"from": ""})

    assert ("Secure" in attributes(answer.header("Set-Cookie") or "")) is secure


def test_a_cookie_that_is_forgotten_is_taken_back_where_it_was_set(long: Flask) -> None:
    answer = reader(long, 3).post(f"{LONG}/forget")
    (line,) = answer.every("Set-Cookie")

    assert line.startswith("bookmark=;")
    assert attributes(line) == {
        "Path": "/stories/long",
        "Max-Age": "0",
        "HttpOnly": True,
        "SameSite": "Lax",
    }


NOTHING_CHANGES: list[tuple[str, dict[str, str]]] = [
    ("next", {"from": key(7)}),
    ("next", {}),
    ("threshold", {"threshold": "1"}),
    (f"scenes/{key(0)}/open", {}),
    (f"scenes/{key(3)}/open", {}),
    (f"scenes/{key(40)}/open", {}),
    (f"scenes/{key(0)}/close", {}),
    (f"scenes/{key(1)}/close", {}),
    ("seen", {"scene": key(1)}),
    ("seen", {"marker": "chapter 2", "sure": "yes"}),
    ("start", {"threshold": "1"}),
    ("back", {"scene": key(11)}),
    ("warned", {"warned": "no"}),
]


@pytest.mark.parametrize(("move", "fields"), NOTHING_CHANGES, ids=str)
@pytest.mark.parametrize("part", [False, True])
def test_a_move_that_changes_nothing_sets_no_cookie(
    long: Flask, move: str, fields: dict[str, str], part: bool
) -> None:
    one = reader(long, 12, threshold=1, seen=2, opened=[key(3), key(40)], part=part)

    answer = one.post(f"{LONG}/{move}", fields)

    assert answer.status == (200 if part else 303)
    assert answer.header("Set-Cookie") is None


@pytest.mark.parametrize("part", [False, True])
def test_taking_in_the_bookmark_that_is_there_sets_no_cookie(long: Flask, part: bool) -> None:
    one = reader(long, 12, part=part)

    answer = one.post(f"{LONG}/carry", {"code": code(one)})

    assert answer.header("Set-Cookie") is None


@pytest.mark.parametrize("move", ["forget", "back", "seen"])
def test_who_has_no_bookmark_gets_none_by_moving_nowhere(long: Flask, move: str) -> None:
    answer = Reader(long).post(f"{LONG}/{move}", {"scene": ""})

    assert answer.status == 303
    assert answer.header("Set-Cookie") is None


def test_no_page_sets_a_cookie(app: Flask) -> None:
    for one in (Reader(app), of_tale(app, threshold=2, reached="fulmar", opened=["bittern"])):
        for answer in crawl(one, ["/", f"{TALE}/card"], most_pairs=1).values():
            assert answer.header("Set-Cookie") is None


FINE = cookie(2, key(11), key(3), [key(40)])
MALFORMED = [
    "",
    "nonsense",
    "1" + FINE[1:],
    "2" + FINE[3:],
    "3" + FINE[1:],
    FINE.replace("2.0.", "2..", 1),
    FINE.replace("2.0.", "2.2.", 1),
    FINE[:-1],
    FINE + ".",
    FINE + "a" * 11,
    FINE[1:],
    "1",
    "." * 7,
]
MALFORMED += [
    FINE.upper(),
    FINE.replace("2.0.1.2", "2.0.1.-2"),
    FINE.replace("2.0.1.2", "2.0..2"),
    f" {FINE} x",
]
MALFORMED += [
    FINE.replace("2.0.1.2", "2.0.1.²"),
    FINE.replace("2.0.1.2", "2.0.1.٢"),
    FINE.replace("1.2.0.", "1.2.2."),
]
MALFORMED += [
    "2.0.1.9999.0....",
    "2.0.9999999999.1.0....",
    FINE.replace(key(40), key(40)[:-1]),
    "%31" + FINE[1:],
]
MALFORMED += [
    f"2.0.1.1.0.{key(1)}..{'a' * 12 * 201}.",
    "a" * 10_000,
    "\xff\xfe",
    '"',
    "bookmark",
    FINE + "\\000",
]


def test_every_malformed_bookmark_is_another_text_than_the_good_one() -> None:
    assert FINE not in MALFORMED
    assert len(set(MALFORMED)) == len(MALFORMED)


@pytest.mark.parametrize("broken", MALFORMED, ids=range(len(MALFORMED)))
def test_a_malformed_bookmark_is_the_first_one(long: Flask, broken: str) -> None:
    one = Reader(long).keep(LONG, broken)

    for page in ("", "/read", "/people", "/carry", f"/scenes/{key(2)}"):
        assert one.get(LONG + page) == Reader(long).get(LONG + page)


@pytest.mark.parametrize(
    "other", [FINE, cookie(), "", "nonsense"], ids=["same", "first", "empty", "bad"]
)
def test_two_bookmarks_are_the_first_one(long: Flask, other: str) -> None:
    for pair in (f"bookmark={FINE}; bookmark={other}", f"bookmark={other}; a=b; bookmark={FINE}"):
        answer = ask(long, "GET", f"{LONG}/read", {"Cookie": pair})

        assert answer == ask(long, "GET", f"{LONG}/read")


def test_other_cookies_do_not_matter(long: Flask) -> None:
    others = {"Cookie": f"session=x; Bookmark={cookie(1)}; bookmark={FINE}; bookmarks=y; =; ;"}

    assert ask(long, "GET", f"{LONG}/read", others) == Reader(long).keep(LONG, FINE).get(
        f"{LONG}/read"
    )


def test_what_a_bookmark_names_in_vain_counts_for_nothing(long: Flask) -> None:
    def page(text: str) -> bytes:
        return Reader(long).keep(LONG, text).get(f"{LONG}/read").main

    plain = page(cookie())
    assert page(cookie(7)) == plain
    assert page(cookie(0, NOBODY)) == plain
    assert page(cookie(0, NOBODY, key(5))) == plain
    assert page(cookie(0, "", key(5))) == plain
    assert page(cookie(0, "", "", [NOBODY])) == plain
    assert page(cookie(2, key(4), key(8))) == page(cookie(2, key(4), key(4)))


def test_a_cookie_of_one_story_says_nothing_of_another(serve: Serve) -> None:
    app = serve(file(long_story()), file(tale.document()))
    one = reader(app, 30)

    assert one.get(f"{TALE}/read") == Reader(app).get(f"{TALE}/read")
