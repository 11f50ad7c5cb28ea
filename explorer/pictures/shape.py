"""The shape of a story so far: all pictures of what was told, side by side."""

from __future__ import annotations

from functools import lru_cache

from explorer.pictures.models import Pictures
from explorer.pictures.presence_lanes import lanes
from explorer.pictures.relation_graph import web
from explorer.pictures.story_curve import curve
from explorer.pictures.told import Told

MOST_REMEMBERED = 24


@lru_cache(MOST_REMEMBERED)
def pictures(told: Told) -> Pictures:
    """Draw all three; one of which there is nothing to show is None."""
    return Pictures(
        href=told.href,
        language=told.language,
        columns=told.columns,
        inks=tuple(told.inks.values()),
        curve=curve(told),
        lanes=lanes(told),
        web=web(told),
    )
