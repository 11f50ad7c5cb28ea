"""Faults of guesses: what nobody has looked at yet is told for what it was guessed to be."""

from __future__ import annotations

from tests.shield.faults import Fault

_READERS = "tests/web/reader/test_guesses.py"


def guessed(wrong: str, old: str, new: str, guard: str) -> Fault:
    """Give a fault of one edit in what a guess counts as."""
    return Fault("What was guessed", wrong, ((old, new),), f"{_READERS} -k {guard}")


GUESSES = (
    guessed(
        "a guessed level is taken at its word",
        "        return _strictest(entry, highest)\n",
        "        return vars(entry)[name]\n",
        "answered",
    ),
    guessed(
        "a guessed level of what hangs on no scene is the one below the highest",
        'return highest if getattr(entry, "scene", None) is None else None',
        'return highest - 1 if getattr(entry, "scene", None) is None else None',
        "answered",
    ),
    guessed(
        "a guessed lesser telling, name or fact is told",
        "if n not in marks or not marks[n].is_guessed",
        "if n not in marks or marks",
        "guessed_word",
    ),
    guessed(
        "a guessed name stands on the card of the story",
        "    entry = file.told\n",
        "    entry = file.entry\n",
        "card",
    ),
)
