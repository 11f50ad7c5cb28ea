"""What readers say of where they are is understood by the way a story counts, and by that alone."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from explorer.story.marker import Clock, kind_of, position
from explorer.story.marker_said import understood
from explorer.story.marker_words import made_up_place, place_in_words
from tests.support import tale
from tests.support.sayings import KINDS, SAYINGS, Kind, Saying

BY_NAME = {kind.name: kind for kind in KINDS}

# Refused at once, where the table leaves open whether they are understood first.
OPEN = {"S.0 E.5", "S00.E01", "Season: 0"}


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_markers_stand_where_the_story_counts_them(kind: Kind) -> None:
    learned = kind_of(kind.markers)
    assert learned is not None

    places = tuple(m if m is None else position(learned, m) for m in kind.markers)

    assert places == kind.positions


@pytest.mark.parametrize("row", SAYINGS, ids=lambda row: f"{row.kind}: {row.saying[:40]!a}")
def test_a_saying_means_what_the_table_says(row: Saying) -> None:
    learned = kind_of(BY_NAME[row.kind].markers)
    assert learned is not None

    found = understood(learned, row.saying)

    expected = () if row.saying in OPEN else row.means
    assert [tuple(map(float, p)) for p in found] == [tuple(map(float, p)) for p in expected]


PIECES_SAID = sorted({piece for row in SAYINGS for piece in row.saying.split() if len(piece) < 30})
WORDS = ("of", "left", "chapter", "page", "act", "scene", "season", "episode", "s", "e", "m", "h")
SIGNS = (
    " ",
    " ",
    ", ",
    "-",
    " - ",
    "/",
    ":",
    ".",
    "%",
    "+",
    "~",
    "x",
    " to ",
    "nd ",
    "\u200f",
    "½",
)
PIECES = st.one_of(st.sampled_from(WORDS), st.sampled_from(SIGNS), st.integers(0, 70).map(str))
ENGLISH = tuple(kind for kind in KINDS if kind.language in ("en", "fr"))


@tale.patiently
@given(st.sampled_from(ENGLISH), st.lists(PIECES, max_size=9).map("".join))
def test_no_number_of_a_place_is_one_that_was_not_said(kind: Kind, text: str) -> None:
    learned = kind_of(kind.markers)
    assert learned is not None

    for place in understood(learned, text):
        counted = place[: len(learned.units)]
        said = [float(number) for number in re.findall(r"[0-9]+(?:[.,][0-9]+)?", text)]
        said += [float(number) for number in re.findall("[0-9]+", text)]

        assert all(number in said for number in counted)
        assert learned.clock is not Clock.NONE or len(re.findall("[0-9]+", text)) <= 2 * len(
            counted
        )
        assert not re.search(r"left| to |[+~½]", text)
        assert not re.search(r"(?<![0-9a-z])-[0-9]|[0-9]\s*[-/]\s*[0-9]", text)


@tale.patiently
@given(st.sampled_from(KINDS), st.text(max_size=70))
def test_any_text_at_all_is_understood_or_refused(kind: Kind, text: str) -> None:
    learned = kind_of(kind.markers)
    assert learned is not None

    places = understood(learned, text)

    assert list(places) == sorted(set(places))
    assert all(not place or len(place) <= len(learned.units) + 1 for place in places)


@pytest.mark.parametrize(
    ("markers", "said"),
    [
        (("Chapter 1", "Chapter 2"), "12 chapters"),
        (("S01E01", "S01E02"), "2 episodes of season 1"),
        (("S01E01", "S01E02"), "season 1 of episode 2"),
        (("1:04:13", "59:16"), "59 min 16 s -"),
        (("Chapter 1", "Chapter 2"), "chapter 1\u200f2"),
        (("Chapter 1", "Chapter 2"), "12!"),
    ],
)
def test_how_many_is_no_place(markers: tuple[str, ...], said: str) -> None:
    learned = kind_of(markers)
    assert learned is not None

    assert understood(learned, said) == ()


def test_a_clock_of_minutes_rises_into_one_of_hours() -> None:
    learned = kind_of(("59:16", "1:04:13"))
    assert learned is not None

    assert (position(learned, "59:16") or ()) < (position(learned, "1:04:13") or ())
    assert understood(learned, "64:13") == (position(learned, "1:04:13"),)


# --- in words ----------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_what_is_said_of_a_place_is_understood_as_that_place_again(kind: Kind) -> None:
    learned = kind_of(kind.markers)
    assert learned is not None
    places = [place for row in SAYINGS if row.kind == kind.name for place in row.means]
    places += [place for place in kind.positions if place is not None]

    for place in places:
        if learned.units and learned.units[0].concepts & {"season"} and place[0] == 0:
            continue
        words = place_in_words(learned, place)
        assert [tuple(map(float, p)) for p in understood(learned, words)] == [
            tuple(map(float, place))
        ], words


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_the_place_made_up_for_an_example_is_understood_and_of_no_marker(kind: Kind) -> None:
    learned = kind_of(kind.markers)
    other = kind_of(marker and re.sub(r"\d", "1", marker) for marker in kind.markers)
    assert learned is not None
    assert other is not None

    made_up = made_up_place(learned)

    assert len(understood(learned, made_up)) == 1
    if other == learned:
        assert made_up_place(other) == made_up


@pytest.mark.parametrize(
    ("markers", "words"),
    [
        (("Canto 1", "Canto 33"), "Canto 12"),
        (("Bölüm 1", "Bölüm 2"), "Bölüm 12"),
        (("巻一 3", "巻一 4"), "巻一 12"),
        (("1丸", "2丸"), "丸 12"),
    ],
)
def test_what_is_in_no_list_of_ours_is_called_as_the_story_calls_it(
    markers: tuple[str, ...], words: str
) -> None:
    learned = kind_of(markers)
    assert learned is not None

    assert made_up_place(learned) == words
    assert understood(learned, words) == ((12,),)


@tale.patiently
@given(st.sampled_from(KINDS), st.data())
def test_how_a_story_counts_hangs_on_no_number_of_its_markers(
    kind: Kind, data: st.DataObject
) -> None:
    def another(number: re.Match[str]) -> str:
        late = int(number[0]) > 23
        return str(data.draw(st.integers(24, 400) if late else st.integers(0, 23)))

    markers = [marker and re.sub(r"\d+", another, marker) for marker in kind.markers]

    assert kind_of(markers) == kind_of(kind.markers)


@tale.patiently
@given(
    st.sampled_from(KINDS),
    st.lists(st.sampled_from(PIECES_SAID) | st.text(max_size=5), max_size=7).map(" ".join),
)
def test_whatever_is_understood_can_be_said_in_words_again(kind: Kind, text: str) -> None:
    learned = kind_of(kind.markers)
    assert learned is not None

    for place in understood(learned, text[:60]):
        assert understood(learned, place_in_words(learned, place)) == (place,)
