"""What is generated follows the language of the documents and of the question, from the files to the answer."""

import re

import pytest

from graphrag_engine import Engine
from graphrag_engine.offline.wordings import MODULES

DOCUMENTS = {
    "german": (
        "Im Jahr 1902 gründete Karl Brandt die Werft in Hamburg. Die Werft baute das Schiff Seeadler für Anna Vogt.",
        "Anna Vogt lebte in Hamburg. Sie stritt mit Karl Brandt über die Werft, und der Streit war lang.",
    ),
    "french": (
        "En 1902, Jean Morel fonda un chantier à Nantes. Le chantier construisit la Mouette pour Élie Garnier.",
        "Élie Garnier vivait à Nantes. Il écrivit à Jean Morel, mais Jean Morel ne répondit pas.",
    ),
    "spanish": (
        "En 1902 Juan Ortega fundó un astillero en Vigo. El astillero construyó la Gaviota para María Núñez.",
        "María Núñez vivía en Vigo. Escribió a Juan Ortega, pero Juan Ortega no contestó.",
    ),
    "russian": (
        "В 1902 году Илья Громов основал верфь в Одессе. Верфь построила корабль для Марии Орловой.",
        "Мария Орлова жила в Одессе. Она писала, но Илья Громов не ответил.",
    ),
    "greek": (
        "Το 1902 ο Νίκος Παππάς ίδρυσε το ναυπηγείο στον Βόλο. Το ναυπηγείο έφτιαξε ένα πλοίο.",
        "Η Ελένη Ρήγα ζούσε στον Βόλο. Έγραψε ένα γράμμα, αλλά ο Νίκος Παππάς δεν απάντησε.",
    ),
    "japanese": (
        "1902年、山田太郎は横浜に造船所を設立した。造船所は佐藤花子のために白鷺丸を建造した。",
        "佐藤花子は横浜に住んでいた。佐藤花子は山田太郎に手紙を書いた。造船所は閉鎖された。",
    ),
    "chinese": (
        "# 上海造船厂\n\n1902年，王大明创办了上海造船厂。白鹭号在上海造船厂建成。王大明把白鹭号卖给了李小红。",
        "# 白鹭号\n\n李小红买下了白鹭号。后来，李小红与王大明发生争执。白鹭号沉没于1911年。",
    ),
}
QUESTIONS = {
    "german": (
        "Wer war Karl Brandt?",
        "Was verband Anna Vogt und Karl Brandt?",
        "Wann fährt sie morgens ab?",
    ),
    "french": ("Qui était Jean Morel ?", "À qui Élie Garnier écrivit-il ?", "Où passe le tramway ?"),
    "spanish": ("¿Quién era Juan Ortega?", "¿Dónde vivía María Núñez?", "¿Dónde pasa el tranvía?"),
    "russian": ("Кто такой Илья Громов?", "В каком городе жила Мария Орлова?", "Где ходит трамвай?"),
    "greek": ("Ποιος ήταν ο Νίκος Παππάς;", "Σε ποιο λιμάνι ζούσε η Ελένη Ρήγα;", "Πού περνάει το τραμ;"),
    "japanese": ("山田太郎は誰ですか。", "造船所はどこですか。", "路面電車はいつ走りますか。"),
    "chinese": ("白鹭号是什么？", "谁买下了白鹭号？", "有轨电车在哪里？"),
}
"""Two that the documents answer, and one that they do not."""
HEADINGS = {
    "german": "QUELLEN (ZEICHEN)",
    "french": "SOURCES (CARACTÈRES)",
    "spanish": "FUENTES (CARACTERES)",
    "russian": "ИСТОЧНИКИ (СИМВОЛЫ)",
    "greek": "ΠΗΓΕΣ (ΧΑΡΑΚΤΗΡΕΣ)",
    "japanese": "出典（文字位置）",
    "chinese": "来源（字符位置）",
}


@pytest.fixture(scope="module", params=DOCUMENTS)
def indexed(request, tmp_path_factory):
    """A language, and an engine with an index of its two documents."""
    folder = tmp_path_factory.mktemp(request.param)
    for number, text in enumerate(DOCUMENTS[request.param], 1):
        (folder / f"{number}.md").write_text(text + "\n", "utf-8")
    engine = Engine.open(tmp_path_factory.mktemp("kb"))
    engine.index(str(folder))
    return request.param, engine


def english(text, language):
    """What stands in a text of the English of the tables, but for words that the language writes alike."""
    tables = MODULES[language].ANSWERS | MODULES[language].REPORTS
    own = "\n".join(tables.values()).lower()
    parts = {part.strip(" *.,:;()").lower() for each in tables for part in re.split(r"\{[^}]*\}", each)}
    said = [rf"(?<!\w){re.escape(part)}(?!\w)" for part in parts if re.search("[a-z]", part)]
    return [each for each in said if re.search(each, text.lower()) and not re.search(each, own)]


def test_reports_are_worded_in_the_language_of_the_documents(indexed):
    language, engine = indexed
    reports = engine.table("reports").to_pylist()

    assert MODULES[language].REPORTS["What the sources say"] in reports[0]["full_content"]
    for report in reports:
        told = [
            report["full_content"],
            report["rating_explanation"],
            *(each["explanation"] for each in report["findings"]),
        ]
        assert english("\n".join(told), language) == []


def test_answers_are_worded_in_the_language_of_the_question(indexed):
    language, engine = indexed
    for question in QUESTIONS[language][:2]:
        answer = engine.query(question)
        assert answer.grounded, question
        assert HEADINGS[language] in answer.text
        assert english(answer.text, language) == []


def test_what_is_not_found_is_told_in_the_language_of_the_question(indexed):
    language, engine = indexed
    answer = engine.query(QUESTIONS[language][2])

    assert not answer.grounded
    assert english(answer.text, language) == []


def test_words_that_ask_are_not_reported_as_names(indexed):
    language, engine = indexed
    for question in QUESTIONS[language]:
        told = MODULES[language].ANSWERS["Not known here: {}."].split("{}")[0]
        assert told not in engine.query(question).text, question


def test_an_english_question_about_foreign_documents_is_answered_in_english(indexed):
    _, engine = indexed
    name = engine.table("entities").column("name")[0].as_py()

    assert engine.query(f"Who or what is the {name}?").text.startswith(("Evidence from", "Nothing found"))
