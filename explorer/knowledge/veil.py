"""What is sent of a scene: all of its telling, or a veil with its number and its level's name."""

from __future__ import annotations

from explorer.knowledge.known import KnownScene, KnownTelling, State
from explorer.knowledge.rule import Rule


def sent(rule: Rule, scene: int, telling: KnownTelling | None) -> KnownScene:
    """Give a covered scene as it is sent; without a telling that may be told it is veiled.

    A veiled scene has its number and the name of its level and nothing else, but for the warnings
    of its full telling where the reader asks for them before opening.
    """
    entry = rule.story.scenes[scene]
    state = _state(len(entry.tellings), rule.told(scene))
    asks = rule.position.warned and state is not State.OPEN
    return KnownScene(
        key=entry.key,
        number=rule.number(scene),
        state=state,
        level=rule.story.levels[entry.level].name,
        telling=telling,
        opened=scene in rule.position.opened,
        warnings=entry.full.warnings if asks else (),
    )


def _state(tellings: int, told: int | None) -> State:
    if told is None:
        return State.VEILED
    return State.OPEN if told == tellings - 1 else State.PARTLY
