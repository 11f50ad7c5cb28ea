"""Faults of bookmarks: what is remembered of having finished, and what edits do to the rest.

Many of them show under an edit alone, which twins seldom see. So each names the tests that stand
guard.
"""

from __future__ import annotations

from tests.shield.faults import Fault

_BOOKMARK = "tests/knowledge/test_bookmark.py"
_KNOWLEDGE = "tests/knowledge/test_knowledge.py"


def guarded(guard: str, surface: str, wrong: str, old: str, new: str) -> Fault:
    """Give a fault of one edit that some tests are to find."""
    return Fault(surface, wrong, ((old, new),), guard)


EDITS = (
    guarded(
        f"{_KNOWLEDGE} -k everything_has_been_seen",
        "The end",
        "what waits for everything to be seen is told to one who has not said so",
        "self.everything_seen = position.finished and all_seen",
        "self.everything_seen = all_seen",
    ),
    guarded(
        f"{_BOOKMARK} -k finished",
        "The end",
        "one who is past the last marker has finished",
        "finished=position.finished and count == position.seen)",
        "finished=count == position.seen)",
    ),
    guarded(
        f"{_BOOKMARK} -k releases",
        "Newcomers that a reader goes past",
        "a word on what was seen tells of all that is withheld",
        "frozenset(scene for scene in position.withheld if scene >= count)",
        "frozenset()",
    ),
    guarded(
        f"{_BOOKMARK} -k first_form",
        "Earlier forms of the cookie",
        "whoever had seen the last scene of today is taken to have finished",
        "        return bookmark.seen == then.scenes[-1]\n",
        "        return True\n",
    ),
    guarded(
        f"{_BOOKMARK} -k every_move_that_is_not_forward",
        "Newcomers that a reader goes past",
        "another threshold tells of what is withheld",
        "return replace(position, threshold=threshold)",
        "return replace(position, threshold=threshold, withheld=frozenset())",
    ),
    guarded(
        f"{_BOOKMARK} -k though_it_was_reached",
        "Newcomers before what was seen",
        "a scene that an edit put there counts as seen when it was reached before",
        "set(range(reached)) - stood | set(range(seen)) - saw",
        "set(range(reached)) - stood",
    ),
    guarded(
        f"{_BOOKMARK} -k threshold_goes_to",
        "Levels that swap their names or pass them on",
        "the threshold goes with the name, wherever that is now",
        "    known = takewhile(lambda level: 0 <= stood(level, then) <= threshold, levels)\n"
        "    return max(0, len(list(known)) - 1)",
        "    places = [stood(level, then) for level in levels]\n"
        "    return max((n for n, at in enumerate(places) if 0 <= at <= threshold), default=0)",
    ),
    guarded(
        f"{_BOOKMARK} -k threshold_goes_to",
        "Levels that swap their names or pass them on",
        "the threshold stays where every name was there before, in whatever order",
        "if [level.name for level in levels] == list(then):",
        "if {level.name for level in levels} == set(then):",
    ),
    guarded(
        f"{_BOOKMARK} -k says_which_it_was",
        "Levels that took over others",
        "one that took over two counts as the lower of them",
        "return max((n for n, name in enumerate(then) if name in level.names), default=-1)",
        "return min((n for n, name in enumerate(then) if name in level.names), default=-1)",
    ),
    guarded(
        f"{_BOOKMARK} -k took_over_others",
        "Scenes that took over others",
        "one of several that was opened opens what they became",
        "chosen.issuperset(became.get(scene, ()))",
        "not chosen.isdisjoint(became.get(scene, ()))",
    ),
)
