"""The lobby: forms wait without a hand, for a time, and come in whole or not at all."""

from __future__ import annotations

import io
from collections.abc import Iterator
from queue import SimpleQueue
from threading import Event, Thread, get_ident
from time import sleep
from typing import TYPE_CHECKING

import pytest

from explorer.web import request_limits
from explorer.web.middleware.request_buffer import FormReaders, Limits, RequestBuffer
from tests.support import tale
from tests.support.crawl import OURS, ask

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment
    from flask import Flask

NEXT = f"/stories/{tale.document()['id']}/next"
FORM = {**OURS, "Content-Type": "application/x-www-form-urlencoded"}


class Slow(io.BytesIO):
    """A form of which no more comes until it is let go."""

    def __init__(self, go: Event) -> None:
        super().__init__(b"from=")
        self._go = go

    def read(self, size: int | None = -1) -> bytes:
        """Wait, then give the form."""
        self._go.wait(60)
        return super().read(size)


@pytest.fixture
def go() -> Iterator[Event]:
    """Give what lets slow forms go on; at the end all do."""
    event = Event()
    yield event
    event.set()


def lobby(
    app: object, seats: int = 1, patience: float = 60, glance: float = 0, reads: int = 10
) -> RequestBuffer:
    """Put a buffer with one hand before an application."""
    limits = Limits(1, seats, reads, request_limits.MOST_FORM, patience, glance)
    return RequestBuffer(app, limits)  # type: ignore[arg-type]


def posted(app: RequestBuffer, stream: io.BytesIO, length: str = "5") -> str:
    """Send a form from a page of ours; gives the status."""
    return answered(app, stream, length)[0]


def answered(
    app: RequestBuffer, stream: io.BytesIO, length: str = "5"
) -> tuple[str, list[tuple[str, str]]]:
    """Send a form from a page of ours; gives the status and the headers."""
    said: list[tuple[str, list[tuple[str, str]]]] = []

    def start(status: str, headers: list[tuple[str, str]], exc_info: object = None) -> None:
        said.append((status, headers))

    environ = {
        "REQUEST_METHOD": "POST",
        "SCRIPT_NAME": "",
        "PATH_INFO": NEXT,
        "QUERY_STRING": "",
        "SERVER_NAME": "localhost",
        "SERVER_PORT": "80",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "HTTP_HOST": "localhost",
        "HTTP_SEC_FETCH_SITE": "same-origin",
        "CONTENT_TYPE": "application/x-www-form-urlencoded",
        "CONTENT_LENGTH": length,
        "wsgi.url_scheme": "http",
        "wsgi.input": stream,
        "wsgi.input_terminated": True,
        "wsgi.errors": io.StringIO(),
    }
    app(environ, start)  # type: ignore[arg-type]
    return said[-1]


def test_a_whole_form_moves(app: Flask) -> None:
    assert ask(lobby(app), "POST", NEXT, FORM, b"from=").status == 303


def test_a_form_that_is_too_slow_is_told_so_and_moves_nothing(app: Flask, go: Event) -> None:
    assert posted(lobby(app, patience=0.05), Slow(go)).startswith("408 ")


def test_a_form_waits_without_a_hand(app: Flask, go: Event) -> None:
    hall = lobby(app)
    said: list[str] = []
    slow = Thread(target=lambda: said.append(posted(hall, Slow(go))))
    slow.start()

    # There is one hand, and it is free for whoever reads.
    assert ask(hall, "GET", "/").status == 200
    go.set()
    slow.join(60)
    assert said[0].startswith("303 ")


def test_where_too_many_forms_wait_the_next_is_asked_to_come_again(app: Flask, go: Event) -> None:
    hall = lobby(app, seats=0)

    assert posted(hall, io.BytesIO(b"from=")).startswith("503 ")
    assert ask(hall, "GET", "/").status == 200


def test_a_form_that_comes_at_once_needs_no_seat(app: Flask) -> None:
    assert posted(lobby(app, seats=0, glance=60), io.BytesIO(b"from=")).startswith("303 ")


def test_a_seat_is_free_again_after_a_form_that_never_came(app: Flask, go: Event) -> None:
    hall = lobby(app, patience=0.5)

    assert posted(hall, Slow(go)).startswith("408 ")
    assert posted(hall, io.BytesIO(b"from=")).startswith("303 ")


def test_a_late_form_is_read_until_its_sender_goes_and_only_so_many_are(
    app: Flask, go: Event
) -> None:
    hall = lobby(app, patience=0.05, reads=2)

    assert [posted(hall, Slow(go))[:3] for _ in range(3)] == ["408", "408", "503"]
    assert ask(hall, "GET", "/").status == 200
    go.set()
    while hall._readers.free == 0:  # Until one of them is free again.
        sleep(0.001)
    assert posted(lobby(app), io.BytesIO(b"from=")).startswith("303 ")


def test_an_answer_to_a_form_that_did_not_come_ends_its_connection(app: Flask, go: Event) -> None:
    end = ("Connection", "close")

    assert end in answered(lobby(app, patience=0.05), Slow(go))[1]
    assert end in answered(lobby(app, seats=0), Slow(go))[1]
    assert end in answered(lobby(app), Slow(go), str(request_limits.MOST_FORM + 1))[1]
    assert end in answered(lobby(app), Slow(go), "five")[1]
    assert end not in answered(lobby(app), io.BytesIO(b"from="))[1]


@pytest.mark.parametrize("length", ["6", "60000"])
def test_a_form_that_was_torn_moves_nothing(app: Flask, length: str) -> None:
    assert posted(lobby(app), io.BytesIO(b"from="), length).startswith("400 ")


@pytest.mark.parametrize("length", ["-5", "+5", "5.0", "five", "5, 5", "\u0665", "9" * 5000])
def test_a_length_that_is_none_is_refused(app: Flask, length: str) -> None:
    assert posted(lobby(app), io.BytesIO(b"from="), length).startswith("411 ")


def test_a_form_of_unknown_length_is_refused(app: Flask) -> None:
    answer = ask(lobby(app), "POST", NEXT, {**FORM, "Transfer-Encoding": "chunked"}, b"from=")

    assert answer.status == 411
    assert "how long it is" in answer.text
    assert answer.header("Set-Cookie") is None


def test_a_form_that_says_it_is_too_long_is_not_waited_for(app: Flask, go: Event) -> None:
    assert posted(lobby(app), Slow(go), str(request_limits.MOST_FORM + 1)).startswith("413 ")


def test_the_lobby_takes_in_a_form_however_its_method_is_spelled(app: Flask, go: Event) -> None:
    answer = ask(lobby(app, seats=0), "post", NEXT, FORM, b"from=")

    assert answer.status == 503


def test_an_answer_leaves_in_one_piece_and_what_it_was_made_of_is_closed() -> None:
    closed: list[bool] = []

    class Pieces:
        def __iter__(self) -> Iterator[bytes]:
            yield from (b"a", b"b")

        def close(self) -> None:
            closed.append(True)

    def app(environ: WSGIEnvironment, start_response: StartResponse) -> Pieces:
        start_response("200 OK", [])
        return Pieces()

    environ: WSGIEnvironment = {"REQUEST_METHOD": "GET"}
    assert lobby(app)(environ, lambda *_: lambda _: None) == [b"ab"]
    assert closed == [True]


def test_a_hand_that_fails_is_free_again() -> None:
    def broken(environ: WSGIEnvironment, start_response: StartResponse) -> list[bytes]:
        raise RuntimeError("broken")

    hall = lobby(broken)
    environ: WSGIEnvironment = {"REQUEST_METHOD": "GET"}
    for _ in range(3):
        with pytest.raises(RuntimeError, match="broken"):
            hall(environ, lambda *_: lambda _: None)


class Broken(io.BytesIO):
    """A form whose connection breaks."""

    def read(self, size: int | None = -1) -> bytes:
        """Break."""
        raise OSError(size)


def test_a_form_whose_connection_breaks_is_not_waited_for(app: Flask) -> None:
    assert posted(lobby(app), Broken()).startswith("400 ")


def test_who_waited_for_a_form_waits_for_the_next_one_too() -> None:
    readers, done = FormReaders(2), SimpleQueue[int]()
    for n in range(20):
        assert readers.do(lambda: done.put(get_ident()))
        while readers.free == 0:  # Until whoever did it is free again.
            sleep(0.001)

        assert done.qsize() == n + 1

    assert len({done.get() for _ in range(20)}) == 1
