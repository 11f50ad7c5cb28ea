"""Which scenes a view shows of what a reader has reached, and which of them are on one page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from explorer.knowledge.filters import Match, Order, View, Wish
from explorer.knowledge.knowledge import Knowledge
from explorer.knowledge.known import KnownRow
from explorer.reading import window
from explorer.reading.errors import NotFound
from explorer.story.model import Story

WINDOW = 20


@dataclass(frozen=True, slots=True)
class SceneList:
    """The scenes of one reading, by view."""

    known: Knowledge
    story: Story
    reached: int

    def granted(self, wish: Wish) -> View:
        """Give of a view that is wished for what can be granted."""
        people = (self.known.narrator.person_at(key) for key in wish.who)
        whos = (self.known.narrator.who(one) for one in people if one is not None)
        who = tuple(dict.fromkeys(one for one in whos if one is not None))
        before, after = (self._beyond(key, wish.order) for key in (wish.before, wish.after))
        scenes = self.story.scenes
        return View(
            who=who,
            match=wish.match if len(who) > 1 else Match.ANY,
            times=wish.times,
            order=wish.order,
            before=None if before is None else scenes[before].key,
            after=None if after is None or before is not None else scenes[after].key,
        )

    def _beyond(self, key: str, order: Order) -> int | None:
        """The scene that a window is beside; None where it has no place in that order."""
        scene = self.known.rule.scene_at(key)
        stands = scene is not None and self.known.rule.stands(scene, order is Order.HAPPENED)
        return scene if stands else None

    def in_view(self, view: View) -> Sequence[int]:
        """The scenes of a view in its order; as told and unfiltered, veiled ones among them."""
        reached = range(self.reached)
        if view.order is Order.HAPPENED:
            ahead = (self.story.index.scene_at[scene.key] for scene in self.known.ahead())
            return self.known.rule.happened(self._matching(view, [*reached, *ahead]))
        return self._matching(view, reached) if view.filtered else reached

    def _matching(self, view: View, scenes: Sequence[int]) -> Sequence[int]:
        if view.who:
            sets = [set(self.known.presence.scenes_of(self._person(who.key))) for who in view.who]
            chosen = set.intersection(*sets) if view.match is Match.ALL else set.union(*sets)
            scenes = [scene for scene in scenes if scene in chosen]
        if view.times:
            scenes = [scene for scene in scenes if self.known.rule.time_of(scene) in view.times]
        return scenes

    def _person(self, key: str) -> int:
        person = self.known.narrator.person_at(key)
        if person is None:
            raise NotFound
        return person

    def window(self, scenes: Sequence[int], view: View) -> tuple[int, int]:
        """Which of a view's scenes are on its page, as the half-open range of their places."""
        beside = view.before or view.after
        if beside is not None and scenes:
            scene = self.story.index.scene_at[beside]
            spot = self.known.rule.spot(scene, scenes, view.order is Order.HAPPENED)
            return window.beside(spot, view, len(scenes), WINDOW)
        return window.before(self._end(scenes, view), WINDOW) if scenes else (0, 0)

    def _end(self, scenes: Sequence[int], view: View) -> int:
        """Where the page ends that shows the scene reached last."""
        last, count = self.reached - 1, len(scenes)
        if view.order is not Order.HAPPENED or last not in scenes:
            return count
        end = min(count, scenes.index(last) + 1 + WINDOW // 2)
        return max(end, min(count, WINDOW))

    def ahead(self, view: View) -> tuple[KnownRow, ...]:
        """Give the scenes opened ahead that a view shows; in story order they stand within."""
        if view.order is Order.HAPPENED:
            return ()
        ahead = [self.story.index.scene_at[scene.key] for scene in self.known.ahead()]
        matching = self._matching(view, ahead)
        return tuple(KnownRow(None, self.known.narrator.scene(scene)) for scene in matching)
