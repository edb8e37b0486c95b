import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graphrag_engine.offline.extractor import Unit, extract
from graphrag_engine.offline.lexicon import Lexicon, count

TEXT = (
    "Salt Ness is a port in the north of Wendshire. It was founded by Ada Hart in 1796. The port lies near Riga.\n\n"
    "She married Lars Dahl in 1801. He left Salt Ness."
)


def kinds(text, **unit):
    return {mention.name: mention.type for mention in extract(Unit(text, **unit), Lexicon()).entities}


def ties(text, **unit):
    return {(tie.source, tie.type, tie.target) for tie in extract(Unit(text, **unit), Lexicon()).relationships}


def test_pronouns_and_the_defining_noun_stand_for_their_subject():
    assert ties(TEXT, title="Salt Ness") >= {
        ("Salt Ness", "founded by", "Ada Hart"),
        ("Salt Ness", "lies near", "Riga"),
    }


def test_an_entity_is_described_by_the_sentence_that_defines_it():
    mentions = extract(Unit(TEXT, "Salt Ness"), Lexicon()).entities

    described = [mention.description for mention in mentions if mention.description]
    assert described == ["Salt Ness is a port in the north of Wendshire."]


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("Koman, Albania", {"Koman", "Albania"}),
        ("Dave Orrin (announcer)", {"Dave Orrin"}),
        ("The Tug Ada Pell", {"Ada Pell"}),
        ("Memo: Offer for South Quay", {"South Quay"}),
        ("From the journal of Captain Vale, 9 November 1902", {"Captain Vale"}),
        ("notes.md", set()),
        ("MINUTES OF THE BOARD", set()),
    ],
)
def test_a_title_gives_the_names_it_holds(title, expected):
    found = kinds("Of it we read in the South Quay papers and of the late Captain Vale.", title=title)

    assert found.keys() - {"South Quay", "Captain Vale"} == expected - {"South Quay", "Captain Vale"}


def test_headings_that_are_names_are_linked_to_the_topic():
    assert ("Salt Ness", "mentioned with", "North Quay") in ties(
        "It is deep.", title="Salt Ness", heading="Salt Ness > North Quay"
    )


def test_where_capitals_say_nothing_only_concepts_and_known_names_are_taken():
    chat = "Lol ok see you. and then civil rights again. Wow ok. vale said free trade no civil rights " * 8
    lexicon = count([("chat", [chat.lower()])]).lexicon().of(chat, "chat")

    found = extract(Unit(chat), lexicon)

    assert {mention.name for mention in found.entities} == {"civil rights", "free trade"}
    assert {tie.type for tie in found.relationships} == {"mentioned with"}


def test_years_of_a_chronology_are_no_entities_but_date_its_claims():
    text = "Ada Hart left in 1790. Ada Hart died in 1795. It was 1791, 1792, 1793 and 1794."
    found = extract(Unit(text), Lexicon())

    assert "date" not in {mention.type for mention in found.entities}
    assert [claim.start_date for claim in found.claims] == ["1790", "1795"]


@pytest.mark.parametrize(
    "unit",
    [
        *("Vale ", "Vale and Hart and ", "Bank of ", "A", "a", '"Vale ', "(Vale ", "Vale) ", "Vale's ", "Va\u200ble "),
        *("\u05e9\u05dc\u05d5\u05dd ", "Vale-", "Vale, ", "Vale met Hart in Riga, ", "`` Vale ", "1902 ", "$5 ", "J. "),
        *("the Board ", unicodedata.normalize("NFD", "Jos\u00e9 ")),
    ],
)
def test_hostile_text_takes_linear_time_and_stays_grounded(unit):
    text = (unit * 100_000)[:100_000]
    found = extract(Unit(text, "Vale", "Vale"), Lexicon())

    assert all(" ".join(text[one.start : one.end].split()) == one.name for one in found.entities if one.grounded)


PIECES = st.sampled_from(
    (
        "Vale Elias Hart Riga the of and in (born ) , . \" ' he She was born met who Board 's 1902 3 May - \n\n \u200b "
        "\u00c9mile said that not"
    ).split(" ")
)


@given(st.lists(PIECES, max_size=40), st.booleans())
def test_every_span_is_its_slice_and_every_tie_has_its_ends(pieces, opens):
    text = " ".join(pieces)
    found = extract(Unit(text, "Elias Vale", "Elias Vale > Riga", opens), Lexicon())
    names = {mention.name for mention in found.entities}

    assert all(" ".join(text[one.start : one.end].split()) == one.name for one in found.entities if one.grounded)
    assert all(text[claim.start : claim.end] == claim.quote for claim in found.claims)
    assert all({tie.source, tie.target} <= names and tie.description in text for tie in found.relationships)
    assert len(set(found.relationships)) == len(found.relationships)


def test_a_name_over_a_line_break_is_one_line_in_its_raw_place():
    text = (
        "After some years in the north the agent of the Stroud\nCarrying Company left the harbour and met old Elias\n"
        "Vale, who had lived in the town of Riga until the 3\nMay 1902 and was paid."
    )
    found = extract(Unit(text, "Stroud Carrying\nCompany"), Lexicon())
    names = {(one.name, text[one.start : one.end]) for one in found.entities if one.grounded}

    assert ("Stroud Carrying Company", "Stroud\nCarrying Company") in names
    assert {("Elias Vale", "Elias\nVale"), ("3 May 1902", "3\nMay 1902")} <= names
    said = [name for tie in found.relationships for name in (tie.source, tie.target)]
    assert not any("\n" in name for name in said + [claim.subject for claim in found.claims])


@pytest.mark.parametrize(
    ("title", "text", "expected"),
    [
        ("Orrin (novel)", "It was printed in Riga.", "work"),
        ("Orrin", "The quiet place is a village in the north.", "place"),
        ("Orrin", "They met there.", "name"),
        ("Orrin", "Orrin has long been ruled by a council, and its present head is Ada Pell who is a clerk.", "name"),
        ("Orrin", "They met Ada Pell (also known as Orrin) there.", "person"),
        ("Orrin", "The film shows Orrin (Ada Pell) there.", "person"),
    ],
)
def test_title_and_first_sentence_tell_what_a_document_is_about(title, text, expected):
    found = extract(Unit(text, title, opens=True), Lexicon())

    assert {one.type for one in found.entities if one.name == "Orrin"} == {expected}


def test_letters_in_brackets_are_of_the_kind_of_what_they_stand_for():
    found = extract(Unit("He became a Doctor of Civil Law (DCL) there."), Lexicon())

    assert {one.name: one.type for one in found.entities} == {"Doctor of Civil Law": "concept", "DCL": "concept"}
