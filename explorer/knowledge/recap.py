"""The story so far in short, part by part: the last of it, to be read in a minute."""

from __future__ import annotations

from itertools import islice

from explorer.knowledge.known import KnownChapter, KnownRecap
from explorer.knowledge.narrator import Narrator
from explorer.story.model import Part

# So many parts are read in a minute, and so many titles of one without a summary.
MOST_CHAPTERS = 12
MOST_TITLES = 12


def recap(narrator: Narrator) -> KnownRecap:
    """Give the last parts that were reached, in short, without walking the story before them."""
    chapters: list[KnownChapter] = []
    is_whole, end = True, narrator.rule.position.reached
    while end and len(chapters) < MOST_CHAPTERS:
        part = narrator.part_at(end - 1)
        start = 0 if part is None else part.scene
        chapter, is_short = _chapter(narrator, part, range(start, end))
        if chapter is not None:
            chapters.append(chapter)
        is_whole, end = is_whole and is_short, start
    return KnownRecap(tuple(reversed(chapters)), is_whole and not end)


def _chapter(
    narrator: Narrator, part: Part | None, scenes: range
) -> tuple[KnownChapter | None, bool]:
    """A part in short, None when nothing is told of it; and whether all of it is in that."""
    known = None if part is None else narrator.part(part)
    if known is not None and known.summary is not None:
        told = any(narrator.rule.told(scene) is not None for scene in scenes)
        return KnownChapter(known, ()) if told else None, True
    links = filter(None, map(narrator.link, reversed(scenes)))
    last = tuple(islice(links, MOST_TITLES))[::-1]
    return KnownChapter(known, last) if last else None, next(links, None) is None
