"""Every condition on three scenes, for every reader of them, against the contract.

Quick and without chance, so that a slip in the meaning of a condition is found at once.
"""

from __future__ import annotations

import json

import pytest

from explorer.knowledge.bookmark import Position
from explorer.knowledge.knowledge import Knowledge
from explorer.story.model import Story
from explorer.storyfile import storyfile
from tests.knowledge.test_knowledge import ids, plain
from tests.shield.oracle import Entry, Oracle, Reader
from tests.shield.oracle.small import scene, story
from tests.storyfile.test_conditions import conditions, readers

_SCENES = [scene("a", 1, (0,)), scene("b", 2, (0, 1)), scene("c", 2)]


def document() -> Entry:
    """Give a story in which each condition has a detail, and something begins and ends."""
    small = story(*_SCENES)
    for one in small["scenes"]:
        for telling in (one, *one["tellings"]):
            telling["text"] = "x"
    ends = [{"scene": "b"}, {"through": "b", "level": 1}, {"scene": ["a", "c"]}]
    facts = [{"text": f"fact {n}", "scene": "a", "until": end} for n, end in enumerate(ends)]
    facts.append({"text": "fact 0", "scene": "c", "level": 2})
    names = [{"name": "X"}, {"name": "Y", "scene": "b", "level": 0}, {"name": "Z", "level": 1}]
    wordings = [{"text": "short", "level": 0}, {"text": "long", "through": "b"}]
    return {
        **small,
        "format": 1,
        "premise": "x",
        "levels": [{"name": str(n), "note": "x"} for n in range(3)],
        "details": [{"label": "x", "text": str(c), **c} for c in conditions(small)],
        "parts": [{"title": "P", "scene": "a", "level": 0, "summary": wordings}],
        "people": [{"id": "x", "names": names, "facts": facts}],
    }


def position(reader: Reader) -> Position:
    """Give the place of a reader."""
    opened, withheld = (
        frozenset("abc".index(one) for one in some) for some in (reader.opened, reader.withheld)
    )
    return Position(
        reader.threshold, reader.reached, reader.seen, opened, False, withheld, finished=False
    )


@pytest.fixture(scope="module")
def told() -> Story:
    return storyfile.read(json.dumps(document()).encode()).story(1)


def test_every_condition_means_to_every_reader_what_the_contract_says(told: Story) -> None:
    small, names = document(), ids(told)
    for reader in readers():
        if reader.finished is None:
            continue
        known, oracle = Knowledge.of(told, position(reader)), Oracle(small, reader)
        assert plain(known.work(), names)["details"] == oracle.work()["details"], reader
        assert plain(known.parts(), names) == oracle.parts(), reader
        assert plain(known.everyone(), names) == [oracle.person("x")], reader
        assert plain(known.cast.ended(0), names) == oracle.no_longer("x"), reader
