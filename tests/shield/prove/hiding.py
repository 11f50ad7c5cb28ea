"""What of a story is hidden from all of some readers: scenes, tellings, people, entries."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from random import Random

from tests.shield.oracle import Entry, Oracle, Reader, tellings
from tests.shield.prove.bookmarks import Document

# Lists of entries that carry conditions, at the top of a file and at a person.
LISTS = ("details", "credits", "about", "sources", "relations", "parts")
PERSONAL = ("names", "also", "facts")

_LETTERS = "abcdefghijklmnopqrstuvwxyz"


class Hiding:
    """A story as it stands, and what none of some readers may know of it.

    `covered` are the scenes that any of them has reached or opened, `strangers` the people and
    `hidden_sources` the sources that none of them knows; all as the story stood at first.
    """

    def __init__(self, document: Document, readers: Sequence[Reader], rng: Random) -> None:
        self.document = document
        self.readers = readers
        self.rng = rng
        self.oracles = [Oracle(document, reader) for reader in readers]
        everyone = [person["id"] for person in document.get("people", [])]
        sources = document.get("sources", [])
        self.covered = {scene for oracle in self.oracles for scene in oracle.covered()}
        self.strangers = [p for p in everyone if not any(o.who(p) for o in self.oracles)]
        self.hidden_sources = [source["id"] for source in sources if not self.holds(source)]

    # --- what is hidden ---

    @property
    def scenes(self) -> list[Entry]:
        """The scenes that none of them covers."""
        return [s for s in self.document["scenes"] if s["id"] not in self.covered]

    @property
    def tellings(self) -> Iterator[tuple[Entry, Entry]]:
        """The tellings that none of them is shown, each after its scene."""
        for scene in self.document["scenes"]:
            shown = [oracle.told[scene["id"]] for oracle in self.oracles]
            for telling in tellings(scene):
                if not any(telling is one for one in shown):
                    yield scene, telling

    @property
    def shown(self) -> Iterator[Entry]:
        """The tellings that some of them are shown."""
        hidden = {id(telling) for _, telling in self.tellings}
        for scene in self.document["scenes"]:
            yield from (t for t in tellings(scene) if id(t) not in hidden)

    def holds(self, entry: Entry, start: str | None = None) -> bool:
        """Whether what carries this condition is known to any of them.

        `start` is the first scene of the part whose summary it is.
        """
        return any(oracle.holds(entry, start) for oracle in self.oracles)

    def ends(self, entry: Entry) -> bool:
        """Whether any of them knows that a fact or relation holds no longer."""
        return any(oracle.ended(entry) for oracle in self.oracles)

    def shows(self, scene: Entry, level: int) -> bool:
        """Whether any of them would be shown a lesser telling of this level."""
        for oracle in self.oracles:
            told, threshold = oracle.told[scene["id"]], oracle.reader.threshold
            if scene["id"] in oracle.order[: oracle.reader.reached] and level <= threshold:
                veiled = told is None and scene["id"] not in oracle.reader.withheld
                if veiled or (told is not None and told["level"] < level):
                    return True
        return False

    def warns(self, scene: Entry) -> bool:
        """Whether any of them is warned of a scene before opening it."""
        return scene["id"] in self.covered and any(reader.warned for reader in self.readers)

    # --- entries ---

    def entries(self) -> Iterator[tuple[list[Entry], Entry]]:
        """All entries with a condition, each after the list that it stands in."""
        for kind in LISTS:
            listed = self.document.get(kind, [])
            yield from ((listed, entry) for entry in listed)
        for person in self.document.get("people", []):
            for kind in PERSONAL:
                listed = person.get(kind, [])
                yield from ((listed, entry) for entry in listed)

    def unmet(self) -> Entry | None:
        """A condition that holds for none of them; None where there is none."""
        made: list[Entry] = []
        for scene in self.document["scenes"]:
            levels = [{"level": n} for n in range(scene["level"] + 1)]
            made += [{"scene": scene["id"], **level} for level in ({}, *levels)]
            other = self.rng.choice(self.document["scenes"])["id"]
            if other != scene["id"]:
                made += [{"scene": [other, scene["id"]], **level} for level in ({}, *levels)]
            made += [{"through": scene["id"], **level} for level in ({}, *levels)]
        made += [{"level": n} for n in range(len(self.document["levels"]))]
        # Those that hang on scenes are many; all kinds are to have their turn.
        made = self.rng.sample(made, min(len(made), 24)) + made[-len(self.document["levels"]) :]
        fitting = [one for one in made if not self.holds(one)]
        return dict(self.rng.choice(fitting)) if fitting else None

    # --- chance ---

    def chance(self, of: float) -> bool:
        """Whether something with this probability happens."""
        return self.rng.random() < of

    def word(self) -> str:
        """A new word."""
        return "".join(self.rng.choices(_LETTERS, k=self.rng.randint(4, 9)))

    def ident(self, kind: str) -> str:
        """A new id."""
        return f"{kind}-{self.word()}-{self.rng.randrange(10**6)}"

    def words(self) -> str:
        """A new line of any length."""
        return " ".join(self.word() for _ in range(self.rng.choice((1, 2, 5, 25))))

    def text(self) -> str:
        """A new text, with mentions of anybody."""
        pieces = [self.words() for _ in range(self.rng.choice((1, 1, 3, 9)))]
        everyone = [person["id"] for person in self.document.get("people", [])]
        pieces += [
            f"[[{one}]]" if self.chance(0.6) else f"[[{one}|{self.word()}]]"
            for one in self.some(everyone, 3)
        ]
        self.rng.shuffle(pieces)
        return " ".join(pieces)

    def some(self, of: Sequence[str], most: int = 6) -> list[str]:
        """A few, in any order."""
        return self.rng.sample(list(of), min(len(of), self.rng.randint(0, most)))


def insert_anywhere(entries: list[Entry], new: Entry, rng: Random) -> None:
    """Put an entry somewhere between others."""
    entries.insert(rng.randint(0, len(entries)), new)


def renamed(document: Document, kind: str, names: dict[str, str]) -> None:
    """Give scenes, people or sources other ids, wherever they stand."""
    keys = {"scenes": ("scene", "through", "before", "after"), "people": ("person", "from", "to")}
    _rename(document, kind, keys.get(kind, ("source",)), names)
    for entry in document.get(kind, []):
        entry["id"] = names.get(entry["id"], entry["id"])


def _rename(value: object, kind: str, keys: tuple[str, ...], names: dict[str, str]) -> None:
    if isinstance(value, list):
        for entry in value:
            _rename(entry, kind, keys, names)
    if not isinstance(value, dict):
        return
    for name, inner in value.items():
        if name in keys and isinstance(inner, str):
            value[name] = names.get(inner, inner)
        elif (
            name in (*keys, kind)
            and isinstance(inner, list)
            and inner
            and isinstance(inner[0], str)
        ):
            value[name] = [names.get(one, one) for one in inner]
        elif kind == "people" and isinstance(inner, str) and "[[" in inner:
            value[name] = mentions_renamed(inner, names)
        else:
            _rename(inner, kind, keys, names)


def mentions_renamed(text: str, names: dict[str, str]) -> str:
    """Let a text mention others."""
    for old, new in names.items():
        text = text.replace(f"[[{old}]]", f"[[\0{new}]]").replace(f"[[{old}|", f"[[\0{new}|")
    return text.replace("[[\0", "[[")
