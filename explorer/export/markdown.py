"""What is known, to keep: one Markdown text for people, the same in JSON for programs. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from markdown_it import MarkdownIt

from explorer.export import json_schema
from explorer.knowledge.known import (
    KnownEnded,
    KnownFact,
    KnownLink,
    KnownPart,
    KnownPerson,
    KnownProse,
    KnownRelation,
    KnownScene,
    KnownSource,
    KnownStanding,
    KnownStory,
    KnownTelling,
    KnownTitle,
    KnownWho,
    KnownWork,
)
from explorer.story.prose import escaped
from explorer.story.terms import Time

MOST_TEXTS = 4_000


@dataclass(frozen=True, slots=True)
class Download:
    """A file to keep: its name, made of the story's id alone, its type, its text."""

    name: str
    kind: str
    text: str


def json(known: KnownStory) -> Download:
    """Give what is known in the form in which programs get it."""
    text = json_schema.story(known).model_dump_json(by_alias=True, indent=2)
    return Download(f"{known.title.id}.json", "application/json", text + "\n")


def markdown(known: KnownStory) -> Download:
    """Give what is known as one CommonMark text."""
    blocks = [
        f"# {escaped(known.title.title)}",
        _kind(known.title),
        _prose(known.work.premise),
        _standing(known.title, known.standing),
        *_headed("## About the work", _work(known.work)),
        *_headed("## The story so far", _scenes(known)),
        *_headed("## Opened ahead", _ahead(known)),
        *_headed("## Who is who", _people(known)),
        *_headed("## Sources", _list(map(_source, known.work.sources))),
    ]
    text = "\n\n".join(block for block in blocks if block)
    return Download(f"{known.title.id}.md", "text/markdown; charset=utf-8", text + "\n")


# --- the work ----------------------------------------------------------------------------------


def _kind(title: KnownTitle) -> str:
    words = [
        title.medium.value.capitalize(),
        title.released,
        None if title.complete else "not complete",
    ]
    return " · ".join(escaped(word) for word in words if word)


def _standing(title: KnownTitle, standing: KnownStanding) -> str:
    level = escaped(standing.threshold.name)
    return f"*{standing.where}* {level}. *{standing.outlook} Revision {title.revision}.*"


def _work(work: KnownWork) -> Iterator[str]:
    for paragraph in work.about:
        yield _prose(paragraph.text)
    credits = (
        f"**{escaped(credit.role)}:** {escaped(credit.name)}"
        + (f" as {escaped(credit.person.name)}" if credit.person else "")
        for credit in work.credits
    )
    details = (f"**{escaped(d.label)}:** {escaped(d.text)}" for d in work.details)
    yield from _list([*credits, *details])


def _source(source: KnownSource) -> str:
    words = [source.title, source.publisher, source.date]
    text = ", ".join(escaped(word) for word in words if word)
    return f"{text}: <{source.url}>" if source.url else text


# --- scenes ------------------------------------------------------------------------------------


def _scenes(known: KnownStory) -> Iterator[str]:
    for row in known.rows:
        if row.part is not None:
            yield from _part(row.part)
        yield from _scene(row.scene)


def _ahead(known: KnownStory) -> Iterator[str]:
    for scene in known.ahead:
        for part in known.parts:
            if part.start == scene.key:
                yield from _part(part)
        yield from _scene(scene)


def _part(part: KnownPart) -> Iterator[str]:
    yield f"### {escaped(part.title)}"
    if part.summary is not None:
        yield _prose(part.summary)


def _scene(scene: KnownScene) -> Iterator[str]:
    number = f"{scene.number}. " if scene.number else ""
    level = escaped(scene.level)
    if scene.telling is None:
        yield f"#### {number}Veiled"
        yield f"*This scene belongs to* {level}."
    else:
        yield f"#### {number}{escaped(scene.telling.title)}"
        yield from _telling(scene.telling)
        if scene.state.value == "partly":
            yield f"*Told in part; in full it belongs to* {level}."
    if scene.warnings:
        yield f"*It holds:* {escaped(', '.join(scene.warnings))}."


def _telling(telling: KnownTelling) -> Iterator[str]:
    yield _prose(telling.text)
    time = [] if telling.time is Time.PRESENT else [("Time", telling.time.value)]
    lines = [
        *time,
        ("People", ", ".join(who.name for who in telling.people)),
        ("Place", telling.place),
        ("Content", ", ".join(telling.warnings)),
        ("Told after", "; ".join(source.title for source in telling.sources)),
    ]
    yield from _list(f"{label}: {escaped(words)}" for label, words in lines if words)


# --- people ------------------------------------------------------------------------------------


def _people(known: KnownStory) -> Iterator[str]:
    ended = {one.who.key: one for one in known.no_longer}
    apart = {one.who.key: f" ({one.apart})" for one in known.namesakes}
    for person in known.people:
        key = person.who.key
        yield f"### {escaped(person.who.name + apart.get(key, ''))}"
        yield from _person(person, ended.get(key))


def _person(person: KnownPerson, ended: KnownEnded | None) -> Iterator[str]:
    lines = [
        ("Until then", person.earlier),
        ("Also written", person.also),
        ("Played by", tuple(credit.name for credit in person.played_by)),
    ]
    yield from _list(
        [
            *(f"{label}: {escaped(', '.join(words))}" for label, words in lines if words),
            *map(_fact, person.facts),
            *(_relation(person.who, relation) for relation in person.relations),
        ]
    )
    if ended is not None:
        relations = (_relation(ended.who, relation) for relation in ended.relations)
        yield "No longer:"
        yield from _list([*map(_fact, ended.facts), *relations])


def _fact(fact: KnownFact) -> str:
    text, since = _prose(fact.text), _since(fact.scene)
    return f"{text}\n\n{since}".strip() if text.startswith("> ") else f"{text} {since}".strip()


def _relation(who: KnownWho, relation: KnownRelation) -> str:
    text = escaped(relation.text)
    if relation.origin == who:
        line = f"to {escaped(relation.target.name)}: {text}"
    else:
        line = f"from {escaped(relation.origin.name)}: {text}"
    return f"{line} {_since(relation.scene)}".strip()


def _since(scene: KnownLink | None) -> str:
    if scene is None:
        return ""
    return f"(scene {scene.number})" if scene.number else "(opened ahead)"


# --- Markdown ----------------------------------------------------------------------------------


def _headed(heading: str, blocks: Iterable[str]) -> list[str]:
    """Put a heading over some blocks; over none there is none."""
    below = list(blocks)
    return [heading, *below] if below else []


def _list(entries: Iterable[str]) -> list[str]:
    """Make one block of entries; what has several lines stays inside its entry."""
    made = ["- " + entry.replace("\n", "\n  ") for entry in entries]
    return ["\n".join(made)] if made else []


def _prose(prose: KnownProse) -> str:
    """Give an author's text so that it says what its page says, and reaches no further."""
    return _kept(prose.markdown.strip())


@lru_cache(MOST_TEXTS)
def _kept(text: str) -> str:
    """Keep a text within its bounds: a heading, a list or a fence without end gets a frame.

    HTML and pictures are none on our pages either.
    """
    blocks, inlines = _kinds(text)
    if "html_block" in blocks or inlines & {"html_inline", "image"}:
        text = _TAG.sub(r"\\<", text).replace("![", "\\![")
        blocks, _ = _kinds(text)
    framed = blocks - {"paragraph_open", "inline", "paragraph_close"}
    return "> " + text.replace("\n", "\n> ") if framed else text


def _kinds(text: str) -> tuple[set[str], set[str]]:
    """Give the kinds of blocks in a text, and of what is in them."""
    blocks = _PARSER.parse(text)
    inlines = (child for block in blocks for child in block.children or ())
    return {block.type for block in blocks}, {child.type for child in inlines}


_PARSER = MarkdownIt("commonmark")
# What begins like a tag and is no address between angle brackets.
_TAG = re.compile(r"<(?=[A-Za-z/!?])(?![A-Za-z][A-Za-z0-9+.-]{1,31}:|[^\s<>@]+@)")
