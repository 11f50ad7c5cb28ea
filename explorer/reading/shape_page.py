"""The page of the shape so far: what of a story is drawn, and who is lit in the pictures.

Pure: what is not in a `Told` leaves no trace in here.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Mapping
from dataclasses import replace
from functools import lru_cache

from explorer.knowledge.filters import View
from explorer.knowledge.known import KnownStory
from explorer.pages.models import Frame, ShapePage
from explorer.pictures.models import Excerpt, FollowLink, Highlight, Pictures
from explorer.pictures.shape import pictures
from explorer.pictures.told import Told
from explorer.reading import window
from explorer.story.terms import SceneKey

MOST_SCENES = 400
MOST_REMEMBERED = 24
FEW_LAMPS = 8


def told(known: KnownStory, href: str, view: View) -> Told:
    """Give what is to be drawn: all that was told, or where that is long a window of it.

    What was opened ahead stands beside the last window.
    """
    scenes = tuple(row.scene for row in known.rows if row.scene.telling is not None)
    numbers = {row.scene.key: row.scene.number or 0 for row in known.rows}
    start, end = _window([numbers[scene.key] for scene in scenes], numbers, view)
    later = end < len(scenes)
    return Told(
        href=href,
        language=known.title.language,
        scenes=(*scenes[start:end], *(() if later else known.ahead)),
        happened=known.happened,
        people=tuple(person.who for person in known.people),
        relations=known.relations,
        earlier=start > 0,
        later=later,
        namesakes=known.namesakes,
    )


@lru_cache(MOST_REMEMBERED)
def page(frame: Frame, view: View, told: Told) -> ShapePage:
    """Lay out the pictures, following those whom a view chooses."""
    drawn = pictures(told)
    offered = tuple(_lamps(told, drawn, view))
    return ShapePage(
        frame=frame,
        pictures=drawn,
        light=light(drawn, view),
        lamps=offered,
        unfolded=bool(view.who) or len(offered) <= FEW_LAMPS,
        fold=_fold(told, view),
    )


def light(drawn: Pictures, view: View) -> Highlight:
    """Highlight the ways of those whom a view chooses."""
    chosen = {who.key for who in view.who}
    return Highlight(
        people=tuple(ink.key for ink in drawn.inks if ink.key in chosen),
        scenes=tuple(c.key for c in drawn.columns if any(who.key in chosen for who in c.people)),
    )


def _window(told: list[int], numbers: Mapping[SceneKey, int], view: View) -> tuple[int, int]:
    """Which of the scenes told are drawn, as the half-open range of their places.

    `told` are their numbers. Never none where there are any.
    """
    beside = view.before or view.after
    if beside is None:
        return window.before(len(told), MOST_SCENES) if told else (0, 0)
    number = numbers[beside]
    spot = range(bisect_left(told, number), bisect_right(told, number))
    return window.beside(spot, view, len(told), MOST_SCENES)


def _lamps(told: Told, drawn: Pictures, view: View) -> list[FollowLink]:
    """Those who can be followed: whoever is drawn anywhere, and whoever is chosen already."""
    lines = {lane.ink.key for lane in drawn.lanes.lanes} if drawn.lanes else set()
    plates = {node.ink.key for node in drawn.web.nodes} if drawn.web else set()
    chosen = {who.key for who in view.who}
    apart = {one.who: one.apart for one in told.namesakes}
    return [
        FollowLink(
            told.inks[who.key],
            _href(told, view.toggling(who)),
            who.key in chosen,
            apart.get(who, ""),
        )
        for who in told.people
        if who.key in lines or who.key in plates or who.key in chosen
    ]


def _fold(told: Told, view: View) -> Excerpt | None:
    """Say which scenes are drawn, if these are not all, and lead to the others."""
    numbered = [scene for scene in told.scenes if scene.number is not None]
    if not (told.earlier or told.later):
        return None
    before = replace(view, before=numbered[0].key, after=None)
    after = replace(view, before=None, after=numbered[-1].key)
    return Excerpt(
        count=len(numbered),
        first=numbered[0].number or 0,
        last=numbered[-1].number or 0,
        earlier=_href(told, before) if told.earlier else None,
        later=_href(told, after) if told.later else None,
    )


def _href(told: Told, view: View) -> str:
    return f"{told.href}/shape{view.query}"
