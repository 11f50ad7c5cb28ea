"""Words that the app itself puts into a story's text, in the story's language."""

from __future__ import annotations

from collections.abc import Mapping

from explorer.story.language import primary, script

# An indefinite person as the subject of a sentence, and the dictionary or grammar that gives it.
# A language without a source is not here; it reads as English does.
SOMEONE: Mapping[str, tuple[str, str]] = {
    "ar": ("شخص ما", "Oxford Arabic Dictionary, s.v. someone"),
    "bg": ("някой", "Речник на българския език, s.v. някой"),
    "bn": ("কেউ", "Thompson, Bengali: A Comprehensive Grammar, indefinite pronouns"),
    "ca": ("algú", "Diccionari de la llengua catalana (IEC), s.v. algú"),
    "cs": ("někdo", "Slovník spisovného jazyka českého, s.v. někdo"),
    "cy": ("rhywun", "Geiriadur Prifysgol Cymru, s.v. rhywun"),
    "da": ("nogen", "Den Danske Ordbog, s.v. nogen"),
    "de": ("jemand", "Duden, s.v. jemand"),
    "el": ("κάποιος", "Λεξικό της κοινής νεοελληνικής, s.v. κάποιος"),
    "en": ("someone", "Merriam-Webster, s.v. someone"),
    "eo": ("iu", "Plena Ilustrita Vortaro, s.v. iu"),
    "es": ("alguien", "Diccionario de la lengua española (RAE), s.v. alguien"),
    "et": ("keegi", "Eesti keele seletav sõnaraamat, s.v. keegi"),
    "eu": ("norbait", "Euskaltzaindiaren Hiztegia, s.v. norbait"),
    "fa": ("کسی", "Lazard, A Grammar of Contemporary Persian, indefinites"),
    "fi": ("joku", "Kielitoimiston sanakirja, s.v. joku"),
    "fr": ("quelqu’un", "Trésor de la langue française, s.v. quelqu’un"),
    "ga": ("duine éigin", "Ó Dónaill, Foclóir Gaeilge–Béarla, s.v. éigin"),
    "gl": ("alguén", "Dicionario da Real Academia Galega, s.v. alguén"),
    "he": ("מישהו", "Even-Shoshan, s.v. מישהו"),
    "hi": ("कोई", "McGregor, Outline of Hindi Grammar, indefinite pronouns"),
    "hr": ("netko", "Hrvatski jezični portal, s.v. netko"),
    "hu": ("valaki", "A magyar nyelv értelmező szótára, s.v. valaki"),
    "id": ("seseorang", "Kamus Besar Bahasa Indonesia, s.v. seseorang"),
    "is": ("einhver", "Íslensk nútímamálsorðabók, s.v. einhver"),
    "it": ("qualcuno", "Vocabolario Treccani, s.v. qualcuno"),
    "ja": ("誰か", "デジタル大辞泉, s.v. 誰か"),
    "ko": ("누군가", "고려대 한국어대사전, s.v. 누군가"),
    "lt": ("kažkas", "Lietuvių kalbos žodynas, s.v. kažkas"),
    "lv": ("kāds", "Tēzaurs, s.v. kāds"),
    "mk": ("некој", "Дигитален речник на македонскиот јазик, s.v. некој"),
    "ms": ("seseorang", "Kamus Dewan, s.v. seseorang"),
    "nb": ("noen", "Bokmålsordboka, s.v. noen"),
    "nl": ("iemand", "Van Dale, s.v. iemand"),
    "nn": ("nokon", "Nynorskordboka, s.v. nokon"),
    "pl": ("ktoś", "Słownik języka polskiego PWN, s.v. ktoś"),
    "pt": ("alguém", "Dicionário Priberam, s.v. alguém"),
    "ro": ("cineva", "Dicționarul explicativ al limbii române, s.v. cineva"),
    "ru": ("кто-то", "Ожегов и Шведова, Толковый словарь, s.v. кто-то"),
    "sk": ("niekto", "Krátky slovník slovenského jazyka, s.v. niekto"),
    "sl": ("nekdo", "Slovar slovenskega knjižnega jezika, s.v. nekdo"),
    "sq": ("dikush", "Fjalor i gjuhës shqipe, s.v. dikush"),
    "sr": ("неко", "Речник српскога језика (Матица српска), s.v. неко"),
    "sr-latn": ("neko", "Rečnik srpskoga jezika (Matica srpska), s.v. neko"),
    "sv": ("någon", "Svensk ordbok, s.v. någon"),
    "ta": ("யாரோ", "Lehmann, A Grammar of Modern Tamil, indefinite pronouns"),
    "th": ("ใครบางคน", "Iwasaki and Ingkaphirom, A Reference Grammar of Thai, indefinites"),
    "tr": ("biri", "Türkçe Sözlük (TDK), s.v. biri"),
    "uk": ("хтось", "Словник української мови, s.v. хтось"),
    "ur": ("کوئی", "Schmidt, Urdu: An Essential Grammar, indefinite pronouns"),
    "vi": ("ai đó", "Nguyễn, Vietnamese: Tiếng Việt không son phấn, indefinites"),
    "yi": ("עמעצער", "Weinreich, Modern English–Yiddish Dictionary, s.v. someone"),
    "zh": ("有人", "吕叔湘, 现代汉语八百词, s.v. 有"),
}


def someone(language: str) -> str:
    """Give the word for a person who is not known, by language tag; English for unknown tags."""
    tag = primary(language)
    found = SOMEONE.get(f"{tag}-{script(language)}") or SOMEONE.get(tag) or SOMEONE["en"]
    return found[0]
