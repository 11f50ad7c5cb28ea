"""Markdown with mentions of people, parsed once into pieces: what is fixed, and who stands between.

CommonMark without raw HTML. `[[id]]` mentions a person, `[[id|words]]` does so in these words.
Which name a mention gets is not decided here.
"""

from __future__ import annotations

import re
from collections.abc import Callable, MutableMapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token
from markdown_it.utils import OptionsDict
from markupsafe import Markup

MENTION = re.compile(r"\[\[([a-z0-9-]+)(?:\|([^\[\]\n]+))?\]\]")
# What means something to CommonMark anywhere, and what does so at the beginning of a line only.
_SIGNS = re.compile(r"[\\`*_\[\]<>&#~|]")
_OPENING = re.compile(r"^(\d*)([-+=.)])(?=\s|$|-|=)")


@dataclass(frozen=True, slots=True)
class Mention:
    """A person in a text, by position; in the author's words, or else by name."""

    person: int
    words: str | None


@dataclass(frozen=True, slots=True)
class Prose:
    """A text: finished HTML between its mentions, and the Markdown between the same mentions."""

    html: tuple[Markup | Mention, ...]
    markdown: tuple[str | Mention, ...]
    # Who is mentioned, in order; asked for at every page.
    mentions: tuple[Mention, ...] = field(init=False)

    def __post_init__(self) -> None:
        """Note who is mentioned."""
        mentions = tuple(piece for piece in self.html if isinstance(piece, Mention))
        object.__setattr__(self, "mentions", mentions)

    @property
    def frame(self) -> tuple[str | None, ...]:
        """What is fixed, and None for each mention: of texts that can read the same, the same."""
        return tuple(None if isinstance(piece, Mention) else piece for piece in self.html)


def escaped(words: str) -> str:
    """Give plain words as Markdown that says just them, wherever in a text they stand."""
    line = " ".join(words.split())
    return _OPENING.sub(r"\1\\\2", _SIGNS.sub(r"\\\g<0>", line))


def mentioned(markdown: str) -> list[str]:
    """Give the ids that a text mentions, in order, code spans left out."""
    children = (child for token in _PARSER.parse(markdown) for child in token.children or [])
    return [child.meta["id"] for child in children if child.type == "mention"]


def parse(markdown: str, person_at: Callable[[str], int]) -> Prose:
    """Parse Markdown; `person_at` gives an id's position and raises KeyError for an unknown one."""
    mentions: list[Mention] = []
    # No text can hold its own hash, so none can forge the seams at which it is taken apart.
    seam = sha256(markdown.encode("utf-8", "replace")).hexdigest()[:16]
    env: dict[str, Any] = {"mentions": mentions, "person_at": person_at, "seam": seam}
    rendered = _PARSER.render(markdown, env)
    pieces = re.split(f"\x00{seam}:(\\d+)\x00", rendered)
    return Prose(_html_pieces(pieces, mentions), _markdown_pieces(markdown, person_at))


def _html_pieces(split: list[str], mentions: list[Mention]) -> tuple[Markup | Mention, ...]:
    """Take what stands between the seams, and the numbers in them, in turn."""
    pieces: list[Markup | Mention] = []
    for n, piece in enumerate(split):
        if n % 2:
            pieces.append(mentions[int(piece)])
        elif piece:
            # The parser escaped everything that is not its own markup; raw HTML is off. A NUL
            # may still come out of an encoded address, and no page may hold one.
            pieces.append(Markup(piece.replace("\x00", "\ufffd")))
    return tuple(pieces)


def _markdown_pieces(markdown: str, person_at: Callable[[str], int]) -> tuple[str | Mention, ...]:
    """Split the source at its mentions; brackets inside code are none and stay as they are."""
    pieces: list[str | Mention] = []
    start = 0
    for match in _true_mentions(markdown):
        mention = Mention(person_at(match[1]), match[2])
        pieces += [markdown[start : match.start()], mention]
        start = match.end()
    pieces.append(markdown[start:])
    return tuple(piece for piece in pieces if piece != "")


def _true_mentions(markdown: str) -> list[re.Match[str]]:
    """Find what looks like a mention and is one: each gets an id of its own, and the parser asked.

    The parser knows no positions inside a line, and the same brackets may stand in code before.
    """
    alike = list(MENTION.finditer(markdown))
    numbered = iter(range(len(alike)))
    probe = MENTION.sub(lambda m: m[0].replace(m[1], f"{next(numbered)}", 1), markdown)
    true = set(mentioned(probe))
    return [match for n, match in enumerate(alike) if str(n) in true]


def _mention_rule(state: StateInline, silent: bool) -> bool:
    match = MENTION.match(state.src, state.pos, state.posMax)
    if match is None:
        return False
    if not silent:
        token = state.push("mention", "", 0)
        token.meta = {"id": match[1], "words": match[2]}
    state.pos = match.end()
    return True


def _render_mention(
    _renderer: RendererHTML,
    tokens: Sequence[Token],
    index: int,
    _options: OptionsDict,
    env: MutableMapping[str, Any],
) -> str:
    meta = tokens[index].meta
    env["mentions"].append(Mention(env["person_at"](meta["id"]), meta["words"]))
    return f"\x00{env['seam']}:{len(env['mentions']) - 1}\x00"


def _parser() -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"html": False})
    parser.inline.ruler.before("link", "mention", _mention_rule)
    parser.add_render_rule("mention", _render_mention)
    # A picture would be fetched from elsewhere, which the content policy forbids.
    parser.disable("image")
    return parser


_PARSER = _parser()
