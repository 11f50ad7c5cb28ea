"""A tiny tale in which every fact is a word of its own, every place in it, and random stories.

Shared by the tests: whoever shows a word of the tale that a bookmark may not know has leaked it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from copy import deepcopy
from dataclasses import replace
from itertools import combinations, pairwise
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

from explorer.knowledge.bookmark import Bookmark, Position
from explorer.story.model import Outline, Story
from explorer.story.terms import SceneKey
from explorer.storyfile import storyfile

Document = dict[str, Any]

# For random stories: the same ones in every run, and no hurry, since machines are busy.
patiently = settings(
    max_examples=100,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)

_TALE: Document = {
    "format": 1,
    "id": "spindrift",
    "title": "Saltmarsh",
    "medium": "novel",
    "language": "en",
    "released": "1899-11-30",
    "premise": "Meerschaum [[rowan]] Travertine [[tamarisk|Basalt]]",
    "levels": [
        {"name": "Shallows", "note": "Sandbar"},
        {"name": "Lagoon", "note": "Coralhead"},
        {"name": "Trench", "note": "Kelpwood"},
        {"name": "Abyss", "note": "Brinepool"},
    ],
    "details": [
        {"label": "Bassoon", "text": "Oboe"},
        {"label": "Zither", "text": "Marimba", "level": 2},
        {"label": "Dulcimer", "text": "Ocarina", "scene": "fulmar"},
        {"label": "Theremin", "text": "Celesta", "scene": "fulmar", "level": 2},
        # Two ways to learn one thing.
        {"label": "Sackbut", "text": "Crumhorn", "level": 3},
        {"label": "Sackbut", "text": "Crumhorn", "scene": "plover"},
        # What speaks of several scenes.
        {"label": "Shawm", "text": "Bandura", "scene": ["dunlin", "petrel"]},
        {"label": "Rebec", "text": "Psaltery", "scene": ["fulmar", "gannet"], "level": 1},
        {"label": "Cornamuse", "text": "Balalaika", "through": "fulmar"},
        {"label": "Vihuela", "text": "Cittern", "through": "plover", "level": 1},
    ],
    "credits": [
        {"role": "Pewter", "name": "Vanadium"},
        {"role": "Bismuth", "name": "Niobium", "person": "rowan"},
        {"role": "Rhodium", "name": "Iridium", "person": "alder", "level": 1},
        {"role": "Tungsten", "name": "Antimony", "scene": ["gannet", "curlew"], "level": 1},
        # One who plays two who turn out to be one.
        {"role": "Osmium", "name": "Thorium", "person": "larch", "scene": "petrel", "level": 0},
        {"role": "Osmium", "name": "Thorium", "person": "juniper", "scene": "bittern", "level": 2},
        # Two ways to learn one thing.
        {"role": "Gallium", "name": "Hafnium", "person": "rowan", "level": 2},
        {"role": "Gallium", "name": "Hafnium", "person": "rowan", "scene": "dunlin"},
    ],
    "about": [
        {"text": "Cardamom [[alder]]"},
        {"text": "Turmeric", "level": 1, "source": "yawl"},
        {"text": "Fenugreek", "scene": "gannet", "source": "ketch"},
        {"text": "Asafoetida", "scene": "bittern", "level": 2, "source": "dinghy"},
        {"text": "Nigella [[hazel]]", "scene": ["curlew", "petrel", "fulmar"], "level": 2},
        {"text": "Saffron", "through": "dunlin", "source": "ketch"},
        # Two ways to learn one thing, from two sources.
        {"text": "Galangal", "level": 2, "source": "ketch"},
        {"text": "Galangal", "scene": "curlew", "source": "sloop"},
    ],
    "sources": [
        {
            "id": "ketch",
            "title": "Taleggio",
            "publisher": "Burrata",
            "url": "https://larkspur.example/",
            "date": "1901-02-03",
        },
        {"id": "yawl", "title": "Pecorino", "publisher": "Halloumi", "level": 2},
        {"id": "sloop", "title": "Roquefort", "url": "https://bryony.example/", "scene": "fulmar"},
        {"id": "dinghy", "title": "Limburger", "date": "1905-06", "scene": "fulmar", "level": 1},
        {"id": "gondola", "title": "Gorgonzola", "through": "curlew", "level": 2},
        # Two ways to learn one thing.
        {"id": "skiff", "title": "Mimolette", "level": 3},
        {"id": "coracle", "title": "Mimolette", "scene": "plover"},
    ],
    "parts": [
        {
            "title": "Cassiopeia",
            "scene": "gannet",
            "level": 0,
            "summary": [
                {"text": "Mistral", "through": "petrel", "level": 1},
                {"text": "Tramontane [[alder]]", "through": "curlew"},
                {"text": "Scirocco [[larch]]", "scene": ["plover", "petrel"]},
            ],
        },
        {
            "title": "Andromeda",
            "scene": "fulmar",
            "level": 1,
            "summary": {"text": "Khamsin", "level": 3},
        },
        {
            "title": "Ophiuchus",
            "scene": "dunlin",
            "summary": [
                {"text": "Simoom", "scene": "dunlin"},
                {"text": "Levanter [[hazel]]", "through": "bittern", "level": 2},
            ],
        },
    ],
    "people": [
        {
            "id": "rowan",
            "was": ["sycamore"],
            "names": [
                {"name": "Isolde"},
                {"name": "Brangane", "scene": ["gannet", "curlew"], "level": 1},
                {"name": "Melusine", "scene": "bittern"},
            ],
            "also": [
                {"name": "Ysolt"},
                {"name": "Undine", "level": 2},
                {"name": "Rusalka", "scene": "plover"},
            ],
            "facts": [
                {"text": "Sorrel", "scene": "gannet", "level": 1, "source": "ketch"},
                {"text": "Tansy [[alder]]", "scene": "gannet"},
                {"text": "Chervil"},
                {"text": "Lovage", "level": 1, "source": "sloop"},
                # What holds no longer from some point on.
                {"text": "Hyssop [[alder]]", "scene": "petrel", "until": {"scene": "dunlin"}},
                {"text": "Savory", "until": {"through": "curlew", "level": 1}},
                {"text": "Wormwood", "scene": "curlew", "until": {"level": 2}},
                # It ends for one who turns out to be another, of whom the same holds on.
                {"text": "Burnet", "level": 1, "until": {"scene": ["plover", "fulmar"]}},
                # Two ways to learn one thing.
                {"text": "Borage", "scene": "dunlin"},
                {"text": "Borage", "scene": "petrel", "level": 0},
            ],
        },
        # Listed in the first scene, known from the second.
        {
            "id": "alder",
            "names": [{"name": "Corentin", "scene": "petrel"}, {"name": "Gwenole", "level": 3}],
            "facts": [{"text": "Comfrey"}, {"text": "Woodruff", "scene": "petrel", "level": 0}],
        },
        # A chain: larch is hazel, and hazel is juniper.
        {
            "id": "larch",
            "names": [{"name": "Harrower", "scene": "petrel", "level": 0}],
            "also": [{"name": "Garrotter", "level": 1}],
            "facts": [{"text": "Betony", "scene": "petrel"}, {"text": "Mugwort"}],
            "is": {"person": "hazel", "scene": "dunlin"},
        },
        {
            "id": "hazel",
            "names": [{"name": "Domino", "scene": "fulmar", "level": 1}],
            "facts": [{"text": "Vervain [[larch]]", "scene": "fulmar", "level": 1}],
            "is": {"person": "juniper", "scene": "bittern", "level": 2},
        },
        {
            "id": "juniper",
            "names": [
                {"name": "Ferdiad", "level": 2},
                {"name": "Conchobar", "scene": "bittern"},
            ],
            "facts": [{"text": "Henbane", "level": 2}, {"text": "Eyebright", "scene": "bittern"}],
        },
        # Mentioned and listed from the first scene on, known almost at the end.
        {
            "id": "tamarisk",
            "names": [{"name": "Blathnat", "scene": "whimbrel"}],
            "also": [{"name": "Bloduwedd"}],
            "facts": [{"text": "Agrimony"}],
        },
        # Known under another name until the threshold is at its highest.
        {
            "id": "sumac",
            "names": [{"name": "Fingal"}],
            "facts": [{"text": "Feverfew", "scene": "plover"}, {"text": "Burnet"}],
            "is": {"person": "rowan", "level": 3},
        },
    ],
    "relations": [
        {"from": "rowan", "to": "alder", "text": "Calico"},
        {"from": "larch", "to": "juniper", "text": "Gingham", "level": 1},
        {"from": "hazel", "to": "larch", "text": "Taffeta", "scene": "fulmar", "level": 1},
        {"from": "alder", "to": "tamarisk", "text": "Corduroy", "scene": "gannet", "level": 1},
        {"from": "sumac", "to": "rowan", "text": "Brocade"},
        {"from": "rowan", "to": "larch", "text": "Damask", "until": {"scene": "dunlin"}},
        {"from": "alder", "to": "rowan", "text": "Organza", "until": {"through": "plover"}},
        {"from": "alder", "to": "rowan", "text": "Organza", "scene": "whimbrel"},
        # Two ways to learn one thing, and a third that becomes the same.
        {"from": "juniper", "to": "rowan", "text": "Chenille", "scene": "dunlin"},
        {"from": "juniper", "to": "rowan", "text": "Chenille", "scene": "curlew"},
        {"from": "hazel", "to": "rowan", "text": "Chenille", "scene": "fulmar", "level": 1},
    ],
    "scenes": [
        {
            "id": "gannet",
            "level": 2,
            "title": "Selenite",
            "text": "Obsidian [[tamarisk]] Kunzite [[rowan]]",
            "people": ["tamarisk", "alder", "rowan"],
            "place": "Valparaiso",
            "marker": "00:10",
            "warnings": ["Tarantula"],
            "sources": ["yawl", "ketch"],
            "tellings": [
                {
                    "level": 1,
                    "title": "Malachite",
                    "text": "Peridot [[alder|Jasper]]",
                    "people": ["rowan", "sumac"],
                    "place": "Montevideo",
                },
                {"level": 0, "title": "Amethyst", "text": "Turquoise", "people": ["sumac"]},
            ],
        },
        {
            "id": "petrel",
            "level": 1,
            "title": "Hematite",
            "text": "Carnelian [[tamarisk]] Sardonyx [[tamarisk|Citrine]] [[larch]]",
            "people": ["larch", "rowan", "alder"],
            "place": "Zanzibar",
            "marker": "00:20",
            "warnings": ["Scorpion"],
            "sources": ["sloop", "skiff", "coracle"],
            "tellings": [
                {
                    "level": 0,
                    "title": "Feldspar",
                    "text": "Aventurine",
                    "people": ["larch"],
                    "warnings": ["Centipede"],
                }
            ],
        },
        {
            "id": "curlew",
            "was": ["skimmer"],
            "level": 1,
            "title": "Rhodonite",
            "text": "Tourmaline [[hazel]]",
            "people": ["rowan", "sumac"],
            "place": "Trondheim",
            "time": "flashback",
            "happens": {"before": "gannet"},
        },
        # A flashback inside a flashback, which is the twist.
        {
            "id": "fulmar",
            "level": 3,
            "title": "Labradorite",
            "text": "Chrysoprase [[juniper]]",
            "people": ["hazel", "tamarisk"],
            "place": "Reykjavik",
            "time": "flashback",
            "happens": {"before": "curlew"},
            "marker": "00:45",
            "warnings": ["Millipede"],
            "sources": ["dinghy"],
            "tellings": [
                {
                    "level": 1,
                    "title": "Serpentine",
                    "text": "Moonstone",
                    "people": ["hazel"],
                    "warnings": ["Earwig"],
                },
                {
                    "level": 2,
                    "title": "Azurite",
                    "text": "Lepidolite",
                    "people": ["hazel", "rowan"],
                    "time": "flashback",
                },
            ],
        },
        {
            "id": "plover",
            "level": 0,
            "title": "Heliotrope",
            "text": "Bloodstone [[sumac]]",
            "people": ["sumac"],
            "time": "dream",
        },
        # Nothing may be told of it before the end.
        {
            "id": "dunlin",
            "level": 3,
            "title": "Sunstone",
            "text": "Alexandrite [[larch|Cuprite]] [[hazel]]",
            "people": ["larch", "hazel", "alder"],
            "place": "Samarkand",
            "marker": "01:05",
            "warnings": ["Cockroach"],
            "sources": ["yawl"],
        },
        {
            "id": "whimbrel",
            "level": 2,
            "title": "Tanzanite",
            "text": "Howlite [[tamarisk]]",
            "people": ["tamarisk", "rowan"],
            "place": "Nagasaki",
            "time": "flashforward",
            "happens": {"after": "bittern"},
            "tellings": [
                {
                    "level": 1,
                    "title": "Fluorite",
                    "text": "Apatite",
                    "people": ["rowan"],
                    "time": "flashforward",
                }
            ],
        },
        {
            "id": "bittern",
            "level": 3,
            "title": "Rutile",
            "text": "Zircon [[juniper]] [[larch]] [[rowan]]",
            "people": ["juniper", "larch", "rowan"],
            "place": "Antofagasta",
            "marker": "01:20",
            "warnings": ["Hornet"],
            "sources": ["ketch", "dinghy"],
            "tellings": [
                {
                    "level": 2,
                    "title": "Dioptase",
                    "text": "Wulfenite [[juniper|Euclase]]",
                    "people": ["juniper"],
                    "place": "Vladivostok",
                    "happens": {"after": "plover"},
                }
            ],
        },
    ],
}

# What a story file says with words that are not its own.
_KEYS_OF_FIXED_WORDS = ("medium", "language", "time")
_WORD = re.compile("[A-Za-z0-9-]{4,}")


def document() -> Document:
    """Give a fresh copy of the tale's file."""
    return deepcopy(_TALE)


def told(of: Document, revision: int = 1, past: tuple[Outline, ...] = ()) -> Story:
    """Make the story of a file as the store would give it: with one outline per change of them."""
    file = storyfile.read(json.dumps(of).encode())
    story = file.story(revision, past)
    now = story.outline()
    if past and (past[-1].scenes, past[-1].levels) == (now.scenes, now.levels):
        return story
    return replace(story, outlines=(*past, now))


def edited(story: Story, of: Document) -> Story:
    """Make the next revision of a story, with another file."""
    return told(of, story.revision + 1, story.outlines)


def words(of: object) -> frozenset[str]:
    """Give every word of a file that is the author's own: all that it says, and all ids."""
    found: set[str] = set()
    if isinstance(of, Mapping):
        for key, value in of.items():
            if key not in _KEYS_OF_FIXED_WORDS:
                found |= words(value)
    elif isinstance(of, list):
        for value in of:
            found |= words(value)
    elif isinstance(of, str):
        found |= set(_WORD.findall(of)) if "[[" in of else {of}
    return frozenset(found)


# --- every place -------------------------------------------------------------------------------


def every_place(story: Story) -> Iterator[Position]:
    """Give every place in a tiny story: thresholds, scenes reached and seen, few opened, warned.

    Warnings only add to what is shown before opening, so that few sets of opened scenes are asked
    with them.
    """
    scenes = range(len(story.scenes))
    pairs = [frozenset(pair) for pair in combinations(scenes, 2)][:: len(scenes) + 2]
    some_opened = [frozenset[int](), *(frozenset({scene}) for scene in scenes), *pairs]
    for threshold in range(len(story.levels)):
        for reached in range(len(scenes) + 1):
            for seen in range(reached + 1):
                for n, opened in enumerate(some_opened):
                    place = Position(threshold, reached, seen, opened)
                    yield place
                    if seen == len(scenes):
                        yield replace(place, finished=True)
                    if n % 4 == 0:
                        yield replace(place, warned=True)


def every_held_place(story: Story) -> Iterator[Position]:
    """Give the places in which one scene or two are veiled because an edit put them there."""
    for threshold in range(len(story.levels)):
        for reached in range(1, len(story.scenes) + 1):
            for newcomer in range(reached):
                withheld = frozenset({newcomer, newcomer // 2})
                for seen in (0, newcomer, reached):
                    yield Position(threshold, reached, seen, withheld=withheld)
                yield Position(threshold, reached, reached, frozenset({newcomer}), True, withheld)


# --- random stories ----------------------------------------------------------------------------


class _Author:
    """Draws one story: every text a new word, all else as wild as the format allows."""

    def __init__(self, draw: Callable[..., Any], most_scenes: int) -> None:
        self.draw = draw
        self.written = 0
        self.levels = draw(st.integers(2, 4))
        self.scenes = [f"scene-{n}" for n in range(draw(st.integers(1, most_scenes)))]
        self.people = [f"person-{n}" for n in range(draw(st.integers(0, 5)))]
        self.sources = [f"source-{n}" for n in range(draw(st.integers(0, 2)))]
        self.level_of = {scene: self.number(0, self.levels - 1) for scene in self.scenes}
        # Nobody turns out to be, and no scene stands at, one of a higher rank: no circles.
        self.rank = {
            one: n for n, one in enumerate(draw(st.permutations([*self.scenes, *self.people])))
        }

    def number(self, low: int, high: int) -> int:
        """Draw a whole number."""
        number: int = self.draw(st.integers(low, high))
        return number

    def chance(self, of: int = 2) -> bool:
        """Draw whether something is there at all."""
        return self.number(1, of) == 1

    def some(self, of: list[str], most: int = 4) -> list[str]:
        """Draw a few of a list, each once, in any order."""
        if not of:
            return []
        few: list[str] = self.draw(st.lists(st.sampled_from(of), unique=True, max_size=most))
        return few

    def one(self, of: list[str]) -> str:
        """Draw one of a list."""
        return of[self.number(0, len(of) - 1)]

    def word(self) -> str:
        """Give a word that stands nowhere else."""
        self.written += 1
        return f"w{self.written}x"

    def often_the_same(self, kind: str) -> str:
        """Give a word that may well stand in two entries of a kind."""
        return f"{kind}{self.number(1, 2)}x" if self.chance(3) else self.word()

    def text(self) -> str:
        """Give a text, with mentions in it."""
        mentions = [
            f"[[{person}|{self.word()}]]" if self.chance(4) else f"[[{person}]]"
            for person in self.some(self.people, 2)
        ]
        return " ".join([self.word(), *mentions])

    def condition(self) -> Document:
        """Give a condition of any kind."""
        kinds: list[Callable[[], Document]] = [
            dict,
            lambda: {"level": self.number(0, self.levels - 1)},
            lambda: {"scene": self.one(self.scenes)},
            self.leveled,
            self.several_scenes,
            lambda: self.run(self.scenes),
        ]
        return kinds[self.number(0, len(kinds) - 1)]()

    def leveled(self) -> Document:
        """Give a condition on a scene and a level."""
        scene = self.one(self.scenes)
        return {"scene": scene, "level": self.number(0, self.level_of[scene])}

    def several_scenes(self) -> Document:
        """Give a condition on some scenes."""
        scenes = self.some(self.scenes, 3) or [self.one(self.scenes)]
        highest = max(self.level_of[scene] for scene in scenes)
        return {"scene": scenes} | ({"level": self.number(0, highest)} if self.chance() else {})

    def run(self, scenes: list[str]) -> Document:
        """Give a condition on all scenes up to one of these."""
        level = {"level": self.number(0, self.levels - 1)} if self.chance() else {}
        return {"through": self.one(scenes), **level}

    def ending(self, entry: Document) -> Document:
        """Give an entry that may hold no longer from some point on."""
        return {**entry, "until": self.condition()} if self.chance(3) else entry

    def cited(self) -> Document:
        """Give a source, or none."""
        return {"source": self.one(self.sources)} if self.sources and self.chance() else {}

    def telling(self, level: int, scene: str, anchors: list[str]) -> Document:
        """Give one wording of a scene."""
        made: Document = {
            "level": level,
            "title": self.word(),
            "text": self.text(),
            "people": self.some(self.people),
            "time": self.one(["present", "present", "flashback", "flashforward", "dream"]),
            "sources": self.some(self.sources),
            "warnings": [self.word()] if self.chance(3) else [],
        }
        if self.chance():
            made["place"] = self.word()
        if anchors and self.chance():
            made["happens"] = {self.one(["before", "after"]): self.one(anchors)}
        return made

    def scene(self, scene: str) -> Document:
        """Give a scene with its tellings."""
        level = self.level_of[scene]
        lower = [other for other in self.scenes if self.rank[other] < self.rank[scene]]
        lesser = self.draw(st.sets(st.integers(0, level - 1))) if level else ()
        return {
            "id": scene,
            **self.telling(level, scene, lower),
            "tellings": [self.telling(below, scene, self.scenes) for below in lesser],
        }

    def named(self) -> Document:
        """Give a name, which somebody else may have as well."""
        return {"name": self.often_the_same("name"), **self.condition()}

    def person(self, person: str) -> Document:
        """Give someone, who may turn out to be someone else."""
        made: Document = {
            "id": person,
            "names": [self.named() for _ in range(self.number(1, 3))],
            "also": [self.named() for _ in range(self.number(0, 1))],
            "facts": [self.ending(self.fact()) for _ in range(self.number(0, 3))],
        }
        others = [other for other in self.people if self.rank[other] < self.rank[person]]
        if others and not self.chance(3):
            made["is"] = {"person": self.one(others), **self.condition()}
        return made

    def fact(self) -> Document:
        """Give a fact, which may be there twice."""
        text = self.often_the_same("fact") if self.chance() else self.text()
        return {"text": text, **self.condition(), **self.cited()}

    def relation(self) -> Document:
        """Give a relation of any two."""
        ends = {"from": self.one(self.people), "to": self.one(self.people)}
        return self.ending({**ends, "text": self.often_the_same("tie"), **self.condition()})

    def credit(self) -> Document:
        """Give a credit, with a person or not."""
        who = {"person": self.one(self.people)} if self.people and self.chance() else {}
        words = {"role": "Cast", "name": self.often_the_same("player")}
        return {**words, **who, **self.condition()}

    def part(self, scenes: list[str]) -> Document:
        """Give a part of some scenes."""
        level = {"level": self.number(0, self.level_of[scenes[0]])} if self.chance() else {}
        made: Document = {"title": self.word(), "scene": scenes[0], **level}
        wordings = self.several(lambda: self.summary(scenes), 3)
        if wordings:
            single = len(wordings) == 1 and self.chance()
            made["summary"] = wordings[0] if single else wordings
        return made

    def summary(self, scenes: list[str]) -> Document:
        """Give a wording of what happens in some scenes."""
        condition = self.condition()
        if "through" in condition or self.chance():
            condition = self.run(scenes)
        return {"text": self.text(), **condition}

    def marked(self, scenes: list[Document]) -> list[Document]:
        """Give scenes with where some of them stand in the work, as one of several usual ways."""
        ways: list[Callable[[int], str]] = [
            lambda n: f"Chapter {n + 3}",
            lambda n: f"S1E{n + 1}",
            lambda n: f"Act II, scene {n + 2}",
            lambda n: f"S{1 + n // 3}E{1 + n % 3} 0:{7 + n:02}",
            lambda n: f"00:{5 + 3 * n:02}",
            lambda n: f"{30 + n}:10",
        ]
        way = self.number(0, 2 * len(ways) - 1)
        if way >= len(ways):
            return scenes
        return [
            scene if self.chance(4) else scene | {"marker": ways[way](number)}
            for number, scene in enumerate(scenes)
        ]

    def source(self, source: str) -> Document:
        """Give a source, which may be there twice."""
        return {"id": source, "title": self.often_the_same("origin"), **self.condition()}

    def several(self, make: Callable[[], Document], most: int) -> list[Document]:
        """Give up to so many of something."""
        return [make() for _ in range(self.number(0, most))]

    def story(self) -> Document:
        """Give a whole file."""
        starts = [n for n in range(len(self.scenes)) if self.chance(3)]
        parts = [self.scenes[n:end] for n, end in pairwise([*starts, len(self.scenes)])]
        return standing(
            {
                "format": 1,
                "id": "random",
                "title": self.word(),
                "medium": "play",
                "language": self.one(["en", "de-AT", "tlh"]),
                "complete": self.chance(),
                "premise": self.text(),
                "levels": [{"name": f"level{n}x", "note": self.word()} for n in range(self.levels)],
                "details": self.several(
                    lambda: {
                        "label": "label",
                        "text": self.often_the_same("detail"),
                        **self.condition(),
                    },
                    3,
                ),
                "credits": self.several(self.credit, 3),
                "about": self.several(self.fact, 3),
                "sources": [self.source(source) for source in self.sources],
                "parts": [self.part(scenes) for scenes in parts],
                "people": [self.person(person) for person in self.people],
                "relations": self.several(self.relation, 4) if self.people else [],
                "scenes": self.marked([self.scene(scene) for scene in self.scenes]),
            }
        )


def standing(of: Document) -> Document:
    """Leave out each `until` that no file may have, since what it ends would never stand."""
    try:
        storyfile.read(json.dumps(of).encode())
    except storyfile.BrokenStory as broken:
        for problem in broken.problems:
            kind, *places, key = re.findall(r"\w+", problem.path)
            assert key == "until", problem
            entry = of[kind]
            for place in places:
                entry = entry[int(place) if place.isdigit() else place]
            del entry["until"]
    return of


@st.composite
def documents(draw: Callable[..., Any], most_scenes: int = 6) -> Document:
    """Random stories as files: small, but with all that the format allows."""
    return _Author(draw, most_scenes).story()


@st.composite
def skeletons(draw: Callable[..., Any], most_scenes: int = 6) -> Document:
    """Random stories that are nothing but scenes and levels, quickly made."""
    author = _Author(draw, most_scenes)
    author.people, author.sources = [], []
    return {
        "format": 1,
        "id": "random",
        "title": "w0x",
        "medium": "play",
        "language": "en",
        "premise": "w0x",
        "levels": [{"name": f"level{n}x"} for n in range(author.levels)],
        "sources": [],
        "parts": [],
        "people": [],
        "scenes": [author.scene(scene) for scene in author.scenes],
    }


@st.composite
def places(draw: Callable[..., Any], story: Story, withheld: bool = True) -> Position:
    """Random places in a story."""
    count = len(story.scenes)
    reached = draw(st.integers(0, count))
    seen = draw(st.integers(0, reached))
    most_withheld = min(reached, 2) if withheld else 0
    veiled = draw(st.frozensets(st.integers(0, max(0, reached - 1)), max_size=most_withheld))
    return Position(
        threshold=draw(st.integers(0, len(story.levels) - 1)),
        reached=reached,
        seen=seen,
        opened=draw(st.frozensets(st.integers(0, count - 1), max_size=2)),
        warned=draw(st.booleans()),
        withheld=veiled,
        finished=seen == count and not veiled and draw(st.booleans()),
    )


KEYS = st.text("abcdefghijklmnopqrstuvwxyz234567", min_size=12, max_size=12).map(SceneKey)


def bookmarks(scenes: Iterable[SceneKey] = (), revisions: int = 3) -> st.SearchStrategy[Bookmark]:
    """Random bookmarks as strangers may send them: of these scenes, of others, of any revision."""
    some = list(scenes)
    key = st.sampled_from(some) | KEYS if some else KEYS
    several = st.lists(key, unique=True, max_size=6).map(tuple)
    return st.builds(
        Bookmark,
        threshold=st.integers(0, 999),
        reached=st.none() | key,
        seen=st.none() | key,
        opened=several,
        warned=st.booleans(),
        revision=st.integers(0, revisions),
        withheld=several,
        finished=st.sampled_from([None, False, True]),
    )


def each_telling(of: Document) -> Iterator[Document]:
    """Give all tellings of a file, the full ones as the scenes that they are."""
    for scene in of["scenes"]:
        yield scene
        yield from scene.get("tellings", [])
