"""Words that look ahead in a story, by language: in which surroundings they do, and in which not."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from explorer.folding import folded

# What stands for a person under the name so far; `manuscript` puts it there.
_WHO = "(?:\ufffc|[\\w’'-]+)"
_CLAUSE = r"[^.;:!?]"
_STOP = r"(?=\s*(?:[.,;:!?)”»—–]|$))"


@dataclass(frozen=True, slots=True)
class Omen:
    """A pattern in which a word looks ahead, and one in which it does not after all.

    In both, the word that is looked at stands between the signs ‹ and ›. `in_names` says whether
    it looks ahead in a name as well.
    """

    ahead: re.Pattern[str]
    harmless: re.Pattern[str] | None
    in_names: bool


@cache
def omens(language: str) -> Mapping[str, Omen]:
    """Give the omens of a language by their words, folded; none for one that has no list."""
    found: dict[str, Omen] = {}
    for words, ahead, harmless in _OMENS.get(language.split("-", maxsplit=1)[0].lower(), ()):
        omen = Omen(_pattern(ahead), _pattern(harmless) if harmless else None, words not in _PAST)
        found |= {folded(word): omen for word in words.split()}
    return found


def _pattern(written: str) -> re.Pattern[str]:
    """Make a pattern of one in which @ is the word, WHO a person, and CLAUSE and STOP are short."""
    for short, full in (("@", "‹[^›]+›"), ("WHO", _WHO), ("CLAUSE", _CLAUSE), ("STOP", _STOP)):
        written = written.replace(short, full)
    return re.compile(written, re.IGNORECASE)


_UNITS = (
    r"(?:moments?|seconds?|minutes?|hours?|days?|nights?|weeks?|months?|seasons?|years?|decades?"
    r"|centur(?:y|ies)|generations?|miles?|pages?|stops?|while|little|bit|no|not)"
)
_PRONOUNS = r"(?:he|she|it|they|we|you|i|there|this|that|these|those|everything|everyone|all)\b"
_FATES = r"(?:killer|murderer|culprit|thief|traitor|enemy|target|victim|identity|parents?)\b"
_PARTINGS = (
    r"(?:times?|breath|goodbye|farewell|kiss|look|glance|meeting|encounter|visit|walk|journey"
    r"|conversation|dance|embrace|smile|summer|evenings?|nights?|days|hours|moments?|wish)\b"
)
_OWN = r"(?:the|an?|one|his|her|its|their|our|this|that|[’']s)"

# The words, how they look ahead, and how they do not. Those in _PAST name what is over.
_PAST = {"former formerly ex", "once", "ehemalige ehemaligen ehemaliger ehemaliges ehemals einst"}
_OMENS: Mapping[str, tuple[tuple[str, str, str], ...]] = {
    "en": (
        (
            "yet",
            r"(?:\b(?:not|no|none|nobody|nothing|never|cannot)\b|n['’]t\b)CLAUSE*@"
            r"|@ (?:to|unknown|unaware)\b|\bas @",
            r"(?:and|but|[.,;:!?—–]|^)\s*@(?! to\b)|@ (?:again|another|more)\b",
        ),
        (
            "later",
            r"@",
            rf"\b{_UNITS} @|(?:sooner|earlier) (?:or|and|than) @"
            r"|@ (?:that|the same|in the|on the|this|at night|chapters?|editions?|today)\b",
        ),
        (
            "last",
            rf"{_OWN} (?:very )?@ (?:[\w-]+ ){{0,2}}{_PARTINGS}|@ (?:seen|words|to see)\b",
            r"\b(?:for|in|over|during|of) the @ (?:\w+ )?(?:days|hours|nights|moments|evenings)"
            r"|the @ time (?:that )?(?:\w+|\ufffc) (?:saw|met|was|were|had|did|heard|came|went|\w+ed)\b",
        ),
        ("final", r"@ (?:words|days|hours|meeting|journey|goodbye|farewell|night|breath)\b", ""),
        (
            "once",
            rf"\b(?:was|were|is|are|been|had|has|have|who|which) @ (?!again|more|or|every|{_PRONOUNS})"
            rf"|(?:\b(?:he|she|they|it|we|i|[A-Z][\w-]+)|\ufffc) @ (?!again|more|or|every|in|upon|the|an?"
            rf"|his|her|their|\ufffc|{_PRONOUNS})"
            r"|, @ (?:an?|his|her|their|its)\b",
            r"@ an? (?:day|night|week|month|year|while)\b",
        ),
        ("former formerly ex", r"@", r"the @(?=\s*(?:[.,;:]|and|is|was|are|were|has|had|but|$))"),
        ("now", rf"for @(?:STOP| (?:and|but|or|at least)\b)|(?:^|[.!?] )for @ ", ""),
        ("being moment", r"for the (?:time )?@(?:STOP| (?:and|but|or|at least)\b)", ""),
        ("present", r"for the @STOP", ""),
        ("eventually ultimately someday", r"@", ""),
        ("hindsight retrospect", r"in @", ""),
        (
            "day",
            r"\b(?:will|would|shall|may|might|is to|are to)\bCLAUSE{0,40} one @"
            r"|one @,? WHO(?: [\w’'-]+)?,? (?:will|would|shall|must|is to)\b",
            "",
        ),
        (
            "never",
            r"\b(?:will|shall) @|would @ (?:see|return|know|learn|forget|recover|speak|meet)\b"
            r"|@ (?:again|to (?:return|be seen))\b|@CLAUSE{0,40}\bagain\b",
            "",
        ),
        (
            "soon",
            r"\b(?:will|would|shall|is|are|was|were)\b(?: [\w’'-]+)? @"
            r"|@,? WHO,? (?:will|would|shall)\b"
            r"|@ (?:to be|find|learn|discover|regret|become|die|prove|change)",
            r"as @|@ as\b|too @|how @|@ after",
        ),
        (
            "will would",
            r"@ (?:later|soon|someday|one day|eventually|regret|turn out|prove|come to"
            r"|become|haunt|cost|change (?:everything|all))\b",
            "",
        ),
        ("know suspect guess", r"\b(?:little (?:does|do|did)|what) WHO (?:(?:does|do|did) not )?@", r"what WHO @|what (?:do|does|did)"),
        ("suspects", r"(?:nobody|no one|none) @", ""),
        ("regret haunt", r"\b(?:comes?|lives?|back) to @", ""),
        ("first", r"@ (?:victim|casualty|of (?:many|several|a series|the victims))\b", ""),
        ("still", r"@ alive\b", ""),
        ("doomed fateful fated foredoomed destined foreshadows foreshadow foreshadowing", r"@", ""),
        ("unbeknownst unwittingly unknowingly unsuspecting", r"@", ""),
        ("seemingly supposedly ostensibly purportedly allegedly supposed", r"@", r"@ to\b"),
        ("called", r"so-@", ""),
        ("apparently apparent", r"@", r"it is @|becomes? @"),
        ("wrongly mistakenly falsely", r"@", ""),
        ("real true", rf"{_OWN} @ (?:name|father|mother|reason|{_FATES})", ""),
        (
            "future",
            rf"{_OWN} @ [a-z]+",
            r"@ (?:is|was|and|or|in|of|with|looks|seems|lies|holds|to|at|on|for|that|has)\b",
        ),
    ),
    "de": (
        ("noch", r"@ (?:nicht|nie|niemand|kein)", ""),
        (
            "später",
            r"@",
            r"(?:Minuten?|Stunden?|Tage?|Nächte|Wochen?|Monate?|Jahre?|wenig|kurz|bisschen) @"
            r"|@ (?:am|an|im|in)\b|früher oder @",
        ),
        ("spätere späteren späterer späteres künftige künftigen zukünftige zukünftigen", r"@", ""),
        (
            "letzte letzten letzter letztes allerletzten",
            r"(?:zum|das|die|den|der|ein|sein|ihr|seine|ihre|seinen|ihren) @"
            r" (?:Mal|Worte|Tage|Stunden|Nacht|Reise|Begegnung|Sommer|Abend|Kuss|Brief)\b",
            r"in den @ |(?:der|die) @ Nacht\b",
        ),
        ("ehemalige ehemaligen ehemaliger ehemaliges ehemals einst", r"@", ""),
        ("vorerst vorläufig einstweilen dereinst", r"@", ""),
        ("erste", r"fürs @", ""),
        ("nie niemals", r"@ (?:wieder|mehr)", ""),
        ("tages", r"eines @ (?:wird|werden|würde)|(?:wird|werden|würde)\bCLAUSE{0,40} eines @", ""),
        ("bald", r"(?:wird|werden|würde)\bCLAUSE{0,40}@|@ (?:wird|werden|würde)\b", ""),
        ("ahnt", r"@ (?:WHO )?(?:noch )?nicht", ""),
        ("angeblich angebliche angeblichen vermeintlich vermeintliche vermeintlichen", r"@", ""),
    ),
    "fr": (
        ("encore", r"pas @", ""),
        ("tard", r"plus @", r"(?:minutes?|heures?|jours?|semaines?|mois|ans?|tôt ou) plus @|tôt ou @"),
        ("dernière", r"(?:la|une|sa|leur) @ (?:fois|nuit|lettre|rencontre)\b", r"de la @ nuit"),
        ("jadis autrefois naguère", r"@", ""),
        ("instant moment", r"pour (?:l['’]|le )@STOP", ""),
        ("jamais", r"plus @|@ plus\b", ""),
        ("bientôt", r"@", ""),
        ("futur future", r"(?:son|sa|leur|le|la) @ \w+", ""),
        ("ancien ancienne", r"(?:son|sa|leur|l['’]) ?@ \w+", ""),
        ("disant prétendu prétendue", r"@", ""),
    ),
    "es": (
        ("todavía aún", r"@ no\b|\bno\bCLAUSE{0,40}@", ""),
        ("tarde", r"más @", r"(?:minutos?|horas?|días?|semanas?|mes(?:es)?|años?) más @"),
        ("última", r"(?:por|la|una|su) @ (?:vez|noche|carta)\b", ""),
        ("ahora", r"por @STOP", ""),
        ("momento", r"(?:por el|de) @STOP", ""),
        ("antaño", r"@", ""),
        ("nunca jamás", r"@ más\b|@ volver", ""),
        ("pronto", r"@", r"de @|tan @"),
        ("futuro futura", r"(?:su|el|la) @ \w+", ""),
        ("antiguo antigua", r"su @ \w+", ""),
        ("supuesto supuesta supuestamente", r"@", r"por @"),
    ),
    "ko": (
        ("아직 아직은 나중에 나중에야 훗날 언젠가 언젠가는 머지않아 곧", r"@", ""),
        ("마지막으로 한때 한때는 당분간 당분간은 다시는 전직", r"@", ""),
    ),
}
