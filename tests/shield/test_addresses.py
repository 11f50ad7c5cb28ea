"""Any address with any bookmark, and any move from there: answered, and led where it should be.

What a view is granted, and where a move leads, is told by `tests.shield.oracle`, which knows the
contract and not the app. Every window beside every scene is asked for in every order, with every
bookmark below; of the moves, which would be a hundred thousand, each such address is the origin of
one: they take turns, bookmark after bookmark.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import cycle, pairwise
from pathlib import Path
from urllib.parse import quote, urlencode

import pytest
from flask import Flask

from explorer.knowledge.bookmark import FIRST, Position, bookmark_of, position_of
from explorer.knowledge.bookmark_text import decode, encode
from explorer.story.model import Story
from explorer.story.terms import opaque
from tests.conftest import Serve
from tests.shield import oracle
from tests.shield.oracle import Oracle
from tests.support import tale
from tests.support.crawl import PART, Answer, Reader

ORBIT = json.loads((Path(__file__).parents[1] / "support/stories/orbit.json").read_text())
NOBODY = "aaaaaaaaaaaa"
OF_ANOTHER_STORY = opaque("another", "scene", "gannet")

Pairs = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Stand:
    """A bookmark laid on a story, and what the contract says of it."""

    document: tale.Document
    story: Story
    place: Position

    @property
    def home(self) -> str:
        return f"/stories/{self.story.id}"

    @property
    def cookie(self) -> str:
        return encode(bookmark_of(self.story, self.place))

    @cached_property
    def oracle(self) -> Oracle:
        ids = [scene["id"] for scene in self.document["scenes"]]
        opened, held = (
            frozenset(ids[n] for n in some) for some in (self.place.opened, self.place.withheld)
        )
        place = self.place
        reader = oracle.Reader(
            place.threshold, place.reached, place.seen, opened, place.warned, held, place.finished
        )
        return Oracle(self.document, reader)

    def after(self, answer: Answer) -> Stand:
        """Stand where an answer leaves the bookmark."""
        lines = answer.every("Set-Cookie")
        if not lines:
            return self
        text = lines[0].partition(";")[0].removeprefix("bookmark=")
        place = position_of(self.story, decode(text) or FIRST)
        return Stand(self.document, self.story, place)

    def key(self, scene: int) -> str:
        """Give the key of a scene; of one beyond the last, the last one's."""
        return self.story.scenes[min(scene, len(self.story.scenes) - 1)].key

    def person(self, ident: str) -> str:
        return opaque(self.story.id, "person", ident)


# --- what is asked, and with which bookmarks ---------------------------------------------------


def stories() -> Iterator[tuple[tale.Document, Story]]:
    for document in (tale.document(), ORBIT):
        yield document, tale.told(document)


def stands() -> Iterator[Stand]:
    """Give bookmarks of all kinds on two stories, from the start over the middle to the end."""
    for document, story in stories():
        count, top = len(story.scenes), len(story.levels) - 1
        for place in (
            Position(),
            Position(top),
            Position(0, 0, opened=frozenset({0, count - 1})),
            Position(0, 1),
            Position(1, 3, 1, frozenset({1, 3, count - 1}), warned=True),
            Position(0, count - 2, opened=frozenset({1, count - 1})),
            Position(top, count - 1, 2, withheld=frozenset({1, count - 3})),
            Position(1, count - 1, count - 1, frozenset({count - 1}), withheld=frozenset({0})),
            Position(0, count),
            Position(top, count, count),
            Position(0, count, count, finished=True),
        ):
            yield Stand(document, story, place)


def name(stand: Stand) -> str:
    place = stand.place
    opened, held = ("".join(map(str, sorted(some))) for some in (place.opened, place.withheld))
    ended = "-finished" if place.finished else ""
    return f"{stand.story.id}-{place.threshold}-{place.reached}-{place.seen}-{opened}-{held}{ended}"


every_stand = pytest.mark.parametrize("stand", list(stands()), ids=name)


def windows(stand: Stand) -> Iterator[Pairs]:
    """Give a window on either side of every scene there is, was, is elsewhere or is nowhere."""
    was = [opaque(stand.story.id, "scene", ident) for ident in formerly(stand.document)]
    keys = [*(scene.key for scene in stand.story.scenes), *was, NOBODY, OF_ANOTHER_STORY]
    yield ()
    for key in keys:
        yield (("before", key),)
        yield (("after", key),)
    for one, other in pairwise(keys):
        yield (("before", other), ("after", one))


def formerly(document: tale.Document) -> dict[str, str]:
    """Give the ids that scenes had, with the ones they have."""
    return {was: scene["id"] for scene in document["scenes"] for was in scene.get("was", ())}


def views(stand: Stand) -> Iterator[Pairs]:
    """Give every window in every order, and now and then a filter with it."""
    first = (("who", stand.person(stand.document["people"][0]["id"])),)
    filters = cycle([(), first, (), (*first, ("who", NOBODY), ("match", "all")), (), TIMES, ()])
    for window in windows(stand):
        for order in ((), (("order", "happened"),)):
            yield (*next(filters), *order, *window)
    yield (("order", "told"), ("after", stand.key(0)))
    yield (("order", "never"), ("before", stand.key(2)))


TIMES: Pairs = (("time", "present"), ("time", "flashback"))


def moves(stand: Stand) -> list[tuple[str, dict[str, str]]]:
    """Give moves of every kind, good ones and such as are refused."""
    last = stand.place.reached
    carried = f"{stand.story.id}.{Stand(stand.document, stand.story, Position(1, 2)).cookie}"
    return [
        ("next", {"from": stand.key(last - 1) if last else ""}),
        ("next", {"from": NOBODY}),
        *(("threshold", {"threshold": f"{n}"}) for n in (0, 1, len(stand.story.levels))),
        *((f"scenes/{stand.key(n)}/open", {}) for n in (0, last, 99)),
        *((f"scenes/{stand.key(n)}/close", {}) for n in (1, 99)),
        *(("seen", {"scene": key}) for key in ("", stand.key(0), stand.key(99), NOBODY)),
        ("seen", {"marker": "nonsense"}),
        ("seen", {"all": "yes"}),
        *(("start", {"threshold": f"{n}"}) for n in (0, len(stand.story.levels))),
        *(("back", {"scene": key}) for key in ("", stand.key(1), stand.key(99))),
        ("back", {"scene": "", "seen": ""}),
        ("warned", {"warned": "no" if stand.place.warned else "yes"}),
        ("forget", {}),
        ("carry", {"code": carried}),
        ("carry", {"code": "nonsense"}),
    ]


# --- what is right -----------------------------------------------------------------------------


def granted(stand: Stand, view: Pairs, page: str) -> Pairs:
    """Give what is left of a view on a page, in the order in which pages write it.

    The pictures are as told, and follow people.
    """
    asked: Mapping[str, list[str]] = {n: [v for m, v in view if m == n] for n, _ in view}
    happened = page == "read" and asked.get("order") == ["happened"]
    who = [("who", key) for key in asked.get("who", []) if key in known_people(stand)]
    times = [("time", time) for time in asked.get("time", [])] if page == "read" else []
    order = [("order", "happened")] if happened else []
    beside = [
        (side, known)
        for side in ("before", "after")
        for key in asked.get(side, [])
        if (known := beside_which(stand, key, happened))
    ]
    return (*who, *times, *order, *beside[:1])


def known_people(stand: Stand) -> set[str]:
    """Give the keys of those who are known and have not turned out to be somebody else."""
    return {stand.person(one) for one in stand.oracle.people()}


def beside_which(stand: Stand, key: str, happened: bool) -> str | None:
    """Give the key of the scene that a window is beside; None where there is none in that order."""
    at: dict[str, str] = {scene.key: scene.key for scene in stand.story.scenes}
    for was, now in formerly(stand.document).items():
        at[opaque(stand.story.id, "scene", was)] = at[opaque(stand.story.id, "scene", now)]
    keys = {opaque(stand.story.id, "scene", ident): ident for ident in stand.oracle.order}
    known = at.get(key)
    if known is None:
        return None
    if happened:
        return known if keys[known] in stand.oracle.happened() else None
    return known if keys[known] in stand.oracle.order[: stand.place.reached] else None


def listed(stand: Stand, view: Pairs) -> list[str]:
    """Give the scenes that a granted view lists, by their keys; all of them fit on a page."""
    asked = dict(view)
    row = stand.oracle.order[: stand.place.reached]
    if "order" in asked:
        row = stand.oracle.happened()
    chosen = [scene for scene in row if is_chosen(stand, view, scene)]
    keys = {opaque(stand.story.id, "scene", scene): scene for scene in row}
    if "before" in asked:
        before = row[: row.index(keys[asked["before"]])]
        chosen = [scene for scene in chosen if scene in before] or chosen[:1]
    elif "after" in asked:
        beyond = row[row.index(keys[asked["after"]]) + 1 :]
        chosen = [scene for scene in chosen if scene in beyond] or chosen[-1:]
    return [opaque(stand.story.id, "scene", scene) for scene in chosen]


def is_chosen(stand: Stand, view: Pairs, scene: str) -> bool:
    """Whether a filter, of one person and some times at most, leaves a scene in."""
    people = [one for one in stand.oracle.people() if ("who", stand.person(one)) in view]
    times = [time for name, time in view if name == "time"]
    telling = stand.oracle.told[scene]
    if not (people or times):
        return True
    if telling is None or (times and telling.get("time", "present") not in times):
        return False
    return all(scene in stand.oracle.scenes_of(one) for one in people)


def address(stand: Stand, page: str, view: Pairs) -> str:
    query = urlencode(view)
    return f"{stand.home}/{page}" + (f"?{query}" if query else "")


@pytest.fixture(scope="module")
def served(serve: Serve) -> Flask:
    return serve(*(json.dumps(document).encode() for document, _ in stories()), hot_mb=0)


# --- every address -----------------------------------------------------------------------------


@every_stand
@pytest.mark.parametrize("where", ["read", "shape"])
def test_every_view_is_answered_as_the_one_that_is_granted(
    served: Flask, stand: Stand, where: str
) -> None:
    reader = Reader(served, headers=PART).keep(stand.home, stand.cookie)

    for view in views(stand):
        answer = reader.get(f"{stand.home}/{where}?{urlencode(view)}")

        assert answer.status == 200, view
        assert answer == reader.get(address(stand, where, granted(stand, view, where))), view


@every_stand
def test_a_window_lists_the_scenes_on_its_side_of_the_one_it_is_beside(
    served: Flask, stand: Stand
) -> None:
    reader = Reader(served, headers=PART).keep(stand.home, stand.cookie)

    for view in {granted(stand, view, "read") for view in views(stand)}:
        told = reader.get(address(stand, "read", view)).text.partition('class="ahead"')[0]

        assert re.findall(r'\bid="s-([a-z2-7]{12})"', told) == listed(stand, view), view


@every_stand
def test_every_address_is_answered_whatever_stands_at_its_end(served: Flask, stand: Stand) -> None:
    reader = Reader(served, headers=PART).keep(stand.home, stand.cookie)

    for place in places(served, stand):
        plain = reader.get(place)
        assert plain.status < 500, place
        assert reader.get(f"{place}?q=a&limit=1&turn=1&page=shape").status < 500, place
        if place.startswith(stand.home) and not place.endswith(("/read", "/shape")):
            for view in list(views(stand))[::7]:
                assert reader.get(f"{place}?{urlencode(view)}") == plain, (place, view)


def places(served: Flask, stand: Stand) -> Iterator[str]:
    """Give every address there is, filled in with scenes and people of every kind."""
    people = [person.key for person in stand.story.people]
    scenes = [scene.key for scene in stand.story.scenes]
    for rule in served.url_map.iter_rules():
        if "GET" not in (rule.methods or ()) or "<path:" in rule.rule:
            continue
        spot = rule.rule.replace("<story>", stand.story.id)
        keys = people if "<person>" in spot else scenes
        several = [*keys, NOBODY, OF_ANOTHER_STORY, "x"] if "<" in spot else [""]
        for key in several:
            yield spot.replace("<scene>", key).replace("<person>", key)


@every_stand
def test_programs_are_answered_whatever_bookmark_they_name(served: Flask, stand: Stand) -> None:
    reader = Reader(served, headers={"Accept": "application/json"})
    keys = [stand.key(n) for n in range(0, len(stand.story.scenes), 2)]
    beside = [("opened", key) for key in (stand.key(1), stand.key(99))]

    for reached in ("", *keys, NOBODY, OF_ANOTHER_STORY):
        for seen in ("", *keys, NOBODY):
            named = [("reached", reached), ("seen", seen)]
            query = urlencode([pair for pair in (*named, *beside, ("turn", "1")) if pair[1]])
            wrong = {NOBODY, OF_ANOTHER_STORY} & {reached, seen}
            answer = reader.get(f"/api/v1{stand.home}?threshold={stand.place.threshold}&{query}")
            assert answer.status == (422 if wrong else 200), query


# --- every move --------------------------------------------------------------------------------


@every_stand
def test_no_move_is_lost_wherever_its_form_stood(served: Flask, stand: Stand) -> None:
    turns = cycle(moves(stand))
    # The next bookmark begins with another move, so that each comes to stand everywhere.
    for _ in range(stand.place.reached + 7 * stand.place.threshold):
        next(turns)

    for page in ("read", "shape"):
        for view in views(stand):
            assert_it_moves(served, stand, next(turns), page, view)


@every_stand
def test_every_move_leads_back_to_the_page_of_its_form(served: Flask, stand: Stand) -> None:
    view = (("order", "happened"), ("after", stand.key(99)))
    for page in ("front", "people", "carry", f"scenes/{stand.key(0)}", f"scenes/{stand.key(99)}"):
        for move in moves(stand):
            assert_it_moves(served, stand, move, page, view)


def assert_it_moves(
    served: Flask, stand: Stand, move: tuple[str, dict[str, str]], page: str, view: Pairs
) -> None:
    """Make a move from a page: it does what it does from anywhere, and leads where it should."""
    target, fields = move
    sent = f"{stand.home}/{target}?page={quote(page, safe='')}&{urlencode(view)}"
    plain = Reader(served).keep(stand.home, stand.cookie).post(f"{stand.home}/{target}", fields)

    reader = Reader(served).keep(stand.home, stand.cookie)
    answer = reader.post(sent, fields)

    assert answer.status == plain.status, sent
    assert answer.status in (303, 422), sent
    assert answer.every("Set-Cookie") == plain.every("Set-Cookie"), sent
    if answer.status == 303:
        location = (answer.header("Location") or "").partition("#")[0]
        there = leads_to(stand.after(answer), page, view)
        assert location == with_way_back(there, target, stand), sent
        assert reader.get(location).status == 200, sent


def with_way_back(there: str, move: str, before: Stand) -> str:
    """Give an address with where its reader stood, which those moves name that go forward."""
    if move not in ("start", "next", "seen"):
        return there
    place = before.place
    keys = [before.key(count - 1) if count else "" for count in (place.reached, place.seen)]
    sign = "&" if "?" in there else "?"
    return f"{there}{sign}since={keys[0]}&saw={keys[1]}"


def leads_to(after: Stand, page: str, view: Pairs) -> str:
    """Give where a move leads that was made on a page, by what may be known after it."""
    if page == "front":
        return after.home
    if page in ("read", "shape"):
        return address(after, page, granted(after, view, page))
    kind, _, key = page.partition("/")
    keys = {opaque(after.story.id, "scene", ident) for ident in after.oracle.covered()}
    is_gone = kind == "scenes" and key not in keys
    return (
        address(after, "read", granted(after, view, "read")) if is_gone else f"{after.home}/{page}"
    )
