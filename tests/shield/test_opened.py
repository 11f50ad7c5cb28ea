"""Opening one scene of *Ballerina* tells that scene: each entry has been looked at and ticked."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable

import pytest

from tests.conftest import Serve
from tests.shield.opened import STORY, Opened, listed, opened_alone

_MENTION = re.compile(r"\[\[(?:[^\]|]*\|)?([^\]]*)\]\]")
_WORD = re.compile(r"[^\W\d_]+")
_LONG = 6
_ENDING = re.compile(r"(?:ings?|ers?|ed|es|s)$")


@pytest.fixture(scope="module")
def scenes(serve: Serve) -> tuple[Opened, ...]:
    """Give what each scene makes known when it alone is opened."""
    return tuple(opened_alone(serve(STORY.read_bytes())))


def test_whatever_one_scene_makes_known_has_been_ticked(scenes: tuple[Opened, ...]) -> None:
    ticked = {title: set(lines) for title, lines in listed().items()}
    unticked = [
        f"{title}: {line}"
        for title, lines in listed().items()
        for line, tick in lines.items()
        if not tick
    ]

    assert ticked == {scene.title: set(scene.lines) for scene in scenes}
    assert unticked == []


def test_no_long_word_of_other_scenes_alone_comes_with_one(scenes: tuple[Opened, ...]) -> None:
    story = json.loads(STORY.read_text(encoding="utf-8"))
    free = [story["premise"], *(one["text"] for one in story["about"] if _is_free(one))]
    sources = (one["title"] for one in story["sources"] if _is_free(one))
    public = _stems([*free, *sources, *(one["text"] for one in story["details"])])
    told = {scene.title: _stems(scene.told) for scene in scenes}

    for scene in scenes:
        others = set().union(*(words for title, words in told.items() if title != scene.title))
        strange = _stems((line.partition(": ")[2] for line in scene.lines), _LONG)
        assert strange & others <= told[scene.title] | public, scene.title


def _is_free(entry: dict[str, object]) -> bool:
    """Whether an entry is known to all."""
    return not {"scene", "through", "level"} & entry.keys()


def _stems(texts: Iterable[str], least: int = 1) -> set[str]:
    """Give the words of so many letters without the endings that say the same of them."""
    shown = (_MENTION.sub(r"\1", text).lower() for text in texts)
    words = (word for text in shown for word in _WORD.findall(text) if len(word) >= least)
    return {_ENDING.sub("", word) for word in words}
