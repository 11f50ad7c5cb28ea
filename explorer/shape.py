"""The shape of a story so far: three pictures of what is known, and who is lit in them.

Pure geometry. What is not in a `Told` leaves no trace in here.
"""

from __future__ import annotations

from dataclasses import dataclass

from explorer.canvas import Told
from explorer.curve import Curve, curve
from explorer.lanes import Lanes, lanes
from explorer.web import Web, web


@dataclass(frozen=True, slots=True, eq=False)
class Pictures:
    """The pictures. Compared by identity, so that they are a quick key."""

    told: Told
    curve: Curve | None
    lanes: Lanes | None
    web: Web | None

    @property
    def drawn(self) -> frozenset[str]:
        """The keys of all who are drawn anywhere."""
        lines = (lane.ink.key for lane in self.lanes.lanes) if self.lanes else ()
        nodes = (node.ink.key for node in self.web.nodes) if self.web else ()
        return frozenset((*lines, *nodes))


@dataclass(frozen=True, slots=True)
class Light:
    """The people who are chosen and the scenes they are in, by key."""

    people: frozenset[str]
    scenes: frozenset[str]


def pictures(told: Told) -> Pictures:
    """Draw all three; one of which there is nothing to show is not there."""
    return Pictures(told, curve(told), lanes(told), web(told))


def light(told: Told, people: frozenset[str]) -> Light:
    """Light the ways of some people."""
    return Light(people, told.together(people))
