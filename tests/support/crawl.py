"""A browser for tests, made of nothing but WSGI: it asks, keeps cookies and finds addresses.

It knows no template and no route. What looks like an address in any attribute is one, so that a
new link, form or htmx attribute is crawled from the day it is written.
"""

from __future__ import annotations

import gzip
import io
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from html import unescape
from html.parser import HTMLParser
from typing import TYPE_CHECKING
from urllib.parse import unquote_to_bytes, urlencode, urljoin, urlsplit

import brotli
from backports import zstd

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication, WSGIEnvironment

PART = {"HX-Request": "true", "HX-Request-Type": "partial"}
OURS = {"Sec-Fetch-Site": "same-origin"}

_UNPACK: dict[str, Callable[[bytes], bytes]] = {
    "": bytes,
    "br": brotli.decompress,
    "gzip": gzip.decompress,
    "zstd": zstd.decompress,
}
_MAIN = re.compile(rb"<main\b.*?</main>", re.DOTALL)
_ADDRESS = re.compile(r'\s(?!aria-)[\w-]+="((?:[/?#]|https?:)[^"]*)"')
_POST = re.compile(r"""<form\b[^>]*\bmethod="post"[^>]*>""")
_LEADING = re.compile("location|content-location|link|refresh|hx-.*", re.IGNORECASE)
_VOID = frozenset(
    ("area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "wbr")
)


# --- what an answer is -------------------------------------------------------------------------


@dataclass(frozen=True)
class Answer:
    """Everything that travels back for one request."""

    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes

    def header(self, name: str) -> str | None:
        """Give the value of a header; None where it is not there."""
        return next(iter(self.every(name)), None)

    def every(self, name: str) -> list[str]:
        """Give all values of a header."""
        return [value for key, value in self.headers if key.lower() == name.lower()]

    @cached_property
    def sent(self) -> bytes:
        """Status, headers and body as the bytes that somebody could read."""
        lines = [str(self.status), *(f"{name}: {value}" for name, value in self.headers)]
        return "\r\n".join(lines).encode("latin-1") + b"\r\n\r\n" + self.body

    @cached_property
    def unpacked(self) -> bytes:
        """The body as it was before it was compressed on its way."""
        unpack = _UNPACK[self.header("Content-Encoding") or ""]
        return unpack(self.body) if self.body else b""

    @cached_property
    def text(self) -> str:
        """The body as text."""
        return self.unpacked.decode()

    @property
    def main(self) -> bytes:
        """The main part of a page, with its tag."""
        found = _MAIN.findall(self.unpacked)
        assert len(found) == 1, f"{len(found)} main parts in {self.unpacked[:200]!r}"
        return bytes(found[0])

    @cached_property
    def page(self) -> Page:
        """The body as a page of HTML; without anything in it where it is something else."""
        html = (self.header("Content-Type") or "").startswith("text/html")
        return Page.read(self.text) if html else Page()


# --- what a page holds -------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, eq=False)
class Element:
    """A tag with its attributes, and the elements it stands in, the nearest last."""

    tag: str
    attributes: Mapping[str, str]
    within: tuple[Element, ...] = ()

    def get(self, name: str) -> str | None:
        """Give an attribute; None where it is not there."""
        return self.attributes.get(name)


@dataclass(frozen=True, slots=True)
class Form:
    """A form as a browser would send it: each way of filling it in that the page offers."""

    method: str
    action: str
    fillings: tuple[tuple[tuple[str, str], ...], ...]


@dataclass(slots=True)
class Page:
    """What is found in HTML: elements in their order, and the text between them."""

    elements: list[Element] = field(default_factory=list)
    words: list[str] = field(default_factory=list)

    @classmethod
    def read(cls, html: str) -> Page:
        """Read HTML."""
        page = cls()
        parser = _Parser(page)
        parser.feed(html)
        parser.close()
        return page

    @property
    def text(self) -> str:
        """The text that stands in it, spaces made single."""
        return " ".join(" ".join(self.words).split())

    @property
    def ids(self) -> list[str]:
        """All anchors."""
        return [one for element in self.elements if (one := element.get("id"))]

    @property
    def addresses(self) -> list[str]:
        """Whatever looks like an address in any attribute but those of forms that move."""
        found = []
        for element in self.elements:
            for name, value in element.attributes.items():
                posts = element.tag == "form" and (element.get("method") or "").lower() == "post"
                if (name == "action" and posts) or name.startswith("aria-"):
                    continue
                if name in ("href", "src", "action") or re.match(r"[/?#]|https?:", value):
                    found.append(value)
        return found

    @property
    def forms(self) -> list[Form]:
        """All forms that have an action."""
        return [
            Form((one.get("method") or "get").lower(), one.attributes["action"], self._filled(one))
            for one in self.elements
            if one.tag == "form" and "action" in one.attributes
        ]

    def one(self, tag: str, **attributes: str) -> Element:
        """Give the only element with this tag and these attributes."""
        found = self.all(tag, **attributes)
        assert len(found) == 1, f"{len(found)} elements {tag} {attributes}"
        return found[0]

    def all(self, tag: str, **attributes: str) -> list[Element]:
        """Give the elements with this tag and these attributes; `class_` asks for one class."""
        return [element for element in self.elements if _matches(element, tag, attributes)]

    def _filled(self, form: Element) -> tuple[tuple[tuple[str, str], ...], ...]:
        fixed: list[tuple[str, str]] = []
        choice: list[tuple[str, str]] = []
        for element in self.elements:
            if "disabled" in element.attributes or not any(one is form for one in element.within):
                continue
            name, value = element.get("name"), element.get("value") or ""
            if element.tag == "option":
                name = next(e.get("name") for e in reversed(element.within) if e.tag == "select")
            if not name or element.tag == "select":
                continue
            chosen = element.tag in ("option", "button") or element.get("type") == "radio"
            (choice if chosen else fixed).append((name, value))
        return tuple((*fixed, one) for one in choice) or (tuple(fixed),)


class _Parser(HTMLParser):
    def __init__(self, page: Page) -> None:
        super().__init__()
        self._page = page
        self._open: list[Element] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        element = Element(tag, values, tuple(self._open))
        self._page.elements.append(element)
        if tag not in _VOID:
            self._open.append(element)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in _VOID:
            self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        while self._open:
            if self._open.pop().tag == tag:
                return

    def handle_data(self, data: str) -> None:
        self._page.words.append(data)


def _matches(element: Element, tag: str, attributes: Mapping[str, str]) -> bool:
    if element.tag != tag:
        return False
    for name, value in attributes.items():
        if name == "class_":
            if value not in (element.get("class") or "").split():
                return False
        elif element.get(name.replace("_", "-")) != value:
            return False
    return True


# --- asking ------------------------------------------------------------------------------------


def ask(
    app: WSGIApplication,
    method: str,
    target: str,
    headers: Mapping[str, str] | Iterable[tuple[str, str]] = (),
    body: bytes = b"",
    base: str = "http://localhost",
) -> Answer:
    """Send one request; `target` is what stands after the host, `base` what stands before it."""
    answer: list[tuple[str, list[tuple[str, str]]]] = []

    def start_response(
        status: str, headers: list[tuple[str, str]], exc_info: object = None
    ) -> None:
        answer.append((status, headers))

    given = headers.items() if isinstance(headers, Mapping) else headers
    chunks = app(_environ(method, target, given, body, base), start_response)  # type: ignore[arg-type]
    try:
        content = b"".join(chunks)
    finally:
        getattr(chunks, "close", lambda: None)()
    status, sent = answer[-1]
    return Answer(int(status[:3]), tuple(sent), content)


def _environ(
    method: str, target: str, headers: Iterable[tuple[str, str]], body: bytes, base: str
) -> WSGIEnvironment:
    path, _, query = target.partition("#")[0].partition("?")
    scheme, host = base.split("://")
    environ: WSGIEnvironment = {
        "REQUEST_METHOD": method,
        "SCRIPT_NAME": "",
        "PATH_INFO": unquote_to_bytes(path).decode("latin-1"),
        "QUERY_STRING": query.encode(errors="surrogateescape").decode("latin-1"),
        "SERVER_NAME": "localhost",
        "SERVER_PORT": "80",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "REMOTE_ADDR": "127.0.0.1",
        "HTTP_HOST": host,
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": scheme,
        "wsgi.input": io.BytesIO(body),
        "wsgi.errors": io.StringIO(),
        "wsgi.multithread": False,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
    }
    if body or method == "POST":
        environ["CONTENT_LENGTH"] = str(len(body))
        environ["CONTENT_TYPE"] = "application/x-www-form-urlencoded"
    for name, value in headers:
        key = name.upper().replace("-", "_")
        key = key if key in ("CONTENT_TYPE", "CONTENT_LENGTH") else f"HTTP_{key}"
        environ[key] = value
    return environ


class Reader:
    """One reader's browser. It keeps cookies as their paths say, and sends what our pages send.

    `part` asks as htmx does, for the part of a page that changes.
    """

    def __init__(
        self,
        app: WSGIApplication,
        *,
        part: bool = False,
        base: str = "http://localhost",
        headers: Mapping[str, str] | None = None,
    ) -> None:
        """Take the application and where it is."""
        self.app = app
        self.base = base
        self.cookies: dict[str, str] = {}
        self.headers = {**(PART if part else {}), **(headers or {})}

    def keep(self, path: str, value: str) -> Reader:
        """Hold a bookmark's cookie for a path, as if it had been set before."""
        self.cookies[path] = f"bookmark={value}"
        return self

    def get(self, target: str, headers: Mapping[str, str] | None = None) -> Answer:
        """Ask for an address."""
        return self.send("GET", target, headers=headers)

    def post(
        self,
        target: str,
        fields: Mapping[str, str] | Iterable[tuple[str, str]] = (),
        headers: Mapping[str, str] | None = None,
    ) -> Answer:
        """Send a form of our own site."""
        given = list(fields.items() if isinstance(fields, Mapping) else fields)
        return self.send("POST", target, urlencode(given).encode(), {**OURS, **(headers or {})})

    def send(
        self,
        method: str,
        target: str,
        body: bytes = b"",
        headers: Mapping[str, str] | None = None,
    ) -> Answer:
        """Send anything, with the cookies that belong to the address."""
        cookies = "; ".join(
            cookie
            for path, cookie in self.cookies.items()
            if (urlsplit(target).path + "/").startswith(path.rstrip("/") + "/")
        )
        sent = {**self.headers, **({"Cookie": cookies} if cookies else {}), **(headers or {})}
        answer = ask(self.app, method, target, sent, body, self.base)
        for line in answer.every("Set-Cookie"):
            self._take(line)
        return answer

    def _take(self, line: str) -> None:
        cookie, *rest = (piece.strip() for piece in line.split(";"))
        attributes = {
            name.lower(): value for name, _, value in (piece.partition("=") for piece in rest)
        }
        if attributes.get("max-age") == "0":
            self.cookies.pop(attributes["path"], None)
        else:
            self.cookies[attributes["path"]] = cookie


# --- crawling ----------------------------------------------------------------------------------


def crawl(reader: Reader, starts: Iterable[str], most_pairs: int = 2) -> dict[str, Answer]:
    """Ask for every address that leads on from some; gives the answers by address.

    Follows whatever looks like an address, redirects too, as far as it is on this site and its
    query has at most so many pairs, since views can be combined without end.
    """
    answers: dict[str, Answer] = {}
    queue = list(dict.fromkeys(starts))
    while queue:
        target = queue.pop()
        if target in answers:
            continue
        answer = answers[target] = reader.get(target)
        queue += [one for one in leads(target, answer, reader.base) if _followed(one, most_pairs)]
    return answers


def leads(target: str, answer: Answer, base: str = "http://localhost") -> Iterator[str]:
    """Give the addresses on this site to which an answer leads, without their anchors."""
    found = [value for name, value in answer.headers if _LEADING.fullmatch(name)]
    if (answer.header("Content-Type") or "").startswith("text/html"):
        lines = answer.text.split("\n")
        found += [address for line in lines for address in _addresses(line)]
    for address in dict.fromkeys(found):
        if address.startswith("/") and not address.startswith("//"):
            yield address.partition("#")[0]
            continue
        whole = urlsplit(urljoin(f"{base}{target}", address))
        if f"{whole.scheme}://{whole.netloc}" == base:
            yield whole.path + (f"?{whole.query}" if whole.query else "")


@lru_cache(100_000)
def _addresses(line: str) -> tuple[str, ...]:
    """Find what `Page.addresses` would; quicker, since a crawl asks for it thousands of times."""
    return tuple(map(unescape, _ADDRESS.findall(_POST.sub("", line))))


def _followed(target: str, most_pairs: int) -> bool:
    path, _, query = target.partition("?")
    return "/static/" not in path and query.count("&") < most_pairs


def lost_anchors(reader: Reader, answers: Mapping[str, Answer]) -> list[str]:
    """Give the links in some answers to anchors that the page they lead to does not have."""
    lost = []
    for target, answer in answers.items():
        found = [*answer.every("Location"), *answer.page.addresses]
        for address in found:
            whole = urlsplit(urljoin(f"{reader.base}{target}", address))
            at = whole.path + (f"?{whole.query}" if whole.query else "")
            if whole.fragment and at in answers and whole.fragment not in answers[at].page.ids:
                lost.append(f"{target} -> {address}")
    return lost
