"""Starts the server: granian, with the app in every worker."""

from __future__ import annotations

import gc
import multiprocessing
import os
import signal
import socket
import time
from threading import Thread

import click
from granian import Granian
from granian.constants import HTTPModes, Interfaces
from granian.http import HTTP1Settings
from granian.log import LogLevels

from explorer import create_app, guard, logs, metrics
from explorer.lobby import Lobby
from explorer.settings import THREADS, Settings

# So long a request that is under way may take to end when the server is told to stop.
_DRAIN_SECONDS = 20

# So many forms may come in slowly at a time in a worker, and so many seconds each may take.
SLOW_FORMS = 60
FORM_SECONDS = 10

# So long a connection may take to ask for something, the first time or the next. A proxy that
# keeps connections open has to let go of them sooner, or it asks where nobody listens any more.
_HEADER_MILLISECONDS = 30_000

# What is read of a request at a time; its headers may be about twice as long.
_BUFFER = 32 * 1024


def serve(settings: Settings) -> None:
    """Serve until told to stop; raises OSError and BadSetting where an address cannot be had.

    Every worker makes its own app from the environment. Access logs stay off: an address beside a
    reader's place is nobody's business.
    """
    _claim(settings.host, settings.port)
    server = Granian(
        "explorer.serving:application",
        factory=True,
        interface=Interfaces.WSGI,
        address=settings.host,
        port=settings.port,
        workers=settings.workers,
        # Those that wait for forms stand beside those that work.
        blocking_threads=THREADS + SLOW_FORMS,
        workers_kill_timeout=_DRAIN_SECONDS,
        respawn_failed_workers=True,
        # Where both are taken, nobody limits how long a connection may say nothing at all.
        http=HTTPModes.http1,
        http1_settings=HTTP1Settings(
            header_read_timeout=_HEADER_MILLISECONDS, max_buffer_size=_BUFFER
        ),
        websockets=False,
        log_level=LogLevels.error,
        log_access=False,
        log_dictconfig=logs.configuration(settings),
    )
    server.on_startup(lambda: click.echo(f"Plot Explorer is open at {_address(settings)}"))
    with metrics.shown(settings):
        server.serve()


def application() -> Lobby:
    """Make the app of one worker, from the environment."""
    Thread(target=_leave_no_orphan, daemon=True).start()
    app = create_app()
    # What is there by now stays; to look for garbage in it would keep readers waiting now and then.
    gc.collect()
    gc.freeze()
    return Lobby(app, THREADS, SLOW_FORMS, guard.MOST_FORM, FORM_SECONDS)


def _leave_no_orphan() -> None:
    """End this worker when its master is gone, by whatever end; nobody would stop it later."""
    master = multiprocessing.parent_process()
    if master is None:
        return
    master.join()
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(_DRAIN_SECONDS)
    os.kill(os.getpid(), signal.SIGKILL)


def _claim(host: str, port: int) -> None:
    """Make sure that nobody else serves here; granian itself would share the port with them."""
    family, kind, protocol, _, where = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    with socket.socket(family, kind, protocol) as claim:
        claim.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        claim.bind(where)


def _address(settings: Settings) -> str:
    host = f"[{settings.host}]" if ":" in settings.host else settings.host
    return f"http://{host}:{settings.port}{settings.url_prefix}/"
