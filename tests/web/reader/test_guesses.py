"""What was guessed of a story: readers are told nothing of it until its author has looked."""

from __future__ import annotations

import json
import re
from copy import deepcopy
from dataclasses import replace
from typing import Any

import pytest

from explorer.knowledge.bookmark import Position
from tests.conftest import Serve
from tests.storyfile.test_guesses import ALL, TALE, by_hand, guesses
from tests.support.crawl import Answer, Reader
from tests.support.places import END, HOME, cookie
from tests.support.tale import Document

SOME = [
    Position(),
    Position(0, 4),
    Position(1, 5, 2, warned=True),
    Position(2, 6, opened=frozenset({1, 7})),
    Position(3, 5, 1, withheld=frozenset({2})),
    END,
]
VIEWS = ("", "/read", "/people", "/shape", "/print", "/export.md", "/export.json", "/search?q=e")
TARGETS = ["/", *(HOME + view for view in VIEWS)]


def file(document: Document, *paths: str) -> bytes:
    """Give the file of a story of which something is guessed."""
    return json.dumps(document | {"guesses": guesses(*paths)}).encode()


def pages(serve: Serve, document: bytes) -> dict[tuple[str, str], bytes]:
    """Give all that readers at several places get of a story, by bookmark and address."""
    app = serve(document, hot_mb=0)
    readers = {cookie(place): Reader(app).keep(HOME, cookie(place)) for place in SOME}
    return {
        (kept, target): undated(reader.get(target))
        for kept, reader in readers.items()
        for target in TARGETS
    }


def undated(answer: Answer) -> bytes:
    """Give all of an answer but its date."""
    headers = tuple(pair for pair in answer.headers if pair[0] != "Date")
    return replace(answer, headers=headers).sent


@pytest.mark.parametrize("start", range(3))
def test_readers_are_answered_as_if_what_is_guessed_were_not_there(
    serve: Serve, start: int
) -> None:
    some = ALL[start::3]
    told = json.dumps(by_hand(TALE, some)).encode()

    assert pages(serve, file(TALE, *some)) == pages(serve, told)


def test_no_reader_is_told_a_guessed_word(serve: Serve) -> None:
    gone = [path for path in ALL if path[-1] == "]"]
    assert len(gone) > 20

    answers = "".join(map(str, pages(serve, file(TALE, *gone)).values()))

    # One that has finished is told every word that is not guessed.
    for word in ("Obsidian", "Agrimony", "Malachite", "Isolde", "Undine"):
        assert (word in answers) == (word == "Obsidian"), word


def test_of_one_whose_only_name_is_guessed_no_reader_hears(serve: Serve) -> None:
    person = next(n for n, one in enumerate(TALE["people"]) if one["id"] == "tamarisk")
    paths = [f"people[{person}].names[{n}]" for n in range(2)]
    other: Any = deepcopy(TALE)
    other["people"][person]["names"] = [{"name": "Nobody"}, {"name": "Noone", "level": 1}]
    other["people"][person]["also"] = [{"name": "Nemo"}]
    other["people"][person]["facts"] = [{"text": "Nothing"}]

    answers = pages(serve, file(TALE, *paths))

    assert answers == pages(serve, file(other, *paths))
    assert not re.search("Blathnat|Unguessed tamarisk|Bloduwedd|Agrimony", str(answers))


def test_a_guessed_name_is_not_on_the_card_in_the_library(serve: Serve) -> None:
    files = file(TALE), file(TALE, "people[0].names[0]")

    said = [Reader(serve(one)).get("/").text for one in files]

    assert ["Isolde" in text for text in said] == [True, False]
