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
from collections.abc import Iterator
from dataclasses import dataclass, field

from explorer.faults import Flaw, quoted
from explorer.manuscript import Manuscript, Passage, Role, Spot
from explorer.places import Path, spelled
from explorer.readers import Reader
from explorer.spellings import Glossary, forms
from explorer.vocabulary import stem, stopwords, turning

# A word that stands in more passages than this is no secret of one scene.
_MOST_USES = 25
# Long words are rare ones: a title of a single word gives nothing away, unless it is as long.
_LONG = 9
# A lesser telling that has so many of a fuller one's words was hardly made to be one.
_MOST_SHARED = 0.85
_FEWEST_WORDS = 8

_ADVICE = "Say it in other words, or let readers of this level know it."
_OWN = (Role.TITLE, Role.TEXT)
# The entries that keep things in so few words that each of them counts.
_POINTED = (Role.FACT, Role.RELATION, Role.NAME, Role.SPELLING)
_MOST_OF_IT = 0.6

# A word that gives something away, as a stem, and why.
_Given = tuple[str, str]


@dataclass(frozen=True, slots=True)
class _Pair:
    """A lesser telling and the fuller ones of its scene, with the stems of their words."""

    lesser: Spot
    fuller: tuple[Spot, ...]
    own: tuple[Passage, ...]
    theirs: tuple[Passage, ...]
    said: frozenset[str]
    kept: frozenset[str]
    reader: Reader

    def only_theirs(self, role: Role) -> Iterator[Passage]:
        """Give the passages of a kind that the lesser telling does not have."""
        have = {passage.text for passage in self.own if passage.role is role}
        yield from (p for p in self.theirs if p.role is role and p.text not in have)


def giveaways(script: Manuscript, glossary: Glossary) -> Iterator[Flaw]:
    """Find lesser tellings that say what is kept for a fuller one."""
    finder = _Finder(script, glossary)
    for tellings in script.scenes:
        for n in range(len(tellings) - 1):
            yield from finder.found(tellings[n], tellings[n + 1 :])


@dataclass(slots=True)
class _Finder:
    """Knows where in a story the words stand that could give a scene away."""

    script: Manuscript
    glossary: Glossary
    stop: frozenset[str] = field(init=False)
    known: dict[str, str] = field(init=False)
    uses: dict[str, list[Passage]] = field(init=False)
    entries: dict[int, list[Passage]] = field(init=False)

    def __post_init__(self) -> None:
        self.known = {}
        self.stop = stopwords(self.script.story.language)
        self.uses = defaultdict(list)
        self.entries = defaultdict(list)
        for passage in self.script.passages:
            for word in self.stems(passage):
                if len(self.uses[word]) <= _MOST_USES:
                    self.uses[word].append(passage)
        for passage in self.script.others:
            scene = None if isinstance(passage.told, Spot) else passage.told.scene
            if scene is not None and passage.role in _POINTED and not self._is_name(passage):
                self.entries[scene].append(passage)

    def found(self, lesser: Spot, fuller: tuple[Spot, ...]) -> Iterator[Flaw]:
        """Find what a telling gives away of the fuller ones of its scene."""
        pair = self._pair(lesser, fuller)
        if self._is_copy(pair):
            path = (*self.script.path(lesser), "text")
            yield Flaw(path, "has nearly all the words of the next fuller telling", _ADVICE)
            return
        given = [*self._from_entries(pair), *self._from_tellings(pair), *self._turning(pair)]
        for word, why in dict(reversed(given)).items():
            path, text = self._where(pair, word)
            yield Flaw(path, f"says {quoted(text)}, which {why}", _ADVICE)
        yield from self._named(pair)

    # --- one rule after the other ---

    def _is_copy(self, pair: _Pair) -> bool:
        theirs = self.stems(*(p for p in self.script.of(pair.fuller[0]) if p.role in _OWN))
        is_long = len(theirs) >= _FEWEST_WORDS
        return is_long and len(theirs & pair.said) >= _MOST_SHARED * len(theirs)

    def _from_entries(self, pair: _Pair) -> Iterator[_Given]:
        """Find what a fact, relation or name of this scene keeps."""
        for passage in self.entries[pair.lesser.scene]:
            if passage.is_shown(pair.reader):
                continue
            kept = self.stems(passage)
            said = kept & pair.said
            secret = self._secret(pair, kept)
            # Relations are put in words so general that one of them is nothing.
            is_told = bool(secret & pair.kept) and passage.role is not Role.RELATION
            is_turn = secret == kept and secret & turning(self.script.story.language).keys()
            if len(secret) > 1 or is_told or is_turn:
                yield min(secret & pair.kept or secret), _keeps(passage.path)
            elif len(said) > 1 and len(said) >= _MOST_OF_IT * len(kept):
                yield min(said), _keeps(passage.path)

    def _from_tellings(self, pair: _Pair) -> Iterator[_Given]:
        """Find what place, warnings and title of the fuller tellings keep."""
        for role in (Role.PLACE, Role.WARNING):
            for passage in pair.only_theirs(role):
                for word in self._secret(pair, self.stems(passage)):
                    yield word, _keeps(passage.path)
        for title in pair.only_theirs(Role.TITLE):
            shared = self._secret(pair, self.stems(title))
            if shared and self._has_title(pair, title):
                yield min(shared), _keeps(title.path)

    def _turning(self, pair: _Pair) -> Iterator[_Given]:
        """Find matters on which the plot turns, told in a fuller telling and never before."""
        if any(passage.role is Role.WARNING for passage in pair.own):
            return
        matters = turning(self.script.story.language)
        theirs = {matters[word] for word in pair.kept if word in matters}
        for word in sorted(pair.said):
            if matters.get(word) in theirs and not self._is_known_matter(pair, matters[word]):
                yield word, "is on what the fuller telling turns"

    def _named(self, pair: _Pair) -> Iterator[Flaw]:
        """Find people whom a lesser telling names, and only a fuller one lists."""
        people = self.script.story.scenes[pair.lesser.scene].tellings[pair.lesser.telling].people
        listed = {pair.reader.root(person) for person in people}
        theirs = {pair.reader.root(p) for passage in pair.theirs for p in passage.people} - listed
        named: set[int] = set()
        for passage in pair.own:
            for person in self._people_in(passage):
                root = pair.reader.root(person)
                if root in theirs - named and pair.reader.who(root) is not None:
                    named.add(root)
                    yield Flaw(
                        passage.path,
                        f"names {quoted(self.script.story.people[root].id)}, "
                        "whom only a fuller telling lists",
                        "List them here as well, or leave them to the fuller telling.",
                    )

    # --- what the rules ask ---

    def stems(self, *passages: Passage) -> frozenset[str]:
        """Give the stems of the words that tell something."""
        known = self.known
        found = {
            known[word] if word in known else self._stem(word)
            for passage in passages
            for word in passage.words
        }
        return frozenset(found - {""})

    def _stem(self, word: str) -> str:
        """Give a word's stem, empty for one that tells nothing; it is remembered."""
        is_telling = word not in self.stop and (len(word) > 2 or not word.isascii())
        self.known[word] = stem(word, self.script.story.language) if is_telling else ""
        return self.known[word]

    def _pair(self, lesser: Spot, fuller: tuple[Spot, ...]) -> _Pair:
        own = self.script.of(lesser)
        theirs = tuple(passage for spot in fuller for passage in self.script.of(spot))
        place = self.script.readers.of_telling(lesser.scene, lesser.telling)
        said = self.stems(*(passage for passage in own if passage.role in _OWN))
        reader = self.script.readers.at(place)
        return _Pair(lesser, fuller, own, theirs, said, self.stems(*theirs), reader)

    def _secret(self, pair: _Pair, words: frozenset[str]) -> set[str]:
        """Give those of some words that are said, and that readers of this level have not yet."""
        return {word for word in words & pair.said if not self._is_known(pair, word)}

    def _is_known(self, pair: _Pair, word: str) -> bool:
        uses = self.uses[word]
        texts = [passage for passage in pair.own if passage.role in _OWN]
        return len(uses) > _MOST_USES or any(
            passage not in texts and passage.is_shown(pair.reader) for passage in uses
        )

    def _is_known_matter(self, pair: _Pair, matter: int) -> bool:
        matters = turning(self.script.story.language)
        return any(self._is_known(pair, word) for word, n in matters.items() if n == matter)

    def _has_title(self, pair: _Pair, title: Passage) -> bool:
        telling = [word for word in title.words if word not in self.stop]
        if len(telling) == 1 and len(telling[0]) < _LONG:
            return False
        return any(_contains(passage.words, title.words) for passage in pair.own)

    def _is_name(self, passage: Passage) -> bool:
        """Whether a passage is a name that is looked for everywhere, not here."""
        is_name = passage.role in (Role.NAME, Role.SPELLING)
        return is_name and any(self.glossary.found(passage))

    def _people_in(self, passage: Passage) -> Iterator[int]:
        yield from (mention.person for mention in passage.mentions)
        if passage.role in _OWN:
            for match in self.glossary.found(passage):
                people = {s.person for s in match.spellings if not s.is_part}
                if len(people) == 1:
                    yield from people

    def _where(self, pair: _Pair, word: str) -> tuple[Path, str]:
        language = self.script.story.language
        for passage in (p for p in pair.own if p.role in _OWN):
            for n, found in enumerate(passage.words):
                if stem(found, language) == word:
                    return passage.path, passage.text[passage.starts[n] : passage.ends[n]]
        raise LookupError(word)


def _keeps(path: Path) -> str:
    return f"{spelled(path)} keeps for a fuller telling"


def _contains(words: tuple[str, ...], phrase: tuple[str, ...]) -> bool:
    return any(
        phrase in forms(words[n : n + len(phrase)]) for n in range(len(words) - len(phrase) + 1)
    )
