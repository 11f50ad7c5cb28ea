"""Looks at the time: whether an answer takes longer where more is hidden. It reports, and judges not."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from copy import deepcopy

from tests import tale
from tests.oracle import Reader
from tests.prove.bookmarks import Document, mark
from tests.prove.served import Asked, shelves

ROUNDS = 40
_PAGES = ("", "/read", "/people", "/shape", "/search?q=is", "/export.md", "/scenes/aaaaaaaaaaaa")


def heavy(megabytes: int) -> Document:
    """Give the tale with so much hidden text behind its third scene."""
    document = deepcopy(tale.document())
    words = ("hidden " * 2850)[:19_900]
    for n in range(megabytes * 50):
        document["scenes"].append(
            {"id": f"heavy-{n}", "level": 3, "title": f"Heavy {n}", "text": words, "people": ["rowan"]}
        )
    return document


def medians(megabytes: int = 10) -> dict[str, tuple[float, float]]:
    """Give for some pages the median milliseconds without and with hidden text."""
    light, laden = tale.document(), heavy(megabytes)
    reader = Reader(1, 3, 1)
    text = mark(light, reader, 1).text
    timed: dict[str, tuple[list[float], list[float]]] = {page: ([], []) for page in _PAGES}
    with shelves() as place, place.pair([[light], [laden]]) as pair:
        for n in range(ROUNDS + 2):
            for page, (one, other) in timed.items():
                what = Asked("GET", f"/stories/{light['id']}{page}")
                took = _timed(pair.one, what, text), _timed(pair.other, what, text)
                if n > 1:
                    one.append(took[0])
                    other.append(took[1])
    return {page: (_ms(one), _ms(other)) for page, (one, other) in timed.items()}


def _timed(app: object, what: Asked, text: str) -> float:
    from tests.crawl import ask

    began = time.perf_counter()
    ask(app, what.method, what.target, {"Cookie": f"bookmark={text}"})  # type: ignore[arg-type]
    return time.perf_counter() - began


def _ms(times: list[float]) -> float:
    return statistics.median(times) * 1000


def report(measure: Callable[[], dict[str, tuple[float, float]]] = medians) -> str:
    """Say it in a table."""
    lines = ["Median time of an answer, without and with 10 MB of hidden text:"]
    for page, (one, other) in measure().items():
        lines.append(f"  {page or '(front)':24}{one:8.2f} ms{other:8.2f} ms")
    return "\n".join(lines)
