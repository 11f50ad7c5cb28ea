"""The pictures: what is drawn is what is known, each thing in its place, and all of it legible."""

from __future__ import annotations

import hashlib
import json
import os
import re
import subprocess
import sys
from collections.abc import Iterable, Iterator
from copy import deepcopy
from functools import cache
from itertools import chain, combinations, pairwise
from math import isfinite
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from hypothesis import given, settings
from hypothesis import strategies as st

from bench import stories
from explorer.knowledge.bookmark import Position, bookmark_of
from explorer.knowledge.bookmark_text import encode
from explorer.knowledge.filters import View
from explorer.knowledge.knowledge import Knowledge
from explorer.knowledge.known import KnownRelation, KnownWho
from explorer.pictures.layout.lane_order import Crowd, ordered
from explorer.pictures.layout.stress import laid
from explorer.pictures.layout.text_metrics import Box, broken, shortened, width
from explorer.pictures.models import Curve, Highlight, Lanes, Mark, Pictures, Rect, Web, Words
from explorer.pictures.shape import pictures
from explorer.pictures.told import Told
from explorer.reading.shape_page import MOST_SCENES, light, told
from explorer.story.model import Story
from explorer.story.terms import PersonKey, SceneKey, opaque
from tests.conftest import Serve
from tests.support import tale
from tests.support.crawl import Answer, Element, Reader

ROOT = Path(__file__).parents[2]
STYLE = ROOT / "static/css"
BALLERINA: dict[str, Any] = json.loads((ROOT / "scenes.json").read_text())
LENGTH = len(BALLERINA["scenes"])
TOP = len(BALLERINA["levels"]) - 1
LONG = stories.story("long", 300, 60)


@cache
def ballerina() -> Story:
    return tale.told(BALLERINA)


@cache
def long() -> Story:
    return tale.told(LONG)


def drawn(story: Story, place: Position, view: View | None = None) -> Pictures:
    """Give the pictures as somebody at a place sees them."""
    known = Knowledge.of(story, place).whole()
    return pictures(told(known, f"/stories/{story.id}", view or View()))


def curve_of(all_pictures: Pictures) -> Curve:
    assert all_pictures.curve is not None
    return all_pictures.curve


def lanes_of(all_pictures: Pictures) -> Lanes:
    assert all_pictures.lanes is not None
    return all_pictures.lanes


def web_of(all_pictures: Pictures) -> Web:
    assert all_pictures.web is not None
    return all_pictures.web


def middle(rect: Rect | None) -> tuple[float, float]:
    assert rect is not None
    return rect.x + rect.width / 2, rect.y + rect.height / 2


# --- the curve, against the contract's own words -------------------------------------------------


def tellings(scene: dict[str, Any]) -> list[dict[str, Any]]:
    """Give a scene's tellings as they rise in level."""
    return sorted([*scene.get("tellings", []), scene], key=lambda telling: telling["level"])


def shown(document: dict[str, Any], threshold: int) -> list[dict[str, Any] | None]:
    """Give the telling of each scene that is shown at a threshold."""
    fitting = ([t for t in tellings(s) if t["level"] <= threshold] for s in document["scenes"])
    return [some[-1] if some else None for some in fitting]


def story_order(document: dict[str, Any]) -> list[int]:
    """Give the identities of all tellings as they happen, by the formula of the contract.

    block(x) = blocks placed before x, x, blocks placed after x, each in the order told; the base
    is flashbacks, then present ones and dreams, then flashforwards. A lesser telling that stands
    where the full one does is a part of x.
    """
    classes = {"flashback": 0, "present": 1, "dream": 1, "flashforward": 2}

    def standing(telling: dict[str, Any]) -> object:
        return telling.get("happens") or classes[telling.get("time", "present")]

    every: list[tuple[object, str | None, list[int]]] = []
    for scene in document["scenes"]:
        apart = [t for t in tellings(scene) if standing(t) != standing(scene)]
        every += [(standing(telling), None, [id(telling)]) for telling in apart]
        beside = [id(t) for t in tellings(scene) if standing(t) == standing(scene)]
        every.append((standing(scene), scene["id"], beside))

    def block(name: str | None, these: list[int]) -> list[int]:
        before = [block(n, t) for where, n, t in every if name and where == {"before": name}]
        after = [block(n, t) for where, n, t in every if name and where == {"after": name}]
        return [*chain(*before), *these, *chain(*after)]

    base = [(where, n, t) for where, n, t in every if isinstance(where, int)]
    base.sort(key=lambda one: one[0])
    return [*chain(*(block(name, these) for _, name, these in base))]


@pytest.mark.parametrize("threshold", range(TOP + 1))
def test_the_curve_of_ballerina_has_every_scene_told_where_it_is_told_and_happens(
    threshold: int,
) -> None:
    drawing = curve_of(drawn(ballerina(), Position(threshold=threshold, reached=LENGTH)))
    told_ones = [(n, t) for n, t in enumerate(shown(BALLERINA, threshold), 1) if t is not None]
    order = [ident for ident in story_order(BALLERINA) if ident in {id(t) for _, t in told_ones}]

    assert [m.scene.number for m in drawing.marks] == [n for n, _ in told_ones]
    assert [m.scene.title for m in drawing.marks] == [t["title"] for _, t in told_ones]
    assert [m.scene.time for m in drawing.marks] == [t.get("time", "present") for _, t in told_ones]
    assert [m.scene.place for m in drawing.marks] == [t.get("place") for _, t in told_ones]
    assert [m.scene.rank for m in drawing.marks] == [order.index(id(t)) + 1 for _, t in told_ones]


def test_the_curve_goes_right_as_told_and_down_as_it_happens() -> None:
    drawing = curve_of(drawn(ballerina(), Position(threshold=TOP, reached=LENGTH)))
    points = [middle(m.cap) for m in drawing.marks]
    by_rank = sorted(drawing.marks, key=lambda m: m.scene.rank)

    assert all(left[0] < right[0] for left, right in pairwise(points))
    assert all(middle(one.cap)[1] < middle(other.cap)[1] for one, other in pairwise(by_rank))


def test_the_curve_of_ballerina_rises_into_its_flashbacks_and_nowhere_else() -> None:
    drawing = curve_of(drawn(ballerina(), Position(threshold=TOP, reached=LENGTH)))
    flashbacks = {n for n, s in enumerate(BALLERINA["scenes"], 1) if s.get("time") == "flashback"}
    rises = {
        after.scene.number
        for before, after in pairwise(drawing.marks)
        if middle(after.cap)[1] < middle(before.cap)[1]
    }

    assert rises == flashbacks
    assert {m.scene.number for m in drawing.marks if m.outer is not None} == flashbacks


def test_a_ribbon_runs_through_the_scenes_of_its_person() -> None:
    drawing = curve_of(drawn(ballerina(), Position(threshold=TOP, reached=LENGTH)))

    for ribbon in drawing.ribbons:
        starts = {float(x) for x in re.findall(r"M (\S+) \S+ h", ribbon.path)}
        theirs = {m.cap.x for m in drawing.marks if m.cap and ribbon.ink.key in people(m)}
        assert starts == theirs


def people(of: Mark) -> set[str]:
    return {who.key for who in of.scene.people}


# --- what is drawn is what is known --------------------------------------------------------------


def test_marks_and_lanes_are_the_scenes_and_people_that_are_known_at_every_place() -> None:
    story = tale.told(tale.document())

    for place in [*tale.every_place(story)][::11]:
        known = Knowledge.of(story, place).whole()
        drawing = pictures(told(known, "/s", View()))
        scenes = [row.scene for row in known.rows if row.scene.telling] + list(known.ahead)
        keys = [scene.key for scene in scenes]
        listed = {who.key for s in scenes if s.telling for who in s.telling.people}

        assert [m.scene.key for m in drawing.curve.marks] == keys if drawing.curve else not keys
        assert (drawing.lanes is None) == (not listed)
        if drawing.lanes:
            assert [m.scene.key for m in drawing.lanes.marks] == keys
            on_lanes = [lane.ink.key for lane in drawing.lanes.lanes]
            absent = [ink.key for ink in drawing.lanes.absent]
            assert sorted(on_lanes) == sorted(listed)
            assert sorted(on_lanes + absent) == sorted(p.who.key for p in known.people)
            for lane in drawing.lanes.lanes:
                theirs = [s.key for s in known_person(known.people, lane.ink.key).scenes]
                assert [scene.key for scene in lane.scenes] == theirs


def known_person(of: Iterable[Any], key: str) -> Any:
    return next(person for person in of if person.who.key == key)


def test_the_web_ties_exactly_those_with_known_relations() -> None:
    for reached in range(0, LENGTH + 1, 5):
        known = Knowledge.of(ballerina(), Position(threshold=3, reached=reached)).whole()
        web = web_of(pictures(told(known, "/s", View())))
        ends = {who.key for r in known.relations for who in (r.origin, r.target)}

        assert {node.ink.key for node in web.nodes} == ends
        assert {ink.key for ink in web.untied} == {p.who.key for p in known.people} - ends
        assert [tie.text for tie in web.ties] == [r.text for r in known.relations]


def test_before_the_first_scene_there_is_no_curve_and_no_lane() -> None:
    nothing = drawn(ballerina(), Position())

    assert nothing.curve is None
    assert nothing.lanes is None


def test_what_was_opened_ahead_stands_last_without_a_number_and_without_neighbours() -> None:
    drawing = drawn(ballerina(), Position(threshold=2, reached=12, opened=frozenset({18, 36})))
    curve = curve_of(drawing)

    assert [m.scene.number for m in curve.marks] == [*range(1, 13), None, None]
    assert [m.scene.title for m in curve.marks[12:]] == ["Eyes Open", "A Fish in the Next Life"]
    assert curve.thread.count("M") == 11
    assert all(m.tick is None for m in curve.marks[12:])
    assert curve.parting is not None
    assert curve_of(drawn(ballerina(), Position(threshold=2, reached=12))).parting is None


def hidden_otherwise(document: dict[str, Any], place: Position) -> dict[str, Any]:
    """Give a story that differs in everything ahead and in every telling that is not shown."""
    twin = deepcopy(document)
    anchors = {a for t in each(twin) for a in t.get("happens", {}).values()}
    telling_shown = shown(document, place.threshold)
    for n, scene in enumerate(twin["scenes"]):
        told_level = (telling_shown[n] or {}).get("level") if n < place.reached else None
        for telling in tellings(scene):
            if telling["level"] != told_level:
                telling |= {"title": "Otherwise", "place": "Elsewhere", "people": ["choi"]}
                if n >= place.reached and scene["id"] not in anchors:
                    telling["time"] = "dream"
                    telling.pop("happens", None)
    for n in range(7):
        twin["people"].append(
            {"id": f"new-{n}", "names": [{"name": f"N{n}", "scene": f"more-{n}"}]}
        )
        twin["scenes"].append(
            {"id": f"more-{n}", "level": 0, "title": "More", "text": ".", "people": [f"new-{n}"]}
        )
        twin["relations"].insert(
            0, {"from": f"new-{n}", "to": "choi", "text": "x", "scene": f"more-{n}"}
        )
    return twin


def each(document: dict[str, Any]) -> Iterator[dict[str, Any]]:
    return chain.from_iterable(map(tellings, document["scenes"]))


@pytest.mark.parametrize("threshold", range(TOP + 1))
@pytest.mark.parametrize("reached", [0, 1, 7, 15, 20, 39])
def test_nothing_hidden_or_ahead_moves_a_line(threshold: int, reached: int) -> None:
    place = Position(threshold=threshold, reached=reached)
    twin = tale.told(hidden_otherwise(BALLERINA, place))

    one, other = drawn(ballerina(), place), drawn(twin, place)

    assert (one.curve, one.lanes, one.web) == (other.curve, other.lanes, other.web)
    assert (one.columns, one.inks) == (other.columns, other.inks)


def test_a_person_keeps_their_colour_as_the_story_goes_on() -> None:
    before: dict[str, tuple[int, int]] = {}
    for reached in range(1, LENGTH + 1):
        drawing = drawn(ballerina(), Position(threshold=TOP, reached=reached))
        now = {lane.ink.key: (lane.ink.hue, lane.ink.dash) for lane in lanes_of(drawing).lanes}

        # "The caller" turns out to be somebody who has a line already.
        assert all(now[key] == ink for key, ink in before.items() if key in now and reached != 12)
        before = now


# --- lanes ---------------------------------------------------------------------------------------


def numbered(drawing: Pictures) -> tuple[list[list[int]], int]:
    """Give the casts of a drawing as numbers in the order in which people became known."""
    on_lanes = {lane.ink.key for lane in lanes_of(drawing).lanes}
    order = [ink.key for ink in drawing.inks if ink.key in on_lanes]
    casts = [[order.index(who.key) for who in c.people] for c in drawing.columns]
    return casts, len(order)


def test_ordering_leaves_ballerina_with_few_crossings() -> None:
    casts, count = numbered(drawn(ballerina(), Position(threshold=TOP, reached=LENGTH)))
    crowd = Crowd.of(casts, count)

    assert crowd.total(ordered(casts, count)) < crowd.total(range(count)) / 2


CASTS = st.integers(1, 9).flatmap(
    lambda count: st.lists(
        st.lists(st.integers(0, count - 1), unique=True, max_size=5), max_size=14
    )
)


@given(CASTS)
def test_ordering_never_adds_a_crossing(casts: list[list[int]]) -> None:
    there = sorted(set(chain.from_iterable(casts)))
    casts = [[there.index(person) for person in cast] for cast in casts]
    crowd = Crowd.of(casts, len(there))

    order = ordered(casts, len(there))

    assert sorted(order) == list(range(len(there)))
    assert crowd.total(order) <= crowd.total(range(len(there)))


def test_those_who_meet_are_side_by_side_in_the_knot_of_their_scene() -> None:
    drawing = lanes_of(drawn(ballerina(), Position(threshold=TOP, reached=LENGTH)))

    for knot in drawing.marks:
        if knot.cap is None:
            assert not knot.scene.people
            continue
        through = {
            lane.ink.key
            for lane in drawing.lanes
            for x, y in stops(lane.path)
            if x == right(knot.cap) and knot.cap.y < y < knot.cap.y + knot.cap.height
        }
        assert people(knot) <= through


def right(rect: Rect) -> float:
    return round(rect.x + rect.width, 1)


def stops(path: str) -> Iterator[tuple[float, float]]:
    """Give where a path is at the end of each of its level pieces."""
    y = 0.0
    for command, numbers in re.findall(r"([MHCLh])([^MHCLh]*)", path):
        values = [float(number) for number in numbers.split()]
        if command in "MCL":
            y = values[-1]
        elif command == "H":
            yield values[0], y


# --- the web -------------------------------------------------------------------------------------


def box(rect: Rect) -> Box:
    return Box(rect.x, rect.y, rect.x + rect.width, rect.y + rect.height)


def overlapping(boxes: Iterable[Box]) -> list[tuple[Box, Box]]:
    return [(a, b) for a, b in combinations(boxes, 2) if a.overlaps(b)]


@given(
    st.integers(2, 14).flatmap(
        lambda count: st.tuples(
            st.lists(
                st.tuples(st.integers(20, 400), st.sampled_from([28, 42, 56])),
                min_size=count,
                max_size=count,
            ),
            st.lists(st.tuples(st.integers(0, count - 1), st.integers(0, count - 1)), max_size=24),
        )
    )
)
@settings(max_examples=60, deadline=None)
def test_no_node_of_any_graph_stands_over_another(
    graph: tuple[list[tuple[int, int]], list[tuple[int, int]]],
) -> None:
    sizes, edges = graph

    layout = laid(sizes, edges, 600)

    boxes = [
        Box(x - w / 2, y - h / 2, x + w / 2, y + h / 2)
        for (x, y), (w, h) in zip(layout.points, sizes, strict=True)
    ]
    sheet = Box(-0.2, -0.2, layout.width + 0.2, layout.height + 0.2)
    assert overlapping(boxes) == []
    assert all(one.within(sheet) for one in boxes)
    assert layout.width <= max(600, *(w for w, _ in sizes)) + 0.2


def crowd_of(count: int) -> Told:
    """Give many people of whom everybody knows a few, with names of any length."""
    names = [
        f"{'the person from the room next door' if n % 5 == 0 else 'Ann'} {n}" for n in range(count)
    ]
    whos = [KnownWho(PersonKey(f"p{n}"), name) for n, name in enumerate(names)]
    ties = [(n, (n * 7 + k) % count) for n in range(count) for k in (1, 3)]
    relations = [KnownRelation(whos[a], whos[b], f"tie {a} {b}", None) for a, b in ties if a != b]
    return Told("/s", "en", (), (), tuple(whos), tuple(relations))


@pytest.mark.parametrize("count", [2, 7, 19, 60, 80])
def test_sixty_people_who_know_each_other_stand_over_nobody(count: int) -> None:
    web = web_of(pictures(crowd_of(count)))
    plates = [box(node.plate) for node in web.nodes]
    labels = [
        Box(x - wide / 2, tie.label.y - 9, x + wide / 2, tie.label.y + 2)
        for tie in web.ties
        if not tie.label.tip
        for x, wide in [(tie.label.x, width(tie.label.text, 11.5))]
    ]

    assert len(plates) == count
    assert overlapping([*plates, *labels]) == []
    for node in web.nodes:
        assert all(width(words.text) <= node.plate.width for words in node.name)
    assert web.width <= 1100


def test_two_relations_of_the_same_two_are_two_lines() -> None:
    ok_ju_and_choi = [
        tie.path
        for tie in web_of(drawn(ballerina(), Position(threshold=TOP, reached=LENGTH))).ties
        if {tie.origin.name, tie.target.name} == {"Ok-ju", "Choi"}
    ]

    assert len(ok_ju_and_choi) == len(set(ok_ju_and_choi)) > 1


def test_more_people_and_ties_than_fit_are_said_and_not_drawn() -> None:
    web = web_of(pictures(crowd_of(120)))

    assert len(web.nodes) == 80
    assert len(web.ties) <= 160
    assert web.undrawn == len(crowd_of(120).relations) - len(web.ties)


def test_the_pictures_are_the_same_on_every_machine() -> None:
    # Another process hashes otherwise, so that whatever hangs on the order of a set would differ.
    seed = "1" if os.environ.get("PYTHONHASHSEED") != "1" else "2"
    other = subprocess.run(
        [sys.executable, "-c", f"from {__name__} import digest; print(digest())"],
        cwd=ROOT,
        env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        check=True,
        text=True,
    )

    assert other.stdout == f"{digest()}\n"


def digest() -> str:
    """Give a digest of all that is drawn of two stories."""
    places = [(ballerina(), Position(threshold=TOP, reached=LENGTH)), (long(), Position(4, 40))]
    drawings = [drawn(story, place) for story, place in places]
    text = repr([(one.curve, one.lanes, one.web) for one in drawings])
    return hashlib.sha256(text.encode()).hexdigest()


# --- legible, however much -----------------------------------------------------------------------


@pytest.fixture(scope="module")
def whole_long() -> Pictures:
    return drawn(long(), Position(threshold=4, reached=300))


def test_three_hundred_scenes_stay_bounded(whole_long: Pictures) -> None:
    curve, lanes, web = curve_of(whole_long), lanes_of(whole_long), web_of(whole_long)

    assert len(curve.marks) == len(lanes.marks) == 300
    assert len(lanes.lanes) == len(web.nodes) == 60
    assert curve.width <= 2700
    assert curve.height <= 900
    assert lanes.width <= 5000
    assert lanes.height <= 1400
    assert web.width <= 1100
    assert web.height <= 2200


def test_no_words_of_three_hundred_scenes_stand_over_others(whole_long: Pictures) -> None:
    curve, lanes = curve_of(whole_long), lanes_of(whole_long)
    titles = [written_box(m.title) for m in curve.marks if not m.title.tip]

    assert len(titles) > 60
    assert overlapping(titles) == []
    for marks in (curve.marks, lanes.marks):
        ticks = [(m.tick.x, width(m.tick.text, 11.5)) for m in marks if m.tick]
        assert len(ticks) > 50
        assert all(x + a / 2 < y - b / 2 for (x, a), (y, b) in pairwise(ticks))
    places = sorted(name.x for band in curve.bands for name in band.names)
    assert all(after - before >= 12 for before, after in pairwise(places))


def written_box(words: Words) -> Box:
    wide = width(words.text)
    left = words.x - wide if words.end else words.x
    return Box(left, words.y - 10, left + wide, words.y + 2)


def test_marks_and_lanes_of_three_hundred_scenes_keep_apart(whole_long: Pictures) -> None:
    curve, lanes = curve_of(whole_long), lanes_of(whole_long)
    rows = sorted(middle(lane.hit)[1] for lane in lanes.lanes)

    assert overlapping(box(m.cap) for m in curve.marks if m.cap) == []
    assert overlapping(box(m.hit) for m in curve.marks) == []
    assert overlapping(box(m.cap) for m in lanes.marks if m.cap) == []
    assert all(after - before >= 20 for before, after in pairwise(rows))
    assert all(width(w.text) <= lanes.names - w.x for lane in lanes.lanes for w in lane.name)


def test_all_that_is_drawn_has_at_least_eleven_pixels_for_its_letters() -> None:
    style = (STYLE / "pictures.css").read_text()
    sizes = [float(size) for size in re.findall(r"font(?:-size)?:[^;]*?([\d.]+)px", style)]

    assert sizes
    assert min(sizes) >= 11


def test_the_colours_of_people_and_of_who_steps_back_stand_out_from_the_ground() -> None:
    style = "".join((STYLE / f"{part}.css").read_text() for part in ("tokens", "pictures"))
    pairs = dict(re.findall(r"--([\w-]+): light-dark\((#\w{6}, #\w{6})\)", style))
    colours = {name: both.split(", ") for name, both in pairs.items()}

    for name in (*(f"hue-{n}" for n in range(8)), "edge"):
        for ground in ("paper", "tint"):
            for scheme in (0, 1):
                assert contrast(colours[name][scheme], colours[ground][scheme]) >= 3, (name, scheme)


def contrast(one: str, other: str) -> float:
    """Give the contrast of two colours, as WCAG reckons it."""
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def luminance(colour: str) -> float:
    parts = [int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5)]
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def test_a_longer_story_is_folded_to_its_last_scenes_with_a_way_to_the_others() -> None:
    story = tale.told(stories.story("longer", 900, 12))
    place = Position(threshold=4, reached=900)

    last = curve_of(drawn(story, place))
    before = curve_of(drawn(story, place, View(before=SceneKey(last.marks[0].scene.key))))
    after = curve_of(drawn(story, place, View(after=SceneKey(before.marks[-1].scene.key))))

    assert [m.scene.number for m in last.marks] == list(range(501, 901))
    assert [m.scene.number for m in before.marks] == list(range(101, 501))
    assert [m.scene.key for m in after.marks] == [m.scene.key for m in last.marks]
    assert len(last.marks) == MOST_SCENES


@given(st.data())
@settings(max_examples=80, deadline=None)
def test_any_known_story_is_drawn_within_its_sheet(data: st.DataObject) -> None:
    story = tale.told(data.draw(tale.documents()))
    place = data.draw(tale.places(story))

    drawing = drawn(story, place)

    for picture in (drawing.curve, drawing.lanes, drawing.web):
        if picture is not None:
            assert 0 < picture.width < 5000
            assert 0 < picture.height < 5000
            lengths = numbers("".join(paths(picture)))
            assert all(isfinite(length) and -5 <= length < 5000 for length in lengths)


@pytest.mark.parametrize("count", [1, 3, 4, 7, 11, 14])
def test_many_relations_of_the_same_two_stay_on_the_sheet(count: int) -> None:
    people = [{"id": f"p{n}", "names": [{"name": f"Person {n}"}]} for n in range(2)]
    ties = [{"from": "p0", "to": "p1", "text": f"tie {n}"} for n in range(count)]
    document = tale.document() | {"people": people, "relations": ties, "credits": [], "parts": []}
    plain = [{"id": "only", "level": 0, "title": "Only", "text": "Only."}]
    about: tale.Document = {"about": [], "details": [], "sources": []}
    story = tale.told(document | about | {"scenes": plain, "premise": "Two people."})

    web = drawn(story, Position()).web
    assert web is not None
    assert len({tie.path for tie in web.ties}) == count
    for path in paths(web):
        across, down = numbers(path)[::2], numbers(path)[1::2]
        assert all(0 <= x <= web.width for x in across)
        assert all(0 <= y <= web.height for y in down)


def numbers(path: str) -> list[float]:
    """Give the numbers in a line."""
    return [float(n) for n in re.findall(r"-?\d+\.?\d*(?:e\S+)?", path)]


def paths(picture: Curve | Lanes | Web) -> Iterator[str]:
    """Give the lines of a picture, as they are written down."""
    if isinstance(picture, Curve):
        yield from (picture.thread, picture.edges, *(ribbon.path for ribbon in picture.ribbons))
    elif isinstance(picture, Lanes):
        yield from (path for lane in picture.lanes for path in (lane.path, lane.rest, lane.guide))
    else:
        yield from (tie.path for tie in picture.ties)


@given(st.text(max_size=60), st.integers(12, 200), st.integers(1, 3))
def test_words_are_cut_to_the_room_there_is(text: str, room: int, lines: int) -> None:
    assert width(shortened(text, room)) <= max(room, width("…")) + 1e-6
    made = broken(text, room, lines)

    assert len(made) <= lines
    assert all(width(one) <= max(room, width("…")) + 1e-6 for one in made)


# --- the page ------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def app(serve: Serve) -> Flask:
    longer = stories.story("longer", 450, 8)
    return serve((ROOT / "scenes.json").read_bytes(), json.dumps(longer).encode())


def reader(app: Flask, place: Position, *, part: bool = False) -> Reader:
    cookie = encode(bookmark_of(ballerina(), place))
    return Reader(app, part=part).keep("/stories/ballerina", cookie)


SHAPE = "/stories/ballerina/shape"
WHOLE = Position(threshold=TOP, reached=LENGTH)
PLACES = [
    Position(),
    Position(threshold=0, reached=LENGTH),
    Position(threshold=2, reached=12, opened=frozenset({18, 36})),
    WHOLE,
]


def in_pictures(answer: Answer) -> list[Element]:
    """Give the links that are drawn."""
    links = answer.page.all("a")
    return [link for link in links if any(one.tag == "svg" for one in link.within)]


@pytest.mark.parametrize("place", PLACES)
def test_every_link_of_the_pictures_leads_somewhere(app: Flask, place: Position) -> None:
    browser = reader(app, place)
    links = in_pictures(browser.get(SHAPE))

    assert links
    for href in {link.attributes["href"] for link in links}:
        assert re.fullmatch(r"/stories/ballerina/(scenes|people)/[a-z2-7]{12}", href)
        assert browser.get(href).status == 200


@pytest.mark.parametrize("place", PLACES)
def test_every_mark_has_words_of_its_own(app: Flask, place: Position) -> None:
    answer = reader(app, place).get(SHAPE)

    said = re.findall(
        r"<a class=\"(?:mark|lane|lane-name|node|tie)\b[^>]*>(?:<title>(.*?)</title>)?", answer.text
    )
    assert len(said) == len(in_pictures(answer))
    assert all(said)


def test_only_what_has_a_twin_for_the_keyboard_is_left_out_of_its_way(app: Flask) -> None:
    links = in_pictures(reader(app, WHOLE).get(SHAPE))
    skipped = [link for link in links if link.get("tabindex") == "-1"]

    assert {link.get("class") for link in skipped} == {"lane"}
    reached = {link.get("href") for link in links if link.get("tabindex") is None}
    assert {link.get("href") for link in skipped} <= reached


def rows(answer: Answer, table: str) -> list[list[str]]:
    """Give the cells of a table, as text."""
    html = answer.text[answer.text.index(f'id="{table}"') :]
    body = html[html.index("<tbody>") : html.index("</tbody>")]
    cells = [re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row) for row in body.split("</tr>")[:-1]]
    return [[re.sub(r"<[^>]*>", "", cell).replace("&#39;", "'") for cell in row] for row in cells]


def test_each_picture_has_a_table_that_says_the_same(app: Flask) -> None:
    answer = reader(app, WHOLE).get(SHAPE)
    drawing = drawn(ballerina(), WHOLE)

    curve = [
        [
            str(s.number),
            s.title,
            str(s.rank),
            s.time,
            s.place or "",
            ", ".join(w.name for w in s.people),
        ]
        for s in (m.scene for m in curve_of(drawing).marks)
    ]
    lanes = [
        [lane.ink.name, ", ".join(str(scene.number) for scene in lane.scenes)]
        for lane in lanes_of(drawing).lanes
    ]
    ties = [
        [t.origin.name, t.target.name, t.text, f"{t.number}. {t.scene}" if t.scene else ""]
        for t in web_of(drawing).ties
    ]
    assert rows(answer, "curve-table") == curve
    assert rows(answer, "lanes-table") == lanes
    assert rows(answer, "web-table") == ties


@pytest.mark.parametrize("place", PLACES)
def test_nothing_on_the_page_needs_a_style_of_its_own(app: Flask, place: Position) -> None:
    page = reader(app, place).get(SHAPE).page

    assert not page.all("style")
    assert not [one for one in page.elements if one.get("style") is not None]


def test_with_nothing_told_the_page_says_so_and_leads_on(app: Flask) -> None:
    answer = reader(app, Position()).get(SHAPE)

    assert "Nothing has been told so far" in answer.page.text
    assert answer.page.all("a", href="/stories/ballerina/read")


def person(ident: str) -> str:
    return opaque("ballerina", "person", ident)


def test_whoever_is_chosen_is_lit_in_all_three_and_nobody_else(app: Flask) -> None:
    page = reader(app, WHOLE).get(f"{SHAPE}?who={person('choi')}").page
    lit = [one for one in page.elements if "lit" in (one.get("class") or "").split()]
    his = [n for n, s in enumerate(BALLERINA["scenes"], 1) if {"choi", "caller"} & set(s["people"])]

    for kind in ("lane", "lane-name", "node"):
        only = [one.get("href") for one in lit if kind in (one.get("class") or "").split()]
        assert only == [f"/stories/ballerina/people/{person('choi')}"]
    marks = [one for one in lit if (one.get("class") or "").startswith("mark ")]
    assert len(marks) == 2 * len(his)
    assert page.one("a", aria_current="true", class_="chip").get("href") == SHAPE


def test_light_falls_on_scenes_of_any_of_those_chosen() -> None:
    drawing = drawn(ballerina(), WHOLE)
    whos = [KnownWho(PersonKey(person(one)), "") for one in ("girl", "boss")]
    theirs = [s for s in BALLERINA["scenes"] if {"girl", "boss"} & set(s["people"])]

    lit = light(drawing, View(who=tuple(whos)))

    assert isinstance(lit, Highlight)
    assert lit.scenes == tuple(opaque("ballerina", "scene", scene["id"]) for scene in theirs)


def test_nobody_unknown_can_be_chosen(app: Flask) -> None:
    few = reader(app, Position(threshold=2, reached=3))

    plain = few.get(SHAPE)

    assert few.get(f"{SHAPE}?who={person('boss')}&who=aaaaaaaaaaaa").body == plain.body


def test_a_threshold_set_on_the_page_comes_back_to_it_with_whoever_is_chosen(app: Flask) -> None:
    browser = reader(app, WHOLE)
    chosen = f"{SHAPE}?who={person('choi')}"
    form = next(f for f in browser.get(chosen).page.forms if "/threshold" in f.action)

    answer = browser.post(form.action, {"threshold": "1"})

    assert answer.status == 303
    assert answer.header("Location") == chosen


def test_a_part_of_the_page_is_what_the_whole_has(app: Flask) -> None:
    for place in PLACES:
        assert reader(app, place, part=True).get(SHAPE).main == reader(app, place).get(SHAPE).main


def test_a_long_story_leads_from_window_to_window(app: Flask) -> None:
    story = tale.told(stories.story("longer", 450, 8))
    browser = Reader(app).keep(
        "/stories/longer", encode(bookmark_of(story, Position(threshold=4, reached=450)))
    )
    last = browser.get("/stories/longer/shape")
    earlier = browser.get(last.page.one("a", id="earlier").attributes["href"])

    assert "51 to 450" in last.page.text
    assert "1 to 50" in earlier.page.text
    assert len(earlier.page.all("a", id="later")) == 1
    assert not last.page.all("a", id="later")
