"""The contract's section 2, read slowly: from a story file and a reader to what is known.

Written from the contract's words alone, over the plain JSON document, for tests to compare with.
It imports nothing of the app and cares for nothing but being plainly right. Ids stand where
readers see keys.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

Entry = dict[str, Any]
Spot = tuple[int, int]

_MENTION = re.compile(r"\[\[([a-z0-9-]+)(?:\|([^\]]+))?\]\]")
_SOMEONE = {"de": "jemand"}


@dataclass(frozen=True)
class Reader:
    """A bookmark in plain words: levels and counts as numbers, scenes by id.

    `held` are the scenes that an edit put before the reader's place.
    """

    threshold: int = 0
    reached: int = 0
    seen: int = 0
    opened: frozenset[str] = frozenset()
    warned: bool = False
    held: frozenset[str] = frozenset()


class Oracle:
    """What one reader may know of one story file."""

    def __init__(self, document: Entry, reader: Reader) -> None:
        """Take a file and a reader."""
        self.document = document
        self.reader = reader
        self.scenes: list[Entry] = document["scenes"]
        self.order = [scene["id"] for scene in self.scenes]
        self.by_id = {person["id"]: person for person in document.get("people", [])}
        self.told = {scene["id"]: self._shown(scene) for scene in self.scenes}

    # --- scenes ---

    def _shown(self, scene: Entry) -> Entry | None:
        """The telling that is shown; None for a scene that is veiled or ahead."""
        reader, number = self.reader, self.order.index(scene["id"]) + 1
        if scene["id"] in reader.opened:
            return scene
        if scene["id"] in reader.held:
            return None
        if number <= reader.seen:
            return scene
        if number <= reader.reached:
            allowed = [t for t in tellings(scene) if t["level"] <= reader.threshold]
            return max(allowed, key=lambda telling: telling["level"], default=None)
        return None

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

    def scene(self, scene: Entry) -> Entry:
        """What is known of a scene that was reached or opened."""
        ident, told, reader = scene["id"], self.told[scene["id"]], self.reader
        reached = ident in self.order[: reader.reached]
        state = self.state(scene)
        asks = reader.warned and state != "open"
        return {
            "key": ident,
            "number": self.order.index(ident) + 1 if reached else None,
            "state": state,
            "level": self.document["levels"][scene["level"]]["name"],
            "telling": None if told is None else self.telling(told),
            "opened": ident in reader.opened,
            "warnings": scene.get("warnings", []) if asks else [],
        }

    def telling(self, telling: Entry) -> Entry:
        """One telling, in full."""
        people = [self.who(person) for person in telling.get("people", [])]
        cited = [source for source in self.document.get("sources", []) if self.holds(source)]
        named = {source["id"]: self.source(source) for source in cited}
        return {
            "title": telling["title"],
            "text": self.text(telling["text"]),
            "people": once(who for who in people if who),
            "place": telling.get("place"),
            "time": telling.get("time", "present"),
            "warnings": telling.get("warnings", []),
            "sources": once(named[s] for s in telling.get("sources", []) if s in named),
        }

    def link(self, ident: str) -> Entry:
        """A shown scene as a link."""
        told = self.told[ident]
        assert told is not None
        reached = ident in self.order[: self.reader.reached]
        number = self.order.index(ident) + 1 if reached else None
        return {"key": ident, "number": number, "title": told["title"]}

    def rows(self) -> list[Entry]:
        """The scenes reached, each with its part where that is another than the one before."""
        rows, last = [], None
        for ident in self.order[: self.reader.reached]:
            part = self.part_of(ident)
            scene = self.scene(self.scenes[self.order.index(ident)])
            rows.append({"part": part if part != last else None, "scene": scene})
            last = part
        return rows

    def ahead(self) -> list[Entry]:
        """The scenes that were opened ahead."""
        later = self.order[self.reader.reached :]
        opened = [s for s in self.scenes if s["id"] in self.reader.opened]
        return [self.scene(scene) for scene in opened if scene["id"] in later]

    # --- conditions ---

    def holds(self, entry: Entry) -> bool:
        """Whether what carries this condition is known."""
        if "scene" in entry:
            scene = self.scenes[self.order.index(entry["scene"])]
            told = self.told[entry["scene"]]
            return told is not None and told["level"] >= entry.get("level", scene["level"])
        if "level" in entry:
            return self.reader.threshold >= entry["level"] or self.everything_seen()
        return True

    def everything_seen(self) -> bool:
        """Whether everything has been seen; a scene that an edit slipped in was not."""
        return self.reader.seen == len(self.scenes) and not self.reader.held

    def in_order(self, entries: Iterable[Entry]) -> list[Entry]:
        """Those that hold: first those without a scene, then by scene told, then as written."""
        known = [entry for entry in entries if self.holds(entry)]
        plain = [entry for entry in known if "scene" not in entry]
        return plain + [e for scene in self.order for e in known if e.get("scene") == scene]

    # --- people ---

    def name(self, person: str) -> str | None:
        """The last known name of a person's own."""
        names = [name["name"] for name in self.by_id[person]["names"] if self.holds(name)]
        return names[-1] if names else None

    def one(self, person: str) -> str:
        """Who someone is as far as is known; a chain goes over people who have a known name."""
        identity = self.by_id[person].get("is")
        if identity and self.holds(identity) and self.name(identity["person"]):
            return self.one(identity["person"])
        return person

    def who(self, person: str) -> Entry | None:
        """A person as a link, if known."""
        name = self.name(self.one(person))
        return {"key": self.one(person), "name": name} if name else None

    def members(self, one: str) -> list[str]:
        """Someone, then those who turned out to be them, then those who turned out to be those."""
        members = [one]
        for member in members:
            for ident, person in self.by_id.items():
                if person.get("is", {}).get("person") == member and self.one(ident) == one:
                    members.append(ident)
        return members

    def scenes_of(self, one: str) -> list[str]:
        """The shown scenes that list someone, as told."""
        members = self.members(one)
        return [
            ident
            for ident, telling in self.told.items()
            if telling and any(member in telling.get("people", []) for member in members)
        ]

    def people(self) -> list[str]:
        """All who are known: by first shown scene and place in its list, then the rest by name."""
        ones = once(self.one(person) for person in self.by_id if self.who(person))
        met = []
        for telling in filter(None, (self.told[scene] for scene in self.order)):
            met += [self.one(p) for p in telling.get("people", []) if self.who(p)]
        names = {one: self.name(one) or "" for one in ones}
        rest = sorted((one for one in ones if one not in met), key=lambda one: names[one].lower())
        return once(met) + rest

    def person(self, one: str) -> Entry:
        """All that is known of someone."""
        who, members = self.who(one), [self.by_id[member] for member in self.members(one)]
        assert who is not None
        names = [n["name"] for member in members for n in member["names"] if self.holds(n)]
        spellings = [n["name"] for m in members for n in m.get("also", []) if self.holds(n)]
        facts = self.in_order(fact for member in members for fact in member.get("facts", []))
        return {
            "who": who,
            "earlier": once(name for name in names if name != who["name"]),
            "also": once(name for name in spellings if name not in names),
            "played_by": [credit for credit in self.credits() if credit["person"] == who],
            "facts": once(map(self.fact, facts), by=lambda fact: fact["text"]),
            "relations": [r for r in self.relations() if who in (r["origin"], r["target"])],
            "scenes": [self.link(scene) for scene in self.scenes_of(one)],
            "scenes_before": False,
        }

    def fact(self, fact: Entry) -> Entry:
        """One fact."""
        return {
            "text": self.text(fact["text"]),
            "scene": self.link(fact["scene"]) if "scene" in fact else None,
            "source": self.cited(fact),
        }

    def relations(self) -> list[Entry]:
        """All relations of people who are known and are two."""
        made = []
        for relation in self.in_order(self.document.get("relations", [])):
            origin, target = self.who(relation["from"]), self.who(relation["to"])
            if origin and target and origin != target:
                scene = self.link(relation["scene"]) if "scene" in relation else None
                ends = {"origin": origin, "target": target}
                made.append({**ends, "text": relation["text"], "scene": scene})
        return once(made, by=lambda r: (r["origin"], r["target"], r["text"]))

    # --- the work ---

    def text(self, markdown: str) -> Entry:
        """A text, read aloud, and whom its mentions lead to."""
        mentions = [self.mention(*match.groups()) for match in _MENTION.finditer(markdown)]
        spoken = iter(mentions)
        return {
            "markdown": _MENTION.sub(lambda match: next(spoken)["words"], markdown),
            "mentions": mentions,
        }

    def mention(self, person: str, words: str | None) -> Entry:
        """One mention."""
        who = self.who(person)
        if who is None:
            language = self.document["language"].split("-")[0]
            return {"words": words or _SOMEONE.get(language, "someone"), "person": None}
        return {"words": words or who["name"], "person": who["key"]}

    def source(self, source: Entry) -> Entry:
        """One source."""
        return {key: source.get(key) for key in ("title", "publisher", "url", "date")}

    def cited(self, entry: Entry) -> Entry | None:
        """The source that an entry cites, if it is known."""
        for source in self.document.get("sources", []):
            if source["id"] == entry.get("source") and self.holds(source):
                return self.source(source)
        return None

    def credits(self) -> list[Entry]:
        """The credits that are known."""
        made = []
        for credit in filter(self.holds, self.document.get("credits", [])):
            who = self.who(credit["person"]) if "person" in credit else None
            made.append({"role": credit["role"], "name": credit["name"], "person": who})
        return once(made)

    def work(self) -> Entry:
        """What is known about the work itself."""
        document = self.document
        details = filter(self.holds, document.get("details", []))
        about = filter(self.holds, document.get("about", []))
        paragraphs = ({"text": self.text(p["text"]), "source": self.cited(p)} for p in about)
        return {
            "premise": self.text(document["premise"]),
            "details": once({"label": d["label"], "text": d["text"]} for d in details),
            "credits": self.credits(),
            "about": once(paragraphs, by=lambda paragraph: paragraph["text"]),
            "sources": once(map(self.source, filter(self.holds, document.get("sources", [])))),
        }

    def parts(self) -> list[Entry]:
        """The parts whose beginning is known."""
        return [self.part(part) for part in self.document.get("parts", []) if self.holds(part)]

    def part(self, part: Entry) -> Entry:
        """One part."""
        summary = [s for s in [part.get("summary")] if s and self.holds(s)]
        return {
            "title": part["title"],
            "start": part["scene"],
            "summary": self.text(summary[0]["text"]) if summary else None,
        }

    def part_of(self, scene: str) -> Entry | None:
        """The last known part that starts at a scene or before it."""
        upto = self.order[: self.order.index(scene) + 1]
        return next((part for part in reversed(self.parts()) if part["start"] in upto), None)

    # --- the whole ---

    def title(self, revision: int) -> Entry:
        """What every bookmark knows."""
        document = self.document
        levels = enumerate(document["levels"])
        return {
            "id": document["id"],
            "title": document["title"],
            "medium": document["medium"],
            "language": document["language"],
            "released": document.get("released"),
            "complete": document.get("complete", True),
            "revision": revision,
            "levels": [{"index": n, "name": e["name"], "note": e["note"]} for n, e in levels],
        }

    def standing(self) -> Entry:
        """Where the reader stands."""
        reader, level = self.reader, self.document["levels"][self.reader.threshold]
        reached = self.order[: reader.reached]
        seen = self.order[: reader.seen]
        return {
            "threshold": {"index": reader.threshold, "name": level["name"], "note": level["note"]},
            "number": len(reached),
            "reached": reached[-1] if reached else None,
            "before": reached[-2] if len(reached) > 1 else None,
            "seen_number": len(seen),
            "seen": seen[-1] if seen else None,
            "ended": reached == self.order,
            "warned": reader.warned,
            "everything_seen": self.everything_seen(),
        }

    def happened(self) -> list[str]:
        """The scenes shown, in story order."""
        ranks = story_order(self.document)
        at = {id(telling): spot for spot, telling in _spots(self.document)}
        shown = [(ranks.index(at[id(t)]), s) for s, t in self.told.items() if t is not None]
        return [scene for _, scene in sorted(shown)]

    def whole(self, revision: int) -> Entry:
        """All of it."""
        return {
            "title": self.title(revision),
            "standing": self.standing(),
            "work": self.work(),
            "rows": self.rows(),
            "ahead": self.ahead(),
            "people": [self.person(one) for one in self.people()],
            "relations": self.relations(),
            "happened": self.happened(),
            "parts": self.parts(),
        }

    def previously(self) -> list[Entry]:
        """The story so far in short: each part's summary where it is known, else its scenes."""
        chapters: list[Entry] = []
        for row in self.rows():
            part = self.part_of(row["scene"]["key"])
            if not chapters or chapters[-1]["part"] != part:
                chapters.append({"part": part, "scenes": []})
            if row["scene"]["telling"]:
                chapters[-1]["scenes"].append(self.link(row["scene"]["key"]))
        told = [chapter for chapter in chapters if chapter["scenes"]]
        in_short = [c["part"] is not None and c["part"]["summary"] is not None for c in told]
        return [
            {**chapter, "scenes": [] if short else chapter["scenes"]}
            for chapter, short in zip(told, in_short, strict=True)
        ]


def tellings(scene: Entry) -> list[Entry]:
    """The tellings of a scene, rising; the full one is the scene itself."""
    return [*sorted(scene.get("tellings", []), key=lambda lesser: lesser["level"]), scene]


def _spots(document: Entry) -> Iterator[tuple[Spot, Entry]]:
    for n, scene in enumerate(document["scenes"]):
        for m, telling in enumerate(tellings(scene)):
            yield (n, m), telling


def story_order(document: Entry) -> list[Spot]:
    """The one order of all tellings, by the formula for blocks.

    A telling is named by the number of its scene and its own in it, both from 0.
    """
    scenes = document["scenes"]
    place_of = {scene["id"]: (n, len(tellings(scene)) - 1) for n, scene in enumerate(scenes)}
    spots = dict(_spots(document))

    def placed(side: str, anchor: Spot) -> list[Spot]:
        named = ((spot, telling.get("happens", {}).get(side)) for spot, telling in spots.items())
        there = [spot for spot, scene in named if scene and place_of[scene] == anchor]
        return [spot for spot in there if spot not in moved]

    def standing(telling: Entry) -> Any:
        time = telling.get("time", "present")
        return telling.get("happens") or {"dream": "present"}.get(time, time)

    # A lesser telling that stands where the full one does stands beside it, within its block.
    beside: dict[Spot, list[Spot]] = {full: [] for full in place_of.values()}
    for spot, telling in spots.items():
        scene = scenes[spot[0]]
        if telling is not scene and standing(telling) == standing(scene):
            beside[place_of[scene["id"]]].append(spot)
    moved = [spot for lesser in beside.values() for spot in lesser]

    def block(x: Spot) -> list[Spot]:
        before = [spot for other in placed("before", x) for spot in block(other)]
        after = [spot for other in placed("after", x) for spot in block(other)]
        return [*before, *beside.get(x, []), x, *after]

    base = []
    for time in ("flashback", "present", "flashforward"):
        base += [spot for spot, t in spots.items() if spot not in moved and standing(t) == time]
    return [spot for x in base for spot in block(x)]


def once(entries: Iterable[Any], by: Any = lambda entry: entry) -> list[Any]:
    """The entries, each word of the author's shown once."""
    kept: list[Any] = []
    for entry in entries:
        if by(entry) not in [by(other) for other in kept]:
            kept.append(entry)
    return kept
