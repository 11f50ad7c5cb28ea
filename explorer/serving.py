"""Starts the server: granian, with the app in every worker."""

from __future__ import annotations

import socket

import click
from granian import Granian
from granian.constants import Interfaces
from granian.log import LogLevels

from explorer import logs, metrics
from explorer.settings import THREADS, Settings

# So long a request that is under way may take to end when the server is told to stop.
_DRAIN_SECONDS = 20


def serve(settings: Settings) -> None:
    """Serve until told to stop; raises OSError and BadSetting where an address cannot be had.

    Every worker makes its own app from the environment. Access logs stay off: an address beside a
    reader's place is nobody's business.
    """
    _claim(settings.host, settings.port)
    server = Granian(
        "explorer:create_app",
        factory=True,
        interface=Interfaces.WSGI,
        address=settings.host,
        port=settings.port,
        workers=settings.workers,
        blocking_threads=THREADS,
        workers_kill_timeout=_DRAIN_SECONDS,
        respawn_failed_workers=True,
        websockets=False,
        log_level=LogLevels.error,
        log_access=False,
        log_dictconfig=logs.configuration(settings),
    )
    server.on_startup(lambda: click.echo(f"Plot Explorer is open at {_address(settings)}"))
    with metrics.shown(settings):
        server.serve()


def _claim(host: str, port: int) -> None:
    """Make sure that nobody else serves here; granian itself would share the port with them."""
    family, kind, protocol, _, where = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    with socket.socket(family, kind, protocol) as claim:
        claim.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        claim.bind(where)


def _address(settings: Settings) -> str:
    host = f"[{settings.host}]" if ":" in settings.host else settings.host
    return f"http://{host}:{settings.port}{settings.url_prefix}/"
