"""Where people are shown: which of the scenes that list someone the rule lets a reader know."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from functools import cached_property
from heapq import merge
from itertools import groupby

from explorer.knowledge.rule import Rule
from explorer.story.model import Listing


class Presence:
    """In which shown scenes the people of a story are listed, for one reader."""

    def __init__(self, rule: Rule) -> None:
        """Take the rule for a place."""
        self._rule = rule
        self._story = rule.story

    def scenes_of(self, person: int) -> list[int]:
        """The shown scenes that list a person, as told."""
        return list(self.latest_of(person))[::-1]

    def latest_of(self, person: int) -> Iterator[int]:
        """The same one by one, the last of them first."""
        yield from (scene for scene, _ in reversed(self._ahead.get(person, ())))
        listed = (self._story.index.listed[member] for member in self._rule.members(person))
        reached = (_latest_before(self._rule.position.reached, listings) for listings in listed)
        latest = merge(*reached, key=lambda one: -one.scene)
        shown = (one.scene for one in latest if self._rule.told(one.scene) == one.telling)
        yield from (scene for scene, _ in groupby(shown))

    def first_listing(self, person: int) -> tuple[int, int] | None:
        """The first shown scene that lists a person, and where in its list they stand."""
        firsts = []
        for member in self._rule.members(person):
            for listing in self._story.index.listed[member]:
                if listing.scene >= self._rule.position.reached:
                    break
                if self._rule.told(listing.scene) == listing.telling:
                    firsts.append((listing.scene, listing.place))
                    break
        return min(firsts, default=None) or next(iter(self._ahead.get(person, ())), None)

    @cached_property
    def _ahead(self) -> dict[int, list[tuple[int, int]]]:
        """For each person the scenes opened ahead that list them, and where they stand in each."""
        ahead: dict[int, list[tuple[int, int]]] = {}
        for scene in self._rule.opened_ahead():
            for place, listed in enumerate(self._story.scenes[scene].full.people):
                spots = ahead.setdefault(self._rule.root(listed), [])
                if not spots or spots[-1][0] != scene:
                    spots.append((scene, place))
        return ahead


def _latest_before(scene: int, listings: Sequence[Listing]) -> Iterator[Listing]:
    """Give the listings in scenes before this one, the last of them first."""
    before = bisect_left(listings, scene, key=lambda listing: listing.scene)
    return reversed(listings[:before])
