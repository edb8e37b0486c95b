from stages.offline_tables import corpus, extracted

from graphrag_engine.stages import merge


def same(texts):
    found = extracted(corpus(texts))["resolutions"].to_pylist()
    return {(row["document_id"], row["left"], row["right"], row["cause"]) for row in found}


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


def test_a_title_before_a_whole_name_changes_nothing_whichever_document_has_the_plain_name():
    texts = {"a": "They met Captain Elias Vale.", "b": "They met Elias Vale in Riga."}

    titled = ("Captain Elias Vale", "Elias Vale", "title")
    assert same(texts) == {(None, *titled), ("a", *titled)}


def test_a_short_form_leads_through_the_titled_name_to_the_plain_one_of_another_document():
    texts = {"a": "They met Captain Elias Vale. Captain Vale left.", "b": "They met Elias Vale in Riga."}
    entities = merge.STAGE.run(extracted(corpus(texts)), None)["entities"].to_pylist()
    (vale,) = [row for row in entities if "Vale" in row["name"]]

    assert {vale["name"], *vale["aliases"]} == {"Captain Elias Vale", "Captain Vale", "Elias Vale"}


def test_an_alias_holds_in_its_own_document_alone():
    texts = {"a": "Elias Vale was late. Vale left.", "b": "Later Vale came back to Port Cray."}

    assert {document for document, *_ in same(texts)} == {"a"}
