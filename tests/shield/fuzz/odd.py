"""Odd requests by chance: each is made of a seed and its number, so that any can be made again."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from random import Random
from typing import TypeVar
from urllib.parse import quote

# So many readers there are, whose bookmarks were made by chance.
READERS = 300

_Thing = TypeVar("_Thing")

# Whoever sees this name in the header of an answer has found a way to write headers.
INJECTED = "X-Injected"

_JUNK: Sequence[str] = (
    *("", " ", "0", "-1", "1", "9" * 30, "1e309", "NaN", "null", "true", "[]", "{}", "A" * 300),
    *("\x00", "\x1b[31m", "\x7f", "\u202e", "\ufeff", "\ufffe", "é", "발레리나", "🦢" * 9, "ſ"),
    *("..", "../../etc/passwd", "..\\..\\x", ".", "//", "///evil.example", "\\\\evil.example", "~"),
    *("<script>alert(1)</script>", "\"'><b>", "{{7*7}}", "{% raw %}", "${7*7}", "%s%n", "`id`"),
    *("' OR 1=1--", "; DROP TABLE story", "|ls", "*", "?", "#", "&", "=", ";", ",", "%", "+", ":"),
    *(f"\r\n{INJECTED}: yes", f"a\n{INJECTED}: yes", "http://evil.example/", "javascript:alert(1)"),
    *("any", "all", "told", "happened", "present", "flashback", "dream", "yes", "no", "00:45"),
    *(
        "chapter 7",
        "S1E2",
        "Act II, scene 1",
        "12 min 5 s",
        "9" * 200 + ":00",
        "\u0661\u0662",
        "第３話",
    ),
)
_ESCAPES = ("%00", "%", "%zz", "%ff", "%c0%af", "%ed%a0%80", "%2f", "%5c", "%2e%2e", "%25")
_METHODS = ("PUT", "PATCH", "DELETE", "TRACE", "CONNECT", "BREW", "get", "PoSt", "PRI", "A" * 300)
_NAMES = (
    *("who", "match", "time", "order", "before", "after", "q", "page", "threshold", "reached"),
    *("seen", "opened", "turn", "limit", "from", "scene", "marker", "code", "warned", "_method"),
    *("sure", "all", "since", "saw"),
)
_HEADERS = (
    *("Accept", "Accept-Encoding", "Accept-Language", "Authorization", "Cache-Control", "Expect"),
    *("Content-Encoding", "Forwarded", "HX-Request", "HX-Target", "HX-Current-URL", "HX-Boosted"),
    *("If-Match", "If-Modified-Since", "If-None-Match", "If-Range", "Proxy", "Range", "Referer"),
    *("Sec-Fetch-Dest", "Sec-Fetch-Mode", "Sec-Purpose", "TE", "Upgrade", "User-Agent", "Via"),
    *("X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Prefix", "X-Forwarded-Proto"),
    *("X-HTTP-Method-Override", "X-Original-URL", "X_Forwarded_Host", "X-Real-IP"),
)
_KINDS = (
    *("application/json", "text/plain", "multipart/form-data", "multipart/form-data; boundary=x"),
    *("application/x-www-form-urlencoded; charset=utf-16", "a/b; c=d", "\xff"),
)


@dataclass(frozen=True, slots=True)
class Odd:
    """One request as bytes. Of one that is `broken` nobody knows whether it is whole."""

    sent: bytes
    broken: bool


@dataclass(frozen=True, slots=True)
class Ground:
    """What requests are made of: routes by method and rule, and what may be filled in."""

    routes: Sequence[tuple[str, str]]
    stories: Sequence[str]
    keys: Sequence[str]
    files: Sequence[str]


def request(ground: Ground, seed: str, number: int) -> Odd:
    """Make one request."""
    maker = _Maker(ground, Random(f"{seed} {number}"))
    whole = maker.whole()
    if not maker.chance(0.12):
        return Odd(whole, broken=maker.torn)
    return Odd(maker.bitten(whole), broken=True)


class _Maker:
    def __init__(self, ground: Ground, random: Random) -> None:
        self.ground = ground
        self.random = random
        self.torn = False

    def chance(self, share: float) -> bool:
        return self.random.random() < share

    def one(self, things: Sequence[_Thing]) -> _Thing:
        return self.random.choice(things)

    # --- words ---

    def junk(self) -> str:
        word = self.one(_JUNK)
        return word * self.random.randint(1, 60) if self.chance(0.05) else word

    def word(self) -> str:
        """Give something that may mean something, or not."""
        return self.one(self.ground.keys) if self.chance(0.5) else self.junk()

    def escaped(self) -> str:
        if self.chance(0.2):
            return self.one(_ESCAPES) + quote(self.junk(), safe="")
        return quote(self.word(), safe=self.one(("", "/", ":@", "/;=")))

    # --- the address ---

    def target(self, rule: str) -> str:
        path = self.path(rule)
        if self.chance(0.1):
            path = "/" + "/".join(self._several(self.escaped, 5))
        if self.chance(0.02):
            path = self.one(("*", "http://evil.example" + path, "localhost:80", "", path[1:]))
        return path + ("?" + self.query() if self.chance(0.6) else "")

    def path(self, rule: str) -> str:
        filled = [self._filled(piece) for piece in rule.split("/")]
        if self.chance(0.05):
            filled.insert(self.random.randint(1, len(filled)), self.escaped())
        return "/".join(filled)

    def _filled(self, piece: str) -> str:
        if self.chance(0.03):
            return self.escaped()
        if not piece.startswith("<"):
            return piece
        if "story" in piece:
            return self.one(self.ground.stories)
        return self.one(self.ground.files if "filename" in piece else self.ground.keys)

    def query(self) -> str:
        most = self.one((400, 4000)) if self.chance(0.02) else 6
        return self.one("&&&&;").join(self._several(self.pair, most))

    def pair(self) -> str:
        name = self.one(_NAMES) if self.chance(0.9) else self.escaped()
        return f"{name}={self.escaped()}" if self.chance(0.95) else name

    # --- the headers ---

    def headers(self) -> list[str]:
        host = "localhost" if self.chance(0.98) else self._line()
        lines = ["Host: " + host, "Connection: close"] if self.chance(0.98) else []
        if self.chance(0.6):
            lines += [f"Cookie: {'; '.join(self._several(self.cookie, 3))}"]
        if self.chance(0.9):
            lines += [f"Sec-Fetch-Site: {self.one(('same-origin',) * 9 + ('none', 'cross-site'))}"]
        if self.chance(0.3):
            lines += ["HX-Request-Type: " + self.one(("partial", "full", self._line()))]
        if self.chance(0.1):
            lines += ["Origin: " + self.one(("http://localhost", "null", self._line()))]
        if self.chance(0.4):
            lines += self._several(lambda: f"{self.one(_HEADERS)}: {self._line()}", 4)
        if self.chance(0.01):
            lines += [f"X-{n}: {self._line()}" for n in range(self.random.randint(50, 150))]
        return lines

    def _line(self) -> str:
        """Give what may stand in a header, or nearly so."""
        word = "".join(self.word().splitlines())
        return word if self.chance(0.05) else re.sub(r"[\x00-\x1f\x7f]", "", word)

    def cookie(self) -> str:
        """Give a bookmark, mostly one of a crowd, or the memory of pages would never be full."""
        if self.chance(0.9):
            crowd = Random(self.random.randrange(READERS))
            return "bookmark=" + _Maker(self.ground, crowd).bookmark()
        return "bookmark=" + self._line()

    def bookmark(self) -> str:
        def key() -> str:
            return self.one(self.ground.keys) if self.chance(0.9) else ""

        many = self.random.randint(0, 210 if self.chance(0.05) else 6)
        form = ["1"] if self.chance(0.2) else ["2", self.one("01")]
        fields = [*form, self.one("0123"), self.one("0123456"), self.one("01")]
        fields += [key(), key(), "".join(key() for _ in range(many)), key()]
        if self.chance(0.2):
            fields[self.random.randrange(len(fields))] = self._line()
        return ".".join(fields)

    # --- the form ---

    def form(self) -> bytes:
        if self.chance(0.1):
            return self.random.randbytes(self.random.randint(0, 400))
        if self.chance(0.01):
            return b"from=" + b"a" * self.random.randint(60_000, 70_000)
        return self.query().encode()

    def length(self, form: bytes) -> str:
        if self.chance(0.97):
            return f"Content-Length: {len(form)}"
        self.torn = True
        wrong = (str(len(form) + 9), "-1", "+1", "9" * 25, "a", "", f"{len(form)}, 1")
        return self.one(("Transfer-Encoding: chunked", *(f"Content-Length: {n}" for n in wrong)))

    # --- the whole ---

    def whole(self) -> bytes:
        method, rule = self.one(self.ground.routes)
        form = self.form() if method == "POST" or self.chance(0.05) else b""
        if self.chance(0.1):
            method = self.one(("GET", "HEAD", "OPTIONS", "POST", self.one(_METHODS)))
        lines = self.headers()
        if form:
            kind = self.one(_KINDS) if self.chance(0.1) else "application/x-www-form-urlencoded"
            lines += [self.length(form), f"Content-Type: {kind}"]
        self.random.shuffle(lines)
        # Without these nobody says when the answer ends.
        self.torn |= "Connection: close" not in lines
        head = "\r\n".join([f"{method} {self.target(rule)} HTTP/1.1", *lines, "", ""])
        return head.encode(errors="surrogateescape") + form

    def bitten(self, whole: bytes) -> bytes:
        """Flip, drop, double or cut some bytes."""
        bytes_ = bytearray(whole)
        for _ in range(self.random.randint(1, 8)):
            at = self.random.randrange(len(bytes_))
            bite = self.random.randrange(5)
            if bite == 0:
                bytes_[at] = self.random.randrange(256)
            elif bite == 1:
                bytes_[at:at] = self.random.randbytes(self.random.randint(1, 5))
            elif bite == 2 and len(bytes_) > 9:
                del bytes_[at : at + self.random.randint(1, 5)]
            elif bite == 3:
                bytes_[at:at] = bytes_[at : at + self.random.randint(1, 50)]
            elif len(bytes_) > 40 and self.chance(0.3):
                del bytes_[at:]
            bytes_ = bytes_ or bytearray(b"\n")
        return bytes(bytes_)

    def _several(self, make: Callable[[], str], most: int) -> list[str]:
        return [make() for _ in range(self.random.randint(1, most))]
