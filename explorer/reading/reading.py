"""The gate: holds a whole story and a reader's bookmark, hands out pages made of known values.

Gather, decide, apply: a method takes what a stranger asked for, asks `knowledge` what may be
known, and lays that out as a page. Moves give a new reading; nothing is stored.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from hashlib import sha256
from typing import TypeVar
from urllib.parse import urlencode

from explorer.knowledge import bookmark_text, moves
from explorer.knowledge.bookmark import FIRST, Bookmark, Place, bookmark_of, position_asked
from explorer.knowledge.knowledge import Knowledge
from explorer.knowledge.known import KnownEntry, KnownRow, KnownStory, State
from explorer.knowledge.marker_lookup import last_not_past
from explorer.knowledge.view import Match, Order, View, Wish
from explorer.library.story_cache import Held
from explorer.pages.filter_panel import panel
from explorer.pages.models import (
    CardPage,
    CarryPage,
    Frame,
    FrontPage,
    GatePage,
    Panel,
    PeoplePage,
    PersonPage,
    Preview,
    PrintPage,
    ReadPage,
    ScenePage,
    SearchPage,
    ShapePage,
    ShelfCard,
    StoryPage,
)
from explorer.reading import shape_page
from explorer.search import finder, index, results, snippets
from explorer.story.model import Story

WINDOW = 20
# So many links to scenes stand on a person's page; all of them are on the reading page.
MOST_LISTED = 60

_Page = TypeVar("_Page", bound=StoryPage)


class NotThere(LookupError):  # noqa: N818  It is an answer, not an error.
    """There is nothing of that name, or nothing that this reader may know of."""


class Elsewhere(Exception):  # noqa: N818  It is an answer, not an error.
    """What was asked for has another address by now."""

    def __init__(self, href: str) -> None:
        """Take the address that answers."""
        super().__init__(href)
        self.href = href


@dataclass(frozen=True)
class Reading:
    """One reader's reading of one story, for the length of one request.

    `bookmark` is what the reader's browser holds, or is to hold after a move; `moved` says that
    it is to be told so. `base` is what stands before every address of this installation.
    """

    held: Held
    bookmark: Bookmark
    place: Place
    base: str
    moved: bool = False
    problem: str | None = None
    entered: str = ""

    @classmethod
    def of(cls, held: Held, bookmark: Bookmark, base: str) -> Reading:
        """Lay a bookmark on a story."""
        return cls(held, bookmark, held.place(bookmark), base)

    @cached_property
    def known(self) -> Knowledge:
        """What this reader may know."""
        return self.held.knowledge(self.place)

    @property
    def href(self) -> str:
        """The story's address."""
        return f"{self.base}/stories/{self._story.id}"

    @property
    def _story(self) -> Story:
        return self.held.story

    @property
    def _first(self) -> Knowledge:
        """What everybody may know."""
        return self.held.knowledge(Place())

    # --- pages ---------------------------------------------------------------------------------

    def front(self) -> FrontPage:
        """The front page."""
        return self._once("front", self._front)

    def _front(self) -> FrontPage:
        return FrontPage(
            frame=self._frame("", "front"),
            work=self.known.work(),
            previously=self.known.previously(),
        )

    def card(self) -> CardPage:
        """The story's part of the library page."""
        return self._once(
            "card", lambda: CardPage(self._frame("/card", "front"), self.shelf_card())
        )

    def shelf_card(self) -> ShelfCard:
        """The story as the library shows it to all, made from what the first bookmark knows."""
        first = self._first.title()
        return ShelfCard(
            href=self.href,
            title=first.title,
            medium=first.medium,
            language=first.language,
            released=first.released,
            complete=first.complete,
            premise=self._first.work().premise,
        )

    def read(self, wish: Wish) -> ReadPage:
        """The plot as far as reached, under the view that can be granted."""
        return self._once(("read", wish), lambda: self._read(wish))

    def _read(self, wish: Wish) -> ReadPage:
        view = self._granted(wish)
        scenes = self._in_view(view)
        start, end = self._window(scenes, view)
        plain = replace(view, before=None, after=None)
        within = scenes[start:end]
        last = self.place.reached - 1
        at_end = view.before is None and view.after is None
        missing = at_end and last >= 0 and last not in within
        return ReadPage(
            frame=self._frame(f"/read{view.query}", _here(view)),
            view=view,
            onward=f"?page={_here(plain)}",
            rows=self.known.window(within),
            ahead=self._ahead(view),
            earlier=self._beside(plain, "before", scenes, start) if start else None,
            later=self._beside(plain, "after", scenes, end - 1) if end < len(scenes) else None,
            latest=self._read_href(plain),
            at_end=at_end,
            missing=self.known.narrator.scene(last) if missing else None,
            panel=self.known.remembered(("panel", self.base, plain), lambda: self._panel(plain)),
        )

    def scene(self, key: str) -> ScenePage | GatePage:
        """One scene: its telling, its veil, or the gate before it. Raises NotThere."""
        scene = self._named(key)
        return self._once(("scene", scene), lambda: self._scene(scene))

    def _scene(self, scene: int) -> ScenePage | GatePage:
        entry = self._story.scenes[scene]
        frame = self._frame(f"/scenes/{entry.key}", f"scenes/{entry.key}")
        if not self.known.rule.covers(scene):
            return GatePage(frame, self.known.gate(scene))
        reached, shown = self.place.reached, self.known.narrator.scene
        return ScenePage(
            frame=frame,
            scene=shown(scene),
            previous=shown(scene - 1) if 0 < scene < reached else None,
            following=shown(scene + 1) if scene + 1 < reached else None,
            is_last=scene == self.place.reached - 1,
            is_seen=scene < self.place.seen,
        )

    def people(self) -> PeoplePage:
        """Who is who, as known so far."""
        return self._once("people", self._people)

    def _people(self) -> PeoplePage:
        return PeoplePage(self._frame("/people", "people"), self.known.everyone(most=0))

    def person(self, key: str) -> PersonPage:
        """One person. Raises NotThere, or Elsewhere for one who turned out to be someone else."""
        position = self.known.narrator.person_at(key)
        if position is None:
            raise NotThere
        one = self._story.people[position].key
        if one != key:
            raise Elsewhere(f"{self.href}/people/{one}")
        return self._once(("person", position), lambda: self._person_page(position))

    def _person_page(self, position: int) -> PersonPage:
        person = self.known.person(position, MOST_LISTED)
        key = person.who.key
        return PersonPage(
            frame=self._frame(f"/people/{key}", f"people/{key}"),
            person=person,
            filter_href=self._read_href(View(who=(person.who,))),
        )

    def searched(self, query: str) -> SearchPage:
        """Where words stand in what is known."""
        if not query:
            return SearchPage(self._frame("/search", "read"), "", results.NOTHING)
        known = self.known.remembered("searchable", self._searchable)
        frame = self._frame(f"/search?{urlencode({'q': query})}", "read")
        return SearchPage(frame, query, finder.find(known, self.known.words.steps, query))

    def _searchable(self) -> index.SearchIndex:
        known = self.known
        told, ahead = known.concordance(index.spoken), known.words.steps_ahead()
        return index.indexed(known.everyone(most=0), told, ahead, known.title(), known.work())

    def printed(self) -> PrintPage:
        """All that was reached, on paper."""
        whole = self.whole()
        return PrintPage(self._frame("/print", "read"), whole.work, whole.rows, whole.ahead)

    def shape(self, wish: Wish) -> ShapePage:
        """The pictures of what was told, as told, following whoever is chosen."""
        view = self._granted(Wish(who=wish.who, before=wish.before, after=wish.after))
        told = self.known.remembered(
            ("told", self.base, view.before, view.after),
            lambda: shape_page.told(self.whole(), self.href, view),
        )
        return shape_page.page(self._frame(f"/shape{view.query}", _here(view, "shape")), view, told)

    def whole(self) -> KnownStory:
        """All that is known, for programs and to keep."""
        return self.known.remembered("whole", self.known.whole)

    def entry(self) -> KnownEntry:
        """The story in the catalogue for programs, made from what the first bookmark knows."""
        return KnownEntry(self._first.title(), self._first.work().premise)

    def carry(self) -> CarryPage:
        """The bookmark as a code."""
        code = f"{self._story.id}.{bookmark_text.encode(bookmark_of(self._story, self.place))}"
        return CarryPage(self._frame("/carry", "carry"), code)

    def at(self, page: str, wish: Wish) -> StoryPage:
        """The page that a form stood on; the reading page when that one is not there any more."""
        kind, _, key = page.partition("/")
        try:
            # Only its own address tells that a scene ahead exists.
            if kind == "scenes" and self.known.rule.scene_at(key) is not None:
                return self.scene(key)
            if kind == "people" and key:
                return self.person(key)
        except (NotThere, Elsewhere):
            return self.read(wish)
        plain: dict[str, Callable[[], StoryPage]] = {
            "front": self.front,
            "people": self.people,
            "shape": lambda: self.shape(wish),
            "carry": self.carry,
        }
        return plain[kind]() if kind in plain else self.read(wish)

    # --- moves ---------------------------------------------------------------------------------

    def turned(self, origin: str) -> Reading:
        """One scene on, if `origin` is still the last one reached."""
        return self._at(moves.turned(self._story, self.place, origin))

    def with_threshold(self, threshold: int) -> Reading:
        """Tell up to this level. Raises MoveRefused."""
        return self._at(moves.with_threshold(self._story, self.place, threshold))

    def opened(self, key: str) -> Reading:
        """Open one scene in spite of the threshold. Raises NotThere, MoveRefused."""
        scene = self._named(key)
        if self.known.rule.covers(scene) and self.known.narrator.scene(scene).state is State.OPEN:
            return self
        return self._at(moves.opened(self.place, scene))

    def closed(self, key: str) -> Reading:
        """Take an opened scene out again; what is not covered is not open."""
        scene = self.known.rule.scene_at(key)
        return self if scene is None else self._at(moves.closed(self.place, scene))

    def seen(self, key: str) -> Reading:
        """The work is known up to this scene; empty: none of it. Raises MoveRefused."""
        return self._at(moves.seen_up_to(self.place, self._count(key)))

    def seen_by_marker(self, marker: str) -> Reading:
        """The work is known up to the last scene whose marker is not past this one."""
        count = last_not_past((scene.marker for scene in self._story.scenes), marker)
        return self._at(moves.seen_up_to(self.place, count))

    def back(self, key: str) -> Reading:
        """Back to this scene; empty: to before the first one. Raises MoveRefused."""
        return self._at(moves.back_to(self.place, self._count(key)))

    def asking_for_warnings(self, warned: bool) -> Reading:
        """Ask, or ask no more, for content warnings before opening."""
        return self._at(moves.asking_for_warnings(self.place, warned))

    def forgotten(self) -> Reading:
        """The first bookmark."""
        first = Reading.of(self.held, FIRST, self.base)
        return replace(first, moved=self.bookmark != FIRST)

    def carried(self, code: str) -> Reading:
        """Take in a code from another device. Raises MoveRefused."""
        story, _, text = "".join(code.split()).partition(".")
        bookmark = bookmark_text.decode(text)
        if bookmark is None:
            raise moves.MoveRefused(
                "This is not a whole code. Copy it again, from its first to its last sign."
            )
        if story != self._story.id:
            raise moves.MoveRefused("This code is for another story.")
        there = Reading.of(self.held, bookmark, self.base)
        return self if there.place == self.place else replace(there, moved=True)

    def refused(self, problem: str, entered: str) -> Reading:
        """The same reading, with what was entered and what was wrong with it."""
        return replace(self, problem=problem, entered=entered)

    def asked(self, bookmark: Bookmark, turn: bool) -> Reading:
        """Stand where a program says, or one scene on from there. Raises Unknown."""
        there = self._at(position_asked(self._story, bookmark))
        return there.turned(there.known.standing().reached or "") if turn else there

    def _at(self, place: Place) -> Reading:
        if place == self.place:
            return self
        bookmark = bookmark_of(self._story, place)
        return Reading(self.held, bookmark, self.held.place(bookmark), self.base, moved=True)

    # --- what strangers name -------------------------------------------------------------------

    def _named(self, key: str) -> int:
        scene = self._story.index.scene_at.get(key)
        if scene is None:
            raise NotThere
        return scene

    def _count(self, key: str) -> int:
        if not key:
            return 0
        scene = self.known.rule.scene_at(key)
        if scene is None or scene >= self.place.reached:
            raise moves.MoveRefused("You have not turned to such a scene.")
        return scene + 1

    def _granted(self, wish: Wish) -> View:
        people = (self.known.narrator.person_at(key) for key in wish.who)
        whos = (self.known.narrator.who(one) for one in people if one is not None)
        who = tuple(dict.fromkeys(one for one in whos if one is not None))
        before, after = (self._beyond(key, wish.order) for key in (wish.before, wish.after))
        scenes = self._story.scenes
        return View(
            who=who,
            match=wish.match if len(who) > 1 else Match.ANY,
            times=wish.times,
            order=wish.order,
            before=None if before is None else scenes[before].key,
            after=None if after is None or before is not None else scenes[after].key,
        )

    def _beyond(self, key: str, order: Order) -> int | None:
        """The scene that a window is beside; None where it has no place in that order."""
        scene = self.known.rule.scene_at(key)
        stands = scene is not None and self.known.rule.stands(scene, order is Order.HAPPENED)
        return scene if stands else None

    # --- scenes under a view -------------------------------------------------------------------

    def _in_view(self, view: View) -> Sequence[int]:
        """The scenes of a view in its order; as told and unfiltered, veiled ones among them."""
        reached = range(self.place.reached)
        if view.order is Order.HAPPENED:
            ahead = (self._story.index.scene_at[scene.key] for scene in self.known.ahead())
            return self.known.rule.happened(self._matching(view, [*reached, *ahead]))
        return self._matching(view, reached) if view.filtered else reached

    def _matching(self, view: View, scenes: Sequence[int]) -> Sequence[int]:
        if view.who:
            sets = [set(self.known.rule.scenes_of(self._person(who.key))) for who in view.who]
            chosen = set.intersection(*sets) if view.match is Match.ALL else set.union(*sets)
            scenes = [scene for scene in scenes if scene in chosen]
        if view.times:
            scenes = [scene for scene in scenes if self.known.rule.time_of(scene) in view.times]
        return scenes

    def _person(self, key: str) -> int:
        person = self.known.narrator.person_at(key)
        if person is None:
            raise NotThere
        return person

    def _window(self, scenes: Sequence[int], view: View) -> tuple[int, int]:
        """Which of a view's scenes are on its page, as the half-open range of their places."""
        beside = view.before or view.after
        if beside is not None and scenes:
            scene = self._story.index.scene_at[beside]
            spot = self.known.rule.spot(scene, scenes, view.order is Order.HAPPENED)
            if view.before is not None:
                end = max(1, spot.start)
                return max(0, end - WINDOW), end
            start = min(len(scenes) - 1, spot.stop)
            return start, min(len(scenes), start + WINDOW)
        end = len(scenes)
        last = self.place.reached - 1
        if view.order is Order.HAPPENED and last in scenes:
            end = min(end, scenes.index(last) + 1 + WINDOW // 2)
            end = max(end, min(len(scenes), WINDOW))
        return max(0, end - WINDOW), end

    def _beside(self, view: View, side: str, scenes: Sequence[int], at: int) -> str:
        key = self._story.scenes[scenes[at]].key
        beside = replace(view, before=key) if side == "before" else replace(view, after=key)
        return self._read_href(beside)

    def _ahead(self, view: View) -> tuple[KnownRow, ...]:
        if view.order is Order.HAPPENED:
            return ()
        ahead = [self._story.index.scene_at[scene.key] for scene in self.known.ahead()]
        matching = self._matching(view, ahead)
        return tuple(KnownRow(None, self.known.narrator.scene(scene)) for scene in matching)

    # --- links ---------------------------------------------------------------------------------

    def _read_href(self, view: View) -> str:
        return f"{self.href}/read{view.query}"

    def _panel(self, view: View) -> Panel:
        return panel(view, f"{self.href}/read", self.known.people(), self.known.times())

    def _once(self, question: Hashable, page: Callable[[], _Page]) -> _Page:
        """Make a page the first time only; one with a problem on it is nobody else's."""
        if self.problem is not None:
            return page()
        return self.known.remembered((self.base, question), page)

    # --- frames --------------------------------------------------------------------------------

    def _frame(self, path: str, here: str) -> Frame:
        return Frame(
            title=self.known.title(),
            standing=self.known.standing(),
            href=self.href,
            address=f"{self.href}{path}",
            here=f"?page={here}",
            token=self._token(),
            problem=self.problem,
            entered=self.entered,
            preview=self._first.remembered(("preview", self.base), self._preview),
        )

    def _preview(self) -> Preview:
        title, premise = self._first.title(), self._first.work().premise
        digest = sha256(repr(title).encode()).hexdigest()[:12]
        picture = f"{self.href}/preview.png?{digest}"
        return Preview(title.title, snippets.beginning(premise.plain), title.language, picture)

    def _token(self) -> str:
        at = bookmark_text.encode(bookmark_of(self._story, self.place))
        return sha256(f"{self._story.id} {at}".encode()).hexdigest()[:12]


def _here(view: View, page: str = "read") -> str:
    return f"{page}&{view.query[1:]}".rstrip("&")
