"""Which words stand where in what is known, so that a search can pass by most of a long story."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator
from functools import cached_property

from explorer.knowledge.known import KnownPart
from explorer.knowledge.known_words import KnownStep, KnownWords
from explorer.knowledge.narrator import Narrator
from explorer.knowledge.scene_segments import Stretch

# The words of a scene and of the parts that begin with it.
Spoken = Callable[[KnownStep], Iterable[str]]

# A list takes as much as so many words besides, with what it stands under.
LIST_WORDS = 40


class WordIndex:
    """Which words stand in the stretches of what one reader knows.

    What is made of a stretch serves all readers to whom all in it is told alike, under everything
    that it depends on; nothing of it is made of what one of them does not know.
    """

    def __init__(self, narrator: Narrator) -> None:
        """Take who puts into words what is known."""
        self._narrator = narrator
        self._rule = narrator.rule
        self._cache = narrator.cache

    def steps(self, scenes: Iterable[int]) -> tuple[KnownStep, ...]:
        """Some scenes that the place covers, with the parts that begin there."""
        return tuple(
            KnownStep(self._beginning(scene), self._narrator.scene(scene)) for scene in scenes
        )

    def steps_ahead(self) -> tuple[KnownStep, ...]:
        """The scenes that were opened ahead of the last one reached, in the same way."""
        return self.steps(self._rule.opened_ahead())

    def _beginning(self, scene: int) -> tuple[KnownPart, ...]:
        parts = self._rule.story.index.parts_at.get(scene, ())
        known = (part for part in parts if self._rule.holds(part.condition))
        return tuple(map(self._narrator.part, known))

    def concordance(self, spoken: Spoken) -> tuple[KnownWords, ...]:
        """Which words stand where in what was reached, as told: a few long stretches of it."""
        return tuple(self._stretches(spoken, self._cache.stretches))

    def _stretches(self, spoken: Spoken, within: Iterable[Stretch]) -> Iterator[KnownWords]:
        for stretch in within:
            alike = self._rule.alike(stretch.start, stretch.end)
            if alike is not None:
                yield self._shared(stretch, alike, spoken)
            elif stretch.within:
                yield from self._stretches(spoken, stretch.within)
            elif stretch.start < self._rule.position.reached:
                yield self._words(stretch, spoken)

    def _shared(self, stretch: Stretch, alike: Hashable, spoken: Spoken) -> KnownWords:
        cast = tuple(map(self._calls.__getitem__, stretch.cast))
        key = (stretch.start, stretch.end, alike, cast, tuple(map(self._rule.holds, stretch.outer)))
        known = self._cache.words.get(key)
        if known is not None:
            return known
        known = self._words(stretch, spoken)
        # What it stands under takes room as well, and all of it where nothing is told.
        weight = LIST_WORDS + len(known.words) + len(cast)
        return self._cache.words.keep(key, known, weight)

    def _words(self, stretch: Stretch, spoken: Spoken) -> KnownWords:
        start, end = stretch.start, min(stretch.end, self._rule.position.reached)
        within = tuple(self._stretches(spoken, stretch.within))
        if within:
            words = {word for shorter in within for word in shorter.words}
        else:
            steps = self.steps(range(start, end))
            words = {self._cache.word(word) for step in steps for word in spoken(step)}
        return KnownWords(start, end, tuple(sorted(words)), within)

    @cached_property
    def _calls(self) -> list[int]:
        """Who everyone is by now, and under which name: for the same the same number."""
        people = self._rule.story.people
        return [self._cache.number(self._narrator.who(n)) for n in range(len(people))]
