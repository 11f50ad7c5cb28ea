"""Advice for authors: what may give a story away in words that the format allows.

Advice is no fault. Each piece says where, why, and what to do; the author decides. All of it
looks at the story with the eyes of the first reader whom a passage reaches.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from enum import Enum

from explorer.advice.checks.foreshadowing import looking_ahead
from explorer.advice.checks.giveaways import giveaways
from explorer.advice.checks.names import early_names
from explorer.advice.checks.people import dropped, strangers, unseen
from explorer.advice.checks.places import early_places
from explorer.advice.checks.reach import late_parts, unreachable, veiled
from explorer.advice.manuscript import Manuscript
from explorer.advice.name_index import Glossary
from explorer.storyfile import json_positions
from explorer.storyfile.problems import LocatedProblem, Problem
from explorer.storyfile.storyfile import StoryFile, uncollected


class AdviceKind(Enum):
    """What advice is about, in the order and in the words in which it is shown."""

    STRANGER = "People before they are known"
    EARLY = "Names and places before they are told"
    GIVEAWAY = "Lesser tellings that say too much"
    AHEAD = "Words that look ahead"
    VEILED = "Scenes without a lesser telling"
    DROPPED = "People whom a fuller telling drops"
    UNSEEN = "Names that seeing the work does not tell"
    PART = "Parts that few get to see"
    UNREACHABLE = "What nobody is ever shown"


@uncollected()
def advice(file: StoryFile, text: str) -> Mapping[AdviceKind, tuple[LocatedProblem, ...]]:
    """Give the advice on a good story file by kind, each in the order of the file's lines.

    Guesses are taken at their word: it is the author who looks at them, and at all of the file.
    """
    entry = file.entry.model_copy(update={"guesses": []})
    script = Manuscript(entry, StoryFile(entry).story())
    glossary = Glossary(script)
    found = {kind: list(check(script, glossary)) for kind, check in _CHECKS.items()}
    lines = json_positions.survey(
        text, {problem.path for problems in found.values() for problem in problems}
    ).lines
    return {kind: tuple(_problems(problems, lines)) for kind, problems in found.items() if problems}


def shown(
    name: str, found: Mapping[AdviceKind, tuple[LocatedProblem, ...]], most: int | None = None
) -> Iterator[str]:
    """Give advice on the file of a name in lines to read, at most so many pieces of each kind."""
    for kind, problems in found.items():
        yield ""
        yield f"{kind.value} ({len(problems)})"
        for what_to_do, those in _by_advice(problems[:most]).items():
            yield from (f"  {name}:{one.line}: {one.path}: {one.message}" for one in those)
            yield f"  → {what_to_do}"
        if most is not None and len(problems) > most:
            yield f"  and {len(problems) - most} more; --advice all shows them"


def _by_advice(problems: Iterable[LocatedProblem]) -> Mapping[str, list[LocatedProblem]]:
    """Put those together with which the same is to be done."""
    groups: dict[str, list[LocatedProblem]] = defaultdict(list)
    for problem in problems:
        groups[problem.advice].append(problem)
    return groups


def _problems(
    problems: Iterable[Problem], lines: Mapping[json_positions.Path, int]
) -> Iterator[LocatedProblem]:
    spelled = json_positions.spelled
    made = {
        LocatedProblem(lines[one.path], spelled(one.path), one.message, one.advice)
        for one in problems
    }
    yield from sorted(made)


def _early(script: Manuscript, glossary: Glossary) -> Iterator[Problem]:
    yield from early_names(script, glossary)
    yield from early_places(script)


_Check = Callable[[Manuscript, Glossary], Iterator[Problem]]
_CHECKS: Mapping[AdviceKind, _Check] = {
    AdviceKind.STRANGER: lambda script, _: strangers(script),
    AdviceKind.EARLY: _early,
    AdviceKind.GIVEAWAY: giveaways,
    AdviceKind.AHEAD: looking_ahead,
    AdviceKind.VEILED: lambda script, _: veiled(script),
    AdviceKind.DROPPED: lambda script, _: dropped(script),
    AdviceKind.UNSEEN: lambda script, _: unseen(script),
    AdviceKind.PART: lambda script, _: late_parts(script),
    AdviceKind.UNREACHABLE: lambda script, _: unreachable(script),
}
