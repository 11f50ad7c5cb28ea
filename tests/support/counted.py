"""Small stories that are counted in some way, and what a page asks of who says where they are."""

from __future__ import annotations

import html
import re
from collections.abc import Sequence

from explorer.story.terms import opaque
from tests.support.crawl import Answer, Form
from tests.support.tale import Document


def counted_story(
    ident: str, markers: Sequence[str | None], language: str = "en", medium: str = "novel"
) -> Document:
    """Give a story with a scene for each marker, None for one without; nothing is told at level 0.

    Each scene has its number in its title and text.
    """
    return {
        "format": 1,
        "id": ident,
        "title": "Lamplight",
        "medium": medium,
        "language": language,
        "premise": "A lamp is lit.",
        "levels": [{"name": "Dusk"}, {"name": "Night"}],
        "scenes": [_scene(number, marker) for number, marker in enumerate(markers, 1)],
    }


def _scene(number: int, marker: str | None) -> Document:
    made = {"id": f"lamp-{number}", "level": 1, "title": f"Lamp {number}", "text": f"Lit {number}."}
    return made if marker is None else made | {"marker": marker}


def lamp(ident: str, number: int) -> str:
    """Give the key of a scene of such a story."""
    return opaque(ident, "scene", f"lamp-{number}")


def told(answer: Answer) -> list[int]:
    """Give the numbers of the scenes that a page tells."""
    return sorted({int(number) for number in re.findall(r"Lit (\d+)\.", answer.text)})


def questions(answer: Answer) -> list[Form]:
    """Give the forms of a page that confirm a place."""
    forms = [one for one in answer.page.forms if one.action.partition("?")[0].endswith("/seen")]
    return [one for one in forms if ("sure", "yes") in one.fillings[0]]


def asked(answer: Answer) -> str:
    """Give the words in which a page asks for a place, as they are read."""
    shown = re.search(r'<article class="single asked".*?</article>', answer.text, re.DOTALL)
    assert shown is not None
    return html.unescape(re.sub(r"\s+", " ", re.sub("<[^>]*>", "", shown[0]))).strip()
