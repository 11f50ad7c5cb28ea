"""Under a prefix every address, move and cookie stays under it."""

from __future__ import annotations

import pytest
from flask import Flask

from tests.conftest import Serve
from tests.support.crawl import PART, Reader, ask, crawl, leads
from tests.support.long_story import attributes, cookie, file, key, long_story, numbers


@pytest.fixture(scope="module")
def prefixed(serve: Serve) -> Flask:
    return serve(file(long_story(8)), url_prefix="/some/plots", htmx="local")


def test_under_a_prefix_every_address_starts_with_it(prefixed: Flask) -> None:
    one = Reader(prefixed).keep("/some/plots/stories/long", cookie(2, key(6), "", [key(7)]))
    pages = crawl(one, ["/some/plots/"], most_pairs=1)

    assert len(pages) > 15
    for target, answer in pages.items():
        assert answer.status == 200, target
        for found in (*leads(target, answer), *(one.action for one in answer.page.forms)):
            assert found.startswith("/some/plots/"), (target, found)
    for element in one.get("/some/plots/").page.elements:
        if element.tag in ("link", "script"):
            target = element.get("href") or element.get("src") or ""
            assert one.get(target).status == 200, target


def test_under_a_prefix_moves_and_cookies_stay_under_it(prefixed: Flask) -> None:
    one = Reader(prefixed)

    answer = one.post("/some/plots/stories/long/next", {"from": ""})

    assert answer.status == 303
    assert (answer.header("Location") or "").startswith("/some/plots/stories/long/read")
    assert attributes(answer.header("Set-Cookie") or "")["Path"] == "/some/plots/stories/long"
    assert numbers(one.get("/some/plots/stories/long/read")) == [0]
    part = one.post("/some/plots/stories/long/next", {"from": key(0)}, PART)
    back = f"since={key(0)}&saw="
    assert part.header("HX-Replace-Url") == f"/some/plots/stories/long/read?{back}"


def test_a_proxy_may_take_the_prefix_off(prefixed: Flask) -> None:
    assert ask(prefixed, "GET", "/stories/long/read") == ask(
        prefixed, "GET", "/some/plots/stories/long/read"
    )


@pytest.mark.parametrize("path", ["/some/plotsstories/long", "/some/plot/stories/long", "/some"])
def test_what_only_looks_like_the_prefix_is_not_found(prefixed: Flask, path: str) -> None:
    assert ask(prefixed, "GET", path).status == 404
