"""Search finds what is known and stands there, and not a word more."""

from __future__ import annotations

import gc
import json
import random
import re
import weakref
from functools import cache
from itertools import combinations
from typing import Any
from urllib.parse import quote, urlencode

import pytest
from flask import Flask

from explorer.knowledge import scene_segments
from explorer.knowledge.bookmark import Position, bookmark_of
from explorer.knowledge.filters import Wish
from explorer.knowledge.knowledge import Knowledge
from explorer.knowledge.known_words import KnownStep
from explorer.knowledge.revision_cache import RevisionCache
from explorer.library.loaded_story import LoadedStory
from explorer.reading.pages import Pages
from explorer.reading.reading import Reading
from explorer.search import finder, index
from explorer.search.results import Found, Hit, Snippet
from explorer.story.model import Story
from explorer.story.terms import opaque
from explorer.story.tokens import said, words
from tests.conftest import Serve
from tests.shield.oracle import Oracle
from tests.support import tale
from tests.support.crawl import Answer, Reader
from tests.support.places import END, HOME, STORY, TALE, cookie, kinds_of_place, seen_from
from tests.support.tale import Document

KEYS: dict[str, str] = {scene.key: scene.id for scene in STORY.scenes} | {
    p.key: p.id for p in STORY.people
}


# Readers of one revision share what was made of it, as they do in the app.
HELD = LoadedStory(STORY)


@cache
def reading(place: Position) -> Reading:
    return Reading.of(HELD, bookmark_of(STORY, place), "")


def found(query: str, place: Position = END) -> Found:
    return Pages(reading(place)).searched(query).found


def searched_by(one: Reading, query: str) -> tuple[Hit, ...]:
    return Pages(one).searched(query).found.hits


def titles(query: str, place: Position = END) -> list[str]:
    """Give what the hits are called, one after the other."""
    return [read_aloud(hit.title) for hit in found(query, place).hits]


def read_aloud(passage: Snippet) -> str:
    return "".join(piece.text for piece in passage.pieces)


def marked(passage: Snippet) -> list[str]:
    return [piece.text for piece in passage.pieces if piece.marked]


# --- against a plain scan ------------------------------------------------------------------------


def scanned(place: Position) -> list[tuple[str, str]]:
    """Give everyone, every part and scene that is known, and the work, with all that they say."""
    told = seen_from(place)
    entries = [(f"/people/{one}", _of_person(told.person(one))) for one in told.people()]
    for row in (*told.rows(), *({"scene": scene} for scene in told.ahead())):
        scene, path = row["scene"], f"/scenes/{row['scene']['key']}"
        parts = [part for part in told.parts() if part["start"] == scene["key"]]
        entries += [(path, [part["title"], _text(part["summary"])]) for part in parts]
        if scene["telling"]:
            entries.append((path, _of_telling(scene["telling"])))
    entries.append(("", _of_work(told)))
    return [(path, " " + re.sub("[^a-z0-9]+", " ", " ".join(t).lower())) for path, t in entries]


def _of_work(told: Oracle) -> list[str]:
    work = told.work()
    return [
        TALE["title"],
        *map(_text, [work["premise"], *(paragraph["text"] for paragraph in work["about"])]),
        *(credit["role"] + " " + credit["name"] for credit in work["credits"]),
        *(detail["label"] + " " + detail["text"] for detail in work["details"]),
    ]


def _of_person(person: Any) -> list[str]:
    others = ("origin", "target")
    return [
        person["who"]["name"],
        *person["earlier"],
        *person["also"],
        *(credit["name"] for credit in person["played_by"]),
        *(_text(fact["text"]) for fact in person["facts"]),
        *(relation["text"] for relation in person["relations"]),
        *(r[end]["name"] for r in person["relations"] for end in others if r[end] != person["who"]),
    ]


def _of_telling(telling: Any) -> list[str]:
    people = [who["name"] for who in telling["people"]]
    return [telling["title"], _text(telling["text"]), telling["place"] or "", *people]


def _text(prose: Any) -> str:
    return str(prose["markdown"]) if prose else ""


def paths(query: str, place: Position) -> list[str]:
    """Give where the hits lead to, in ids."""
    return [re.sub("[a-z2-7]{12}", lambda m: KEYS[m[0]], h.path) for h in found(query, place).hits]


def test_everywhere_in_the_tale_each_word_is_found_where_it_is_known_and_nowhere_else() -> None:
    asked = sorted({word for text in tale.words(TALE) for word in text.lower().split("-")})

    for n, place in enumerate(kinds_of_place()):
        entries = scanned(place)
        # Neighbours among the places share the words among them.
        for word in asked[n % 4 :: 4]:
            if word.isalnum():
                there = [path for path, said in entries if f" {word}" in said]
                assert paths(word, place) == there, (place, word)


def test_the_beginning_of_a_word_is_enough_and_its_middle_is_not() -> None:
    assert titles("turq", Position(0, 1)) == ["Amethyst"]
    assert titles("urquoise", Position(0, 1)) == []


def test_all_words_must_stand_in_one_person_or_scene() -> None:
    assert titles("Obsidian Valparaiso") == ["Selenite"]
    assert titles("Obsidian Zanzibar") == []
    assert titles("valp OBSID sele") == ["Selenite"]


def test_people_come_first_then_parts_and_scenes_as_told() -> None:
    hits = found("Brangane", Position(2, 3)).hits

    assert {hit.kind for hit in hits[:-4]} == {"person"}
    assert [hit.kind for hit in hits[-4:]] == ["scene", "scene", "scene", "work"]
    assert [hit.number for hit in hits[-4:]] == [1, 2, 3, None]


def test_an_earlier_name_and_another_spelling_find_the_person() -> None:
    for word in ("Isolde", "Ysolt", "Melusine"):
        assert "Melusine" in titles(word), word


def test_a_name_that_is_learned_later_finds_nobody_before() -> None:
    assert titles("Melusine", Position(2, 7)) == []
    assert titles("Rusalka", Position(2, 4)) == []
    assert titles("Rusalka", Position(2, 5)) == ["Brangane"]


def test_a_scene_that_was_opened_ahead_is_found_without_a_number() -> None:
    [hit] = found("Howlite", Position(0, 1, opened=frozenset({6}))).hits

    assert (hit.number, read_aloud(hit.title)) == (None, "Tanzanite")


def test_a_part_is_found_by_its_title_and_its_summary() -> None:
    assert [hit.kind for hit in found("Cassiopeia", Position(0, 1)).hits] == ["part"]
    assert titles("Mistral", Position(1, 2)) == ["Cassiopeia"]
    assert titles("Scirocco", Position(1, 2)) == []
    assert titles("Scirocco", Position(1, 5)) == ["Cassiopeia"]
    assert titles("Mistral", Position(1, 5)) == []


# --- words ---------------------------------------------------------------------------------------


def test_words_say_where_they_stand() -> None:
    text = "Ok-ju’s “Café”, №5"

    assert [text[word.start : word.end] for word in words(text)] == [
        *("Ok", "ju", "s"),
        *("Café", "5"),
    ]


def telling(text: str, **more: Any) -> Document:
    return {"id": "only", "level": 0, "title": "Only", "text": text, **more}


def in_text(query: str, text: str, **more: str) -> tuple[Hit, ...]:
    """Give what is found in a story of one scene, at its end."""
    return at_end(tale.told(of_scenes([telling(text, **more)])), query).hits


def at_end(story: Story, query: str) -> Found:
    place = Position(len(story.levels) - 1, len(story.scenes))
    return (
        Pages(Reading.of(LoadedStory(story), bookmark_of(story, place), "")).searched(query).found
    )


def of_scenes(scenes: list[Document]) -> Document:
    plain = {key: TALE[key] for key in ("format", "id", "title", "medium", "language")}
    return plain | {"premise": "Scenes.", "levels": TALE["levels"][:2], "scenes": scenes}


@pytest.mark.parametrize(
    ("text", "query", "hit"),
    [
        ("옥주는 발레리나 민희를 만난다.", "발레", True),
        ("옥주는 발레리나 민희를 만난다.", "민희", True),
        ("옥주는 발레리나 민희를 만난다.", "바", False),
        ("옥주는 발레리나 민희를 만난다.", "레리나", False),
        ("옥주는 발레리나 민희를 만난다.", "\u1107\u1161\u11af\u1105\u1166", True),
        ("東京都に行く。", "京都", True),
        ("東京都に行く。", "都京", False),
        ("It is Min-hee's phone.", "min-hee", True),
        ("It is Min Hee's phone.", "min-hee", True),
        ("Min stays, Hee goes.", "min-hee", False),
        ("Min stays, Hee goes.", "min hee", True),
        ("chef.choi_1004", "choi", True),
        ("chef.choi_1004", "chef.choi_10", True),
        ("100 % and _ and * and \\", "%", False),
        ("100 % and _ and * and \\", "_", False),
        ("100 % and _ and * and \\", ".*", False),
        ("100 % and _ and * and \\", "1_0", False),
        ("`code` and un*believ*able &amp; <b>", "unbelievable", True),
        ("`code` and un*believ*able &amp; <b>", "amp", False),
        ("[words](https://example.org/hidden)", "words", True),
        ("[words](https://example.org/hidden)", "hidden", False),
    ],
)
def test_a_text_is_found_by_what_it_says(text: str, query: str, hit: bool) -> None:
    assert bool(in_text(query, text)) is hit


def test_a_place_is_found() -> None:
    assert len(in_text("bak", "Nothing.", place="Min-hee’s bakery")) == 1


# --- passages ------------------------------------------------------------------------------------


def test_what_was_searched_for_is_marked_in_its_own_spelling() -> None:
    [hit] = in_text("min", "Then comes MÍN-hee, at last.")

    assert [marked(passage) for passage in hit.snippets] == [["MÍN"]]
    assert read_aloud(hit.snippets[0]) == "Then comes MÍN-hee, at last."


def test_two_words_with_a_hyphen_between_are_marked_as_one() -> None:
    [hit] = in_text("hee min", "Then comes Min-hee, at last.")

    assert marked(hit.snippets[0]) == ["Min-hee"]


def test_a_long_text_is_cut_around_the_hits_between_words() -> None:
    text = " ".join(f"word{n}" for n in range(400))
    [hit] = in_text("word100 word300", text)
    [passage] = hit.snippets
    said = read_aloud(passage)

    assert marked(passage) == ["word100", "word300"]
    assert len(said) < 450
    assert set(said.replace("…", "").split()) <= set(text.split())
    assert said.startswith("… ")
    assert said.endswith(" …")


def test_a_long_text_without_spaces_is_cut_as_well() -> None:
    [hit] = in_text("京", "東" * 500 + "京" + "都" * 500)

    assert marked(hit.snippets[0]) == ["京"]
    assert len(read_aloud(hit.snippets[0])) < 250


def of_many(count: int) -> Story:
    """Give a story of many scenes with the same word, and one of its own in each."""
    scenes = [{"id": f"s{n}", "level": 0, "title": f"T{n}", "text": "same"} for n in range(count)]
    return tale.told(of_scenes(scenes))


@pytest.mark.parametrize(("count", "is_whole"), [(finder.MOST_HITS, True), (80, False)])
def test_of_very_many_hits_the_first_are_shown(count: int, is_whole: bool) -> None:
    found = at_end(of_many(count), "same")

    assert [read_aloud(hit.title) for hit in found.hits] == [f"T{n}" for n in range(50)]
    assert found.is_whole is is_whole


# --- long stories --------------------------------------------------------------------------------


def long_story(seed: int) -> Document:
    """Give a story of several lengths of stretches, in which much depends on the reader."""
    dice = random.Random(seed)
    count = scene_segments.SCENES * scene_segments.STRETCHES + 70
    people = [_someone(n, dice, count) for n in range(10)]
    scenes = [_told(n, dice) for n in range(count)]
    parts: list[Document] = [
        {
            "title": f"Part{n}",
            "scene": f"s{n}",
            "summary": {"text": f"Sum{n} of [[p{n % 8}]].", "scene": f"s{min(n + 9, count - 1)}"},
        }
        for n in range(0, count, 7)
    ]
    # Two are named once only, listed nowhere, and one thing is learned of an early part far on.
    scenes[5]["text"] += " And [[p8]]."
    parts[2]["summary"]["text"] += " And [[p9]]."
    parts[3]["summary"] = {"text": "Farther.", "scene": f"s{count - 30}"}
    source = {"id": "book", "title": "Sourcery", "scene": f"s{count // 3}"}
    return of_scenes(scenes) | {"people": people, "parts": parts, "sources": [source]}


def _someone(n: int, dice: random.Random, count: int) -> Document:
    """Give a person whose name is another one from some scene on."""
    later = {"name": f"Later{n}", "scene": f"s{dice.randrange(count)}"}
    return {"id": f"p{n}", "names": [{"name": f"Early{n}"}, later]}


def _told(n: int, dice: random.Random) -> Document:
    """Give a scene, now and then a late one with a lesser telling, and names grown into words."""
    one, other = dice.sample(range(8), 2)
    text = f"Word{n % 50} and own{n}, with [[p{one}]]s and [[p{other}|hat]]."
    scene = telling(text, people=[f"p{one}"], sources=["book"]) | {"id": f"s{n}", "title": f"T{n}"}
    if dice.random() < 0.4:
        lesser = {"level": 0, "title": f"L{n}", "text": f"Lesser{n % 20} of [[p{other}]]."}
        return scene | {"level": 1, "tellings": [lesser] if dice.random() < 0.7 else []}
    return scene


def places_in(count: int, dice: random.Random) -> Position:
    """Give a place somewhere, with scenes that stand out."""
    reached = dice.randint(0, count)
    some = [dice.randrange(count) for _ in range(dice.choice((0, 0, 1, 5)))]
    return Position(
        threshold=dice.randrange(2),
        reached=reached,
        seen=dice.choice((0, reached, dice.randint(0, reached))),
        opened=frozenset(some),
        warned=dice.random() < 0.3,
        withheld=frozenset(
            n for n in dice.sample(range(count), dice.choice((0, 0, 2))) if n < reached
        ),
    )


@pytest.mark.parametrize("seed", range(3))
def test_readers_who_share_a_memory_find_what_each_of_them_finds_alone(seed: int) -> None:
    story, dice = tale.told(long_story(seed)), random.Random(seed)
    shared = LoadedStory(story)
    kinds = ("word7", "own", "own3", "later2", "later2s", "early", "lesser1", "sum", "part", "hat")
    rare = ("later8", "later9", "farther")
    for _ in range(60):
        bookmark = bookmark_of(story, places_in(len(story.scenes), dice))
        ours, alone = (Reading.of(held, bookmark, "") for held in (shared, LoadedStory(story)))
        for query in (*dice.sample(kinds, 4), *rare, f"own{dice.randrange(300)}", "word7 hat"):
            found = Pages(ours).searched(query).found
            assert found == Pages(alone).searched(query).found, (bookmark, query)
            assert _scanned(alone, query)[: len(found.hits)] == [_path(hit) for hit in found.hits]


@pytest.mark.parametrize("first", ["less", "more"])
def test_on_either_side_of_the_end_of_a_stretch_nobody_finds_what_others_may(first: str) -> None:
    end = scene_segments.SCENES
    scenes = [
        {"id": f"s{n}", "level": 1, "title": f"Hidden{n}", "text": f"Hidden{n}."}
        | {"tellings": [{"level": 0, "title": f"Hinted{n}", "text": f"Hinted{n}."}]}
        for n in range(2 * end)
    ]
    story = tale.told(of_scenes(scenes))
    shared = LoadedStory(story)
    order = [end - 1, end, end + 1][:: 1 if first == "less" else -1]

    for seen in order:
        ours = Reading.of(shared, bookmark_of(story, Position(0, 2 * end, seen)), "")
        for scene in (end - 2, end - 1, end, end + 1):
            told = bool(Pages(ours).searched(f"hidden{scene}").found.hits)
            assert told == (scene < seen), (seen, scene)


def _path(hit: Hit) -> str:
    return f"{hit.kind} {hit.path}"


def _scanned(reading: Reading, query: str) -> list[str]:
    """Give where the words are, looking at all that is known one after the other."""
    whole = reading.whole()
    entries = [index.of_person(person) for person in whole.people]
    starts = {part.start: [p for p in whole.parts if p.start == part.start] for part in whole.parts}
    for scene in (*(row.scene for row in whole.rows), *whole.ahead):
        entries += index.in_step(KnownStep(tuple(starts.get(scene.key, ())), scene))
    entries.append(index.of_work(whole.title, whole.work))
    asked = [f"\x1f{word}" for word in said(query)]
    return [f"{e.kind} {e.path}" for e in entries if all(word in e.words for word in asked)]


@pytest.mark.parametrize("query", ["later", "summary"])
def test_what_is_learned_late_is_found_early_in_a_long_story(query: str) -> None:
    count = scene_segments.SCENES * scene_segments.STRETCHES + 70
    scenes = [telling("Nobody.") | {"id": f"s{n}", "title": f"T{n}"} for n in range(count)]
    scenes[3]["text"] = "[[p]] waits."
    late = {"scene": f"s{count - 10}"}
    names = [
        {"name": "Early"},
        {"name": "Later", **(late if query == "later" else {"scene": "s9"})},
    ]
    part = {"title": "Part", "scene": "s3", "summary": {"text": "A summary.", **late}}
    parts = [part] if query == "summary" else []
    story = tale.told(of_scenes(scenes) | {"people": [{"id": "p", "names": names}], "parts": parts})
    held = LoadedStory(story)

    # To both of them all of the longest stretch is told alike; who knows less asks first.
    before, after = (
        {
            hit.path
            for hit in Pages(Reading.of(held, bookmark_of(story, place), ""))
            .searched(query)
            .found.hits
        }
        for place in (Position(0, count - 20), Position(0, count))
    )
    assert (before, f"/scenes/{story.scenes[3].key}" in after) == (set(), True)


def test_most_of_a_long_story_is_passed_by() -> None:
    reading = Reading.of(LoadedStory(tale.told(long_story(1))), bookmark_of(STORY, Position()), "")
    story = reading.loaded.story
    end = Reading.of(reading.loaded, bookmark_of(story, Position(1, len(story.scenes))), "")
    looked: list[range] = []

    def steps(scenes: range) -> object:
        looked.append(scenes)
        return end.known.words.steps(scenes)

    Pages(end).searched("own123")
    known = end.known.remembered("searchable", lambda: None)
    assert len(finder.find(known, steps, "own123").hits) == 1  # type: ignore[arg-type]
    assert sum(map(len, looked)) == scene_segments.SCENES


def test_lists_without_a_word_fill_no_memory() -> None:
    count = 40
    veiled = [{"level": 1, "people": [f"p{n}" for n in range(count)]}] * count
    scenes = [telling("Hidden.", **more) | {"id": f"s{n}"} for n, more in enumerate(veiled)]
    people = [{"id": f"p{n}", "names": [{"name": "X", "scene": f"s{n}"}]} for n in range(count)]
    story = tale.told(of_scenes(scenes) | {"people": people})
    memory = RevisionCache(story, words=2_000)

    for pair in combinations(range(scene_segments.SCENES, count), 2):
        known = Knowledge.of(story, Position(0, count, opened=frozenset(pair)), memory)
        known.concordance(index.spoken)
        assert len(memory.words) < 40


def test_a_story_that_nobody_reads_is_gone_without_a_search_for_garbage() -> None:
    held = LoadedStory(tale.told(long_story(2)))
    story = held.story
    reading = Reading.of(held, bookmark_of(story, Position(1, 200)), "")
    Pages(reading).searched("word7")
    Pages(reading).read(Wish())
    gone: list[weakref.ref[object]] = [weakref.ref(held), weakref.ref(reading.known)]
    gc.disable()
    try:
        del held, story, reading
        assert [one() for one in gone] == [None, None]
    finally:
        gc.enable()


# --- the page ------------------------------------------------------------------------------------


def ask(app: Flask, query: str, place: Position = END, *, part: bool = False) -> Answer:
    reader = Reader(app, part=part).keep(HOME, cookie(place))
    return reader.get(f"{HOME}/search?{urlencode({'q': query})}")


def test_the_page_shows_the_hits_marked_and_says_how_many(app: Flask) -> None:
    answer = ask(app, "valparaiso")

    assert answer.status == 200
    assert "<mark>Valparaiso</mark>" in answer.text
    assert "One place in what you know so far." in answer.page.text
    assert answer.header("Cache-Control") == "private, no-store"
    assert "Cookie" in (answer.header("Vary") or "")


def test_the_part_is_the_main_of_the_page(app: Flask) -> None:
    for query in ("valparaiso", "nothing of the kind", ""):
        whole, part = ask(app, query), ask(app, query, part=True)

        assert part.main == whole.main


def test_a_hidden_word_and_a_word_of_no_story_are_answered_alike(app: Flask) -> None:
    words = sorted(tale.words(TALE))
    for place in (
        Position(),
        Position(0, 3),
        Position(2, 6),
        Position(1, 2, opened=frozenset({4})),
    ):
        shown = ask(app, "", place).text
        for word in (w for w in words[::3] if w.isalpha() and w not in shown):
            if found(word, place).hits:
                continue
            nonsense = "q" * len(word)
            one, other = ask(app, word, place), ask(app, nonsense, place)

            assert one.body.replace(word.encode(), nonsense.encode()) == other.body, word
            assert (one.status, one.headers) == (other.status, other.headers)


def test_nothing_found_is_said_in_words_that_tell_nothing(app: Flask) -> None:
    assert (
        "Nothing that you know so far has “Melusine” in it."
        in ask(app, "Melusine", Position()).text
    )


HOSTILE = [
    "'",
    '"><script>alert(1)</script>',
    "' OR 1=1 --",
    "%_*?[a-z]",
    "\\",
    "(((((((((((((((",
    "a" * 200,
    "\x00",
    "\x00val\x07paraiso\x1b[31m\x1f\x85",
    "\u202egnirts\u2066",
    "\ufeff\ufffe\uffff",
    "{{ page.frame }} {% raw %}",
    "a " * 100,
    "🩰 \U000e0001",
    "\u0301\u0301",
]


@pytest.mark.parametrize("query", HOSTILE)
def test_a_hostile_query_is_only_a_query(app: Flask, query: str) -> None:
    answer = ask(app, query)

    assert answer.status == 200
    assert "<script>" not in answer.text
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\ufffe\uffff]", answer.text)


def test_bytes_that_are_no_text_are_only_a_query(app: Flask) -> None:
    for query in ("%ff%fe", "%ed%a0%80", "%00", "%c3%28"):
        assert Reader(app).get(f"{HOME}/search?q={query}").status == 200


@pytest.mark.parametrize("length", [201, 10_000])
def test_a_query_that_is_too_long_is_refused_with_the_form_and_nothing_is_lost(
    app: Flask, length: int
) -> None:
    answer = ask(app, "x" * length)

    assert answer.status == 422
    assert answer.page.one("input", name="q").get("value") == "x" * length
    assert "200 characters at most" in answer.page.text
    assert answer.every("Set-Cookie") == []


def test_a_query_stands_in_the_address_of_a_form_that_works_without_a_script(app: Flask) -> None:
    page = ask(app, "val").page
    form = page.one("form", role="search")

    assert (form.get("method"), form.get("action")) == ("get", f"{HOME}/search")
    assert form.get("data-hx-get") == form.get("action")


def test_every_page_of_a_story_leads_to_the_search(app: Flask) -> None:
    reader = Reader(app).keep(HOME, cookie(Position(0, 2)))
    scene = opaque(TALE["id"], "scene", "gannet")
    for path in ("", "/read", "/people", "/carry", "/print", "/search", f"/scenes/{scene}"):
        link = reader.get(f"{HOME}{path}").page.one("a", id="to-search")

        assert link.get("href") == f"{HOME}/search", path


def test_searching_writes_no_word_of_the_query_into_a_log(
    app: Flask, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    with caplog.at_level(0):
        ask(app, "Melusine")
        ask(app, "Melusine" * 100)

    assert "Melusine" not in caplog.text
    assert "Melusine" not in "".join(capfd.readouterr())


def test_a_story_in_korean_is_searched_by_syllables(serve: Serve) -> None:
    document = {
        **{key: TALE[key] for key in ("format", "medium")},
        "id": "korean",
        "title": "발레리나",
        "language": "ko",
        "premise": "전제",
        "levels": TALE["levels"][:2],
        "people": [{"id": "min-hee", "names": [{"name": "민희"}]}],
        "scenes": [telling("[[min-hee]]가 춤을 춘다.", people=["min-hee"])],
    }
    reader = Reader(serve(json.dumps(document).encode()))

    assert "<mark>민희</mark>" in reader.get(f"/stories/korean/search?q={quote('민')}").text
    assert "<mark>" not in reader.get(f"/stories/korean/search?q={quote('미')}").text
