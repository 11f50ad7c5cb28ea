"""Who may move a bookmark, and what is no request at all."""

from __future__ import annotations

from wsgiref.types import WSGIEnvironment

from flask import Flask, abort, request
from flask.typing import ResponseReturnValue
from werkzeug.wsgi import get_host

from explorer.web import request_limits
from explorer.web.form_request import Asked
from explorer.web.middleware.request_buffer import REFUSED

_DIGITS = 18
_SAFE = {"GET", "HEAD", "OPTIONS"}
_PROBES = {"/healthz", "/readyz"}


class Guarded(Flask):
    """A Flask application that looks at a request before it does anything for it."""

    request_class = Asked

    def dispatch_request(self) -> ResponseReturnValue:
        """Answer a request; raises HTTPException for one that is refused."""
        status = fault(request.environ)
        if status:
            abort(status)
        return super().dispatch_request()


def fault(environ: WSGIEnvironment) -> int:
    """Give the status with which a request is refused; 0 where it may come in."""
    if REFUSED in environ:
        return int(environ[REFUSED])
    status = _fault_of_head(environ)
    if status or environ["REQUEST_METHOD"] in _SAFE:
        return status
    return _fault_of_form(environ)


def _fault_of_head(environ: WSGIEnvironment) -> int:
    path: str = environ["PATH_INFO"]
    query: str = environ["QUERY_STRING"]
    if len(path) + len(query) > request_limits.MOST_ADDRESS:
        return 414
    if len(environ.get("HTTP_COOKIE", "")) > request_limits.MOST_COOKIES:
        return 431
    if query and (query.count("&") >= request_limits.MOST_PARAMETERS or not _is_text(query)):
        return 400
    if path.startswith("//"):
        # It would be served, but its cookies are those of another address.
        return 404
    # Whoever asks whether the server is well may speak an old language that knows no hosts.
    return 0 if _host(environ) or path in _PROBES else 400


def _fault_of_form(environ: WSGIEnvironment) -> int:
    length = environ.get("CONTENT_LENGTH") or "0"
    if not (length.isascii() and length.isdecimal()):
        return 400
    if len(length) > _DIGITS or int(length) > request_limits.MOST_FORM:
        return 413
    return 0 if _is_ours(environ) else 403


def _is_text(query: str) -> bool:
    try:
        # As WSGI has it, each sign is a byte.
        query.encode("latin-1").decode()
    except UnicodeError:
        return False
    return True


def _host(environ: WSGIEnvironment) -> str:
    """Give for which host a request is; empty where it does not say so once and well."""
    return get_host(environ)


def _is_ours(environ: WSGIEnvironment) -> bool:
    """Whether a page of this very site sent the request."""
    site = environ.get("HTTP_SEC_FETCH_SITE")
    if site is not None:
        return bool(site == "same-origin")
    return bool(environ.get("HTTP_ORIGIN") == f"{environ['wsgi.url_scheme']}://{_host(environ)}")
