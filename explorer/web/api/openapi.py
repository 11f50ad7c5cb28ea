"""The description of the programs' interface, in OpenAPI 3.1, made from its own models."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from pydantic.json_schema import models_json_schema

from explorer.export.json_schema import CatalogueJson, Json, ProblemJson, StoryJson
from explorer.web.api.queries import CatalogueQuery, Query, StoryQuery

Schema = dict[str, Any]

_ABOUT = """\
Stories, told as far as a bookmark allows and no further. The bookmark stands in the query of each \
request; nothing of it is kept, and no cookie is read.

This interface is for programs. It tells only where `Sec-Fetch-Dest` is `empty`, or is absent and \
`Accept` does not ask for `text/html`; whoever comes by a link gets a page that says so, since a \
link must not tell.
"""
_REFS = "#/components/schemas/{model}"


def description(base: str) -> Schema:
    """Describe the interface; `base` is what stands before every address."""
    return {
        "openapi": "3.1.0",
        "info": {"title": "Plot Explorer", "version": "1", "description": _ABOUT},
        "servers": [{"url": base or "/"}],
        "paths": {
            "/api/v1/stories": {
                "get": _operation("stories", "Some stories", CatalogueQuery, CatalogueJson)
            },
            "/api/v1/stories/{story}": {
                "parameters": [_STORY],
                "get": _operation("story", "A story up to a bookmark", StoryQuery, StoryJson),
            },
        },
        "components": {"schemas": _schemas(CatalogueJson, StoryJson, ProblemJson)},
    }


_STORY = {
    "name": "story",
    "in": "path",
    "required": True,
    "description": "The id of a story.",
    "schema": {"type": "string", "pattern": "^[a-z0-9-]+$"},
}


def _operation(name: str, summary: str, asked: type[Query], answer: type[Json]) -> Schema:
    nothing = {"404": _response("There is no such story.", ProblemJson)} if name == "story" else {}
    return {
        "operationId": name,
        "summary": summary,
        "parameters": list(_parameters(asked)),
        "responses": {
            "200": _response("The answer.", answer),
            "400": _response("The request makes no sense.", ProblemJson),
            **nothing,
            "414": _response("The address is too long.", ProblemJson),
            "422": _response("A parameter is wrong.", ProblemJson),
            "503": _response("The library cannot be reached for the moment.", ProblemJson),
        },
    }


def _parameters(asked: type[Query]) -> Iterator[Schema]:
    for name, schema in asked.model_json_schema()["properties"].items():
        about = schema.pop("description")
        plain = {key: value for key, value in schema.items() if key != "title"}
        yield {"name": name, "in": "query", "description": about, "schema": plain}


def _response(about: str, answer: type[Json]) -> Schema:
    kind = "application/problem+json" if answer is ProblemJson else "application/json"
    reference = {"$ref": _REFS.format(model=answer.__name__)}
    page = {"schema": {"type": "string", "description": "For whoever came by a link."}}
    return {"description": about, "content": {kind: {"schema": reference}, "text/html": page}}


def _schemas(*answers: type[Json]) -> Schema:
    wanted: Iterable[tuple[type[Json], Any]] = [(answer, "serialization") for answer in answers]
    _, schemas = models_json_schema(list(wanted), ref_template=_REFS)
    made: Schema = schemas["$defs"]
    return made
