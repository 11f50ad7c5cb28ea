"""Covers: the library page tells what whole stories would, and loads none of them."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from alembic import command
from hypothesis import given
from sqlalchemy import Connection

from explorer.knowledge.bookmark import Position
from explorer.knowledge.knowledge import Knowledge
from explorer.knowledge.known import KnownProse
from explorer.library.story_cache import StoryCache
from explorer.pages.models import ShelfCard
from explorer.reading.pages import shelf_card
from explorer.reading.shelf import CARDS, Shelf
from explorer.storage.covers import Cover, kept_of_people, told
from explorer.storage.store import Store
from explorer.story.model import Story
from explorer.storyfile import storyfile
from explorer.storyfile.storyfile import StoryFile
from tests.support import tale
from tests.support.tale import Document

SAMPLES = Path(__file__).parent.parent / "support" / "stories"
LEVELS = [{"name": "Little"}, {"name": "Some"}, {"name": "All"}]
PEOPLE: Document = {
    "known to all": {"names": [{"name": "Ada"}]},
    "under the last known name": {"names": [{"name": "the clerk"}, {"name": "Ada", "level": 0}]},
    "from a level on": {"names": [{"name": "the clerk"}, {"name": "Ada", "level": 1}]},
    "from a scene on": {"names": [{"name": "Ada", "scene": "one"}]},
    "by more from a scene on": {"names": [{"name": "the clerk"}, {"name": "Ada", "scene": "one"}]},
    "by more from a run of scenes on": {
        "names": [{"name": "the clerk"}, {"name": "Ada", "through": "one", "level": 0}]
    },
    "one with another from a run of scenes on": {
        "names": [{"name": "Ada"}],
        "is": {"person": "bob", "through": "one", "level": 0},
    },
    "one with another": {"names": [{"name": "Ada"}], "is": {"person": "bob"}},
    "one with another from a level on": {
        "names": [{"name": "Ada"}],
        "is": {"person": "bob", "level": 1},
    },
    "one with another from a scene on": {
        "names": [{"name": "Ada"}],
        "is": {"person": "bob", "scene": "one"},
    },
    "one with one not known yet": {"names": [{"name": "Ada"}], "is": {"person": "eve"}},
    "one with another through a third": {"names": [{"name": "Ada"}], "is": {"person": "cid"}},
}
# By the path of what is guessed of her.
GUESSED: Document = {
    "people[0].names[0]": {"names": [{"name": "Ada"}]},
    "people[0].names[1]": {"names": [{"name": "the clerk"}, {"name": "Ada"}]},
    "people[0].names[1].level": {"names": [{"name": "the clerk"}, {"name": "Ada", "level": 0}]},
    "people[0].is.level": {"names": [{"name": "Ada"}], "is": {"person": "bob", "level": 0}},
}
OTHERS = [
    {"id": "bob", "names": [{"name": "Bob"}]},
    {"id": "cid", "names": [{"name": "Cid"}], "is": {"person": "bob", "level": 0}},
    {"id": "eve", "names": [{"name": "Eve", "scene": "one"}]},
]


def with_person(person: Document, language: str = "en") -> Document:
    """Give a story whose premise mentions this one in every way there is."""
    return {
        "format": 1,
        "id": "mentions",
        "title": "Mentions",
        "medium": "film",
        "language": language,
        "premise": "Of *[[ada]]*, [[ada|a friend]], `[[eve]]` and `[[nobody]]`.\n\nAnd [[bob]].",
        "levels": LEVELS,
        "people": [{"id": "ada", **person}, *OTHERS],
        "scenes": [{"id": "one", "level": 2, "title": "One", "text": "A scene."}],
    }


def file_of(document: Document) -> StoryFile:
    """Read a document as a file."""
    return storyfile.read(json.dumps(document).encode())


def stories() -> Iterator[tuple[str, Document]]:
    """Give the tale, the samples and a story for each way in which someone may be known."""
    yield "tale", tale.document()
    for path in sorted(SAMPLES.glob("*.json")):
        yield path.stem, json.loads(path.read_text(encoding="utf-8"))
    for guess, person in GUESSED.items():
        yield (
            f"with a guess at {guess}",
            with_person(person) | {"guesses": [{"path": guess, "why": "Nobody says so."}]},
        )
    for way, person in PEOPLE.items():
        yield way, with_person(person)
        yield f"{way}, in Korean", with_person(person, "ko")


STORIES = dict(stories())


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "library.db"


@pytest.fixture
def store(path: Path) -> Iterator[Store]:
    with Store(f"sqlite:///{path}") as store:
        store.upgrade()
        yield store


def card_of(story: Story) -> ShelfCard:
    """Give the card of a whole story."""
    return shelf_card(Knowledge.of(story, Position()), f"/stories/{story.id}")


def cards(store: Store) -> tuple[ShelfCard, ...]:
    """Give the cards of the library page."""
    return Shelf(StoryCache(store), "").library("").cards


@pytest.mark.parametrize("name", STORIES)
def test_a_card_tells_what_the_whole_story_would(store: Store, name: str) -> None:
    store.save(file_of(STORIES[name]))
    story = store.load(STORIES[name]["id"])

    assert story is not None
    assert cards(store) == (card_of(story),)


@tale.patiently
@given(tale.documents())
def test_so_it_does_of_random_stories(document: Document) -> None:
    file = file_of(document)
    entry = file.entry
    cover = Cover(
        entry.id,
        1,
        entry.title,
        entry.medium.value,
        entry.language,
        entry.released,
        entry.complete,
        entry.premise,
        json.dumps(kept_of_people(file)),
    )

    assert card_of(told(cover)) == card_of(tale.told(document))


def test_a_card_tells_of_an_edit(store: Store) -> None:
    store.save(file_of(with_person({"names": [{"name": "Ada"}]})))
    before = cards(store)
    store.save(file_of(with_person({"names": [{"name": "Ava"}]})))

    assert said(before[0].premise) == said(cards(store)[0].premise).replace("Ava", "Ada")
    assert "Ada" in said(before[0].premise)


def said(premise: KnownProse) -> str:
    return premise.markdown


def test_no_name_of_which_a_scene_tells_is_kept_in_a_cover(store: Store, path: Path) -> None:
    store.save(file_of(with_person(PEOPLE["by more from a scene on"])))
    with closing(sqlite3.connect(path)) as raw:
        [(mentioned,)] = raw.execute("SELECT mentioned FROM stories")

    assert "the clerk" in mentioned
    assert "Ada" not in mentioned
    assert "Eve" not in mentioned


def test_a_page_of_cards_loads_no_story(store: Store) -> None:
    for n in range(CARDS):
        store.save(file_of(tale.document() | {"id": f"s{n:02}"}))
    loads: list[None] = []
    stories = StoryCache(store, loading=lambda: loads.append(None))

    assert len(Shelf(stories, "").library("").cards) == CARDS
    assert loads == []
    assert stories.weight == 0


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("mentioned", "no words of ours"),
        ("mentioned", "{}"),
        ("mentioned", "[3]"),
        ("mentioned", "[]"),
        ("mentioned", '[{"id": "rowan"}]'),
        ("mentioned", "[" * 100_000),
        ("medium", "opera"),
        ("premise", ""),
    ],
)
def test_a_damaged_cover_takes_no_other_along(
    store: Store, path: Path, column: str, value: str, caplog: pytest.LogCaptureFixture
) -> None:
    store.save(file_of(tale.document()))
    store.save(file_of(tale.document() | {"id": "whole"}))
    with closing(sqlite3.connect(path)) as raw, raw:
        raw.execute(f"UPDATE stories SET {column} = ? WHERE id = 'spindrift'", (value,))

    assert [card.href for card in cards(store)] == ["/stories/whole"]
    assert "spindrift" in caplog.text
    assert "Isolde" not in caplog.text


def test_a_library_of_before_has_the_same_covers_after_its_upgrade(store: Store) -> None:
    # In a library of before nothing was guessed.
    for n, document in enumerate(one for one in STORIES.values() if "guesses" not in one):
        store.save(file_of(document | {"id": f"s{n:02}"}))
    before = store.shelf("", "", 100)
    taken_back(store)

    assert store.upgrade() is True
    assert store.shelf("", "", 100) == before


def taken_back(store: Store) -> None:
    """Make it a library of before there were covers."""
    config = store._schema.config

    def take_back(connection: Connection) -> None:
        config.attributes["connection"] = connection
        command.downgrade(config, "0002")

    store._database.write(take_back)


@pytest.mark.parametrize("body", ["no words of ours", "{}", "[]", "3", "[" * 100_000])
def test_a_damaged_story_does_not_keep_a_library_from_its_upgrade(
    store: Store, path: Path, body: str
) -> None:
    store.save(file_of(tale.document()))
    store.save(file_of(tale.document() | {"id": "whole"}))
    before = cards(store)
    taken_back(store)
    with closing(sqlite3.connect(path)) as raw, raw:
        raw.execute("UPDATE people SET body = ? WHERE story_id = 'spindrift'", (body,))

    assert store.upgrade() is True
    assert [card.href for card in cards(store)] == ["/stories/whole"]
    assert cards(store)[0] in before
