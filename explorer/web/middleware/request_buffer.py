"""Where a request waits until it is whole, so that a slow stranger holds none of the working hands.

The server gives each request a thread, and there are only so many. Without this, eight forms that
never end keep everybody from reading. Here a form waits without a hand, only so long, and only so
many wait; and an answer leaves in one piece, so that whoever fetches it slowly keeps nobody
either. What becomes of a form that did not come is for the guard to say.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from io import BytesIO
from queue import Empty, SimpleQueue
from threading import Lock, Thread
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from _typeshed.wsgi import InputStream, StartResponse, WSGIApplication, WSGIEnvironment

# Under this name a request says with which status its form is to be refused.
REFUSED = "explorer.refused"

TORN, LATE, ENDLESS, CROWDED = 400, 408, 411, 503

_CLOSE = ("Connection", "close")


@dataclass(frozen=True, slots=True)
class Limits:
    """How much is done at a time, and how long a form may take."""

    # So many requests are worked on at a time.
    hands: int
    # So many forms may be slow at a time; one is that has not come within `glance` seconds.
    seats: int
    # So many forms may be under way at all, those among them whose time is over long ago: nobody
    # can stop waiting for them before their senders go.
    reads: int
    # So many bytes a form may have, and so many seconds it may take.
    form_bytes: int
    form_seconds: float
    glance: float = 0.25


class RequestBuffer:
    """A WSGI application that lets whole requests through to another, some at a time."""

    def __init__(self, app: WSGIApplication, limits: Limits) -> None:
        """Take the application and the limits."""
        self._app = app
        self._limits = limits
        self._hands = _tokens(limits.hands)
        self._seats = _tokens(limits.seats)
        self._readers = FormReaders(limits.reads)

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer a request once it is whole."""
        if _has_form(environ) and not self._receive(environ):
            start_response = _closing(start_response)
        hand = self._hands.get()
        try:
            return self._answered(environ, start_response)
        finally:
            self._hands.put(hand)

    def _receive(self, environ: WSGIEnvironment) -> bool:
        """Take the form in, or note why not; gives whether nothing of it is left to come."""
        length = environ.get("CONTENT_LENGTH") or "0"
        if "HTTP_TRANSFER_ENCODING" in environ or not re.fullmatch("[0-9]{1,18}", length):
            # No browser sends a form of unknown length, and of a torn one nothing could be seen.
            environ[REFUSED] = ENDLESS
            return False
        if int(length) > self._limits.form_bytes:
            return False
        body = self._received(environ["wsgi.input"], int(length)) if int(length) else b""
        if isinstance(body, int):
            environ[REFUSED] = body
            return False
        environ["wsgi.input"] = BytesIO(body)
        return True

    def _received(self, stream: InputStream, length: int) -> bytes | int:
        """Give the form, or the status with which it is to be refused.

        Nearly every form comes with its request and needs no seat, however many come at once.
        """
        came: SimpleQueue[bytes] = SimpleQueue()
        # Who reads on after a form is late ends with the connection.
        if not self._readers.do(lambda: came.put(_read(stream, length))):
            return CROWDED
        at_once = _within(self._limits.glance, came)
        body = self._seated(came) if at_once is None else at_once
        return body if isinstance(body, int) or len(body) == length else TORN

    def _seated(self, came: SimpleQueue[bytes]) -> bytes | int:
        """Give a form that takes its time, or the status with which it is to be refused."""
        try:
            seat = self._seats.get_nowait()
        except Empty:
            return CROWDED
        body = _within(self._limits.form_seconds, came)
        self._seats.put(seat)
        return LATE if body is None else body

    def _answered(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        chunks = self._app(environ, start_response)
        try:
            return [b"".join(chunks)]
        finally:
            getattr(chunks, "close", lambda: None)()


class FormReaders:
    """Threads that wait for what may take long: those that are free, or else one more."""

    def __init__(self, most: int) -> None:
        """Begin with none; take how many there may be."""
        self._most = most
        self._work: SimpleQueue[Callable[[], object]] = SimpleQueue()
        self._all = 0
        self._free = 0
        self._lock = Lock()

    @property
    def free(self) -> int:
        """How many have nothing to do."""
        return self._free

    def do(self, work: Callable[[], object]) -> bool:
        """Let somebody do this; gives whether anybody can.

        A new thread costs five times as much as one that is there.
        """
        with self._lock:
            is_free = self._free > 0
            is_new = not is_free and self._all < self._most
            self._free -= is_free
            self._all += is_new
        if is_free:
            self._work.put(work)
        elif is_new:
            Thread(target=self._serve, args=(work,), daemon=True).start()
        return is_free or is_new

    def _serve(self, work: Callable[[], object]) -> None:
        while True:
            work()
            with self._lock:
                self._free += 1
            work = self._work.get()


def _has_form(environ: WSGIEnvironment) -> bool:
    """Whether something comes, or should, behind the head of a request.

    The application reads no form but that of a POST, however it is spelled. Others are taken in
    all the same: the server does not end a connection on which something large lies unread.
    """
    return (
        "CONTENT_LENGTH" in environ
        or "HTTP_TRANSFER_ENCODING" in environ
        or environ["REQUEST_METHOD"].upper() == "POST"
    )


def _closing(start_response: StartResponse) -> StartResponse:
    """Let an answer end its connection: what would still come on it is no request."""

    def start(status: str, headers: list[tuple[str, str]], *fault: object) -> object:
        return start_response(status, [*headers, _CLOSE], *fault)  # type: ignore[arg-type]

    return start  # type: ignore[return-value]


def _within(seconds: float, came: SimpleQueue[bytes]) -> bytes | None:
    """Give what came within so many seconds, None when nothing did."""
    try:
        return came.get(timeout=seconds) if seconds else None
    except Empty:
        return None


def _read(stream: InputStream, length: int) -> bytes:
    """Give what comes; of a connection that broke nothing did, whatever broke it."""
    try:
        return stream.read(length)
    except Exception:  # noqa: BLE001 - somebody waits for this, and only for so long
        return b""


def _tokens(count: int) -> SimpleQueue[int]:
    """A heap of tokens, to take one and put it back: quicker than a semaphore."""
    tokens: SimpleQueue[int] = SimpleQueue()
    for token in range(count):
        tokens.put(token)
    return tokens
