"""What is remembered of a reader: its text, its moves, and what edits may do to it."""

from __future__ import annotations

import string
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from explorer.knowledge import moves
from explorer.knowledge.bookmark import (
    FIRST,
    MOST_OPENED,
    MOST_WITHHELD,
    Bookmark,
    Position,
    Unknown,
    bookmark_of,
    position_asked,
    position_of,
)
from explorer.knowledge.bookmark_text import decode, encode
from explorer.knowledge.knowledge import Knowledge
from explorer.knowledge.moves import MoveRefused
from explorer.story.model import Story
from explorer.story.terms import SceneKey, opaque
from tests.support import author_edits, tale
from tests.support.author_edits import Edit
from tests.support.tale import Document

KEY = "abcdefghijkl"
OTHER = "234567mnopqr"


@pytest.fixture(scope="module")
def story() -> Story:
    return tale.told(tale.document())


def key(ident: str) -> SceneKey:
    """Give the key of a scene of the tale."""
    return SceneKey(opaque("spindrift", "scene", ident))


# --- the text of a bookmark ----------------------------------------------------------------------


@tale.patiently
@given(tale.bookmarks(revisions=999_999_999))
def test_a_bookmark_that_is_written_reads_as_the_same(bookmark: Bookmark) -> None:
    assert decode(encode(bookmark)) == bookmark


def test_the_first_bookmark_accepts_nothing_and_has_turned_to_nothing(story: Story) -> None:
    assert Bookmark() == FIRST
    assert position_of(story, FIRST) == Position()


GOOD = f"2.1.12.3.0.{KEY}.{OTHER}.{KEY}{OTHER}.{OTHER}"
# The first form that was served, which did not say whether its reader had finished.
EARLIER = "1" + GOOD[3:]
LONG = "".join(a + b + KEY[2:] for a in string.ascii_lowercase for b in string.ascii_lowercase)
BROKEN = {
    "empty": "",
    "blank": " ",
    "another version": "3" + GOOD[1:],
    "the first version with a field of the second": "1" + GOOD[1:],
    "the second version without its field": "2" + GOOD[3:],
    "no version": GOOD[4:],
    "a third answer about having finished": GOOD.replace("2.1.", "2.2.", 1),
    "no answer about having finished": GOOD.replace("2.1.", "2..", 1),
    "a newline at the end": GOOD + "\n",
    "a newline at the start": "\n" + GOOD,
    "a blank at the end": GOOD + " ",
    "a field more": GOOD + ".",
    "a field less": GOOD.rpartition(".")[0],
    "cut inside a key": GOOD[:-1],
    "uppercase": GOOD.upper(),
    "one uppercase letter": GOOD.replace("a", "A", 1),
    "a letter that no key has": GOOD.replace("234567", "134567"),
    "a short key": f"2.1.12.3.0.{KEY[:-1]}...",
    "two keys in place of one": f"2.1.12.3.0.{KEY}{OTHER}...",
    "unicode digits": GOOD.replace("12", "١٢"),
    "superscript digits": GOOD.replace("3", "³", 1),
    "fullwidth digits": GOOD.replace("3", "３", 1),
    "a negative threshold": GOOD.replace(".3.", ".-3."),
    "a signed threshold": GOOD.replace(".3.", ".+3."),
    "a threshold with an underscore": GOOD.replace(".3.", ".1_0."),
    "a fraction": GOOD.replace(".3.", ".3,5."),
    "a threshold beyond all levels": GOOD.replace(".3.", ".3000."),
    "a revision beyond all numbers": GOOD.replace(".12.", f".{10**9}."),
    "no revision": GOOD.replace(".12.", ".."),
    "no threshold": GOOD.replace(".3.", ".."),
    "a third answer about warnings": GOOD.replace(".0.", ".2."),
    "too many opened": f"2.1.12.3.0...{LONG[: 12 * (MOST_OPENED + 1)]}.",
    "too many held": f"2.1.12.3.0....{LONG[: 12 * (MOST_WITHHELD + 1)]}",
    "very long": GOOD * 10_000,
    "quoted": f'"{GOOD}"',
    "a null character": GOOD + "\0",
    "a dot like a dot": GOOD.replace(".", "․"),
    "json": '{"threshold": 4}',
}


def test_the_text_that_the_broken_ones_are_made_of_is_good() -> None:
    bookmark = Bookmark(3, SceneKey(KEY), SceneKey(OTHER), _keys(KEY + OTHER), False, 12)

    assert decode(GOOD) == replace(bookmark, withheld=_keys(OTHER), finished=True)
    assert GOOD not in BROKEN.values()


def test_the_first_form_that_was_served_stays_readable_and_does_not_say_who_has_finished() -> None:
    earlier, good = decode(EARLIER), decode(GOOD)

    assert earlier is not None
    assert earlier.finished is None
    assert good == replace(earlier, finished=True)
    assert encode(earlier) == EARLIER


def _keys(text: str) -> tuple[SceneKey, ...]:
    return tuple(SceneKey(text[n : n + 12]) for n in range(0, len(text), 12))


@pytest.mark.parametrize("text", BROKEN.values(), ids=BROKEN.keys())
def test_a_broken_text_is_no_bookmark(text: str) -> None:
    assert decode(text) is None


@tale.patiently
@given(st.text() | st.text("0123456789.abc", max_size=60))
@example("1.0.0.0....")
@example("2.0.0.0.0....")
def test_any_text_is_either_no_bookmark_or_exactly_one(text: str) -> None:
    bookmark = decode(text)

    assert bookmark is None or decode(encode(bookmark)) == bookmark


@tale.patiently
@given(tale.bookmarks(), st.data())
def test_a_text_with_one_wrong_sign_in_it_is_no_other_kind_of_thing(
    bookmark: Bookmark, data: st.DataObject
) -> None:
    text = encode(bookmark)
    at = data.draw(st.integers(0, len(text) - 1))
    wrong = data.draw(st.characters(exclude_characters=string.ascii_lowercase + string.digits))

    assert decode(text[:at] + wrong + text[at:]) is None
    if wrong != text[at]:
        assert decode(text[:at] + wrong + text[at + 1 :]) is None


@tale.patiently
@given(tale.bookmarks(), st.data())
def test_a_text_that_was_cut_never_reads_as_more(bookmark: Bookmark, data: st.DataObject) -> None:
    text = encode(bookmark)
    cut = decode(text[: data.draw(st.integers(0, len(text) - 1))])

    # Only whole keys at the very end can be lost without a trace.
    assert cut is None or cut == replace(bookmark, withheld=cut.withheld)


def test_the_longest_text_of_a_bookmark_fits_into_a_cookie() -> None:
    longest = Bookmark(
        threshold=999,
        reached=SceneKey(KEY),
        seen=SceneKey(KEY),
        opened=_keys(LONG[: 12 * MOST_OPENED]),
        warned=True,
        revision=999_999_999,
        withheld=_keys(LONG[: 12 * MOST_WITHHELD]),
        finished=True,
    )

    assert decode(encode(longest)) == longest
    # Name, path and the other attributes need some room as well.
    assert len(encode(longest).encode()) < 4096 - 300


# --- a bookmark laid on a story ------------------------------------------------------------------


def test_every_place_in_the_tale_is_found_again_by_its_bookmark(story: Story) -> None:
    for place in (*tale.every_place(story), *tale.every_held_place(story)):
        text = encode(bookmark_of(story, place))
        bookmark = decode(text)

        assert bookmark is not None
        assert position_of(story, bookmark) == place


def test_a_threshold_that_the_story_does_not_have_is_0(story: Story) -> None:
    assert position_of(story, Bookmark(threshold=3, revision=1)).threshold == 3
    assert position_of(story, Bookmark(threshold=4, revision=1)).threshold == 0
    assert position_of(story, Bookmark(threshold=999, revision=1)).threshold == 0


def test_a_scene_reached_that_nobody_knows_is_nothing_reached(story: Story) -> None:
    strange = Bookmark(reached=SceneKey(KEY), seen=key("plover"), revision=1)

    place = position_of(story, strange)

    assert (place.reached, place.seen) == (0, 0)


def test_nothing_is_seen_beyond_what_is_reached(story: Story) -> None:
    forged = Bookmark(reached=key("petrel"), seen=key("bittern"), revision=1)

    place = position_of(story, forged)

    assert (place.reached, place.seen) == (2, 2)


def test_opened_scenes_that_nobody_knows_are_ignored(story: Story) -> None:
    opened = (SceneKey(KEY), key("dunlin"), SceneKey(OTHER))

    place = position_of(story, Bookmark(opened=opened, revision=1))

    assert place.opened == {5}


def test_scenes_are_held_only_before_the_place(story: Story) -> None:
    held = (key("petrel"), key("dunlin"), SceneKey(KEY))

    place = position_of(story, Bookmark(reached=key("curlew"), withheld=held, revision=1))

    assert place.withheld == {1}


@pytest.mark.parametrize("revision", [0, 2, 999_999_999])
def test_a_revision_that_never_was_keeps_the_place_and_lowers_the_threshold_to_0(
    story: Story, revision: int
) -> None:
    bookmark = Bookmark(2, key("fulmar"), key("petrel"), (key("dunlin"),), True, revision)

    place = position_of(story, bookmark)

    assert place == Position(0, 4, 2, frozenset({5}), True)


@tale.patiently
@given(st.data())
def test_whatever_a_stranger_sends_lies_within_the_story(data: st.DataObject) -> None:
    first = tale.told(tale.document())
    story = tale.edited(
        first, author_edits.edit(tale.document(), data.draw(author_edits.EDITS), "fresh")
    )
    scenes = [scene.key for scene in (*first.scenes, *story.scenes)]
    place = position_of(story, data.draw(tale.bookmarks(scenes)))

    assert 0 <= place.threshold < len(story.levels)
    assert 0 <= place.seen <= place.reached <= len(story.scenes)
    assert place.opened <= set(range(len(story.scenes)))
    assert place.withheld <= set(range(place.reached))
    assert position_of(story, bookmark_of(story, place)) == place


# --- a bookmark that a program names -------------------------------------------------------------


def test_a_program_names_a_place_on_the_story_of_today(story: Story) -> None:
    named = Bookmark(2, key("fulmar"), key("petrel"), (key("dunlin"),))

    assert position_asked(story, named) == Position(2, 4, 2, frozenset({5}))
    assert position_asked(story, FIRST) == Position()
    assert position_asked(story, Bookmark(reached=key("skimmer"))) == Position(reached=3)


def test_what_a_program_says_is_seen_is_reached_as_well(story: Story) -> None:
    assert position_asked(story, Bookmark(seen=key("plover"))) == Position(reached=5, seen=5)
    seen_beyond = Bookmark(reached=key("petrel"), seen=key("plover"))
    assert position_asked(story, seen_beyond) == Position(reached=5, seen=5)


def test_a_program_is_told_all_that_it_names_and_nobody_knows(story: Story) -> None:
    strange = Bookmark(4, SceneKey(KEY), SceneKey(OTHER), (key("dunlin"), SceneKey(KEY)))

    with pytest.raises(Unknown) as refusal:
        position_asked(story, strange)

    assert refusal.value.fields == ("threshold", "reached", "seen", "opened")
    with pytest.raises(Unknown, match=r"^opened$"):
        position_asked(story, Bookmark(opened=(SceneKey(KEY),)))


# --- moves ---------------------------------------------------------------------------------------


def test_next_turns_one_scene_on(story: Story) -> None:
    begun = moves.turned(story, Position(), "")
    on = moves.turned(story, begun, key("gannet"))

    assert (begun.reached, on.reached) == (1, 2)
    assert (begun.seen, on.seen) == (0, 0)


@pytest.mark.parametrize(
    "origin",
    ["", key("gannet"), key("curlew"), key("bittern"), KEY, "petrel", key("petrel").upper(), "\0"],
)
def test_next_from_anywhere_but_the_last_scene_reached_does_nothing(
    story: Story, origin: str
) -> None:
    place = Position(reached=2, withheld=frozenset({0}))

    assert moves.turned(story, place, origin) == place


@pytest.mark.parametrize("origin", [key("bittern"), key("gannet"), KEY])
def test_the_first_next_comes_from_nowhere(story: Story, origin: str) -> None:
    assert moves.turned(story, Position(), origin) == Position()


def test_next_knows_the_last_scene_by_the_id_that_it_had_before(story: Story) -> None:
    assert moves.turned(story, Position(reached=3), key("skimmer")).reached == 4


def test_next_at_the_last_scene_does_nothing(story: Story) -> None:
    place = Position(reached=8, withheld=frozenset({2}))

    assert moves.turned(story, place, key("bittern")) == place


def test_a_threshold_leaves_all_else_as_it_is(story: Story) -> None:
    place = Position(1, 4, 2, frozenset({1, 5}), True, frozenset({3}))

    assert moves.with_threshold(story, place, 3) == replace(place, threshold=3)
    assert moves.with_threshold(story, place, 0) == replace(place, threshold=0)


@pytest.mark.parametrize("threshold", [-1, 4, 10**30])
def test_a_threshold_that_the_story_does_not_have_is_refused(story: Story, threshold: int) -> None:
    with pytest.raises(MoveRefused):
        moves.with_threshold(story, Position(), threshold)


def test_opening_adds_a_scene_and_closing_takes_it_out() -> None:
    place = Position(1, 4, 2, frozenset({5}), withheld=frozenset({0}))

    opened = moves.opened(place, 0)

    assert opened == replace(place, opened=frozenset({0, 5}))
    assert moves.closed(opened, 0) == place
    assert moves.closed(place, 3) == place


def test_two_hundred_scenes_can_be_opened_and_the_next_one_is_refused() -> None:
    place = Position()
    for scene in range(MOST_OPENED):
        place = moves.opened(place, scene)

    assert MOST_OPENED == 200
    assert len(place.opened) == 200
    assert moves.opened(place, 7) == place
    with pytest.raises(MoveRefused, match="200"):
        moves.opened(place, 200)
    assert moves.opened(moves.closed(place, 7), 200).opened == place.opened - {7} | {200}


def test_what_is_seen_is_also_reached(story: Story) -> None:
    def seen(place: Position, count: int) -> Position:
        return moves.seen_up_to(story, place, count)

    assert seen(Position(reached=2), 5) == Position(reached=5, seen=5)
    assert seen(Position(reached=6, seen=3), 5) == Position(reached=6, seen=5)
    assert seen(Position(reached=6, seen=3), 0) == Position(reached=6, seen=0)


def test_only_who_names_the_last_scene_as_seen_has_finished(story: Story) -> None:
    almost = Position(reached=8, seen=7)
    at_the_end = Position(reached=8, seen=8)
    finished = replace(at_the_end, finished=True)

    assert moves.seen_all(story, Position()) == finished
    assert moves.seen_up_to(story, almost, 8) == finished
    assert moves.seen_up_to(story, at_the_end, 8) == finished
    # Who is past the last marker need not know that there is nothing more.
    assert moves.seen_at_marker(almost, 8) == at_the_end
    assert moves.seen_at_marker(at_the_end, 8) == at_the_end
    assert moves.seen_at_marker(finished, 8) == finished


def test_no_other_move_says_or_forgets_that_everything_has_been_seen(story: Story) -> None:
    for finished in (False, True):
        place = Position(1, 8, 8, frozenset({2}), finished=finished)
        others = [
            moves.turned(story, place, _last(story, place)),
            moves.with_threshold(story, place, 3),
            moves.opened(place, 3),
            moves.closed(place, 2),
            moves.asking_for_warnings(place, True),
            moves.back_to(place, 8),
        ]
        assert {other.finished for other in others} == {finished}


def test_who_has_not_seen_the_last_scene_any_more_has_not_finished(story: Story) -> None:
    finished = moves.seen_all(story, Position())

    assert not moves.seen_up_to(story, finished, 7).finished
    assert not moves.seen_at_marker(finished, 7).finished
    assert not moves.back_to(finished, 7).finished
    assert not moves.back_to(finished, 8, 7).finished


def test_going_back_takes_back_what_was_seen_and_opened_beyond() -> None:
    place = Position(2, 6, 5, frozenset({1, 3, 4, 7}), True, frozenset({0, 4}))

    back = moves.back_to(place, 4)

    assert back == Position(2, 4, 4, frozenset({1, 3}), True, frozenset({0}))
    assert moves.back_to(place, 0) == Position(2, warned=True)


def test_what_was_seen_is_taken_back_further_where_that_is_said() -> None:
    place = Position(2, 6, 5, frozenset({1, 7}), withheld=frozenset({0}))

    assert moves.back_to(place, 4, 2) == Position(2, 4, 2, frozenset({1}), withheld=frozenset({0}))
    assert moves.back_to(place, 3, 4).seen == 3
    # One who only takes back what was seen closes nothing.
    assert moves.back_to(place, 6, 2) == replace(place, seen=2)


@pytest.mark.parametrize("count", [6, 7, 8])
def test_going_back_never_goes_on(count: int) -> None:
    place = Position(2, 6, 5, frozenset({1, 7}))

    assert moves.back_to(place, count) == place


def test_asking_for_warnings_sets_nothing_else() -> None:
    place = Position(2, 6, 5, frozenset({1}), withheld=frozenset({0}))

    asking = moves.asking_for_warnings(place, True)

    assert asking == replace(place, warned=True)
    assert moves.asking_for_warnings(asking, False) == place


def test_every_move_from_every_place_in_the_tale_can_be_taken_back(story: Story) -> None:
    for place in tale.every_place(story):
        for moved in _moves(story, place):
            assert _taken_back(story, place, moved) == place


def _last(story: Story, place: Position) -> str:
    return story.scenes[place.reached - 1].key if place.reached else ""


def _moves(story: Story, place: Position) -> Iterator[Position]:
    yield moves.turned(story, place, _last(story, place))
    yield moves.asking_for_warnings(place, not place.warned)
    for threshold in range(len(story.levels)):
        yield moves.with_threshold(story, place, threshold)
    for scene in range(len(story.scenes)):
        yield moves.opened(place, scene)
        yield moves.closed(place, scene)
        yield moves.seen_up_to(story, place, scene + 1)
        yield moves.seen_at_marker(place, scene + 1)
        yield moves.back_to(place, scene)


def _taken_back(story: Story, to: Position, place: Position) -> Position:
    """Make the moves that lead from one place to another."""
    place = moves.back_to(place, to.reached)
    while place.reached < to.reached:
        place = moves.turned(story, place, _last(story, place))
    if not to.finished:
        # That one has not finished although the last scene is seen is no word of its own.
        place = moves.seen_at_marker(moves.seen_up_to(story, place, 0), to.seen)
    else:
        place = moves.seen_up_to(story, place, to.seen)
    for scene in place.opened - to.opened:
        place = moves.closed(place, scene)
    for scene in to.opened - place.opened:
        place = moves.opened(place, scene)
    place = moves.with_threshold(story, place, to.threshold)
    return moves.asking_for_warnings(place, to.warned)


# --- edits ---------------------------------------------------------------------------------------


def short(*scenes: str, levels: tuple[str, ...] = ("Quiet", "Loud", "Deafening")) -> Document:
    """Give a short story: its scenes as `id`, or `id<earlier id`, each of level 1."""
    return {
        "format": 1,
        "id": "short",
        "title": "Short",
        "medium": "film",
        "language": "en",
        "premise": "Short.",
        "levels": [{"name": level} for level in levels],
        "scenes": [
            {
                "id": ident,
                "was": was.split(),
                "level": 1,
                "title": ident,
                "text": ident,
                "tellings": [{"level": 0, "title": f"{ident}, less", "text": ident}],
            }
            for ident, _, was in (scene.partition("<") for scene in scenes)
        ],
    }


@dataclass(frozen=True)
class Copy:
    """A reader's copy of a story that is being edited."""

    story: Story
    bookmark: Bookmark

    @classmethod
    def of(cls, document: Document, place: Position) -> Copy:
        """Lay a bookmark in a new story."""
        story = tale.told(document)
        return cls(story, bookmark_of(story, place))

    @property
    def place(self) -> Position:
        """Where the bookmark lies."""
        return position_of(self.story, self.bookmark)

    def edited(self, document: Document) -> Copy:
        """Let the author edit; the bookmark stays as it is."""
        return Copy(tale.edited(self.story, document), self.bookmark)

    def moved(self, move: Callable[[Position], Position]) -> Copy:
        """Let the reader move; what moves nothing leaves the bookmark on its revision."""
        place = move(self.place)
        return self if place == self.place else Copy(self.story, bookmark_of(self.story, place))

    def turned(self) -> Copy:
        """Let the reader turn to the next scene."""
        return self.moved(lambda p: moves.turned(self.story, p, _last(self.story, p)))

    def open(self, scene: str) -> Copy:
        """Let the reader open a scene."""
        at = next(n for n, entry in enumerate(self.story.scenes) if entry.id == scene)
        return self.moved(lambda place: moves.opened(place, at))

    def shown(self) -> list[str]:
        """What is shown of each scene that was reached, as told; a dash for a veil."""
        known = Knowledge.of(self.story, self.place)
        rows = (row.scene.telling for row in known.window(range(self.place.reached)))
        return [telling.title if telling else "-" for telling in rows]


def test_a_scene_that_is_gone_falls_back_to_the_last_one_before_it_that_is_there() -> None:
    copy = Copy.of(short("a", "b", "c", "d", "e"), Position(1, 4, 3))

    assert copy.edited(short("a", "b", "e")).place == Position(1, 2, 2)
    assert copy.edited(short("e", "b", "a")).place == Position(1, 2, 2, withheld=frozenset({0}))
    assert copy.edited(short("e")).place == Position(1)


def test_a_place_falls_back_in_the_order_of_its_own_revision_not_of_one_between() -> None:
    copy = Copy.of(short("a", "b", "c", "d"), Position(1, 3))

    between = copy.edited(short("c", "d", "b", "a"))

    assert between.edited(short("a", "d", "b")).shown() == ["a", "-", "b"]


def test_a_scene_that_comes_to_stand_before_the_place_is_veiled() -> None:
    copy = Copy.of(short("a", "b", "c", "d"), Position(2, 3, 3))

    assert copy.edited(short("new", "a", "b", "c", "d")).shown() == ["-", "a", "b", "c"]
    assert copy.edited(short("a", "d", "b", "c")).shown() == ["a", "-", "b", "c"]


def test_a_scene_that_comes_to_stand_before_what_was_seen_is_veiled_though_it_was_reached() -> None:
    copy = Copy.of(short("a", "b", "c", "d"), Position(0, 4, 2))

    assert copy.shown() == ["a", "b", "c, less", "d, less"]
    assert copy.edited(short("a", "c", "b", "d")).shown() == ["a", "-", "b", "d, less"]


def test_a_newcomer_is_shown_when_it_is_opened_and_veiled_again_when_it_is_closed() -> None:
    copy = Copy.of(short("a", "b"), Position(2, 2, 2)).edited(short("a", "new", "b"))

    opened = copy.open("new")

    assert opened.shown() == ["a", "new", "b"]
    assert opened.moved(lambda place: moves.closed(place, 1)).shown() == ["a", "-", "b"]


def test_a_newcomer_is_shown_when_the_bookmark_moves_forward() -> None:
    document = short("a", "new", "b", "c")
    reading = Copy.of(short("a", "b", "c"), Position(0, 2)).edited(document)
    watching = Copy.of(short("a", "b", "c"), Position(0, 2, 1)).edited(document)

    seen = watching.moved(lambda place: moves.seen_up_to(watching.story, place, 2))

    assert reading.shown() == ["a, less", "-", "b, less"]
    assert reading.turned().shown() == ["a, less", "new, less", "b, less", "c, less"]
    assert seen.shown() == ["a", "new", "b, less"]


def test_a_word_on_what_was_seen_releases_only_newcomers_up_to_there() -> None:
    before = Copy.of(short("a", "b", "c", "d"), Position(2, 4, 1))
    copy = before.edited(short("a", "new", "b", "c", "newer", "d"))

    one_on = copy.moved(lambda place: moves.seen_up_to(copy.story, place, 2))
    all_on = copy.moved(lambda place: moves.seen_all(copy.story, place))

    assert copy.shown() == ["a", "-", "b", "c", "-", "d"]
    assert one_on.shown() == ["a", "new", "b", "c", "-", "d"]
    assert all_on.shown() == ["a", "new", "b", "c", "newer", "d"]


def test_a_newcomer_stays_veiled_under_every_move_that_is_not_forward() -> None:
    copy = Copy.of(short("a", "b", "c"), Position(0, 2, 1)).edited(short("new", "a", "b", "c"))

    ways: list[Callable[[Position], Position]] = [
        lambda place: moves.with_threshold(copy.story, place, 2),
        lambda place: moves.asking_for_warnings(place, True),
        lambda place: moves.seen_up_to(copy.story, place, 0),
        lambda place: moves.back_to(place, 2),
        lambda place: moves.opened(place, 1),
        lambda place: moves.closed(place, 0),
    ]

    assert copy.shown()[0] == "-"
    for move in ways:
        assert copy.moved(move).shown()[0] == "-"
        again = copy.moved(move).edited(short("new", "newer", "a", "b", "c"))
        assert again.shown()[:2] == ["-", "-"]
        renamed = copy.moved(move).edited(short("newest<new", "a", "b", "c"))
        assert renamed.shown()[0] == "-"


def test_the_threshold_goes_to_the_highest_level_up_to_which_every_one_was_accepted() -> None:
    levels = ("Quiet", "Loud", "Deafening", "Deadly")
    copy = Copy.of(short("a", levels=levels), Position(2))

    def threshold(*today: str) -> int:
        return copy.edited(short("a", levels=today)).place.threshold

    assert threshold("Quiet", "Loud", "Deafening", "Deadly", "Unheard of") == 2
    # Of a level that is gone, and of one that is new, with all above it.
    assert threshold("Quiet", "Loud", "Shrill", "Deadly") == 1
    assert threshold("Quiet", "Deafening", "Deadly") == 1
    assert threshold("Quiet", "Deadly") == 0
    assert threshold("Silent", "Quiet", "Loud", "Deafening") == 0
    # Of names that swap, and of names that are passed on.
    assert threshold("Quiet", "Loud", "Deadly", "Deafening") == 1
    assert threshold("Quiet", "Deadly", "Deafening", "Loud") == 0
    assert threshold("Loud", "Deafening", "Deadly", "Unheard of") == 1
    assert threshold("Unheard of", "Quiet", "Loud", "Deafening") == 0


def test_the_threshold_stays_with_a_level_that_says_which_it_was() -> None:
    copy = Copy.of(short("a"), Position(1))

    def threshold(*today: tuple[str, ...]) -> int:
        document = short("a")
        document["levels"] = [{"name": name, "was": was} for name, *was in today]
        return copy.edited(document).place.threshold

    assert threshold(("Quiet",), ("Noisy", "Loud"), ("Deafening",)) == 1
    assert threshold(("Hushed", "Quiet"), ("Noisy", "Loud"), ("Deafening",)) == 1
    # One that took over two is what the higher one of them was.
    assert threshold(("Quiet", "Loud"), ("Deafening",)) == 0
    assert threshold(("Quiet",), ("Noisy", "Loud", "Deafening")) == 0
    # One that was there above what was accepted stays there, whichever it says it was.
    assert threshold(("Quiet",), ("Deafening", "Loud")) == 0


def test_a_level_just_beyond_the_scale_of_its_revision_is_the_lowest() -> None:
    before = Copy.of(short("a"), Position(2))
    levels = len(before.story.levels)

    for beyond in (levels, levels + 1):
        forged = replace(before, bookmark=replace(before.bookmark, threshold=beyond))
        assert forged.edited(short("a", "b")).place.threshold == 0


def test_who_came_with_the_first_form_has_finished_where_its_own_revision_was_seen() -> None:
    before = Copy.of(short("a", "b", "c"), Position(0, 3, 3))
    seen_all, seen_less = (
        replace(before, bookmark=replace(before.bookmark, seen=seen, finished=None))
        for seen in (before.story.scenes[2].key, before.story.scenes[1].key)
    )
    cut, more = short("a", "b"), short("a", "b", "c", "d")

    assert [seen_all.place.finished, seen_less.place.finished] == [True, False]
    assert [copy.edited(cut).place.finished for copy in (seen_all, seen_less)] == [True, False]
    assert [copy.edited(more).place.finished for copy in (seen_all, seen_less)] == [False, False]
    assert seen_all.edited(more).edited(cut).place.finished
    unknown = replace(seen_all, bookmark=replace(seen_all.bookmark, revision=9))
    assert not unknown.place.finished


@pytest.mark.parametrize("edited", [("a", "b", "c", "d"), ("a", "b", "c", "d<e")], ids=str)
def test_nobody_has_finished_because_the_last_scene_was_cut_or_taken_over(
    edited: tuple[str, ...],
) -> None:
    almost = Copy.of(short("a", "b", "c", "d", "e"), Position(0, 5, 4)).edited(short(*edited))
    moved = almost.moved(lambda place: moves.with_threshold(almost.story, place, 1))

    assert (almost.place.seen, almost.place.reached) == (4, 4)
    assert not almost.place.finished
    assert not moved.place.finished
    assert moved.moved(lambda place: moves.seen_all(moved.story, place)).place.finished


def test_who_has_finished_has_not_where_a_scene_comes_and_is_told_no_more_by_its_going() -> None:
    finished = Copy.of(short("a", "b"), Position(0, 2, 2, finished=True))

    longer, between = finished.edited(short("a", "b", "c")), finished.edited(short("a", "new", "b"))
    on = between.moved(lambda place: moves.with_threshold(between.story, place, 1))

    assert not longer.place.finished
    assert not between.place.finished
    # Whoever moves under the edit has no more said it; whoever does not has.
    assert not on.edited(short("a", "b")).place.finished
    assert between.edited(short("a", "b")).place.finished


def test_a_place_is_kept_by_the_ids_that_scenes_had_before() -> None:
    copy = Copy.of(short("a", "b", "c", "d"), Position(0, 3, 2, frozenset({3})))

    renamed = copy.edited(short("x<a", "y<b", "z<c", "zz<d"))

    assert renamed.place == copy.place
    assert renamed.edited(short("x<a", "new<y b", "z<c", "zz<d")).place == copy.place


def test_a_scene_that_takes_over_the_ids_of_several_is_the_last_of_them() -> None:
    merged = short("a", "bc<b c", "d")

    def place(reached: int) -> Position:
        return Copy.of(short("a", "b", "c", "d"), Position(2, reached)).edited(merged).place

    assert place(2) == Position(2, 1)
    assert place(3) == Position(2, 2)


def test_a_scene_that_takes_over_the_id_of_an_earlier_one_is_not_revealed_by_that() -> None:
    before = short("a", "b", "c")
    reached = Copy.of(before, Position(2, 1, 1))
    opened = Copy.of(before, Position(0, 0, 0, frozenset({0})))

    merged = short("b", "c<a")

    assert "c" not in reached.edited(merged).shown()
    assert opened.edited(merged).place.opened == frozenset()


def test_a_scene_that_took_over_others_is_open_only_when_all_of_them_were() -> None:
    before, merged = short("a", "b", "c"), short("ab<a b", "c")
    opened = [Copy.of(before, Position(opened=frozenset(o))) for o in ({0}, {1}, {0, 1})]

    assert [copy.edited(merged).place.opened for copy in opened] == [set(), set(), {0}]


def test_more_newcomers_than_can_be_remembered_are_veiled_all_the_same() -> None:
    many = [f"new-{n}" for n in range(MOST_WITHHELD + 50)]
    opened = [f"far-{n}" for n in range(MOST_OPENED)]
    place = Position(2, 2, 2, frozenset(range(3, 3 + MOST_OPENED)))
    copy = Copy.of(short("a", "b", "c", *opened), place)

    edited = copy.edited(short("a", *many, "b", "c", *opened))
    moved = edited.moved(lambda place: moves.asking_for_warnings(place, True))

    assert edited.shown() == ["a", *["-"] * len(many), "b"]
    assert set(moved.shown()) == {"a", "-"}
    assert moved.place.seen == moved.place.reached == 1 + MOST_WITHHELD
    assert len(encode(moved.bookmark)) < 4096 - 300
    assert decode(encode(moved.bookmark)) == moved.bookmark
    assert len(moved.place.opened) == MOST_OPENED


def test_as_many_newcomers_as_fit_move_nothing_and_one_more_moves_the_place() -> None:
    before = Copy.of(short("a", "b"), Position(2, 2, 2))

    def moved(count: int) -> Position:
        newcomers = [f"new-{n}" for n in range(count)]
        edited = before.edited(short("a", *newcomers, "b"))
        return edited.moved(lambda place: moves.asking_for_warnings(place, True)).place

    fits, too_many = moved(MOST_WITHHELD), moved(MOST_WITHHELD + 1)

    assert (fits.reached, len(fits.withheld)) == (MOST_WITHHELD + 2, MOST_WITHHELD)
    # It ends before the first one that cannot be remembered, and all before that stay veiled.
    assert (too_many.reached, len(too_many.withheld)) == (MOST_WITHHELD + 1, MOST_WITHHELD)


# --- any edits and any moves ---------------------------------------------------------------------

MOVES = st.tuples(
    st.sampled_from(["threshold", "warned", "open", "close", "back", "unsee", "next", "seen"]),
    st.integers(0, 20),
)


class _Watcher:
    """Edits a story under a reader, and watches what each scene shows.

    A telling is known again by its title. How much it tells is its place among the tellings that
    its scene had when it was first written.
    """

    def __init__(self, document: Document, place: Position) -> None:
        self.document = document
        self.copy = Copy.of(document, place)
        self.fulness: dict[str, tuple[str, int]] = {}
        self.written = 0
        self._note()
        self._rest()

    def _note(self) -> None:
        for scene in self.copy.story.scenes:
            for n, telling in enumerate(scene.tellings):
                self.fulness.setdefault(telling.title, (scene.full.title, n))

    def _rest(self, veiled: frozenset[str] = frozenset()) -> None:
        """Note what is shown as the bookmark moves; later edits must not show more."""
        self.rested = self.shown()
        self.reached = self._reached()
        self.outline = self.copy.story.scenes
        self.veiled = veiled

    def _reached(self) -> frozenset[str]:
        scenes = self.copy.story.scenes[: self.copy.place.reached]
        return frozenset(scene.full.title for scene in scenes)

    def _opened(self) -> frozenset[str]:
        scenes = self.copy.story.scenes
        return frozenset(scenes[n].full.title for n in self.copy.place.opened)

    def shown(self) -> dict[str, int]:
        """How much is told of every scene of which anything is."""
        known = Knowledge.of(self.copy.story, self.copy.place)
        told = {n: known.rule.told(n) for n in range(len(self.copy.story.scenes))}
        tellings = (self.copy.story.scenes[n].tellings[t] for n, t in told.items() if t is not None)
        return dict(self.fulness[telling.title] for telling in tellings)

    def edit(self, how: Edit) -> None:
        """Edit, and see that nothing is revealed."""
        self.written += 1
        self.document = author_edits.edit(self.document, how, f"fresh{self.written}")
        self.copy = self.copy.edited(self.document)
        self._note()
        heirs = self._heirs()

        for scene, fulness in self.shown().items():
            assert scene in heirs or fulness <= self.rested.get(scene, -1), (how, scene)
        self._assert_veiled(self._newcomers())

    def _newcomers(self) -> frozenset[str]:
        return (self._reached() - self.reached - self._heirs()) | self.veiled

    def _released(self, kind: str, before: Position, after: Position) -> frozenset[str]:
        """All by going on; by a word on what was seen only what stands up to there."""
        if kind in ("seen", "unsee"):
            upto = after.seen
        else:
            upto = after.reached if after.reached > before.reached else 0
        return frozenset(scene.full.title for scene in self.copy.story.scenes[:upto])

    def _heirs(self) -> set[str]:
        """Scenes that are new, but of which the author says that they are what others were."""
        before = {scene.full.title: scene.key for scene in self.outline}
        return {
            scene.full.title
            for scene in self.copy.story.scenes
            if scene.full.title not in before and set(scene.was) & set(before.values())
        }

    def _assert_veiled(self, newcomers: frozenset[str]) -> None:
        assert not newcomers & self.shown().keys() - self._opened()

    def move(self, kind: str, number: int) -> None:
        """Move, and see that newcomers stay veiled unless the move releases them."""
        newcomers = self._newcomers()
        story, before = self.copy.story, self.copy.place
        scene = number % len(story.scenes)
        count = number % (before.reached + 1)
        ways: dict[str, Callable[[Position], Position]] = {
            "threshold": lambda p: moves.with_threshold(story, p, number % len(story.levels)),
            "warned": lambda p: moves.asking_for_warnings(p, number % 2 == 1),
            "open": lambda p: moves.opened(p, scene),
            "close": lambda p: moves.closed(p, scene),
            "back": lambda p: moves.back_to(p, count),
            "unsee": lambda p: moves.seen_up_to(story, p, min(count, p.seen)),
            "next": lambda p: moves.turned(story, p, _last(story, p)),
            "seen": lambda p: moves.seen_up_to(story, p, scene + 1),
        }
        moved = self.copy.moved(ways[kind])
        if moved is self.copy:
            return
        self.copy, after = moved, moved.place
        # What went ahead of the place again comes back as a newcomer, if it ever does.
        self._rest((newcomers & self._reached()) - self._released(kind, before, after))
        self._assert_veiled(self.veiled)


@settings(tale.patiently, max_examples=400)
@given(
    tale.skeletons(most_scenes=5),
    st.lists(author_edits.EDITS | MOVES, min_size=1, max_size=20),
    st.data(),
)
def test_no_edit_ever_reveals_whatever_the_reader_does_in_between(
    document: Document, acts: list[Edit | tuple[str, int]], data: st.DataObject
) -> None:
    watcher = _Watcher(document, data.draw(tale.places(tale.told(document), withheld=False)))

    for act in acts:
        if len(act) == 3:
            watcher.edit(act)
        else:
            watcher.move(*act)


def test_no_single_edit_reveals_anything_at_any_place_of_the_tale() -> None:
    document = tale.document()
    story = tale.told(document)
    everywhere = list(tale.every_place(story))[::97]
    kinds = ["add scene", "move scene", "remove scene", "rename scene", "remove level"]

    for n, kind in enumerate(kinds):
        for at in range(len(story.scenes)):
            for place in everywhere[n :: len(kinds)]:
                _Watcher(document, place).edit((kind, at, (at + 3) % len(story.scenes)))
