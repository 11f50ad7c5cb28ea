"""The style is written in several files and sent as few; whichever page needs it, links it."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest
from flask import Flask

from explorer.web.static_files import STYLES, Files
from tests.support import tale
from tests.support.crawl import Reader

STATIC = Path(__file__).parents[2] / "static"
HOME = f"/stories/{tale.document()['id']}"
PARTS = sorted(path.stem for path in (STATIC / "css").iterdir())


def part(name: str) -> str:
    """Give what stands in a part of the style, without what is said beside it."""
    text = (STATIC / "css" / f"{name}.css").read_text(encoding="utf-8")
    return re.sub(r"/\*.*?\*/", "", text, flags=re.DOTALL)


def outermost(style: str) -> list[str]:
    """Give what stands before each outermost brace or semicolon of a style."""
    found, depth, words = [], 0, ""
    for sign in style:
        if not depth and sign in "{;":
            found.append(" ".join(words.split()))
            words = ""
        elif not depth and sign != "}":
            words += sign
        depth += (sign == "{") - (sign == "}")
    assert not words.strip()
    return found


def test_every_part_of_the_style_is_sent_in_one_file() -> None:
    sent = Counter(name for names in STYLES.values() for name in names)

    assert sorted(sent) == PARTS
    assert set(sent.values()) == {1}


@pytest.mark.parametrize("name", PARTS)
def test_a_part_of_the_style_is_a_layer_and_nothing_beside_it(name: str) -> None:
    blocks = [one for one in outermost(part(name)) if "," not in one]

    # What holds for sheets of paper cannot lie in a layer everywhere.
    assert [one for one in blocks if one != "@page"] == [f"@layer {name}"]


def test_before_all_the_layers_are_put_in_order() -> None:
    first = outermost(part("tokens"))[0]

    assert STYLES["explorer.css"][0] == "tokens"
    assert first.startswith("@layer tokens, base, ")
    assert sorted(first.removeprefix("@layer ").split(", ")) == PARTS


def test_a_style_is_its_parts_and_they_are_not_sent_by_themselves() -> None:
    files = Files(STATIC, "")

    for whole, names in STYLES.items():
        sent = (files.read(whole) or b"").decode()
        assert all((STATIC / f"css/{name}.css").read_text() in sent for name in names)
    assert [name for name in PARTS if files.read(f"css/{name}.css")] == []


def test_the_pictures_style_is_linked_beside_the_pictures_alone(app: Flask) -> None:
    reader = Reader(app)
    for path in ("/", HOME, f"{HOME}/read", f"{HOME}/people", f"{HOME}/print", "/nothing"):
        assert styles(reader.get(path).text) == ["explorer.css"], path

    assert styles(reader.get(f"{HOME}/shape").text) == ["explorer.css", "pictures.css"]


def styles(page: str) -> list[str]:
    """Give the styles that a page links."""
    return re.findall(r'<link rel="stylesheet" href="/static/([^"?]+)\?\w{12}">', page)
