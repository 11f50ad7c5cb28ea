"""Which stories cannot be read: each is told of once, and those that are damaged are left alone."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Final

from explorer.bounded_cache import BoundedCache
from explorer.storage.errors import Damaged, StoreError

# So many stories are remembered, and so long one is left alone whose revision stays the same:
# somebody may put back what it was.
MOST_DAMAGED = 1000
PAUSE_SECONDS: Final = 10.0

_log = logging.getLogger(__name__)


class DamageLog:
    """What is the matter with stories that cannot be read."""

    def __init__(self, clock: Callable[[], float]) -> None:
        """Take a clock that never goes back."""
        self._clock = clock
        self._known: BoundedCache[tuple[str, int], _Finding] = BoundedCache(MOST_DAMAGED)

    def refuse(self, story_id: str, revision: int) -> None:
        """Raise Damaged where this revision was found to be so a moment ago."""
        finding = self._known.get((story_id, revision))
        if finding is not None and self._clock() < finding.until:
            raise Damaged(finding.words)

    def note(self, story_id: str, revision: int, error: StoreError) -> None:
        """Remember what is the matter, and log it where that is news.

        What is not damaged, and only cannot be read just now, is tried again at once.
        """
        new = _Finding()
        finding = self._known.keep((story_id, revision), new)
        finding.until = self._clock() + PAUSE_SECONDS if isinstance(error, Damaged) else 0.0
        if finding.words != str(error):
            finding.words = str(error)
            _log.error("%s", error)

    def mended(self, story_id: str, revision: int) -> None:
        """Say that a story can be read; should it break again, that is news."""
        finding = self._known.get((story_id, revision))
        if finding is not None:
            finding.words, finding.until = "", 0.0


class _Finding:
    """What was found, and until when it holds."""

    def __init__(self) -> None:
        self.words = ""
        self.until = 0.0
