"""What a careful author does to a story file: one edit at a time, all else kept in step.

For tests that edit a story under its readers.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from copy import deepcopy
from typing import Any

from hypothesis import strategies as st

from tests.support.tale import Document, each_telling, standing

# An edit in numbers, which are read modulo what there is: what is done, and to what.
Edit = tuple[str, int, int]


def edit(of: Document, how: Edit, fresh: str) -> Document:
    """Do an edit as a careful author does, who rewrites no scene and keeps all else in step.

    `fresh` is a word that the file does not hold. What cannot be done leaves the file as it is.
    """
    kind, first, second = how
    return _sound(EDITORS[kind](deepcopy(of), first, second, fresh))


def _sound(of: Document) -> Document:
    """Take out what an edit has made an error of: summaries beyond their parts, vain ends."""
    order = [scene["id"] for scene in of["scenes"]]
    starts = [order.index(part["scene"]) for part in of["parts"]]
    for part, start, end in zip(of["parts"], starts, [*starts, len(order)][1:], strict=True):
        within, summary = order[start:end], part.pop("summary", [])
        wordings = summary if isinstance(summary, list) else [summary]
        kept = [one for one in wordings if one.get("through", within[0]) in within]
        if kept:
            part["summary"] = kept if isinstance(summary, list) else kept[0]
    ending = [*of.get("relations", []), *(f for p in of["people"] for f in p.get("facts", []))]
    return standing(of) if any("until" in entry for entry in ending) else of


def _add_scene(of: Document, at: int, level: int, fresh: str) -> Document:
    top = len(of["levels"]) - 1
    tellings = [{"level": 0, "title": f"{fresh}-0", "text": fresh}] if level % 2 else []
    full = max(1, level % (top + 1)) if tellings else level % (top + 1)
    scene = {"id": fresh, "level": full, "title": f"{fresh}-9", "text": fresh, "tellings": tellings}
    of["scenes"].insert(at % (len(of["scenes"]) + 1), scene)
    return of


def _remove_scene(of: Document, at: int, _: int, fresh: str) -> Document:
    if len(of["scenes"]) == 1:
        return of
    gone = of["scenes"].pop(at % len(of["scenes"]))["id"]
    return _in_step(_without(of, gone))


def _without(of: Document, gone: str) -> Document:
    """Take out all that hangs on a scene."""

    def stays(entry: Any) -> bool:
        return not (isinstance(entry, dict) and gone in _named(entry))

    def kept(value: Any) -> Any:
        if isinstance(value, list):
            return [kept(entry) for entry in value if stays(entry)]
        if isinstance(value, dict):
            return {key: kept(entry) for key, entry in value.items() if stays(entry)}
        return value

    made: Document = kept(of)
    hanging = ("scene", "through")
    made["sources"] = [{k: v for k, v in s.items() if k not in hanging} for s in of["sources"]]
    for person in made["people"]:
        person["names"] = person["names"] or [{"name": f"{person['id']}-anew"}]
    for telling in each_telling(made):
        if gone in telling.get("happens", {}).values():
            del telling["happens"]
    return made


def _named(entry: Document) -> list[str]:
    """Give the scenes that an entry's own condition names."""
    scene = entry.get("scene", [])
    return [*([scene] if isinstance(scene, str) else scene), entry.get("through", "")]


def _move_scene(of: Document, at: int, to: int, fresh: str) -> Document:
    scene = of["scenes"].pop(at % len(of["scenes"]))
    of["scenes"].insert(to % (len(of["scenes"]) + 1), scene)
    return _in_step(of)


def _in_step(of: Document) -> Document:
    """Bring parts into the order told; markers would fall, so they go."""
    order = [scene["id"] for scene in of["scenes"]]
    of["parts"].sort(key=lambda part: order.index(part["scene"]))
    for scene in of["scenes"]:
        scene.pop("marker", None)
    return of


def _rename_scene(of: Document, at: int, _: int, fresh: str) -> Document:
    scene = of["scenes"][at % len(of["scenes"])]
    was, scene["id"] = scene["id"], fresh
    scene["was"] = [*scene.get("was", []), was]
    for entry in _entries(of):
        for key in ("scene", "through", "before", "after"):
            if entry.get(key) == was:
                entry[key] = fresh
            elif isinstance(entry.get(key), list):
                entry[key] = [fresh if one == was else one for one in entry[key]]
    return of


def _merge_scenes(of: Document, at: int, into: int, fresh: str) -> Document:
    """Take out a scene and leave its id to another, so that links to it stay good."""
    if len(of["scenes"]) == 1:
        return of
    gone = of["scenes"][at % len(of["scenes"])]
    made = _remove_scene(of, at, 0, fresh)
    heir = made["scenes"][into % len(made["scenes"])]
    heir["was"] = [*heir.get("was", []), gone["id"], *gone.get("was", [])]
    return made


def _add_level(of: Document, at: int, _: int, fresh: str) -> Document:
    at %= len(of["levels"]) + 1
    of["levels"].insert(at, {"name": fresh, "note": fresh})
    for entry in _entries(of):
        if entry.get("level", -1) >= at:
            entry["level"] += 1
    return of


def _remove_level(of: Document, at: int, _: int, fresh: str) -> Document:
    """Take a level out; what had it gets the next higher one.

    The lowest stays, since without it the next one would be what anyone may know.
    """
    if len(of["levels"]) == 2:
        return of
    at = 1 + at % (len(of["levels"]) - 2)
    del of["levels"][at]
    for scene in of["scenes"]:
        others = [scene, *scene.get("tellings", [])]
        taken = any(telling["level"] == at + 1 for telling in others)
        lesser = scene.get("tellings", [])
        scene["tellings"] = [t for t in lesser if not (taken and t["level"] == at)]
    for entry in _entries(of):
        if entry.get("level", -1) > at:
            entry["level"] -= 1
    return of


def _rename_level(of: Document, at: int, _: int, fresh: str) -> Document:
    of["levels"][at % len(of["levels"])]["name"] = fresh
    return of


def _swap_scenes(of: Document, one: int, other: int, fresh: str) -> Document:
    scenes = of["scenes"]
    one, other = one % len(scenes), other % len(scenes)
    scenes[one], scenes[other] = scenes[other], scenes[one]
    return _in_step(of)


def _split_scene(of: Document, at: int, _: int, fresh: str) -> Document:
    """Tell the second half of a scene in one of its own; the first half keeps the id."""
    at %= len(of["scenes"])
    half = deepcopy(of["scenes"][at])
    for n, telling in enumerate([half, *half.get("tellings", [])]):
        telling["title"], telling["text"] = f"{fresh}-{n}", fresh
        telling.pop("happens", None)
    of["scenes"].insert(at + 1, {**half, "id": fresh, "was": []})
    return _in_step(of)


def _take_over(of: Document, at: int, back: int, fresh: str) -> Document:
    """Let the scene before one, or the one after it, take it over: often the last one."""
    at = len(of["scenes"]) - 1 - at % 2 if at % 3 else at % len(of["scenes"])
    return _merge_scenes(of, at, at - 1 + back % 2, fresh)


def _swap_level_names(of: Document, one: int, other: int, _: str) -> Document:
    """Swap the names alone: what the levels give away stays where it is."""
    levels = of["levels"]
    one, other = one % len(levels), other % len(levels)
    levels[one]["name"], levels[other]["name"] = levels[other]["name"], levels[one]["name"]
    return of


def _pass_on_level_names(of: Document, _: int, up: int, fresh: str) -> Document:
    """Let each level have the name of the next one, or of the one before."""
    names = [level["name"] for level in of["levels"]]
    names = [fresh, *names[:-1]] if up % 2 else [*names[1:], fresh]
    for level, name in zip(of["levels"], names, strict=True):
        level["name"] = name
    return of


def _call_level_otherwise(of: Document, at: int, _: int, fresh: str) -> Document:
    """Give a level another name, and say which it had."""
    level = of["levels"][at % len(of["levels"])]
    _leave(of, level, level["name"])
    level["name"] = fresh
    return of


def _merge_levels(of: Document, at: int, up: int, fresh: str) -> Document:
    """Take a level out and leave its name to the next one, or to the one before."""
    if len(of["levels"]) == 2:
        return of
    at = 1 + at % (len(of["levels"]) - 2)
    name = of["levels"][at]["name"]
    made = _remove_level(of, at - 1, 0, fresh)
    _leave(made, made["levels"][at - 1 + up % 2], name)
    return made


def _leave(of: Document, heir: Document, name: str) -> None:
    """Let one level, and no other, be known by a name of before."""
    for level in of["levels"]:
        level["was"] = [was for was in level.get("was", []) if was != name]
    heir["was"].append(name)


EDITORS: Mapping[str, Callable[[Document, int, int, str], Document]] = {
    "add scene": _add_scene,
    "remove scene": _remove_scene,
    "move scene": _move_scene,
    "rename scene": _rename_scene,
    "merge scenes": _merge_scenes,
    "add level": _add_level,
    "remove level": _remove_level,
    "rename level": _rename_level,
    "swap scenes": _swap_scenes,
    "split scene": _split_scene,
    "take over": _take_over,
    "swap level names": _swap_level_names,
    "pass on level names": _pass_on_level_names,
    "call level otherwise": _call_level_otherwise,
    "merge levels": _merge_levels,
}


EDITS = st.tuples(st.sampled_from(list(EDITORS)), st.integers(0, 20), st.integers(0, 20))


def _entries(value: Any) -> Iterator[Document]:
    """Give every object in a file."""
    if isinstance(value, dict):
        yield value
        value = list(value.values())
    if isinstance(value, list):
        for entry in value:
            yield from _entries(entry)
