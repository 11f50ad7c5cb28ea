"""What single values of a story file may be: ids, lines, texts, dates, scenes of a condition."""

from __future__ import annotations

import re
from datetime import date
from typing import Annotated, TypeVar
from urllib.parse import urlsplit

from pydantic import AfterValidator, BeforeValidator, Discriminator, Field, Tag
from pydantic_core import PydanticCustomError

from explorer.story.marker import kind_of
from explorer.storyfile.problems import ONE, SEVERAL, quoted

# So many scenes may be named in one condition.
MOST_NAMED = 50

_BREAK = re.compile("[\n\r\x85\u2028\u2029]")
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
_LANGUAGE = re.compile("[A-Za-z]{2,3}(-[A-Za-z0-9]{1,8})*")
_DATE = re.compile(r"(\d{4})(?:-(\d\d)(?:-(\d\d))?)?", re.ASCII)

T = TypeVar("T")


def refusal(message: str, advice: str) -> PydanticCustomError:
    """Make an error in our own words; they go in as values, so that braces in them are safe."""
    return PydanticCustomError("ours", "{message}", {"message": message, "advice": advice})


def _given(value: T) -> T:
    if value is None:
        raise refusal("is null", "Leave the key out instead.")
    return value


def _text(text: str) -> str:
    odd = _CONTROL.search(text)
    if odd:
        raise refusal(f"holds the control character {quoted(odd[0])}", "Take it out.")
    if not text.strip():
        raise refusal("is empty", "Write something, or leave out what it belongs to.")
    return text


def _line(text: str) -> str:
    text = _text(text.strip())
    if _BREAK.search(text):
        raise refusal("holds a line break", "Write it in one line.")
    return text


def _language(tag: str) -> str:
    if not _LANGUAGE.fullmatch(tag):
        raise refusal(f"is no language: {quoted(tag)}", 'Write a tag like "en", "ko" or "pt-BR".')
    return tag


def _date(text: str) -> str:
    match = _DATE.fullmatch(text)
    try:
        if match is None:
            raise ValueError
        date(int(match[1]), int(match[2] or 1), int(match[3] or 1))
    except ValueError:
        advice = "Write YYYY-MM-DD, or YYYY-MM or YYYY where no more is known."
        raise refusal(f"is no date: {quoted(text)}", advice) from None
    return text


def _address(text: str) -> str:
    try:
        parts = urlsplit(text)
        good = parts.scheme in ("http", "https") and parts.hostname and not re.search(r"\s", text)
    except ValueError:
        good = False
    if not good:
        raise refusal(f"is no web address: {quoted(text)}", "Begin it with https:// or http://.")
    return text


def _marker(text: str) -> str:
    if not any(sign.isdecimal() for sign in text) and kind_of([text]) is None:
        advice = 'Write a time code, chapter or episode in digits, like "00:14".'
        raise refusal(f"has no digit: {quoted(text)}", advice)
    return text


def one_or_several(value: object) -> str:
    """Tell what may be one value or a list of them by its form."""
    return SEVERAL if isinstance(value, list) else ONE


def filled(value: T) -> T:
    """Refuse an empty list; raises `refusal`."""
    if value == []:
        raise refusal("is an empty list", "Put in what belongs there, or leave the key out.")
    return value


def _few(scenes: str | list[str]) -> str | list[str]:
    """Give scenes as they are named, but a single one without its list, which means the same."""
    if isinstance(scenes, str):
        return scenes
    if len(scenes) > MOST_NAMED:
        raise refusal(
            f"names {len(scenes)} scenes, and at most {MOST_NAMED} may stand in one condition",
            'Name the last of a run of scenes with "through", or say it in several texts.',
        )
    return scenes[0] if len(scenes) == 1 else scenes


def _start(scene: T) -> T:
    if isinstance(scene, list):
        raise refusal("names several scenes", "Name the one scene at which the part starts.")
    return scene


Maybe = Annotated[T | None, AfterValidator(_given)]
Id = Annotated[str, Field(pattern="^[a-z0-9-]{1,100}$")]
# Whether anyone has the id that is named is asked in `consistency`, and likewise for levels.
Ref = Annotated[str, Field(max_length=100)]
Start = Annotated[str, Field(max_length=100), BeforeValidator(_start)]
Scenes = Annotated[
    Annotated[Ref, Tag(ONE)] | Annotated[list[Ref], Tag(SEVERAL)],
    Discriminator(one_or_several),
    AfterValidator(filled),
    AfterValidator(_few),
]
Line = Annotated[str, Field(max_length=300), AfterValidator(_line)]
Label = Annotated[str, Field(max_length=100), AfterValidator(_line)]
Text = Annotated[str, Field(max_length=20_000), AfterValidator(_text)]
Marker = Annotated[str, Field(max_length=40), AfterValidator(_line), AfterValidator(_marker)]
Language = Annotated[str, Field(max_length=35), AfterValidator(_language)]
Date = Annotated[str, AfterValidator(_date)]
Address = Annotated[str, Field(max_length=2000), AfterValidator(_text), AfterValidator(_address)]
