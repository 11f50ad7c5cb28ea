"""Progress of long work: a bar on a screen, on standard error; elsewhere nothing."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING, Protocol

import click

if TYPE_CHECKING:
    from click._termui_impl import ProgressBar


class Count(Protocol):
    """Is told how much of how much is done, and what is done to it."""

    def __call__(self, done: int, total: int, what: str = "written") -> None:
        """Show it."""


@contextmanager
def progress(name: str) -> Iterator[Count]:
    """Show how far something of this name is: a bar for each thing that is done to it, in turn."""
    with ExitStack() as shown:
        bars: dict[str, ProgressBar[int]] = {}

        def count(done: int, total: int, what: str = "written") -> None:
            if what not in bars:
                shown.close()
                bars[what] = shown.enter_context(_bar(f"{name}: {what}", total))
            bars[what].length = total
            bars[what].update(done - bars[what].pos)

        yield count


def _bar(label: str, total: int) -> ProgressBar[int]:
    is_watched = sys.stderr.isatty()
    return click.progressbar(
        length=total, label=label, show_pos=True, file=sys.stderr, hidden=not is_watched
    )
