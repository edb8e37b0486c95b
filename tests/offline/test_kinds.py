import pytest

from graphrag_engine.offline.kinds import from_name, gender
from graphrag_engine.offline.lexicon import Lexicon
from graphrag_engine.offline.nouns import noun_type
from graphrag_engine.offline.votes import Votes


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Captain Vale", "person"),
        ("J. R. Hart", "person"),
        ("Ulysses S. Grant", "person"),
        ("Rebecca Hall", "person"),
        ("Wend Conservancy Board", "organisation"),
        ("House of Commons", "organisation"),
        ("Thackwray & Pell", "organisation"),
        ("University of Riga", "organisation"),
        ("South Quay", "place"),
        ("Mount Cray", "place"),
        ("Sweden", "place"),
        ("Rwanda", "place"),
        ("Greece", "place"),
        ("Battle of Riga", "event"),
        ("1908 Summer Olympics", "event"),
        ("Wendmouth Mercury", "work"),
        ("Swedish", "concept"),
        ("Ploughmen", "name"),
        ("HMS Plover", "work"),
        ("Casimir II", "person"),
        ("Grade II", "name"),
        ("Oslo Rangers", "organisation"),
        ("Riga Herons", "organisation"),
        ("U.S. Route 52", "place"),
        ("Northern Sweden", "place"),
        ("Northern Grace", "name"),
        ("Count of Wend", "person"),
        ("Beatrice of Riga", "person"),
        ("Minister of Finance", "concept"),
        ("Hasan ibn Orrin", "person"),
        ("Banco de Orrin", "organisation"),
        ("Wend School District", "organisation"),
        ("Polymer Science", "concept"),
        ("DVD", "concept"),
        ("I-12", "place"),
        ("Orrin VC10", "work"),
        ("The Orrins", "organisation"),
        ("Return of the Orrins", "work"),
        ("Bend It Like Orrin", "work"),
        ("Somalis", "concept"),
        ('Karl "Zipp" Orrin', "person"),
        ("North Korean", "concept"),
        ("Orrin Prize", "concept"),
        ("Best New Clerk", "concept"),
        ("Harbour Commissioner", "concept"),
        ("Britons", "concept"),
        ("Londoners", "concept"),
        ("Saturdays", "concept"),
        ("Orrine Christianity", "concept"),
        ("Orrin integral", "concept"),
        ("CVOs", "concept"),
        ("The Baltics", "place"),
        ("Rue Victor Orrin", "place"),
        ("World War II", "event"),
        ("Salt March", "event"),
        ("Game 3", "event"),
        ("Orrin bombings", "event"),
        ("Article II", "work"),
        ("Hugh Brooks", "person"),
        ("Samuel Cornish", "person"),
        ("Duc de Orrin", "person"),
        ("Drummer Boom Orrin", "person"),
        ("Universities of Orrin", "organisation"),
        ("Turkish CCM", "organisation"),
        ("BBC Orrin", "organisation"),
        ("Shakespeare", "person"),
        ("Red Cross", "organisation"),
        ("Magna Carta", "work"),
    ],
)
def test_a_name_tells_its_type_by_head_title_or_gazetteer(name, expected):
    assert from_name(name)[0] == expected


def decided(text, name, lexicon=Lexicon()):  # noqa: B008  # a frozen value
    votes = Votes(lexicon)
    start = text.index(name)
    votes.see(text, start, start + len(name), name)
    return votes.decide([name])[name]


@pytest.mark.parametrize(
    ("text", "name", "expected"),
    [
        ("Orrin is a novelist from the north.", "Orrin", "person"),
        ("They met the novelist Orrin there.", "Orrin", "person"),
        ("Orrin, a small village, lies there.", "Orrin", "place"),
        ("He lived in Orrin.", "Orrin", "place"),
        ("the village of Orrin burned", "Orrin", "place"),
        ("Orrin was a shipping company.", "Orrin", "organisation"),
        ("the schooner Orrin sank", "Orrin", "work"),
        ("the Steamship Orrin sank", "Orrin", "work"),
        ("They bought the software Orrin.", "Orrin", "work"),
        ("Orrin, the capital of Wendshire, burned.", "Orrin", "place"),
        ("Orrin, a large, quiet village, lies there.", "Orrin", "place"),
        ("They sailed north of Orrin.", "Orrin", "place"),
        ("The Orrin valley is deep.", "Orrin", "place"),
        ("Stafford lies there, with Orrin to the west.", "Orrin", "place"),
        ("Orrin manufactures lamps.", "Orrin", "organisation"),
        ("Orrin is a radio station.", "Orrin", "organisation"),
        ("Orrin kissed his brother.", "Orrin", "person"),
        ("After Orrin's death they left.", "Orrin", "person"),
        ("a song written by Orrin", "Orrin", "person"),
        ("They spoke the Orrin language.", "Orrin", "concept"),
        ("They saw Orrin (1998).", "Orrin", "work"),
        ("the king of Orrin left", "Orrin", "place"),
        ("He played for Orrin there.", "Orrin", "organisation"),
        ("It was released in 1979 by Orrin there.", "Orrin", "organisation"),
        ("They sold brands such as Orrin there.", "Orrin", "organisation"),
        ("a film starring Orrin there", "Orrin", "person"),
        ("on his debut album, Orrin", "Orrin", "work"),
        ("the Orrins left", "Orrins", "organisation"),
        ("According to Orrin they left.", "Orrin", "name"),
        ("Orrin was born late.", "Orrin", "person"),
        ("They gave Orrin the book.", "Orrin", "name"),
        ("After one season, Orrin left.", "Orrin", "name"),
        ("It premiered on Orrin in May.", "Orrin", "organisation"),
        ("They sailed across the Orrin at night.", "Orrin", "place"),
        ("They were defeated by the Orrin twice.", "Orrin", "organisation"),
        ("Orrin was first performed in May.", "Orrin", "name"),
        ("Orrin was written by a clerk.", "Orrin", "work"),
        ("Orrin was held in May.", "Orrin", "event"),
        ("Orrin's novel sold well.", "Orrin", "person"),
        ("Orrin grew up there.", "Orrin", "person"),
        ("Orrin announced a new lamp.", "Orrin", "organisation"),
        ("The clerk (Orrin, 3 May 1871) left.", "Orrin", "place"),
        ("See the essays (Orrin, 1871) on it.", "Orrin", "organisation"),
        ("He was a member of the Orrin there.", "Orrin", "organisation"),
        ("They sold the Orrin brand there.", "Orrin", "organisation"),
        ("He starred in Orrin twice.", "Orrin", "work"),
        ("The cast of Orrin left.", "Orrin", "work"),
        ("He edited the Orrin alone.", "Orrin", "work"),
        ("He was a professor of Orrin there.", "Orrin", "concept"),
        ("They heard Orrin jazz there.", "Orrin", "concept"),
        ("After the Orrin crisis they left.", "Orrin", "event"),
        ("There she and Orrin sat.", "Orrin", "person"),
        ("There was Ada Pell as Orrin.", "Orrin", "person"),
        ("Then Orrin observed that it rained.", "Orrin", "person"),
        ("There was Orrin (voiced by Ada Pell).", "Orrin", "person"),
        ("He was nicknamed the Orrin there.", "Orrin", "person"),
        ("They met Ada ``Orrin'' Pell.", "Orrin", "person"),
        ("They annexed Orrin at last.", "Orrin", "place"),
        ("A ship bound for Orrin via Riga left.", "Orrin", "place"),
        ("There is Orrin on the north.", "Orrin", "place"),
        ("It was built by Orrin, which is a large village.", "Orrin", "place"),
        ("the Ada Pell's Society", "Ada Pell", "person"),
        ("British Orrin left.", "British Orrin", "concept"),
        ("They sat behind Orrin's House.", "Orrin", "person"),
        ("It is a painting by the Orrin artist Pell.", "Orrin", "concept"),
        ("He played for the Riga Storm twice.", "Riga Storm", "organisation"),
        ("It was his transfer from Orrin that year.", "Orrin", "organisation"),
        ("It goes by the name Orrin there.", "Orrin", "organisation"),
    ],
)
def test_what_stands_beside_a_name_tells_its_type(text, name, expected):
    assert decided(text, name) == expected


def test_a_ship_with_the_name_of_a_person_is_none():
    assert decided("They saw Ada Pell there.", "Ada Pell") == "person"
    assert decided("They saw Ada Pell there.", "Ada Pell", Lexicon(articled=frozenset({"Ada Pell"}))) == "work"


def test_a_bridge_behind_an_article_is_a_place_though_a_surname_too():
    assert decided("They crossed the Arthur Bridge there.", "Arthur Bridge") == "place"


def test_names_of_one_list_are_of_one_kind():
    votes = Votes(Lexicon())
    votes.list("Riga", "Calvinia")

    assert votes.decide(["Riga", "Calvinia"]) == {"Riga": "place", "Calvinia": "place"}


def test_what_only_looks_like_a_person_is_what_its_list_is():
    known = Lexicon({"Orrin": True, "Blackpool": True})
    votes = Votes(known)
    votes.list("Riga", "Al Orrin")
    votes.list("Orrin Pell", "Riga University", bracket=True)

    assert votes.decide(["Riga", "Al Orrin"])["Al Orrin"] == "place"
    assert votes.decide(["Orrin Pell", "Riga University"])["Orrin Pell"] == "person"


def test_a_word_of_a_longer_name_is_what_that_is():
    assert Votes(Lexicon()).decide(["Lake Orrin", "Orrin"])["Orrin"] == "place"


def test_who_has_an_acronym_is_no_person():
    votes = Votes(Lexicon({"Orrin": True}))
    votes.equate("OP", "Orrin Pell")

    assert votes.decide(["Orrin Pell", "OP"]) == {"Orrin Pell": "organisation", "OP": "organisation"}


def test_between_two_people_of_a_list_stands_a_third():
    votes = Votes(Lexicon())
    votes.list("Ada Pell", "Orrin")
    votes.list("Orrin", "Rebecca Hall")

    assert votes.decide(["Ada Pell", "Orrin", "Rebecca Hall"])["Orrin"] == "person"


def test_a_name_in_another_language_is_what_the_first_one_is():
    votes = Votes(Lexicon())
    votes.equate("Orrin", "Riga")

    assert votes.decide(["Riga", "Orrin"])["Orrin"] == "place"


@pytest.mark.parametrize(
    ("name", "expected"), [("Mrs Vale", "she"), ("Ada Pell", "she"), ("Mr Vale", "he"), ("Orrin", "")]
)
def test_a_title_or_given_name_tells_the_pronoun(name, expected):
    assert gender(name) == expected


def test_the_last_noun_before_a_preposition_says_what_a_thing_is():
    assert noun_type("American film director of the city") == "person"
    assert noun_type("monthly, peer reviewed, scientific journal") == "work"
    assert noun_type("early post-World War II private, independent airline") == "organisation"
