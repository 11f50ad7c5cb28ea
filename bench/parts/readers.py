"""Many readers at once: each reads *Ballerina* from start to end, and every answer is checked."""

from __future__ import annotations

import asyncio
import random
import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from html import unescape
from urllib.parse import urlencode

from bench import servers
from bench.ground import Ground
from bench.section import Section
from bench.tables import number, table
from explorer.knowledge.bookmark import Position
from explorer.knowledge.knowledge import Knowledge
from explorer.storage.store import Store
from explorer.story.model import Story

READERS = 300
WORKERS = 2
# How long one looks at a scene, on average, in seconds: far shorter than anybody.
PAUSE = 0.25
_AT = "/stories/ballerina"
_COOKIE = re.compile(rb"\nset-cookie: (bookmark=[^;\r]*)", re.IGNORECASE)
_LENGTH = re.compile(rb"\ncontent-length: (\d+)", re.IGNORECASE)
_WORDS = """{readers} readers at once, each with a connection and a cookie of their own, from the
first scene to the last with thresholds and filters of their own, a quarter of a second for each
scene; `explorer serve` with {workers} workers on one core. Every answer was checked for the telling
that its reader may get, and for the one that they may not.
"""


class WrongTelling(Exception):  # noqa: N818 - it is the outcome of a measurement
    """A reader got something else than what is theirs."""


@dataclass
class Times:
    """How long answers took, in milliseconds, by what was asked."""

    taken: dict[str, list[float]] = field(default_factory=dict)

    def note(self, what: str, began: float) -> None:
        """Note one answer."""
        self.taken.setdefault(what, []).append((time.perf_counter() - began) * 1000)


def measured(ground: Ground) -> Section:
    """Let them read, and tell how it was."""
    with Store(ground.ballerina) as store:
        story = store.load("ballerina")
    assert story is not None
    times = Times()
    with _serving(ground.ballerina) as port:
        began = time.perf_counter()
        asyncio.run(_all(story, port, times))
        took = time.perf_counter() - began
    rows = [
        (what, f"{len(some):,}", *(number(_share(some, one)) for one in (0.5, 0.99, 1)))
        for what, some in times.taken.items()
    ]
    count = sum(map(len, times.taken.values()))
    text = table(("answer", "count", "p50 ms", "p99 ms", "slowest ms"), rows)
    words = _WORDS.format(readers=READERS, workers=WORKERS).replace("\n", " ").strip()
    total = f"{count:,} answers in {took:.0f} s, {count / took:,.0f} a second, none of them wrong."
    return Section("Readers at once", f"{words} {total}\n\n{text}")


@contextmanager
def _serving(url: str) -> Iterator[int]:
    port = servers.free_port()
    settings = {
        "EXPLORER_DATABASE_URL": url,
        "EXPLORER_PORT": str(port),
        "EXPLORER_WORKERS": str(WORKERS),
    }
    with servers.running([str(servers.EXPLORER), "serve"], port, "/readyz", settings):
        yield port


def _share(times: list[float], share: float) -> float:
    ordered = sorted(times)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


async def _all(story: Story, port: int, times: Times) -> None:
    told = _Told(story)
    await asyncio.gather(*(_Reader(story, told, port, times, n).read() for n in range(READERS)))


class _Told:
    """What a reader may be told, reckoned once for all who stand at the same place."""

    def __init__(self, story: Story) -> None:
        self._story = story
        self._known = cache(lambda level, count: Knowledge.of(story, Position(level, count)))
        self.after = cache(self._after)
        self.people = cache(self._people)
        self.with_person = cache(self._with_person)

    def _after(self, threshold: int, reached: int) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """The title of the last scene, and those of the next one that nothing told has."""
        known = self._known(threshold, reached)
        rows = known.window(known.rule.shown())
        told = {row.scene.telling.title for row in rows if row.scene.telling}
        ahead = self._story.scenes[reached : reached + 1]
        hidden = {telling.title for scene in ahead for telling in scene.tellings}
        return self._titles(known, [reached - 1]), tuple(hidden - told)

    def _people(self, threshold: int, reached: int) -> tuple[str, ...]:
        return tuple(who.key for who in self._known(threshold, reached).people())

    def _with_person(self, threshold: int, reached: int, key: str) -> tuple[str, ...]:
        known = self._known(threshold, reached)
        person = known.narrator.person_at(key)
        assert person is not None
        return self._titles(known, known.presence.scenes_of(person)[-20:])

    def _titles(self, known: Knowledge, scenes: list[int]) -> tuple[str, ...]:
        tellings = (known.narrator.scene(scene).telling for scene in scenes)
        return tuple(telling.title for telling in tellings if telling is not None)


class _Reader:
    """One of them; the same choices for the same number."""

    def __init__(self, story: Story, told: _Told, port: int, times: Times, number: int) -> None:
        self._story = story
        self._told = told
        self._port = port
        self._times = times
        self._chance = random.Random(number)
        self._cookie = ""

    async def read(self) -> None:
        """Read from start to end."""
        self._in, self._out = await asyncio.open_connection("127.0.0.1", self._port)
        try:
            threshold = self._chance.randrange(len(self._story.levels))
            await self._ask("threshold", "POST", "/threshold", {"threshold": str(threshold)})
            for reached in range(len(self._story.scenes)):
                await self._turn(threshold, reached)
                if self._chance.random() < 0.2:
                    await self._filter(threshold, reached + 1)
        finally:
            self._out.close()

    async def _turn(self, threshold: int, reached: int) -> None:
        await asyncio.sleep(self._chance.uniform(0, 2 * PAUSE))
        origin = self._story.scenes[reached - 1].key if reached else ""
        page = await self._ask("Next", "POST", "/next?page=read", {"from": origin})
        wanted, unwanted = self._told.after(threshold, reached + 1)
        self._check(page, wanted)
        for title in unwanted:
            if f">{title}<" in page:
                raise WrongTelling(f"{title} was told too early")

    async def _filter(self, threshold: int, reached: int) -> None:
        who = self._chance.choice(self._told.people(threshold, reached))
        page = await self._ask("a filter", "GET", f"/read?{urlencode({'who': who})}", None)
        self._check(page, self._told.with_person(threshold, reached, who))

    def _check(self, page: str, titles: tuple[str, ...]) -> None:
        there = set(re.findall(r"<h3[^>]*>(?:<a[^>]*>)?([^<]*)", page))
        if not there.issuperset(titles):
            raise WrongTelling(f"{set(titles) - there} is missing")

    async def _ask(self, what: str, method: str, path: str, form: dict[str, str] | None) -> str:
        body = urlencode(form).encode() if form is not None else b""
        lines = [f"{method} {_AT}{path} HTTP/1.1", "Host: 127.0.0.1", "HX-Request-Type: partial"]
        if self._cookie:
            lines.append(f"Cookie: {self._cookie}")
        if form is not None:
            kind = "Content-Type: application/x-www-form-urlencoded"
            lines += ["Sec-Fetch-Site: same-origin", kind, f"Content-Length: {len(body)}"]
        began = time.perf_counter()
        self._out.write("\r\n".join(lines).encode() + b"\r\n\r\n" + body)
        head = await self._in.readuntil(b"\r\n\r\n")
        length = _LENGTH.search(head)
        if length is None or b" 200 " not in head.split(b"\r\n", 1)[0]:
            raise WrongTelling(head.decode("latin-1"))
        answer = await self._in.readexactly(int(length[1]))
        self._times.note(what, began)
        moved = _COOKIE.search(head)
        if moved is not None:
            self._cookie = moved[1].decode()
        return unescape(answer.decode())
