"""The short form of the siege: some thousand odd requests, always the same ones."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.shield.fuzz.odd import Ground, request
from tests.shield.fuzz.siege import Fault, fault_in, ground, library, siege
from tests.support.server import PROC, Server, running

COUNT = 3000


@pytest.fixture(scope="module")
def made_of(tmp_path_factory: pytest.TempPathFactory) -> Ground:
    """Give what requests are made of."""
    return ground(library(tmp_path_factory.mktemp("ground")))


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    """Give a server of two workers with the story that ships."""
    with running(tmp_path, library(tmp_path)) as server:
        yield server


@pytest.mark.skipif(not PROC, reason="needs /proc, which is there on Linux")
def test_odd_requests_do_no_harm(server: Server, made_of: Ground) -> None:
    outcome = siege(server, made_of, "short", COUNT)

    assert sum(outcome.statuses.values()) == COUNT
    # They are odd, but not so odd that nothing in the house ever sees them.
    assert {200, 303, 400, 403, 404, 405, 414, 422} <= set(outcome.statuses)
    assert outcome.statuses[200] > COUNT / 5


def test_a_request_can_be_made_again_from_its_seed_and_number(made_of: Ground) -> None:
    first = [request(made_of, "again", number) for number in range(50)]

    assert first == [request(made_of, "again", number) for number in range(50)]
    assert first != [request(made_of, "other", number) for number in range(50)]


@pytest.mark.parametrize(
    "answer",
    [
        b"HTTP/1.1 500 Internal Server Error\r\n\r\n",
        b"HTTP/1.1 503 Service Unavailable\r\n\r\n",
        b"HTTP/1.1 404 Not Found\r\n\r\nTraceback (most recent call last)",
        b"HTTP/1.1 200 OK\r\nX-Injected: yes\r\n\r\n",
        b"HTTP/1.1 308 Permanent Redirect\r\nLocation: //evil.example/\r\n\r\n",
        b"HTTP/1.1 303 See Other\r\nlocation: http://evil.example/\r\n\r\n",
        b"what?",
        b"",
    ],
)
def test_the_siege_sees_what_must_not_be(made_of: Ground, answer: bytes) -> None:
    whole = next(odd for n in range(99) if not (odd := request(made_of, "whole", n)).broken)

    assert fault_in(whole, answer)


def test_the_siege_sees_a_fault_in_the_words_of_the_server(server: Server, made_of: Ground) -> None:
    with server.log.open("a") as log:
        log.write("Traceback (most recent call last)\n")

    with pytest.raises(Fault, match="logged"):
        siege(server, made_of, "short", 5)
