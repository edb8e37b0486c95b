"""Other languages that write names with a capital are read by the rules for English, as far as these hold."""

import pytest

from graphrag_engine.offline.extractor import extract
from graphrag_engine.offline.lexicon import count
from graphrag_engine.offline.mentions import Unit

TEXTS = {
    "russian": "В 1902 году капитан Илья Громов привёл корабль. Верфь купила Мария Орлова.",  # noqa: RUF001 - it is Russian
    "greek": "Τότε ήρθε στο λιμάνι ο καπετάνιος Νίκος Παππάς. Εκεί γνώρισε την Ελένη Ρήγα από τον Βόλο.",  # noqa: RUF001 - it is Greek
    "french": "En 1902, Jean Morel y fonda un chantier. Plus tard, Élie Garnier écrivit à Jean Morel depuis Nantes.",
    "spanish": "En 1902 llegó Juan Ortega. Allí conoció a María del Pilar Núñez, que vivía en Vigo.",
    "german": (
        "Im Jahr 1902 baute Karl Brandt eine Werft und ein Haus. Die Werft baute das Schiff, und es hieß Seeadler. "
        "Später kaufte Anna Vogt aus Hamburg die Werft, und der Streit um die Mauer begann."
    ),
}
NAMES = {
    "russian": {"Илья Громов", "Мария Орлова"},
    "greek": {"Νίκος Παππάς", "Ελένη Ρήγα", "Βόλο"},
    "french": {"Jean Morel", "Élie Garnier", "Nantes"},
    "spanish": {"Juan Ortega", "María del Pilar Núñez", "Vigo"},
    "german": {"Karl Brandt", "Seeadler", "Anna Vogt", "Hamburg"},
}


def names(text):
    lexicon = count([("a", [text])]).lexicon().of(text, "a")
    return {one.name for one in extract(Unit(text), lexicon).entities if one.type != "date"}


@pytest.mark.parametrize("language", TEXTS)
def test_names_are_found_by_their_capitals(language):
    assert names(TEXTS[language]) >= NAMES[language]


def test_german_nouns_behind_an_article_are_no_names():
    assert names(TEXTS["german"]) & {"Werft", "Schiff", "Haus", "Mauer", "Streit", "Die Werft", "Im Jahr"} == set()


def test_an_english_text_with_a_german_title_stays_english():
    text = "The library keeps Mensch und Natur. We saw the Hart and the Vale, and that was all that the day gave us."

    assert names(text) >= {"Hart", "Vale"}
