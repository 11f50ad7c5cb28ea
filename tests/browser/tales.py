"""Stories made to be read in a browser: every kind of scene there is, each fact a word of its own.

Every telling holds one word that stands nowhere else, so that a page can be asked for what it must
not hold. The real story is asked the same questions in words of its own.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

Document = dict[str, Any]

_LEVELS = (1, 2, 0, 3, 1, 2, 3, 2)
_TIMES = {3: "flashback", 7: "flashback", 8: "dream", 14: "flashback", 20: "flashforward"}
_PEOPLE = ("ada", "ben", "cleo", "dov", "eve", "fay")


@dataclass(frozen=True)
class Tale:
    """A story file, and what tests want to know of it."""

    document: Document

    @classmethod
    def at(cls, path: Path) -> Tale:
        return cls(json.loads(path.read_text(encoding="utf-8")))

    @property
    def id(self) -> str:
        return str(self.document["id"])

    @property
    def title(self) -> str:
        return str(self.document["title"])

    @property
    def scenes(self) -> list[Document]:
        return list(self.document["scenes"])

    def level(self, name: str) -> int:
        return [str(level["name"]) for level in self.document["levels"]].index(name)

    @property
    def highest(self) -> int:
        return len(self.document["levels"]) - 1

    def telling(self, number: int, threshold: int) -> Document | None:
        """The telling of a scene, counted from 1, that a threshold lets through."""
        scene = self.scenes[number - 1]
        tellings = [scene, *scene.get("tellings", ())]
        safe = [telling for telling in tellings if telling["level"] <= threshold]
        return max(safe, key=lambda telling: int(telling["level"]), default=None)

    def hidden(self, reached: int, threshold: int) -> set[str]:
        """The words that a bookmark with this threshold may not know, nothing opened."""
        words = {
            word_of(number, telling["level"])
            for number, scene in enumerate(self.scenes, 1)
            for telling in (scene, *scene.get("tellings", ()))
        }
        shown = (self.telling(number, threshold) for number in range(1, reached + 1))
        told = {
            word_of(number, telling["level"])
            for number, telling in enumerate(shown, 1)
            if telling is not None
        }
        return words - told

    def write(self, folder: Path) -> Path:
        path = folder / f"{self.id}.json"
        path.write_text(json.dumps(self.document), encoding="utf-8")
        return path


def word_of(number: int, level: int) -> str:
    """The word that stands in this telling and nowhere else."""
    return f"q{number}w{level}q"


def tale() -> Tale:
    """A story of 26 scenes with everything in it."""
    return Tale(
        {
            "format": 1,
            "id": "tale",
            "title": "The Lamp",
            "medium": "novel",
            "language": "en",
            "released": "1999",
            "premise": "A *lamp* is lost, and [[ada]] looks for it.",
            "levels": [
                {"name": "Cover", "note": "What the cover says."},
                {"name": "Start", "note": "How it begins."},
                {"name": "Middle"},
                {"name": "End", "note": "All of it."},
            ],
            "details": [{"label": "Pages", "text": "312"}],
            "credits": [
                {"role": "Author", "name": "R. Writer"},
                {"role": "Voice", "name": "S. Speaker", "person": "ada"},
            ],
            "about": [{"text": "It was **read aloud** first.", "level": 0, "source": "paper"}],
            "sources": [
                {
                    "id": "paper",
                    "title": "A review",
                    "publisher": "The Paper",
                    "url": "https://example.org/review",
                    "date": "1999-05",
                    "level": 0,
                }
            ],
            "parts": [
                {"title": "Evening", "scene": "s1", "level": 0},
                {"title": "Night", "scene": "s9", "level": 0},
                {"title": "Morning", "scene": "s17"},
            ],
            "people": _people(),
            "relations": [
                {"from": "ada", "to": "ben", "text": "neighbors", "scene": "s2", "level": 0},
                {"from": "cleo", "to": "ada", "text": "her aunt", "scene": "s5"},
            ],
            "scenes": [_scene(number) for number in range(1, 27)],
        }
    )


def long_tale() -> Tale:
    """A story of 45 scenes, for windows of it: all of them may be told, or there is less to say."""
    scenes = [
        {
            "id": f"s{number}",
            "level": number % 2,
            "title": f"Day {number}",
            "text": f"The {word_of(number, number % 2)} of day {number}. " * 3,
            "people": ["ida"] if number % 3 else ["ida", "jon"],
            "time": "flashback" if number % 11 == 0 else "present",
            "tellings": (
                [{"level": 0, "title": f"A day {number}", "text": word_of(number, 0)}]
                if number % 2
                else []
            ),
        }
        for number in range(1, 46)
    ]
    return Tale(
        {
            "format": 1,
            "id": "days",
            "title": "Forty-five days",
            "medium": "series",
            "language": "en",
            "complete": False,
            "premise": "A day, and a day after it.",
            "levels": [{"name": "Less"}, {"name": "All"}],
            "people": [
                {"id": "ida", "names": [{"name": "Ida"}]},
                {"id": "jon", "names": [{"name": "Jon", "scene": "s3", "level": 0}]},
            ],
            "scenes": scenes,
        }
    )


def _people() -> list[Document]:
    stranger = {
        "id": "stranger",
        "names": [{"name": "the stranger", "scene": "s2", "level": 0}],
        "is": {"person": "dov", "scene": "s13", "level": 0},
        "facts": [{"text": "Wears a grey coat.", "scene": "s2", "level": 0}],
    }
    known_from = {"ada": None, "ben": "s2", "cleo": "s3", "dov": "s5", "eve": "s8", "fay": "s16"}
    people: list[Document] = [
        {
            "id": name,
            "names": [
                {"name": name.title()}
                if scene is None
                else {"name": name.title(), "scene": scene, "level": 0}
            ],
            "facts": [{"text": f"[[{name}]] likes bread.", "scene": "s9", "level": 0}],
        }
        for name, scene in known_from.items()
    ]
    people[0]["names"].append({"name": "Ada Lamp", "scene": "s11"})
    people[0]["also"] = [{"name": "Adah"}]
    return [*people, stranger]


def _scene(number: int) -> Document:
    level = _LEVELS[number % len(_LEVELS)]
    people = sorted({_PEOPLE[number % 6], "ada"})
    scene = _telling(number, level, [*people, "stranger"] if number in (2, 13) else people)
    scene |= {"id": f"s{number}", "marker": f"{number // 60:02}:{number % 60:02}"}
    time = _TIMES.get(number)
    if time:
        scene["time"] = time
    if time == "flashback":
        scene["happens"] = {"before": "s1"}
    if number % 6 == 1:
        scene["warnings"] = ["smoke", "grief"]
    if number % 5 == 0:
        scene["sources"] = ["paper"]
    if level and number % 3:
        lesser = _telling(number, 0, people[:1])
        scene["tellings"] = [lesser | ({"time": time} if time == "flashback" else {})]
    return scene


def _telling(number: int, level: int, people: list[str]) -> Document:
    word = word_of(number, level)
    mentions = " and ".join(f"[[{person}]]" for person in people)
    return {
        "level": level,
        "title": f"Of {word}",
        "text": f"{mentions} carry the {word} down the stairs. *It is late*, and nobody asks.\n\n"
        "The door is open; the rain comes in.",
        "people": people,
        "place": f"Stair {number}",
    }
