"""The library: a page at a time, by title, and searched; and what it was before it could be."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from alembic import command
from alembic.script import ScriptDirectory
from flask import Flask
from sqlalchemy import Connection, event

from explorer import create_app
from explorer.settings import Settings
from explorer.storage import title_index
from explorer.storage.store import Store
from tests.conftest import Serve
from tests.storage.test_store import called, ferry_file, shelf
from tests.storyfile.test_storyfile import both, ferry, set_at
from tests.support.cluster import Server
from tests.support.crawl import Page

TITLES = {
    "crossing": "The Crossing",
    "crossroads": "Crossroads at Dawn",
    "emile": "Émile",
    "zoo": "zoo story",
    "korean": "발레리나 이야기",
    "signs": "?!",
    "strasse": "Die STRASSE",
    "eszett": "straße und dawn",
}


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Give the address of a database with tables and nothing in them."""
    if request.param == "postgresql":
        postgres: Server = request.getfixturevalue("postgres")
        return postgres.url(postgres.create("empty"))
    url = f"sqlite:///{tmp_path / 'library.db'}"
    with Store(url) as store:
        store.upgrade()
    return url


@pytest.fixture
def store(url: str) -> Iterator[Store]:
    with Store(url) as store:
        yield store


@pytest.fixture
def some(store: Store) -> Store:
    """Give a library of some titles."""
    for ident, title in TITLES.items():
        store.save(ferry_file(set_at("id", ident), set_at("title", title)))
    return store


@pytest.fixture
def many(store: Store) -> Store:
    """Give a library of a few pages, with two titles at a time alike."""
    for number in range(60):
        edit = set_at("title", f"Volume {number // 2:02}")
        store.save(ferry_file(set_at("id", f"s{number:02}"), edit))
    return store


def found(store: Store, sought: str) -> set[str]:
    return set(store.shelf(sought, "", 100).ids)


# --- searching ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("sought", "ids"),
    [
        ("crossing", {"crossing"}),
        ("CROSS", {"crossing", "crossroads"}),
        ("cross dawn", {"crossroads"}),
        ("dawn cross", {"crossroads"}),
        ("emil", {"emile"}),
        ("ÉMILE", {"emile"}),
        ("strasse", {"strasse", "eszett"}),
        ("straße", {"strasse", "eszett"}),
        ("발레", {"korean"}),
        ("레리", set()),
        ("ossing", set()),
        ("dawn dawn da", {"crossroads", "eszett"}),
        ("crossing zoo", set()),
        ("!", set()),
        ("%", set()),
        ("' OR 1", set()),
        ("z" * 200, set()),
        ("", set(TITLES)),
    ],
)
def test_a_title_is_found_by_the_beginnings_of_its_words(
    some: Store, sought: str, ids: set[str]
) -> None:
    assert found(some, sought) == ids


def test_a_title_is_found_by_what_it_is_now(store: Store) -> None:
    store.save(called("Anchor"))
    store.save(called("Buoy"))
    assert (found(store, "anchor"), found(store, "buoy")) == (set(), {"ferry"})
    store.remove("ferry")

    assert found(store, "buoy") == set()


def test_a_long_title_and_a_long_word_are_found(store: Store) -> None:
    store.save(called("donau" * 60))

    assert found(store, "donaudonau") == {"ferry"}
    assert found(store, "donau" * 40) == {"ferry"}
    assert shelf(store) == ["ferry"]


@pytest.mark.parametrize("few", [0, 2, 500])
def test_few_and_many_hits_are_found_alike(
    some: Store, monkeypatch: pytest.MonkeyPatch, few: int
) -> None:
    monkeypatch.setattr(title_index, "_FEW", few)

    assert found(some, "d") == {"crossroads", "strasse", "eszett"}
    assert found(some, "d cross") == {"crossroads"}


# --- pages -------------------------------------------------------------------------------------


def test_the_shelf_can_be_walked_there_and_back(many: Store) -> None:
    forth, after = [], ""
    while True:
        part = many.shelf("", after, 24)
        forth.append(part)
        if part.later is None:
            break
        after = part.later
    back = [forth[-1]]
    while back[0].earlier is not None:
        back.insert(0, many.shelf("", back[0].earlier, 24))

    assert [ident for part in forth for ident in part.ids] == [f"s{n:02}" for n in range(60)]
    assert [len(part.ids) for part in forth] == [24, 24, 12]
    assert back == forth


def test_a_search_can_be_walked_there_and_back(many: Store) -> None:
    first = many.shelf("volume 1", "", 12)
    assert first.later is not None
    second = many.shelf("volume 1", first.later, 12)

    assert [*first.ids, *second.ids] == [f"s{n}" for n in range(20, 40)]
    assert (second.earlier, second.later) == ("", None)


@pytest.mark.parametrize("after", ["nobodys", "s99", "", "' OR 1"])
def test_what_comes_after_nothing_is_the_beginning(many: Store, after: str) -> None:
    assert many.shelf("", after, 24) == many.shelf("", "", 24)


def test_ids_come_in_their_order(many: Store) -> None:
    assert many.ids("", 3) == ("s00", "s01", "s02")
    assert many.ids("s57", 9) == ("s58", "s59")


def test_a_list_of_more_stories_than_are_asked_for_at_once_is_whole(
    many: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("explorer.storage.store._BATCH", 7)

    assert [held.id for held in many.holdings()] == [f"s{n:02}" for n in range(60)]


def test_a_page_of_the_library_reads_no_story_and_the_catalogue_those_it_gives(
    many: Store, url: str
) -> None:
    app = create_app(Settings(database_url=url))
    statements: list[str] = []
    event.listen(
        app.extensions["shelf"].stories._store._database.engine,
        "before_cursor_execute",
        lambda *what: statements.append(what[2]),
    )
    client = app.test_client()
    assert client.get("/?after=s23").status_code == 200
    assert statements
    assert not any(table in one for one in statements for table in ("scenes", "people", "outlines"))
    statements.clear()
    assert client.get("/api/v1/stories?limit=1").status_code == 200
    assert len([one for one in statements if "FROM outlines" in one]) == 1
    app.extensions["shelf"].stories._store.close()


# --- what readers see --------------------------------------------------------------------------


@pytest.fixture(scope="module")
def site(serve: Serve) -> Flask:
    """Serve a library of a page and a half."""
    files = [
        ferry(both(set_at("id", f"s{n:02}"), set_at("title", f"Volume {n:02}"))) for n in range(36)
    ]
    return serve(*files, ferry(set_at("title", "Salt & <Sand>")))


def page(app: Flask, address: str, status: int = 200, **headers: str) -> Page:
    answer = app.test_client().get(address, headers=headers)
    assert answer.status_code == status
    return Page.read(answer.text)


def cards(app: Flask, address: str) -> list[str]:
    """Give the titles that a page of the library shows."""
    text = app.test_client().get(address).text
    return re.findall(r"<h2[^>]*><a[^>]*>([^<]*)</a></h2>", text)


def link(app: Flask, address: str, ident: str) -> str | None:
    match = re.search(f'id="{ident}" href="([^"]*)"', app.test_client().get(address).text)
    return match and match[1].replace("&amp;", "&")


def test_a_reader_pages_through_the_library_and_back(site: Flask) -> None:
    later = link(site, "/", "later")
    assert later is not None
    assert cards(site, "/") == ["Salt &amp; &lt;Sand&gt;", *(f"Volume {n:02}" for n in range(23))]
    assert cards(site, later) == [f"Volume {n:02}" for n in range(23, 36)]
    assert link(site, later, "later") is None
    assert link(site, later, "earlier") == "/"
    assert link(site, "/", "earlier") is None


def test_a_search_keeps_its_words_from_page_to_page(site: Flask) -> None:
    later = link(site, "/?q=Volume", "later") or ""

    assert parse_qs(urlsplit(later).query) == {"q": ["Volume"], "after": ["s23"]}
    assert cards(site, later) == [f"Volume {n:02}" for n in range(24, 36)]
    assert link(site, later, "earlier") == "/?q=Volume"


def test_a_search_that_finds_nothing_says_so_whatever_it_was(site: Flask) -> None:
    def said(words: str) -> str:
        return page(site, f"/?q={words}").text.replace(words, "…")

    assert "No title here has “nothing” in it." in page(site, "/?q=nothing").text
    # What the stories tell is not looked at.
    assert said("ida") == said("nothing") == said("gale")


def test_words_that_are_sought_are_words_and_no_markup(site: Flask) -> None:
    text = site.test_client().get("/?q=<b>%22'%26</b>").text

    assert "<b>" not in text
    assert 'value="&lt;b&gt;&#34;&#39;&amp;&lt;/b&gt;"' in text
    assert cards(site, "/?q=%26 sand") == ["Salt &amp; &lt;Sand&gt;"]


def test_a_search_that_is_too_long_keeps_what_was_entered(site: Flask) -> None:
    answer = site.test_client().get("/", query_string={"q": "x" * 201})

    assert answer.status_code == 422
    assert "That is too long" in answer.text
    assert "x" * 201 in answer.text


@pytest.mark.parametrize("after", ["", "NOBODY", "a b", "%00", "x" * 5000, "nobodys"])
def test_an_address_of_nobody_shows_the_beginning(site: Flask, after: str) -> None:
    assert cards(site, f"/?after={after}") == cards(site, "/")


def test_the_part_and_the_whole_of_the_library_show_the_same(site: Flask) -> None:
    for address in ("/", "/?q=volume", "/?q=volume&after=s23", "/?q=nothing"):
        part = site.test_client().get(address, headers={"HX-Request-Type": "partial"}).text
        main = part[part.index("<main") :]

        assert main.strip() in site.test_client().get(address).text


def test_a_library_that_fits_its_page_needs_no_search(serve: Serve) -> None:
    few = serve(ferry(), ferry(set_at("id", "other")))

    assert 'role="search"' not in few.test_client().get("/").text
    assert cards(few, "/?q=ferry") == ["The Ferry", "The Ferry"]


def test_the_catalogue_goes_on_where_it_ended(site: Flask) -> None:
    ids: list[str] = []
    after: str | None = ""
    while after is not None:
        answer = json.loads(site.test_client().get(f"/api/v1/stories?limit=10&after={after}").data)
        ids += [story["id"] for story in answer["stories"]]
        after = answer["next"]

    assert ids == ["ferry", *(f"s{n:02}" for n in range(36))]


# --- libraries from before ---------------------------------------------------------------------


def test_an_older_library_is_searched_after_its_upgrade(some: Store) -> None:
    before = some.shelf("", "", 100)
    exported = {ident: some.export(ident) for ident in TITLES}
    config = some._schema.config

    def take_back(connection: Connection) -> None:
        config.attributes["connection"] = connection
        command.downgrade(config, "0001")

    some._database.write(take_back)
    assert not some.ready()
    assert some.upgrade() is True

    assert some.shelf("", "", 100) == before
    assert {ident: some.export(ident) for ident in TITLES} == exported
    assert found(some, "cross") == {"crossing", "crossroads"}
    same = ferry_file(set_at("id", "crossing"), set_at("title", "The Crossing"))
    assert some.save(same).outcome == "same"


# What the first migration made of titles when it was written, whatever is made of them by now.
MADE_THEN = {
    "The Crossing, the crossing": ("the crossing the crossing", ["the", "crossing"]),
    "\xc9mile's \xd8resund": ("emile s oresund", ["emile", "s", "oresund"]),
    "Stra\xdfe \u0130stanbul \ufb01n": ("strasse istanbul fin", ["strasse", "istanbul", "fin"]),
    "\ubc1c\ub808 \uac00": ("\ubc1c\ub808 \uac00", ["\ubc1c\ub808", "\uac00"]),
    "\uff76\uff9e\u6f22\u5b57": ("\u30ac \u6f22 \u5b57", ["\u30ac", "\u6f22", "\u5b57"]),
    "\u0939\u093f\u0928\u094d": ("\u0939\u093f\u0928\u094d", ["\u0939\u093f\u0928\u094d"]),
    "\u2026 !": ("\u2026 !", []),
    "x" * 401: ("x" * 400, ["x" * 100]),
}


# What the later one made of them, which goes by the letters of more scripts.
MADE_BY_LETTERS = {
    "Stra\xdfe \u0130stanbul \ufb01n": ("strasse istanbul fin", ["strasse", "istanbul", "fin"]),
    "\uff76\uff9e\u6f22\u5b57": ("\u304c \u6f22 \u5b57", ["\u304c", "\u6f22", "\u5b57"]),
    "\u0643\u0640\u062a\u0627\u0628": ("\u0643\u062a\u0627\u0628", ["\u0643\u062a\u0627\u0628"]),
    "\u0641\u0627\u0631\u0633\u06cc": (
        "\u0641\u0627\u0631\u0633\u064a",
        ["\u0641\u0627\u0631\u0633\u064a"],
    ),
    "\u06f1\u06f2 \u0e51": ("12 1", ["12", "1"]),
    "\u2026 !": ("\u2026 !", []),
}
MADE = [("0002", *one) for one in MADE_THEN.items()]
MADE += [("0004", *one) for one in MADE_BY_LETTERS.items()]


@pytest.mark.parametrize(("revision", "title", "made"), MADE)
def test_a_migration_makes_of_a_title_what_it_made_when_it_was_written(
    revision: str, title: str, made: tuple[str, list[str]], tmp_path: Path
) -> None:
    sort, words = made
    with Store(f"sqlite:///{tmp_path / 'library.db'}") as store:
        migration = ScriptDirectory.from_config(store._schema.config).get_revision(revision).module

    assert migration._place(title) == sort.encode()
    assert migration._keys(title) == [word.encode() for word in words]
