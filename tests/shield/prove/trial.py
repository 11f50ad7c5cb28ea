"""One trial of the theorem: a story, a bookmark, a move; a twin; everything asked of both."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from random import Random
from tempfile import mkdtemp
from urllib.parse import urlencode

from tests.shield.oracle import Reader
from tests.shield.prove.agreement import Agreement
from tests.shield.prove.asking import Asking, knows_all
from tests.shield.prove.bookmarks import (
    FIRST,
    Document,
    Move,
    Past,
    laid,
    mark,
    moved,
    past,
    scene_key,
    scenes,
)
from tests.shield.prove.served import Asked, Pair, Shelves, difference
from tests.shield.prove.twin import twin
from tests.support.crawl import Answer, ask, leads

# In so many trials the picture for links is asked for.
_PAINTED = 0.15

# The fields that name where a move back leads.
_BACK = ("scene", "seen")


class Noticed(AssertionError):  # noqa: N818  It is what happened.
    """Somebody could tell two stories apart who may not."""


@dataclass(frozen=True)
class Trial:
    """What is tried: `before` is a revision that the bookmark is of, if it is not of the newest."""

    name: str
    document: Document
    reader: Reader
    move: Move
    seed: str
    most: int = 90
    before: Document | None = None


@dataclass
class Outcome:
    """What a trial came to."""

    asked: int = 0
    judged: int = 0
    skipped: int = 0
    given_up: tuple[str, ...] = field(default=())


def run(trial: Trial, shelves: Shelves) -> Outcome:
    """Try it. Raises Noticed."""
    rng = Random(trial.seed)
    story = trial.document
    history = [trial.before] if trial.before else []
    pasts = [past(one, n) for n, one in enumerate([*history, story], 1)]
    text = mark(trial.before or story, trial.reader, 1).text
    reader = laid(story, pasts, text)
    after = moved(story, reader, trial.move)
    made = twin(story, [reader, after], rng)
    sides = _sides(story, made.document, pasts)
    outcome = Outcome(given_up=made.given_up)
    if laid(made.document, sides[1], text) != reader:
        # What is ahead in the twin was behind the reader once, so that the edit tells.
        return outcome
    if trial.before and not set(scenes(trial.before)) & set(scenes(made.document)):
        # A file that shares no scene with what is stored is no edit of it.
        return outcome
    with shelves.pair([[*history, story], [*history, made.document]]) as pair:
        judge = _Judge(trial, pair, (story, made.document), sides, outcome, rng)
        judge.remember_all()
        judge.ask_all(reader, text)
        judge.move(reader, text, trial.move)
        new = mark(story, after, len(pasts)).text
        judge.ask_all(after, new)
        outcome.asked = pair.asked
    return outcome


def _sides(one: Document, other: Document, pasts: list[Past]) -> tuple[list[Past], list[Past]]:
    return pasts, [*pasts[:-1], past(other, len(pasts))]


@dataclass
class _Judge:
    """Asks two applications the same, and compares."""

    trial: Trial
    pair: Pair
    stories: tuple[Document, Document]
    histories: tuple[list[Past], list[Past]]
    outcome: Outcome
    rng: Random

    def __post_init__(self) -> None:
        self.agreement = Agreement(*self.stories)
        # The picture for links is made of what everybody knows, and takes long to paint.
        self.unasked = "/static/" if self.rng.random() < _PAINTED else "/static/|/preview.png"

    def remember_all(self) -> None:
        """Let someone come first who knows everything, so that whatever is remembered is there."""
        home = f"/stories/{self.stories[0]['id']}"
        for app, story in zip((self.pair.one, self.pair.other), self.stories, strict=True):
            cookie = mark(story, knows_all(story), len(self.histories[0])).text
            for page in ("", "/read", "/people", "/shape", "/search?q=a", "/export.json"):
                ask(app, "GET", f"{home}{page}", {"Cookie": f"bookmark={cookie}"})

    # --- what is asked -------------------------------------------------------------------------

    def ask_all(self, reader: Reader, text: str) -> None:
        """Ask for all there is with a bookmark that stays; then move it this way and that."""
        asking = Asking(self.pair.one, self.stories, reader, self.rng)
        self.crawl(asking, list(asking.addresses()), text)
        found = mark(self.stories[0], reader, len(self.histories[0]))
        for what in asking.programs(found):
            self.ask_as_program(what, reader)
        posts = [*asking.moves(), *asking.confirmed()]
        for what in self.rng.sample(posts, min(len(posts), self.trial.most // 2)):
            self.judge(what, text)
        # Nothing moves before a place is confirmed, and no marker makes a difference.
        said = list(asking.said())
        for what in self.rng.sample(said, min(len(said), self.trial.most // 5)):
            self.compare(what, text)

    def crawl(self, asking: Asking, addresses: Sequence[str], text: str) -> None:
        """Ask for addresses and for what they lead to, some of it."""
        queue, done = list(addresses), set[str]()
        gates = set(asking.hidden_scenes) - set(asking.gates)
        for _ in range(self.trial.most * 2):
            if not queue:
                return
            target = queue.pop(self.rng.randrange(len(queue)))
            if target in done or any(f"/scenes/{gate}" in target for gate in gates):
                continue
            if re.search(self.unasked, target):
                continue
            done.add(target)
            what = next(iter(asking.visited([target])))
            # Programs have their bookmark in the query; without one they have the first.
            if target.startswith("/api/v1/stories/") and not self.agreement.holds(FIRST):
                continue
            answer = self.compare(what, text)
            queue += list(leads(target, answer))[:40]

    def ask_as_program(self, what: Asked, reader: Reader) -> None:
        """Ask as a program, whose bookmark is in the address and can hold less than a cookie."""
        named_last = reader.seen == len(self.stories[0]["scenes"])
        there = replace(reader, warned=False, withheld=frozenset[str](), finished=named_last)
        if "turn=1" in what.target:
            there = moved(self.stories[0], there, ("next", None))
        if self.agreement.holds(there) and self.agreement.holds(FIRST):
            self.compare(what, None)
        else:
            self.outcome.skipped += 1

    # --- comparing -----------------------------------------------------------------------------

    def compare(self, what: Asked, text: str | None) -> Answer:
        """Ask both, who must answer the same. Raises Noticed."""
        one, other = self.pair.ask(what, text)
        if one != other:
            self.notice(what, text, one, other)
        return one

    def judge(self, what: Asked, text: str) -> None:
        """Make a move in both, who must answer the same if they agree on what is known after it."""
        one, other = self.pair.ask(what, text)
        if one == other:
            self.outcome.judged += 1
        elif self._agree_after(one, text) and not _leads_elsewhere(what, one, other):
            self.notice(what, text, one, other)
        else:
            self.outcome.skipped += 1

    def _agree_after(self, answer: Answer, text: str) -> bool:
        found = _cookie_after(answer)
        after = text if found is None else found
        readers = [laid(s, h, after) for s, h in zip(self.stories, self.histories, strict=True)]
        return readers[0] == readers[1] and self.agreement.holds(readers[0])

    def move(self, reader: Reader, text: str, move: Move) -> None:
        """Make the move that the twin was made for."""
        what = posted(self.stories[0], reader, move)
        one, other = self.pair.ask(what, text)
        if one != other:
            self.notice(what, text, one, other)
        self.outcome.judged += 1

    def notice(self, what: Asked, text: str | None, one: Answer, other: Answer) -> None:
        """Say what was noticed, and keep both stories to look at."""
        folder = Path(mkdtemp(prefix="noticed-"))
        for name, story in zip(("one", "other"), self.stories, strict=True):
            (folder / f"{name}.json").write_text(json.dumps(story, indent=1, ensure_ascii=False))
        raise Noticed(
            f"{self.trial.name}, seed {self.trial.seed}, bookmark {text}\n"
            f"{what}\n{difference(one, other)}\nBoth stories are in {folder}."
        )


def _cookie_after(answer: Answer) -> str | None:
    """Give the bookmark that an answer sets; None where it sets none."""
    lines = [line.partition(";")[0] for line in answer.every("Set-Cookie")]
    return lines[-1].removeprefix("bookmark=") if lines else None


def _leads_elsewhere(what: Asked, one: Answer, other: Answer) -> bool:
    """Whether a confirmed place leads to two bookmarks, or is before the first marker of one.

    Where markers stand is known to no bookmark, so that two stories may differ in it.
    """
    there = [(answer.status == 422, _cookie_after(answer)) for answer in (one, other)]
    return b"sure=yes" in what.body and there[0] != there[1]


def posted(document: Document, reader: Reader, move: Move) -> Asked:
    """Give the form that makes a move."""
    kind, value = move
    keys = [scene_key(document, scene) for scene in scenes(document)]
    home = f"/stories/{document['id']}"

    def numbered(count: int) -> str:
        return keys[count - 1] if count else ""

    forms: dict[str, Callable[[], tuple[str, str]]] = {
        "next": lambda: ("next", f"from={numbered(reader.reached)}"),
        "threshold": lambda: ("threshold", f"threshold={value}"),
        "open": lambda: (f"scenes/{scene_key(document, value)}/open", ""),
        "close": lambda: (f"scenes/{scene_key(document, value)}/close", ""),
        "seen": lambda: ("seen", f"scene={numbered(value)}"),
        "back": lambda: ("back", urlencode([*zip(_BACK, map(numbered, value), strict=False)])),
        "start": lambda: ("start", f"threshold={value}"),
        "all": lambda: ("seen", "all=yes"),
        "warned": lambda: ("warned", f"warned={'yes' if value else 'no'}"),
        "forget": lambda: ("forget", ""),
    }
    path, body = forms[kind]()
    return Asked("POST", f"{home}/{path}", (("Sec-Fetch-Site", "same-origin"),), body.encode())


# --- readers and moves by chance ---------------------------------------------------------------


def random_reader(document: Document, rng: Random) -> Reader:
    """Give a bookmark from anywhere in a story."""
    order = scenes(document)
    reached = rng.choice((rng.randint(0, len(order)), rng.randint(0, len(order)), len(order)))
    seen = rng.randint(0, reached) if rng.random() < 0.4 else 0
    held = rng.sample(order[:reached], min(reached, rng.choice((0, 0, 0, 1, 2))))
    opened = rng.sample(order, min(len(order), rng.choice((0, 0, 1, 2))))
    return Reader(
        threshold=rng.randrange(len(document["levels"])),
        reached=reached,
        seen=seen,
        opened=frozenset(opened),
        warned=rng.random() < 0.3,
        withheld=frozenset(held),
        finished=seen == len(order) and not held and rng.random() < 0.7,
    )


def random_move(document: Document, reader: Reader, rng: Random) -> Move:
    """Give a move that a reader can make."""
    order = scenes(document)
    moves: list[Move] = [("next", None)] * 3
    moves += [("threshold", rng.randrange(len(document["levels"])))] * 2
    moves += [("open", rng.choice(order)), ("warned", not reader.warned), ("forget", None)]
    moves += [("start", rng.randrange(len(document["levels"]))), ("all", None)]
    if reader.opened:
        moves.append(("close", rng.choice(sorted(reader.opened))))
    if reader.reached:
        counts = [rng.randint(0, reader.reached) for _ in range(4)]
        moves += [("seen", counts[0]), ("back", (counts[1],)), ("back", (counts[2], counts[3]))]
    return rng.choice(moves)


def without_held(reader: Reader) -> Reader:
    """Give a bookmark as it is before any edit."""
    return replace(reader, withheld=frozenset[str]())
