"""The gate to all stories: hands out readings of one, and what everybody may know of each."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from explorer import bookmark as marks
from explorer.bookmark import Bookmark
from explorer.known import KnownCatalogue
from explorer.library import Library
from explorer.page import LibraryPage
from explorer.reading import NotThere, Reading


@dataclass(frozen=True, slots=True)
class Shelf:
    """The gate to all stories. `base` is what stands before every address."""

    stories: Library
    base: str

    def reading(self, story: str, bookmark: Bookmark) -> Reading:
        """Lay a bookmark on a story. Raises NotThere."""
        held = self.stories.current(story)
        if held is None:
            raise NotThere
        return Reading.of(held, bookmark, self.base)

    def asked(self, story: str, bookmark: Bookmark, turn: bool) -> Reading:
        """Lay a bookmark on a story that a program names, and turn. Raises NotThere, Unknown."""
        return self.reading(story, marks.FIRST).asked(bookmark, turn)

    def library(self) -> LibraryPage:
        """All stories, as the first bookmark knows them."""
        ids = [entry.id for entry in self.stories.shelf()]
        cards = tuple(reading.shelf_card() for reading in self._firsts(ids))
        return LibraryPage(f"{self.base}/", cards)

    def catalogue(self, after: str, limit: int) -> KnownCatalogue:
        """Some stories by id, those after one, as the first bookmark knows them."""
        ids = sorted(entry.id for entry in self.stories.shelf() if entry.id > after)
        entries = tuple(reading.entry() for reading in self._firsts(ids[:limit]))
        return KnownCatalogue(entries, ids[limit - 1] if len(ids) > limit else None)

    def ready(self) -> bool:
        """Whether stories can be handed out."""
        return self.stories.ready()

    def _firsts(self, ids: list[str]) -> Iterator[Reading]:
        """Readings of those that are still there, all at the first bookmark."""
        for held in map(self.stories.current, ids):
            if held is not None:
                yield Reading.of(held, marks.FIRST, self.base)
