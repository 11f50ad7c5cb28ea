"""What the library shows of a story, kept in its row so that no story is loaded for it.

It holds no scene. Who is known to whom is not decided here: of the people whom the premise
mentions it holds as much as the decider needs where nothing has been reached.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from sqlalchemy import Text, cast, select

from explorer.storage.errors import damaged
from explorer.storage.tables import StoryRow
from explorer.story.model import Story
from explorer.story.prose import MENTION
from explorer.storyfile.schema import Conditioned
from explorer.storyfile.storyfile import StoryFile, trusted

# So many covers are remembered as they were read.
MOST_COVERS = 1_000

# Stands for all scenes, of which nobody has reached any.
_AHEAD: Mapping[str, object] = {"id": "ahead", "level": 0, "title": "Ahead", "text": "Ahead."}
_UNNAMED: Mapping[str, object] = {"name": "Unnamed", "scene": "ahead"}
_LEVELS = [{"name": "Least"}, {"name": "Most"}]

COLUMNS = select(
    StoryRow.id,
    StoryRow.revision,
    StoryRow.title,
    StoryRow.medium,
    StoryRow.language,
    StoryRow.released,
    StoryRow.complete,
    StoryRow.premise,
    # As the text of its JSON, so that one that is damaged takes no other along.
    cast(StoryRow.mentioned, Text).label("mentioned"),
)


@dataclass(frozen=True, slots=True)
class Cover:
    """What the library shows of a story, as it is kept: a row of `COLUMNS`."""

    id: str
    revision: int
    title: str
    medium: str
    language: str
    released: str | None
    complete: bool
    premise: str
    mentioned: str


def kept_of_people(file: StoryFile) -> list[dict[str, object]]:
    """Give what is kept of those whom a premise may mention, and of those whom they turn out to be.

    Of a name that is only guessed nothing is kept.
    What hangs on a scene is left out: where none has been reached, none of it is known.
    """
    entry = file.told
    people = {person.id: person for person in entry.people}
    # Brackets inside code mention nobody; who is kept for them is in nobody's way.
    wanted = [match[1] for match in MENTION.finditer(entry.premise) if match[1] in people]
    kept: dict[str, dict[str, object]] = {}
    for ident in wanted:
        if ident in kept:
            continue
        person = people[ident]
        names = [name.document() for name in person.names if _needs_no_scene(name)]
        kept[ident] = {"id": ident, "names": names}
        if person.identity is not None and _needs_no_scene(person.identity):
            kept[ident]["is"] = person.identity.document()
            wanted.append(person.identity.person)
    return list(kept.values())


def _needs_no_scene(entry: Conditioned) -> bool:
    return entry.scene is None and entry.through is None


@lru_cache(MOST_COVERS)
def told(cover: Cover) -> Story:
    """Give a story as far as its cover, with one scene that stands for all. Raises Damaged."""
    try:
        return trusted(_document(cover)).story(cover.revision)
    except Exception as error:
        raise damaged(cover.id) from error


def _document(cover: Cover) -> dict[str, object]:
    document: dict[str, object] = {
        "format": 1,
        "id": cover.id,
        "title": cover.title,
        "medium": cover.medium,
        "language": cover.language,
        "complete": cover.complete,
        "premise": cover.premise,
        "levels": _LEVELS,
        "people": [
            person | {"names": person["names"] or [_UNNAMED]}
            for person in json.loads(cover.mentioned)
        ],
        "scenes": [_AHEAD],
    }
    return document if cover.released is None else document | {"released": cover.released}
