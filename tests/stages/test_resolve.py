import pytest
from stages.offline_tables import corpus, extracted

from graphrag_engine.offline import evident
from graphrag_engine.overrides import NONE
from graphrag_engine.stages import merge


@pytest.fixture(autouse=True, params=[0, 1 << 18], ids=["many names", "few names"])
def names_are_held_as_columns_or_as_objects(request, monkeypatch):
    monkeypatch.setattr(evident, "_MANY", request.param)


def said(texts, verdict):
    found = extracted(corpus(texts))["resolutions"].to_pylist()
    return {(row["document_id"], row["left"], row["right"], row["cause"]) for row in found if row["verdict"] == verdict}


def same(texts):
    return said(texts, "same")


def test_titles_initials_and_surname_of_one_document_lead_to_the_full_name():
    text = "Elias Vale was born in Salt Ness. Captain Vale wrote a diary. E. Vale signed it, and Vale died in 1921."

    assert same({"Diary": text}) == {
        ("Diary", "Captain Vale", "Elias Vale", "title and surname"),
        ("Diary", "E. Vale", "Elias Vale", "initials"),
        ("Diary", "Vale", "Elias Vale", "surname"),
    }


def test_a_surname_that_two_people_share_is_left_alone():
    text = "Elias Vale met Harriet Vale in Port Cray. Then Vale left."

    assert same({"Letters": text}) == set()


def test_an_acronym_in_brackets_stands_for_what_is_written_before():
    text = "The Salt Ness Pilots Association (SNPA) met in 1891. The SNPA had nine members."

    assert same({"Pilots": text}) == {("Pilots", "SNPA", "Salt Ness Pilots Association", "acronym")}


def test_names_that_differ_in_a_compass_word_or_a_number_stay_apart():
    text = "North Quay lies by South Quay. Warehouse 4 burned, Warehouse 5 did not. New Harbour replaced Old Harbour."

    assert same({"Quays": text}) == set()
    assert said({"Quays": text}, "different") == {
        (None, "North Quay", "South Quay", "compass"),
        (None, "Warehouse 4", "Warehouse 5", "number"),
        (None, "New Harbour", "Old Harbour", "new or old"),
    }


def test_a_title_before_a_whole_name_changes_nothing_whichever_document_has_the_plain_name():
    texts = {"a": "They met Captain Elias Vale.", "b": "They met Elias Vale in Riga."}

    assert same(texts) == {(None, "Captain Elias Vale", "Elias Vale", "title")}


def test_a_short_form_leads_through_the_titled_name_to_the_plain_one_of_another_document():
    texts = {"a": "They met Captain Elias Vale. Captain Vale left.", "b": "They met Elias Vale in Riga."}
    entities = merge.STAGE.run(extracted(corpus(texts)), NONE)["entities"].to_pylist()
    (vale,) = [row for row in entities if "Vale" in row["name"]]

    assert {vale["name"], *vale["aliases"]} == {"Captain Elias Vale", "Captain Vale", "Elias Vale"}


def test_captain_vale_e_vale_and_elias_vale_of_one_document_are_one_entity_with_its_aliases():
    text = "Elias Vale was born in Salt Ness. Captain Vale wrote a diary. E. Vale signed it, and Vale died in 1921."
    entities = merge.STAGE.run(extracted(corpus({"Diary": text})), NONE)["entities"].to_pylist()
    (vale,) = [row for row in entities if "Vale" in row["name"]]

    assert (vale["name"], vale["aliases"]) == ("Elias Vale", ["Captain Vale", "E. Vale", "Vale"])


def test_short_names_of_a_document_that_never_says_the_full_one_lead_to_it_with_less_confidence():
    texts = {
        "a": "Elias Vale was a pilot. He sailed to Riga.",
        "b": "Captain Vale left Port Cray, and Vale came back.",
        "c": "The log was signed by E. Vale in Riga.",
    }
    tables = extracted(corpus(texts))
    found = {(row["left"], row["cause"]): row["confidence"] for row in tables["resolutions"].to_pylist()}
    entities = merge.STAGE.run(tables, NONE)["entities"].to_pylist()

    assert found == {
        ("Captain Vale", "title and surname, other documents"): 0.6,
        ("E. Vale", "initials, other documents"): 0.7,
        ("Vale", "surname"): 0.85,
    }
    assert [(row["name"], row["aliases"]) for row in entities if "Vale" in row["name"]] == [
        ("Elias Vale", ["Captain Vale", "E. Vale", "Vale"])
    ]


def test_namesakes_of_different_types_are_told_apart():
    texts = {
        "a": "The barque Ada Pell sank off Riga. The crew left the Ada Pell. The Ada Pell was a ship of Wend.",
        "b": "Mrs Ada Pell was born in 1850. Ada Pell, who was a teacher, wrote to Riga. She said that Ada Pell knew.",
    }
    found = [row for row in extracted(corpus(texts))["resolutions"].to_pylist() if row["cause"] == "homonym"]

    assert [(row["left"], row["right"], row["verdict"], row["document_id"]) for row in found] == [
        ("Ada Pell", "Ada Pell", "different", None)
    ]
    assert {found[0]["left_type"], found[0]["right_type"]} == {"person", "work"}


def test_an_alias_holds_in_its_own_document_alone():
    texts = {"a": "Elias Vale was late. Vale left.", "b": "Later Vale came back to Port Cray."}

    assert {document for document, *_ in same(texts)} == {"a"}
