"""Whoever may not know it does not get it: every bookmark of the tiny tale, every byte.

What is hidden is told by `tests.shield.oracle`, which knows the contract and not the app.
"""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from copy import deepcopy
from dataclasses import dataclass, replace
from functools import cache, cached_property, lru_cache
from itertools import chain, cycle, pairwise, repeat
from typing import Any
from urllib.parse import urlencode

import pytest
from flask import Flask

from explorer.knowledge.bookmark import Position, bookmark_of, position_of
from explorer.knowledge.bookmark_text import decode, encode
from explorer.story.terms import opaque
from tests.conftest import Serve
from tests.shield import oracle
from tests.shield.oracle import Oracle
from tests.support import tale
from tests.support.crawl import OURS, PART, Answer, Reader, ask, crawl, leads, lost_anchors
from tests.support.tale import Document

# The markers of the tale, moved: the app's own words give "00:45" as an example.
MARKERS = {"00:10": "03:11", "00:20": "03:23", "00:45": "03:47", "01:05": "04:09", "01:20": "04:21"}


def moved_markers() -> Document:
    """Give the tale as these tests use it."""
    document = tale.document()
    for scene in document["scenes"]:
        if "marker" in scene:
            scene["marker"] = MARKERS[scene["marker"]]
    return document


TALE = moved_markers()
STORY = tale.told(TALE)
HOME = f"/stories/{TALE['id']}"
READ = f"{HOME}/read"
SCENES = [scene["id"] for scene in TALE["scenes"]]
PEOPLE = [person["id"] for person in TALE["people"]]
NOBODY = "aaaaaaaaaaaa"

# What `oracle` says in ids, which never travel: readers see keys.
SAID_IN_IDS = {"key", "start", "reached", "before", "seen", "happened"}


def scene_key(ident: str) -> str:
    return opaque(TALE["id"], "scene", ident)


def person_key(ident: str) -> str:
    return opaque(TALE["id"], "person", ident)


def seen_from(place: Position, document: Document = TALE) -> Oracle:
    """Give what the contract says that a place may know."""
    ids = [scene["id"] for scene in document["scenes"]]
    reader = oracle.Reader(
        place.threshold,
        place.reached,
        place.seen,
        frozenset(ids[i] for i in place.opened),
        place.warned,
        frozenset(ids[i] for i in place.withheld),
        place.finished,
    )
    return Oracle(document, reader)


def said(value: Any) -> Iterator[str]:
    """Give all that an answer of the oracle says, ids left out."""
    if isinstance(value, Mapping):
        for key, inner in value.items():
            if key not in SAID_IN_IDS and not (key == "person" and isinstance(inner, str)):
                yield from said(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from said(inner)
    elif isinstance(value, str):
        yield value


WORDS = tale.words(TALE)
KEYS = {scene_key(i): i for i in SCENES} | {person_key(i): i for i in PEOPLE}
END = Position(len(STORY.levels) - 1, len(STORY.scenes), len(STORY.scenes), finished=True)
SECRETS = {word.lower().encode() for word in (*WORDS, *KEYS)}
SECRET = re.compile(b"|".join(map(re.escape, sorted(SECRETS, key=len, reverse=True))))


def named(target: str) -> set[bytes]:
    """Give what a request names itself, so that the answer may; a scene also by its old key."""
    now = target.replace(scene_key("skimmer"), scene_key("curlew"))
    return set(SECRET.findall(now.encode()))


def secrets(sent: bytes) -> set[bytes]:
    """Give the words and keys of the tale that stand anywhere in some bytes, inside others too."""
    return {one for line in sent.lower().split(b"\n") for one in secrets_in(line)}


@lru_cache(100_000)
def secrets_in(line: bytes) -> frozenset[bytes]:
    return frozenset(SECRET.findall(line))


@dataclass(frozen=True)
class Knower:
    """A place in the tale, and what may be told there."""

    place: Position

    @cached_property
    def oracle(self) -> Oracle:
        return seen_from(self.place)

    @property
    def cookie(self) -> str:
        return encode(bookmark_of(STORY, self.place))

    @property
    def alike(self) -> tuple[object, ...]:
        """What decides what is known: places that have this in common may know the same."""
        told = (t and t["level"] for t in self.oracle.told.values())
        reader = self.oracle.reader
        everything = self.oracle.everything_seen()
        # Who was shown a name before depends on how the reader came to be told so much.
        known_as = (tuple(self.oracle.first_known_as(one)) for one in self.oracle.people())
        return (reader.threshold, reader.reached, reader.warned, everything, *told, *known_as)

    @cached_property
    def knows(self) -> frozenset[bytes]:
        """The words and keys that may be sent."""
        # `whole` says the parts of scenes reached; one that was opened ahead may start one, too.
        # The premise is known to all as the first bookmark reads it: the library shows it.
        first = seen_from(Position()).work()["premise"]
        known = " ".join(said([self.oracle.whole(1), self.oracle.parts(), first])).lower().encode()
        keys = [scene_key(scene) for scene in self.oracle.covered()]
        keys += [person_key(person) for person in PEOPLE if self.oracle.who(person)]
        return frozenset(SECRET.findall(known)) | {key.encode() for key in keys}

    def ask(self, app: Flask, target: str, *, part: bool) -> Answer:
        """Ask for an address with this bookmark."""
        headers = {"Cookie": f"bookmark={self.cookie}"}
        return ask(app, "GET", target, headers | (PART if part else {}))

    def leaked(self, target: str, answer: Answer) -> set[bytes]:
        """Give what an answer tells that it may not."""
        return secrets(answer.sent) - self.knows - named(target)


Knowers = dict[tuple[object, ...], list[Knower]]


@pytest.fixture(scope="module")
def app(serve: Serve) -> Flask:
    return serve(json.dumps(TALE).encode())


@pytest.fixture(scope="module")
def knowers() -> Knowers:
    """Give a knower for every bookmark of the tale, in groups that may know the same."""
    groups = defaultdict(list)
    for place in chain(tale.every_place(STORY), tale.every_held_place(STORY)):
        knower = Knower(place)
        groups[knower.alike].append(knower)
    return dict(groups)


def addresses(n: int) -> Iterator[str]:
    """Give every address of the tale, also those that nobody links to; `n` picks some views."""
    yield from (f"{HOME}{page}" for page in ("", "/read", "/people", "/shape", "/card", "/carry"))
    yield from (f"{HOME}/scenes/{scene_key(scene)}" for scene in (*SCENES, "skimmer"))
    people = [f"{HOME}/people/{person_key(person)}" for person in (*PEOPLE, "sycamore")]
    yield from people[n % 2 :: 2]
    yield from (f"{HOME}/scenes/{NOBODY}", f"{HOME}/people/{NOBODY}")
    yield from (f"{HOME}/read?{view}" for view in views(n))
    yield from (f"{HOME}/{file}" for file in ("print", "export.md", "export.json", "preview.png"))
    yield f"{HOME}/search"
    yield from (f"{HOME}/search?q={word.lower()}" for word in sorted(WORDS)[n % 23 :: 23])


def views(n: int) -> Iterator[str]:
    """Give views of the reading page: some of each kind, others for another `n`."""
    who = [f"who={person_key(person)}" for person in PEOPLE]
    scenes = [scene_key(scene) for scene in SCENES]
    yield from who[n % 3 :: 3]
    yield f"time={('present', 'flashback', 'flashforward', 'dream')[n % 4]}"
    yield "order=happened"
    yield f"order=happened&{who[n % len(who)]}"
    yield f"{who[n % len(who)]}&{who[(n + 1 + n // 7) % len(who)]}&match=all"
    yield f"before={scenes[n % len(scenes)]}"
    yield f"after={scenes[n % len(scenes)]}"
    yield f"order=happened&after={scenes[n % len(scenes)]}"


def test_the_words_of_the_tale_do_not_hide_in_each_other() -> None:
    for word in SECRETS:
        assert not [other for other in SECRETS if word in other and word != other]


@pytest.mark.parametrize("quarter", range(4))
def test_no_bookmark_gets_a_word_that_it_may_not_know(
    app: Flask, knowers: Knowers, quarter: int
) -> None:
    # Every place asks for the reading page. Places that may know the same share a quarter of the
    # other addresses among them, the next ones the next quarter. One answer in two is a part.
    for n, group in list(enumerate(knowers.values()))[quarter::4]:
        # What an edit or a warning adds is little, and its places are many.
        step = 11 if group[0].place.warned or group[0].place.withheld else 4
        rest = list(addresses(n))[n % step :: step]
        knows = group[0].knows
        share = -(-len(rest) // len(group))
        asking = chain.from_iterable(zip(repeat(one, share), cycle(rest)) for one in group)
        for m, (knower, target) in enumerate(chain(zip(group, repeat(READ)), asking)):
            answer = knower.ask(app, target, part=(n // 4 + m) % 2 == 1)

            assert answer.status in (200, 303, 404)
            assert not secrets(answer.sent) - knows - named(target), (knower.place, target)
            for found in leads(target, answer):
                assert is_asked(found), f"{found} at {target}: put it into `addresses`"


def queries(place: Position, offered: list[dict[str, Any]]) -> Iterator[tuple[Position, str]]:
    """Give ways to ask for a place, in whatever words an address offers, and where each leads."""
    scenes = [scene.key for scene in STORY.scenes]
    asked: dict[str, list[str]] = {
        "threshold": [str(place.threshold)],
        "reached": [scenes[place.reached - 1]] if place.reached else [],
        "seen": [scenes[place.seen - 1]] if place.seen else [],
        "opened": [scenes[scene] for scene in sorted(place.opened)],
    }
    names = {parameter["name"] for parameter in offered}
    assert names <= {*asked, "turn", "after", "limit"}, "say how to fill in what is new"
    pairs = [(name, one) for name in asked if name in names for one in asked[name]]
    yield (place if asked.keys() <= names else Position()), urlencode(pairs)
    if "turn" in names:
        turned = replace(place, reached=min(place.reached + 1, len(scenes)))
        yield turned, urlencode([*pairs, ("turn", "1")])


def test_programs_are_told_no_more_than_the_bookmark_in_their_query_may_know(
    app: Flask, knowers: Knowers
) -> None:
    # Whatever the description offers is asked, a new address from its first day.
    offered = json.loads(ask(app, "GET", "/api/v1/openapi.json").body)["paths"]
    places = [group[0].place for group in knowers.values()]
    plain = [place for place in places if not place.withheld and not place.warned]
    # What has no bookmark in its query is the same for all places, and is asked once.
    asking = dict.fromkeys(
        (at, f"{path.replace('{story}', TALE['id'])}?{query}")
        for place in plain
        for path, item in offered.items()
        for at, query in queries(place, item["get"].get("parameters", []))
    )
    for at, target in asking:
        answer = ask(app, "GET", target, {"Cookie": f"bookmark={Knower(END).cookie}"})

        assert answer.status == 200, target
        # In a query, to have seen the last scene is to have finished.
        asked = replace(at, finished=at.seen == len(SCENES))
        assert not Knower(asked).leaked(target, answer), target

    assert len(asking) > 2 * len(plain) > 100


def is_asked(target: str) -> bool:
    """Whether a link leads to one of `addresses`, a combined view, or what has no bookmark."""
    path = target.partition("?")[0]
    return path in ASKED or path == "/" or path.startswith("/static/")


ASKED = {address.partition("?")[0] for n in range(2) for address in addresses(n)}


def some(knowers: Knowers, step: int, start: int = 0) -> list[Knower]:
    """Give a few knowers from all over the tale, none like another."""
    return [group[n % len(group)] for n, group in enumerate(knowers.values())][start::step]


def test_no_refusal_and_no_other_method_gets_a_word(app: Flask, knowers: Knowers) -> None:
    methods = ("HEAD", "OPTIONS", "PUT", "DELETE", "TRACE")
    for n, knower in enumerate(some(knowers, 50)):
        cookie = {"Cookie": f"bookmark={knower.cookie}"}
        for m, target in enumerate(addresses(n)):
            path = target.partition("?")[0]
            refused = ask(app, "POST", path, cookie)
            other = ask(app, methods[(n + m) % 5], path, cookie | OURS)

            assert refused.status == 403
            assert not knower.leaked(path, refused), (knower.place, path)
            assert not knower.leaked(path, other), (knower.place, path)


def test_readers_at_the_same_time_get_what_each_gets_alone(serve: Serve, knowers: Knowers) -> None:
    alone, together = (serve(json.dumps(TALE).encode()) for _ in range(2))
    asked = [
        (knower, target)
        for n, knower in enumerate(some(knowers, 9))
        for target in list(addresses(n))[n % 7 :: 7]
    ]
    answers = [knower.ask(alone, target, part=False) for knower, target in asked]

    def strays(n: int) -> list[tuple[Position, str]]:
        return [
            (knower.place, target)
            for (knower, target), answer in list(zip(asked, answers, strict=True))[n::4]
            if knower.ask(together, target, part=False) != answer
        ]

    with ThreadPoolExecutor(8) as pool:
        assert [stray for found in pool.map(strays, [0, 1, 2, 3] * 2) for stray in found] == []


# --- moves -------------------------------------------------------------------------------------

Move = tuple[str, tuple[tuple[str, str], ...]]


def moves(n: int) -> Iterator[Move]:
    """Give every move, in range and out of it; `n` picks where the form says that it stood."""
    scenes = [scene_key(scene) for scene in SCENES]
    pages = ["read", "front", "people", "carry", f"people/{person_key(PEOPLE[n % len(PEOPLE)])}"]
    view = f"?page={pages[n % len(pages)]}&who={person_key(PEOPLE[n % 7])}&order=happened"
    for scene in ("", NOBODY, *scenes):
        yield f"{HOME}/next{view}", (("from", scene),)
        yield f"{HOME}/seen{view}", (("scene", scene),)
        yield f"{HOME}/back{view}", (("scene", scene),)
    for scene in scenes:
        yield f"{HOME}/scenes/{scene}/open{view}", ()
        yield f"{HOME}/scenes/{scene}/open?page=scenes/{scene}", ()
        yield f"{HOME}/scenes/{scene}/close{view}", ()
        yield f"{HOME}/scenes/{scene}/close?page=scenes/{scene}", ()
    for threshold in ("0", "1", "2", "3", "4", "-1", "all", ""):
        yield f"{HOME}/threshold{view}", (("threshold", threshold),)
        yield f"{HOME}/start{view}", (("threshold", threshold),)
    for marker in (*MARKERS.values(), "03:40", "00:00", "99:99", "nowhere", ""):
        yield f"{HOME}/seen?page=front", (("marker", marker),)
        yield f"{HOME}/seen?page=front", (("marker", f"{marker}:00"), ("sure", "yes"))
    yield f"{HOME}/seen{view}", (("all", "yes"),)
    for warned in ("yes", "no", "perhaps"):
        yield f"{HOME}/warned{view}", (("warned", warned),)
    yield f"{HOME}/forget{view}", ()
    yield f"{HOME}/carry?page=carry", (("code", "nonsense"),)


def test_no_move_tells_more_than_the_bookmark_after_it_may_know(
    app: Flask, knowers: Knowers
) -> None:
    for n, knower in enumerate(some(knowers, 90)):
        for m, (target, fields) in enumerate(moves(n)):
            reader = Reader(app, part=(n + m) % 2 == 0).keep(HOME, knower.cookie)
            answer = reader.post(target, fields)
            now = Knower(place_of(reader))

            assert answer.status in (200, 303, 404, 422)
            asked = named(f"{target} {fields}")
            assert not secrets(answer.sent) - now.knows - asked, (knower.place, target, fields)


def test_every_form_on_a_page_works_and_tells_no_more(app: Flask, knowers: Knowers) -> None:
    for n, knower in enumerate(some(knowers, 220, 5)):
        pages = [knower.ask(app, target, part=False).page for target in addresses(n)]
        forms = dict.fromkeys(form for page in pages for form in page.forms)
        for m, form in enumerate(form for form in forms if form.method == "post"):
            for fields in form.fillings:
                reader = Reader(app, part=(n + m) % 2 == 0).keep(HOME, knower.cookie)
                answer = reader.post(form.action, fields)

                # What has to be typed in first is refused as long as it is empty.
                empty = {("marker", ""), ("code", "")} & set(fields)
                assert answer.status in ((422,) if empty else (200, 303)), (knower.place, form)
                told = secrets(answer.sent) - Knower(place_of(reader)).knows - named(form.action)
                assert not told, (knower.place, form, fields)


def place_of(reader: Reader) -> Position:
    """Give the place of the bookmark that a reader holds now."""
    bookmark = decode(reader.cookies.get(HOME, "bookmark=").removeprefix("bookmark="))
    return Position() if bookmark is None else position_of(STORY, bookmark)


# --- nothing is lost ---------------------------------------------------------------------------


def test_whatever_may_be_known_stands_on_some_page(app: Flask) -> None:
    everything = len(SCENES)
    places = [Position(t, everything, 0, warned=bool(t % 2)) for t in range(4)]
    for place in (
        *places,
        Position(3, everything, everything),
        Position(0, 0, 0, frozenset({3, 7})),
    ):
        knower = Knower(place)
        pages = crawl(Reader(app).keep(HOME, knower.cookie), [HOME], most_pairs=1)
        shown = " ".join(
            answer.page.text + " ".join(answer.page.addresses) for answer in pages.values()
        )

        lost = {word for word in said(knower.oracle.whole(1)) if not stands_in(shown, word)}
        assert not lost - {"spindrift", "novel", "en", "open", "partly", "veiled"}, place


def stands_in(shown: str, text: str) -> bool:
    """Whether a text stands somewhere, whatever its punctuation and its links."""
    return all(word.lower() in shown.lower() for word in re.findall(r"[A-Za-z]{3,}", text))


def test_at_the_end_every_word_of_the_tale_has_been_on_some_page(app: Flask) -> None:
    everything = len(SCENES)
    places = [Position(t, everything, 0) for t in range(4)] + [Position(3, everything, everything)]
    shown: set[bytes] = set()
    for place in places:
        reader = Reader(app).keep(HOME, Knower(place).cookie)
        for answer in crawl(reader, [HOME], most_pairs=1).values():
            shown |= secrets(answer.sent)
    # A wording that a later one takes the place of is shown on the way.
    for place in (Position(t, reached) for t in range(4) for reached in range(everything)):
        shown |= secrets(Reader(app).keep(HOME, Knower(place).cookie).get(HOME).sent)

    ids = {*SCENES, *PEOPLE, *(source["id"] for source in TALE["sources"]), "sycamore", "skimmer"}
    unsaid = {word.lower().encode() for word in (*ids, *MARKERS.values())}
    assert SECRETS - shown == unsaid


def test_every_link_leads_somewhere_and_every_anchor_is_there(app: Flask, knowers: Knowers) -> None:
    for knower in some(knowers, 300, 7):
        reader = Reader(app).keep(HOME, knower.cookie)
        pages = crawl(reader, [HOME], most_pairs=2)

        assert {target for target, answer in pages.items() if answer.status != 200} == set()
        assert lost_anchors(reader, pages) == []
        for target, answer in pages.items():
            ids = answer.page.ids
            assert len(ids) == len(set(ids)), target


# --- twins -------------------------------------------------------------------------------------


class Twin:
    """A story that agrees with the tale on all that a knower may know, and on nothing else."""

    def __init__(self, knower: Knower) -> None:
        self.oracle = knower.oracle
        self.place = knower.place
        self.document = self._renamed()
        self._change_hidden_tellings()
        if self.place.reached < len(SCENES):
            self._write_on()
        self._know_less_than(self._hiding())
        self.document["people"].reverse()

    @cache  # noqa: B019  A twin is gone with the test that made it.
    def agrees(self, place: Position) -> bool:
        """Whether both stories tell the same at a place."""
        ids = [scene["id"] for scene in self.document["scenes"]]
        named = [SCENES[n] for n in sorted({*range(place.reached), *place.opened})]
        if ids[: place.reached] != SCENES[: place.reached] or not set(named) <= set(ids):
            return False
        opened = frozenset(ids.index(SCENES[n]) for n in place.opened)
        known = seen_from(replace(place, opened=opened), self.document)
        return known.whole(1) == seen_from(place).whole(1)

    def _renamed(self) -> Document:
        """Give the tale with other words and ids for all that is hidden."""
        oracle = self.oracle
        known = set(re.findall(r"[\w:/.-]+", " ".join(said([oracle.whole(1), oracle.parts()]))))
        known |= set(oracle.covered()) | {TALE["id"]}
        # The premise is known to all as the first bookmark reads it: the library shows it.
        first = " ".join(said(seen_from(Position()).work()["premise"]))
        known |= set(re.findall(r"[\w:/.-]+", first))
        entries = [scene for scene in TALE["scenes"] if scene["id"] in known]
        entries += [person for person in TALE["people"] if oracle.who(person["id"])]
        known |= {ident for entry in entries for ident in (entry["id"], *entry.get("was", ()))}
        known |= set(MARKERS.values())
        words = {word: other_word(word) for word in WORDS if word not in known}

        def renamed(value: Any) -> Any:
            if isinstance(value, dict):
                return {
                    key: inner if key in ("medium", "language", "time") else renamed(inner)
                    for key, inner in value.items()
                }
            if isinstance(value, list):
                return [renamed(inner) for inner in value]
            if isinstance(value, str):
                if value in words:
                    return words[value]
                return re.sub(r"[A-Za-z0-9-]+", lambda m: words.get(m[0], m[0]), value)
            return value

        made: Document = renamed(deepcopy(TALE))
        return made

    def _change_hidden_tellings(self) -> None:
        """Give tellings that are not shown other people, times, places and warnings."""
        told = self.oracle.told
        anchors = {
            anchor
            for telling in tale.each_telling(self.document)
            for anchor in telling.get("happens", {}).values()
        }
        everyone = [person["id"] for person in self.document["people"]]
        for scene, original in zip(self.document["scenes"], TALE["scenes"], strict=True):
            pairs = zip(oracle.tellings(scene), oracle.tellings(original), strict=True)
            for telling, before in pairs:
                shown = told[original["id"]]
                if shown is not None and shown["level"] == before["level"]:
                    continue
                telling["people"] = [one for one in everyone if one not in telling["people"]]
                telling["place"] = "Elsewhere"
                if telling is not scene or scene["id"] not in anchors:
                    telling["time"] = "dream"
                    telling.pop("happens", None)
                if not self.place.warned or original["id"] not in self.oracle.covered():
                    telling["warnings"] = ["Spiders", "Heights", *telling.get("warnings", [])]

    def _write_on(self) -> None:
        """Put more scenes, parts and people behind the one reached.

        Whoever opened the next ones may know that they are the next, by what speaks of all.
        """
        scenes = self.document["scenes"]
        behind = self.place.reached
        while behind in self.place.opened:
            behind += 1
        for n in range(5):
            level = n % 4
            scenes.insert(
                behind + n % 2 * (len(scenes) - behind),
                {
                    "id": f"sequel-{n}",
                    "level": level,
                    "title": f"Sequel {n}",
                    "text": "And [[stranger]] came, and [[rowan]] left."
                    if self._has("rowan")
                    else "Then.",
                    "people": ["stranger", *(one["id"] for one in self.document["people"])],
                    "time": ("flashback", "present", "flashforward", "dream")[level],
                },
            )
        order = [scene["id"] for scene in scenes]
        started = {part["scene"] for part in self.document["parts"]}
        for scene in order[self.place.reached :]:
            if scene.startswith("sequel") and scene not in started:
                self.document["parts"].append(
                    {"title": f"Part of {scene}", "scene": scene, "level": 0}
                )
        self.document["parts"].sort(key=lambda part: order.index(part["scene"]))
        self._mend_parts(order)
        self.document["people"].append(
            {"id": "stranger", "names": [{"name": "The Stranger", "scene": "sequel-1"}]}
        )

    def _mend_parts(self, order: list[str]) -> None:
        """Take out hidden summaries that speak of scenes which now are in another part."""
        parts = self.document["parts"]
        starts = [order.index(part["scene"]) for part in parts]
        for part, start, end in zip(parts, starts, [*starts[1:], len(order)], strict=True):
            summary = part.pop("summary", [])
            said = oracle.wordings(summary)
            kept = [s for s in said if s.get("through", part["scene"]) in order[start:end]]
            if kept:
                part["summary"] = kept

    def _has(self, person: str) -> bool:
        return any(one["id"] == person for one in self.document["people"])

    def _hiding(self) -> dict[str, Any] | None:
        """Give a condition that does not hold; None where all of them do."""
        if self.place.reached < len(SCENES):
            return {"scene": "sequel-1", "level": 0}
        if self.place.threshold < 3 and not self.oracle.everything_seen():
            return {"level": 3}
        return None

    def _know_less_than(self, hiding: dict[str, Any] | None) -> None:
        """Put entries that are not known between those that are."""
        if hiding is None:
            return
        story = self.document
        story["details"].insert(0, {"label": "Hidden", "text": "Detail", **hiding})
        story["credits"].insert(1, {"role": "Hidden", "name": "Credit", **hiding})
        story["about"].insert(0, {"text": "A hidden paragraph.", **hiding})
        story["sources"].insert(0, {"id": "hidden", "title": "A hidden source", **hiding})
        everyone = [person["id"] for person in story["people"]]
        story["relations"][:0] = [
            {"from": one, "to": other, "text": "hidden tie", **hiding}
            for one, other in pairwise(everyone)
        ]
        last = {"id": "double", "names": [{"name": "Nobody's Double", **hiding}]}
        for person in story["people"]:
            for fact in person.get("facts", []):
                if "scene" in fact:
                    fact.setdefault("until", hiding)
            person["names"].append({"name": f"Hidden {person['id']}", **hiding})
            person.setdefault("also", []).insert(0, {"name": "Hidden spelling", **hiding})
            person.setdefault("facts", []).insert(0, {"text": "A hidden fact.", **hiding})
            person.setdefault("is", {"person": "double", **hiding})
        story["people"].insert(0, last)


def other_word(word: str) -> str:
    """Give another word of the same kind: an address, a date, an id or a word."""
    if word.startswith("https://"):
        return f"https://other.example/{len(word) * 'x'}"
    if re.fullmatch(r"\d{4}-\d\d(-\d\d)?", word):
        return "1999-12-31"
    mirrored = f"{word[::-1].lower()}{'qu' * (len(word) % 4)}"
    return mirrored if word.islower() else mirrored.capitalize()


def twins(knowers: Knowers) -> list[tuple[Knower, Twin]]:
    """Give knowers from all over the tale, each with a twin made for it."""
    chosen = [one for one in some(knowers, 110, 3) if not one.place.withheld]
    return [(knower, Twin(knower)) for knower in chosen]


def test_twins_that_differ_in_what_is_hidden_answer_alike(
    app: Flask, knowers: Knowers, serve: Serve
) -> None:
    for n, (knower, twin) in enumerate(twins(knowers)):
        assert twin.agrees(knower.place), knower.place
        other = serve(json.dumps(twin.document).encode())
        headers = {"Cookie": f"bookmark={knower.cookie}"}
        for m, target in enumerate((*addresses(n), "/", f"{HOME}/nothing")):
            if named(target) & unnamed(knower.oracle) and "/scenes/" in target:
                continue
            for method, more in (("GET", {}), ("GET", PART), (("HEAD", "OPTIONS")[m % 2], {})):
                one, two = (ask(a, method, target, headers | more) for a in (app, other))
                assert one == two, (knower.place, method, target)


def test_twins_that_agree_before_and_after_a_move_answer_it_alike(
    app: Flask, knowers: Knowers, serve: Serve
) -> None:
    for n, (knower, twin) in enumerate(twins(knowers)):
        other = serve(json.dumps(twin.document).encode())
        for m, (target, fields) in enumerate((*moves(n), *names_in_vain(knower))):
            part = (n + m) % 2 == 0
            one, two = (Reader(a, part=part).keep(HOME, knower.cookie) for a in (app, other))
            answer = one.post(target, fields)
            if f"{target}?".count("/open?") and named(target) & unnamed(knower.oracle):
                continue
            if twin.agrees(place_of(one)):
                assert answer == two.post(target, fields), (knower.place, target, fields)


def unnamed(of: Oracle) -> set[bytes]:
    """Give the keys of scenes that a bookmark does not cover, of which an address may tell."""
    return {scene_key(scene).encode() for scene in SCENES if scene not in of.covered()}


def names_in_vain(knower: Knower) -> Iterator[Move]:
    """Give requests that name a hidden scene where its name is to mean nothing."""
    warned = (("warned", "yes" if knower.place.warned else "no"),)
    for key in sorted(unnamed(knower.oracle)):
        yield f"{HOME}/warned?page=scenes/{key.decode()}", warned
        yield f"{HOME}/warned?page=read&before={key.decode()}", warned
        yield f"{HOME}/scenes/{key.decode()}/close", ()
