"""Draws page values: the whole or the part that htmx asks for, compressed, and remembered."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import Any, cast
from wsgiref.types import StartResponse, WSGIEnvironment

from flask import Flask, Response, current_app, request
from flask_compress import Compress
from jinja2 import Environment

from explorer.pages.models import (
    CardPage,
    CarryPage,
    ErrorPage,
    FrontPage,
    GatePage,
    LibraryPage,
    PeoplePage,
    PersonPage,
    PlacePage,
    PrintPage,
    ReadPage,
    ScenePage,
    SearchPage,
    ShapePage,
    StoryPage,
)
from explorer.web.middleware.content_encoding import compressed

MOST_DRAWN = 128
MOST_LARGE = 24

HTML = "text/html; charset=utf-8"

# What says for whom a page is: for this reader alone, or for everyone.
PRIVATE = (
    ("Content-Type", HTML),
    ("Cache-Control", "private, no-store"),
    ("Vary", "Cookie, HX-Request-Type, Accept-Encoding"),
)
PUBLIC = (
    ("Content-Type", HTML),
    ("Cache-Control", "no-cache"),
    ("Vary", "HX-Request-Type, Accept-Encoding"),
)

TEMPLATES: dict[type, str] = {
    LibraryPage: "library/library.html",
    CardPage: "library/card.html",
    FrontPage: "reader/front.html",
    PlacePage: "reader/place.html",
    ReadPage: "reader/read.html",
    ScenePage: "reader/scene.html",
    GatePage: "reader/gate.html",
    PeoplePage: "reader/people.html",
    PersonPage: "reader/person.html",
    SearchPage: "reader/search.html",
    PrintPage: "reader/print.html",
    ShapePage: "pictures/shape.html",
    CarryPage: "reader/carry.html",
    ErrorPage: "site/error.html",
}

_PART = "layouts/part.html"
_PAGE = "layouts/page.html"

AnyPage = StoryPage | LibraryPage | ErrorPage


def install(app: Flask, compress: Compress) -> None:
    """Let an application compress its answers; pages come out of here as they are to go."""
    compress.init_app(app)
    app.extensions["compress"] = compress

    @app.after_request
    def packed(response: Response) -> Response:
        return response if isinstance(response, _Drawn) else compressed(compress, response)


def wants_part() -> bool:
    """Whether the request asks for the part of a page that changes."""
    return request.environ.get("HTTP_HX_REQUEST_TYPE") == "partial"


def drawn(value: AnyPage, status: int, headers: tuple[tuple[str, str], ...]) -> Response:
    """Draw a page as the request asks for it, whole or the part; `headers` say for whom it is."""
    layout = _PART if wants_part() else _PAGE
    # Only a whole page says where it is, and what is remembered of it goes to this host alone.
    # An error page does not: it also answers hosts that are none of ours.
    nowhere = layout == _PART or isinstance(value, ErrorPage)
    origin = "" if nowhere else f"{request.scheme}://{request.host}"
    draw, pack = _DRAWING.get(type(value), _ONCE)
    body = draw(current_app.jinja_env, value, layout, origin)
    accepted = request.environ.get("HTTP_ACCEPT_ENCODING", "")
    body, encoding = pack(body, accepted) if accepted else (body, "")
    answer = _Drawn([body], status, [*headers, ("Content-Length", str(len(body)))])
    if encoding:
        answer.headers["Content-Encoding"] = encoding
    return answer


def whole(value: AnyPage, status: int) -> Response:
    """Draw a page that is whole whoever asks, and says neither where it is nor for whom."""
    return Response(_draw(current_app.jinja_env, value, _PAGE, ""), status, content_type=HTML)


class _Drawn(Response):
    """An answer that is whole: nothing in its headers or its body has to be worked out."""

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        start_response(self.status, self.headers.to_wsgi_list())
        return () if environ["REQUEST_METHOD"] == "HEAD" else cast(list[bytes], self.response)


def _draw(environment: Environment, value: AnyPage, layout: str, origin: str) -> bytes:
    template = environment.get_template(TEMPLATES[type(value)])
    return template.render(page=value, layout=layout, origin=origin).encode()


def _pack(body: bytes, accepted: str) -> tuple[bytes, str]:  # noqa: ARG001 - it is the request's
    """Compress a page as the request accepts it; gives it with the word for how."""
    answer = compressed(current_app.extensions["compress"], Response(body, content_type=HTML))
    return answer.get_data(), answer.headers.get("Content-Encoding", "")


_Drawing = tuple[
    Callable[[Environment, Any, str, str], bytes], Callable[[bytes, str], tuple[bytes, str]]
]

# Pages that are made for one answer are not remembered, and of large ones only a few.
_ONCE: _Drawing = lru_cache(MOST_DRAWN)(_draw), lru_cache(MOST_DRAWN)(_pack)
_DRAWING: dict[type, _Drawing] = {
    **dict.fromkeys((LibraryPage, ErrorPage, PlacePage, SearchPage, PrintPage), (_draw, _pack)),
    ShapePage: (lru_cache(MOST_LARGE)(_draw), lru_cache(MOST_LARGE)(_pack)),
}
