"""How a reader looks at what is known: filter, order and window, as they stand in an address."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum

from explorer.knowledge.known import KnownWho
from explorer.story.terms import SceneKey, Time


class Order(StrEnum):
    """As told, or as it happened."""

    TOLD = "told"
    HAPPENED = "happened"


class Match(StrEnum):
    """Scenes with any of the people chosen, or with all of them together."""

    ANY = "any"
    ALL = "all"


@dataclass(frozen=True, slots=True)
class Wish:
    """A view as a stranger asked for it: well-formed, but its ids may be of nobody."""

    who: tuple[str, ...] = ()
    match: Match = Match.ANY
    times: tuple[Time, ...] = ()
    order: Order = Order.TOLD
    before: str = ""
    after: str = ""


@dataclass(frozen=True, slots=True)
class View:
    """A view as it is granted: only people who are known, only scenes that are covered."""

    who: tuple[KnownWho, ...] = ()
    match: Match = Match.ANY
    times: tuple[Time, ...] = ()
    order: Order = Order.TOLD
    before: SceneKey | None = None
    after: SceneKey | None = None

    @property
    def filtered(self) -> bool:
        """Whether it leaves out anything for its people or time."""
        return bool(self.who or self.times)

    def toggling(self, who: KnownWho) -> View:
        """The same view with one person more, or less, if that one was chosen already."""
        rest = tuple(other for other in self.who if other != who)
        return replace(self, who=rest if who in self.who else (*self.who, who))

    @property
    def pairs(self) -> list[tuple[str, str]]:
        """The view as name and value, in one canonical order."""
        pairs = [("who", str(who.key)) for who in self.who]
        if self.match is Match.ALL and len(self.who) > 1:
            pairs.append(("match", Match.ALL.value))
        pairs += [("time", time.value) for time in self.times]
        if self.order is not Order.TOLD:
            pairs.append(("order", self.order.value))
        if self.before is not None:
            pairs.append(("before", self.before))
        elif self.after is not None:
            pairs.append(("after", self.after))
        return pairs

    @property
    def query(self) -> str:
        """The view as the end of an address: empty, or with its question mark."""
        pairs = self.pairs
        # Keys and words need no escaping, so that plain joining will do.
        return "?" + "&".join(f"{name}={value}" for name, value in pairs) if pairs else ""
