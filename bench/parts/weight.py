"""What a browser has to fetch to show the reading page, as compressed as it comes."""

from __future__ import annotations

import re

from bench import servers
from bench.answers import Answer, once
from bench.asks import Asker
from bench.ground import Ground, loaded
from bench.section import Section
from bench.tables import at_most, table

LIGHT = at_most(25_000, "bytes")
_WORDS = """The first view of the reading page with twenty scenes of *Ballerina*: bytes of the
bodies as they are sent, the last column to a browser of today.
"""
_ENCODINGS = ("identity", "gzip", "br", "gzip, deflate, br, zstd")


def measured(ground: Ground) -> Section:
    """Fetch the page and what it names."""
    story = loaded(ground.ballerina, "ballerina")
    with servers.app(ground.ballerina) as port:
        ask = Asker(story, port)
        reading = f"/stories/{story.id}/read"
        page = _fetched(ask, reading, "identity").body.decode()
        style, script = (_own(page, kind) for kind in ("css", "js"))
        files = {"HTML": reading, "CSS": style, "own script": script}
        weights = {
            name: [len(_fetched(ask, path, encoding).body) for encoding in _ENCODINGS]
            for name, path in files.items()
        }
        htmx = [len(_fetched(ask, _HTMX, encoding).body) for encoding in _ENCODINGS]
    whole = [sum(column) for column in zip(*weights.values(), strict=True)]
    rows = [*weights.items(), ("**together**", whole), ("htmx", htmx)]
    text = table(
        ("", "as it is", "gzip", "br", "browser"),
        ((name, *(f"{size:,}" for size in sizes)) for name, sizes in rows),
    )
    words = _WORDS.replace("\n", " ").strip()
    return Section(
        "Weight of a page",
        f"{words} Aim, together: {LIGHT_WORDS}. htmx comes from its CDN, or from here.\n\n{text}",
        tuple(LIGHT.missed("HTML, CSS and own script", whole[-1])),
    )


LIGHT_WORDS = f"≤ {LIGHT.bound:,.0f} bytes"
_HTMX = "/static/vendor/htmx-4.0.1.min.js"


def _own(page: str, ending: str) -> str:
    found = re.search(rf'"(/static/[^"/]*\.{ending}[^"]*)"', page)
    assert found is not None, ending
    return found.group(1)


def _fetched(ask: Asker, path: str, encoding: str) -> Answer:
    story = f"/stories/{ask.story.id}"
    asked = ask.get("once", path.removeprefix(story), headers={"Accept-Encoding": encoding})
    whole = asked.heads[0]
    if not path.startswith(story):
        whole = whole.replace(f"GET {story}".encode(), b"GET ", 1)
    answer = once(ask.port, whole)
    assert answer.status == 200, path
    return answer
