"""Who is who, and people who turned out to be one."""

from __future__ import annotations

import pytest
from flask import Flask

from tests.support.crawl import Reader
from tests.support.long_story import LONG, TALE, of_tale, person_of_tale, reader


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
