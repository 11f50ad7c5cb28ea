"""Serves two stories, each by an application of its own, over SQLite, at the same revision."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

from flask import Flask

from explorer import create_app
from explorer.settings import Settings
from explorer.storage.store import Store
from explorer.storyfile import storyfile
from tests.shield.prove.bookmarks import Document
from tests.support.crawl import Answer, ask


@dataclass(frozen=True)
class Asked:
    """One request, without the bookmark."""

    method: str
    target: str
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = b""

    def __str__(self) -> str:
        lines = [f"{self.method} {self.target}", *(f"  {n}: {v}" for n, v in self.headers)]
        return "\n".join([*lines, *([f"  {self.body!r}"] if self.body else [])])


@dataclass
class Pair:
    """Two applications, asked the same things one after the other; counts what was compared."""

    one: Flask
    other: Flask
    asked: int = field(default=0)

    def ask(self, what: Asked, cookie: str | None) -> tuple[Answer, Answer]:
        """Ask both."""
        cookies = () if cookie is None else (("Cookie", f"bookmark={cookie}"),)
        headers = (*what.headers, *cookies)
        self.asked += 1
        one, other = (
            _dateless(ask(app, what.method, what.target, headers, what.body))
            for app in (self.one, self.other)
        )
        return one, other


def _dateless(answer: Answer) -> Answer:
    kept = tuple((name, value) for name, value in answer.headers if name.lower() != "date")
    return Answer(answer.status, kept, answer.body)


def difference(one: Answer, other: Answer) -> str:
    """Show where two answers part, with what stands around."""
    a, b = one.sent, other.sent
    at = next(
        (n for n, (x, y) in enumerate(zip(a, b, strict=False)) if x != y), min(len(a), len(b))
    )
    around = slice(max(0, at - 150), at + 150)
    return f"at byte {at}:\n  {a[around]!r}\n  {b[around]!r}"


class Shelves:
    """A folder in which libraries are made, each from an empty one that is copied."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._count = 0
        self._empty = folder / "empty.db"
        with Store(f"sqlite:///{self._empty}") as store:
            store.prepare()

    @contextmanager
    def pair(self, histories: Sequence[Sequence[Document]]) -> Iterator[Pair]:
        """Serve two stories; each is given as the revisions that it went through."""
        libraries = [self.library(history) for history in histories]
        hot = Settings.from_environment().hot_mb
        apps = [
            create_app(Settings(database_url=f"sqlite:///{path}", hot_mb=hot, fresh_ms=0))
            for path in libraries
        ]
        try:
            yield Pair(apps[0], apps[1])
        finally:
            for app, path in zip(apps, libraries, strict=True):
                app.extensions["shelf"].stories._store.close()
                path.unlink()

    def library(self, history: Sequence[Document]) -> Path:
        """Make a library that a story was kept in, revision by revision."""
        self._count += 1
        path = self._folder / f"{self._count}.db"
        with closing(sqlite3.connect(self._empty)) as old, closing(sqlite3.connect(path)) as new:
            old.backup(new)
        with Store(f"sqlite:///{path}") as store:
            for document in history:
                store.save(storyfile.read(json.dumps(document).encode()))
        return path


@contextmanager
def shelves() -> Iterator[Shelves]:
    """Give a place for libraries, for as long as they are needed."""
    with TemporaryDirectory(prefix="prove-") as folder:
        yield Shelves(Path(folder))
