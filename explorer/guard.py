"""Who may move a bookmark, what is no request at all, and where a page may load from."""

from __future__ import annotations

from flask import Flask, Response, request

from explorer import respond

HTMX_FILE = "vendor/htmx-4.0.1.min.js"
HTMX_CDN = "https://cdn.jsdelivr.net/npm/htmx.org@4.0.1/dist/htmx.min.js"
HTMX_HASH = "sha384-Qp9rdC8H7EqOoX+nR0P3RPG2Noji+qdwJlGpfzwQJsfOpp3sGwIdSP9xO3+UlEhn"

_SAFE = {"GET", "HEAD", "OPTIONS"}


def install(app: Flask) -> None:
    """Let an application refuse what may not come in."""

    @app.before_request
    def refuse_moves_from_elsewhere() -> Response | None:
        return None if request.method in _SAFE or _is_ours() else respond.error(403)

    @app.before_request
    def refuse_what_is_no_text() -> Response | None:
        try:
            request.query_string.decode()
        except UnicodeDecodeError:
            return respond.error(400)
        return None


def _is_ours() -> bool:
    """Whether a page of this very site sent the request."""
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        return site == "same-origin"
    return request.headers.get("Origin") == f"{request.scheme}://{request.host}"


def policy(htmx: str) -> str:
    """Give the content policy, which is the same for every page; `htmx` is "cdn" or "local"."""
    scripts = f"'self' {HTMX_CDN}" if htmx == "cdn" else "'self'"
    return (
        f"default-src 'none'; script-src {scripts}; style-src 'self'; img-src 'self' data:; "
        "font-src 'self'; connect-src 'self'; manifest-src 'self'; form-action 'self'; "
        "base-uri 'none'; frame-ancestors 'none'"
    )
