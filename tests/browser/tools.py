"""Tools that a machine may lack: tests that need one say so by its name."""

from __future__ import annotations

import os
from typing import NoReturn

import pytest


def missing(what: str) -> NoReturn:
    """Skip for want of this; with EXPLORER_REQUIRE_BROWSER=1, fail."""
    if os.environ.get("EXPLORER_REQUIRE_BROWSER") == "1":
        pytest.fail(f"{what} is missing, and EXPLORER_REQUIRE_BROWSER=1 asks for it")
    pytest.skip(f"{what} is missing")
