"""The long story, served once for each file of tests."""

from __future__ import annotations

import pytest
from flask import Flask

from tests.conftest import Serve
from tests.support.long_story import file, long_story


@pytest.fixture(scope="module")
def long(serve: Serve) -> Flask:
    """Give an application that serves the long story."""
    return serve(file(long_story()))
