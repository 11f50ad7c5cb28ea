"""What stands on every page of a reading beside what the page is about."""

from __future__ import annotations

from hashlib import sha256

from explorer.knowledge import bookmark_text
from explorer.knowledge.bookmark import bookmark_of
from explorer.pages.models import Frame, Preview, WayBack
from explorer.reading.reading import Reading
from explorer.search import snippets


def frame(reading: Reading, path: str, here: str, way_back: WayBack | None) -> Frame:
    """Frame a page at a path below the story's address; `here` names it for forms."""
    return Frame(
        title=reading.known.title(),
        standing=reading.known.standing(),
        href=reading.href,
        address=f"{reading.href}{path}",
        here=f"?page={here}",
        token=_token(reading),
        problem=reading.problem,
        entered=reading.entered,
        preview=reading.first.remembered(("preview", reading.base), lambda: _preview(reading)),
        way_back=way_back,
    )


def _preview(reading: Reading) -> Preview:
    title, premise = reading.first.title(), reading.first.work().premise
    digest = sha256(repr(title).encode()).hexdigest()[:12]
    picture = f"{reading.href}/preview.png?{digest}"
    return Preview(title.title, snippets.beginning(premise.plain), title.language, picture)


def _token(reading: Reading) -> str:
    at = bookmark_text.encode(bookmark_of(reading.story, reading.position))
    return sha256(f"{reading.story.id} {at}".encode()).hexdigest()[:12]
