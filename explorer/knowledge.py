"""The one decider: from a story and a place in it to what is known, and nothing else.

Everything that a reader can get is made from the answers in here (`contract`, section 2). The
questions are narrow: none but `whole` walks the story.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Hashable, Iterable, MutableMapping, Sequence
from itertools import chain
from typing import Any, TypeVar, cast

from explorer.bookmark import Place
from explorer.known import (
    KnownChapter,
    KnownCredit,
    KnownDetail,
    KnownFact,
    KnownGate,
    KnownLevel,
    KnownLink,
    KnownMention,
    KnownParagraph,
    KnownPart,
    KnownPerson,
    KnownProse,
    KnownRelation,
    KnownRow,
    KnownScene,
    KnownSource,
    KnownStanding,
    KnownStory,
    KnownTelling,
    KnownTitle,
    KnownWho,
    KnownWork,
    State,
)
from explorer.prose import Mention, Prose, escaped
from explorer.story import Condition, Fact, Name, Part, Relation, Story, Time
from explorer.words import someone

Memory = MutableMapping[Hashable, KnownScene]

# A scene has few forms; this keeps hostile bookmarks from filling the memory of a huge story.
MOST_REMEMBERED = 20_000
MOST_ANSWERS = 200

_Entry = TypeVar("_Entry", Fact, Relation)
_Answer = TypeVar("_Answer")


class Knowledge:
    """What one place lets its reader know of one story.

    An answer once made is remembered, so requests of readers at the same place may share one of
    these; `memory` may be shared by all places of a revision and holds scenes that were made
    before, under everything they depend on.
    """

    def __init__(self, story: Story, place: Place, memory: Memory | None = None) -> None:
        """Take a story and a place laid on it."""
        self._story = story
        self._place = place
        self._memory: Memory = {} if memory is None else memory
        self._whos: dict[int, KnownWho | None] = {}
        self._roots: dict[int, int] = {}
        self._answers: dict[Hashable, Any] = {}
        self._everything_seen = place.seen == len(story.scenes) and not place.held

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

    # --- scenes --------------------------------------------------------------------------------

    def told(self, scene: int) -> int | None:
        """Which of a scene's tellings is shown; None when it is veiled or ahead."""
        place, tellings = self._place, self._story.scenes[scene].tellings
        if scene in place.opened:
            return len(tellings) - 1
        if scene >= place.reached or scene in place.held:
            return None
        if scene < place.seen:
            return len(tellings) - 1
        for n in range(len(tellings) - 1, -1, -1):
            if tellings[n].level <= place.threshold:
                return n
        return None

    def covers(self, scene: int) -> bool:
        """Whether the place has reached or opened a scene, so that its id is a known one."""
        return scene < self._place.reached or scene in self._place.opened

    def position(self, key: str) -> int | None:
        """The position of a scene that the place covers; None for any other key."""
        scene = self._story.index.scene_at.get(key)
        return scene if scene is not None and self.covers(scene) else None

    def scene(self, scene: int) -> KnownScene:
        """One scene that the place covers."""
        told = self.told(scene)
        naming = self._naming(scene, told)
        asks = self._place.warned
        opened = scene in self._place.opened
        numbered = scene < self._place.reached
        memo = (scene, told, opened, numbered, asks, naming)
        known = self._memory.get(memo)
        if known is None:
            if len(self._memory) >= MOST_REMEMBERED:
                self._memory.clear()
            known = self._memory[memo] = self._scene(scene, told)
        return known

    def window(self, scenes: Sequence[int]) -> tuple[KnownRow, ...]:
        """Scenes in the order given, each with its part where that is another one than before."""
        key = scenes if isinstance(scenes, range) else tuple(scenes)
        return self.remembered(("window", key), lambda: self._window(scenes))

    def _window(self, scenes: Iterable[int]) -> tuple[KnownRow, ...]:
        rows = []
        last = None
        for scene in scenes:
            part = self._part_of(scene)
            rows.append(KnownRow(None if part == last else part, self.scene(scene)))
            last = part
        return tuple(rows)

    def ahead(self) -> tuple[KnownScene, ...]:
        """The scenes that were opened ahead of the last one reached."""
        return tuple(self.scene(scene) for scene in self._opened_ahead())

    def gate(self, scene: int) -> KnownGate:
        """What someone who names a scene that is not covered learns of it."""
        entry = self._story.scenes[scene]
        return KnownGate(entry.key, self._story.levels[entry.level].name)

    def link(self, scene: int) -> KnownLink | None:
        """A shown scene as a link; None when it is veiled or ahead."""
        told = self.told(scene)
        if told is None:
            return None
        entry = self._story.scenes[scene]
        return KnownLink(entry.key, self._number(scene), entry.tellings[told].title)

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
            sources=tuple(filter(None, map(self._source, telling.sources))),
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

    def _number(self, scene: int) -> int | None:
        return scene + 1 if scene < self._place.reached else None

    def _opened_ahead(self) -> list[int]:
        return sorted(scene for scene in self._place.opened if scene >= self._place.reached)

    # --- conditions ----------------------------------------------------------------------------

    def holds(self, condition: Condition) -> bool:
        """Whether what carries a condition is known."""
        if condition.scene is None:
            level = condition.level
            return level is None or self._place.threshold >= level or self._everything_seen
        told = self.told(condition.scene)
        if told is None:
            return False
        shown = self._story.scenes[condition.scene].tellings[told].level
        return condition.level is None or shown >= condition.level

    # --- people --------------------------------------------------------------------------------

    def who(self, person: int) -> KnownWho | None:
        """The one person that someone is as far as is known, under the name so far."""
        if person not in self._whos:
            root = self.root(person)
            name = self._name(root)
            known = None if name is None else KnownWho(self._story.people[root].key, name)
            self._whos[person] = known
        return self._whos[person]

    def root(self, person: int) -> int:
        """The person whom someone is known to be: themselves, or the one they turned out to be."""
        if person not in self._roots:
            at = person
            identity = self._story.people[at].identity
            while (
                identity is not None
                and self.holds(identity.condition)
                and self._name(identity.person) is not None
            ):
                at = identity.person
                identity = self._story.people[at].identity
            self._roots[person] = at
        return self._roots[person]

    def person_at(self, key: str) -> int | None:
        """The known person with a key, as the one they turned out to be; None for any other key."""
        person = self._story.index.person_at.get(key)
        return None if person is None or self.who(person) is None else self.root(person)

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

    def person(self, person: int) -> KnownPerson:
        """All that is known of a known person, given as the one they turned out to be."""
        who = self.who(person)
        if who is None:
            raise LookupError("nobody may ask for a person who is not known")
        members = [self._story.people[member] for member in self._members(person)]
        names = [n.name for entry in members for n in entry.names if self.holds(n.condition)]
        return KnownPerson(
            who=who,
            earlier=_once(name for name in names if name != who.name),
            also=self._spellings(chain.from_iterable(entry.also for entry in members), names),
            played_by=tuple(c for c in self._credits() if c.person == who),
            facts=self._facts(chain.from_iterable(entry.facts for entry in members)),
            relations=self._relations(self._members(person)),
            scenes=tuple(filter(None, map(self.link, self.scenes_of(person)))),
        )

    def scenes_of(self, person: int) -> list[int]:
        """The shown scenes that list a person, as told."""
        listings = (self._story.index.listed[member] for member in self._members(person))
        return sorted(
            {
                listing.scene
                for listing in chain.from_iterable(listings)
                if self.told(listing.scene) == listing.telling
            }
        )

    def _name(self, person: int) -> str | None:
        names = reversed(self._story.people[person].names)
        return next((name.name for name in names if self.holds(name.condition)), None)

    def _members(self, person: int) -> list[int]:
        """A person and all who turned out to be the same one, the person first."""
        members, queue = [person], [person]
        while queue:
            for other in self._story.index.merging[queue.pop(0)]:
                if self.root(other) == person and other not in members:
                    members.append(other)
                    queue.append(other)
        return members

    def _listed(self, people: Iterable[int]) -> tuple[KnownWho, ...]:
        return tuple(dict.fromkeys(filter(None, map(self.who, people))))

    def _first_listing(self, person: int) -> tuple[int, int] | None:
        firsts = []
        for member in self._members(person):
            for listing in self._story.index.listed[member]:
                if self.told(listing.scene) == listing.telling:
                    firsts.append((listing.scene, listing.place))
                    break
                if listing.scene >= self._place.reached and not self._place.opened:
                    break
        return min(firsts, default=None)

    def _spellings(self, spellings: Iterable[Name], names: list[str]) -> tuple[str, ...]:
        known = (also.name for also in spellings if self.holds(also.condition))
        return _once(name for name in known if name not in names)

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

    def _since(self, condition: Condition) -> KnownLink | None:
        return None if condition.scene is None else self.link(condition.scene)

    # --- the work and the reader's standing ----------------------------------------------------

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
            details=_once(
                KnownDetail(detail.label, detail.text)
                for detail in story.details
                if self.holds(detail.condition)
            ),
            credits=_once(self._credits()),
            about=_once(
                KnownParagraph(self._prose(paragraph.text), self._of(paragraph.source))
                for paragraph in story.about
                if self.holds(paragraph.condition)
            ),
            sources=tuple(filter(None, map(self._source, range(len(story.sources))))),
        )

    def parts(self) -> tuple[KnownPart, ...]:
        """The parts that are known, as told."""
        return tuple(self._part(part) for part in self._story.parts if self.holds(part.condition))

    def previously(self) -> tuple[KnownChapter, ...]:
        """The story so far in short, part by part."""
        return self.remembered("previously", self._previously)

    def _previously(self) -> tuple[KnownChapter, ...]:
        chapters: dict[KnownPart | None, list[KnownLink]] = {}
        for scene in range(self._place.reached):
            links = chapters.setdefault(self._part_of(scene), [])
            link = self.link(scene)
            if link is not None:
                links.append(link)
        return tuple(
            KnownChapter(part, () if part is not None and part.summary else tuple(links))
            for part, links in chapters.items()
            if links
        )

    def times(self) -> tuple[Time, ...]:
        """The times that shown tellings have, beside the present."""
        return tuple(
            time
            for time, spots in self._story.index.timed.items()
            if any(self.told(scene) == telling for scene, telling in spots)
        )

    # --- scenes under a view -------------------------------------------------------------------

    def shown(self) -> list[int]:
        """All scenes reached of which something is told, as told."""
        return [scene for scene in range(self._place.reached) if self.told(scene) is not None]

    def time_of(self, scene: int) -> Time | None:
        """The time of the telling that is shown."""
        told = self.told(scene)
        return None if told is None else self._story.scenes[scene].tellings[told].time

    def happened(self, scenes: Iterable[int]) -> list[int]:
        """Shown scenes in story order; others are left out."""
        ranks = {}
        for scene in scenes:
            told = self.told(scene)
            if told is not None:
                ranks[scene] = self._story.index.happened[scene][told]
        return sorted(ranks, key=lambda scene: ranks[scene])

    def whole(self) -> KnownStory:
        """The whole of what is known, made of the narrow answers."""
        ahead = self._opened_ahead()
        keys = (self._story.scenes[i].key for i in self.happened([*self.shown(), *ahead]))
        ones = (self.person_at(who.key) for who in self.people())
        return KnownStory(
            title=self.title(),
            standing=self.standing(),
            work=self.work(),
            rows=self.window(range(self._place.reached)),
            ahead=self.ahead(),
            people=tuple(self.person(one) for one in ones if one is not None),
            relations=self._relations(),
            happened=tuple(keys),
            parts=self.parts(),
        )

    # --- small parts ---------------------------------------------------------------------------

    def _levels(self) -> tuple[KnownLevel, ...]:
        levels = enumerate(self._story.levels)
        return tuple(KnownLevel(n, level.name, level.note) for n, level in levels)

    def _part_of(self, scene: int) -> KnownPart | None:
        """The last known part that starts at a scene or before it."""
        parts = self._story.parts
        at = bisect_right(parts, scene, key=lambda part: part.scene)
        while at and not self.holds(parts[at - 1].condition):
            at -= 1
        return self._part(parts[at - 1]) if at else None

    def _part(self, part: Part) -> KnownPart:
        summary = part.summary
        known = summary is not None and self.holds(summary.condition)
        text = self._prose(summary.text) if summary is not None and known else None
        return KnownPart(part.title, self._story.scenes[part.scene].key, text)

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

    def _source(self, source: int) -> KnownSource | None:
        entry = self._story.sources[source]
        if not self.holds(entry.condition):
            return None
        return KnownSource(entry.title, entry.publisher, entry.url, entry.date)

    def _of(self, source: int | None) -> KnownSource | None:
        return None if source is None else self._source(source)

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


def _once(entries: Iterable[Any]) -> tuple[Any, ...]:
    """The entries without those that were there before."""
    return tuple(dict.fromkeys(entries))
