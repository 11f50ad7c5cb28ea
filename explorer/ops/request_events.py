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
    is_remembered: bool = False


Watcher = Callable[[Answered], None]


class Watched:
    """An application, and who is told of each request that it answered."""

    def __init__(
        self, app: WSGIApplication, route: Callable[[str, str], str], watchers: Sequence[Watcher]
    ) -> None:
        """Take the application with its memory, but below no prefix.

        `route` gives the pattern of a method and a path, or NO_ROUTE.
        """
        self._app = app
        self._route = route
        self._watchers = watchers

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer a request and tell of it."""
        started = perf_counter()
        method, status = environ["REQUEST_METHOD"], 500
        route = self._route(method, environ["PATH_INFO"])

        def noted(
            line: str, headers: list[tuple[str, str]], fault: OptExcInfo | None = None
        ) -> Callable[[bytes], object]:
            nonlocal status
            status = int(line[:3])
            return start_response(line, headers, fault)

        # Flask leaves this behind of what comes to it; all else is answered from memory.
        environ.pop("werkzeug.request", None)
        answer = self._app(environ, noted)
        is_remembered = "werkzeug.request" not in environ
        known = method if method in _METHODS else "OTHER"
        answered = Answered(known, route, status, perf_counter() - started, is_remembered)
        for watcher in self._watchers:
            watcher(answered)
        return answer
