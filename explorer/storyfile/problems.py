"""What can be wrong with a story file, in words for its author."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from explorer.storyfile.json_positions import Path

_LONGEST_QUOTE = 60
# How `schema` calls the two forms of what may be one or a list. They stand in no path of a file.
ONE, SEVERAL = "\x00one", "\x00several"


@dataclass(frozen=True, slots=True)
class Problem:
    """Something wrong at a path, before it is known in which line that is."""

    path: Path
    message: str
    advice: str


@dataclass(frozen=True, slots=True, order=True)
class LocatedProblem:
    """Something wrong in a line of the file: where, what, and what to do."""

    line: int
    path: str
    message: str
    advice: str

    def __str__(self) -> str:
        """Give it in one line, as `explorer check` shows it after the name of the file."""
        where = f"{self.line}: {self.path}" if self.path else str(self.line)
        return f"{where}: {self.message}. {self.advice}"


class BrokenStory(ValueError):  # noqa: N818 - it reads as what it is
    """A file that is no good story; carries all its problems, in the order of the lines."""

    def __init__(self, problems: Iterable[LocatedProblem]) -> None:
        """Take the problems in any order."""
        self.problems = tuple(sorted(set(problems)))
        super().__init__("\n".join(map(str, self.problems)))


def quoted(text: str) -> str:
    """Give an author's words in quotation marks, cut short, and only what a screen can show."""
    cut = text if len(text) <= _LONGEST_QUOTE else text[: _LONGEST_QUOTE - 1] + "…"
    shown = (c if c.isprintable() else c.encode("unicode_escape").decode() for c in cut)
    return '"' + "".join(shown) + '"'


def shape_flaws(error: ValidationError) -> list[Problem]:
    """Put what pydantic found into our own words."""
    return [_problem(detail) for detail in error.errors(include_url=False)]


def _problem(detail: ErrorDetails) -> Problem:
    context = {key: str(value) for key, value in detail.get("ctx", {}).items()}
    if detail["type"] in _LENGTHS:
        context |= {"actual_length": _length(detail["input"])}
    path = tuple(key for key in detail["loc"] if key not in (ONE, SEVERAL))
    message, advice = _WORDS.get(detail["type"], (detail["msg"], "Compare it with the example."))
    if detail["type"] == "ours":
        return Problem(path, context["message"], context["advice"])
    return Problem(path, message.format(**context, found=_kind(detail["input"])), advice)


def _length(found: object) -> str:
    return str(len(found)) if isinstance(found, str | list) else "?"


def _kind(found: object) -> str:
    """Say what kind of value stands there, as an author would call it."""
    if found is None or isinstance(found, bool):
        return {None: "null", True: "true", False: "false"}[found]
    if isinstance(found, int | float):
        return f"the number {found:.6g}" if isinstance(found, float) else "a number"
    names: Mapping[type, str] = {str: "text", list: "a list in [ ]", dict: "an object in { }"}
    return names.get(type(found), "something else")


_LENGTHS = ("string_too_short", "string_too_long", "too_short", "too_long")
_WORDS: Mapping[str, tuple[str, str]] = {
    "missing": ("is missing", "Add it."),
    "extra_forbidden": (
        "the format has no such key here",
        "Check its spelling and whether it stands at the right place, or take it out.",
    ),
    "string_type": ("must be text, not {found}", 'Write it in quotation marks: "…".'),
    "string_unicode": (
        "holds half a character (a lone surrogate like \\ud83d)",
        "Write the character itself, or both halves of it.",
    ),
    "string_too_long": (
        "is too long: {actual_length} characters, and at most {max_length} fit",
        "Shorten it.",
    ),
    "string_pattern_mismatch": (
        "is no id",
        'Use 1 to 100 of the letters a to z, digits and hyphens, like "first-call".',
    ),
    "int_type": (
        "must be a whole number, not {found}",
        "Write it in digits, without quotation marks and without a point.",
    ),
    "bool_type": ("must be true or false, not {found}", "Write true or false without marks."),
    "list_type": ("must be a list, not {found}", "Put it in square brackets: [ … ]."),
    "model_type": ("must be an object, not {found}", 'Put it in braces: { "key": … }.'),
    "enum": ("must be {expected}", "Choose one of them."),
    "too_short": (
        "has {actual_length} entries, and at least {min_length} must be there",
        "Add what is missing.",
    ),
    "too_long": (
        "has {actual_length} entries, and at most {max_length} may be there",
        "Take some out, or tell it as more than one story.",
    ),
}
