"""A page of sentences in each of ten languages, and the encodings of before Unicode that files of them have."""

PAGES = {
    "Korean": (
        "항구의 등대는 밤마다 다섯 번 깜박였다.",
        "윤서는 낡은 배를 고쳐 섬으로 떠날 준비를 했다.",
        "그러나 선장은 “폭풍이 온다”고 말하며 고개를 저었다.",
        "다음 날 아침, 편지 한 통이 사무실에 도착했다.",
        "편지에는 김도현의 이름과 1925년 6월 7일이라는 날짜만 적혀 있었다.",
        "아무도 그 뜻을 알지 못했지만 모두가 창고로 달려갔다.",
    ),
    "Japanese": (
        "灯台守は毎晩ノートに船の名前を書きました。",
        "美咲は古いカメラを持って、島へ渡ることにした。",
        "「明日は嵐になる」と船長は言った。",
        "次の朝、事務所に一通の手紙が届きました。",
        "手紙には日付と、見たことのない地図だけが入っていた。",
        "みんなで倉庫まで走ったけれど、もう誰もいなかったのです。",
    ),
    "Simplified": (
        "灯塔每天晚上都会亮五次。",
        "李梅修好了那条旧船，准备到岛上去。",
        "船长摇了摇头，说：“暴风雨就要来了。”",
        "第二天早上，办公室收到了一封信。",
        "信里只有一个日期和一张谁也没有见过的地图。",
        "大家都往仓库跑，可是那里已经没有人了。",
    ),
    "Traditional": (
        "燈塔每天晚上都會亮五次。",
        "李梅修好了那條舊船，準備到島上去。",
        "船長搖了搖頭，說：「暴風雨就要來了。」",
        "第二天早上，辦公室收到了一封信。",
        "信裡只有一個日期和一張誰也沒有見過的地圖。",
        "大家都往倉庫跑，可是那裡已經沒有人了。",
    ),
    "Russian": (
        "Маяк в гавани мигал каждую ночь пять раз.",
        "Вера починила старую лодку и собралась на остров.",
        "Но капитан покачал головой: будет шторм.",
        "На следующее утро в контору пришло письмо.",
        "В нём были только дата, 7 июня 1925 года, и карта, которой никто не видел.",
        "Все побежали к складу, однако там уже никого не было.",
    ),
    "Greek": (
        "Ο φάρος στο λιμάνι άναβε πέντε φορές κάθε νύχτα.",
        "Η Ελένη επισκεύασε την παλιά βάρκα για να πάει στο νησί.",
        "Όμως ο καπετάνιος κούνησε το κεφάλι: «Έρχεται καταιγίδα».",
        "Το επόμενο πρωί έφτασε ένα γράμμα στο γραφείο.",
        "Είχε μόνο μια ημερομηνία και έναν χάρτη που κανείς δεν είχε δει.",
        "Όλοι έτρεξαν στην αποθήκη, αλλά δεν ήταν πια κανένας εκεί.",
    ),
    "German": (
        "Käpt’n Vale fuhr für fünf Tage über die Förde nach Süden.",
        "„Größe ist nicht alles“, sagte die Müllerin – und schloss die Tür.",
        "Später kam ein Brief ins Büro, der Äpfel, Öl und Übermut versprach.",
        "Drei Schüler liefen zum Lagerhaus…",
        "Dort hing ein Zettel: 20 € für ein Stück Käse.",
        "Niemand wusste, wer das heißen sollte.",
    ),
    "French": (
        "L’été dernier, la goélette a quitté Brême à l’aube.",
        "« Où êtes-vous né ? » demanda l’élève — très étonnée.",
        "La clé cassée a été créée à Besançon, d’après Noëlle.",
        "Un cœur de bœuf coûtait 3 € au marché.",
        "Ça n’a gêné personne jusqu’à Noël.",
        "Le maître brûla la lettre près de la forêt.",
    ),
    "Spanish": (
        "¿Dónde está el capitán Núñez?",
        "La niña encontró una carta en el buzón: «¡Vuelve mañana!»",
        "Según el señor Ibáñez, el faro se apagó en 1925…",
        "El pingüino cruzó el jardín con una canción.",
        "Nadie sabía qué decía el mapa – ni quién lo dibujó.",
        "Después corrió todo el mundo al almacén.",
    ),
    "Swedish": (
        "Märta Öst ägde båten Utter på Åland.",
        "”Vi ses på ön”, sade hon – och gick över ån.",
        "På våren åkte de söderut för att köpa ål, lök och äpplen.",
        "Fyren på Örö blinkade fem gånger varje kväll.",
        "Brevet låg kvar på bordet i två år.",
        "Ingen såg någonsin kartan igen.",
    ),
}

FILES = (
    ("Korean", "cp949", "CP949"),
    ("Japanese", "cp932", "Shift-JIS"),
    ("Japanese", "euc_jp", "EUC-JP"),
    ("Simplified", "gb18030", "GB18030"),
    ("Traditional", "big5", "Big5"),
    ("Russian", "cp1251", "Windows-1251"),
    ("Russian", "koi8_r", "KOI8-R"),
    ("Russian", "cp866", "CP866"),
    ("Greek", "cp1253", "Windows-1253"),
    ("German", "cp1252", "Windows-1252"),
    ("French", "cp1252", "Windows-1252"),
    ("Spanish", "cp1252", "Windows-1252"),
    ("Swedish", "cp1252", "Windows-1252"),
)
"""(language, what Python calls its encoding, what people call it)."""


def passages(language: str, sentences: int) -> list[str]:
    """All passages of so many sentences."""
    page = PAGES[language]
    return [" ".join(page[at : at + sentences]) for at in range(len(page) - sentences + 1)]
