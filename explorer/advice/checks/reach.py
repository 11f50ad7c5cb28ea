"""What few or none of the readers get: names never shown, veiled scenes, late parts.

The format itself refuses a condition that no bookmark can meet; what is left is that which
something else always hides.
"""

from __future__ import annotations

from collections.abc import Iterator

from explorer.advice.first_readers import Reader
from explorer.advice.manuscript import Manuscript, Spot
from explorer.story.model import Condition, Name
from explorer.storyfile.problems import Problem, quoted

# A scene that is told to no one below this level leaves most readers before a veil.
_MOST_VEILED = 1


def unreachable(script: Manuscript) -> Iterator[Problem]:
    """Find names, spellings and relations that no bookmark is ever shown."""
    for person, entry in enumerate(script.story.people):
        for k, name in enumerate(entry.names):
            yield from _hidden_name(script, person, k, name)
        for k, spelling in enumerate(entry.also):
            yield from _hidden_spelling(script, person, k, spelling)
    yield from _relations_of_one(script)


def _hidden_name(script: Manuscript, person: int, k: int, name: Name) -> Iterator[Problem]:
    """Find a name in whose place another one stands from the first moment on."""
    shown = [reader.narrator.who(person) for reader in _first_readers(script, name.condition)]
    if all(who is None or who.name != name.name for who in shown):
        instead = next((who.name for who in shown if who is not None), "")
        yield Problem(
            ("people", person, "names", k),
            f"nobody who goes on in order is shown the name {quoted(name.name)}: "
            f"whoever learns it knows {quoted(instead)}, which stands later",
            "Put the names in the order in which they are told, or take this one out.",
        )


def _first_readers(script: Manuscript, condition: Condition) -> list[Reader]:
    """Give the first for whom a condition holds, by turning scenes and by seeing the work."""
    readers = [script.readers.at(script.readers.of(condition))]
    if condition.scene is not None:
        readers.append(script.readers.seeing(condition.scene))
    return readers


def _hidden_spelling(script: Manuscript, person: int, k: int, spelling: Name) -> Iterator[Problem]:
    names = [n for n in script.story.people[person].names if n.name == spelling.name]
    readers = _first_readers(script, spelling.condition)
    if names and all(any(reader.rule.holds(n.condition) for n in names) for reader in readers):
        yield Problem(
            ("people", person, "also", k),
            f"{quoted(spelling.name)} is one of the names already, so it is never shown here",
            "Take it out.",
        )


def _relations_of_one(script: Manuscript) -> Iterator[Problem]:
    """Find relations of two who are one whenever the relation would be known."""
    for n, relation in enumerate(script.story.relations):
        ends = (relation.origin, relation.target)
        places = script.readers.of_entry(relation.condition, ends)
        readers = [script.readers.at(place) for place in places]
        if all(reader.rule.root(ends[0]) == reader.rule.root(ends[1]) for reader in readers):
            yield Problem(
                ("relations", n),
                "nobody is ever shown this relation: by then the two are known to be one",
                "Let it be known earlier, or take it out.",
            )


# --- veils and parts ---------------------------------------------------------------------------


def veiled(script: Manuscript) -> Iterator[Problem]:
    """Find scenes of which readers at a low level learn nothing but that they are there."""
    for i, scene in enumerate(script.story.scenes):
        if len(scene.tellings) == 1 and scene.level > _MOST_VEILED:
            yield Problem(
                script.path(Spot(i, 0)),
                f"{quoted(scene.full.title)} has no lesser telling: below "
                f"{script.level(scene.level)} there is a veil",
                'Add one to "tellings", if anything of it can be told.',
            )


def late_parts(script: Manuscript) -> Iterator[Problem]:
    """Find parts whose titles belong to the upper half of the levels."""
    highest = len(script.story.levels) - 1
    for n, part in enumerate(script.story.parts):
        level = part.condition.level
        if level is not None and 2 * level > highest:
            yield Problem(
                ("parts", n, "level"),
                f"the title {quoted(part.title)} is told from {script.level(level)} on; "
                "below, this part has no beginning",
                "Find a title that gives less away, and lower its level.",
            )
