"""What is told of each scene, and which conditions hold: all else is made of these two."""

from __future__ import annotations

from collections.abc import Iterable

from tests.shield.oracle.reader import Entry, Reader, scenes_named, tellings


class Shown:
    """The scenes of one story file as one reader has them."""

    def __init__(self, document: Entry, reader: Reader) -> None:
        """Take a file and a reader."""
        self.document = document
        self.reader = reader
        self.scenes: list[Entry] = document["scenes"]
        self.order = [scene["id"] for scene in self.scenes]
        self.told = {
            scene["id"]: self._shown(scene, number) for number, scene in enumerate(self.scenes, 1)
        }

    # --- scenes ---

    def _shown(self, scene: Entry, number: int) -> Entry | None:
        """The telling that is shown; None for a scene that is veiled or ahead."""
        reader = self.reader
        if scene["id"] in reader.opened:
            return scene
        if scene["id"] in reader.withheld:
            return None
        if number <= reader.seen:
            return scene
        if number <= reader.reached:
            allowed = [t for t in tellings(scene) if t["level"] <= reader.threshold]
            return max(allowed, key=lambda telling: telling["level"], default=None)
        return None

    def number(self, ident: str) -> int:
        """Where a scene stands in narrative order, from 1."""
        return self.order.index(ident) + 1

    def covered(self) -> list[str]:
        """The scenes that were reached or opened."""
        reached = self.order[: self.reader.reached]
        return [s for s in self.order if s in reached or s in self.reader.opened]

    def state(self, scene: Entry) -> str:
        """Open, partly told or veiled."""
        told = self.told[scene["id"]]
        if told is None:
            return "veiled"
        return "open" if told is scene else "partly"

    def tells(self, ident: str, level: int | None) -> bool:
        """Whether a scene is shown in full, or in a telling of a level or a higher one."""
        told = self.told[ident]
        if told is None:
            return False
        full = told is self.scenes[self.order.index(ident)]
        return full or (level is not None and told["level"] >= level)

    # --- conditions ---

    def holds(self, entry: Entry, start: str | None = None) -> bool:
        """Whether what carries this condition is known.

        `start` is the first scene of the part whose summary it is; else `through` means from the
        first scene of all.
        """
        if "through" in entry:
            return self._holds_through(entry, start or self.order[0])
        if "scene" in entry:
            return all(self.tells(scene, entry.get("level")) for scene in scenes_named(entry))
        if "level" in entry:
            return self.reader.threshold >= entry["level"] or self.everything_seen()
        return True

    def _holds_through(self, entry: Entry, start: str) -> bool:
        reader = self.reader
        highest = len(self.document["levels"]) - 1
        level = entry.get("level", highest)
        run = self.order[self.order.index(start) : self.number(entry["through"])]
        covered = self.covered()
        # Withheld means veiled until it is opened.
        withheld = reader.withheld - reader.opened
        if any(scene not in covered or scene in withheld for scene in run):
            return False
        return reader.threshold >= level or all(self.tells(scene, level) for scene in run)

    def stands(self, entry: Entry) -> bool:
        """Whether a fact or a relation is known, and nothing that is known has ended it."""
        return self.holds(entry) and not self.ended(entry)

    def ended(self, entry: Entry) -> bool:
        """Whether a fact or a relation is known, and is known to hold no longer."""
        return self.holds(entry) and "until" in entry and self.holds(entry["until"])

    def everything_seen(self) -> bool:
        """Whether the reader has finished; a scene that an edit slipped in was not seen."""
        reader = self.reader
        said = reader.finished is not False
        seen = self.order[: reader.seen]
        return said and seen == self.order and not reader.withheld & set(seen)

    # --- by scene told ---

    def told_by(self, entry: Entry) -> str | None:
        """The scene that told what carries a condition: of several the last one told."""
        if "through" in entry:
            through: str = entry["through"]
            return through
        return max(scenes_named(entry), key=self.number, default=None)

    def by_scene_told(self, entries: Iterable[Entry]) -> list[Entry]:
        """First those without a scene, then by scene told, then as written."""

        def number(entry: Entry) -> int:
            scene = self.told_by(entry)
            return 0 if scene is None else self.number(scene)

        return sorted(entries, key=number)

    def in_order(self, entries: Iterable[Entry]) -> list[Entry]:
        """Those of which the condition holds, by scene told."""
        return self.by_scene_told(entry for entry in entries if self.holds(entry))

    def link(self, ident: str) -> Entry:
        """A shown scene as a link; one that was opened ahead has no number."""
        told = self.told[ident]
        assert told is not None
        reached = ident in self.order[: self.reader.reached]
        return {
            "key": ident,
            "number": self.number(ident) if reached else None,
            "title": told["title"],
        }

    def link_to(self, entry: Entry) -> Entry | None:
        """The scene that told an entry, where it has one of which something is told."""
        scene = self.told_by(entry)
        return self.link(scene) if scene is not None and self.told[scene] else None
