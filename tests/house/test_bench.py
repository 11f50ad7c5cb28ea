"""What `make bench` says is only worth something if it refuses what is wrong. Nothing is timed."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from itertools import islice
from pathlib import Path
from threading import Thread

import pytest

import bench.__main__ as command
from bench import asks, document, grid, load, machine, stories, tables, usual
from bench.answers import Checked, Request, WrongAnswerError, parsed, troubles
from bench.asks import Asker
from bench.ground import Ground, library, loaded
from bench.load import Plain, Round, in_order, one_by_one, round_of, understood
from bench.parts import main
from bench.section import Section
from explorer.knowledge.bookmark import Position
from explorer.knowledge.knowledge import Knowledge
from explorer.knowledge.known import KnownScene
from explorer.settings import folder
from explorer.storage.store import Store
from explorer.storyfile.storyfile import read

ROOT = Path(__file__).parents[2]
GET = b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"


@contextmanager
def answering(answer: Callable[[int], tuple[int, bytes]]) -> Iterator[int]:
    """Serve what a function gives for the number of the request, from 1. Gives the port."""
    count = 0

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            nonlocal count
            count += 1
            status, body = answer(count)
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield server.server_address[1]
        server.shutdown()
        thread.join()


# --- answers -----------------------------------------------------------------------------------


def test_an_answer_is_whole_only_with_its_last_byte() -> None:
    whole = b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nX-A: b\r\n\r\nhello"

    assert all(parsed(whole[:n]) is None for n in range(len(whole)))
    answer = parsed(whole)
    assert answer is not None
    assert (answer.status, answer.body, answer.size) == (200, b"hello", len(whole))
    assert answer.headers["x-a"] == "b"


def test_an_answer_in_chunks_is_put_together() -> None:
    whole = b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n3\r\nhel\r\n2\r\nlo\r\n0\r\n\r\n"

    assert all(parsed(whole[:n]) is None for n in range(len(whole)))
    answer = parsed(whole)
    assert answer is not None
    assert answer.body == b"hello"


@pytest.mark.parametrize(
    ("status", "body"), [(500, b"a good page"), (303, b"a good page"), (200, b"another page")]
)
def test_a_wrong_answer_is_never_timed(status: int, body: bytes) -> None:
    with answering(lambda _: (status, body)) as port:
        request = Request("page", port, (GET,), ("good",))

        with pytest.raises(WrongAnswerError, match="page: "):
            Checked(request)
        with pytest.raises(WrongAnswerError, match="page: "):
            one_by_one(request, 1)


def test_an_answer_that_changes_its_length_is_refused() -> None:
    with answering(lambda n: (200, b"good" + b"!" * (n > 1))) as port:
        checked = Checked(Request("page", port, (GET,), ("good",)))

        with pytest.raises(WrongAnswerError, match="bytes"):
            checked.check()


def test_a_server_that_prints_the_time_may_vary_a_little() -> None:
    with answering(lambda n: (200, b"good" + b"!" * 6 * n)) as port:
        checked = Checked(Request("page", port, (GET,), ("good",), slack=8))

        checked.check()
        with pytest.raises(WrongAnswerError, match="bytes"):
            checked.check()


def test_answers_that_weigh_too_little_on_average_end_the_run() -> None:
    with answering(lambda _: (200, b"good" * 1_000)) as port:
        checked = Checked(Request("page", port, (GET,), ("good",)))
        size = checked.sizes[0]

        checked.check_mean(size, under_way=0)
        checked.check_mean(size * 1.05, under_way=0.1)
        for wrong in (size * 0.98, size * 1.2):
            with pytest.raises(WrongAnswerError):
                checked.check_mean(wrong, under_way=0.1)


def test_packed_bodies_are_not_searched_for_words() -> None:
    request = Request("page", 0, (GET,), ("good",))
    packed = parsed(b"HTTP/1.1 200 OK\r\nContent-Encoding: br\r\nContent-Length: 2\r\n\r\n\x00\x01")
    plain = parsed(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nno")

    assert packed is not None
    assert plain is not None
    assert not list(troubles(request, packed))
    assert list(troubles(request, plain)) == ["without the words 'good'"]


# --- clients -----------------------------------------------------------------------------------


def test_the_client_in_python_counts_what_the_server_gave() -> None:
    asked = []

    def answer(n: int) -> tuple[int, bytes]:
        asked.append(n)
        return 200, b"good"

    with answering(answer) as port:
        checked = Checked(Request("page", port, (GET,), ("good",)))
        done = round_of(Plain(), checked, 0.1, 1)

    # Its look beforehand, before and after the round; and one may have been under way at the end.
    assert done.answers in (len(asked) - 3, len(asked) - 4)
    assert done.size == checked.sizes[0]


def test_the_client_in_python_stops_at_a_wrong_answer() -> None:
    with answering(lambda n: (200, b"good" if n < 4 else b"evil")) as port:
        checked = Checked(Request("page", port, (GET,), ("good",)))

        with pytest.raises(WrongAnswerError, match="good"):
            round_of(Plain(), checked, 10, 1)


SAID = """Running 2s test @ http://127.0.0.1:8000/
  1 threads and 16 connections
RESULT {"answers": 3000, "micros": 1500000, "bytes": 300000, "wrong": 0, "p50": 700, "p99": 1900}
"""


def test_what_wrk_says_is_understood() -> None:
    assert understood("page", SAID) == Round(3_000, 1.5, 0.7, 1.9, 100)


def test_one_error_of_wrk_makes_a_round_worth_nothing() -> None:
    with pytest.raises(WrongAnswerError, match="2 errors"):
        understood("page", SAID.replace('"wrong": 0', '"wrong": 2'))
    with pytest.raises(WrongAnswerError, match="nothing of use"):
        understood("page", "unable to connect")


def test_what_wrk_is_to_ask_is_written_as_lua_reads_it() -> None:
    said = load.script((b'GET /?q="x" HTTP/1.1\r\n\r\n', GET))

    assert r'"GET /?q=\"x\" HTTP/1.1\r\n\r\n"' in said
    assert "summary.requests" in said
    assert "%%" not in said


def test_percentiles_are_those_of_all_answers() -> None:
    done = in_order([n / 1000 for n in range(100, 0, -1)], 2.0, 1_000)

    assert (done.p50, done.p99, done.per_second, done.size) == (51, 100, 50, 10)
    with pytest.raises(WrongAnswerError):
        in_order([], 1, 0)


# --- what is asked -----------------------------------------------------------------------------


@pytest.fixture
def ballerina(tmp_path: Path) -> Asker:
    url = f"sqlite:///{tmp_path / 'ballerina.db'}"
    with Store(url) as store:
        store.prepare()
        store.save(read(folder("scenes.json").read_bytes()))
    return Asker(loaded(url, "ballerina"), 0, anew=True)


def test_readers_asked_anew_are_many_and_told_the_same(ballerina: Asker) -> None:
    place = ballerina.at(20)
    places = list(islice(asks.varied(place), asks.VARIANTS))
    told = [
        [scene.telling.title for scene in _shown(ballerina, one) if scene.telling]
        for one in places[::400]
    ]

    assert len(set(places)) == asks.VARIANTS
    assert all(titles == told[0] for titles in told)
    assert len(told[0]) == 20


def _shown(ask: Asker, place: Position) -> list[KnownScene]:
    knowledge = Knowledge.of(ask.story, place)
    return [knowledge.narrator.scene(n) for n in range(place.reached)]


def test_each_request_anew_is_another_one(ballerina: Asker) -> None:
    for request in (
        ballerina.read("read", ballerina.count),
        ballerina.next("next", ballerina.count),
        ballerina.veiled("veiled"),
    ):
        assert len(set(request.heads)) == asks.VARIANTS


def test_a_round_begins_where_the_one_before_did_not() -> None:
    heads = tuple(f"GET /{n} HTTP/1.1\r\n\r\n".encode() for n in range(2_000))
    with answering(lambda _: (200, b"good")) as port:
        checked = Checked(Request("page", port, heads, ("good",)))
        first, second = checked.turned(), checked.turned()

    assert set(first.heads[:600]).isdisjoint(second.heads[:600])
    assert set(first.heads) == set(second.heads) == set(heads)


# --- what is measured over ---------------------------------------------------------------------


def test_grown_stories_are_good_and_alike_on_every_page() -> None:
    for scenes in (40, 90):
        file = read(json.dumps(stories.grown(scenes)).encode())
        guest = [scene for scene in file.entry.scenes if "guest" in scene.people]

        assert len(file.entry.scenes) == scenes
        assert len(file.entry.people) == 25
        assert len(guest) == 5


def test_a_library_is_as_large_as_it_was_asked_for_and_made_once(tmp_path: Path) -> None:
    path = library(tmp_path, 4)
    made = path.stat().st_mtime_ns

    assert library(tmp_path, 4) == path
    assert path.stat().st_mtime_ns == made
    with Store(f"sqlite:///{path}") as store:
        ids = [held.id for held in store.holdings()]
    assert ids == ["ballerina", "small-1", "small-2", "small-3"]


def test_the_page_written_the_usual_way_shows_the_same_scenes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    usual.fill(tmp_path / "usual.db")
    monkeypatch.setenv("EXPLORER_BENCH_TABLES", str(tmp_path / "usual.db"))
    browser = usual.flask().test_client()
    browser.set_cookie("threshold", "4")
    browser.set_cookie("reached", "40")

    page = browser.get("/stories/ballerina/read").text

    scenes = read(folder("scenes.json").read_bytes()).entry.scenes
    assert page.count("<article") == 20
    assert all(f'id="s-{scene.id}"' in page for scene in scenes[20:40])


# --- what is written ---------------------------------------------------------------------------


def test_a_table_is_drawn_with_figures_to_the_right() -> None:
    drawn = tables.table(("answer", "per second"), [("a | b", "1,000")])

    assert drawn == "| answer | per second |\n| --- | ---: |\n| a \\| b | 1,000 |\n"


def test_a_row_that_does_not_fit_is_refused() -> None:
    with pytest.raises(ValueError, match="does not fit"):
        tables.table(("answer", "per second"), [("a",)])


@pytest.mark.parametrize(
    ("value", "written"), [(12_345.6, "12,346"), (99.96, "100.0"), (12.34, "12.3"), (0.456, "0.46")]
)
def test_numbers_have_as_many_digits_as_mean_something(value: float, written: str) -> None:
    assert tables.number(value) == written


def test_what_misses_its_aim_is_told_with_how_much() -> None:
    assert tables.at_least(0.5).missed("page", 0.5) == []
    assert tables.at_most(90, "MB").missed("worker", 90) == []
    assert tables.at_least(0.5).missed("page", 0.4) == [
        "page: 0.40 where ≥ 0.5 was aimed at (-20%)"
    ]
    assert tables.at_most(90, "MB").missed("worker", 99) == [
        "worker: 99.0 MB where ≤ 90 MB was aimed at (+10%)"
    ]


def test_ratios_are_taken_within_a_round() -> None:
    slow, quick = (Round(n, 1, 1, 1, 1) for n in (100, 1_000))
    figures = main.Figures.of([slow, quick, quick], [slow, quick, slow])

    assert figures.ratio == 1


def test_a_page_is_a_row_and_its_kinds_share_the_cells() -> None:
    costs = [
        grid.Costs(grid.Line("page", kind, (), tables.at_most(1.2)), (cost, cost * n), (1, n))
        for kind, cost, n in (("cold", 0.2, 1.1), ("hot", 0.05, 1.3))
    ]
    costs.append(grid.Costs(grid.Line("list", "cold", (), None), (1.5, 15), (1, 10)))

    assert grid.drawn("page", ("few", "many"), costs) == (
        "| page: cold · hot | few, ms | many |\n| --- | ---: | ---: |\n"
        "| page | 0.20 · 0.05 | 1.10 · 1.30 |\n| list: cold | 1.50 | 10.0 |\n"
    )
    assert grid.misses(("few", "many"), costs) == (
        "page, hot, many to few: 1.30 where ≤ 1.2 was aimed at (+8%)",
    )


def test_a_run_writes_what_it_measured_on_what_and_what_it_missed(tmp_path: Path) -> None:
    ground = Ground(tmp_path, Plain(), 5, 1.5, (10, 1_000))
    sections = [Section("Weight", "So much.", ("a page: too much",)), Section("Start", "Soon.\n")]

    text = document.written(ground, sections, "0.1", 61)

    assert text.startswith("# How fast it is\n\nWritten by `make bench` on 20")
    assert "a client in Python as the client" in text
    assert "## Weight\n\nSo much.\n\n## Start\n\nSoon.\n\n## What misses its aim\n" in text
    assert text.endswith("\n\n- a page: too much\n")


def test_when_time_is_up_no_part_begins(tmp_path: Path) -> None:
    ground = Ground(tmp_path, Plain(), 5, 1.5, (10, 1_000))
    assert (ground.has_time, ground.few) == (True, 2)

    ground.began -= 600

    assert (ground.has_time, ground.few) == (False, 1)


def test_server_and_client_have_a_core_each_even_for_who_is_held_to_one() -> None:
    usable = sorted(os.sched_getaffinity(0))
    server, client = machine.cores()

    assert (server, client) == (usable[0], usable[-1])
    with machine.on_core(client):
        assert machine.cores() == (server, client)
        with machine.on_core(machine.cores()[0]):
            assert os.sched_getaffinity(0) == {server}
    assert sorted(os.sched_getaffinity(0)) == usable


def test_parts_are_run_alone_or_all_that_need_nothing_and_wait_for_nothing() -> None:
    assert command.chosen("weight, main") == ["main", "weight"]
    assert command.chosen("clone") == ["clone"]
    assert set(command.chosen("")) == set(command.PARTS) - {"clone", "lighthouse", "slow"}
    with pytest.raises(SystemExit, match="no part speed"):
        command.chosen("main,speed")


def test_make_bench_runs_it_apart_from_the_tests() -> None:
    for goal, runs in (("bench", True), ("test", False)):
        asked = ["make", "--dry-run", goal]
        plan = subprocess.run(asked, cwd=ROOT, capture_output=True, text=True, check=True).stdout

        assert ("-m bench" in plan) is runs
