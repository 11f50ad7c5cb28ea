"""How a reader looks at what is known, and how strangers' addresses are made safe to use."""

from __future__ import annotations

from dataclasses import replace
from urllib.parse import urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from explorer.knowledge.filters import Match, Order, View, Wish
from explorer.knowledge.known import KnownWho
from explorer.pages.filter_panel import panel
from explorer.story.terms import PersonKey, SceneKey, Time
from explorer.web.reader import forms
from tests.support.tale import KEYS

KEY, OTHER = "abcdefghijkl", "234567abcdef"
ANNA = KnownWho(PersonKey(KEY), "Anna & <Co>")
BEN = KnownWho(PersonKey(OTHER), "Ben")

people = KEYS.map(lambda key: KnownWho(PersonKey(str(key)), f"the one of {key}"))
views = st.builds(
    View,
    who=st.lists(people, max_size=4, unique_by=lambda who: who.key).map(tuple),
    match=st.sampled_from(Match),
    times=st.sets(st.sampled_from(Time)).map(lambda some: tuple(t for t in Time if t in some)),
    order=st.sampled_from(Order),
    before=st.none() | KEYS,
    after=st.none() | KEYS,
)


def wish(address: str) -> Wish:
    """Read a view from the query of an address."""
    return forms.wish(address.removeprefix("?").encode())


@given(views, people)
def test_whoever_is_toggled_twice_is_as_before_but_chosen_last(view: View, who: KnownWho) -> None:
    once = view.toggling(who)
    twice = once.toggling(who)

    assert (who in once.who) is not (who in view.who)
    assert set(twice.who) == set(view.who)
    assert {*once.who, who} == {*view.who, who}
    assert replace(once, who=view.who) == view


def test_the_plain_view_adds_nothing_to_an_address() -> None:
    assert View().query == ""
    assert View().filtered is False
    assert wish("") == Wish()


def test_a_view_is_written_in_one_order() -> None:
    view = View(
        who=(BEN, ANNA),
        match=Match.ALL,
        times=(Time.FLASHBACK, Time.DREAM),
        order=Order.HAPPENED,
        before=SceneKey(KEY),
    )

    assert view.query == (
        f"?who={OTHER}&who={KEY}&match=all&time=flashback&time=dream&order=happened&before={KEY}"
    )


def test_people_and_times_filter_but_an_order_does_not() -> None:
    assert View(who=(ANNA,)).filtered
    assert View(times=(Time.DREAM,)).filtered
    assert not View(order=Order.HAPPENED, match=Match.ALL, before=SceneKey(KEY)).filtered


def test_all_together_means_nothing_for_one() -> None:
    assert View(who=(ANNA,), match=Match.ALL).query == f"?who={KEY}"


def test_a_window_has_one_side() -> None:
    assert View(before=SceneKey(KEY), after=SceneKey(OTHER)).query == f"?before={KEY}"


def test_no_name_stands_in_an_address() -> None:
    assert "Anna" not in View(who=(ANNA, BEN)).query


@given(views)
def test_what_is_written_is_read_again(view: View) -> None:
    read = wish(view.query)

    assert read.who == tuple(who.key for who in view.who)
    assert read.match == (view.match if len(view.who) > 1 else Match.ANY)
    assert read.times == view.times
    assert read.order == view.order
    assert read.before == (view.before or "")
    assert read.after == ("" if view.before else view.after or "")


@given(views)
def test_a_view_needs_no_escaping(view: View) -> None:
    assert view.query.removeprefix("?") == urlencode(view.pairs)


@given(st.text(max_size=20), st.text(max_size=20))
def test_no_address_makes_a_view_fail(name: str, value: str) -> None:
    names = ("who", "match", "time", "order", "before", "after", "page", name)
    query = urlencode([(one, value) for one in names] * 2).encode()

    assert isinstance(forms.wish(query), Wish)
    assert isinstance(forms.origin(query).page, str)


@given(st.binary(max_size=40))
def test_no_bytes_make_a_view_fail(query: bytes) -> None:
    assert isinstance(forms.wish(query), Wish)
    assert isinstance(forms.origin(query).page, str)


@pytest.mark.parametrize(
    "key",
    [
        "",
        "ABCDEFGHIJKL",
        "abcdefghijk",
        "abcdefghijklm",
        "abcdefghijk1",
        "abcdefghijkl\n",
        "*",
        "é" * 12,
    ],
)
def test_what_is_no_key_is_as_if_it_were_not_there(key: str) -> None:
    assert wish(urlencode([("who", key), ("before", key), ("after", key)])) == Wish()


@pytest.mark.parametrize("word", ["", "Flashback", "FLASHBACK", "flash", "past", "present ", "0"])
def test_what_is_no_word_of_ours_is_as_if_it_were_not_there(word: str) -> None:
    assert wish(urlencode([("time", word), ("order", word), ("match", word)])) == Wish()


def test_the_same_twice_counts_once() -> None:
    read = wish(f"who={KEY}&who={KEY}&time=dream&time=dream")

    assert read.who == (KEY,)
    assert read.times == (Time.DREAM,)


def test_of_two_orders_the_first_counts() -> None:
    assert wish("order=happened&order=told").order is Order.HAPPENED
    assert wish("match=all&match=any").match is Match.ALL
    assert wish(f"before={KEY}&before={OTHER}").before == KEY


def test_a_view_asks_for_no_more_people_than_fit() -> None:
    keys = [f"{n:a>12}".translate(str.maketrans("0123456789", "bcdefghijk")) for n in range(100)]

    assert len(wish(urlencode([("who", key) for key in keys])).who) == forms.MOST_PEOPLE


@pytest.mark.parametrize(
    "spot", ["front", "read", "people", "carry", f"scenes/{KEY}", f"people/{KEY}"]
)
def test_a_form_says_where_it_stood(spot: str) -> None:
    assert forms.origin(urlencode({"page": spot}).encode()).page == spot


@pytest.mark.parametrize(
    "spot",
    [
        "",
        "library",
        "scenes",
        "scenes/",
        "people/x",
        f"scenes/{KEY}/open",
        "//evil.example",
        "read\n",
        "https://evil.example",
        "../..",
        f"scenes/{KEY}\n",
        "front/read",
    ],
)
def test_a_form_that_stood_nowhere_leads_to_the_reading_page(spot: str) -> None:
    assert forms.origin(urlencode({"page": spot}).encode()).page == "read"


def test_a_panel_is_remembered_unless_so_many_are_chosen_that_there_is_no_end_of_them() -> None:
    def offered(*chosen: KnownWho) -> object:
        return panel(View(who=chosen), "/read", (ANNA, BEN), ())

    assert offered() is offered()
    assert offered(BEN) is offered(BEN)
    assert offered(ANNA, BEN) is not offered(ANNA, BEN)
