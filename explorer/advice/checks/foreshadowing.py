"""Words that look ahead: "not yet", "for the last time", "her former friend".

Whoever writes a story down knows how it ends, and such words tell. What somebody says in
quotation marks is part of the scene, and a name is a name; neither is looked at.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from explorer.advice.languages.foreshadowing import CLOSING, OPENING, Omen, omens
from explorer.advice.manuscript import GAP, Manuscript, Passage, Role, Spot
from explorer.advice.name_index import Glossary
from explorer.storyfile.problems import Problem, quoted

# How many signs before and after a word its patterns may look at.
_AROUND = 80
_SHOWN = 30

_SPEECH = re.compile('“[^”]*”|"[^"]*"|«[^»]*»|„[^“”]*[“”]|「[^」]*」|『[^』]*』')
_LOOKED_AT = {
    Role.TITLE,
    Role.TEXT,
    Role.NAME,
    Role.FACT,
    Role.RELATION,
    Role.PART,
    Role.SUMMARY,
    Role.PREMISE,
}


def looking_ahead(script: Manuscript, glossary: Glossary) -> Iterator[Problem]:
    """Find words that look ahead, where anything is ahead."""
    known = omens(script.story.language)
    for passage in script.passages:
        if passage.role not in _LOOKED_AT or known.keys().isdisjoint(passage.words):
            continue
        if _is_last(script, passage):
            continue
        spared = _spared(passage, glossary)
        for at, word in enumerate(passage.words):
            omen = known.get(word)
            if omen is not None and at not in spared and _looks_ahead(passage, at, omen):
                yield Problem(
                    passage.path,
                    f"looks ahead: {quoted(_around(passage, at))}",
                    "Say only what is known by then, if it tells of what comes.",
                )


def _is_last(script: Manuscript, passage: Passage) -> bool:
    """Whether nothing is ahead any more of whoever is shown a passage."""
    last = script.story.scenes[-1]
    if not script.story.complete:
        return False
    if isinstance(passage.told, Spot):
        return passage.told == Spot(len(script.story.scenes) - 1, len(last.tellings) - 1)
    is_at_end = passage.told.scene == len(script.story.scenes) - 1
    return is_at_end and passage.told.level == last.level


def _spared(passage: Passage, glossary: Glossary) -> set[int]:
    """Give the positions of words that stand in speech or belong to a name."""
    if passage.role is Role.NAME:
        return set()
    spared = {at for match in glossary.found(passage) for at in range(match.start, match.end)}
    for speech in _SPEECH.finditer(passage.text):
        inside = (speech.start() < start < speech.end() for start in passage.starts)
        spared |= {at for at, is_inside in enumerate(inside) if is_inside}
    return spared


def _looks_ahead(passage: Passage, at: int, omen: Omen) -> bool:
    start, end = passage.starts[at], passage.ends[at]
    before, after = passage.text[:start][-_AROUND:], passage.text[end : end + _AROUND]
    marked = f"{before}{OPENING}{passage.text[start:end]}{CLOSING}{after}"
    return omen.is_in(marked, name=passage.role is Role.NAME)


def _around(passage: Passage, at: int) -> str:
    """Give some words around one, as an author finds them again."""
    start, end = passage.starts[at], passage.ends[at]
    before, after = passage.text[:start][-_SHOWN:], passage.text[end : end + _SHOWN]
    if len(before) < start:
        before = "…" + before.partition(" ")[2]
    if end + len(after) < len(passage.text):
        after = after.rpartition(" ")[0] + "…"
    return f"{before}{passage.text[start:end]}{after}".replace(GAP, "[[…]]")
