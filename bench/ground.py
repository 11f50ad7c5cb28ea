"""The libraries that are measured over: made once for all parts of a run, the large ones kept."""

from __future__ import annotations

import hashlib
import json
import os
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from bench import stories
from bench.load import Client
from explorer.settings import folder
from explorer.storage.store import Store
from explorer.story.model import Story
from explorer.storyfile.storyfile import read, trusted

# A run ends within ten minutes: after so many seconds it measures once only, and begins no part.
_HURRY, _ENOUGH = 360.0, 480.0
# After so many it leaves out the lines of a long table that are still to come.
_LAST = 560.0

SCENES = (40, 400, 4_000, 20_000)
LONG = "made-300"
KEPT = Path(__file__).parent.parent / ".cache" / "bench"


@dataclass
class Ground:
    """Where a run stands: its temporary folder, its client, how long and how often it measures."""

    place: Path
    client: Client
    rounds: int
    seconds: float
    libraries: tuple[int, ...]
    imports: dict[int, float] = field(default_factory=dict)
    began: float = field(default_factory=time.perf_counter)

    @property
    def short(self) -> float:
        """How long to measure where there is much to measure."""
        return self.seconds * 0.15

    @property
    def few(self) -> int:
        """How often to measure where there is much to measure."""
        return min(2, self.rounds) if self._since() < _HURRY else 1

    @property
    def has_time(self) -> bool:
        """Whether there is time for one more part."""
        return self._since() < _ENOUGH

    @property
    def has_a_moment(self) -> bool:
        """Whether there is time for one more line of a table."""
        return self._since() < _LAST

    def begin(self) -> None:
        """Start the clock."""
        self.began = time.perf_counter()

    def _since(self) -> float:
        return time.perf_counter() - self.began

    @cached_property
    def ballerina(self) -> str:
        """A library of *Ballerina* alone."""
        url = f"sqlite:///{self.place / 'ballerina.db'}"
        with Store(url) as store:
            store.prepare()
            store.save(read(folder("scenes.json").read_bytes()))
        return url

    @cached_property
    def grown(self) -> str:
        """A library of *Ballerina*, of made stories of rising length, and of one with 60 people."""
        url = f"sqlite:///{self.place / 'grown.db'}"
        with Store(url) as store:
            store.prepare()
            store.save(read(folder("scenes.json").read_bytes()))
            store.save(read(json.dumps(stories.story(LONG, 300, 60)).encode()))
            for scenes in SCENES:
                data = json.dumps(stories.grown(scenes)).encode()
                start = time.perf_counter()
                store.save(read(data), progress=counting(f"a story of {scenes:,} scenes"))
                self.imports[scenes] = time.perf_counter() - start
        return url

    def library(self, count: int) -> str:
        """A library of so many stories, *Ballerina* among them; a large one is kept."""
        folder_of = KEPT if count > 1_000 else self.place
        return f"sqlite:///{library(folder_of, count)}"


def loaded(url: str, name: str) -> Story:
    """Take a story out of a library."""
    with Store(url) as store:
        story = store.load(name)
    assert story is not None, name
    return story


def library(place: Path, count: int) -> Path:
    """Make a library of so many stories in a folder, or give the one that is there already."""
    place.mkdir(parents=True, exist_ok=True)
    path = place / f"library-{count}-{_form()}.db"
    if path.exists():
        return path
    partly = path.with_suffix(f".{os.getpid()}")
    try:
        _fill(partly, count)
        partly.rename(path)
    finally:
        for left in place.glob(f"{partly.name}*"):
            left.unlink()
    return path


def _fill(path: Path, count: int) -> None:
    tell = counting(f"a library of {count:,} stories")
    with Store(f"sqlite:///{path}") as store:
        store.prepare()
        store.save(read(folder("scenes.json").read_bytes()))
        for number, _ in enumerate(_kept(store, count - 1), start=2):
            tell(number, count)


def _kept(store: Store, count: int) -> Iterator[object]:
    return store.save_all(trusted(stories.small(number)) for number in range(1, count + 1))


def counting(what: str) -> Callable[[int, int], None]:
    """Say on the screen how far something is."""

    def tell(done: int, total: int) -> None:
        if done == total or (sys.stderr.isatty() and done % 50 == 0):
            end = "\n" if done == total else ""
            print(f"\r  making {what}: {done:,} of {total:,}", end=end, file=sys.stderr, flush=True)

    return tell


def _form() -> str:
    """Give a short name for how a library is made and kept; another form needs another library."""
    house = folder("templates").parent
    rows = [
        *house.glob("explorer/storage/migrations/**/*.py"),
        house / "explorer" / "storage" / "tables.py",
    ]
    made = [Path(stories.__file__), house / "scenes.json"]
    whole = b"".join(path.read_bytes() for path in sorted([*rows, *made]))
    return hashlib.sha256(whole).hexdigest()[:10]
