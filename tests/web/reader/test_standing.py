"""Where a reader stands is said in the same words wherever it is said."""

from __future__ import annotations

import pytest
from flask import Flask

from tests.conftest import Serve
from tests.support.long_story import LONG, file, long_story, reader

EVERYWHERE = ("read", "people", "shape", "print", "export.md")
WHERE_IT_ENDS = ("read", "print", "export.md", "card")
BEGUN = "Before the first scene, told up to High."


@pytest.mark.parametrize(("count", "words"), [(0, BEGUN), (7, "Scene 7, told up to High.")])
def test_a_place_has_the_same_words_on_every_page_and_in_what_is_kept(
    long: Flask, count: int, words: str
) -> None:
    there = reader(long, count)

    for page in EVERYWHERE:
        assert words in there.get(f"{LONG}/{page}").text.replace("*", ""), page
    (main,) = there.get(f"{LONG}/carry").page.all("main")
    assert main.get("data-standing") == words


@pytest.mark.parametrize(
    ("count", "complete", "words"),
    [(69, True, "There is more."), (70, True, "The end."), (70, False, "The end, so far.")],
)
def test_whether_there_is_more_has_the_same_words_wherever_it_is_said(
    serve: Serve, count: int, complete: bool, words: str
) -> None:
    there = reader(serve(file(long_story() | {"complete": complete})), count)

    for page in WHERE_IT_ENDS:
        said = there.get(f"{LONG}/{page}").text.replace("*", "").replace("</a>", "")
        assert f"Scene {count}, told up to High. {words}" in said, page
