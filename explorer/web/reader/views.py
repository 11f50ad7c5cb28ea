"""The addresses of a story: read what was asked, ask the gate, respond."""

from __future__ import annotations

from flask import Blueprint, Response, request
from werkzeug.wrappers import Response as AnyResponse

from explorer.export import markdown
from explorer.reading import moves
from explorer.reading.pages import Pages
from explorer.reading.reading import Reading
from explorer.web import responses, social_image
from explorer.web.gate import shelf
from explorer.web.reader import bookmark_cookie, forms
from explorer.web.reader.responses import asked, found, move, moved
from explorer.web.responses import repeatable

pages = Blueprint("pages", __name__)


def reading(story: str) -> Reading:
    """Give the reader's reading of a story. Raises NotFound."""
    return shelf().reading(story, bookmark_cookie.bookmark())


def laid_out(story: str) -> Pages:
    """Give the pages of the reader's reading of a story. Raises NotFound."""
    return Pages(reading(story), forms.stood(request.query_string))


@pages.get("/stories/<story>")
@repeatable
def front(story: str) -> Response:
    """A story's front page."""
    return responses.page(laid_out(story).front())


@pages.get("/stories/<story>/card")
@repeatable
def card(story: str) -> Response:
    """A story's part of the library page."""
    return responses.page(laid_out(story).card())


@pages.get("/stories/<story>/read")
@repeatable
def read(story: str) -> Response:
    """The plot as far as reached."""
    return responses.page(laid_out(story).read(forms.wish(request.query_string)))


@pages.get("/stories/<story>/scenes/<scene>")
@repeatable
def scene(story: str, scene: str) -> Response:
    """One scene."""
    return responses.page(laid_out(story).scene(scene))


@pages.get("/stories/<story>/people")
@repeatable
def people(story: str) -> Response:
    """Who is who."""
    return responses.page(laid_out(story).people())


@pages.get("/stories/<story>/people/<person>")
@repeatable
def person(story: str, person: str) -> Response:
    """One person."""
    return responses.page(laid_out(story).person(person))


@pages.get("/stories/<story>/shape")
@repeatable
def shape(story: str) -> Response:
    """The pictures."""
    return responses.page(laid_out(story).shape(forms.wish(request.query_string)))


@pages.get("/stories/<story>/search")
@repeatable
def search(story: str) -> Response:
    """Where words stand in what is known."""
    form = forms.SearchForm(request.args)
    return found(reading(story), form)


@pages.get("/stories/<story>/print")
@repeatable
def printed(story: str) -> Response:
    """All that was reached, on paper."""
    return responses.page(laid_out(story).printed())


@pages.get("/stories/<story>/export.md")
@repeatable
def export_markdown(story: str) -> Response:
    """What is known, to keep, for people."""
    return responses.kept(markdown.markdown(reading(story).whole()))


@pages.get("/stories/<story>/export.json")
@repeatable
def export_json(story: str) -> Response:
    """What is known, to keep, for programs."""
    return responses.kept(markdown.json(reading(story).whole()))


@pages.get("/stories/<story>/preview.png")
@repeatable
def preview(story: str) -> Response:
    """The picture that goes with a link to the story, the same for everyone."""
    return social_image.picture(reading(story).entry().title)


@pages.get("/stories/<story>/carry")
@repeatable
def carry(story: str) -> Response:
    """The bookmark as a code."""
    return responses.page(laid_out(story).carry())


@pages.post("/stories/<story>/start")
def start(story: str) -> AnyResponse:
    """How much may be told, and the first scene."""
    form = forms.ThresholdForm(request.form)
    threshold = form.threshold.data or 0
    return move(reading(story), form, lambda r: moves.started(r, threshold), leads_back=True)


@pages.post("/stories/<story>/next")
def turn(story: str) -> AnyResponse:
    """One scene on."""
    origin = forms.turned_from(request.form)
    return move(reading(story), None, lambda r: moves.turned(r, origin), leads_back=True)


@pages.post("/stories/<story>/threshold")
def threshold(story: str) -> AnyResponse:
    """How much may be told."""
    form = forms.ThresholdForm(request.form)
    return move(reading(story), form, lambda r: moves.with_threshold(r, form.threshold.data or 0))


@pages.post("/stories/<story>/scenes/<scene>/open")
def open_scene(story: str, scene: str) -> AnyResponse:
    """Open one scene in spite of the threshold."""
    return move(reading(story), None, lambda r: moves.opened(r, scene))


@pages.post("/stories/<story>/scenes/<scene>/close")
def close_scene(story: str, scene: str) -> AnyResponse:
    """Take an opened scene out again."""
    return move(reading(story), None, lambda r: moves.closed(r, scene))


@pages.post("/stories/<story>/seen")
def seen(story: str) -> AnyResponse:
    """Up to where the work itself is known."""
    form = forms.SeenForm(request.form)
    if form.asks:
        return asked(reading(story), form)
    return move(
        reading(story),
        form,
        lambda r: _known_up_to(r, form),
        form.marker.data or "",
        leads_back=True,
    )


def _known_up_to(reading: Reading, form: forms.SeenForm) -> Reading:
    if form.all.data is not None:
        return moves.seen_all(reading)
    if form.marker.data is not None:
        return moves.seen_by_marker(reading, form.marker.data)
    return moves.seen(reading, form.scene.data or "")


@pages.post("/stories/<story>/back")
def back(story: str) -> AnyResponse:
    """Back to an earlier scene."""
    form = forms.BackForm(request.form)
    key, seen = form.scene.data or "", form.seen.data
    return move(reading(story), form, lambda r: moves.back(r, key, seen))


@pages.post("/stories/<story>/warned")
def warned(story: str) -> AnyResponse:
    """Content warnings before opening, or not."""
    form = forms.WarnedForm(request.form)
    asked = form.warned.data == "yes"
    return move(reading(story), form, lambda r: moves.asking_for_warnings(r, asked))


@pages.post("/stories/<story>/forget")
def forget(story: str) -> AnyResponse:
    """Back to the first bookmark."""
    return moved(moves.forgotten(reading(story)))


@pages.post("/stories/<story>/carry")
def take_in(story: str) -> AnyResponse:
    """Take in a code from another device."""
    form = forms.CarryForm(request.form)
    code = form.code.data or ""
    there = shelf().reading(story, bookmark_cookie.bookmark(), code)
    return move(there, form, lambda r: moves.carried(r, code), code)
