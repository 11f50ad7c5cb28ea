"""The gate: holds a whole story and a reader's bookmark; what it hands out is known.

`moves` gives the reading after a move, `pages` lays readings out. Nothing is stored.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

from explorer.knowledge.bookmark import Bookmark, Position, bookmark_of
from explorer.knowledge.knowledge import Knowledge
from explorer.knowledge.known import KnownEntry, KnownStory
from explorer.knowledge.known_place import KnownCounting, KnownPlace
from explorer.knowledge.marker_lookup import counting, places_said
from explorer.library.story_cache import LoadedStory
from explorer.reading.errors import NotFound
from explorer.story.model import Story


@dataclass(frozen=True)
class Reading:
    """One reader's reading of one story, for the length of one request.

    `bookmark` is what the reader's browser holds, or is to hold after a move; `moved` says that
    it is to be told so. `base` is what stands before every address of this installation.
    """

    loaded: LoadedStory
    bookmark: Bookmark
    position: Position
    base: str
    moved: bool = False
    problem: str | None = None
    entered: str = ""

    @classmethod
    def of(cls, loaded: LoadedStory, bookmark: Bookmark, base: str) -> Reading:
        """Lay a bookmark on a story."""
        return cls(loaded, bookmark, loaded.position(bookmark), base)

    @cached_property
    def known(self) -> Knowledge:
        """What this reader may know."""
        return self.loaded.knowledge(self.position)

    @property
    def first(self) -> Knowledge:
        """What everybody may know."""
        return self.loaded.knowledge(Position())

    @property
    def story(self) -> Story:
        """The story whole: for the gate alone."""
        return self.loaded.story

    @property
    def href(self) -> str:
        """The story's address."""
        return f"{self.base}/stories/{self.story.id}"

    def whole(self) -> KnownStory:
        """All that is known, for programs and to keep."""
        return self.known.remembered("whole", self.known.whole)

    def entry(self) -> KnownEntry:
        """The story in the catalogue for programs, made from what the first bookmark knows."""
        return KnownEntry(self.first.title(), self.first.work().premise)

    def named(self, key: str) -> int:
        """Find a scene by its key, whether it may be known or not. Raises NotFound."""
        scene = self.story.index.scene_at.get(key)
        if scene is None:
            raise NotFound
        return scene

    def counting(self) -> KnownCounting | None:
        """How the work is counted, as everybody may know; None where it is not."""
        return counting(self.story.index.counting)

    def places_said(self, marker: str) -> tuple[KnownPlace, ...]:
        """Say in words what a reader's words on where they are mean. Raises MoveRefused."""
        return places_said(self.story.index.counting, marker)

    def refused(self, problem: str, entered: str) -> Reading:
        """The same reading, with what was entered and what was wrong with it."""
        return replace(self, problem=problem, entered=entered)

    def at(self, position: Position) -> Reading:
        """The reading of somebody who moved to a position; where nothing moves it is this one."""
        if position == self.position:
            return self
        bookmark = bookmark_of(self.story, position)
        return Reading(self.loaded, bookmark, self.loaded.position(bookmark), self.base, moved=True)
