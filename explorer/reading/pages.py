"""Lays out readings as pages: each holds what its reader may know, and nothing else."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TypeVar
from urllib.parse import urlencode

from explorer.knowledge import bookmark_text
from explorer.knowledge.bookmark import bookmark_of
from explorer.knowledge.filters import View, Wish
from explorer.knowledge.knowledge import Knowledge
from explorer.pages.filter_panel import panel
from explorer.pages.models import (
    CardPage,
    CarryPage,
    Frame,
    FrontPage,
    GatePage,
    Panel,
    PeopleEntry,
    PeoplePage,
    PersonPage,
    PlacePage,
    PrintPage,
    ReadPage,
    ScenePage,
    SearchPage,
    ShapePage,
    ShelfCard,
    StoryPage,
    WayBack,
)
from explorer.reading import frames, shape_page
from explorer.reading.errors import Moved, NotFound
from explorer.reading.listing import SceneList
from explorer.reading.reading import Reading
from explorer.reading.way_back import NOWHERE, Stood, way_back
from explorer.search import finder, index, results

# So many links to scenes stand on a person's page; all of them are on the reading page.
MOST_LISTED = 60

_Page = TypeVar("_Page", bound=StoryPage)


@dataclass(frozen=True)
class Pages:
    """The pages of one reading. A page is made the first time only.

    `stood` is where the address says that the reader stood before the last move.
    """

    reading: Reading
    stood: Stood = NOWHERE

    @cached_property
    def _listing(self) -> SceneList:
        reading = self.reading
        return SceneList(reading.known, reading.story, reading.position.reached)

    @cached_property
    def _way_back(self) -> WayBack | None:
        return way_back(self.reading, self.stood)

    @property
    def _known(self) -> Knowledge:
        return self.reading.known

    def front(self) -> FrontPage:
        """The front page."""
        work, recap = self._known.work, self._known.previously
        return self._once(
            "front",
            lambda: FrontPage(self._frame("", "front"), work(), recap(), self.reading.counting()),
        )

    def card(self) -> CardPage:
        """The story's part of the library page."""
        return self._once(
            "card",
            lambda: CardPage(
                self._frame("/card", "front"), shelf_card(self.reading.first, self.reading.href)
            ),
        )

    def read(self, wish: Wish) -> ReadPage:
        """The plot as far as reached, under the view that can be granted."""
        # The page's own button takes one scene back, which need not be named.
        if self._way_back == WayBack(self._known.standing().before or "", None):
            return Pages(self.reading).read(wish)
        return self._once(("read", wish), lambda: self._read(wish))

    def _read(self, wish: Wish) -> ReadPage:
        view = self._listing.granted(wish)
        scenes = self._listing.in_view(view)
        start, end = self._listing.window(scenes, view)
        plain = replace(view, before=None, after=None)
        within = scenes[start:end]
        last = self.reading.position.reached - 1
        at_end = view.before is None and view.after is None
        missing = at_end and last >= 0 and last not in within
        return ReadPage(
            frame=self._frame(f"/read{view.query}", _here(view)),
            view=view,
            onward=f"?page={_here(plain)}",
            rows=self._known.window(within),
            ahead=self._listing.ahead(view),
            earlier=_beside(self.reading, plain, "before", scenes, start) if start else None,
            later=_beside(self.reading, plain, "after", scenes, end - 1)
            if end < len(scenes)
            else None,
            latest=_read_href(self.reading, plain),
            at_end=at_end,
            missing=self._known.narrator.scene(last) if missing else None,
            panel=self._known.remembered(
                ("panel", self.reading.base, plain), lambda: _panel(self.reading, plain)
            ),
        )

    def scene(self, key: str) -> ScenePage | GatePage:
        """One scene: its telling, its veil, or the gate before it. Raises NotFound."""
        scene = self.reading.named(key)
        return self._once(("scene", scene), lambda: self._scene(scene))

    def _scene(self, scene: int) -> ScenePage | GatePage:
        entry = self.reading.story.scenes[scene]
        frame = self._frame(f"/scenes/{entry.key}", f"scenes/{entry.key}")
        if not self._known.rule.covers(scene):
            return GatePage(frame, self._known.gate(scene))
        reached, shown = self.reading.position.reached, self._known.narrator.scene
        return ScenePage(
            frame=frame,
            scene=shown(scene),
            previous=shown(scene - 1) if 0 < scene < reached else None,
            following=shown(scene + 1) if scene + 1 < reached else None,
            is_last=scene == self.reading.position.reached - 1,
            is_seen=scene < self.reading.position.seen,
        )

    def people(self) -> PeoplePage:
        """Who is who, as known so far."""
        return self._once("people", self._people_page)

    def _people_page(self) -> PeoplePage:
        apart = {one.who: one.apart for one in self._known.namesakes()}
        glimpses = self._known.cast.glimpses()
        entries = (PeopleEntry(one, apart.get(one.who, "")) for one in glimpses)
        return PeoplePage(self._frame("/people", "people"), tuple(entries))

    def person(self, key: str) -> PersonPage:
        """One person. Raises NotFound, or Moved for one who turned out to be someone else."""
        position = self._known.narrator.person_at(key)
        if position is None:
            raise NotFound
        one = self.reading.story.people[position].key
        if one != key:
            raise Moved(f"{self.reading.href}/people/{one}")
        return self._once(("person", position), lambda: self._person_page(position))

    def _person_page(self, position: int) -> PersonPage:
        person = self._known.person(position, MOST_LISTED)
        key = person.who.key
        return PersonPage(
            frame=self._frame(f"/people/{key}", f"people/{key}"),
            person=person,
            ended=self._known.cast.ended(position),
            filter_href=_read_href(self.reading, View(who=(person.who,))),
        )

    def searched(self, query: str) -> SearchPage:
        """Where words stand in what is known."""
        if not query:
            return SearchPage(self._frame("/search", "read"), "", results.NOTHING)
        known = self._known.remembered("searchable", lambda: _searchable(self._known))
        frame = self._frame(f"/search?{urlencode({'q': query})}", "read")
        return SearchPage(frame, query, finder.find(known, self._known.words.steps, query))

    def printed(self) -> PrintPage:
        """All that was reached, on paper."""
        whole = self.reading.whole()
        return PrintPage(self._frame("/print", "read"), whole.work, whole.rows, whole.ahead)

    def shape(self, wish: Wish) -> ShapePage:
        """The pictures of what was told, as told, following whoever is chosen."""
        view = self._listing.granted(Wish(who=wish.who, before=wish.before, after=wish.after))
        told = self._known.remembered(
            ("told", self.reading.base, view.before, view.after),
            lambda: shape_page.told(self.reading.whole(), self.reading.href, view),
        )
        return shape_page.page(self._frame(f"/shape{view.query}", _here(view, "shape")), view, told)

    def carry(self) -> CarryPage:
        """The bookmark as a code."""
        story = self.reading.story
        code = f"{story.id}.{bookmark_text.encode(bookmark_of(story, self.reading.position))}"
        return CarryPage(self._frame("/carry", "carry"), code)

    def at(self, page: str, wish: Wish) -> StoryPage:
        """The page that a form stood on; the reading page when that one is not there any more."""
        kind, _, key = page.partition("/")
        try:
            # Only its own address tells that a scene ahead exists.
            if kind == "scenes" and self._known.rule.scene_at(key) is not None:
                return self.scene(key)
            if kind == "people" and key:
                return self.person(key)
        except (NotFound, Moved):
            return self.read(wish)
        plain: dict[str, Callable[[], StoryPage]] = {
            "front": self.front,
            "people": self.people,
            "shape": lambda: self.shape(wish),
            "carry": self.carry,
        }
        return plain[kind]() if kind in plain else self.read(wish)

    def _once(self, question: Hashable, page: Callable[[], _Page]) -> _Page:
        """Make a page the first time only; one with a problem on it is nobody else's."""
        if self.reading.problem is not None:
            return page()
        return self._known.remembered((self.reading.base, question, self._way_back), page)

    def _frame(self, path: str, here: str) -> Frame:
        return frames.frame(self.reading, path, here, self._way_back)


def shelf_card(first: Knowledge, href: str) -> ShelfCard:
    """Give a story as the library shows it to all, from what the first bookmark knows."""
    title = first.title()
    return ShelfCard(
        href=href,
        title=title.title,
        medium=title.medium,
        language=title.language,
        released=title.released,
        complete=title.complete,
        premise=first.work().premise,
    )


def place_said(reading: Reading, marker: str, page: str, wish: Wish) -> PlacePage:
    """Lay out what was said of a place, to be confirmed, framed as the page that it was said on.

    Raises MoveRefused.
    """
    place, *others = reading.places_said(marker)
    return PlacePage(Pages(reading).at(page, wish).frame, place, others[0] if others else None)


def _searchable(known: Knowledge) -> index.SearchIndex:
    told, ahead = known.concordance(index.spoken), known.words.steps_ahead()
    people = index.of_people(known.everyone(most=0), known.namesakes())
    return index.SearchIndex(people, told, ahead, index.of_work(known.title(), known.work()))


def _panel(reading: Reading, view: View) -> Panel:
    known = reading.known
    people, times, namesakes = known.people(), known.times(), known.namesakes()
    return panel(view, f"{reading.href}/read", people, times, namesakes)


def _beside(reading: Reading, view: View, side: str, scenes: Sequence[int], at: int) -> str:
    key = reading.story.scenes[scenes[at]].key
    beside = replace(view, before=key) if side == "before" else replace(view, after=key)
    return _read_href(reading, beside)


def _read_href(reading: Reading, view: View) -> str:
    return f"{reading.href}/read{view.query}"


def _here(view: View, page: str = "read") -> str:
    return f"{page}&{view.query[1:]}".rstrip("&")
