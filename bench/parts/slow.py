"""Connections that say a little and then nothing: what readers notice of them."""

from __future__ import annotations

import resource

from bench import servers, siege
from bench.ground import Ground
from bench.section import Section
from bench.tables import at_most, table

COUNTS = (1, 4, 40, 400, 1_500)
# What is sent, and for how long it is held: longer than the server waits for the rest of it.
KINDS = (("form", siege.FORM, 25.0), ("head", siege.HEAD, 35.0))
LONGER = at_most(0.5, "s")
_PAGE = "/stories/ballerina/read"
_WORDS = """Unfinished requests, held for 25 s (forms) and 35 s (heads), while a reader asks for the
reading page ten times a second, each time over a new connection; `explorer serve` with 2 workers on
one core. Times in seconds.
"""


def measured(ground: Ground) -> Section:
    """Lay siege with more and more connections, and tell how the reader fared."""
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    rows, misses = [], []
    with servers.explorer(ground.ballerina, "/readyz", EXPLORER_WORKERS="2") as (port, _):
        for kind, start, seconds in KINDS:
            for count in COUNTS:
                came = siege.laid(port, start, count, seconds, _PAGE)
                rows.append(_row(kind, came))
                misses += LONGER.missed(f"{count} {kind}s", came.slowest - came.idle)
                misses += [f"{count} {kind}s: {came.failed} pages failed"] if came.failed else []
    head = ("unfinished", "pages", "failed", "slowest", "when idle", "answered", "after", "closed")
    words = _WORDS.replace("\n", " ").strip()
    aim = f"Aim: the reader waits {LONGER} longer than on the idle server."
    return Section("Slow strangers", f"{words} {aim}\n\n{table(head, rows)}", tuple(misses))


def _row(kind: str, came: siege.Siege) -> tuple[str, ...]:
    said = ", ".join(f"{count} × {status}" for status, count in sorted(came.statuses.items()))
    return (
        f"{came.count:,} {kind}{'s' * (came.count > 1)}",
        str(len(came.waits)),
        str(came.failed),
        f"{came.slowest:.2f}",
        f"{came.idle:.2f}",
        said or "-",
        f"{max(came.answers, default=0):.1f}" if came.answers else "-",
        f"{len(came.closed):,}" + (f" in {max(came.closed):.1f}" if came.closed else ""),
    )
