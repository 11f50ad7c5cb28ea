"""Puts into words what the rule lets a reader know: scenes, texts and names as known values."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Hashable, Iterable
from itertools import chain
from typing import Any

from explorer.knowledge.known import (
    KnownLink,
    KnownMention,
    KnownPart,
    KnownProse,
    KnownScene,
    KnownSource,
    KnownTelling,
    KnownWho,
)
from explorer.knowledge.revision_cache import RevisionCache
from explorer.knowledge.rule import Rule
from explorer.knowledge.veil import sent
from explorer.story.model import Condition, Part
from explorer.story.phrases import someone
from explorer.story.prose import Mention, Prose, escaped


class Narrator:
    """Makes scenes, texts and names of what the rule lets one reader know.

    `cache` may be shared by all places of a revision; it holds scenes that were made before,
    under everything they depend on.
    """

    def __init__(self, rule: Rule, cache: RevisionCache | None = None) -> None:
        """Take the rule for a place, and the cache of the revision."""
        self.rule = rule
        self.cache = RevisionCache(rule.story) if cache is None else cache
        self._story = rule.story
        self._whos: dict[int, KnownWho | None] = {}
        self._mentions: dict[Mention, KnownMention] = {}

    def who(self, person: int) -> KnownWho | None:
        """The one person that someone is as far as is known, under the name so far."""
        if person not in self._whos:
            root = self.rule.root(person)
            name = self.rule.name(root)
            known = None if name is None else KnownWho(self._story.people[root].key, name)
            self._whos[person] = known
        return self._whos[person]

    def person_at(self, key: str) -> int | None:
        """The known person with a key, as the one they turned out to be; None for any other key."""
        person = self._story.index.person_at.get(key)
        return None if person is None or self.who(person) is None else self.rule.root(person)

    def link(self, scene: int) -> KnownLink | None:
        """A shown scene as a link; None when it is veiled or ahead."""
        told = self.rule.told(scene)
        if told is None:
            return None
        entry = self._story.scenes[scene]
        return KnownLink(entry.key, self.rule.number(scene), entry.tellings[told].title)

    def scene(self, scene: int) -> KnownScene:
        """One scene that the place covers."""
        told = self.rule.told(scene)
        naming = self._naming(scene, told)
        asks = self.rule.position.warned
        opened = scene in self.rule.position.opened
        numbered = scene < self.rule.position.reached
        memo = (scene, told, opened, numbered, asks, naming)
        known = self.cache.scenes.get(memo)
        return self.cache.scenes.keep(memo, self._scene(scene, told)) if known is None else known

    def _scene(self, scene: int, told: int | None) -> KnownScene:
        return sent(self.rule, scene, None if told is None else self._telling(scene, told))

    def _telling(self, scene: int, told: int) -> KnownTelling:
        telling = self._story.scenes[scene].tellings[told]
        return KnownTelling(
            title=telling.title,
            text=self.prose(telling.text),
            people=self._listed(telling.people),
            place=telling.place,
            time=telling.time,
            warnings=telling.warnings,
            sources=once(filter(None, map(self.source, telling.sources))),
        )

    def _naming(self, scene: int, told: int | None) -> Hashable:
        """What a scene depends on beside its state: who is called what, which sources are known."""
        if told is None:
            return ()
        telling = self._story.scenes[scene].tellings[told]
        cast = chain(telling.people, (mention.person for mention in telling.text.mentions))
        return (
            tuple(self.who(person) for person in cast),
            tuple(self.rule.holds(self._story.sources[n].condition) for n in telling.sources),
        )

    def _listed(self, people: Iterable[int]) -> tuple[KnownWho, ...]:
        return tuple(dict.fromkeys(filter(None, map(self.who, people))))

    def part_at(self, scene: int) -> Part | None:
        """The last known part that starts at a scene or before it."""
        parts = self._story.parts
        at = bisect_right(parts, scene, key=lambda part: part.scene)
        while at and not self.rule.holds(parts[at - 1].condition):
            at -= 1
        return parts[at - 1] if at else None

    def part(self, part: Part) -> KnownPart:
        """A known part, with the last known wording of its summary."""
        wordings = (s.text for s in reversed(part.summaries) if self.rule.holds(s.condition))
        summary = next(wordings, None)
        text = None if summary is None else self.prose(summary)
        return KnownPart(part.title, self._story.scenes[part.scene].key, text)

    def source(self, source: int | None) -> KnownSource | None:
        """Where something was taken from; None when it says nothing, or that is not known."""
        if source is None:
            return None
        entry = self._story.sources[source]
        if not self.rule.holds(entry.condition):
            return None
        return KnownSource(entry.title, entry.publisher, entry.url, entry.date)

    def since(self, condition: Condition) -> KnownLink | None:
        """The scene from which on something is known, where it is one."""
        return None if condition.scene is None else self.link(condition.scene)

    def prose(self, prose: Prose) -> KnownProse:
        """A text, those it mentions under the names they have so far."""
        html = tuple(
            self._mention(piece) if isinstance(piece, Mention) else piece for piece in prose.html
        )
        markdown = "".join(
            escaped(self._mention(piece).words) if isinstance(piece, Mention) else piece
            for piece in prose.markdown
        )
        return KnownProse(html, markdown)

    def _mention(self, mention: Mention) -> KnownMention:
        said = self._mentions.get(mention)
        if said is None:
            self._mentions[mention] = said = self._said(mention)
        return said

    def _said(self, mention: Mention) -> KnownMention:
        who = self.who(mention.person)
        if who is None:
            return KnownMention(mention.words or someone(self._story.language), None)
        return KnownMention(mention.words or who.name, who.key)


def once(entries: Iterable[Any]) -> tuple[Any, ...]:
    """Give the entries without those that were there before."""
    return tuple(dict.fromkeys(entries))
