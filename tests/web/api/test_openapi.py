"""The description of the programs' interface says all that there is, and nothing that is not."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

import pytest
import schemathesis
from flask import Flask
from pydantic import BaseModel
from schemathesis import BaseSchema, Case
from schemathesis.config import SchemathesisConfig
from schemathesis.engine import Status, from_schema
from schemathesis.engine.events import FatalError, NonFatalError, ScenarioFinished

from explorer.export import json_schema
from explorer.export.json_schema import Json
from explorer.web.api import openapi, queries
from explorer.web.api.queries import Query
from tests.conftest import Serve
from tests.support.places import TALE, kinds_of_place
from tests.web.api.test_api import API, PROGRAM, TALE_HERE, get
from tests.web.api.test_api import query as asked

ADDRESS = f"{API}/openapi.json"
# As a page of ours sends, so that another method is refused for what it is.
# Nothing on its way unpacks what was compressed.
OURS = {"Sec-Fetch-Site": "same-origin", "Accept-Encoding": "identity"}
VISITOR = {"Accept": "text/html,*/*;q=0.8"}


@pytest.fixture(scope="module")
def app(serve: Serve) -> Flask:
    return serve(json.dumps(TALE).encode())


@pytest.fixture
def description(app: Flask) -> dict[str, Any]:
    described: dict[str, Any] = json.loads(get(app, [], ADDRESS).body)
    return described


# --- Schemathesis --------------------------------------------------------------------------------


def described(app: Flask, headers: Mapping[str, str]) -> BaseSchema:
    config = {
        "seed": 1,
        "headers": {**headers, **OURS},
        "generation": {"deterministic": True, "database": "none", "max-examples": 25},
        # There are no links between the answers to follow.
        "phases": {"stateful": {"enabled": False}},
        # A key can be well-formed and of no scene, which is refused.
        "checks": {"positive_data_acceptance": {"enabled": False}},
    }
    return schemathesis.openapi.from_wsgi(ADDRESS, app, config=SchemathesisConfig.from_dict(config))


@pytest.mark.parametrize("headers", [PROGRAM, VISITOR], ids=["program", "visitor"])
def test_no_request_is_answered_outside_the_description(
    app: Flask, headers: Mapping[str, str]
) -> None:
    cases, faults = 0, []
    for event in from_schema(described(app, headers)).execute():
        assert not isinstance(event, FatalError | NonFatalError), event
        if isinstance(event, ScenarioFinished):
            cases += len(event.recorder.cases)
            faults += list(_faults(event))

    assert faults == []
    assert cases > 100


def _faults(event: ScenarioFinished) -> Iterator[str]:
    for ident, checks in event.recorder.checks.items():
        case = event.recorder.cases[ident].value
        for check in checks:
            if check.status is not Status.SUCCESS:
                failure = check.failure_info.failure if check.failure_info else None
                yield f"{check.name}: {case.method} {case.formatted_path} {case.query}: {failure}"


def test_no_answer_to_a_real_bookmark_is_outside_the_description(app: Flask) -> None:
    operation = described(app, PROGRAM)[f"{API}/stories/{{story}}"]["GET"]

    for place in kinds_of_place()[::20]:
        if not place.withheld and not place.warned:
            pairs: dict[str, Any] = {name: value for name, value in asked(place) if value}
            pairs["opened"] = [value for name, value in asked(place) if name == "opened"]
            case: Case[Any] = operation.Case(path_parameters={"story": TALE["id"]}, query=pairs)
            assert case.call_and_validate(headers=PROGRAM | OURS).status_code == 200


# --- it cannot drift -----------------------------------------------------------------------------


def test_every_address_for_programs_is_described(app: Flask, description: dict[str, Any]) -> None:
    rules = {
        rule.rule.replace("<", "{").replace(">", "}")
        for rule in app.url_map.iter_rules()
        if rule.rule.startswith(API)
    }

    assert set(description["paths"]) == rules - {ADDRESS}


@pytest.mark.parametrize(
    ("path", "model"),
    [("/stories", queries.CatalogueQuery), ("/stories/{story}", queries.StoryQuery)],
)
def test_every_parameter_is_described_as_it_is_read(
    description: dict[str, Any], path: str, model: type[Query]
) -> None:
    parameters = description["paths"][API + path]["get"]["parameters"]

    assert [parameter["name"] for parameter in parameters] == list(model.model_fields)
    assert all(parameter["description"] for parameter in parameters)


def test_every_form_of_an_answer_is_described_field_by_field(description: dict[str, Any]) -> None:
    schemas = description["components"]["schemas"]
    forms = [
        form
        for form in vars(json_schema).values()
        if isinstance(form, type) and issubclass(form, Json) and form is not Json
    ]

    assert {form.__name__ for form in forms} <= set(schemas)
    for form in forms:
        schema = schemas[form.__name__]
        names = [_alias(form, name) for name in form.model_fields]
        assert list(schema["properties"]) == names == schema["required"], form
        assert schema["additionalProperties"] is False or form is json_schema.ProblemJson


def _alias(form: type[BaseModel], name: str) -> str:
    return form.model_fields[name].serialization_alias or name


def test_whatever_the_description_refers_to_is_in_it(description: dict[str, Any]) -> None:
    def references(value: Any) -> Iterator[str]:
        if isinstance(value, dict):
            yield from ([value["$ref"]] if "$ref" in value else [])
            value = list(value.values())
        if isinstance(value, list):
            for inner in value:
                yield from references(inner)

    there = {f"#/components/schemas/{name}" for name in description["components"]["schemas"]}
    assert set(references(description)) <= there


def test_the_description_is_for_everybody_and_says_where_the_interface_is(app: Flask) -> None:
    for headers in (PROGRAM, VISITOR):
        answer = get(app, [], ADDRESS, **headers)
        assert answer.status == 200
        assert answer.header("Content-Type") == "application/json"
        assert answer.header("Access-Control-Allow-Origin") == "*"

    assert openapi.description("/plots")["servers"] == [{"url": "/plots"}]
    assert json.loads(get(app, [], ADDRESS).body)["servers"] == [{"url": "/"}]


def test_the_description_knows_nothing_of_any_story(app: Flask) -> None:
    text = get(app, [], ADDRESS).text

    assert "spindrift" not in text
    assert TALE_HERE not in text
