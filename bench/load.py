"""The clients that ask the same over and over: wrk where it is installed, else one in Python.

Both are closed loops: some connections, each with one request under way at any time.
"""

from __future__ import annotations

import json
import math
import selectors
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Protocol

from bench import servers
from bench.answers import Checked, Request, WrongAnswerError, once, parsed, troubles

CONNECTIONS = 16
_SIGN = "RESULT "

_SCRIPT = """
local heads = {%s}
local at = 0
function request()
  at = at %% #heads + 1
  return heads[at]
end
function done(summary, latency)
  local wrong = summary.errors
  io.write(string.format(
    'RESULT {"answers": %%d, "micros": %%d, "bytes": %%d, "wrong": %%d, "p50": %%d, "p99": %%d}\\n',
    summary.requests, summary.duration, summary.bytes,
    wrong.connect + wrong.read + wrong.write + wrong.status + wrong.timeout,
    latency:percentile(50), latency:percentile(99)))
end
"""


@dataclass(frozen=True)
class Round:
    """What one round came to: how many answers in how many seconds, and the usual and worst times.

    `p50` and `p99` are in milliseconds; `size` is what an answer weighed on average; `busy` is how
    many milliseconds the server worked for an answer, where the system tells.
    """

    answers: int
    seconds: float
    p50: float
    p99: float
    size: float
    busy: float | None = None

    @property
    def per_second(self) -> float:
        """Answers per second."""
        return self.answers / self.seconds

    @property
    def cost(self) -> float:
        """Milliseconds of the server for an answer; what else the machine does counts little."""
        return self.busy or 1000 / self.per_second


class Client(Protocol):
    """Something that asks for a while."""

    name: str

    def measure(self, request: Request, seconds: float, connections: int) -> Round:
        """Ask for so many seconds. Raises WrongAnswerError for answers that are none."""
        ...


def client() -> Client:
    """Give the quickest client that is installed."""
    program = shutil.which("wrk")
    return Wrk(program) if program else Plain()


def round_of(
    client: Client, checked: Checked, seconds: float, connections: int = CONNECTIONS
) -> Round:
    """Measure one round, with a look at the answers on either side of it."""
    checked.check()
    asked = checked.turned()
    measured = watched(asked.port, lambda: client.measure(asked, seconds, connections))
    checked.check_mean(measured.size, connections / measured.answers)
    checked.check()
    return measured


def watched(port: int, measure: Callable[[], Round]) -> Round:
    """Measure, and count the time that the server at a port works meanwhile."""
    before = servers.busy(port)
    measured = measure()
    after = servers.busy(port)
    if before is None or after is None:
        return measured
    return replace(measured, busy=1000 * (after - before) / measured.answers)


# --- wrk ---------------------------------------------------------------------------------------


class Wrk:
    """wrk, told what to ask by a script."""

    name = "wrk"

    def __init__(self, program: str) -> None:
        """Take where it is."""
        self._program = program

    def measure(self, request: Request, seconds: float, connections: int) -> Round:
        """Ask for so many seconds."""
        with tempfile.TemporaryDirectory() as place:
            path = Path(place, "ask.lua")
            path.write_text(script(request.heads))
            for patience in (seconds, 4 * seconds + 2):
                said = self._run(path, request.port, patience, connections)
                done = understood(request.name, said)
                # On a busy machine a short round may be over before it began.
                if done is not None:
                    return done
        raise WrongAnswerError(f"{request.name}: not one answer came in time")

    def _run(self, path: Path, port: int, seconds: float, connections: int) -> str:
        most = f"-d{math.ceil(seconds) + 1}s"
        command = [self._program, "-t1", f"-c{connections}", most, "--timeout", "30s"]
        command += ["-s", str(path), f"http://127.0.0.1:{port}/"]
        running = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        try:
            # It knows whole seconds only; interrupted, it tells how far it got.
            time.sleep(max(seconds, 0.2))
            running.send_signal(signal.SIGINT)
            said, _ = running.communicate(timeout=60)
        finally:
            running.kill()
            running.wait()
        return said


def script(heads: tuple[bytes, ...]) -> str:
    """Write what wrk is to ask: these requests in turn."""
    # The signs that JSON escapes are escaped alike in Lua, as long as there are no others.
    return _SCRIPT % ",\n".join(json.dumps(head.decode("ascii")) for head in heads)


def understood(name: str, said: str) -> Round | None:
    """Read what wrk says at its end; None where it had no answer and no error.

    Raises WrongAnswerError where not every answer was good.
    """
    lines = [line for line in said.splitlines() if line.startswith(_SIGN)]
    if not lines:
        raise WrongAnswerError(f"{name}: wrk says nothing of use: {said[-300:]!r}")
    told: dict[str, int] = json.loads(lines[-1].removeprefix(_SIGN))
    if told["wrong"]:
        raise WrongAnswerError(f"{name}: {told['wrong']} errors beside {told['answers']} answers")
    if not told["answers"]:
        return None
    return Round(
        answers=told["answers"],
        seconds=told["micros"] / 1e6,
        p50=told["p50"] / 1000,
        p99=told["p99"] / 1000,
        size=told["bytes"] / told["answers"],
    )


# --- Python ------------------------------------------------------------------------------------


class Plain:
    """A client in Python; its own 50 microseconds for each request flatten the quickest answers."""

    name = "a client in Python"

    def measure(self, request: Request, seconds: float, connections: int) -> Round:
        """Ask for so many seconds."""
        asking = _Asking(request)
        try:
            for _ in range(connections):
                asking.connect()
            return asking.measured(seconds)
        finally:
            asking.close()


class _Asking:
    """Some connections to one port, and the times of the answers that came."""

    def __init__(self, request: Request) -> None:
        self._request = request
        self._selector = selectors.DefaultSelector()
        self._times: list[float] = []
        self._bytes = 0
        self._turn = 0

    def connect(self) -> None:
        connection = socket.create_connection(("127.0.0.1", self._request.port), 30)
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._selector.register(connection, selectors.EVENT_READ, [0.0, b""])

    def measured(self, seconds: float) -> Round:
        start = time.perf_counter()
        for key in list(self._selector.get_map().values()):
            self._ask(key)
        while time.perf_counter() - start < seconds:
            for key, _ in self._selector.select(1):
                self._receive(key)
        return in_order(self._times, time.perf_counter() - start, self._bytes)

    def close(self) -> None:
        for key in list(self._selector.get_map().values()):
            _socket(key).close()
        self._selector.close()

    def _ask(self, key: selectors.SelectorKey) -> None:
        self._turn = (self._turn + 1) % len(self._request.heads)
        key.data[:] = time.perf_counter(), b""
        _socket(key).sendall(self._request.heads[self._turn])

    def _receive(self, key: selectors.SelectorKey) -> None:
        piece = _socket(key).recv(1 << 18)
        if not piece:
            raise WrongAnswerError(f"{self._request.name}: the connection was closed")
        key.data[1] += piece
        answer = parsed(key.data[1])
        if answer is None:
            return
        self._times.append(time.perf_counter() - key.data[0])
        self._bytes += answer.size
        for trouble in troubles(self._request, answer):
            raise WrongAnswerError(f"{self._request.name}: {trouble}")
        self._ask(key)


def _socket(key: selectors.SelectorKey) -> socket.socket:
    assert isinstance(key.fileobj, socket.socket)
    return key.fileobj


def in_order(times: list[float], seconds: float, size: int) -> Round:
    """Sum up the times of answers, in seconds. Raises WrongAnswerError where there are none."""
    if not times:
        raise WrongAnswerError("not one answer came in time")
    ordered = sorted(times)

    def within(share: float) -> float:
        return 1000 * ordered[min(len(ordered) - 1, int(share * len(ordered)))]

    return Round(len(times), seconds, within(0.50), within(0.99), size / len(times))


def one_by_one(request: Request, seconds: float, most: int = 3) -> Round:
    """Ask in a row, for answers so slow that a client's own time is nothing beside theirs."""
    times: list[float] = []
    size = 0
    start = time.perf_counter()
    for head in (request.heads * most)[:most]:
        begun = time.perf_counter()
        answer = once(request.port, head)
        times.append(time.perf_counter() - begun)
        size += answer.size
        for trouble in troubles(request, answer):
            raise WrongAnswerError(f"{request.name}: {trouble}")
        if time.perf_counter() - start > seconds:
            break
    return in_order(times, sum(times), size)
