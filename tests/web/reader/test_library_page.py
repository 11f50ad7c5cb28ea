"""The library page: its cards, and where the reader is on each."""

from __future__ import annotations

import re

from flask import Flask

from tests.conftest import Serve
from tests.support import tale
from tests.support.crawl import Reader, ask
from tests.support.long_story import LONG, TALE, file, long_story, of_tale


def test_the_library_shows_all_stories_by_title(serve: Serve) -> None:
    app = serve(file(long_story()), file(tale.document()))

    page = ask(app, "GET", "/").page

    titles = [one for one in page.addresses if re.fullmatch("/stories/[a-z]+", one)]
    assert titles == [TALE, LONG]
    assert "Saltmarsh" in page.text
    assert "Much happens." in page.text


def test_an_empty_library_says_so(serve: Serve) -> None:
    assert "no story here" in ask(serve(), "GET", "/").page.text


def test_the_library_is_the_same_for_everyone(app: Flask) -> None:
    known = of_tale(app, threshold=3, reached="bittern", seen="bittern")

    assert known.get("/") == Reader(app).get("/")


def test_the_card_says_where_the_reader_is(app: Flask) -> None:
    assert "Scene 2, told up to" in of_tale(app, reached="petrel").get(f"{TALE}/card").page.text
    assert "Continue" not in Reader(app).get(f"{TALE}/card").page.text
