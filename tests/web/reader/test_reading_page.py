"""The reading page: windows, orders and filters."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise, product

import pytest
from flask import Flask

from tests.conftest import Serve
from tests.support.crawl import Answer, Reader
from tests.support.long_story import (
    LONG,
    TALE,
    file,
    key,
    link,
    listed,
    long_scene,
    long_story,
    numbers,
    of_tale,
    person,
    person_of_tale,
    reader,
    scene_of_tale,
)


def test_before_the_first_scene_nothing_is_told(long: Flask) -> None:
    answer = Reader(long).get(f"{LONG}/read")

    assert listed(answer) == []
    assert "There is more." in answer.page.text
    assert "Title" not in answer.page.text.replace("Title page", "")


@pytest.mark.parametrize("count", [1, 2, 19, 20, 21, 40, 69, 70])
def test_the_page_ends_at_the_scene_reached_and_holds_twenty(long: Flask, count: int) -> None:
    answer = reader(long, count).get(f"{LONG}/read")

    assert numbers(answer) == list(range(max(0, count - 20), count))
    assert (link(answer, "earlier") is not None) is (count > 20)
    assert link(answer, "later") is None


@pytest.mark.parametrize("complete", [True, False])
def test_the_end_is_told_only_at_the_end(serve: Serve, complete: bool) -> None:
    app = serve(file(long_story() | {"complete": complete}))

    last_but_one, last = (reader(app, n).get(f"{LONG}/read") for n in (69, 70))

    assert "There is more." in last_but_one.page.text
    assert ("The end." if complete else "The end, so far.") in last.page.text
    assert "There is more." not in last.page.text
    assert not [one for one in last.page.forms if "/next" in one.action]


VIEWS = ["", "order=happened", "time=present", f"who={person('anna')}"]
VIEWS += [
    f"who={person('anna')}&who={person('ben')}&match=all",
    f"order=happened&who={person('ben')}",
]


def pages_from(one: Reader, start: str, side: str) -> Iterator[Answer]:
    """Give a page and those to which its links on one side lead on."""
    asked = []
    at: str | None = start
    while at is not None:
        assert at not in asked, f"the links {side} go in a circle at {at}"
        asked.append(at)
        answer = one.get(at)
        assert answer.status == 200
        yield answer
        at = link(answer, side)


@pytest.mark.parametrize("view", VIEWS)
@pytest.mark.parametrize("opened", [[], [66], [55], [55, 65, 69], [*range(50, 70)]], ids=len)
@pytest.mark.parametrize("threshold", [0, 2])
def test_earlier_and_later_lead_through_all_that_was_reached(
    long: Flask, view: str, opened: list[int], threshold: int
) -> None:
    one = reader(long, 50, threshold, opened=[key(n) for n in opened])

    backwards = list(pages_from(one, f"{LONG}/read?{view}", "earlier"))
    first = (
        list(pages_from(one, link(backwards[-2], "earlier") or "", "later"))
        if len(backwards) > 1
        else []
    )

    windows = [in_order(answer) for answer in reversed(backwards)]
    told = [n for window in windows for n in window]
    assert len(told) == len(set(told))
    if first:
        forwards = [n for answer in first for n in in_order(answer)]
        assert forwards[: len(told)] == told
        assert all(len(window) <= 20 for window in windows)
        whole = {n for n in range(50) if in_view(n, view, threshold)}
        ahead = {n for n in opened if in_view(n, view, 2)} if "happened" in view else set()
        assert set(forwards) == whole | ahead


def in_order(answer: Answer) -> list[int]:
    """Give the scenes in the main list of a page, without those opened ahead."""
    told = answer.body.partition(b'<section class="ahead"')[0]
    return numbers(replace(answer, body=told))


def in_view(n: int, view: str, threshold: int) -> bool:
    """Whether a scene of the long story belongs in a view, told up to a threshold."""
    scene = long_scene(n)
    if not view:
        return True
    if scene["level"] > threshold:
        return False
    who = [ident for ident in ("anna", "ben") if person(ident) in view]
    return set(who) <= set(scene["people"]) and ("time=" not in view or "time" not in scene)


@pytest.mark.parametrize("view", VIEWS)
def test_a_window_beside_any_scene_reached_is_there(long: Flask, view: str) -> None:
    for side, n in product(("before", "after"), (0, 1, 5, 25, 48, 49)):
        answer = reader(long, 50).get(f"{LONG}/read?{view}&{side}={key(n)}")

        assert answer.status == 200, (side, n)
        assert len(in_order(answer)) <= 20, (side, n)
        for other in ("earlier", "later"):
            target = link(answer, other)
            assert target is None or reader(long, 50).get(target).status == 200, (side, n, other)


def test_a_window_before_a_scene_ends_there_and_one_after_it_starts_there(long: Flask) -> None:
    one = reader(long, 50)

    assert numbers(one.get(f"{LONG}/read?before={key(30)}")) == list(range(10, 30))
    assert numbers(one.get(f"{LONG}/read?before={key(7)}")) == list(range(7))
    assert numbers(one.get(f"{LONG}/read?after={key(10)}")) == list(range(11, 31))
    assert numbers(one.get(f"{LONG}/read?after={key(40)}")) == list(range(41, 50))
    assert link(one.get(f"{LONG}/read?after={key(10)}"), "latest") == f"{LONG}/read"


def test_in_story_order_the_page_stands_around_the_scene_reached(long: Flask) -> None:
    # Scene 25 happens before all that is told in the present.
    answer = reader(long, 46).get(f"{LONG}/read?order=happened")
    shown = numbers(answer)

    assert 45 in shown
    assert len(shown) == 20
    assert shown[:5] == [5, 15, 25, 35, 45]
    assert link(answer, "later") is not None


def test_in_story_order_a_scene_opened_ahead_stands_where_it_happens(long: Flask) -> None:
    answer = reader(long, 3, opened=[key(15)]).get(f"{LONG}/read?order=happened")

    assert numbers(answer) == [15, 0, 1, 2]
    assert not answer.page.all("section", class_="ahead")


def test_as_told_veiled_scenes_stand_in_their_place_and_otherwise_are_left_out(long: Flask) -> None:
    one = reader(long, 10, threshold=0)

    assert numbers(one.get(f"{LONG}/read")) == list(range(10))
    assert len(one.get(f"{LONG}/read").page.all("div", class_="veil")) == 5
    for view in ("order=happened", "time=present", f"who={person('ben')}"):
        assert all(n % 2 == 0 for n in numbers(one.get(f"{LONG}/read?{view}")))


def test_a_filter_shows_the_scenes_with_any_or_with_all(long: Flask) -> None:
    one = reader(long, 13)
    both = f"who={person('anna')}&who={person('ben')}"

    assert numbers(one.get(f"{LONG}/read?who={person('ben')}")) == [0, 3, 6, 9, 12]
    assert numbers(one.get(f"{LONG}/read?{both}")) == [
        n for n in range(13) if not n % 2 or not n % 3
    ]
    assert numbers(one.get(f"{LONG}/read?{both}&match=any")) == numbers(
        one.get(f"{LONG}/read?{both}")
    )
    assert numbers(one.get(f"{LONG}/read?{both}&match=all")) == [0, 6, 12]


def test_a_filter_shows_the_scenes_of_a_time_or_of_several(long: Flask) -> None:
    one = reader(long, 17)
    every = list(range(17))

    assert numbers(one.get(f"{LONG}/read?time=flashback")) == [5, 15]
    assert numbers(one.get(f"{LONG}/read?time=present")) == [n for n in every if n % 10 != 5]
    assert numbers(one.get(f"{LONG}/read?time=flashback&time=present")) == every
    assert numbers(one.get(f"{LONG}/read?time=dream")) == []
    assert numbers(one.get(f"{LONG}/read?time=flashback&who={person('ben')}")) == [15]


def test_who_is_chosen_can_be_taken_out_again(long: Flask) -> None:
    answer = reader(long, 13).get(f"{LONG}/read?who={person('ben')}&order=happened")
    chosen = [
        one for one in answer.page.all("a", class_="chosen") if "who-" in (one.get("id") or "")
    ]

    assert [one.get("href") for one in chosen] == [f"{LONG}/read?order=happened"]


def test_the_scene_reached_is_pointed_to_where_the_view_leaves_it_out(long: Flask) -> None:
    answer = reader(long, 12).get(f"{LONG}/read?who={person('anna')}")

    assert 11 not in numbers(answer)
    (note,) = answer.page.all("p", id="missing")
    assert note.get("class") == "missing"
    assert not reader(long, 13).get(f"{LONG}/read?who={person('anna')}").page.all("p", id="missing")


def test_nobody_is_offered_as_a_filter_before_they_are_known(long: Flask) -> None:
    def offered(count: int) -> list[str]:
        page = reader(long, count).get(f"{LONG}/read").page
        return [one.get("href") or "" for one in page.all("a", class_="chip") if one.get("id")]

    assert not [one for one in offered(0) if "who=" in one]
    assert [one for one in offered(69) if person("zoe") in one] == []
    assert [one for one in offered(70) if person("zoe") in one] != []
    assert not [one for one in offered(5) if "time=" in one]
    assert [one for one in offered(6) if "time=flashback" in one] != []


def test_two_ids_of_one_person_count_once(app: Flask) -> None:
    # From dunlin on larch is hazel.
    one = of_tale(app, threshold=3, reached="dunlin", seen="dunlin")
    larch, hazel = person_of_tale("larch"), person_of_tale("hazel")

    for query in (f"who={larch}", f"who={hazel}&who={larch}", f"who={larch}&who={hazel}&match=all"):
        assert one.get(f"{TALE}/read?{query}") == one.get(f"{TALE}/read?who={hazel}")


def test_before_they_are_one_they_are_two(app: Flask) -> None:
    one = of_tale(app, threshold=3, reached="plover", seen="plover")
    larch, hazel = person_of_tale("larch"), person_of_tale("hazel")

    assert listed(one.get(f"{TALE}/read?who={larch}")) == [scene_of_tale("petrel")]
    assert listed(one.get(f"{TALE}/read?who={hazel}")) == [scene_of_tale("fulmar")]
    assert listed(one.get(f"{TALE}/read?who={larch}&who={hazel}&match=all")) == []


def test_neighbouring_windows_meet(long: Flask) -> None:
    pages = list(pages_from(reader(long, 70), f"{LONG}/read", "earlier"))

    for later, earlier in pairwise(pages):
        assert numbers(earlier)[-1] == numbers(later)[0] - 1
