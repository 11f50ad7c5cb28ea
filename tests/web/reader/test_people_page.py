"""Who is who, and people who turned out to be one."""

from __future__ import annotations

import json
from typing import Any

import pytest
from flask import Flask

from explorer.story.terms import opaque
from tests.conftest import Serve
from tests.support.crawl import Reader
from tests.support.long_story import LONG, TALE, cookie, of_tale, person_of_tale, reader


def test_people_are_listed_as_they_come_to_be_known(long: Flask) -> None:
    def names(count: int) -> list[str]:
        page = reader(long, count).get(f"{LONG}/people").page
        return [one for one in ("Anna", "Ben", "Zoe") if one in page.text]

    assert names(0) == []
    assert names(1) == ["Anna", "Ben"]
    assert names(70) == ["Anna", "Ben", "Zoe"]


@pytest.mark.parametrize("part", [False, True])
def test_one_who_turned_out_to_be_another_leads_there(app: Flask, part: bool) -> None:
    one = of_tale(app, part=part, threshold=3, reached="dunlin", seen="dunlin")

    answer = one.get(f"{TALE}/people/{person_of_tale('larch')}")

    assert answer.status == 303
    assert answer.header("Location") == f"{TALE}/people/{person_of_tale('hazel')}"
    assert one.get(answer.header("Location") or "").status == 200


def test_a_chain_is_followed_to_its_end(app: Flask) -> None:
    one = of_tale(app, threshold=3, reached="bittern", seen="bittern")

    for ident in ("larch", "hazel"):
        answer = one.get(f"{TALE}/people/{person_of_tale(ident)}")
        assert answer.header("Location") == f"{TALE}/people/{person_of_tale('juniper')}"


def test_a_person_is_found_under_an_earlier_id_once_known(app: Flask) -> None:
    answer = Reader(app).get(f"{TALE}/people/{person_of_tale('sycamore')}")

    assert answer.status == 303
    assert answer.header("Location") == f"{TALE}/people/{person_of_tale('rowan')}"


def test_what_has_ended_stands_under_no_longer_and_on_no_other_page(app: Flask) -> None:
    rowan = f"{TALE}/people/{person_of_tale('rowan')}"
    before = of_tale(app, threshold=3, reached="plover")
    after = of_tale(app, threshold=3, reached="dunlin")

    known, ended = (one.get(rowan).page.text.partition("No longer") for one in (before, after))
    others = [after.get(f"{TALE}{page}").page.text for page in ("/people", "/shape", "/print")]
    found = after.get(f"{TALE}/search?q=hyssop").page.text

    assert "Hyssop" in known[0]
    assert "Damask" in known[0]
    assert "Hyssop" in ended[2]
    assert "Damask" in ended[2]
    assert "Hyssop" not in ended[0]
    assert "Damask" not in ended[0]
    assert "Hyssop" not in "".join(others)
    assert "Damask" not in "".join(others)
    assert "Nothing that you know so far" in found


def test_the_end_of_what_is_not_known_shows_nothing_of_it(app: Flask) -> None:
    one = of_tale(app, threshold=0, reached="petrel", opened=("dunlin",))

    page = one.get(f"{TALE}/people/{person_of_tale('rowan')}").page.text

    assert "Hyssop" not in page
    assert "No longer" in page
    assert "Damask" in page


def namesakes() -> bytes:
    """Give a story in which three have one name: one alone in a scene, two in one together."""
    names = {"a": "Sakura", "b": "Ren", "c": "Sakura", "d": "Sakura"}
    cast = {"one": ["a"], "two": ["b", "c", "d"]}
    return json.dumps(
        {
            "format": 1,
            "id": "namesakes",
            "title": "Namesakes",
            "medium": "play",
            "language": "en",
            "premise": "Three of one name.",
            "levels": [{"name": "Some"}, {"name": "All"}],
            "people": [{"id": one, "names": [{"name": name}]} for one, name in names.items()],
            "relations": [{"from": "a", "to": "c", "text": "cousins"}],
            "scenes": [
                {
                    "id": scene,
                    "level": 0,
                    "title": f"Act {scene}",
                    "text": "A scene.",
                    "people": who,
                }
                for scene, who in cast.items()
            ],
        }
    ).encode()


@pytest.mark.parametrize("page", ["read", "people", "shape", "search?q=sakura", "export.md"])
def test_people_of_one_name_are_told_apart_wherever_they_can_be_chosen(
    serve: Serve, page: str
) -> None:
    home = "/stories/namesakes"
    keys = [opaque("namesakes", "scene", scene) for scene in ("one", "two")]
    one = Reader(serve(namesakes())).keep(home, cookie(reached=keys[1], opened=[]))
    answer = one.get(f"{home}/{page}")
    said = answer.text if page == "export.md" else answer.page.text
    said = " ".join(said.replace("\\", "").split())

    assert answer.status == 200
    assert "Sakura (scene 1, Act one)" in said
    assert "Sakura (scene 2, Act two, number 3 in who is who)" in said
    assert "Ren (" not in said


def test_the_number_of_a_scene_opened_ahead_tells_nobody_apart(serve: Serve) -> None:
    home = "/stories/namesakes"
    keys = [opaque("namesakes", "scene", scene) for scene in ("one", "two")]
    one = Reader(serve(namesakes())).keep(home, cookie(reached="", opened=[keys[1]]))

    page = one.get(f"{home}/people").page.text

    assert "Sakura (Act two, number 2 in who is who)" in " ".join(page.split())
    assert "scene 2" not in page


def test_an_earlier_name_is_one_that_was_shown_to_who_was_less_far_on(app: Flask) -> None:
    rowan = f"{TALE}/people/{person_of_tale('rowan')}"

    def until_then(**place: Any) -> str:
        return of_tale(app, **place).get(rowan).page.text.partition("Until then")[2][:60]

    assert "Isolde" in until_then(threshold=3, reached="curlew")
    assert "Isolde" in until_then(threshold=3, reached="bittern")
    assert "Brangane" in until_then(threshold=3, reached="bittern")
    assert until_then(threshold=0, reached="", opened=("bittern",)) == ""
