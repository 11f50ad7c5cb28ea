"""The one place that decides: which telling of a scene is shown, what holds, who is who.

Everything that a reader can get is made from the answers in here (docs/contract.md, section 2).
They are positions and names only; `narrator` and `knowledge` make of them what travels.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Hashable, Iterable, Sequence
from typing import final

from explorer.knowledge.bookmark import Position
from explorer.knowledge.first_place import FirstPlaces
from explorer.knowledge.scene_runs import Runs
from explorer.story.model import Condition, Fact, Relation, Story
from explorer.story.terms import Time


@final
class Rule:
    """What one position allows its reader to know of one story.

    It asks nobody: those who make of its answers what travels hold it, and it knows none of them.
    """

    def __init__(self, story: Story, position: Position) -> None:
        """Take a story and a place laid on it."""
        self.story = story
        self.position = position
        self._roots: dict[int, int] = {}
        self._odd = sorted(position.opened | position.withheld)
        self._runs = Runs(story, position)
        self.first_places = FirstPlaces(story, position)
        all_seen = position.seen == len(story.scenes) and not position.withheld
        self.everything_seen = position.finished and all_seen

    def told(self, scene: int) -> int | None:
        """Which of a scene's tellings is shown; None when it is veiled or ahead."""
        position, tellings = self.position, self.story.scenes[scene].tellings
        if scene in position.opened:
            return len(tellings) - 1
        if scene >= position.reached or scene in position.withheld:
            return None
        if scene < position.seen:
            return len(tellings) - 1
        for n in range(len(tellings) - 1, -1, -1):
            if tellings[n].level <= position.threshold:
                return n
        return None

    def covers(self, scene: int) -> bool:
        """Whether the place has reached or opened a scene, so that its id is a known one."""
        return scene < self.position.reached or scene in self.position.opened

    def alike(self, start: int, end: int) -> Hashable | None:
        """What `told` hangs on for all scenes of a stretch; None where it hangs on each of them."""
        position = self.position
        odd = bisect_left(self._odd, start)
        if end > position.reached or (odd < len(self._odd) and self._odd[odd] < end):
            return None
        if end <= position.seen:
            return "seen"
        return position.threshold if start >= position.seen else None

    def scene_at(self, key: str) -> int | None:
        """The scene with a key, if the place covers it; None for any other key."""
        scene = self.story.index.scene_at.get(key)
        return scene if scene is not None and self.covers(scene) else None

    def holds(self, condition: Condition) -> bool:
        """Whether what carries a condition is known."""
        if condition.scene is None:
            level = condition.level
            return level is None or self.position.threshold >= level or self.everything_seen
        if condition.start is not None:
            return self._runs.tell(condition.start, condition.scene + 1, condition.level or 0)
        return self._tells(condition.scene, condition.level) and all(
            self._tells(scene, condition.level) for scene in condition.others
        )

    def _tells(self, scene: int, level: int | None) -> bool:
        """Whether a scene is shown in full, or in a telling of a level or a higher one."""
        told, tellings = self.told(scene), self.story.scenes[scene].tellings
        if told is None:
            return False
        return told == len(tellings) - 1 or (level is not None and tellings[told].level >= level)

    def lasts(self, entry: Fact | Relation) -> bool:
        """Whether a fact or relation is known, and nothing that is known has ended it."""
        return self.holds(entry.condition) and not (entry.until and self.holds(entry.until))

    def ended(self, entry: Fact | Relation) -> bool:
        """Whether a fact or relation is known, and known to hold no longer."""
        return bool(entry.until and self.holds(entry.condition) and self.holds(entry.until))

    def root(self, person: int) -> int:
        """The person whom someone is known to be: themselves, or the one they turned out to be."""
        way, at = list[int](), person
        while at not in self._roots:
            way.append(at)
            identity = self.story.people[at].identity
            if (
                identity is None
                or not self.holds(identity.condition)
                or self.name(identity.person) is None
            ):
                self._roots[at] = at
            else:
                at = identity.person
        # A chain is walked once, however many of those in it are asked for.
        for one in way:
            self._roots[one] = self._roots[at]
        return self._roots[at]

    def name(self, person: int) -> str | None:
        """The name of someone so far; None for one who is not known."""
        names = reversed(self.story.people[person].names)
        return next((name.name for name in names if self.holds(name.condition)), None)

    def members(self, person: int) -> list[int]:
        """A person and all who turned out to be the same one, the person first."""
        members = [person]
        for member in members:
            merging = self.story.index.merging[member]
            members += [other for other in merging if self.root(other) == person]
        return members

    def shown(self) -> list[int]:
        """All scenes reached of which something is told, as told."""
        return [scene for scene in range(self.position.reached) if self.told(scene) is not None]

    def time_of(self, scene: int) -> Time | None:
        """The time of the telling that is shown."""
        told = self.told(scene)
        return None if told is None else self.story.scenes[scene].tellings[told].time

    def happened(self, scenes: Iterable[int]) -> list[int]:
        """Shown scenes in story order; others are left out."""
        ranks = {}
        for scene in scenes:
            told = self.told(scene)
            if told is not None:
                ranks[scene] = self.story.index.happened[scene][told]
        return sorted(ranks, key=lambda scene: ranks[scene])

    def stands(self, scene: int, happened: bool) -> bool:
        """Whether a scene has a place in an order that may be known: as told, or as it happened.

        One that was opened ahead has none as told, and a veiled one must not say when it happens.
        """
        return self.told(scene) is not None if happened else scene < self.position.reached

    def spot(self, scene: int, row: Sequence[int], happened: bool) -> range:
        """Where a scene that stands in an order fits into a row of others in that order.

        The range is what it fills there, and empty where a filter has left it out.
        """
        if scene in row:
            at = row.index(scene)
            return range(at, at + 1)
        at = self.happened([*row, scene]).index(scene) if happened else bisect_left(row, scene)
        return range(at, at)

    def opened_ahead(self) -> list[int]:
        """The scenes that were opened ahead of the last one reached, as told."""
        return sorted(scene for scene in self.position.opened if scene >= self.position.reached)

    def number(self, scene: int) -> int | None:
        """The number of a scene that was reached; None for one that was opened ahead."""
        return scene + 1 if scene < self.position.reached else None
