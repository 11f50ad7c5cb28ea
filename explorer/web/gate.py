"""The way from a request to the gate, which alone works with stories."""

from __future__ import annotations

from flask import current_app

from explorer.reading.shelf import Shelf


def shelf() -> Shelf:
    """Give the gate to all stories."""
    gate = current_app.extensions["shelf"]
    assert isinstance(gate, Shelf)
    return gate
