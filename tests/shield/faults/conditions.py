"""Faults in conditions, in what ends, and in the names that people had."""

from __future__ import annotations

from tests.shield.faults import Fault

_EXACT = "tests/knowledge/test_conditions.py"
_PEOPLE = "tests/web/reader/test_people_page.py"


def rule(wrong: str, old: str, new: str, guard: str = _EXACT) -> Fault:
    """Give a fault of one edit in what a condition means."""
    return Fault("Texts that bring scenes together", wrong, ((old, new),), guard)


CONDITIONS = (
    rule(
        "of a list of scenes one that is told is enough",
        "return self._tells(condition.scene, condition.level) and all(",
        "return self._tells(condition.scene, condition.level) or any(",
    ),
    rule(
        "a run of scenes counts as told though an edit put one of them there",
        " or _count(self._withheld, start, end):",
        ":",
    ),
    rule(
        "a run of scenes is known as soon as its last one is",
        "if _count(self._opened, ahead, end) < end - ahead",
        "if _count(self._opened, end - 1, end) < min(end - ahead, 1)",
    ),
    rule(
        "a run of scenes is known though one of them is veiled",
        "return _count(self._above, unseen, reached) == ",
        "return _count(self._above, unseen, reached) >= ",
    ),
    rule(
        "the first known wording of a summary is shown, not the last",
        "for s in reversed(part.summaries)",
        "for s in part.summaries",
    ),
    rule(
        "what holds no longer stands among what holds, and is found by a search",
        " and not (entry.until and self.holds(entry.until))",
        "",
        f"{_PEOPLE} -k ended",
    ),
    rule(
        "what ends before it is known is told",
        "return bool(entry.until and self.holds(entry.condition) and self.holds(entry.until))",
        "return bool(entry.until and self.holds(entry.until))",
        f"{_PEOPLE} -k end_of",
    ),
    rule(
        "what ended stands under no longer though the same words hold",
        "tuple(fact for fact in facts if fact.text not in holding)",
        "facts",
    ),
    rule(
        "an earlier name is one that is known, whoever was shown it",
        "if name != who.name and name in shown)",
        "if name != who.name)",
    ),
    rule(
        "no earlier name was ever shown",
        "            and place[0] < self._reached\n",
        "            and place[0] < 0\n",
        f"{_PEOPLE} -k earlier",
    ),
    rule(
        "namesakes are told apart by the scene alone, though it is one for both",
        "starts[who.name, scene] == 1 else place",
        "starts[who.name, scene] else place",
        f"{_PEOPLE} -k one_name",
    ),
    rule(
        "a namesake is told apart by the number of a scene opened ahead",
        "return scene + 1 if scene < self.position.reached else None",
        "return scene + 1",
        f"{_PEOPLE} -k opened_ahead",
    ),
)
