"""Draws parts of a page once for what they show; from then on they are at hand."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any, Protocol, cast

from jinja2 import pass_context
from markupsafe import Markup

from explorer.knowledge.known import KnownRow
from explorer.pages.models import Panel, PeopleEntry

if TYPE_CHECKING:
    from jinja2 import Environment
    from jinja2.runtime import Context

MOST_ROWS = 8_000
MOST_PANELS = 500
MOST_ENTRIES = 8_000


class _Framed(Protocol):
    class _Frame(Protocol):
        href: str
        here: str

    frame: _Frame


def install(environment: Environment) -> None:
    """Add to a template environment the filters `drawn`, `panelled` and `introduced`.

    They are for rows, for a panel, and for the entries of who is who.
    """

    @lru_cache(MOST_ROWS)
    def draw(href: str, here: str, row: KnownRow) -> Markup:
        drawn = environment.get_template("components/row.html").render(
            href=href, here=here, row=row
        )
        return Markup(drawn)

    @lru_cache(MOST_PANELS)
    def panelled(panel: Panel) -> Markup:
        return Markup(environment.get_template("components/panel.html").render(panel=panel))

    @lru_cache(MOST_ENTRIES)
    def introduce(href: str, entry: PeopleEntry) -> Markup:
        # A macro, since to render a template of its own for each takes longer than to draw it.
        macros: Any = environment.get_template("components/person_entry.html").module
        return Markup(macros.person_entry(entry, href))

    @pass_context
    def introduced(context: Context, people: tuple[PeopleEntry, ...]) -> Markup:
        href = cast("_Framed", context["page"]).frame.href
        return Markup("").join([introduce(href, entry) for entry in people])

    @pass_context
    def drawn(context: Context, rows: tuple[KnownRow, ...]) -> Markup:
        frame = cast("_Framed", context["page"]).frame
        href, here = frame.href, frame.here
        return Markup("").join([draw(href, here, row) for row in rows])

    environment.filters.update(drawn=drawn, panelled=panelled, introduced=introduced)
