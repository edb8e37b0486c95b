import pytest

from graphrag_engine.replies.quotes import Text

TEXT = Text(
    "Salt Ness is a port.\n\nCaptain  Elias Vale, of the Lorne\nLine\u2019s fleet, sailed at 4\u20135 knots. "
    "ELIAS VALE sank in 1902; Valery did not. \u0130stanbul saw Vale."
)


def slices(places):
    return [TEXT.text[start:end] for start, end in places]


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("Elias Vale", ["Elias Vale"]),
        ("Vale", ["Vale", "Vale"]),
        ("elias vale", ["Elias Vale", "ELIAS VALE"]),
        ("ELIAS VALE", ["Elias Vale", "ELIAS VALE"]),
        ("Captain Elias Vale", ["Captain  Elias Vale"]),
        ("Lorne Line", ["Lorne\nLine"]),
        ("Lorne Line's fleet", ["Lorne\nLine\u2019s fleet"]),
        ("4-5 Knots", ["4\u20135 knots"]),
        ("salt  ness", ["Salt Ness"]),
        ("Captain Elias Valle", ["Captain  Elias Vale"]),
        ("istanbul", []),
        ("\u0130stanbul", ["\u0130stanbul"]),
        ("Val", []),
        ("Nes", []),
        ("Otto Brandt", []),
        ("", []),
    ],
)
def test_a_name_is_found_exactly_then_in_any_case_then_nearly_and_as_whole_words(name, found):
    assert slices(TEXT.names(name)) == found


@pytest.mark.parametrize(
    ("quote", "found"),
    [
        ("Elias Vale, of the Lorne Line's fleet", "Elias Vale, of the Lorne\nLine\u2019s fleet"),
        ("is a port. captain elias vale", "is a port.\n\nCaptain  Elias Vale"),
        (
            "Captain Elias Vale of the Lorne Line fleet sailed",
            "Captain  Elias Vale, of the Lorne\nLine\u2019s fleet, sailed",
        ),
        ("ELIAS VALE sank in 1903; Valery did not.", None),
        ("Elias Vale never went to sea again in his life.", None),
        ("x" * 5000, None),
    ],
)
def test_a_quote_is_found_with_small_faults_but_never_with_other_figures(quote, found):
    place = TEXT.quote(quote)

    assert (place and TEXT.text[slice(*place)]) == found


def test_names_of_scripts_without_spaces_need_not_end_where_a_word_does():
    text = Text("\uc11c\uc6b8\uc740 \ud06c\ub2e4. \u6771\u4eac\u90fd\u306f\u5927\u304d\u3044")

    assert text.names("\uc11c\uc6b8") == [(0, 2)]
    assert text.names("\u6771\u4eac\u90fd") == [(8, 11)]


def test_every_place_is_right_wherever_white_space_runs_on():
    text = Text("\n\n  a  b\t\tc \u00a0 d\n\n\ne  ")

    for words in ("A B", "b c", "C D", "d e", "A B C D E"):
        ((start, end),) = text.names(words)
        assert text.text[start:end].split() == words.lower().split()
