"""What the pictures are drawn of, all of it known.

Nothing in here or in the pictures asks what may be known: a scene or person that is not in a
`Told` has no mark, no gap and no number.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from explorer.knowledge.known import KnownNamesake, KnownRelation, KnownScene, KnownWho, State
from explorer.pictures.models import Column, PersonStyle

HUES = 8
DASHES = 8


@dataclass(frozen=True, eq=False)
class Told:
    """What a reader was told of, as far as pictures show it. A quick key by identity.

    `scenes` are told ones in the order told, those that were opened ahead last; `happened` has
    the keys of at least these in story order; `people` stand in the order they became known in.
    `href` is the address of the story; `earlier` and `later` say that more was told than this.
    """

    href: str
    language: str
    scenes: tuple[KnownScene, ...]
    happened: tuple[str, ...]
    people: tuple[KnownWho, ...]
    relations: tuple[KnownRelation, ...]
    earlier: bool = False
    later: bool = False
    namesakes: tuple[KnownNamesake, ...] = ()

    @cached_property
    def columns(self) -> tuple[Column, ...]:
        """The scenes from left to right."""
        mine = {scene.key for scene in self.scenes}
        order = (key for key in self.happened if key in mine)
        ranks = {key: n for n, key in enumerate(order, 1)}
        return tuple(_column(self.href, scene, ranks) for scene in self.scenes)

    @cached_property
    def inks(self) -> dict[str, PersonStyle]:
        """How each person is drawn, by key."""
        return {who.key: _ink(self.href, who, n) for n, who in enumerate(self.people)}

    @cached_property
    def casts(self) -> tuple[tuple[str, ...], ...]:
        """The keys of the people in every column, in the order they became known in."""
        order = {key: n for n, key in enumerate(self.inks)}
        return tuple(
            tuple(sorted((w.key for w in column.people if w.key in order), key=order.__getitem__))
            for column in self.columns
        )


def _column(href: str, scene: KnownScene, ranks: Mapping[str, int]) -> Column:
    telling = scene.telling
    assert telling is not None
    return Column(
        key=scene.key,
        href=f"{href}/scenes/{scene.key}",
        number=scene.number,
        rank=ranks[scene.key],
        title=telling.title,
        time=telling.time.value,
        place=telling.place,
        partly=scene.state is State.PARTLY,
        people=telling.people,
    )


def _ink(href: str, who: KnownWho, n: int) -> PersonStyle:
    dash = n // HUES % DASHES
    return PersonStyle(who.key, who.name, f"{href}/people/{who.key}", n % HUES, dash)
