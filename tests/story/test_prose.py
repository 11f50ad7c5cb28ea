"""Markdown from authors: nothing dangerous in it, and mentions that are the same in both forms."""

from __future__ import annotations

import re
from collections.abc import Callable
from html.parser import HTMLParser

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from explorer.story import prose
from explorer.story.prose import Mention, Prose
from tests.support import tale

PEOPLE = {"ann": 0, "bob": 1, "c-3": 2}
HARMLESS = {
    *("p", "em", "strong", "code", "pre", "blockquote", "ul", "ol", "li", "hr", "br", "a"),
    *("h1", "h2", "h3", "h4", "h5", "h6"),
}


def parse(markdown: str) -> Prose:
    """Parse with three people in the story."""
    return prose.parse(markdown, PEOPLE.__getitem__)


def html(markdown: str) -> str:
    """Give the HTML, with someone in place of every mention."""
    pieces = parse(markdown).html
    return "".join("SOMEONE" if isinstance(piece, Mention) else piece for piece in pieces)


class _Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text += data

    def handle_comment(self, data: str) -> None:
        self.found.append(("!--", {}))

    def handle_decl(self, decl: str) -> None:
        self.found.append(("!", {}))

    def handle_pi(self, data: str) -> None:
        self.found.append(("?", {}))


def tags(markup: str) -> list[tuple[str, dict[str, str | None]]]:
    """Give all that a browser would take for more than text."""
    parser = _Tags()
    parser.feed(markup)
    parser.close()
    return parser.found


def test_markdown_becomes_html() -> None:
    assert html("One *two*\nthree **four**.\n\n> `five`") == (
        "<p>One <em>two</em>\nthree <strong>four</strong>.</p>\n"
        "<blockquote>\n<p><code>five</code></p>\n</blockquote>\n"
    )


@pytest.mark.parametrize(
    "raw",
    [
        "<script>alert(1)</script>",
        "a <b>bold</b> move",
        "<img src=x onerror=alert(1)>",
        "<!-- a comment -->",
        "<!DOCTYPE html>",
        "<?php ?>",
        "<![CDATA[x]]>",
        "<div>\n\nparagraph\n\n</div>",
        "</p></div>",
        "<a\nhref='x'>",
        "&lt;script&gt;",
        "&#60;script&#62;",
        "`<script>`",
        "    <script>",
        "```\n<script>\n```",
        "[[ann|<script>]]",
    ],
)
def test_no_raw_html_gets_through(raw: str) -> None:
    assert {tag for tag, _ in tags(html(raw))} <= HARMLESS - {"a"}


@pytest.mark.parametrize(
    "link",
    [
        "[x](javascript:alert(1))",
        "[x](JaVaScRiPt:alert(1))",
        "[x](&#106;avascript:alert(1))",
        "[x](&#x6A;avascript&colon;alert(1))",
        "[x](<javascript:alert(1)>)",
        "[x](<java\tscript:alert(1)>)",
        "[x]( \tjavascript:alert(1))",
        "[x](\\javascript:alert(1))",
        "[x](vbscript:x)",
        "[x](file:///etc/passwd)",
        "[x](data:text/html,<script>alert(1)</script>)",
        "[x][y]\n\n[y]: javascript:alert(1)",
        "<javascript:alert(1)>",
        "![x](javascript:alert(1))",
        '[x](http://e.example "\\" onclick=\\"alert(1)")',
        '[x](http://e.example/"onclick="alert(1))',
        '```x" onclick="alert(1)\ny\n```',
    ],
)
def test_no_link_runs_a_script(link: str) -> None:
    for _, attributes in tags(html(link)):
        assert set(attributes) <= {"href", "title", "class"}
        # As browsers read an address: without tabs and line breaks, blanks around or case.
        address = re.sub("[\t\n\r]", "", attributes.get("href") or "").strip().lower()
        scheme = re.match("([a-z][a-z0-9+.-]*):", address)
        assert scheme is None or scheme[1] in ("http", "https")


def test_links_to_the_web_are_links() -> None:
    assert html("[x](https://e.example/a?b&c)") == (
        '<p><a href="https://e.example/a?b&amp;c">x</a></p>\n'
    )


def test_no_picture_is_fetched_from_elsewhere() -> None:
    assert "<img" not in html("![x](https://e.example/x.png) ![y][z]\n\n[z]: https://e.example/y")


@settings(tale.patiently, max_examples=400)
@given(st.text(alphabet="[]()<>!&;:#\"'`*_ \n\tx/=ajs-|\\", max_size=60) | st.text(max_size=60))
@example("<http://e.example/%000%00>")
@example("[[ann]] <http://e.example/%000%00>")
@example("<http://e.example/%00&lt;b>")
@example("&#0;0&#0;")
@example("\x000\x00")
def test_no_text_at_all_breaks_out_of_its_place(markdown: str) -> None:
    try:
        markup = html(markdown)
    except KeyError:
        return

    for tag, attributes in tags(markup):
        assert tag in HARMLESS
        assert set(attributes) <= {"href", "title", "class", "start"}
    assert "\x00" not in markup


# --- plain words as Markdown ---------------------------------------------------------------------


@settings(tale.patiently, max_examples=300)
@given(
    st.sampled_from(["{}", "So {} it is", "*{}*", "> {}", "- {}", "one\n{}\ntwo"]),
    st.text(min_size=1, max_size=30) | st.text("\\`*_[]<>&#~|-+=.)(!:1 a\n\t", max_size=12),
)
@example("{}", "1.")
@example("one\n{}\ntwo", "---")
@example("- {}", "- x")
@example("{}", "[x](javascript:alert(1))")
@example("*{}*", "<b>&amp;")
def test_escaped_words_say_just_themselves_wherever_they_stand(around: str, words: str) -> None:
    said = " ".join(words.replace("\0", "\ufffd").split())
    text = html(around.format(prose.escaped(words)))

    if said:
        expected = around.strip("*>- ").format(said)
        assert " ".join(_text(text).split()) == " ".join(expected.split())
        assert {tag for tag, _ in tags(text)} <= {"p", "em", "blockquote", "ul", "li"}


def _text(markup: str) -> str:
    parser = _Tags()
    parser.feed(markup)
    parser.close()
    return parser.text


# --- mentions ------------------------------------------------------------------------------------


def test_a_mention_stands_between_what_is_fixed() -> None:
    text = parse("So [[ann]] met *[[c-3|the robot]]*.")

    ann, robot = Mention(0, None), Mention(2, "the robot")
    assert text.html == ("<p>So ", ann, " met <em>", robot, "</em>.</p>\n")
    assert text.markdown == ("So ", ann, " met *", robot, "*.")
    assert text.mentions == (ann, robot)


def test_two_mentions_may_stand_side_by_side() -> None:
    text = parse("[[ann]][[bob]]")

    assert text.markdown == (Mention(0, None), Mention(1, None))
    assert text.html == ("<p>", Mention(0, None), Mention(1, None), "</p>\n")


@pytest.mark.parametrize("words", ["<b>", "*x*", "a|b", "&amp;", "`x", "x\\", "(y)", " ", '"'])
def test_the_words_of_a_mention_are_taken_as_they_are_and_are_no_html(words: str) -> None:
    text = parse(f"[[bob|{words}]]")

    assert text.mentions == (Mention(1, words),)
    assert not any(hasattr(mention.words, "__html__") for mention in text.mentions)
    assert text.html == ("<p>", Mention(1, words), "</p>\n")


@pytest.mark.parametrize(
    "text",
    [
        "[[]]",
        "[[Ann]]",
        "[[ann|]]",
        "[ann]",
        "[[ann]",
        "[[ann bob]]",
        "[[ann|x\ny]]",
        "[[ann|[x]]]",
    ],
)
def test_what_only_looks_like_a_mention_is_text(text: str) -> None:
    assert parse(text).mentions == ()
    assert parse(text).markdown == (text,)


def test_a_mention_of_nobody_raises() -> None:
    with pytest.raises(KeyError, match="nobody"):
        parse("[[nobody]]")


@pytest.mark.parametrize(
    "code",
    [
        "`[[ann]]`",
        "``[[ann]] ` ``",
        "    [[ann]]",
        "```\n[[ann]]\n```",
        "~~~ [[ann]]\nx\n~~~",
        r"\[[ann]]",
        r"[\[ann]]",
        "&#91;[ann]]",
        '[x](http://e.example "[[ann]]")',
        "[x](<http://e.example/[[ann]]>)",
        "`[[nobody]]`",
    ],
)
def test_brackets_in_code_and_links_are_text_also_where_the_same_mention_follows(
    code: str,
) -> None:
    alone, followed = parse(code), parse(f"{code}\n\n[[ann]]")

    assert alone.mentions == ()
    assert alone.markdown == (code,)
    assert followed.mentions == (Mention(0, None),)
    assert followed.markdown == (f"{code}\n\n", Mention(0, None))


def test_the_ids_that_are_mentioned_are_given_in_order() -> None:
    assert prose.mentioned("[[bob]] `[[x]]` [[ann|b]]\n\n- [[nobody]]") == ["bob", "ann", "nobody"]


_BITS = ["[[ann]]", "[[bob|*he*]]", "[[c-3|x`y]]", "`", "``", "\n\n", "    ", "> ", "- ", "\\"]
_MORE = ["*", "_", "[", "]", "(http://e.example)", "<http://e.example/", ">", "x", " ", "```\n"]


@settings(tale.patiently, max_examples=400)
@given(st.lists(st.sampled_from(_BITS + _MORE), max_size=14).map("".join))
@example("`[[ann]]` [[ann]]")
@example("\\[[ann]] and [[ann]]")
def test_html_and_markdown_have_the_same_mentions_in_any_text(markdown: str) -> None:
    text = parse(markdown)

    assert tuple(p for p in text.markdown if isinstance(p, Mention)) == text.mentions
    assert "".join(map(_written, text.markdown)) == markdown
    assert len(prose.mentioned(markdown)) == len(text.mentions)


def _written(piece: str | Mention) -> str:
    if isinstance(piece, str):
        return piece
    ident = next(ident for ident, position in PEOPLE.items() if position == piece.person)
    return f"[[{ident}]]" if piece.words is None else f"[[{ident}|{piece.words}]]"


@settings(tale.patiently, max_examples=400)
@given(st.lists(st.sampled_from(_BITS + _MORE), max_size=14))
@example(["`", "[[ann]]", "`", "[[ann]]"])
def test_mentions_that_are_alike_are_told_apart_by_where_they_stand(bits: list[str]) -> None:
    def text(words: Callable[[int], str]) -> str:
        named = (f"[[ann|{words(n)}]]" if "[[" in bit else bit for n, bit in enumerate(bits))
        return "".join(named)

    alike, apart = parse(text(lambda n: "W")), parse(text(lambda n: f"W{n}"))

    assert alike.markdown == tuple(
        Mention(0, "W") if isinstance(piece, Mention) else re.sub(r"\|W[0-9]+\]", "|W]", piece)
        for piece in apart.markdown
    )
