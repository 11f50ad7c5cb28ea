"""What is asked of the app: its pages at a place in a story, each as the bytes of a request."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations, islice, product

from bench.answers import Request
from explorer.knowledge.bookmark import Position, bookmark_of
from explorer.knowledge.bookmark_text import encode
from explorer.story.model import Scene, Story

# More than any memory in the app holds, so that none of them has been asked for lately.
VARIANTS = 2_000
PACKED = {"Accept-Encoding": "gzip, deflate, br, zstd"}
_PART = {"HX-Request-Type": "partial", "Sec-Fetch-Site": "same-origin"}


def head(
    method: str, path: str, cookie: str = "", body: str = "", headers: dict[str, str] | None = None
) -> bytes:
    """Give a request as it goes over the wire."""
    lines = [f"{method} {path} HTTP/1.1", "Host: 127.0.0.1"]
    lines += [f"{name}: {value}" for name, value in (headers or {}).items()]
    if cookie:
        lines.append(f"Cookie: bookmark={cookie}")
    if body:
        lines += ["Content-Type: application/x-www-form-urlencoded", f"Content-Length: {len(body)}"]
    return ("\r\n".join(lines) + "\r\n\r\n" + body).encode("ascii")


@dataclass(frozen=True)
class Asker:
    """Asks one server for the pages of one story.

    With `anew` each request in turn comes from a reader whom the app has not met lately, who is
    told the same; without, all come from one.
    """

    story: Story
    port: int
    anew: bool = False

    @property
    def top(self) -> int:
        """The highest level."""
        return len(self.story.levels) - 1

    @property
    def count(self) -> int:
        """How many scenes there are."""
        return len(self.story.scenes)

    def get(
        self,
        name: str,
        path: str,
        *holds: str,
        place: Position | None = None,
        headers: dict[str, str] | None = None,
    ) -> Request:
        """Ask for a page below the story's address; everything is reached and told, if not said."""
        place = place or self.at(self.count)
        whole = f"/stories/{self.story.id}{path}"
        heads = tuple(head("GET", whole, cookie, headers=headers) for cookie in self.cookies(place))
        return Request(name, self.port, heads, holds)

    def at(self, reached: int) -> Position:
        """Stand at a scene, told everything."""
        return Position(threshold=self.top, reached=reached)

    def cookies(self, place: Position) -> Iterator[str]:
        """Give the text of a bookmark, or of many that are told the same."""
        places = islice(varied(place), VARIANTS) if self.anew else (place,)
        return (encode(bookmark_of(self.story, one)) for one in places)

    # --- pages ---

    def read(self, name: str, reached: int, headers: dict[str, str] | None = None) -> Request:
        """The reading page of a reader who has reached so many scenes."""
        title = _title(self.story.scenes[reached - 1])
        return self.get(name, "/read", title, place=self.at(reached), headers=headers)

    def next(self, name: str, reached: int) -> Request:
        """Turn to this scene, as htmx does."""
        scenes = self.story.scenes
        body = f"from={scenes[reached - 2].key}"
        path = f"/stories/{self.story.id}/next?page=read"
        cookies = self.cookies(self.at(reached - 1))
        heads = tuple(head("POST", path, cookie, body, _PART) for cookie in cookies)
        return Request(name, self.port, heads, (_title(scenes[reached - 1]),))

    def permalink(self, name: str, scene: int) -> Request:
        """A scene at its own address."""
        entry = self.story.scenes[scene]
        return self.get(name, f"/scenes/{entry.key}", _title(entry))

    def veiled(self, name: str) -> Request:
        """The first veiled scene at its own address, everything being reached."""
        scenes = self.story.scenes
        at = next(n for n, scene in enumerate(scenes) if scene.tellings[0].level > 0)
        place = Position(threshold=0, reached=self.count)
        # Whoever varies in what they have seen must not have seen this one.
        places = varied(place, seen=at, opened=range(at + 1, self.count))
        chosen = islice(places, VARIANTS) if self.anew else (place,)
        cookies = (encode(bookmark_of(self.story, one)) for one in chosen)
        path = f"/stories/{self.story.id}/scenes/{scenes[at].key}"
        heads = tuple(head("GET", path, cookie) for cookie in cookies)
        return Request(name, self.port, heads, ("stays veiled",))


def _title(scene: Scene) -> str:
    """The longest piece of a scene's full title that is the same in HTML."""
    return max(re.split("[<>&\"']", scene.full.title), key=len)


def varied(
    place: Position, seen: int | None = None, opened: range | None = None
) -> Iterator[Position]:
    """Give places of readers who are told the same as at this one, for whom the app has to think.

    They differ in how far they know the work (to scene `seen` at most) and in what they opened of
    what is shown to them anyhow.
    """
    most = place.reached if seen is None else seen
    choices = opened if opened is not None else range(place.reached)
    pairs = (frozenset(pair) for pair in combinations(choices, 2))
    knows = range(most, max(-1, most - 20), -1)
    for pair, known, warned in product(islice(pairs, VARIANTS), knows, (False, True)):
        yield Position(place.threshold, place.reached, known, pair, warned)
