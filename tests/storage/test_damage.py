"""Damage stays where it is: one story says that it is damaged, and everything else goes on.

Each column of each table is broken in every way that SQLite lets it be. The columns are read off
the tables themselves, so that a new one is broken too.
"""

from __future__ import annotations

import json
import shutil
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from click.testing import CliRunner
from flask import Flask

from explorer import create_app
from explorer.cli.commands import main
from explorer.library.damage_log import PAUSE_SECONDS
from explorer.library.story_cache import StoryCache
from explorer.settings import Settings
from explorer.storage.errors import Damaged
from explorer.storage.store import Store
from explorer.storage.tables import Row, TableKind, kind
from explorer.storyfile import storyfile
from tests.storyfile.test_storyfile import ferry
from tests.support.cluster import Server
from tests.support.crawl import ask

WHOLE = ("alone", "zoo")
OTHERS = ("/readyz", "/?q=whole", *(f"/stories/{one}/read" for one in WHOLE))
DAMAGED = "This story is damaged"

_DEEP, _LONG = "[" * 20_000 + "]" * 20_000, "9" * 5_000

# What may stand in the place of a value, in the words of SQL; `{0}` is the column.
BREAKS = {
    "nothing": "NULL",
    "no signs": "''",
    "a number": "7",
    "a number below all": "-1",
    "a number beyond all": "9223372036854775807",
    "a fraction": "1.5",
    "bytes": "x'00ff7b'",
    "text that is no UTF-8": "CAST(x'7b22ff227d' AS TEXT)",
    "a NUL": "CAST(x'610062' AS TEXT)",
    "words": "'no words of ours'",
    "half of it": "substr({0}, 1, length({0}) / 2)",
    "all but its end": "substr({0}, 1, length({0}) - 1)",
    "something behind it": "{0} || ' x'",
    "an object": "'{{}}'",
    "a list": "'[]'",
    "a list of nothing": "'[null]'",
    "JSON's nothing": "'null'",
    "JSON's word": "'\"word\"'",
    "JSON's number": "'7'",
    "what is no JSON": "'{{\"level\": NaN}}'",
    "JSON that is too deep": f"'{_DEEP}'",
    "a number too long": f"'{_LONG}'",
}

STORED = [
    (table.name, column.name) for table in Row.metadata.sorted_tables for column in table.columns
]
# Each way is tried on a story of its own, all in one library.
HURT = {f"hurt-{n:02}": name for n, name in enumerate(BREAKS)}


def story(name: str, **changes: object) -> storyfile.StoryFile:
    """Give a small story under a name."""
    document = json.loads(ferry()) | {
        "id": name,
        "title": f"{'Whole' if name in WHOLE else 'Hurt'}: {name}",
    }
    return storyfile.read(json.dumps(document | changes).encode())


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory, empty_library: Path) -> Path:
    """Give a library of stories that each have a past, in which no rule of SQLite's is left.

    Nothing keeps a column from being anything in it. Copy it, do not write to it.
    """
    path = tmp_path_factory.mktemp("sound") / "library.db"
    shutil.copy(empty_library, path)
    levels = [{"name": f"Earlier {n}"} for n in range(len(json.loads(ferry())["levels"]))]
    names = (*WHOLE, *HURT)
    with Store(f"sqlite:///{path}") as store:
        for edition in ({"levels": levels}, {}):
            assert list(store.save_all(story(name, **edition) for name in names))
    with closing(sqlite3.connect(path)) as raw, raw:
        raw.execute("PRAGMA writable_schema = ON")
        raw.execute("UPDATE sqlite_master SET sql = replace(sql, 'NOT NULL', '')")
    return path


def broken(sound: Path, place: Path, commands: Iterable[str]) -> str:
    """Give the address of a library with damage in it."""
    path = place / "library.db"
    shutil.copy(sound, path)
    with closing(sqlite3.connect(path)) as raw, raw:
        for command in commands:
            raw.execute(command)
    return f"sqlite:///{path}"


def pages_of(app: Flask, name: str) -> list[tuple[int, str]]:
    """Ask for some pages of a story."""
    addresses = (f"/stories/{name}", f"/stories/{name}/read", f"/api/v1/stories/{name}")
    return [(answer.status, answer.text) for answer in (ask(app, "GET", a) for a in addresses)]


def others(app: Flask) -> list[tuple[int, str]]:
    """Ask for what has nothing to do with any story that is hurt."""
    return [(answer.status, answer.text) for answer in (ask(app, "GET", a) for a in OTHERS)]


@contextmanager
def served(url: str) -> Iterator[Flask]:
    """Serve a library."""
    app = create_app(Settings(database_url=url, fresh_ms=0))
    yield app
    app.extensions["shelf"].stories._store.close()


Pages = dict[str, list[tuple[int, str]]]


@pytest.fixture(scope="module")
def before(sound: Path, tmp_path_factory: pytest.TempPathFactory) -> Pages:
    """Give the pages of all stories where nothing is damaged."""
    with served(broken(sound, tmp_path_factory.mktemp("before"), ())) as app:
        found = {name: pages_of(app, name) for name in HURT}
        assert {status for pages in found.values() for status, _ in pages} == {200}
        return found | {"": others(app)}


def fates(app: Flask, names: Iterable[str], before: Pages) -> dict[str, str]:
    """Say of stories what becomes of their pages: all of them are damaged, gone, or as before."""
    found = {}
    for name in names:
        pages = pages_of(app, name)
        says = [DAMAGED if DAMAGED in text else status for status, text in pages]
        fate = "as before" if pages == before[name] else says[0] if len(set(says)) == 1 else says
        assert {status for status, _ in pages} in ({200}, {404}, {503}), (name, pages)
        found[name] = str(fate)
    return found


def assert_others_go_on(app: Flask, before: Pages) -> None:
    """See that whole stories, the library and the catalogue are as ever."""
    assert others(app) == before[""]
    listed: set[str] = set()
    after: str | None = ""
    while after is not None:
        catalogue = ask(app, "GET", f"/api/v1/stories?after={after}&limit=7")
        assert catalogue.status == 200
        listed |= {one["id"] for one in json.loads(catalogue.body)["stories"]}
        after = json.loads(catalogue.body)["next"]
    assert listed >= set(WHOLE)
    for address in (
        "/",
        "/?after=zoo",
        "/?q=hurt",
        *(f"/?after={name}" for name in list(HURT)[::5]),
    ):
        assert ask(app, "GET", address).status == 200, address


def assert_commands_go_on(url: str, place: Path) -> None:
    """Use each command on a library with damage in it: it serves the whole stories as ever."""

    def run(*words: str, status: tuple[int, ...] = (0,)) -> str:
        done = CliRunner().invoke(main, words, env={"EXPLORER_DATABASE_URL": url})
        assert isinstance(done.exception, SystemExit | None), (words, done.exc_info)
        assert done.exit_code in status, (words, done.output)
        return done.stdout

    listed = {line.split("\t")[0] for line in run("list", status=(0, 1)).splitlines()}
    assert listed >= set(WHOLE)
    file = place / "alone.json"
    file.write_text(run("export", "alone"), encoding="utf-8")
    assert storyfile.read(file.read_bytes()) == story("alone")
    run("check", "--advice", "none", str(file))
    run("import", str(file))
    run("copy", f"sqlite:///{place / 'copy.db'}", status=(0, 1))
    with Store(f"sqlite:///{place / 'copy.db'}") as copy:
        assert {one.id for one in copy.holdings()} >= set(WHOLE)
        assert copy.export("zoo") == storyfile.write(story("zoo").document)
    for name in list(HURT)[::5]:
        run("export", name, status=(0, 2))
        run("remove", "--yes", name, status=(0, 2))
    assert set(WHOLE) <= {line.split("\t")[0] for line in run("list", status=(0, 1)).splitlines()}


@pytest.mark.parametrize(("table", "column"), STORED, ids=map(".".join, STORED))
def test_whatever_stands_in_a_column_hurts_one_story_alone(
    sound: Path,
    before: Pages,
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
    table: str,
    column: str,
) -> None:
    of_story = "id" if table == "stories" else "story_id"
    url = broken(
        sound,
        tmp_path,
        (
            f"UPDATE OR REPLACE {table} SET {column} = {BREAKS[way].format(column)} WHERE rowid = "
            f"(SELECT min(rowid) FROM {table} WHERE {of_story} = '{name}')"
            for name, way in HURT.items()
        ),
    )
    with served(url) as app:
        found = fates(app, HURT, before)
        assert fates(app, HURT, before) == found
        assert_others_go_on(app, before)
    assert_commands_go_on(url, tmp_path)

    # Under another id a story is gone, and any number is a revision that may have been.
    other = {"id": {"404"}, "revision": {"200"}}.get(column, set())
    assert set(found.values()) <= {DAMAGED, "as before"} | other, found
    told = [name for name in HURT if any(f" {name} " in one for one in caplog.messages)]
    assert told == [name for name, fate in found.items() if fate == DAMAGED]
    assert len(told) <= len(caplog.messages) <= len(told) + (len(HURT) if column == "id" else 0)
    # What is made from other rows only helps to find; of all else it matters what it is.
    is_derived = kind(Row.metadata.tables[table]) is TableKind.DERIVED or column == "sort"
    assert (set(found.values()) == {"as before"}) is is_derived, found


# Whether a row, or what is in it, fits to all the others: `{0}` is the story.
MISFITS = {
    "a scene that is lost": "DELETE FROM scenes WHERE story_id = '{0}' AND position = 1",
    "the last scene that is lost": "DELETE FROM scenes WHERE story_id = '{0}' AND position = "
    "(SELECT max(position) FROM scenes WHERE story_id = '{0}')",
    "all scenes that are lost": "DELETE FROM scenes WHERE story_id = '{0}'",
    "a person who is lost": "DELETE FROM people WHERE story_id = '{0}' AND position = 0",
    "all people who are lost": "DELETE FROM people WHERE story_id = '{0}'",
    "the newest outline that is lost": "DELETE FROM outlines WHERE story_id = '{0}' AND "
    "revision = 2",
    "the first outline that is lost": "DELETE FROM outlines WHERE story_id = '{0}' AND "
    "revision = 1",
    "all outlines that are lost": "DELETE FROM outlines WHERE story_id = '{0}'",
    "an outline of what is to come": "UPDATE outlines SET revision = 9 WHERE story_id = '{0}' AND "
    "revision = 2",
    "an outline of other scenes": "UPDATE outlines SET scenes = '[\"x\"]' WHERE story_id = '{0}'",
    "an outline of no words": "UPDATE outlines SET levels = '[7]' WHERE story_id = '{0}' AND "
    "revision = 1",
    "an unknown person": "UPDATE scenes SET body = json_set(body, '$.people', json('[\"x\"]')) "
    "WHERE story_id = '{0}' AND position = 0",
    "an unknown person in a text": "UPDATE scenes SET body = json_set(body, '$.text', '[[x]]') "
    "WHERE story_id = '{0}' AND position = 0",
    "an unknown level": "UPDATE scenes SET body = json_set(body, '$.level', 99) "
    "WHERE story_id = '{0}' AND position = 0",
    "a level of many digits": "UPDATE scenes SET body = replace(body, '\"level\":', "
    "'\"level\":1' || hex(zeroblob(3000))) WHERE story_id = '{0}' AND position = 0",
    "a scene twice": "UPDATE scenes SET body = (SELECT body FROM "
    "scenes WHERE story_id = '{0}' AND position = 0) WHERE story_id = '{0}' AND position = 1",
    "scenes in another order": "UPDATE scenes SET position = -position WHERE story_id = '{0}'",
    "a person who is who they are": "UPDATE people SET body = json_set(body, '$.is', "
    "json_object('person', json_extract(body, '$.id'))) WHERE story_id = '{0}' AND position = 0",
    "a scene before itself": "UPDATE scenes SET body = json_set(body, '$.happens', "
    "json_object('before', json_extract(body, '$.id'))) WHERE story_id = '{0}' AND position = 0",
    "no levels": "UPDATE stories SET head = json_set(head, '$.levels', json('[]')) WHERE id='{0}'",
    "another story's head": "UPDATE stories SET head = json_set(head, '$.id', 'x') "
    "WHERE id = '{0}'",
    "another title": "UPDATE stories SET title = 'Another' WHERE id = '{0}'",
}
assert len(MISFITS) <= len(HURT)


def test_what_does_not_fit_to_the_rest_hurts_one_story_alone(
    sound: Path, before: Pages, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    hurt = dict(zip(HURT, MISFITS.values(), strict=False))
    url = broken(sound, tmp_path, (change.format(name) for name, change in hurt.items()))
    with served(url) as app:
        found = fates(app, hurt, before)
        assert fates(app, hurt, before) == found
        assert_others_go_on(app, before)
    assert_commands_go_on(url, tmp_path)

    assert found == dict.fromkeys(hurt, DAMAGED), dict(zip(MISFITS, found.values(), strict=False))
    assert len(caplog.messages) == len(hurt)


@pytest.mark.parametrize("path", ["scenes[9].level", "people[0].names[9]", "title", "x"])
def test_of_a_story_whose_guess_leads_nowhere_nothing_is_told(
    sound: Path, before: Pages, tmp_path: Path, path: str
) -> None:
    guess = json.dumps([{"path": path, "why": "No line says so."}])
    change = f"json_set(head, '$.guesses', json('{guess}')) WHERE id = 'hurt-00'"
    url = broken(sound, tmp_path, [f"UPDATE stories SET head = {change}"])

    with served(url) as app:
        assert fates(app, ["hurt-00"], before) == {"hurt-00": DAMAGED}
    with Store(url) as store, Store(f"sqlite:///{tmp_path / 'copy.db'}") as copy:
        copy.prepare()
        copied = {one.id: one.outcome for one in store.copy(copy, lambda *_: None)}
        assert {name for name, outcome in copied.items() if outcome == "damaged"} == {"hurt-00"}


# PostgreSQL keeps each column to its kind, so there is less that can stand in it.
STRICT = {
    "no person": "DELETE FROM people WHERE story_id = '{0}'",
    "an unknown person": "UPDATE scenes SET body = jsonb_set(body::jsonb, '{{people}}', '[\"x\"]') "
    "WHERE story_id = '{0}' AND position = 0",
    "an unknown level": "UPDATE scenes SET body = jsonb_set(body::jsonb, '{{level}}', '99') "
    "WHERE story_id = '{0}' AND position = 0",
    "a scene that is a word": "UPDATE scenes SET body = '\"word\"' WHERE story_id = '{0}'",
    "a scene that is too deep": f"UPDATE scenes SET body = '{'[' * 5000}{']' * 5000}' "
    "WHERE story_id = '{0}'",
    "a number too long": f"UPDATE scenes SET body = '{'9' * 5000}' WHERE story_id = '{{0}}'",
    "no head": "UPDATE stories SET head = NULL WHERE id = '{0}'",
    "no revision": "UPDATE stories SET revision = NULL WHERE id = '{0}'",
    "no outline": "DELETE FROM outlines WHERE story_id = '{0}'",
    "another title": "UPDATE stories SET title = 'Another' WHERE id = '{0}'",
    "no title": "UPDATE stories SET title = NULL WHERE id = '{0}'",
}


def test_damage_in_postgresql_stays_where_it_is(
    postgres: Server, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    name = postgres.create("empty")
    url, hurt = postgres.url(name), dict(zip(HURT, STRICT.values(), strict=False))
    with Store(url) as store:
        assert list(store.save_all(story(one) for one in (*WHOLE, *HURT)))
    with served(url) as app:
        before = {one: pages_of(app, one) for one in HURT} | {"": others(app)}
    for column in ("head", "revision", "title"):
        postgres.do(f"ALTER TABLE stories ALTER {column} DROP NOT NULL", name)
    for one, change in hurt.items():
        postgres.do(change.format(one), name)

    with served(url) as app:
        found = fates(app, hurt, before)
        assert fates(app, hurt, before) == found
        assert_others_go_on(app, before)
    assert_commands_go_on(url, tmp_path)

    assert found == dict.fromkeys(hurt, DAMAGED), dict(zip(STRICT, found.values(), strict=False))
    assert len(caplog.messages) == len(hurt)


def test_what_is_put_back_is_read_again_and_breaks_again_aloud(
    sound: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    now = [100.0]
    url = broken(sound, tmp_path, ["UPDATE people SET body = '{' || body"])
    with Store(url) as store, closing(sqlite3.connect(tmp_path / "library.db")) as raw:
        loads: list[None] = []
        cache = StoryCache(store, clock=lambda: now[0], loading=lambda: loads.append(None))
        for _ in range(5):
            with pytest.raises(Damaged, match="Remove it and import it again"):
                cache.current("alone")
        assert (len(loads), len(caplog.messages)) == (1, 1)

        with raw:
            raw.execute("UPDATE people SET body = substr(body, 2)")
        now[0] += PAUSE_SECONDS
        assert cache.current("alone") is not None
        with raw:
            raw.execute("UPDATE stories SET revision = 'none'")
        for _ in range(5):
            with pytest.raises(Damaged):
                cache.current("alone")
        assert len(caplog.messages) == 2
