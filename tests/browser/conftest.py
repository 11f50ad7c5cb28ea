"""A browser, a served library, and readers.

Where Chromium is missing the tests say so and are skipped; with EXPLORER_REQUIRE_BROWSER=1 they
fail.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from .reader import Desk
from .serving import ROOT, served
from .tales import Tale, long_tale, tale
from .tools import missing

_CHROMIUM = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")

expect.set_options(timeout=20_000)


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, Any]:
    """The system's Chromium, talking to nobody by itself."""
    found = next(filter(None, map(shutil.which, _CHROMIUM)), None)
    if found is None:
        missing("Chromium")
    return {
        "executable_path": found,
        "args": [
            "--no-sandbox",
            "--disable-gpu",
            "--disable-background-networking",
            "--no-first-run",
            "--disable-component-update",
            "--disable-sync",
        ],
    }


@pytest.fixture(scope="session")
def the_tale() -> Tale:
    return tale()


@pytest.fixture(scope="session")
def the_days() -> Tale:
    return long_tale()


@pytest.fixture(scope="session")
def ballerina() -> Tale:
    return Tale.at(ROOT / "scenes.json")


def _shelf(folder: Path, *tales: Tale) -> list[Path]:
    """Write stories down as files."""
    return [one.write(folder) for one in tales]


@pytest.fixture(scope="session")
def site(
    tmp_path_factory: pytest.TempPathFactory, the_tale: Tale, the_days: Tale, ballerina: Tale
) -> Iterator[str]:
    """The address of a library with three stories, as it is served by default."""
    folder = tmp_path_factory.mktemp("library")
    with served(folder, _shelf(folder, the_tale, the_days, ballerina)) as base:
        yield base


@pytest.fixture(scope="session")
def local_site(tmp_path_factory: pytest.TempPathFactory, the_tale: Tale) -> Iterator[str]:
    """The address of a library that gives out its own copy of htmx."""
    folder = tmp_path_factory.mktemp("local")
    with served(folder, _shelf(folder, the_tale), EXPLORER_HTMX="local") as base:
        yield base


@pytest.fixture
def desk(browser: Browser, site: str) -> Iterator[Desk]:
    """Readers of that library; at the end nothing may have gone wrong in their browsers."""
    desk = Desk(browser.new_context, site)
    yield desk
    for context in browser.contexts:
        context.close()
    assert desk.faults() == []
