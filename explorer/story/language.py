"""Language tags (BCP 47), as far as the app goes by them: language, script and direction."""

from __future__ import annotations

# Tags that people write, and the one under which the language is listed today.
_TODAY = {"iw": "he", "in": "id", "ji": "yi", "no": "nb", "mo": "ro", "prs": "fa", "arb": "ar"}
_TODAY |= {"cmn": "zh", "yue": "zh", "pes": "fa", "tl": "fil"}

# Scripts written from right to left, and the languages that are written in one of them unless
# their tag names another script. Source: the script metadata of the Unicode CLDR.
_SCRIPTS = (
    "adlm arab aran armi avst chrs cprt elym garay hatr hebr hung khar lydi mand mani mend merc "
    "mero narb nbat nkoo orkh ougr palm phli phlp phnx prti rohg samr sarb sogd sogo syrc thaa yezi"
)
_LANGUAGES = (
    "aao acm aeb ajp apc apd ar arc arq ars ary arz bal bcc bgn bqi ckb dv fa glk he khw ks lrc "
    "luz mzn nqo pnb ps rhg sam sd sdh skr syc syr ug ur yi"
)
_LEFTWARD_SCRIPTS = frozenset(_SCRIPTS.split())
_LEFTWARD = frozenset(_LANGUAGES.split())


def primary(language: str) -> str:
    """Give the language that a tag names, without script and region: "pt" for "pt-BR".

    Where a language has had another tag, it is the one of today: "he" for "iw".
    """
    tag = language.replace("_", "-").split("-", maxsplit=1)[0].lower()
    return _TODAY.get(tag, tag)


def script(language: str) -> str:
    """Give the script that a tag names, in small letters: "latn" for "sr-Latn-RS"; or nothing."""
    parts = language.replace("_", "-").lower().partition("-x-")[0].split("-")[1:3]
    return next((part for part in parts if len(part) == 4 and part.isalpha()), "")


def direction(language: str) -> str:
    """Give the direction of a language's writing, "ltr" or "rtl", by its script if it names one."""
    named = script(language)
    leftward = named in _LEFTWARD_SCRIPTS if named else primary(language) in _LEFTWARD
    return "rtl" if leftward else "ltr"
