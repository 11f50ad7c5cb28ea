"""Looks at the time: whether an answer takes longer where more is hidden. It reports only."""

from __future__ import annotations

import statistics
import time
from collections.abc import Iterator
from copy import deepcopy

from flask import Flask

from tests.shield.oracle import Reader
from tests.shield.prove.bookmarks import Document, mark
from tests.shield.prove.served import shelves
from tests.support import tale
from tests.support.crawl import ask

_PAGES = ("", "/read", "/people", "/shape", "/search?q=is", "/export.md", "/scenes/aaaaaaaaaaaa")

Medians = dict[str, tuple[float, float]]


def heavy(megabytes: int) -> Document:
    """Give the tale with so much hidden text behind its end."""
    document = deepcopy(tale.document())
    words = ("hidden " * 2850)[:19_900]
    document["scenes"] += [
        {"id": f"heavy-{n}", "level": 3, "title": f"Heavy {n}", "text": words, "people": ["rowan"]}
        for n in range(megabytes * 50)
    ]
    return document


def readers(document: Document) -> Iterator[Reader]:
    """Give readers who all stand elsewhere, so that nothing is remembered; none at the end."""
    for reached in range(1, len(document["scenes"])):
        for seen in range(reached + 1):
            for threshold in range(len(document["levels"]) - 1):
                yield Reader(threshold, reached, seen)


def medians(megabytes: int = 10) -> tuple[Medians, Medians]:
    """Give for some pages the median milliseconds without and with hidden text.

    At first for answers that are made anew, then for the same answers asked for again.
    """
    light, laden = tale.document(), heavy(megabytes)
    fresh: dict[str, list[tuple[float, float]]] = {page: [] for page in _PAGES}
    again: dict[str, list[tuple[float, float]]] = {page: [] for page in _PAGES}
    with shelves() as place, place.pair([[light], [laden]]) as pair:
        for reader in readers(light):
            text = mark(light, reader, 1).text
            for page in _PAGES:
                target = f"/stories/{light['id']}{page}"
                for times in (fresh, again):
                    one, other = _timed(pair.one, target, text), _timed(pair.other, target, text)
                    times[page].append((one, other))
    return _medians(fresh), _medians(again)


def _timed(app: Flask, target: str, text: str) -> float:
    began = time.perf_counter()
    ask(app, "GET", target, {"Cookie": f"bookmark={text}"})
    return time.perf_counter() - began


def _medians(times: dict[str, list[tuple[float, float]]]) -> Medians:
    # What is asked first of all loads the story and the templates.
    return {
        page: (
            statistics.median(one for one, _ in took[5:]) * 1000,
            statistics.median(other for _, other in took[5:]) * 1000,
        )
        for page, took in times.items()
    }


def report(megabytes: int = 10) -> str:
    """Say it in a table."""
    lines = [f"Median time of an answer in ms, without and with {megabytes} MB of hidden text:"]
    lines.append(f"  {'':24}{'made anew':>20}{'asked again':>20}")
    fresh, again = medians(megabytes)
    for page, (one, other) in fresh.items():
        numbers = "".join(f"{number:10.2f}" for number in (one, other, *again[page]))
        lines.append(f"  {page or '(front)':24}{numbers}")
    return "\n".join(lines)
