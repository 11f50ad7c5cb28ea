"""Markers: where a reader of the work stands, said by a time, a chapter or an episode."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from explorer.knowledge.marker_lookup import last_not_past
from explorer.knowledge.moves import MoveRefused
from tests.support import tale

FILM = ["00:03", None, "00:14", "00:45", None, "01:28"]
SERIES = ["S1E1", "S1E2", "S1E10", "S2E1"]
BOOK = ["chapter 1", "chapter 2", None, "chapter 10"]
TO_THE_SECOND = ["00:03:10", "00:45:00", "01:28:59"]


@pytest.mark.parametrize(
    ("markers", "said", "number"),
    [
        (FILM, "00:45", 4),
        (FILM, "0:45", 4),
        (FILM, " 45 minutes ", 4),
        (FILM, "00:44", 3),
        (FILM, "00:44:59", 3),
        (FILM, "00:45:01", 4),
        (FILM, "01:00", 4),
        (FILM, "01:33", 6),
        (FILM, "00:03", 1),
        (SERIES, "S1E9", 2),
        (SERIES, "s01e10", 3),
        (SERIES, "season 2, episode 13", 4),
        (BOOK, "9", 2),
        (BOOK, "Chapter 10", 4),
        (TO_THE_SECOND, "00:45:00", 2),
        (TO_THE_SECOND, "1:00:00", 2),
        (TO_THE_SECOND, "45:00", 2),
        (FILM, "٠٠:٤٥", 4),
        (SERIES, "episode 2 of season 1", 2),
        (("Act I, scene 2", "Act II, scene 1", "Act II, scene 2"), "Act 2, scene 1", 2),
    ],
)
def test_it_is_the_last_scene_whose_marker_is_not_past_what_was_said(
    markers: Sequence[str | None], said: str, number: int
) -> None:
    assert last_not_past(markers, said) == number


@pytest.mark.parametrize(
    ("markers", "said"),
    [
        (FILM, "45"),
        (FILM, "00:02"),
        (FILM, "00.45 h"),
        (SERIES, "S0E1"),
        (SERIES, "2 of 4"),
        (BOOK, "2.5"),
        (BOOK, "page 2"),
        (BOOK, "0"),
        (FILM, "58:12"),
        (FILM, "45:00"),
        (FILM, "02:00"),
        (SERIES, "3"),
        (SERIES, "S3E1"),
        (BOOK, "11"),
        (TO_THE_SECOND, "00:45"),
        (FILM, "9" * 40),
    ],
)
def test_what_is_not_said_as_the_story_counts_or_is_out_of_its_range_is_refused(
    markers: list[str | None], said: str
) -> None:
    with pytest.raises(MoveRefused):
        last_not_past(markers, said)


@pytest.mark.parametrize("said", ["", " ", "the end", "half past", "½", "-", "\0"])
def test_what_has_no_digits_is_refused(said: str) -> None:
    with pytest.raises(MoveRefused):
        last_not_past(FILM, said)


@pytest.mark.parametrize("markers", [[], [None, None]])
def test_a_story_without_markers_says_so(markers: list[str | None]) -> None:
    with pytest.raises(MoveRefused, match="no times"):
        last_not_past(markers, "00:45")


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
        number = last_not_past(markers, f"{said[0]:02}:{said[1]:02}")
    except MoveRefused:
        return

    assert number > 0
    assert all(time is None or time <= said for time in ordered[:number])
    assert all(time is None or time > said for time in ordered[number:])
