"""Puts the headers that keep every answer safe on it, whoever made it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from types import TracebackType
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

HeaderList = list[tuple[str, str]]
Fault = tuple[type[BaseException], BaseException, TracebackType] | tuple[None, None, None]

_ONLY_SECURE = ("Strict-Transport-Security", "max-age=31536000")
_SAME_FOR_ALL = (
    ("Referrer-Policy", "same-origin"),
    ("X-Content-Type-Options", "nosniff"),
    ("X-Frame-Options", "DENY"),
    ("Cross-Origin-Opener-Policy", "same-origin"),
    ("Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=()"),
)
# Some answers are meant for pages of other sites, and say so themselves.
_OPEN = "Cross-Origin-Resource-Policy"


class Headed:
    """A WSGI application whose every answer has the headers of a careful site.

    It stands around the whole application: what is the same for all answers is joined on in one
    go, and no answer of whatever part of the framework gets away without.
    """

    def __init__(self, app: WSGIApplication, policy: str) -> None:
        """Take the application and its content policy."""
        self._app = app
        self._headers = (("Content-Security-Policy", policy), *_SAME_FOR_ALL)

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer a request."""
        secure = environ.get("wsgi.url_scheme") == "https"

        def start(
            status: str, headers: HeaderList, fault: Fault | None = None, /
        ) -> Callable[[bytes], object]:
            headers.extend(self._headers)
            if secure:
                headers.append(_ONLY_SECURE)
            if not any(name == _OPEN for name, _ in headers):
                headers.append((_OPEN, "same-origin"))
            return start_response(status, headers, fault)

        return self._app(environ, start)
