"""Story files: scenes.json <-> the story, or every error in it with its line.

A file is refused whole. What is kept of a good one is its document: what it says, with nothing
that goes without saying and in one order of keys, so that files that mean the same are the same.
"""

from __future__ import annotations

import gc
import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property

from pydantic import ValidationError

from explorer.story.model import Level, Outline, Story
from explorer.story.terms import SceneKey
from explorer.storyfile import json_positions
from explorer.storyfile.builder import build, levels_of, scene_key
from explorer.storyfile.consistency import problems
from explorer.storyfile.guesses import settled, standing
from explorer.storyfile.problems import BrokenStory, LocatedProblem, Problem, shape_flaws
from explorer.storyfile.schema import FORMAT, StoryEntry

__all__ = [
    "MOST_BYTES",
    "BrokenStory",
    "Document",
    "LocatedProblem",
    "StoryFile",
    "guesses_standing",
    "read",
    "trusted",
    "uncollected",
    "write",
]

MOST_BYTES = 32 * 1024 * 1024
_MOST_DIGITS = 18

# An object as `json` gives it.
Document = Mapping[str, object]


@contextmanager
def uncollected() -> Iterator[None]:
    """Look for no garbage meanwhile.

    Among so many small values that all stay, looking takes as long as making them.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


@dataclass(frozen=True)
class StoryFile:
    """A good story file. `entry` is what its author wrote, with guesses that may still stand."""

    entry: StoryEntry

    @cached_property
    def told(self) -> StoryEntry:
        """What may be told of it: every guess that stands counts as what tells the least.

        Raises LookupError where a guess leads nowhere, which none does in a file that was read.
        """
        return settled(self.entry)

    @cached_property
    def document(self) -> dict[str, object]:
        """What the file says, in the order of docs/contract.md, without what is left out there."""
        return self.entry.document()

    @property
    def id(self) -> str:
        """The story's id."""
        return self.entry.id

    @property
    def scene_keys(self) -> tuple[SceneKey, ...]:
        """The keys of the scenes, in the order told."""
        return tuple(scene_key(self.id, scene.id) for scene in self.entry.scenes)

    @property
    def scene_ids(self) -> frozenset[str]:
        """The ids that scenes have or had."""
        return frozenset(ident for scene in self.entry.scenes for ident in (scene.id, *scene.was))

    @property
    def level_names(self) -> tuple[str, ...]:
        """The names of the levels, from 0 on."""
        return tuple(level.name for level in self.entry.levels)

    @property
    def levels(self) -> tuple[Level, ...]:
        """The levels, from 0 on."""
        return levels_of(self.entry)

    @uncollected()
    def story(self, revision: int = 0, outlines: tuple[Outline, ...] = ()) -> Story:
        """Make the story, as the given revision and with the outlines kept of it."""
        return build(self.told, revision, outlines)


@uncollected()
def read(data: bytes) -> StoryFile:
    """Read a story file; raises BrokenStory with all that is wrong with it."""
    text = _text(data)
    document, doubled = _parsed(text)
    entry, found = _checked(document)
    if doubled or found or entry is None:
        raise BrokenStory(_located(text, found))
    return StoryFile(entry)


@uncollected()
def trusted(document: Document) -> StoryFile:
    """Take a document that was read before and kept since; only its shape is looked at."""
    return StoryFile(StoryEntry.model_validate(document))


def guesses_standing(file: StoryFile, data: bytes) -> list[LocatedProblem]:
    """Give each guess in the file of this text: its line, why it is one, what it counts as."""
    return list(_located(_text(data), list(standing(file.entry)))) if file.entry.guesses else []


def write(document: Document) -> str:
    """Give the text of a document, as authors like to edit it."""
    return json.dumps(document, ensure_ascii=False, indent=2) + "\n"


def _broken(line: int, message: str, advice: str, path: str = "") -> BrokenStory:
    return BrokenStory([LocatedProblem(line, path, message, advice)])


def _text(data: bytes) -> str:
    if len(data) > MOST_BYTES:
        size = f"{MOST_BYTES // 1024 // 1024} MiB"
        raise _broken(1, f"the file is larger than {size}", "Tell it as more than one story.")
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise _broken(1, "the file is in UTF-16, not UTF-8", "Save it with the encoding UTF-8.")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        what = f"there is a byte that is no UTF-8 (0x{data[error.start]:02x})"
        raise _broken(line, what, "Save the file with the encoding UTF-8.") from None
    if not text.strip():
        raise _broken(1, "the file is empty", "Begin with the example in the README.")
    return text


def _parsed(text: str) -> tuple[object, bool]:
    """Give what the text holds, and whether a key stands twice in one object anywhere."""
    doubled = False

    def pairs(found: list[tuple[str, object]]) -> dict[str, object]:
        nonlocal doubled
        made = dict(found)
        doubled = doubled or len(made) < len(found)
        return made

    try:
        return json.loads(text, object_pairs_hook=pairs, parse_int=_integer), doubled
    except json.JSONDecodeError as error:
        raise _not_json(error) from None
    except RecursionError:
        raise BrokenStory(_located(text, [])) from None


def _integer(digits: str) -> int:
    """Read a number; one that is beyond all sense is merely a very large one."""
    return int(digits) if len(digits) <= _MOST_DIGITS else 10**_MOST_DIGITS


def _not_json(error: json.JSONDecodeError) -> BrokenStory:
    before = error.doc[: error.pos].rstrip()
    known = (words for start, words in _JSON_ADVICE.items() if error.msg.startswith(start))
    advice = next(known, "Compare it with the example in the README.")
    if error.pos >= len(error.doc.rstrip()):
        advice = "The file ends too early; close every brace, bracket and quotation mark."
    elif before.endswith(",") and error.doc[error.pos] in "]}":
        advice = "Take out the comma before it; the last entry has none."
    what = f"this is no JSON: {_lowered(error.msg)} (column {error.colno})"
    return _broken(error.lineno, what, advice)


def _lowered(message: str) -> str:
    return message[:1].lower() + message[1:].removesuffix(" at")


_JSON_ADVICE: Mapping[str, str] = {
    "Expecting ','": "Is a comma missing, or a quotation mark inside a text without \\ before it?",
    "Expecting property name": 'Write the key in double quotation marks: "title".',
    "Expecting ':'": "Write a colon between the key and what it holds.",
    "Expecting value": "Write text in double quotation marks; comments are not allowed.",
    "Invalid control character": "A text stays in one line; write \\n for a line break in it.",
    "Unterminated string": "Close the text with a quotation mark.",
    "Invalid \\": "Write a backslash as two: \\\\.",
    "Extra data": "The story ends before this; is a brace closed too early?",
    "Unexpected UTF-8 BOM": "Save the file without a second byte order mark.",
}


def _checked(document: object) -> tuple[StoryEntry | None, list[Problem]]:
    """Give the entries of a good document, or else all its problems."""
    if isinstance(document, dict):
        number = document.get("format")
        if type(number) is int and number != FORMAT:
            return None, [_other_format(number)]
    found = list(problems(document))
    try:
        return StoryEntry.model_validate(document), found
    except ValidationError as error:
        return None, shape_flaws(error) + found


def _other_format(number: int) -> Problem:
    if number < FORMAT:
        return Problem(("format",), f"there is no format {number}", f"Write {FORMAT}.")
    return Problem(
        ("format",),
        f"the file has format {number}, and this Plot Explorer reads only {FORMAT}",
        "Import it with a newer Plot Explorer.",
    )


def _located(text: str, found: list[Problem]) -> Iterator[LocatedProblem]:
    """Give problems their lines. Where top keys are doubled, what they hold is not judged."""
    survey = json_positions.survey(text, {problem.path for problem in found})
    if survey.deep is not None:
        message = f"brackets are nested more than {json_positions.MOST_DEPTH} deep"
        yield LocatedProblem(
            survey.deep.line, "", message, "No story needs that; is one left unclosed?"
        )
        return
    for place in survey.doubled:
        message = f"the key stands here twice, first in line {place.first}"
        yield LocatedProblem(
            place.line, json_positions.spelled(place.path), message, "Keep one of them."
        )
    if any(len(place.path) == 1 for place in survey.doubled):
        return
    for problem in found:
        path = json_positions.spelled(problem.path)
        yield LocatedProblem(survey.lines[problem.path], path, problem.message, problem.advice)
