"""What a reader meets after an author has edited the story."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask

from explorer.storage.store import Store
from explorer.storyfile import storyfile
from tests.support.crawl import Reader
from tests.support.long_story import LONG, code, file, form, listed, long_story, numbers, reader

Edit = Callable[[dict[str, Any]], None]


def edited(store: Store, edit: Edit) -> None:
    """Import the long story again, edited."""
    document = long_story()
    edit(document)
    store.save(storyfile.read(file(document)))


@pytest.fixture
def shelf(app: Flask, store: Store) -> Flask:
    """Give an application over `store`, with the long story in it beside the tale."""
    store.save(storyfile.read(file(long_story())))
    return app


def test_a_page_follows_an_edit_at_the_next_request(shelf: Flask, store: Store) -> None:
    one = reader(shelf, 3)
    assert "Text 1." in one.get(f"{LONG}/read").page.text

    edited(store, lambda story: story["scenes"][1].update(text="Rewritten."))

    text = one.get(f"{LONG}/read").page.text
    assert "Rewritten." in text
    assert "Text 1." not in text


def test_importing_the_same_again_changes_nothing(shelf: Flask, store: Store) -> None:
    before = reader(shelf, 3).get(f"{LONG}/read")

    edited(store, lambda story: None)

    assert reader(shelf, 3).get(f"{LONG}/read") == before


def slip_in(story: dict[str, Any]) -> None:
    """Put a new scene before the third."""
    story["scenes"].insert(
        2, {"id": "new", "level": 0, "title": "Slipped in", "text": "A surprise."}
    )


def test_a_scene_that_an_edit_put_before_the_reader_is_veiled(shelf: Flask, store: Store) -> None:
    one = reader(shelf, 5, seen=5)

    edited(store, slip_in)

    answer = one.get(f"{LONG}/read")
    assert len(listed(answer)) == 6
    assert "Slipped in" not in answer.text
    assert len(answer.page.all("div", class_="veil")) == 1
    assert "Slipped in" not in one.get(f"{LONG}/read?order=happened").text


def test_a_scene_that_an_edit_put_there_is_told_after_the_next_step(
    shelf: Flask, store: Store
) -> None:
    one = reader(shelf, 5)
    edited(store, slip_in)

    one.post(f"{LONG}/warned", {"warned": "yes"})
    assert "Slipped in" not in one.get(f"{LONG}/read").text

    turn = form(one.get(f"{LONG}/read"), "next")
    one.post(turn.action, turn.fillings[0])
    assert "Slipped in" in one.get(f"{LONG}/read").text


def test_a_scene_that_an_edit_put_there_can_be_opened(shelf: Flask, store: Store) -> None:
    one = reader(shelf, 5)
    edited(store, slip_in)
    opening = form(one.get(f"{LONG}/read"), "open")

    assert one.post(opening.action).status == 303

    assert "Slipped in" in one.get(f"{LONG}/read").text


def test_who_was_at_a_scene_that_is_gone_stands_at_the_one_before(
    shelf: Flask, store: Store
) -> None:
    one = reader(shelf, 5)

    edited(store, lambda story: story["scenes"].pop(4))

    assert numbers(one.get(f"{LONG}/read")) == [0, 1, 2, 3]


def test_a_level_that_is_gone_becomes_the_next_lower_one(shelf: Flask, store: Store) -> None:
    one = reader(shelf, 5, threshold=2)

    edited(store, lambda story: story["levels"].__setitem__(2, {"name": "Higher"}))

    answer = one.get(f"{LONG}/read")
    assert "told up to Middle" in answer.page.text
    assert "Title 3" not in answer.text


def test_a_form_of_before_an_edit_still_says_where_it_stood(shelf: Flask, store: Store) -> None:
    one = reader(shelf, 5)
    turn = form(one.get(f"{LONG}/read"), "next")
    edited(store, slip_in)

    one.post(turn.action, turn.fillings[0])

    assert f"Title {5}" in one.get(f"{LONG}/read").page.text


def test_an_old_code_reveals_no_more_than_the_old_bookmark(shelf: Flask, store: Store) -> None:
    old = code(reader(shelf, 5))
    edited(store, slip_in)
    one = Reader(shelf)

    one.post(f"{LONG}/carry", {"code": old})

    assert "Slipped in" not in one.get(f"{LONG}/read").text
    assert one.get(f"{LONG}/read").main == reader(shelf, 5).get(f"{LONG}/read").main


def test_a_code_made_after_an_edit_keeps_the_veil(shelf: Flask, store: Store) -> None:
    one, other = reader(shelf, 5), Reader(shelf)
    edited(store, slip_in)

    other.post(f"{LONG}/carry", {"code": code(one)})

    assert "Slipped in" not in other.get(f"{LONG}/read").text
