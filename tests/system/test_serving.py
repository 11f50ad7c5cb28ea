"""The real server: slow and broken clients, workers that are killed, an orderly end, its words."""

from __future__ import annotations

import os
import re
import signal
import socket
import struct
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from threading import Event, Thread

import pytest

from explorer.story.terms import opaque
from tests.support import tale
from tests.support.server import PROC, Server, eventually, is_alive, received, running
from tests.web.test_request_guard import break_library

pytestmark = pytest.mark.skipif(not PROC, reason="needs /proc, which is there on Linux")

HOME = f"/stories/{tale.document()['id']}"
SCENE = opaque(tale.document()["id"], "scene", "gannet")
FORM = {
    "Sec-Fetch-Site": "same-origin",
    "Content-Type": "application/x-www-form-urlencoded",
}
MANY = 40

# What each kind of slow stranger sends and then leaves at that.
_SLOW = {
    "says nothing": b"",
    "stops in its headers": b"GET / HTTP/1.1\r\nHost: localhost\r\nX-Slow: ",
    "stops in its form": (
        f"POST {HOME}/next HTTP/1.1\r\nHost: localhost\r\nSec-Fetch-Site: same-origin\r\n"
        "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 100\r\n\r\nfrom"
    ).encode(),
    "spells its method oddly": (
        f"post {HOME}/next HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\nfrom"
    ).encode(),
    "fetches nothing of what it asks for": (
        b"GET /static/fonts/Vollkorn-SemiBold.ttf HTTP/1.1\r\nHost: localhost\r\n\r\n" * 20
    ),
}


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory, tale_library: Path) -> Iterator[Server]:
    """Give a server of one worker, which several tests try in vain to spoil."""
    folder = tmp_path_factory.mktemp("server")
    (folder / "library.db").write_bytes(tale_library.read_bytes())
    with running(folder, f"sqlite:///{folder / 'library.db'}", WORKERS="1") as one:
        yield one
        assert "Traceback" not in one.said


# --- slow and broken clients -------------------------------------------------------------------


@pytest.mark.parametrize("kind", _SLOW)
def test_forty_slow_strangers_keep_nobody_from_reading(server: Server, kind: str) -> None:
    with ExitStack() as lines:
        for _ in range(MANY):
            line = lines.enter_context(socket.socket())
            line.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1024)
            line.connect(("127.0.0.1", server.port))
            line.sendall(_SLOW[kind])

        assert server.get(f"{HOME}/read")[0] == 200
        assert server.ask("POST", f"{HOME}/next", FORM, b"from=")[0] == 303
        assert server.get("/static/explorer.css")[0] == 200


def test_a_form_that_is_cut_off_moves_nothing(server: Server) -> None:
    with server.connect() as line:
        line.sendall(_SLOW["stops in its form"])
        line.shutdown(socket.SHUT_WR)
        answer = received(line)

    assert answer.startswith(b"HTTP/1.1 400 ")
    assert b"set-cookie" not in answer.lower()


def test_a_form_in_pieces_of_any_length_moves_nothing(server: Server) -> None:
    head = _SLOW["stops in its form"].partition(b"Content-Length")[0] + b"Connection: close\r\n"
    for pieces in (b"5\r\nfrom=\r\n0\r\n\r\n", b"zz\r\nfrom=\r\n", b"10000\r\n" + b"a" * 0x10000):
        answer = server.send(head + b"Transfer-Encoding: chunked\r\n\r\n" + pieces)

        assert answer.startswith(b"HTTP/1.1 411 ")
        assert b"set-cookie" not in answer.lower()


@pytest.mark.parametrize(
    ("request_line", "statuses"),
    [
        (b"GET /\x00 HTTP/1.1", {400}),
        (b"GET / HTTP/3.0", {400}),
        (b"GET /", {400}),
        (b"\x16\x03\x01\x02\x00\x01\x00", {400}),
        (b"GET /" + b"a" * 20_000 + b" HTTP/1.1", {414}),
        (b"GET /" + b"a" * 100_000 + b" HTTP/1.1", {414, 431}),
        (b"GET /?" + b"a&" * 1000 + b" HTTP/1.1", {400}),
        (b"CONNECT localhost:80 HTTP/1.1", {403}),
        (b"TRACE / HTTP/1.1", {403}),
        (b"BREW / HTTP/1.1", {403}),
        (b"OPTIONS * HTTP/1.1", {404}),
        (b"GET http://evil.example/nothing HTTP/1.1", {404}),
        (b"GET /static/..%2f..%2fexplorer/storage/store.py HTTP/1.1", {404}),
        (b"GET /static/..%5c..%5cexplorer/storage/store.py HTTP/1.1", {404}),
        (b"GET /stories/%00 HTTP/1.1", {404}),
        (b"GET /stories/%ff HTTP/1.1", {404}),
    ],
    ids=lambda given: str(given)[:40],
)
def test_a_request_that_makes_no_sense_is_refused(
    server: Server, request_line: bytes, statuses: set[int]
) -> None:
    tail = b"\r\nHost: localhost\r\nCookie: secret\r\nConnection: close\r\n\r\n"
    answer = server.send(request_line + tail)
    head, _, body = answer.partition(b"\r\n\r\n")

    assert int(head.split()[1]) in statuses
    assert b"secret" not in answer
    # What the server refuses by itself has no headers of ours, and nothing that would need them.
    assert b"content-security-policy" in head.lower() or body == b""


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        (b"Host: localhost\r\nHost: evil.example\r\n", 400),
        (b"Host: a b\r\n", 400),
        (b"Host: \r\n", 400),
        (b"", 400),
        (b"Host: localhost\r\n" + b"X: 1\r\n" * 200, 431),
        (b"Host: localhost\r\nX: " + b"a" * 200_000 + b"\r\n", 431),
        (b"Host: localhost\r\nCookie: " + b"a" * 17_000 + b"\r\n", 431),
        (b"Host: localhost\r\nX: a\x00b\r\n", 400),
        (b"Host: localhost\r\nX: a\r\n b\r\n", 400),
        (b"Host: localhost\r\nContent-Length: 5\r\nContent-Length: 6\r\n", 400),
        (b"Host: localhost\r\nContent-Length: -1\r\n", 400),
    ],
    ids=lambda given: str(given)[:40],
)
def test_headers_that_make_no_sense_are_refused(
    server: Server, headers: bytes, status: int
) -> None:
    answer = server.send(b"GET / HTTP/1.1\r\n" + headers + b"Connection: close\r\n\r\n")

    assert int(answer.split()[1]) == status


@pytest.mark.parametrize("probe", ["healthz", "readyz"])
def test_a_probe_in_an_old_language_is_answered(server: Server, probe: str) -> None:
    assert server.send(f"GET /{probe} HTTP/1.0\r\n\r\n".encode()).startswith(b"HTTP/1.0 200 ")


def test_requests_that_come_in_one_go_are_answered_in_turn_on_one_connection(
    server: Server,
) -> None:
    asks = (f"HEAD {HOME}/read", "GET /nothing", f"GET {HOME}/read", "GET /healthz")
    ends = ["\r\n"] * 3 + ["Connection: close\r\n\r\n"]
    lines = (
        f"{one} HTTP/1.1\r\nHost: localhost\r\n{end}" for one, end in zip(asks, ends, strict=True)
    )
    with server.connect() as line:
        line.sendall("".join(lines).encode())
        answers = received(line)

    statuses = re.findall(rb"HTTP/1\.1 (\d{3}) ", answers)
    lengths = re.findall(rb"^content-length: (\d+)", answers, re.MULTILINE | re.IGNORECASE)
    assert statuses == [b"200", b"404", b"200", b"200"]
    assert lengths[0] == lengths[2]
    assert answers.count(b"<!doctype html>") == 2


def test_no_page_of_another_site_gets_leave_to_send_names_that_the_server_folds(
    server: Server,
) -> None:
    asking = {
        "Origin": "https://evil.example",
        "Access-Control-Request-Method": "POST",
        "Access-Control-Request-Headers": "sec_fetch_site, x_forwarded_host",
    }
    answer = server.send(
        f"OPTIONS {HOME}/next HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n".encode()
        + "".join(f"{name}: {value}\r\n" for name, value in asking.items()).encode()
        + b"\r\n"
    )

    assert b"access-control-allow" not in answer.lower()


# --- faults of the workers ---------------------------------------------------------------------


def test_a_worker_that_is_killed_takes_only_what_it_had_in_its_hands(
    tmp_path: Path, library: str
) -> None:
    readers, stop = 8, Event()
    good, lost = [0] * readers, [0] * readers

    def read(number: int, server: Server) -> None:
        while not stop.is_set():
            try:
                assert server.get(f"{HOME}/read")[0] == 200
                good[number] += 1
            except OSError:
                lost[number] += 1
                # While a process falls apart it may still be given connections.
                stop.wait(1)

    with running(tmp_path, library) as server:
        before = server.workers()
        threads = [Thread(target=read, args=(n, server)) for n in range(readers)]
        for thread in threads:
            thread.start()
        eventually(lambda: min(good) > 2)
        os.kill(before[0], signal.SIGKILL)
        so_far = list(good)
        eventually(lambda: all(now > then + 2 for now, then in zip(good, so_far, strict=True)))
        eventually(
            lambda: len(server.workers()) == len(before) and before[0] not in server.workers()
        )
        stop.set()
        for thread in threads:
            thread.join()

        assert len(before) == 2
        assert max(lost) <= 1
        assert [server.get(f"{HOME}/read")[0] for _ in range(10)] == [200] * 10


def test_workers_do_not_outlive_their_master(tmp_path: Path, library: str) -> None:
    with running(tmp_path, library) as server:
        workers = server.workers()
        os.kill(server.process.pid, signal.SIGKILL)
        eventually(lambda: not any(map(is_alive, workers)))

        assert len(workers) == 2
        with pytest.raises(ConnectionRefusedError):
            server.connect()


def test_a_server_that_is_told_to_stop_finishes_what_was_begun(
    tmp_path: Path, library: str
) -> None:
    begun = _SLOW["stops in its form"].replace(b"Content-Length: 100", b"Content-Length: 5")
    with running(tmp_path, library) as server, server.connect() as line:
        line.sendall(begun)
        # That the form is begun is seen by nobody; one that was sent later is answered.
        server.get(f"{HOME}/read")
        server.process.send_signal(signal.SIGTERM)
        eventually(lambda: not is_open(server))
        line.sendall(b"=")
        answer = received(line)
        status = server.process.wait(60)

    assert answer.startswith(b"HTTP/1.1 303 ")
    assert b"set-cookie: bookmark=" in answer.lower()
    assert status == 0
    assert "Traceback" not in server.said


def is_open(server: Server) -> bool:
    """Whether new connections are taken."""
    try:
        with server.connect():
            return True
    except OSError:
        return False


def test_a_server_is_stopped_even_by_one_who_never_ends(tmp_path: Path, library: str) -> None:
    with running(tmp_path, library) as server, server.connect() as line:
        line.sendall(_SLOW["stops in its form"])
        server.get(f"{HOME}/read")
        server.process.send_signal(signal.SIGTERM)

        assert server.process.wait(60) == 0


# --- its words ---------------------------------------------------------------------------------


def test_nothing_that_the_server_says_holds_a_place_or_a_secret(
    tmp_path: Path, library: str
) -> None:
    secret = "2.0.1.2.0." + SCENE + "..."
    headers = {"Cookie": f"bookmark={secret}", "Authorization": "Bearer hush", "User-Agent": "me"}
    with running(tmp_path, library) as server:
        break_library(library)
        statuses = [
            server.ask(method, path, headers | FORM, body)[0]
            for method, path, body in (
                ("GET", f"{HOME}/read?who={SCENE}&q=hush", b""),
                ("GET", f"{HOME}/scenes/{SCENE}", b""),
                ("POST", f"{HOME}/back", f"scene={SCENE}".encode()),
                ("GET", f"/api/v1{HOME}?reached={SCENE}", b""),
                ("GET", "/", b""),
            )
        ]
        for line in (b"GET /" + SCENE.encode() + b"\x00 HTTP/1.1\r\n\r\n", b"\x16hush"):
            server.send(line + b"\r\n\r\n")
        assert server.stop() == 0

    assert statuses == [503] * 5
    assert "no such table" in server.said
    assert not re.search(rf"{SCENE}|hush|127\.0\.0\.1(?!:{server.port}/)|Mozilla", server.said)


def test_a_client_that_breaks_off_is_not_worth_a_word(tmp_path: Path, library: str) -> None:
    with running(tmp_path, library) as server:
        before = server.said
        for _ in range(20):
            with server.connect() as line:
                # Closing like this is a reset.
                line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                line.sendall(f"GET {HOME}/read HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())
        assert server.get(f"{HOME}/read")[0] == 200

        assert server.said == before
