"""What authors write never becomes markup."""

from __future__ import annotations

from typing import Any

from tests.conftest import Serve
from tests.support.crawl import crawl
from tests.support.long_story import LONG, file, reader

NASTY = "\"'><script>alert(1)</script><b onclick=x>&amp;{{7*7}}"
NASTY_PROSE = (
    f"{NASTY} <img src=x onerror=y> [a](javascript:alert(1)) ![b](//evil.example/c) "
    f"[[anna]] [[ben|{NASTY.replace('[', '')}]] [d](https://good.example/ 'onclick=z')"
)


def nasty_story() -> dict[str, Any]:
    """Give a story whose author tries to write markup of the pages wherever text is taken."""
    everything = {"title": NASTY, "text": NASTY_PROSE, "people": ["anna", "ben"], "place": NASTY}
    return {
        "format": 1,
        "id": "long",
        "title": NASTY,
        "medium": "other",
        "language": "en",
        "premise": NASTY_PROSE,
        "levels": [{"name": NASTY, "note": NASTY}, {"name": f"{NASTY} 2"}],
        "details": [{"label": NASTY[:90], "text": NASTY}],
        "credits": [{"role": NASTY, "name": NASTY, "person": "anna"}],
        "about": [{"text": NASTY_PROSE, "source": "s"}],
        "sources": [
            {
                "id": "s",
                "title": NASTY,
                "publisher": NASTY,
                "url": f"https://x.example/{NASTY.replace(' ', '')}",
            }
        ],
        "parts": [{"title": NASTY, "scene": "s0", "summary": {"text": NASTY_PROSE}}],
        "people": [
            {
                "id": ident,
                "names": [{"name": f"{ident} {NASTY}"}, {"name": f"{NASTY} {ident}"}],
                "also": [{"name": f"{NASTY} also"}],
                "facts": [{"text": NASTY_PROSE, "scene": "s0"}],
            }
            for ident in ("anna", "ben")
        ],
        "relations": [{"from": "anna", "to": "ben", "text": NASTY, "scene": "s0"}],
        "scenes": [
            {
                "id": "s0",
                "level": 0,
                "time": "flashback",
                "warnings": [NASTY[:90]],
                "sources": ["s"],
                **everything,
            },
            {
                "id": "s1",
                "level": 1,
                "warnings": [NASTY[:90]],
                **everything,
                "tellings": [{"level": 0, **everything}],
            },
            {"id": "s2", "level": 1, "warnings": [NASTY[:90]], **everything},
        ],
    }


def test_no_word_of_an_author_becomes_markup(serve: Serve) -> None:
    app = serve(file(nasty_story()), htmx="local")
    one = reader(app, 3, threshold=0, warned=True)
    pages = crawl(one, ["/", f"{LONG}/card", f"{LONG}/search?q=alert"], most_pairs=1)

    assert len(pages) > 12
    for target, answer in pages.items():
        assert answer.status == 200, target
        assert "49" not in answer.page.text, target
        for element in answer.page.elements:
            assert element.tag not in ("b", "img", "iframe"), target
            assert element.tag != "script" or "/static/" in (element.get("src") or ""), target
            assert not [name for name in element.attributes if name.startswith("on")], target
            for name in ("href", "src", "action"):
                assert not (element.get(name) or "").startswith("javascript:"), target
