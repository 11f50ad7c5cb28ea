"""The words by which works are counted, in the languages in which people say where they are.

Plural forms of counters are left out on purpose: "3 episodes" is how many, not which one.
"""

from __future__ import annotations

from typing import Final

HOUR: Final = "hour"
MINUTE: Final = "minute"
SECOND: Final = "second"
SEASON: Final = "season"
EPISODE: Final = "episode"
PERCENT: Final = "percent"
CLOCK: Final = (HOUR, MINUTE, SECOND)

# Each word as tokens are folded: small letters, without accents. A word may stand in two rows.
_WORDS: Final = {
    "chapter": "chapter chap ch chp kapitel kap kp chapitre capitulo cap capitolo hoofdstuk глава "
    "гл rozdział rozdzial kapittel bolum κεφαλαιο κεφ فصل الفصل अध्याय פרק บทที่ บท 章 장",
    "page": "page pg p pp seite pagina pag side sida страница стр strona sayfa σελιδα صفحة الصفحة "
    "صفحه पृष्ठ עמוד หน้า ページ 頁 页 쪽 페이지",
    PERCENT: "% percent percentage prozent pourcent porciento porcento procent процент процентов",
    "act": "act acte akt acto atto ato акт действие perde πραξη 幕 막",
    "scene": "scene sc szene escena scena cena сцена явление sahne σκηνη 場 场 장면",
    "part": "part pt partie teil parte deel часть ч czesc kisim μερος الجزء جزء भाग חלק ภาค 部 부",
    "book": "book bk buch livre libro livro boek книга ksiega kitap βιβλιο الكتاب كتاب 책",
    "volume": "volume vol band bd tome volumen tomo том tom cilt τομος المجلد مجلد 巻 卷 권",
    SEASON: "season s seas staffel st saison temporada temp t stagione seizoen сезон sezon "
    "σεζον الموسم موسم فصل 季 期 기 시즌",
    EPISODE: "episode ep eps e folge flg episodio puntata aflevering серия эпизод odcinek bolum "
    "avsnitt afsnit επεισοδιο الحلقة حلقة قسمت एपिसोड פרק ตอนที่ ตอน 話 话 集 回 화 회 에피소드",
    "issue": "issue heft numero nummer выпуск 号 호",
    "track": "track titel piste pista трек",
    HOUR: "h hr hrs hour hours std stunde stunden heure heures hora horas ora ore uur uren ч час "
    "часа часов godz saat ωρα ωρες ساعة ساعات ساعت घंटा घंटे 時間 小时 小時 시간",
    MINUTE: "m min mins minute minutes minuten minuto minutos minuti мин минута минуты минут "
    "minuta minuty minut dakika dk λεπτο λεπτα دقيقة دقائق دقیقه मिनट דקה דקות นาที 分 分钟 分鐘 분",
    SECOND: "s sec secs second seconds sek sekunde sekunden seconde secondes segundo segundos "
    "secondo secondi сек секунда секунды секунд saniye sn ثانية ثواني ثانیه 秒 秒钟 초",
}

CONCEPTS: Final = {
    word: frozenset(concept for concept, words in _WORDS.items() if word in words.split())
    for words in _WORDS.values()
    for word in words.split()
}

# Of the first in the second: "episode 3 of season 1". Nothing else may be "of" something.
OF: Final = frozenset(["of", "de", "del", "della", "der", "des", "von", "da", "do", "du"])
# Between the hours and the minutes.
AND: Final = frozenset(["and", "et", "und", "y", "и", "و"])
# Behind a number in digits that is one in a row: "1st", "3ª", "7-я".
ORDINAL: Final = frozenset(
    [
        "st",
        "nd",
        "rd",
        "th",
        "er",
        "ere",
        "eme",
        "e",
        "a",
        "o",
        "re",
        "я",
        "й",
        "ая",
        "ый",
        "ий",
        "ое",
    ]
)
