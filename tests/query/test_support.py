"""Whether citations say what is claimed: words, numbers, names; other scripts and languages."""

import pytest

from graphrag_engine.query.support import Evidence, best, checked, noted, supports

TEXT = (
    "The Tern is a collier of 1,200 tons. Ada Cross commanded her from 1901. She sank off Gull Point in March 1903. "
    "Six men drowned. The wind was high."
)
QUOTES = "Ada Cross commanded her from 1901. She sank off Gull Point in March 1903. Six men drowned."
SHOWN = Evidence(QUOTES, "Tern > History", TEXT)


@pytest.mark.parametrize(
    ("claim", "held"),
    [
        ("Ada Cross commanded the Tern from 1901.", True),
        ("The Tern sank off Gull Point in 1903.", True),
        ("6 men drowned.", True),
        ("The Tern sank off Gull Point in 1904.", False),
        ("Tom Cross commanded the Tern from 1901.", False),
        ("Seven men drowned.", False),
        ("Wizards painted the hull purple.", False),
        ("She sank.", True),
    ],
)
def test_words_numbers_and_names_have_to_be_found(claim, held):
    assert supports(SHOWN, claim) is held


@pytest.mark.parametrize(
    ("claim", "held"),
    [
        ("\u041e\u043d\u0430 \u043a\u043e\u043c\u0430\u043d\u0434\u0438\u0440 \u0432 1901.", True),
        ("\u0421\u0443\u0434\u043d\u043e \u0437\u0430\u0442\u043e\u043d\u0443\u043b\u043e \u0432 1904.", False),
        ("\uc5d0\uc774\ub2e4 Cross\uac00 1901\ub144\uc5d0 \uc9c0\ud718\ud588\ub2e4.", True),
        ("\uc5d0\uc774\ub2e4 Jones\uac00 1901\ub144\uc5d0 \uc9c0\ud718\ud588\ub2e4.", False),
        ("Die Tern sank im M\u00e4rz 1903, und es gab nur noch den Wind.", True),
        ("Le navire a coul\u00e9 en 1904 et il y a eu six morts.", False),
    ],
)
def test_of_another_script_or_language_numbers_and_names_count_alone(claim, held):
    assert supports(SHOWN, claim) is held


def test_a_claim_rests_on_the_sentences_that_hold_its_words():
    def quoted(claim):
        return [TEXT[slice(*span)] for span in best(TEXT, (0, len(TEXT)), claim)]

    assert quoted("Ada Cross commanded the ship") == ["Ada Cross commanded her from 1901."]
    assert quoted("The Tern sank; six men drowned.") == [
        "The Tern is a collier of 1,200 tons.",
        "Six men drowned.",
    ]
    assert quoted("purple wizards") == ["The Tern is a collier of 1,200 tons."]
    assert quoted("\u0421\u0443\u0434\u043d\u043e \u0437\u0430\u0442\u043e\u043d\u0443\u043b\u043e.") == [TEXT]


def test_a_sentence_without_marks_rests_on_what_its_paragraph_cites():
    text = "Ada Cross commanded the Tern. She sank off Gull Point [1].\n\nSix men drowned off Gull Point."

    wrong, grounded = checked(text, lambda _: SHOWN)

    assert [text[slice(*span)] for span in wrong] == ["Six men drowned off Gull Point."]
    assert grounded


def test_marks_behind_a_sentence_are_its_own():
    quotes = {1: SHOWN, 2: Evidence("The wind was high.", "", TEXT)}
    text = "Six men drowned.[2] The wind was high. [1]"

    wrong, _ = checked(text, lambda numbers: quotes[next(iter(numbers))])

    assert noted(text, wrong) == "Six men drowned.[2] [not supported] The wind was high. [1] [not supported]"


@pytest.mark.parametrize(
    "text",
    [
        "# What the sources tell of the Tern",
        "Who commanded the Tern from London?",
        "These three did:",
        "The sources do not mention a London yard.",
        "Yes.",
        "",
    ],
)
def test_what_claims_nothing_is_not_noted(text):
    assert checked(text, lambda _: SHOWN) == ([], False)
