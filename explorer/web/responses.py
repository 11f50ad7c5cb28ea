"""A page value becomes a response: whole or part, headers, errors."""

from __future__ import annotations

import mimetypes
from collections.abc import Callable, Iterable
from functools import cache, lru_cache
from typing import Any, cast
from wsgiref.types import StartResponse, WSGIEnvironment

from flask import Flask, Response, current_app, request
from flask_compress import Compress
from jinja2 import Environment
from resvg_py import svg_to_bytes
from werkzeug.exceptions import HTTPException
from wtforms import Form

from explorer.export.markdown import Download
from explorer.knowledge.known import KnownTitle
from explorer.knowledge.moves import MoveRefused
from explorer.pages.models import (
    CardPage,
    CarryPage,
    ErrorPage,
    FrontPage,
    GatePage,
    LibraryPage,
    PeoplePage,
    PersonPage,
    PrintPage,
    ReadPage,
    ScenePage,
    SearchPage,
    ShapePage,
    StoryPage,
)
from explorer.pictures.font_metrics import Font
from explorer.pictures.social_card import Poster, poster
from explorer.reading.pages import Pages
from explorer.reading.reading import Reading
from explorer.settings import folder
from explorer.web.middleware.content_encoding import compressed
from explorer.web.reader import bookmark_cookie, forms
from explorer.web.static_files import Files

MOST_DRAWN = 128
MOST_LARGE = 24
MOST_PAINTED = 64
FONT = "fonts/Vollkorn-SemiBold.ttf"

_HTML = "text/html; charset=utf-8"
_PRIVATE = (
    ("Content-Type", _HTML),
    ("Cache-Control", "private, no-store"),
    ("Vary", "Cookie, HX-Request-Type, Accept-Encoding"),
)
_PUBLIC = (
    ("Content-Type", _HTML),
    ("Cache-Control", "no-cache"),
    ("Vary", "HX-Request-Type, Accept-Encoding"),
)

_TEMPLATES = {
    LibraryPage: "library/library.html",
    CardPage: "library/card.html",
    FrontPage: "reader/front.html",
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


def wants_part() -> bool:
    """Whether the request asks for the part of a page that changes."""
    return request.environ.get("HTTP_HX_REQUEST_TYPE") == "partial"


def page(value: StoryPage, status: int = 200) -> Response:
    """Answer with a page that depends on a bookmark."""
    return _drawn(value, status, _PRIVATE)


def public(value: LibraryPage, status: int = 200) -> Response:
    """Answer with a page that is the same for everyone."""
    return _drawn(value, status, _PUBLIC)


def moved(reading: Reading) -> Response:
    """Answer a move: the page that its form stood on, as it is now."""
    origin = forms.origin(request.query_string)
    value = Pages(reading).at(origin.page, origin.wish)
    if wants_part():
        response = page(value)
        response.headers["HX-Replace-Url"] = value.frame.address
    else:
        response = _private(Response(status=303))
        response.location = value.frame.address + _anchor(value)
    if reading.moved:
        bookmark_cookie.set_cookie(response, reading)
    return response


def move(
    reading: Reading,
    form: Form | None,
    step: Callable[[Reading], Reading],
    entered: str = "",
) -> Response:
    """Make a move and answer it; one that is out of range changes nothing and is answered 422.

    `entered` is what the reader typed, so that it is still there after a refusal.
    """
    problem = forms.problem(form) if form is not None else None
    if problem is not None:
        return _refused(reading.refused(problem, entered))
    try:
        return moved(step(reading))
    except MoveRefused as refusal:
        return _refused(reading.refused(str(refusal), entered))


def search(reading: Reading, form: forms.SearchForm) -> Response:
    """Answer a search; one that is too long finds nothing and is answered 422."""
    problem, query = forms.problem(form), form.q.data or ""
    if problem is not None:
        return page(Pages(reading.refused(problem, query)).searched(""), 422)
    return page(Pages(reading).searched(query))


def kept(keepsake: Download) -> Response:
    """Answer with a file to keep."""
    response = _private(Response(keepsake.text, content_type=keepsake.kind))
    response.headers["Content-Disposition"] = f'attachment; filename="{keepsake.name}"'
    return response


def picture(title: KnownTitle) -> Response:
    """Answer with the picture that goes with a link to a story."""
    image = _painted(current_app.jinja_env, poster(title, _font()))
    response = Response(image, content_type="image/png")
    response.headers["Cache-Control"] = "public, max-age=86400"
    # Pages of other sites show it beside the link.
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response


def file(name: str) -> Response:
    """Answer with a file that pages need; under the address that pages give it, it is for good."""
    files = current_app.extensions["files"]
    assert isinstance(files, Files)
    content = files.read(name)
    if content is None:
        return error(404)
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


def for_programs(status: int) -> Response:
    """Answer whoever came by a link to an address that is for programs; it tells nothing else."""
    base = current_app.config["BASE"]
    value = ErrorPage(status, *_FOR_PROGRAMS, f"{base}/", "To the library")
    return Response(
        _draw(current_app.jinja_env, value, "layouts/page.html", ""), status, content_type=_HTML
    )


def plain(text: str, status: int) -> Response:
    """Answer with one line for machines."""
    response = Response(f"{text}\n", status, content_type="text/plain; charset=utf-8")
    response.headers["Cache-Control"] = "no-store"
    return response


def elsewhere(href: str) -> Response:
    """Lead on to the address that answers now."""
    response = _private(Response(status=303))
    response.location = href
    return response


def _refused(reading: Reading) -> Response:
    """Answer with the page that the form stood on, and what was wrong; no cookie."""
    origin = forms.origin(request.query_string)
    return page(Pages(reading).at(origin.page, origin.wish), 422)


def _private(response: Response) -> Response:
    response.headers["Cache-Control"] = "private, no-store"
    response.headers["Vary"] = "Cookie, HX-Request-Type, Accept-Encoding"
    return response


def install(app: Flask, compress: Compress) -> None:
    """Let an application compress its answers; pages come out of here as they are to go."""
    compress.init_app(app)
    app.extensions["compress"] = compress

    @app.after_request
    def packed(response: Response) -> Response:
        return response if isinstance(response, _Drawn) else compressed(compress, response)


class _Drawn(Response):
    """An answer that is whole: nothing in its headers or its body has to be worked out."""

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        start_response(self.status, self.headers.to_wsgi_list())
        return () if environ["REQUEST_METHOD"] == "HEAD" else cast(list[bytes], self.response)


def _drawn(
    value: StoryPage | LibraryPage | ErrorPage, status: int, headers: tuple[tuple[str, str], ...]
) -> Response:
    layout = "layouts/part.html" if wants_part() else "layouts/page.html"
    # Only a whole page says where it is, and what is remembered of it goes to this host alone.
    # An error page does not: it also answers hosts that are none of ours.
    nowhere = layout == "layouts/part.html" or isinstance(value, ErrorPage)
    origin = "" if nowhere else f"{request.scheme}://{request.host}"
    draw, pack = _DRAWING.get(type(value), _ONCE)
    body = draw(current_app.jinja_env, value, layout, origin)
    accepted = request.environ.get("HTTP_ACCEPT_ENCODING", "")
    body, encoding = pack(body, accepted) if accepted else (body, "")
    answer = _Drawn([body], status, [*headers, ("Content-Length", str(len(body)))])
    if encoding:
        answer.headers["Content-Encoding"] = encoding
    return answer


def _draw(
    environment: Environment, value: StoryPage | LibraryPage | ErrorPage, layout: str, origin: str
) -> bytes:
    template = environment.get_template(_TEMPLATES[type(value)])
    return template.render(page=value, layout=layout, origin=origin).encode()


def _pack(body: bytes, accepted: str) -> tuple[bytes, str]:  # noqa: ARG001 - it is the request's
    """Compress a page as the request accepts it; gives it with the word for how."""
    answer = compressed(current_app.extensions["compress"], Response(body, content_type=_HTML))
    return answer.get_data(), answer.headers.get("Content-Encoding", "")


_Drawing = tuple[
    Callable[[Environment, Any, str, str], bytes], Callable[[bytes, str], tuple[bytes, str]]
]

# Pages that are made for one answer are not remembered, and of large ones only a few.
_ONCE: _Drawing = lru_cache(MOST_DRAWN)(_draw), lru_cache(MOST_DRAWN)(_pack)
_DRAWING: dict[type, _Drawing] = {
    **dict.fromkeys((LibraryPage, ErrorPage, SearchPage, PrintPage), (_draw, _pack)),
    ShapePage: (lru_cache(MOST_LARGE)(_draw), lru_cache(MOST_LARGE)(_pack)),
}


@lru_cache(MOST_PAINTED)
def _painted(environment: Environment, drawn: Poster) -> bytes:
    svg = environment.get_template("pictures/preview.svg").render(poster=drawn)
    return svg_to_bytes(svg, skip_system_fonts=True, font_files=[str(folder("static") / FONT)])


@cache
def _font() -> Font:
    return Font.read(folder("static") / FONT)


def _anchor(value: StoryPage) -> str:
    """Lead the eye of a reader without script to the scene that was reached last."""
    if not isinstance(value, ReadPage) or not value.at_end or value.missing is not None:
        return ""
    reached = value.frame.standing.reached
    return f"#s-{reached}" if reached else ""


def http_error(raised: HTTPException) -> Response:
    """Answer an error that the framework raised."""
    answer = error(raised.code or 500)
    allowed = getattr(raised, "valid_methods", None)
    if allowed:
        answer.headers["Allow"] = ", ".join(sorted(allowed))
    return answer


def crashed(fault: Exception) -> Response:
    """Answer a fault of ours, of which the reader learns nothing."""
    log(fault)
    return error(500)


def log(fault: Exception) -> None:
    """Log a fault by its route, which is nobody's address and nobody's place."""
    rule = request.url_rule.rule if request.url_rule else "no route"
    current_app.logger.error("%s %s failed", request.method, rule, exc_info=fault)


def error(status: int) -> Response:
    """Answer with an error page; unknown and hidden things get the same."""
    heading, advice = _ERRORS.get(status, _ERRORS[500 if status >= 500 else 400])
    base = current_app.config["BASE"]
    value = ErrorPage(status, heading, advice, f"{base}/", "To the library")
    # Whether something is there for a reader may hang on the bookmark.
    return _drawn(value, status, _PRIVATE)


_FOR_PROGRAMS = (
    "This address is for programs",
    "A link must not tell you a story, so this page does not. In the library you can read on.",
)
_ERRORS = {
    400: ("This request makes no sense", "Something in it is wrong. Go back and try again."),
    403: (
        "Not from here",
        "Only a form on this site may move your bookmark. Open the page again and use its form.",
    ),
    404: (
        "There is nothing here",
        "The address may be mistyped, or what it names is not there for you.",
    ),
    405: ("Not in this way", "This address does not answer to that kind of request."),
    408: ("That took too long", "What was sent did not come in whole. Try again."),
    411: ("That has no length", "Whatever is sent to this site has to say how long it is."),
    413: ("That is too much", "What was sent is larger than anything this site takes."),
    414: ("That address is too long", "No address on this site is as long as that."),
    431: ("That is too much", "Delete the cookies of this site, which are more than it takes."),
    500: (
        "Something broke",
        "It is not your fault, and nothing of yours was lost. Try again in a moment.",
    ),
    503: ("Not just now", "The library cannot be reached for the moment. Try again soon."),
}
