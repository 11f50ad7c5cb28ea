"""Logs: a line per event on standard error, for people or for programs.

What is logged of a request is its route, never an address, a query, a cookie or who asked. Of a
fault it is the way through the code and its kind; its words may quote what it stumbled over, so
they are left out, save those of the database.
"""

from __future__ import annotations

import logging
import sys
import traceback
from collections.abc import Iterator

import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

from explorer.ops.request_events import Answered, Watcher
from explorer.settings import LogForm, Settings
from explorer.storage.errors import StoreError

# Flask calls its own logger by the name of the package, so that faults come here as well.
_LOGGER = "explorer"

_TRACEBACK = "Traceback (most recent call last):"

_requests = logging.getLogger(f"{_LOGGER}.requests")


def install(settings: Settings) -> None:
    """Let the app's events go to standard error, once however often this is called."""
    logger = logging.getLogger(_LOGGER)
    for handler in [one for one in logger.handlers if isinstance(one, _Stderr)]:
        logger.removeHandler(handler)
    handler = _Stderr()
    handler.setFormatter(formatter(settings.log_form))
    logger.addHandler(handler)
    _requests.setLevel(logging.INFO if settings.log == "requests" else logging.WARNING)


def watchers(settings: Settings) -> tuple[Watcher, ...]:
    """Give who has to be told of answered requests: nobody, where only faults are logged."""
    return (_log,) if settings.log == "requests" else ()


def formatter(form: LogForm) -> logging.Formatter:
    """Make what turns an event into a line: "text", "json", or as the screen wants it."""
    is_screen = sys.stderr.isatty()
    if form == "json" or (form == "auto" and not is_screen):
        drawn: Processor = structlog.processors.JSONRenderer(ensure_ascii=False)
    else:
        drawn = structlog.dev.ConsoleRenderer(colors=is_screen, pad_event_to=0)
    return structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=[
            structlog.stdlib.add_log_level,
            structlog.stdlib.ExtraAdder(allow=("method", "route", "status", "ms")),
            structlog.processors.TimeStamper(fmt="%Y-%m-%dT%H:%M:%SZ", utc=True),
        ],
        processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, _told, drawn],
    )


def configuration(settings: Settings) -> dict[str, object]:
    """Give the same for the server's own events, as `logging.config` takes it."""
    return {
        "formatters": {"ours": {"()": formatter, "form": settings.log_form}},
        "handlers": {"ours": {"()": _Stderr, "formatter": "ours"}},
        "loggers": {"_granian": {"handlers": ["ours"], "propagate": False}},
    }


def trace(fault: BaseException) -> str:
    """Give a fault's way through the code, its causes first, and of all their kinds."""
    return "\n".join("".join(_traced(one)) for one in reversed([*_causes(fault)]))


class _Stderr(logging.Handler):
    """Writes to standard error, whatever that is by now."""

    def emit(self, record: logging.LogRecord) -> None:
        try:
            sys.stderr.write(f"{self.format(record)}\n")
            sys.stderr.flush()
        except (OSError, ValueError):
            # Nobody reads along any more; readers are to be answered all the same.
            return


def _log(answered: Answered) -> None:
    extra = {
        "method": answered.method,
        "route": answered.route,
        "status": answered.status,
        "ms": round(answered.seconds * 1000, 1),
    }
    _requests.info("answered", extra=extra)


def _told(_logger: WrappedLogger, _name: str, event: EventDict) -> EventDict:
    """Put our own account of a fault in the place of the usual one."""
    found = event.pop("exc_info", None)
    fault = found[1] if isinstance(found, tuple) else found
    if isinstance(fault, BaseException):
        event["exception"] = trace(fault)
    elif _TRACEBACK in str(event.get("event")):
        # The server itself, below the app, hands on what was raised there as text.
        words, _, rest = str(event["event"]).partition(_TRACEBACK)
        event["event"] = words.strip()
        event["exception"] = "\n".join(_without_words(rest))
    return event


def _without_words(text: str) -> Iterator[str]:
    """Give the lines of a traceback, of each fault only its kind and not what it says."""
    is_way = True
    for line in (_TRACEBACK + text).splitlines():
        if line == _TRACEBACK or (is_way and line.startswith(" ")):
            is_way = True
            yield line
        elif is_way:
            is_way = False
            yield line.partition(":")[0]


def _causes(fault: BaseException) -> Iterator[BaseException]:
    seen: set[int] = set()
    one: BaseException | None = fault
    while one is not None and id(one) not in seen:
        yield one
        seen.add(id(one))
        one = one.__cause__ or (None if one.__suppress_context__ else one.__context__)


def _traced(fault: BaseException) -> Iterator[str]:
    yield f"{_TRACEBACK}\n"
    yield from traceback.format_tb(fault.__traceback__)
    kind = f"{type(fault).__module__}.{type(fault).__qualname__}".removeprefix("builtins.")
    yield f"{kind}: {fault}\n" if isinstance(fault, StoreError) else f"{kind}\n"
