"""Starts what is measured, each on a free port of this machine, and ends it with all it started."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from bench import machine
from bench.answers import once

ROOT = Path(__file__).parent.parent
DATASETTE = ROOT / ".cache" / "bench" / "venv" / "bin" / "datasette"

EXPLORER = Path(sys.executable).parent / "explorer"

_NGINX = """
daemon off;
worker_processes 1;
pid {place}/nginx.pid;
error_log stderr crit;
{user}
events {{ worker_connections 256; }}
http {{
  access_log off;
  sendfile on;
  tcp_nopush on;
  keepalive_requests 100000000;
  default_type text/html;
  open_file_cache max=10;
  client_body_temp_path {place}/body;
  proxy_temp_path {place}/proxy;
  fastcgi_temp_path {place}/fastcgi;
  uwsgi_temp_path {place}/uwsgi;
  scgi_temp_path {place}/scgi;
  server {{ listen 127.0.0.1:{port}; root {place}/static; }}
}}
"""


# Which process serves which port.
_OWNERS: dict[int, int] = {}


def get(path: str) -> bytes:
    """Give the barest request for an address."""
    return f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".encode()


@contextmanager
def app(url: str, hot_mb: int | None = None) -> Iterator[int]:
    """Serve the app over a library: one worker, one thread. Gives the port."""
    settings = {"EXPLORER_DATABASE_URL": url}
    if hot_mb is not None:
        settings["EXPLORER_HOT_MB"] = str(hot_mb)
    with granian("explorer:create_app", settings) as port:
        yield port


@contextmanager
def explorer(url: str, path: str, **more: str) -> Iterator[tuple[int, int]]:
    """Serve a library as people do, with one worker. Gives the port and the process id.

    It is there when that path is answered.
    """
    port = free_port()
    settings = {"EXPLORER_DATABASE_URL": url, "EXPLORER_PORT": str(port), "EXPLORER_WORKERS": "1"}
    settings |= more
    with running([str(EXPLORER), "serve"], port, path, settings) as pid:
        yield port, pid


@contextmanager
def granian(target: str, settings: Mapping[str, str]) -> Iterator[int]:
    """Serve a factory of WSGI applications: one worker, one thread. Gives the port."""
    port = free_port()
    command = [sys.executable, "-m", "bench.serve", target, str(port)]
    with running(command, port, "/healthz", settings):
        yield port


@contextmanager
def nginx(place: Path, size: int) -> Iterator[int | None]:
    """Serve a file of so many bytes; None where nginx is not installed."""
    program = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin:/usr/local/sbin")
    if program is None:
        yield None
        return
    port = free_port()
    (place / "static").mkdir()
    (place / "static" / "x.html").write_text("x" * size)
    user = "user root;" if os.geteuid() == 0 else ""
    (place / "nginx.conf").write_text(_NGINX.format(place=place, port=port, user=user))
    with running([program, "-p", str(place), "-c", str(place / "nginx.conf")], port, "/x.html"):
        yield port


@contextmanager
def datasette(database: Path) -> Iterator[int | None]:
    """Serve the rows of a library; None where datasette is not installed."""
    if not DATASETTE.exists():
        yield None
        return
    port = free_port()
    command = [str(DATASETTE), "serve", "-i", str(database), "-h", "127.0.0.1", "-p", str(port)]
    with running(command, port, "/-/versions.json"):
        yield port


@contextmanager
def running(
    command: list[str], port: int, path: str, settings: Mapping[str, str] | None = None
) -> Iterator[int]:
    """Start a server on the servers' core, wait for its first answer, end its whole group.

    Gives its process id.
    """
    with machine.on_core(machine.cores()[0]):
        server = subprocess.Popen(
            command,
            cwd=ROOT,
            env={**os.environ, **(settings or {})},
            start_new_session=True,
            stdout=subprocess.DEVNULL,
        )
    _OWNERS[port] = server.pid
    try:
        wait_for(server, port, path)
        yield server.pid
    finally:
        del _OWNERS[port]
        end(server)


def wait_for(server: subprocess.Popen[bytes], port: int, path: str, patience: float = 60) -> float:
    """Give how many seconds it took until something answers; raises SystemExit if nothing does."""
    start = time.perf_counter()
    while time.perf_counter() - start < patience:
        if server.poll() is not None:
            raise SystemExit(f"{server.args!r} ended with status {server.returncode}")
        try:
            once(port, get(path), patience)
        except OSError:
            time.sleep(0.005)
        else:
            return time.perf_counter() - start
    raise SystemExit(f"nothing answers on port {port}")


def end(server: subprocess.Popen[bytes]) -> None:
    """End a server and all that it started, politely at first."""
    for sign, patience in ((signal.SIGTERM, 8), (signal.SIGKILL, 8)):
        try:
            os.killpg(server.pid, sign)
        except ProcessLookupError:
            break
        try:
            server.wait(patience)
        except subprocess.TimeoutExpired:
            continue
    server.wait(8)


def settled(**settings: str) -> dict[str, str]:
    """Give an environment with some settings, and without what make tells what it starts."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("MAKE")}
    return kept | settings


def free_port() -> int:
    """Find a port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def workers_of(pid: int) -> list[int]:
    """Give the processes that a process started, and those that they started."""
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return [one for child in map(int, children) for one in (child, *workers_of(child))]


def busy(port: int) -> float | None:
    """Give how many seconds of a core the server at a port has taken; None where nobody tells."""
    owner = _OWNERS.get(port)
    if owner is None or not Path("/proc/self/schedstat").exists():
        return None
    threads = (
        thread
        for pid in (owner, *workers_of(owner))
        for thread in Path(f"/proc/{pid}/task").glob("*/schedstat")
    )
    return sum(int(thread.read_text().split()[0]) for thread in threads) / 1e9


def resident(pid: int) -> float:
    """Give what a process holds in memory, in MB, shared libraries and all."""
    status = Path(f"/proc/{pid}/status").read_text()
    line = next(line for line in status.splitlines() if line.startswith("VmRSS:"))
    return int(line.split()[1]) * 1024 / 1e6
