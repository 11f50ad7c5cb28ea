"""A memory of so much and no more."""

from __future__ import annotations

from explorer.bounded_cache import BoundedCache


def test_it_holds_as_much_as_it_may_and_not_one_more() -> None:
    full: BoundedCache[int, str] = BoundedCache(20)
    tight: BoundedCache[int, str] = BoundedCache(19)
    for cache in (full, tight):
        for n in range(5):
            cache.keep(n, "value", 4)

    assert (len(full), full.weight) == (5, 20)
    assert (len(tight), tight.weight) == (4, 16)
    assert tight.get(0) is None


def test_a_value_may_weigh_a_quarter_of_all_and_no_more() -> None:
    cache: BoundedCache[str, str] = BoundedCache(40)
    cache.keep("quarter", "value", 10)
    cache.keep("more", "value", 11)

    assert cache.get("quarter") == "value"
    assert cache.get("more") is None


def test_it_weighs_no_more_than_it_may_and_has_the_newest() -> None:
    cache: BoundedCache[int, str] = BoundedCache(100)

    for n in range(1000):
        cache.keep(n, "value", 10)

    assert (len(cache), cache.weight) == (10, 100)
    assert cache.get(999) == "value"


def test_what_was_not_asked_for_longest_goes_first() -> None:
    cache: BoundedCache[str, str] = BoundedCache(4)
    for key in ("old", "older"):
        cache.keep(key, key)
    cache.get("old")

    for key in "abc":
        cache.keep(key, key)

    assert cache.get("old") == "old"
    assert cache.get("older") is None


def test_what_would_push_out_many_of_the_others_is_not_kept() -> None:
    cache: BoundedCache[str, str] = BoundedCache(40)
    cache.keep("small", "small", 1)

    assert cache.keep("large", "large", 11) == "large"

    assert cache.get("small") == "small"
    assert cache.get("large") is None


def test_what_two_made_at_once_is_kept_and_weighed_once() -> None:
    cache: BoundedCache[str, str] = BoundedCache(100)

    assert [cache.keep("key", value, 20) for value in ("one", "other")] == ["one", "one"]
    assert (len(cache), cache.weight) == (1, 20)
