"""The long form: `python -m tests.shield.prove --minutes 60`, or `make prove`."""

from __future__ import annotations

import argparse
import secrets
import sys
import time
from collections import Counter
from collections.abc import Iterator

from tests.shield.prove import clock, trials
from tests.shield.prove.served import shelves
from tests.shield.prove.trial import Noticed, Outcome, Trial, run
from tests.support import compiled

_SECONDS_BETWEEN_NEWS = 15


def main() -> int:
    """Try until the time is over; the exit status says whether anybody noticed."""
    options = _options()
    compiled.share()
    seed = options.seed or secrets.token_hex(4)
    end = time.monotonic() + options.minutes * 60
    _say(f"Seed {seed}. {options.minutes:g} minutes at most.")
    try:
        if options.short:
            _try(trials.short(options.seed or "short"), end)
        else:
            _say(clock.report())
            _try(trials.long(seed), end)
    except Noticed as noticed:
        _say(f"NOTICED: {noticed}")
        _say(f"Again: python -m tests.shield.prove --seed {seed}{' --short' * options.short}")
        return 1
    return 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.shield.prove", description=__doc__)
    parser.add_argument("--minutes", type=float, default=60, help="stop after so long (60)")
    parser.add_argument("--seed", help="the seed that a failure printed")
    parser.add_argument("--short", action="store_true", help="the form that the tests run")
    return parser.parse_args()


def _try(some: Iterator[Trial], end: float) -> None:
    names, total, news = Counter[str](), Outcome(), time.monotonic()
    given_up = Counter[str]()
    with shelves() as place:
        for trial in some:
            if time.monotonic() > end:
                break
            outcome = run(trial, place)
            names[trial.name] += 1
            given_up.update(outcome.given_up)
            total.asked += outcome.asked
            total.judged += outcome.judged
            total.skipped += outcome.skipped
            if time.monotonic() > news + _SECONDS_BETWEEN_NEWS:
                news = time.monotonic()
                _say(_told(names, total))
    _say(f"Nobody noticed. {_told(names, total)}")
    if given_up:
        _say(f"Changes that could not be made unseen: {dict(given_up)}")


def _told(names: Counter[str], total: Outcome) -> str:
    stories = ", ".join(f"{name} {count}" for name, count in sorted(names.items()))
    return (
        f"{names.total()} twins ({stories}); {total.asked} requests asked of both; "
        f"{total.judged} moves judged, {total.skipped} requests told the twins apart as they may"
    )


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
