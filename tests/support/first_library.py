"""A library as the first revision of the tables had it, with the bookmarks of its readers.

It stands here as it was written then, rows, keys and cookies, and takes nothing from the code of
today but the migration that made those tables: so it does not change when that code does.
"""

from __future__ import annotations

from itertools import count
from typing import Any

import sqlalchemy as sa
from alembic import command

from explorer.storage.store import Store

Document = dict[str, Any]

# --- the stories -------------------------------------------------------------------------------

# What cookies call the scenes of the lantern; "letter" is the one that went.
QUAY, PILOT, STORM, LETTER, DAWN = (
    "feffg3glx2fh",
    "mdcmg46evuan",
    "uj53ivrlqq5b",
    "cc3e3male2xn",
    "3ijzkjs7kguh",
)
WHEEL, SACK, BREAD = ("24wql2eg5yra", "dtpsnx24b6rq", "5gejb3vhykrg")
STAIRS, BOX = ("oxapmfvdixln", "rc5gxsv6znla")

_QUAY: Document = {
    "id": "quay",
    "level": 0,
    "title": "The quay",
    "text": "[[mara]] hangs a lamp above the water.",
    "people": ["mara"],
    "place": "Quay",
    "marker": "Chapter 1",
}
_PILOT: Document = {
    "id": "pilot",
    "level": 0,
    "title": "The pilot",
    "text": "[[joss]] asks the way in.",
    "people": ["joss"],
}
_STORM: Document = {
    "id": "storm",
    "level": 1,
    "title": "The storm",
    "text": "[[joss]] cuts the mooring.",
    "people": ["joss"],
    "tellings": [{"level": 0, "title": "Weather", "text": "It blows."}],
}
_LETTER: Document = {"id": "letter", "level": 1, "title": "A letter", "text": "It is unsigned."}
_DAWN: Document = {
    "id": "dawn",
    "level": 2,
    "title": "Dawn",
    "text": "The keeper was [[mara]] all along.",
    "people": ["mara"],
    "time": "flashback",
    "happens": {"before": "quay"},
}

# Two editions: one scene came in, one went, and a level was put on top.
LANTERN_1: Document = {
    "format": 1,
    "id": "lantern",
    "title": "Élan's Lantern",
    "medium": "novel",
    "language": "en",
    "premise": "[[mara]] keeps a light, and [[keeper|somebody]] pays for the oil.",
    "levels": [{"name": "Calm"}, {"name": "Squall"}, {"name": "Wreck"}],
    "people": [
        {
            "id": "mara",
            "names": [{"name": "Mara"}, {"name": "Mara Quist", "scene": "dawn"}],
            "facts": [{"text": "Sleeps little."}, {"text": "Was the keeper.", "scene": "dawn"}],
        },
        {"id": "joss", "names": [{"name": "Joss", "scene": "storm", "level": 0}]},
        {
            "id": "keeper",
            "names": [{"name": "The keeper"}],
            "is": {"person": "mara", "scene": "dawn"},
        },
    ],
    "scenes": [_QUAY, _STORM, _LETTER, _DAWN],
}
LANTERN_2: Document = LANTERN_1 | {
    "levels": [*LANTERN_1["levels"], {"name": "Aftermath"}],
    "scenes": [_QUAY, _PILOT, _STORM, _DAWN],
}

# Two editions that differ in words alone, so that there is one outline for both.
MILL_1: Document = {
    "format": 1,
    "id": "mill",
    "title": "کتاب of the Mill",
    "medium": "film",
    "language": "de",
    "released": "1931-04",
    "complete": False,
    "premise": "A wheel stands still.",
    "levels": [{"name": "Grain"}, {"name": "Flour"}],
    "scenes": [
        {"id": "wheel", "level": 0, "title": "The wheel", "text": "It stands.", "marker": "0:05"},
        {"id": "sack", "level": 1, "title": "The sack", "text": "It is full.", "marker": "0:40"},
        {"id": "bread", "level": 1, "title": "The bread", "text": "It is eaten."},
    ],
}
MILL_2: Document = MILL_1 | {"premise": "A wheel stands still, and nobody asks."}

# It was removed in its second revision; the third says so.
ATTIC: Document = {
    "format": 1,
    "id": "attic",
    "title": "Attic",
    "medium": "play",
    "language": "en",
    "premise": "Boxes.",
    "levels": [{"name": "Dust"}, {"name": "Deed"}],
    "scenes": [
        {"id": "stairs", "level": 0, "title": "Stairs", "text": "They creak."},
        {"id": "box", "level": 1, "title": "The box", "text": "It is open."},
    ],
}


# --- its rows ----------------------------------------------------------------------------------

_JSON = {"head": sa.JSON, "body": sa.JSON, "scenes": sa.JSON, "levels": sa.JSON}


def make(store: Store) -> None:
    """Make the first tables in an empty database, with three stories of which one is removed."""
    config = store._schema.config

    def made(connection: sa.Connection) -> None:
        config.attributes["connection"] = connection
        config.attributes.pop("applied", None)
        command.upgrade(config, "0001")
        _keep(connection, LANTERN_2, revision=2)
        _outline(connection, LANTERN_1, 1, QUAY, STORM, LETTER, DAWN)
        _outline(connection, LANTERN_2, 2, QUAY, PILOT, STORM, DAWN)
        _keep(connection, MILL_2, revision=2)
        _outline(connection, MILL_1, 1, WHEEL, SACK, BREAD)
        _outline(connection, ATTIC, 1, STAIRS, BOX)
        _outline(connection, ATTIC | {"levels": []}, 3)

    store._database.write(made)


def _keep(connection: sa.Connection, document: Document, revision: int) -> None:
    head = {name: value for name, value in document.items() if name not in ("people", "scenes")}
    story = {
        "id": document["id"],
        "revision": revision,
        "title": document["title"],
        "medium": document["medium"],
        "language": document["language"],
        "released": document.get("released"),
        "complete": document.get("complete", True),
        "premise": document["premise"],
        "head": head,
    }
    _insert(connection, "stories", story)
    for number, scene in zip(count(), document["scenes"]):
        own = {"ident": scene["id"], "level": scene["level"], "body": scene}
        _insert(connection, "scenes", {"story_id": document["id"], "position": number} | own)
    for number, person in zip(count(), document.get("people", [])):
        own = {"ident": person["id"], "body": person}
        _insert(connection, "people", {"story_id": document["id"], "position": number} | own)


def _outline(connection: sa.Connection, document: Document, revision: int, *scenes: str) -> None:
    levels = [level["name"] for level in document["levels"]]
    kept = {"story_id": document["id"], "revision": revision}
    _insert(connection, "outlines", kept | {"scenes": list(scenes), "levels": levels})


def _insert(connection: sa.Connection, table: str, values: Document) -> None:
    columns = [sa.column(name, _JSON.get(name)) for name in values]
    connection.execute(sa.insert(sa.table(table, *columns)), values)
