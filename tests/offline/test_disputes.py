import pytest

from graphrag_engine.offline.descriptions import Said
from graphrag_engine.offline.disputes import Dated, disputed


def claim(text, start, document, predicate="founded in", end=None):
    return Dated(predicate, start, end or start, document, Said(document, text))


EARLY = claim("The yard was founded in 1840.", "1840", "a")
LATE = claim("The yard was founded in 1845 by Isaac Pell.", "1845", "b")


def test_each_date_is_told_where_documents_give_different_ones():
    again = claim("In 1840 the yard was founded.", "1840", "c")

    assert [said.text for said in disputed([LATE, again, EARLY])] == [EARLY.said.text, LATE.said.text]


@pytest.mark.parametrize(
    "other",
    [
        claim("The yard was founded on 3 May 1840.", "1840-05-03", "b"),
        claim("The yard was founded in the 1840s.", "1840", "b", end="1849"),
        claim("The yard was founded in 1845.", "1845", "a"),
        claim("The yard was sold in 1845.", "1845", "b", "sold in"),
        claim("The yard founded a school in 1845.", "1845", "b"),
        claim("The yard was built in 1845.", "1845", "b", "built in"),
    ],
)
def test_nothing_is_told_where_they_agree_or_speak_of_something_else(other):
    assert disputed([EARLY, other]) == []


@pytest.mark.parametrize(
    ("text", "predicate"),
    [
        ("The Gannet, built in 1870, sank.", "built in"),
        ("The yard opened in 1870.", "opened in"),
        ("The Gannet sank off Riga in 1870.", "sank off"),
    ],
)
def test_what_happened_to_a_thing_is_seen_by_its_words(text, predicate):
    other = claim("It was built, it opened in 1860 and sank; it was built in 1860.", "1860", "b", predicate)

    assert len(disputed([claim(text, "1870", "a", predicate), other])) == 2


def test_a_flood_of_dates_is_cut():
    claims = [claim(f"The yard was founded in {year}.", str(year), str(year)) for year in range(1800, 1850)]

    assert len(disputed(claims)) == 4
