"""The bookmark's cookie: read out of a request, and set by moves alone."""

from __future__ import annotations

from functools import lru_cache

from flask import Response, request
from werkzeug.http import dump_cookie
from werkzeug.sansio.http import parse_cookie

from explorer.knowledge import bookmark_text
from explorer.knowledge.bookmark import FIRST, Bookmark
from explorer.reading.reading import Reading

COOKIE = "bookmark"
COOKIE_AGE = 400 * 24 * 60 * 60
MOST_COOKIES = 1024
# So many stories have their cookies' terms remembered.
MOST_TERMS = 256
# Headers of cookies that are longer are read anew each time; hardly any reader has such a one.
USUAL_COOKIES = 500


def bookmark() -> Bookmark:
    """Read the bookmark of the request; missing, malformed or doubled, it is the first one."""
    return _bookmark_in(request.environ.get("HTTP_COOKIE", ""))[0]


def text(cookies: str) -> tuple[str, int]:
    """Give the text of the bookmark in a header of cookies, and the revision that it names.

    The text is one for all that say the same.
    """
    bookmark, written = _bookmark_in(cookies)
    return written, bookmark.revision


def _bookmark_in(cookies: str) -> tuple[Bookmark, str]:
    return _usual(cookies) if len(cookies) <= USUAL_COOKIES else _read(cookies)


def _read(cookies: str) -> tuple[Bookmark, str]:
    """Read the bookmark in a header of cookies; gives it with its text in its usual form."""
    found = parse_cookie(cookies).getlist(COOKIE)
    kept = bookmark_text.decode(found[0]) if len(found) == 1 else None
    bookmark = kept or FIRST
    return bookmark, bookmark_text.encode(bookmark)


_usual = lru_cache(MOST_COOKIES)(_read)


def set_cookie(response: Response, reading: Reading) -> None:
    """Let the browser hold the bookmark of a reading; the first one needs no cookie."""
    secure = request.environ["wsgi.url_scheme"] == "https"
    if reading.bookmark == FIRST:
        cookie = _terms(reading.href, 0, secure)
    else:
        # No sign of a bookmark needs quotes.
        terms = _terms(reading.href, COOKIE_AGE, secure)
        value = bookmark_text.encode(reading.bookmark)
        cookie = f"{COOKIE}={value}{terms.removeprefix(COOKIE + '=')}"
    response.headers.add("Set-Cookie", cookie)


@lru_cache(MOST_TERMS)
def _terms(path: str, age: int, secure: bool) -> str:
    """Give a cookie without a value, and so the terms of one: for where and how long it holds."""
    return dump_cookie(
        COOKIE,
        max_age=age,
        path=path,
        secure=secure,
        httponly=True,
        samesite="Lax",
        # An answer is the same at any time of day.
        sync_expires=False,
    )
