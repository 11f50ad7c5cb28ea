"""No byte of an answer tells of another request: who asked before, when it was first made.

The same questions are put to the app in processes of their own: without the memory of answers and
with it, and then twice; in one order and in the other; by clocks that stand years apart and move a
day at each look; with other hashes. All the answers have to be the same, byte for byte. `Date` is
not looked at: it is the server's own and the time of the request itself.
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from hashlib import sha256
from itertools import count, product
from multiprocessing import get_context
from typing import Any, NamedTuple
from urllib.parse import urlencode

import pytest

from explorer import create_app
from explorer.knowledge.bookmark import Position, bookmark_of
from explorer.knowledge.bookmark_text import encode
from explorer.settings import Settings
from explorer.storage.store import Store
from explorer.storyfile import storyfile
from explorer.web.static_files import Files
from tests.support import tale
from tests.support.crawl import OURS, PART, Answer, Reader, ask, crawl
from tests.support.long_story import long_story

WAYS = ("", "gzip", "br", "zstd")

A_DAY = 86_400
SIGNS_OF_TIME = ("age", "expires", "last-modified")

STORIES = (tale.document(), long_story(40))
TALE, LONG = (tale.told(document) for document in STORIES)

PLACES = [
    (TALE, Position()),
    (TALE, Position(1, 5, 2, frozenset({7}), warned=True)),
    (TALE, Position(3, 6, 1, withheld=frozenset({2}))),
    (TALE, Position(3, 8, 8)),
    # On either side of the end of a stretch, whose words readers share.
    *((LONG, Position(0, 40, seen)) for seen in (15, 16, 17)),
]
FILES = ("explorer.css", "explorer.js", "icon.svg")


class Question(NamedTuple):
    """A request, whole."""

    method: str
    target: str
    headers: tuple[tuple[str, str], ...]
    body: bytes = b""


class Task(NamedTuple):
    """How one process is to ask: with so much memory, from a moment on, in which order."""

    library: str
    questions: Sequence[Question]
    hot_mb: int
    moment: int
    backwards: bool


TASKS = [(0, 1_000_000_000, False), (8, 1_500_000_000, False), (8, 2_000_000_000, True)]


def answered(task: Task) -> list[str]:
    """Put all questions; gives what marks each answer, or its answers where they differ."""
    ticks = count(task.moment, A_DAY)
    time.time = lambda: float(next(ticks))
    time.time_ns = lambda: next(ticks) * 1_000_000_000
    app = create_app(Settings(database_url=task.library, hot_mb=task.hot_mb, fresh_ms=0))
    answers: dict[Question, str] = {}
    order = task.questions[::-1] if task.backwards else task.questions
    for question in [*order, *(order if task.hot_mb else ())]:
        marked = _marked(ask(app, *question))
        if answers.setdefault(question, marked) != marked:
            answers[question] += f" then {marked}"
    return [answers[question] for question in task.questions]


def _marked(answer: Answer) -> str:
    """Give what is different for any other answer: its status and headers, and a digest of it."""
    headers = [pair for pair in answer.headers if pair[0].lower() != "date"]
    return f"{answer.status} {headers} {sha256(answer.body).hexdigest()}"


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> str:
    url = f"sqlite:///{tmp_path_factory.mktemp('asked')}/library.db"
    with Store(url) as store:
        store.prepare()
        for document in STORIES:
            store.save(storyfile.read(json.dumps(document).encode()))
    return url


@pytest.fixture(scope="module")
def questions(library: str) -> list[Question]:
    return list(all_questions(library))


def all_questions(library: str) -> Iterator[Question]:
    """Give every address that readers at some places come to, and moves, in every encoding."""
    app = create_app(Settings(database_url=library, hot_mb=0, fresh_ms=0))
    yield from files(app.extensions["files"])
    yield from asked(asides(app.url_map.iter_rules()), ("Cookie", ""))
    for story, place in PLACES:
        home, kept = f"/stories/{story.id}", encode(bookmark_of(story, place))
        starts = [home, *(f"{home}/{spot}" for spot in SPOTS)]
        reader = Reader(app).keep(home, kept)
        targets = [*crawl(reader, starts, 1)] if story is TALE else starts
        cookie = ("Cookie", f"bookmark={kept}")
        yield from asked(targets, cookie)
        yield from moves(home, [scene.key for scene in story.scenes], place, cookie)


SPOTS = (
    *("shape", "export.md", "export.json", "print", "preview.png", "carry", "nothing"),
    *("read?order=happened", "search?q=a", "search?q=title+15", "search?q=15", "search?q=text"),
)


def asides(rules: Iterable[Any]) -> Iterator[str]:
    """Give the addresses that name nothing: they are not about a place."""
    yield from (rule.rule for rule in rules if "<" not in rule.rule and "GET" in rule.methods)
    yield from ("/?q=a", "/api/v1/stories/spindrift?reached=&turn=1", "/api/v1/stories/nobody")


def files(files: Files) -> Iterator[Question]:
    """Give requests for files: anew, again, and for those that have changed."""
    for name, way in product(FILES, WAYS):
        accepted = ("Accept-Encoding", way)
        for held in ("*", f'"{files.digest(name)}"', f'"{files.digest(name)}:{way}"'):
            yield Question("GET", f"/static/{name}", (accepted, ("If-None-Match", held)))
        yield Question("GET", files.href(name), (accepted, SINCE))


SINCE = ("If-Modified-Since", "Thu, 01 Jan 2099 00:00:00 GMT")


def asked(targets: Iterable[str], cookie: tuple[str, str]) -> Iterator[Question]:
    for target, way in product(targets, WAYS):
        accepted = ("Accept-Encoding", way)
        yield Question("GET", target, (cookie, accepted))
        if way == "gzip":
            yield Question("GET", target, (cookie, accepted, *PART.items()))
            yield Question("HEAD", target, (cookie, accepted))
            yield Question("GET", target, (cookie, accepted, SINCE))
            yield Question("GET", target, (cookie, accepted, ("If-None-Match", "*")))


def moves(
    home: str, keys: Sequence[str], place: Position, cookie: tuple[str, str]
) -> Iterator[Question]:
    last = keys[place.reached - 1] if place.reached else ""
    posts = [
        ("next", {"from": last}),
        ("threshold", {"threshold": "2"}),
        ("threshold", {"threshold": "99"}),
        (f"scenes/{keys[-1]}/open", {}),
        ("seen", {"scene": last}),
        ("back", {"scene": ""}),
        ("forget", {}),
        ("carry", {"code": "nonsense"}),
    ]
    for (move, fields), page, part, way in product(posts, ("read", "shape"), ({}, PART), WAYS[:2]):
        headers = (cookie, ("Accept-Encoding", way), *OURS.items(), *part.items())
        target = f"{home}/{move}?page={page}"
        yield Question("POST", target, headers, urlencode(fields).encode())


# --- what is so --------------------------------------------------------------------------------


def test_an_answer_is_the_same_whoever_asked_before_and_whenever_it_was_made(
    library: str, questions: list[Question]
) -> None:
    tasks = [Task(library, questions, *how) for how in TASKS]
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as processes:
        alone, *others = processes.map(answered, tasks)

    assert len(questions) > 1000
    for other in others:
        for question, one, two in zip(questions, alone, other, strict=True):
            assert one == two, question
    assert not [question for question, one in zip(questions, alone, strict=True) if " then " in one]


def test_no_answer_says_when_it_was_made(library: str, questions: list[Question]) -> None:
    app = create_app(Settings(database_url=library, hot_mb=0, fresh_ms=0))
    ways = set()
    for question in questions:
        answer = ask(app, *question)
        ways.add(answer.header("Content-Encoding") or "")

        assert not [name for name, _ in answer.headers if name.lower() in SIGNS_OF_TIME], question
        if answer.header("Content-Encoding") == "gzip" and answer.body:
            # Four bytes of its head are for the second in which it was packed; none is said by 0.
            assert answer.body[:8] == b"\x1f\x8b\x08\x00\x00\x00\x00\x00", question
    assert ways == set(WAYS)
