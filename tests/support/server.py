"""The real server in a group of processes of its own, for tests that kill, flood and confuse it."""

from __future__ import annotations

import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

# Where the processes of this machine can be looked at, which is so on Linux.
PROC = Path("/proc/self/stat").exists()

EXPLORER = (sys.executable, "-c", "from explorer.cli.commands import main; main()")

# So long a test waits for what has to happen. It asserts that it does, never how soon.
PATIENCE = 60.0


@dataclass(frozen=True, slots=True)
class Server:
    """A server that runs, and the file that all its words go to."""

    process: subprocess.Popen[bytes]
    port: int
    log: Path

    @property
    def said(self) -> str:
        """All that it wrote so far."""
        return self.log.read_text(errors="replace")

    def workers(self) -> list[int]:
        """Give the ids of its workers."""
        return children(self.process.pid)

    def connect(self, timeout: float = PATIENCE) -> socket.socket:
        """Open a connection and send nothing."""
        return socket.create_connection(("127.0.0.1", self.port), timeout=timeout)

    def send(self, request: bytes, timeout: float = PATIENCE) -> bytes:
        """Send bytes as they are, and give all that comes back until the server hangs up."""
        with self.connect(timeout) as line:
            line.sendall(request)
            return received(line)

    def get(self, path: str, headers: dict[str, str] | None = None) -> tuple[int, bytes]:
        """Ask for a page as a browser would."""
        return self.ask("GET", path, headers)

    def ask(
        self, method: str, path: str, headers: dict[str, str] | None = None, body: bytes = b""
    ) -> tuple[int, bytes]:
        """Send a request; gives the status and the body."""
        line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        try:
            line.request(method, path, body or None, headers or {})
            answer = line.getresponse()
            return answer.status, answer.read()
        finally:
            line.close()

    def stop(self) -> int:
        """Tell it to stop, and give its exit status."""
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(PATIENCE)


@contextmanager
def running(folder: Path, library: str, **settings: str) -> Iterator[Server]:
    """Serve a library on a free port; none of its processes is left behind.

    `target` is Python to run instead of the command line.
    """
    port = free_port()
    log = folder / f"server-{port}.log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            [*EXPLORER, "serve"],
            env=environment(DATABASE_URL=library, PORT=str(port), **{"WORKERS": "2"} | settings),
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    server = Server(process, port, log)
    try:
        eventually(lambda: process.poll() is not None or _answers(server))
        assert process.poll() is None, server.said
        yield server
    finally:
        _end(process)


def environment(**settings: str) -> dict[str, str]:
    """Give an environment with these settings and no others of ours."""
    others = {name: text for name, text in os.environ.items() if not name.startswith("EXPLORER_")}
    return others | {f"EXPLORER_{name}": text for name, text in settings.items()}


def free_port() -> int:
    """Give a port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def children(parent: int) -> list[int]:
    """Give the processes that a process has started and that are alive."""
    found = []
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            state, its_parent = path.read_text().rpartition(")")[2].split()[:2]
        except OSError:
            continue
        if int(its_parent) == parent and state != "Z":
            found.append(int(path.parent.name))
    return sorted(found)


def is_alive(process: int) -> bool:
    """Whether a process is there, and no mere entry in the list of the dead."""
    try:
        stat = Path(f"/proc/{process}/stat").read_text()
    except OSError:
        return False
    return stat.rpartition(")")[2].split()[0] != "Z"


def memory(process: int) -> int:
    """Give how many bytes of memory a process holds."""
    pages = int(Path(f"/proc/{process}/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE")


def eventually(holds: Callable[[], bool], patience: float = PATIENCE) -> None:
    """Wait until something holds; an assertion fails where it never does."""
    until = time.monotonic() + patience
    while not holds():
        assert time.monotonic() < until, "It never came to hold."
        time.sleep(0.05)


def received(line: socket.socket) -> bytes:
    """Read until the other side hangs up."""
    pieces = []
    with suppress(ConnectionResetError):
        while piece := line.recv(65536):
            pieces.append(piece)
    return b"".join(pieces)


def _answers(server: Server) -> bool:
    if f":{server.port}" not in server.said:
        return False
    try:
        return server.get("/readyz")[0] == 200
    except OSError:
        return False


def _end(process: subprocess.Popen[bytes]) -> None:
    """End the whole group, which nobody else is in."""
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
