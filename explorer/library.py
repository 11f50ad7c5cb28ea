"""The stories in memory: one immutable value per story and revision, shared by all requests."""

from __future__ import annotations

from functools import lru_cache, partial
from threading import Lock

from explorer import bookmark as marks
from explorer.knowledge import Knowledge
from explorer.store import ShelfEntry, Store
from explorer.story import Story
from explorer.wording import Memory

MOST_PLACES = 256


class Held:
    """A story in one revision, and what was made of it for the places that readers stand at.

    Many readers stand at the same few places, so each place is thought through once.
    """

    def __init__(self, story: Story) -> None:
        """Take a story."""
        self.story = story
        memory: Memory = {}
        self.knowledge = lru_cache(MOST_PLACES)(lambda place: Knowledge(story, place, memory))
        self.place = lru_cache(MOST_PLACES)(partial(marks.lay, story))


class Library:
    """Hands out stories; asks the database for the revision on each call and for no more."""

    def __init__(self, store: Store) -> None:
        """Take the store to read from."""
        self._store = store
        self._held: dict[str, Held] = {}
        self._lock = Lock()

    def revision(self, story_id: str) -> int | None:
        """Give a story's revision as of now; None when there is none of this id."""
        return self._store.revision(story_id)

    def current(self, story_id: str) -> Held | None:
        """Give a story as of now; None when there is none of this id."""
        revision = self.revision(story_id)
        if revision is None:
            return None
        held = self._held.get(story_id)
        if held is not None and held.story.revision == revision:
            return held
        return self._load(story_id)

    def shelf(self) -> tuple[ShelfEntry, ...]:
        """Give all stories as the library shows them."""
        return self._store.shelf()

    def ready(self) -> bool:
        """Whether the database answers."""
        return self._store.ready()

    def _load(self, story_id: str) -> Held | None:
        with self._lock:
            story = self._store.load(story_id)
            if story is None:
                self._held.pop(story_id, None)
                return None
            held = self._held.get(story_id)
            if held is None or held.story.revision != story.revision:
                held = self._held[story_id] = Held(story)
            return held
