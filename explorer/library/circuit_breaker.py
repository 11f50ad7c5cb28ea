"""Patience with a database that does not answer: nobody waits for it who can do without."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from threading import Lock
from typing import TypeVar

from explorer.storage.errors import Damaged, Outdated, StoreError

# So long nobody tries again after it did not answer.
PAUSE_SECONDS = 1.0

# So long nobody says again that its tables are outdated.
OUTDATED_SECONDS = 60.0

_log = logging.getLogger(__name__)

_Answer = TypeVar("_Answer")


class CircuitBreaker:
    """Passes questions on; while there are no answers, one of them a second and no more.

    What is said about the database is said when it changes, not at every question.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        """Take a clock that never goes back."""
        self._clock = clock
        self._trouble: str | None = None
        self._again = self._outdated_again = 0.0
        self._trying = Lock()

    def asked(self, question: Callable[[], _Answer]) -> _Answer:
        """Give the answer. Raises StoreError, and at once while it is of no use to ask."""
        trouble = self._trouble
        if trouble is None:
            return self._tried(question)
        if self._clock() < self._again or not self._trying.acquire(blocking=False):
            raise StoreError(trouble)
        try:
            return self._tried(question)
        finally:
            self._trying.release()

    def _tried(self, question: Callable[[], _Answer]) -> _Answer:
        try:
            answer = question()
        except Damaged:
            raise
        except Outdated as error:
            # The database answers, so nobody has to be kept from asking it for something else.
            if self._clock() >= self._outdated_again:
                self._outdated_again = self._clock() + OUTDATED_SECONDS
                _log.error("%s", error)
            raise
        except StoreError as error:
            self._again = self._clock() + PAUSE_SECONDS
            if self._trouble is None:
                _log.error("%s", error)
            self._trouble = str(error)
            raise
        if self._trouble is not None:
            self._trouble = None
            _log.warning("The database answers again.")
        return answer
