"""Advice for authors: what is found, what is left alone, and what a reader would see."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from copy import deepcopy
from itertools import chain
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from hypothesis import given
from hypothesis import strategies as st

from explorer.advice.advice import AdviceKind, advice, shown
from explorer.advice.first_readers import NoSuchReader, Readers, place_named, seen_by
from explorer.advice.languages.foreshadowing import CLOSING, OPENING, omens
from explorer.advice.manuscript import Manuscript
from explorer.cli.commands import main
from explorer.knowledge.bookmark import Position
from explorer.knowledge.knowledge import Knowledge
from explorer.settings import folder
from explorer.story.model import Story
from explorer.story.tokens import words
from explorer.storyfile import storyfile
from tests.storyfile.test_storyfile import ferry, saga
from tests.support import tale
from tests.support.planted import GUIDE, Outcome, advised, outcome, put_into

Document = dict[str, Any]
Explorer = Callable[..., Result]


@pytest.fixture(scope="session")
def measured() -> Outcome:
    """Give what became of all planted mistakes."""
    return outcome()


def story_of(document: Document) -> Story:
    """Make the story of a document."""
    return storyfile.read(storyfile.write(document).encode()).story()


# A story in which there is nothing to advise, to plant single things in.
PLAIN: Document = {
    "format": 1,
    "id": "plain",
    "title": "The Mill",
    "medium": "novel",
    "language": "en",
    "premise": "[[ann]] grinds corn.",
    "levels": [{"name": "Cover"}, {"name": "Start"}, {"name": "Middle"}, {"name": "End"}],
    "people": [
        {"id": "ann", "names": [{"name": "Ann"}]},
        {"id": "bob", "names": [{"name": "Bob Reed", "scene": "flood", "level": 1}]},
    ],
    "scenes": [
        {"id": "corn", "level": 1, "title": "Corn", "text": "[[ann]] sings.", "people": ["ann"]},
        {
            "id": "flood",
            "level": 2,
            "title": "Water",
            "text": "[[bob]] opens the gate, and the water comes.",
            "people": ["ann", "bob"],
            "tellings": [
                {"level": 1, "title": "Rain", "text": "It rains.", "people": ["ann", "bob"]}
            ],
        },
        {"id": "end", "level": 1, "title": "Sun", "text": "It dries.", "people": ["ann"]},
    ],
}


def plain(edit: Callable[[Document], object] | None = None) -> Document:
    """Give the story in which there is nothing to advise, changed as told."""
    document = deepcopy(PLAIN)
    if edit is not None:
        edit(document)
    return document


def kinds(document: Document) -> dict[AdviceKind, list[str]]:
    """Give the paths of the advice by kind."""
    return {kind: [fault.path for fault in faults] for kind, faults in advised(document).items()}


# --- the measure -------------------------------------------------------------------------------


def test_nine_of_ten_planted_mistakes_are_found(measured: Outcome) -> None:
    assert len(measured.planted) >= 60
    assert len(measured.missed) <= len(measured.planted) / 10


@pytest.mark.parametrize("kind", AdviceKind)
def test_of_each_kind_enough_are_planted_and_most_are_found(
    measured: Outcome, kind: AdviceKind
) -> None:
    planted = sum(plant.kind is kind for plant, _ in measured.planted)
    missed = sum(plant.kind is kind for plant in measured.missed)

    assert planted >= 8
    assert missed <= planted / 3


def test_nothing_is_said_wrongly_of_stories_that_have_no_mistake(measured: Outcome) -> None:
    assert measured.false == ()


def test_the_guide_shows_what_was_measured(measured: Outcome) -> None:
    guide = GUIDE.read_text(encoding="utf-8")

    assert put_into(guide, measured.table()) == guide, "python -m tests.support.planted --write"


def test_advice_is_of_the_line_of_its_path(measured: Outcome) -> None:
    for plant, found in measured.planted:
        lines = storyfile.write(plant.document).split("\n")
        for fault in chain.from_iterable(found.values()):
            line, key = lines[fault.line - 1], fault.path.rpartition(".")[2]
            is_entry = key.endswith("]") or f'"{key}":' in line
            # What stands nowhere has the line of what lacks it.
            assert is_entry or key in ("people", "level"), plant.made


def test_advice_says_why_and_in_a_whole_sentence_what_to_do(measured: Outcome) -> None:
    for _, found in measured.planted:
        for fault in chain.from_iterable(found.values()):
            assert not fault.message.endswith(".")
            assert fault.advice[0].isupper()
            assert fault.advice.endswith(".")


# --- single pieces -----------------------------------------------------------------------------


def test_there_may_be_nothing_to_advise() -> None:
    assert advised(plain()) == {}


def test_a_person_who_is_listed_before_they_are_known_is_found() -> None:
    def edit(document: Document) -> None:
        document["scenes"][0]["people"].append("bob")

    assert kinds(plain(edit)) == {AdviceKind.STRANGER: ["scenes[0].people[1]"]}


def test_a_link_reads_as_someone_in_the_language_of_the_story() -> None:
    def edit(document: Document) -> None:
        document["language"] = "fr"
        document["premise"] = "[[bob]]"

    [fault] = advised(plain(edit))[AdviceKind.STRANGER]
    assert "quelqu’un" in fault.message


def test_a_fact_of_someone_is_read_only_by_those_who_know_them() -> None:
    def edit(document: Document) -> None:
        document["people"][1]["facts"] = [{"text": "Reed is what they call [[bob]]."}]

    assert advised(plain(edit)) == {}


def test_a_name_is_known_by_whichever_way_comes_first() -> None:
    def edit(document: Document) -> None:
        document["people"][1]["names"].append({"name": "Bob Reed", "level": 3})
        document["scenes"][0]["text"] = "Bob Reed sings."

    assert kinds(plain(edit)) == {AdviceKind.EARLY: ["scenes[0].text"]}


@pytest.mark.parametrize(
    ("text", "is_found"),
    [
        ("Bob Reed sings.", True),
        ("“Bob Reed!” she sings.", True),
        ("She sings of the Reeds.", True),
        ("Reed’s gate is shut.", True),
        ("There sings bob reed.", False),
        ("*Bob* [Reed](https://example.org/).", True),
        ("A reed is in the water. Reed is good for roofs.", False),
        ("A reed is in the water, and old Reed cuts it.", False),
        ("Bobbins and Reedings.", False),
        ("`[[bob]]` https://example.org/Reed-x", True),
    ],
)
def test_a_name_in_plain_letters_is_found_where_it_is_one(text: str, is_found: bool) -> None:
    def edit(document: Document) -> None:
        document["scenes"][0]["text"] = text

    assert (AdviceKind.EARLY in advised(plain(edit))) is is_found


def test_a_name_that_the_title_of_the_work_has_is_no_secret() -> None:
    def edit(document: Document) -> None:
        document["title"] = "Bob Reed"
        document["scenes"][0]["text"] = "Somewhere sings Bob Reed."

    assert advised(plain(edit)) == {}


def test_a_full_telling_may_name_any_place_and_a_lesser_one_only_what_was_told() -> None:
    def edit(document: Document) -> None:
        document["scenes"][2]["place"] = "Nettle Row"
        document["scenes"][0]["text"] = "The corn is from Nettle Row."

    def lesser(document: Document) -> None:
        document["scenes"][2]["place"] = "Nettle Row"
        document["scenes"][1]["tellings"][0]["text"] = "It rains on Nettle Row."

    assert advised(plain(edit)) == {}
    assert kinds(plain(lesser)) == {AdviceKind.EARLY: ["scenes[1].tellings[0].text"]}


def test_a_word_that_its_readers_have_already_gives_nothing_away() -> None:
    def edit(document: Document) -> None:
        document["people"][0]["facts"] = [{"text": "Drowns in the flooded mill.", "scene": "flood"}]
        document["scenes"][1]["text"] += " [[ann]] drowns in the flooded mill."
        document["scenes"][1]["tellings"][0]["text"] = "It rains, and somebody drowns."

    def told(document: Document) -> None:
        edit(document)
        document["scenes"][0]["text"] += " Many have drowned here."

    assert kinds(plain(edit)) == {AdviceKind.GIVEAWAY: ["scenes[1].tellings[0].text"]}
    assert advised(plain(told)) == {}


def test_two_who_turned_out_to_be_one_are_not_dropped() -> None:
    def edit(document: Document) -> None:
        document["people"].append(
            {
                "id": "voice",
                "names": [{"name": "a voice", "scene": "flood", "level": 1}],
                "is": {"person": "bob", "scene": "flood", "level": 2},
            }
        )
        document["scenes"][1]["tellings"][0]["people"] = ["ann", "voice"]

    assert advised(plain(edit)) == {}


def test_a_name_that_stands_twice_is_heard_by_who_sees_the_work() -> None:
    def edit(document: Document) -> None:
        document["people"][1]["names"].insert(0, {"name": "Bob Reed", "level": 2})

    assert advised(plain(edit)) == {}


def test_the_full_telling_of_the_last_scene_may_look_ahead_if_the_story_is_complete() -> None:
    def edit(document: Document) -> None:
        document["scenes"][2]["text"] = "She will never come again."

    def goes_on(document: Document) -> None:
        edit(document)
        document["complete"] = False

    assert advised(plain(edit)) == {}
    assert kinds(plain(goes_on)) == {AdviceKind.AHEAD: ["scenes[2].text"]}


# --- words that look ahead ---------------------------------------------------------------------

LOOKING_AHEAD = [
    ("en", "She does not know it yet.", "yet"),
    ("en", "They aren’t friends yet.", "yet"),
    ("en", "The worst is yet to come.", "yet"),
    ("en", "Later he marries her.", "later"),
    ("en", "A friend who is later a foe.", "later"),
    ("en", "They meet for the last time.", "last"),
    ("en", "It is his last happy summer.", "last"),
    ("en", "The last words he says to her.", "last"),
    ("en", "He is the last to see her.", "last"),
    ("en", "He was once a spy.", "once"),
    ("en", "Kim, once a spy, smiles.", "once"),
    ("en", "Her former friend.", "former"),
    ("en", "His ex-wife calls.", "ex"),
    ("en", "She is safe for now.", "now"),
    ("en", "For now she is safe.", "now"),
    ("en", "He agrees, for the time being.", "being"),
    ("en", "Eventually she forgives him.", "eventually"),
    ("en", "One day she will forgive him.", "day"),
    ("en", "They never meet again.", "never"),
    ("en", "She will never know.", "never"),
    ("en", "He will soon be there.", "soon"),
    ("en", "It will cost him nothing, but he will regret it.", "will"),
    ("en", "Little does she know.", "know"),
    ("en", "What he does not know is more.", "know"),
    ("en", "The first of many lies.", "first"),
    ("en", "He is still alive.", "still"),
    ("en", "A doomed love.", "doomed"),
    ("en", "The supposedly empty house.", "supposedly"),
    ("en", "Her so-called uncle.", "called"),
    ("en", "The real killer waits.", "real"),
    ("en", "He meets his future wife.", "future"),
    ("en-GB", "Not yet.", "yet"),
    ("de", "Er weiß es noch nicht.", "noch"),
    ("de", "Später heiratet er sie.", "spater"),
    ("de", "Sie sehen sich zum letzten Mal.", "letzten"),
    ("de", "Eines Tages wird er es wissen.", "tages"),
    ("fr", "Il ne le sait pas encore.", "encore"),
    ("fr", "Pour la dernière fois.", "derniere"),
    ("es", "Todavía no lo sabe.", "todavia"),
    ("es", "La ve por última vez.", "ultima"),
    ("ko", "그는 아직 모른다.", "아직"),
]
HARMLESS = [
    ("en", "Yet he goes, and yet he comes.", "yet"),
    ("en", "He goes, yet he comes.", "yet"),
    ("en", "Yet another letter.", "yet"),
    ("en", "A moment later he is gone.", "later"),
    ("en", "Two days later, many years later.", "later"),
    ("en", "Later that evening he comes.", "later"),
    ("en", "Sooner or later.", "later"),
    ("en", "At last he sleeps.", "last"),
    ("en", "Her last name is Reed.", "last"),
    ("en", "Last night it rained.", "last"),
    ("en", "It can last for hours.", "last"),
    ("en", "The last orange.", "last"),
    ("en", "The last time he saw her was in May.", "last"),
    ("en", "For the last few days it has rained.", "last"),
    ("en", "She goes at once.", "once"),
    ("en", "Once more, once again.", "once"),
    ("en", "Once he is gone, she sleeps.", "once"),
    ("en", "It happens once a week.", "once"),
    ("en", "More than once, for once, all at once.", "once"),
    ("en", "Of Ann and Bob the former is at home.", "former"),
    ("en", "What they are there for now is for her to say.", "now"),
    ("en", "Now it is she who calls.", "now"),
    ("en", "One day she comes in to buy a cake.", "day"),
    ("en", "He never sleeps.", "never"),
    ("en", "As soon as he is gone.", "soon"),
    ("en", "He will follow her.", "will"),
    ("en", "They know each other.", "know"),
    ("en", "What she knows, she says.", "knows"),
    ("en", "The first of May.", "first"),
    ("en", "He is still in the house.", "still"),
    ("en", "A girl called Ann.", "called"),
    ("en", "A real diamond.", "real"),
    ("en", "She thinks of her future.", "future"),
    ("en", "He is supposed to wait.", "supposed"),
    ("de", "Er kommt noch einmal.", "noch"),
    ("de", "Zwei Tage später.", "spater"),
    ("de", "Später am Abend.", "spater"),
    ("fr", "Encore une fois.", "encore"),
    ("es", "Tres días más tarde.", "tarde"),
]


def looks_ahead(language: str, text: str, trigger: str) -> bool:
    """Whether any of the places of a word in a text looks ahead."""
    return any(
        omens(language)[word.folded].is_in(
            f"{text[: word.start]}{OPENING}{text[word.start : word.end]}{CLOSING}{text[word.end :]}"
        )
        for word in words(text)
        if word.folded == trigger
    )


@pytest.mark.parametrize(("language", "text", "word"), LOOKING_AHEAD)
def test_words_that_look_ahead_are_seen(language: str, text: str, word: str) -> None:
    assert looks_ahead(language, text, word)


@pytest.mark.parametrize(("language", "text", "word"), HARMLESS)
def test_the_same_words_are_left_alone_where_they_do_not(
    language: str, text: str, word: str
) -> None:
    assert not looks_ahead(language, text, word)


@pytest.mark.parametrize(
    ("text", "is_found"),
    [
        ("“We never meet again,” she says.", False),
        ("“Come,” she says, and they never meet again. “Come!”", True),
        ('"See you later," he says.', False),
        ("[[ann]] and he never meet again.", True),
    ],
)
def test_what_is_said_in_a_scene_belongs_to_it(text: str, is_found: bool) -> None:
    def edit(document: Document) -> None:
        document["scenes"][0]["text"] = text

    assert (AdviceKind.AHEAD in advised(plain(edit))) is is_found


def test_a_name_may_have_such_a_word_wherever_it_stands() -> None:
    def edit(document: Document) -> None:
        document["people"][1]["names"] = [{"name": "Ann's former boss"}]
        document["scenes"][0]["text"] = "Ann's former boss sings."

    assert advised(plain(edit)) == {}


def test_other_languages_get_all_other_advice() -> None:
    def edit(document: Document) -> None:
        document["language"] = "ja"
        document["people"][1]["names"][0]["name"] = "山田太郎"
        document["scenes"][0]["text"] = "そこに山田太郎がいる。Not yet."

    assert kinds(plain(edit)) == {AdviceKind.EARLY: ["scenes[0].text"]}


# --- readers -----------------------------------------------------------------------------------


@tale.patiently
@given(st.data())
def test_nobody_is_told_anything_below_its_first_reader(data: st.DataObject) -> None:
    story = tale.told(data.draw(tale.documents()))
    readers = Readers(story)
    for i, scene in enumerate(story.scenes):
        for j in range(len(scene.tellings)):
            place = readers.of_telling(i, j)
            assert readers.at(place).rule.told(i) == j
            for threshold in range(place.threshold):
                assert Knowledge.of(story, Position(threshold, len(story.scenes))).rule.told(i) != j


@tale.patiently
@given(st.data())
def test_whoever_turned_further_and_accepts_more_knows_no_one_less(data: st.DataObject) -> None:
    story = tale.told(data.draw(tale.documents()))
    reached = data.draw(st.integers(0, len(story.scenes)))
    threshold = data.draw(st.integers(0, len(story.levels) - 1))
    before = Knowledge.of(story, Position(threshold, reached))
    after = Knowledge.of(
        story,
        Position(
            data.draw(st.integers(threshold, len(story.levels) - 1)),
            data.draw(st.integers(reached, len(story.scenes))),
        ),
    )
    known = [n for n in range(len(story.people)) if before.narrator.who(n)]

    assert [n for n in known if after.narrator.who(n) is None] == []


@tale.patiently
@given(st.data())
def test_everyone_who_is_shown_an_entry_stands_at_one_of_its_places_or_above(
    data: st.DataObject,
) -> None:
    story = tale.told(data.draw(tale.documents()))
    readers = Readers(story)
    for n, person in enumerate(story.people):
        for fact in person.facts:
            places = readers.of_entry(fact.condition, [n])
            assert places
            for place in places:
                assert readers.at(place).rule.holds(fact.condition)
                assert readers.at(place).narrator.who(n)


@tale.patiently
@given(tale.documents())
def test_any_good_story_gets_its_advice(document: Document) -> None:
    text = storyfile.write(document)
    found = advice(storyfile.read(text.encode()), text)

    last = text.count("\n") + 1
    assert all(1 <= fault.line <= last for faults in found.values() for fault in faults)


def test_the_advice_on_the_tale_of_all_conditions_is_not_the_words_that_are_hidden() -> None:
    document = tale.document()

    assert set(advised(document)) >= {
        AdviceKind.STRANGER,
        AdviceKind.DROPPED,
        AdviceKind.UNSEEN,
        AdviceKind.PART,
    }


def test_a_passage_keeps_the_authors_words_and_leaves_gaps_for_names() -> None:
    document = plain()
    document["premise"] = "*[[ann]]*, [[bob|a man]] & `[[ann]]`"
    file = storyfile.read(storyfile.write(document).encode())

    premise = next(
        p for p in Manuscript(file.entry, file.story()).passages if p.path[0] == "premise"
    )
    assert premise.text == "\ufffc, a man & [[ann]]"


@pytest.mark.parametrize(
    ("named", "place"),
    [
        ("0,corn", Position(0, 1)),
        ("3,end", Position(3, 3)),
        ("Middle,flood", Position(2, 2)),
        (" middle , flood ", Position(2, 2)),
        ("1,", Position(1, 0)),
    ],
)
def test_a_reader_is_named_by_level_and_scene(named: str, place: Position) -> None:
    assert place_named(story_of(plain()), named) == place


def test_a_level_may_have_a_comma_or_a_number_for_a_name() -> None:
    document = plain()
    document["levels"][1]["name"] = "2001"
    document["levels"][2]["name"] = "Half, or so"

    assert place_named(story_of(document), "2001,").threshold == 1
    assert place_named(story_of(document), "Half, or so,corn") == Position(2, 1)


@pytest.mark.parametrize(
    ("named", "words"),
    [
        ("", "comma"),
        ("corn", "comma"),
        ("4,corn", "0 Cover, 1 Start"),
        ("-1,corn", "0 Cover"),
        ("²,corn", "0 Cover"),
        ("1,Corn", "by its id"),
    ],
)
def test_a_reader_who_cannot_be_is_refused_with_advice(named: str, words: str) -> None:
    with pytest.raises(NoSuchReader, match=words):
        place_named(story_of(plain()), named)


def test_what_a_reader_sees_is_what_may_be_known_and_no_word_more() -> None:
    story = story_of(plain())

    told = seen_by(story, Position(1, 2))
    assert "It rains." in told
    assert "the water comes" not in told
    assert "It dries" not in told
    assert "Veiled" not in told
    assert "Veiled" in seen_by(story, Position(0, 2))


# --- the command -------------------------------------------------------------------------------


@pytest.fixture
def explorer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Explorer:
    """Give the command in a folder of its own."""
    monkeypatch.chdir(tmp_path)

    def explorer(*args: str, input: bytes | None = None) -> Result:
        result = CliRunner().invoke(main, args, input=input)
        assert result.exception is None or isinstance(result.exception, SystemExit)
        return result

    return explorer


def write(document: Document, name: str = "a.json") -> str:
    """Write a story to a file."""
    Path(name).write_text(storyfile.write(document), encoding="utf-8")
    return name


def veiled(scenes: int) -> Document:
    """Give a story with many scenes of which most readers get nothing."""
    document = plain()
    document["scenes"] += [
        {"id": f"s{n}", "level": 2, "title": f"Veil {n}", "text": "It dries."}
        for n in range(scenes)
    ]
    return document


def test_check_gives_advice_and_is_content(explorer: Explorer) -> None:
    line, path = 82, "scenes[3]"
    message = '"Veil 0" has no lesser telling: below level 2 ("Middle") there is a veil'

    result = explorer("check", write(veiled(1)))
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout.splitlines() == [
        "a.json: a good story: 4 scenes, 4 levels, 2 people.",
        "",
        "Scenes without a lesser telling (1)",
        f"  a.json:{line}: {path}: {message}",
        '  → Add one to "tellings", if anything of it can be told.',
    ]


def test_check_has_nothing_to_add_where_all_is_well(explorer: Explorer) -> None:
    assert len(explorer("check", write(plain())).stdout.splitlines()) == 1


def test_check_shows_ten_of_a_kind_unless_told_otherwise(explorer: Explorer) -> None:
    name = write(veiled(13))

    some = explorer("check", name).stdout
    assert some.count("a veil") == 10
    assert "and 3 more; --advice all" in some
    assert explorer("check", "--advice", "all", name).stdout.count("a veil") == 13
    assert "veil" not in explorer("check", "--advice", "none", name).stdout


def test_check_gives_no_advice_on_a_broken_story(explorer: Explorer) -> None:
    document = veiled(1)
    del document["title"]

    result = explorer("check", write(document))
    assert result.exit_code == 1
    assert result.stdout == "a.json:1: title: is missing. Add it.\n"


def test_check_shows_the_story_as_a_reader_sees_it(explorer: Explorer) -> None:
    result = explorer("check", "--as", "Start,flood", write(plain()))

    assert result.exit_code == 0
    assert result.stdout.startswith("# The Mill\n")
    assert "It rains." in result.stdout
    assert "good story" not in result.stdout


def test_check_shows_a_story_from_standard_input(explorer: Explorer) -> None:
    data = storyfile.write(plain()).encode()

    assert "Ann sings" in explorer("check", "--as", "1,corn", "-", input=data).stdout
    assert explorer("check", "-", input=b"\xef\xbb\xbf" + data).exit_code == 0


@pytest.mark.parametrize(
    ("args", "status", "words"),
    [
        (["--as", "9,corn", "a.json"], 2, "there is no level"),
        (["--as", "corn", "a.json"], 2, "THRESHOLD,SCENE"),
        (["--as", "1,corn", "a.json", "a.json"], 2, "one file"),
        (["--as", "1,corn", "none.json"], 2, "cannot be read"),
        (["--as", "1,corn", "bad.json"], 1, "title: is missing"),
        (["--advice", "much", "a.json"], 2, "'some', 'all', 'none'"),
    ],
)
def test_a_wrong_call_of_check_is_told_from_a_broken_story(
    explorer: Explorer, args: list[str], status: int, words: str
) -> None:
    write(plain())
    Path("bad.json").write_text(json.dumps({k: v for k, v in plain().items() if k != "title"}))

    result = explorer("check", *args)
    assert (result.exit_code, result.stdout) == (status, "")
    assert words in result.stderr


def test_advice_is_shown_by_what_is_to_be_done() -> None:
    text = ferry().decode()
    lines = list(shown("ferry.json", advice(storyfile.read(ferry()), text)))

    assert all(line.startswith(("  ferry.json:", "  → ")) for line in lines if line[:1] == " ")
    assert [line for line in lines if line and line[0] != " "] == [
        f"{kind.value} (1)"
        for kind in (AdviceKind.GIVEAWAY, AdviceKind.VEILED, AdviceKind.UNSEEN, AdviceKind.PART)
    ]


# --- size --------------------------------------------------------------------------------------


def test_the_time_for_advice_grows_with_the_length_of_the_story_only() -> None:
    def seconds(scenes: int) -> float:
        text = storyfile.write(saga(scenes))
        file = storyfile.read(text.encode())
        start = time.process_time()
        advice(file, text)
        return time.process_time() - start

    seconds(200)
    assert seconds(4000) < 8 * 3 * max(seconds(500), 0.05)


def test_the_story_that_ships_has_only_scenes_of_which_nothing_can_be_told() -> None:
    document = json.loads(folder("scenes.json").read_bytes())

    assert set(advised(document)) <= {AdviceKind.VEILED}
