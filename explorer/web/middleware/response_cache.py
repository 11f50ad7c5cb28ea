"""The layer in front of the application: what was answered before is answered from memory.

Most pages are a pure function of the story's revision, the bookmark, the address and the form of
the answer, and those are all that a key holds. So an answer from here is the answer that the
application would give, and who asks before or after makes no difference to it. Whoever makes such
an answer says so by `mark`; nothing else is remembered.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from explorer.bounded_cache import BoundedCache

STORIES = "/stories/"
STATIC = "/static/"

# What an entry weighs in bytes beside its body and its key: its headers and its place in line.
_OVERHEAD = 2_500

# What asks for a part of a file, or only for a newer one, is left to whoever knows files.
_PICKY = ("HTTP_RANGE", "HTTP_IF_NONE_MATCH", "HTTP_IF_MODIFIED_SINCE", "HTTP_IF_RANGE")

# An answer may depend on these headers of its request, of the cookies on the bookmark; the key has
# them all.
_IN_THE_KEY = {"cookie", "hx-request-type", "accept-encoding"}

# These headers of an answer say for whom it is.
_TELLING = {"vary", "set-cookie"}

# What a request brings along has other names, so nobody can send this.
_MARK = "explorer.repeatable"

HeaderList = list[tuple[str, str]]
Key = tuple[str, ...]


def mark(environ: WSGIEnvironment) -> None:
    """Say of the answer to a request that it may be given to all who ask the same.

    That is: it depends on nothing but the story's revision, the bookmark, the address, whether a
    part of the page is asked for, and how it is to be compressed.
    """
    environ[_MARK] = True


@dataclass(frozen=True, slots=True)
class Answer:
    """A whole answer, ready to be given again."""

    status: str
    headers: tuple[tuple[str, str], ...]
    body: bytes

    @property
    def is_for_all(self) -> bool:
        """Whether its status and headers let everyone have it who asks the same."""
        telling = [pair for pair in self.headers if pair[0].lower() in _TELLING]
        return self.status.startswith("200 ") and all(map(_is_for_all, telling))


def _is_for_all(header: tuple[str, str]) -> bool:
    """Whether a header that may say for whom the answer is says that the key tells them apart."""
    name, value = header
    words = value.lower().replace(" ", "").split(",")
    return name.lower() == "vary" and _IN_THE_KEY.issuperset(words)


def weight(key: Key, answer: Answer) -> int:
    """Give about how many bytes an answer takes in memory."""
    return len(answer.body) + sum(map(len, key)) + _OVERHEAD


class ResponseCache:
    """A WSGI application that remembers those answers of another one that are marked."""

    def __init__(
        self,
        app: WSGIApplication,
        revision: Callable[[str, int], int | None],
        bookmark: Callable[[str], tuple[str, int]],
        most: int,
    ) -> None:
        """Take the application and how many bytes to remember.

        `revision` gives a story's revision by its id and the one that the reader names,
        `bookmark` the text of the bookmark in a header of cookies, and the revision that it names.
        """
        self._app = app
        self._revision = revision
        self._bookmark = bookmark
        self.memory: BoundedCache[Key, Answer] = BoundedCache(most)

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer a request, from memory where that can be."""
        key = self._key(environ)
        if key is None:
            return self._app(environ, start_response)
        answer = self.memory.get(key)
        if answer is None:
            environ.pop(_MARK, None)
            answer = self._asked(environ)
            # An import may have come in between; then it is the answer to another question.
            if _MARK in environ and answer.is_for_all and self._key(environ) == key:
                self.memory.keep(key, answer, weight(key, answer))
        start_response(answer.status, list(answer.headers))
        return (answer.body,)

    def _key(self, environ: WSGIEnvironment) -> Key | None:
        """What an answer hangs on; None where it is not for the memory."""
        whose = self._whose(environ) if environ["REQUEST_METHOD"] == "GET" else None
        if whose is None:
            return None
        revision, reader = whose
        return (
            environ["PATH_INFO"],
            environ["QUERY_STRING"],
            str(revision),
            reader,
            "part" if environ.get("HTTP_HX_REQUEST_TYPE") == "partial" else "page",
            environ.get("HTTP_ACCEPT_ENCODING", ""),
            environ.get("HTTP_HOST", ""),
            environ["wsgi.url_scheme"],
        )

    def _whose(self, environ: WSGIEnvironment) -> tuple[int, str] | None:
        """Of which revision an answer is and for which bookmark; files are of none and for all."""
        path: str = environ["PATH_INFO"]
        if path.startswith(STORIES):
            story = path[len(STORIES) :].partition("/")[0]
            return self._in_story(story, environ.get("HTTP_COOKIE", ""))
        is_file = path.startswith(STATIC) and not any(name in environ for name in _PICKY)
        return (0, "") if is_file else None

    def _in_story(self, story: str, cookies: str) -> tuple[int, str] | None:
        reader, least = self._bookmark(cookies)
        try:
            revision = self._revision(story, least)
        except Exception:  # noqa: BLE001 - what is the matter is the application's to say
            return None
        if revision is None:
            return None
        # Who names a newer one made it up: it was asked for, and there is none.
        return revision, reader

    def _asked(self, environ: WSGIEnvironment) -> Answer:
        """Ask the application, and give the whole of what it says."""
        begun: list[Any] = []

        def start(status: str, headers: HeaderList, _: object = None, /) -> Callable[[bytes], Any]:
            # The server says what time it is; a time from memory would be wrong.
            begun[:] = status, tuple(pair for pair in headers if pair[0] != "Date"), []
            written: list[bytes] = begun[2]
            return written.append

        pieces = self._app(environ, start)
        try:
            body = b"".join(pieces)
        finally:
            close = getattr(pieces, "close", None)
            if close is not None:
                close()
        status, headers, written = begun
        return Answer(status, headers, b"".join(written) + body)
