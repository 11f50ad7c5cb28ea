"""Who reads a story, as its author may ask: the first whom a thing reaches, and what one would see.

What may be known only grows with the threshold and with what was reached. So the reader at the
lowest place where a thing is shown at all knows the least of all who meet it by turning scenes.
Of the modules that advise authors this alone asks the decider.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

from explorer.export import markdown
from explorer.knowledge.bookmark import Position
from explorer.knowledge.knowledge import Knowledge as Reader
from explorer.story.model import Condition, Story

__all__ = ["NoSuchReader", "Reader", "Readers", "place_named", "seen_by"]

# Enough to serve the passages of one scene without making their readers anew.
_MOST_KEPT = 500


class NoSuchReader(ValueError):  # noqa: N818  It is an answer, in words for the author.
    """No reader of this story can stand where one was asked for."""


# --- the first readers of a thing --------------------------------------------------------------


class Readers:
    """All the readers that a story may have, each by the place where they stand."""

    def __init__(self, story: Story) -> None:
        """Take a story."""
        self._story = story
        self._kept: dict[Position, Reader] = {}
        self._tellings: dict[tuple[int, int], Position] = {}
        self._persons: dict[int, tuple[Position, ...]] = {}

    def at(self, place: Position) -> Reader:
        """The reader at a place."""
        if place not in self._kept:
            if len(self._kept) >= _MOST_KEPT:
                self._kept.clear()
            self._kept[place] = Reader.of(self._story, place)
        return self._kept[place]

    def seeing(self, scene: int) -> Reader:
        """Who has seen the work up to a scene, and accepts no level above 0."""
        return self.at(Position(reached=scene + 1, seen=scene + 1))

    def of_telling(self, scene: int, telling: int) -> Position:
        """Where the first one stands who is shown a telling."""
        spot = (scene, telling)
        if spot not in self._tellings:
            self._tellings[spot] = self._lowest(
                scene + 1, lambda reader: reader.rule.told(scene) == telling
            )
        return self._tellings[spot]

    def of(self, condition: Condition) -> Position:
        """Where the first one stands for whom a condition holds."""
        if condition.scene is None:
            return self._lowest(0, lambda reader: reader.rule.holds(condition))
        return self._lowest(condition.scene + 1, lambda reader: reader.rule.holds(condition))

    def of_person(self, person: int) -> tuple[Position, ...]:
        """Where the first ones stand who know a person, whichever name they know."""
        if person not in self._persons:
            names = self._story.people[person].names
            self._persons[person] = _lowest_of(self.of(name.condition) for name in names)
        return self._persons[person]

    def of_entry(self, condition: Condition, people: Sequence[int]) -> tuple[Position, ...]:
        """Where the first ones stand who are shown what also needs some people to be known."""
        places: tuple[Position, ...] = (self.of(condition),)
        for person in people:
            places = _lowest_of(
                together
                for place in places
                for together in (
                    [place]
                    if self.at(place).narrator.who(person)
                    else [_joined(place, other) for other in self.of_person(person)]
                )
            )
        return places

    def _lowest(self, reached: int, is_shown: Callable[[Reader], bool]) -> Position:
        for threshold in range(len(self._story.levels)):
            place = Position(threshold=threshold, reached=reached)
            if is_shown(self.at(place)):
                return place
        raise LookupError("a file in which nobody is ever shown a thing is refused")


def _joined(one: Position, other: Position) -> Position:
    return replace(
        one,
        threshold=max(one.threshold, other.threshold),
        reached=max(one.reached, other.reached),
    )


def _lowest_of(places: Iterable[Position]) -> tuple[Position, ...]:
    """Give the places without those that another one lies below."""
    lowest: list[Position] = []
    for place in sorted(set(places), key=lambda place: (place.reached, place.threshold)):
        if not lowest or place.threshold < lowest[-1].threshold:
            lowest.append(place)
    return tuple(lowest)


# --- what one would see ------------------------------------------------------------------------


def place_named(story: Story, named: str) -> Position:
    """Find the place "THRESHOLD,SCENE": a level by number or name, the last scene reached by id.

    An empty scene is none at all. Raises NoSuchReader with advice.
    """
    level, comma, scene = (word.strip() for word in named.rpartition(","))
    if not comma:
        raise NoSuchReader(f'"{named}" is no THRESHOLD,SCENE. Write a level, a comma and a scene.')
    return Position(threshold=_threshold(story, level), reached=_reached(story, scene))


def _threshold(story: Story, named: str) -> int:
    names = [level.name for level in story.levels]
    if named.isascii() and named.isdigit() and int(named) < len(names):
        return int(named)
    for n, name in enumerate(names):
        if name.casefold() == named.casefold():
            return n
    known = ", ".join(f"{n} {name}" for n, name in enumerate(names))
    raise NoSuchReader(f'there is no level "{named}". This story has: {known}.')


def _reached(story: Story, named: str) -> int:
    for n, scene in enumerate(story.scenes):
        if scene.id == named:
            return n + 1
    if not named:
        return 0
    raise NoSuchReader(f'there is no scene "{named}". Name one by its id in the file.')


def seen_by(story: Story, place: Position) -> str:
    """Give all that the reader at a place knows, as Markdown."""
    return markdown.markdown(Reader.of(story, place).whole()).text
