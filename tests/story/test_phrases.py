"""The word for a person who is not known, and what a language tag says."""

from __future__ import annotations

import pytest

from explorer.story.language import direction, primary, script
from explorer.story.phrases import SOMEONE, someone

# A sentence for each language, in which somebody not known does something.
SENTENCES = {
    "ar": "شخص ما طرق الباب.",
    "bg": "Някой чука на вратата.",
    "bn": "কেউ দরজায় কড়া নাড়ছে।",
    "ca": "Algú truca a la porta.",
    "cs": "Někdo klepe na dveře.",
    "cy": "Mae rhywun wrth y drws.",
    "da": "Nogen banker på døren.",
    "de": "Jemand klopft an die Tür.",
    "el": "Κάποιος χτυπά την πόρτα.",
    "en": "Someone knocks at the door.",
    "eo": "Iu frapas ĉe la pordo.",
    "es": "Alguien llama a la puerta.",
    "et": "Keegi koputab uksele.",
    "eu": "Norbait etorri da.",
    "fa": "کسی در می‌زند.",
    "fi": "Joku koputtaa ovelle.",
    "fr": "Quelqu’un frappe à la porte.",
    "ga": "Tá duine éigin ag an doras.",
    "gl": "Alguén chama á porta.",
    "he": "מישהו דופק בדלת.",
    "hi": "कोई दरवाज़ा खटखटा रहा है।",
    "hr": "Netko kuca na vrata.",
    "hu": "Valaki kopog az ajtón.",
    "id": "Seseorang mengetuk pintu.",
    "is": "Einhver bankar á dyrnar.",
    "it": "Qualcuno bussa alla porta.",
    "ja": "誰かがドアをたたいている。",
    "ko": "누군가 문을 두드린다.",
    "lt": "Kažkas beldžiasi į duris.",
    "lv": "Kāds klauvē pie durvīm.",
    "mk": "Некој тропа на вратата.",
    "ms": "Seseorang mengetuk pintu.",
    "nb": "Noen banker på døren.",
    "nl": "Iemand klopt op de deur.",
    "nn": "Nokon bankar på døra.",
    "pl": "Ktoś puka do drzwi.",
    "pt": "Alguém bate à porta.",
    "ro": "Cineva bate la ușă.",
    "ru": "Кто-то стучит в дверь.",
    "sk": "Niekto klope na dvere.",
    "sl": "Nekdo trka na vrata.",
    "sq": "Dikush troket në derë.",
    "sr": "Неко куца на врата.",
    "sr-latn": "Neko kuca na vrata.",
    "sv": "Någon knackar på dörren.",
    "ta": "யாரோ கதவைத் தட்டுகிறார்.",
    "th": "ใครบางคนเคาะประตู",
    "tr": "Biri kapıyı çalıyor.",
    "uk": "Хтось стукає у двері.",
    "ur": "کوئی دروازہ کھٹکھٹا رہا ہے۔",
    "vi": "Ai đó gõ cửa.",
    "yi": "עמעצער קלאַפּט אין טיר.",
    "zh": "有人在敲门。",
}


def test_each_language_has_a_sentence_with_the_word_and_a_source() -> None:
    assert SENTENCES.keys() == SOMEONE.keys()
    assert len(SOMEONE) >= 30
    for language, (word, source) in SOMEONE.items():
        assert word in SENTENCES[language].lower(), language
        assert len(source) > 5, language


@pytest.mark.parametrize(
    ("tag", "like"),
    [
        *[("nb-NO", "nb"), ("no", "nb"), ("nn", "nn"), ("iw", "he"), ("iw-IL", "he"), ("in", "id")],
        *[("zh-Hant", "zh"), ("zh-Hans-CN", "zh"), ("zh-TW", "zh"), ("cmn-Hans", "zh")],
        *[("pt-BR", "pt"), ("PT_br", "pt"), ("sr-Cyrl", "sr"), ("sr-Latn-RS", "sr-latn")],
        *[("prs", "fa"), ("ji", "yi"), ("mo", "ro"), ("EN-gb", "en"), ("de-1901", "de")],
        *[("tlh", "en"), ("x-own", "en"), ("", "en")],
    ],
)
def test_a_tag_finds_its_word(tag: str, like: str) -> None:
    assert someone(tag) == SOMEONE[like][0]


@pytest.mark.parametrize(
    ("tag", "way"),
    [
        *[("ar", "rtl"), ("fa-IR", "rtl"), ("he", "rtl"), ("iw", "rtl"), ("ur-PK", "rtl")],
        *[("yi", "rtl"), ("ckb", "rtl"), ("dv", "rtl"), ("ps", "rtl"), ("ug-Arab", "rtl")],
        *[("ar-Latn", "ltr"), ("yi-Latn", "ltr"), ("pa-Arab", "rtl"), ("az-Arab-IR", "rtl")],
        *[("pa", "ltr"), ("az", "ltr"), ("ku", "ltr"), ("ks-Deva", "ltr"), ("en-Hebr", "rtl")],
        *[("en", "ltr"), ("ko", "ltr"), ("ja", "ltr"), ("uz-Cyrl", "ltr"), ("ff-Adlm", "rtl")],
        *[("tr-x-arab", "ltr"), ("sd-Deva", "ltr"), ("", "ltr")],
    ],
)
def test_a_tag_says_in_which_direction_its_language_runs(tag: str, way: str) -> None:
    assert direction(tag) == way


def test_the_parts_of_a_tag() -> None:
    assert (primary("zh-Hant-TW"), script("zh-Hant-TW")) == ("zh", "hant")
    assert (primary("sl-rozaj-Latn"), script("zh-cmn-Hans-CN")) == ("sl", "hans")
    assert script("de-DE") == script("en") == script("en-1994") == ""
