"""A story cut into stretches of scenes, and those into shorter ones.

What is made of a stretch is the same for all readers to whom all in it is told alike. So it can be
remembered for them, and a walk through the whole of a long story becomes a few steps. Pure.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain

from explorer.story.model import Condition, Part, Scene, Story

# So many scenes are in the shortest stretches, and so many stretches in the next longer ones.
SCENES = 16
STRETCHES = 16


@dataclass(frozen=True, slots=True, eq=False)
class Stretch:
    """The scenes from `start` to before `end`.

    What is said there depends on which tellings are shown, on who the people in `cast` are by then,
    and on whether each of the conditions in `outer` holds. `within` are the shorter stretches of
    which a long one is made.
    """

    start: int
    end: int
    cast: tuple[int, ...]
    outer: tuple[Condition, ...]
    within: tuple[Stretch, ...] = ()


def cut(story: Story) -> tuple[Stretch, ...]:
    """Give the longest stretches of a story, as told; they are few however long it is."""
    count = len(story.scenes)
    cuts = tuple(
        _shortest(story, start, min(start + SCENES, count)) for start in range(0, count, SCENES)
    )
    while len(cuts) > STRETCHES:
        cuts = tuple(_joined(cuts[n : n + STRETCHES]) for n in range(0, len(cuts), STRETCHES))
    return cuts


def _shortest(story: Story, start: int, end: int) -> Stretch:
    scenes = story.scenes[start:end]
    parts = [part for scene in range(start, end) for part in story.index.parts_at.get(scene, ())]
    cast = chain(chain.from_iterable(map(_named, scenes)), *map(_named_in, parts))
    conditions = chain.from_iterable(map(_conditions, parts))
    return Stretch(start, end, tuple(sorted(set(cast))), _outer(conditions, start, end))


def _joined(within: tuple[Stretch, ...]) -> Stretch:
    start, end = within[0].start, within[-1].end
    cast = sorted({person for stretch in within for person in stretch.cast})
    outer = _outer((condition for stretch in within for condition in stretch.outer), start, end)
    return Stretch(start, end, tuple(cast), outer, within)


def _named(scene: Scene) -> Iterator[int]:
    for telling in scene.tellings:
        yield from telling.people
        yield from (mention.person for mention in telling.text.mentions)


def _named_in(part: Part) -> Iterator[int]:
    for summary in part.summaries:
        yield from (mention.person for mention in summary.text.mentions)


def _conditions(part: Part) -> Iterator[Condition]:
    yield part.condition
    yield from (summary.condition for summary in part.summaries)


def _outer(conditions: Iterable[Condition], start: int, end: int) -> tuple[Condition, ...]:
    """Those on which the tellings that are shown of these scenes do not decide."""
    within = range(start, end)
    found = (c for c in conditions if c != Condition() and not _is_inner(c, within))
    return tuple(dict.fromkeys(found))


def _is_inner(condition: Condition, within: range) -> bool:
    return bool(condition.scenes) and all(scene in within for scene in condition.scenes)
