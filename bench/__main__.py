"""`make bench`: the table of the README. Loopback only, bounded in time, checks what it times."""

from __future__ import annotations

import os
import platform
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bench.load import Request, Round, measure, once
from explorer import bookmark as marks
from explorer.bookmark import Place
from explorer.settings import folder
from explorer.store import Store
from explorer.story import Story
from explorer.storyfile import read

ROUNDS = int(os.environ.get("EXPLORER_BENCH_ROUNDS", "5"))
SECONDS = float(os.environ.get("EXPLORER_BENCH_SECONDS", "1.5"))
SERVED = "import os, granian; os.sched_setaffinity(0, {{0}}); granian.Granian({target!r}, factory=True, interface='wsgi', address='127.0.0.1', port={port}, workers=1, blocking_threads=1, log_enabled=False).serve()"  # noqa: E501


def main() -> None:
    """Measure, and print the table."""
    with tempfile.TemporaryDirectory() as place:
        url = f"sqlite:///{place}/bench.db"
        story = _kept(url)
        os.sched_setaffinity(0, {len(os.sched_getaffinity(0)) - 1})
        with _serving("explorer:create_app", EXPLORER_DATABASE_URL=url) as port:
            requests = _requests(story, port)
            size = len(once(requests[0]).partition(b"\r\n\r\n")[2])
            with _serving("bench.apps:bare", EXPLORER_BENCH_BYTES=str(size)) as bare:
                plain = Request("bare Flask, as many bytes", bare, _head("GET", "/"), b"200", b"x")
                _print(_measured([plain, *requests]), size)


def _kept(url: str) -> Story:
    store = Store(url)
    store.prepare()
    store.keep(read(folder("scenes.json").read_bytes()))
    story = store.load("ballerina")
    assert story is not None
    return story


def _requests(story: Story, port: int) -> list[Request]:
    last = len(story.scenes) - 1
    top = len(story.levels) - 1
    whole = marks.mark(story, Place(threshold=top, reached=last))
    low = marks.mark(story, Place(threshold=0, reached=last))
    veiled = next(s for s in story.scenes[:last] if s.tellings[0].level > 0)
    at = f"/stories/{story.id}"
    body = f"from={story.scenes[last - 1].key}"
    part = {"HX-Request-Type": "partial", "Sec-Fetch-Site": "same-origin"}
    newest = story.scenes[last].key.encode()
    return [
        Request(
            "reading page, 20 scenes",
            port,
            _head("GET", f"{at}/read", whole),
            b"200",
            story.scenes[last - 1].key.encode(),
        ),
        Request(
            "Next, as htmx asks",
            port,
            _head("POST", f"{at}/next?page=read", whole, body, part),
            b"200",
            newest,
        ),
        Request(
            "permalink of a veiled scene",
            port,
            _head("GET", f"{at}/scenes/{veiled.key}", low),
            b"200",
            b"stays veiled",
        ),
    ]


def _head(
    method: str,
    path: str,
    bookmark: marks.Bookmark | None = None,
    body: str = "",
    headers: dict[str, str] | None = None,
) -> bytes:
    lines = [f"{method} {path} HTTP/1.1", "Host: 127.0.0.1"]
    lines += [f"{name}: {value}" for name, value in (headers or {}).items()]
    if bookmark is not None:
        lines.append(f"Cookie: bookmark={marks.written(bookmark)}")
    if body:
        lines += ["Content-Type: application/x-www-form-urlencoded", f"Content-Length: {len(body)}"]
    return ("\r\n".join(lines) + "\r\n\r\n" + body).encode()


@contextmanager
def _serving(target: str, **environment: str) -> Iterator[int]:
    port = _free_port()
    command = [sys.executable, "-c", SERVED.format(target=target, port=port)]
    server = subprocess.Popen(command, env={**os.environ, **environment}, start_new_session=True)
    try:
        _wait_for(port)
        yield port
    finally:
        os.killpg(server.pid, signal.SIGTERM)
        server.wait(10)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_for(port: int) -> None:
    for _ in range(100):
        try:
            socket.create_connection(("127.0.0.1", port)).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise SystemExit(f"nothing answers on port {port}")


def _measured(requests: list[Request]) -> dict[str, list[Round]]:
    """Measure in rounds that alternate, so that a noisy moment hits all of them."""
    rounds: dict[str, list[Round]] = {request.name: [] for request in requests}
    for request in requests:
        measure(request, min(0.5, SECONDS))
    for n in range(ROUNDS):
        print(f"round {n + 1} of {ROUNDS}", file=sys.stderr)
        for request in requests:
            rounds[request.name].append(measure(request, SECONDS))
    return rounds


def _print(rounds: dict[str, list[Round]], size: int) -> None:
    print(f"One core, granian, one thread, 16 connections, a reading page of {size:,} bytes.")
    print(f"{platform.machine()}, {_processor()}, Python {platform.python_version()}.\n")
    print("| answer | per second | p50 ms | p99 ms | to bare Flask |")
    print("| --- | ---: | ---: | ---: | ---: |")
    plain = statistics.median(r.per_second for r in next(iter(rounds.values())))
    for name, measured in rounds.items():
        speed = statistics.median(r.per_second for r in measured)
        p50 = statistics.median(r.percentile(0.50) for r in measured)
        p99 = statistics.median(r.percentile(0.99) for r in measured)
        print(f"| {name} | {speed:,.0f} | {p50:.1f} | {p99:.1f} | {speed / plain:.2f} |")


def _processor() -> str:
    cpuinfo = Path("/proc/cpuinfo")
    lines = cpuinfo.read_text().splitlines() if cpuinfo.exists() else []
    models = [line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")]
    return f"{models[0]}, {len(models)} cores" if models else "processor unknown"


if __name__ == "__main__":
    main()
