"""A bookmark carried to another device by a code."""

from __future__ import annotations

import re

import pytest
from flask import Flask

from tests.conftest import Serve
from tests.support import tale
from tests.support.crawl import Reader
from tests.support.long_story import (
    GOOD,
    LONG,
    TALE,
    code,
    cookie,
    file,
    form,
    held,
    key,
    long_story,
    reader,
    said,
)


def test_a_bookmark_is_carried_to_another_device(long: Flask) -> None:
    one = reader(long, 30, threshold=1, seen=20, opened=[key(3), key(40)], warned=True)
    other = Reader(long)

    answer = other.post(f"{LONG}/carry?page=carry", {"code": code(one)})

    assert answer.status == 303
    assert held(other) == held(one)
    assert other.get(f"{LONG}/read") == one.get(f"{LONG}/read")


def test_the_first_bookmark_is_carried_too(long: Flask) -> None:
    one = reader(long, 30)

    one.post(f"{LONG}/carry", {"code": code(Reader(long))})

    assert one.get(f"{LONG}/read") == Reader(long).get(f"{LONG}/read")


def test_a_code_may_be_broken_over_lines(long: Flask) -> None:
    one, other = reader(long, 30), Reader(long)
    broken = "\r\n ".join(re.findall(".{1,10}", code(one)))

    other.post(f"{LONG}/carry", {"code": f"  {broken}\t\n"})

    assert held(other) == held(one)


BROKEN = [
    "",
    " ",
    ".",
    "long",
    "long.",
    "nonsense",
    GOOD[:-1],
    GOOD[:-14],
    GOOD[1:],
    f"{GOOD}.",
    f"{GOOD}a",
]
BROKEN += [GOOD.replace("long.2.", "long.3."), GOOD.replace("long.", "short."), GOOD.upper()]
BROKEN += [
    GOOD.replace("long.", "long.-"),
    GOOD + "é",
    GOOD + "\x00",
    "9" * 9000,
    "<b>&\"'</b>",
    "\n" + GOOD[2:],
]


@pytest.mark.parametrize("broken", BROKEN, ids=range(len(BROKEN)))
@pytest.mark.parametrize("part", [False, True])
def test_a_broken_code_is_refused_and_still_there(long: Flask, broken: str, part: bool) -> None:
    one = reader(long, 3, part=part)

    answer = one.post(f"{LONG}/carry?page=carry", {"code": broken})

    assert answer.status == 422
    assert answer.header("Set-Cookie") is None
    assert said(answer)
    assert held(one) == cookie(2, key(2))
    kept = answer.text.partition("<textarea")[2].partition(">")[2].partition("</textarea>")[0]
    assert form(answer, "carry").fillings
    assert "<b>" not in kept
    assert unescaped(kept).split() == broken.split()


def unescaped(text: str) -> str:
    """Give the text that a browser reads in HTML."""
    from html import unescape

    return unescape(text)


def test_a_code_of_another_story_is_refused(serve: Serve) -> None:
    app = serve(file(long_story()), file(tale.document()))

    answer = Reader(app).post(f"{TALE}/carry?page=carry", {"code": GOOD})

    assert answer.status == 422
    assert "another story" in said(answer)
