from hypothesis import given
from hypothesis import strategies as st

from graphrag_engine.offline.lexicon import Lexicon, count, from_rows


def lexicon(**documents):
    return count((name, [text]) for name, text in documents.items()).lexicon()


def test_a_pair_behind_the_article_is_no_person():
    found = lexicon(a="Then the Ada Pell sank. We saw the Ada Pell. He met Elias Vale, and Elias Vale left.")

    assert found.articled == {"Ada Pell"}
    assert found.pairs == {"Ada Pell", "Elias Vale"}


def test_a_link_joins_where_it_is_as_frequent_as_the_words_it_links():
    found = lexicon(
        a="The Wend and Baltic line. Our Wend and Baltic shares. They like Vale and Hart, Vale, Hart, Vale, Hart."
    )

    assert found.links == {"Wend and Baltic"}


def test_a_phrase_is_a_concept_from_its_second_document():
    one, two = "They fought for civil rights and public education.", "The civil rights movement."

    assert lexicon(a=one).phrases == frozenset()
    assert lexicon(a=one, b=two).phrases == {"civil rights"}


def test_a_part_of_the_lexicon_holds_what_the_text_uses_and_no_more():
    whole = lexicon(a="We met Elias Vale and saw Hart. We met Elias Vale.", b="Later Orrin came, and then Orrin left.")

    part = whole.of("Elias Vale was late.", "a")

    assert set(part.names) == {"Elias", "Vale"}
    assert part.pairs == {"Elias Vale"}


WORDS = st.sampled_from("Vale Elias the of and Bank local Local rights civil . , Hart's \"Hart (Hart) É é".split())


@given(st.lists(WORDS, max_size=30), st.lists(WORDS, max_size=30))
def test_a_lexicon_survives_its_table(one, two):
    whole = lexicon(a=" ".join(one), b=" ".join(two))
    rows = whole.rows()

    assert from_rows([text for _, text, _ in rows], [decision for *_, decision in rows]) == whole
    assert rows == sorted(set(rows))


@given(st.lists(WORDS, max_size=30), st.lists(WORDS, max_size=30))
def test_a_part_of_a_part_is_the_part(one, two):
    text = " ".join(one)
    part = lexicon(a=text, b=" ".join(two)).of(text, "a")

    assert part.of(text, "a") == part
    assert isinstance(part, Lexicon)
