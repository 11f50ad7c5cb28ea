"""Where a request waits until it is whole, so that a slow stranger holds none of the working hands.

The server gives each request a thread, and there are only so many. Without this, eight forms that
never end keep everybody from reading. Here a form waits without a hand, only so long, and only so
many wait; and an answer leaves in one piece, so that whoever fetches it slowly keeps nobody
either. What becomes of a form that did not come is for the guard to say.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from io import BytesIO
from queue import Empty, SimpleQueue
from threading import Lock, Thread
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from _typeshed.wsgi import InputStream, StartResponse, WSGIApplication, WSGIEnvironment

# Under this name a request says with which status its form is to be refused.
REFUSED = "explorer.refused"

TORN, LATE, ENDLESS, CROWDED = 400, 408, 411, 503

# So many seconds a form may take to come before it counts as slow.
GLANCE = 0.25


class Lobby:
    """A WSGI application that lets whole requests through to another, some at a time."""

    def __init__(
        self,
        app: WSGIApplication,
        hands: int,
        seats: int,
        most: int,
        patience: float,
        glance: float = GLANCE,
    ) -> None:
        """Take the application and the limits.

        `hands` requests are worked on at a time. A form of at most `most` bytes that is not there
        within `glance` seconds needs one of the `seats`, to wait for `patience` seconds.
        """
        self._app = app
        self._hands = _tokens(hands)
        self._seats = _tokens(seats)
        self._most = most
        self._patience = patience
        self._glance = glance
        self._ushers = Ushers()

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer a request once it is whole."""
        # The application does not mind how a method is spelled, and reads the form of no other.
        if environ["REQUEST_METHOD"].upper() == "POST":
            self._receive(environ)
        hand = self._hands.get()
        try:
            return self._answered(environ, start_response)
        finally:
            self._hands.put(hand)

    def _receive(self, environ: WSGIEnvironment) -> None:
        """Take the form in, or note why not."""
        length = environ.get("CONTENT_LENGTH") or "0"
        if "HTTP_TRANSFER_ENCODING" in environ or not re.fullmatch("[0-9]{1,18}", length):
            # No browser sends a form of unknown length, and of a torn one nothing could be seen.
            environ[REFUSED] = ENDLESS
        elif 0 < int(length) <= self._most:
            body = self._received(environ["wsgi.input"], int(length))
            if isinstance(body, int):
                environ[REFUSED] = body
            else:
                environ["wsgi.input"] = BytesIO(body)

    def _received(self, stream: InputStream, length: int) -> bytes | int:
        """Give the form, or the status with which it is to be refused.

        Nearly every form comes with its request and needs no seat, however many come at once.
        """
        came: SimpleQueue[bytes] = SimpleQueue()
        # Who reads on after a form is late ends with the connection.
        self._ushers.do(lambda: came.put(_read(stream, length)))
        at_once = _within(self._glance, came)
        body = self._seated(came) if at_once is None else at_once
        return body if isinstance(body, int) or len(body) == length else TORN

    def _seated(self, came: SimpleQueue[bytes]) -> bytes | int:
        """Give a form that takes its time, or the status with which it is to be refused."""
        try:
            seat = self._seats.get_nowait()
        except Empty:
            return CROWDED
        body = _within(self._patience, came)
        self._seats.put(seat)
        return LATE if body is None else body

    def _answered(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        chunks = self._app(environ, start_response)
        try:
            return [b"".join(chunks)]
        finally:
            getattr(chunks, "close", lambda: None)()


class Ushers:
    """Threads that wait for what may take long: those that are free, or else one more."""

    def __init__(self) -> None:
        """Begin with none."""
        self._work: SimpleQueue[Callable[[], object]] = SimpleQueue()
        self._free = 0
        self._lock = Lock()

    def __len__(self) -> int:
        """How many are free."""
        return self._free

    def do(self, work: Callable[[], object]) -> None:
        """Let somebody do this; a new thread costs five times as much as one that is there."""
        with self._lock:
            is_free = self._free > 0
            self._free -= is_free
        if is_free:
            self._work.put(work)
        else:
            Thread(target=self._serve, args=(work,), daemon=True).start()

    def _serve(self, work: Callable[[], object]) -> None:
        while True:
            work()
            with self._lock:
                self._free += 1
            work = self._work.get()


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
