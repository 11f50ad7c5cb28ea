"""Where in a story something comes to be known, for readers of one threshold and opened scenes.

With these two fixed, and no edit between, whatever a condition asks for holds from some scene
reached and some scene seen on. So one place stands for all that a reader was at before. Pure.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence

from explorer.knowledge.bookmark import Position
from explorer.story.model import Condition, Story

# How many scenes must be reached, and how many of them seen.
Place = tuple[int, int]

_START: Place = (0, 0)


class FirstPlaces:
    """Gives the first places of conditions, for readers as far as one position says."""

    def __init__(self, story: Story, position: Position) -> None:
        """Take a story and a place laid on it."""
        self._story = story
        self._threshold = position.threshold
        self._opened = position.opened
        self._reached = position.reached

    def of(self, condition: Condition) -> Place | None:
        """Where a condition first holds; None for what only they know who have finished."""
        if condition.scene is None:
            known = condition.level is None or self._threshold >= condition.level
            return _START if known else None
        if condition.start is not None:
            return self._of_run(condition.start, condition.scene + 1, condition.level or 0)
        scenes = (*condition.others, condition.scene)
        places = [self._of_scene(scene, condition.level) for scene in scenes]
        return max(place[0] for place in places), max(place[1] for place in places)

    def names_shown(self, person: int) -> set[str]:
        """The names that someone had as the name shown to one less far on, while nobody else yet.

        Of all places at which a name is known the first is asked: what is known there, a later
        name or who they turn out to be, is known at all of them.
        """
        names = self._story.people[person].names
        firsts = [self.of(name.condition) for name in names]
        return {
            name.name
            for n, (name, place) in enumerate(zip(names, firsts, strict=True))
            if place is not None
            and place[0] < self._reached
            and not any(is_past(place, later) for later in firsts[n + 1 :])
            and not self._is_another(person, place)
        }

    def _is_another(self, person: int, place: Place) -> bool:
        """Whether someone is known to be another to those at a place."""
        identity = self._story.people[person].identity
        if identity is None or not is_past(place, self.of(identity.condition)):
            return False
        names = self._story.people[identity.person].names
        return any(is_past(place, self.of(name.condition)) for name in names)

    def _of_scene(self, scene: int, level: int | None) -> Place:
        if scene in self._opened:
            return _START
        *lesser, full = self._story.scenes[scene].tellings
        told = [telling.level for telling in lesser if telling.level <= self._threshold]
        is_enough = level is not None and bool(told) and told[-1] >= level
        if full.level <= self._threshold or is_enough:
            return scene + 1, 0
        return scene + 1, scene + 1

    def _of_run(self, start: int, end: int, level: int) -> Place:
        reached = self._last(range(start, end))
        if self._threshold >= level:
            return reached, 0
        above = self._story.index.above[self._threshold]
        seen = self._last(above[bisect_left(above, start) : bisect_left(above, end)])
        return max(reached, seen), seen

    def _last(self, scenes: Sequence[int]) -> int:
        """Count up to the last of some scenes that was not opened by itself; 0 for none."""
        return next((scene + 1 for scene in reversed(scenes) if scene not in self._opened), 0)


def is_past(place: Place, first: Place | None) -> bool:
    """Whether who is at a place is at another one or past it."""
    return first is not None and first[0] <= place[0] and first[1] <= place[1]
