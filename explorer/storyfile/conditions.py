"""What a story file says of its conditions that cannot be meant: each of them stands in no schema.

A condition of a wrong kind, or on what is not there, is passed over, since others complain of it.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from itertools import accumulate
from math import inf

from explorer.storyfile.document_index import (
    DocumentIndex,
    ValueNode,
    conditioned,
    one_or_each,
    passing,
    summaries,
)
from explorer.storyfile.json_positions import spelled
from explorer.storyfile.problems import Problem, quoted


def _named_twice(story: ValueNode, _: DocumentIndex) -> Iterator[Problem]:
    for entry in conditioned(story):
        named: set[str] = set()
        for node in entry.each("scene"):
            if node.text in named:
                yield node.problem(
                    f"{quoted(node.text)} stands in this condition already", "Name it once."
                )
            elif node.text is not None:
                named.add(node.text)


def _both_ways(story: ValueNode, _: DocumentIndex) -> Iterator[Problem]:
    """Find conditions on single scenes and on a run of them; a part has no run at all."""
    for entry in conditioned(story):
        is_part = entry.path[0] == "parts" and len(entry.path) == 2
        scene, through = entry.at("scene"), entry.at("through")
        if not (is_part or scene.value is None or through.value is None):
            yield through.problem(
                'stands beside "scene"',
                'Keep "through" for all scenes up to one, or "scene" for those that it names.',
            )


def _above_scenes(story: ValueNode, known: DocumentIndex) -> Iterator[Problem]:
    """Find conditions of a level that no telling of their scenes can ever have."""
    for entry in conditioned(story):
        node = entry.at("level")
        named = [known.scene_levels.get(scene.text or "") for scene in one_or_each(entry, "scene")]
        levels = [level for level in named if level is not None]
        if node.number is None or len(levels) < max(1, len(named)):
            continue
        if known.has_level(node.number) and node.number > max(levels):
            its = (
                "that of the scene, which is"
                if len(levels) == 1
                else "those of all scenes, at most"
            )
            yield node.problem(
                f"level {node.number} is above {its} {max(levels)}, "
                "so nobody would ever be told so much of them",
                f"Write {max(levels)} or less, or leave the level out.",
            )


def _beyond_part(story: ValueNode, known: DocumentIndex) -> Iterator[Problem]:
    """Find summaries that speak of scenes which are not in their part."""
    at = known.ids.get("scenes", {})
    parts = list(story.each("parts"))
    starts = [at.get(part.at("scene").text or "") for part in parts]
    for part, start, end in zip(parts, starts, [*starts, len(at)][1:], strict=True):
        for summary in summaries(part):
            node = summary.at("through")
            through = at.get(node.text or "")
            if start is None or end is None or end <= start or through is None:
                continue
            if not start <= through < end:
                yield node.problem(
                    f"this scene is not in {spelled(part.path)}",
                    "Name the last scene of the part that the summary speaks of.",
                )


# --- what never stands -------------------------------------------------------------------------


def _never_standing(story: ValueNode, known: DocumentIndex) -> Iterator[Problem]:
    """Find what ends as soon as it is known, for every reader."""
    entries = [entry for entry in passing(story) if isinstance(entry.at("until").value, dict)]
    if not entries or known.levels is None:
        return
    told = _Told.of(story)
    for entry in entries:
        node = entry.at("until")
        begun, ended = _asked(entry, known), _asked(node, known)
        if begun is not None and ended is not None and told.follows(ended, begun):
            yield node.problem(
                "holds whenever what it ends does, so that nobody would see that stand",
                "Let it wait for what is told later, or leave it out.",
            )


@dataclass(frozen=True, slots=True)
class _Asked:
    """What a condition asks for: the scenes that it speaks of, in a run or one by one; a level."""

    scenes: Collection[int]
    is_run: bool
    level: int | None

    @property
    def least(self) -> float:
        """The least level of a telling that is enough; a full one always is."""
        return inf if self.level is None else self.level


def _asked(entry: ValueNode, known: DocumentIndex) -> _Asked | None:
    """Read a condition; None where something is wrong with it."""
    at = known.ids.get("scenes", {})
    level, through = entry.at("level"), entry.at("through")
    if level.value is not None and (level.number is None or not known.has_level(level.number)):
        return None
    nodes = [through] if through.value is not None else list(one_or_each(entry, "scene"))
    named = [node.text for node in nodes if node.value is not None]
    scenes = [at[ident] for ident in named if ident in at]
    if len(scenes) < len(named) or (through.value is not None and entry.at("scene").value):
        return None
    if through.value is None:
        return _Asked(frozenset(scenes), False, level.number)
    highest = (known.levels or 1) - 1
    return _Asked(range(scenes[0] + 1), True, highest if level.number is None else level.number)


@dataclass(frozen=True, slots=True)
class _Told:
    """The levels of the tellings of each scene; `highest` is that of all scenes up to it."""

    lesser: tuple[tuple[int, ...], ...]
    full: tuple[int, ...]
    highest: tuple[int, ...]

    @classmethod
    def of(cls, story: ValueNode) -> _Told:
        scenes = list(story.each("scenes"))
        full = tuple(scene.at("level").number or 0 for scene in scenes)
        lesser = (
            tuple(
                level for t in scene.each("tellings") if (level := t.at("level").number) is not None
            )
            for scene in scenes
        )
        return cls(tuple(lesser), full, tuple(accumulate(full, max)))

    def follows(self, ended: _Asked, begun: _Asked) -> bool:
        """Whether one condition holds for everybody for whom the other does."""
        if not ended.scenes:
            asks_less = not begun.scenes and (ended.level or 0) <= (begun.level or 0)
            return not ended.level or asks_less
        if len(ended.scenes) > len(begun.scenes):
            return False
        if not begun.is_run or not ended.is_run:
            if not all(scene in begun.scenes for scene in ended.scenes):
                return False
            if ended.is_run and ended.level == 0:
                return True
            return all(self._tells_enough(scene, begun, ended) for scene in ended.scenes)
        # Both are runs from the first scene: who accepts the level of one accepts a lower one.
        last = len(ended.scenes) - 1
        return ended.least <= begun.least or self.highest[last] <= begun.least

    def _tells_enough(self, scene: int, begun: _Asked, ended: _Asked) -> bool:
        """Whether each telling of a scene that is enough for the one is enough for the other."""
        if any(begun.least <= level < ended.least for level in self.lesser[scene]):
            return False
        if not begun.is_run:
            return True
        # Who accepts the level of a run is shown what that level allows, be it nothing.
        allowed = [level for level in self.lesser[scene] if level <= begun.least]
        full = self.full[scene] <= begun.least
        return full or any(level >= ended.least for level in allowed)


CHECKS: tuple[Callable[[ValueNode, DocumentIndex], Iterator[Problem]], ...] = (
    _named_twice,
    _both_ways,
    _above_scenes,
    _beyond_part,
    _never_standing,
)
