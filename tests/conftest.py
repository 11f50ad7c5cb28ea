"""What all tests stand on: a library on a file of its own, an application, a browser for it."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from itertools import count
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import settings

from explorer import create_app
from explorer.settings import Settings
from explorer.storage.store import Store
from explorer.storyfile import storyfile
from tests.support import cluster, compiled, tale

Serve = Callable[..., Flask]

# A machine may be busy: how long one example takes says nothing of the code.
settings.register_profile("patient", deadline=None)
settings.load_profile("patient")

# With 0 in the environment everything is tested without the layer that answers from memory.
HOT_MB = Settings.from_environment().hot_mb

# The longest tests, and those that wait for most of their time.
LONGEST = ("shield/test_leaks", "shield/test_prove", "system/test_siege", "browser/test_access")

compiled.share()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let the longest tests begin, so that nobody is left with one of them at the end."""
    items.sort(key=lambda item: not any(one in item.nodeid for one in LONGEST))


@pytest.fixture(scope="session")
def postgres() -> Iterator[cluster.Server]:
    """Give a real PostgreSQL that has a database "empty" with its tables and nothing in them."""
    with cluster.a_server() as server:
        server.do("CREATE DATABASE empty")
        store = Store(server.url("empty"))
        store.upgrade()
        _close(store)
        yield server


@pytest.fixture(scope="session")
def empty_library(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a database with its tables and nothing in them; copy it, do not write to it."""
    path = tmp_path_factory.mktemp("empty") / "library.db"
    store = Store(f"sqlite:///{path}")
    store.prepare()
    _close(store)
    return path


@pytest.fixture(scope="session")
def tale_library(tmp_path_factory: pytest.TempPathFactory, empty_library: Path) -> Path:
    """Give a database that has the tiny tale in it; copy it, do not write to it."""
    path = tmp_path_factory.mktemp("tale") / "library.db"
    _copy(empty_library, path)
    store = Store(f"sqlite:///{path}")
    store.save(storyfile.read(json.dumps(tale.document()).encode()))
    _close(store)
    return path


@pytest.fixture
def library(tmp_path: Path, tale_library: Path) -> str:
    """Give the address of a database that has the tiny tale in it and may be written to."""
    path = tmp_path / "library.db"
    _copy(tale_library, path)
    return f"sqlite:///{path}"


@pytest.fixture
def store(library: str) -> Iterator[Store]:
    """Give a store that has the tiny tale in it."""
    store = Store(library)
    yield store
    _close(store)


@pytest.fixture
def app(library: str) -> Iterator[Flask]:
    """Give an application that serves the tiny tale."""
    app = create_app(Settings(database_url=library, hot_mb=HOT_MB, fresh_ms=0))
    yield app
    _close_app(app)


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """Give Flask's own browser for it."""
    return app.test_client()


@pytest.fixture(scope="session")
def serve(tmp_path_factory: pytest.TempPathFactory, empty_library: Path) -> Iterator[Serve]:
    """Give a function that serves story files, each call a library of its own.

    It takes the bytes of files and whatever settings there are, and gives the application.
    """
    folder = tmp_path_factory.mktemp("served")
    apps: list[Flask] = []
    numbers = count()

    def served(*files: bytes, **chosen_settings: object) -> Flask:
        path = folder / f"{next(numbers)}.db"
        _copy(empty_library, path)
        url = f"sqlite:///{path}"
        store = Store(url)
        for file in files:
            store.save(storyfile.read(file))
        _close(store)
        chosen = {"hot_mb": HOT_MB, "fresh_ms": 0, **chosen_settings}
        app = create_app(Settings(database_url=url, **chosen))  # type: ignore[arg-type]
        apps.append(app)
        return app

    yield served
    for app in apps:
        _close_app(app)


def _copy(source: Path, target: Path) -> None:
    with closing(sqlite3.connect(source)) as old, closing(sqlite3.connect(target)) as new:
        old.backup(new)


def _close(store: Store) -> None:
    store.close()


def _close_app(app: Flask) -> None:
    _close(app.extensions["shelf"].stories._store)
