"""Names of people and places where an author writes them out, and whether they are told by then.

A link shows the name so far and can give nothing away; a name in plain letters can.
"""

from __future__ import annotations

from collections.abc import Iterator

from explorer.advice.manuscript import Manuscript, Passage, Role
from explorer.advice.name_index import Glossary, NameMatch, Spelling, Words
from explorer.storyfile.problems import Problem, quoted


def early_names(script: Manuscript, glossary: Glossary) -> Iterator[Problem]:
    """Find names in plain letters that the first readers of a passage do not know."""
    for passage in script.passages:
        said: set[Words] = set()
        for match in glossary.found(passage):
            spelling = match.spellings[0]
            if spelling.words in said or _is_known(script, glossary, passage, match):
                continue
            said.add(spelling.words)
            yield _early(script, passage, spelling)


def _is_known(script: Manuscript, glossary: Glossary, passage: Passage, match: NameMatch) -> bool:
    readers = (script.readers.at(place) for place in passage.places)
    return all(glossary.is_known(match, reader) for reader in readers)


def _early(script: Manuscript, passage: Passage, spelling: Spelling) -> Problem:
    ident = script.story.people[spelling.person].id
    advice = f"Write [[{ident}]] for the name so far, or say it without the name."
    if passage.role not in (Role.TEXT, Role.FACT, Role.SUMMARY, Role.PREMISE):
        advice = "Say it without the name, or tell the name earlier."
    return Problem(
        passage.path,
        f"says {quoted(spelling.name)}, which nobody knows by then "
        f"({script.since(spelling.condition)})",
        advice,
    )
