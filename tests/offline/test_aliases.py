import pytest

from graphrag_engine.offline.aliases import Named, aliases, titled


def found(*names, common=(), beside=()):
    named = [Named(name, kind, at) for at, (name, kind) in enumerate(names)]
    return {(alias.left, alias.right, alias.cause) for alias in aliases(named, common, beside)}


ELIAS, VALE = ("Elias Vale", "person"), ("Vale", "name")


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        ((ELIAS, VALE), {("Vale", "Elias Vale", "surname")}),
        ((VALE, ELIAS), set()),
        ((ELIAS, ("Harriet Vale", "person"), VALE), set()),
        ((ELIAS, ("Mrs Vale", "person")), set()),
        ((ELIAS, ("Captain Elias Vale", "person")), {("Captain Elias Vale", "Elias Vale", "title")}),
        ((ELIAS, ("Elias", "person")), {("Elias", "Elias Vale", "given name")}),
        ((("John Francis Hart", "person"), ("John Hart", "person")), {("John Hart", "John Francis Hart", "initials")}),
        (
            (("Vale Shipping Ltd", "organisation"), ("Vale Shipping", "organisation")),
            {("Vale Shipping", "Vale Shipping Ltd", "legal form")},
        ),
        (
            (("Wend Harbour Board", "organisation"), ("Board", "organisation")),
            {("Board", "Wend Harbour Board", "general word")},
        ),
        (
            (('Johannes "Hans" Vale', "person"), ("Hans Vale", "person")),
            {("Hans Vale", 'Johannes "Hans" Vale', "initials")},
        ),
        ((("United States", "place"), ("US", "place")), {("US", "United States", "known abbreviation")}),
        ((("Mrs. Horace Hart", "person"), ("Horace", "person")), set()),
        ((("Devon Falls", "place"), ("Devon", "place")), set()),
        ((("Edith Vale", "person"), ("Captain E. Vale", "person")), set()),
        ((("Edith Vale", "person"), ("Captain Vale", "person"), ("E. Vale", "person")), set()),
        ((("Edith Vale", "person"), ("E. Vale", "person")), {("E. Vale", "Edith Vale", "initials")}),
        ((("Queen of the Wend", "name"), ("Wend", "name")), set()),
        ((("Peter London", "person"), ("London", "place")), set()),
        ((("North Quay", "place"), ("South Quay", "place")), set()),
    ],
)
def test_a_short_name_stands_for_the_one_fuller_name_before_it(names, expected):
    assert found(*names) == expected


def test_a_name_that_other_documents_use_by_itself_is_left_alone():
    assert found(ELIAS, VALE, common={"Vale"}) == set()


def test_an_acronym_needs_its_expansion_beside_it():
    names = [("Harbour Pilots' Association", "organisation"), ("HPA", "organisation"), ("WBC", "organisation")]
    beside = [("Harbour Pilots' Association", "HPA"), ("Harbour Pilots' Association", "WBC")]

    assert found(*names) == set()
    assert found(*names, beside=beside) == {("HPA", "Harbour Pilots' Association", "acronym")}


def test_a_title_before_a_whole_name_is_no_other_person_but_may_be_a_wife():
    people = ["Captain Elias Vale", "Elias Vale", "Mrs Elias Vale", "Captain E. Vale", "E. Vale", "Dr Otto Lenz"]

    assert titled(people) == [("Captain Elias Vale", "Elias Vale")]
