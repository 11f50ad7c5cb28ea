"""What programs may ask: the queries of their interface, checked in full or refused in full.

The description of the programs' interface is made from these same models.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Annotated, Literal, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from explorer.knowledge.bookmark import MOST_OPENED, Bookmark
from explorer.story.terms import KEY, SceneKey

_MOST_PROBLEMS = 20

_Query = TypeVar("_Query", bound="Query")


class Refused(ValueError):  # noqa: N818  It is an answer, not an error.
    """A query has something wrong with it; says what, by parameter."""

    def __init__(self, parameters: Mapping[str, str]) -> None:
        """Take for each parameter what is wrong with it."""
        super().__init__("refused")
        self.parameters = parameters


def _digits(text: object) -> object:
    if isinstance(text, str) and not re.fullmatch("[0-9]{1,9}", text):
        raise ValueError("Input should be a whole number")
    return text


Number = Annotated[int, BeforeValidator(_digits)]
Scene = Annotated[str, Field(pattern=f"^({KEY})?$")]
OpenedScene = Annotated[str, Field(pattern=f"^{KEY}$")]


class Query(BaseModel):
    """Any of the queries below. Unknown parameters are refused, since they are meant otherwise."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class CatalogueQuery(Query):
    """Which stories."""

    after: str = Field(
        default="",
        pattern="^[a-z0-9-]{0,100}$",
        description="The id of a story: only those that come after it, by id.",
    )
    limit: Number = Field(default=20, ge=1, le=100, description="How many stories at most.")


class StoryQuery(Query):
    """A bookmark, and whether it is to be turned."""

    threshold: Number = Field(
        default=0, ge=0, le=999, description="The highest level that the reader accepts."
    )
    reached: Scene = Field(
        default="", description="The key of the last scene that was turned to; empty for none."
    )
    seen: Scene = Field(
        default="",
        description="The key of the last scene up to which the reader knows the work itself; "
        "empty for none. Up to there all is reached as well; the last scene says that "
        "everything has been seen.",
    )
    opened: tuple[OpenedScene, ...] = Field(
        default=(),
        max_length=MOST_OPENED,
        description="The keys of single scenes to open in spite of the threshold.",
    )
    turn: Literal["1"] | None = Field(
        default=None, description="Turn one scene on first, if there is one."
    )

    def bookmark(self) -> Bookmark:
        """Give the bookmark that is asked for."""
        return Bookmark(
            threshold=self.threshold,
            reached=SceneKey(self.reached) if self.reached else None,
            seen=SceneKey(self.seen) if self.seen else None,
            opened=tuple(SceneKey(key) for key in dict.fromkeys(self.opened)),
        )


def read(query: type[_Query], given: Mapping[str, Sequence[str]]) -> _Query:
    """Read the parameters of an address. Raises Refused."""
    try:
        return query.model_validate(dict(_values(query, given)))
    except ValidationError as invalid:
        errors = invalid.errors(include_url=False, include_context=False, include_input=False)
        problems = {str(error["loc"][0]): error["msg"] for error in errors[:_MOST_PROBLEMS]}
        raise Refused(problems) from None


def _values(query: type[Query], given: Mapping[str, Sequence[str]]) -> Iterator[tuple[str, object]]:
    """Give each parameter its value; one that may stand once and stands twice is none."""
    for name, values in given.items():
        if name in query.model_fields and name == "opened":
            yield name, tuple(values)
        else:
            yield name, values[0] if len(values) == 1 else list(values)
