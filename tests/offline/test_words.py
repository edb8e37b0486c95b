import re
import unicodedata

import pyarrow as pa
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from graphrag_engine.offline.words import normalise, pieces, split, terms


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("ships", "ship"),
        ("The Sinking", "the sinks"),
        ("sank", "sink"),
        ("SUNK", "sinking"),
        ("bought", "buys"),
        ("women", "woman"),
        ("café", "CAFE"),
        ("harbour's", "harbour"),
        ("O\u2019Neill", "O'Neill"),
        ("zero\u200bwidth", "zerowidth"),
        (unicodedata.normalize("NFD", "Lübeck"), unicodedata.normalize("NFC", "Lübeck")),
    ],
)
def test_words_that_mean_the_same_to_search_have_one_term(one, other):
    assert terms(one) == terms(other)


ODD = "aB1_\u017f '\u2019=<\n\x00\x1f\u200b\u0301\u0338\u0307İé港항が\u3099ㅎ\u11a8\u037e\u212a\u201d\u00a0\u0085\u2028"


@given(st.lists(st.lists(st.sampled_from(ODD) | st.characters(exclude_categories=["Cs"]), max_size=12).map("".join)))
def test_the_words_of_a_text_are_those_of_its_pieces(texts):
    cut = pieces(pa.array(["", *texts], pa.large_string()).slice(1)).to_pylist()

    assert [[word for piece in each for word in split(piece)] for each in cut] == [split(text) for text in texts]


@pytest.mark.parametrize(
    ("one", "other"), [("found", "founded"), ("north", "south"), ("1902", "1903"), ("left", "right")]
)
def test_words_that_differ_have_terms_that_differ(one, other):
    assert terms(one) != terms(other)


@pytest.mark.parametrize(
    ("text", "found"), [("서울은", ["서울", "울은"]), ("東京都", ["東京", "京都"]), ("가", ["가"])]
)
def test_scripts_without_spaces_give_character_bigrams(text, found):
    assert terms(text) == found


def test_repeats_and_order_are_kept():
    assert terms("Lamp, oil; lamp!") == ["lamp", "oil", "lamp"]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("The North-Quay", "north quay"),
        ("Apple Inc.", "Apple Inc"),
        ("U.S. Steel", "us steel"),
        ("Mr . Vale", "Mr Vale"),
        ("Vale\u2019s Yard", "Vale's Yard"),
        ("Northern\nFerry", "Northern Ferry"),
        ("\uff21\uff22\uff23", "ABC"),
        ("zero\u200bwidth", "zerowidth"),
        (unicodedata.normalize("NFD", "Vérancourt"), unicodedata.normalize("NFC", "Vérancourt")),
    ],
)
def test_names_that_are_one_have_one_form(one, other):
    assert normalise(one) == normalise(other)


@pytest.mark.parametrize(
    ("one", "other"), [("North Quay", "South Quay"), ("Number 4", "Number 5"), ("Vale", "Wale"), ("The", "")]
)
def test_names_that_are_two_have_two_forms(one, other):
    assert normalise(one) != normalise(other)


@given(st.text())
def test_the_form_of_a_form_is_itself_but_for_one_article(name):
    once = normalise(name)

    assert normalise(once) in (once, once.removeprefix("the "))


@given(st.text(max_size=60))
def test_any_text_has_terms_that_are_not_empty(text):
    assert all(terms(text))


@given(st.text(st.characters(max_codepoint=127), max_size=60))
def test_a_text_in_ascii_has_the_words_that_it_has_beside_other_letters(text):
    assert split(f"{text} \u00e9") == [*split(text), "\u00e9"]


@example("b'\u304b")
@example("abc\u00e9")
@given(st.text("abZ09_'\u2019 -.\u00e9\u00a3\u017f\u0663\ud55c\u65e5\u304b\u30ab", max_size=12))
def test_words_are_the_same_however_letters_of_ascii_and_others_are_mixed(text):
    ideographs = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af"
    plainly = rf"[{ideographs}]+|[^\W_{ideographs}]+(?:['\u2019][^\W\d_]+)*"

    assert split(f"{text} \u00e9") == re.findall(plainly, f"{text} \u00e9")
