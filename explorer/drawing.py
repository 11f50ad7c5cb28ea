"""Draws a scene once per address, view and what is known of it; from then on it is at hand."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import TYPE_CHECKING, Protocol, cast

from jinja2 import pass_context
from markupsafe import Markup

from explorer.known import KnownScene

if TYPE_CHECKING:
    from jinja2 import Environment
    from jinja2.runtime import Context

MOST_DRAWN = 8_000


class _Framed(Protocol):
    class _Frame(Protocol):
        href: str
        here: str

    frame: _Frame


class Drawing:
    """Adds the filter `drawn`, for a scene in a list, to a template environment."""

    def __init__(self, environment: Environment) -> None:
        """Take the environment; nothing is read before the first scene."""
        self._environment = environment
        self._draw = lru_cache(MOST_DRAWN)(self._drawn)

    def install(self) -> None:
        """Make the filter known to templates."""
        draw: Callable[[str, str, KnownScene], Markup] = self._draw

        @pass_context
        def drawn(context: Context, scene: KnownScene) -> Markup:
            frame = cast("_Framed", context["page"]).frame
            return draw(frame.href, frame.here, scene)

        self._environment.filters["drawn"] = drawn

    def _drawn(self, href: str, here: str, scene: KnownScene) -> Markup:
        template = self._environment.get_template("_scene.html")
        return Markup(template.render(href=href, here=here, scene=scene))
