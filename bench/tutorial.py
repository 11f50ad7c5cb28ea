"""An index of posts in the style of Flask's tutorial: sqlite3, one query, a template."""

from __future__ import annotations

import os
import sqlite3
from pathlib import Path

from flask import Flask, g, render_template, session

from explorer.settings import folder
from explorer.storyfile.storyfile import read

POSTS = 20

_TABLES = """
CREATE TABLE user (id INTEGER PRIMARY KEY, username TEXT UNIQUE NOT NULL, password TEXT NOT NULL);
CREATE TABLE post (
  id INTEGER PRIMARY KEY, author_id INTEGER NOT NULL REFERENCES user (id),
  created TIMESTAMP NOT NULL, title TEXT NOT NULL, body TEXT NOT NULL);
INSERT INTO user VALUES (1, 'author', 'none');
"""

_INDEX = """
SELECT p.id, title, body, created, author_id, username
FROM post p JOIN user u ON p.author_id = u.id
ORDER BY created DESC
"""


def fill(path: Path) -> None:
    """Put the last scenes of *Ballerina* into new tables, as posts."""
    scenes = read(folder("scenes.json").read_bytes()).entry.scenes[-POSTS:]
    connection = sqlite3.connect(path)
    connection.executescript(_TABLES)
    for n, scene in enumerate(scenes):
        row = n + 1, 1, f"2023-10-06 10:{n:02}:00", scene.title, scene.text
        connection.execute("INSERT INTO post VALUES (?, ?, ?, ?, ?)", row)
    connection.commit()
    connection.close()


def flask() -> Flask:
    """An application over the tables in the file EXPLORER_BENCH_TABLES."""
    app = Flask("tutorial", template_folder=str(Path(__file__).parent / "templates"))
    app.secret_key = "bench"
    where = os.environ["EXPLORER_BENCH_TABLES"]

    @app.before_request
    def begin() -> None:
        g.db = sqlite3.connect(where)
        g.db.row_factory = sqlite3.Row
        user = session.get("user_id")
        found = "SELECT * FROM user WHERE id = ?"
        g.user = g.db.execute(found, (user,)).fetchone() if user is not None else None

    @app.teardown_request
    def finish(_: BaseException | None) -> None:
        g.db.close()

    @app.get("/")
    def index() -> str:
        return render_template("tutorial.html", posts=g.db.execute(_INDEX).fetchall())

    return app
