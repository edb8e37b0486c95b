"""Which sentence states a tie: one that names both ends, or none."""

import pytest

from graphrag_engine.query.stated import end, states, stating

TERN, PELL, CROSS = (
    end(["Tern", "Old Tern"], "work"),
    end(["Pell & Sons"], "organisation"),
    end(["Ada Cross"], "person"),
)


@pytest.mark.parametrize(
    ("heading", "text", "found"),
    [
        ("Ships", "The Tern was fast. The Tern was built by Pell & Sons.", "The Tern was built by Pell & Sons."),
        ("Ships", "The Old Tern, built by Pell & Sons, was fast.", "The Old Tern, built by Pell & Sons, was fast."),
        ("Ships", "The Tern was fast. She was built by Pell & Sons.", "She was built by Pell & Sons."),
        ("Tern, a Collier", "No rain fell. It was built by Pell & Sons.", "It was built by Pell & Sons."),
        ("Ships", "The lens of the Tern was new. It was built by Pell & Sons.", None),
        ("Tern Rock Lighthouse", "No rain fell. It was built by Pell & Sons.", None),
        ("Tern", "He built ships for Pell & Sons.", None),
        ("Ships", "The Tern was fast. The yard was built in 1868.", None),
        ("Ships", "The Tern met the owner of Pell & Sons.", None),
        ("Ships", "", None),
    ],
)
def test_a_tie_is_stated_by_a_sentence_with_both_ends_and_its_predicate(
    heading: str, text: str, found: str | None
) -> None:
    span = stating(text, heading, [TERN, PELL], "built by")

    assert (span and text[slice(*span)]) == found


def test_a_pronoun_stands_for_the_person_named_before() -> None:
    text = "Ada Cross was a master. She commanded the Tern. Tom left. He commanded the Tern."
    span = stating(text, "Ships", [CROSS, TERN], "commanded")

    assert span is not None
    assert text[slice(*span)] == "She commanded the Tern."


def test_a_last_name_is_enough_for_a_person_alone() -> None:
    assert stating("Cross commanded the Tern.", "", [CROSS, TERN], "commanded")
    assert not stating("Sons built the Tern.", "", [PELL, TERN], "built")


def test_a_last_name_inside_the_other_name_does_not_count() -> None:
    firm = end(["Cross Brothers"], "organisation")

    assert not stating("Cross Brothers built ships.", "", [firm, CROSS], "built")
    assert stating("Cross Brothers built ships for Cross.", "", [firm, CROSS], "built")


def test_half_of_a_predicate_must_be_there() -> None:
    assert not stating("The Tern was laid by Pell & Sons.", "", [TERN, PELL], "laid up in the iron dock of")
    assert stating("The Tern was laid up in a dock by Pell & Sons.", "", [TERN, PELL], "laid up in the iron dock of")


def test_what_a_tie_was_read_from_may_speak_of_the_topic_by_a_noun() -> None:
    text = "The yard was founded by Ada Cross."

    assert states(text, (0, len(text)), "Pell & Sons, Shipbuilders", [PELL, CROSS], own=True)
    assert not states(text, (0, len(text)), "Pell & Sons, Shipbuilders", [PELL, CROSS], own=False)
    assert not states(text, (0, len(text)), "Shipbuilders", [PELL, CROSS], own=True)
