"""Cuts out of a text what stands around what was found in it, and marks that."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from explorer.search.index import IndexField
from explorer.search.results import Piece, Snippet

# So many signs stand around what was found, and so many spans of a long text are shown.
_BEFORE, _AFTER = 60, 110
_MOST_SPANS = 3

# From which sign of a text to before which.
Span = tuple[int, int]


def whole(field: IndexField, found: Iterable[list[Span]]) -> Snippet:
    """Give all of a text, with what was found in it marked."""
    marks = _marks(field.text, found)
    return Snippet(field.label, tuple(_pieces(field.text, (0, len(field.text)), marks)))


def around(field: IndexField, found: list[list[Span]]) -> Snippet:
    """Give what stands around the first place of each term; short texts whole."""
    if len(field.text) <= _BEFORE + _AFTER:
        return whole(field, found)
    marks = _marks(field.text, found)
    widened = (_widened(field.text, *places[0]) for places in found if places)
    pieces: list[Piece] = []
    for start, end in _merged(widened)[:_MOST_SPANS]:
        if start:
            pieces.append(Piece("… ", marked=False))
        pieces += _pieces(field.text, (start, end), marks)
        if end < len(field.text):
            pieces.append(Piece(" …", marked=False))
    return Snippet(field.label, tuple(pieces))


def _widened(text: str, start: int, end: int) -> Span:
    """Widen a span, as far as to the end of a word."""
    low, high = start - _BEFORE, end + _AFTER
    before = text.rfind(" ", 0, max(low, 0)) + 1 if low > 0 else 0
    after = text.find(" ", high) if high < len(text) else -1
    # A text without spaces is cut between signs.
    before = before if low - before < _BEFORE else max(low, 0)
    after = after if 0 <= after - high < _AFTER else min(high, len(text))
    return before, after


def _marks(text: str, found: Iterable[list[Span]]) -> list[Span]:
    """Give what to mark: all places, those that only a hyphen or the like parts as one."""
    marks: list[Span] = []
    for start, end in _merged(span for places in found for span in places):
        if marks and start - marks[-1][1] == 1 and not text[start - 1].isspace():
            marks[-1] = (marks[-1][0], end)
        else:
            marks.append((start, end))
    return marks


def _merged(spans: Iterable[Span]) -> list[Span]:
    merged: list[Span] = []
    for start, end in sorted(spans):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged


def _pieces(text: str, within: Span, marks: list[Span]) -> Iterator[Piece]:
    at, until = within
    for start, end in marks:
        if at <= start and end <= until:
            if at < start:
                yield Piece(text[at:start], marked=False)
            yield Piece(text[start:end], marked=True)
            at = end
    if at < until:
        yield Piece(text[at:until], marked=False)


def beginning(text: str, most: int = 200) -> str:
    """Give the first words of a text."""
    return text if len(text) <= most else f"{text[:most].rsplit(' ', 1)[0]} …"
