import dataclasses

import pytest

from graphrag_engine.offline.reports import Fact, Material, Place, Quote, plain, rate, write

FIRST, SECOND, THIRD = Place("u", 0, 20), Place("u", 21, 40), Place("v", 0, 15)
MATERIAL = Material(
    names=["Ann Vale", "Riga"],
    types=["person", "place", "date", "date", "name"],
    dates=["May 1902", "about 1887", "12 tons"],
    ties=3,
    passages=2,
    documents=1,
    quotes=[
        Quote(FIRST, "Ann sailed to Riga.", "Log"),
        Quote(SECOND, "She came back.", "Log"),
        Quote(THIRD, "All well.", "News"),
    ],
    best=[THIRD, FIRST, SECOND],
    facts=[Fact(FIRST, "Ann Vale - sailed to - Riga", "Ann sailed to Riga."), Fact(Place("w", 5, 9), "x", "y")],
)


PROFILE = (
    "5 entities (2 dates, 1 person, 1 place, 1 other name) with 3 relationships, "
    "from 2 passages of 1 document; years 1887 to 1902."
)


def test_a_report_reads_from_title_to_facts_with_a_number_behind_each_sentence():
    text = write(MATERIAL)["full_content"]

    assert text.splitlines()[::2] == [
        "# Ann Vale · Riga",
        "*Extractive report: its sentences and facts are taken from the sources as they stand; no model wrote it.*",
        PROFILE,
        "## What the sources say",
        "**Log:** Ann sailed to Riga. [1] She came back. [2]",
        "**News:** All well. [3]",
        "## Facts",
        "- Ann Vale - sailed to - Riga [1]",
    ]
    assert text.endswith("- x [4]")


def test_numbers_lead_to_places_and_the_same_place_has_one_number():
    assert [(each["n"], each["text_unit_id"], each["start"], each["end"]) for each in write(MATERIAL)["citations"]] == [
        (1, "u", 0, 20),
        (2, "u", 21, 40),
        (3, "v", 0, 15),
        (4, "w", 5, 9),
    ]


def test_the_summary_is_the_two_best_sentences_in_the_order_of_the_documents():
    assert write(MATERIAL)["summary"] == "Ann sailed to Riga. [1] All well. [3]"


def test_findings_are_the_sentences_then_the_facts():
    findings = write(MATERIAL)["findings"]

    assert [(each["summary"], each["citations"]) for each in findings] == [
        ("Ann sailed to Riga.", [1]),
        ("She came back.", [2]),
        ("All well.", [3]),
        ("Ann Vale - sailed to - Riga", [1]),
        ("x", [4]),
    ]
    assert findings[0]["explanation"] == "From 'Log'."


def test_without_sentences_the_profile_is_the_summary():
    row = write(dataclasses.replace(MATERIAL, quotes=[], best=[], facts=[], dates=["1902"]))

    assert row["summary"].startswith("5 entities")
    assert row["summary"].endswith("; year 1902.")
    assert "##" not in row["full_content"]


@pytest.mark.parametrize(("ties", "documents", "rating"), [(0, 1, 1.0), (1, 1, 2.0), (7, 3, 5.0), (10_000, 500, 10.0)])
def test_the_rating_grows_with_relationships_and_documents_up_to_ten(ties: int, documents: int, rating: float):
    found, why = rate(ties, documents)

    assert found == rating
    assert why.startswith(f"{rating:g} of 10: ")


def test_emphasis_and_line_breaks_are_not_shown():
    assert plain("*The **Mercury**\n  says `so`.*") == "The Mercury says so."
