"""Stories with planted mistakes, to measure `explorer check`: `python -m tests.planted`.

Each mistake is an edit of a story that has none, such as its author could well have made. It is
found when there is advice of its kind at its place that the story without it does not get.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from explorer import storyfile
from explorer.advice import Kind, advice
from explorer.faults import Fault
from explorer.settings import folder

STORIES = Path(__file__).parent / "stories"
DOCUMENT = Path(__file__).parent.parent / "docs" / "check.md"

# What is rightly said of the stories as they are: nothing of these scenes can be told below.
RIGHT: Mapping[str, tuple[str, ...]] = {
    "ballerina": ("door", "threat", "handover", "break-in", "usb", "captive", "notebook"),
    "hound": ("account",),
    "lantern": ("water",),
    "orbit": ("dream",),
}

# By kind and story: what is set at which path. In a path ids stand for positions, `@` and a level
# for a telling; a `+` at its end adds to a list or a text, None takes away. The mistake is at the
# first path, or at the one that stands under "at".
Edits = Mapping[str, object]

# The full telling of a scene, with the name taken out and everything else forgotten.
LETTER = """In the ashes of a grate there was a scrap of paper: on the day of his death a lady
asked [[charles]] to be at the gate at ten, and signed with L. L. In Coombe Tracey [[watson]] finds
her. She does not deny the note. She never went, she says; why, she will not tell."""

PLANTS: Mapping[Kind, tuple[tuple[str, Edits], ...]] = {
    Kind.STRANGER: (
        ("hound", {"scenes.moor-walk@1.people.+": "laura"}),
        ("hound", {"scenes.hotel@1.text.+": "Behind the beard, was it [[stapleton]]?"}),
        ("hound", {"scenes.caller@0.text.+": "The body was found by [[barrymore]]."}),
        ("hound", {"scenes.candle@1.people.+": "figure"}),
        ("hound", {"people.holmes.facts.0.text.+": "His match is [[stapleton]]."}),
        ("hound", {"parts.0.summary.text.+": "On the moor lives [[stapleton]]."}),
        ("orbit", {"scenes.watch@0.people.+": "voice"}),
        ("orbit", {"scenes.signal@0.text.+": "It is [[voice]] that calls."}),
        ("orbit", {"premise.+": "Is it [[mara]]?"}),
        (
            "orbit",
            {
                "people.hope.names.0.scene": "signal",
                "at": "scenes.watch@0.people",
            },
        ),
        ("quince", {"scenes.arrival@0.text.+": "At noon [[buyer]] is expected."}),
        ("wehr", {"scenes.ankunft@1.text.+": "Im Fenster gegenüber steht [[wirtin]]."}),
        ("ballerina", {"scenes.sushi@1.text.+": "On the phone is [[caller|a man]]."}),
        ("ballerina", {"scenes.bakery@0.people.+": "girl"}),
        ("ballerina", {"about.0.text.+": "The part of [[myung-shik]] is a small one."}),
        ("lantern", {"scenes.rooftops@0.text.+": "The light they sell to [[gull]]."}),
        ("lantern", {"scenes.offer@1.people.+": "ferris"}),
        ("lantern", {"people.pip.facts.0.text.+": "Works for [[gull]]."}),
    ),
    Kind.EARLY: (
        ("hound", {"scenes.moor-walk@1.text.+": "Selden, they say, is still about."}),
        ("hound", {"scenes.hotel@1.text.+": "His name is Stapleton."}),
        ("hound", {"scenes.hall@1.text.+": "Selden is what he is called."}),
        (
            "hound",
            {"premise": "Sir Charles lies dead, and Holmes is asked to look after the heir."},
        ),
        ("hound", {"parts.1.title": "Laura Lyons"}),
        ("hound", {"people.barrymore.facts.0.text.+": "His wife was born a Selden."}),
        ("hound", {"scenes.candle@1.title": "Selden"}),
        ("hound", {"relations.0.text": "friends, against Rodger Baskerville"}),
        ("hound", {"scenes.hotel@0.text.+": "In Coombe Tracey somebody waits for the post."}),
        ("hound", {"scenes.caller@0.text.+": "He has come from Merripit House."}),
        ("hound", {"parts.0.summary.text.+": "His neighbours live at Merripit House."}),
        ("orbit", {"scenes.photograph@1.text.+": "Her name was Mara."}),
        ("orbit", {"scenes.signal@1.title": "Mara’s Voice"}),
        (
            "orbit",
            {"details.+": {"label": "Guest", "text": "June Ferro as Mara Okafor"}, "at": "details"},
        ),
        ("orbit", {"levels.1.note": "What the first episode shows of Mara."}),
        ("quince", {"scenes.arrival@0.text.+": "Mr Pym will be here at noon."}),
        ("quince", {"parts.0.title": "Mr Pym"}),
        ("wehr", {"scenes.ankunft@1.text.+": "Drüben brennt Licht in Hedwigs Küche."}),
        ("wehr", {"scenes.ankunft@0.text.+": "Georg Brandts Schrift steht noch an der Wand."}),
        ("salt", {"scenes.harbor@1.text.+": "오태식은 담배를 끈다."}),
        ("salt", {"scenes.ledger@0.text.+": "첫 줄에는 민석의 이름이 있다."}),
        ("ballerina", {"scenes.door@2.text.+": "Myung-shik would have known what to bring."}),
        ("ballerina", {"scenes.box@0.text.+": "His account is chef.choi_1004."}),
        ("ballerina", {"scenes.recording@2.text.+": "He means to go to Heaven."}),
        ("ballerina", {"people.choi.facts.0.text.+": "Pays Myung-shik for his help."}),
        ("lantern", {"scenes.rooftops@1.text.+": "Mrs. Gull would pay for both."}),
        ("lantern", {"scenes.tower@2.text.+": "Up there lives the Lamplighter."}),
        ("lantern", {"parts.0.title": "The Trouble with Gull"}),
        ("lantern", {"scenes.offer@0.text.+": "It lies near the Eel Bridge."}),
        ("lantern", {"premise.+": "Her partner Moss carries the ladder."}),
        ("lantern", {"scenes.map@1.text.+": "The Cold Tower is on it."}),
        ("lantern", {"people.moss.facts.0.text.+": "Owes old Ferris a favor."}),
    ),
    Kind.GIVEAWAY: (
        ("hound", {"scenes.fall@2.text.+": "There lies a man in a tweed suit."}),
        ("hound", {"scenes.portrait@2.text.+": "It is the face of the naturalist."}),
        ("hound", {"scenes.portrait@2.text.+": "The lady is no sister, he says, but a wife."}),
        ("hound", {"scenes.hound@1.text.+": "They know by now what burns there: phosphorus."}),
        ("hound", {"scenes.hound@1.text.+": "Before morning [[stapleton]] has fled."}),
        ("hound", {"scenes.hut@1.text.+": "It is [[holmes]] who comes."}),
        ("hound", {"scenes.candle@1.text.+": "It is for the brother of his wife that he is up."}),
        ("hound", {"scenes.moor-walk@1.text.+": "“Go back!” says somebody."}),
        ("hound", {"scenes.letter@1.text": LETTER}),
        ("orbit", {"scenes.silence@1.text.+": "The recorder was switched off by [[tomas]]."}),
        ("orbit", {"scenes.storm@2.text.+": "One of them stays on the planet."}),
        ("orbit", {"scenes.landing@1.text.+": "On the surface somebody is alive."}),
        ("orbit", {"scenes.photograph@1.text.+": "It was taken eleven years ago."}),
        (
            "orbit",
            {"scenes.storm@2.text.+": "The first ship was left to burn by one of their own."},
        ),
        ("orbit", {"scenes.signal@0.text.+": "It asks after a cat called Biscuit."}),
        ("quince", {"scenes.letter@1.text.+": "So [[joy]] is a daughter, and whose?"}),
        ("quince", {"scenes.letter@1.text.+": "There is a first grandchild in it."}),
        ("quince", {"scenes.ladder@1.text.+": "The envelope goes into an apron."}),
        ("wehr", {"scenes.wehr@1.text.+": "Es geht um das Mädchen, das er aus dem Wasser zog."}),
        ("wehr", {"scenes.morgen@0.text.+": "Es ist Niedrigwasser."}),
        ("salt", {"scenes.island@1.text.+": "이름 없는 섬이다."}),
        ("ballerina", {"scenes.bathroom@1.text.+": "She has killed herself."}),
        ("ballerina", {"scenes.bathroom@1.text.+": "She lies in the bathtub."}),
        ("ballerina", {"scenes.lie@2.text.+": "The woman, he says, lies buried in the mountains."}),
        ("ballerina", {"scenes.tracker@2.text.+": "He finds a tracker on it."}),
        ("ballerina", {"scenes.shot@1.text.+": "It is [[girl|the girl]] who fires."}),
        ("ballerina", {"scenes.vehicle@3.text.+": "A bullet hits her in the hand: she is shot."}),
        ("ballerina", {"scenes.fire@1.text.+": "It is an isolated beach on which she says it."}),
        ("ballerina", {"scenes.sea@3.text.+": "In her next life, she says, she would be a fish."}),
        ("ballerina", {"scenes.hotel-fight@2.text.+": "It leaves him with a huge scar."}),
        ("ballerina", {"scenes.cafe@2.text.+": "“Slaves” is the word for girls like her."}),
        ("lantern", {"scenes.map@1.text.+": "It is no map of sewers."}),
        ("lantern", {"scenes.bridge@1.text.+": "Behind her stand [[wardens]]."}),
        ("lantern", {"scenes.bridge@1.text.+": "He has sold her."}),
        ("lantern", {"scenes.offer@0.text.+": "She pays in candles."}),
        ("lantern", {"scenes.tower@2.text.+": "There sits [[gull]] and waits."}),
        ("lantern", {"scenes.tower@1.text.+": "What she finds she gives to everybody."}),
        ("lantern", {"scenes.tower@2.text.+": "Up there the sun is as small as an orange."}),
        ("lantern", {"scenes.morning@2.text.+": "[[pip]] walks past them."}),
    ),
    Kind.AHEAD: (
        ("hound", {"scenes.hotel@1.text.+": "He does not know yet who will have use for a boot."}),
        (
            "hound",
            {"scenes.hall@1.text.+": "It is the last time that all of them sit at one table."},
        ),
        ("hound", {"scenes.moor-walk@1.text.+": "They are not yet enemies."}),
        ("hound", {"scenes.caller@0.text.+": "He was once a happy man."}),
        ("hound", {"scenes.candle@2.text.+": "For now the man is safe."}),
        ("hound", {"people.laura.facts.0.text.+": "Later marries nobody."}),
        ("hound", {"scenes.letter@2.text.+": "Her former friend, she says, was generous."}),
        ("hound", {"people.stapleton.facts.0.text": "A seemingly harmless naturalist."}),
        ("hound", {"scenes.moor-walk@2.text.+": "His so-called sister says it twice."}),
        ("hound", {"scenes.hut@1.text.+": "The real murderer is not far."}),
        ("orbit", {"scenes.watch@1.text.+": "Nobody guesses that it is their last quiet night."}),
        ("orbit", {"scenes.signal@0.text.+": "She will never again sleep well."}),
        (
            "orbit",
            {
                "people.hope.names.+": {"name": "the future commander", "scene": "watch"},
                "at": "people.hope.names",
            },
        ),
        ("orbit", {"relations.0.text": "friends, for now"}),
        ("orbit", {"scenes.landing@1.text.+": "Little does she know who waits there."}),
        ("orbit", {"parts.0.summary.text.+": "Eventually he will have to."}),
        ("quince", {"premise.+": "It will soon divide them."}),
        ("quince", {"scenes.judge@1.text.+": "One day she will regret the labels."}),
        ("quince", {"scenes.buyer@1.text.+": "It is the first of many visits."}),
        ("quince", {"people.joy.facts.0.text.+": "Supposedly the third daughter."}),
        ("wehr", {"scenes.ankunft@1.text.+": "Noch weiß er nicht, wessen Name darauf steht."}),
        ("wehr", {"scenes.gasthof@0.text.+": "Sie ist seine ehemalige Nachbarin."}),
        ("wehr", {"scenes.gasthof@1.text.+": "Er sitzt zum letzten Mal allein an einem Tisch."}),
        ("salt", {"scenes.harbor@0.text.+": "그는 아직 모른다."}),
        ("ballerina", {"scenes.call@2.text.+": "She hears this voice for the last time."}),
        ("ballerina", {"scenes.club@2.text.+": "He is still alive when they leave it."}),
        ("ballerina", {"people.girl.facts.1.text.+": "Will later fire a shot."}),
        ("ballerina", {"scenes.fall@1.text.+": "Her doomed dance begins."}),
        ("lantern", {"scenes.rooftops@1.text.+": "It is their last theft but three."}),
        ("lantern", {"scenes.rooftops@0.text.+": "They are still friends."}),
        ("lantern", {"scenes.offer@1.text.+": "She will regret every one of them."}),
        ("lantern", {"scenes.archive@1.text.+": "He has yet to notice her."}),
        ("lantern", {"scenes.map@2.text.+": "She trusts him no longer, or not for the moment."}),
        (
            "lantern",
            {"scenes.bridge@1.text.+": "She has not seen him since, and never will again."},
        ),
        ("lantern", {"parts.1.summary.text.+": "He finds out later."}),
        ("lantern", {"people.moss.facts.0.text": "Her former partner."}),
    ),
    Kind.VEILED: (
        ("hound", {"scenes.fall@2": None, "at": "scenes.fall@3"}),
        ("hound", {"scenes.candle@1": None, "at": "scenes.candle@2"}),
        ("hound", {"scenes.hound@1": None, "at": "scenes.hound@3"}),
        ("orbit", {"scenes.storm@2": None, "at": "scenes.storm@3"}),
        ("orbit", {"scenes.landing@1": None, "at": "scenes.landing@2"}),
        ("quince", {"scenes.letter@1": None, "at": "scenes.letter@2"}),
        ("wehr", {"scenes.morgen@0": None, "at": "scenes.morgen@2"}),
        ("salt", {"scenes.island@1": None, "at": "scenes.island@2"}),
        ("ballerina", {"scenes.sea@3": None, "at": "scenes.sea@4"}),
        ("lantern", {"scenes.bridge@1": None, "at": "scenes.bridge@2"}),
    ),
    Kind.DROPPED: (
        ("hound", {"scenes.caller@1.people": ["holmes", "watson", "mortimer"]}),
        ("hound", {"scenes.hotel@1.people": ["henry", "mortimer", "holmes"]}),
        ("hound", {"scenes.hound@3.people": ["holmes", "henry", "beryl", "stapleton"]}),
        ("hound", {"scenes.hut@1.people.+": "laura", "at": "scenes.hut@2.people"}),
        ("orbit", {"scenes.watch@1.people": ["ines", "tomas"]}),
        ("orbit", {"scenes.silence@2.people": ["ines", "tomas"]}),
        ("quince", {"scenes.judge@1.people": ["ada", "joy"]}),
        ("salt", {"scenes.island@2.people": ["brother"]}),
        ("ballerina", {"scenes.sushi@1.people.+": "min-hee", "at": "scenes.sushi@2.people"}),
        ("ballerina", {"scenes.tower@3.people": ["track-men"]}),
        ("lantern", {"scenes.morning@3.people": ["pip"]}),
        ("lantern", {"scenes.rooftops@1.people": ["pip", "wardens"]}),
    ),
    Kind.UNSEEN: (
        ("hound", {"people.stapleton.names.0.scene": None, "at": "people.stapleton.names.0"}),
        ("hound", {"people.barrymore.names.0.scene": None, "at": "people.barrymore.names.0"}),
        ("hound", {"people.convict.names.1.scene": None, "at": "people.convict.names.1"}),
        ("orbit", {"people.council.names.0.scene": None, "at": "people.council.names.0"}),
        ("orbit", {"people.mara.names.1.scene": None, "at": "people.mara.names.1"}),
        ("wehr", {"people.vater.names.1.scene": None, "at": "people.vater.names.1"}),
        ("salt", {"people.captain.names.1.scene": None, "at": "people.captain.names.1"}),
        ("ballerina", {"people.myung-shik.names.0.scene": None, "at": "people.myung-shik.names.0"}),
        ("lantern", {"people.ferris.names.0.scene": None, "at": "people.ferris.names.0"}),
    ),
    Kind.PART: (
        ("hound", {"parts.2.level": 3}),
        ("hound", {"parts.2.level": None, "at": "parts.2"}),
        ("orbit", {"parts.1.level": None, "parts.1.scene": "storm", "at": "parts.1"}),
        ("quince", {"parts.2.level": 2}),
        ("wehr", {"parts.1.level": None, "at": "parts.1"}),
        ("salt", {"parts.+": {"title": "섬", "scene": "island"}, "at": "parts.1"}),
        ("ballerina", {"parts.7.level": None, "at": "parts.7"}),
        ("lantern", {"parts.2.level": None, "at": "parts.2"}),
    ),
    Kind.UNREACHABLE: (
        (
            "hound",
            {
                "people.convict.names": [
                    {"name": "Selden", "scene": "candle", "level": 2},
                    {"name": "the convict", "scene": "hall", "level": 1},
                ]
            },
        ),
        ("hound", {"people.henry.also.+": {"name": "the heir"}, "at": "people.henry.also"}),
        (
            "hound",
            {
                "relations.+": {
                    "from": "figure",
                    "to": "holmes",
                    "text": "one and the same",
                    "scene": "hut",
                },
                "at": "relations",
            },
        ),
        ("orbit", {"people.mara.names.+": {"name": "the elder one"}, "at": "people.mara.names"}),
        (
            "orbit",
            {
                "relations.+": {
                    "from": "voice",
                    "to": "mara",
                    "text": "her voice",
                    "scene": "storm",
                },
                "at": "relations",
            },
        ),
        ("quince", {"relations.0.to": "grace", "at": "relations.0"}),
        ("wehr", {"people.kind.is": {"person": "jonas"}, "at": "people.kind.names"}),
        ("salt", {"people.captain.names.1": {"name": "오태식"}, "at": "people.captain.names.0"}),
        (
            "ballerina",
            {
                "people.caller.names.+": {"name": "the driver", "scene": "stakeout", "level": 2},
                "at": "people.caller.names",
            },
        ),
        ("lantern", {"people.gull.names.+": {"name": "the lady"}, "at": "people.gull.names"}),
    ),
}


@dataclass(frozen=True, slots=True)
class Plant:
    """A mistake in a story that has none otherwise."""

    kind: Kind
    story: str
    edits: Edits

    def __str__(self) -> str:
        made = next(iter(self.edits.items()))
        return f"{self.kind.name.lower()} in {self.story}: {made[0]} {made[1]}"

    @property
    def document(self) -> dict[str, Any]:
        """The story with the mistake."""
        document = deepcopy(clean(self.story))
        for path, value in self.edits.items():
            if path != "at":
                _put(document, path.split("."), value)
        return document

    def is_found_in(self, found: Mapping[Kind, tuple[Fault, ...]]) -> bool:
        """Whether there is advice of its kind at its place."""
        where = str(self.edits.get("at", next(iter(self.edits)))).removesuffix(".+")
        path = _resolved(self.document, where.split("."))
        return any(_is_at(fault.path, path) for fault in found.get(self.kind, ()))


@cache
def clean(story: str) -> dict[str, Any]:
    """Give a story without mistakes."""
    path = folder("scenes.json") if story == "ballerina" else STORIES / f"{story}.json"
    document: dict[str, Any] = json.loads(path.read_bytes())
    return document


def advised(document: dict[str, Any]) -> Mapping[Kind, tuple[Fault, ...]]:
    """Give the advice on a story."""
    text = storyfile.write(document)
    return advice(storyfile.read(text.encode()), text)


def plants() -> Iterator[Plant]:
    """Give all mistakes."""
    for kind, planted in PLANTS.items():
        for story, edits in planted:
            yield Plant(kind, story, edits)


# --- paths -------------------------------------------------------------------------------------


def _put(document: Any, steps: list[str], value: object) -> None:
    *way, last = steps
    if last == "+":
        _add(document, way, value)
        return
    at = _followed(document, way)
    if "@" in last:
        ident, level = last.split("@")
        tellings = next(entry for entry in at if entry["id"] == ident)["tellings"]
        tellings[:] = [telling for telling in tellings if telling["level"] != int(level)]
    elif value is None:
        del at[last]
    else:
        at[int(last) if isinstance(at, list) else last] = value


def _add(document: Any, way: list[str], value: object) -> None:
    holder = _followed(document, way[:-1])
    if isinstance(value, str) and isinstance(holder[way[-1]], str):
        holder[way[-1]] += " " + value
    else:
        holder.setdefault(way[-1], []).append(value)


def _followed(at: Any, steps: list[str]) -> Any:
    for step in steps:
        at = at[_key(at, step)] if "@" not in step else _telling(at, step)[0]
    return at


def _key(at: Any, step: str) -> int | str:
    if isinstance(at, dict):
        return step
    idents = [entry.get("id") for entry in at]
    return idents.index(step) if step in idents else int(step)


def _telling(scenes: Any, step: str) -> tuple[Any, str]:
    """Give a telling and its path from the scenes on."""
    ident, level = step.split("@")
    position = [scene["id"] for scene in scenes].index(ident)
    scene = scenes[position]
    if scene["level"] == int(level):
        return scene, f"[{position}]"
    levels = [telling["level"] for telling in scene["tellings"]]
    n = levels.index(int(level))
    return scene["tellings"][n], f"[{position}].tellings[{n}]"


def _resolved(document: Any, steps: list[str]) -> str:
    path, at = "", document
    for step in steps:
        if "@" in step:
            at, spelled = _telling(at, step)
            path += spelled
            continue
        key = _key(at, step)
        path += f"[{key}]" if isinstance(key, int) else f".{key}"
        at = at[key] if isinstance(key, int) else at.get(key, {})
    return path.removeprefix(".")


def _is_at(found: str, path: str) -> bool:
    rest = found.removeprefix(path)
    return found.startswith(path) and rest[:1] in ("", ".", "[") and ".tellings" not in rest
