"""Answers to what a reader sends: a move, one that is refused, and a search."""

from __future__ import annotations

from collections.abc import Callable

from flask import Response, request
from wtforms import Form

from explorer.knowledge.moves import MoveRefused
from explorer.pages.models import ReadPage, StoryPage
from explorer.reading.pages import Pages, place_said
from explorer.reading.reading import Reading
from explorer.reading.way_back import NOWHERE, Stood, standing_of
from explorer.web import responses
from explorer.web.reader import bookmark_cookie, forms
from explorer.web.rendering import wants_part


def moved(reading: Reading, stood: Stood = NOWHERE) -> Response:
    """Answer a move: the page that its form stood on, as it is now.

    Its address says where the reader `stood`, so that one press takes the move back.
    """
    origin = forms.origin(request.query_string)
    value = Pages(reading, stood).at(origin.page, origin.wish)
    address = _joined(value.frame.address, stood.query)
    if wants_part():
        response = responses.page(value)
        response.headers["HX-Replace-Url"] = address
    else:
        response = responses.elsewhere(address + _anchor(value))
    if reading.moved:
        bookmark_cookie.set_cookie(response, reading)
    return response


def move(
    reading: Reading,
    form: Form | None,
    step: Callable[[Reading], Reading],
    entered: str = "",
    *,
    leads_back: bool = False,
) -> Response:
    """Make a move and answer it; one that is out of range changes nothing and is answered 422.

    `entered` is what the reader typed, so that it is still there after a refusal; `leads_back`
    that the answer names where the reader stood.
    """
    problem = forms.problem(form) if form is not None else None
    if problem is not None:
        return _refused(reading.refused(problem, entered))
    try:
        return moved(step(reading), standing_of(reading) if leads_back else NOWHERE)
    except MoveRefused as refusal:
        return _refused(reading.refused(str(refusal), entered))


def asked(reading: Reading, form: forms.SeenForm) -> Response:
    """Ask whether a place that was said is meant so; nothing moves, and there is no cookie."""
    marker, origin = form.marker.data or "", forms.origin(request.query_string)
    problem = forms.problem(form)
    if problem is not None:
        return _refused(reading.refused(problem, marker))
    try:
        return responses.page(place_said(reading, marker, origin.page, origin.wish))
    except MoveRefused as refusal:
        return _refused(reading.refused(str(refusal), marker))


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


def _joined(address: str, query: str) -> str:
    return f"{address}{'&' if '?' in address else '?'}{query}" if query else address


def _anchor(value: StoryPage) -> str:
    """Lead the eye of a reader without script to the scene that was reached last."""
    if not isinstance(value, ReadPage) or not value.at_end or value.missing is not None:
        return ""
    reached = value.frame.standing.reached
    return f"#s-{reached}" if reached else ""
