"""Words that look ahead in a story, by language: when they do, and when they do not.

A pattern reads a word with what stands around it. In it `@` is the word itself, WHO a person,
CLAUSE what goes on without a break, and STOP the end of a clause; a language may have more.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from explorer.advice.languages.language_file import language_file
from explorer.story.tokens import folded

# How the word that is looked at is marked in what a pattern reads.
OPENING, CLOSING = "‹", "›"

_SHORT: Mapping[str, str] = {
    "@": f"{OPENING}[^{CLOSING}]+{CLOSING}",
    # A gap, which stands for a name that the app puts in, or a word.
    "WHO": r"(?:\ufffc|[\w’'-]+)",
    "CLAUSE": r"[^.;:!?]",
    "STOP": r"(?:(?=\s*(?:[.,;:!?)”»—–]|$))| (?:and|but|or|at least)\b)",
}


@dataclass(frozen=True, slots=True)
class Omen:
    """When a word looks ahead, and whether it does so in a name as well."""

    ahead: re.Pattern[str]
    harmless: re.Pattern[str] | None
    in_names: bool

    def is_in(self, marked: str, *, name: bool = False) -> bool:
        """Whether the marked word of a text looks ahead."""
        if name and not self.in_names:
            return False
        if self.harmless is not None and self.harmless.search(marked):
            return False
        return self.ahead.search(marked) is not None


@cache
def omens(language: str) -> Mapping[str, Omen]:
    """Give the omens of a language by their words, folded; none for one that has no list."""
    found: dict[str, Omen] = {}
    known = language_file(language)
    short = {**_SHORT, **known.short}
    for entry in known.omens:
        harmless = _pattern(entry.unless, short) if entry.unless else None
        omen = Omen(_pattern(entry.ahead, short), harmless, entry.in_names)
        found |= {folded(word): omen for word in entry.words.split()}
    return found


def _pattern(written: tuple[str, ...], short: Mapping[str, str]) -> re.Pattern[str]:
    joined = "|".join(written)
    for name, full in short.items():
        joined = joined.replace(name, full)
    return re.compile(joined, re.IGNORECASE)
