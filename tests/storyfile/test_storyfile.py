"""Story files: what is read, and what is said of those that are broken."""

from __future__ import annotations

import copy
import json
import re
import time
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from explorer.story.model import Condition, Happens, Listing, Outline
from explorer.story.terms import Medium, Time, opaque
from explorer.storyfile import json_positions, storyfile
from explorer.storyfile.consistency import circles, clashes
from explorer.storyfile.json_positions import Path
from explorer.storyfile.storyfile import BrokenStory, LocatedProblem

File = dict[str, Any]
Edit = Callable[[File], object]

# A story in which every kind of entry stands at least once.
FERRY: File = {
    "format": 1,
    "id": "ferry",
    "title": "The Ferry",
    "medium": "novel",
    "language": "en",
    "released": "1931-04",
    "complete": False,
    "premise": "[[ida]] waits for a boat.",
    "levels": [
        {"name": "Cover", "note": "What the back says."},
        {"name": "Crossing"},
        {"name": "Shore"},
    ],
    "details": [{"label": "Pages", "text": "93"}],
    "credits": [
        {"role": "Author", "name": "A. Gull"},
        {"role": "Voice", "name": "B. Tern", "person": "ida", "level": 1},
    ],
    "about": [{"text": "Written *at sea*.", "level": 0, "source": "note"}],
    "sources": [
        {
            "id": "note",
            "title": "A note",
            "publisher": "Harbour",
            "url": "https://example.org/note",
            "date": "1930",
            "level": 0,
        }
    ],
    "parts": [
        {
            "title": "Water",
            "scene": "pier",
            "level": 0,
            "summary": {"text": "[[ole|He]] rows.", "scene": "wave"},
        },
        {"title": "Land", "scene": "shore"},
    ],
    "people": [
        {
            "id": "ida",
            "was": ["eda"],
            "names": [{"name": "the girl"}, {"name": "Ida", "scene": "pier", "level": 1}],
            "also": [{"name": "Eda", "level": 1}],
            "facts": [{"text": "Fears [[ole]].", "scene": "wave", "source": "note"}],
        },
        {"id": "ole", "names": [{"name": "Ole", "scene": "pier"}]},
        {
            "id": "oar",
            "names": [{"name": "the rower", "level": 1}],
            "is": {"person": "ole", "scene": "shore", "level": 2},
        },
    ],
    "relations": [{"from": "ida", "to": "ole", "text": "siblings", "scene": "shore"}],
    "scenes": [
        {
            "id": "pier",
            "was": ["quay"],
            "level": 1,
            "title": "The pier",
            "text": "[[ida]] sees [[ole|him]]. `[[not-a-mention]]`",
            "people": ["ida", "ole"],
            "place": "Pier",
            "marker": "00:01",
            "tellings": [
                {"level": 0, "title": "A pier", "text": "Someone waits.", "people": ["ida"]}
            ],
        },
        {
            "id": "wave",
            "level": 2,
            "title": "The wave",
            "text": "It comes.",
            "people": ["oar"],
            "time": "flashback",
            "happens": {"before": "pier"},
            "marker": "00:05",
            "warnings": ["drowning"],
            "sources": ["note"],
            "tellings": [
                {"level": 1, "title": "Water", "text": "It rises.", "time": "dream"},
                {"level": 0, "title": "Wet", "text": "Rain.", "happens": {"after": "shore"}},
            ],
        },
        {"id": "shore", "level": 2, "title": "The shore", "text": "They land.", "marker": "00:05"},
    ],
}


def ferry(edit: Edit | None = None) -> bytes:
    """Give the file of a small story, changed as told."""
    file = copy.deepcopy(FERRY)
    if edit is not None:
        edit(file)
    return json.dumps(file, indent=2).encode()


def faults(data: bytes) -> tuple[LocatedProblem, ...]:
    """Give what is wrong with a file; nothing for a good one."""
    try:
        storyfile.read(data)
    except BrokenStory as broken:
        return broken.problems
    return ()


def paths(data: bytes) -> list[str]:
    """Give the paths at which a file is wrong."""
    return [fault.path for fault in faults(data)]


def set_at(path: str, value: object) -> Edit:
    """Change what stands at a path, or add it."""

    def edit(file: File) -> None:
        *way, last = steps(path)
        for step in way:
            file = file[step]
        file[last] = value

    return edit


def drop(path: str) -> Edit:
    """Take out what stands at a path."""

    def edit(file: File) -> None:
        *way, last = steps(path)
        for step in way:
            file = file[step]
        del file[last]

    return edit


def like(path: str, **changes: object) -> Any:
    """Give a copy of what stands at a path, changed."""
    entry: Any = FERRY
    for step in steps(path):
        entry = entry[step]
    return entry | changes


def add(key: str, entry: object) -> Edit:
    """Add an entry to a list at the top."""
    return lambda file: file[key].append(entry)


def both(*edits: Edit) -> Edit:
    """Change several things."""
    return lambda file: [edit(file) for edit in edits]


def steps(path: str) -> list[Any]:
    """Take a path apart."""
    return [int(s) if s.isdigit() else s for s in re.findall(r"[^.\[\]]+", path)]


# --- what a good file gives --------------------------------------------------------------------


def test_a_good_file_says_what_its_author_wrote() -> None:
    assert storyfile.read(ferry()).document == FERRY


def test_keys_come_out_in_the_order_of_the_contract() -> None:
    document = storyfile.read(ferry()).document

    assert json.dumps(document) == json.dumps(FERRY)


def test_what_was_written_reads_as_the_same() -> None:
    file = storyfile.read(ferry())

    assert storyfile.read(storyfile.write(file.document).encode()) == file


def test_a_trusted_document_is_the_same_story() -> None:
    file = storyfile.read(ferry())

    assert storyfile.trusted(file.document) == file


@pytest.mark.parametrize(
    "edit",
    [
        set_at("people[1].facts", []),
        set_at("scenes[0].time", "present"),
        set_at("scenes[2].tellings", []),
        set_at("levels[1].name", "  Crossing "),
        lambda file: file.update(dict(reversed(list(file.items())))),
    ],
)
def test_files_that_mean_the_same_have_the_same_document(edit: Edit) -> None:
    assert storyfile.read(ferry(edit)).document == FERRY


def test_levels_may_say_what_they_were_even_where_their_names_are_swapped() -> None:
    first, second = (level["name"] for level in FERRY["levels"][:2])
    swapped = both(
        set_at("levels[0]", {"name": second, "was": [first]}),
        set_at("levels[1]", {"name": first, "was": [second, " Coast "]}),
    )

    file = storyfile.read(ferry(swapped))

    assert [level.names for level in file.story().levels[:2]] == [
        (second, first),
        (first, second, "Coast"),
    ]
    assert storyfile.trusted(file.document) == file


def test_writing_keeps_every_script_readable() -> None:
    file = storyfile.read(ferry(set_at("title", "발레리나")))

    assert "발레리나" in storyfile.write(file.document)


def test_a_byte_order_mark_is_no_fault() -> None:
    assert storyfile.read(b"\xef\xbb\xbf" + ferry()).document == FERRY


def test_a_telling_without_people_lists_nobody() -> None:
    story = storyfile.read(ferry()).story()

    assert story.scenes[2].full.people == ()


def test_the_story_has_what_the_file_says() -> None:
    story = storyfile.read(ferry()).story(revision=7, outlines=(Outline(3, (), ()),))

    assert (story.id, story.title, story.medium) == ("ferry", "The Ferry", Medium.NOVEL)
    assert (story.language, story.released, story.complete) == ("en", "1931-04", False)
    assert (story.revision, story.outlines) == (7, (Outline(3, (), ()),))
    assert [level.note for level in story.levels] == ["What the back says.", "", ""]
    assert story.sources[0].url == "https://example.org/note"
    assert story.about[0].source == story.people[0].facts[0].source == 0
    assert [credit.person for credit in story.credits] == [None, 0]
    assert (story.relations[0].origin, story.relations[0].target) == (0, 1)
    assert [part.scene for part in story.parts] == [0, 2]
    assert story.scenes[1].full.warnings == ("drowning",)
    assert story.scenes[1].full.sources == (0,)
    assert story.scenes[0].full.place == "Pier"


def test_a_condition_on_a_scene_always_names_a_level() -> None:
    story = storyfile.read(ferry()).story()

    assert story.relations[0].condition == Condition(level=2, scene=2)
    assert story.parts[1].condition == Condition(level=2, scene=2)
    assert story.parts[0].condition == Condition(level=0, scene=0)
    assert story.people[0].names[1].condition == Condition(level=1, scene=0)
    assert story.people[0].also[0].condition == Condition(level=1, scene=None)
    assert story.details[0].condition == Condition()


def test_tellings_rise_in_level_and_the_full_one_is_last() -> None:
    story = storyfile.read(ferry()).story()

    assert [telling.title for telling in story.scenes[1].tellings] == ["Wet", "Water", "The wave"]


def test_a_lesser_telling_inherits_nothing() -> None:
    lesser = storyfile.read(ferry()).story().scenes[1].tellings[0]

    assert (lesser.people, lesser.place, lesser.time) == ((), None, Time.PRESENT)
    assert (lesser.warnings, lesser.sources) == ((), ())
    assert lesser.happens == Happens(2, after=True)


def test_keys_of_today_and_of_before_lead_to_the_same() -> None:
    index = storyfile.read(ferry()).story().index

    assert index.scene_at[opaque("ferry", "scene", "pier")] == 0
    assert index.scene_at[opaque("ferry", "scene", "quay")] == 0
    assert index.person_at[opaque("ferry", "person", "eda")] == 0
    assert set(index.scene_at.values()) == set(index.person_at.values()) == {0, 1, 2}


def test_the_index_says_where_people_are_listed_as_told() -> None:
    listed = storyfile.read(ferry()).story().index.listed

    assert listed[0] == (Listing(0, 0, 0), Listing(0, 1, 0))
    assert listed[1] == (Listing(0, 1, 1),)
    assert listed[2] == (Listing(1, 2, 0),)


def test_the_index_says_which_tellings_are_not_of_the_present() -> None:
    timed = storyfile.read(ferry()).story().index.timed

    assert timed == {Time.FLASHBACK: ((1, 2),), Time.FLASHFORWARD: (), Time.DREAM: ((1, 1),)}


def test_the_index_says_who_turns_out_to_be_whom() -> None:
    assert storyfile.read(ferry()).story().index.merging == ((), (2,), ())


def test_the_index_says_which_part_starts_where() -> None:
    story = storyfile.read(ferry()).story()

    assert story.index.parts_at == {0: (story.parts[0],), 2: (story.parts[1],)}


def test_the_index_holds_the_story_order() -> None:
    # What comes before the wave, the wave's two, the pier, the shore, the rain after it.
    assert storyfile.read(ferry()).story().index.happened == ((1, 2), (5, 3, 0), (4,))


# --- what is wrong at one place ----------------------------------------------------------------

WRONG: list[tuple[str, str, Edit]] = [
    # Shapes.
    ("plcae", "no such key", set_at("plcae", 1)),
    ("scenes[1].plcae", "no such key", set_at("scenes[1].plcae", "x")),
    ("scenes[0].tellings[0].marker", "no such key", set_at("scenes[0].tellings[0].marker", "1")),
    ("language", "missing", drop("language")),
    ("scenes[2].text", "missing", drop("scenes[2].text")),
    ("scenes[0].tellings[0].level", "missing", drop("scenes[0].tellings[0].level")),
    ("parts[0].scene", "missing", drop("parts[0].scene")),
    ("people[0].names", "missing", drop("people[0].names")),
    ("people[1].names", "at least 1", set_at("people[1].names", [])),
    ("levels", "at least 2", set_at("levels", [{"name": "All"}])),
    ("scenes[2].place", "null", set_at("scenes[2].place", None)),
    ("scenes[2].title", "must be text, not null", set_at("scenes[2].title", None)),
    ("scenes[2].title", "is empty", set_at("scenes[2].title", " \u3000\t")),
    ("scenes[2].title", "line break", set_at("scenes[2].title", "The\nshore")),
    ("scenes[2].title", "too long", set_at("scenes[2].title", "x" * 301)),
    ("scenes[2].text", "too long", set_at("scenes[2].text", "x" * 20_001)),
    ("scenes[2].text", "is empty", set_at("scenes[2].text", "\n \n")),
    ("scenes[2].text", 'control character "\\x00"', set_at("scenes[2].text", "a\0b")),
    ("scenes[2].title", 'control character "\\x1b"', set_at("scenes[2].title", "\x1b[31m")),
    ("scenes[2].text", "half a character", set_at("scenes[2].text", "\ud83d")),
    ("scenes[2].level", "not true", set_at("scenes[2].level", True)),
    ("scenes[2].level", "not the number 1", set_at("scenes[2].level", 1.0)),
    ("scenes[2].level", "not text", set_at("scenes[2].level", "2")),
    ("scenes[2].level", "not the number nan", set_at("scenes[2].level", float("nan"))),
    ("scenes[2].level", "not the number inf", set_at("scenes[2].level", float("inf"))),
    ("complete", "must be true or false, not a number", set_at("complete", 1)),
    ("scenes[2].people", "must be a list", set_at("scenes[2].people", "ida")),
    ("scenes[2].people[0]", "must be text, not a number", set_at("scenes[2].people", [1])),
    ("about[0]", "must be an object", set_at("about[0]", "Written at sea.")),
    ("scenes[1].time", "'flashback'", set_at("scenes[1].time", "flash")),
    ("medium", "'film'", set_at("medium", "Film")),
    ("id", "is no id", set_at("id", "The Ferry")),
    ("id", "is no id", set_at("id", "")),
    ("id", "is no id", set_at("id", "x" * 101)),
    ("id", "is no id", set_at("id", "ferry\n")),
    ("scenes[0].was[0]", "is no id", set_at("scenes[0].was[0]", "Quay")),
    ("id", "half a character", set_at("id", "\ud800")),
    ("scenes[0].was[0]", "half a character", set_at("scenes[0].was[0]", "\ud800")),
    ("language", "is no language", set_at("language", "English, I think")),
    ("released", "is no date", set_at("released", "1931-13")),
    ("released", "is no date", set_at("released", "1931-02-29")),
    ("sources[0].date", "is no date", set_at("sources[0].date", "May 1930")),
    ("sources[0].url", "no web address", set_at("sources[0].url", "javascript:alert(1)")),
    ("sources[0].url", "no web address", set_at("sources[0].url", "https://")),
    ("sources[0].url", "no web address", set_at("sources[0].url", "https://[")),
    ("scenes[0].marker", "no digit", set_at("scenes[0].marker", "Prologue")),
    ("scenes[1].happens", "either", set_at("scenes[1].happens", {})),
    (
        "scenes[1].happens",
        "either",
        set_at("scenes[1].happens", {"before": "pier", "after": "pier"}),
    ),
    # Ids that nobody has.
    ("scenes[0].people[1]", '"olaf"', set_at("scenes[0].people[1]", "olaf")),
    ("scenes[0].tellings[0].people[0]", '"x"', set_at("scenes[0].tellings[0].people[0]", "x")),
    ("people[0].names[1].scene", '"x"', set_at("people[0].names[1].scene", "x")),
    ("people[0].also[0].scene", '"x"', set_at("people[0].also[0].scene", "x")),
    ("people[0].facts[0].scene", '"x"', set_at("people[0].facts[0].scene", "x")),
    ("people[0].facts[0].source", '"x"', set_at("people[0].facts[0].source", "x")),
    ("people[2].is.person", '"x"', set_at("people[2].is.person", "x")),
    ("people[2].is.scene", '"x"', set_at("people[2].is.scene", "x")),
    ("relations[0].from", '"x"', set_at("relations[0].from", "x")),
    ("relations[0].to", '"x"', set_at("relations[0].to", "x")),
    ("relations[0].scene", '"x"', set_at("relations[0].scene", "x")),
    ("credits[1].person", '"x"', set_at("credits[1].person", "x")),
    ("details[0].scene", '"x"', set_at("details[0].scene", "x")),
    ("about[0].source", '"x"', set_at("about[0].source", "x")),
    ("sources[0].scene", '"x"', set_at("sources[0].scene", "x")),
    ("parts[1].scene", '"x"', set_at("parts[1].scene", "x")),
    ("parts[0].summary.scene", '"x"', set_at("parts[0].summary.scene", "x")),
    ("scenes[1].sources[0]", '"x"', set_at("scenes[1].sources[0]", "x")),
    ("scenes[1].happens.before", '"x"', set_at("scenes[1].happens.before", "x")),
    ("scenes[2].people[0]", '""', set_at("scenes[2].people", [""])),
    ("premise", "[[x]]", set_at("premise", "Of [[x]].")),
    ("scenes[2].text", "[[x]]", set_at("scenes[2].text", "*[[x|they]]*")),
    ("scenes[0].tellings[0].text", "[[x]]", set_at("scenes[0].tellings[0].text", "[[x]]")),
    ("parts[0].summary.text", "[[x]]", set_at("parts[0].summary.text", "[[x]]")),
    ("people[0].facts[0].text", "[[x]]", set_at("people[0].facts[0].text", "[[x]]")),
    ("about[0].text", "[[x]]", set_at("about[0].text", "[[x]]")),
    # Ids that two have.
    ("scenes[3].id", "scenes[0].id has it", add("scenes", like("scenes[2]", id="pier"))),
    ("scenes[0].was[0]", "scenes[2].id has it", set_at("scenes[0].was[0]", "shore")),
    ("scenes[0].was[0]", "scenes[0].id has it", set_at("scenes[0].was[0]", "pier")),
    ("scenes[2].was[0]", "scenes[0].was[0] has it", set_at("scenes[2].was", ["quay"])),
    ("people[0].was[0]", "people[1].id has it", set_at("people[0].was[0]", "ole")),
    ("sources[1].id", "sources[0].id", add("sources", like("sources[0]"))),
    ("scenes[0].people[2]", "already", set_at("scenes[0].people", ["ida", "ole", "ida"])),
    # Levels.
    ("levels[2].name", "levels[0].name", set_at("levels[2].name", "Cover ")),
    (
        "levels[2].was[1]",
        "levels[1].was[0]",
        both(set_at("levels[1].was", ["Coast"]), set_at("levels[2].was", ["Bay", "Coast "])),
    ),
    ("scenes[2].level", "no level 3", set_at("scenes[2].level", 3)),
    ("scenes[2].level", "no level -1", set_at("scenes[2].level", -1)),
    ("about[0].level", "no level 3", set_at("about[0].level", 3)),
    ("credits[1].level", "no level", set_at("credits[1].level", 10**400)),
    ("parts[0].summary.level", "no level 9", set_at("parts[0].summary.level", 9)),
    ("people[2].is.level", "no level 3", set_at("people[2].is.level", 3)),
    ("people[0].names[1].level", "above that of the scene", set_at("people[0].names[1].level", 2)),
    ("parts[0].level", "above that of the scene", set_at("parts[0].level", 2)),
    ("scenes[0].tellings[0].level", "below", set_at("scenes[0].tellings[0].level", 1)),
    ("scenes[0].tellings[0].level", "below", set_at("scenes[0].tellings[0].level", 2)),
    ("scenes[0].tellings[0].level", "no level 3", set_at("scenes[0].tellings[0].level", 3)),
    ("scenes[1].tellings[1].level", "another telling", set_at("scenes[1].tellings[1].level", 1)),
    # Circles and orders.
    ("people[1].is.person", "ole → oar → ole", set_at("people[1].is", {"person": "oar"})),
    ("people[1].is.person", "ole → ole", set_at("people[1].is", {"person": "ole"})),
    ("scenes[0].happens.after", "pier → wave", set_at("scenes[0].happens", {"after": "wave"})),
    ("scenes[2].happens.after", "shore → shore", set_at("scenes[2].happens", {"after": "shore"})),
    ("scenes[2].marker", "falls", set_at("scenes[2].marker", "00:04")),
    ("scenes[2].marker", "falls", set_at("scenes[2].marker", "0:4")),
    ("parts[1].scene", "parts[0] starts", set_at("parts[1].scene", "pier")),
    (
        "parts[1].scene",
        "told before",
        both(set_at("parts[0].scene", "shore"), set_at("parts[1].scene", "pier")),
    ),
]


def test_one_thing_wrong_is_one_fault_at_its_path() -> None:
    for path, words, edit in WRONG:
        found = faults(ferry(edit))

        assert [fault.path for fault in found] == [path], words
        assert words in found[0].message, path


def test_every_fault_stands_in_the_line_of_what_is_wrong() -> None:
    for path, words, edit in WRONG:
        data = ferry(edit)
        where = steps(path)[:-1] if "missing" in words else steps(path)

        assert faults(data)[0].line == line_of(json.loads(data), where), (path, words)


def line_of(file: Any, where: Sequence[Any]) -> int:
    """Give the line in which what stands at a place of a file begins, as `ferry` lays files out."""
    sign = "\x00"
    within = file
    for step in where[:-1]:
        within = within[step]
    if not where:
        return 1
    # A sign in its place, or under its key, is found wherever the layout has put it.
    within[where[-1]] = sign
    before, _, _ = json.dumps(file, indent=2).partition(json.dumps(sign))
    return before.count("\n") + 1


def test_every_fault_says_what_to_do_in_whole_sentences() -> None:
    for path, words, edit in WRONG:
        fault = faults(ferry(edit))[0]

        assert not fault.message.endswith("."), (path, words)
        assert fault.advice.endswith((".", "?")), (path, words)
        assert fault.advice[0].isupper(), (path, words)


def test_everything_wrong_is_said_at_once_in_the_order_of_lines() -> None:
    harmless_together = [
        edit
        for path, _, edit in WRONG
        if path
        in {
            "released",
            "premise",
            "credits[1].person",
            "people[0].facts[0].scene",
            "people[2].is.person",
            "scenes[0].people[2]",
            "scenes[2].place",
            "scenes[2].marker",
        }
    ]
    found = faults(ferry(both(*harmless_together)))

    assert [fault.line for fault in found] == sorted(fault.line for fault in found)
    assert {fault.path for fault in found} >= {
        "released",
        "premise",
        "credits[1].person",
        "people[0].facts[0].scene",
        "people[2].is.person",
        "scenes[0].people[2]",
        "scenes[2].place",
        "scenes[2].marker",
    }


@pytest.mark.parametrize(
    "edit",
    [
        set_at("scenes[0].title", 1),
        drop("scenes[0].text"),
        set_at("scenes[0].extra", 1),
        set_at("people[1].names", []),
        set_at("sources[0].url", "x"),
        set_at("levels[1]", {"name": ""}),
        set_at("scenes[0].tellings[0]", 7),
    ],
)
def test_a_broken_entry_breaks_nothing_that_names_it(edit: Edit) -> None:
    assert len(faults(ferry(edit))) == 1


@pytest.mark.parametrize("key", ["scenes", "people", "sources", "levels"])
def test_a_list_that_is_none_is_one_fault_and_not_many(key: str) -> None:
    assert paths(ferry(set_at(key, {}))) == [key]


def test_a_slip_in_a_scene_hides_nothing_else_that_is_wrong_in_it() -> None:
    edit = both(set_at("scenes[0].plcae", "x"), set_at("scenes[0].people[0]", "nobody"))

    assert set(paths(ferry(edit))) == {"scenes[0].plcae", "scenes[0].people[0]"}


def test_a_slip_of_the_pen_is_met_with_a_guess() -> None:
    assert faults(ferry(set_at("scenes[0].people[0]", "idda")))[0].advice == 'Did you mean "ida"?'


def test_an_id_of_before_is_met_with_the_one_of_now() -> None:
    found = faults(ferry(set_at("relations[0].scene", "quay")))

    assert '"pier"' in found[0].advice


def test_a_fault_reads_as_line_path_message_advice() -> None:
    fault = LocatedProblem(7, "scenes[0].title", "is empty", "Write something.")

    assert str(fault) == "7: scenes[0].title: is empty. Write something."


def test_mentions_in_code_are_nobody() -> None:
    text = "`[[x]]`\n\n    [[y]]\n\n```\n[[z]]\n```\n"

    assert paths(ferry(set_at("scenes[2].text", text))) == []


def test_equal_markers_are_no_fall() -> None:
    assert paths(ferry(set_at("scenes[2].marker", "0:005"))) == []


def test_markers_are_compared_by_their_numbers() -> None:
    def episodes(file: File) -> None:
        for scene, marker in zip(file["scenes"], ("S1E9", "S1E10", "S2E1"), strict=True):
            scene["marker"] = marker

    assert paths(ferry(episodes)) == []


@pytest.mark.parametrize(
    "markers",
    [
        ("58:02", "59:16", "1:04:13"),
        ("3 min", "58 min", "1 h 04 min"),
        ("الفصل ١", "الفصل ٢", "الفصل ١٠"),
        ("۱۲:۲۹", "۱۲:۳۰", "۱۳:۰۰"),
        ("第１話", "第２話", "第１０話"),
        ("Act I, scene 2", "Act II, scene 1", "Act IV, scene 1"),
        ("I", "IV", "IX"),
        ("S01E02", "S00E01", "S01E03"),
        ("Chapter 9", "Chapter 10: Two of 3", "Chapter 11: 1 o'clock"),
        ("S01E02", "S01E02 0:03", "S01E02 0:10"),
    ],
)
def test_markers_rise_as_people_count(markers: tuple[str, str, str]) -> None:
    assert paths(ferry(marked(markers))) == []


@pytest.mark.parametrize(
    "markers",
    [
        ("0:10", "1:04:13", "59:16"),
        ("الفصل ١", "الفصل ١٠", "الفصل ٢"),
        ("Act I, scene 2", "Act II, scene 1", "Act I, scene 3"),
        ("I", "IX", "IV"),
        ("S01E02", "S02E01", "Episode 3, season 1"),
    ],
)
def test_markers_that_fall_as_people_count_are_an_error(markers: tuple[str, str, str]) -> None:
    assert paths(ferry(marked(markers))) == ["scenes[2].marker"]


def marked(markers: tuple[str, ...]) -> Edit:
    """Give the scenes these markers."""

    def edit(file: File) -> None:
        for scene, marker in zip(file["scenes"], markers, strict=True):
            scene["marker"] = marker

    return edit


def test_two_ids_under_one_address_are_told_from_each_other() -> None:
    assert list(clashes(["a", "bb", "c", "bb"], lambda ident: str(len(ident)))) == [("a", "c")]


# --- what is no story at all -------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "line", "message", "advice"),
    [
        ("", 1, "empty", "example"),
        (" \n ", 1, "empty", "example"),
        ("[]", 1, "must be an object, not a list", "braces"),
        ("7", 1, "must be an object", "braces"),
        ('{\n"id": "a",\n}', 3, "column 1", "comma before it"),
        ('{\n"id": ["a",]}', 2, "column 12", "comma before it"),
        ('{\n"id": "a"\n"title": "b"}', 3, "column 1", "comma missing"),
        ("{\n'id': 'a'}", 2, "column 1", "double quotation marks"),
        ('{\n"id": a}', 2, "column 7", "double quotation marks"),
        ('{\n// id\n"id": "a"}', 2, "column 1", "double quotation marks"),
        ('{"id" "a"}', 1, "column 7", "colon"),
        ('{"id": "a\nb"}', 1, "column 10", "line break"),
        ('{"id": "\\q"}', 1, "column 9", "two"),
        ('{"id": "a', 1, "column 8", "quotation mark"),
        ('{"id": {', 1, "column 9", "ends too early"),
        ("{}\n{}", 2, "column 1", "closed too early"),
    ],
)
def test_what_is_no_json_is_shown_where_it_stops_to_be(
    text: str, line: int, message: str, advice: str
) -> None:
    [fault] = faults(text.encode())

    assert fault.line == line
    assert message in fault.message
    assert advice in fault.advice


def test_a_byte_that_is_no_utf8_is_shown_by_its_line() -> None:
    [fault] = faults(b'{\n"title": "caf\xe9"}')

    assert (fault.line, "0xe9" in fault.message) == (2, True)


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-be", "utf-32"])
def test_other_encodings_of_unicode_are_refused_kindly(encoding: str) -> None:
    assert len(faults(ferry().decode().encode(encoding))) == 1


def test_a_file_that_is_too_large_is_not_even_read() -> None:
    [fault] = faults(b" " * (storyfile.MOST_BYTES + 1))

    assert "32 MiB" in fault.message


@pytest.mark.parametrize("opening", ["[", '{"a":', '{"a":[', '[[],"]",'])
def test_no_depth_is_too_deep_to_be_refused(opening: str) -> None:
    for times in (40, 100_000):
        [fault] = faults(("\n" + opening * times).encode())
        assert "ends too early" in fault.advice or "deep" in fault.message


def test_a_text_that_is_nested_too_deep_is_refused_for_that_alone() -> None:
    nested: object = "x"
    for _ in range(40):
        nested = [nested]
    found = faults(ferry(set_at("scenes[2].title", nested)))

    assert ["deep" in fault.message for fault in found] == [True]


@pytest.mark.parametrize("number", [0, 2, 10**30])
def test_another_format_is_refused_for_that_alone(number: int) -> None:
    edit = both(set_at("format", number), set_at("novelty", 1), drop("scenes"))

    assert paths(ferry(edit)) == ["format"]


def test_a_newer_format_needs_a_newer_app() -> None:
    [fault] = faults(ferry(set_at("format", 2)))

    assert "newer" in fault.advice


def test_true_is_no_format() -> None:
    assert paths(ferry(set_at("format", True))) == ["format"]


@pytest.mark.parametrize("digits", ["1" * 5000, "-" + "1" * 5000, "1e999", "1" * 5000 + ".5"])
def test_absurd_numbers_are_refused_like_others(digits: str) -> None:
    data = ferry().replace(
        b'"level": 2,\n      "title": "The wave"',
        f'"level": {digits},\n      "title": "The wave"'.encode(),
    )

    assert paths(data) == ["scenes[1].level"]


def test_a_key_that_stands_twice_is_shown_at_its_second_place() -> None:
    data = ferry().replace(b'"place": "Pier",', b'"place": "Pier",\n\n"pl\\u0061ce": "Quay",')

    [fault] = faults(data)
    first = data[: data.index(b'"place": "Pier"')].count(b"\n") + 1
    assert (fault.line, fault.path) == (first + 2, "scenes[0].place")
    assert f"line {first}" in fault.message


def test_a_key_that_stands_many_times_is_shown_with_its_first_place() -> None:
    data = ferry().replace(b'"place": "Pier",', b'"place": "Pier",\n"place": "x",\n"place": "y",')

    first, second = faults(data)
    assert (second.line, second.message) == (first.line + 1, first.message)


def test_a_list_that_stands_twice_is_not_held_against_what_it_names() -> None:
    data = ferry().rstrip()[:-1] + b',"people": []}'

    assert paths(data) == ["people"]


# --- places ------------------------------------------------------------------------------------

KEYS = st.text(max_size=4) | st.sampled_from(['"', "\\", '"]', "a.b", "\n", "{", "\ud800", "é"])
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | KEYS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=4),
    max_leaves=20,
)


def laid_out(value: object, path: Path = (), line: int = 1) -> tuple[str, list[tuple[Path, int]]]:
    """Write JSON with every key and entry in a line of its own; gives the text and these lines."""
    if isinstance(value, dict):
        brackets, entries = "{}", [((*path, k), json.dumps(k) + "\n:", v) for k, v in value.items()]
    elif isinstance(value, list):
        brackets, entries = "[]", [((*path, n), "", v) for n, v in enumerate(value)]
    else:
        return json.dumps(value, ensure_ascii=False), []
    text, found = brackets[0], []
    for n, (at, key, entry) in enumerate(entries):
        text += ",\n" if n else "\n"
        start = line + text.count("\n")
        text += key
        inner, places_in_it = laid_out(entry, at, line + text.count("\n"))
        text += inner
        found += [(at, start), *places_in_it]
    return text + "\r\n\t" + brackets[1], found


@given(VALUES)
def test_every_path_of_any_json_is_found_in_its_line(value: object) -> None:
    text, expected = laid_out(value)

    walked = [(place.path, place.line) for place in json_positions.walk(text)]
    assert walked == [((), 1), *expected]


@given(st.dictionaries(KEYS, VALUES, min_size=1), st.data())
def test_a_doubled_key_is_found_however_it_is_spelled(value: dict[str, Any], data: Any) -> None:
    key = data.draw(st.sampled_from(sorted(value)))
    escaped = "".join(f"\\u{ord(c):04x}" if ord(c) < 0x10000 else c for c in key)
    text = laid_out(value)[0].rstrip()[:-1] + f',\n"{escaped}": 1}}'

    [place] = json_positions.survey(text, []).doubled
    assert place.path == (key,)
    assert place.line == text.count("\n") + 1
    assert place.first == dict(laid_out(value)[1])[(key,)]


@given(st.text(alphabet='[]{},:"\\ \na1', max_size=60))
def test_the_scanner_goes_through_any_text_unharmed(text: str) -> None:
    assert all(place.line >= 1 for place in json_positions.walk(text))


@given(VALUES)
def test_any_json_is_read_or_refused_with_faults(value: object) -> None:
    assert faults(json.dumps(value).encode())


def mutations(value: Any) -> Iterator[tuple[Any, Any]]:
    """Give all places in a file by what holds them and their key."""
    if isinstance(value, dict | list):
        for key in value if isinstance(value, dict) else range(len(value)):
            yield value, key
            yield from mutations(value[key])


@settings(max_examples=400, deadline=None)
@given(st.data())
def test_a_story_with_anything_anywhere_is_read_or_refused_with_faults(data: Any) -> None:
    file = copy.deepcopy(FERRY)
    for _ in range(data.draw(st.integers(1, 3))):
        holder, key = data.draw(st.sampled_from(list(mutations(file))))
        holder[key] = data.draw(VALUES | st.sampled_from(["ida", "pier", "note", 0, 1, 2]))
    text = json.dumps(file).encode()

    found = faults(text)
    if found:
        assert all(fault.line == 1 for fault in found)
    else:
        read = storyfile.read(text)
        assert storyfile.read(storyfile.write(read.document).encode()) == read
        assert read.story().title == read.document["title"]


def test_a_path_is_spelled_as_authors_count() -> None:
    assert json_positions.spelled(("scenes", 4, "people", 1)) == "scenes[4].people[1]"
    assert json_positions.spelled(()) == ""


@given(st.dictionaries(st.sampled_from("abcdef"), st.sampled_from("abcdefgh")))
def test_all_circles_are_found_and_only_they(arrows: dict[str, str]) -> None:
    def returns(start: str) -> bool:
        at: str | None = start
        for _ in range(len(arrows)):
            at = arrows.get(at or "")
            if at == start:
                return True
        return False

    members = [member for circle in circles(arrows) for member in circle]
    assert sorted(members) == sorted(start for start in arrows if returns(start))
    for circle in circles(arrows):
        assert [arrows[one] for one in circle] == [*circle[1:], circle[0]]


# --- size --------------------------------------------------------------------------------------


def saga(scenes: int) -> File:
    """Give a long story, in which scenes hang on scenes in a chain."""
    file = copy.deepcopy(FERRY)
    file["scenes"] += [
        {
            "id": f"s{n}",
            "level": 2,
            "title": f"Scene {n}",
            "text": f"[[ida]] meets [[ole|him]] for the {n}th time.\n\nIt is *late*.",
            "people": ["ida", "ole"],
            "happens": {"after": f"s{n - 1}" if n else "shore"},
        }
        for n in range(scenes - 3)
    ]
    return file


def test_a_saga_is_read_and_made_in_a_time_that_grows_with_its_length_only() -> None:
    def seconds(scenes: int) -> float:
        data = storyfile.write(saga(scenes)).encode()
        start = time.perf_counter()
        storyfile.read(data).story()
        return time.perf_counter() - start

    seconds(500)
    assert seconds(8000) < 8 * 4 * max(seconds(1000), 0.05)


def test_a_saga_full_of_faults_is_refused_in_the_same_time() -> None:
    file = saga(4000)
    for scene in file["scenes"]:
        scene["people"] = ["nobody"]
    start = time.perf_counter()
    found = faults(storyfile.write(file).encode())

    assert len(found) == 4000
    assert time.perf_counter() - start < 15
