"""The story that ships: whoever reads it at any level meets nobody out of the blue."""

from __future__ import annotations

import re
from itertools import product

from explorer.knowledge.bookmark import Position
from explorer.knowledge.knowledge import Knowledge
from explorer.knowledge.known import State
from explorer.settings import folder
from explorer.story.model import Story, Telling
from explorer.story.terms import Time
from explorer.storyfile.storyfile import read

STORY = read(folder("scenes.json").read_bytes()).story()
TELLINGS = [(n, telling) for n, scene in enumerate(STORY.scenes) for telling in scene.tellings]
LESSER = [(n, telling) for n, telling in TELLINGS if telling is not STORY.scenes[n].full]


def _words(telling: Telling) -> str:
    text = "".join(piece for piece in telling.text.markdown if isinstance(piece, str))
    return f"{telling.title} {text}"


def _position(ident: str) -> int:
    return [scene.id for scene in STORY.scenes].index(ident)


def test_it_is_told_in_some_forty_scenes_six_to_eight_parts_and_five_levels() -> None:
    levels = [level.name for level in STORY.levels]

    assert 33 <= len(STORY.scenes) <= 40
    assert 6 <= len(STORY.parts) <= 8
    assert levels == ["Premise", "Trailer", "Setup", "Turns", "Ending"]


def test_everyone_in_a_telling_can_be_known_by_then() -> None:
    for scene, telling in TELLINGS:
        known = Knowledge.of(STORY, Position(threshold=telling.level, reached=scene + 1))
        cast = {*telling.people, *(mention.person for mention in telling.text.mentions)}
        unknown = [STORY.people[one].id for one in cast if known.narrator.who(one) is None]

        assert unknown == [], telling.title


def test_a_lesser_telling_names_only_whom_it_lists() -> None:
    names = [
        (n, re.compile(rf"\b{name.name}\b"))
        for n, person in enumerate(STORY.people)
        for name in person.names
        if name.name[0].isupper()
    ]
    for _, telling in LESSER:
        words = _words(telling)
        named = {mention.person for mention in telling.text.mentions}
        named |= {n for n, name in names if name.search(words)}

        unlisted = [STORY.people[one].id for one in named - set(telling.people)]
        assert unlisted == [], telling.title


def test_a_fuller_telling_keeps_the_people_of_a_lesser_one() -> None:
    assert LESSER
    for scene, telling in LESSER:
        assert set(telling.people) <= set(STORY.scenes[scene].full.people), telling.title


def test_a_telling_is_a_few_sentences_long() -> None:
    assert TELLINGS
    for _, telling in TELLINGS:
        sentences = re.findall(r"[.!?]”?(?:\s|$)", _words(telling))

        assert 1 <= len(sentences) <= 8, telling.title
        assert 60 <= len(_words(telling)) <= 700, telling.title


def test_each_level_has_something_to_read_and_leaves_something_to_come() -> None:
    end = len(STORY.scenes)
    told = []
    for threshold in range(5):
        rows = Knowledge.of(STORY, Position(threshold=threshold, reached=end)).window(range(end))
        told.append(sum(row.scene.state is not State.VEILED for row in rows))

    assert told == sorted(told)
    assert told[0] >= 8
    assert told[-1] == end


def test_the_levels_of_the_scenes_rise_with_the_film() -> None:
    levels = [scene.level for scene in STORY.scenes]

    assert set(levels[: _position("usb") + 1]) == {2}
    assert set(levels[_position("usb") + 1 : _position("captive") + 1]) == {3}
    assert set(levels[_position("captive") + 1 :]) == {4}


def test_what_is_remembered_stands_where_it_happened() -> None:
    known = Knowledge.of(STORY, Position(threshold=4, reached=len(STORY.scenes)))
    order = [STORY.scenes[n].id for n in known.rule.happened(range(len(STORY.scenes)))]

    assert order[:7] == ["bakery", "days", "sea", "supermarket", "reason", "fall", "call"]


def test_flashbacks_are_marked_and_the_ballerina_under_water_is_a_dream() -> None:
    times = {scene.id: scene.full.time for scene in STORY.scenes}

    flashbacks = {ident for ident, time in times.items() if time is Time.FLASHBACK}

    assert flashbacks == {"bakery", "days", "reason", "sea"}
    assert times["dream"] is Time.DREAM


def test_the_man_on_the_phone_is_choi_from_the_stakeout_on() -> None:
    people = [person.id for person in STORY.people]
    caller, choi = people.index("caller"), people.index("choi")
    before = Knowledge.of(STORY, Position(threshold=2, reached=_position("stakeout")))
    after = Knowledge.of(STORY, Position(threshold=2, reached=_position("stakeout") + 1))

    assert before.narrator.who(caller) != before.narrator.who(choi)
    assert after.narrator.who(caller) == after.narrator.who(choi)


def test_how_min_hee_died_is_not_known_below_setup() -> None:
    for threshold, reached in product((0, 1), range(len(STORY.scenes) + 1)):
        known = repr(Knowledge.of(STORY, Position(threshold=threshold, reached=reached)).whole())

        assert re.search(r"bathtub|killed herself|suicide|own hand", known) is None


def test_at_the_end_everything_is_known() -> None:
    end = Knowledge.of(STORY, Position(threshold=4, reached=len(STORY.scenes)))
    whole = repr(end.whole())

    assert _unknown(STORY, whole) == []


def _unknown(story: Story, whole: str) -> list[str]:
    facts = [fact.text for person in story.people for fact in person.facts]
    facts += [paragraph.text for paragraph in story.about]
    facts += [summary.text for part in story.parts for summary in part.summaries]
    plain = [next(p for p in text.markdown if isinstance(p, str)) for text in facts]
    plain += [name.name for person in story.people for name in person.names + person.also]
    plain += [relation.text for relation in story.relations]
    plain += [part.title for part in story.parts] + [source.title for source in story.sources]
    return [words for words in plain if repr(words)[1:-1] not in whole]
