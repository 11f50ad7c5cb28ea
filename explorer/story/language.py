"""Language tags, as far as the app goes by them."""

from __future__ import annotations


def primary(language: str) -> str:
    """Give the language that a tag names, without script and region: "pt" for "pt-BR"."""
    return language.split("-", maxsplit=1)[0].lower()
