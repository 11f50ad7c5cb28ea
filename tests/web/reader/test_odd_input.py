"""Odd addresses, queries and forms break nothing and reveal nothing."""

from __future__ import annotations

from itertools import product

import pytest
from flask import Flask

from tests.support.crawl import OURS, ask
from tests.support.long_story import LONG, TALE, cookie, held, key, reader

ODD = [
    "%00",
    "%ff%fe",
    "%c3%28",
    "%f0%9f%92%a9",
    "..",
    "%2e%2e%2f",
    "a" * 2_000,
    "٣",
    "%0d%0aX:y",
    "''",
    "*",
]
ODD += [
    "%",
    "%zz",
    "\\",
    "<script>",
    "{{7*7}}",
    "${7*7}",
    "-1",
    "null",
    "[]",
    "%u0041",
    "a;b",
    "a%20b",
]


@pytest.mark.parametrize("odd", ODD, ids=range(len(ODD)))
def test_odd_addresses_are_not_found(app: Flask, odd: str) -> None:
    for target in (f"/{odd}", f"/stories/{odd}", f"/stories/{odd}/read", f"{TALE}/{odd}"):
        assert ask(app, "GET", target).status == 404, target
    for target in (f"{TALE}/scenes/{odd}", f"{TALE}/people/{odd}"):
        assert ask(app, "GET", target).status == 404, target
        assert b"7*7" not in ask(app, "GET", target).body


@pytest.mark.parametrize("odd", ODD, ids=range(len(ODD)))
def test_odd_queries_are_as_if_they_were_not_there(long: Flask, odd: str) -> None:
    one = reader(long, 5)
    plain = one.get(f"{LONG}/read")
    for name in ("who", "match", "time", "order", "before", "after", "nothing", "page", odd):
        assert one.get(f"{LONG}/read?{name}={odd}") == plain, name


# What says nothing goes one on from nowhere, or forgets.
SAYS_NOTHING = {
    **dict.fromkeys(("next", "forget"), 303),
    **dict.fromkeys(("start", "threshold", "seen", "back", "warned", "carry"), 422),
}
ODD_BODIES = [
    ("application/json", b'{"from": "", "threshold": 2, "scene": "", "warned": "yes"}'),
    ("application/json", b"{"),
    ("text/plain", b"threshold=2"),
    ("multipart/form-data", b"threshold=2"),
    ("multipart/form-data; boundary=", b"--\r\n"),
    (
        "multipart/form-data; boundary=x",
        b"--x\r\nContent-Disposition: form-data\r\n\r\n2\r\n--x--",
    ),
    (
        "multipart/form-data; boundary=x",
        b"--x\r\nContent-Disposition: form-data; name=threshold",
    ),
    (
        "multipart/form-data; boundary=x",
        b"--x\r\nContent-Disposition: form-data; name=code; filename=a\r\n\r\n2\r\n--x--",
    ),
    ("application/x-www-form-urlencoded; charset=utf-16", b"threshold=\xff\xfe"),
    (
        "application/x-www-form-urlencoded",
        b"threshold=%ff&scene=%00&code=%c3%28&marker=%ed%a0%80",
    ),
    ("application/x-www-form-urlencoded", b"&&&===" * 3000),
    ("application/x-www-form-urlencoded", b"&".join(b"a%d=1" % n for n in range(5000))),
    ("", b"threshold=2"),
    ("nonsense", b"\x00"),
]


def test_no_odd_body_breaks_or_reveals(long: Flask) -> None:
    for (kind, body), (move, status) in product(ODD_BODIES, SAYS_NOTHING.items()):
        one = reader(long, 5)

        answer = one.send("POST", f"{LONG}/{move}", body, OURS | {"Content-Type": kind})

        assert answer.status == status, (move, kind, body)
        assert "Title 5" not in one.get(f"{LONG}/read").page.text, (move, kind, body)


def test_a_form_may_come_in_several_parts(long: Flask) -> None:
    one = reader(long, 5)
    body = b'--x\r\nContent-Disposition: form-data; name="threshold"\r\n\r\n1\r\n--x--\r\n'

    one.send(
        "POST",
        f"{LONG}/threshold",
        body,
        OURS | {"Content-Type": "multipart/form-data; boundary=x"},
    )

    assert held(one) == cookie(1, key(4))


def test_of_a_field_that_comes_twice_the_first_counts(long: Flask) -> None:
    one = reader(long, 5, threshold=0)

    one.post(f"{LONG}/threshold", [("threshold", "1"), ("threshold", "2")])

    assert held(one) == cookie(1, key(4))


def test_fields_in_the_address_are_no_fields_of_the_form(long: Flask) -> None:
    answer = reader(long, 5, threshold=0).post(f"{LONG}/threshold?threshold=2")

    assert answer.status == 422


@pytest.mark.parametrize("length", ["-1", "x", "99999999999999999999", ""])
def test_no_odd_length_breaks(long: Flask, length: str) -> None:
    headers = OURS | {"Content-Length": length, "Content-Type": "application/x-www-form-urlencoded"}

    assert reader(long, 5).send("POST", f"{LONG}/threshold", b"threshold=1", headers).status in (
        303,
        400,
        413,
        422,
    )


@pytest.mark.parametrize(
    "slashes", ["//stories/long/read", "/stories//long/read", "/stories/long//read"]
)
def test_too_many_slashes_lead_to_nobody_else(long: Flask, slashes: str) -> None:
    answer = ask(long, "GET", slashes)

    assert answer.status == 404
    assert answer.header("Location") is None
