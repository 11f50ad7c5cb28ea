"""Puts into words what the rule lets a reader know: scenes, texts and names as known values."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Hashable, Iterable
from itertools import chain
from typing import Any

from explorer.knowledge.bookmark import Place
from explorer.knowledge.known import (
    KnownLink,
    KnownMention,
    KnownPart,
    KnownProse,
    KnownScene,
    KnownSource,
    KnownTelling,
    KnownWho,
    State,
)
from explorer.knowledge.revision_cache import Memory
from explorer.knowledge.rule import Rule
from explorer.story.model import Condition, Part, Story
from explorer.story.phrases import someone
from explorer.story.prose import Mention, Prose, escaped


class Wording(Rule):
    """The rule, with the values that are made of its answers.

    `memory` may be shared by all places of a revision; it holds scenes that were made before,
    under everything they depend on.
    """

    def __init__(self, story: Story, place: Place, memory: Memory | None = None) -> None:
        """Take a story, a place laid on it, and the memory of the revision."""
        super().__init__(story, place)
        self._memory = Memory(story) if memory is None else memory
        self._whos: dict[int, KnownWho | None] = {}

    def who(self, person: int) -> KnownWho | None:
        """The one person that someone is as far as is known, under the name so far."""
        if person not in self._whos:
            root = self.root(person)
            name = self._name(root)
            known = None if name is None else KnownWho(self._story.people[root].key, name)
            self._whos[person] = known
        return self._whos[person]

    def person_at(self, key: str) -> int | None:
        """The known person with a key, as the one they turned out to be; None for any other key."""
        person = self._story.index.person_at.get(key)
        return None if person is None or self.who(person) is None else self.root(person)

    def link(self, scene: int) -> KnownLink | None:
        """A shown scene as a link; None when it is veiled or ahead."""
        told = self.told(scene)
        if told is None:
            return None
        entry = self._story.scenes[scene]
        return KnownLink(entry.key, self._number(scene), entry.tellings[told].title)

    def scene(self, scene: int) -> KnownScene:
        """One scene that the place covers."""
        told = self.told(scene)
        naming = self._naming(scene, told)
        asks = self._place.warned
        opened = scene in self._place.opened
        numbered = scene < self._place.reached
        memo = (scene, told, opened, numbered, asks, naming)
        known = self._memory.scenes.get(memo)
        return self._memory.scenes.keep(memo, self._scene(scene, told)) if known is None else known

    def _scene(self, scene: int, told: int | None) -> KnownScene:
        entry = self._story.scenes[scene]
        if told is None:
            state = State.VEILED
        else:
            state = State.OPEN if told == len(entry.tellings) - 1 else State.PARTLY
        asks = self._place.warned and state is not State.OPEN
        return KnownScene(
            key=entry.key,
            number=self._number(scene),
            state=state,
            level=self._story.levels[entry.level].name,
            telling=None if told is None else self._telling(scene, told),
            opened=scene in self._place.opened,
            warnings=entry.full.warnings if asks else (),
        )

    def _telling(self, scene: int, told: int) -> KnownTelling:
        telling = self._story.scenes[scene].tellings[told]
        return KnownTelling(
            title=telling.title,
            text=self._prose(telling.text),
            people=self._listed(telling.people),
            place=telling.place,
            time=telling.time,
            warnings=telling.warnings,
            sources=once(filter(None, map(self._source, telling.sources))),
        )

    def _naming(self, scene: int, told: int | None) -> Hashable:
        """What a scene depends on beside its state: who is called what, which sources are known."""
        if told is None:
            return ()
        telling = self._story.scenes[scene].tellings[told]
        cast = chain(telling.people, (mention.person for mention in telling.text.mentions))
        return (
            tuple(self.who(person) for person in cast),
            tuple(self.holds(self._story.sources[n].condition) for n in telling.sources),
        )

    def _listed(self, people: Iterable[int]) -> tuple[KnownWho, ...]:
        return tuple(dict.fromkeys(filter(None, map(self.who, people))))

    def _part_at(self, scene: int) -> Part | None:
        """The last known part that starts at a scene or before it."""
        parts = self._story.parts
        at = bisect_right(parts, scene, key=lambda part: part.scene)
        while at and not self.holds(parts[at - 1].condition):
            at -= 1
        return parts[at - 1] if at else None

    def _part(self, part: Part) -> KnownPart:
        summary = part.summary
        known = summary is not None and self.holds(summary.condition)
        text = self._prose(summary.text) if summary is not None and known else None
        return KnownPart(part.title, self._story.scenes[part.scene].key, text)

    def _source(self, source: int) -> KnownSource | None:
        entry = self._story.sources[source]
        if not self.holds(entry.condition):
            return None
        return KnownSource(entry.title, entry.publisher, entry.url, entry.date)

    def _of(self, source: int | None) -> KnownSource | None:
        return None if source is None else self._source(source)

    def _since(self, condition: Condition) -> KnownLink | None:
        return None if condition.scene is None else self.link(condition.scene)

    def _prose(self, prose: Prose) -> KnownProse:
        html = tuple(
            self._mention(piece) if isinstance(piece, Mention) else piece for piece in prose.html
        )
        markdown = "".join(
            escaped(self._mention(piece).words) if isinstance(piece, Mention) else piece
            for piece in prose.markdown
        )
        return KnownProse(html, markdown)

    def _mention(self, mention: Mention) -> KnownMention:
        who = self.who(mention.person)
        if who is None:
            return KnownMention(mention.words or someone(self._story.language), None)
        return KnownMention(mention.words or who.name, who.key)


def once(entries: Iterable[Any]) -> tuple[Any, ...]:
    """Give the entries without those that were there before."""
    return tuple(dict.fromkeys(entries))
