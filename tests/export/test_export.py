"""What is known, to keep and to print: all of it, nothing else, and well-formed."""

from __future__ import annotations

import json
import re
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from markdown_it import MarkdownIt

from explorer.export import markdown as export
from explorer.knowledge.bookmark import Position, bookmark_of
from explorer.knowledge.bookmark_text import encode
from explorer.knowledge.knowledge import Knowledge
from explorer.knowledge.known import KnownStory
from explorer.story.model import Story
from explorer.storyfile import storyfile
from tests.support import tale
from tests.support.crawl import PART, Answer, Reader
from tests.support.places import END, HOME, TALE, cookie, kinds_of_place, known, said, seen_from
from tests.support.tale import Document

BALLERINA = Path(__file__).parents[2] / "scenes.json"

# As on our pages: without HTML.
PARSER = MarkdownIt("commonmark", {"html": False})
# As elsewhere, where a text could do more than it says.
ELSEWHERE = MarkdownIt("commonmark", {"html": True})


def whole(story: Story, place: Position) -> KnownStory:
    return Knowledge.of(story, place).whole()


def ask(app: Flask, path: str, place: Position, *, part: bool = False) -> Answer:
    return Reader(app, part=part).keep(HOME, cookie(place)).get(f"{HOME}/{path}")


# --- all of it, and nothing else -----------------------------------------------------------------


# What the oracle says that is no word of the tale.
OURS = {"open", "partly", "veiled", "present", "novel", "en", "spindrift"}


def test_wherever_both_files_hold_every_word_that_is_known() -> None:
    for place in kinds_of_place()[::5]:
        markdown, data = export.markdown(known(place)).text, export.json(known(place)).text
        told = seen_from(place).whole(1)
        # How much may be told is chosen elsewhere; the text says what was chosen.
        levels = set(said(told["title"]["levels"]))

        lost = [words for words in {*said(told)} - OURS if words not in data]
        assert lost == [], place
        read = plain(markdown)
        lost = [words for words in {*said(told)} - OURS - levels if words not in read]
        assert lost == [], place


def test_at_the_end_both_files_hold_every_fact_of_ballerina() -> None:
    story = storyfile.read(BALLERINA.read_bytes()).story(1, ())
    end = Position(len(story.levels) - 1, len(story.scenes), len(story.scenes), finished=True)
    book = whole(story, end)
    facts = [fact.text.plain for person in book.people for fact in person.facts]
    texts = [row.scene.telling.text.plain for row in book.rows if row.scene.telling]

    markdown = plain(export.markdown(book).text)
    data = json.loads(export.json(book).text)

    assert len(facts) == sum(len(person.facts) for person in story.people)
    assert [text for text in (*facts, *texts) if text not in markdown] == []
    assert [text for text in (*facts, *texts) if text not in set(said(data))] == []


def plain(markdown: str) -> str:
    """Give what a text says when it is read."""
    return " ".join(re.sub("<[^>]*>", "", PARSER.render(markdown)).split()).replace("&quot;", '"')


def test_no_bookmark_of_the_tale_gets_a_word_that_it_may_not_know_in_either_file() -> None:
    words = tale.words(TALE) - {TALE["id"]}

    for place in kinds_of_place():
        text = export.markdown(known(place)).text + export.json(known(place)).text
        told = " ".join(said(seen_from(place).whole(1)))
        assert not [word for word in words if word in text and word not in told], place


def test_a_veiled_scene_has_its_number_and_the_name_of_its_level(app: Flask) -> None:
    text = ask(app, "export.md", Position(0, 3)).text

    assert "#### 3. Veiled\n\n*This scene belongs to* Lagoon.\n" in text


def test_both_files_say_whether_there_is_more(app: Flask) -> None:
    for place, words, more in ((Position(0, 2), "There is more.", True), (END, "The end.", False)):
        assert words in ask(app, "export.md", place).text
        assert json.loads(ask(app, "export.json", place).body)["more"] is more


# --- files ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "kind"),
    [("export.md", "text/markdown; charset=utf-8"), ("export.json", "application/json")],
)
def test_a_file_is_sent_to_be_kept_under_the_name_of_the_story(
    app: Flask, path: str, kind: str
) -> None:
    answer = ask(app, path, Position(1, 2))

    assert answer.status == 200
    assert answer.header("Content-Type") == kind
    name = f"spindrift.{path.partition('.')[2]}"
    assert answer.header("Content-Disposition") == f'attachment; filename="{name}"'
    assert answer.header("Cache-Control") == "private, no-store"
    assert "Cookie" in (answer.header("Vary") or "")
    assert answer.body == ask(app, path, Position(1, 2), part=True).body


def test_the_files_are_linked_from_the_front_and_the_reading_page(app: Flask) -> None:
    for path in ("", "read"):
        addresses = ask(app, path, Position(0, 1)).page.addresses if path else front(app)
        assert {f"{HOME}/print", f"{HOME}/export.md", f"{HOME}/export.json"} <= set(addresses)


def front(app: Flask) -> list[str]:
    return Reader(app).get(HOME).page.addresses


# --- Markdown reads back -------------------------------------------------------------------------

NAMES = ["M*A*S*H", "# Hash #", "1. First", "- Dash", "+", "[x](y)", "![i](j)", "a_b_c", "`tick`"]
NAMES += [
    "<b>Bold</b>",
    "&amp;",
    "back\\slash",
    "> Quoted",
    "~~~",
    "===",
    "---",
    "<!-- gone",
    "|a|b|",
]
TEXTS = [
    "Plain *and* [linked](https://example.org/).",
    "# A heading",
    "```\nA fence without end",
    "> A quotation\nthat goes on",
    "- a list\n- of two",
    "1. one\n2. two",
    "    code by four spaces",
    "Setext\n===",
    "---",
    "<div>\n\nHTML is text here.",
    "<!-- and so is this",
    "a <b>tag</b> and ![a picture](https://example.org/x.png)",
    "An address <https://example.org/> stays one.",
    "one line\\\nand another",
]


def hostile() -> Document:
    """Give a story whose names and texts do their worst."""
    scenes = [
        {"id": f"s{n}", "level": 0, "title": name, "text": f"{text}", "people": [f"p{n}"]}
        for n, (name, text) in enumerate(zip(NAMES, TEXTS * 2, strict=False))
    ]
    people = [
        {"id": f"p{n}", "names": [{"name": name}], "facts": [{"text": text}, {"text": f"[[p{n}]]"}]}
        for n, (name, text) in enumerate(zip(NAMES, TEXTS * 2, strict=False))
    ]
    return {
        **{key: TALE[key] for key in ("format", "id", "medium", "language")},
        "title": "# *Title* 1.",
        "premise": "[[p0]] and [[p1]] and [[p2|words]]",
        "levels": TALE["levels"][:2],
        "people": people,
        "parts": [{"title": "*Part*", "scene": "s0"}],
        "relations": [{"from": "p0", "to": "p1", "text": "1. *friends*"}],
        "scenes": scenes,
    }


def headings(markdown: str, parser: MarkdownIt = PARSER) -> list[str]:
    """Give the headings of a text that belong to no frame in it."""
    found, tokens = [], parser.parse(markdown)
    for token, inner in pairwise(tokens):
        if token.type == "heading_open" and token.level == 0:
            found.append(token.tag + " " + "".join(c.content for c in inner.children or ()))
    return found


@pytest.mark.parametrize("parser", [PARSER, ELSEWHERE], ids=["ours", "elsewhere"])
def test_no_name_and_no_text_breaks_out_of_its_place(parser: MarkdownIt) -> None:
    document = hostile()
    story = tale.told(document)
    book = whole(story, Position(0, len(story.scenes)))
    text = export.markdown(book).text

    scenes = [f"h4 {n}. {name}" for n, name in enumerate(NAMES, 1)]
    people = [f"h3 {person.who.name}" for person in book.people]
    assert headings(text, parser) == [
        "h1 # *Title* 1.",
        *("h2 The story so far", "h3 *Part*", *scenes),
        *("h2 Who is who", *people),
    ]


def test_nothing_in_a_file_is_html_or_a_picture_elsewhere() -> None:
    story = tale.told(hostile())
    text = export.markdown(whole(story, Position(0, len(story.scenes)))).text
    kinds = set()
    for token in ELSEWHERE.parse(text):
        kinds |= {token.type, *(child.type for child in token.children or ())}

    assert not kinds & {"html_block", "html_inline", "image"}


def test_a_text_reads_in_the_file_as_it_reads_on_its_page() -> None:
    story = tale.told(hostile())
    book = whole(story, Position(0, len(story.scenes)))
    read = plain(export.markdown(book).text)

    for row in book.rows:
        assert row.scene.telling is not None
        for word in re.findall(r"\w+", row.scene.telling.text.plain):
            assert word in read
    assert "M*A*S*H and # Hash # and words" in read
    assert "to # Hash #: 1. *friends*" in read


def test_a_fact_in_a_frame_keeps_its_scene_out_of_it() -> None:
    document = hostile()
    document["people"][0]["facts"] = [{"text": "```\nfence", "scene": "s0"}]
    story = tale.told(document)

    text = export.markdown(whole(story, Position(0, 1))).text

    assert "- > ```\n  > fence\n  \n  (scene 1)" in text


# --- on paper ------------------------------------------------------------------------------------


def test_the_print_view_holds_all_scenes_that_were_reached_and_those_opened_ahead(
    app: Flask,
) -> None:
    text = ask(app, "print", Position(2, 5, opened=frozenset({7}))).page.text

    for words in ("Selenite", "Hematite", "Rhodonite", "Azurite", "Heliotrope", "Rutile"):
        assert words in text
    assert "Opened ahead" in text
    assert "There is more." in text


def test_the_print_view_is_not_cut_to_a_window(serve: Any) -> None:
    scenes = [{"id": f"s{n}", "level": 0, "title": f"T{n}t", "text": "x"} for n in range(60)]
    document = hostile() | {"id": "long", "scenes": scenes, "premise": "x"}
    for key in ("people", "parts", "relations"):
        del document[key]
    story = tale.told(document)
    cookie = encode(bookmark_of(story, Position(0, 60)))
    reader = Reader(serve(json.dumps(document).encode())).keep("/stories/long", cookie)

    text = reader.get("/stories/long/print").page.text

    assert [n for n in range(60) if f"T{n}t" not in text] == []


def test_a_veiled_scene_is_printed_as_one(app: Flask) -> None:
    text = ask(app, "print", Position(0, 3)).page.text

    assert "Veiled: Lagoon" in text
    assert "Rhodonite" not in text


def test_the_print_view_moves_nothing_and_its_part_is_its_main(app: Flask) -> None:
    page, part = ask(app, "print", Position(1, 3)), ask(app, "print", Position(1, 3), part=True)

    assert page.page.forms == [form for form in page.page.forms if form.method != "post"]
    assert part.main == page.main
    assert PART["HX-Request-Type"] == "partial"
