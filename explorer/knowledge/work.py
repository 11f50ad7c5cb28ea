"""What is known of the work itself: what every bookmark knows, and what its conditions let through.

Pure functions over a narrator, each giving one known value.
"""

from __future__ import annotations

from explorer.knowledge.known import (
    KnownCredit,
    KnownDetail,
    KnownLevel,
    KnownParagraph,
    KnownProse,
    KnownTitle,
    KnownWork,
)
from explorer.knowledge.narrator import Narrator, once
from explorer.story.model import Story


def title(story: Story) -> KnownTitle:
    """Give what every bookmark knows."""
    return KnownTitle(
        story.id,
        story.title,
        story.medium,
        story.language,
        story.released,
        story.complete,
        story.revision,
        levels(story),
    )


def levels(story: Story) -> tuple[KnownLevel, ...]:
    """Give the steps of a story's scale, from the least that is told on."""
    numbered = enumerate(story.levels)
    return tuple(KnownLevel(n, level.name, level.note) for n, level in numbered)


def work(narrator: Narrator) -> KnownWork:
    """Give what is known about the work itself."""
    rule, story = narrator.rule, narrator.rule.story
    return KnownWork(
        premise=narrator.prose(story.premise),
        details=once(
            KnownDetail(detail.label, detail.text)
            for detail in story.details
            if rule.holds(detail.condition)
        ),
        credits=once(credits_of(narrator)),
        about=_about(narrator),
        sources=once(filter(None, map(narrator.source, range(len(story.sources))))),
    )


def _about(narrator: Narrator) -> tuple[KnownParagraph, ...]:
    known: dict[KnownProse, KnownParagraph] = {}
    for paragraph in narrator.rule.story.about:
        if narrator.rule.holds(paragraph.condition):
            text = narrator.prose(paragraph.text)
            known.setdefault(text, KnownParagraph(text, narrator.source(paragraph.source)))
    return tuple(known.values())


def credits_of(narrator: Narrator) -> tuple[KnownCredit, ...]:
    """Give who is known to have done what, as the author names them."""
    return tuple(
        KnownCredit(
            credit.role,
            credit.name,
            None if credit.person is None else narrator.who(credit.person),
        )
        for credit in narrator.rule.story.credits
        if narrator.rule.holds(credit.condition)
    )
