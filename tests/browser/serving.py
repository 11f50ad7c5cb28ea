"""The real server, as `explorer serve` starts it, on an address of its own."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).parents[2]

_EXPLORER = (sys.executable, "-c", "from explorer.cli.commands import main; main()")
_PATIENCE = 30


@contextmanager
def served(folder: Path, stories: list[Path], **settings: str) -> Iterator[str]:
    """Import stories into a new library and serve it; gives the address, without a slash."""
    port = _free_port()
    own = {
        "EXPLORER_DATABASE_URL": f"sqlite:///{folder / 'library.db'}",
        "EXPLORER_PORT": str(port),
        "EXPLORER_WORKERS": "1",
        "EXPLORER_HOT_MB": os.environ.get("EXPLORER_HOT_MB", ""),
    }
    others = {name: text for name, text in os.environ.items() if not name.startswith("EXPLORER_")}
    environment = others | own | settings
    subprocess.run(
        [*_EXPLORER, "import", *map(str, stories)],
        env=environment,
        cwd=ROOT,
        check=True,
        capture_output=True,
    )
    log = folder / "server.log"
    with log.open("wb") as output:
        server = subprocess.Popen(
            [*_EXPLORER, "serve"],
            env=environment,
            cwd=ROOT,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        base = f"http://127.0.0.1:{port}"
        _wait_for(base, server, log)
        yield base
    finally:
        _end(server)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_for(base: str, server: subprocess.Popen[bytes], log: Path) -> None:
    until = time.monotonic() + _PATIENCE
    while time.monotonic() < until and server.poll() is None:
        # Who answers there may be another test's server, so this one has to say it first.
        if f"open at {base}" in log.read_text() and _answers(base):
            return
        time.sleep(0.05)
    raise RuntimeError(f"The server did not start:\n{log.read_text()}")


def _answers(base: str) -> bool:
    try:
        with urllib.request.urlopen(f"{base}/readyz", timeout=5) as answer:
            return int(answer.status) == 200
    except (urllib.error.URLError, OSError):
        return False


def _end(server: subprocess.Popen[bytes]) -> None:
    """End the server with its workers; the group is theirs alone."""
    server.terminate()
    try:
        server.wait(10)
    except subprocess.TimeoutExpired:
        os.killpg(server.pid, signal.SIGKILL)
        server.wait()
