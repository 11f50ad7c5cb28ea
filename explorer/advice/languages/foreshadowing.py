"""Words that look ahead in a story, by language: when they do, and when they do not.

A pattern reads a word with what stands around it. In it `@` is the word itself, WHO a person,
CLAUSE what goes on without a break, and STOP the end of a clause.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from explorer.story.language import primary
from explorer.story.tokens import folded

# How the word that is looked at is marked in what a pattern reads.
OPENING, CLOSING = "‹", "›"

_SHORT = {
    "@": f"{OPENING}[^{CLOSING}]+{CLOSING}",
    # A gap, which stands for a name that the app puts in, or a word.
    "WHO": r"(?:\ufffc|[\w’'-]+)",
    "CLAUSE": r"[^.;:!?]",
    "STOP": r"(?:(?=\s*(?:[.,;:!?)”»—–]|$))| (?:and|but|or|at least)\b)",
    "HER": r"(?:\b(?:the|an?|one|his|her|its|their|our|this|that)|[’']s)",
    "ITS": r"(?:he|she|it|they|we|you|i|there|this|that|these|those|everything|everyone|all)\b",
    "MORE": r"(?:again|more|or|every|in|upon|per)\b",
    "UNIT": r"(?:time|moments?|seconds?|minutes?|hours?|days?|nights?|weeks?|months?|seasons?"
    r"|years?|decades?|centur(?:y|ies)|generations?|miles?|pages?|stops?|while|little|bit|long|no|not)",
    "PARTING": r"(?:times?|breath|goodbye|farewell|kiss|look|glance|meeting|encounter|visit|walk"
    r"|journey|conversation|dance|embrace|smile|summer|evenings?|nights?|days|hours|moments?|wish)",
    "LETZTES": r"(?:Mal|Worte|Tage|Stunden|Nacht|Reise|Begegnung|Sommer|Abend|Kuss|Brief)",
    "CRIME": r"(?:killer|murderer|culprit|thief|traitor|enemy|target|victim|identity|parents?)",
    "WILL": r"\b(?:will|would|shall)\b",
}


@dataclass(frozen=True, slots=True)
class Omen:
    """When a word looks ahead, and whether it does so in a name as well."""

    ahead: re.Pattern[str]
    harmless: re.Pattern[str] | None
    in_names: bool

    def is_in(self, marked: str, *, name: bool = False) -> bool:
        """Whether the marked word of a text looks ahead."""
        if name and not self.in_names:
            return False
        if self.harmless is not None and self.harmless.search(marked):
            return False
        return self.ahead.search(marked) is not None


@dataclass(frozen=True, slots=True)
class _Entry:
    """Words as they are written here, with the patterns of when they look ahead and when not."""

    words: str
    ahead: tuple[str, ...] = ("@",)
    unless: tuple[str, ...] = ()
    in_names: bool = True


@cache
def omens(language: str) -> Mapping[str, Omen]:
    """Give the omens of a language by their words, folded; none for one that has no list."""
    found: dict[str, Omen] = {}
    for entry in _OMENS.get(primary(language), ()):
        harmless = _pattern(entry.unless) if entry.unless else None
        omen = Omen(_pattern(entry.ahead), harmless, entry.in_names)
        found |= {folded(word): omen for word in entry.words.split()}
    return found


def _pattern(written: tuple[str, ...]) -> re.Pattern[str]:
    joined = "|".join(written)
    for short, full in _SHORT.items():
        joined = joined.replace(short, full)
    return re.compile(joined, re.IGNORECASE)


_ENGLISH = (
    _Entry(
        "yet",
        (
            r"\b(?:not|no|none|nobody|nothing|never|cannot)\bCLAUSE*@",
            r"n['’]t\bCLAUSE*@",
            r"@ (?:to|unknown|unaware)\b",
            r"\bas @",
        ),
        (r"(?:and|but|[.,;:!?—–]|^)\s*@(?! to\b)", r"@ (?:again|another|more)\b"),
    ),
    _Entry(
        "later",
        unless=(
            r"\bUNIT @",
            r"(?:sooner|earlier) (?:or|and|than) @",
            r"@ (?:that|the same|in the|on the|this|at night|chapters?|editions?|today)\b",
        ),
    ),
    _Entry(
        "last",
        (r"HER (?:very )?@ (?:[\w-]+ ){0,2}PARTING\b", r"@ (?:seen|words|to see)\b"),
        (
            r"(?:for|in|over|during|of) the @ (?:\w+ )?(?:days|hours|nights|moments|evenings)\b",
            r"the @ time (?:that )?WHO (?:saw|met|was|were|had|did|heard|came|went|\w+ed)\b",
        ),
    ),
    _Entry("final", (r"@ (?:words|days|hours|meeting|journey|goodbye|farewell|night|breath)\b",)),
    _Entry(
        "once",
        (
            r"\b(?:was|were|is|are|been|had|has|have|who|which) @ (?!MORE|ITS)",
            r"(?:\b(?:he|she|they|it|we|i)|\ufffc) @ (?!MORE|ITS|the|an?|his|her|their|\ufffc)",
            r", @ (?:an?|his|her|their|its)\b",
        ),
        (r"@ an? (?:day|night|week|month|year|while)\b",),
        in_names=False,
    ),
    _Entry(
        "former formerly ex",
        unless=(r"the @(?=\s*(?:[.,;:]|and|is|was|are|were|has|had|but|$))",),
        in_names=False,
    ),
    _Entry("now", (r"for @STOP", r"(?:^|[.!?] )for @ ")),
    _Entry("being moment present", (r"for the (?:time )?@STOP",)),
    _Entry("eventually ultimately someday"),
    _Entry("hindsight retrospect", ("in @",)),
    _Entry(
        "day",
        (
            r"(?:WILL|\b(?:may|might|is to|are to)\b)CLAUSE{0,40} one @",
            r"one @,? WHO(?: WHO)?,? (?:WILL|(?:must|is to)\b)",
        ),
    ),
    _Entry(
        "never",
        (
            r"\b(?:will|shall) @",
            r"would @ (?:see|return|know|learn|forget|recover|speak|meet)\b",
            r"@ (?:to (?:return|be seen))\b",
            r"@CLAUSE{0,40}\bagain\b",
        ),
    ),
    _Entry(
        "soon",
        (
            r"(?:WILL|\b(?:is|are|was|were)\b)(?: WHO)? @",
            r"@,? WHO,? WILL",
            r"@ (?:to be|find|learn|discover|regret|become|die|prove|change)",
        ),
        (r"as @", r"@ as\b", r"too @", r"how @", r"@ after"),
    ),
    _Entry(
        "will would",
        (
            r"@ (?:later|soon|someday|one day|eventually|regret|turn out|prove|come to|become)\b",
            r"@ (?:haunt|cost|change (?:everything|all))\b",
        ),
    ),
    _Entry(
        "know knows suspect suspects guess guesses",
        (
            r"\blittle (?:does|do|did) WHO @",
            r"what WHO (?:does|do|did|could|can)(?: not|n['’]t|not)? @(?! (?:how|if|whether))",
            r"(?:nobody|no one|none) @",
        ),
        (r"what (?:do|does|did)\b", r"what WHO (?:does|do|did|could|can) @"),
    ),
    _Entry("regret haunt", (r"\b(?:comes?|lives?|back) to @",)),
    _Entry("first", (r"@ (?:victim|casualty|of (?:many|several|a series|the victims))\b",)),
    _Entry("still", (r"@ (?:alive|friends|married|together|innocent|safe|trusts?|believes?)\b",)),
    _Entry("doomed fateful fated foredoomed destined foreshadows foreshadow foreshadowing"),
    _Entry("unbeknownst unwittingly unknowingly unsuspecting"),
    _Entry("seemingly supposedly ostensibly purportedly allegedly supposed", unless=(r"@ to\b",)),
    _Entry("called", ("so-@",)),
    _Entry("apparently apparent", unless=(r"it is @", r"becomes? @")),
    _Entry("wrongly mistakenly falsely"),
    _Entry("real true", (r"HER @ (?:name|father|mother|reason|CRIME)\b",)),
    _Entry(
        "future",
        (r"HER @ [a-z]+",),
        (r"@ (?:is|was|and|or|in|of|with|looks|seems|lies|holds|to|at|on|for|that|has)\b",),
    ),
)
_GERMAN = (
    _Entry("noch", (r"@ (?:[^.,;:!?]{0,25} )?(?:nicht|nie|niemand|kein)\b",)),
    _Entry(
        "später",
        unless=(
            r"(?:Minuten?|Stunden?|Tage?|Nächte|Wochen?|Monate?|Jahre?|wenig|kurz|bisschen) @",
            r"@ (?:am|an|im|in)\b",
            r"früher oder @",
        ),
    ),
    _Entry("spätere späteren späterer späteres künftige künftigen zukünftige zukünftigen"),
    _Entry(
        "letzte letzten letzter letztes allerletzten",
        (r"(?:zum|das|die|den|der|eine?|seine?n?|ihre?n?) @ LETZTES\b",),
        (r"in den @ ", r"(?:der|die) @ Nacht\b"),
    ),
    _Entry("ehemalige ehemaligen ehemaliger ehemaliges ehemals einst", in_names=False),
    _Entry("vorerst vorläufig einstweilen dereinst"),
    _Entry("erste", ("fürs @",)),
    _Entry("nie niemals", (r"@ (?:wieder|mehr)\b",)),
    _Entry("tages", (r"eines @ (?:wird|werden|würde)\b", r"(?:wird|werden)\bCLAUSE{0,40} eines @")),
    _Entry("bald", (r"(?:wird|werden|würde)\bCLAUSE{0,40}@", r"@ (?:wird|werden|würde)\b")),
    _Entry("ahnt", (r"@ (?:WHO )?(?:noch )?nicht",)),
    _Entry("angeblich angebliche angeblichen vermeintlich vermeintliche vermeintlichen"),
)
_FRENCH = (
    _Entry("encore", ("pas @",)),
    _Entry(
        "tard",
        ("plus @",),
        (r"(?:minutes?|heures?|jours?|semaines?|mois|ans?|tôt ou) plus @", "tôt ou @"),
    ),
    _Entry("dernière", (r"(?:la|une|sa|leur) @ (?:fois|nuit|lettre|rencontre)\b",)),
    _Entry("jadis autrefois naguère bientôt"),
    _Entry("instant moment", (r"pour (?:l['’]|le )@STOP",)),
    _Entry("jamais", ("plus @", r"@ plus\b")),
    _Entry("futur future", (r"(?:son|sa|leur|le|la) @ \w+",)),
    _Entry("ancien ancienne", (r"(?:son|sa|leur|l['’]) ?@ \w+",), in_names=False),
    _Entry("disant", ("soi-@",)),
    _Entry("prétendu prétendue"),
)
_SPANISH = (
    _Entry("todavía aún", (r"@ no\b", r"\bno\bCLAUSE{0,40}@")),
    _Entry("tarde", ("más @",), (r"(?:minutos?|horas?|días?|semanas?|mes(?:es)?|años?) más @",)),
    _Entry("última", (r"(?:por|la|una|su) @ (?:vez|noche|carta)\b",)),
    _Entry("ahora", ("por @STOP",)),
    _Entry("momento", ("(?:por el|de) @STOP",)),
    _Entry("antaño"),
    _Entry("nunca jamás", (r"@ más\b", "@ volver")),
    _Entry("futuro futura", (r"(?:su|el|la) @ \w+",)),
    _Entry("antiguo antigua", (r"su @ \w+",), in_names=False),
    _Entry("supuesto supuesta supuestamente", unless=("por @",)),
)
_KOREAN = (
    _Entry("아직 아직은 나중에 나중에야 훗날 언젠가 언젠가는 머지않아"),
    _Entry("마지막으로 당분간 당분간은 다시는"),
    _Entry("한때 한때는 전직", in_names=False),
)
_OMENS = {"en": _ENGLISH, "de": _GERMAN, "fr": _FRENCH, "es": _SPANISH, "ko": _KOREAN}
