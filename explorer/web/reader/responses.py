"""Answers to what a reader sends: a move, one that is refused, and a search."""

from __future__ import annotations

from collections.abc import Callable

from flask import Response, request
from wtforms import Form

from explorer.knowledge.moves import MoveRefused
from explorer.pages.models import ReadPage, StoryPage
from explorer.reading.pages import Pages
from explorer.reading.reading import Reading
from explorer.web import responses
from explorer.web.reader import bookmark_cookie, forms
from explorer.web.rendering import wants_part


def moved(reading: Reading) -> Response:
    """Answer a move: the page that its form stood on, as it is now."""
    origin = forms.origin(request.query_string)
    value = Pages(reading).at(origin.page, origin.wish)
    if wants_part():
        response = responses.page(value)
        response.headers["HX-Replace-Url"] = value.frame.address
    else:
        response = responses.elsewhere(value.frame.address + _anchor(value))
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


def found(reading: Reading, form: forms.SearchForm) -> Response:
    """Answer a search; one that is too long finds nothing and is answered 422."""
    problem, query = forms.problem(form), form.q.data or ""
    if problem is not None:
        return responses.page(Pages(reading.refused(problem, query)).searched(""), 422)
    return responses.page(Pages(reading).searched(query))


def _refused(reading: Reading) -> Response:
    """Answer with the page that the form stood on, and what was wrong; no cookie."""
    origin = forms.origin(request.query_string)
    return responses.page(Pages(reading).at(origin.page, origin.wish), 422)


def _anchor(value: StoryPage) -> str:
    """Lead the eye of a reader without script to the scene that was reached last."""
    if not isinstance(value, ReadPage) or not value.at_end or value.missing is not None:
        return ""
    reached = value.frame.standing.reached
    return f"#s-{reached}" if reached else ""
