"""What words are to a story, by language: which tell nothing, which are one, which turn a plot."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from explorer.advice.languages.language_file import language_file
from explorer.story.language import primary
from explorer.story.tokens import folded

# The first one that fits is put right; none of them makes two words one that mean two things.
_ENDINGS = (
    *(("sses", "ss"), ("ies", "y"), ("ss", "ss"), ("us", "us"), ("s", "")),
    *(("ied", "y"), ("ed", "")),
)


@cache
def stopwords(language: str) -> frozenset[str]:
    """Give the words to pass over in a language, folded; none for a language that has no list."""
    return frozenset(map(folded, language_file(language).stopwords.split()))


@cache
def turning(language: str) -> Mapping[str, int]:
    """Give the words on which plots turn, as stems, each with the number of its matter."""
    matters = enumerate(language_file(language).turning)
    return {stem(folded(word), language): n for n, line in matters for word in line.split()}


def stem(word: str, language: str) -> str:
    """Give a folded word without the ending that grammar puts on it, as far as that is certain."""
    if primary(language) != "en" or len(word) < 4:
        return word
    for ending, instead in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) > 2:
            return word.removesuffix(ending) + instead
    return word
