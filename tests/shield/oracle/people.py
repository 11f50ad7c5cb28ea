"""Who is known, by which name, and who turned out to be whom; and texts, which name people."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import cached_property

from tests.shield.oracle.reader import Entry, Reader, once
from tests.shield.oracle.shown import Shown

_MENTION = re.compile(r"\[\[([a-z0-9-]+)(?:\|([^\]]+))?\]\]")
_SOMEONE = {"de": "jemand"}


class People(Shown):
    """The people of one story file as one reader knows them."""

    def __init__(self, document: Entry, reader: Reader) -> None:
        """Take a file and a reader."""
        super().__init__(document, reader)
        self.by_id: dict[str, Entry] = {p["id"]: p for p in document.get("people", [])}

    # --- who ---

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

    # --- by which names ---

    def names(self, one: str) -> list[str]:
        """Every known name of someone, and of those who turned out to be them."""
        members = [self.by_id[member] for member in self.members(one)]
        return once(n["name"] for member in members for n in member["names"] if self.holds(n))

    @cached_property
    def _before(self) -> list[People]:
        """Readers of today's story who are less far on, with the same threshold and opened."""
        fresh = replace(self.reader, withheld=frozenset[str]())
        return [
            People(self.document, replace(fresh, reached=reached, seen=seen))
            for reached in range(self.reader.reached)
            for seen in range(reached + 1)
        ]

    def first_known_as(self, one: str) -> list[str]:
        """The earlier names that someone less far on would have had as the name shown."""
        shown = [before.who(member) for before in self._before for member in self.members(one)]
        called = {who["name"] for who in shown if who}
        return [name for name in self.names(one) if name != self.name(one) and name in called]

    def namesakes(self) -> list[Entry]:
        """What is added to the name of each of those who have it in common with others.

        The first shown scene that lists them; and their place in who is who, from 1, where there
        is no such scene or where it is that of a namesake too.
        """
        everyone = self.people()
        first = {one: next(iter(self.scenes_of(one)), None) for one in everyone}
        made = []
        for place, one in enumerate(everyone, 1):
            others = [o for o in everyone if o != one and self.name(o) == self.name(one)]
            scene = first[one]
            parted = scene is not None and scene not in [first[other] for other in others]
            link = self.link(scene) if scene else None
            if others:
                made.append(
                    {"who": self.who(one), "scene": link, "place": None if parted else place}
                )
        return made

    # --- texts ---

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
