"""What is measured against: the barest Flask that answers with as many bytes."""

from __future__ import annotations

import os

from flask import Flask


def bare() -> Flask:
    """An application with one route that returns a constant of EXPLORER_BENCH_BYTES bytes."""
    app = Flask("bare")
    body = "x" * int(os.environ["EXPLORER_BENCH_BYTES"])

    @app.get("/")
    def constant() -> str:
        return body

    return app
