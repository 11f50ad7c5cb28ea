"""The main table: the app, cold and hot, beside what is barer and what is usual."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from bench import servers, tutorial, usual
from bench.answers import Checked, Request, once
from bench.asks import PACKED, Asker, head
from bench.ground import Ground, loaded
from bench.load import Round, round_of
from bench.section import Section
from bench.tables import Aim, at_least, median, number, spread, table

BARE = "bare Flask"

_HEAD = (
    *("answer", "kind", "per second", "spread", "p50 ms", "p99 ms", "CPU ms"),
    *("to bare Flask", "aim"),
)


@dataclass(frozen=True)
class Row:
    """A line of the table: what is asked, what kind of answer it is, what it should come to."""

    checked: Checked
    kind: str
    aim: Aim | None = None
    in_readme: bool = False

    @property
    def name(self) -> str:
        """What is asked."""
        return self.checked.request.name


@dataclass(frozen=True)
class Figures:
    """What a row came to: the medians of its rounds, and their ratio to bare Flask in the same."""

    speeds: tuple[float, ...]
    p50: float
    p99: float
    busy: float
    ratio: float

    @classmethod
    def of(cls, rounds: list[Round], bare: list[Round]) -> Figures:
        """Sum up rounds."""
        pairs = zip(rounds, bare, strict=True)
        return cls(
            speeds=tuple(r.per_second for r in rounds),
            p50=median(r.p50 for r in rounds),
            p99=median(r.p99 for r in rounds),
            busy=median(r.cost for r in rounds),
            ratio=median(r.per_second / b.per_second for r, b in pairs),
        )


def measured(ground: Ground) -> Section:
    """Measure all of it in rounds that alternate, so that a noisy moment hits all of them."""
    with ExitStack() as stack:
        rows = list(_rows(ground, stack))
        rounds: list[list[Round]] = [[] for _ in rows]
        for row in rows:
            round_of(ground.client, row.checked, min(0.4, ground.seconds))
        for n in range(ground.rounds):
            print(f"  round {n + 1} of {ground.rounds}", file=sys.stderr)
            for row, done in zip(rows, rounds, strict=True):
                done.append(round_of(ground.client, row.checked, ground.seconds))
    bare = next(done for row, done in zip(rows, rounds, strict=True) if row.name == BARE)
    return _section(rows, [Figures.of(done, bare) for done in rounds])


def _rows(ground: Ground, stack: ExitStack) -> Iterator[Row]:
    story = loaded(ground.ballerina, "ballerina")
    cold = Asker(story, stack.enter_context(servers.app(ground.ballerina, hot_mb=0)))
    hot = Asker(story, stack.enter_context(servers.app(ground.ballerina)))
    reading = cold.read("reading page, 20 scenes", cold.count)
    size = len(once(cold.port, reading.heads[0]).body)
    yield from _barer(ground, stack, size)
    yield Row(Checked(reading), "cold", at_least(0.5), in_readme=True)
    yield Row(Checked(cold.next("Next, as htmx asks", cold.count)), "cold", at_least(0.7), True)
    yield Row(Checked(cold.veiled("permalink of a veiled scene")), "cold", None, True)
    yield from _shown(cold, "cold")
    anew = Asker(story, cold.port, anew=True)
    yield Row(Checked(anew.read("reading page, 20 scenes", anew.count)), "anew")
    yield Row(Checked(anew.next("Next, as htmx asks", anew.count)), "anew")
    yield Row(Checked(anew.veiled("permalink of a veiled scene")), "anew")
    quick = at_least(3)
    name = "reading page, 20 scenes"
    yield Row(Checked(hot.read(name, hot.count)), "hot", quick, in_readme=True)
    yield Row(Checked(hot.next("Next, as htmx asks", hot.count)), "hot", at_least(0.7))
    yield Row(Checked(hot.veiled("permalink of a veiled scene")), "hot", quick)
    yield from _shown(hot, "hot")
    port, _ = stack.enter_context(servers.explorer(ground.ballerina, "/healthz"))
    served = Asker(story, port).read("reading page, `explorer serve`", hot.count)
    yield Row(Checked(served), "hot")
    yield from _peers(ground, stack, story.id)


def _shown(asker: Asker, kind: str) -> Iterator[Row]:
    packed = asker.read("reading page, compressed", asker.count, PACKED)
    yield Row(Checked(packed), kind)
    yield Row(Checked(asker.get("front page", "", asker.story.title)), kind)


def _barer(ground: Ground, stack: ExitStack, size: int) -> Iterator[Row]:
    place = ground.place / "nginx"
    place.mkdir()
    port = stack.enter_context(servers.nginx(place, size))
    if port is not None:
        yield Row(_plain("nginx, a file", port, "/x.html", "x" * size), "barer")
    settings = {"EXPLORER_BENCH_BYTES": str(size)}
    for name, target in (("bare WSGI", "bench.bare:wsgi"), (BARE, "bench.bare:flask")):
        port = stack.enter_context(servers.granian(target, settings))
        yield Row(_plain(name, port, "/", "x" * size), "barer", in_readme=name == BARE)
        if name == BARE:
            form = head("POST", "/", body="from=abcdefghijkl")
            words = ("x" * size,)
            yield Row(Checked(Request("bare Flask, after a form", port, (form,), words)), "barer")


def _peers(ground: Ground, stack: ExitStack, story: str) -> Iterator[Row]:
    tables = ground.place / "usual.db"
    usual.fill(tables)
    settings = {"EXPLORER_BENCH_TABLES": str(tables)}
    port = stack.enter_context(servers.granian("bench.usual:flask", settings))
    # Its cookies are its own, so the request is made by hand.
    asked = head("GET", f"/stories/{story}/read").removesuffix(b"\r\n")
    asked += b"Cookie: threshold=4; reached=40\r\n\r\n"
    name = "the same page, Flask and an ORM"
    yield Row(Checked(Request(name, port, (asked,), ("Scene 40, told up to",))), "peer")

    tables = ground.place / "tutorial.db"
    tutorial.fill(tables)
    settings = {"EXPLORER_BENCH_TABLES": str(tables)}
    port = stack.enter_context(servers.granian("bench.tutorial:flask", settings))
    yield Row(_plain("20 posts, as in Flask's tutorial", port, "/", "Posts - Flaskr"), "peer")

    database = Path(ground.ballerina.removeprefix("sqlite:///"))
    datasette = stack.enter_context(servers.datasette(database))
    if datasette is not None:
        path = f"/{database.stem}/scenes?_size=20&story_id={story}"
        words = "<table", "rows-and-columns", f"{story}"
        request = Request("datasette, 20 rows", datasette, (servers.get(path),), words, slack=64)
        yield Row(Checked(request), "peer")


def _plain(name: str, port: int, path: str, words: str) -> Checked:
    return Checked(Request(name, port, (servers.get(path),), (words,)))


def _section(rows: list[Row], figures: list[Figures]) -> Section:
    pairs = list(zip(rows, figures, strict=True))
    lines = [
        (row.name, row.kind, number(median(f.speeds)), spread(f.speeds), *_times(f), _aimed(row))
        for row, f in pairs
    ]
    misses = (
        line
        for row, f in pairs
        if row.aim is not None
        for line in row.aim.missed(f"{row.name}, {row.kind}, to bare Flask", f.ratio)
    )
    short = [
        (_short(row), number(median(f.speeds)), number(f.p50), number(f.p99), number(f.ratio))
        for row, f in pairs
        if row.in_readme
    ]
    sizes = max(row.checked.sizes[1] for row in rows if row.name == BARE)
    return Section(
        "Answers side by side",
        _words(sizes, {row.name for row in rows}) + table(_HEAD, lines, words=2),
        tuple(misses),
        table(("answer", "per second", "p50 ms", "p99 ms", "to bare Flask"), short),
    )


def _times(figures: Figures) -> tuple[str, ...]:
    return tuple(map(number, (figures.p50, figures.p99, figures.busy, figures.ratio)))


def _aimed(row: Row) -> str:
    return "" if row.aim is None else str(row.aim)


def _short(row: Row) -> str:
    if row.name == BARE:
        return "bare Flask, as many bytes"
    return f"{row.name}, from memory" if row.kind == "hot" else row.name


def _words(size: int, names: set[str]) -> str:
    absent = [
        f"{name.split(',')[0]} is not installed here, so it is not in the table."
        for name in ("nginx, a file", "datasette, 20 rows")
        if name not in names
    ]
    said = f"""*Ballerina*, all of it reached and told. The barer answers have as many bytes as the
reading page, {size:,} with their headers; nothing is compressed unless it says so. **Cold** is
without the memory in front of the app (`EXPLORER_HOT_MB=0`), one reader asking again and again;
**anew** is cold too, each request from a reader with another bookmark, whom the app has not met
lately; **hot** is as it comes. A Next answer is made anew each time by the app itself, so there
cold and hot are alike. All of these run in granian with one thread; `explorer serve` has
more of them, and takes in slow forms apart. The peers show the same twenty scenes: written the
usual way, and as posts of Flask's tutorial (both in `bench/`), and as rows of the same library in
datasette. *CPU ms* is how long the server worked for an answer, which other work on the machine
hardly changes."""
    return " ".join([said.replace("\n", " "), *absent]) + "\n\n"
