"""The words that may travel, and the language that a tag names."""

from __future__ import annotations

import re

import pytest

from explorer.story.language import primary
from explorer.story.terms import KEY, opaque


@pytest.mark.parametrize("kind", ["scene", "person"])
def test_every_key_has_the_form_of_a_key(kind: str) -> None:
    keys = [opaque("tale", kind, str(n)) for n in range(200)]

    assert [key for key in keys if not re.fullmatch(KEY, key)] == []


@pytest.mark.parametrize(
    ("tag", "language"),
    [("en", "en"), ("pt-BR", "pt"), ("zh-Hant-TW", "zh"), ("EN-gb", "en"), ("", "")],
)
def test_a_tag_names_its_language_first(tag: str, language: str) -> None:
    assert primary(tag) == language
