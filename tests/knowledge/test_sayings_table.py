"""The table of what readers say of where they are can be trusted."""

from __future__ import annotations

import unicodedata
from itertools import pairwise

from tests.shield.oracle.moves import Refused, scene_at
from tests.support.sayings import ASKED_BACK, KINDS, REFUSED, SAYINGS, Saying

BY_NAME = {kind.name: kind for kind in KINDS}


def template(saying: str) -> str:
    """Give a saying with the nought of its script for every digit, and without its capitals."""
    noughts = (
        chr(ord(letter) - unicodedata.decimal(letter)) if letter.isdecimal() else letter
        for letter in saying
    )
    return "".join(noughts).casefold()


def scripts(saying: str) -> set[str]:
    """Give the scripts of a saying by the first words of its letters' names."""
    return {unicodedata.name(letter).split()[0] for letter in saying if letter.isalpha()}


def test_there_are_sayings_enough_in_tongues_and_scripts_enough() -> None:
    assert len(SAYINGS) >= 150
    assert len({row.tongue for row in SAYINGS}) >= 10
    assert len(set().union(*(scripts(row.saying) for row in SAYINGS))) >= 10


def test_at_least_half_of_them_are_refused_and_each_answer_is_there() -> None:
    refused = [row for row in SAYINGS if row.expected == REFUSED]

    assert 2 * len(refused) >= len(SAYINGS)
    assert sum(row.expected == ASKED_BACK for row in SAYINGS) >= 3
    assert sum(isinstance(row.expected, int) for row in SAYINGS) >= 50


def test_no_two_are_alike_but_for_their_digits() -> None:
    rows = sorted(SAYINGS, key=lambda row: template(row.saying))

    alike = [pair for pair in pairwise(rows) if len({template(row.saying) for row in pair}) == 1]

    assert alike == []


def test_stories_count_in_at_least_twelve_ways_and_each_is_asked() -> None:
    assert len({kind.counts for kind in KINDS}) >= 12
    assert len(BY_NAME) == len(KINDS)
    assert {row.kind for row in SAYINGS} == set(BY_NAME)
    assert all(row.why for row in SAYINGS)
    for name in BY_NAME:
        answers = {type(row.expected) for row in SAYINGS if row.kind == name}
        assert answers == {int, str}, name


def test_the_markers_of_a_story_rise_where_they_can_be_compared() -> None:
    for kind in KINDS:
        places = [place for place in kind.positions if place is not None]

        assert places == sorted(set(places)), kind
        for marker, place in zip(kind.markers, kind.positions, strict=True):
            assert marker or place is None, kind


def test_what_is_expected_follows_from_what_is_meant() -> None:
    assert [row for row in SAYINGS if row.expected != follows(row)] == []


def follows(row: Saying) -> int | str:
    """Give what the contract says of a place, once it is known what was meant."""
    if not row.means:
        return REFUSED
    if len(row.means) > 1:
        earlier, later = row.means
        return ASKED_BACK if earlier < later else "the earlier one comes first"
    try:
        return scene_at(BY_NAME[row.kind].positions, row.means[0])
    except Refused:
        return REFUSED
