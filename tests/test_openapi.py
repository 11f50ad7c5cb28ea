"""The description of the programs' interface says all that there is, and nothing that is not."""

from __future__ import annotations

import json
from typing import Any

import pytest
import schemathesis
from flask import Flask
from hypothesis import HealthCheck, settings
from schemathesis import BaseSchema, Case

from explorer import jsonform, openapi, query
from explorer.jsonform import Json
from tests.conftest import Serve
from tests.places import END, TALE, kinds_of_place
from tests.test_api import API, PROGRAM, TALE_HERE, get
from tests.test_api import query as asked

ADDRESS = f"{API}/openapi.json"
# As a page of ours would, so that no other method is refused before it is found to be unknown.
HEADERS = {**PROGRAM, "Sec-Fetch-Site": "same-origin"}

_settings = settings(
    max_examples=60,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)


@pytest.fixture(scope="module")
def described(serve: Serve) -> BaseSchema:
    app = serve(json.dumps(TALE).encode())
    return schemathesis.openapi.from_wsgi(ADDRESS, app)


described_interface = schemathesis.pytest.from_fixture("described")


@described_interface.parametrize()
@_settings
def test_no_request_is_answered_outside_the_description(case: Case) -> None:
    case.call_and_validate(headers=HEADERS)


@described_interface.parametrize()
@_settings
def test_no_visit_by_link_is_answered_outside_the_description(case: Case) -> None:
    case.call_and_validate(headers={"Accept": "text/html", "Sec-Fetch-Site": "same-origin"})
