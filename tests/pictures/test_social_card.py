"""What a link to a story shows where it is shared: its title, and nobody's place in it."""

from __future__ import annotations

import json
import struct
from pathlib import Path

import pytest
from flask import Flask

import explorer
from explorer.knowledge.bookmark import Position
from explorer.knowledge.known import KnownTitle
from explorer.pictures.font_metrics import Font
from explorer.pictures.social_card import BASE, CLAIM, HEIGHT, ROOM, WIDTH, Poster, poster
from explorer.story.terms import Medium, opaque
from explorer.web.social_image import FONT
from tests.conftest import Serve
from tests.support import tale
from tests.support.crawl import PART, Answer, Reader
from tests.support.places import END, HOME, TALE, cookie, kinds_of_place

FILE = Path(explorer.__file__).parents[1] / "static" / FONT
FIRST = Position()
SCENES = [opaque(TALE["id"], "scene", scene["id"]) for scene in TALE["scenes"]]


@pytest.fixture(scope="module")
def font() -> Font:
    return Font.read(FILE)


def at(app: Flask, path: str, place: Position = FIRST) -> Answer:
    return Reader(app).keep(HOME, cookie(place)).get(f"{HOME}{path}")


def shared(answer: Answer) -> dict[str, str]:
    """Give what a page says of itself to those who draw a preview of a link to it."""
    metas = answer.page.all("meta")
    names = ((meta.get("property") or meta.get("name") or "", meta) for meta in metas)
    return {
        name: meta.get("content") or ""
        for name, meta in names
        if name.startswith(("og:", "twitter:", "description"))
    }


# --- the words -----------------------------------------------------------------------------------


def test_a_link_is_shown_with_the_storys_title_and_premise_and_picture(app: Flask) -> None:
    said = shared(at(app, ""))

    assert said["og:title"] == "Saltmarsh"
    assert said["og:description"] == "Meerschaum Isolde Travertine Basalt"
    assert said["og:image"].startswith(f"http://localhost{HOME}/preview.png?")
    assert (said["og:image:width"], said["og:image:height"]) == ("1200", "630")
    assert said["twitter:card"] == "summary_large_image"


def test_a_link_to_any_page_shows_the_same_to_everyone(app: Flask) -> None:
    first = shared(at(app, ""))

    for place in kinds_of_place()[::40]:
        for path in ("", "/read", "/people", "/search?q=Isolde", f"/scenes/{SCENES[3]}"):
            assert shared(at(app, path, place)) == first, (place, path)


def test_the_premise_is_shown_as_the_first_bookmark_knows_it(app: Flask) -> None:
    said = shared(at(app, f"/scenes/{SCENES[7]}", END))

    assert "Melusine" in at(app, "", END).page.text
    assert "Melusine" not in " ".join(said.values())


def test_the_part_of_a_page_has_no_preview(app: Flask) -> None:
    assert shared(Reader(app).get(HOME, PART)) == {}


def test_the_picture_is_on_the_host_that_was_asked_and_on_no_other(app: Flask) -> None:
    for base in ("http://one.example", "https://two.example:8443", "http://one.example"):
        answer = Reader(app, base=base).get(HOME)
        assert shared(answer)["og:image"].startswith(f"{base}{HOME}/preview.png?")


def test_below_a_prefix_the_picture_is_there_too(serve: Serve) -> None:
    app = serve(json.dumps(TALE).encode(), url_prefix="/plots")
    address = shared(Reader(app).get(f"/plots{HOME}"))["og:image"]

    assert address.startswith(f"http://localhost/plots{HOME}/preview.png?")
    assert Reader(app).get(address.removeprefix("http://localhost")).status == 200


# --- the picture ---------------------------------------------------------------------------------


def test_the_picture_is_a_png_of_its_size_that_any_cache_may_keep(app: Flask) -> None:
    answer = at(app, "/preview.png")
    signature, size = answer.body[:8], struct.unpack(">II", answer.body[16:24])

    assert (answer.status, signature, size) == (200, b"\x89PNG\r\n\x1a\n", (WIDTH, HEIGHT))
    assert answer.header("Content-Type") == "image/png"
    assert answer.header("Cache-Control") == "public, max-age=86400"
    assert answer.header("Cross-Origin-Resource-Policy") == "cross-origin"
    assert len(answer.body) < 300_000


def test_the_picture_is_the_same_for_everyone(app: Flask) -> None:
    first = at(app, "/preview.png")

    for place in kinds_of_place()[::20]:
        assert at(app, "/preview.png", place) == first


def test_a_story_that_is_not_there_has_no_picture(app: Flask) -> None:
    assert Reader(app).get("/stories/nothing/preview.png").status == 404


def test_another_title_has_another_picture_at_another_address(serve: Serve) -> None:
    other = tale.document() | {"title": "Breakwater"}
    apps = [serve(json.dumps(document).encode()) for document in (TALE, other)]
    addresses = [shared(at(app, ""))["og:image"] for app in apps]
    pictures = [at(app, "/preview.png").body for app in apps]

    assert addresses[0] != addresses[1]
    assert pictures[0] != pictures[1]


# --- setting the title ---------------------------------------------------------------------------


def of(title: str, font: Font, released: str | None = "1899-11-30") -> Poster:
    known = KnownTitle("id", title, Medium.NOVEL, "xx", released, True, 1, ())
    return poster(known, font)


@pytest.mark.parametrize(
    "title",
    [
        "It",
        "Ballerina",
        "Преступление и наказание",
        "Ιλιάς",
        "Nhà giả kim",
        "Cafe\u0301 <&> Society",
        "The Strange Case of Dr Jekyll and Mr Hyde",
        "Wolkenkuckucksheimbewohnerverzeichnis",
        "W" * 200,
        "a " * 400,
    ],
)
def test_a_title_is_set_within_the_room_that_it_has(title: str, font: Font) -> None:
    made = of(title, font)

    assert made.claim == CLAIM
    assert 1 <= len(made.lines) <= 4
    assert all(font.width(line.text, made.size) <= ROOM for line in made.lines)
    assert made.lines[-1].y == BASE
    assert made.lines[0].y - made.size * 0.75 > 110


def test_a_short_title_loses_nothing(font: Font) -> None:
    made = of("The  Strange Case of\nDr Jekyll and Mr Hyde", font)

    said = " ".join(line.text for line in made.lines)
    assert said == "The Strange Case of Dr Jekyll and Mr Hyde"


@pytest.mark.parametrize("title", ["발레리나", "バレリーナ", "راقصة", "Ἰλιάς", "Ballerina 🩰"])
def test_where_the_font_lacks_a_sign_there_is_no_title_instead_of_boxes(
    title: str, font: Font
) -> None:
    made = of(title, font)

    assert " ".join(line.text for line in made.lines) == CLAIM
    assert (made.claim, made.language) == ("", "en")


def test_the_kind_of_work_and_its_year_stand_below(font: Font) -> None:
    assert of("It", font).kind == "Novel · 1899"
    assert of("It", font, None).kind == "Novel"


def test_the_font_is_read_as_it_is(font: Font) -> None:
    assert font.covers("AÀäßŁЖΩ")
    assert not font.covers("A가")
    assert font.width("i", 10) < font.width("m", 10) < 12
    assert (FILE.parent / "OFL.txt").read_text().startswith("Copyright 2018 The Vollkorn")
