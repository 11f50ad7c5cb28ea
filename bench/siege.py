"""Connections that say a little and then nothing, and a reader who asks all the while."""

from __future__ import annotations

import asyncio
import re
import socket
import time
from collections import Counter
from collections.abc import Coroutine
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from dataclasses import dataclass, field
from multiprocessing import get_context
from typing import Any

HEAD = b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Slow: "
FORM = (
    b"POST /stories/none/next HTTP/1.1\r\nHost: 127.0.0.1\r\nSec-Fetch-Site: same-origin\r\n"
    b"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 100\r\n\r\nfrom"
)

_STATUS = re.compile(rb"HTTP/1\.[01] (\d{3}) ")
# Whoever waits longer than this for a page has left.
_PATIENCE = 20.0
# The reader looks at each page for so long.
_PAUSE = 0.1
# So long the reader looks at what an idle server does.
_IDLE = 1.0


@dataclass
class Siege:
    """What came of it, all times in seconds.

    `waits` are those of the reader, `failed` counts the pages that never came; `answers` are how
    long slow connections waited for an answer, `closed` how long until the server hung up on them,
    `statuses` what they were told.
    """

    count: int
    idle: float = 0.0
    waits: list[float] = field(default_factory=list)
    failed: int = 0
    answers: list[float] = field(default_factory=list)
    closed: list[float] = field(default_factory=list)
    statuses: Counter[int] = field(default_factory=Counter)

    @property
    def slowest(self) -> float:
        """The longest that the reader waited."""
        return max(self.waits, default=0.0)


def laid(port: int, words: bytes, count: int, seconds: float, path: str) -> Siege:
    """Open so many connections that send these words, and hold them for so many seconds.

    A reader asks for a page all the while, each time anew; before that, on the idle server. They
    are a process of their own, so that they wait for the server alone and not for the strangers.
    """
    siege = Siege(count)
    with ProcessPoolExecutor(1, get_context("spawn")) as reader:
        idle = reader.submit(_read, port, path, _IDLE).result()
        siege.idle = max(wait for wait, _ in idle)
        reading = reader.submit(_read, port, path, seconds)
        _beside(_strangers(siege, port, words, time.perf_counter() + seconds))
        pages = reading.result()
    siege.waits = [wait for wait, _ in pages]
    siege.failed = sum(status != 200 for _, status in pages)
    return siege


def _beside(work: Coroutine[Any, Any, None]) -> None:
    """Do something asynchronous, whether or not a loop runs in this thread already."""
    with ThreadPoolExecutor(1) as thread:
        thread.submit(asyncio.run, work).result()


def _read(port: int, path: str, seconds: float) -> list[tuple[float, int]]:
    """Ask for a page for so many seconds; gives how long each took, and its status."""
    pages = []
    until = time.perf_counter() + seconds
    while time.perf_counter() < until:
        began = time.perf_counter()
        status = _page(port, path)
        pages.append((time.perf_counter() - began, status))
        time.sleep(_PAUSE)
    return pages


def _page(port: int, path: str) -> int:
    """Give the status of a page, 0 where none came."""
    try:
        with socket.create_connection(("127.0.0.1", port), _PATIENCE) as line:
            line.sendall(
                f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n".encode()
            )
            answer = b"".join(iter(lambda: line.recv(65536), b""))
    except OSError:
        return 0
    found = _STATUS.match(answer)
    return int(found[1]) if found else 0


async def _strangers(siege: Siege, port: int, words: bytes, until: float) -> None:
    await asyncio.gather(*(_hold(siege, port, words, until) for _ in range(siege.count)))


async def _hold(siege: Siege, port: int, words: bytes, until: float) -> None:
    """Be one of the slow, and note what is said to it, and when the server hangs up."""
    began = time.perf_counter()
    try:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
    except OSError:
        siege.closed.append(time.perf_counter() - began)
        return
    try:
        writer.write(words)
        async with asyncio.timeout(until - time.perf_counter()):
            while piece := await reader.read(65536):
                found = _STATUS.match(piece)
                if found:
                    siege.answers.append(time.perf_counter() - began)
                    siege.statuses[int(found[1])] += 1
        siege.closed.append(time.perf_counter() - began)
    except TimeoutError:
        pass
    except OSError:
        siege.closed.append(time.perf_counter() - began)
    finally:
        writer.close()
