"""Bookmarks under chains of edits, beside the slow reading of the contract.

An author edits again and again; bookmarks of every revision and of both forms, good ones and forged
ones, are laid on the last, and the readers there move on. Each must stand where
`tests.shield.oracle` says.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from explorer.knowledge import moves
from explorer.knowledge.bookmark import Bookmark, Position, bookmark_of, position_of
from explorer.knowledge.bookmark_text import decode, encode
from explorer.knowledge.knowledge import Knowledge
from explorer.story.model import Story
from explorer.story.terms import SceneKey, opaque
from tests.shield.oracle import Oracle, Reader, edits
from tests.shield.oracle import moves as told
from tests.support import author_edits, tale
from tests.support.author_edits import Edit
from tests.support.tale import Document

# How one moves, with numbers that are read modulo what there is.
Move = tuple[str, int, int]

NOBODY = "nobody"
MOST_EDITS = 10

MOVES = st.tuples(
    st.sampled_from(
        ["next", "threshold", "open", "close", "seen", "all", "marker", "back", "warned", "forget"]
    ),
    st.integers(0, 20),
    st.integers(0, 20),
)


class Chain:
    """A story that is edited again and again, with all that is kept of its revisions."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.story = tale.told(document)
        self.past = [edits.outline(document)]

    def edit(self, how: Edit) -> None:
        """Let the author edit once more."""
        made = author_edits.edit(self.document, how, f"fresh{len(self.past)}")
        self.story = tale.edited(self.story, made)
        self.document = made
        self.past.append(edits.outline(made))

    def idents(self) -> list[str]:
        """Every id that a scene has or had in any revision, and one of nobody."""
        there = {scene for outline in self.past for scene in outline.scenes}
        were = {was for scene in self.document["scenes"] for was in scene.get("was", [])}
        return [*sorted(there | were), NOBODY]

    def key(self, ident: str) -> SceneKey:
        """The key of a scene."""
        return SceneKey(opaque(self.document["id"], "scene", ident))

    def laid(self, kept: edits.Bookmark, revision: int) -> Position:
        """Where the app lays a bookmark, which goes through its text first."""
        bookmark = Bookmark(
            threshold=kept.threshold,
            reached=None if kept.reached is None else self.key(kept.reached),
            seen=None if kept.seen is None else self.key(kept.seen),
            opened=tuple(map(self.key, sorted(kept.opened))),
            warned=kept.warned,
            revision=revision,
            withheld=tuple(map(self.key, sorted(kept.withheld))),
            finished=kept.finished,
        )
        assert decode(encode(bookmark)) == bookmark
        return position_of(self.story, bookmark)

    def expected(self, kept: edits.Bookmark, revision: int) -> Reader:
        """Where the contract lays it."""
        known = 0 < revision <= len(self.past)
        return edits.laid(self.document, self.past[revision - 1] if known else None, kept)


def reader(story: Story, position: Position) -> Reader:
    """Give a position as the oracle says it."""

    def idents(scenes: frozenset[int]) -> frozenset[str]:
        return frozenset(story.scenes[n].id for n in scenes)

    return Reader(
        position.threshold,
        position.reached,
        position.seen,
        idents(position.opened),
        position.warned,
        idents(position.withheld),
        position.finished,
    )


def bookmarks(idents: list[str]) -> st.SearchStrategy[edits.Bookmark]:
    """Give bookmarks of some scenes, as they may be kept or forged."""
    scene = st.sampled_from(idents)
    several = st.frozensets(scene, max_size=3)
    return st.builds(
        edits.Bookmark,
        threshold=st.integers(0, 6),
        reached=st.none() | scene,
        seen=st.none() | scene,
        opened=several,
        warned=st.booleans(),
        withheld=several,
        finished=st.sampled_from([None, False, True]),
    )


@settings(tale.patiently, max_examples=300)
@given(
    tale.skeletons(most_scenes=5),
    st.lists(author_edits.EDITS, min_size=1, max_size=MOST_EDITS),
    st.data(),
)
def test_a_bookmark_of_any_revision_is_laid_where_the_contract_says(
    document: Document, acts: list[Edit], data: st.DataObject
) -> None:
    chain = Chain(document)
    for act in acts:
        chain.edit(act)

    for _ in range(4):
        kept = data.draw(bookmarks(chain.idents()))
        for revision in range(len(chain.past) + 2):
            laid = reader(chain.story, chain.laid(kept, revision))
            assert laid == chain.expected(kept, revision), (kept, revision)


@settings(tale.patiently, max_examples=300)
@given(
    tale.skeletons(most_scenes=5),
    st.lists(
        st.tuples(author_edits.EDITS, st.lists(MOVES, max_size=4)),
        min_size=1,
        max_size=MOST_EDITS,
    ),
    st.booleans(),
    st.data(),
)
def test_readers_move_between_edits_as_the_contract_says(
    document: Document,
    acts: list[tuple[Edit, list[Move]]],
    is_early: bool,
    data: st.DataObject,
) -> None:
    chain = Chain(document)
    position = data.draw(tale.places(chain.story))
    bookmark = bookmark_of(chain.story, position)
    kept, revision = edits.kept(document, reader(chain.story, position)), 1
    if is_early:
        # Their cookie is of the form that did not say who has finished.
        bookmark, kept = replace(bookmark, finished=None), replace(kept, finished=None)

    for edit, some in acts:
        chain.edit(edit)
        for move in some:
            position = position_of(chain.story, bookmark)
            expected = chain.expected(kept, revision)
            assert reader(chain.story, position) == expected, edit
            moved, after = _moved(chain.story, position, move), _told(chain, expected, move)
            assert reader(chain.story, moved) == after, move
            if moved != position:
                bookmark, revision = bookmark_of(chain.story, moved), len(chain.past)
                kept = edits.kept(chain.document, after)


def _moved(story: Story, position: Position, move: Move) -> Position:
    """Move in the app."""
    kind, first, second = move
    scene = first % len(story.scenes)
    count = first % (position.reached + 1)
    last = story.scenes[position.reached - 1].key if position.reached else ""
    ways: dict[str, Callable[[], Position]] = {
        "next": lambda: moves.turned(story, position, last),
        "threshold": lambda: moves.with_threshold(story, position, first % len(story.levels)),
        "open": lambda: _opened(story, position, scene),
        "close": lambda: moves.closed(position, scene),
        "seen": lambda: moves.seen_up_to(story, position, count),
        "all": lambda: moves.seen_all(story, position),
        "marker": lambda: moves.seen_at_marker(position, scene + 1),
        "back": lambda: moves.back_to(position, count, second % (position.reached + 1)),
        "warned": lambda: moves.asking_for_warnings(position, first % 2 == 1),
        "forget": Position,
    }
    return ways[kind]()


def _opened(story: Story, position: Position, scene: int) -> Position:
    """Open a scene, where it is not shown in full already."""
    full = len(story.scenes[scene].tellings) - 1
    shown = Knowledge.of(story, position).rule.told(scene)
    return position if shown == full else moves.opened(position, scene)


def _told(chain: Chain, before: Reader, move: Move) -> Reader:
    """Move as the contract says."""
    kind, first, second = move
    document = chain.document
    order = Oracle(document, before).order
    scene = first % len(order)
    count = first % (before.reached + 1)
    positions = [(float(n),) for n in range(1, len(order) + 1)]
    ways: dict[str, Callable[[], Reader]] = {
        "next": lambda: told.turn(document, before, before.reached),
        "threshold": lambda: told.threshold(document, before, first % len(document["levels"])),
        "open": lambda: told.open_one(document, before, order[scene]),
        "close": lambda: told.close_one(document, before, order[scene]),
        "seen": lambda: told.see(document, before, count),
        "all": lambda: told.see_all(document, before),
        "marker": lambda: told.see_marker(document, before, positions, (scene + 1,)),
        "back": lambda: told.back(document, before, count, second % (before.reached + 1)),
        "warned": lambda: told.warn(document, before, first % 2 == 1),
        "forget": told.forget,
    }
    return ways[kind]()
