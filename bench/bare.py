"""What is measured against: the barest applications that answer with as many bytes."""

from __future__ import annotations

import os
from collections.abc import Iterable
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from flask import Flask, request


def wsgi() -> WSGIApplication:
    """An application without a framework: a constant of EXPLORER_BENCH_BYTES bytes."""
    body = _body().encode()
    headers = [("Content-Type", "text/html; charset=utf-8"), ("Content-Length", str(len(body)))]

    def constant(_: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        start_response("200 OK", list(headers))
        return (body,)

    return constant


def flask() -> Flask:
    """A Flask application with one route that returns the same, and one that reads a form first."""
    app = Flask("bare")
    body = _body()

    @app.get("/")
    def constant() -> str:
        return body

    @app.post("/")
    def after_a_form() -> str:
        return body if request.form["from"] else ""

    return app


def _body() -> str:
    return "x" * int(os.environ["EXPLORER_BENCH_BYTES"])
