"""Parts of pages, HEAD and OPTIONS: what stands in the whole answer, and no more."""

from __future__ import annotations

import pytest
from flask import Flask

from tests.support.crawl import PART, Reader, ask
from tests.support.long_story import (
    GOOD,
    LONG,
    NOBODY,
    TALE,
    VIEW,
    key,
    moves_of,
    of_tale,
    person,
    reader,
    title_of,
)

# --- parts of pages ----------------------------------------------------------------------------


ADDRESSES = [
    "",
    "/read",
    f"/read?{VIEW}",
    f"/read?before={key(8)}",
    "/people",
    f"/people/{person('ben')}",
]
ADDRESSES += [
    "/carry",
    f"/scenes/{key(1)}",
    f"/scenes/{key(2)}",
    f"/scenes/{key(40)}",
    f"/scenes/{key(60)}",
]


@pytest.mark.parametrize("spot", [*ADDRESSES, f"/people/{NOBODY}", "/nothing"])
@pytest.mark.parametrize("count", [0, 1, 12, 70])
def test_the_part_of_a_page_is_what_stands_in_the_page(long: Flask, spot: str, count: int) -> None:
    one = reader(long, count, threshold=0, opened=[key(40)])
    whole, part = one.get(LONG + spot), one.get(LONG + spot, PART)

    assert part.status == whole.status
    assert part.main == whole.main
    assert b"<html" in whole.body
    assert b"<html" not in part.body
    assert title_of(part) == title_of(whole)
    assert part.body.replace(part.main, b"").count(b"<") == part.body.count(b"<title>") * 2


def test_the_part_of_a_card_is_the_card(app: Flask) -> None:
    one = of_tale(app, threshold=1, reached="petrel")
    whole, part = one.get(f"{TALE}/card"), one.get(f"{TALE}/card", PART)

    assert part.body.strip() in whole.main
    assert part.body.strip().startswith(b"<article")
    assert part.body.strip().endswith(b"</article>")


@pytest.mark.parametrize("value", ["full", "", "Partial", "partial, full", "1"])
def test_only_who_asks_for_a_part_gets_one(long: Flask, value: str) -> None:
    answer = ask(long, "GET", f"{LONG}/read", {"HX-Request": "true", "HX-Request-Type": value})

    assert b"<html" in answer.body


PAGES = ["read", "front", "people", "carry", f"scenes/{key(1)}", f"scenes/{key(40)}"]
PAGES += [f"people/{person('anna')}", f"read&{VIEW}", f"read&before={key(8)}"]
PAGES += [
    f"read&who={person('anna')}&match=all",
    f"read&after={key(2)}&before={key(9)}&order=happened",
]
ALL_MOVES = [
    *moves_of(12),
    ("forget", {}),
    ("carry", {"code": GOOD}),
    ("threshold", {"threshold": "0"}),
]


@pytest.mark.parametrize("spot", PAGES)
def test_after_a_swap_the_page_equals_a_fresh_one(long: Flask, spot: str) -> None:
    for move, fields in ALL_MOVES:
        one, other = (
            reader(long, 12, threshold=0, opened=[key(3), key(40)], part=p) for p in (True, False)
        )
        target = f"{LONG}/{move}?page={spot}"

        part, whole = one.post(target, fields), other.post(target, fields)

        assert (part.status, whole.status) == (200, 303), (move, fields)
        address = part.header("HX-Replace-Url")
        assert address == (whole.header("Location") or "").partition("#")[0], (move, fields)
        assert part.every("Set-Cookie") == whole.every("Set-Cookie"), (move, fields)
        fresh = other.get(address or "")
        assert fresh.status == 200, (move, fields)
        assert part.main == fresh.main, (move, fields)
        assert title_of(part) == title_of(fresh), (move, fields)


@pytest.mark.parametrize(
    ("move", "fields"),
    [
        ("threshold", {"threshold": "9"}),
        ("seen", {"marker": "x"}),
        ("back", {"scene": NOBODY}),
        ("carry", {"code": "x"}),
        ("warned", {"warned": "x"}),
    ],
)
def test_a_refusal_looks_the_same_in_part_and_in_whole(
    long: Flask, move: str, fields: dict[str, str]
) -> None:
    for page in PAGES:
        part, whole = (
            reader(long, 12, opened=[key(40)], part=p).post(f"{LONG}/{move}?page={page}", fields)
            for p in (True, False)
        )
        assert part.status == whole.status == 422
        assert part.main == whole.main


def test_a_refusal_is_shown_to_nobody_else(long: Flask) -> None:
    before = reader(long, 12).get(f"{LONG}/carry"), reader(long, 12).get(LONG)

    reader(long, 12).post(f"{LONG}/carry?page=carry", {"code": "my own secret words"})
    reader(long, 12).post(f"{LONG}/seen?page=front", {"marker": "my own secret words"})

    assert (reader(long, 12).get(f"{LONG}/carry"), reader(long, 12).get(LONG)) == before


# --- HEAD, OPTIONS -----------------------------------------------------------------------------


@pytest.mark.parametrize("spot", [*ADDRESSES, "/card", f"/people/{NOBODY}"])
def test_head_answers_as_get_does_without_the_body(long: Flask, spot: str) -> None:
    one = reader(long, 12, threshold=0, opened=[key(40)])
    head, get = one.send("HEAD", LONG + spot), one.get(LONG + spot)

    assert (head.status, head.headers) == (get.status, get.headers)
    assert head.body == b""


@pytest.mark.parametrize("spot", [*ADDRESSES, "/next", f"/scenes/{key(50)}/open"])
def test_options_says_the_same_to_everyone(long: Flask, spot: str) -> None:
    path = (LONG + spot).partition("?")[0]
    known = reader(long, 70, threshold=2).send("OPTIONS", path)

    assert known == Reader(long).send("OPTIONS", path)
    assert known == Reader(long).send("OPTIONS", path.replace("long", "nothing"))
    assert known.body == b""
