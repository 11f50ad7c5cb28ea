"""Words that the app itself puts into a story's text, in the story's language."""

from __future__ import annotations

from explorer.story.language import primary

_SOMEONE = {
    "ar": "شخص ما",
    "cs": "někdo",
    "da": "nogen",
    "de": "jemand",
    "el": "κάποιος",
    "en": "someone",
    "es": "alguien",
    "fi": "joku",
    "fr": "quelqu’un",
    "he": "מישהו",
    "hi": "कोई",
    "hu": "valaki",
    "id": "seseorang",
    "it": "qualcuno",
    "ja": "誰か",
    "ko": "누군가",
    "nl": "iemand",
    "no": "noen",
    "pl": "ktoś",
    "pt": "alguém",
    "ro": "cineva",
    "ru": "кто-то",
    "sv": "någon",
    "th": "ใครบางคน",
    "tr": "biri",
    "uk": "хтось",
    "vi": "ai đó",
    "zh": "某人",
}


def someone(language: str) -> str:
    """Give the word for a person who is not known, by language tag; English for unknown tags."""
    return _SOMEONE.get(primary(language), _SOMEONE["en"])
