"""A story as its author wrote it: every passage of words, where it stands, and who reads it first.

What the app puts in, the names so far, is left out of the words: a gap stands for it.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from enum import Enum, auto
from functools import cached_property

from markupsafe import Markup, escape

from explorer.advice.first_readers import Reader, Readers
from explorer.knowledge.bookmark import Position
from explorer.story.model import Condition, Story
from explorer.story.prose import Mention, Prose
from explorer.story.tokens import words
from explorer.storyfile.json_positions import Path
from explorer.storyfile.schema import StoryEntry

# A sign that no word has, and no author writes: where a person stands under the name so far.
GAP = "\ufffc"

_ALWAYS = Condition()


class Role(Enum):
    """What a passage is for."""

    TITLE = auto()
    TEXT = auto()
    PLACE = auto()
    WARNING = auto()
    NAME = auto()
    SPELLING = auto()
    FACT = auto()
    RELATION = auto()
    PART = auto()
    SUMMARY = auto()
    PREMISE = auto()
    WORK = auto()


@dataclass(frozen=True, slots=True)
class Spot:
    """A telling, by the position of its scene and its own within the scene."""

    scene: int
    telling: int


@dataclass(frozen=True, slots=True, eq=False)
class Passage:
    """Words that are shown together.

    `told` is what must be shown for them to be; `places` is where their first readers stand;
    `people` are those whom they are about. The words are folded, each with its bounds in `text`.
    """

    role: Role
    path: Path
    text: str
    told: Spot | Condition
    places: tuple[Position, ...]
    people: tuple[int, ...] = ()
    mentions: tuple[Mention, ...] = ()
    words: tuple[str, ...] = field(init=False)
    starts: array[int] = field(init=False)
    ends: array[int] = field(init=False)

    def __post_init__(self) -> None:
        found = list(words(self.text))
        object.__setattr__(self, "words", tuple(word.folded for word in found))
        object.__setattr__(self, "starts", array("I", (word.start for word in found)))
        object.__setattr__(self, "ends", array("I", (word.end for word in found)))

    def is_shown(self, reader: Reader) -> bool:
        """Whether a reader is shown it."""
        if isinstance(self.told, Spot):
            return reader.rule.told(self.told.scene) == self.told.telling
        return reader.rule.holds(self.told)


class Manuscript:
    """A story with its passages, and the readers to ask about them."""

    def __init__(self, entry: StoryEntry, story: Story) -> None:
        """Take the entries of a file and the story that was made of them."""
        self.story = story
        self.readers = Readers(story)
        # A story keeps the lesser tellings by level, a file keeps them as they were written.
        self._lesser = [
            sorted(range(len(scene.tellings)), key=lambda n, s=scene: s.tellings[n].level)  # type: ignore[misc]
            for scene in entry.scenes
        ]
        self._has_several = [isinstance(part.summary, list) for part in entry.parts]
        self._tellings = {
            spot: tuple(self._of_telling(spot)) for scene in self.scenes for spot in scene
        }
        self._others = (*self._of_work(), *self._of_parts(), *self._of_people())

    @property
    def scenes(self) -> Iterator[tuple[Spot, ...]]:
        """The tellings of each scene, the full one last."""
        for i, scene in enumerate(self.story.scenes):
            yield tuple(Spot(i, j) for j in range(len(scene.tellings)))

    @property
    def passages(self) -> Iterator[Passage]:
        """All passages."""
        for passages in self._tellings.values():
            yield from passages
        yield from self._others

    @cached_property
    def small(self) -> frozenset[str]:
        """The words that stand somewhere in small letters, and so are not only names."""
        return frozenset(
            word
            for passage in self.passages
            for word, start in zip(passage.words, passage.starts, strict=True)
            if passage.text[start].islower()
        )

    @property
    def others(self) -> tuple[Passage, ...]:
        """The passages that stand in no telling."""
        return self._others

    def of(self, spot: Spot) -> tuple[Passage, ...]:
        """The passages of a telling."""
        return self._tellings[spot]

    def path(self, spot: Spot) -> Path:
        """Where a telling stands in the file; the full one is the scene itself."""
        lesser = self._lesser[spot.scene]
        if spot.telling == len(lesser):
            return ("scenes", spot.scene)
        return ("scenes", spot.scene, "tellings", lesser[spot.telling])

    def is_full(self, spot: Spot) -> bool:
        """Whether a telling is the full one of its scene."""
        return spot.telling == len(self._lesser[spot.scene])

    def level(self, level: int) -> str:
        """Give a level as authors call it."""
        return f'level {level} ("{self.story.levels[level].name}")'

    def since(self, condition: Condition) -> str:
        """Say when something with a condition is told."""
        since = "" if condition.level is None else f" from {self.level(condition.level)} on"
        if condition.scene is None:
            return f"told{since or ' to all'}"
        scene = self.story.scenes[condition.scene].id
        if condition.start is not None:
            return f'told when all scenes up to "{scene}" are{since}'
        more = f" and {len(condition.others)} more" if condition.others else ""
        return f'told at scene "{scene}"{more}{since}'

    # --- passages ---

    def _of_telling(self, spot: Spot) -> Iterator[Passage]:
        telling = self.story.scenes[spot.scene].tellings[spot.telling]
        path, places = self.path(spot), (self.readers.of_telling(spot.scene, spot.telling),)

        def passage(role: Role, key: Path, text: str) -> Passage:
            mentions = telling.text.mentions if role is Role.TEXT else ()
            return Passage(role, (*path, *key), text, spot, places, telling.people, mentions)

        yield passage(Role.TITLE, ("title",), telling.title)
        yield passage(Role.TEXT, ("text",), plain(telling.text))
        if telling.place is not None:
            yield passage(Role.PLACE, ("place",), telling.place)
        for n, warning in enumerate(telling.warnings):
            yield passage(Role.WARNING, ("warnings", n), warning)

    def _of_work(self) -> Iterator[Passage]:
        story = self.story
        yield self._prose(Role.PREMISE, ("premise",), story.premise, _ALWAYS)
        for n, level in enumerate(story.levels):
            yield self._line(Role.WORK, ("levels", n, "note"), level.note, _ALWAYS)
        for n, detail in enumerate(story.details):
            words = f"{detail.label}: {detail.text}"
            yield self._line(Role.WORK, ("details", n, "text"), words, detail.condition)
        for n, credit in enumerate(story.credits):
            yield self._line(Role.WORK, ("credits", n, "role"), credit.role, credit.condition)
        for n, source in enumerate(story.sources):
            yield self._line(Role.WORK, ("sources", n, "title"), source.title, source.condition)
        for n, paragraph in enumerate(story.about):
            path = ("about", n, "text")
            yield self._prose(Role.WORK, path, paragraph.text, paragraph.condition)

    def _of_parts(self) -> Iterator[Passage]:
        for n, part in enumerate(self.story.parts):
            yield self._line(Role.PART, ("parts", n, "title"), part.title, part.condition)
            for k, summary in enumerate(part.summaries):
                at = (k,) if self._has_several[n] else ()
                path = ("parts", n, "summary", *at, "text")
                yield self._prose(Role.SUMMARY, path, summary.text, summary.condition)

    def _of_people(self) -> Iterator[Passage]:
        for n, person in enumerate(self.story.people):
            named = ((Role.NAME, "names", person.names), (Role.SPELLING, "also", person.also))
            for role, key, names in named:
                for k, name in enumerate(names):
                    path = ("people", n, key, k, "name")
                    yield self._line(role, path, name.name, name.condition, (n,))
            for k, fact in enumerate(person.facts):
                path = ("people", n, "facts", k, "text")
                yield self._prose(Role.FACT, path, fact.text, fact.condition, (n,))
        for n, relation in enumerate(self.story.relations):
            ends = (relation.origin, relation.target)
            at = ("relations", n, "text")
            yield self._line(Role.RELATION, at, relation.text, relation.condition, ends)

    def _line(
        self, role: Role, path: Path, text: str, told: Condition, people: tuple[int, ...] = ()
    ) -> Passage:
        return Passage(role, path, text, told, self.readers.of_entry(told, people), people)

    def _prose(
        self, role: Role, path: Path, prose: Prose, told: Condition, people: tuple[int, ...] = ()
    ) -> Passage:
        places = self.readers.of_entry(told, people)
        return Passage(role, path, plain(prose), told, places, people, prose.mentions)


def plain(prose: Prose) -> str:
    """Give the author's own words in one line, with a gap for each name that the app puts in."""
    return Markup("").join(_pieces(prose.html)).striptags()


def _pieces(html: Iterable[Markup | Mention]) -> Iterator[Markup]:
    for piece in html:
        yield piece if isinstance(piece, Markup) else escape(piece.words or GAP)
