"""What is asked: every route the application has, with ids that are known, hidden and of nobody.

Routes are read from the application itself, so that a new page is asked from the day it is written.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cached_property
from random import Random
from urllib.parse import quote, urlencode

from flask import Flask

from tests.shield.oracle import Oracle, Reader
from tests.shield.prove.bookmarks import Document, Mark, person_key, scene_key
from tests.shield.prove.served import Asked
from tests.support.crawl import OURS

NOBODY = "aaaaaaaaaaaa"

_PAGE = {"Accept": "text/html,application/xhtml+xml", "Accept-Language": "de,en;q=0.5"}
_GOOGLE = "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)"

# Whoever may come, and what they send.
VISITORS: dict[str, dict[str, str]] = {
    "nothing": {},
    "browser": {
        **_PAGE,
        "User-Agent": "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
        "Sec-Fetch-Dest": "document",
        "Sec-Fetch-Mode": "navigate",
        "Sec-Fetch-Site": "none",
        "Sec-Fetch-User": "?1",
    },
    "htmx part": {
        "HX-Request": "true",
        "HX-Request-Type": "partial",
        "HX-Target": "main#main",
        "Accept": "text/html",
        "Sec-Fetch-Dest": "empty",
        "Sec-Fetch-Site": "same-origin",
    },
    "htmx whole": {"HX-Request": "true", "HX-Request-Type": "full", "HX-Boosted": "true"},
    "older htmx": {"HX-Request": "true", "HX-History-Restore-Request": "true", "HX-Target": "main"},
    "prefetch": {
        "Sec-Purpose": "prefetch;prerender",
        "Purpose": "prefetch",
        "X-Moz": "prefetch",
        "Sec-Fetch-Dest": "empty",
        "Sec-Fetch-Site": "same-origin",
    },
    "search engine": {"User-Agent": _GOOGLE, "From": "googlebot(at)googlebot.com"},
    "chat bot": {"User-Agent": "GPTBot/1.2", "Accept": "text/markdown,text/plain;q=0.9,*/*;q=0.1"},
    "preview": {"User-Agent": "facebookexternalhit/1.1 Twitterbot/1.0", "Range": "bytes=0-4095"},
    "program": {
        "Accept": "application/json",
        "Origin": "https://elsewhere.example",
        "Sec-Fetch-Dest": "empty",
        "Sec-Fetch-Mode": "cors",
        "Sec-Fetch-Site": "cross-site",
    },
    "cache": {
        "If-None-Match": "*",
        "If-Modified-Since": "Thu, 01 Jan 2099 00:00:00 GMT",
        "Cache-Control": "max-stale",
        "Accept-Encoding": "gzip, br, zstd",
    },
    "odd proxy": {
        "X-Forwarded-Host": "elsewhere.example",
        "X-Forwarded-For": "203.0.113.9",
        "X-HTTP-Method-Override": "POST",
        "X-Original-URL": "/",
        "Forwarded": "for=203.0.113.9",
    },
}


class Asking:
    """What one reader asks of two stories that agree on what the reader may know."""

    def __init__(
        self, app: Flask, stories: Sequence[Document], reader: Reader, rng: Random
    ) -> None:
        self.app, self.stories, self.reader, self.rng = app, stories, reader, rng
        self.oracle = Oracle(stories[0], reader)
        self.home = f"/stories/{stories[0]['id']}"

    # --- names -----------------------------------------------------------------------------------

    @cached_property
    def covered(self) -> list[str]:
        """The keys of the scenes that the reader has reached or opened."""
        return [scene_key(self.stories[0], scene) for scene in self.oracle.covered()]

    @cached_property
    def hidden_scenes(self) -> list[str]:
        """The keys of all other scenes of either story, as far as they had them or have them."""
        keys = [
            scene_key(story, ident)
            for story in self.stories
            for scene in story["scenes"]
            for ident in (scene["id"], *scene.get("was", []))
        ]
        known = set(self.covered) | {
            scene_key(self.stories[0], was)
            for scene in self.oracle.scenes
            if scene["id"] in self.oracle.covered()
            for was in scene.get("was", [])
        }
        return [key for key in dict.fromkeys(keys) if key not in known]

    @cached_property
    def gates(self) -> list[str]:
        """Of those, the ones that both stories have at the same level: both may say so."""
        levels = [
            {
                scene_key(story, ident): scene["level"]
                for scene in story["scenes"]
                for ident in (scene["id"], *scene.get("was", []))
            }
            for story in self.stories
        ]
        own = [{scene_key(s, scene["id"]) for scene in s["scenes"]} for s in self.stories]
        one, other = levels
        return [
            key
            for key in self.hidden_scenes
            if one.get(key, -1) == other.get(key, -2) and key in own[0] & own[1]
        ]

    @cached_property
    def people(self) -> list[str]:
        """The keys of all people of both stories, as they are and were."""
        keys = [
            person_key(story, ident)
            for story in self.stories
            for person in story.get("people", [])
            for ident in (person["id"], *person.get("was", []))
        ]
        return list(dict.fromkeys(keys))

    @cached_property
    def words(self) -> list[str]:
        """Words of both stories, hidden ones and known ones, and their beginnings."""
        found = [set(re.findall(r"\w{3,}", _texts(story))) for story in self.stories]
        # Those that only one of them has are certainly hidden; there are many more of them.
        mine, theirs = (sorted(words) for words in (found[0] - found[1], found[1] - found[0]))
        some = [*self._some(mine, 6), *self._some(theirs, 3), *self._some(sorted(found[0]), 3)]
        return [word[: self.rng.choice((2, 3, 99))] for word in some]

    def _some(self, of: Sequence[str], most: int) -> list[str]:
        return self.rng.sample(list(of), min(len(of), most))

    # --- addresses -----------------------------------------------------------------------------

    def addresses(self) -> Iterator[str]:
        """Every address that can be asked for: by route, by view, by word."""
        for rule in sorted(rule.rule for rule in self.app.url_map.iter_rules()):
            if "/static/" not in rule:
                yield from self._filled(rule)
        yield from self.views()
        for word in dict.fromkeys([*self.words, "", "zzzz"]):
            yield f"{self.home}/search?q={quote(word)}"

    def _filled(self, rule: str) -> Iterator[str]:
        rule = rule.replace("<story>", self.stories[0]["id"])
        if "<scene>" in rule:
            some = [*self._some(self.covered, 8), *self._some(self.gates, 4), NOBODY, "x"]
            yield from (rule.replace("<scene>", scene) for scene in some)
        elif "<person>" in rule:
            some = [*self._some(self.people, 14), NOBODY, "x"]
            yield from (rule.replace("<person>", person) for person in some)
        elif "<" not in rule:
            yield rule
        else:
            raise AssertionError(f"{rule} names something that no test knows")

    def views(self) -> Iterator[str]:
        """Views of the reading page and of the pictures, by people, times, order and window."""
        scenes = [*self._some(self.covered, 4), *self._some(self.hidden_scenes, 4), NOBODY]
        people = [*self._some(self.people, 8), NOBODY]
        for page in ("read", "shape"):
            views = [[("who", one)] for one in people]
            views += [[("time", t)] for t in ("present", "flashback", "flashforward", "dream")]
            views += [[("order", "happened")]]
            views += [[(self.rng.choice(("before", "after")), one)] for one in scenes]
            views += [[*self.rng.choice(views), *self.rng.choice(views)] for _ in range(10)]
            views += [[*view, ("match", "all")] for view in self.rng.sample(views, 3)]
            yield from (f"{self.home}/{page}?{urlencode(view)}" for view in views)
        for page in ("", "/read", "/people", "/carry", *(f"/scenes/{one}" for one in scenes[:2])):
            ways = [(name, self.rng.choice(["", *scenes])) for name in ("since", "saw")]
            yield f"{self.home}{page}?{urlencode(self.rng.choice((ways, ways[:1], ways[1:])))}"

    def visited(self, addresses: Sequence[str]) -> Iterator[Asked]:
        """Ask for addresses as someone or other who comes by."""
        for target in addresses:
            name = self.rng.choice(["browser", "htmx part", *VISITORS])
            method = self.rng.choices(("GET", "HEAD", "OPTIONS", "PUT"), (30, 2, 1, 1))[0]
            yield Asked(method, target, tuple(VISITORS[name].items()))

    def programs(self, mark: Mark) -> Iterator[Asked]:
        """What a program asks that stands where a bookmark does."""
        query = [("threshold", str(mark.threshold)), ("reached", mark.reached)]
        query += [("seen", mark.seen), *(("opened", one) for one in mark.opened)]
        for more in ([], [("turn", "1")]):
            target = f"/api/v1/stories/{self.stories[0]['id']}?{urlencode(query + more)}"
            for visitor in ("program", "browser", "search engine"):
                yield Asked("GET", target, tuple(VISITORS[visitor].items()))
        for odd in ("threshold=99", f"reached={NOBODY}", "opened=", "turn=2", "limit=3"):
            target = f"/api/v1/stories/{self.stories[0]['id']}?{odd}"
            yield Asked("GET", target, tuple(VISITORS["program"].items()))

    # --- moves ---------------------------------------------------------------------------------

    def moves(self) -> Iterator[Asked]:
        """Every move, in range and out of it, of scenes known, hidden and of nobody's."""
        scenes = ["", NOBODY, *self._some(self.covered, 4), *self._some(self.hidden_scenes, 4)]
        for scene in scenes:
            for move, field in (("next", "from"), ("seen", "scene"), ("back", "scene")):
                yield self._posted(move, {field: scene})
        for scene in [NOBODY, *self._some(self.covered, 3), *self._some(self.gates, 2)]:
            yield self._posted(f"scenes/{scene}/open", {})
        for scene in [NOBODY, *self._some(self.covered, 3), *self._some(self.hidden_scenes, 3)]:
            yield self._posted(f"scenes/{scene}/close", {})
        for seen in self._some(scenes, 4):
            yield self._posted("back", {"scene": self.rng.choice(scenes), "seen": seen})
        for threshold in (*range(len(self.stories[0]["levels"]) + 1), -1, "all"):
            yield self._posted("threshold", {"threshold": str(threshold)})
            yield self._posted("start", {"threshold": str(threshold)})
        yield self._posted("seen", {"all": "yes"})
        yield self._posted("seen", {"all": "yes", "scene": ""})
        for warned in ("yes", "no", "perhaps"):
            yield self._posted("warned", {"warned": warned})
        yield self._posted("forget", {})
        for code in ("nonsense", f"{self.stories[0]['id']}.2.0.1.0.0.....", ""):
            yield self._posted("carry", {"code": code})

    @cached_property
    def sayings(self) -> list[str]:
        """Places as either story has them, between them, before and past them, and of no kind."""
        markers = [s["marker"] for story in self.stories for s in story["scenes"] if "marker" in s]
        between = [re.sub(r"\d+", lambda _: str(self.rng.randrange(60)), one) for one in markers]
        coarser = [one.rpartition(" ")[0] for one in markers]
        usual = ["12:30", "0:05:00", "1", "99", "S1E1", "act 2", "45 min", "nowhere", "twelve", ""]
        some = [*self._some(markers, 4), *self._some(between, 4), *self._some(coarser, 2)]
        return [*some, *(f"{one}:00" for one in self._some(markers, 2)), *self._some(usual, 5)]

    def said(self) -> Iterator[Asked]:
        """Places that are said and not confirmed."""
        for marker in self.sayings:
            yield self._posted("seen", {"marker": marker})

    def confirmed(self) -> Iterator[Asked]:
        """Moves by a place that was confirmed."""
        for marker in self.sayings:
            yield self._posted("seen", {"marker": marker, "sure": "yes"})

    def _posted(self, move: str, fields: dict[str, str]) -> Asked:
        part = dict(VISITORS["htmx part"]) if self.rng.random() < 0.5 else {}
        body = urlencode(fields).encode()
        return Asked(
            "POST", f"{self.home}/{move}{self._here()}", tuple((part | OURS).items()), body
        )

    def _here(self) -> str:
        """Where the form says that it stands: anywhere, even where nobody may be."""
        pages = ["", "read", "front", "people", "carry", "search", "shape", "elsewhere"]
        pages += [f"scenes/{one}" for one in self._some([*self.covered, *self.hidden_scenes], 2)]
        pages += [f"people/{one}" for one in self._some(self.people, 2)]
        view = [("page", self.rng.choice(pages))]
        for name, of in (("who", self.people), ("before", self.hidden_scenes)):
            if of and self.rng.random() < 0.3:
                view.append((name, self.rng.choice(of)))
        if self.rng.random() < 0.3:
            view.append(("order", "happened"))
        return f"?{urlencode(view)}"


def knows_all(story: Document) -> Reader:
    """Give a reader from whom nothing is hidden."""
    count = len(story["scenes"])
    return Reader(len(story["levels"]) - 1, count, count, finished=True)


def _texts(value: object) -> str:
    if isinstance(value, dict):
        return " ".join(_texts(inner) for name, inner in value.items() if name != "url")
    if isinstance(value, list):
        return " ".join(map(_texts, value))
    return value if isinstance(value, str) else ""
