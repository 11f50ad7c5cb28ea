"""The memory of one revision: how much it holds, and what happens beyond."""

from __future__ import annotations

from explorer.knowledge.revision_cache import Kept


def test_a_memory_holds_as_much_as_it_may_and_then_begins_anew() -> None:
    memory: Kept[str] = Kept(3)
    for key in "abc":
        memory.keep(key, key.upper())

    assert (len(memory), memory.weight) == (3, 3)

    memory.keep("d", "D")

    assert (len(memory), memory.weight) == (1, 1)
    assert (memory.get("a"), memory.get("d")) == (None, "D")


def test_what_stands_there_already_is_given_and_weighs_once() -> None:
    memory: Kept[str] = Kept(3)
    memory.keep("a", "first", 2)

    assert memory.keep("a", "second", 2) == "first"
    assert memory.weight == 2
