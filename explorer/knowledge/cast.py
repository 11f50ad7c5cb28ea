"""The people as far as they are known: in which order, what of each, and how they are related."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterable, Iterator
from functools import cached_property
from itertools import chain, islice
from typing import TypeVar

from explorer.knowledge.known import (
    KnownCredit,
    KnownEnded,
    KnownFact,
    KnownLink,
    KnownNamesake,
    KnownPerson,
    KnownProse,
    KnownRelation,
    KnownWho,
)
from explorer.knowledge.known_glimpse import KnownGlimpse
from explorer.knowledge.narrator import Narrator, once
from explorer.knowledge.presence import Presence
from explorer.knowledge.work import credits_of
from explorer.story.model import Fact, Name, Relation

_Entry = TypeVar("_Entry", Fact, Relation)


class Cast:
    """What one reader knows of the people of a story."""

    def __init__(self, narrator: Narrator, presence: Presence) -> None:
        """Take who puts into words what is known, and where people are shown."""
        self._narrator = narrator
        self._presence = presence
        self._rule = narrator.rule
        self._story = narrator.rule.story

    def people(self) -> tuple[KnownWho, ...]:
        """Everyone who is known, by the first shown scene that lists them, the rest by name."""
        return tuple(who for who, _ in self._met)

    @cached_property
    def _met(self) -> list[tuple[KnownWho, int | None]]:
        """Everyone who is known in their order, each with the first shown scene that lists them."""
        ones = {self._rule.root(person) for person in range(len(self._story.people))}
        ordered = []
        for one in ones:
            who = self._narrator.who(one)
            if who is not None:
                first = self._presence.first_listing(one)
                ordered.append(((first is None, first or (), who.name.casefold(), who.key), who))
        ordered.sort(key=lambda entry: entry[0])
        return [(who, first[0] if first else None) for (_, first, *_), who in ordered]

    @cached_property
    def _credits(self) -> tuple[KnownCredit, ...]:
        return credits_of(self._narrator)

    def namesakes(self) -> tuple[KnownNamesake, ...]:
        """Those who have their name in common with others, in their order: how they are parted."""
        names = Counter(who.name for who, _ in self._met)
        starts = Counter((who.name, scene) for who, scene in self._met)
        return tuple(
            KnownNamesake(
                who=who,
                scene=None if scene is None else self._narrator.link(scene),
                place=None if scene is not None and starts[who.name, scene] == 1 else place,
            )
            for place, (who, scene) in enumerate(self._met, 1)
            if names[who.name] > 1
        )

    def person(self, person: int, most: int | None = None) -> KnownPerson:
        """All that is known of a known person; `most` bounds the scenes (see `Knowledge`)."""
        who = self._narrator.who(person)
        if who is None:
            raise LookupError("nobody may ask for a person who is not known")
        ones, holds, lasts = self._rule.members(person), self._rule.holds, self._rule.lasts
        members = [self._story.people[one] for one in ones]
        names = [n.name for entry in members for n in entry.names if holds(n.condition)]
        shown = {name for one in ones for name in self._rule.first_places.names_shown(one)}
        scenes, scenes_before = self._scenes(person, most)
        return KnownPerson(
            who=who,
            earlier=once(name for name in names if name != who.name and name in shown),
            also=self._spellings(chain.from_iterable(entry.also for entry in members), names),
            played_by=once(c for c in self._credits if c.person == who),
            facts=self._facts(fact for entry in members for fact in entry.facts if lasts(fact)),
            relations=self.relations(ones),
            scenes=scenes,
            scenes_before=scenes_before,
        )

    def glimpses(self) -> Iterator[KnownGlimpse]:
        """Everyone who is known in their order, at a glance."""
        for who in self.people():
            one = self._narrator.person_at(who.key)
            if one is not None:
                yield KnownGlimpse(who, self._glimpse(one))

    def _glimpse(self, person: int) -> tuple[KnownProse, ...]:
        """The first and the newest of the texts of facts, of which no others are made."""
        people, prose = self._story.people, self._narrator.prose
        facts = (fact for one in self._rule.members(person) for fact in people[one].facts)
        texts = [fact.text for fact in _by_scene_told(filter(self._rule.lasts, facts))]
        if len({text.frame for text in texts}) < len(texts):
            # Two of them may read the same now that it is known who is who.
            known = once(map(prose, texts))
            return known if len(known) < 2 else (known[0], known[-1])
        return tuple(map(prose, texts if len(texts) < 2 else (texts[0], texts[-1])))

    def _scenes(self, person: int, most: int | None) -> tuple[tuple[KnownLink, ...], bool]:
        """The last shown scenes that list someone, as told, and whether there are more."""
        if most == 0:
            return (), True
        links = filter(None, map(self._narrator.link, self._presence.latest_of(person)))
        latest = tuple(islice(links, most))
        return latest[::-1], next(links, None) is not None

    def _spellings(self, spellings: Iterable[Name], names: list[str]) -> tuple[str, ...]:
        known = (also.name for also in spellings if self._rule.holds(also.condition))
        return once(name for name in known if name not in names)

    def _facts(self, facts: Iterable[Fact]) -> tuple[KnownFact, ...]:
        """Give facts in their order, those of the same words once."""
        known: dict[KnownProse, KnownFact] = {}
        for fact in _by_scene_told(facts):
            text = self._narrator.prose(fact.text)
            since = self._narrator.since(fact.condition)
            known.setdefault(text, KnownFact(text, since, self._narrator.source(fact.source)))
        return tuple(known.values())

    def relations(self, people: Iterable[int] | None = None) -> tuple[KnownRelation, ...]:
        """How these people, or all, are known to stand to others."""
        return self._relations(filter(self._rule.lasts, self._tying(people)))

    def _tying(self, people: Iterable[int] | None) -> Iterator[Relation]:
        """Those that have an end in these people, or all, in the author's order."""
        relations, tying = self._story.relations, self._story.index.tying
        if people is None:
            return iter(relations)
        return (relations[n] for n in sorted({n for one in people for n in tying[one]}))

    def _relations(self, relations: Iterable[Relation]) -> tuple[KnownRelation, ...]:
        """Give relations of people who are known and are two, those of the same words once."""
        known: dict[Hashable, KnownRelation] = {}
        for relation in _by_scene_told(relations):
            origin = self._narrator.who(relation.origin)
            target = self._narrator.who(relation.target)
            if origin is None or target is None or origin.key == target.key:
                continue
            since = self._narrator.since(relation.condition)
            made = KnownRelation(origin, target, relation.text, since)
            known.setdefault(_words(made), made)
        return tuple(known.values())

    def no_longer(self) -> tuple[KnownEnded, ...]:
        """What held and holds no longer, of each of whom there is any, in their order."""
        ones = (self._narrator.person_at(who.key) for who in self.people())
        ended = (self.ended(one) for one in ones if one is not None)
        return tuple(one for one in ended if one.facts or one.relations)

    def ended(self, person: int) -> KnownEnded:
        """What held of a known person and holds no longer, unless the same words hold anyway."""
        known, ones, ended = self.person(person, 0), self._rule.members(person), self._rule.ended
        facts = self._facts(
            fact for one in ones for fact in self._story.people[one].facts if ended(fact)
        )
        relations = self._relations(filter(ended, self._tying(ones)))
        holding = {fact.text for fact in known.facts}
        tying = set(map(_words, known.relations))
        return KnownEnded(
            who=known.who,
            facts=tuple(fact for fact in facts if fact.text not in holding),
            relations=tuple(tie for tie in relations if _words(tie) not in tying),
        )


def _words(relation: KnownRelation) -> Hashable:
    return relation.origin.key, relation.target.key, relation.text


def _by_scene_told(entries: Iterable[_Entry]) -> list[_Entry]:
    """Sort them: without a scene first, then as told, then as the author does."""
    return sorted(entries, key=lambda e: -1 if e.condition.scene is None else e.condition.scene)
