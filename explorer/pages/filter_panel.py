"""The choices of a view: links that turn one part of it on or off. Pure, over known values."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache

from explorer.knowledge.filters import Match, Order, View
from explorer.knowledge.known import KnownNamesake, KnownWho
from explorer.pages.models import Choice, Panel
from explorer.story.terms import Time

_ORDERS = {Order.TOLD: "as told", Order.HAPPENED: "as it happened"}
_MATCHES = {Match.ANY: "any of them", Match.ALL: "all together"}

# So many are remembered: many readers know the same people, wherever they are.
MOST_PANELS = 100


def panel(
    view: View,
    href: str,
    people: tuple[KnownWho, ...],
    times: tuple[Time, ...],
    namesakes: tuple[KnownNamesake, ...] = (),
) -> Panel:
    """Give all choices of a view, at the address of the reading page.

    `people` and `times` are those known, the present left out, and `namesakes` those of the people
    who have a name that others have.
    """
    # With many chosen there are no end of panels, each of which may be a million bytes.
    made = _made if len(view.who) > 1 else _remembered
    return made(view, href, people, times, namesakes)


def _made(
    view: View,
    href: str,
    people: tuple[KnownWho, ...],
    times: tuple[Time, ...],
    namesakes: tuple[KnownNamesake, ...],
) -> Panel:
    apart = {one.who: one.apart for one in namesakes}
    return _Panelist(view, href, apart).panel(people, times)


_remembered = lru_cache(MOST_PANELS)(_made)


@dataclass(frozen=True, slots=True)
class _Panelist:
    """Who offers choices: from a view, at the address of the reading page."""

    view: View
    href: str
    apart: Mapping[KnownWho, str]

    def panel(self, people: Iterable[KnownWho], times: Iterable[Time]) -> Panel:
        return Panel(
            people=tuple(map(self._person, people)),
            times=tuple(map(self._time, _with_the_present(times))),
            orders=tuple(self._orders()),
            matches=tuple(self._matches()),
            clear=f"{self.href}{View(order=self.view.order).query}",
            filtered=self.view.filtered,
        )

    def _person(self, who: KnownWho) -> Choice:
        label = f"{who.name} ({self.apart[who]})" if who in self.apart else who.name
        return self._choice(label, self.view.toggling(who), who in self.view.who)

    def _time(self, time: Time) -> Choice:
        chosen = self.view.times
        times = tuple(t for t in Time if (t in chosen) != (t is time))
        return self._choice(time.value, replace(self.view, times=times), time in chosen)

    def _orders(self) -> Iterator[Choice]:
        for order, words in _ORDERS.items():
            yield self._choice(words, replace(self.view, order=order), order is self.view.order)

    def _matches(self) -> Iterator[Choice]:
        if len(self.view.who) < 2:
            return
        for match, words in _MATCHES.items():
            yield self._choice(words, replace(self.view, match=match), match is self.view.match)

    def _choice(self, label: str, view: View, chosen: bool) -> Choice:
        return Choice(label, f"{self.href}{view.query}", chosen)


def _with_the_present(times: Iterable[Time]) -> tuple[Time, ...]:
    known = tuple(times)
    return (Time.PRESENT, *known) if known else ()
