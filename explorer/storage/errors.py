"""What the store raises: that it cannot answer, that a story is damaged, that a file is refused."""

from __future__ import annotations


class StoreError(Exception):
    """The database cannot do what was asked; the words are for whoever runs the app."""


class Outdated(StoreError):  # noqa: N818 - it reads as what it is
    """The tables are older than this code; the database answers, and somebody has to upgrade it."""


class Damaged(StoreError):  # noqa: N818 - it reads as what it is
    """What is kept of one story is not as it should be; of others it says nothing."""


class Unrelated(Exception):  # noqa: N818 - it reads as what it is
    """A file shares no scene with the story that is kept under its id."""


def damaged(
    story_id: str, what: str = "is damaged", advice: str = "Remove it and import it again."
) -> Damaged:
    """Say that a story cannot be read, and nothing of what is in it."""
    return Damaged(f"The story {story_id} {what}. {advice}")
