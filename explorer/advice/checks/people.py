"""People whom a story meets at the wrong time: before they are known, never by name, or no more."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from explorer.advice.first_readers import Reader
from explorer.advice.manuscript import Manuscript, Passage, Spot
from explorer.story.model import Name
from explorer.story.phrases import someone
from explorer.storyfile.problems import Problem, quoted

# --- before they are known ---------------------------------------------------------------------


def strangers(script: Manuscript) -> Iterator[Problem]:
    """Find people whom a passage lists or links, and whom its first readers do not know."""
    for tellings in script.scenes:
        for spot in tellings:
            yield from _listed(script, spot)
    for passage in script.passages:
        yield from _linked(script, passage)


def _listed(script: Manuscript, spot: Spot) -> Iterator[Problem]:
    reader = script.readers.at(script.readers.of_telling(spot.scene, spot.telling))
    for n, person in enumerate(_telling_people(script, spot)):
        if reader.narrator.who(person) is None:
            yield Problem(
                (*script.path(spot), "people", n),
                f"{_id(script, person)} is not known by then{_since(script, person)}; "
                "the first readers find one name less",
                "Tell a name by this scene and level, or leave them out here.",
            )


def _linked(script: Manuscript, passage: Passage) -> Iterator[Problem]:
    listed = passage.people if isinstance(passage.told, Spot) else ()
    readers = [script.readers.at(place) for place in passage.places]
    worded = {mention.person: mention.words for mention in passage.mentions}
    for person, words in worded.items():
        if person in listed or all(reader.narrator.who(person) for reader in readers):
            continue
        instead = quoted(someone(script.story.language))
        shown = "nobody is linked" if words else f"the link reads as {instead}"
        yield Problem(
            passage.path,
            f"links {_id(script, person)}, who is not known by then{_since(script, person)}; "
            f"for the first readers {shown}",
            "Tell a name by then, or say it without this person.",
        )


def _telling_people(script: Manuscript, spot: Spot) -> tuple[int, ...]:
    return script.story.scenes[spot.scene].tellings[spot.telling].people


def _since(script: Manuscript, person: int) -> str:
    """Say when someone becomes known, as the author wrote it first."""
    return f" ({script.since(script.story.people[person].names[0].condition)})"


def _id(script: Manuscript, person: int) -> str:
    return quoted(script.story.people[person].id)


# --- never by name -----------------------------------------------------------------------------


def unseen(script: Manuscript) -> Iterator[Problem]:
    """Find names that nobody learns by seeing the work, since they depend on a level alone."""
    for n, person in enumerate(script.story.people):
        scene = _first_listing(script, n)
        if scene is None:
            continue
        seer = script.readers.seeing(scene)
        for k, name in enumerate(person.names):
            if _is_by_level_alone(name) and not _is_heard(person.names, name, seer):
                yield Problem(
                    ("people", n, "names", k, "level"),
                    f"{quoted(name.name)} depends on a level alone: who has seen up to scene "
                    f'"{script.story.scenes[scene].id}" and accepts level 0 does not know it',
                    'Add the "scene" from which the work itself tells it.',
                )


def _first_listing(script: Manuscript, person: int) -> int | None:
    """Give the first scene whose full telling lists a person."""
    for listing in script.story.index.listed[person]:
        if script.is_full(Spot(listing.scene, listing.telling)):
            return listing.scene
    return None


def _is_by_level_alone(name: Name) -> bool:
    return name.condition.scene is None and bool(name.condition.level)


def _is_heard(names: tuple[Name, ...], name: Name, seer: Reader) -> bool:
    """Whether one who sees the work learns a name all the same, if only in a later scene."""
    if seer.rule.holds(name.condition):
        return True
    return any(other.name == name.name and not _is_by_level_alone(other) for other in names)


# --- no more -----------------------------------------------------------------------------------


def dropped(script: Manuscript) -> Iterator[Problem]:
    """Find people whom a telling lists and the next fuller one does not."""
    for tellings in script.scenes:
        for less, fuller in pairwise(tellings):
            yield from _dropped(script, less, fuller)


def _dropped(script: Manuscript, less: Spot, fuller: Spot) -> Iterator[Problem]:
    reader = script.readers.at(script.readers.of_telling(fuller.scene, fuller.telling))
    kept = {reader.rule.root(person) for person in _telling_people(script, fuller)}
    level = script.story.scenes[less.scene].tellings[less.telling].level
    for person in _telling_people(script, less):
        if reader.rule.root(person) not in kept:
            yield Problem(
                (*script.path(fuller), "people"),
                f"does not list {_id(script, person)}, whom the telling of level {level} lists",
                "List them here as well, or not there.",
            )
