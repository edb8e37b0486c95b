from typing import Any

import pyarrow as pa
import pytest
from graph_tables import tables, well_formed

from graphrag_engine.hashing import digest, digests
from graphrag_engine.overrides import NONE
from graphrag_engine.stages import merge
from graphrag_engine.stages.merge import STAGE


def unit(name: str, document: str = "d") -> dict[str, Any]:
    return {"id": name, "document_id": document}


def mention(text_unit: str, name: str, kind: str = "name") -> dict[str, Any]:
    return {"text_unit_id": text_unit, "name": name, "type": kind}


def tie(text_unit: str, source: str, target: str, kind: str = "met", strength: float = 4.0) -> dict[str, Any]:
    return {"text_unit_id": text_unit, "source": source, "target": target, "type": kind, "strength": strength}


def claim(text_unit: str, subject: str, target: str | None, quote: str = "q") -> dict[str, Any]:
    return {"text_unit_id": text_unit, "subject": subject, "object": target, "type": "met", "quote": quote}


def same(
    left: str, right: str, document: str | None = None, verdict: str = "same", confidence: float = 1.0
) -> dict[str, Any]:
    return {"left": left, "right": right, "document_id": document, "verdict": verdict, "confidence": confidence}


def merged(**rows: Any) -> dict[str, list[dict[str, Any]]]:
    found = STAGE.run(tables(**rows), NONE)
    for name, each in found.items():
        assert well_formed(name, each), name
    return {name: each.to_pylist() for name, each in found.items()}


def names(rows: list[dict[str, Any]]) -> list[str]:
    return sorted(row["name"] for row in rows)


def test_spellings_of_one_name_are_one_entity():
    mentions = [
        mention("u", "Apple Inc."),
        mention("v", "Apple Inc"),
        mention("v", "Apple Inc"),
        mention("w", "The  Apple\nInc"),
    ]

    (entity,) = merged(text_units=[unit("u"), unit("v"), unit("w")], entity_mentions=mentions)["entities"]

    assert (entity["name"], entity["aliases"]) == ("Apple Inc", ["Apple Inc.", "The Apple Inc"])
    assert (entity["frequency"], entity["text_unit_ids"]) == (4, ["u", "v", "w"])


def test_rows_are_hashed_some_at_a_time_and_nothing_differs(monkeypatch: pytest.MonkeyPatch):
    """As objects all would take six times the memory of the table."""
    given = {
        "text_units": [unit("u")],
        "entity_mentions": [mention("u", name) for name in "ABCDE"],
        "relationship_mentions": [tie("u", "A", name) for name in "BCDE"],
        "claim_mentions": [claim("u", name, None) for name in "ABCDE"],
    }
    whole, counted = merged(**given), []
    monkeypatch.setattr(merge, "_BLOCK", 2)
    monkeypatch.setattr(merge, "digests", lambda *of: counted.append(len(of[1])) or digests(*of))

    assert merged(**given) == whole
    assert counted == [2, 2, 2, 2, 1]


def test_an_id_is_made_from_the_smallest_normalised_name_and_the_type():
    mentions = [mention("u", "Zoe Ash", "person"), mention("u", "Ash, Zoe", "person")]

    (entity,) = merged(text_units=[unit("u")], entity_mentions=mentions, resolutions=[same("Zoe Ash", "Ash, Zoe")])[
        "entities"
    ]

    assert entity["id"] == digest("entity", "ash zoe", "person")


def test_an_alias_of_one_document_counts_there_and_nowhere_else():
    mentions = [mention("u", "Hale"), mention("u", "Elias Hale"), mention("v", "Hale")]
    units = [unit("u", "d1"), unit("v", "d2")]

    found = merged(text_units=units, entity_mentions=mentions, resolutions=[same("Hale", "Elias Hale", "d1")])[
        "entities"
    ]

    by_name = {row["name"]: row for row in found}
    assert by_name["Elias Hale"]["aliases"] == ["Hale"]
    assert by_name["Elias Hale"]["id"] == digest("entity", "elias hale", "name")
    assert by_name["Hale"]["text_unit_ids"] == ["v"]


def test_a_frequent_alias_does_not_take_the_name_from_the_full_one():
    mentions = [mention("u", "Elias Hale"), *[mention("u", "Hale")] * 5]

    (entity,) = merged(text_units=[unit("u")], entity_mentions=mentions, resolutions=[same("Hale", "Elias Hale", "d")])[
        "entities"
    ]

    assert entity["name"] == "Elias Hale"


def test_an_alias_of_an_alias_is_followed_to_the_end():
    mentions = [mention("u", "E. H."), mention("u", "Hale"), mention("u", "Elias Hale")]
    resolutions = [
        same("E. H.", "Hale", "d"),
        same("Hale", "Elias Hale", "d"),
        same("Elias Hale", "E. H.", "d", confidence=0.1),
    ]

    found = merged(text_units=[unit("u")], entity_mentions=mentions, resolutions=resolutions)["entities"]

    assert names(found) == ["Elias Hale"]


def test_names_joined_everywhere_are_joined_through_each_other():
    mentions = [mention(f"u{at}", name) for at, name in enumerate(("WHO", "World Health Org", "W Health O"))]
    resolutions = [same("WHO", "World Health Org"), same("W Health O", "WHO")]

    found = merged(
        text_units=[unit(f"u{at}", f"d{at}") for at in range(3)], entity_mentions=mentions, resolutions=resolutions
    )["entities"]

    assert len(found) == 1


def test_names_said_to_be_different_are_not_joined_through_a_third():
    mentions = [mention("u", name) for name in ("Ann", "Anna", "Anne")]
    resolutions = [same("Ann", "Anna"), same("Anna", "Anne", confidence=0.5), same("Ann", "Anne", None, "different")]

    found = merged(text_units=[unit("u")], entity_mentions=mentions, resolutions=resolutions)["entities"]

    assert [(row["name"], row["aliases"]) for row in found if row["aliases"]] == [("Anna", ["Ann"])]
    assert len(found) == 2


@pytest.mark.parametrize("where", [None, "d"])
def test_a_different_verdict_blocks_an_alias(where: str | None):
    mentions = [mention("u", "Ann"), mention("u", "Anna")]
    resolutions = [same("Ann", "Anna", "d"), same("Ann", "Anna", where, "different")]

    found = merged(text_units=[unit("u")], entity_mentions=mentions, resolutions=resolutions)["entities"]

    assert names(found) == ["Ann", "Anna"]


def test_an_untyped_mention_takes_the_type_of_its_document_and_else_that_of_the_corpus():
    mentions = [mention("u", "Riga", "place"), mention("u", "Riga"), mention("v", "Riga")]

    (entity,) = merged(text_units=[unit("u", "d1"), unit("v", "d2")], entity_mentions=mentions)["entities"]

    assert (entity["type"], entity["frequency"]) == ("place", 3)


def mercury(planet: int, person: int) -> list[dict[str, Any]]:
    return [mention("u", "Mercury", "place")] * planet + [mention("v", "Mercury", "person")] * person


def test_homonyms_with_evidence_on_both_sides_stay_apart():
    units = [unit("u", "d1"), unit("v", "d2"), unit("w", "d3")]
    mentions = [*mercury(5, 4), mention("v", "Mercury"), mention("w", "Mercury")]

    found = merged(text_units=units, entity_mentions=mentions, relationship_mentions=[tie("v", "Mercury", "Mercury")])

    assert {(row["type"], tuple(row["text_unit_ids"])) for row in found["entities"]} == {
        ("place", ("u", "w")),
        ("person", ("v",)),
    }


@pytest.mark.parametrize("stray", [1, 2])
def test_a_stray_type_does_not_split_an_entity(stray: int):
    (entity,) = merged(text_units=[unit("u", "d1"), unit("v", "d2")], entity_mentions=mercury(5, stray))["entities"]

    assert (entity["type"], entity["frequency"]) == ("place", 5 + stray)


def test_a_weak_minority_does_not_split_a_famous_name():
    (entity,) = merged(text_units=[unit("u", "d1"), unit("v", "d2")], entity_mentions=mercury(100, 4))["entities"]

    assert entity["type"] == "place"


@pytest.mark.parametrize(("one", "foreign"), [("place", "organisation"), ("vessel", "alloy")])
def test_what_a_name_means_does_not_hang_on_the_types_of_other_names(one: str, foreign: str):
    units = [unit("u", "d1"), unit("v", "d2")]
    even = [*[mention("u", "Mercury", one)] * 2, *[mention("v", "Mercury", "person")] * 2]

    alone, beside = (
        merged(text_units=units, entity_mentions=[*even, *more])["entities"]
        for more in ([], [mention("u", "Moss & Sons", foreign)])
    )

    assert alone[0] in beside


def test_near_types_are_one_entity_of_the_commoner_type():
    mentions = [mention("u", "Riga", "place")] * 5 + [mention("v", "Riga", "organisation")] * 4

    (entity,) = merged(text_units=[unit("u", "d1"), unit("v", "d2")], entity_mentions=mentions)["entities"]

    assert (entity["type"], entity["frequency"]) == ("place", 9)


def test_a_name_is_in_capitals_only_where_it_is_never_written_otherwise():
    mentions = [mention("u", "THE LORNE LINE")] * 3 + [mention("u", "Lorne Line"), mention("u", "HPA")]

    found = merged(text_units=[unit("u")], entity_mentions=mentions)["entities"]

    assert names(found) == ["HPA", "Lorne Line"]


def test_both_directions_of_a_stated_tie_stay_two_rows_and_their_strengths_add_up():
    mentions = [mention("u", "A"), mention("u", "B"), mention("v", "A"), mention("v", "B")]
    ties = [tie("u", "A", "B"), tie("v", "A", "B", strength=2.0), tie("u", "B", "A")]

    found = merged(text_units=[unit("u"), unit("v")], entity_mentions=mentions, relationship_mentions=ties)

    assert sorted((row["weight"], row["text_unit_ids"]) for row in found["relationships"]) == [
        (4.0, ["u"]),
        (6.0, ["u", "v"]),
    ]
    assert [row["degree"] for row in found["entities"]] == [1, 1]


def test_ids_of_relationships_are_made_from_both_ends_and_the_type():
    mentions = [mention("u", "A"), mention("u", "B")]

    (row,) = merged(text_units=[unit("u")], entity_mentions=mentions, relationship_mentions=[tie("u", "B", "A")])[
        "relationships"
    ]

    assert row["id"] == digest("relationship", digest("entity", "b", "name"), digest("entity", "a", "name"), "met")


def test_standing_together_has_no_direction_and_weighs_more_where_it_is_no_chance():
    units = [unit(f"u{at}", f"d{at}") for at in range(8)]
    mentions = [mention(f"u{at}", "Hub") for at in range(8)] + [
        mention("u0", "A"),
        mention("u1", "B"),
        mention("u1", "C"),
    ]
    ties = [
        tie("u0", "Hub", "A", "mentioned with"),
        tie("u0", "A", "Hub", "mentioned with"),
        tie("u1", "B", "C", "mentioned with"),
    ]

    found = merged(text_units=units, entity_mentions=mentions, relationship_mentions=ties)

    name = {row["id"]: row["name"] for row in found["entities"]}
    weight = {
        frozenset((name[row["source_id"]], name[row["target_id"]])): row["weight"] for row in found["relationships"]
    }
    assert weight == {frozenset(("Hub", "A")): 0.5, frozenset(("B", "C")): 1.0}
    assert all(row["source_id"] < row["target_id"] for row in found["relationships"])


def test_a_tie_of_a_name_with_its_own_alias_is_dropped():
    mentions = [mention("u", "Hale"), mention("u", "Elias Hale")]

    found = merged(
        text_units=[unit("u")],
        entity_mentions=mentions,
        relationship_mentions=[tie("u", "Hale", "Elias Hale")],
        resolutions=[same("Hale", "Elias Hale", "d")],
    )

    assert found["relationships"] == []


def test_an_end_that_only_other_documents_mention_is_found_and_one_that_none_does_is_dropped():
    mentions = [mention("u", "A"), mention("v", "Riga", "place")]
    ties = [tie("u", "A", "Riga"), tie("u", "A", "Nowhere")]

    found = merged(text_units=[unit("u", "d1"), unit("v", "d2")], entity_mentions=mentions, relationship_mentions=ties)

    assert [row["target_id"] for row in found["relationships"]] == [digest("entity", "riga", "place")]


def test_claims_keep_their_mention_and_the_same_claim_is_kept_once():
    claims = [
        claim("u", "A", "B"),
        claim("u", "A", "B"),
        claim("u", "A", None),
        claim("u", "A", "Nowhere"),
        claim("u", "?", "B"),
    ]

    found = merged(
        text_units=[unit("u")], entity_mentions=[mention("u", "A"), mention("u", "B")], claim_mentions=claims
    )["claims"]

    a, b = digest("entity", "a", "name"), digest("entity", "b", "name")
    assert sorted((row["subject_id"], row["object_id"] or "", row["object"] or "") for row in found) == [
        (a, "", ""),
        (a, "", "Nowhere"),
        (a, b, "B"),
    ]


def test_without_mentions_all_tables_are_empty():
    assert merged() == {"entities": [], "relationships": [], "claims": []}


def test_the_order_of_rows_changes_nothing():
    given = dict(
        tables(
            text_units=[unit("u", "d1"), unit("v", "d2")],
            entity_mentions=[*mercury(4, 4), mention("u", "Hale"), mention("u", "Elias Hale"), mention("v", "hale")],
            relationship_mentions=[tie("u", "Hale", "Mercury"), tie("v", "Mercury", "hale", "mentioned with")],
            resolutions=[same("Hale", "Elias Hale", "d1"), same("Hale", "hale")],
        )
    )
    turned = {name: each.take(pa.array(range(len(each))[::-1], pa.int64())) for name, each in given.items()}

    first, second = STAGE.run(given, NONE), STAGE.run(turned, NONE)

    assert all(first[name].equals(second[name]) for name in STAGE.writes)


def test_a_claim_of_the_last_version_keeps_its_id_and_one_that_only_looks_like_it_does_not():
    claims = [claim("u", "A", "B"), claim("u", "A", None), claim("u", "A", "B", "odd\x1e"), claim("u", "A", "C")]
    given = tables(
        text_units=[unit("u")], entity_mentions=[mention("u", "A"), mention("u", "B")], claim_mentions=claims
    )
    last = [*claims[:2], {**claim("u", "A", "B\x1emet", ""), "type": "odd"}, claim("u", "A", "", "")]
    kept = pa.Table.from_pylist([{"id": str(at), **row} for at, row in enumerate(last)], given["claims"].schema)

    alone, after = (
        STAGE.run({**given, **more}, NONE)["claims"]["id"].to_pylist() for more in ({}, {"last.claims": kept})
    )

    assert sorted(after) == sorted(["0", "1", *(id_ for id_ in alone if id_ not in used(claims[:2]))])


def used(claims: list[dict[str, Any]]) -> set[str]:
    columns = ("text_unit_id", "subject", "object", "type", "quote")
    return {digest("claim", *(row[name] for name in columns)) for row in claims}
