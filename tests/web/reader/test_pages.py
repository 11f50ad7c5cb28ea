"""Every address and every move of the contract, as a reader's browser meets them."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from itertools import pairwise
from typing import Any
from urllib.parse import urlencode

import pytest
from flask import Flask

from explorer.storage.store import Store
from explorer.story.model import opaque
from explorer.storyfile import storyfile
from tests.conftest import Serve
from tests.support import tale
from tests.support.crawl import OURS, PART, Answer, Form, Reader, ask, crawl, leads

COUNT = 70
NOBODY = "aaaaaaaaaaaa"
LONG = "/stories/long"
TALE = "/stories/spindrift"


# --- a long story, and readers of it -----------------------------------------------------------


def long_story(count: int = COUNT) -> dict[str, Any]:
    """Give a story of many scenes. Each has a number in its title and text, and nothing hides.

    Levels go round: even scenes belong to level 0, the others to 1 or 2. Anna is in every second
    scene, Ben in every third, Zoe in the last; every tenth is a flashback to before the first.
    """
    return {
        "format": 1,
        "id": "long",
        "title": "The Long Story",
        "medium": "series",
        "language": "en",
        "premise": "Much happens.",
        "levels": [{"name": "Low"}, {"name": "Middle"}, {"name": "High"}],
        "people": [
            {"id": "anna", "names": [{"name": "Anna", "scene": "s0"}]},
            {"id": "ben", "names": [{"name": "Ben", "scene": "s0"}]},
            {"id": "zoe", "names": [{"name": "Zoe", "scene": f"s{count - 1}"}]},
        ],
        "scenes": [long_scene(n, count) for n in range(count)],
    }


def long_scene(n: int, count: int = COUNT) -> dict[str, Any]:
    """Give a scene of the long story."""
    people = ["anna"] * (n % 2 == 0) + ["ben"] * (n % 3 == 0) + ["zoe"] * (n == count - 1)
    flashback = {"time": "flashback", "happens": {"before": "s0"}} if n % 10 == 5 else {}
    return {
        "id": f"s{n}",
        "level": (n % 2) * (1 + n % 4 // 2),
        "title": f"Title {n}",
        "text": f"Text {n}.",
        "people": people,
        "marker": f"chapter {n + 1}",
        **flashback,
    }


def file(document: Mapping[str, Any]) -> bytes:
    """Give a story as a file."""
    return json.dumps(document).encode()


def key(n: int, story: str = "long") -> str:
    """Give the key of a scene of the long story."""
    return opaque(story, "scene", f"s{n}")


def scene_of_tale(ident: str) -> str:
    """Give the key of a scene of the tiny tale."""
    return opaque("spindrift", "scene", ident)


def person_of_tale(ident: str) -> str:
    """Give the key of a person of the tiny tale."""
    return opaque("spindrift", "person", ident)


def person(ident: str) -> str:
    """Give the key of a person of the long story."""
    return opaque("long", "person", ident)


def cookie(
    threshold: int = 0,
    reached: str = "",
    seen: str = "",
    opened: Iterable[str] = (),
    *,
    warned: bool = False,
    revision: int = 1,
) -> str:
    """Give the text of a bookmark."""
    return f"1.{revision}.{threshold}.{int(warned)}.{reached}.{seen}.{''.join(opened)}."


@pytest.fixture(scope="module")
def long(serve: Serve) -> Flask:
    return serve(file(long_story()))


def reader(app: Flask, count: int = 0, threshold: int = 2, seen: int = 0, **more: Any) -> Reader:
    """Give a reader of the long story who has turned to so many scenes."""
    part = more.pop("part", False)
    reached = key(count - 1) if count else ""
    known = key(seen - 1) if seen else ""
    return Reader(app, part=part).keep(LONG, cookie(threshold, reached, known, **more))


def of_tale(app: Flask, *, part: bool = False, **place: Any) -> Reader:
    """Give a reader of the tiny tale, whose scenes are named by their ids."""
    for name in ("reached", "seen"):
        if place.get(name):
            place[name] = scene_of_tale(place[name])
    place["opened"] = [scene_of_tale(scene) for scene in place.get("opened", ())]
    return Reader(app, part=part).keep(TALE, cookie(**place))


def held(reader: Reader, home: str = LONG) -> str:
    """Give the bookmark that a reader holds; empty for none."""
    return reader.cookies.get(home, "bookmark=").removeprefix("bookmark=")


def listed(answer: Answer) -> list[str]:
    """Give the keys of the scenes on a page, in their order."""
    return [one[2:] for one in answer.page.ids if re.fullmatch("s-[a-z2-7]{12}", one)]


def numbers(answer: Answer) -> list[int]:
    """Give the scenes of the long story on a page, counted from 0."""
    by_key = {key(n): n for n in range(210)}
    return [by_key[one] for one in listed(answer)]


def link(answer: Answer, ident: str) -> str | None:
    """Give the address of the link with an id; None where there is none."""
    links = [one.get("href") for one in answer.page.all("a", id=ident)]
    return links[0] if links else None


def form(answer: Answer, move: str) -> Form:
    """Give the first form on a page that makes a move."""
    return next(
        one for one in answer.page.forms if one.action.partition("?")[0].endswith(f"/{move}")
    )


def said(answer: Answer) -> str:
    """Give what a page says to be wrong."""
    page = answer.page
    assert len(page.all("p", class_="problem")) == 1
    found = re.search(r'<p class="problem"[^>]*>(.*?)</p>', answer.text, re.DOTALL)
    assert found is not None
    return found[1]


# --- the library -------------------------------------------------------------------------------


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
    assert "Continue at scene 2" in of_tale(app, reached="petrel").get(f"{TALE}/card").page.text
    assert "Continue" not in Reader(app).get(f"{TALE}/card").page.text


# --- what is not there -------------------------------------------------------------------------


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


# --- the front page ----------------------------------------------------------------------------


def test_the_first_choice_is_how_much_may_be_told(long: Flask) -> None:
    page = Reader(long).get(LONG).page
    choices = page.all("input", type="radio", name="threshold")

    assert [one.get("value") for one in choices] == ["0", "1", "2"]
    assert ["checked" in one.attributes for one in choices] == [True, False, False]
    assert "Start reading" in page.text


def test_the_front_page_goes_on_where_the_reader_is(long: Flask) -> None:
    page = reader(long, 12, threshold=1).get(LONG).page

    assert "Continue at scene 12" in page.text
    assert [
        o.get("value") for o in page.all("input", type="radio") if "checked" in o.attributes
    ] == ["1"]


def test_choosing_on_the_front_page_leads_to_the_reading_page(long: Flask) -> None:
    one = Reader(long)
    choice = form(one.get(LONG), "threshold")

    answer = one.post(choice.action, choice.fillings[1])

    assert answer.status == 303
    assert answer.header("Location") == f"{LONG}/read"
    assert held(one) == cookie(1)


# --- the reading page --------------------------------------------------------------------------


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
@pytest.mark.parametrize("side", ["before", "after"])
@pytest.mark.parametrize("n", [0, 1, 5, 25, 48, 49])
def test_a_window_beside_any_scene_reached_is_there(
    long: Flask, view: str, side: str, n: int
) -> None:
    answer = reader(long, 50).get(f"{LONG}/read?{view}&{side}={key(n)}")

    assert answer.status == 200
    assert len(in_order(answer)) <= 20
    for other in ("earlier", "later"):
        target = link(answer, other)
        assert target is None or reader(long, 50).get(target).status == 200


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


# --- people ------------------------------------------------------------------------------------


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


# --- a scene at its own address ----------------------------------------------------------------


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


# --- opening and closing -----------------------------------------------------------------------


def test_opening_asks_once(long: Flask) -> None:
    answer = reader(long, 3, threshold=0).get(f"{LONG}/read")
    (asking,) = answer.page.all("details", class_="asking")

    assert "open" not in asking.attributes
    inside = [one for one in answer.page.elements if asking in one.within and one.tag == "form"]
    assert [one.get("action") for one in inside] == [f"{LONG}/scenes/{key(1)}/open?page=read"]


def test_a_scene_opened_ahead_stands_in_a_list_of_its_own_without_a_number(long: Flask) -> None:
    one = reader(long, 3)
    one.post(f"{LONG}/scenes/{key(41)}/open?page=read")

    answer = one.get(f"{LONG}/read")

    ahead = answer.text.partition('<section class="ahead"')[2].partition("</section>")[0]
    assert numbers(answer) == [0, 1, 2, 41]
    assert "Title 41" in ahead
    assert "42" not in answer.page.text
    assert re.findall(r"\bscene \d+", ahead, re.IGNORECASE) == []
    assert "42" not in one.get(f"{LONG}/scenes/{key(41)}").page.text


def test_several_opened_ahead_stand_as_told_whatever_the_order_of_opening(long: Flask) -> None:
    one = reader(long, 3)
    for n in (60, 41, 50):
        one.post(f"{LONG}/scenes/{key(n)}/open")

    assert numbers(one.get(f"{LONG}/read")) == [0, 1, 2, 41, 50, 60]


def test_a_scene_opened_ahead_takes_its_place_when_it_is_reached(long: Flask) -> None:
    one = reader(long, 4, threshold=0, opened=[key(4)])

    one.post(f"{LONG}/next", {"from": key(3)})

    answer = one.get(f"{LONG}/read")
    assert numbers(answer) == [0, 1, 2, 3, 4]
    assert not answer.page.all("section", class_="ahead")


@pytest.mark.parametrize("n", [1, 41])
def test_what_was_opened_can_be_closed_again(long: Flask, n: int) -> None:
    one = reader(long, 3, threshold=0)
    before = one.get(f"{LONG}/read")

    one.post(f"{LONG}/scenes/{key(n)}/open")
    opened = one.get(f"{LONG}/read")
    one.post(form(opened, f"{key(n)}/close").action)

    assert f"Title {n}" in opened.page.text
    assert one.get(f"{LONG}/read") == before


@pytest.mark.parametrize("n", [0, 2])
def test_opening_what_is_shown_in_full_does_nothing(long: Flask, n: int) -> None:
    answer = reader(long, 3, threshold=0).post(f"{LONG}/scenes/{key(n)}/open")

    assert answer.status == 303
    assert answer.header("Set-Cookie") is None


def test_a_lower_threshold_leaves_opened_scenes_open(long: Flask) -> None:
    one = reader(long, 8, threshold=1, opened=[key(3)])

    one.post(f"{LONG}/threshold", {"threshold": "0"})

    answer = one.get(f"{LONG}/read")
    assert "Title 3" in answer.page.text
    assert "Title 1" not in answer.page.text


def test_two_hundred_scenes_can_be_opened_and_no_more(serve: Serve) -> None:
    app = serve(file(long_story(205)))
    one = reader(app, opened=[key(n) for n in range(200)])
    bookmark = held(one)

    refused = one.post(f"{LONG}/scenes/{key(201)}/open?page=read")

    assert refused.status == 422
    assert "200" in said(refused)
    assert refused.header("Set-Cookie") is None
    assert held(one) == bookmark
    assert one.post(f"{LONG}/scenes/{key(199)}/close").status == 303
    assert one.post(f"{LONG}/scenes/{key(201)}/open").status == 303


def test_the_longest_bookmark_fits_a_cookie(serve: Serve) -> None:
    app = serve(file(long_story(205)))
    one = reader(app, 205, opened=[key(n) for n in range(199)], threshold=0)

    line = one.post(f"{LONG}/scenes/{key(203)}/open").header("Set-Cookie") or ""

    assert len(line.partition(";")[0]) < 4096


# --- next --------------------------------------------------------------------------------------


def test_next_goes_one_scene_on_and_shows_it(long: Flask) -> None:
    one = Reader(long)
    for n in range(3):
        turn = form(one.get(f"{LONG}/read"), "next")
        answer = one.post(turn.action, turn.fillings[0])

        assert answer.status == 303
        assert answer.header("Location") == f"{LONG}/read#s-{key(n)}"
        assert held(one) == cookie(0, key(n))
        assert numbers(one.get(f"{LONG}/read")) == list(range(n + 1))


@pytest.mark.parametrize(
    "origin", ["", key(1), key(3), key(60), NOBODY, "nonsense", "?", key(2).upper(), f"{key(2)} "]
)
def test_a_stale_or_forged_origin_turns_nothing(long: Flask, origin: str) -> None:
    one = reader(long, 3)

    answer = one.post(f"{LONG}/next", {"from": origin})

    assert answer.status == 303
    assert answer.header("Set-Cookie") is None
    assert held(one) == cookie(2, key(2))


def test_pressing_next_twice_turns_once(long: Flask) -> None:
    one = reader(long, 3)
    for _ in range(2):
        one.post(f"{LONG}/next", {"from": key(2)})

    assert held(one) == cookie(2, key(3))


def test_after_the_end_there_is_no_next(long: Flask) -> None:
    answer = reader(long, 70).post(f"{LONG}/next", {"from": key(69)})

    assert answer.status == 303
    assert answer.header("Set-Cookie") is None


def test_next_leads_from_an_older_window_to_the_newest_scene(long: Flask) -> None:
    one = reader(long, 50)
    answer = one.get(f"{LONG}/read?before={key(20)}&order=told")
    turn = form(answer, "next")

    moved = one.post(turn.action, turn.fillings[0])

    assert moved.header("Location") == f"{LONG}/read#s-{key(50)}"


# --- threshold ---------------------------------------------------------------------------------


@pytest.mark.parametrize("threshold", [0, 1, 2])
def test_the_threshold_says_how_much_is_told(long: Flask, threshold: int) -> None:
    one = reader(long, 8, threshold=(threshold + 1) % 3)

    one.post(f"{LONG}/threshold", {"threshold": str(threshold)})

    shown = [n for n in range(8) if f"Title {n}" in one.get(f"{LONG}/read").page.text]
    assert shown == [n for n in range(8) if long_scene(n)["level"] <= threshold]


@pytest.mark.parametrize(
    "threshold",
    [
        "3",
        "-1",
        "99",
        "999",
        "1000",
        "",
        " ",
        "one",
        "1.0",
        "1e0",
        "0x1",
        "nan",
        "9" * 5000,
        "1;2",
        "\x00",
    ],
)
@pytest.mark.parametrize("spot", ["read", "front", "people", f"scenes/{key(1)}"])
def test_a_threshold_out_of_range_is_refused_with_the_form(
    long: Flask, threshold: str, spot: str
) -> None:
    one = reader(long, 8, threshold=1)

    answer = one.post(f"{LONG}/threshold?page={spot}", {"threshold": threshold})

    assert answer.status == 422
    assert answer.header("Set-Cookie") is None
    assert said(answer)
    assert form(answer, "threshold").fillings
    assert held(one) == cookie(1, key(7))


def test_a_threshold_that_is_missing_is_refused(long: Flask) -> None:
    assert reader(long, 8).post(f"{LONG}/threshold").status == 422


# --- seen --------------------------------------------------------------------------------------


def test_what_was_seen_is_told_in_full(long: Flask) -> None:
    one = reader(long, 8, threshold=0)

    one.post(f"{LONG}/seen", {"scene": key(4)})

    text = one.get(f"{LONG}/read").page.text
    assert [n for n in range(8) if f"Title {n}" in text] == [0, 1, 2, 3, 4, 6]
    assert held(one) == cookie(0, key(7), key(4))


@pytest.mark.parametrize(
    ("marker", "count"),
    [
        ("chapter 7", 7),
        ("7", 7),
        ("Chapter 007", 7),
        ("chapter 70", 70),
        ("0", 0),
        ("chapter 7, page 3", 7),
    ],
)
def test_seen_up_to_a_marker_is_up_to_the_last_scene_not_past_it(
    long: Flask, marker: str, count: int
) -> None:
    one = Reader(long)

    answer = one.post(f"{LONG}/seen?page=front", {"marker": marker})

    last = key(count - 1) if count else ""
    assert answer.status == 303
    assert held(one) == (cookie(0, last, last) if count else "")


def test_seen_up_to_a_marker_never_takes_back_what_was_reached(long: Flask) -> None:
    one = reader(long, 12)

    one.post(f"{LONG}/seen", {"marker": "chapter 7"})

    assert held(one) == cookie(2, key(11), key(6))


def test_the_time_code_counts_as_the_story_counts_it(app: Flask) -> None:
    for marker, scene in (
        ("00:20", "petrel"),
        ("00:44:59", "curlew"),
        ("00:45", "fulmar"),
        ("0:50", "fulmar"),
    ):
        one = Reader(app)
        one.post(f"{TALE}/seen?page=front", {"marker": marker})
        reached = scene_of_tale("petrel" if scene == "curlew" else scene)
        assert held(one, TALE) == cookie(0, reached, reached), marker


@pytest.mark.parametrize(
    "marker", ["", " ", "nowhere", "chapter seventy", "99999", "7" * 41, "'\"<b>", "\x00"]
)
def test_a_marker_that_says_nothing_is_refused_and_still_there(long: Flask, marker: str) -> None:
    one = reader(long, 12)

    answer = one.post(f"{LONG}/seen?page=front", {"marker": marker})

    assert answer.status == 422
    assert answer.header("Set-Cookie") is None
    assert said(answer)
    assert answer.page.one("input", id="marker").get("value") == marker
    assert "open" in answer.page.one("details", id="known").attributes


@pytest.mark.parametrize("scene", [key(12), key(40), NOBODY, "nonsense", key(3).upper()])
@pytest.mark.parametrize("move", ["seen", "back"])
def test_a_scene_that_was_not_reached_cannot_be_gone_to(long: Flask, scene: str, move: str) -> None:
    one = reader(long, 12, opened=[key(40)])

    answer = one.post(f"{LONG}/{move}?page=read", {"scene": scene})

    assert answer.status == 422
    assert answer.header("Set-Cookie") is None
    assert said(answer)


def test_seen_can_be_taken_back(long: Flask) -> None:
    one = reader(long, 12, threshold=0)
    before = one.get(f"{LONG}/read")

    one.post(f"{LONG}/seen", {"scene": key(4)})
    one.post(f"{LONG}/seen", {"scene": ""})

    assert one.get(f"{LONG}/read") == before


# --- back --------------------------------------------------------------------------------------


def test_back_takes_back_the_last_scene(long: Flask) -> None:
    one = reader(long, 3)
    for n in (2, 1, 0):
        back = form(one.get(f"{LONG}/read"), "back")
        one.post(back.action, back.fillings[0])

        assert held(one) == cookie(2, key(n - 1) if n else "")


def test_back_takes_back_what_was_seen_and_opened_beyond(long: Flask) -> None:
    one = reader(long, 30, threshold=0, seen=25, opened=[key(3), key(21), key(27), key(60)])

    one.post(f"{LONG}/back", {"scene": key(20)})

    assert held(one) == cookie(0, key(20), key(20), [key(3)])


@pytest.mark.parametrize("n", [11])
def test_back_never_goes_on(long: Flask, n: int) -> None:
    answer = reader(long, 12, opened=[key(40)]).post(f"{LONG}/back", {"scene": key(n)})

    assert answer.status == 303
    assert answer.header("Set-Cookie") is None


# --- warned, forget ----------------------------------------------------------------------------


def test_warnings_come_before_opening_only_for_those_who_ask(app: Flask) -> None:
    one = of_tale(app, threshold=0, reached="fulmar")
    assert "Millipede" not in one.get(f"{TALE}/read").text

    one.post(f"{TALE}/warned?page=front", {"warned": "yes"})
    assert "Millipede" in one.get(f"{TALE}/read").text

    one.post(f"{TALE}/warned?page=front", {"warned": "no"})
    assert "Millipede" not in one.get(f"{TALE}/read").text


@pytest.mark.parametrize("warned", ["", "maybe", "YES", "1", "true", "yes "])
def test_an_answer_that_is_neither_yes_nor_no_is_refused(long: Flask, warned: str) -> None:
    answer = reader(long, 3).post(f"{LONG}/warned?page=front", {"warned": warned})

    assert answer.status == 422
    assert answer.header("Set-Cookie") is None
    assert said(answer)


def test_forgetting_leaves_nothing(long: Flask) -> None:
    one = reader(long, 30, seen=20, opened=[key(40)], warned=True)

    answer = one.post(f"{LONG}/forget?page=carry")

    assert answer.status == 303
    assert one.cookies == {}
    assert one.get(f"{LONG}/read") == Reader(long).get(f"{LONG}/read")


def test_every_move_can_be_taken_back(long: Flask) -> None:
    one = reader(long, 5, threshold=1)
    before = one.get(f"{LONG}/read")

    for there, back in (
        (("next", {"from": key(4)}), ("back", {"scene": key(4)})),
        (("threshold", {"threshold": "2"}), ("threshold", {"threshold": "1"})),
        ((f"scenes/{key(3)}/open", {}), (f"scenes/{key(3)}/close", {})),
        ((f"scenes/{key(33)}/open", {}), (f"scenes/{key(33)}/close", {})),
        (("seen", {"scene": key(3)}), ("seen", {"scene": ""})),
        (("warned", {"warned": "yes"}), ("warned", {"warned": "no"})),
    ):
        one.post(f"{LONG}/{there[0]}", there[1])
        assert held(one) != cookie(1, key(4))
        one.post(f"{LONG}/{back[0]}", back[1])
        assert one.get(f"{LONG}/read") == before


# --- carry -------------------------------------------------------------------------------------


def code(one: Reader, home: str = LONG) -> str:
    """Give the code on a reader's page."""
    found = re.search(r'<code id="code"[^>]*>([^<]+)</code>', one.get(f"{home}/carry").text)
    assert found is not None
    return found[1]


def test_a_bookmark_is_carried_to_another_device(long: Flask) -> None:
    one = reader(long, 30, threshold=1, seen=20, opened=[key(3), key(40)], warned=True)
    other = Reader(long)

    answer = other.post(f"{LONG}/carry?page=carry", {"code": code(one)})

    assert answer.status == 303
    assert held(other) == held(one)
    assert other.get(f"{LONG}/read") == one.get(f"{LONG}/read")


def test_the_first_bookmark_is_carried_too(long: Flask) -> None:
    one = reader(long, 30)

    one.post(f"{LONG}/carry", {"code": code(Reader(long))})

    assert one.get(f"{LONG}/read") == Reader(long).get(f"{LONG}/read")


def test_a_code_may_be_broken_over_lines(long: Flask) -> None:
    one, other = reader(long, 30), Reader(long)
    broken = "\r\n ".join(re.findall(".{1,10}", code(one)))

    other.post(f"{LONG}/carry", {"code": f"  {broken}\t\n"})

    assert held(other) == held(one)


GOOD = f"long.{cookie(1, key(4), key(2), [key(9)])}"
BROKEN = [
    "",
    " ",
    ".",
    "long",
    "long.",
    "nonsense",
    GOOD[:-1],
    GOOD[:-14],
    GOOD[1:],
    f"{GOOD}.",
    f"{GOOD}a",
]
BROKEN += [GOOD.replace("long.1.", "long.2."), GOOD.replace("long.", "short."), GOOD.upper()]
BROKEN += [
    GOOD.replace("long.", "long.-"),
    GOOD + "é",
    GOOD + "\x00",
    "9" * 9000,
    "<b>&\"'</b>",
    "\n" + GOOD[2:],
]


@pytest.mark.parametrize("broken", BROKEN, ids=range(len(BROKEN)))
@pytest.mark.parametrize("part", [False, True])
def test_a_broken_code_is_refused_and_still_there(long: Flask, broken: str, part: bool) -> None:
    one = reader(long, 3, part=part)

    answer = one.post(f"{LONG}/carry?page=carry", {"code": broken})

    assert answer.status == 422
    assert answer.header("Set-Cookie") is None
    assert said(answer)
    assert held(one) == cookie(2, key(2))
    kept = answer.text.partition("<textarea")[2].partition(">")[2].partition("</textarea>")[0]
    assert form(answer, "carry").fillings
    assert "<b>" not in kept
    assert unescaped(kept).split() == broken.split()


def unescaped(text: str) -> str:
    """Give the text that a browser reads in HTML."""
    from html import unescape

    return unescape(text)


def test_a_code_of_another_story_is_refused(serve: Serve) -> None:
    app = serve(file(long_story()), file(tale.document()))

    answer = Reader(app).post(f"{TALE}/carry?page=carry", {"code": GOOD})

    assert answer.status == 422
    assert "another story" in said(answer)


# --- cookies -----------------------------------------------------------------------------------


def attributes(line: str) -> dict[str, str | bool]:
    """Give the attributes of a Set-Cookie line."""
    pairs = (piece.strip().partition("=") for piece in line.split(";")[1:])
    return {name: value if eq else True for name, eq, value in pairs}


@pytest.mark.parametrize("part", [False, True])
def test_the_cookie_is_what_the_contract_says(long: Flask, part: bool) -> None:
    answer = Reader(long, part=part).post(f"{LONG}/next", {"from": ""})
    (line,) = answer.every("Set-Cookie")

    assert line.startswith(f"bookmark={cookie(0, key(0))};")
    assert attributes(line) == {
        "Path": "/stories/long",
        "Max-Age": str(400 * 24 * 60 * 60),
        "HttpOnly": True,
        "SameSite": "Lax",
    }


def test_over_https_the_cookie_stays_there(long: Flask) -> None:
    answer = Reader(long, base="https://localhost").post(f"{LONG}/next", {"from": ""})

    assert attributes(answer.header("Set-Cookie") or "")["Secure"] is True


@pytest.mark.parametrize(
    ("hops", "proto", "secure"),
    [
        (0, "https", False),
        (1, "https", True),
        (1, "http", False),
        (1, "https, http", False),
        (2, "https, http", True),
        (2, "https", False),
    ],
)
def test_behind_a_proxy_the_cookie_is_secure_when_the_outside_is(
    serve: Serve, hops: int, proto: str, secure: bool
) -> None:
    app = serve(file(long_story(3)), proxy_hops=hops)

    answer = Reader(app, headers={"X-Forwarded-Proto": proto}).post(f"{LONG}/next", {"from": ""})

    assert ("Secure" in attributes(answer.header("Set-Cookie") or "")) is secure


def test_a_cookie_that_is_forgotten_is_taken_back_where_it_was_set(long: Flask) -> None:
    answer = reader(long, 3).post(f"{LONG}/forget")
    (line,) = answer.every("Set-Cookie")

    assert line.startswith("bookmark=;")
    assert attributes(line) == {
        "Path": "/stories/long",
        "Max-Age": "0",
        "HttpOnly": True,
        "SameSite": "Lax",
    }


NOTHING_CHANGES: list[tuple[str, dict[str, str]]] = [
    ("next", {"from": key(7)}),
    ("next", {}),
    ("threshold", {"threshold": "1"}),
    (f"scenes/{key(0)}/open", {}),
    (f"scenes/{key(3)}/open", {}),
    (f"scenes/{key(40)}/open", {}),
    (f"scenes/{key(0)}/close", {}),
    (f"scenes/{key(1)}/close", {}),
    ("seen", {"scene": key(1)}),
    ("seen", {"marker": "chapter 2"}),
    ("back", {"scene": key(11)}),
    ("warned", {"warned": "no"}),
]


@pytest.mark.parametrize(("move", "fields"), NOTHING_CHANGES, ids=str)
@pytest.mark.parametrize("part", [False, True])
def test_a_move_that_changes_nothing_sets_no_cookie(
    long: Flask, move: str, fields: dict[str, str], part: bool
) -> None:
    one = reader(long, 12, threshold=1, seen=2, opened=[key(3), key(40)], part=part)

    answer = one.post(f"{LONG}/{move}", fields)

    assert answer.status == (200 if part else 303)
    assert answer.header("Set-Cookie") is None


@pytest.mark.parametrize("part", [False, True])
def test_taking_in_the_bookmark_that_is_there_sets_no_cookie(long: Flask, part: bool) -> None:
    one = reader(long, 12, part=part)

    answer = one.post(f"{LONG}/carry", {"code": code(one)})

    assert answer.header("Set-Cookie") is None


@pytest.mark.parametrize("move", ["forget", "back", "seen"])
def test_who_has_no_bookmark_gets_none_by_moving_nowhere(long: Flask, move: str) -> None:
    answer = Reader(long).post(f"{LONG}/{move}", {"scene": ""})

    assert answer.status == 303
    assert answer.header("Set-Cookie") is None


def test_no_page_sets_a_cookie(app: Flask) -> None:
    for one in (Reader(app), of_tale(app, threshold=2, reached="fulmar", opened=["bittern"])):
        for answer in crawl(one, ["/", f"{TALE}/card"], most_pairs=1).values():
            assert answer.header("Set-Cookie") is None


FINE = cookie(2, key(11), key(3), [key(40)])
MALFORMED = [
    "",
    "nonsense",
    "2" + FINE[1:],
    FINE[:-1],
    FINE + ".",
    FINE + "a" * 11,
    FINE[1:],
    "1",
    "." * 7,
]
MALFORMED += [
    FINE.upper(),
    FINE.replace("1.1.2", "1.1.-2"),
    FINE.replace("1.1.2", "1..2"),
    f" {FINE} x",
]
MALFORMED += [
    FINE.replace("1.1.2", "1.1.²"),
    FINE.replace("1.1.2", "1.1.٢"),
    FINE.replace(".0.", ".2."),
]
MALFORMED += [
    "1.1.9999.0....",
    "1.9999999999.1.0....",
    FINE.replace(key(40), key(40)[:-1]),
    "%31" + FINE[1:],
]
MALFORMED += [
    f"1.1.1.0.{key(1)}..{'a' * 12 * 201}.",
    "a" * 10_000,
    "\xff\xfe",
    '"',
    "bookmark",
    FINE + "\\000",
]


@pytest.mark.parametrize("broken", MALFORMED, ids=range(len(MALFORMED)))
def test_a_malformed_bookmark_is_the_first_one(long: Flask, broken: str) -> None:
    one = Reader(long).keep(LONG, broken)

    for page in ("", "/read", "/people", "/carry", f"/scenes/{key(2)}"):
        assert one.get(LONG + page) == Reader(long).get(LONG + page)


@pytest.mark.parametrize(
    "other", [FINE, cookie(), "", "nonsense"], ids=["same", "first", "empty", "bad"]
)
def test_two_bookmarks_are_the_first_one(long: Flask, other: str) -> None:
    for pair in (f"bookmark={FINE}; bookmark={other}", f"bookmark={other}; a=b; bookmark={FINE}"):
        answer = ask(long, "GET", f"{LONG}/read", {"Cookie": pair})

        assert answer == ask(long, "GET", f"{LONG}/read")


def test_other_cookies_do_not_matter(long: Flask) -> None:
    others = {"Cookie": f"session=x; Bookmark={cookie(1)}; bookmark={FINE}; bookmarks=y; =; ;"}

    assert ask(long, "GET", f"{LONG}/read", others) == Reader(long).keep(LONG, FINE).get(
        f"{LONG}/read"
    )


def test_what_a_bookmark_names_in_vain_counts_for_nothing(long: Flask) -> None:
    def page(text: str) -> bytes:
        return Reader(long).keep(LONG, text).get(f"{LONG}/read").main

    plain = page(cookie())
    assert page(cookie(7)) == plain
    assert page(cookie(0, NOBODY)) == plain
    assert page(cookie(0, NOBODY, key(5))) == plain
    assert page(cookie(0, "", key(5))) == plain
    assert page(cookie(0, "", "", [NOBODY])) == plain
    assert page(cookie(2, key(4), key(8))) == page(cookie(2, key(4), key(4)))


def test_a_cookie_of_one_story_says_nothing_of_another(serve: Serve) -> None:
    app = serve(file(long_story()), file(tale.document()))
    one = reader(app, 30)

    assert one.get(f"{TALE}/read") == Reader(app).get(f"{TALE}/read")


# --- the view goes along -----------------------------------------------------------------------

VIEW = f"who={person('anna')}&who={person('ben')}&match=all&time=present&order=happened"


def moves_of(n: int) -> list[tuple[str, dict[str, str]]]:
    """Give moves for who has turned to so many scenes and sees some of them veiled."""
    return [
        ("next", {"from": key(n - 1)}),
        ("threshold", {"threshold": "2"}),
        (f"scenes/{key(1)}/open", {}),
        (f"scenes/{key(40)}/open", {}),
        (f"scenes/{key(3)}/close", {}),
        ("seen", {"scene": key(4)}),
        ("seen", {"marker": "chapter 9"}),
        ("back", {"scene": key(n - 3)}),
        ("warned", {"warned": "yes"}),
    ]


@pytest.mark.parametrize(("move", "fields"), moves_of(12), ids=str)
def test_the_view_goes_along_with_every_move(
    long: Flask, move: str, fields: dict[str, str]
) -> None:
    one = reader(long, 12, threshold=0, opened=[key(3)])

    answer = one.post(f"{LONG}/{move}?page=read&{VIEW}&who={person('zoe')}&time=never", fields)

    assert answer.status == 303
    location = (answer.header("Location") or "").partition("#")[0]
    assert location == f"{LONG}/read?{VIEW}"
    assert answer.header("Set-Cookie") is not None


def test_after_a_move_the_view_keeps_only_who_is_known_then(long: Flask) -> None:
    one = reader(long, 70)

    answer = one.post(
        f"{LONG}/back?page=read&who={person('zoe')}&order=happened", {"scene": key(60)}
    )

    location = (answer.header("Location") or "").partition("#")[0]
    assert location == f"{LONG}/read?order=happened"


def test_after_going_back_a_window_beyond_is_gone(long: Flask) -> None:
    answer = reader(long, 50).post(f"{LONG}/back?page=read&before={key(40)}", {"scene": key(10)})

    assert (answer.header("Location") or "").partition("#")[0] == f"{LONG}/read"


@pytest.mark.parametrize("view", ["", VIEW, f"time=flashback&before={key(8)}", f"after={key(2)}"])
def test_every_form_carries_the_view_along(long: Flask, view: str) -> None:
    answer = reader(long, 12, threshold=0).get(f"{LONG}/read?{view}")
    kept = re.sub(r"&?(before|after)=\w+", "", view)

    for one in answer.page.forms:
        if one.method != "post":
            continue
        query = one.action.partition("?")[2]
        onward = re.search(r"/(next|back)\?", one.action)
        expected = kept if onward else view
        assert query == f"page=read&{expected}".rstrip("&"), one.action


@pytest.mark.parametrize(
    ("spot", "address"),
    [
        ("front", ""),
        ("read", "/read"),
        ("people", "/people"),
        ("carry", "/carry"),
        (f"scenes/{key(2)}", f"/scenes/{key(2)}"),
        (f"people/{person('anna')}", f"/people/{person('anna')}"),
    ],
)
def test_a_move_comes_back_to_the_page_that_its_form_stood_on(
    long: Flask, spot: str, address: str
) -> None:
    answer = reader(long, 12, threshold=0).post(f"{LONG}/threshold?page={spot}", {"threshold": "1"})

    assert (answer.header("Location") or "").partition("#")[0] == LONG + address


@pytest.mark.parametrize(
    "spot",
    [
        "",
        "//evil.example",
        "https://evil.example/",
        "../..",
        "scenes/",
        "people/",
        "library",
        "\r\nX: y",
        f"people/{person('zoe')}",
        f"people/{NOBODY}",
        f"scenes/{NOBODY}",
        f"scenes/{key(2)}/open",
    ],
)
def test_a_move_from_nowhere_leads_to_the_reading_page(long: Flask, spot: str) -> None:
    target = f"{LONG}/threshold?{urlencode({'page': spot})}"

    answer = reader(long, 12, threshold=0).post(target, {"threshold": "1"})

    assert (answer.header("Location") or "").partition("#")[0] == f"{LONG}/read"


def test_every_location_is_an_address_of_this_story(long: Flask) -> None:
    for move, fields in moves_of(12):
        for query in ("", "?page=front", "?page=//evil.example", f"?next=//evil.example&{VIEW}"):
            answer = reader(long, 12, threshold=0).post(f"{LONG}/{move}{query}", fields)
            assert (answer.header("Location") or "").startswith(f"{LONG}"), (move, query)


def test_every_anchor_that_a_move_leads_to_is_there(long: Flask) -> None:
    for view in (
        "",
        "order=happened",
        f"who={person('anna')}",
        f"before={key(5)}",
        "time=flashback",
    ):
        for move, fields in moves_of(12):
            one = reader(long, 12, threshold=0)
            location = one.post(f"{LONG}/{move}?page=read&{view}", fields).header("Location") or ""
            address, _, anchor = location.partition("#")
            assert not anchor or anchor in one.get(address).page.ids, (view, move)


def title_of(answer: Answer) -> str:
    """Give the title of a page."""
    (title,) = re.findall("<title>(.*?)</title>", answer.text, re.DOTALL)
    return str(title)


# --- parts of pages ----------------------------------------------------------------------------

ADDRESSES = [
    "",
    "/read",
    f"/read?{VIEW}",
    f"/read?before={key(8)}",
    "/people",
    f"/people/{person('ben')}",
]
ADDRESSES += [
    "/carry",
    f"/scenes/{key(1)}",
    f"/scenes/{key(2)}",
    f"/scenes/{key(40)}",
    f"/scenes/{key(60)}",
]


@pytest.mark.parametrize("spot", [*ADDRESSES, f"/people/{NOBODY}", "/nothing"])
@pytest.mark.parametrize("count", [0, 1, 12, 70])
def test_the_part_of_a_page_is_what_stands_in_the_page(long: Flask, spot: str, count: int) -> None:
    one = reader(long, count, threshold=0, opened=[key(40)])
    whole, part = one.get(LONG + spot), one.get(LONG + spot, PART)

    assert part.status == whole.status
    assert part.main == whole.main
    assert b"<html" in whole.body
    assert b"<html" not in part.body
    assert title_of(part) == title_of(whole)
    assert part.body.replace(part.main, b"").count(b"<") == part.body.count(b"<title>") * 2


def test_the_part_of_a_card_is_the_card(app: Flask) -> None:
    one = of_tale(app, threshold=1, reached="petrel")
    whole, part = one.get(f"{TALE}/card"), one.get(f"{TALE}/card", PART)

    assert part.body.strip() in whole.main
    assert part.body.strip().startswith(b"<article")
    assert part.body.strip().endswith(b"</article>")


@pytest.mark.parametrize("value", ["full", "", "Partial", "partial, full", "1"])
def test_only_who_asks_for_a_part_gets_one(long: Flask, value: str) -> None:
    answer = ask(long, "GET", f"{LONG}/read", {"HX-Request": "true", "HX-Request-Type": value})

    assert b"<html" in answer.body


PAGES = ["read", "front", "people", "carry", f"scenes/{key(1)}", f"scenes/{key(40)}"]
PAGES += [f"people/{person('anna')}", f"read&{VIEW}", f"read&before={key(8)}"]
PAGES += [
    f"read&who={person('anna')}&match=all",
    f"read&after={key(2)}&before={key(9)}&order=happened",
]
ALL_MOVES = [
    *moves_of(12),
    ("forget", {}),
    ("carry", {"code": GOOD}),
    ("threshold", {"threshold": "0"}),
]


@pytest.mark.parametrize(("move", "fields"), ALL_MOVES, ids=str)
@pytest.mark.parametrize("spot", PAGES)
def test_after_a_swap_the_page_equals_a_fresh_one(
    long: Flask, move: str, fields: dict[str, str], spot: str
) -> None:
    one, other = (
        reader(long, 12, threshold=0, opened=[key(3), key(40)], part=p) for p in (True, False)
    )
    target = f"{LONG}/{move}?page={spot}"

    part, whole = one.post(target, fields), other.post(target, fields)

    assert part.status == 200
    assert whole.status == 303
    address = part.header("HX-Replace-Url")
    assert address == (whole.header("Location") or "").partition("#")[0]
    assert part.every("Set-Cookie") == whole.every("Set-Cookie")
    fresh = other.get(address or "")
    assert fresh.status == 200
    assert part.main == fresh.main
    assert title_of(part) == title_of(fresh)


@pytest.mark.parametrize(
    ("move", "fields"),
    [
        ("threshold", {"threshold": "9"}),
        ("seen", {"marker": "x"}),
        ("back", {"scene": NOBODY}),
        ("carry", {"code": "x"}),
        ("warned", {"warned": "x"}),
    ],
)
def test_a_refusal_looks_the_same_in_part_and_in_whole(
    long: Flask, move: str, fields: dict[str, str]
) -> None:
    for page in PAGES:
        part, whole = (
            reader(long, 12, opened=[key(40)], part=p).post(f"{LONG}/{move}?page={page}", fields)
            for p in (True, False)
        )
        assert part.status == whole.status == 422
        assert part.main == whole.main


def test_a_refusal_is_shown_to_nobody_else(long: Flask) -> None:
    before = reader(long, 12).get(f"{LONG}/carry"), reader(long, 12).get(LONG)

    reader(long, 12).post(f"{LONG}/carry?page=carry", {"code": "my own secret words"})
    reader(long, 12).post(f"{LONG}/seen?page=front", {"marker": "my own secret words"})

    assert (reader(long, 12).get(f"{LONG}/carry"), reader(long, 12).get(LONG)) == before


# --- HEAD, OPTIONS -----------------------------------------------------------------------------


@pytest.mark.parametrize("spot", [*ADDRESSES, "/card", f"/people/{NOBODY}"])
def test_head_answers_as_get_does_without_the_body(long: Flask, spot: str) -> None:
    one = reader(long, 12, threshold=0, opened=[key(40)])
    head, get = one.send("HEAD", LONG + spot), one.get(LONG + spot)

    assert (head.status, head.headers) == (get.status, get.headers)
    assert head.body == b""


@pytest.mark.parametrize("spot", [*ADDRESSES, "/next", f"/scenes/{key(50)}/open"])
def test_options_says_the_same_to_everyone(long: Flask, spot: str) -> None:
    path = (LONG + spot).partition("?")[0]
    known = reader(long, 70, threshold=2).send("OPTIONS", path)

    assert known == Reader(long).send("OPTIONS", path)
    assert known == Reader(long).send("OPTIONS", path.replace("long", "nothing"))
    assert known.body == b""


# --- under a prefix ----------------------------------------------------------------------------


@pytest.fixture(scope="module")
def prefixed(serve: Serve) -> Flask:
    return serve(file(long_story(8)), url_prefix="/some/plots", htmx="local")


def test_under_a_prefix_every_address_starts_with_it(prefixed: Flask) -> None:
    one = Reader(prefixed).keep("/some/plots/stories/long", cookie(2, key(6), "", [key(7)]))
    pages = crawl(one, ["/some/plots/"], most_pairs=1)

    assert len(pages) > 15
    for target, answer in pages.items():
        assert answer.status == 200, target
        for found in (*leads(target, answer), *(one.action for one in answer.page.forms)):
            assert found.startswith("/some/plots/"), (target, found)
    for element in one.get("/some/plots/").page.elements:
        if element.tag in ("link", "script"):
            target = element.get("href") or element.get("src") or ""
            assert one.get(target).status == 200, target


def test_under_a_prefix_moves_and_cookies_stay_under_it(prefixed: Flask) -> None:
    one = Reader(prefixed)

    answer = one.post("/some/plots/stories/long/next", {"from": ""})

    assert answer.status == 303
    assert (answer.header("Location") or "").startswith("/some/plots/stories/long/read")
    assert attributes(answer.header("Set-Cookie") or "")["Path"] == "/some/plots/stories/long"
    assert numbers(one.get("/some/plots/stories/long/read")) == [0]
    part = one.post("/some/plots/stories/long/next", {"from": key(0)}, PART)
    assert part.header("HX-Replace-Url") == "/some/plots/stories/long/read"


def test_a_proxy_may_take_the_prefix_off(prefixed: Flask) -> None:
    assert ask(prefixed, "GET", "/stories/long/read") == ask(
        prefixed, "GET", "/some/plots/stories/long/read"
    )


@pytest.mark.parametrize("path", ["/some/plotsstories/long", "/some/plot/stories/long", "/some"])
def test_what_only_looks_like_the_prefix_is_not_found(prefixed: Flask, path: str) -> None:
    assert ask(prefixed, "GET", path).status == 404


# --- edits under a reader ----------------------------------------------------------------------

Edit = Callable[[dict[str, Any]], None]


def edited(store: Store, edit: Edit) -> None:
    """Import the long story again, edited."""
    document = long_story()
    edit(document)
    store.keep(storyfile.read(file(document)))


@pytest.fixture
def shelf(app: Flask, store: Store) -> Flask:
    """Give an application over `store`, with the long story in it beside the tale."""
    store.keep(storyfile.read(file(long_story())))
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


# --- what strangers send -----------------------------------------------------------------------

ODD = [
    "%00",
    "%ff%fe",
    "%c3%28",
    "%f0%9f%92%a9",
    "..",
    "%2e%2e%2f",
    "a" * 2_000,
    "٣",
    "%0d%0aX:y",
    "''",
    "*",
]
ODD += [
    "%",
    "%zz",
    "\\",
    "<script>",
    "{{7*7}}",
    "${7*7}",
    "-1",
    "null",
    "[]",
    "%u0041",
    "a;b",
    "a%20b",
]


@pytest.mark.parametrize("odd", ODD, ids=range(len(ODD)))
def test_odd_addresses_are_not_found(app: Flask, odd: str) -> None:
    for target in (f"/{odd}", f"/stories/{odd}", f"/stories/{odd}/read", f"{TALE}/{odd}"):
        assert ask(app, "GET", target).status == 404, target
    for target in (f"{TALE}/scenes/{odd}", f"{TALE}/people/{odd}"):
        assert ask(app, "GET", target).status == 404, target
        assert b"7*7" not in ask(app, "GET", target).body


@pytest.mark.parametrize("odd", ODD, ids=range(len(ODD)))
def test_odd_queries_are_as_if_they_were_not_there(long: Flask, odd: str) -> None:
    one = reader(long, 5)
    plain = one.get(f"{LONG}/read")
    for name in ("who", "match", "time", "order", "before", "after", "nothing", "page", odd):
        assert one.get(f"{LONG}/read?{name}={odd}") == plain, name


@pytest.mark.parametrize("move", ["next", "threshold", "seen", "back", "warned", "forget", "carry"])
@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("application/json", b'{"from": "", "threshold": 2, "scene": "", "warned": "yes"}'),
        ("application/json", b"{"),
        ("text/plain", b"threshold=2"),
        ("multipart/form-data", b"threshold=2"),
        ("multipart/form-data; boundary=", b"--\r\n"),
        (
            "multipart/form-data; boundary=x",
            b"--x\r\nContent-Disposition: form-data\r\n\r\n2\r\n--x--",
        ),
        (
            "multipart/form-data; boundary=x",
            b"--x\r\nContent-Disposition: form-data; name=threshold",
        ),
        (
            "multipart/form-data; boundary=x",
            b"--x\r\nContent-Disposition: form-data; name=code; filename=a\r\n\r\n2\r\n--x--",
        ),
        ("application/x-www-form-urlencoded; charset=utf-16", b"threshold=\xff\xfe"),
        (
            "application/x-www-form-urlencoded",
            b"threshold=%ff&scene=%00&code=%c3%28&marker=%ed%a0%80",
        ),
        ("application/x-www-form-urlencoded", b"&&&===" * 3000),
        ("application/x-www-form-urlencoded", b"&".join(b"a%d=1" % n for n in range(5000))),
        ("", b"threshold=2"),
        ("nonsense", b"\x00"),
    ],
)
def test_no_odd_body_breaks_or_reveals(long: Flask, move: str, kind: str, body: bytes) -> None:
    one = reader(long, 5)

    answer = one.send("POST", f"{LONG}/{move}", body, OURS | {"Content-Type": kind})

    assert answer.status in (303, 400, 413, 415, 422)
    assert "Title 5" not in one.get(f"{LONG}/read").page.text


def test_a_form_may_come_in_several_parts(long: Flask) -> None:
    one = reader(long, 5)
    body = b'--x\r\nContent-Disposition: form-data; name="threshold"\r\n\r\n1\r\n--x--\r\n'

    one.send(
        "POST",
        f"{LONG}/threshold",
        body,
        OURS | {"Content-Type": "multipart/form-data; boundary=x"},
    )

    assert held(one) == cookie(1, key(4))


def test_of_a_field_that_comes_twice_the_first_counts(long: Flask) -> None:
    one = reader(long, 5, threshold=0)

    one.post(f"{LONG}/threshold", [("threshold", "1"), ("threshold", "2")])

    assert held(one) == cookie(1, key(4))


def test_fields_in_the_address_are_no_fields_of_the_form(long: Flask) -> None:
    answer = reader(long, 5, threshold=0).post(f"{LONG}/threshold?threshold=2")

    assert answer.status == 422


@pytest.mark.parametrize("length", ["-1", "x", "99999999999999999999", ""])
def test_no_odd_length_breaks(long: Flask, length: str) -> None:
    headers = OURS | {"Content-Length": length, "Content-Type": "application/x-www-form-urlencoded"}

    assert reader(long, 5).send("POST", f"{LONG}/threshold", b"threshold=1", headers).status in (
        303,
        400,
        413,
        422,
    )


@pytest.mark.parametrize(
    "slashes", ["//stories/long/read", "/stories//long/read", "/stories/long//read"]
)
def test_too_many_slashes_lead_to_nobody_else(long: Flask, slashes: str) -> None:
    answer = ask(long, "GET", slashes)

    assert answer.status == 404
    assert answer.header("Location") is None


def test_neighbouring_windows_meet(long: Flask) -> None:
    pages = list(pages_from(reader(long, 70), f"{LONG}/read", "earlier"))

    for later, earlier in pairwise(pages):
        assert numbers(earlier)[-1] == numbers(later)[0] - 1


# --- what authors write ------------------------------------------------------------------------

NASTY = "\"'><script>alert(1)</script><b onclick=x>&amp;{{7*7}}"
NASTY_PROSE = (
    f"{NASTY} <img src=x onerror=y> [a](javascript:alert(1)) ![b](//evil.example/c) "
    f"[[anna]] [[ben|{NASTY.replace('[', '')}]] [d](https://good.example/ 'onclick=z')"
)


def nasty_story() -> dict[str, Any]:
    """Give a story whose author tries to write markup of the pages wherever text is taken."""
    everything = {"title": NASTY, "text": NASTY_PROSE, "people": ["anna", "ben"], "place": NASTY}
    return {
        "format": 1,
        "id": "long",
        "title": NASTY,
        "medium": "other",
        "language": "en",
        "premise": NASTY_PROSE,
        "levels": [{"name": NASTY, "note": NASTY}, {"name": f"{NASTY} 2"}],
        "details": [{"label": NASTY[:90], "text": NASTY}],
        "credits": [{"role": NASTY, "name": NASTY, "person": "anna"}],
        "about": [{"text": NASTY_PROSE, "source": "s"}],
        "sources": [
            {
                "id": "s",
                "title": NASTY,
                "publisher": NASTY,
                "url": f"https://x.example/{NASTY.replace(' ', '')}",
            }
        ],
        "parts": [{"title": NASTY, "scene": "s0", "summary": {"text": NASTY_PROSE}}],
        "people": [
            {
                "id": ident,
                "names": [{"name": f"{ident} {NASTY}"}, {"name": f"{NASTY} {ident}"}],
                "also": [{"name": f"{NASTY} also"}],
                "facts": [{"text": NASTY_PROSE, "scene": "s0"}],
            }
            for ident in ("anna", "ben")
        ],
        "relations": [{"from": "anna", "to": "ben", "text": NASTY, "scene": "s0"}],
        "scenes": [
            {
                "id": "s0",
                "level": 0,
                "time": "flashback",
                "warnings": [NASTY[:90]],
                "sources": ["s"],
                **everything,
            },
            {
                "id": "s1",
                "level": 1,
                "warnings": [NASTY[:90]],
                **everything,
                "tellings": [{"level": 0, **everything}],
            },
            {"id": "s2", "level": 1, "warnings": [NASTY[:90]], **everything},
        ],
    }


def test_no_word_of_an_author_becomes_markup(serve: Serve) -> None:
    app = serve(file(nasty_story()), htmx="local")
    one = reader(app, 3, threshold=0, warned=True)
    pages = crawl(one, ["/", f"{LONG}/card", f"{LONG}/search?q=alert"], most_pairs=1)

    assert len(pages) > 12
    for target, answer in pages.items():
        assert answer.status == 200, target
        assert "49" not in answer.page.text, target
        for element in answer.page.elements:
            assert element.tag not in ("b", "img", "iframe"), target
            assert element.tag != "script" or "/static/" in (element.get("src") or ""), target
            assert not [name for name in element.attributes if name.startswith("on")], target
            for name in ("href", "src", "action"):
                assert not (element.get(name) or "").startswith("javascript:"), target
