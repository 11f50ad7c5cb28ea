"""All that one reader may know of one story file, piece by piece and whole."""

from __future__ import annotations

from collections.abc import Iterable

from tests.shield.oracle.order import spots, story_order
from tests.shield.oracle.people import People
from tests.shield.oracle.reader import Entry, Reader, once, wordings


class Oracle(People):
    """What one reader may know of one story file."""

    def __init__(self, document: Entry, reader: Reader, *, names_once_shown: bool = True) -> None:
        """Take a file and a reader.

        With `names_once_shown` a person's earlier names are those of the contract only: the ones
        that a reader less far on would have had as the name shown.
        """
        super().__init__(document, reader)
        self.names_once_shown = names_once_shown

    # --- scenes ---

    def scene(self, scene: Entry) -> Entry:
        """What is known of a scene that was reached or opened."""
        ident, told, reader = scene["id"], self.told[scene["id"]], self.reader
        reached = ident in self.order[: reader.reached]
        state = self.state(scene)
        asks = reader.warned and state != "open"
        return {
            "key": ident,
            "number": self.number(ident) if reached else None,
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

    def person(self, one: str) -> Entry:
        """All that is known of someone."""
        who, members = self.who(one), [self.by_id[member] for member in self.members(one)]
        assert who is not None
        names = self.names(one)
        earlier = [name for name in names if name != who["name"]]
        spellings = [n["name"] for m in members for n in m.get("also", []) if self.holds(n)]
        return {
            "who": who,
            "earlier": self.first_known_as(one) if self.names_once_shown else earlier,
            "also": once(name for name in spellings if name not in names),
            "played_by": [credit for credit in self.credits() if credit["person"] == who],
            "facts": self.facts(one),
            "relations": [r for r in self.relations() if who in (r["origin"], r["target"])],
            "scenes": [self.link(scene) for scene in self.scenes_of(one)],
            "scenes_before": False,
        }

    # --- facts and relations ---

    def facts(self, one: str) -> list[Entry]:
        """What holds of someone."""
        entries = [fact for m in self.members(one) for fact in self.by_id[m].get("facts", [])]
        return self._facts(filter(self.stands, entries))

    def _facts(self, entries: Iterable[Entry]) -> list[Entry]:
        facts = map(self.fact, self.by_scene_told(entries))
        return once(facts, by=lambda fact: fact["text"])

    def fact(self, fact: Entry) -> Entry:
        """One fact."""
        return {
            "text": self.text(fact["text"]),
            "scene": self.link_to(fact),
            "source": self.cited(fact),
        }

    def relations(self) -> list[Entry]:
        """All relations that hold, of people who are known and are two."""
        return self._relations(filter(self.stands, self.document.get("relations", [])))

    def _relations(self, entries: Iterable[Entry]) -> list[Entry]:
        made = []
        for relation in self.by_scene_told(entries):
            origin, target = self.who(relation["from"]), self.who(relation["to"])
            if origin and target and origin != target:
                ends = {"origin": origin, "target": target}
                made.append({**ends, "text": relation["text"], "scene": self.link_to(relation)})
        return once(made, by=_words_of_relation)

    def no_longer(self, one: str) -> Entry:
        """What held of someone and is known to have ended, unless the same words hold anyway."""
        who = self.who(one)
        entries = [fact for m in self.members(one) for fact in self.by_id[m].get("facts", [])]
        holding = [fact["text"] for fact in self.facts(one)]
        tied = [_words_of_relation(relation) for relation in self.relations()]
        ended = self._relations(filter(self.ended, self.document.get("relations", [])))
        return {
            "who": who,
            "facts": [
                fact
                for fact in self._facts(filter(self.ended, entries))
                if fact["text"] not in holding
            ],
            "relations": [
                relation
                for relation in ended
                if who in (relation["origin"], relation["target"])
                and _words_of_relation(relation) not in tied
            ],
        }

    # --- questions ---

    def questions(self) -> list[Entry]:
        """The questions that are known, each with its last known answer or none so far."""
        questions = self.in_order(self.document.get("questions", []))
        return once(map(self.question, questions), by=lambda q: (q["ask"], q["answer"]))

    def question(self, question: Entry) -> Entry:
        """One question; who has not finished may be told more of it further on."""
        known = [a for a in wordings(question.get("answers")) if self.holds(a)]
        return {
            "key": question["id"],
            "ask": self.text(question["ask"]),
            "answer": self.text(known[-1]["text"]) if known else None,
            "scene": self.link_to(known[-1]) if known else None,
        }

    # --- the work ---

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
        """One part, with the last known wording of its summary."""
        start = part["scene"]
        summary = [s for s in wordings(part.get("summary")) if self.holds(s, start)]
        return {
            "title": part["title"],
            "start": start,
            "summary": self.text(summary[-1]["text"]) if summary else None,
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
            "complete": self.document.get("complete", True),
            "warned": reader.warned,
            "everything_seen": self.everything_seen(),
        }

    def happened(self) -> list[str]:
        """The scenes shown, in story order."""
        ranks = story_order(self.document)
        at = {id(telling): spot for spot, telling in spots(self.document)}
        shown = [(ranks.index(at[id(t)]), s) for s, t in self.told.items() if t is not None]
        return [scene for _, scene in sorted(shown)]

    def whole(self, revision: int) -> Entry:
        """All of it."""
        ended = [self.no_longer(one) for one in self.people()]
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
            "questions": self.questions(),
            "no_longer": [one for one in ended if one["facts"] or one["relations"]],
            "namesakes": self.namesakes(),
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


def _words_of_relation(relation: Entry) -> tuple[Entry, Entry, str]:
    return relation["origin"], relation["target"], relation["text"]
