"""The addresses for programs: read what was asked, ask the gate, answer in JSON.

No cookie is read here. Whoever comes by a link is told nothing, whatever the answer would be.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping

from flask import Blueprint, Response, current_app, request
from werkzeug.exceptions import HTTPException

from explorer.export import json_schema
from explorer.export.json_schema import Json, ProblemJson
from explorer.knowledge.bookmark import Unknown
from explorer.reading.errors import Broken, NotFound, Unavailable
from explorer.web import errors
from explorer.web.api import openapi, queries
from explorer.web.api.queries import CatalogueQuery, Refused, StoryQuery
from explorer.web.gate import shelf

# What a browser asks for that is on its way to a page.
_NOT_AT_ALL = re.compile(r"0(\.0*)?")
_PAGES = ("text/html", "application/xhtml+xml", "text/*")

api = Blueprint("api", __name__, url_prefix="/api/v1")


@api.get("/stories")
def stories() -> Response:
    """Some stories, as everybody may know them."""
    asked = queries.read(CatalogueQuery, request.args.to_dict(flat=False))
    answer = json_schema.catalogue(shelf().catalogue(asked.after, asked.limit))
    return _told(answer, cache="no-cache")


@api.get("/stories/<story>")
def story(story: str) -> Response:
    """A story, as far as the bookmark in the query knows it."""
    asked = queries.read(StoryQuery, request.args.to_dict(flat=False))
    reading = shelf().asked(story, asked.bookmark(), asked.turn is not None)
    return _told(json_schema.story(reading.whole()))


@api.get("/openapi.json")
def description() -> Response:
    """The description of all this."""
    text = json.dumps(openapi.description(current_app.config["BASE"]), ensure_ascii=False)
    response = Response(text, content_type="application/json")
    response.headers["Cache-Control"] = "no-cache"
    return response


# --- answers -----------------------------------------------------------------------------------


@api.after_request
def open_to_every_origin(response: Response) -> Response:
    """Let programs on the pages of other sites read the answer; there is no cookie in it."""
    response.headers["Access-Control-Allow-Origin"] = "*"
    return response


def _told(answer: Json, status: int = 200, cache: str = "private, no-store") -> Response:
    kind = "application/problem+json" if isinstance(answer, ProblemJson) else "application/json"
    if _is_for_a_program():
        response = Response(answer.model_dump_json(by_alias=True), status, content_type=kind)
    else:
        response = errors.for_programs(status)
    response.headers["Cache-Control"] = cache
    response.headers["Vary"] = "Accept, Sec-Fetch-Dest"
    return response


def _is_for_a_program() -> bool:
    """Whether a program asks, and not a browser on its way to a page."""
    destination = request.headers.get("Sec-Fetch-Dest")
    if destination is not None:
        return destination == "empty"
    return not any(map(_is_for_a_page, request.headers.get("Accept", "").split(",")))


def _is_for_a_page(wish: str) -> bool:
    """Whether a part of `Accept` asks for a page; one that is odd does, as that tells nothing."""
    kind, *parameters = (part.strip().lower() for part in wish.split(";"))
    weights = [part[2:].strip() for part in parameters if part.startswith("q=")]
    return kind in _PAGES and not any(_NOT_AT_ALL.fullmatch(weight) for weight in weights)


def _refused(status: int, title: str, wrong: Mapping[str, str] | None = None) -> Response:
    problem = ProblemJson(title=title, status=status, parameters=dict(wrong or {}))
    return _told(problem, status)


# --- when there is none ------------------------------------------------------------------------


@api.errorhandler(Refused)
def refuse(refused: Refused) -> Response:
    """Answer a query that is wrong."""
    return _refused(422, "This cannot be asked.", refused.parameters)


@api.errorhandler(Unknown)
def refuse_unknown(unknown: Unknown) -> Response:
    """Answer a bookmark that names what the story does not have."""
    parameters = dict.fromkeys(unknown.fields, "The story has no such thing.")
    return _refused(422, "This cannot be asked.", parameters)


@api.errorhandler(NotFound)
def miss(_: NotFound) -> Response:
    """Answer that there is no such story."""
    return _refused(404, "There is nothing here.")


@api.errorhandler(Broken)
def give_up(_: Broken) -> Response:
    """Answer that this story is damaged."""
    return _refused(503, "This story is damaged.")


@api.errorhandler(Unavailable)
def wait(_: Unavailable) -> Response:
    """Answer that the library cannot be reached."""
    refused = _refused(503, "The library cannot be reached for the moment.")
    return errors.retried_later(refused)


@api.errorhandler(HTTPException)
def fail(raised: HTTPException) -> Response:
    """Answer an error that the framework raised."""
    return _refused(raised.code or 500, raised.name)


@api.errorhandler(Exception)
def crash(fault: Exception) -> Response:
    """Answer a fault of ours."""
    errors.log(fault)
    return _refused(500, "Something broke.")
