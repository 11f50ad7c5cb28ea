"""A small application that shows whether an answer given during a pending read stops the worker.

Run as a program it serves itself on a port. A form gets its answer while somebody still reads it;
whoever asks for a page then learns how often a heart has beaten since.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterable
from threading import Thread
from typing import Any

from granian import Granian
from granian.constants import HTTPModes, Interfaces

BEATS = [0]


def application(environ: dict[str, Any], start_response: Callable[..., object]) -> Iterable[bytes]:
    """Answer a form before it is there, and a page with the number of beats."""
    if environ["REQUEST_METHOD"] == "POST":
        Thread(target=environ["wsgi.input"].read, args=(100,), daemon=True).start()
        time.sleep(0.2)
        BEATS[0] = 0
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [str(BEATS[0]).encode()]


def _beat() -> None:
    while True:
        BEATS[0] += 1
        time.sleep(0.01)


def made() -> Callable[..., object]:
    """Make the application of a worker."""
    Thread(target=_beat, daemon=True).start()
    return application


if __name__ == "__main__":
    Granian(
        "tests.support.heartbeat:made",
        factory=True,
        interface=Interfaces.WSGI,
        address="127.0.0.1",
        port=int(sys.argv[1]),
        blocking_threads=4,
        http=HTTPModes.http1,
        websockets=False,
        log_enabled=False,
    ).serve()
