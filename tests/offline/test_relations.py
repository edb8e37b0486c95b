import pytest

from graphrag_engine.offline.claims import claims
from graphrag_engine.offline.lexicon import Lexicon
from graphrag_engine.offline.names import Span, spans
from graphrag_engine.offline.relations import Subject, ties

TOPIC = Subject(Span(-1, -1, "name", "Salt Ness"), True)


def read(text, subject=None):
    return ties(text, 0, len(text), spans(text, 0, len(text), Lexicon()), subject)


def told(text, subject=None):
    return [(tie.source.name, tie.predicate, tie.target.name) for tie in read(text, subject)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The Lorne Line bought the yard from Josiah Pell.", [("Lorne Line", "bought yard from", "Josiah Pell")]),
        ("Ada Hart was born in Riga.", [("Ada Hart", "born in", "Riga")]),
        (
            "Wend Museum was opened in Riga and in Oslo.",
            [("Wend Museum", "opened in", "Riga"), ("Wend Museum", "opened in", "Oslo")],
        ),
        (
            "In 1902 the Lorne Line bought Wend House.",
            [("Lorne Line", "bought", "Wend House"), ("Lorne Line", "bought in", "1902")],
        ),
        ("In 1902 the Lorne Line was sold.", [("Lorne Line", "sold in", "1902")]),
        ("It lies near Riga.", [("Salt Ness", "lies near", "Riga")]),
        (
            "They met Lars Dahl, who owned the Lorne Line.",
            [("Salt Ness", "met", "Lars Dahl"), ("Lars Dahl", "owned", "Lorne Line")],
        ),
        (
            "The Wend Pilots (WP) met Lars Dahl.",
            [("Wend Pilots", "also known as", "WP"), ("Wend Pilots", "met", "Lars Dahl")],
        ),
        (
            "Lars Dahl (born 3 May 1846) left Riga.",
            [("Lars Dahl", "born", "3 May 1846"), ("Lars Dahl", "left", "Riga")],
        ),
        ("Riga's mayor Lars Dahl resigned.", [("Riga", "has mayor", "Lars Dahl")]),
        ("Lars Dahl of Arendal", [("Lars Dahl", "of", "Arendal")]),
        ("Captain Vale, Miss Lindahl and one fireman lived.", []),
        ("Marlow, Velde and Lenz lived.", []),
        ("The council in Marlow, Wendshire", [("Marlow", "located in", "Wendshire")]),
        ("According to Lenz, Ines Marlow left Riga.", [("Ines Marlow", "left", "Riga")]),
        ("The Courier said that a lamp was left alight; Marlow never accepted this.", []),
        (
            "The Hollis Yard built the Kestrel in 1903 and the Plover in 1907.",
            [
                ("Hollis Yard", "built", "Kestrel"),
                ("Hollis Yard", "built in", "1903"),
                ("Hollis Yard", "built", "Plover"),
                ("Hollis Yard", "built in", "1907"),
            ],
        ),
        ("Lars Dahl is a Swedish painter.", [("Lars Dahl", "is", "Swedish")]),
        ("Wend Hours is a Swedish film.", []),
        (
            "They swam at the 1908 Wend Games in Riga.",
            [("Salt Ness", "swam at", "1908 Wend Games"), ("1908 Wend Games", "in", "Riga")],
        ),
        (
            "Lars Dahl moved to Riga, the capital of Wendshire.",
            [("Lars Dahl", "moved to", "Riga"), ("Riga", "is capital of", "Wendshire")],
        ),
        ("After the loss of the Kestrel, Lars Dahl left Riga.", [("Lars Dahl", "left", "Riga")]),
        ("On 3 May 1911 the works burned down.", [("Salt Ness", "burned down on", "3 May 1911")]),
        (
            "Lars Dahl left Riga, and Otto Lenz met Ada Pell.",
            [("Lars Dahl", "left", "Riga"), ("Otto Lenz", "met", "Ada Pell")],
        ),
        ("Lars Dahl was paid \u00a365.", [("Lars Dahl", "was paid", "\u00a365")]),
        (
            "Lars Dahl (1846\u20131911) left Riga.",
            [("Lars Dahl", "born", "1846"), ("Lars Dahl", "died", "1911"), ("Lars Dahl", "left", "Riga")],
        ),
        ("Wend Freight (Riga) left.", [("Wend Freight", "of", "Riga")]),
        ("Captain Elias Vale and the second mate, Mr Owen Farrant, slept.", []),
        ("Lars Dahl was asleep when Elias Vale left Riga.", [("Elias Vale", "left", "Riga")]),
        ("South Quay is on the left with Wend House.", [("South Quay", "is on left with", "Wend House")]),
        ("J. Pike (secretary), H. Garth and W. Bellman", []),
        ("Present: E. Vale (chairman), J. Pike (secretary), H. Garth.", []),
    ],
)
def test_a_sentence_is_read_from_left_to_right(text, expected):
    assert told(text, TOPIC) == expected


def test_a_row_of_names_ties_nothing():
    assert told("Riga " + " ".join(f"Vale{letter} met" for letter in "abcdefghijklmnopqrstuvwxyz")) == []


def claimed(text, subject=None):
    return [
        (claim.subject, claim.type, claim.object, claim.status, claim.start_date)
        for claim in claims(text, 0, len(text), read(text, subject))
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "The Lorne Line was sold to Wend Freight in 1961.",
            [("Lorne Line", "was sold to", "Wend Freight", "TRUE", "1961")],
        ),
        ("Elias Vale did not leave Riga.", [("Elias Vale", "not leave", "Riga", "FALSE", None)]),
        (
            "Elias Vale reportedly refused to leave Riga.",
            [("Elias Vale", "refused to leave", "Riga", "SUSPECTED", None)],
        ),
        ("It is not true that Elias Vale left Riga.", [("Elias Vale", "not left", "Riga", "FALSE", None)]),
        ("It is true that Elias Vale left Riga.", [("Elias Vale", "left", "Riga", "TRUE", None)]),
        ("Nobody believes that Elias Vale left Riga.", [("Elias Vale", "not left", "Riga", "FALSE", None)]),
        ("Elias Vale allegedly left Riga.", [("Elias Vale", "left", "Riga", "SUSPECTED", None)]),
        ("Peg Hart said that Elias Vale left Riga.", [("Elias Vale", "left", "Riga", "SUSPECTED", None)]),
        ("Wend Freight may buy Wend House.", [("Wend Freight", "buy", "Wend House", "SUSPECTED", None)]),
        ("Elias Vale (born 3 May 1846) left Riga.", [("Elias Vale", "left", "Riga", "TRUE", None)]),
        ("In May 1902 Elias Vale left Riga.", [("Elias Vale", "left", "Riga", "TRUE", "1902-05")]),
        ("Did Elias Vale leave Riga?", []),
        ("The pilots would not board a Stroud vessel.", []),
        ("The efforts of Elias Vale were directed to Wend House.", []),
        ("Elias Vale admired British ships.", []),
    ],
)
def test_a_claim_has_a_plain_subject_a_status_and_a_date_of_its_own_clause(text, expected):
    assert claimed(text, TOPIC._replace(clear=False)) == expected


def test_quote_and_place_of_a_claim_are_its_sentence():
    text = "Elias Vale left Riga."
    (claim,) = claims(text, 0, len(text), read(text))

    assert (claim.quote, text[claim.start : claim.end]) == (text, text)
