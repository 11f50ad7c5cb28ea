"""What who is who shows of a person: less than all that is known of them."""

from __future__ import annotations

from dataclasses import dataclass

from explorer.knowledge.known import KnownProse, KnownWho


@dataclass(frozen=True, slots=True)
class KnownGlimpse:
    """A person at a glance: the first of the facts known of them, and beside it the newest.

    `texts` are two, or fewer where no more is known.
    """

    who: KnownWho
    texts: tuple[KnownProse, ...]
