"""What stands around every answer: who may move a bookmark, and the headers that keep it safe."""

from __future__ import annotations

from flask import Flask, Response, request

from explorer import respond

HTMX_FILE = "vendor/htmx-4.0.1.min.js"
HTMX_CDN = "https://cdn.jsdelivr.net/npm/htmx.org@4.0.1/dist/htmx.min.js"
HTMX_HASH = "sha384-Qp9rdC8H7EqOoX+nR0P3RPG2Noji+qdwJlGpfzwQJsfOpp3sGwIdSP9xO3+UlEhn"

_ONLY_SECURE = ("Strict-Transport-Security", "max-age=31536000")

_SAFE = {"GET", "HEAD", "OPTIONS"}


def install(app: Flask, htmx: str) -> None:
    """Put the guard around an application; `htmx` is "cdn" or "local"."""
    headers = _headers(htmx)

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

    @app.after_request
    def finish(response: Response) -> Response:
        # One look at all of them is many times quicker than `setdefault` for each.
        there = {name for name, _ in response.headers}
        wanted = (*headers, _ONLY_SECURE) if request.is_secure else headers
        response.headers.extend([pair for pair in wanted if pair[0] not in there])
        return response


def _is_ours() -> bool:
    """Whether a page of this very site sent the request."""
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        return site == "same-origin"
    return request.headers.get("Origin") == f"{request.scheme}://{request.host}"


def _headers(htmx: str) -> tuple[tuple[str, str], ...]:
    scripts = f"'self' {HTMX_CDN}" if htmx == "cdn" else "'self'"
    policy = (
        f"default-src 'none'; script-src {scripts}; style-src 'self'; img-src 'self' data:; "
        "font-src 'self'; connect-src 'self'; manifest-src 'self'; form-action 'self'; "
        "base-uri 'none'; frame-ancestors 'none'"
    )
    return (
        ("Content-Security-Policy", policy),
        ("Referrer-Policy", "same-origin"),
        ("X-Content-Type-Options", "nosniff"),
        ("X-Frame-Options", "DENY"),
        ("Cross-Origin-Opener-Policy", "same-origin"),
        ("Cross-Origin-Resource-Policy", "same-origin"),
        ("Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=()"),
    )
