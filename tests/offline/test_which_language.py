"""Which language a text is in: clearly another one, or English."""

import pytest

from graphrag_engine.offline.languages import language

QUESTIONS = {
    "Wer gründete die Werft?": "german",
    "Wo liegt Hamburg?": "german",
    "Was ist Seeadler?": "german",
    "Qui a fondé le chantier ?": "french",
    "Qu\u2019est-ce que la Mouette ?": "french",
    "Où est né Jean Morel ?": "french",
    "¿Quién fundó el astillero?": "spanish",
    "¿Cuándo cerró?": "spanish",
    "En qué año cerró el astillero?": "spanish",
    "Кто основал верфь?": "russian",
    "Где находится верфь?": "russian",
    "Ποιος ίδρυσε το ναυπηγείο;": "greek",
    "誰が造船所を設立しましたか。": "japanese",
    "谁创办了造船厂？": "chinese",
    "誰創辦了造船廠？": "chinese",
    "조선소는 누가 세웠습니까?": "korean",
}
ENGLISH = (
    "",
    "1902",
    "Der Spiegel",
    "Los Angeles",
    "Las Vegas, Los Angeles",
    "Les Misérables",
    "Rio de la Plata",
    "Who wrote for Der Spiegel and Die Zeit?",
    "Was Los Angeles founded in 1781?",
    "Who composed Das Lied von der Erde?",
    "El Niño and La Niña",
    "Where is Como?",
    "Who was Илья Громов?",
    "Who is 习近平?",
    "The firm of Leroy et Fils sold the yard, and the Los Alamos wharf with it, to Die Werft und Söhne.",
)
NO_TABLE = (
    "Хто заснував верф?",
    "Ілля Громов",
    "Кой основа корабостроителницата?",
    "Ко је основао бродоградилиште?",
    "Quem fundou o estaleiro?",
    "Chi ha fondato il cantiere?",
    "Wie heeft de werf opgericht?",
    "Qui va fundar la drassana?",
    "Hvem grunnla verftet?",
)


@pytest.mark.parametrize("text", QUESTIONS)
def test_a_short_question_is_known_by_its_words_or_letters(text):
    assert language(text) == QUESTIONS[text]


@pytest.mark.parametrize("text", ENGLISH)
def test_english_stays_english_whatever_names_it_holds(text):
    assert language(text) == "english"


@pytest.mark.parametrize("text", NO_TABLE)
def test_a_neighbour_is_not_taken_for_a_language_with_a_table(text):
    assert language(text) not in set(QUESTIONS.values())


def test_the_end_of_a_long_text_does_not_matter():
    assert language("Die Werft und das Schiff wurden verkauft. " * 10 + "the of and with from who " * 99) == "german"
