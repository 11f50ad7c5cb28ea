"""Answers of the gate that are not a page. None of them is an error of ours."""

from __future__ import annotations


class NotFound(LookupError):  # noqa: N818  It is an answer, not an error.
    """There is nothing of that name, or nothing that this reader may know of."""


class Moved(Exception):  # noqa: N818  It is an answer, not an error.
    """What was asked for has another address by now."""

    def __init__(self, href: str) -> None:
        """Take the address that answers."""
        super().__init__(href)
        self.href = href


class Unavailable(Exception):  # noqa: N818  It is an answer, not an error.
    """The database does not answer, and what was asked for is not in memory."""


class Broken(Exception):  # noqa: N818  It is an answer, not an error.
    """What is kept of this story is damaged; other stories are there."""
