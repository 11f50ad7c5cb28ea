"""Story order against a slow reading of the contract's formula."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings

from explorer.story import chronology
from explorer.story.model import Happens, Scene, Story
from explorer.story.terms import SceneKey
from tests.shield import oracle
from tests.support import tale
from tests.support.tale import Document


def in_order(story: Story) -> list[tuple[int, int]]:
    """Give all tellings in story order, as the number of their scene and their own in it."""
    spots = [(n, m) for n, scene in enumerate(story.scenes) for m in range(len(scene.tellings))]
    return sorted(spots, key=lambda spot: story.index.happened[spot[0]][spot[1]])


def told(*scenes: Document) -> Story:
    """Make a story of scenes, each given by what is not ordinary about it; named a, b, c…"""
    made = [
        {"id": chr(97 + n), "level": 1, "title": "t", "text": "t", **scene}
        for n, scene in enumerate(scenes)
    ]
    frame = {"format": 1, "id": "order", "title": "t", "medium": "film", "language": "en"}
    levels = [{"name": "low"}, {"name": "high"}]
    return tale.told({**frame, "premise": "p", "levels": levels, "scenes": made})


def full(story: Story) -> str:
    """Give the full tellings in story order, by the letters of their scenes."""
    spots = in_order(story)
    return "".join(story.scenes[n].id for n, m in spots if m == len(story.scenes[n].tellings) - 1)


PRESENT: Document = {}
BACK: Document = {"time": "flashback"}
FORWARD: Document = {"time": "flashforward"}
DREAM: Document = {"time": "dream"}


def before(scene: str) -> Document:
    """Place a flashback before a scene."""
    return {"time": "flashback", "happens": {"before": scene}}


def after(scene: str) -> Document:
    """Place something after a scene."""
    return {"happens": {"after": scene}}


def test_flashbacks_come_first_then_the_present_with_its_dreams_then_flashforwards() -> None:
    story = told(PRESENT, FORWARD, DREAM, BACK, PRESENT, FORWARD, BACK)

    assert full(story) == "dg" + "ace" + "bf"


def test_what_is_placed_before_or_after_a_scene_stands_right_beside_it() -> None:
    story = told(PRESENT, PRESENT, PRESENT, before("b"), after("b"), before("b"), after("b"))

    assert full(story) == "a" + "df" + "b" + "eg" + "c"


def test_what_is_placed_stands_there_whatever_its_time_is() -> None:
    story = told(PRESENT, {**BACK, "happens": {"after": "c"}}, PRESENT, PRESENT)
    ahead = told(PRESENT, PRESENT, {**FORWARD, "happens": {"before": "a"}})

    assert full(story) == "acbd"
    assert full(ahead) == "cab"


def test_a_block_moves_with_the_scene_it_stands_around() -> None:
    inside = told(PRESENT, PRESENT, before("b"), before("c"), after("c"))

    assert full(inside) == "a" + "dce" + "b"


def test_a_scene_may_be_placed_by_one_that_is_told_later() -> None:
    assert full(told({"happens": {"after": "c"}}, PRESENT, PRESENT)) == "bca"


def test_a_lesser_telling_stands_where_it_says_itself() -> None:
    lesser = {"level": 0, "title": "t", "text": "t"}
    twist = {**before("b"), "tellings": [lesser]}

    story = told(PRESENT, PRESENT, twist)

    assert in_order(story) == [(0, 0), (2, 1), (1, 0), (2, 0)]


def test_what_happened_before_a_scene_comes_before_it_however_it_is_told() -> None:
    lesser = {"level": 0, "title": "t", "text": "t"}

    story = told(PRESENT, {"tellings": [lesser]}, before("b"), after("b"))

    assert in_order(story) == [(0, 0), (2, 0), (1, 0), (1, 1), (3, 0)]


def test_the_order_of_the_tale_is_that_of_the_formula() -> None:
    assert in_order(tale.told(tale.document())) == oracle.story_order(tale.document())


@settings(tale.patiently, max_examples=250)
@given(tale.skeletons(most_scenes=8))
def test_the_order_of_any_story_is_that_of_the_formula(document: Document) -> None:
    assert in_order(tale.told(document)) == oracle.story_order(document)


@tale.patiently
@given(tale.skeletons(most_scenes=8))
def test_every_telling_of_any_story_has_one_place_in_it(document: Document) -> None:
    story = tale.told(document)

    ranks = [rank for ranks in story.index.happened for rank in ranks]

    assert sorted(ranks) == list(range(sum(len(scene.tellings) for scene in story.scenes)))


@pytest.mark.parametrize("is_after", [False, True])
def test_scenes_may_be_placed_by_each_other_deeper_than_python_may_recurse(is_after: bool) -> None:
    one = tale.told(tale.document()).scenes[4]
    deep = 20_000

    def scene(n: int) -> Scene:
        happens = Happens(n - 1, is_after) if n else None
        telling = replace(one.full, happens=happens)
        return replace(one, id=str(n), key=SceneKey(str(n)), tellings=(telling,))

    ranks = [rank for (rank,) in chronology.happened([scene(n) for n in range(deep)])]

    assert ranks == (list(range(deep)) if is_after else list(reversed(range(deep))))
