"""What an author is told of readers whose levels an edit changes."""

from __future__ import annotations

from explorer.advice.level_changes import level_changes
from explorer.story.model import Level

BEFORE = ("Poster", "Outset", "Middle", "End")


def said(*today: str | tuple[str, ...]) -> list[str]:
    """Give what is said where the levels have these names; after its own, those that one had."""
    names = [(one,) if isinstance(one, str) else one for one in today]
    return list(level_changes(BEFORE, [Level(name, "", tuple(was)) for name, *was in names]))


def test_nothing_is_said_where_every_reader_keeps_their_level() -> None:
    assert said(*BEFORE) == []
    assert said(*BEFORE, "Beyond the end") == []
    assert said("Poster", ("Start", "Outset"), "Middle", "End") == []


def test_names_that_swap_take_their_readers_down() -> None:
    assert said("Poster", "Outset", "End", "Middle") == [
        (
            'Readers at level 2 ("Middle") fall back to level 1 ("Outset"), '
            'since level 2 ("End") was level 3, above theirs.'
        ),
        (
            'Readers at level 3 ("End") go on at level 3 ("Middle"), '
            "since they accepted all up to there."
        ),
    ]


def test_names_that_are_passed_on_take_their_readers_down() -> None:
    assert said("Poster", "Start", "Outset", "Middle") == [
        (
            'Readers at levels 1 to 3 ("Outset" to "End") fall back to level 0 ("Poster"), '
            'since level 1 ("Start") is new.'
        ),
        'If a level has only got another name, let it say which it had: "was": ["End"].',
    ]


def test_a_level_that_is_gone_takes_its_readers_down() -> None:
    assert said("Poster", "Outset", "End") == [
        (
            'Readers at level 2 ("Middle") fall back to level 1 ("Outset"), '
            'since level 2 ("End") was level 3, above theirs.'
        )
    ]
    assert said("Poster", "Outset", "Middle") == [
        (
            'Readers at level 3 ("End") fall back to level 2 ("Middle"), '
            "since no level has that name any more."
        )
    ]


def test_a_level_that_takes_over_another_is_above_the_readers_of_the_lower_one() -> None:
    assert said("Poster", ("Outset", "Middle"), "End") == [
        (
            'Readers at level 1 ("Outset") fall back to level 0 ("Poster"), '
            'since level 1 ("Outset") was level 2, above theirs.'
        )
    ]
