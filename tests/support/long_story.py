"""A long story in which nothing hides, readers of it and of the tiny tale, and what they see."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import urlencode

from flask import Flask

from explorer.story.terms import opaque
from tests.support.crawl import Answer, Form, Reader

COUNT = 70
NOBODY = "aaaaaaaaaaaa"
LONG = "/stories/long"
TALE = "/stories/spindrift"


def long_story(count: int = COUNT) -> dict[str, Any]:
    """Give a story of many scenes. Each has a number in its title and text, and nothing hides.

    Levels go round: even scenes belong to level 0, the others to 1 or 2. Anna is in every second
    scene, Ben in every third, Zoe in the last; every tenth is a flashback to before the first.
    """
    return {
        "format": 1,
        "id": "long",
        "title": "The Long Story",
        "medium": "series",
        "language": "en",
        "premise": "Much happens.",
        "levels": [{"name": "Low"}, {"name": "Middle"}, {"name": "High"}],
        "people": [
            {"id": "anna", "names": [{"name": "Anna", "scene": "s0"}]},
            {"id": "ben", "names": [{"name": "Ben", "scene": "s0"}]},
            {"id": "zoe", "names": [{"name": "Zoe", "scene": f"s{count - 1}"}]},
        ],
        "scenes": [long_scene(n, count) for n in range(count)],
    }


def long_scene(n: int, count: int = COUNT) -> dict[str, Any]:
    """Give a scene of the long story."""
    people = ["anna"] * (n % 2 == 0) + ["ben"] * (n % 3 == 0) + ["zoe"] * (n == count - 1)
    flashback = {"time": "flashback", "happens": {"before": "s0"}} if n % 10 == 5 else {}
    return {
        "id": f"s{n}",
        "level": (n % 2) * (1 + n % 4 // 2),
        "title": f"Title {n}",
        "text": f"Text {n}.",
        "people": people,
        "marker": f"chapter {n + 1}",
        **flashback,
    }


def file(document: Mapping[str, Any]) -> bytes:
    """Give a story as a file."""
    return json.dumps(document).encode()


def key(n: int, story: str = "long") -> str:
    """Give the key of a scene of the long story."""
    return opaque(story, "scene", f"s{n}")


def scene_of_tale(ident: str) -> str:
    """Give the key of a scene of the tiny tale."""
    return opaque("spindrift", "scene", ident)


def person_of_tale(ident: str) -> str:
    """Give the key of a person of the tiny tale."""
    return opaque("spindrift", "person", ident)


def person(ident: str) -> str:
    """Give the key of a person of the long story."""
    return opaque("long", "person", ident)


def cookie(
    threshold: int = 0,
    reached: str = "",
    seen: str = "",
    opened: Iterable[str] = (),
    *,
    warned: bool = False,
    revision: int = 1,
    finished: bool | None = False,
) -> str:
    """Give the text of a bookmark; in its first form where it does not say who has finished."""
    form = "1" if finished is None else f"2.{finished:d}"
    return f"{form}.{revision}.{threshold}.{int(warned)}.{reached}.{seen}.{''.join(opened)}."


def reader(app: Flask, count: int = 0, threshold: int = 2, seen: int = 0, **more: Any) -> Reader:
    """Give a reader of the long story who has turned to so many scenes."""
    part = more.pop("part", False)
    reached = key(count - 1) if count else ""
    known = key(seen - 1) if seen else ""
    return Reader(app, part=part).keep(LONG, cookie(threshold, reached, known, **more))


def of_tale(app: Flask, *, part: bool = False, **place: Any) -> Reader:
    """Give a reader of the tiny tale, whose scenes are named by their ids."""
    for name in ("reached", "seen"):
        if place.get(name):
            place[name] = scene_of_tale(place[name])
    place["opened"] = [scene_of_tale(scene) for scene in place.get("opened", ())]
    return Reader(app, part=part).keep(TALE, cookie(**place))


def held(reader: Reader, home: str = LONG) -> str:
    """Give the bookmark that a reader holds; empty for none."""
    return reader.cookies.get(home, "bookmark=").removeprefix("bookmark=")


def listed(answer: Answer) -> list[str]:
    """Give the keys of the scenes on a page, in their order."""
    return [one[2:] for one in answer.page.ids if re.fullmatch("s-[a-z2-7]{12}", one)]


def numbers(answer: Answer) -> list[int]:
    """Give the scenes of the long story on a page, counted from 0."""
    by_key = {key(n): n for n in range(210)}
    return [by_key[one] for one in listed(answer)]


def link(answer: Answer, ident: str) -> str | None:
    """Give the address of the link with an id; None where there is none."""
    links = [one.get("href") for one in answer.page.all("a", id=ident)]
    return links[0] if links else None


def form(answer: Answer, move: str) -> Form:
    """Give the first form on a page that makes a move."""
    return next(
        one for one in answer.page.forms if one.action.partition("?")[0].endswith(f"/{move}")
    )


def said(answer: Answer) -> str:
    """Give what a page says to be wrong."""
    page = answer.page
    assert len(page.all("p", class_="problem")) == 1
    found = re.search(r'<p class="problem"[^>]*>(.*?)</p>', answer.text, re.DOTALL)
    assert found is not None
    return found[1]


def attributes(line: str) -> dict[str, str | bool]:
    """Give the attributes of a Set-Cookie line."""
    pairs = (piece.strip().partition("=") for piece in line.split(";")[1:])
    return {name: value if eq else True for name, eq, value in pairs}


VIEW = f"who={person('anna')}&who={person('ben')}&match=all&time=present&order=happened"


def moves_of(n: int) -> list[tuple[str, dict[str, str]]]:
    """Give moves for who has turned to so many scenes and sees some of them veiled."""
    return [
        ("start", {"threshold": "2"}),
        ("next", {"from": key(n - 1)}),
        ("threshold", {"threshold": "2"}),
        (f"scenes/{key(1)}/open", {}),
        (f"scenes/{key(40)}/open", {}),
        (f"scenes/{key(3)}/close", {}),
        ("seen", {"scene": key(4)}),
        ("seen", {"marker": "chapter 9", "sure": "yes"}),
        ("seen", {"all": "yes"}),
        ("back", {"scene": key(n - 3)}),
        ("warned", {"warned": "yes"}),
    ]


def way_back(move: str, reached: str = "", seen: str = "") -> str:
    """Give what the address after a move says of where its reader stood; nothing for most moves."""
    leads_back = move in ("start", "next", "seen")
    return urlencode({"since": reached, "saw": seen}) if leads_back else ""


def title_of(answer: Answer) -> str:
    """Give the title of a page."""
    (title,) = re.findall("<title>(.*?)</title>", answer.text, re.DOTALL)
    return str(title)


def code(one: Reader, home: str = LONG) -> str:
    """Give the code on a reader's page."""
    found = re.search(r'<code id="code"[^>]*>([^<]+)</code>', one.get(f"{home}/carry").text)
    assert found is not None
    return found[1]


GOOD = f"long.{cookie(1, key(4), key(2), [key(9)])}"
