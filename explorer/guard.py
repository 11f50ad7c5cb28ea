"""Who may move a bookmark, what is no request at all, and where a page may load from."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlsplit

from flask import Flask, Response, abort, request

from explorer.lobby import REFUSED

HTMX_FILE = "vendor/htmx-4.0.1.min.js"
HTMX_CDN = "https://cdn.jsdelivr.net/npm/htmx.org@4.0.1/dist/htmx.min.js"
HTMX_HASH = "sha384-Qp9rdC8H7EqOoX+nR0P3RPG2Noji+qdwJlGpfzwQJsfOpp3sGwIdSP9xO3+UlEhn"

# More than any page of ours asks for: an address with all its parameters, the parameters, the
# cookies of one request, the bytes of a form and the fields of one.
MOST_ADDRESS = 16 * 1024
MOST_PARAMETERS = 300
MOST_COOKIES = 16 * 1024
MOST_FORM = 64 * 1024
MOST_FIELDS = 100

_SAFE = {"GET", "HEAD", "OPTIONS"}
_PROBES = {"/healthz", "/readyz"}


def install(app: Flask) -> None:
    """Let an application refuse what may not come in."""

    @app.before_request
    def refuse() -> None:
        for status in _faults():
            abort(status)

    @app.after_request
    def stay_here(response: Response) -> Response:
        return _without_host(response) if response.status_code == 308 else response


def _faults() -> Iterator[int]:
    """Give the status of each thing for which a request is refused, before it is looked at."""
    query = request.query_string
    if REFUSED in request.environ:
        yield request.environ[REFUSED]
    if len(request.environ.get("PATH_INFO", "")) + len(query) > MOST_ADDRESS:
        yield 414
    if len(request.environ.get("HTTP_COOKIE", "")) > MOST_COOKIES:
        yield 431
    if query.count(b"&") >= MOST_PARAMETERS or not (_is_text(query) and _has_host()):
        yield 400
    if request.method not in _SAFE and not _is_ours():
        yield 403


def _is_text(query: bytes) -> bool:
    try:
        query.decode()
    except UnicodeDecodeError:
        return False
    return True


def _has_host() -> bool:
    """Whether the request says for which host it is, and says it once and well.

    Whoever asks whether the server is well may speak an old language that knows no hosts.
    """
    return bool(request.host) or request.path in _PROBES


def _is_ours() -> bool:
    """Whether a page of this very site sent the request."""
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        return site == "same-origin"
    return request.headers.get("Origin") == f"{request.scheme}://{request.host}"


def _without_host(response: Response) -> Response:
    """Take the host out of a redirect that routing made: anybody can ask for any, and be kept."""
    there = urlsplit(response.location or "/")
    query = f"?{there.query}" if there.query else ""
    response.location = f"/{there.path.lstrip('/')}{query}"
    response.data = b""
    response.headers["Cache-Control"] = "private, no-store"
    return response


def policy(htmx: str) -> str:
    """Give the content policy, which is the same for every page; `htmx` is "cdn" or "local"."""
    scripts = f"'self' {HTMX_CDN}" if htmx == "cdn" else "'self'"
    return (
        f"default-src 'none'; script-src {scripts}; style-src 'self'; img-src 'self' data:; "
        "font-src 'self'; connect-src 'self'; manifest-src 'self'; form-action 'self'; "
        "base-uri 'none'; frame-ancestors 'none'"
    )
