"""A request, its answer, and the check that the answer is the one that is to be timed."""

from __future__ import annotations

import socket
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from zlib import crc32

# So long an answer may take before the machine counts as stuck.
PATIENCE = 60.0
# So many heads further on the next round begins.
_STRIDE = 613
# After so many seconds enough answers were looked at.
_ENOUGH = 1.0


class WrongAnswerError(Exception):
    """An answer was not what it must be, so its time means nothing."""


@dataclass(frozen=True)
class Request:
    """What is asked of a port: one request or several in turn, and what every answer must be.

    `heads` are whole requests as they go over the wire; `holds` are words that must be in each
    body, unless that is packed; `slack` is by how many bytes two answers to one request may
    differ, for servers that print the time.
    """

    name: str
    port: int
    heads: tuple[bytes, ...]
    holds: tuple[str, ...]
    status: int = 200
    slack: int = 0


@dataclass(frozen=True)
class Answer:
    """An answer: `size` counts all its bytes, headers and all."""

    status: int
    headers: dict[str, str]
    body: bytes
    size: int


def parsed(got: bytes) -> Answer | None:
    """Read an answer to GET or POST from the bytes that came so far; None while it is not whole."""
    head, found, rest = got.partition(b"\r\n\r\n")
    if not found:
        return None
    first, *lines = head.decode("latin-1").split("\r\n")
    pairs = (line.partition(":") for line in lines)
    headers = {name.strip().lower(): value.strip() for name, _, value in pairs}
    body = _body(headers, rest)
    if body is None:
        return None
    return Answer(int(first.split(" ")[1]), headers, body, len(got))


def _body(headers: dict[str, str], rest: bytes) -> bytes | None:
    if headers.get("transfer-encoding") == "chunked":
        return _dechunked(rest)
    length = int(headers.get("content-length", "0"))
    return rest if len(rest) >= length else None


def _dechunked(rest: bytes) -> bytes | None:
    body = b""
    while True:
        size, found, rest = rest.partition(b"\r\n")
        if not found or len(rest) < (length := int(size, 16)) + 2:
            return None
        if not length:
            return body
        body, rest = body + rest[:length], rest[length + 2 :]


def once(port: int, head: bytes, patience: float = PATIENCE) -> Answer:
    """Send one request and give its answer; raises OSError where none comes, or half of one."""
    with socket.create_connection(("127.0.0.1", port), patience) as connection:
        connection.sendall(head)
        got = bytearray()
        while (answer := parsed(bytes(got)) if _may_be_whole(got) else None) is None:
            piece = connection.recv(1 << 20)
            if not piece:
                raise ConnectionError(f"port {port} closed the connection within an answer")
            got += piece
    return answer


def _may_be_whole(got: bytearray) -> bool:
    """Say whether it is worth looking; large answers come in many pieces."""
    at = got.find(b"ontent-")
    return len(got) > 0 and (at >= 0 or got.find(b"\r\n\r\n") >= 0)


class Checked:
    """A request whose answers are looked at in full, before it is timed and after.

    What the first answers weigh is remembered; whatever weighs more or less later is refused.
    """

    def __init__(self, request: Request, samples: int = 3) -> None:
        """Ask each of some of its heads once, fewer if they are slow. Raises WrongAnswerError."""
        self.request = request
        # Two requests to one story ask as the same readers, and should not meet on their way.
        self._turn = crc32(request.name.encode()) % len(request.heads)
        self._sizes: dict[bytes, int] = {}
        step = max(1, len(request.heads) // samples)
        begun = time.perf_counter()
        for head in request.heads[: step * samples : step]:
            if not self._sizes or time.perf_counter() - begun < _ENOUGH:
                self._sizes[head] = self._asked(head).size

    @property
    def sizes(self) -> tuple[int, int]:
        """The least and the most that an answer weighed, headers and all."""
        return min(self._sizes.values()), max(self._sizes.values())

    def turned(self) -> Request:
        """The request, beginning somewhere else among its heads each time.

        So what is asked anew in one round was not asked just now, in the round before.
        """
        heads = self.request.heads
        self._turn = (self._turn + _STRIDE) % len(heads)
        return replace(self.request, heads=heads[self._turn :] + heads[: self._turn])

    def check(self) -> None:
        """Ask once more. Raises WrongAnswerError."""
        for head, size in self._sizes.items():
            self._same(self._asked(head).size, size, size)

    def check_mean(self, size: float, under_way: float) -> None:
        """Refuse answers that weigh on average what none of them may. Raises WrongAnswerError.

        `under_way` is how many answers had begun for each that came whole: their bytes count too.
        """
        least, most = self.sizes
        # Among many answers there may be smaller and larger ones than among those looked at.
        room = 0.0 if len(self._sizes) == len(self.request.heads) else 0.1
        self._same(size, least * (0.999 - room), most * (1.001 + room + under_way))

    def _same(self, size: float, least: float, most: float) -> None:
        if not least - self.request.slack <= size <= most + self.request.slack:
            raise WrongAnswerError(
                f"{self.request.name}: an answer of {size:,.0f} bytes, not of {self.sizes[0]:,}"
            )

    def _asked(self, head: bytes) -> Answer:
        answer = once(self.request.port, head)
        for trouble in troubles(self.request, answer):
            raise WrongAnswerError(f"{self.request.name}: {trouble}: {answer.body[:200]!r}")
        return answer


def troubles(request: Request, answer: Answer) -> Iterator[str]:
    """Say what is wrong with an answer."""
    if answer.status != request.status:
        yield f"status {answer.status}, not {request.status}"
    if "content-encoding" in answer.headers:
        return
    text = answer.body.decode(errors="replace")
    for words in request.holds:
        if words not in text:
            yield f"without the words {words!r}"
