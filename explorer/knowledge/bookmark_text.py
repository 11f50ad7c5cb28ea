"""The form of a bookmark in a cookie, and in the code by which it is carried elsewhere.

Its first field says which form it is. The first form did not say whether the reader has finished;
it was served once, so it stays readable.
"""

from __future__ import annotations

import re

from explorer.knowledge.bookmark import MOST_OPENED, MOST_WITHHELD, Bookmark
from explorer.story.terms import KEY, SceneKey

_COOKIE = re.compile(
    rf"(?:1|2\.(?P<finished>[01]))"
    rf"\.(?P<revision>\d{{1,9}})\.(?P<threshold>\d{{1,3}})\.(?P<warned>[01])"
    rf"\.(?P<reached>{KEY})?\.(?P<seen>{KEY})?"
    rf"\.(?P<opened>(?:{KEY}){{0,{MOST_OPENED}}})\.(?P<withheld>(?:{KEY}){{0,{MOST_WITHHELD}}})",
    re.ASCII,
)


def encode(bookmark: Bookmark) -> str:
    """Give the text of a bookmark, for its cookie and to carry it elsewhere."""
    form = ("1",) if bookmark.finished is None else ("2", str(int(bookmark.finished)))
    fields = (
        *form,
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
    reached, seen, finished = match["reached"], match["seen"], match["finished"]
    return Bookmark(
        threshold=int(match["threshold"]),
        reached=SceneKey(reached) if reached else None,
        seen=SceneKey(seen) if seen else None,
        opened=_keys(match["opened"]),
        warned=match["warned"] == "1",
        revision=int(match["revision"]),
        withheld=_keys(match["withheld"]),
        finished=None if finished is None else finished == "1",
    )


def _keys(text: str) -> tuple[SceneKey, ...]:
    return tuple(dict.fromkeys(SceneKey(text[at : at + 12]) for at in range(0, len(text), 12)))
