"""Which words are found as the same, in the scripts in which stories are told."""

from __future__ import annotations

import pytest

from explorer.story.tokens import said, words

# What a reader of the script holds to be the same word, in the order of the scripts.
SAME = [
    # Latin: case, accents, width, ligatures, letters with strokes, digraphs in one sign
    *[("ÉCOLE", "ecole"), ("cafe\u0301", "Café"), ("Straße", "STRASSE"), ("Łódź", "lodz")],
    *[("Ｍｉｎ－ｈｅｅ", "min-hee"), ("ﬁn", "FIN"), ("smørrebrød", "smorrebrod")],
    *[("Þór", "Thor"), ("Ægir", "aegir"), ("cœur", "coeur"), ("Ħamrun", "hamrun")],
    *[("Ərdoğan", "erdogan"), ("Sámi ŋuolla", "sami nuolla"), ("ĳsland", "ijsland")],
    *[("col·lecció", "collecció"), ("COL·LEGI", "col·legi"), ("Dvořák", "dvorak")],
    *[("Ångström", "angstrom"), ("coöperate", "cooperate"), ("naïve", "naive")],
    *[("Hawaiʻi", "Hawai'i"), ("Qurʼan", "Qur’an"), ("soft\u00adware", "software")],
    *[("o\u2060k", "ok"), ("K", "K"), ("ℌello", "hello"), ("Ⅷ", "viii"), ("x²", "x2")],
    # Turkish and Azerbaijani
    *[("İstanbul", "istanbul"), ("Iğdır", "igdir"), ("IŞIK", "ışık"), ("çağrı", "cagri")],
    *[("şöför", "sofor"), ("GÜMÜŞ", "gümüş")],
    # Vietnamese: tones and letters with marks, put together or apart
    *[("Việt", "viet"), ("đường", "duong"), ("Đặng", "dang"), ("người", "nguoi")],
    *[("Hoà", "Hòa"), ("quy\u0301", "quý"), ("thuở", "thuo"), ("ngươ\u0300i", "người")],
    # Cyrillic
    *[("Ёлка", "елка"), ("МОСКВА", "москва"), ("Фёдор", "Федор"), ("ру\u0301сский", "русский")],
    *[("сонце́", "сонце"), ("й", "и\u0306"), ("їжак", "і\u0308жак"), ("ЎСЁ", "ўсе")],
    # Greek
    *[("ΣΟΦΟΣ", "σοφός"), ("Ἀχιλλεύς", "αχιλλευς")],
    *[("προϊόν", "προιον"), ("ΟΔΥΣΣΕΎΣ", "Οδυσσευς")],
    # Hebrew: points, final letters, abbreviations, digits of the Latin script beside
    *[("שָׁלוֹם", "שלום"), ("צה״ל", 'צה"ל'), ("צה״ל", "צהל"), ("רש״י", "רשי"), ("ג׳ירפה", "ג'ירפה")],
    *[("צ׳ק", "צק"), ("ספרים", "ספרימ"), ("ארץ", "ארצ"), ("\u200fשלום", "שלום"), ("מֶלֶךְ", "מלך")],
    *[("ﬡבא", "אבא"), ("בּית", "בית")],
    # Arabic: kashida, alef, teh marbuta, alef maksura, vowel signs, digits, forms of position
    *[("كـتـاب", "كتاب"), ("كتابه", "كتابة"), ("مدرسة", "مدرسه"), ("موسي", "موسى")],
    *[("أحمد", "احمد"), ("إسلام", "اسلام"), ("آمنة", "امنة"), ("ٱلله", "الله"), ("كِتَابٌ", "كتاب")],
    *[("مُحَمَّد", "محمد"), ("هٰذا", "هذا"), ("رئيس", "رييس"), ("مؤمن", "مومن"), ("ﻛﺘﺎﺏ", "كتاب")],
    *[("ﷲ", "الله"), ("١٢٣", "123"), ("لَا", "لا"), ("ﻻ", "لا"), ("عيسى", "عيسي")],
    # Persian, Urdu, Kurdish
    *[("کتاب", "كتاب"), ("فارسی", "فارسي"), ("یک", "يك"), ("می‌خواهم", "میخواهم")],
    *[("۱۲۳", "123"), ("۴۵۶", "٤٥٦"), ("خانهٔ", "خانه"), ("خانۀ", "خانه"), ("کتاب‌ها", "کتابها")],
    *[("ہم", "هم"), ("ھم", "هم"), ("کوردی", "كوردي"), ("مسئله", "مسيله"), ("پاکستان", "پاكستان")],
    *[("لڑکے", "لڑكي"), ("میں", "مین"), ("\u200fتهران", "تهران")],
    # Devanagari and Bengali: foreign letters, nasals, digits, joiners
    *[("ज़मीन", "जमीन"), ("हँस", "हंस"), ("फ़िल्म", "फिल्म"), ("क्\u200dष", "क्ष"), ("१२", "12")],
    *[("\u0958लम", "क\u093cलम"), ("লড়াই", "লড\u09bcাই"), ("২০২৩", "2023"), ("र्\u200dय", "र्य")],
    # Thai, Lao and Khmer
    *[
        ("น้ำ", "น\u0e4d\u0e49า"),
        ("กำ", "กํา"),
        ("๒๕๖๖", "2566"),
        ("ນ້ຳ", "ນໍ້າ"),
        ("ขนม\u200bไทย", "ขนมไทย"),
    ],
    *[("ทำ\u200bงาน", "ทํางาน")],
    # Japanese: two kinds of kana, half width, middle dots, forms of compatibility
    *[
        ("かたかな", "カタカナ"),
        ("ヒラガナ", "ひらがな"),
        ("ｶﾞﾗｽ", "ガラス"),
        ("山田愛", "山田・愛"),
    ],
    *[
        ("ジョン・スミス", "ジョンスミス"),
        ("ｼﾞｮﾝ･ｽﾐｽ", "ジョン・スミス"),
        ("ﾊﾟﾝ", "ぱん"),
        ("ヱビス", "ゑびす"),
    ],
    *[
        ("か\u3099", "が"),
        ("ヴァン", "ゔぁん"),
        ("ﾖｺﾊﾏ", "よこはま"),
        ("ＡＢＣ", "abc"),
        ("第１話", "第1話"),
    ],
    *[("神󠄀", "神"), ("葛\U000e0100城", "葛城")],
    # Chinese
    *[("２０２３年", "2023年"), ("⼀", "一"), ("豈", "豈"), ("卡洛斯·桑切斯", "卡洛斯・桑切斯")],
    # Korean: syllables typed as letters, forms of half width, digits
    *[("\u1107\u1161\u11af", "발"), ("한국·일본", "한국 일본"), ("ﾡ", "ㄱ"), ("제３화", "제3화")],
    *[("\u1112\u1161\u11ab\u1100\u1173\u11af", "한글")],
    # Georgian, Armenian
    *[("ᲗᲑᲘᲚᲘᲡᲘ", "თბილისი"), ("ԵՐԵՎԱՆ", "երևան")],
]

# What is another word to everybody who reads the script.
OTHER = [
    *[("Bär", "Bor"), ("ete", "ette"), ("un", "uñe"), ("I", "l"), ("0", "o"), ("rn", "m")],
    *[("aa", "å"), ("thor", "tor"), ("col·lecció", "coleccio"), ("a·b", "ab"), ("vv", "w")],
    *[("мой", "мои"), ("іжак", "їжак"), ("усё", "ўсё"), ("гора", "ґора"), ("мел", "мёлд")],
    *[("шапка", "щапка"), ("мат", "мать"), ("обем", "объем"), ("а", "a"), ("нет", "нэт")],
    *[("ο", "ω"), ("η", "ι"), ("λόγος", "λόγον")],
    *[("בית", "כית"), ("שר", "סר"), ("דוד", "רור"), ("חם", "הם"), ("צה״ל", "צה ל")],
    *[
        ("كتاب", "كتب"),
        ("قلب", "كلب"),
        ("سيف", "صيف"),
        ("حبر", "خبر"),
        ("ضل", "ظل"),
        ("تين", "طين"),
    ],
    *[("پدر", "بدر"), ("چای", "جای"), ("گل", "کل"), ("ژاله", "زاله"), ("می‌خواهم", "خواهم")],
    *[("١٢", "٢١"), ("لڑکا", "لرکا"), ("ٹوپی", "توپی")],
    *[("हिन्दी", "हनद"), ("कल", "काल"), ("दिन", "दीन"), ("বর", "ঘর"), ("डर", "दर")],
    *[("ปา", "ป่า"), ("มา", "ม้า"), ("ไกล", "ใกล้"), ("ขาว", "ข้าว"), ("เสือ", "เสื้อ")],
    *[("か", "が"), ("は", "ぱ"), ("きて", "きって"), ("おばさん", "おばあさん"), ("ソ", "ン")],
    *[("シ", "ツ"), ("びよういん", "びょういん"), ("ビル", "ビール"), ("人", "入"), ("土", "士")],
    *[
        ("未", "末"),
        ("己", "已"),
        ("圖", "书"),
        ("바", "발"),
        ("옥", "욱"),
        ("달", "탈"),
        ("개", "게"),
    ],
    *[("ភាសា", "ភសា"), ("ათი", "ასი")],
]


@pytest.mark.parametrize(("one", "other"), SAME)
def test_the_same_to_its_readers_is_found_as_the_same(one: str, other: str) -> None:
    assert said(one) == said(other) != []


@pytest.mark.parametrize(("one", "other"), OTHER)
def test_another_word_to_its_readers_stays_another(one: str, other: str) -> None:
    assert said(one) != said(other)


def test_the_tables_are_as_long_as_they_say_and_say_nothing_twice() -> None:
    assert len({frozenset(pair) for pair in SAME}) == len(SAME) >= 120
    assert len({frozenset(pair) for pair in OTHER}) == len(OTHER) >= 60


def test_a_word_with_signs_that_are_not_heard_is_marked_whole() -> None:
    text = "او می‌خواهم گفت، كـتـاب"

    assert [text[word.start : word.end] for word in words(text)] == text.replace("،", "").split()
