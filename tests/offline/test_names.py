import unicodedata

import pytest

from graphrag_engine.offline.lexicon import Lexicon
from graphrag_engine.offline.names import spans
from graphrag_engine.offline.words import normalise

LEXICON = Lexicon({"Local": False, "Vale": True, "Board": False, "Gallery": False})


def names(text, kind="name", lexicon=LEXICON):
    return [span.name for span in spans(text, 0, len(text), lexicon) if span.kind == kind]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("They met Elias Vale in Port Cray.", ["Elias Vale", "Port Cray"]),
        ("Local people met Vale.", ["Vale"]),
        ("In Port Cray the Local Board met.", ["Port Cray", "Local Board"]),
        ("the University of North Wend and the Mayor of Riga", ["University of North Wend", "Riga"]),
        ("the Treaty on European Union", ["Treaty on European Union"]),
        ("Josiah Thackwray's Lorne House and the Women's Cup", ["Josiah Thackwray", "Lorne House", "Women's Cup"]),
        (
            "Ludwig van Beethoven, Vale & Sons, Lorne Line, Inc.",
            ["Ludwig van Beethoven", "Vale & Sons", "Lorne Line, Inc."],
        ),
        ("the 1908 Summer Olympics and the 9th Infantry Regiment", ["1908 Summer Olympics", "9th Infantry Regiment"]),
        ("then US President Bill Clinton spoke", ["US", "Bill Clinton"]),
        ("a London-based firm in U.S. waters", ["London", "U.S."]),
        ("the steamer Steamship Northern Grace and Warehouse 4", ["Northern Grace", "Warehouse 4"]),
        ("on Monday the boat came in May", []),
        ("DREADFUL LOSS OF THE NORTHERN GRACE", []),
        ("Name Born Party Office Term Start End Notes Source", []),
        (
            'They met Elias "Zipp" Vale and Ronald ("Ron") Owen Laird.',
            ['Elias "Zipp" Vale', 'Ronald ("Ron") Owen Laird'],
        ),
        ("the Oslo Wild of the Wend Hockey League", ["Oslo Wild", "Wend Hockey League"]),
        ("the Wend Act of 1973 and the Panic of 1893", ["Wend Act of 1973", "Panic of 1893"]),
        ("to join CARICOM in the US", ["CARICOM", "US"]),
        ("in Washington, D.C. and Riga", ["Washington, D.C.", "Riga"]),
        ("a cast of Anna Hart Peter Vale Maria Lenz Otto Dahl", ["Anna Hart", "Peter Vale", "Maria Lenz", "Otto Dahl"]),
        ("Harb0ur Cornpany by Cray P0int", []),
        ("Regional history fills it.", []),
        ("Call Elias Vale about the roof", ["Elias Vale"]),
        ("Riga Central School & Oslo North School", ["Riga Central School", "Oslo North School"]),
        ("a Soviet-held Riga", ["Riga"]),
        ("They saw J. R. Hart and O'Brien near St. Anne.", ["J. R. Hart", "O'Brien", "St. Anne"]),
        (
            "in the city of \u041c\u043e\u0441\u043a\u0432\u0430 and \u0391\u03b8\u03ae\u03bd\u03b1",
            ["\u041c\u043e\u0441\u043a\u0432\u0430", "\u0391\u03b8\u03ae\u03bd\u03b1"],
        ),
    ],
)
def test_names_are_found_whole_and_alone(text, expected):
    assert names(text) == expected


@pytest.mark.parametrize(
    ("text", "kind", "expected"),
    [
        ("on 14 November 1902 and in May 1903, 1904", "date", ["14 November 1902", "May 1903", "1904"]),
        ("on April 4, 1902 Vale left", "date", ["April 4, 1902"]),
        ("for \u00a312,000 or $2.4 million or 50 pounds", "money", ["\u00a312,000", "$2.4 million", "50 pounds"]),
        ("1,040 tons and 96 feet", "quantity", ["1,040 tons", "96 feet"]),
        ('She sang the song "Bailar pegados" there.', "work", ["Bailar pegados"]),
        ("It was built in AD 69.", "date", ["AD 69"]),
        ("Elias Vale (1846\u20131911) left.", "date", ["1846", "1911"]),
        ('She read "The Wreck of the Grace" aloud.', "work", ["The Wreck of the Grace"]),
        ('"Yes," he said. "We are late."', "work", []),
        ('They had the motto "In God We Trust" there.', "concept", ["In God We Trust"]),
        ('There was Ada "Orrie" Pell.', "work", []),
        ('It is known as "Roaring Creek" there.', "work", []),
        ('It is sent under the name "The Roar" there.', "work", []),
    ],
)
def test_dates_sums_and_titles_are_found(text, kind, expected):
    assert names(text, kind) == expected


def test_two_encodings_of_one_name_are_one_entity():
    text = "They met Jos\u00e9 Pe\u00f1a there."
    composed, decomposed = (names(unicodedata.normalize(form, text)) for form in ("NFC", "NFD"))

    assert normalise(composed[0]) == normalise(decomposed[0]) == "jos\u00e9 pe\u00f1a"
