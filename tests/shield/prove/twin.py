"""Makes a twin: agrees with a story on what some readers may know, and differs in the rest."""

from __future__ import annotations

import json
from collections.abc import Sequence
from copy import deepcopy
from dataclasses import dataclass
from random import Random

from explorer.storyfile import storyfile
from explorer.storyfile.problems import BrokenStory
from tests.shield.oracle import Entry, Reader
from tests.shield.prove.agreement import agree, known
from tests.shield.prove.bookmarks import Document
from tests.shield.prove.changes import CHANGES, Change
from tests.shield.prove.hiding import Hiding

TRIES = 3


@dataclass(frozen=True)
class Twin:
    """A twin, and which changes could not be made without its showing."""

    document: Document
    given_up: tuple[str, ...]


def twin(document: Document, readers: Sequence[Reader], rng: Random) -> Twin:
    """Make a random twin for some readers, of whom none may notice."""
    told = [known(document, reader) for reader in readers]
    made = document
    for change in CHANGES:
        made = _changed(made, change, readers, rng)
    if _good(made, told, readers):
        return Twin(made, ())
    return _carefully(document, told, readers, rng)


def _carefully(
    document: Document, told: Sequence[Entry], readers: Sequence[Reader], rng: Random
) -> Twin:
    """Make one change at a time, and leave out what would show."""
    made, given_up = document, []
    for change in CHANGES:
        for _ in range(TRIES):
            tried = _changed(made, change, readers, rng)
            if _good(tried, told, readers):
                made = tried
                break
        else:
            given_up.append(change.__name__)
    return Twin(made, tuple(given_up))


def _changed(
    document: Document, change: Change, readers: Sequence[Reader], rng: Random
) -> Document:
    made = deepcopy(document)
    change(Hiding(made, readers, rng))
    return made


def _good(document: Document, told: Sequence[Entry], readers: Sequence[Reader]) -> bool:
    """Whether it is a story at all, and none of the readers can tell."""
    try:
        storyfile.read(json.dumps(document).encode())
    except BrokenStory:
        return False
    return agree(told, document, readers)
