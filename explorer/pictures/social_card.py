"""The picture that goes with a shared link: a work's title, set in lines. The same for everyone.

It is made of what every bookmark knows, so that it shows nobody's place in the story.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

from explorer.knowledge.known import KnownTitle
from explorer.pictures.font_metrics import Font

WIDTH, HEIGHT = 1200, 630
LEFT = 84
# Where the last line of a title stands, how wide lines may be, and how large, if they fit.
BASE, ROOM = 424, 690
SIZES = (136, 116, 100, 86, 74, 64, 54, 46)
LEADING = 1.08
CLAIM = "Read the plot. Keep the surprise."
MOST_LINES = 4


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the title and where it stands."""

    text: str
    y: float


@dataclass(frozen=True, slots=True)
class Poster:
    """What is drawn. Where the font lacks the title's script, `claim` stands in its place."""

    lines: tuple[Line, ...]
    size: int
    kind: str
    language: str
    claim: str


def poster(title: KnownTitle, font: Font) -> Poster:
    """Set the title of a work as large as it fits."""
    year = title.released[:4] if title.released else None
    kind = " · ".join(word for word in (title.medium.value.capitalize(), year) if word)
    words = unicodedata.normalize("NFC", title.title).split()
    covered = font.covers("".join(words))
    size, lines = _largest(words if covered else CLAIM.split(), font)
    language, claim = (title.language, CLAIM) if covered else ("en", "")
    return Poster(_placed(lines, size), size, kind, language, claim)


def _largest(words: list[str], font: Font) -> tuple[int, list[str]]:
    for size in SIZES:
        lines = _broken(words, font, size)
        fits = len(lines) <= max(2, min(MOST_LINES, 320 // size))
        if fits and all(font.width(line, size) <= ROOM for line in lines):
            return size, lines
    size = SIZES[-1]
    return size, [_cut(line, font, size) for line in _broken(words, font, size)[:MOST_LINES]]


def _broken(words: list[str], font: Font, size: int) -> list[str]:
    lines: list[str] = []
    for word in words:
        if lines and font.width(f"{lines[-1]} {word}", size) <= ROOM:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    return lines


def _cut(line: str, font: Font, size: int) -> str:
    if font.width(line, size) <= ROOM:
        return line
    while line and font.width(f"{line}…", size) > ROOM:
        line = line[:-1]
    return f"{line}…"


def _placed(lines: list[str], size: int) -> tuple[Line, ...]:
    first = BASE - (len(lines) - 1) * size * LEADING
    return tuple(Line(text, round(first + n * size * LEADING)) for n, text in enumerate(lines))
