"""A small closed-loop client: some connections, each with one request under way at any time."""

from __future__ import annotations

import selectors
import socket
import time
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Request:
    """One request, the same over and over, and what its answer must be."""

    name: str
    port: int
    head: bytes
    status: bytes
    holds: bytes


@dataclass
class Round:
    """What one round of one request came to: seconds, and the time of each answer in seconds."""

    seconds: float
    times: list[float] = field(default_factory=list)

    @property
    def per_second(self) -> float:
        """Answers per second."""
        return len(self.times) / self.seconds

    def percentile(self, share: float) -> float:
        """The time within which this share of the answers came, in milliseconds."""
        ordered = sorted(self.times)
        return 1000 * ordered[min(len(ordered) - 1, int(share * len(ordered)))]


class WrongAnswerError(Exception):
    """An answer was not what it must be, so its time means nothing."""


def once(request: Request) -> bytes:
    """Send a request and give the whole answer."""
    with socket.create_connection(("127.0.0.1", request.port)) as connection:
        connection.sendall(request.head)
        got = b""
        while not _whole(got):
            piece = connection.recv(1 << 16)
            if not piece:
                break
            got += piece
    return got


def measure(request: Request, seconds: float, connections: int = 16) -> Round:
    """Send a request for a while; raises WrongAnswerError for a wrong answer."""
    selector = selectors.DefaultSelector()
    for _ in range(connections):
        connection = socket.create_connection(("127.0.0.1", request.port))
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        connection.sendall(request.head)
        selector.register(connection, selectors.EVENT_READ, [time.perf_counter(), b""])
    start = time.perf_counter()
    done = Round(seconds)
    while time.perf_counter() - start < seconds:
        for key, _ in selector.select(1):
            _receive(request, key, done)
    done.seconds = time.perf_counter() - start
    for key in list(selector.get_map().values()):
        key.fileobj.close()  # type: ignore[union-attr]
    selector.close()
    return done


def _receive(request: Request, key: selectors.SelectorKey, done: Round) -> None:
    connection, waiting = key.fileobj, key.data
    assert isinstance(connection, socket.socket)
    piece = connection.recv(1 << 18)
    if not piece:
        raise WrongAnswerError(f"{request.name}: the connection was closed")
    waiting[1] += piece
    if not _whole(waiting[1]):
        return
    now = time.perf_counter()
    done.times.append(now - waiting[0])
    if request.status not in waiting[1][:16] or request.holds not in waiting[1]:
        raise WrongAnswerError(f"{request.name}: {waiting[1][:200]!r}")
    waiting[:] = [time.perf_counter(), b""]
    connection.sendall(request.head)


def _whole(got: bytes) -> bool:
    head, found, body = got.partition(b"\r\n\r\n")
    if not found:
        return False
    lowered = head.lower()
    at = lowered.find(b"content-length:")
    if at < 0:
        return body.endswith(b"0\r\n\r\n")
    length = int(lowered[at + 15 :].split(b"\r\n", 1)[0])
    return len(body) >= length
