from collections.abc import Sequence
from typing import Any

import pytest
from graph_tables import fingerprints, made, tables

from graphrag_engine.hashing import digest
from graphrag_engine.offline.subjects import Subject
from graphrag_engine.overrides import NONE
from graphrag_engine.stages import merge
from graphrag_engine.stages.base import Tables
from graphrag_engine.stages.refine import STAGE

Row = dict[str, Any]


def mention(text_unit: str, name: str, kind: str = "person", description: str = "") -> Row:
    return {"text_unit_id": text_unit, "name": name, "type": kind, "description": description}


def tie(text_unit: str, source: str, target: str, sentence: str, kind: str = "met") -> Row:
    return {"text_unit_id": text_unit, "source": source, "target": target, "type": kind, "description": sentence}


def given(
    mentions: list[Row],
    ties: Sequence[Row] = (),
    resolutions: Sequence[Row] = (),
    claims: Sequence[Row] = (),
) -> Tables:
    units = sorted({row["text_unit_id"] for row in mentions})
    found = tables(
        text_units=[{"id": unit, "document_id": unit} for unit in units],
        entity_mentions=mentions,
        relationship_mentions=list(ties),
        claim_mentions=list(claims),
        resolutions=list(resolutions),
    )
    return {**found, **merge.STAGE.run(found, NONE)}


def described(found: Tables) -> dict[str, Row]:
    return {row["id"]: row for row in made(STAGE, found, None)["descriptions"].to_pylist()}


def prepared(found: Tables, among: set[str] | None) -> list[Subject]:
    return [each for subjects in STAGE.prepare(found, among) for each in subjects.objects()]


def person(name: str) -> str:
    return digest("entity", name, "person")


def test_a_definition_describes_an_entity_and_tells_where_it_stands():
    found = described(given([mention("u", "Ann", description="Ann is a pilot of the old harbour.")]))

    assert found == {
        person("ann"): {
            "id": person("ann"),
            "kind": "entity",
            "text": "Ann is a pilot of the old harbour.",
            "n_sources": 1,
            "text_unit_ids": ["u"],
        }
    }


def test_definitions_that_disagree_are_all_kept_and_those_that_agree_are_not():
    said = {
        "u": "Ann is a pilot of the old harbour.",
        "v": "Ann is a pilot of the old harbour, too.",
        "w": "Ann was the owner of three coal ships.",
    }

    (found,) = described(given([mention(unit, "Ann", description=text) for unit, text in said.items()])).values()

    assert said["w"] in found["text"]
    assert found["text"].count("pilot") == 1
    assert (found["n_sources"], len(found["text_unit_ids"])) == (3, 2)


@pytest.mark.parametrize(
    ("other", "kept"),
    [
        ("Ann is a pilot of the 12 old ships of Wend.", 2),
        ("Ann is a pilot of the 9 old ships of Cray.", 2),
        ("Ann is a pilot of the 9 fine old ships of Wend.", 1),
        ("Ann is a pilot of the 9 old ships.", 1),
    ],
)
def test_definitions_that_differ_in_a_name_or_a_figure_alone_are_both_kept(other: str, kept: int):
    said = {"u": "Ann is a pilot of the 9 old ships of Wend.", "v": other}

    (found,) = described(given([mention(unit, "Ann", description=text) for unit, text in said.items()])).values()

    assert len(found["text_unit_ids"]) == kept


def test_sentences_on_whose_dates_documents_disagree_follow_the_description():
    texts = {
        "u": "The Rosa was built in 1870.",
        "v": "The Rosa was built in 1875 in Riga.",
        "w": "The Rosa is a barque.",
    }
    claims = [
        {"text_unit_id": unit, "subject": "Rosa", "type": "built in", "start_date": text[22:26], "quote": text}
        for unit, text in texts.items()
        if unit != "w"
    ]
    mentions = [mention(unit, "Rosa", "work", text if unit == "w" else "") for unit, text in texts.items()]

    (found,) = described(given(mentions, claims=claims)).values()

    assert (found["text"], found["text_unit_ids"]) == (" ".join(texts[unit] for unit in "wuv"), ["w", "u", "v"])
    assert found["n_sources"] == 3


def test_without_a_definition_the_best_sentence_that_names_a_repeated_thing_describes_it():
    ties = [
        tie("u", "Ann", "Ben", "Then Ann met Ben."),
        tie("v", "Ann", "Cem", "Ann sailed the barque Rosa to Riga with old Cem."),
    ]
    mentions = [mention("u", "Ann"), mention("v", "Ann"), mention("u", "Ben"), mention("v", "Cem")]

    found = described(given(mentions, ties))

    assert found[person("ann")]["text"] == "Ann sailed the barque Rosa to Riga with old Cem."
    assert found[person("ann")]["n_sources"] == 2
    assert person("ben") not in found


def test_a_definition_goes_before_any_other_sentence():
    mentions = [mention("u", "Ann", description="Ann is a pilot."), mention("v", "Ann"), mention("v", "Cem")]

    found = described(given(mentions, [tie("v", "Ann", "Cem", "Ann sailed the barque Rosa to Riga with old Cem.")]))

    assert found[person("ann")]["text"] == "Ann is a pilot."


@pytest.mark.parametrize("kind", ["date", "money", "quantity", "concept"])
def test_values_and_concepts_are_not_described(kind: str):
    mentions = [mention("u", "Ann"), mention("u", "1902", kind), mention("v", "1902", kind)]

    assert described(given(mentions, [tie("u", "Ann", "1902", "Ann came in 1902.", "came in")])) == {}


def test_a_relationship_is_described_by_its_best_sentence():
    ties = [
        tie("u", "Ann", "Ben", "and met Ben"),
        tie("v", "Ann", "Ben", "Ann met Ben on the quay of Wendmouth in the winter."),
        tie("v", "Ann", "Ben", "Ann and Ben", "mentioned with"),
    ]

    found = described(given([mention("u", "Ann"), mention("v", "Ben")], ties))

    expected = {"text": "Ann met Ben on the quay of Wendmouth in the winter.", "n_sources": 2, "text_unit_ids": ["v"]}
    assert [{name: row[name] for name in expected} for row in found.values() if row["kind"] == "relationship"] == [
        expected
    ]


def test_standing_together_has_no_description():
    assert (
        described(given([mention("u", "Ann"), mention("u", "Ben")], [tie("u", "Ann", "Ben", "", "mentioned with")]))
        == {}
    )


def test_an_alias_speaks_for_the_one_it_stands_for_in_its_document():
    resolutions = [{"left": "Hale", "right": "Elias Hale", "document_id": "u"}]
    mentions = [mention("u", "Hale", description="Hale is a pilot."), mention("u", "Elias Hale"), mention("v", "Hale")]

    found = described(given(mentions, resolutions=resolutions))

    assert list(found) == [person("elias hale")]


def test_a_fingerprint_changes_with_the_sentences_and_with_nothing_else():
    first = [mention("u", "Ann", description="Ann is a pilot."), mention("v", "Ben", description="Ben is a smith.")]
    moved = [row | {"start": 40, "end": 43} for row in first]
    edited = [first[0] | {"description": "Ann is a judge."}, first[1]]

    before, same, after = (fingerprints(STAGE, given(rows), None) for rows in (first, moved, edited))

    assert before == same
    assert {name for name in before if before[name] != after[name]} == {person("ann")}


def test_a_sentence_said_twice_in_a_text_unit_counts_once():
    once = [mention("u", "Ann", description="Ann is a pilot."), mention("v", "Ann", description="Ann is a judge.")]
    twice = [once[0], once[0] | {"start": 40, "end": 43}, once[1]]

    before, again = (given(rows) for rows in (once, twice))

    assert fingerprints(STAGE, before, None) == fingerprints(STAGE, again, None)
    assert described(before) == described(again)


def test_only_what_is_asked_for_is_made():
    found = given(
        [mention("u", "Ann", description="Ann is a pilot."), mention("u", "Ben", description="Ben is a smith.")]
    )

    assert made(STAGE, found, None, only=[person("ben")])["descriptions"]["text"].to_pylist() == ["Ben is a smith."]


def test_each_row_is_the_same_whether_it_is_asked_for_alone_or_with_all_others():
    mentions = [
        mention("u", "Hale", "name"),
        mention("u", "Elias Hale"),
        mention("v", "Hale", "place", "Hale is a port."),
        *(mention(unit, "Hale", "place") for unit in ("v", "w")),
        *(mention(unit, "Ada Moss") for unit in ("u", "w")),
    ]
    ties = [
        tie("u", "Hale", "Ada Moss", "Hale met Ada Moss in the old harbour."),
        tie("w", "E. Hale", "Ada Moss", "E. Hale met Ada Moss at the mill again."),
        tie("w", "ada moss", "nobody", "Then ada moss spoke to nobody of the mill."),
    ]
    resolutions = [
        {"left": "Hale", "right": "Elias Hale", "document_id": "u"},
        {"left": "E. Hale", "right": "Elias Hale", "document_id": None},
    ]
    found = given(mentions, ties, resolutions)
    whole = prepared(found, None)

    assert len({each.id for each in whole}) == 4
    for each in whole:
        assert prepared(found, {each.id}) == [each]
    assert prepared(found, set()) == []


def test_without_mentions_there_is_nothing_to_describe():
    assert described(given([])) == {}
