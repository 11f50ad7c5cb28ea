"""`python -m bench.library COUNT`: make a library of so many stories in .cache/bench."""

from __future__ import annotations

import sys
import time

from bench.ground import KEPT, library


def main() -> None:
    start = time.perf_counter()
    path = library(KEPT, int(sys.argv[1]))
    print(f"{path}: {path.stat().st_size / 1e6:,.0f} MB, {time.perf_counter() - start:.0f} s")


if __name__ == "__main__":
    main()
