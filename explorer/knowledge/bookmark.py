"""What the app remembers of a reader of a story, and where that is in the story of today.

A bookmark names scenes by key, on the revision on which it was last moved. Laid on the story of
today it becomes a `Position`, which counts scenes; a move (see `moves`) makes a new one, and that a
new bookmark. Nothing in here decides what may be known.
"""

from __future__ import annotations

from collections.abc import Container
from dataclasses import dataclass, replace

from explorer.story.levels import accepted
from explorer.story.model import Outline, Story
from explorer.story.terms import SceneKey

MOST_OPENED = 200
# What an edit put before the reader's place stays veiled, and is remembered by name up to this
# many; the cookie has to stay below 4 kB. Beyond, the place falls back to before the next one.
MOST_WITHHELD = 100


class Unknown(LookupError):  # noqa: N818  It is an answer, not an error.
    """A bookmark names what the story does not have; `fields` are those of it that do."""

    def __init__(self, fields: tuple[str, ...]) -> None:
        """Take the names of the fields."""
        super().__init__(", ".join(fields))
        self.fields = fields


@dataclass(frozen=True, slots=True)
class Bookmark:
    """All that is remembered. As it is made here, it is the first bookmark.

    `withheld` are scenes that an edit put before the place: they stay veiled until they
    are opened or the bookmark moves forward. `finished` is whether the reader said that
    everything has been seen; None stands for a bookmark of the form that did not say so.
    """

    threshold: int = 0
    reached: SceneKey | None = None
    seen: SceneKey | None = None
    opened: tuple[SceneKey, ...] = ()
    warned: bool = False
    revision: int = 0
    withheld: tuple[SceneKey, ...] = ()
    finished: bool | None = False


FIRST = Bookmark()


@dataclass(frozen=True, slots=True)
class Position:
    """A bookmark laid on one revision of a story.

    `reached` and `seen` count scenes from the first one, 0 for none; `opened` and `withheld` are
    positions. Always seen <= reached, and `withheld` lies before reached. Whoever has `finished`
    has seen the last scene, and nothing is withheld from them.
    """

    threshold: int = 0
    reached: int = 0
    seen: int = 0
    opened: frozenset[int] = frozenset()
    warned: bool = False
    withheld: frozenset[int] = frozenset()
    finished: bool = False


def position_of(story: Story, bookmark: Bookmark) -> Position:
    """Lay a bookmark on a story; what it names and the story never had counts as nothing."""
    then = story.outline_at(bookmark.revision)
    if then is None or then is story.outlines[-1]:
        position = _where_named(story, bookmark, then)
    else:
        position = _over_edits(story, bookmark, then)
    all_seen = position.seen == len(story.scenes) and not position.withheld
    return replace(position, finished=all_seen and _said(then, bookmark))


def _where_named(story: Story, bookmark: Bookmark, then: Outline | None) -> Position:
    """Lay a bookmark of today's outline, or of none that is kept: its scenes are where they are."""
    there: Container[str] = () if then is None else story.index.scene_at
    reached = _count(_meant(story, there, bookmark.reached))
    # The level numbers of a revision that never was mean nothing here.
    known_scale = then is not None and bookmark.threshold < len(story.levels)
    withheld = _all_meant(story, there, bookmark.withheld)
    return Position(
        threshold=bookmark.threshold if known_scale else 0,
        reached=reached,
        seen=min(_count(_meant(story, there, bookmark.seen)), reached),
        opened=_all_meant(story, there, bookmark.opened),
        warned=bookmark.warned,
        withheld=frozenset(scene for scene in withheld if scene < reached),
    )


def _over_edits(story: Story, bookmark: Bookmark, then: Outline) -> Position:
    """Lay a bookmark of another outline, so that no edit since then tells its reader more."""
    there = frozenset(then.scenes)
    became = _became(story, then, there)
    reached, stood = _fallen(became, then, bookmark.reached)
    seen, saw = _fallen(became, then, bookmark.seen)
    seen = min(seen, reached)
    # A scene that came to stand before `seen` was not seen, though it was reached.
    newcomers = set(range(reached)) - stood | set(range(seen)) - saw
    withheld = newcomers | _all_meant(story, there, bookmark.withheld)
    # A scene that took over several is open only when all of them were, or it would tell more.
    chosen = frozenset(bookmark.opened)
    opened = _all_meant(story, there, bookmark.opened)
    return Position(
        threshold=accepted(story.levels, then.levels, bookmark.threshold),
        reached=reached,
        seen=seen,
        opened=frozenset(scene for scene in opened if chosen.issuperset(became.get(scene, ()))),
        warned=bookmark.warned,
        withheld=frozenset(scene for scene in withheld if scene < reached),
    )


def _said(then: Outline | None, bookmark: Bookmark) -> bool:
    """Whether the reader said of the revision of a bookmark that everything has been seen.

    The form that did not ask is believed where the last scene of that revision was seen.
    """
    if then is None:
        return False
    if bookmark.finished is None:
        return bookmark.seen == then.scenes[-1]
    return bookmark.finished


def position_asked(story: Story, bookmark: Bookmark) -> Position:
    """Lay a bookmark that a program names, which is on the revision of today.

    What is seen is reached as well, and who names the last scene as seen has finished. Raises
    Unknown where it names what the story does not have.
    """
    at = story.index.scene_at
    named = {
        "reached": (bookmark.reached,),
        "seen": (bookmark.seen,),
        "opened": bookmark.opened,
    }
    unknown = [name for name, keys in named.items() if any(key and key not in at for key in keys)]
    if bookmark.threshold >= len(story.levels):
        unknown.insert(0, "threshold")
    if unknown:
        raise Unknown(tuple(unknown))
    seen = _count(at.get(bookmark.seen or ""))
    return Position(
        threshold=bookmark.threshold,
        reached=max(_count(at.get(bookmark.reached or "")), seen),
        seen=seen,
        opened=frozenset(at[key] for key in bookmark.opened),
        warned=bookmark.warned,
        finished=seen == len(story.scenes),
    )


def _count(position: int | None) -> int:
    return 0 if position is None else position + 1


def _meant(story: Story, there: Container[str], key: SceneKey | None) -> int | None:
    """Find the scene of today that a key means, of an outline whose scenes were `there`.

    One that was there itself took no other's place, whatever the author has drawn into it.
    """
    scene = story.index.scene_at.get(key or "")
    if scene is None:
        return None
    own = story.scenes[scene].key
    return scene if key == own or own not in there else None


def _all_meant(story: Story, there: Container[str], keys: tuple[SceneKey, ...]) -> frozenset[int]:
    scenes = (_meant(story, there, key) for key in keys)
    return frozenset(scene for scene in scenes if scene is not None)


def _became(story: Story, then: Outline, there: Container[str]) -> dict[int, list[SceneKey]]:
    """Give for each scene of today the past ones that it took the place of, in the old order."""
    became: dict[int, list[SceneKey]] = {}
    for past in then.scenes:
        scene = _meant(story, there, past)
        if scene is not None:
            became.setdefault(scene, []).append(past)
    return became


def _fallen(
    became: dict[int, list[SceneKey]], then: Outline, key: SceneKey | None
) -> tuple[int, set[int]]:
    """Find a past place in the story of today.

    Gives the count of scenes up to the last one, in the old order, that is still there, and the
    positions of all that stood up to the place then. A scene that took over several stands where
    the last of them did.
    """
    if key is None or key not in then.scenes:
        return 0, set()
    last_of = {pasts[-1]: position for position, pasts in became.items()}
    still = then.scenes[: then.scenes.index(key) + 1]
    there = [last_of[past] for past in still if past in last_of]
    return (there[-1] + 1 if there else 0), set(there)


def bookmark_of(story: Story, position: Position) -> Bookmark:
    """Give the bookmark of a place, on the story's revision."""
    position = _bounded(position)

    def keys(positions: frozenset[int]) -> tuple[SceneKey, ...]:
        return tuple(story.scenes[i].key for i in sorted(positions))

    return Bookmark(
        threshold=position.threshold,
        reached=story.scenes[position.reached - 1].key if position.reached else None,
        seen=story.scenes[position.seen - 1].key if position.seen else None,
        opened=keys(position.opened),
        warned=position.warned,
        revision=story.revision,
        withheld=keys(position.withheld),
        finished=position.finished,
    )


def _bounded(position: Position) -> Position:
    if len(position.withheld) <= MOST_WITHHELD:
        return position
    reached = sorted(position.withheld)[MOST_WITHHELD]
    return replace(
        position,
        reached=reached,
        seen=min(position.seen, reached),
        withheld=frozenset(i for i in position.withheld if i < reached),
    )
