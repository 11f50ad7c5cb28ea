"""Metrics for Prometheus: how much is asked, how long it takes, how many work; never who, or where.

Each worker counts in files of its own, and one more process adds them up for whoever asks on the
port for it. A worker that takes a dead one's place counts on in its files, so nothing that was
counted is lost and no files pile up. Where no port is set nothing here is even imported.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import signal
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from itertools import count
from multiprocessing import get_context
from pathlib import Path
from socket import SOCK_STREAM, getaddrinfo
from socketserver import ThreadingMixIn
from typing import TYPE_CHECKING
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer

from explorer.ops.request_events import Answered, Watcher
from explorer.settings import BadSetting, Settings

if TYPE_CHECKING:
    from prometheus_client import CollectorRegistry, Metric

# The name by which prometheus_client knows the folder that all workers count in.
_FOLDER = "PROMETHEUS_MULTIPROC_DIR"
_SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0)


# --- counting, in every worker -----------------------------------------------------------------


def watchers() -> tuple[Watcher, ...]:
    """Give who has to be told of answered requests: nobody, where nothing is counted."""
    counts = _counts()
    return () if counts is None else (counts.request,)


def loading() -> None:
    """Count a story that is read into memory, where anything is counted."""
    counts = _counts()
    if counts is not None:
        counts.loads.inc()


class Counts:
    """What one worker counts."""

    def __init__(self, place: int) -> None:
        """Count on in the files of a place that no other process has."""
        from prometheus_client import Counter, Histogram, values

        of_this_place = values.MultiProcessValue(lambda: place)  # type: ignore[no-untyped-call]
        values.ValueClass = of_this_place
        self.loads = Counter("explorer_stories_loaded", _LOADED, registry=None)
        self._remembered = Counter("explorer_remembered", _REMEMBERED, registry=None)
        requests = Counter(
            "explorer_requests", _REQUESTS, ["method", "route", "status"], registry=None
        )
        seconds = Histogram(
            "explorer_request_seconds", _TOOK, ["route"], buckets=_SECONDS, registry=None
        )
        # To find a counter by its labels takes longer than to count. All labels are a closed set.
        self._of = cache(
            lambda method, route, status: requests.labels(method, route, f"{status // 100}xx")
        )
        self._seconds = cache(seconds.labels)

    def request(self, answered: Answered) -> None:
        """Count a request."""
        self._of(answered.method, answered.route, answered.status).inc()
        self._seconds(answered.route).observe(answered.seconds)
        if answered.is_remembered:
            self._remembered.inc()


_LOADED = "How often a worker took a story's revision into memory."
_REMEMBERED = "Requests that were answered from memory, without Flask."
_REQUESTS = "Requests that were answered, by method, route and status."
_TOOK = "How long answers took to make."
_WORKERS = "Workers that are alive."


@cache
def _counts() -> Counts | None:
    """Give what this process counts; None where nobody gave it a folder for that."""
    folder = os.environ.get(_FOLDER)
    return Counts(_place(Path(folder))) if folder else None


# --- places: who counts in which files ---------------------------------------------------------

# A place is held by a lock, which the system takes back from a process however it dies.
_held: list[int] = []


def _place(folder: Path) -> int:
    """Take the first place that nobody has, for as long as this process lives."""
    for number in count():
        lock = os.open(folder / f"worker-{number}.lock", os.O_RDWR | os.O_CREAT, 0o600)
        if _locked(lock):
            _held.append(lock)
            return number
        os.close(lock)
    raise AssertionError("there is always one more number")


def _alive(folder: Path) -> int:
    """Count the places that somebody has."""
    taken = 0
    for path in folder.glob("worker-*.lock"):
        lock = os.open(path, os.O_RDWR)
        taken += not _locked(lock)
        os.close(lock)
    return taken


def _locked(lock: int) -> bool:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


# --- showing, in a process of its own ----------------------------------------------------------


@contextmanager
def shown(settings: Settings) -> Iterator[None]:
    """Show the metrics while the server runs; raises BadSetting where the port cannot be had."""
    if not settings.metrics_port:
        yield
        return
    window = _window(settings)
    folder = Path(tempfile.mkdtemp(prefix="explorer-metrics-"))
    os.environ[_FOLDER] = str(folder)
    # Not a thread: workers are forked from this process, and forks and threads do not mix.
    process = get_context("fork").Process(target=_show, args=(window, folder), daemon=True)
    process.start()
    window.server_close()
    try:
        yield
    finally:
        process.terminate()
        process.join()
        del os.environ[_FOLDER]
        shutil.rmtree(folder, ignore_errors=True)


class _Window(ThreadingMixIn, WSGIServer):
    """Answers whoever collects metrics, and ends with the server that it belongs to."""

    daemon_threads = True
    owner = 0

    def __init__(self, host: str, port: int) -> None:
        self.address_family = getaddrinfo(host, port, type=SOCK_STREAM)[0][0]
        super().__init__((host, port), _Quiet)

    def service_actions(self) -> None:
        if os.getppid() != self.owner:
            os._exit(0)


class _Quiet(WSGIRequestHandler):
    timeout = 10

    def log_message(self, format: str, *args: object) -> None:
        pass


def _window(settings: Settings) -> _Window:
    if settings.metrics_port == settings.port:
        raise BadSetting("EXPLORER_METRICS_PORT must be another port than EXPLORER_PORT.")
    try:
        return _Window(settings.metrics_host, settings.metrics_port)
    except OSError as error:
        why = error.strerror or str(error)
        what = f"a port that is free at {settings.metrics_host}"
        raise BadSetting(
            f"EXPLORER_METRICS_PORT must be {what}, not {settings.metrics_port}: {why}."
        ) from error


def _show(window: _Window, folder: Path) -> None:
    from prometheus_client import make_wsgi_app

    # Control-C goes to all of a group; the server ends this process when it has ended itself.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    window.owner = os.getppid()
    window.set_app(make_wsgi_app(_registry(folder)))
    window.serve_forever()


def _registry(folder: Path) -> CollectorRegistry:
    from prometheus_client import CollectorRegistry
    from prometheus_client.multiprocess import MultiProcessCollector

    registry = CollectorRegistry()
    MultiProcessCollector(registry, path=str(folder))  # type: ignore[no-untyped-call]
    registry.register(_Workers(folder))
    return registry


class _Workers:
    """Says how many workers there are."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def collect(self) -> Iterator[Metric]:
        from prometheus_client.core import GaugeMetricFamily

        yield GaugeMetricFamily("explorer_workers", _WORKERS, value=_alive(self._folder))
