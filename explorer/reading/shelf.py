"""The gate to all stories: hands out readings of one, and what everybody may know of each."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from urllib.parse import urlencode

from explorer.knowledge import bookmark_text
from explorer.knowledge.bookmark import FIRST, Bookmark, Position
from explorer.knowledge.knowledge import Knowledge
from explorer.knowledge.known import KnownCatalogue
from explorer.library.story_cache import StoryCache
from explorer.pages.models import LibraryPage, ShelfCard
from explorer.reading import moves
from explorer.reading.errors import Broken, NotFound, Unavailable
from explorer.reading.pages import shelf_card
from explorer.reading.reading import Reading
from explorer.storage.errors import Damaged, StoreError
from explorer.story.model import Story

# As many cards as fill a page and are looked through with pleasure.
CARDS = 24


@contextmanager
def _at_hand() -> Iterator[None]:
    try:
        yield
    except Damaged as damaged:
        raise Broken(str(damaged)) from None
    except StoreError as error:
        raise Unavailable(str(error)) from None


@dataclass(frozen=True, slots=True)
class Shelf:
    """The gate to all stories. `base` is what stands before every address."""

    stories: StoryCache
    base: str

    def reading(self, story: str, bookmark: Bookmark, code: str = "") -> Reading:
        """Lay a bookmark on a story, which is no older than one in a code either.

        Raises NotFound, Broken, Unavailable.
        """
        sent = bookmark_text.decode("".join(code.split()).partition(".")[2])
        with _at_hand():
            newest = max(bookmark.revision, sent.revision if sent else 0)
            loaded = self.stories.current(story, newest)
        if loaded is None:
            raise NotFound
        return Reading.of(loaded, bookmark, self.base)

    def asked(self, story: str, bookmark: Bookmark, turn: bool) -> Reading:
        """Lay a bookmark on a story that a program names, and turn.

        Raises NotFound, Broken, Unknown, Unavailable.
        """
        return moves.asked(self.reading(story, FIRST), bookmark, turn)

    def library(
        self, sought: str, after: str = "", problem: str | None = None, entered: str = ""
    ) -> LibraryPage:
        """Some stories by title, as the first bookmark knows them. Raises Unavailable."""
        with _at_hand():
            part = self.stories.shelf(sought, after, CARDS)
            cards = tuple(map(self._card, self.stories.covers(part)))
        return LibraryPage(
            address=f"{self.base}/",
            query=sought,
            problem=problem,
            entered=entered or sought,
            cards=cards,
            earlier=self._shelf_href(sought, part.earlier),
            later=self._shelf_href(sought, part.later),
        )

    def _card(self, story: Story) -> ShelfCard:
        return shelf_card(Knowledge.of(story, Position()), f"{self.base}/stories/{story.id}")

    def _shelf_href(self, sought: str, after: str | None) -> str | None:
        if after is None:
            return None
        named = {"q": sought, "after": after}
        query = urlencode({name: value for name, value in named.items() if value})
        return f"{self.base}/?{query}" if query else f"{self.base}/"

    def catalogue(self, after: str, limit: int) -> KnownCatalogue:
        """Some stories by id, after one, as the first bookmark knows them. Raises Unavailable."""
        with _at_hand():
            ids = self.stories.ids(after, limit + 1)
            entries = tuple(reading.entry() for reading in self._firsts(ids[:limit]))
        return KnownCatalogue(entries, ids[limit - 1] if len(ids) > limit else None)

    def ready(self) -> bool:
        """Whether stories can be handed out."""
        return self.stories.ready()

    def _firsts(self, ids: Iterable[str]) -> Iterator[Reading]:
        """Readings of those that are still there, all at the first bookmark."""
        for story_id in ids:
            try:
                loaded = self.stories.current(story_id)
            except Damaged:
                # The log tells of it; it must not take the others along.
                continue
            if loaded is not None:
                yield Reading.of(loaded, FIRST, self.base)
