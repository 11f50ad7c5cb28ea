"""The picture that goes with a link to a story: drawn as SVG, painted as PNG, remembered."""

from __future__ import annotations

from functools import cache, lru_cache

from flask import Response, current_app
from jinja2 import Environment
from resvg_py import svg_to_bytes

from explorer.knowledge.known import KnownTitle
from explorer.pictures.font_metrics import Font
from explorer.pictures.social_card import Poster, poster
from explorer.settings import folder

MOST_PAINTED = 64
FONT = "fonts/Vollkorn-SemiBold.ttf"


def picture(title: KnownTitle) -> Response:
    """Answer with the picture that goes with a link to a story."""
    image = _painted(current_app.jinja_env, poster(title, _font()))
    response = Response(image, content_type="image/png")
    response.headers["Cache-Control"] = "public, max-age=86400"
    # Pages of other sites show it beside the link.
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response


@lru_cache(MOST_PAINTED)
def _painted(environment: Environment, drawn: Poster) -> bytes:
    svg = environment.get_template("pictures/preview.svg").render(poster=drawn)
    return svg_to_bytes(svg, skip_system_fonts=True, font_files=[str(folder("static") / FONT)])


@cache
def _font() -> Font:
    return Font.read(folder("static") / FONT)
