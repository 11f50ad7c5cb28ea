"""`python -m bench.serve TARGET PORT`: one worker with one thread, as everything here is served."""

from __future__ import annotations

import sys

from granian import Granian
from granian.constants import HTTPModes, Interfaces


def main() -> None:
    target, port = sys.argv[1:]
    Granian(
        target,
        factory=True,
        interface=Interfaces.WSGI,
        address="127.0.0.1",
        port=int(port),
        workers=1,
        blocking_threads=1,
        # As `explorer serve` does: to find out which one it is takes time at every request.
        http=HTTPModes.http1,
        log_enabled=False,
    ).serve()


if __name__ == "__main__":
    main()
