"""Sends odd requests to a real server from many sides, and looks at what comes back."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urljoin, urlsplit

from explorer import create_app
from explorer.settings import Settings, folder
from explorer.storage.store import Store
from explorer.story.terms import opaque
from explorer.storyfile import storyfile
from tests.shield.fuzz.odd import INJECTED, Ground, Odd, request
from tests.support.server import Server, memory

SIDES = 8

# A request that may not be whole gets so long before the line is closed from our side.
_MOMENT = 0.05
_LONG = 20.0

_STATUS = re.compile(rb"HTTP/1\.[01] (\d{3}) ")
_LOCATION = re.compile(rb"\r\nlocation: ([^\r]*)", re.IGNORECASE)


class Fault(AssertionError):  # noqa: N818  It is what was looked for.
    """The server did what it must not."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a siege came to: statuses (0: the line was closed), and the memory after each fifth."""

    statuses: Counter[int]
    weights: tuple[int, ...]

    @property
    def growth(self) -> float:
        """By which share the workers grew in the last two fifths.

        Before that they fill what they remember of pages, all of which is bounded. What leaks
        with each request leaks in the end as it did in the beginning.
        """
        return self.weights[-1] / self.weights[-3] - 1


def library(place: Path) -> str:
    """Make a library with the story that ships, and give its address."""
    url = f"sqlite:///{place / 'library.db'}"
    store = Store(url)
    store.prepare()
    store.save(storyfile.read(folder("scenes.json").read_bytes()))
    store.close()
    return url


def ground(url: str) -> Ground:
    """Read from the application and its story what requests can be made of."""
    story = json.loads(folder("scenes.json").read_bytes())
    kinds = {"scene": story["scenes"], "person": story["people"]}
    app = create_app(Settings(database_url=url))
    return Ground(
        routes=sorted(
            ("POST" if "POST" in (rule.methods or ()) else "GET", rule.rule)
            for rule in app.url_map.iter_rules()
        ),
        stories=[story["id"]] * 9 + ["nothing"],
        keys=[opaque(story["id"], kind, one["id"]) for kind, all_ in kinds.items() for one in all_],
        files=["explorer.css", "explorer.js", "icon.svg", "nothing"],
    )


def siege(server: Server, ground: Ground, seed: str, count: int) -> Outcome:
    """Send requests in five waves. Raises Fault."""
    right = _pages(server, ground)
    statuses: Counter[int] = Counter()
    weights = []
    for wave in range(5):
        numbers = range(wave * count // 5, (wave + 1) * count // 5)
        statuses.update(_sent(server, ground, seed, numbers))
        weights.append(sum(map(memory, server.workers())))
    if _pages(server, ground) != right:
        raise Fault("A page is not what it was before.")
    if "Traceback" in server.said or " failed" in server.said:
        raise Fault(f"The server logged a fault:\n{server.said[-4000:]}")
    return Outcome(statuses, tuple(weights))


def one(server: Server, ground: Ground, seed: str, number: int) -> int:
    """Send one request and give the status. Raises Fault."""
    odd = request(ground, seed, number)
    answer = _answer(server, odd)
    fault = fault_in(odd, answer)
    if fault:
        raise Fault(
            f"{fault}\nSeed {seed}, request {number}: {odd.sent!r}\nAnswer: {answer[:2000]!r}"
        )
    return _status(answer)


def _sent(server: Server, ground: Ground, seed: str, numbers: Sequence[int]) -> Iterator[int]:
    with ThreadPoolExecutor(SIDES) as sides:
        yield from sides.map(lambda number: one(server, ground, seed, number), numbers)


def _answer(server: Server, odd: Odd) -> bytes:
    with server.connect() as line:
        # A line that is closed in the middle of a long form is an answer too.
        with suppress(BrokenPipeError, ConnectionResetError):
            line.sendall(odd.sent)
        # The server may leave a line open on which something lies that it refused to read; whether
        # what came is an answer is seen all the same.
        line.settimeout(_MOMENT if odd.broken else _LONG)
        pieces = []
        with suppress(TimeoutError, ConnectionResetError):
            while piece := line.recv(65536):
                pieces.append(piece)
    return b"".join(pieces)


def _status(answer: bytes) -> int:
    match = _STATUS.match(answer)
    return int(match[1]) if match else 0


def fault_in(odd: Odd, answer: bytes) -> str | None:
    """Say what is wrong with an answer; None where it is good."""
    status = _status(answer)
    if status >= 500:
        return f"A fault of the server's own, {status}."
    if not status and (answer or not odd.broken):
        return "This is no answer."
    if b"Traceback" in answer:
        return "A traceback."
    head = answer.partition(b"\r\n\r\n")[0]
    if f"\r\n{INJECTED}:".lower().encode() in head.lower():
        return "A header was smuggled in."
    location = _LOCATION.search(head)
    if location and not odd.broken and not _is_here(location[1].decode("latin-1")):
        return "It leads to another site."
    return None


def _is_here(location: str) -> bool:
    there = urlsplit(urljoin("http://localhost/", location))
    return (there.scheme, there.netloc) == ("http", "localhost")


def _pages(server: Server, ground: Ground) -> list[tuple[int, bytes]]:
    """Ask for what everybody may read, as a reader who is some way in."""
    base = f"/stories/{ground.stories[0]}"
    cookie = {"Cookie": f"bookmark=1.1.2.0.{ground.keys[5]}...", "Host": "localhost"}
    pages = ("", "/read", "/people", "/shape", "/search?q=a", "/export.json")
    return [server.get(path, cookie) for path in ("/", *(base + page for page in pages))]
