"""Markers: where a reader of the work stands, said by a time, a chapter or an episode."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from explorer.knowledge.known_place import KnownPlace
from explorer.knowledge.marker_lookup import counting, last_not_past, places_said
from explorer.knowledge.moves import MoveRefused
from explorer.story.marker import counting_of
from tests.support import tale

FILM = ["00:03", None, "00:14", "00:45", None, "01:28"]
SERIES = ["S1E1", "S1E2", "S1E10", "S2E1"]
BOOK = ["chapter 1", "chapter 2", None, "chapter 10", None]
PLAY = ["Act I, scene 2", "Act II, scene 1", "Act II, scene 2"]
TO_THE_SECOND = ["00:03:10", "00:45:00", "01:28:59"]


@pytest.mark.parametrize(
    ("markers", "said", "number"),
    [
        (FILM, " 45 minutes ", 4),
        (FILM, "44 minutes", 3),
        (FILM, "00:44:59", 3),
        (FILM, "00:45:01", 4),
        (FILM, "1 hour", 4),
        (FILM, "58:12", 4),
        (FILM, "3 hours", 6),
        (FILM, f"{'9' * 40} h", 6),
        (SERIES, "S1E9", 2),
        (SERIES, "s01e10", 3),
        (SERIES, "season 2, episode 13", 4),
        (SERIES, "S3E1", 4),
        (SERIES, "episode 2 of season 1", 2),
        (BOOK, "9", 2),
        (BOOK, "Chapter 10", 4),
        (BOOK, "chapter 11", 4),
        (BOOK, "2.5", 2),
        (TO_THE_SECOND, "00:45:00", 2),
        (TO_THE_SECOND, "45:00", 2),
        (PLAY, "Act 2, scene 1", 2),
        (PLAY, "act 2", 1),
    ],
)
def test_it_is_the_last_scene_whose_marker_is_not_past_what_was_said(
    markers: Sequence[str | None], said: str, number: int
) -> None:
    assert last_not_past(counting_of(markers), said) == number


@pytest.mark.parametrize(
    ("said", "number"), [("0:45", 0), ("14:00", 3), ("44:59", 3), ("88:00", 6)]
)
def test_of_two_readings_of_a_clock_the_earlier_is_meant(said: str, number: int) -> None:
    story = counting_of(FILM)
    if not number:
        with pytest.raises(MoveRefused, match="before the first"):
            last_not_past(story, said)
    else:
        assert last_not_past(story, said) == number


@pytest.mark.parametrize("said", ["00:02", "2 min", "00:00:10"])
def test_a_place_before_the_first_marker_is_understood_and_refused(said: str) -> None:
    assert places_said(counting_of(FILM), said)

    with pytest.raises(MoveRefused, match="before the first"):
        last_not_past(counting_of(FILM), said)


@pytest.mark.parametrize(
    ("markers", "said"),
    [
        (FILM, "45"),
        (FILM, "00.45 h"),
        (SERIES, "S0E1"),
        (SERIES, "2 of 4"),
        (SERIES, "3"),
        (BOOK, "2.55"),
        (BOOK, "page 2"),
        *((FILM, said) for said in ("", " ", "the end", "half past", "½", "-", "\0", "forty")),
    ],
)
def test_what_is_not_said_as_the_story_counts_is_refused(
    markers: list[str | None], said: str
) -> None:
    story = counting_of(markers)
    for refusing in (places_said, last_not_past):
        with pytest.raises(MoveRefused, match="in digits") as refused:
            refusing(story, said)
        assert refused.value.args[0].startswith("This work is counted by ")


@pytest.mark.parametrize("markers", [[], [None, None]])
def test_a_story_without_markers_says_so(markers: list[str | None]) -> None:
    assert counting(counting_of(markers)) is None
    for refusing in (places_said, last_not_past):
        with pytest.raises(MoveRefused, match="no times"):
            refusing(counting_of(markers), "00:45")


def test_a_coarser_place_is_its_start() -> None:
    assert places_said(counting_of(PLAY), "act 2") == (KnownPlace("Act II", start=True),)
    assert places_said(counting_of(BOOK), "2") == (KnownPlace("Chapter 2", start=False),)
    assert places_said(counting_of(["S1E1 0:03"]), "s1 e1")[0].start


def test_a_longer_saying_than_anybody_types_is_refused_before_it_is_read() -> None:
    assert places_said(counting_of(BOOK), "9" * 60)

    with pytest.raises(MoveRefused):
        places_said(counting_of(BOOK), "9" * 61)


@tale.patiently
@given(
    st.lists(st.none() | st.tuples(st.integers(0, 3), st.integers(0, 59)), max_size=8),
    st.tuples(st.integers(0, 4), st.integers(0, 59)),
)
def test_no_scene_that_is_past_what_was_said_is_ever_reached_by_it(
    times: list[tuple[int, int] | None], said: tuple[int, int]
) -> None:
    rising = iter(sorted(time for time in times if time is not None))
    ordered = [None if time is None else next(rising) for time in times]
    markers = [None if time is None else f"{time[0]:02}:{time[1]:02}" for time in ordered]

    try:
        number = last_not_past(counting_of(markers), f"{said[0]:02}:{said[1]:02}:00")
    except MoveRefused:
        return

    assert number > 0
    assert all(time is None or time <= said for time in ordered[:number])
    after = [time for time in ordered[number:] if time is not None]
    assert all(time > said for time in after)
    # What comes after the last marker that is not past it is not taken along.
    assert ordered[number - 1] is not None
    assert all(one <= other for one, other in pairwise(after))
