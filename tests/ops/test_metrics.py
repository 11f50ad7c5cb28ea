"""Metrics: right with several workers and through their deaths; nothing of readers; or off."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from urllib.request import urlopen

import pytest
from click.testing import CliRunner
from flask import Flask
from prometheus_client import generate_latest, values

from explorer import create_app
from explorer.cli.commands import main
from explorer.ops import metrics
from explorer.ops.request_events import Watched
from explorer.settings import Settings
from tests.browser.serving import served
from tests.support.live import Live, tale_file
from tests.support.places import HOME, STORY

READ = 'explorer_requests_total{method="GET",route="/stories/<story>/read",status="2xx"}'


def free_port() -> int:
    """Give a port that nobody has."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def collected(port: int) -> str:
    """Ask for the metrics as Prometheus does."""
    with urlopen(f"http://127.0.0.1:{port}/metrics", timeout=10) as answer:
        return str(answer.read().decode())


def value(text: str, name: str) -> float:
    """Give what a line of the metrics says; 0 where there is none."""
    found = re.search(rf"^{re.escape(name)} (\S+)$", text, re.MULTILINE)
    return float(found[1]) if found else 0


def soon(true: Callable[[], bool]) -> None:
    """Wait until something is true."""
    for _ in range(300):
        if true():
            return
        time.sleep(0.1)
    pytest.fail("It never came true.")


# --- a real server -----------------------------------------------------------------------------


@pytest.fixture
def temporary(tmp_path: Path) -> Path:
    """Give a folder in which servers keep what they need only while they run."""
    folder = tmp_path / "temporary"
    folder.mkdir()
    return folder


@pytest.fixture
def counting(tmp_path: Path, temporary: Path) -> Iterator[tuple[str, int]]:
    """Give the address of a server with two workers, and the port that its metrics are on."""
    port = free_port()
    settings = {
        "EXPLORER_WORKERS": "2",
        "EXPLORER_METRICS_PORT": str(port),
        "TMPDIR": str(temporary),
    }
    with served(tmp_path, [tale_file(tmp_path)], **settings) as base:
        soon(lambda: value(collected(port), "explorer_workers") == 2)
        yield base, port


def workers(folder: Path) -> list[int]:
    """Give the processes that count in a folder's files, which they hold open."""
    return [
        int(process.name)
        for process in Path("/proc").iterdir()
        if process.name.isdecimal() and any(str(folder) in link for link in _open(process))
    ]


def _open(process: Path) -> Iterator[str]:
    try:
        for link in (process / "fd").iterdir():
            yield str(link.readlink())
    except OSError:
        return


def test_all_workers_are_counted_as_one(counting: tuple[str, int]) -> None:
    base, port = counting
    reader = Live(base)
    for _ in range(40):
        assert reader.get(f"{HOME}/read").status == 200
    reader.get("/Xylograph")
    reader.post(f"{HOME}/next")

    text = collected(port)
    assert value(text, READ) == 40
    assert value(text, 'explorer_request_seconds_count{route="/stories/<story>/read"}') == 40
    assert value(text, 'explorer_requests_total{method="GET",route="none",status="4xx"}') == 1
    moved = 'explorer_requests_total{method="POST",route="/stories/<story>/next",status="3xx"}'
    assert value(text, moved) == 1
    assert 1 <= value(text, "explorer_stories_loaded_total") <= 2


def test_nothing_is_forgotten_when_a_worker_dies(
    counting: tuple[str, int], temporary: Path, tmp_path: Path
) -> None:
    base, port = counting
    reader = Live(base)
    for _ in range(40):
        reader.get(f"{HOME}/read")
    (folder,) = temporary.glob("explorer-metrics-*")
    files = sorted(path.name for path in folder.iterdir())
    before = workers(folder)
    os.kill(before[0], signal.SIGKILL)

    soon(lambda: len(set(workers(folder)) | set(before)) == 3)
    soon(lambda: value(collected(port), "explorer_workers") == 2)
    assert value(collected(port), READ) == 40
    for _ in range(40):
        reader.get(f"{HOME}/read")
    assert value(collected(port), READ) == 80
    assert sorted(path.name for path in folder.iterdir()) == files
    # What the server itself has to say of it comes in the same form as all else.
    said = (tmp_path / "server.log").read_text().splitlines()[2:]
    assert any("Unexpected exit" in json.loads(line)["event"] for line in said)


def test_the_metrics_hold_no_story_no_place_and_nobody(counting: tuple[str, int]) -> None:
    base, port = counting
    reader = Live(base, headers={"User-Agent": "Xylograph"})
    reader.post(f"{HOME}/threshold", {"threshold": "3"})
    reader.post(f"{HOME}/next")
    reader.get(f"{HOME}/scenes/{STORY.scenes[0].key}?who={STORY.people[0].key}")
    reader.ask("QUILLWORT", f"{HOME}/read", {})

    text = collected(port)
    hidden = [STORY.id, reader.cookie, STORY.people[0].key, "Xylograph", "QUILLWORT", "127.0.0.1"]
    hidden += [scene.key for scene in STORY.scenes]
    assert [word for word in hidden if word in text] == []
    assert 'method="OTHER"' in text


def test_when_the_server_ends_so_do_the_metrics(tmp_path: Path, temporary: Path) -> None:
    port = free_port()
    settings = {"EXPLORER_METRICS_PORT": str(port), "TMPDIR": str(temporary)}
    with served(tmp_path, [tale_file(tmp_path)], **settings):
        soon(lambda: "explorer_workers" in collected(port))
        assert list(temporary.iterdir())

    assert list(temporary.iterdir()) == []
    assert not _listens(port)


def test_a_server_that_is_killed_takes_its_metrics_along(tmp_path: Path, temporary: Path) -> None:
    port = free_port()
    settings = {"EXPLORER_METRICS_PORT": str(port), "TMPDIR": str(temporary)}
    with served(tmp_path, [tale_file(tmp_path)], **settings):
        soon(lambda: "explorer_workers" in collected(port))
        (folder,) = temporary.iterdir()
        (worker,) = workers(folder)
        status = Path(f"/proc/{worker}/status").read_text()
        os.kill(int(re.findall(r"PPid:\s+(\d+)", status)[0]), signal.SIGKILL)
        try:
            soon(lambda: not _listens(port))
        finally:
            # It ends by itself when its master is gone, but in its own time.
            with suppress(ProcessLookupError):
                os.kill(worker, signal.SIGKILL)


def _listens(port: int) -> bool:
    with socket.socket() as asking:
        return asking.connect_ex(("127.0.0.1", port)) == 0


@pytest.mark.parametrize("taken", [True, False])
def test_a_port_that_cannot_be_had_is_a_wrong_call(
    library: str, monkeypatch: pytest.MonkeyPatch, taken: bool
) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1] if taken else free_port()
        monkeypatch.setenv("EXPLORER_DATABASE_URL", library)
        monkeypatch.setenv("EXPLORER_METRICS_PORT", str(port))
        monkeypatch.setenv("EXPLORER_PORT", str(free_port() if taken else port))
        result = CliRunner().invoke(main, ["serve"])

    assert result.exit_code == 2
    said = "a port that is free at 127.0.0.1" if taken else "another port than EXPLORER_PORT"
    assert f"explorer: EXPLORER_METRICS_PORT must be {said}" in result.stderr


# --- off ---------------------------------------------------------------------------------------


def test_when_it_is_off_nothing_stands_in_the_way(app: Flask) -> None:
    said = Settings(metrics_port=0)

    assert said == Settings()
    assert metrics.watchers() == ()
    assert metrics._counts() is None
    assert not isinstance(app.wsgi_app, Watched)
    assert not isinstance(getattr(app.wsgi_app, "_app", None), Watched)


def test_when_it_is_off_its_library_is_not_even_imported(library: str) -> None:
    show = "import sys, explorer; explorer.create_app(); print('prometheus_client' in sys.modules)"
    environ = {"EXPLORER_DATABASE_URL": library, "PATH": os.environ["PATH"]}
    said = subprocess.run(
        [sys.executable, "-c", show], env=environ, capture_output=True, text=True, check=True
    )

    assert said.stdout == "False\n"


def test_the_port_is_this_machines_own_unless_it_is_said_otherwise() -> None:
    def host(**settings: str) -> str:
        return Settings.from_environment(settings).metrics_host

    assert host() == host(EXPLORER_HOST="0.0.0.0") == "127.0.0.1"
    assert host(EXPLORER_HOST="::") == "::1"
    assert host(EXPLORER_METRICS_HOST="10.0.0.7") == "10.0.0.7"


# --- counting ----------------------------------------------------------------------------------


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Let this process count like a worker, in a folder of its own."""
    monkeypatch.setattr(values, "ValueClass", values.ValueClass)
    folder = tmp_path / "counts"
    folder.mkdir()
    monkeypatch.setenv(metrics._FOLDER, str(folder))
    metrics._counts.cache_clear()
    yield folder
    metrics._counts.cache_clear()
    while metrics._held:
        os.close(metrics._held.pop())


def shown(folder: Path) -> str:
    """Give the metrics of a folder as they are shown."""
    return generate_latest(metrics._registry(folder)).decode()


def test_what_is_answered_from_memory_is_counted_like_all_else(place: Path, library: str) -> None:
    app = create_app(Settings(database_url=library, url_prefix="/plots"))
    client = app.test_client()
    for _ in range(5):
        assert client.get(f"/plots{HOME}/read").status_code == 200
    client.get(f"/plots{HOME}/{'x' * 500}")
    app.extensions["shelf"].stories._store.close()

    text = shown(place)
    assert value(text, READ) == 5
    assert value(text, "explorer_remembered_total") == 4
    assert value(text, 'explorer_requests_total{method="GET",route="none",status="4xx"}') == 1
    took = 'explorer_request_seconds_bucket{le="+Inf",route="/stories/<story>/read"}'
    assert value(text, took) == 5


def test_without_a_memory_nothing_is_remembered(place: Path, library: str) -> None:
    app = create_app(Settings(database_url=library, hot_mb=0))
    for _ in range(5):
        app.test_client().get(f"{HOME}/read")
    app.extensions["shelf"].stories._store.close()

    assert value(shown(place), READ) == 5
    assert value(shown(place), "explorer_remembered_total") == 0


def test_two_who_count_never_have_one_place(tmp_path: Path) -> None:
    taken = [metrics._place(tmp_path) for _ in range(3)]
    os.close(metrics._held.pop(1))

    assert taken == [0, 1, 2]
    assert metrics._alive(tmp_path) == 2
    assert metrics._place(tmp_path) == 1
    while metrics._held:
        os.close(metrics._held.pop())
