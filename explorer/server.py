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
from granian.server import MPServer, MTServer

from explorer import machine
from explorer.app import create_app
from explorer.ops import logs, metrics
from explorer.settings import THREADS, Settings
from explorer.web import request_limits
from explorer.web.middleware.request_buffer import Limits, RequestBuffer

# So long a request that is under way may take to end when the server is told to stop.
_DRAIN_SECONDS = 20

# In a worker: so many forms may come in slowly at a time; so many more may be asked about at once
# before they count as slow; and so many may be under way at all, late ones among them, which end
# only when their senders go.
SLOW_FORMS = 60
_NEW_FORMS = 200
_FORMS_UNDER_WAY = 300

# So many connections a worker carries, and so many may wait to be taken up. Left to the server it
# would be a few hundred, and as many that say nothing would keep everybody else out.
MOST_CONNECTIONS = 8192
_BACKLOG = 4096

# What is read of a request at a time; its headers may be about twice as long.
_BUFFER = 32 * 1024


def serve(settings: Settings) -> None:
    """Serve until told to stop; raises OSError and BadSetting where an address cannot be had.

    Every worker makes its own app from the environment. Access logs stay off: an address beside a
    reader's place is nobody's business.
    """
    _claim(settings.host, settings.port)
    connections = machine.connections(machine.raise_open_files(), MOST_CONNECTIONS)
    server = _server(settings, connections)
    server.on_startup(lambda: click.echo(_opening(settings, connections)))
    with metrics.shown(settings):
        server.serve()


def application() -> RequestBuffer:
    """Make the app of one worker, from the environment."""
    Thread(target=_leave_no_orphan, daemon=True).start()
    settings = Settings.from_environment()
    app = create_app(settings)
    # What is there by now stays; to look for garbage in it would keep readers waiting now and then.
    gc.collect()
    gc.freeze()
    return RequestBuffer(app, _limits(settings))


def _server(settings: Settings, connections: int) -> MPServer | MTServer:
    """Set up the server, each worker of which carries so many connections."""
    return Granian(
        "explorer.server:application",
        factory=True,
        interface=Interfaces.WSGI,
        address=settings.host,
        port=settings.port,
        workers=settings.workers,
        # Those that wait for forms stand beside those that work; each is made when it is needed.
        blocking_threads=THREADS + SLOW_FORMS + _NEW_FORMS,
        backlog=_BACKLOG,
        backpressure=connections,
        workers_kill_timeout=_DRAIN_SECONDS,
        respawn_failed_workers=True,
        # Where both are taken, nobody limits how long a connection may say nothing at all.
        http=HTTPModes.http1,
        http1_settings=HTTP1Settings(
            header_read_timeout=settings.head_seconds * 1000, max_buffer_size=_BUFFER
        ),
        websockets=False,
        log_level=LogLevels.error,
        log_access=False,
        log_dictconfig=logs.configuration(settings),
    )


def _limits(settings: Settings) -> Limits:
    return Limits(
        hands=THREADS,
        seats=SLOW_FORMS,
        reads=_FORMS_UNDER_WAY,
        form_bytes=request_limits.MOST_FORM,
        form_seconds=settings.form_seconds,
    )


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


def _opening(settings: Settings, connections: int) -> str:
    """Say where it is open, and to how many at once when a worker carries so many."""
    all_of_them = f"{connections * settings.workers:,}"
    return f"Plot Explorer is open at {_address(settings)}\nIt carries {all_of_them} connections."


def _address(settings: Settings) -> str:
    host = f"[{settings.host}]" if ":" in settings.host else settings.host
    return f"http://{host}:{settings.port}{settings.url_prefix}/"
