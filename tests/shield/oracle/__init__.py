"""Section 2 of docs/contract.md, read slowly: from a story file and a reader to what is known.

Written from the contract's words alone, over the plain JSON document, for tests to compare with.
It imports nothing of the app and cares for nothing but being plainly right. Ids stand where
readers see keys.

`reader` is the bookmark, `shown` what is told of a scene and which conditions hold, `people` who
is known by which name, `knowing` all that follows; `order` is story order, `edits` lays a bookmark
on a newer revision, and `moves` moves it.
"""

from tests.shield.oracle.knowing import Oracle
from tests.shield.oracle.order import story_order
from tests.shield.oracle.reader import Entry, Reader, numbered, once, tellings, wordings

__all__ = [
    "Entry",
    "Oracle",
    "Reader",
    "numbered",
    "once",
    "story_order",
    "tellings",
    "wordings",
]
