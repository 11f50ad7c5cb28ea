"""A story is edited while people read it: nobody is told more by an edit, nobody loses their place.

Edits go through the real store, readers through HTTP. What is known after an edit is read from the
files by `tests.shield.oracle` and `tests.shield.prove`, which know the contract and not the app.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from random import Random
from typing import Any

import pytest
from flask import Flask
from hypothesis import Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from explorer import create_app
from explorer.settings import Settings
from explorer.storage.store import Store
from explorer.storyfile import storyfile
from explorer.storyfile.problems import BrokenStory
from tests.conftest import HOT_MB, Serve
from tests.shield.oracle import Oracle, tellings
from tests.shield.prove.bookmarks import (
    Document,
    Past,
    laid,
    past,
    person_key,
    read,
    scene_key,
)
from tests.shield.prove.contract import Sent, outcome
from tests.support import author_edits, tale
from tests.support.crawl import PART, Answer
from tests.support.crawl import Reader as Browser

ROOT = Path(__file__).resolve().parents[2]
HOME = f"/stories/{tale.document()['id']}"

# What an edit may do beside moving scenes and levels about: to people, conditions and words.
KINDS = [
    *("merge people", "part people", "rename person", "add a person"),
    *("move a condition", "rewrite a scene"),
]
MORE_EDITS = st.tuples(
    st.sampled_from(KINDS),
    st.integers(0, 20),
    st.integers(0, 20),
)


def told(app: Flask, text: str) -> dict[str, Any]:
    """Give what the app tells a bookmark, by its export."""
    reader = Browser(app).keep(HOME, text) if text else Browser(app)
    answer = reader.get(f"{HOME}/export.json")
    assert answer.status == 200
    found: dict[str, Any] = json.loads(answer.text)
    return {
        "standing": [found[key] for key in ("threshold", "reached", "seen", "more", "revision")],
        "scenes": [_scene(scene) for scene in (*found["scenes"], *found["ahead"])],
        "people": [
            (person["key"], person["name"], person["earlier"], len(person["facts"]))
            for person in found["people"]
        ],
        "happened": found["happened"],
        "details": [detail["text"] for detail in found["details"]],
    }


def _scene(scene: dict[str, Any]) -> tuple[Any, ...]:
    title = scene["telling"] and scene["telling"]["title"]
    return (scene["key"], scene["number"], scene["state"], scene["level"], title, scene["opened"])


def allowed(document: Document, history: list[Past], text: str) -> dict[str, Any]:
    """Give what the contract says that a bookmark is told, in the same form."""
    reader = laid(document, history, text)
    oracle = Oracle(document, reader)
    whole = oracle.whole(history[-1].revision)

    def key(ident: str | None) -> str | None:
        return None if ident is None else scene_key(document, ident)

    def scene(entry: dict[str, Any]) -> tuple[Any, ...]:
        return _scene(entry | {"key": key(entry["key"])})

    standing = whole["standing"]
    return {
        "standing": [
            reader.threshold,
            key(standing["reached"]),
            key(standing["seen"]),
            not standing["ended"],
            history[-1].revision,
        ],
        "scenes": [scene(one) for one in (*(r["scene"] for r in whole["rows"]), *whole["ahead"])],
        "people": [
            (
                person_key(document, person["who"]["key"]),
                person["who"]["name"],
                person["earlier"],
                len(person["facts"]),
            )
            for person in whole["people"]
        ],
        "happened": [key(scene) for scene in whole["happened"]],
        "details": [detail["text"] for detail in whole["work"]["details"]],
    }


# --- edits and moves, in any order ---------------------------------------------------------------


class Edited(RuleBasedStateMachine):
    """An author who edits, and readers who read meanwhile."""

    app: Flask
    store: Store

    @initialize()
    def start(self) -> None:
        self.document = tale.document()
        kept = self.store.save(_file(self.document), replace=True)
        self.history = [past(self.document, kept.revision)]
        self.count = 0
        self.titles: dict[str, tuple[str, int]] = {}
        self._remember_titles()
        self.readers = [Browser(self.app) for _ in range(3)]
        # What each of them was told as their bookmark last moved, which no edit adds to.
        self.rested = [self._words(who) for who in range(3)]
        # Far apart, so that there is something to lose and something to be told.
        self._go_on(1, 4)
        self._go_on(2, len(self.document["scenes"]))

    def _go_on(self, who: int, steps: int) -> None:
        self.readers[who].post(f"{HOME}/threshold", {"threshold": str(who)})
        for _ in range(steps):
            self._send(who, Sent("next", (("from", self._last(who)),)))

    def _text(self, who: int) -> str:
        return self.readers[who].cookies.get(HOME, "").removeprefix("bookmark=")

    def _last(self, who: int) -> str:
        reader = laid(self.document, self.history, self._text(who))
        scenes = self.document["scenes"]
        return scene_key(self.document, scenes[reader.reached - 1]["id"]) if reader.reached else ""

    def _send(self, who: int, sent: Sent) -> None:
        before = laid(self.document, self.history, self._text(who))
        status, after = outcome(self.document, before, sent)
        answer = self.readers[who].post(f"{HOME}/{sent.path}", sent.fields)

        assert answer.status == status, sent
        assert laid(self.document, self.history, self._text(who)) == after, sent
        if answer.every("Set-Cookie"):
            self.rested[who] = self._words(who)

    def _keep(self, made: Document) -> None:
        try:
            file = _file(made)
        except BrokenStory:
            # A hasty author is refused, and nothing has changed.
            return
        kept = self.store.save(file)
        if kept.outcome != "same":
            self.history.append(past(made, kept.revision))
        self.document = made
        for who, words in enumerate(self.rested):
            self._learns_nothing(who, words)

    def _words(self, who: int) -> set[str]:
        """What a reader is told: titles of scenes, which are all different, and details."""
        found = told(self.app, self._text(who))
        return {scene[4] for scene in found["scenes"] if scene[4]} | set(found["details"])

    def _learns_nothing(self, who: int, before: set[str]) -> None:
        """See that an edit told nobody a scene, but for what it did to the scenes they had."""
        self._remember_titles()
        heirs = {
            telling["title"]
            for scene in self.document["scenes"]
            if scene.get("was") or scene["title"].startswith("rewritten")
            for telling in tellings(scene)
        }
        heirs |= {one["text"] for one in self.document["details"] if one["label"] == "moved"}
        for title in self._words(who) - before - heirs:
            # Whoever was told more of a scene may be told less of it now. An heir of a scene that
            # is gone, and what was rewritten or hung elsewhere, is the author's word.
            assert title in self.titles, title
            scene, n = self.titles[title]
            had = [self.titles[one] for one in before if one in self.titles]
            assert any(s == scene and m > n for s, m in had), title

    def _remember_titles(self) -> None:
        """Remember of which scene each title is, as it came into the story, and how full it is."""
        for scene in self.document["scenes"]:
            known = [t["title"] for t in tellings(scene) if t["title"] in self.titles]
            origin = self.titles[known[0]][0] if known else scene["id"]
            for n, telling in enumerate(tellings(scene)):
                self.titles.setdefault(telling["title"], (origin, n))

    # --- what the author does ---

    @rule(how=author_edits.EDITS)
    def edit(self, how: author_edits.Edit) -> None:
        self.count += 1
        self._keep(author_edits.edit(self.document, how, f"fresh{self.count}"))

    @rule(how=MORE_EDITS)
    def edit_people_and_words(self, how: author_edits.Edit) -> None:
        self.count += 1
        self._keep(_edit(self.document, how, f"fresh{self.count}"))

    @rule()
    def import_again(self) -> None:
        assert self.store.save(_file(self.document)).outcome == "same"

    # --- what readers do ---

    @rule(who=st.integers(0, 2))
    def turn(self, who: int) -> None:
        self._send(who, Sent("next", (("from", self._last(who)),)))

    @rule(who=st.integers(0, 2), kind=st.integers(0, 5), n=st.integers(0, 20))
    def move(self, who: int, kind: int, n: int) -> None:
        scenes = self.document["scenes"]
        key = scene_key(self.document, scenes[n % len(scenes)]["id"])
        moves = [
            Sent("threshold", (("threshold", str(n % (len(self.document["levels"]) + 1))),)),
            Sent(f"scenes/{key}/open"),
            Sent(f"scenes/{key}/close"),
            Sent("seen", (("scene", key),)),
            Sent("back", (("scene", key),)),
            Sent("warned", (("warned", ("yes", "no")[n % 2]),)),
        ]
        self._send(who, moves[kind])

    @rule(who=st.integers(0, 2))
    def see_to_the_end(self, who: int) -> None:
        """Go on to the last scene, and say that everything has been seen."""
        while laid(self.document, self.history, self._text(who)).reached < len(
            self.document["scenes"]
        ):
            self._send(who, Sent("next", (("from", self._last(who)),)))
        self._send(who, Sent("seen", (("scene", self._last(who)),)))

    @rule(who=st.integers(0, 2))
    def come_back_with_the_first_form_of_the_cookie(self, who: int) -> None:
        found = read(self._text(who))
        if found is not None:
            text = replace(found, finished=None).text
            self.readers[who].keep(HOME, text)
            self.rested[who] = self._words(who)

    @precondition(lambda self: len(self.history) > 1)
    @rule(who=st.integers(0, 2), n=st.integers(0, 20))
    def send_a_form_from_before(self, who: int, n: int) -> None:
        """A tab that was open before the edit turns from the scene that it shows as the last."""
        old = self.history[n % len(self.history)].scenes
        self._send(who, Sent("next", (("from", old[n % len(old)]),)))

    # --- what must hold ---

    @invariant()
    def everybody_knows_what_the_contract_says(self) -> None:
        for who in range(3):
            text = self._text(who)
            assert told(self.app, text) == allowed(self.document, self.history, text)

    @invariant()
    def links_keep_working(self) -> None:
        reader = self.readers[0]
        for scene in self.document["scenes"]:
            for ident in (scene["id"], *scene.get("was", [])):
                target = f"{HOME}/scenes/{scene_key(self.document, ident)}"
                assert reader.get(target).status == 200
        oracle = Oracle(self.document, laid(self.document, self.history, self._text(0)))
        for person in self.document["people"]:
            known = oracle.who(person["id"]) is not None
            for ident in (person["id"], *person.get("was", [])):
                answer = reader.get(f"{HOME}/people/{person_key(self.document, ident)}")
                assert (answer.status in (200, 303)) == known

    @invariant()
    def nobody_is_further_on_than_their_bookmark_names(self) -> None:
        for who in range(3):
            found = read(self._text(who))
            reader = laid(self.document, self.history, self._text(who))
            assert found is not None or reader.reached == 0


def _file(document: Document) -> storyfile.StoryFile:
    return storyfile.read(json.dumps(document).encode())


def _edit(document: Document, how: author_edits.Edit, fresh: str) -> Document:
    kind, first, second = how
    made: Document = json.loads(json.dumps(document))
    people, scenes = made["people"], made["scenes"]
    one, other = people[first % len(people)], people[second % len(people)]
    scene = scenes[second % len(scenes)]
    if kind == "merge people":
        one["is"] = {"person": other["id"], "scene": scene["id"]}
    elif kind == "part people":
        one.pop("is", None)
    elif kind == "move a condition":
        entries = [*made["details"], *one["names"], *one.get("facts", []), *made["relations"]]
        entry = entries[second % len(entries)]
        entry.pop("level", None)
        entry["scene"] = scene["id"]
        if "label" in entry:
            # It says so itself, for those who look whether an edit told anything.
            entry["label"] = "moved"
    elif kind == "rename person":
        made = _with_other_id(made, one["id"], fresh)
    elif kind == "rewrite a scene":
        scene["title"] = f"rewritten {fresh}"
    else:
        people.append({"id": fresh, "names": [{"name": f"Name {fresh}", "scene": scene["id"]}]})
        scene.setdefault("people", []).append(fresh)
    return made


def _with_other_id(document: Document, old: str, new: str) -> Document:
    """Rename a person wherever it is named; ids of the tale are words of their own."""
    text = json.dumps(document).replace(f'"{old}"', f'"{new}"')
    text = text.replace(f"[[{old}]]", f"[[{new}]]").replace(f"[[{old}|", f"[[{new}|")
    made: Document = json.loads(text)
    for person in made["people"]:
        if person["id"] == new:
            was = [new if one == old else one for one in person.get("was", [])]
            person["was"] = [*was, old]
    return made


def test_whatever_is_edited_nobody_knows_more_and_nobody_loses_more_than_the_contract_says(
    serve: Serve,
) -> None:
    app = serve(json.dumps(tale.document()).encode())
    store = app.extensions["shelf"].stories._store
    machine = type("EditedHere", (Edited,), {"app": app, "store": store})
    few = settings(tale.patiently, max_examples=25, stateful_step_count=14, phases=[Phase.generate])

    run_state_machine_as_test(machine, settings=few)


# --- an import that is killed ------------------------------------------------------------------

SCENES = 500
KILLS = 20

# Imports over and over, each time another version of the story, and kills most of these imports.
KILLING = """
import os, random, signal, sys, time
from explorer.storage.store import Store
from tests.shield.test_edits import KILLS, version

url, chance = sys.argv[1], random.Random("kills")
files = [version(n) for n in range(KILLS + 1)]

def keep(n):
    child = os.fork()
    if child == 0:
        try:
            with Store(url) as store:
                store.save(files[n])
        finally:
            os._exit(0)
    return child

whole = 0.0
for n in range(1, KILLS + 1):
    began, child = time.monotonic(), keep(n)
    # Every fourth may finish, which also says how long it takes on a machine as busy as now.
    if n % 4 != 1:
        time.sleep(chance.uniform(0, whole))
        os.kill(child, signal.SIGKILL)
    status = os.waitpid(child, 0)[1]
    whole = time.monotonic() - began if n % 4 == 1 else whole
    with Store(url) as store:
        story = store.load("kills")
    titles = {scene.full.title for scene in story.scenes}
    print(n, status, story.revision, *titles, flush=True)
"""


def version(n: int) -> storyfile.StoryFile:
    """Give a long story of which every scene says which version it is of."""
    scenes = [
        {"id": f"s{i}", "level": 0, "title": f"v{n}", "text": f"v{n}"}
        for i in range(SCENES + n % 3)
    ]
    head = {"format": 1, "id": "kills", "title": f"v{n}", "medium": "play", "language": "en"}
    levels = [{"name": "low"}, {"name": "high"}]
    return _file({**head, "premise": f"v{n}", "levels": levels, "scenes": scenes})


@pytest.fixture
def killing(library: str) -> Iterator[subprocess.Popen[str]]:
    with Store(library) as store:
        store.save(version(0))
    paths = {"PYTHONPATH": str(ROOT)}
    with subprocess.Popen(
        [sys.executable, "-c", KILLING, library],
        stdout=subprocess.PIPE,
        cwd=ROOT,
        env=os.environ | paths,
        text=True,
    ) as process:
        yield process
        process.kill()


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs processes that can be forked")
def test_readers_of_an_import_that_is_killed_see_the_old_story_or_the_new_one(
    app: Flask, library: str, killing: subprocess.Popen[str]
) -> None:
    assert killing.stdout is not None
    chance, killed, seen = Random("readers"), 0, set[str]()
    for line in killing.stdout:
        n, status, _, *titles = line.split()
        killed += status == "9"

        assert len(titles) == 1, line
        assert int(titles[0][1:]) <= int(n)
        # A reader who comes meanwhile, anywhere in the story.
        for _ in range(2):
            versions = _versions(app, chance.randrange(SCENES))
            assert len(versions) == 1
            seen |= versions
    assert killing.wait() == 0
    assert killed
    assert len(seen) > 1

    with Store(library) as store:
        last = store.load("kills")
        assert last is not None
        assert store.save(version(99)).revision == last.revision + 1
        assert store.save(version(99)).outcome == "same"
    assert _versions(app, 3) == {"v99"}


def _versions(app: Flask, scene: int) -> set[str]:
    """Give the versions that the words on one page are of."""
    key = scene_key({"id": "kills"}, f"s{scene}")
    reader = Browser(app).keep("/stories/kills", f"1.1.1.0.{key}...")
    answer = reader.get("/stories/kills/read")
    assert answer.status == 200
    shown = {element.get("content") or "" for element in answer.page.all("meta")}
    page = answer.page.text.split()
    return {word for word in (*page, *shown) if word.startswith("v") and word[1:].isdigit()}


# --- two processes, and imports in between -----------------------------------------------------

SHARED = "/stories/shared"
PARTS = ["", "/read", "/people", "/shape", "/search?q=words", "/card", "/export.md"]
READERS, REQUESTS, EDITIONS = 4, 80, 25


def edition(revision: int) -> storyfile.StoryFile:
    """Give a story of which all words say the revision that it will be."""
    says = f"edition{revision}"
    scenes = [
        {"id": f"s{n}", "level": n % 2, "title": f"{n} {says}", "text": f"words {says}"}
        for n in range(6)
    ]
    # Every other edition has a scene that the next one takes away again.
    scenes[3:3] = [{"id": "guest", "level": 0, "title": says, "text": f"words {says}"}] * (
        revision % 2
    )
    head = {"format": 1, "id": "shared", "title": says, "medium": "play", "language": "en"}
    levels = [{"name": "low", "note": says}, {"name": "high", "note": says}]
    person = {"id": "one", "names": [{"name": f"Somebody {says}"}]}
    return _file({**head, "premise": says, "levels": levels, "people": [person], "scenes": scenes})


@pytest.fixture
def processes(library: str) -> Iterator[tuple[Flask, Flask]]:
    """Give two applications on one library, each of which holds what it knows for long."""
    with Store(library) as store:
        store.save(edition(1))
    one, other = (
        create_app(Settings(database_url=library, hot_mb=HOT_MB, fresh_ms=900)) for _ in range(2)
    )
    yield one, other
    for app in (one, other):
        app.extensions["shelf"].stories._store.close()


def editions(answer: Answer) -> set[int]:
    """Give the revisions that the words of an answer are of."""
    return set(map(int, re.findall(r"edition(\d+)", answer.text)))


def test_who_has_moved_in_one_process_is_told_by_no_other_what_was_taken_away(
    library: str, processes: tuple[Flask, Flask]
) -> None:
    one, other = processes
    for part in PARTS:
        assert editions(Browser(one).get(SHARED + part)) <= {1}
    with Store(library) as store:
        store.save(edition(2))

    reader = Browser(other)
    reader.post(f"{SHARED}/next", {"from": ""})
    assert reader.cookies[SHARED].startswith("bookmark=2.0.2.")

    reader.app = one
    for part in PARTS:
        assert editions(reader.get(SHARED + part)) == {2}, part
    reader.post(f"{SHARED}/threshold", {"threshold": "1"})
    assert reader.cookies[SHARED].startswith("bookmark=2.0.2.1.")


def test_while_imports_come_in_every_answer_is_of_one_revision_and_none_goes_back(
    library: str, processes: tuple[Flask, Flask]
) -> None:
    def read_on(seed: int) -> None:
        chance, reader = Random(seed), Browser(processes[0])
        for _ in range(REQUESTS):
            reader.app = chance.choice(processes)
            reader.headers = chance.choice([{}, PART, {"Accept-Encoding": "br"}])
            least = _revision(reader)
            if chance.random() < 0.4:
                move = chance.choice([("next", "from"), ("warned", "warned"), ("back", "scene")])
                last = reader.cookies.get(SHARED, ".....").split(".")[5]
                value = "yes" if move[1] == "warned" else last
                answer = reader.post(f"{SHARED}/{move[0]}?page=front", {move[1]: value})
            else:
                answer = reader.get(SHARED + chance.choice(PARTS))
            assert answer.status in (200, 303)
            told = editions(answer)
            assert len(told) <= 1
            assert min(told, default=least) >= least
            if answer.every("Set-Cookie"):
                assert _revision(reader) in (told or {_revision(reader)})
                assert _revision(reader) >= least

    with ThreadPoolExecutor(READERS) as pool, Store(library) as store:
        reading = [pool.submit(read_on, seed) for seed in range(READERS)]
        for revision in range(2, EDITIONS):
            if revision % 5 == 0:
                time.sleep(0.02)
            assert store.save(edition(revision)).revision == revision
        for one in reading:
            one.result()


def _revision(reader: Browser) -> int:
    """Give the revision that a reader's bookmark names."""
    return int(reader.cookies.get(SHARED, "2.0.0").split(".")[2])
