"""What was guessed of a story, and what it counts as until its author has looked at it.

A guess is named by its path. Nothing that is guessed tells more than it must: a level counts as
the highest, a lesser telling, a name or a fact is left out, a time is the present. That is settled
here alone, between a file, which keeps its guesses, and the story that is made of it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum, auto
from typing import TypeVar

from explorer.story.terms import Time
from explorer.storyfile.document_index import DocumentIndex, ValueNode
from explorer.storyfile.json_positions import Path, spelled
from explorer.storyfile.problems import Problem, quoted
from explorer.storyfile.schema import Entry, StoryEntry

_NUMBER = "0|[1-9][0-9]{0,8}"
_PATH = re.compile(rf"[a-z]+(\.[a-z]+|\[({_NUMBER})\])*")
_STEP = re.compile(rf"[a-z]+|{_NUMBER}")

# Fields that are called otherwise than the keys of a file.
_FIELDS: Mapping[int | str, str] = {"is": "identity"}

_Entry = TypeVar("_Entry", bound=Entry)


class Guessed(Enum):
    """What can be guessed."""

    SCENE_LEVEL = auto()
    CONDITION_LEVEL = auto()
    TELLING = auto()
    NAME = auto()
    FACT = auto()
    TIME = auto()


# What can be guessed, by its path with no number in the brackets.
GUESSES: Mapping[str, Guessed] = {
    "scenes[].level": Guessed.SCENE_LEVEL,
    "scenes[].time": Guessed.TIME,
    "scenes[].tellings[]": Guessed.TELLING,
    # A lesser telling of the highest level there cannot be.
    "scenes[].tellings[].level": Guessed.TELLING,
    "scenes[].tellings[].time": Guessed.TIME,
    "people[].names[]": Guessed.NAME,
    "people[].also[]": Guessed.NAME,
    "people[].facts[]": Guessed.FACT,
    **dict.fromkeys(
        (
            "details[].level",
            "credits[].level",
            "about[].level",
            "sources[].level",
            "parts[].level",
            "parts[].summary.level",
            "parts[].summary[].level",
            "people[].names[].level",
            "people[].also[].level",
            "people[].facts[].level",
            "people[].facts[].until.level",
            "people[].is.level",
            "relations[].level",
            "relations[].until.level",
        ),
        Guessed.CONDITION_LEVEL,
    ),
}


def path_of(text: str) -> Path | None:
    """Read a path as problems spell it, `scenes[3].level`; None for what is none."""
    if _PATH.fullmatch(text) is None:
        return None
    return tuple(int(step) if step[0].isdigit() else step for step in _STEP.findall(text))


def what(path: Path) -> Guessed | None:
    """Say what is guessed at a path; None where nothing can be."""
    shape = "".join("[]" if isinstance(step, int) else f".{step}" for step in path)
    return GUESSES.get(shape.removeprefix("."))


# --- what is wrong with guesses ----------------------------------------------------------------


def wrong_guesses(story: ValueNode, _: DocumentIndex) -> Iterator[Problem]:
    """Find guesses that lead nowhere, stand twice, or are of what is never guessed."""
    first: dict[str, Path] = {}
    for guess in story.each("guesses"):
        node = guess.at("path")
        if node.text is None:
            continue
        if node.text in first:
            yield node.problem(
                f"is guessed already, in {spelled(first[node.text])}", "Keep one of them."
            )
        else:
            yield from _flaws(story, node, node.text)
        first.setdefault(node.text, guess.path)


def _flaws(story: ValueNode, node: ValueNode, text: str) -> Iterator[Problem]:
    path = path_of(text)
    if path is None:
        yield node.problem(
            f"is no path: {quoted(text)}",
            'Write it as faults are shown, counted from 0: "scenes[3].level".',
        )
    elif what(path) is None:
        yield node.problem(
            f"nothing can be guessed at {quoted(text)}",
            "A guess is of a level, a time, a lesser telling, a name or a fact. Name one of "
            "these, or take it out.",
        )
    elif (missing := _missing(story, path)) is not None:
        yield node.problem(
            f"leads nowhere: there is no {spelled(missing)}",
            "Correct it, or take it out if what it was about is gone.",
        )


def _missing(story: ValueNode, path: Path) -> Path | None:
    """Give the beginning of a path up to what is not there; None if all of it is."""
    value = story.value
    for n, step in enumerate(path):
        # The present goes without saying.
        if step == "time" and isinstance(value, dict):
            return None
        value = _under(value, step)
        if value is None:
            return path[: n + 1]
    return None


def _under(value: object, step: int | str) -> object:
    if isinstance(step, int):
        return value[step] if isinstance(value, list) and step < len(value) else None
    return value.get(step) if isinstance(value, dict) else None


# --- what guesses count as ---------------------------------------------------------------------


@dataclass(slots=True)
class _Marks:
    """What is guessed in a value, by the steps that lead there, and whether all of it is."""

    is_guessed: bool = False
    below: dict[int | str, _Marks] = field(default_factory=dict)

    def add(self, guess: str) -> None:
        """Mark what a guess is about. Raises LookupError."""
        path = path_of(guess)
        guessed = None if path is None else what(path)
        if path is None or guessed is None:
            raise LookupError(guess)
        marks = self
        for step in path[:4] if guessed is Guessed.TELLING else path:
            marks = marks.below.setdefault(step, _Marks())
        marks.is_guessed = True


def settled(entry: StoryEntry) -> StoryEntry:
    """Give what a file tells while its guesses stand.

    A person all of whose names are guessed is left without any, and so is never known. Raises
    LookupError where a guess is one that `wrong_guesses` complains of.
    """
    if not entry.guesses:
        return entry
    marks = _Marks()
    for guess in entry.guesses:
        marks.add(guess.path)
    return _settled(entry, marks, len(entry.levels) - 1)


def _settled(entry: _Entry, marks: _Marks, highest: int) -> _Entry:
    names = ((_FIELDS.get(step, str(step)), below) for step, below in marks.below.items())
    counted = {name: _counted(entry, name, below, highest) for name, below in names}
    return entry.model_copy(update=counted)


def _counted(entry: Entry, name: str, marks: _Marks, highest: int) -> object:
    """Give what a field counts as in which something is guessed. Raises LookupError."""
    if name == "level":
        return _strictest(entry, highest)
    if name == "time":
        return Time.PRESENT
    value = vars(entry)[name]
    if isinstance(value, list):
        return _left(value, marks.below, highest)
    if isinstance(value, Entry):
        return _settled(value, marks, highest)
    raise LookupError(name)


def _strictest(entry: Entry, highest: int) -> int | None:
    """Give the highest level. On scenes none is higher than that of their full telling."""
    return highest if getattr(entry, "scene", None) is None else None


def _left(entries: Sequence[Entry], marks: Mapping[int | str, _Marks], highest: int) -> list[Entry]:
    """Give what is left of a list. Raises LookupError where something is not in it."""
    if not marks.keys() <= set(range(len(entries))):
        raise LookupError(len(entries))
    return [
        _settled(entry, marks[n], highest) if n in marks else entry
        for n, entry in enumerate(entries)
        if n not in marks or not marks[n].is_guessed
    ]


# --- what authors are told of them -------------------------------------------------------------


def standing(entry: StoryEntry) -> Iterator[Problem]:
    """Say of each guess in a good file where and why it is one, and what it counts as."""
    document = entry.document()
    told = settled(entry)
    for guess in entry.guesses:
        path = path_of(guess.path) or ()
        yield Problem(
            path,
            f"is a guess ({guess.why.removesuffix('.')})",
            f'Until you take it out of "guesses", it {_effect(path, document, told)}.',
        )


def _effect(path: Path, document: object, told: StoryEntry) -> str:
    """Say in words for authors what is done with a guess."""
    guessed = what(path)
    highest = f'level {len(told.levels) - 1} ("{told.levels[-1].name}")'
    if guessed is Guessed.SCENE_LEVEL:
        return f"counts as the highest, {highest}"
    if guessed is Guessed.CONDITION_LEVEL:
        for step in path[:-1]:
            document = _under(document, step)
        on_scenes = _under(document, "scene") is not None
        return "counts as the full telling" if on_scenes else f"counts as the highest, {highest}"
    if guessed is Guessed.TIME:
        return 'counts as "present"'
    if guessed is Guessed.NAME and not told.people[int(path[1])].names:
        return "is left out, and so is the person, who has no other name"
    return "is left out"
