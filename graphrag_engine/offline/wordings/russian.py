"""What is generated, in Russian."""

from collections.abc import Mapping

ANSWERS: Mapping[str, str] = {
    "person": "человек",
    "organisation": "организация",
    "place": "место",
    "work": "произведение или судно",
    "event": "событие",
    "date": "дата",
    "money": "денежная сумма",
    "quantity": "количество",
    "concept": "понятие",
    "name": "имя",
    "mentioned with": "упомянуты вместе",
    "Evidence from your documents, best first; no language model wrote this.": (
        "Выдержки из ваших документов, сначала самые важные; этот текст написан не языковой моделью."
    ),
    "Understood: {}.": "Распознано: {}.",
    "; ": "; ",
    ", ": ", ",
    "Mode: {}, {}.": "Режим: {} ({}).",
    "Not known here: {}.": "Здесь не встречается: {}.",
    "The sources speak of {}, but none of these words: {}.": (
        "В источниках упоминается: {}; но нет ни одного из этих слов: {}."
    ),
    "--json gives every quote in full.": "--json показывает все цитаты полностью.",
    "  through {}": "  через: {}",
    " to ": " – ",
    " and ": ", ",
    " or ": " или ",
    "{} may be {} or {}": "{}: {} или {}",
    "{} as another name of {}": "{} — иначе {}",
    "{} as a part of the name of {}": "{} — часть имени: {}",
    "Passages": "Фрагменты",
    "Facts": "Факты",
    "Claims": "Утверждения",
    "Paths": "Пути",
    "Possible ({}), unchecked": "Возможные ответы ({}), не проверено",
    "Reports": "Отчёты",
    "Sources (characters)": "Источники (символы)",
    "Not supported by what is cited": "Не подтверждается цитатами",
    "and {} more documents": "ещё документов: {}",
    "denied": "отрицается",
    "unconfirmed": "не подтверждено",
    "Nothing found: the sources{} do not say.": "Ничего не найдено: в источниках{} об этом не говорится.",
    " that the filter allows": ", отобранных фильтром,",
    "No path of at most four ties, each stated by a passage, leads on from {}. Try mode local.": (
        "Нет пути длиной до четырёх связей, каждая из которых подтверждена фрагментом. Начало пути: {}. "
        "Попробуйте режим local."
    ),
    "No name of the question is known, and no passage holds half of its words. Try other words.": (
        "Имена и названия из вопроса здесь не встречаются, и ни в одном фрагменте нет половины его слов. "
        "Попробуйте другие слова."
    ),
    "Nothing found: no document matches the filter {}.": (
        "Ничего не найдено: фильтру {} не соответствует ни один документ."
    ),
    "since one name is known": "известных имён: 1",
    "since {} names are known": "известных имён: {}",
    " and ties join them": ", между ними есть связи",
    " and a chain of ties leads on": ", дальше ведёт цепочка связей",
    " and no chain of ties leads on": ", цепочка связей дальше не ведёт",
    "since no name is known and the question asks for the whole": "известных имён нет, вопрос о целом",
    "; no passage holds half of its words": ", ни в одном фрагменте нет половины слов",
    "since no name is known, but a passage holds half of the question's words": (
        "известных имён нет, но есть фрагмент с половиной слов вопроса"
    ),
    "since no name is known and no passage holds half of the question's words": (
        "известных имён нет, фрагмента с половиной слов вопроса тоже нет"
    ),
    "as asked for": "как указано",
}
"""The words around an answer, and the types of what is in it."""

REPORTS: Mapping[str, str] = {
    "*Extractive report: its sentences and facts are taken from the sources as they stand; no model wrote it.*": (
        "*Отчёт из выдержек: предложения и факты взяты из источников без изменений; модель его не писала.*"
    ),
    "{} ({}) with {}, from {} of {}": "{} ({}); {}; {}; {}",
    ", ": ", ",
    "{}.": "{}.",
    "; years {} to {}.": "; годы: {}–{}.",
    "; year {}.": "; год: {}.",
    "What the sources say": "Что говорят источники",
    "Facts": "Факты",
    "From {!r}.": "Источник: {!r}.",
    "{} of 10: {}, stated in {}.": "{} из 10 ({}, {}).",
    "{} entity": "Объектов: {}",
    "{} relationship": "связей: {}",
    "{} passage": "фрагментов: {}",
    "{} document": "документов: {}",
    "{} person": "людей: {}",
    "{} organisation": "организаций: {}",
    "{} place": "мест: {}",
    "{} work": "произведений и судов: {}",
    "{} event": "событий: {}",
    "{} date": "дат: {}",
    "{} sum of money": "денежных сумм: {}",
    "{} quantity": "количеств: {}",
    "{} concept": "понятий: {}",
    "{} other name": "других имён: {}",
    "denied": "отрицается",
    "unconfirmed": "не подтверждено",
    "disputed": "источники расходятся",
    "reported, not certain": "по некоторым сведениям, не наверняка",
    ",": "\u00a0",
    ".": ",",
}
"""Reports made without a model; `,` and `.` stand in numbers."""
