"""Answers where there is none: one page for all errors, which tells nothing of a story."""

from __future__ import annotations

from flask import Response, current_app, request
from werkzeug.exceptions import HTTPException

from explorer.pages.models import ErrorPage
from explorer.web import rendering

# By then the database has been asked anew, whoever waits; see the library's circuit breaker.
AGAIN_SECONDS = 2


def error(status: int) -> Response:
    """Answer with an error page; unknown and hidden things get the same."""
    heading, advice = _ERRORS.get(status, _ERRORS[500 if status >= 500 else 400])
    # Whether something is there for a reader may hang on the bookmark.
    return rendering.drawn(_page(status, heading, advice), status, rendering.PRIVATE)


def unavailable() -> Response:
    """Answer that the library is not at hand, and when to ask again."""
    return retried_later(error(503))


def retried_later(answer: Response) -> Response:
    """Say with an answer when the same may be asked with more success."""
    answer.headers["Retry-After"] = str(AGAIN_SECONDS)
    return answer


def broken() -> Response:
    """Answer for a story that is damaged; of others it says nothing."""
    return rendering.drawn(_page(503, *_BROKEN), 503, rendering.PRIVATE)


def for_programs(status: int) -> Response:
    """Answer whoever came by a link to an address that is for programs; it tells nothing else."""
    return rendering.whole(_page(status, *_FOR_PROGRAMS), status)


def http_error(raised: HTTPException) -> Response:
    """Answer an error that the framework raised."""
    answer = error(raised.code or 500)
    allowed = getattr(raised, "valid_methods", None)
    if allowed:
        answer.headers["Allow"] = ", ".join(sorted(allowed))
    return answer


def crashed(fault: Exception) -> Response:
    """Answer a fault of ours, of which the reader learns nothing."""
    log(fault)
    return error(500)


def log(fault: Exception) -> None:
    """Log a fault by its route, which is nobody's address and nobody's place."""
    rule = request.url_rule.rule if request.url_rule else "no route"
    current_app.logger.error("%s %s failed", request.method, rule, exc_info=fault)


def _page(status: int, heading: str, advice: str) -> ErrorPage:
    return ErrorPage(status, heading, advice, f"{current_app.config['BASE']}/", "To the library")


_FOR_PROGRAMS = (
    "This address is for programs",
    "A link must not tell you a story, so this page does not. In the library you can read on.",
)
_BROKEN = (
    "This story is damaged",
    (
        "What is kept of it cannot be read; whoever runs this site has it in the log. Your "
        "bookmark stays good, and the other stories are in the library."
    ),
)
_ERRORS = {
    400: ("This request makes no sense", "Something in it is wrong. Go back and try again."),
    403: (
        "Not from here",
        "Only a form on this site may move your bookmark. Open the page again and use its form.",
    ),
    404: (
        "There is nothing here",
        "The address may be mistyped, or what it names is not there for you.",
    ),
    405: ("Not in this way", "This address does not answer to that kind of request."),
    408: ("That took too long", "What was sent did not come in whole. Try again."),
    411: ("That has no length", "Whatever is sent to this site has to say how long it is."),
    413: ("That is too much", "What was sent is larger than anything this site takes."),
    414: ("That address is too long", "No address on this site is as long as that."),
    431: ("That is too much", "Delete the cookies of this site, which are more than it takes."),
    500: (
        "Something broke",
        "It is not your fault, and nothing of yours was lost. Try again in a moment.",
    ),
    503: ("Not just now", "The library cannot be reached for the moment. Try again soon."),
}
