"""The long form: `python -m tests.shield.fuzz`, or `make fuzz`."""

from __future__ import annotations

import argparse
import secrets
import sys
import tempfile
import time
from pathlib import Path

from tests.shield.fuzz.siege import Fault, ground, library, one, siege
from tests.support.server import running

MOST_GROWTH = 0.1


def main() -> int:
    """Send requests; the exit status says whether the server stood."""
    options = _options()
    seed = options.seed or secrets.token_hex(4)
    _say(f"Seed {seed}, {options.count} requests.")
    try:
        with tempfile.TemporaryDirectory() as place:
            return _run(Path(place), seed, options.count, options.only)
    except Fault as fault:
        _say(f"FAULT: {fault}")
        return 1


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.shield.fuzz", description=__doc__)
    parser.add_argument("--count", type=int, default=100_000, help="how many requests (100000)")
    parser.add_argument("--seed", help="the seed that a fault printed")
    parser.add_argument("--only", type=int, help="send only the request with this number")
    return parser.parse_args()


def _run(place: Path, seed: str, count: int, only: int | None) -> int:
    url = library(place)
    made_of = ground(url)
    # What the server remembers is bounded; a small bound is reached before growth is looked at.
    with running(place, url, HOT_MB="1") as server:
        if only is not None:
            _say(f"Answered {one(server, made_of, seed, only)}.")
            return 0
        start = time.monotonic()
        outcome = siege(server, made_of, seed, count)
        rate = count / (time.monotonic() - start)
    _say(f"{rate:.0f} requests a second; statuses {dict(sorted(outcome.statuses.items()))}.")
    weights = ", ".join(f"{weight / 2**20:.0f}" for weight in outcome.weights)
    _say(f"The workers held so many MB after each fifth: {weights}.")
    if outcome.growth > MOST_GROWTH:
        raise Fault(f"They grew by {outcome.growth:.0%} in the last two fifths.")
    return 0


def _say(words: str) -> None:
    sys.stdout.write(f"{words}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
