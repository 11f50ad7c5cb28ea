"""A scene at its own address: shown, veiled, or behind its gate."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask

from tests.support.long_story import LONG, NOBODY, TALE, held, key, of_tale, reader, scene_of_tale


def test_a_scene_ahead_has_a_gate_that_says_its_level_and_nothing_else(long: Flask) -> None:
    answer = reader(long, 3).get(f"{LONG}/scenes/{key(41)}")

    assert answer.status == 200
    assert "Middle" in answer.page.text
    assert "41" not in answer.page.text
    assert "42" not in answer.page.text
    assert "Anna" not in answer.page.text
    assert [one.action for one in answer.page.forms if "open" in one.action] == [
        f"{LONG}/scenes/{key(41)}/open?page=scenes/{key(41)}"
    ]


def test_looking_at_a_gate_opens_nothing(long: Flask) -> None:
    one = reader(long, 3)

    for _ in range(2):
        assert "Title 41" not in one.get(f"{LONG}/scenes/{key(41)}").text
    assert held(one) == held(reader(long, 3))


def test_a_gate_warns_of_nothing(app: Flask) -> None:
    answer = of_tale(app, warned=True).get(f"{TALE}/scenes/{scene_of_tale('fulmar')}")

    assert "Millipede" not in answer.text


def test_a_veiled_scene_shows_its_number_and_level_and_nothing_else(long: Flask) -> None:
    answer = reader(long, 3, threshold=0).get(f"{LONG}/scenes/{key(1)}")

    assert "Scene 2" in answer.page.text
    assert "Middle" in answer.page.text
    assert "Title 1" not in answer.page.text


def test_a_scene_has_its_neighbours_as_far_as_they_were_reached(long: Flask) -> None:
    def neighbours(n: int, **more: Any) -> list[str | None]:
        page = reader(long, 3, **more).get(f"{LONG}/scenes/{key(n)}").page
        return [one.get("href") for one in page.all("a") if one.get("rel") in ("prev", "next")]

    assert neighbours(0) == [f"{LONG}/scenes/{key(1)}"]
    assert neighbours(1) == [f"{LONG}/scenes/{key(0)}", f"{LONG}/scenes/{key(2)}"]
    assert neighbours(2) == [f"{LONG}/scenes/{key(1)}"]
    assert neighbours(4, opened=[key(4)]) == []
    assert neighbours(3, opened=[key(3)]) == []


def test_a_scene_is_found_under_an_earlier_id(app: Flask) -> None:
    one = of_tale(app, threshold=3, reached="curlew")

    old, new = (one.get(f"{TALE}/scenes/{scene_of_tale(i)}") for i in ("skimmer", "curlew"))

    assert old.status == 200
    assert old == new


@pytest.mark.parametrize("scene", [NOBODY, "nonsense", "s1", "%00", "..%2fread", "a" * 5000])
def test_a_scene_that_is_not_there_is_not_found(long: Flask, scene: str) -> None:
    assert reader(long, 3).get(f"{LONG}/scenes/{scene}").status == 404
