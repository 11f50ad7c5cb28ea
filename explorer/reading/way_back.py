"""The way back of a move: where a reader stood before it, as the address after it says.

It draws a button and does nothing else. What an address names that is not before the reader's
place is as if it were not there, so that nobody can be sent on, and nothing ahead is asked for.
"""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlencode

from explorer.pages.models import WayBack
from explorer.reading.reading import Reading


@dataclass(frozen=True, slots=True)
class Stood:
    """Where a reader had turned to, and up to where the work was known: keys, "" for nothing.

    None is what no address names.
    """

    since: str | None = None
    saw: str | None = None

    @property
    def query(self) -> str:
        """The end of an address that names it; empty where it says nothing."""
        named = {"since": self.since, "saw": self.saw}
        return urlencode({name: key for name, key in named.items() if key is not None})


NOWHERE = Stood()


def standing_of(reading: Reading) -> Stood:
    """Give where a reader stands, to be named after the move."""
    standing = reading.known.standing()
    return Stood(standing.reached or "", standing.seen or "")


def way_back(reading: Reading, stood: Stood) -> WayBack | None:
    """Give the way back to where a reader stood, of which only what is behind them counts."""
    position, standing = reading.position, reading.known.standing()
    since = _before(reading, stood.since, position.reached)
    saw = _before(reading, stood.saw, position.seen)
    if since is None and saw is None:
        return None
    return WayBack(standing.reached or "" if since is None else since, saw)


def _before(reading: Reading, key: str | None, count: int) -> str | None:
    """Give a key back that names one of the scenes before the last of so many; "" is before all."""
    if not key:
        return key if count else None
    scene = reading.known.rule.scene_at(key)
    return reading.story.scenes[scene].key if scene is not None and scene + 1 < count else None
