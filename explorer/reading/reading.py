"""The gate: holds a whole story and a reader's bookmark; what it hands out is known.

Gather, decide, apply: a move takes what a stranger asked for, asks `knowledge` what may be known,
and gives a new reading; nothing is stored. `pages` lays readings out.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

from explorer.knowledge import bookmark_text, moves
from explorer.knowledge.bookmark import FIRST, Bookmark, Position, bookmark_of, position_asked
from explorer.knowledge.knowledge import Knowledge
from explorer.knowledge.known import KnownEntry, KnownStory, State
from explorer.knowledge.marker_lookup import last_not_past
from explorer.library.story_cache import LoadedStory
from explorer.reading.errors import NotFound
from explorer.story.model import Story


@dataclass(frozen=True)
class Reading:
    """One reader's reading of one story, for the length of one request.

    `bookmark` is what the reader's browser holds, or is to hold after a move; `moved` says that
    it is to be told so. `base` is what stands before every address of this installation.
    """

    loaded: LoadedStory
    bookmark: Bookmark
    position: Position
    base: str
    moved: bool = False
    problem: str | None = None
    entered: str = ""

    @classmethod
    def of(cls, loaded: LoadedStory, bookmark: Bookmark, base: str) -> Reading:
        """Lay a bookmark on a story."""
        return cls(loaded, bookmark, loaded.position(bookmark), base)

    @cached_property
    def known(self) -> Knowledge:
        """What this reader may know."""
        return self.loaded.knowledge(self.position)

    @property
    def first(self) -> Knowledge:
        """What everybody may know."""
        return self.loaded.knowledge(Position())

    @property
    def story(self) -> Story:
        """The story whole: for the gate alone."""
        return self.loaded.story

    @property
    def href(self) -> str:
        """The story's address."""
        return f"{self.base}/stories/{self.story.id}"

    def whole(self) -> KnownStory:
        """All that is known, for programs and to keep."""
        return self.known.remembered("whole", self.known.whole)

    def entry(self) -> KnownEntry:
        """The story in the catalogue for programs, made from what the first bookmark knows."""
        return KnownEntry(self.first.title(), self.first.work().premise)

    def named(self, key: str) -> int:
        """Find a scene by its key, whether it may be known or not. Raises NotFound."""
        scene = self.story.index.scene_at.get(key)
        if scene is None:
            raise NotFound
        return scene

    # --- moves ---------------------------------------------------------------------------------

    def turned(self, origin: str) -> Reading:
        """One scene on, if `origin` is still the last one reached."""
        return self._at(moves.turned(self.story, self.position, origin))

    def with_threshold(self, threshold: int) -> Reading:
        """Tell up to this level. Raises MoveRefused."""
        return self._at(moves.with_threshold(self.story, self.position, threshold))

    def opened(self, key: str) -> Reading:
        """Open one scene in spite of the threshold. Raises NotFound, MoveRefused."""
        scene = self.named(key)
        if self.known.rule.covers(scene) and self.known.narrator.scene(scene).state is State.OPEN:
            return self
        return self._at(moves.opened(self.position, scene))

    def closed(self, key: str) -> Reading:
        """Take an opened scene out again; what is not covered is not open."""
        scene = self.known.rule.scene_at(key)
        return self if scene is None else self._at(moves.closed(self.position, scene))

    def seen(self, key: str) -> Reading:
        """The work is known up to this scene; empty: none of it. Raises MoveRefused."""
        return self._at(moves.seen_up_to(self.position, _count(self, key)))

    def seen_by_marker(self, marker: str) -> Reading:
        """The work is known up to the last scene whose marker is not past this one."""
        count = last_not_past((scene.marker for scene in self.story.scenes), marker)
        return self._at(moves.seen_up_to(self.position, count))

    def back(self, key: str) -> Reading:
        """Back to this scene; empty: to before the first one. Raises MoveRefused."""
        return self._at(moves.back_to(self.position, _count(self, key)))

    def asking_for_warnings(self, warned: bool) -> Reading:
        """Ask, or ask no more, for content warnings before opening."""
        return self._at(moves.asking_for_warnings(self.position, warned))

    def forgotten(self) -> Reading:
        """The first bookmark."""
        first = Reading.of(self.loaded, FIRST, self.base)
        return replace(first, moved=self.bookmark != FIRST)

    def carried(self, code: str) -> Reading:
        """Take in a code from another device. Raises MoveRefused."""
        story, _, text = "".join(code.split()).partition(".")
        bookmark = bookmark_text.decode(text)
        if bookmark is None:
            raise moves.MoveRefused(
                "This is not a whole code. Copy it again, from its first to its last sign."
            )
        if story != self.story.id:
            raise moves.MoveRefused("This code is for another story.")
        there = Reading.of(self.loaded, bookmark, self.base)
        return self if there.position == self.position else replace(there, moved=True)

    def refused(self, problem: str, entered: str) -> Reading:
        """The same reading, with what was entered and what was wrong with it."""
        return replace(self, problem=problem, entered=entered)

    def asked(self, bookmark: Bookmark, turn: bool) -> Reading:
        """Stand where a program says, or one scene on from there. Raises Unknown."""
        there = self._at(position_asked(self.story, bookmark))
        return there.turned(there.known.standing().reached or "") if turn else there

    def _at(self, position: Position) -> Reading:
        if position == self.position:
            return self
        bookmark = bookmark_of(self.story, position)
        return Reading(self.loaded, bookmark, self.loaded.position(bookmark), self.base, moved=True)


def _count(reading: Reading, key: str) -> int:
    """Count the scenes up to one that was reached; empty: none. Raises MoveRefused."""
    if not key:
        return 0
    scene = reading.known.rule.scene_at(key)
    if scene is None or scene >= reading.position.reached:
        raise moves.MoveRefused("You have not turned to such a scene.")
    return scene + 1
