"""The form of a bookmark in a cookie, and in the code by which it is carried elsewhere."""

from __future__ import annotations

import re

from explorer.knowledge.bookmark import MOST_OPENED, MOST_WITHHELD, Bookmark
from explorer.story.terms import KEY, SceneKey

_COOKIE = re.compile(
    rf"1\.(\d{{1,9}})\.(\d{{1,3}})\.([01])\.({KEY})?\.({KEY})?"
    rf"\.((?:{KEY}){{0,{MOST_OPENED}}})\.((?:{KEY}){{0,{MOST_WITHHELD}}})",
    re.ASCII,
)


def encode(bookmark: Bookmark) -> str:
    """Give the text of a bookmark, for its cookie and to carry it elsewhere."""
    fields = (
        "1",
        str(bookmark.revision),
        str(bookmark.threshold),
        "1" if bookmark.warned else "0",
        bookmark.reached or "",
        bookmark.seen or "",
        "".join(bookmark.opened),
        "".join(bookmark.withheld),
    )
    return ".".join(fields)


def decode(text: str) -> Bookmark | None:
    """Read the text of a bookmark; None when it is malformed."""
    match = _COOKIE.fullmatch(text)
    if match is None:
        return None
    revision, threshold, warned, reached, seen, opened, withheld = match.groups()
    return Bookmark(
        threshold=int(threshold),
        reached=SceneKey(reached) if reached else None,
        seen=SceneKey(seen) if seen else None,
        opened=_keys(opened),
        warned=warned == "1",
        revision=int(revision),
        withheld=_keys(withheld),
    )


def _keys(text: str) -> tuple[SceneKey, ...]:
    return tuple(dict.fromkeys(SceneKey(text[at : at + 12]) for at in range(0, len(text), 12)))
