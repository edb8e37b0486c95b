import json

import pytest

from graphrag_engine.replies.kinds import Ontology
from graphrag_engine.replies.mentions import Reading
from graphrag_engine.replies.quotes import Text

TEXT = "The Lorne Line bought the Northern Grace in 1899. Ida Lorne founded the Lorne Line. Lorne denied it."


def read(*replies, text=TEXT, about="Salt Ness > Firms", told=""):
    reading = Reading(text, about, Ontology(), Text(told))
    for reply in replies:
        reading.add(json.dumps(reply))
    return reading.mentions()


def entities(*names):
    return {"entities": [{"name": name, "type": "ORG", "description": f"{name}."} for name in names]}


def claim(**fields):
    made = {"subject": "Ida Lorne", "object": "", "type": "DENIED", "status": "TRUE", "description": "She did."}
    return {"entities": [{"name": "Ida Lorne"}], "claims": [made | fields]}


def places(found, name):
    return [(row.start, row.end) for row in found.entities if row.name == name]


def test_a_name_has_one_row_a_place_and_its_description_once():
    found = read(entities("Lorne Line"))

    assert places(found, "Lorne Line") == [(4, 14), (72, 82)]
    assert [row.description for row in found.entities] == ["Lorne Line.", ""]


def test_a_name_within_a_longer_one_is_not_counted_there():
    found = read(entities("Lorne", "Ida Lorne", "Lorne Line"))

    assert places(found, "Lorne") == [(84, 89)]


def test_a_name_that_stands_nowhere_but_within_a_longer_one_keeps_one_place():
    assert places(read(entities("Grace", "Northern Grace")), "Grace") == [(35, 40)]


def test_the_description_stands_with_the_first_place_that_no_longer_name_takes():
    found = read(entities("Ida Lorne", "Lorne"), text="Ida Lorne ran it. Lorne, they say, was Lorne to all.")

    assert [(row.start, row.description) for row in found.entities if row.name == "Lorne"] == [(18, "Lorne."), (39, "")]


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        (" A  firm.\n", "A firm."),
        ("A\u00a0firm\x00.", "A firm."),
        ("firm " * 400, ("firm " * 240).strip()),
        (5, ""),
    ],
)
def test_a_description_has_single_spaces_and_an_end(said, kept):
    found = read({"entities": [{"name": "Ida Lorne", "description": said}]})

    assert found.entities[0].description == kept


def test_a_name_of_title_or_heading_is_no_invention_and_not_counted():
    found = read(entities("Salt Ness", "Otto Brandt"))

    assert [(row.name, row.start, row.grounded) for row in found.entities] == [
        ("Otto Brandt", None, False),
        ("Salt Ness", None, False),
    ]
    assert found.counted == {"names": 1}


@pytest.mark.parametrize("name", [5, None, "", "...", "x" * 201, ["Lorne"], {"a": 1}, "\x00"])
def test_a_name_that_is_none_makes_a_bad_record(name):
    assert read({"entities": [{"name": name}]}).counted == {"bad": 1}


def test_ends_that_are_no_entities_are_read_where_the_text_writes_them_else_the_record_is_bad():
    ties = [("Ida Lorne", "Lorne Line"), ("Ida Lorne", "Otto Brandt"), ("Ida Lorne", "Ida Lorne"), (5, "Lorne Line")]
    rows = [{"source": source, "target": target, "type": "FOUNDED"} for source, target in ties]

    found = read({"relationships": rows})

    assert [(tie.source, tie.type, tie.target) for tie in found.relationships] == [
        ("Ida Lorne", "founded", "Lorne Line")
    ]
    assert {(row.name, row.type) for row in found.entities} == {("Ida Lorne", "name"), ("Lorne Line", "name")}
    assert found.counted == {"bad": 3}


def test_an_end_is_the_entity_it_nearly_names():
    tie = {"source": "ida  lorne", "target": "Northern Graces", "type": "saw"}

    found = read(entities("Ida Lorne", "Northern Graces"), {"relationships": [tie]})

    assert [(tie.source, tie.target) for tie in found.relationships] == [("Ida Lorne", "Northern Grace")]


def test_a_tie_said_twice_is_one_with_the_greater_strength():
    ties = [{"source": "Ida Lorne", "target": "Lorne Line", "type": "ran", "strength": n} for n in (3, 7, 2)]

    (tie,) = read({"relationships": ties[:2]}, {"relationships": ties[2:]}).relationships

    assert tie.strength == 7.0


@pytest.mark.parametrize(
    ("said", "strength"),
    [(7, 7), ("8", 8), (0, 1), (99, 10), (-1, 1), ("much", 5), (None, 5), ("nan", 5), (True, 1), (10**30, 10)],
)
def test_strength_is_a_number_from_1_to_10(said, strength):
    tie = {"source": "Ida Lorne", "target": "Lorne Line", "type": "ran", "strength": said}

    assert read({"relationships": [tie]}).relationships[0].strength == strength


def test_a_tie_to_a_name_that_is_not_written_is_worth_half():
    ties = [{"source": "Ida Lorne", "target": to, "type": "knew", "strength": 6} for to in ("Otto Brandt", "Salt Ness")]

    found = read(entities("Otto Brandt", "Salt Ness"), {"relationships": ties})

    assert [tie.strength for tie in found.relationships] == [3.0, 6.0]


@pytest.mark.parametrize(
    ("said", "date", "counted"),
    [
        ("1902", "1902", 0),
        (1902, "1902", 0),
        ("1902-05", "1902-05", 0),
        ("1902-05-31T00:00:00", "1902-05-31", 0),
        ("", None, 0),
        ("None", None, 0),
        ("May 1902", None, 1),
        ("1902-13", None, 1),
        ("1902-02-30", None, 1),
        ("0000", None, 1),
    ],
)
def test_dates_are_iso_or_dropped_and_counted(said, date, counted):
    found = read(claim(start_date=said, quote="Lorne denied it."))

    assert (found.claims[0].start_date, found.counted["dates"]) == (date, counted)


def test_an_end_before_the_beginning_is_dropped_and_counted():
    found = read(claim(start_date="1902-05", end_date="1901", quote="Lorne denied it."))

    assert (found.claims[0].start_date, found.claims[0].end_date, found.counted["dates"]) == ("1902-05", None, 1)


@pytest.mark.parametrize(
    ("said", "status"), [("TRUE", "TRUE"), ("false", "FALSE"), (True, "TRUE"), (None, "TRUE"), ("likely", "SUSPECTED")]
)
def test_a_status_that_cannot_be_told_is_doubt(said, status):
    assert read(claim(status=said)).claims[0].status == status


def test_a_quote_is_the_slice_of_the_text_and_one_that_is_not_there_is_kept_and_counted():
    (exact,) = read(claim(quote='"lorne  denied it."')).claims
    made_up = read(claim(quote="I never said that."))

    assert (exact.quote, exact.start, exact.grounded) == ("Lorne denied it.", 84, True)
    assert (made_up.claims[0].quote, made_up.claims[0].end, made_up.claims[0].grounded) == (
        "I never said that.",
        None,
        False,
    )
    assert made_up.counted == {"quotes": 1}


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("Lorne Line", "Lorne Line"),
        ("NONE", None),
        (None, None),
        (["x"], None),
        ("in 1899", "in 1899"),
        ("the moon", None),
    ],
)
def test_the_other_side_of_a_claim_is_an_entity_or_words_of_the_text(said, kept):
    assert read(entities("Lorne Line"), claim(object=said)).claims[0].object == kept


def test_a_reading_says_whether_a_reply_brought_anything_new():
    reading = Reading(TEXT, "", Ontology(), Text(""))

    said = [reading.add(json.dumps(each)) for each in (entities("Ida Lorne"), entities("IDA LORNE"), claim())]

    assert said == [True, False, True]
    assert reading.names == ["Ida Lorne"]


def test_a_model_that_runs_in_circles_is_stopped():
    found = read({"entities": [{"name": f"Vessel {n}"} for n in range(1000)]})

    assert len(found.entities) == 200
    assert found.counted == {"names": 200, "bad": 800}
