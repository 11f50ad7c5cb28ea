"""What is hidden and what never was look alike, wherever it is asked for."""

from __future__ import annotations

import pytest
from flask import Flask

from explorer.storage.store import Store
from tests.support.crawl import OURS, Reader, ask
from tests.support.long_story import LONG, NOBODY, TALE, key, person, person_of_tale, reader


@pytest.mark.parametrize(
    "spot", ["", "/read", "/card", "/people", "/carry", "/people/x", "/scenes/x"]
)
def test_a_story_that_is_not_there_is_not_found(app: Flask, spot: str) -> None:
    assert ask(app, "GET", f"/stories/nothing{spot}").status == 404


@pytest.mark.parametrize(
    "move",
    [
        "next",
        "threshold",
        "seen",
        "back",
        "warned",
        "forget",
        "carry",
        "scenes/x/open",
        "scenes/x/close",
    ],
)
def test_nothing_moves_in_a_story_that_is_not_there(app: Flask, move: str) -> None:
    answer = Reader(app).post(f"/stories/nothing/{move}", {"threshold": "1"})

    assert answer.status == 404
    assert answer.header("Set-Cookie") is None


def test_a_story_that_was_removed_is_gone_at_the_next_request(app: Flask, store: Store) -> None:
    assert ask(app, "GET", TALE).status == 200

    store.remove("spindrift")

    assert ask(app, "GET", TALE).status == 404
    assert "Saltmarsh" not in ask(app, "GET", "/").text


@pytest.mark.parametrize("part", [False, True])
def test_a_hidden_person_and_a_nonexistent_one_look_alike(app: Flask, part: bool) -> None:
    stranger = Reader(app, part=part)
    for method in ("GET", "HEAD", "OPTIONS", "POST"):
        hidden, nobody, nonsense = (
            stranger.send(method, f"{TALE}/people/{one}", headers=OURS)
            for one in (person_of_tale("tamarisk"), NOBODY, "nonsense")
        )

        assert hidden == nobody == nonsense
        assert hidden.status == {"OPTIONS": 200, "POST": 405}.get(method, 404)


@pytest.mark.parametrize("move", ["back", "seen", "next"])
@pytest.mark.parametrize("part", [False, True])
def test_a_hidden_scene_and_a_nonexistent_one_look_alike_in_a_move(
    long: Flask, move: str, part: bool
) -> None:
    field = {"back": "scene", "seen": "scene", "next": "from"}[move]

    hidden, nobody = (
        reader(long, 3, part=part).post(f"{LONG}/{move}?page=front", {field: one})
        for one in (key(40), NOBODY)
    )

    assert hidden == nobody
    assert hidden.header("Set-Cookie") is None


@pytest.mark.parametrize("part", [False, True])
def test_closing_a_hidden_scene_and_a_nonexistent_one_look_alike(long: Flask, part: bool) -> None:
    hidden, nobody = (
        reader(long, 3, part=part).post(f"{LONG}/scenes/{one}/close") for one in (key(40), NOBODY)
    )

    assert hidden == nobody


@pytest.mark.parametrize("part", [False, True])
def test_no_form_leads_to_a_hidden_scene_that_it_did_not_stand_on(long: Flask, part: bool) -> None:
    hidden, nobody = (
        reader(long, 3, part=part).post(f"{LONG}/warned?page=scenes/{one}", {"warned": "yes"})
        for one in (key(40), NOBODY)
    )

    assert hidden == nobody


@pytest.mark.parametrize("part", [False, True])
@pytest.mark.parametrize("name", ["who", "before", "after"])
def test_hidden_ids_in_a_view_are_as_if_they_were_not_there(
    long: Flask, name: str, part: bool
) -> None:
    one = reader(long, 30, part=part)
    for more in ("", "&order=happened", f"&who={person('anna')}", "&time=flashback"):
        plain = one.get(f"{LONG}/read?{more.removeprefix('&')}")
        for hidden in (person("zoe"), key(40), key(69), NOBODY, "nonsense", "", "*" * 12):
            assert one.get(f"{LONG}/read?{name}={hidden}{more}") == plain


def test_a_scene_opened_ahead_is_no_place_in_a_window(long: Flask) -> None:
    one = reader(long, 30, opened=[key(40)])

    assert one.get(f"{LONG}/read?before={key(40)}") == one.get(f"{LONG}/read")
    assert one.get(f"{LONG}/read?after={key(40)}") == one.get(f"{LONG}/read")
