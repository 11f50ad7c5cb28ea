"""Answers questions about what a reader may know: of the story, its people, the work, the reader.

The questions are narrow: none but `whole` and `concordance` walk the story. What may be
known is decided in `rule`.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Sequence
from itertools import chain, islice
from typing import Any, TypeVar, cast

from explorer.knowledge.bookmark import Place
from explorer.knowledge.known import (
    KnownChapter,
    KnownCredit,
    KnownDetail,
    KnownFact,
    KnownGate,
    KnownLevel,
    KnownLink,
    KnownParagraph,
    KnownPart,
    KnownPerson,
    KnownProse,
    KnownRecap,
    KnownRelation,
    KnownRow,
    KnownScene,
    KnownStanding,
    KnownStory,
    KnownTitle,
    KnownWho,
    KnownWords,
    KnownWork,
)
from explorer.knowledge.narrator import once
from explorer.knowledge.revision_cache import Memory
from explorer.knowledge.word_index import Concordance, Spoken
from explorer.story.model import Fact, Name, Part, Relation, Story, Time

MOST_ANSWERS = 200

# A story in short is read in a minute: so many parts, and so many titles of one without a summary.
MOST_CHAPTERS = 12
MOST_TITLES = 12

_Entry = TypeVar("_Entry", Fact, Relation)
_Answer = TypeVar("_Answer")


class Knowledge(Concordance):
    """What one place lets its reader know of one story.

    An answer once made is remembered, so requests of readers at the same place may share one of
    these.
    """

    def __init__(self, story: Story, place: Place, memory: Memory | None = None) -> None:
        """Take a story, a place laid on it, and the memory of the revision."""
        super().__init__(story, place, memory)
        self._answers: dict[Hashable, Any] = {}

    def remembered(self, question: Hashable, answer: Callable[[], _Answer]) -> _Answer:
        """Give the answer to a question about this place, making it the first time only."""
        # Looked up once only, since another thread may make room at any moment.
        known = self._answers.get(question)
        if known is None:
            known = answer()
            if len(self._answers) >= MOST_ANSWERS:
                self._answers.clear()
            self._answers[question] = known
        return cast(_Answer, known)

    def window(self, scenes: Sequence[int]) -> tuple[KnownRow, ...]:
        """Scenes in the order given, each with its part where that is another one than before."""
        key = scenes if isinstance(scenes, range) else tuple(scenes)
        return self.remembered(("window", key), lambda: self._window(scenes))

    def _window(self, scenes: Iterable[int]) -> tuple[KnownRow, ...]:
        rows = []
        last = None
        for scene in scenes:
            part = self._part_at(scene)
            known = None if part is None or part is last else self._part(part)
            rows.append(KnownRow(known, self.scene(scene)))
            last = part
        return tuple(rows)

    def ahead(self) -> tuple[KnownScene, ...]:
        """The scenes that were opened ahead of the last one reached."""
        return tuple(self.scene(scene) for scene in self._opened_ahead())

    def gate(self, scene: int) -> KnownGate:
        """What someone who names a scene that is not covered learns of it."""
        entry = self._story.scenes[scene]
        return KnownGate(entry.key, self._story.levels[entry.level].name)

    def people(self) -> tuple[KnownWho, ...]:
        """Everyone who is known, by the first shown scene that lists them, the rest by name."""
        return self.remembered("people", self._people)

    def _people(self) -> tuple[KnownWho, ...]:
        ones = {self.root(person) for person in range(len(self._story.people))}
        ordered = []
        for one in ones:
            who = self.who(one)
            if who is not None:
                first = self._first_listing(one)
                ordered.append(((first is None, first or (), who.name.casefold(), who.key), who))
        return tuple(who for _, who in sorted(ordered, key=lambda entry: entry[0]))

    def person(self, person: int, most: int | None = None) -> KnownPerson:
        """All that is known of a known person, given as the one they turned out to be.

        Of the scenes that list them no more than `most` are given; with 0 none are looked for.
        """
        who = self.who(person)
        if who is None:
            raise LookupError("nobody may ask for a person who is not known")
        members = [self._story.people[member] for member in self._members(person)]
        names = [n.name for entry in members for n in entry.names if self.holds(n.condition)]
        scenes, scenes_before = self._places(person, most)
        return KnownPerson(
            who=who,
            earlier=once(name for name in names if name != who.name),
            also=self._spellings(chain.from_iterable(entry.also for entry in members), names),
            played_by=once(c for c in self._credits() if c.person == who),
            facts=self._facts(chain.from_iterable(entry.facts for entry in members)),
            relations=self._relations(self._members(person)),
            scenes=scenes,
            scenes_before=scenes_before,
        )

    def _places(self, person: int, most: int | None) -> tuple[tuple[KnownLink, ...], bool]:
        """The last shown scenes that list someone, as told, and whether there are more."""
        if most == 0:
            return (), True
        links = filter(None, map(self.link, self.latest_of(person)))
        latest = tuple(islice(links, most))
        return latest[::-1], next(links, None) is not None

    def _spellings(self, spellings: Iterable[Name], names: list[str]) -> tuple[str, ...]:
        known = (also.name for also in spellings if self.holds(also.condition))
        return once(name for name in known if name not in names)

    def _facts(self, facts: Iterable[Fact]) -> tuple[KnownFact, ...]:
        known: dict[KnownProse, KnownFact] = {}
        for fact in self._in_order(facts):
            text = self._prose(fact.text)
            since = self._since(fact.condition)
            known.setdefault(text, KnownFact(text, since, self._of(fact.source)))
        return tuple(known.values())

    def _relations(self, people: Iterable[int] | None = None) -> tuple[KnownRelation, ...]:
        ones = None if people is None else set(people)
        mine = (
            relation
            for relation in self._story.relations
            if ones is None or relation.origin in ones or relation.target in ones
        )
        known: dict[Hashable, KnownRelation] = {}
        for relation in self._in_order(mine):
            origin, target = self.who(relation.origin), self.who(relation.target)
            if origin is None or target is None or origin.key == target.key:
                continue
            since = self._since(relation.condition)
            made = KnownRelation(origin, target, relation.text, since)
            known.setdefault((origin.key, target.key, relation.text), made)
        return tuple(known.values())

    def _in_order(self, entries: Iterable[_Entry]) -> list[_Entry]:
        """Those that are known: without a scene first, then as told, then as the author does."""
        known = [entry for entry in entries if self.holds(entry.condition)]
        return sorted(known, key=lambda e: -1 if e.condition.scene is None else e.condition.scene)

    def title(self) -> KnownTitle:
        """What every bookmark knows."""
        return self.remembered("title", self._title)

    def _title(self) -> KnownTitle:
        story = self._story
        return KnownTitle(
            story.id,
            story.title,
            story.medium,
            story.language,
            story.released,
            story.complete,
            story.revision,
            self._levels(),
        )

    def standing(self) -> KnownStanding:
        """Where the reader stands."""
        return self.remembered("standing", self._standing)

    def _standing(self) -> KnownStanding:
        place, scenes = self._place, self._story.scenes
        return KnownStanding(
            threshold=self._levels()[place.threshold],
            number=place.reached,
            reached=scenes[place.reached - 1].key if place.reached else None,
            before=scenes[place.reached - 2].key if place.reached > 1 else None,
            seen_number=place.seen,
            seen=scenes[place.seen - 1].key if place.seen else None,
            ended=place.reached == len(scenes),
            warned=place.warned,
            everything_seen=self._everything_seen,
        )

    def work(self) -> KnownWork:
        """What is known about the work itself."""
        story = self._story
        return KnownWork(
            premise=self._prose(story.premise),
            details=once(
                KnownDetail(detail.label, detail.text)
                for detail in story.details
                if self.holds(detail.condition)
            ),
            credits=once(self._credits()),
            about=self._about(),
            sources=once(filter(None, map(self._source, range(len(story.sources))))),
        )

    def _about(self) -> tuple[KnownParagraph, ...]:
        known: dict[KnownProse, KnownParagraph] = {}
        for paragraph in self._story.about:
            if self.holds(paragraph.condition):
                text = self._prose(paragraph.text)
                known.setdefault(text, KnownParagraph(text, self._of(paragraph.source)))
        return tuple(known.values())

    def parts(self) -> tuple[KnownPart, ...]:
        """The parts that are known, as told."""
        return tuple(self._part(part) for part in self._story.parts if self.holds(part.condition))

    def previously(self) -> KnownRecap:
        """The story so far in short, part by part: the last of it, to be read in a minute."""
        return self.remembered("previously", self._previously)

    def _previously(self) -> KnownRecap:
        chapters: list[KnownChapter] = []
        is_whole, end = True, self._place.reached
        while end and len(chapters) < MOST_CHAPTERS:
            part = self._part_at(end - 1)
            start = 0 if part is None else part.scene
            chapter, is_short = self._chapter(part, range(start, end))
            if chapter is not None:
                chapters.append(chapter)
            is_whole, end = is_whole and is_short, start
        return KnownRecap(tuple(reversed(chapters)), is_whole and not end)

    def _chapter(self, part: Part | None, scenes: range) -> tuple[KnownChapter | None, bool]:
        """A part in short, None when nothing is told of it; and whether all of it is in that."""
        known = None if part is None else self._part(part)
        if known is not None and known.summary is not None:
            told = any(self.told(scene) is not None for scene in scenes)
            return KnownChapter(known, ()) if told else None, True
        links = filter(None, map(self.link, reversed(scenes)))
        last = tuple(islice(links, MOST_TITLES))[::-1]
        return KnownChapter(known, last) if last else None, next(links, None) is None

    def times(self) -> tuple[Time, ...]:
        """The times that shown tellings have, beside the present."""
        return tuple(
            time
            for time, spots in self._story.index.timed.items()
            if any(self.told(scene) == telling for scene, telling in spots)
        )

    def concordance(self, spoken: Spoken) -> tuple[KnownWords, ...]:
        """Which words stand where in what was reached, as told: a few long stretches of it.

        `spoken` gives the words of a scene, and is the same each time.
        """
        return self.remembered("concordance", lambda: tuple(self._stretches(spoken)))

    def everyone(self, most: int | None = None) -> tuple[KnownPerson, ...]:
        """All that is known of each person, in their order; `most` is as for one of them."""
        ones = (self.person_at(who.key) for who in self.people())
        return tuple(self.person(one, most) for one in ones if one is not None)

    def whole(self) -> KnownStory:
        """The whole of what is known, made of the narrow answers."""
        ahead = self._opened_ahead()
        keys = (self._story.scenes[i].key for i in self.happened([*self.shown(), *ahead]))
        return KnownStory(
            title=self.title(),
            standing=self.standing(),
            work=self.work(),
            rows=self.window(range(self._place.reached)),
            ahead=self.ahead(),
            people=self.everyone(),
            relations=self._relations(),
            happened=tuple(keys),
            parts=self.parts(),
        )

    def _levels(self) -> tuple[KnownLevel, ...]:
        levels = enumerate(self._story.levels)
        return tuple(KnownLevel(n, level.name, level.note) for n, level in levels)

    def _credits(self) -> tuple[KnownCredit, ...]:
        return tuple(
            KnownCredit(
                credit.role,
                credit.name,
                None if credit.person is None else self.who(credit.person),
            )
            for credit in self._story.credits
            if self.holds(credit.condition)
        )
