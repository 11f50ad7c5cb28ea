"""Slow strangers in any number keep nobody from reading; the server's own part in that."""

from __future__ import annotations

import resource
import signal
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from itertools import repeat
from pathlib import Path

import pytest

from bench import siege
from tests.support import tale
from tests.support.server import PATIENCE, PROC, Server, eventually, free_port, running

pytestmark = pytest.mark.skipif(not PROC, reason="needs /proc, which is there on Linux")

PAGE = f"/stories/{tale.document()['id']}/read"

# What the server under test waits for, and for how long it is held: three times as long.
FORM_SECONDS, HEAD_SECONDS, HELD = 1, 2, 3.0
SLOW = {"form": siege.FORM, "head": siege.HEAD}
# A machine that does other things may halt for a moment; the fault looked for is there each time.
TRIES = 3


@pytest.fixture(scope="module")
def servers(tmp_path_factory: pytest.TempPathFactory, tale_library: Path) -> Iterator[list[Server]]:
    """Give servers of two workers that have little patience, one for each kind of the slow."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    limits = {"FORM_SECONDS": str(FORM_SECONDS), "HEAD_SECONDS": str(HEAD_SECONDS)}
    with ExitStack() as stack:
        found = []
        for kind in SLOW:
            folder = tmp_path_factory.mktemp(kind)
            (folder / "library.db").write_bytes(tale_library.read_bytes())
            url = f"sqlite:///{folder / 'library.db'}"
            found.append(stack.enter_context(running(folder, url, **limits)))
        yield found
        assert not [one for one in found if "Traceback" in one.said]
    resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


@pytest.fixture(scope="module")
def server(servers: list[Server]) -> Server:
    """Give one of them."""
    return servers[0]


@pytest.mark.parametrize("count", [1, 4, 40, 400])
def test_no_number_of_unfinished_requests_keeps_anybody_waiting(
    servers: list[Server], count: int
) -> None:
    # Nearly all of it is waiting, so both kinds are waited for at a time.
    with ThreadPoolExecutor(len(SLOW)) as sieges:
        assert list(sieges.map(lasting, servers, SLOW, repeat(count))) == [[], []]


@pytest.mark.parametrize("kind", SLOW)
def test_not_even_thousands_do(servers: list[Server], kind: str) -> None:
    assert lasting(servers[0], kind, 1_500) == []


def lasting(server: Server, kind: str, count: int) -> list[list[str]]:
    """Give what was not as it should be in each try; nothing if it was in one of them."""
    faults = []
    for _ in range(TRIES):
        faults.append(faults_of(server, kind, count))
        if not faults[-1]:
            return []
    return faults


def faults_of(server: Server, kind: str, count: int) -> list[str]:
    """Hold so many unfinished requests, and say what was not as it should be."""
    came = siege.laid(server.port, SLOW[kind], count, HELD, PAGE)
    waited = max(came.answers if kind == "form" else came.closed, default=0)
    checks = {
        f"{came.failed} pages did not come": came.failed == 0,
        f"only {len(came.waits)} pages came": len(came.waits) >= 5,
        f"a reader waited {came.slowest:.2f} s": came.slowest <= came.idle + 0.5,
        f"{came.statuses} is what they were told": set(came.statuses) <= {408, 503},
        f"{len(came.answers)} forms were answered": kind == "head" or len(came.answers) == count,
        f"{len(came.closed)} heads were closed": kind == "form" or len(came.closed) == count,
        f"one was told after {waited:.1f} s": waited < HELD,
    }
    return [fault for fault, good in checks.items() if not good]


def test_a_few_late_forms_all_get_their_time(server: Server) -> None:
    came = siege.laid(server.port, siege.FORM, 20, HELD, PAGE)

    assert came.statuses == {408: 20}
    assert min(came.answers) >= FORM_SECONDS


def test_a_form_that_nobody_waits_for_ends_its_connection(server: Server) -> None:
    for more in (b"Content-Length: 70000", b"Transfer-Encoding: chunked", b"Content-Length: no"):
        answer = server.send(siege.FORM.replace(b"Content-Length: 100", more))

        assert answer.split()[1] in (b"400", b"411", b"413")


@pytest.mark.parametrize("method", ["GET", "HEAD", "PUT", "POST"])
def test_a_form_that_nobody_asked_for_ends_with_its_connection(server: Server, method: str) -> None:
    head = f"{method} /nothing HTTP/1.1\r\nHost: localhost\r\nSec-Fetch-Site: same-origin\r\n"
    request = f"{head}Content-Length: 20000\r\nConnection: close\r\n\r\n".encode() + b"a" * 20_000

    # The server left one of some hundred of these open, for ever.
    with ThreadPoolExecutor(8) as senders:
        answers = senders.map(lambda _: server.send(request)[9:12], range(600))

    assert set(answers) == {b"404"}


def test_an_answer_during_a_pending_read_stops_nobody() -> None:
    port = free_port()
    command = [sys.executable, "-m", "tests.support.heartbeat", str(port)]
    with subprocess.Popen(command, cwd=Path(__file__).parents[2]) as process:
        try:
            one = Server(process, port, Path())
            eventually(lambda: answers(one))
            with one.connect() as line:
                line.sendall(siege.FORM)
                assert line.recv(12) == b"HTTP/1.1 200"

                # On releases with the fault nothing answers from here until the form goes on.
                eventually(lambda: int(one.get("/")[1]) > 5)
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(PATIENCE)


def answers(server: Server) -> bool:
    """Whether a server is there by now."""
    try:
        return server.get("/")[0] == 200
    except OSError:
        return False
