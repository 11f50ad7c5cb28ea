"""Faults of saying where one is: what moves too early, too far, or by what no reader may know."""

from __future__ import annotations

from tests.shield.faults import Fault

_ASKED = "tests/web/reader/test_where_am_i.py"
_BACK = "tests/web/reader/test_taking_back.py"


def of_places(guard: str, wrong: str, old: str, new: str) -> Fault:
    """Give a fault of one edit that some tests are to find."""
    return Fault("Where am I", wrong, ((old, new),), guard)


PLACES = (
    of_places(
        f"{_ASKED} -k earlier_reading",
        "of two readings of a clock the later one is taken",
        "if place is not None and place <= readings[0]]",
        "if place is not None and place <= readings[-1]]",
    ),
    of_places(
        f"{_ASKED} -k no_marker_makes_a_difference",
        "the example of how a work is counted is its last marker",
        "    return KnownCounting(counters_in_words(kind), made_up_place(kind))\n",
        "    last = [place for place in story_counts.places if place][-1]\n"
        "    return KnownCounting(counters_in_words(kind), place_in_words(kind, last))\n",
    ),
    of_places(
        f"{_ASKED} -k asks_or_is_refused",
        "the question moves already",
        "        return responses.page(place_said(reading, marker, origin.page, origin.wish))\n",
        "        answer = responses.page(place_said(reading, marker, origin.page, origin.wish))\n"
        "        from explorer.reading import moves\n\n"
        "        bookmark_cookie.set_cookie(answer, moves.seen_all(reading))\n"
        "        return answer\n",
    ),
    of_places(
        f"{_ASKED} -k past_the_last_marker",
        "a place past the last marker is refused, which tells how long the story is",
        "    if not passed:\n        raise MoveRefused(\n",
        "    known = [place for place in story_counts.places if place] if story_counts else []\n"
        "    if not passed or readings[0] > known[-1]:\n        raise MoveRefused(\n",
    ),
    of_places(
        f"{_ASKED} -k before_the_first_marker",
        "a place before the first marker takes away in silence what was seen",
        "    if not passed:\n        raise MoveRefused(\n",
        "    if not passed:\n        return 0\n        raise MoveRefused(\n",
    ),
    of_places(
        f"{_BACK} -k way_back",
        "the address after a move may lead back to a scene that is ahead",
        "    return reading.story.scenes[scene].key if scene is not None and scene + 1 < count"
        " else None\n",
        "    return reading.story.scenes[scene].key if scene is not None else None\n",
    ),
    of_places(
        f"{_BACK} -k one_press_takes",
        "a move forward says where its reader stands by now, and not where they stood",
        "moved(step(reading), standing_of(reading) if leads_back else NOWHERE)",
        "moved(step(reading), standing_of(step(reading)) if leads_back else NOWHERE)",
    ),
    of_places(
        f"{_ASKED} -k odd_form",
        "of several things that are said one is taken",
        "        return good and named == 1\n",
        "        return good and named >= 1\n",
    ),
)
