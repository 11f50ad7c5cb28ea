"""Who knows a part of the work says where they are, is asked back, and moves."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from tests.conftest import Serve
from tests.shield.oracle.moves import Refused, scene_at
from tests.support import tale
from tests.support.counted import asked, counted_story, lamp, questions, told
from tests.support.crawl import Answer, Reader
from tests.support.long_story import LONG, cookie, file, held, key, reader, said
from tests.support.sayings import KINDS, SAYINGS, Kind, Saying

Place = tuple[float, ...]

IDENT = {kind.name: f"lamps-{number}" for number, kind in enumerate(KINDS)}
# Refused at once, where the table leaves open whether they are understood first.
OPEN = {"S.0 E.5", "S00.E01", "Season: 0"}

PLACE = {"marker": "Chapter 9"}
SURE = {**PLACE, "sure": "yes"}


@pytest.fixture(scope="module")
def lamps(serve: Serve) -> Flask:
    """Give an application that serves a story for each way of counting, and one without any."""
    counted = [counted_story(IDENT[kind.name], kind.markers, kind.language) for kind in KINDS]
    return serve(*map(file, (*counted, counted_story("uncounted", [None, None]))))


def seen(app: Flask, ident: str, fields: Mapping[str, str], *, part: bool = False) -> Answer:
    """Send the form from the front page as somebody new; gives the answer."""
    return Reader(app, part=part).post(f"/stories/{ident}/seen?page=front", fields)


def reached(app: Flask, ident: str, fields: Mapping[str, str]) -> int:
    """Give up to which scene somebody new knows the work then; 0 where it was refused."""
    one = Reader(app)
    answer = one.post(f"/stories/{ident}/seen?page=front", fields)
    assert answer.status in (303, 422), fields
    assert (answer.status == 303) == bool(answer.every("Set-Cookie")), fields
    scenes = told(one.get(f"/stories/{ident}/read"))
    assert scenes == list(range(1, len(scenes) + 1)), fields
    assert held(one, f"/stories/{ident}").split(".")[-4:-2] == (
        [lamp(ident, scenes[-1])] * 2 if scenes else []
    )
    return len(scenes)


def rows_of(kind: Kind) -> list[Saying]:
    """Give what is said of stories that are counted in one way."""
    return [row for row in SAYINGS if row.kind == kind.name]


def readings(row: Saying) -> tuple[Place, ...]:
    """Give what a saying may mean, the earlier first; nothing where it is refused at once."""
    return () if row.saying in OPEN else row.means


def scene_meant(kind: Kind, place: Place) -> int:
    """Give up to which scene a place is; 0 where it is before the first."""
    try:
        return scene_at(kind.positions, place)
    except Refused:
        return 0


# --- the table of what readers say -------------------------------------------------------------


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_a_saying_asks_or_is_refused_and_moves_nothing(lamps: Flask, kind: Kind) -> None:
    for row in rows_of(kind):
        answer = seen(lamps, IDENT[kind.name], {"marker": row.saying})

        assert answer.status == (200 if readings(row) else 422), row
        assert answer.every("Set-Cookie") == [], row
        assert told(answer) == [], row
        assert len(questions(answer)) == len(readings(row)), row


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_a_confirmed_saying_moves_up_to_where_the_table_says(lamps: Flask, kind: Kind) -> None:
    ident = IDENT[kind.name]
    for row in rows_of(kind):
        forms = questions(seen(lamps, ident, {"marker": row.saying}))

        confirmed = [reached(lamps, ident, dict(form.fillings[0])) for form in forms]

        assert confirmed == [scene_meant(kind, place) for place in readings(row)], row


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_what_is_confirmed_unasked_is_meant_in_its_earlier_reading(
    lamps: Flask, kind: Kind
) -> None:
    for row in rows_of(kind):
        count = reached(lamps, IDENT[kind.name], {"marker": row.saying, "sure": "yes"})

        assert count == (scene_meant(kind, readings(row)[0]) if readings(row) else 0), row


PIECES = sorted({piece for row in SAYINGS for piece in row.saying.split() if len(piece) < 30})


@tale.patiently
@given(
    st.sampled_from(KINDS),
    st.lists(st.sampled_from(PIECES) | st.text(max_size=6), max_size=6).map(" ".join),
)
def test_whatever_is_said_nothing_is_told_until_it_is_confirmed(
    lamps: Flask, kind: Kind, text: str
) -> None:
    ident = IDENT[kind.name]

    answer = seen(lamps, ident, {"marker": text})

    assert answer.status in (200, 422)
    assert answer.every("Set-Cookie") == []
    assert told(answer) == []


# --- what is asked -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "saying", "words"),
    [
        ("chapters", "ch. 12", "at Chapter 12."),
        ("roman chapters", "chapter 9", "at Chapter IX."),
        ("acts and scenes", "scene 1, act 2", "at Act II, scene 1."),
        ("acts and scenes", "Act IV", "at the start of Act IV."),
        ("seasons", "E03S01", "at Season 1, episode 3."),
        ("minutes in episodes", "s1e2", "at the start of Season 1, episode 2."),
        ("minutes in episodes", "s1e2 12:45", "at Season 1, episode 2, 12 minutes 45 seconds."),
        ("film", "64:13", "at 1 hour 4 minutes 13 seconds."),
        ("film", "0:59:16", "at 59 minutes 16 seconds."),
        ("percent", "48.5%", "at 48.5 %."),
        ("numbers alone", "3.7", "at 3.7."),
        ("Japanese episodes", "13話", "at Episode 13."),
    ],
)
def test_it_is_asked_in_words_what_was_understood(
    lamps: Flask, kind: str, saying: str, words: str
) -> None:
    for part in (False, True):
        answer = seen(lamps, IDENT[kind], {"marker": saying}, part=part)

        assert answer.status == 200
        assert words in asked(answer)


def test_a_clock_is_never_asked_for_as_it_was_typed(lamps: Flask) -> None:
    for kind, saying in (("film", "64:13"), ("hours in episodes", "S1E1 0:30")):
        answer = seen(lamps, IDENT[kind], {"marker": saying})

        assert saying.split()[-1] not in answer.text


def test_two_readings_of_a_clock_are_two_buttons_the_earlier_first(lamps: Flask) -> None:
    answer = seen(lamps, IDENT["Persian hours"], {"marker": "12:30"})

    buttons = [dict(form.fillings[0])["marker"] for form in questions(answer)]
    assert buttons == ["12 minutes 30 seconds", "12 hours 30 minutes"]
    assert asked(answer).index(buttons[0]) < asked(answer).index(buttons[1])


def test_nothing_at_all_past_midnight_is_one_reading(lamps: Flask) -> None:
    answer = seen(lamps, IDENT["Persian hours"], {"marker": "0:00"})

    assert [dict(form.fillings[0])["marker"] for form in questions(answer)] == ["0 minutes"]


def test_the_question_leads_back_to_where_it_was_asked(lamps: Flask) -> None:
    ident = IDENT["chapters"]
    answer = seen(lamps, ident, PLACE)

    assert f"/stories/{ident}" in [one.get("href") for one in answer.page.all("a")]
    assert [form.action for form in questions(answer)] == [f"/stories/{ident}/seen?page=front"]


def test_the_part_of_a_question_is_what_stands_in_the_whole(lamps: Flask) -> None:
    whole, part = (seen(lamps, IDENT["chapters"], PLACE, part=p) for p in (False, True))

    assert part.main == whole.main
    assert b"<html" in whole.body
    assert b"<html" not in part.body
    assert part.header("HX-Replace-Url") is None


# --- what is refused ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "saying", "by", "example"),
    [
        ("chapters", "page 12", "by chapter.", "“Chapter 12”"),
        ("roman chapters", "page 12", "by chapter.", "“Chapter XII”"),
        ("acts and scenes", "Act two", "by act and scene.", "“Act II, scene 3”"),
        ("seasons", "2 of 4", "by season and episode.", "“Season 2, episode 3”"),
        ("hours in episodes", "x", "by season, episode and time.", "3, 1 hour 5 minutes”"),
        ("film", "page 12", "by time.", "“12 minutes 30 seconds”"),
        ("percent", "half", "by per cent.", "“40 %”"),
        ("Hebrew chapters", "x", "by פרק.", "“פרק 12”"),
    ],
)
def test_a_refusal_says_how_the_story_counts_and_to_write_digits(
    lamps: Flask, kind: str, saying: str, by: str, example: str
) -> None:
    answer = seen(lamps, IDENT[kind], {"marker": saying})

    assert answer.status == 422
    assert f"This work is counted {by}" in said(answer)
    assert "in digits" in said(answer)
    assert example in said(answer)
    assert answer.page.one("input", id="marker").get("value") == saying
    assert "open" in answer.page.one("details", id="known").attributes


@pytest.mark.parametrize("markers", [["Chapter 1", "Chapter 2"], ["Chapter 31", None, "ch. 800"]])
def test_until_it_is_confirmed_no_marker_makes_a_difference(
    serve: Serve, lamps: Flask, markers: list[str | None]
) -> None:
    other = serve(file(counted_story(IDENT["chapters"], markers)))
    for saying in ("Chapter 12", "0", "9000", "chapter 2.5", "page 2", "twelve", "", "1" * 50):
        for part in (False, True):
            fields = {"marker": saying}

            answers = [seen(app, IDENT["chapters"], fields, part=part) for app in (lamps, other)]

            assert answers[0] == answers[1], saying


def test_a_place_before_the_first_marker_is_refused_once_it_is_confirmed(lamps: Flask) -> None:
    ident = IDENT["percent"]
    one = Reader(lamps)
    one.post(f"/stories/{ident}/seen", {"marker": "48 %", "sure": "yes"})
    before = held(one, f"/stories/{ident}")

    assert one.post(f"/stories/{ident}/seen", {"marker": "1 %"}).status == 200
    answer = one.post(f"/stories/{ident}/seen?page=front", {"marker": "1 %", "sure": "yes"})

    assert answer.status == 422
    assert "before the first" in said(answer)
    assert held(one, f"/stories/{ident}") == before


def test_past_the_last_marker_is_the_last_scene_that_has_one(serve: Serve) -> None:
    app = serve(file(counted_story("epilogue", ["Chapter 1", "Chapter 4", None])))

    assert reached(app, "epilogue", {"marker": "Chapter 5", "sure": "yes"}) == 2


def test_a_story_without_markers_has_no_such_field_and_takes_no_place(lamps: Flask) -> None:
    page = Reader(lamps).get("/stories/uncounted").page
    answers = [seen(lamps, "uncounted", {"marker": "12"} | sure) for sure in ({}, {"sure": "yes"})]

    assert page.all("input", id="marker") == []
    for answer in answers:
        assert answer.status == 422
        assert answer.every("Set-Cookie") == []
        assert "no times or chapters" in said(answer)


# --- odd forms ---------------------------------------------------------------------------------

SCENE, ALL = ("scene", key(3)), ("all", "yes")
MARKER, YES = ("marker", "chapter 9"), ("sure", "yes")

MOVES_NOTHING = [
    *((), (YES,), (("sure", "maybe"),), (("all", "no"),), (("all", ""),), (("all", "YES"),)),
    *((SCENE, MARKER), (SCENE, ALL), (MARKER, ALL), (SCENE, MARKER, ALL), (SCENE, MARKER, YES)),
    *((SCENE, SCENE), (MARKER, MARKER), (ALL, ALL), (MARKER, MARKER, YES), (MARKER, ALL, YES)),
    *((("scene", ""), ("marker", "")), (("scene", ""), MARKER), (SCENE, ("all", ""))),
    *((MARKER, ("sure", "maybe")), (MARKER, ("sure", "")), (MARKER, ("sure", "no"), YES)),
    *((("marker", ""),), (("marker", ""), YES), (("Marker", "9"),), (("marker[]", "9"),)),
]


@pytest.mark.parametrize("fields", MOVES_NOTHING, ids=str)
def test_an_odd_form_is_refused_and_moves_nothing(
    long: Flask, fields: Iterable[tuple[str, str]]
) -> None:
    for part in (False, True):
        one = reader(long, 12, part=part)

        answer = one.post(f"{LONG}/seen?page=front", fields)

        assert answer.status == 422
        assert answer.every("Set-Cookie") == []
        assert said(answer)
        assert held(one) == cookie(2, key(11))


@pytest.mark.parametrize(
    ("fields", "last", "known"),
    [
        ((SCENE,), 11, 3),
        ((SCENE, YES), 11, 3),
        ((SCENE, ("sure", "yes"), ("more", "1")), 11, 3),
        ((MARKER, YES), 11, 8),
        ((MARKER, YES, YES), 11, 8),
        ((ALL,), 69, 69),
        ((ALL, YES), 69, 69),
    ],
)
def test_one_thing_that_is_said_moves(
    long: Flask, fields: Iterable[tuple[str, str]], last: int, known: int
) -> None:
    one = reader(long, 12)

    assert one.post(f"{LONG}/seen", fields).status == 303

    assert held(one) == cookie(2, key(last), key(known), finished=known == 69)


def test_fields_in_the_address_confirm_nothing(long: Flask) -> None:
    one = reader(long, 12)

    assert one.post(f"{LONG}/seen?page=front&sure=yes", [MARKER]).status == 200
    assert one.post(f"{LONG}/seen?all=yes&page=front").status == 422
    assert held(one) == cookie(2, key(11))


# --- finished ----------------------------------------------------------------------------------


@pytest.mark.parametrize(("ident", "count"), [("uncounted", 2), (IDENT["film"], 4)])
def test_who_has_finished_says_so_behind_a_fold(lamps: Flask, ident: str, count: int) -> None:
    one = Reader(lamps)
    front = one.get(f"/stories/{ident}")
    fold = front.text.partition('<details id="finished">')[2].partition("</details>")[0]

    one.post(f"/stories/{ident}/seen?page=front", {"all": "yes"})

    assert 'name="all" value="yes"' in fold
    assert told(one.get(f"/stories/{ident}/read")) == list(range(1, count + 1))
