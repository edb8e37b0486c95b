import pytest

from graphrag_engine.offline.aliases import Named
from graphrag_engine.offline.elsewhere import Document, elsewhere

ELIAS, EDITH, HARRIET = "Elias Vale", "Edith Vale", "Harriet Vale"


def document(name, *names, aliases=(), kind="person"):
    return Document(name, [Named(each, kind, at) for at, each in enumerate(names)], aliases)


def found(*documents):
    return {(where, alias.left, alias.right, alias.cause) for where, alias in elsewhere(documents)}


@pytest.mark.parametrize(
    ("short", "cause"),
    [
        ("E. Vale", "initials, other documents"),
        ("Captain E. Vale", "initials, other documents"),
        ("Captain Vale", "title and surname, other documents"),
    ],
)
def test_a_short_name_stands_for_the_one_full_name_of_the_corpus(short, cause):
    assert found(document("a", ELIAS), document("b", short)) == {("b", short, ELIAS, cause)}


@pytest.mark.parametrize(
    ("full", "short"),
    [
        ((ELIAS, EDITH), "E. Vale"),
        ((ELIAS, HARRIET), "Captain Vale"),
        ((ELIAS, "H. Vale"), "Captain Vale"),
        ((HARRIET,), "E. Vale"),
        ((HARRIET,), "Captain Vale"),
        ((ELIAS,), "E. J. Vale"),
        ((ELIAS,), "Mrs Vale"),
        ((ELIAS,), "Mrs E. Vale"),
        ((ELIAS,), "Vale"),
        ((ELIAS,), "King Vale"),
        (("Dylan Thomas",), "Captain Thomas"),
    ],
)
def test_it_stands_for_nobody_where_two_fit_or_none(full, short):
    assert found(document("a", *full), document("b", short)) == set()


def test_initials_choose_among_those_of_one_surname():
    assert found(document("a", ELIAS, HARRIET), document("b", "H. Vale")) == {
        ("b", "H. Vale", HARRIET, "initials, other documents")
    }


def test_a_document_that_says_the_full_name_needs_no_other():
    assert found(document("a", ELIAS), document("b", "Captain Vale", ELIAS)) == set()


def test_initials_are_not_a_womans_where_a_captain_of_her_name_is_spoken_of():
    assert found(document("a", EDITH), document("b", "E. Vale", "Captain Vale")) == set()


def test_what_is_known_as_no_person_is_no_candidate():
    assert found(document("a", ELIAS, kind="name"), document("b", "Captain Vale")) == set()


@pytest.mark.parametrize(("shared", "count"), [("Port Cray", 1), ("Riga", 0)])
def test_in_a_large_corpus_a_title_and_a_surname_need_a_document_that_speaks_of_the_same_things(shared, count):
    others = [document(f"x{at}", f"Ship {at}") for at in range(100)]

    assert len(found(document("a", ELIAS, "Port Cray"), document("b", "Captain Vale", shared), *others)) == count
