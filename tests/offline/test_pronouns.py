import pytest

from graphrag_engine.offline.extractor import Unit, extract
from graphrag_engine.offline.lexicon import Lexicon


def died(text, title="", **unit):
    ties = extract(Unit(text, title, **unit), Lexicon()).relationships
    return [tie.source for tie in ties if tie.type.startswith("died")]


@pytest.mark.parametrize(
    ("text", "title", "expected"),
    [
        ("Robert Hart married Ada Pell in 1861. She died in 1889.", "Robert Hart", ["Ada Pell"]),
        ("Robert Hart married Ada Pell in 1861. He died in 1889.", "Robert Hart", ["Robert Hart"]),
        ("Robert Hart and his wife Ada Pell lived in Riga. She died in 1889.", "", ["Ada Pell"]),
        ("Orrin Hart met Ada Pell in Riga. She died in 1889.", "Orrin Hart", ["Orrin Hart"]),
        ("Orrin Hart met Ada Pell. In 1889 he died in Riga.", "Orrin Hart", ["Orrin Hart", "Orrin Hart"]),
    ],
)
def test_a_pronoun_stands_for_the_last_subject_or_for_who_goes_by_it(text, title, expected):
    assert died(text, title) == expected


def test_a_document_about_a_film_has_no_he():
    text = "Orrin is a film by Elias Vale. He died in 1889."

    assert died(text, "Orrin", opens=True) == ["Elias Vale"]
