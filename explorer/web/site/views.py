"""The addresses that are of no story: the library, files, and how the server is."""

from __future__ import annotations

from flask import Blueprint, Response, request

from explorer.web import responses
from explorer.web.gate import shelf
from explorer.web.reader import forms
from explorer.web.responses import repeatable

site = Blueprint("site", __name__)


@site.get("/")
def library() -> Response:
    """Some stories by title."""
    form = forms.LibraryForm(request.args)
    problem, query = forms.problem(form), form.q.data or ""
    if problem is not None:
        return responses.public(shelf().library("", problem=problem, entered=query), 422)
    return responses.public(shelf().library(query, form.after.data or ""))


@site.get("/static/<path:name>")
@repeatable
def file(name: str) -> Response:
    """A file that pages need."""
    return responses.file(name)


@site.get("/healthz")
def healthz() -> Response:
    """Alive."""
    return responses.plain("alive", 200)


@site.get("/readyz")
def readyz() -> Response:
    """Ready to serve."""
    return responses.plain("ready", 200) if shelf().ready() else responses.plain("not ready", 503)
