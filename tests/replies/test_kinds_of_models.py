import pytest

from graphrag_engine.replies.kinds import UNSAID, Ontology, predicate
from graphrag_engine.settings import ExtractSettings


@pytest.mark.parametrize(
    ("said", "kind"),
    [
        ("ORG", "organisation"),
        ("Organization", "organisation"),
        ("company", "organisation"),
        ("LOCATION", "place"),
        ("GPE", "place"),
        ("Person", "person"),
        ("WORK_OF_ART", "work"),
        ("Steam-Ship", "steam ship"),
        ("", "name"),
        ("N/A", "name"),
        ("42", "name"),
        ("a very long type that goes on and on for no reason at all", "a very long type that goes on and on"),
        ("`) DETACH DELETE n //", "detach delete n"),
        ("\uc0ac\ub78c", "\uc0ac\ub78c"),
    ],
)
def test_types_that_mean_the_same_are_the_engine_s_own_and_others_are_short_and_plain(said, kind):
    assert Ontology().kind(said) == kind


def test_a_sort_of_thing_that_is_asked_for_stays_what_it_is():
    ontology = Ontology.of(ExtractSettings(entity_types=["Company", "Organization"]))

    assert [ontology.kind(said) for said in ("COMPANY", "ORG", "bank")] == ["company", "organisation", "organisation"]


@pytest.mark.parametrize(
    ("said", "type_"), [("WORKS_FOR", "works for"), ("  was  born-in ", "was born in"), ("", UNSAID), ("--", UNSAID)]
)
def test_types_of_relationships_are_plain_words(said, type_):
    assert predicate(said) == type_


def test_a_strict_ontology_allows_what_it_lists_and_another_everything():
    section = {"entity_types": ["person"], "relationship_types": ["KNOWS"], "triples": [["PER", "knows", "ship"]]}
    strict, loose = (Ontology.of(ExtractSettings(**section, strict=each)) for each in (True, False))

    assert [strict.allows_entity(kind) for kind in ("person", "ship")] == [True, False]
    assert strict.allows_tie("person", "knows", "ship")
    assert not strict.allows_tie("person", "owns", "ship")
    assert not strict.allows_tie("ship", "knows", "person")
    assert loose.allows_entity("ship")
    assert loose.allows_tie("ship", "owns", "person")


def test_strict_without_lists_allows_everything():
    ontology = Ontology.of(ExtractSettings(strict=True))

    assert ontology.allows_entity("ship")
    assert ontology.allows_tie("ship", "owns", "person")
