"""The words of a story that may travel: kinds, and the keys that stand in addresses."""

from __future__ import annotations

import hashlib
from base64 import b32encode
from enum import StrEnum
from typing import NewType

SceneKey = NewType("SceneKey", str)
PersonKey = NewType("PersonKey", str)

# The form of a key, as a regular expression; see `opaque`.
KEY = "[a-z2-7]{12}"


class Time(StrEnum):
    """How a telling stands to the present of the story."""

    PRESENT = "present"
    FLASHBACK = "flashback"
    FLASHFORWARD = "flashforward"
    DREAM = "dream"


class Medium(StrEnum):
    """What kind of work a story is."""

    FILM = "film"
    SERIES = "series"
    NOVEL = "novel"
    COMIC = "comic"
    PLAY = "play"
    GAME = "game"
    OTHER = "other"


def opaque(story: str, kind: str, ident: str) -> str:
    """Give the 12 characters (60 bits) under which readers see a scene or a person.

    `kind` is "scene" or "person". They depend on the author's ids alone, so an address
    stays good on every installation and after every edit.
    """
    digest = hashlib.sha256(f"{story}\n{kind}\n{ident}".encode()).digest()
    return b32encode(digest)[:12].decode().lower()
