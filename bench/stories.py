"""Stories of any size, made by rule, for measuring and for tests of what grows."""

from __future__ import annotations

from random import Random

_SYLLABLES = ["ka", "lo", "mi", "ren", "tas", "vu", "shi", "bel", "or", "dan"]


def story(
    name: str, scenes: int, people: int, seed: int = 7, introduced: int | None = None
) -> dict[str, object]:
    """Make a document of so many scenes and people; the same one for the same seed.

    `introduced` is how many scenes it takes until all people are known; if not said, all of them.
    """
    chance = Random(seed)
    ids = [f"p{n}" for n in range(people)]
    over = introduced or scenes
    return {
        "format": 1,
        "id": name,
        "title": f"The {scenes} Scenes",
        "medium": "novel",
        "language": "en",
        "premise": f"A made story of {scenes} scenes.",
        "levels": [{"name": f"Level {n}", "note": f"Step {n} of four."} for n in range(5)],
        "parts": [
            {"title": f"Part {n // 12 + 1}", "scene": f"s{n}", "level": 0}
            for n in range(0, scenes, 12)
        ],
        "people": [_person(ident, n, over, people) for n, ident in enumerate(ids)],
        "relations": [
            {"from": ids[n], "to": ids[n + 1], "text": "knows", "scene": f"s{n % over}"}
            for n in range(people - 1)
        ],
        "scenes": [_scene(n, scenes, ids, chance) for n in range(scenes)],
    }


def grown(scenes: int) -> dict[str, object]:
    """Make a document of so many scenes in which one page has as much on it as any other.

    Its two dozen people are all known after twelve scenes. Besides them there is one who is in
    five scenes only, however long the story is.
    """
    made = story(f"made-{scenes}", scenes, 24, introduced=12)
    guest = {"id": "guest", "names": [{"name": "Guesting", "scene": "s2"}]}
    told = made["scenes"]
    people = made["people"]
    assert isinstance(told, list)
    assert isinstance(people, list)
    for scene in told[2:7]:
        scene["people"] = [*scene["people"], "guest"]
    return made | {"people": [*people, guest]}


def small(number: int) -> dict[str, object]:
    """Make one of the many stories of a library."""
    return story(f"small-{number}", 3, 2, seed=number)


def _person(ident: str, n: int, scenes: int, people: int) -> dict[str, object]:
    first = f"s{n * scenes // people}"
    name = "".join(_SYLLABLES[int(digit)] for digit in str(n)).capitalize()
    return {
        "id": ident,
        "names": [
            {"name": f"stranger {n}", "scene": first, "level": 0},
            {"name": name, "scene": first},
        ],
        "facts": [{"text": f"Is number {n}.", "scene": first}],
    }


def _scene(n: int, scenes: int, ids: list[str], chance: Random) -> dict[str, object]:
    here = chance.sample(ids, min(3, len(ids)))
    words = " ".join(chance.choice(_SYLLABLES) for _ in range(45))
    scene: dict[str, object] = {
        "id": f"s{n}",
        "level": 1 + 4 * n // (scenes + 1) if n else 0,
        "title": f"Scene of {words[:12]}",
        "text": f"[[{here[0]}]] meets [[{here[-1]}]]. {words}.",
        "people": here,
        "place": f"Place {n % 9}",
        "marker": f"chapter {n + 1}",
    }
    if n:
        scene["tellings"] = [
            {"level": 0, "title": f"Step {n}", "text": "Something happens.", "people": here}
        ]
    if n % 9 == 4:
        scene["time"] = "flashback"
        scene["happens"] = {"before": f"s{n - 3}"}
    return scene
