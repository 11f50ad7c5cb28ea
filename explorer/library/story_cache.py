"""The stories in memory: one immutable value per story and revision, shared by all requests."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable, Iterator
from itertools import count
from threading import Lock

from explorer.library.circuit_breaker import CircuitBreaker
from explorer.library.damage_log import DamageLog
from explorer.library.loaded_story import BUDGET, LoadedStory
from explorer.storage.errors import Damaged, StoreError
from explorer.storage.store import ShelfPart, Store
from explorer.story.model import Story

__all__ = ["LoadedStory", "StoryCache"]

# To look for garbage in a story whose file is so long, in characters, would keep readers waiting.
HEAVY = 100_000

# So long it holds that a story has no newer revision, for those who name one.
CERTAIN_SECONDS = 0.1

# Of a story that is damaged so far that it has no revision.
_NO_REVISION = 0


class StoryCache:
    """Hands out stories; asks the database for the revision now and then, and for no more.

    While the database does not answer, the stories in memory go on being read. What is not in
    memory raises StoreError, and so does a story of which the database may have a newer revision
    than memory, where a reader has seen that one: by an older one they might be told what has
    been taken from them since.

    When the stories in memory weigh more than the budget, those that nobody has asked for the
    longest are let go; whoever reads one of them just then keeps it for as long as the answer
    takes. A single story may weigh more than all of the budget.
    """

    def __init__(
        self,
        store: Store,
        budget: int = BUDGET,
        fresh: float = 0,
        clock: Callable[[], float] = time.monotonic,
        loading: Callable[[], object] = lambda: None,
    ) -> None:
        """Take the store to read from, bytes to stay within, and a clock that never goes back.

        For `fresh` seconds an answer of the database holds; a second after an import every process
        must have seen it.
        `loading` is told of each story that is about to be read into memory.
        """
        self._store = store
        self._loading = loading
        self._budget = budget
        self._fresh = fresh
        self._grown, self._room = 0, budget // 16
        self._turns = count()
        self._clock = clock
        self._breaker = CircuitBreaker(clock)
        self._damages = DamageLog(clock)
        self._stories: dict[str, LoadedStory] = {}
        self._lock = Lock()

    def revision(self, story_id: str, least: int = 0) -> int | None:
        """Give the current revision; None when there is no story of this id. Raises StoreError.

        `least` is the revision that the reader's bookmark names, or any lower one: what is older
        is answered only where the database has just said that there is no newer one. An answer
        that is still fresh holds for all others.
        """
        loaded = self._stories.get(story_id)
        last = 0 if loaded is None else loaded.story.revision
        if loaded is not None:
            loaded.used = next(self._turns)
        if loaded is not None and self._needs_no_asking(loaded, least):
            return last
        now = self._clock()
        try:
            revision = self._breaker.asked(lambda: self._asked(story_id, max(last, least)))
        except Damaged as damaged:
            self._stories.pop(story_id, None)
            self._damages.note(story_id, _NO_REVISION, damaged)
            raise
        except StoreError:
            if loaded is None or last < least:
                raise
            return last
        if loaded is not None and revision == last:
            loaded.asked = now
            loaded.certain = now if least > last else loaded.certain
        elif loaded is not None:
            # Now that it is known to be old, it must not come back when the database goes.
            self._stories.pop(story_id, None)
        return revision

    def current(self, story_id: str, least: int = 0) -> LoadedStory | None:
        """Give a story as of now; None when there is none of this id. Raises StoreError."""
        revision = self.revision(story_id, least)
        if revision is None:
            return None
        loaded = self._stories.get(story_id)
        if loaded is not None and loaded.story.revision == revision:
            return loaded
        return self._load(story_id, revision)

    def shelf(self, sought: str, after: str, most: int) -> ShelfPart:
        """Give some stories by title: those that have the words sought in it."""
        return self._breaker.asked(lambda: self._store.shelf(sought, after, most))

    def covers(self, part: ShelfPart) -> Iterator[Story]:
        """Give stories as far as their covers, none of them loaded; damaged ones are left out."""
        for cover in part.covers:
            try:
                yield self._store.told(cover)
            except Damaged as error:
                self._damages.note(cover.id, cover.revision, error)

    def ids(self, after: str, most: int) -> tuple[str, ...]:
        """Give the ids of some stories in their order: those after one."""
        return self._breaker.asked(lambda: self._store.ids(after, most))

    def ready(self) -> bool:
        """Whether the database answers."""
        return self._store.ready()

    def _needs_no_asking(self, loaded: LoadedStory, least: int) -> bool:
        if loaded.story.revision >= least:
            return self._clock() - loaded.asked < self._fresh
        # Who names a revision that is not there yet made it up, and is not asked about again at
        # once; yet it may be there in a moment, and then whoever has read it is right.
        return self._clock() - loaded.certain < min(self._fresh, CERTAIN_SECONDS)

    def _asked(self, story_id: str, known: int) -> int | None:
        revision = self._store.revision(story_id)
        if (revision or 0) < known:
            # Of a replica that lags behind this is no news.
            revision = self._store.revision(story_id, certain=True)
        return revision

    def _load(self, story_id: str, revision: int) -> LoadedStory | None:
        with self._lock:
            loaded = self._stories.get(story_id)
            if loaded is not None and loaded.story.revision == revision:
                return loaded
            now = self._clock()
            self._damages.refuse(story_id, revision)
            story = self._load_story(story_id, revision)
            if story is None:
                self._stories.pop(story_id, None)
                return None
            if story.revision < revision:
                raise StoreError(f"A replica of the database lags behind with {story_id}.")
            size = self._store.size(story_id)
            loaded = self._stories[story_id] = LoadedStory(
                story, now, size, self._budget // 8, self._note
            )
            loaded.used = next(self._turns)
            self._note(loaded.weight)
            if size > HEAVY:
                # Nothing in it leads in a circle, so that it goes without being looked through;
                # other requests' garbage would stay for ever with it.
                gc.collect()
                gc.freeze()
            return loaded

    def _load_story(self, story_id: str, revision: int) -> Story | None:
        self._loading()
        try:
            story = self._store.load(story_id)
        except StoreError as error:
            if isinstance(error, Damaged):
                self._stories.pop(story_id, None)
            # Its revision was given a moment ago, so this is about the story and not known yet.
            self._damages.note(story_id, revision, error)
            raise
        self._damages.mended(story_id, revision)
        return story

    @property
    def weight(self) -> int:
        """About how many bytes the stories in memory take."""
        return sum(loaded.weight for loaded in list(self._stories.values()))

    def _note(self, bytes_more: int) -> None:
        """Look now and then whether what has grown still fits."""
        self._grown += bytes_more
        if self._grown > self._room:
            self._make_room()

    def _make_room(self) -> None:
        """Let go of some, and of a few more than it needs: to weigh all of them takes time."""
        self._grown = 0
        by_use = list(self._stories.items())
        by_use.sort(key=lambda entry: entry[1].used)
        weights = {story_id: loaded.weight for story_id, loaded in by_use}
        total, spare = sum(weights.values()), self._budget // 16
        if total > self._budget:
            for story_id, _ in by_use[:-1]:
                if total <= self._budget - spare:
                    break
                total -= weights[story_id]
                self._stories.pop(story_id, None)
        self._room = min(spare, self._budget - total)
