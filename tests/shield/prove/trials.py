"""Which trials there are: a short form for every run of the tests, and a long one."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import cache
from itertools import count
from pathlib import Path
from random import Random

from hypothesis import HealthCheck, Phase, given, seed, settings

from tests.shield.oracle import Reader
from tests.shield.prove.bookmarks import Document, Move
from tests.shield.prove.trial import Trial, random_move, random_reader, without_held
from tests.support import author_edits, tale

ROOT = Path(__file__).resolve().parents[3]


@cache
def ballerina() -> Document:
    """Give the story at the root."""
    document: Document = json.loads((ROOT / "scenes.json").read_text())
    return document


def random_stories(wanted: str, number: int) -> list[Document]:
    """Give random stories, the same ones for the same seed."""
    made: list[Document] = []

    @seed(wanted)
    @settings(
        max_examples=number,
        phases=[Phase.generate],
        database=None,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(tale.documents(9))
    def collect(document: Document) -> None:
        made.append(document)

    collect()
    # The smallest ones come first and say least.
    return made[::-1]


def anywhere(name: str, document: Document, seed: str, most: int = 90) -> Trial:
    """Try a story at a place by chance; sometimes with a bookmark from before an edit."""
    rng = Random(seed)
    before = edited_before(document, rng) if rng.random() < 0.2 else None
    reader = random_reader(before or document, rng)
    move = random_move(document, reader, rng)
    if before is not None:
        # After the edit it stands elsewhere; a step forward or a threshold fits everywhere.
        move = rng.choice([("next", None), ("threshold", rng.randrange(len(document["levels"])))])
        reader = without_held(reader)
    return Trial(name, document, reader, move, seed, most, before)


def edited_before(document: Document, rng: Random) -> Document | None:
    """Give what a story may have been before its last edit; None where that changes nothing."""
    kinds = ["add scene", "remove scene", "move scene"]
    edit = (rng.choice(kinds), rng.randrange(20), rng.randrange(20))
    whole = _with_lists(document)
    before = author_edits.edit(whole, edit, "yore")
    return None if before == whole else before


def _with_lists(document: Document) -> Document:
    empty: Document = {"sources": [], "parts": [], "people": []}
    return empty | document


def short(seed: str = "short") -> Iterator[Trial]:
    """What every run of the tests tries."""
    wild = tale.document()
    for n in range(14):
        yield anywhere("the tale", wild, f"{seed}/tale/{n}", 50)
        if n % 3 == 0:
            yield anywhere("Ballerina", ballerina(), f"{seed}/ballerina/{n}", 40)
    for n, document in enumerate(random_stories(seed, 12)):
        yield anywhere("a random story", document, f"{seed}/random/{n}", 40)


def long(seed: str) -> Iterator[Trial]:
    """Everything, until somebody stops it: first Ballerina at every position and level."""
    yield from every_place(f"{seed}/places", ballerina())
    for n in count():
        yield anywhere("the tale", tale.document(), f"{seed}/tale/{n}", 150)
        yield anywhere("Ballerina", ballerina(), f"{seed}/ballerina/{n}", 150)
        for m, document in enumerate(random_stories(f"{seed}/{n}", 8)):
            yield anywhere("a random story", document, f"{seed}/random/{n}/{m}", 100)


def every_place(seed: str, document: Document) -> Iterator[Trial]:
    """Try a story at every position and level, of which a step leads to the next position."""
    scenes, levels = len(document["scenes"]), len(document["levels"])
    for n, reached in enumerate(range(scenes + 1)):
        for threshold in range(levels):
            rng = Random(f"{seed}/{n}/{threshold}")
            seen = rng.randint(0, reached) if rng.random() < 0.3 else 0
            reader = Reader(threshold, reached, seen, warned=rng.random() < 0.3)
            move: Move = ("next", None)
            if rng.random() < 0.3 or reached == scenes:
                move = random_move(document, reader, rng)
            yield Trial("Ballerina", document, reader, move, f"{seed}/{n}/{threshold}", 60)
