"""The one decider against the oracle: over every place in the tale, and over random stories."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass, fields, is_dataclass, replace
from enum import Enum
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from bench.stories import story as made
from explorer.knowledge.bookmark import Position
from explorer.knowledge.knowledge import MOST_ANSWERS, Knowledge
from explorer.knowledge.known import KnownMention, KnownPart, KnownProse, KnownScene, KnownStory
from explorer.knowledge.recap import MOST_CHAPTERS
from explorer.knowledge.revision_cache import RevisionCache
from explorer.story.model import Story
from explorer.story.terms import Time, opaque
from tests.shield import oracle
from tests.shield.oracle import Oracle, Reader
from tests.support import tale
from tests.support.tale import Document

# --- known values in plain words -----------------------------------------------------------------


def ids(story: Story) -> dict[str, str]:
    """Give the author's id for every key that readers see."""
    people: dict[str, str] = {person.key: person.id for person in story.people}
    return people | {scene.key: scene.id for scene in story.scenes}


def plain(value: Any, names: dict[str, str]) -> Any:
    """Give a known value as the oracle would say it: fields by name, ids for keys."""
    if isinstance(value, KnownProse):
        mentions = [piece for piece in value.html if isinstance(piece, KnownMention)]
        return {"markdown": value.markdown, "mentions": plain(tuple(mentions), names)}
    if is_dataclass(value):
        return {field.name: plain(getattr(value, field.name), names) for field in fields(value)}
    if isinstance(value, tuple | list):
        return [plain(entry, names) for entry in value]
    if isinstance(value, Enum):
        return value.value
    return names.get(value, value) if isinstance(value, str) else value


def reader(story: Story, place: Position) -> Reader:
    """Give a place as the oracle would say it."""

    def named(positions: frozenset[int]) -> frozenset[str]:
        return frozenset(story.scenes[n].id for n in positions)

    return Reader(
        place.threshold,
        place.reached,
        place.seen,
        named(place.opened),
        place.warned,
        named(place.withheld),
        place.finished,
    )


def differing(one: KnownStory, other: KnownStory) -> list[str]:
    """Give the pieces in which two answers differ, by name, since they are long to read."""
    names = (field.name for field in fields(KnownStory))
    return [name for name in names if getattr(one, name) != getattr(other, name)]


@dataclass(frozen=True)
class Case:
    """One place in the tale, what the decider says there, and what the oracle says."""

    place: Position
    whole: KnownStory
    oracle: Oracle
    expected: Document


@pytest.fixture(scope="module")
def document() -> Document:
    return tale.document()


@pytest.fixture(scope="module")
def story(document: Document) -> Story:
    return tale.told(document)


@pytest.fixture(scope="module")
def cases(document: Document, story: Story) -> list[Case]:
    def made() -> Iterator[Case]:
        for place in (*tale.every_place(story), *tale.every_held_place(story)):
            oracle = Oracle(document, reader(story, place))
            yield Case(place, Knowledge.of(story, place).whole(), oracle, oracle.whole(1))

    return list(made())


# --- the tale can be trusted ---------------------------------------------------------------------


def test_every_fact_of_the_tale_is_a_word_that_stands_in_no_other(document: Document) -> None:
    words = [word.lower() for word in tale.words(document)]

    inside = [(one, other) for one in words for other in words if one != other and one in other]

    assert inside == []


def test_the_tale_has_every_kind_of_thing_that_a_bookmark_can_know_or_not(
    document: Document,
) -> None:
    conditioned = [
        *(entry for kind in ("details", "credits", "about", "sources") for entry in document[kind]),
        *(name for person in document["people"] for name in person["names"]),
        *(fact for person in document["people"] for fact in person.get("facts", [])),
        *document["relations"],
    ]

    kinds = {
        ("level" in entry, "through" if "through" in entry else type(entry.get("scene")))
        for entry in conditioned
    }
    ends = {end for entry in conditioned for end in entry.get("until", {})}
    times = {telling.get("time", "present") for telling in tale.each_telling(document)}

    scenes = (type(None), str, list, "through")
    assert kinds == {(leveled, scene) for leveled in (True, False) for scene in scenes}
    assert ends == {"scene", "level", "through"}
    assert times == {time.value for time in Time}


def test_each_word_of_the_tale_but_the_ids_is_known_somewhere_and_all_at_the_end(
    document: Document, story: Story
) -> None:
    count = len(story.scenes)
    end = Position(threshold=3, reached=count, seen=count, finished=True)
    everywhere = "".join(repr(Knowledge.of(story, p).whole()) for p in tale.every_place(story))

    scenes = {ident for s in document["scenes"] for ident in (s["id"], *s.get("was", []))}
    people = {ident for p in document["people"] for ident in (p["id"], *p.get("was", []))}
    sources = {source["id"] for source in document["sources"]}
    markers = {scene["marker"] for scene in document["scenes"] if "marker" in scene}
    lesser = {w for s in document["scenes"] for w in tale.words(s.get("tellings", []))}
    # What ties two who turn out to be one is not said of the one.
    undone = {"Gingham", "Taffeta", "Brocade"}
    # Another wording of the same summary stands in its place.
    reworded = {"Mistral", "Tramontane", "Simoom"}
    # Whoever accepts all levels knew a later name from the first.
    reworded |= {"Corentin", "Fingal"}
    sayable = tale.words(document) - scenes - people - sources - markers
    at_the_end = repr(Knowledge.of(story, end).whole())

    assert [word for word in sayable if word not in everywhere] == []
    assert [word for word in sayable - lesser - undone - reworded if word not in at_the_end] == []


# --- every place in the tale ---------------------------------------------------------------------


@pytest.mark.parametrize("piece", [field.name for field in fields(KnownStory)])
def test_everywhere_in_the_tale_a_piece_of_what_is_known_is_what_the_contract_says(
    piece: str, cases: list[Case], story: Story
) -> None:
    names = ids(story)

    wrong = (
        (case.place, known, case.expected[piece])
        for case in cases
        if (known := plain(getattr(case.whole, piece), names)) != case.expected[piece]
    )

    assert next(wrong, None) is None


def test_nowhere_in_the_tale_does_a_hidden_word_stand_in_anything_that_is_known(
    cases: list[Case], document: Document
) -> None:
    words = tale.words(document)
    told = {repr(case.whole): _words_for_readers(repr(case.expected)) for case in cases}

    leaks = (
        (word, known)
        for known, expected in told.items()
        for word in words
        if word in known and word not in expected
    )

    assert next(leaks, None) is None


def _words_for_readers(expected: str) -> str:
    """Take the ids out of what the oracle says, since readers see keys in their places."""
    return re.sub(r"'(key|start|reached|before|seen|person)': '[a-z]+'", "", expected)


def test_no_id_of_the_author_stands_in_anything_that_is_known(
    cases: list[Case], story: Story, document: Document
) -> None:
    sources = [source["id"] for source in document["sources"]]
    idents = [*ids(story).values(), *sources, "skimmer", "sycamore"]
    told = {repr(case.whole) for case in cases}

    assert [ident for ident in idents if any(ident in known for known in told)] == []


def test_a_text_reads_the_same_in_html_and_in_markdown(cases: list[Case]) -> None:
    texts = {text for case in cases for text in _texts(case.whole)}

    assert texts
    assert all(text.plain == text.markdown for text in texts)


def _texts(value: object) -> Iterator[KnownProse]:
    if isinstance(value, KnownProse):
        yield value
    elif is_dataclass(value):
        for field in fields(value):
            yield from _texts(getattr(value, field.name))
    elif isinstance(value, tuple):
        for entry in value:
            yield from _texts(entry)


# --- narrow answers ------------------------------------------------------------------------------


def test_each_narrow_answer_is_its_part_of_the_whole(cases: list[Case], story: Story) -> None:
    names = ids(story)

    for case in cases:
        known, whole = Knowledge.of(story, case.place), case.whole
        reached = [row.scene for row in whole.rows]
        scenes = {scene.key: scene for scene in (*reached, *whole.ahead)}
        people = {person.who.key: person for person in whole.people}

        assert known.title() == whole.title
        assert known.standing() == whole.standing
        assert known.work() == whole.work
        assert known.people() == tuple(person.who for person in whole.people)
        assert known.parts() == whole.parts
        assert plain(known.previously().chapters, names) == case.oracle.previously()
        assert known.rule.shown() == [n for n, scene in enumerate(reached) if scene.telling]
        assert {*known.times()} == _times(scenes.values()) - {Time.PRESENT}
        for n, scene in enumerate(story.scenes):
            shown = scenes.get(scene.key)
            _assert_scene_is_part_of_the_whole(known, n, shown, names, case.oracle)
        for n, entry in enumerate(story.people):
            who = plain(known.narrator.who(n), names)
            assert who == case.oracle.who(entry.id)
            one = known.narrator.person_at(entry.key)
            assert (one is None) == (who is None)
            if one is not None:
                assert story.people[one].id == who["key"]
                assert known.person(one) == people[story.people[one].key]
                named = [story.scenes[at].id for at in known.presence.scenes_of(one)]
                assert named == case.oracle.scenes_of(who["key"])
                _assert_scenes_are_the_last(known, one)


def _assert_scenes_are_the_last(known: Knowledge, person: int) -> None:
    whole = known.person(person).scenes
    for most in range(len(whole) + 2):
        some = known.person(person, most)
        assert some.scenes == whole[max(0, len(whole) - most) :] if most else some.scenes == ()
        assert some.scenes_before is (most < len(whole) or not most)


def _times(scenes: Any) -> set[Time]:
    return {scene.telling.time for scene in scenes if scene.telling}


def _assert_scene_is_part_of_the_whole(
    known: Knowledge, n: int, shown: KnownScene | None, names: dict[str, str], oracle: Oracle
) -> None:
    key = oracle.order[n]
    assert known.rule.covers(n) == (shown is not None) == (key in oracle.covered())
    if shown is None:
        assert known.narrator.link(n) is None
        assert known.rule.told(n) is None
        assert known.rule.time_of(n) is None
        return
    assert known.narrator.scene(n) == shown
    assert known.rule.scene_at(shown.key) == n
    if shown.telling is None:
        assert known.narrator.link(n) is None
        assert known.rule.time_of(n) is None
    else:
        assert plain(known.narrator.link(n), names) == oracle.link(key)
        assert known.rule.time_of(n) == shown.telling.time


def test_a_window_of_scenes_is_its_part_of_the_whole(cases: list[Case], story: Story) -> None:
    for case in cases[::7]:
        known, rows = Knowledge.of(story, case.place), case.whole.rows
        for start in range(len(rows)):
            for end in range(start + 1, len(rows) + 1):
                window = known.window(range(start, end))

                assert window == known.window(list(range(start, end)))
                assert [r.scene for r in window] == [r.scene for r in rows[start:end]]
                assert _running(window) == _running(rows)[start:end]


def _running(rows: tuple[Any, ...]) -> list[KnownPart | None]:
    running: list[KnownPart | None] = []
    for row in rows:
        running.append(row.part or (running[-1] if running else None))
    return running


def test_a_scene_that_is_ahead_gives_no_more_than_the_name_of_its_level(
    cases: list[Case], story: Story
) -> None:
    for case in cases[::11]:
        known = Knowledge.of(story, case.place)
        for n, scene in enumerate(story.scenes):
            if not known.rule.covers(n):
                gate = known.gate(n)

                assert (gate.key, gate.level) == (scene.key, story.levels[scene.level].name)
                assert known.rule.scene_at(scene.key) is None


def test_scenes_stand_in_story_order_whatever_the_order_they_are_asked_in(
    cases: list[Case], story: Story
) -> None:
    shuffled = list(range(len(story.scenes)))
    random.Random(1).shuffle(shuffled)

    for case in cases[::5]:
        known = Knowledge.of(story, case.place)
        named = [story.scenes[n].id for n in known.rule.happened(shuffled)]

        assert named == case.expected["happened"]


def test_the_story_so_far_in_short_is_no_longer_than_a_minute_takes() -> None:
    long = tale.told(made("long", 400, 20))
    past_the_parts = long.parts[-1].scene + 2

    short = Knowledge.of(long, Position(4, past_the_parts)).previously()
    all_of_little = Knowledge.of(long, Position(4, 12 * MOST_CHAPTERS)).previously()
    one_part = replace(long, parts=long.parts[:1])
    endless = Knowledge.of(one_part, Position(4, 300)).previously()

    assert not short.is_whole
    assert [one.part.title for one in short.chapters if one.part] == [
        part.title for part in long.parts[-MOST_CHAPTERS:]
    ]
    assert [link.number for link in short.chapters[-1].scenes] == [
        past_the_parts - 1,
        past_the_parts,
    ]
    assert all_of_little.is_whole
    assert len(all_of_little.chapters) == MOST_CHAPTERS
    assert not endless.is_whole
    assert [link.number for link in endless.chapters[0].scenes] == [*range(289, 301)]


def test_nobody_may_ask_for_a_person_who_is_not_known(story: Story) -> None:
    known = Knowledge.of(story, Position())
    hidden = next(n for n, person in enumerate(story.people) if person.id == "tamarisk")

    assert known.narrator.person_at(story.people[hidden].key) is None
    with pytest.raises(LookupError):
        known.person(hidden)


def test_an_id_that_a_scene_or_a_person_had_before_finds_them(story: Story) -> None:
    known = Knowledge.of(story, Position(reached=8))
    curlew, rowan = opaque(story.id, "scene", "skimmer"), opaque(story.id, "person", "sycamore")

    assert known.rule.scene_at(curlew) == scene_at(story, "curlew")
    assert known.narrator.person_at(rowan) == person_at(story, "rowan")


def scene_at(story: Story, ident: str) -> int:
    """Give the position of a scene."""
    return next(n for n, scene in enumerate(story.scenes) if scene.id == ident)


def person_at(story: Story, ident: str) -> int:
    """Give the position of a person."""
    return next(n for n, person in enumerate(story.people) if person.id == ident)


# --- the rule in examples ------------------------------------------------------------------------


def test_a_scene_is_shown_in_the_fullest_telling_that_the_threshold_allows(story: Story) -> None:
    def titles(place: Position) -> list[str | None]:
        rows = Knowledge.of(story, place).window(range(place.reached))
        tellings = (row.scene.telling for row in rows)
        return [None if telling is None else telling.title for telling in tellings]

    assert titles(Position(0, 6)) == ["Amethyst", "Feldspar", None, None, "Heliotrope", None]
    assert titles(Position(1, 4)) == ["Malachite", "Hematite", "Rhodonite", "Serpentine"]
    assert titles(Position(2, 4)) == ["Selenite", "Hematite", "Rhodonite", "Azurite"]
    assert titles(Position(0, 3, seen=1)) == ["Selenite", "Feldspar", None]
    assert titles(Position(0, 4, opened=frozenset({3}))) == [
        *("Amethyst", "Feldspar", None),
        "Labradorite",
    ]


def test_a_lesser_telling_inherits_nothing_of_the_full_one(story: Story) -> None:
    lesser = Knowledge.of(story, Position(0, 2)).narrator.scene(1).telling

    assert lesser is not None
    assert (lesser.place, lesser.sources, lesser.warnings) == (None, (), ("Centipede",))
    assert [who.name for who in lesser.people] == ["Harrower"]


def test_a_veiled_scene_has_its_number_and_the_name_of_its_level_and_nothing_else(
    story: Story,
) -> None:
    veiled = Knowledge.of(story, Position(2, 6)).narrator.scene(5)

    assert (veiled.number, veiled.level, veiled.telling) == (6, "Abyss", None)
    assert (veiled.opened, veiled.warnings) == (False, ())


def test_warnings_of_the_full_telling_are_given_before_opening_to_those_who_ask(
    story: Story,
) -> None:
    asking = Knowledge.of(story, Position(0, 6, warned=True))

    assert asking.narrator.scene(0).warnings == ("Tarantula",)
    assert asking.narrator.scene(5).warnings == ("Cockroach",)
    assert Knowledge.of(story, Position(0, 6)).narrator.scene(5).warnings == ()


def test_a_scene_that_an_edit_put_there_is_veiled_whatever_is_seen_until_it_is_opened(
    story: Story,
) -> None:
    held = Position(3, 8, 8, withheld=frozenset({3}), finished=True)

    assert Knowledge.of(story, held).narrator.scene(3).telling is None
    assert not Knowledge.of(story, held).standing().everything_seen
    assert Knowledge.of(story, replace(held, opened=frozenset({3}))).rule.told(3) == 2


def test_a_person_goes_by_the_last_name_known_in_every_scene_also_in_earlier_ones(
    story: Story,
) -> None:
    def called(place: Position) -> str:
        first = Knowledge.of(story, place).narrator.scene(0).telling
        assert first is not None
        return first.people[-1].name

    assert called(Position(2, 1)) == "Isolde"
    assert called(Position(2, 3)) == "Brangane"
    assert called(Position(2, 8)) == "Brangane"
    assert called(Position(2, 8, opened=frozenset({7}))) == "Melusine"


def test_someone_who_is_not_known_is_listed_nowhere_and_mentioned_as_someone(
    story: Story,
) -> None:
    first = Knowledge.of(story, Position(2, 1)).narrator.scene(0).telling
    second = Knowledge.of(story, Position(2, 2)).narrator.scene(1).telling

    assert first is not None
    assert second is not None
    assert [who.name for who in first.people] == ["Isolde"]
    assert first.text.markdown == "Obsidian someone Kunzite Isolde"
    assert second.text.markdown == "Carnelian someone Sardonyx Citrine Harrower"
    assert KnownMention("Citrine", None) in second.text.html


def test_a_condition_on_a_scene_does_not_ask_for_the_threshold_again(story: Story) -> None:
    opened = Knowledge.of(story, Position(0, 0, opened=frozenset({0})))
    rowan = opened.person(person_at(story, "rowan"))

    assert [fact.text.markdown for fact in rowan.facts] == [
        "Chervil",
        "Savory",
        "Sorrel",
        "Tansy someone",
    ]


def test_a_condition_on_a_level_holds_when_the_reader_says_that_everything_has_been_seen(
    story: Story,
) -> None:
    alder = person_at(story, "alder")

    before = [Position(0, 8, 7), Position(0, 8, 8), Position(0, 8, 7, finished=True)]
    after = Position(0, 8, 8, finished=True)

    for place in before:
        assert Knowledge.of(story, place).person(alder).who.name == "Corentin"
    assert Knowledge.of(story, after).person(alder).who.name == "Gwenole"


def test_two_who_turn_out_to_be_one_are_one_everywhere(story: Story) -> None:
    larch, hazel, juniper = (person_at(story, who) for who in ("larch", "hazel", "juniper"))
    two = Knowledge.of(story, Position(1, 6))
    one = Knowledge.of(story, Position(1, 6, opened=frozenset({5})))
    all_one = Knowledge.of(story, Position(2, 8, opened=frozenset({5})))

    assert [two.rule.root(who) for who in (larch, hazel, juniper)] == [larch, hazel, juniper]
    assert [one.rule.root(who) for who in (larch, hazel, juniper)] == [hazel, hazel, juniper]
    assert [all_one.rule.root(who) for who in (larch, hazel, juniper)] == [juniper] * 3
    assert one.person(hazel).earlier == ("Harrower",)
    assert one.presence.scenes_of(hazel) == [1, 3, 5]
    assert "Taffeta" in repr(two.person(hazel).relations)
    assert "Taffeta" not in repr(one.whole())
    assert [credit.role for credit in all_one.person(juniper).played_by] == ["Osmium"]


def test_someone_stays_apart_while_the_one_they_are_has_no_name_that_is_known() -> None:
    document = tale.document()
    hazel = next(person for person in document["people"] if person["id"] == "hazel")
    hazel["names"] = [{"name": "Domino", "scene": "bittern"}]
    story = tale.told(document)
    larch = person_at(story, "larch")

    assert Knowledge.of(story, Position(2, 8, opened=frozenset({5}))).rule.root(larch) == larch
    assert Knowledge.of(story, Position(3, 8)).rule.root(larch) == person_at(story, "juniper")


def test_a_part_is_not_there_before_it_is_known_not_even_as_a_break(story: Story) -> None:
    def breaks(place: Position) -> list[str | None]:
        rows = Knowledge.of(story, place).window(range(place.reached))
        return [None if row.part is None else row.part.title for row in rows]

    assert breaks(Position(0, 7)) == ["Cassiopeia", *[None] * 6]
    assert breaks(Position(1, 7)) == ["Cassiopeia", *[None] * 2, "Andromeda", *[None] * 3]
    assert breaks(Position(0, 7, opened=frozenset({5})))[5] == "Ophiuchus"


def test_people_stand_in_the_order_in_which_the_reader_meets_them(story: Story) -> None:
    def names(place: Position) -> list[str]:
        return [who.name for who in Knowledge.of(story, place).people()]

    assert names(Position()) == ["Fingal", "Isolde"]
    assert names(Position(1, 1)) == ["Isolde", "Fingal"]
    assert names(Position(2, 2)) == ["Corentin", "Isolde", "Harrower", "Ferdiad", "Fingal"]


def test_story_order_is_that_of_the_tellings_shown(story: Story) -> None:
    def order(place: Position) -> list[str]:
        known = Knowledge.of(story, place)
        return [story.scenes[n].id for n in known.rule.happened(range(place.reached))]

    plain = ["curlew", "gannet", "petrel", "fulmar", "plover", "whimbrel"]
    twisted = ["fulmar", "curlew", "gannet", "petrel", "plover", "dunlin", "bittern", "whimbrel"]

    assert order(Position(0, 8)) == ["gannet", "petrel", "plover"]
    assert order(Position(1, 8)) == plain
    assert order(Position(2, 8)) == ["fulmar", *plain[:3], "plover", "bittern", "whimbrel"]
    assert order(Position(3, 8)) == twisted


# --- knowing only grows --------------------------------------------------------------------------


def with_probes(document: Document) -> Document:
    """Give a file in which every condition that there can be has a detail, and no other has one."""
    levels = range(len(document["levels"]))
    conditions: list[Document] = [{}, *({"level": level} for level in levels)]
    for scene, other in zip(document["scenes"], document["scenes"][::-1], strict=True):
        single, both = {"scene": scene["id"]}, {"scene": [scene["id"], other["id"]]}
        highest = max(scene["level"], other["level"])
        conditions += [single, *({**single, "level": k} for k in range(scene["level"] + 1))]
        if scene is not other:
            conditions += [both, *({**both, "level": k} for k in range(highest + 1))]
        conditions += [{"through": scene["id"], "level": k} for k in levels]
    probes = [{"label": "probe", "text": str(c), **c} for c in conditions]
    return {**document, "details": probes}


def holding(known: Knowledge) -> set[str]:
    """Give all conditions that hold."""
    return {detail.text for detail in known.work().details}


def tellings_shown(known: Knowledge, story: Story) -> list[int]:
    """Give for each scene how much of it is shown, -1 for nothing."""
    return [-1 if (told := known.rule.told(n)) is None else told for n in range(len(story.scenes))]


def steps_forward(story: Story, place: Position) -> Iterator[Position]:
    """Give the places at which one more thing is accepted, reached, seen or opened."""
    if place.threshold + 1 < len(story.levels):
        yield replace(place, threshold=place.threshold + 1)
    if place.reached < len(story.scenes):
        yield replace(place, reached=place.reached + 1)
    if place.seen < place.reached:
        yield replace(place, seen=place.seen + 1)
    if place.seen == len(story.scenes) and not place.withheld:
        yield replace(place, finished=True)
    for scene in range(len(story.scenes)):
        yield replace(place, opened=place.opened | {scene})


def assert_knowing_grows(story: Story, less: Position, more: Position) -> None:
    before, after = Knowledge.of(story, less), Knowledge.of(story, more)
    pairs = zip(tellings_shown(before, story), tellings_shown(after, story), strict=True)
    assert all(b <= a for b, a in pairs), (less, more)
    assert holding(before) <= holding(after), (less, more)


def test_each_step_forward_in_the_tale_only_adds_to_what_is_known(document: Document) -> None:
    story = tale.told(with_probes(document))
    everywhere = [*tale.every_place(story), *tale.every_held_place(story)]

    for place in everywhere[::5]:
        for further in steps_forward(story, place):
            assert_knowing_grows(story, place, further)


@tale.patiently
@given(tale.documents(), st.data())
def test_each_step_forward_in_any_story_only_adds_to_what_is_known(
    document: Document, data: st.DataObject
) -> None:
    story = tale.told(with_probes(document))
    place = data.draw(tale.places(story))

    for further in steps_forward(story, place):
        assert_knowing_grows(story, place, further)


@tale.patiently
@given(tale.documents(), st.data())
def test_at_the_end_of_any_story_everything_is_known(
    document: Document, data: st.DataObject
) -> None:
    story = tale.told(with_probes(document))
    count = len(story.scenes)
    threshold = data.draw(st.integers(0, len(story.levels) - 1))
    known = Knowledge.of(story, Position(threshold, count, count, finished=True))

    assert holding(known) == {detail.text for detail in story.details}
    assert all(known.rule.told(n) == len(s.tellings) - 1 for n, s in enumerate(story.scenes))
    assert all(known.narrator.who(n) is not None for n in range(len(story.people)))


def test_at_the_highest_threshold_with_all_reached_everything_is_known(
    document: Document,
) -> None:
    story = tale.told(with_probes(document))
    known = Knowledge.of(story, Position(len(story.levels) - 1, len(story.scenes)))

    assert holding(known) == {detail.text for detail in story.details}


# --- random stories ------------------------------------------------------------------------------


@tale.patiently
@given(tale.documents(), st.data())
def test_in_any_story_at_any_place_what_is_known_is_what_the_contract_says(
    document: Document, data: st.DataObject
) -> None:
    story = tale.told(document)
    place = data.draw(tale.places(story))
    whole = Knowledge.of(story, place).whole()
    expected = Oracle(document, reader(story, place)).whole(1)
    # In which order those of one name stand who are in no scene, the contract does not say.
    unmet = [one["who"]["name"] for one in expected["namesakes"] if one["scene"] is None]
    assume(len(unmet) == len(set(unmet)))

    said = plain(whole, ids(story))
    assert [piece for piece in said if said[piece] != expected[piece]] == []
    assert set(_MARKED.findall(repr(whole))) == set(_MARKED.findall(repr(expected)))


# Random stories write words such as w12x.
_MARKED = re.compile(r"[a-z]+[0-9]+x")


# --- what is hidden leaves no trace --------------------------------------------------------------


class _Twin:
    """Another story that agrees with one on all that a reader may know, and on as little else."""

    def __init__(self, document: Document, reader: Reader) -> None:
        self.oracle = Oracle(document, reader)
        self.reader = reader
        self.written = 0
        self.covered = self.oracle.covered()
        self.anchors = self._anchors()

    def word(self) -> str:
        """Give a word that neither story has."""
        self.written += 1
        return f"other{self.written}y"

    def _anchors(self) -> set[str]:
        """Scenes that are ahead, but by which the story order of known ones is counted."""
        wanted = set(self.covered)
        while True:
            tellings = [t for t in tale.each_telling(self.oracle.document) if "happens" in t]
            lesser = {
                target
                for scene in self.oracle.scenes
                if scene["id"] in self.covered
                for telling in scene.get("tellings", [])
                for target in telling.get("happens", {}).values()
            }
            full = {h for t in tellings if t.get("id") in wanted for h in t["happens"].values()}
            if lesser | full <= wanted:
                return wanted - set(self.covered)
            wanted |= lesser | full

    def document(self) -> Document:
        """Give the other story's file."""
        made = deepcopy(self.oracle.document)
        ends = self.reader.reached == len(made["scenes"])
        scenes = [s for s in map(self.scene, made["scenes"]) if s is not None]
        end = {"id": "the-end", "level": 0, "title": self.word(), "text": self.word()}
        made["scenes"] = scenes if ends else [*scenes, end]
        for kind in ("details", "credits", "about", "parts", "relations"):
            made[kind] = [e for e in made.get(kind, []) if self.oracle.holds(e)]
        for part in made["parts"]:
            wordings = oracle.wordings(part.pop("summary", None))
            known = [one for one in wordings if self.oracle.holds(one, part["scene"])]
            if known:
                part["summary"] = known
        for relation in made["relations"]:
            self.last(relation)
        never = {"scene": "the-end"} if not ends else None
        made["people"] = [self.person(person, never) for person in made["people"]]
        made["sources"] = [self.source(source, never) for source in made["sources"]]
        if never:
            self.intrude(made, never)
        return made

    def scene(self, scene: Document) -> Document | None:
        """Give a scene with other words where they are hidden; ahead, only if it is counted by."""
        if scene["id"] in self.anchors:
            kept = {key: scene[key] for key in ("id", "level", "time", "happens") if key in scene}
            return kept | {"title": self.word(), "text": self.word()}
        if scene["id"] not in self.covered:
            return None
        told = self.oracle.told[scene["id"]]
        scene["tellings"] = [t for t in scene.get("tellings", []) if t == told]
        if told is None or told["level"] < scene["level"]:
            scene |= {"title": self.word(), "text": self.word(), "place": self.word()}
            scene |= {"people": list(self.oracle.by_id), "sources": []}
            if not self.reader.warned:
                scene["warnings"] = [self.word()]
        return scene

    def person(self, person: Document, never: Document | None) -> Document:
        """Give a person with only what is known of them."""
        for kind in ("names", "also", "facts"):
            person[kind] = [entry for entry in person.get(kind, []) if self.oracle.holds(entry)]
        for fact in person["facts"]:
            self.last(fact)
        if "is" in person and not self.oracle.holds(person["is"]):
            del person["is"]
        if never:
            person["names"] = [*person["names"], {"name": self.word(), **never}]
            person["also"] = [{"name": self.word(), **never}, *person["also"]]
        elif not person["names"]:
            # Everything is reached, so something that is veiled has to hide the name.
            own = self.oracle.by_id[person["id"]]["names"]
            person["names"] = [{**own[0], "name": self.word()}]
        return person

    def last(self, entry: Document) -> None:
        """Let an entry hold for ever that has not ended."""
        if "until" in entry and not self.oracle.holds(entry["until"]):
            del entry["until"]

    def source(self, source: Document, never: Document | None) -> Document:
        """Give a source, another one if it is hidden."""
        if self.oracle.holds(source):
            return source
        condition = never or {
            key: source[key] for key in ("level", "scene", "through") if key in source
        }
        return {"id": source["id"], "title": self.word(), **condition}

    def intrude(self, made: Document, never: Document) -> None:
        """Bring in someone who is not known, but is in every scene and plays every part."""
        intruder = {"id": "intruder", "names": [{"name": self.word(), **never}]}
        made["people"].insert(0, intruder)
        for telling in tale.each_telling(made):
            telling["people"] = ["intruder", *telling.get("people", [])]
        for person in made["people"][1:]:
            tie = {"from": "intruder", "to": person["id"], "text": self.word()}
            made["relations"].insert(0, tie)


def assert_leaves_no_trace(document: Document, place: Position) -> None:
    story = tale.told(document)
    said = reader(story, place)
    twin = tale.told(_Twin(document, said).document())
    other = {scene.id: n for n, scene in enumerate(twin.scenes)}

    def there(positions: frozenset[int]) -> frozenset[int]:
        return frozenset(other[story.scenes[n].id] for n in positions)

    moved = replace(place, opened=there(place.opened), withheld=there(place.withheld))
    assert differing(Knowledge.of(twin, moved).whole(), Knowledge.of(story, place).whole()) == []


def test_nothing_that_is_hidden_in_the_tale_leaves_a_trace(document: Document) -> None:
    story = tale.told(document)
    everywhere = [*tale.every_place(story), *tale.every_held_place(story)]

    for place in everywhere[::19]:
        assert_leaves_no_trace(document, place)


def test_no_other_word_in_place_of_a_hidden_one_changes_what_is_known(
    document: Document, story: Story
) -> None:
    scenes = {scene["id"] for scene in document["scenes"]}
    people = {person["id"] for person in document["people"]}
    everywhere = [*tale.every_place(story), *tale.every_held_place(story)]

    for place in everywhere[::67]:
        whole = Knowledge.of(story, place).whole()
        hidden = {w for w in tale.words(document) - scenes - people if w not in repr(whole)}
        other = {word: f"Other{n}" for n, word in enumerate(hidden) if word.isalpha()}
        twin = tale.told(_reworded(document, other))

        assert differing(Knowledge.of(twin, place).whole(), whole) == []


def _reworded(value: Any, words: dict[str, str], key: str = "") -> Any:
    if isinstance(value, dict):
        return {key: _reworded(entry, words, key) for key, entry in value.items()}
    if isinstance(value, list):
        return [_reworded(entry, words, key) for entry in value]
    if isinstance(value, str) and key not in _KEYS_OF_IDS:
        return re.sub("[A-Za-z]+", lambda match: words.get(match[0], match[0]), value)
    return value


_KEYS_OF_IDS = ("id", "was", "people", "sources", "source", "scene", "from", "to", "person")


@tale.patiently
@given(tale.documents(), st.data())
def test_nothing_that_is_hidden_in_any_story_leaves_a_trace(
    document: Document, data: st.DataObject
) -> None:
    story = tale.told(document)

    assert_leaves_no_trace(document, data.draw(tale.places(story)))


# --- what is remembered between requests ---------------------------------------------------------


def test_remembering_scenes_between_requests_never_changes_an_answer(
    cases: list[Case], story: Story
) -> None:
    memory = RevisionCache(story)
    shuffled = random.Random(2).sample(cases, len(cases))

    for case in shuffled:
        assert differing(Knowledge.of(story, case.place, memory).whole(), case.whole) == []
    for case in shuffled[::9]:
        assert differing(Knowledge.of(story, case.place, memory).whole(), case.whole) == []


@tale.patiently
@given(tale.documents(), st.data())
def test_remembering_never_changes_an_answer_in_any_story(
    document: Document, data: st.DataObject
) -> None:
    story = tale.told(document)
    memory = RevisionCache(story)

    for place in data.draw(st.lists(tale.places(story), max_size=4)):
        anew = Knowledge.of(story, place).whole()
        assert differing(Knowledge.of(story, place, memory).whole(), anew) == []


def test_an_answer_that_was_given_before_is_given_again(cases: list[Case], story: Story) -> None:
    shuffled = random.Random(3).sample(cases, len(cases) // 9)

    for case in shuffled:
        known = Knowledge.of(story, case.place)
        for scene in range(case.place.reached):
            known.window(range(scene))
            known.window([*range(scene, case.place.reached), *range(scene)])
        assert differing(known.whole(), case.whole) == []
        assert differing(known.whole(), case.whole) == []


def test_more_answers_than_can_be_remembered_are_given_all_the_same(story: Story) -> None:
    place = Position(2, 8, 3)
    known, whole = Knowledge.of(story, place), Knowledge.of(story, place).whole()

    for n in range(MOST_ANSWERS * 2):
        scenes = [scene for scene in range(8) if n >> scene & 1]
        assert [row.scene for row in known.window(scenes)] == [whole.rows[s].scene for s in scenes]
    assert differing(known.whole(), whole) == []


def test_the_memory_is_bounded_and_forgetting_changes_no_answer(cases: list[Case]) -> None:
    story = tale.told(tale.document())
    filler = cases[-1].whole.rows[0].scene
    memory = RevisionCache(story, scenes=50)
    for n in range(200):
        memory.scenes.keep(n, filler)
        assert memory.scenes.weight <= 50

    for case in cases[::40]:
        assert differing(Knowledge.of(story, case.place, memory).whole(), case.whole) == []
        assert memory.scenes.weight <= 50
