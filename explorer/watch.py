"""Watches requests go by: their route, how they ended and how long it took, and nothing else.

An address, a query, a cookie and who asked are never looked at, so nobody who is told can keep
them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from time import perf_counter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from _typeshed import OptExcInfo
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

NO_ROUTE = "none"

# Anybody may send any word as a method; those beyond these are one.
_METHODS = frozenset({"GET", "HEAD", "POST", "OPTIONS", "PUT", "PATCH", "DELETE"})


@dataclass(frozen=True, slots=True)
class Answered:
    """A request that was answered. The route is a pattern such as "/stories/<story>/read"."""

    method: str
    route: str
    status: int
    seconds: float


Watcher = Callable[[Answered], None]


class Watched:
    """A Flask application, and who is told of each request that it answered."""

    def __init__(self, app: WSGIApplication, watchers: Sequence[Watcher]) -> None:
        """Take the application itself, before anything is put around it."""
        self._app = app
        self._watchers = watchers

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer a request and tell of it."""
        started = perf_counter()
        status, route = 500, NO_ROUTE

        def noted(
            line: str, headers: list[tuple[str, str]], fault: OptExcInfo | None = None
        ) -> Callable[[bytes], object]:
            nonlocal status, route
            # Afterwards Flask has let go of its request, and nobody knows the route any more.
            status, route = int(line[:3]), _route(environ)
            return start_response(line, headers, fault)

        answer = self._app(environ, noted)
        answered = Answered(_method(environ), route, status, perf_counter() - started)
        for watcher in self._watchers:
            watcher(answered)
        return answer


def _method(environ: WSGIEnvironment) -> str:
    method = str(environ.get("REQUEST_METHOD", ""))
    return method if method in _METHODS else "OTHER"


def _route(environ: WSGIEnvironment) -> str:
    """Give the pattern; Werkzeug leaves its request behind, which knows."""
    rule = getattr(environ.get("werkzeug.request"), "url_rule", None)
    return NO_ROUTE if rule is None else str(rule.rule)
