"""Answers questions about what a reader may know: of the story, its people, the work, the reader.

The questions are narrow: none but `whole` and `concordance` walk the story. What may be
known is decided in `rule`, which is asked here as well as by `narrator` and `word_index`.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Sequence
from typing import Any, TypeVar, cast

from explorer.knowledge.bookmark import Position
from explorer.knowledge.cast import Cast
from explorer.knowledge.known import (
    KnownGate,
    KnownNamesake,
    KnownPart,
    KnownPerson,
    KnownRecap,
    KnownRow,
    KnownScene,
    KnownStanding,
    KnownStory,
    KnownTitle,
    KnownWho,
    KnownWork,
)
from explorer.knowledge.known_words import KnownWords
from explorer.knowledge.narrator import Narrator
from explorer.knowledge.presence import Presence
from explorer.knowledge.recap import recap
from explorer.knowledge.revision_cache import RevisionCache
from explorer.knowledge.rule import Rule
from explorer.knowledge.word_index import Spoken, WordIndex
from explorer.knowledge.work import levels, title, work
from explorer.story.model import Story
from explorer.story.terms import Time

MOST_ANSWERS = 200

_Answer = TypeVar("_Answer")


class Knowledge:
    """What one place lets its reader know of one story.

    `rule` decides, `narrator` makes single scenes and names of that, `presence` says where people
    are shown, `cast` what is known of them and `words` where words stand; what is asked of more
    than one of them is answered here. An answer once made is remembered, so requests of readers at
    the same place may share one of these.
    """

    def __init__(self, rule: Rule, narrator: Narrator, words: WordIndex) -> None:
        """Take the rule for a place, and those who make something of its answers."""
        self.rule = rule
        self.narrator = narrator
        self.words = words
        self._story = rule.story
        self.presence = Presence(rule)
        self.cast = Cast(narrator, self.presence)
        self._answers: dict[Hashable, Any] = {}

    @classmethod
    def of(cls, story: Story, position: Position, cache: RevisionCache | None = None) -> Knowledge:
        """Give what may be known at a place; `cache` is shared by all places of the revision."""
        rule = Rule(story, position)
        narrator = Narrator(rule, cache)
        return cls(rule, narrator, WordIndex(narrator))

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
            part = self.narrator.part_at(scene)
            known = None if part is None or part is last else self.narrator.part(part)
            rows.append(KnownRow(known, self.narrator.scene(scene)))
            last = part
        return tuple(rows)

    def ahead(self) -> tuple[KnownScene, ...]:
        """The scenes that were opened ahead of the last one reached."""
        return tuple(self.narrator.scene(scene) for scene in self.rule.opened_ahead())

    def gate(self, scene: int) -> KnownGate:
        """What someone who names a scene that is not covered learns of it."""
        entry = self._story.scenes[scene]
        return KnownGate(entry.key, self._story.levels[entry.level].name)

    def people(self) -> tuple[KnownWho, ...]:
        """Everyone who is known, by the first shown scene that lists them, the rest by name."""
        return self.remembered("people", self.cast.people)

    def namesakes(self) -> tuple[KnownNamesake, ...]:
        """Those who have their name in common with others, in their order: how they are parted."""
        return self.remembered("namesakes", self.cast.namesakes)

    def person(self, person: int, most: int | None = None) -> KnownPerson:
        """All that is known of a known person, given as the one they turned out to be.

        Of the scenes that list them no more than `most` are given; with 0 none are looked for.
        """
        return self.cast.person(person, most)

    def title(self) -> KnownTitle:
        """What every bookmark knows."""
        return self.remembered("title", lambda: title(self._story))

    def standing(self) -> KnownStanding:
        """Where the reader stands."""
        return self.remembered("standing", self._standing)

    def _standing(self) -> KnownStanding:
        position, scenes = self.rule.position, self._story.scenes
        return KnownStanding(
            threshold=levels(self._story)[position.threshold],
            number=position.reached,
            reached=scenes[position.reached - 1].key if position.reached else None,
            before=scenes[position.reached - 2].key if position.reached > 1 else None,
            seen_number=position.seen,
            seen=scenes[position.seen - 1].key if position.seen else None,
            ended=position.reached == len(scenes),
            complete=self._story.complete,
            warned=position.warned,
            everything_seen=self.rule.everything_seen,
        )

    def work(self) -> KnownWork:
        """What is known about the work itself."""
        return work(self.narrator)

    def parts(self) -> tuple[KnownPart, ...]:
        """The parts that are known, as told."""
        known = (part for part in self._story.parts if self.rule.holds(part.condition))
        return tuple(map(self.narrator.part, known))

    def previously(self) -> KnownRecap:
        """The story so far in short, part by part: the last of it, to be read in a minute."""
        return self.remembered("previously", lambda: recap(self.narrator))

    def times(self) -> tuple[Time, ...]:
        """The times that shown tellings have, beside the present."""
        return tuple(
            time
            for time, spots in self._story.index.timed.items()
            if any(self.rule.told(scene) == telling for scene, telling in spots)
        )

    def concordance(self, spoken: Spoken) -> tuple[KnownWords, ...]:
        """Which words stand where in what was reached, as told: a few long stretches of it.

        `spoken` gives the words of a scene, and is the same each time.
        """
        return self.remembered("concordance", lambda: self.words.concordance(spoken))

    def everyone(self, most: int | None = None) -> tuple[KnownPerson, ...]:
        """All that is known of each person, in their order; `most` is as for one of them."""
        ones = (self.narrator.person_at(who.key) for who in self.people())
        return tuple(self.person(one, most) for one in ones if one is not None)

    def whole(self) -> KnownStory:
        """The whole of what is known, made of the narrow answers."""
        ahead = self.rule.opened_ahead()
        keys = (self._story.scenes[i].key for i in self.rule.happened([*self.rule.shown(), *ahead]))
        return KnownStory(
            title=self.title(),
            standing=self.standing(),
            work=self.work(),
            rows=self.window(range(self.rule.position.reached)),
            ahead=self.ahead(),
            people=self.everyone(),
            relations=self.cast.relations(),
            happened=tuple(keys),
            parts=self.parts(),
            no_longer=self.cast.no_longer(),
            namesakes=self.namesakes(),
        )
