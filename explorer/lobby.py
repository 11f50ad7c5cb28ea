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


class Lobby:
    """A WSGI application that lets whole requests through to another, some at a time."""

    def __init__(
        self, app: WSGIApplication, hands: int, seats: int, most: int, patience: float
    ) -> None:
        """Take the application and the limits.

        `hands` requests are worked on at a time. At most `seats` forms wait, each of at most
        `most` bytes, for `patience` seconds.
        """
        self._app = app
        self._hands = _tokens(hands)
        self._seats = _tokens(seats)
        self._most = most
        self._patience = patience
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
            body = self._seated(environ["wsgi.input"], int(length))
            if isinstance(body, int):
                environ[REFUSED] = body
            else:
                environ["wsgi.input"] = BytesIO(body)

    def _seated(self, stream: InputStream, length: int) -> bytes | int:
        """Give the form, or the status with which it is to be refused."""
        try:
            seat = self._seats.get_nowait()
        except Empty:
            return CROWDED
        body = self._awaited(stream, length)
        self._seats.put(seat)
        if body is None:
            return LATE
        return body if len(body) == length else TORN

    def _awaited(self, stream: InputStream, length: int) -> bytes | None:
        """Give what comes, None when it is late. Who reads on then ends with the connection."""
        came: SimpleQueue[bytes] = SimpleQueue()
        self._ushers.do(lambda: came.put(_read(stream, length)))
        try:
            return came.get(timeout=self._patience)
        except Empty:
            return None

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
