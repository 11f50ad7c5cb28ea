"""The ways in which a twin differs: each changes something that no reader in question may know.

What a change may touch is asked of `Hiding`. Where two hidden things hang together in a way that
shows after all, the change is tried again or given up; `twin` sees to that.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from tests.shield.oracle import Entry, tellings, wordings
from tests.shield.oracle.reader import scenes_named
from tests.shield.prove.agreement import LAST_HOUR
from tests.shield.prove.hiding import (
    LISTS,
    PERSONAL,
    Hiding,
    insert_anywhere,
    mentions_renamed,
    renamed,
)

Change = Callable[[Hiding], None]

TIMES = ("present", "flashback", "flashforward", "dream")

_WORDS = {
    "details": ("label", "text"),
    "credits": ("role", "name"),
    "sources": ("title", "publisher"),
    "relations": ("text",),
    "parts": ("title",),
    "names": ("name",),
    "also": ("name",),
}


# --- ids and order -----------------------------------------------------------------------------


def other_ids_of_scenes(of: Hiding) -> None:
    """Call scenes ahead otherwise, some of them; the others are gates that answer alike."""
    names = {s["id"]: of.ident("scene") for s in of.scenes if of.chance(0.7)}
    renamed(of.document, "scenes", names)
    for scene in of.scenes:
        if of.chance(0.3):
            scene["was"] = [of.ident("once")]


def other_ids_of_people(of: Hiding) -> None:
    """Call people who are not known otherwise."""
    renamed(of.document, "people", {one: of.ident("person") for one in of.strangers})
    for person in of.document.get("people", []):
        if person["id"] in of.strangers and of.chance(0.3):
            person["was"] = [of.ident("once")]


def other_ids_of_sources(of: Hiding) -> None:
    """Call all sources otherwise: no reader meets their ids."""
    sources = of.document.get("sources", [])
    renamed(of.document, "sources", {source["id"]: of.ident("source") for source in sources})


def other_order_of_people(of: Hiding) -> None:
    """Put people into another order in the file."""
    of.rng.shuffle(of.document.get("people", []))


def other_places_of_hidden_entries(of: Hiding) -> None:
    """Put entries that are not known elsewhere among those that are."""
    lists = [of.document.get(kind, []) for kind in LISTS if kind != "parts"]
    lists += [p[kind] for p in of.document.get("people", []) for kind in PERSONAL if kind in p]
    for entries in lists:
        hidden = [entry for entry in entries if not of.holds(entry)]
        entries[:] = [entry for entry in entries if of.holds(entry)]
        for entry in hidden:
            insert_anywhere(entries, entry, of.rng)


# --- scenes ahead ------------------------------------------------------------------------------


def other_markers(of: Hiding) -> None:
    """Let all scenes stand elsewhere in the work, and some of them nowhere: nobody knows where.

    They still rise, and are of the shapes that they were: how a story counts is known to all.
    """
    marked = [scene for scene in of.document["scenes"] if "marker" in scene]
    further = 0
    for scene in marked:
        further += of.rng.choice((0, 0, 1, 3))
        first = re.search(r"\d+", scene["marker"])
        if first is not None:
            before, after = scene["marker"][: first.start()], scene["marker"][first.end() :]
            scene["marker"] = f"{before}{_further(first[0], further)}{after}"
    for scene in marked[1:]:
        if of.chance(0.2):
            del scene["marker"]


def _further(number: str, by: int) -> str:
    """Count on from a number, and never past the last hour, for it may be one."""
    least, most = (0, LAST_HOUR) if int(number) <= LAST_HOUR else (LAST_HOUR + 1, 10**6)
    return str(max(least, min(most, int(number) + by))).zfill(len(number))


def other_scenes_ahead(of: Hiding) -> None:
    """Let there be more scenes ahead, or fewer, in another order; but some where there are some."""
    scenes, reached = of.document["scenes"], max(reader.reached for reader in of.readers)
    if reached == len(scenes):
        return
    kept = of.covered
    hidden = [scene for scene in scenes if scene["id"] not in kept]
    _drop(of, hidden)
    if not any("marker" in scene for scene in hidden):
        of.rng.shuffle(hidden)
    hidden += [_new_scene(of) for _ in range(of.rng.choice((0, 1, 3, 12)))]
    if not hidden and len(kept) == reached:
        hidden = [_new_scene(of)]
    ahead = [scene for scene in scenes[reached:] if scene["id"] in kept]
    # Another one may stand behind the last one reached, or all before one that was opened ahead.
    for scene in hidden:
        insert_anywhere(ahead, scene, of.rng)
    if any("marker" in scene for scene in hidden):
        ahead.sort(key=lambda scene: scene.get("marker", ""))
    scenes[reached:] = ahead
    order = [scene["id"] for scene in scenes]
    of.document.get("parts", []).sort(key=lambda part: order.index(part["scene"]))
    _mend(of)


def _mend(of: Hiding) -> None:
    """Take out hidden summaries that speak of scenes which are not in their part any more."""
    parts, order = of.document.get("parts", []), [scene["id"] for scene in of.document["scenes"]]
    starts = [order.index(part["scene"]) for part in parts]
    for part, start, end in zip(parts, starts, [*starts, len(order)][1:], strict=True):
        within = order[start:end]
        kept = [
            summary
            for summary in wordings(part.pop("summary", None))
            if summary.get("through", part["scene"]) in within or of.holds(summary, part["scene"])
        ]
        if kept:
            part["summary"] = kept


def _drop(of: Hiding, hidden: list[Entry]) -> None:
    """Take some scenes out, and let what hung on them hang on another one ahead."""
    gone = [scene for scene in hidden if of.chance(0.4)][: max(0, len(hidden) - 1)]
    if not gone:
        return
    for scene in gone:
        hidden.remove(scene)
    heir = of.rng.choice(hidden)
    lost = {scene["id"] for scene in gone}
    document = of.document
    parts = document.get("parts", [])
    parts[:] = [part for part in parts if part["scene"] not in lost]
    document["scenes"][:] = [s for s in document["scenes"] if s["id"] not in lost]
    for telling in (t for scene in document["scenes"] for t in tellings(scene)):
        if lost & set(telling.get("happens", {}).values()):
            del telling["happens"]
    _hang(document, lost, heir)


def _hang(value: object, lost: set[str], heir: Entry) -> None:
    """Let conditions on lost scenes be on another one; of several the others stay."""
    if isinstance(value, dict):
        named = scenes_named(value)
        if lost & set(named):
            kept = [scene for scene in named if scene not in lost and scene != heir["id"]]
            value["scene"] = [*kept, heir["id"]] if kept else heir["id"]
            if "level" in value:
                value["level"] = min(value["level"], heir["level"])
        if value.get("through") in lost:
            value["through"] = heir["id"]
        value = list(value.values())
    if isinstance(value, list):
        for entry in value:
            _hang(entry, lost, heir)


def _new_scene(of: Hiding) -> Entry:
    top = len(of.document["levels"]) - 1
    level = of.rng.randint(0, top)
    lesser = [n for n in range(level) if of.chance(0.3)]
    made = {"id": of.ident("new"), "level": level, "tellings": [{"level": n} for n in lesser]}
    for telling in tellings(made):
        _rewrite(of, telling)
        telling["time"] = of.rng.choice(TIMES)
    return made


def other_levels(of: Hiding) -> None:
    """Let scenes ahead be of other levels, and scenes have other tellings that are not shown."""
    top = len(of.document["levels"]) - 1
    for scene in of.scenes:
        if of.chance(0.6):
            scene["level"] = of.rng.randint(0, top)
            scene["tellings"] = [
                t for t in scene.get("tellings", []) if t["level"] < scene["level"]
            ]
            _clip(of.document, scene)
    for scene in of.document["scenes"]:
        taken = {telling["level"] for telling in tellings(scene)}
        free = [n for n in range(scene["level"]) if n not in taken and not of.shows(scene, n)]
        if free and of.chance(0.4):
            telling: Entry = {"level": of.rng.choice(free)}
            _rewrite(of, telling)
            insert_anywhere(scene.setdefault("tellings", []), telling, of.rng)


def other_earlier_names_of_levels(of: Hiding) -> None:
    """Let levels have been called otherwise once."""
    for level in of.document["levels"]:
        level["was"] = [of.word() for _ in range(of.rng.choice((0, 1, 2)))]


def fewer_tellings(of: Hiding) -> None:
    """Take lesser tellings out that are not shown."""
    for scene, telling in list(of.tellings):
        if telling is not scene and of.chance(0.5):
            scene["tellings"] = [other for other in scene["tellings"] if other is not telling]


def _clip(value: object, scene: Entry) -> None:
    """Lower the levels of conditions that hang on a scene to what they may be."""
    if isinstance(value, dict):
        if scene["id"] in scenes_named(value) and "level" in value:
            value["level"] = min(value["level"], scene["level"])
        value = list(value.values())
    if isinstance(value, list):
        for entry in value:
            _clip(entry, scene)


# --- tellings ----------------------------------------------------------------------------------


def other_tellings(of: Hiding) -> None:
    """Let tellings that are not shown say other things, of others, elsewhere."""
    for scene, telling in list(of.tellings):
        _rewrite(of, telling, warns=telling is scene and of.warns(scene))


def _rewrite(of: Hiding, telling: Entry, *, warns: bool = False) -> None:
    everyone = [person["id"] for person in of.document.get("people", [])]
    telling |= {"title": of.words()[:300], "text": of.text(), "people": of.some(everyone)}
    telling["sources"] = of.some([s["id"] for s in of.document.get("sources", [])])
    if not warns:
        telling["warnings"] = [of.word() for _ in range(of.rng.choice((0, 0, 1, 4)))]
    telling.pop("place", None)
    if of.chance(0.5):
        telling["place"] = of.words()[:300]


def other_times(of: Hiding) -> None:
    """Let tellings that are not shown stand elsewhere in time."""
    hidden = [telling for _, telling in of.tellings]
    some = of.rng.choice((1.0, 0.3))
    anchors = [scene["id"] for scene in of.document["scenes"]]
    for telling in hidden:
        if of.chance(some):
            telling["time"] = of.rng.choice(TIMES)
            telling.pop("happens", None)
            if of.chance(0.2):
                telling["happens"] = {of.rng.choice(("before", "after")): of.rng.choice(anchors)}


def other_strangers(of: Hiding) -> None:
    """Let shown tellings and texts have others in them who are not known, or none, or more."""
    if not of.strangers:
        return
    for telling in of.shown:
        known = [one for one in telling.get("people", []) if one not in of.strangers]
        for one in of.some(of.strangers, 4):
            known.insert(of.rng.randint(0, len(known)), one)
        telling["people"] = known
    shuffled = of.rng.sample(of.strangers, len(of.strangers))
    _swap_mentions(of.document, dict(zip(of.strangers, shuffled, strict=True)))
    for credit in of.document.get("credits", []):
        if credit.get("person") in of.strangers:
            credit["person"] = of.rng.choice(of.strangers)
            if of.chance(0.3):
                del credit["person"]


def _swap_mentions(value: object, names: dict[str, str]) -> None:
    if isinstance(value, list):
        for entry in value:
            _swap_mentions(entry, names)
    if isinstance(value, dict):
        for name, inner in value.items():
            if isinstance(inner, str) and "[[" in inner:
                value[name] = mentions_renamed(inner, names)
            else:
                _swap_mentions(inner, names)


def other_hidden_sources(of: Hiding) -> None:
    """Let what is known cite other sources that are not."""
    for telling in of.shown:
        known = [one for one in telling.get("sources", []) if one not in of.hidden_sources]
        for one in of.some(of.hidden_sources, 2):
            known.insert(of.rng.randint(0, len(known)), one)
        telling["sources"] = known
    for _, entry in of.entries():
        if entry.get("source") in of.hidden_sources:
            entry["source"] = of.rng.choice(of.hidden_sources)
            if of.chance(0.3):
                del entry["source"]


# --- entries -----------------------------------------------------------------------------------


def other_words(of: Hiding) -> None:
    """Let all that is not known be said in other words."""
    for kind in LISTS:
        for entry in of.document.get(kind, []):
            ends = {entry.get("from"), entry.get("to")} & set(of.strangers)
            if ends or not of.holds(entry):
                _say(of, kind, entry)
            for summary in wordings(entry.get("summary")):
                if not (of.holds(summary, entry["scene"]) and of.holds(entry)):
                    summary["text"] = of.text()
    for person in of.document.get("people", []):
        for kind in PERSONAL:
            for entry in person.get(kind, []):
                if person["id"] in of.strangers or not of.holds(entry):
                    _say(of, kind, entry)


def _say(of: Hiding, kind: str, entry: Entry) -> None:
    for name in _WORDS.get(kind, ()):
        entry[name] = of.words()[:100]
    if kind in ("facts", "about"):
        entry["text"] = of.text()
    if kind == "sources":
        entry["date"] = f"{of.rng.randint(1800, 2100)}-01"
        entry["url"] = f"https://{of.word()}.example/"


def other_conditions(of: Hiding) -> None:
    """Let what is not known wait for something else, and what is known have come otherwise."""
    least = min(reader.threshold for reader in of.readers)
    for kind, entry in _conditioned(of):
        if not of.holds(entry):
            unmet = of.unmet()
            if unmet is not None and kind != "parts":
                _wait(entry, unmet)
        elif (
            not {"scene", "through"} & set(entry)
            and entry.get("level", 0) <= least
            and of.chance(0.5)
        ):
            _wait(entry, of.rng.choice(({}, {"level": of.rng.randint(0, least)})))


def _conditioned(of: Hiding) -> list[tuple[str, Entry]]:
    found = [(kind, entry) for kind in LISTS for entry in of.document.get(kind, [])]
    for person in of.document.get("people", []):
        found += [(kind, entry) for kind in PERSONAL for entry in person.get(kind, [])]
        if "is" in person:
            found.append(("is", person["is"]))
    return found


def _wait(entry: Entry, condition: Entry) -> None:
    for key in ("scene", "through", "level"):
        entry.pop(key, None)
    entry |= condition


def other_summaries(of: Hiding) -> None:
    """Let parts be told in more wordings, fewer or others, where these are not known."""
    for part in of.document.get("parts", []):
        known = [of.holds(one, part["scene"]) for one in wordings(part.get("summary"))]
        made: list[Entry] = []
        for summary, is_known in zip(wordings(part.pop("summary", None)), known, strict=True):
            if is_known or of.chance(0.6):
                made.append(summary)
            if not is_known and "through" not in summary:
                _wait(summary, _unmet(of))
        if of.unmet() is not None and of.chance(0.6):
            insert_anywhere(made, {"text": of.text(), **_unmet(of)}, of.rng)
        if made:
            part["summary"] = made[0] if len(made) == 1 and of.chance(0.5) else made
    _mend(of)


def other_ends(of: Hiding) -> None:
    """Let what holds end in other ways that are not known, and what is not known end anyhow."""
    people = of.document.get("people", [])
    facts = [fact for person in people for fact in person.get("facts", [])]
    for entry in (*facts, *of.document.get("relations", [])):
        if of.ends(entry):
            continue
        unmet = of.unmet()
        if not of.chance(0.7):
            entry.pop("until", None)
        elif unmet is not None:
            entry["until"] = unmet


def fewer_hidden_entries(of: Hiding) -> None:
    """Take out some of what is not known."""
    lists = [of.document.get(kind, []) for kind in LISTS if kind != "sources"]
    lists += [p[kind] for p in of.document.get("people", []) for kind in PERSONAL if kind in p]
    for entries in lists:
        kept = [entry for entry in entries if of.holds(entry) or of.chance(0.5)]
        entries[:] = kept or entries[:1]


def more_hidden_entries(of: Hiding) -> None:
    """Put in more that is not known, of every kind."""
    document = of.document
    if of.unmet() is None:
        return
    double: Entry = {"id": of.ident("double"), "names": [{"name": of.words(), **_unmet(of)}]}
    for person in document.get("people", []):
        if of.chance(0.6):
            _more_of(of, person, double["id"])
    for kind, entry in _more(of).items():
        if of.chance(0.7):
            insert_anywhere(document.setdefault(kind, []), entry | _unmet(of), of.rng)
    insert_anywhere(document.setdefault("people", []), double, of.rng)
    _more_relations(of)
    _more_parts(of)


def _unmet(of: Hiding) -> Entry:
    return of.unmet() or {}


def _more(of: Hiding) -> dict[str, Entry]:
    return {
        "details": {"label": of.word(), "text": of.words()[:300]},
        "credits": {"role": of.word(), "name": of.words()[:300]},
        "about": {"text": of.text()},
        "sources": {"id": of.ident("source"), "title": of.words()[:300]},
    }


def _more_of(of: Hiding, person: Entry, double: str) -> None:
    person["names"].append({"name": of.words()[:300], **_unmet(of)})
    for kind, entry in (("also", {"name": of.word()}), ("facts", {"text": of.text()})):
        insert_anywhere(person.setdefault(kind, []), entry | _unmet(of), of.rng)
    person.setdefault("is", {"person": double, **_unmet(of)})


def _more_relations(of: Hiding) -> None:
    everyone = [person["id"] for person in of.document["people"]]
    for one in of.some(everyone):
        ends = {"from": one, "to": of.rng.choice(everyone), "text": of.word()}
        relations = of.document.setdefault("relations", [])
        # With someone who is not known it may hold; with others it must wait.
        stranger = one in of.strangers and of.chance(0.5)
        insert_anywhere(relations, ends | ({} if stranger else _unmet(of)), of.rng)


def _more_parts(of: Hiding) -> None:
    parts = of.document.setdefault("parts", [])
    started = {part["scene"] for part in parts}
    for scene in of.scenes:
        if scene["id"] not in started and of.chance(0.2):
            parts.append({"title": of.words()[:300], "scene": scene["id"], "level": 0})
    order = [scene["id"] for scene in of.document["scenes"]]
    parts.sort(key=lambda part: order.index(part["scene"]))


# In this order: words are changed before more of them come in, ids last.
CHANGES: tuple[Change, ...] = (
    other_conditions,
    other_words,
    other_summaries,
    other_ends,
    other_tellings,
    fewer_tellings,
    other_levels,
    other_earlier_names_of_levels,
    other_times,
    other_strangers,
    fewer_hidden_entries,
    more_hidden_entries,
    other_markers,
    other_scenes_ahead,
    other_hidden_sources,
    other_places_of_hidden_entries,
    other_ids_of_people,
    other_ids_of_sources,
    other_ids_of_scenes,
    other_order_of_people,
)
