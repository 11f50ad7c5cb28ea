"""Agrees on one way to compress with whoever asks, before anything else is done for a request.

Behind it a request accepts this one way or none. So what is remembered of answers is remembered
once for each way, however many spellings of the same wish there are.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from flask import Response
from flask_compress import Compress
from werkzeug.datastructures import Accept
from werkzeug.http import parse_accept_header

# Those that a request likes equally well stand in our own order.
WAYS = ("zstd", "br", "gzip")

# Browsers need some thirty letters for this. Who needs more is answered as it is.
LONGEST = 200
MOST_WISHES = 256


class Packed:
    """A WSGI application that is asked for one way to compress at most."""

    def __init__(self, app: WSGIApplication) -> None:
        """Take the application."""
        self._app = app

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer a request."""
        wish = environ.get("HTTP_ACCEPT_ENCODING")
        if wish:
            environ["HTTP_ACCEPT_ENCODING"] = way(wish) if len(wish) <= LONGEST else ""
        return self._app(environ, start_response)


def compressed(compress: Compress, response: Response) -> Response:
    """Compress an answer as the request accepts it, and leave out when that was done.

    Gzip has four bytes for the second, which would tell whoever comes next when somebody stood at
    the same place; 0 says none. An answer in pieces has none in the first place.
    """
    answer = compress.after_request(response)
    if answer.headers.get("Content-Encoding") == "gzip" and not answer.is_streamed:
        data = answer.get_data()
        answer.set_data(data[:4] + bytes(4) + data[8:])
    return answer


@lru_cache(MOST_WISHES)
def way(wish: str) -> str:
    """Give the way to compress that suits a wish best; empty where none does."""
    accepted = parse_accept_header(wish, Accept)
    best = max(WAYS, key=accepted.quality)
    return best if 0 < accepted.quality(best) >= accepted.quality("identity") else ""
