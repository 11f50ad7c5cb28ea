"""What Lighthouse says of five pages, in its mobile form; it is fetched with npm when asked for."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

from bench import machine, servers
from bench.asks import Asker
from bench.ground import KEPT, Ground, loaded
from bench.section import Section
from bench.tables import at_least, number, table
from explorer.knowledge.bookmark import bookmark_of
from explorer.knowledge.bookmark_text import encode

VERSION = "12.8.2"

_PLACE = KEPT / f"lighthouse-{VERSION}"
_PROGRAM = _PLACE / "node_modules" / ".bin" / "lighthouse"
_QUIET = (
    "--headless --no-sandbox --disable-gpu --disable-background-networking "
    "--disable-component-update --disable-sync --no-first-run"
)
_KINDS = ("performance", "accessibility", "best-practices", "seo")
_AIMS = {kind: at_least(99 if kind == "performance" else 100) for kind in _KINDS}
_WORDS = f"""Lighthouse {VERSION} in its mobile form, in Debian's Chromium, over `explorer serve`
with htmx from here; a reader who has reached scene 30 of *Ballerina* and is told all of it.
Aims: 99 for performance, 100 for the rest.
"""


def measured(ground: Ground) -> Section:
    """Look at each page once."""
    chromium, npm = shutil.which("chromium"), shutil.which("npm")
    if chromium is None or npm is None:
        return Section("Lighthouse", "Chromium and npm, or one of them, are not installed here.")
    if not _PROGRAM.exists():
        fetch = [npm, "install", "--silent", "--prefix", str(_PLACE), f"lighthouse@{VERSION}"]
        subprocess.run(fetch, check=True)
    # A browser is made for more than one core, and is the one that is looked at here.
    with (
        machine.on_both_cores(),
        servers.explorer(ground.ballerina, "/healthz", EXPLORER_HTMX="local") as (port, _),
    ):
        asker = Asker(loaded(ground.ballerina, "ballerina"), port)
        seen = [
            (name, _scores(ground.place, chromium, asker, path)) for name, path in _asked(asker)
        ]
    rows = ((name, *(number(scores[kind]) for kind in _KINDS)) for name, scores in seen)
    misses = [
        miss
        for name, scores in seen
        for kind in _KINDS
        for miss in _AIMS[kind].missed(f"{name}, {kind}", scores[kind])
    ]
    text = _WORDS.replace("\n", " ").strip() + "\n\n" + table(("page", *_KINDS), rows)
    return Section("Lighthouse", text, tuple(misses))


def _asked(asker: Asker) -> Iterator[tuple[str, str]]:
    story = f"/stories/{asker.story.id}"
    yield "library", "/"
    yield "front page", story
    yield "reading page", f"{story}/read"
    yield "person", f"{story}/people/{asker.story.people[0].key}"
    yield "shape", f"{story}/shape"


def _scores(place: Path, chromium: str, asker: Asker, path: str) -> dict[str, float]:
    """Give what one page is worth, of 100 each."""
    cookie = encode(bookmark_of(asker.story, asker.at(30)))
    headers, said = place / "headers.json", place / "lighthouse.json"
    headers.write_text(json.dumps({"Cookie": f"bookmark={cookie}"}))
    command = [str(_PROGRAM), f"http://127.0.0.1:{asker.port}{path}", "--quiet", "--output=json"]
    command += [f"--output-path={said}", f"--extra-headers={headers}", f"--chrome-flags={_QUIET}"]
    settings = servers.settled(CHROME_PATH=chromium)
    subprocess.run(command, env=settings, check=True, timeout=200, stdout=subprocess.DEVNULL)
    kinds = json.loads(said.read_text())["categories"]
    return {kind: 100 * kinds[kind]["score"] for kind in _KINDS}
