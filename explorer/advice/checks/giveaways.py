"""Lesser tellings that say what the story keeps for a fuller one.

That tellings share most of their words is good style, so which of them give a scene away is not
to be seen in the tellings. But the author says it elsewhere: what a fact, a name or a relation
keeps for a fuller telling by its condition; its title, place and content warnings; who is listed
only there. A lesser telling with such words is suspect, unless its first readers have them from
another passage already. The words for death, crime and kin, on which plots turn, are suspect by
themselves, where both tellings have them and nobody spoke of it before.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from explorer.advice.first_readers import Reader
from explorer.advice.manuscript import Manuscript, Passage, Role, Spot
from explorer.advice.name_index import Glossary, forms
from explorer.advice.word_use import Lexicon
from explorer.storyfile.json_positions import Path, spelled
from explorer.storyfile.problems import Problem, quoted

# Long words are rare ones: a title of a single word gives nothing away, unless it is as long.
_LONG = 9
# A lesser telling that has so many of a fuller one's words was hardly made to be one.
_MOST_SHARED = 0.85
_FEWEST_WORDS = 8
# A fact of which so much is said is told, even if each of its words is known.
_MOST_OF_IT = 0.6

_ADVICE = "Say it in other words, or let readers of this level know it."
# The entries that keep things in so few words that each of them counts.
_POINTED = (Role.FACT, Role.RELATION, Role.NAME, Role.SPELLING)
_COMPARED = (Role.TITLE, Role.PLACE, Role.WARNING)

# A word that gives something away, as a stem, and why.
_Given = tuple[str, str]


@dataclass(frozen=True, slots=True)
class _Pair:
    """A lesser telling and the fuller ones of its scene, with the stems of their words.

    `own` are title and text of the lesser one, `theirs` all passages of the fuller ones.
    """

    lesser: Spot
    own: tuple[Passage, ...]
    theirs: tuple[Passage, ...]
    next: frozenset[str]
    said: frozenset[str]
    kept: frozenset[str]
    reader: Reader
    texts: Mapping[Role, frozenset[str]]

    def only_theirs(self, role: Role) -> Iterator[Passage]:
        """Give the passages of a kind that the lesser telling does not have."""
        yield from (p for p in self.theirs if p.role is role and p.text not in self.texts[role])


def giveaways(script: Manuscript, glossary: Glossary) -> Iterator[Problem]:
    """Find lesser tellings that say what is kept for a fuller one."""
    finder = _Finder(script, glossary)
    for tellings in script.scenes:
        for n in range(len(tellings) - 1):
            yield from finder.found(tellings[n], tellings[n + 1 :])


class _Finder:
    """Holds what all pairs of tellings are compared by."""

    def __init__(self, script: Manuscript, glossary: Glossary) -> None:
        self._script = script
        self._glossary = glossary
        self._lexicon = Lexicon(script)
        self._entries: dict[int, list[Passage]] = defaultdict(list)
        for passage in script.others:
            scene = None if isinstance(passage.told, Spot) else passage.told.scene
            if scene is not None and passage.role in _POINTED and not self._is_name(passage):
                self._entries[scene].append(passage)

    def found(self, lesser: Spot, fuller: tuple[Spot, ...]) -> Iterator[Problem]:
        """Find what a telling gives away of the fuller ones of its scene."""
        pair = self._pair(lesser, fuller)
        if _is_copy(pair):
            path = (*self._script.path(lesser), "text")
            yield Problem(path, "has nearly all the words of the next fuller telling", _ADVICE)
            return
        given = [*self._from_entries(pair), *self._from_tellings(pair), *self._turning(pair)]
        for word, why in dict(reversed(given)).items():
            yield self._problem(pair, word, why)
        yield from self._titled(pair)
        yield from self._named(pair)

    # --- one rule after the other ---

    def _from_entries(self, pair: _Pair) -> Iterator[_Given]:
        """Find what a fact, relation or name of this scene keeps."""
        for passage in self._entries[pair.lesser.scene]:
            if passage.is_shown(pair.reader):
                continue
            kept = self._lexicon.stems(passage)
            said, secret = kept & pair.said, self._secret(pair, kept)
            # Relations are put in words so general that one of them is nothing.
            is_told = bool(secret & pair.kept) and passage.role is not Role.RELATION
            is_all = secret == kept and any(self._lexicon.matter(word) for word in secret)
            if len(secret) > 1 or is_told or is_all:
                yield min(secret & pair.kept or secret), _keeps(passage.path)
            elif len(said) > 1 and len(said) >= _MOST_OF_IT * len(kept):
                yield min(said), _keeps(passage.path)

    def _from_tellings(self, pair: _Pair) -> Iterator[_Given]:
        """Find what place and warnings of the fuller tellings keep."""
        for role in (Role.PLACE, Role.WARNING):
            for passage in pair.only_theirs(role):
                for word in self._secret(pair, self._lexicon.stems(passage)):
                    yield word, _keeps(passage.path)

    def _turning(self, pair: _Pair) -> Iterator[_Given]:
        """Find matters on which the plot turns, told in a fuller telling and never before."""
        if pair.texts[Role.WARNING]:
            return
        theirs = {self._lexicon.matter(word) for word in pair.kept}
        for word in sorted(pair.said):
            matter = self._lexicon.matter(word)
            if matter is None or matter not in theirs:
                continue
            if not self._lexicon.is_known_matter(matter, pair.reader, pair.own):
                yield word, "is what the fuller telling turns on"

    def _titled(self, pair: _Pair) -> Iterator[Problem]:
        """Find the titles of fuller tellings, where they stand in the lesser one word for word."""
        for title in pair.only_theirs(Role.TITLE):
            telling = self._lexicon.stems(title)
            if _is_common(title, telling) or (telling and not self._secret(pair, telling)):
                continue
            for passage in pair.own:
                if _contains(passage.words, title.words):
                    why = f"says {quoted(title.text)}, which {_keeps(title.path)}"
                    yield Problem(passage.path, why, _ADVICE)

    def _named(self, pair: _Pair) -> Iterator[Problem]:
        """Find people whom a lesser telling names, and only a fuller one lists."""
        root = pair.reader.rule.root
        listed = {root(person) for person in pair.own[0].people}
        theirs = {root(p) for passage in pair.theirs for p in passage.people} - listed
        for passage in pair.own:
            for person in dict.fromkeys(map(root, self._people_in(passage))):
                if person in theirs and pair.reader.narrator.who(person) is not None:
                    theirs.remove(person)
                    ident = quoted(self._script.story.people[person].id)
                    yield Problem(
                        passage.path,
                        f"names {ident}, whom only a fuller telling lists",
                        "List them here as well, or leave them to the fuller telling.",
                    )

    # --- what the rules ask ---

    def _pair(self, lesser: Spot, fuller: tuple[Spot, ...]) -> _Pair:
        stems = self._lexicon.stems
        passages = self._script.of(lesser)
        own = _told(passages)
        theirs = tuple(passage for spot in fuller for passage in self._script.of(spot))
        place = self._script.readers.of_telling(lesser.scene, lesser.telling)
        texts = {r: frozenset(p.text for p in passages if p.role is r) for r in _COMPARED}
        return _Pair(
            lesser=lesser,
            own=own,
            theirs=theirs,
            next=stems(*_told(self._script.of(fuller[0]))),
            said=stems(*own),
            kept=stems(*theirs),
            reader=self._script.readers.at(place),
            texts=texts,
        )

    def _secret(self, pair: _Pair, words: frozenset[str]) -> set[str]:
        """Give those of some words that are said, and that readers of this level have not yet."""
        known = self._lexicon.is_known
        return {word for word in words & pair.said if not known(word, pair.reader, pair.own)}

    def _is_name(self, passage: Passage) -> bool:
        """Whether a passage is a name that is looked for everywhere, not here."""
        is_name = passage.role in (Role.NAME, Role.SPELLING)
        return is_name and bool(self._glossary.found(passage))

    def _people_in(self, passage: Passage) -> Iterator[int]:
        yield from (mention.person for mention in passage.mentions)
        for match in self._glossary.found(passage):
            people = {s.person for s in match.spellings if not s.is_part}
            if len(people) == 1:
                yield from people

    def _problem(self, pair: _Pair, word: str, why: str) -> Problem:
        found = [(passage, self._lexicon.written(passage, word)) for passage in pair.own]
        passage, text = next((p, text) for p, text in found if text is not None)
        return Problem(passage.path, f"says {quoted(text)}, which {why}", _ADVICE)


def _is_copy(pair: _Pair) -> bool:
    is_long = len(pair.next) >= _FEWEST_WORDS
    return is_long and len(pair.next & pair.said) >= _MOST_SHARED * len(pair.next)


def _is_common(title: Passage, telling: frozenset[str]) -> bool:
    """Whether the words of a title may stand together anywhere."""
    if len(telling) == 1:
        return len(title.words[-1]) < _LONG
    return len(title.words) < 2


def _told(passages: tuple[Passage, ...]) -> tuple[Passage, ...]:
    return tuple(p for p in passages if p.role in (Role.TITLE, Role.TEXT))


def _keeps(path: Path) -> str:
    return f"{spelled(path)} keeps for a fuller telling"


def _contains(words: tuple[str, ...], phrase: tuple[str, ...]) -> bool:
    runs = (words[n : n + len(phrase)] for n in range(len(words) - len(phrase) + 1))
    return any(phrase in forms(run) for run in runs)
