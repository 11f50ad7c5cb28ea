"""Answers that are none of a move: pages, files, lines for machines, and their headers."""

from __future__ import annotations

import mimetypes
from collections.abc import Callable
from functools import wraps
from typing import ParamSpec

from flask import Response, current_app, request

from explorer.export.markdown import Download
from explorer.pages.models import LibraryPage, StoryPage
from explorer.web import errors, rendering
from explorer.web.middleware import response_cache
from explorer.web.static_files import Files

Address = ParamSpec("Address")


def repeatable(view: Callable[Address, Response]) -> Callable[Address, Response]:
    """Let the answers of a view be given from memory.

    `response_cache.mark` says of which answers that is right.
    """

    @wraps(view)
    def marked(*parts: Address.args, **named: Address.kwargs) -> Response:
        response = view(*parts, **named)
        response_cache.mark(request.environ)
        return response

    return marked


def page(value: StoryPage, status: int = 200) -> Response:
    """Answer with a page that depends on a bookmark."""
    return rendering.drawn(value, status, rendering.PRIVATE)


def public(value: LibraryPage, status: int = 200) -> Response:
    """Answer with a page that is the same for everyone."""
    return rendering.drawn(value, status, rendering.PUBLIC)


def kept(keepsake: Download) -> Response:
    """Answer with a file to keep."""
    response = private(Response(keepsake.text, content_type=keepsake.kind))
    response.headers["Content-Disposition"] = f'attachment; filename="{keepsake.name}"'
    return response


def file(name: str) -> Response:
    """Answer with a file that pages need; under the address that pages give it, it is for good."""
    files = current_app.extensions["files"]
    assert isinstance(files, Files)
    content = files.read(name)
    if content is None:
        return errors.error(404)
    kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
    digest = files.digest(name)
    # Compressed it has the same mark with a word more.
    is_there = digest in request.headers.get("If-None-Match", "")
    response = Response(status=304) if is_there else Response(content, mimetype=kind)
    response.set_etag(digest)
    kept = request.query_string.decode() == digest
    response.headers["Cache-Control"] = (
        "public, max-age=31536000, immutable" if kept else "no-cache"
    )
    return response


def plain(text: str, status: int) -> Response:
    """Answer with one line for machines."""
    response = Response(f"{text}\n", status, content_type="text/plain; charset=utf-8")
    response.headers["Cache-Control"] = "no-store"
    return response


def elsewhere(href: str) -> Response:
    """Lead on to the address that answers now."""
    response = private(Response(status=303))
    response.location = href
    return response


def private(response: Response) -> Response:
    """Say of an answer that it is for this reader alone."""
    response.headers["Cache-Control"] = "private, no-store"
    response.headers["Vary"] = "Cookie, HX-Request-Type, Accept-Encoding"
    return response
