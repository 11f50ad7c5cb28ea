"""Progress of long work, on standard error: in one changing line on a screen, rarely elsewhere."""

from __future__ import annotations

import sys
import time
from types import TracebackType
from typing import Self

import click

_SCREEN_SECONDS = 0.1
_LOG_SECONDS = 5.0


class Ticker:
    """Tells how far one thing is; away from a screen it is silent on work that is soon done."""

    def __init__(self, name: str) -> None:
        """Take the name of what is worked on."""
        self._name = name
        self._on_screen = sys.stderr.isatty()
        self._pause = _SCREEN_SECONDS if self._on_screen else _LOG_SECONDS
        self._last = time.monotonic()
        self._shown = False

    def __enter__(self) -> Self:
        if self._on_screen:
            self._say("reading")
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.clear()

    def count(self, done: int, total: int, what: str = "written") -> None:
        """Say how much of how much is done and in which way, unless something was said just now.

        On a screen the last step is always said, so that quick work does not look left half way.
        """
        now = time.monotonic()
        is_last = self._on_screen and done == total
        if now - self._last < self._pause and not is_last:
            return
        self._last = now
        self._say(f"{done} of {total} {what}")

    def _say(self, words: str) -> None:
        self.clear()
        click.echo(f"{self._name}: {words}", err=True, nl=not self._on_screen)
        self._shown = self._on_screen

    def clear(self) -> None:
        """Take the line off the screen."""
        if self._shown:
            click.echo("\r\x1b[K", err=True, nl=False)
            self._shown = False
