"""What programs get: known values in the form of JSON. Its description is made from the same models."""

from __future__ import annotations

from pydantic import BaseModel

from explorer.known import KnownStory


class StoryForm(BaseModel):
    """A story."""


def story(known: KnownStory) -> StoryForm:
    """Give a story."""
    return StoryForm()
