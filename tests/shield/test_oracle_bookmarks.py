"""The slow reading of bookmarks: finishing, edits under them, and their moves."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from tests.shield.oracle import Oracle, Reader, edits, moves
from tests.shield.oracle.reader import Entry
from tests.shield.oracle.small import FIVE, scene, story

# --- finishing -----------------------------------------------------------------------------------


def test_only_who_says_so_has_finished_and_no_other_move_or_edit_does_it() -> None:
    almost = moves.see(FIVE, Reader(0, 5), 4)
    cut = story(*FIVE["scenes"][:4])

    laid = edits.laid(cut, edits.outline(FIVE), edits.kept(FIVE, almost))

    assert (laid.seen, laid.reached) == (4, 4)
    assert not Oracle(cut, laid).everything_seen()
    assert Oracle(cut, moves.see_all(cut, laid)).everything_seen()


def test_nobody_has_finished_who_has_not_seen_what_an_edit_put_there() -> None:
    assert not Oracle(
        FIVE, Reader(0, 5, 5, withheld=frozenset("b"), finished=True)
    ).everything_seen()
    assert not Oracle(FIVE, Reader(0, 5, 4, finished=True)).everything_seen()


def test_a_bookmark_of_the_form_of_before_has_finished_where_it_saw_its_last_scene() -> None:
    cut = story(*FIVE["scenes"][:4])

    whole = edits.Bookmark(reached="e", seen="e")
    less = edits.Bookmark(reached="e", seen="d")
    laid = [edits.laid(cut, edits.outline(FIVE), mark) for mark in (whole, less)]

    assert [one.finished for one in laid] == [True, False]


def test_who_has_finished_has_not_when_a_scene_comes_in_and_again_after_saying_so() -> None:
    finished = moves.see_all(FIVE, Reader())
    more = story(*FIVE["scenes"][:2], scene("new"), *FIVE["scenes"][2:])

    laid = edits.laid(more, edits.outline(FIVE), edits.kept(FIVE, finished))
    after_opening = moves.open_one(more, laid, "new")

    assert (laid.withheld, laid.finished) == (frozenset(["new"]), False)
    assert not Oracle(more, after_opening).everything_seen()
    assert Oracle(more, moves.see(more, laid, 6)).everything_seen()


# --- edits ---------------------------------------------------------------------------------------


def test_a_newcomer_before_the_place_is_withheld_until_the_reader_goes_on() -> None:
    more = story(scene("new", level=0), *FIVE["scenes"])
    laid = edits.laid(more, edits.outline(FIVE), edits.kept(FIVE, Reader(1, 3)))

    assert (laid.reached, laid.withheld) == (4, frozenset(["new"]))
    assert moves.threshold(more, laid, 2).withheld == {"new"}
    assert moves.see(more, laid, 1).withheld == frozenset()
    assert moves.turn(more, laid, 4).withheld == frozenset()


def test_a_word_on_what_was_seen_releases_only_what_stands_up_to_there() -> None:
    more = story(*FIVE["scenes"][:1], scene("m"), *FIVE["scenes"][1:3], scene("n"), scene("z"))
    reader = edits.Bookmark(1, "c", "a")
    laid = edits.laid(more, edits.outline(FIVE), reader)
    other = replace(laid, reached=5, withheld=frozenset("mn"))

    assert moves.see(more, other, 2).withheld == {"n"}


def test_a_scene_that_moved_before_what_was_seen_is_withheld_though_it_was_reached() -> None:
    moved = story(*(scene(ident) for ident in "adbce"))
    laid = edits.laid(moved, edits.outline(FIVE), edits.Bookmark(2, "e", "b"))

    assert laid.withheld == {"d"}


def test_a_scene_that_is_gone_falls_back_to_the_one_before_it_in_the_old_order() -> None:
    shuffled = story(*(scene(ident) for ident in "bae"))
    laid = edits.laid(shuffled, edits.outline(FIVE), edits.Bookmark(1, "d", "d"))

    assert (laid.reached, laid.seen) == (1, 1)


def test_a_scene_that_was_there_itself_takes_no_place_of_one_it_swallowed() -> None:
    merged = story(*(scene(ident) for ident in "abc"), scene("d", was=["e"]))
    then = edits.outline(FIVE)

    assert edits.laid(merged, then, edits.Bookmark(1, "d")).reached == 4
    assert edits.laid(merged, then, edits.Bookmark(opened=frozenset("e"))).opened == frozenset()


def test_what_several_scenes_became_was_reached_and_opened_only_where_all_of_them_were() -> None:
    merged = story(scene("a"), scene("new", was=["b", "d"]), scene("e"))
    then = edits.outline(FIVE)

    assert edits.laid(merged, then, edits.Bookmark(1, "c")).reached == 1
    assert edits.laid(merged, then, edits.Bookmark(1, "d")).reached == 2
    assert edits.laid(merged, then, edits.Bookmark(opened=frozenset("b"))).opened == frozenset()
    assert edits.laid(merged, then, edits.Bookmark(opened=frozenset("bd"))).opened == {"new"}


def renamed(*names: str | tuple[str, str]) -> Entry:
    """Give the five scenes with levels of other names, each perhaps with what it was."""
    pairs = [(name, name) if isinstance(name, str) else name for name in names]
    levels = [{"name": name, "note": "", "was": [was]} for name, was in pairs]
    return {**FIVE, "levels": levels}


@pytest.mark.parametrize(
    ("levels", "threshold", "becomes"),
    [
        (["level 0", "level 1", "level 2"], 2, 2),
        (["level 0", ("middle", "level 1"), "level 2"], 1, 1),
        (["level 0", "level 2", "level 1"], 1, 0),
        (["level 0", "new", "level 1", "level 2"], 2, 0),
        (["level 0", "level 1", "new", "level 2"], 2, 1),
        (["level 0", ("level 2", "level 1"), "level 3"], 1, 0),
        (["level 0", "level 2"], 1, 0),
        (["level 0", "level 2"], 2, 1),
        (["new", "level 1"], 1, 0),
    ],
)
def test_the_threshold_becomes_the_highest_level_below_which_all_was_accepted(
    levels: list[Any], threshold: int, becomes: int
) -> None:
    document = renamed(*levels)
    laid = edits.laid(document, edits.outline(FIVE), edits.Bookmark(threshold))

    assert laid.threshold == becomes


# --- moves ---------------------------------------------------------------------------------------


def test_the_first_step_sets_the_threshold_and_turns_to_the_first_scene_once() -> None:
    assert moves.start(FIVE, Reader(), 1) == Reader(1, 1, finished=False)
    assert moves.start(FIVE, Reader(0, 3), 2) == Reader(2, 3, finished=False)


def test_one_goes_on_from_the_last_scene_reached_and_from_no_other() -> None:
    assert moves.turn(FIVE, Reader(0, 2), 2).reached == 3
    assert moves.turn(FIVE, Reader(0, 2), 1).reached == 2
    assert moves.turn(FIVE, Reader(0, 5), 5).reached == 5


def test_one_goes_on_to_what_is_told_over_all_that_is_veiled_or_else_to_the_end() -> None:
    document = story(scene("a", 0), scene("b"), scene("c"), scene("d", 0), scene("e"))

    assert moves.turn(document, Reader(0, 1), 1, "told").reached == 4
    assert moves.turn(document, Reader(0, 4), 4, "told").reached == 5
    assert moves.turn(document, Reader(0, 1, opened=frozenset("c")), 1, "told").reached == 3
    assert moves.turn(document, Reader(0, 1), 1, "end").reached == 5


def test_one_goes_on_to_the_next_part_that_is_known_there_or_else_to_the_end() -> None:
    parts = [{"title": "1", "scene": "b"}, {"title": "2", "scene": "d", "level": 0}]
    document = {**FIVE, "parts": parts}

    assert moves.turn(document, Reader(0, 1), 1, "part").reached == 4
    assert moves.turn(document, Reader(1, 1), 1, "part").reached == 2
    assert moves.turn(document, Reader(1, 4), 4, "part").reached == 5


def test_whoever_goes_back_closes_what_was_opened_beyond_and_unsees_it() -> None:
    reader = Reader(1, 5, 4, frozenset("be"))

    assert moves.back(FIVE, reader, 3) == Reader(1, 3, 3, frozenset("b"), finished=False)
    assert moves.back(FIVE, reader, 3, 1).seen == 1
    assert moves.back(FIVE, Reader(1, 3, withheld=frozenset("ac")), 2).withheld == frozenset("a")
    with pytest.raises(moves.Refused):
        moves.back(FIVE, Reader(1, 3), 4)


def test_taking_back_what_was_seen_closes_nothing() -> None:
    reader = Reader(1, 3, 3, frozenset("be"))

    assert moves.back(FIVE, reader, 3, 1) == replace(reader, seen=1, finished=False)


def test_only_so_many_scenes_are_opened_one_by_one() -> None:
    document = story(scene("free", 0), *(scene(f"s{n}") for n in range(201)))
    reader = Reader(0, 1)
    for n in range(moves.MOST_OPENED):
        reader = moves.open_one(document, reader, f"s{n}")

    assert moves.open_one(document, reader, "free").opened == reader.opened
    assert moves.open_one(document, reader, "s3").opened == reader.opened
    with pytest.raises(moves.Refused):
        moves.open_one(document, reader, "s200")


def test_a_place_in_the_work_is_the_last_scene_that_is_not_past_it() -> None:
    positions = [(1, 1), None, (1, 3), None, (2, 2)]

    assert moves.scene_at(positions, (1, 2)) == 1
    assert moves.scene_at(positions, (2,)) == 3
    assert moves.scene_at(positions, (9, 9)) == 5
    with pytest.raises(moves.Refused):
        moves.scene_at(positions, (1, 0))


def test_a_place_in_the_work_takes_the_reader_there() -> None:
    positions = [(number,) for number in range(1, 6)]
    there = moves.see_marker(FIVE, Reader(0, 1), positions, (4,))

    assert there == Reader(0, 4, 4, finished=False)
    assert moves.see_marker(FIVE, there, positions, (9,)) == Reader(0, 5, 5, finished=False)
    assert moves.see_marker(FIVE, moves.see_all(FIVE, there), positions, (9,)).finished
