import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from graphrag_engine import costs
from graphrag_engine.costs import Price, context_tokens, price, price_unknown
from graphrag_engine.settings import ChatSettings, EmbeddingsSettings


def test_a_known_model_has_the_price_of_the_table():
    assert price("gpt-4o-mini", ChatSettings()) == Price(0.15, 0.6)
    assert price("text-embedding-3-small", EmbeddingsSettings()) == Price(0.02, 0.0)


def test_a_version_with_a_date_costs_what_the_model_does_unless_it_is_listed():
    assert price("gpt-4o-2024-08-06", ChatSettings()) == price("gpt-4o", ChatSettings())
    assert price("gpt-4o-2024-05-13", ChatSettings()) == Price(5.0, 15.0)


@pytest.mark.parametrize("model", ["gpt-4o-mini-of-mine", "ft:gpt-4o-mini", "llama3", "", "text-embedding-3-small"])
def test_any_other_model_has_none(model):
    assert price(model, ChatSettings()) is None
    assert context_tokens(model, ChatSettings()) is None


def test_settings_go_before_the_table():
    assert price("gpt-4o-mini", ChatSettings(usd_per_million_in=0.0)) == Price(0.0, 0.6)
    assert price("llama3", ChatSettings(usd_per_million_in=1.0, usd_per_million_out=2.0)) == Price(1.0, 2.0)
    assert price("llama3", ChatSettings(usd_per_million_in=1.0)) is None
    assert price("bge", EmbeddingsSettings(usd_per_million=0.5)) == Price(0.5, 0.0)
    assert context_tokens("gpt-4o-mini", ChatSettings(context_tokens=9000)) == 9000


def test_an_unknown_price_is_a_sentence_that_names_the_setting():
    assert re.search(r"'llama3'.*chat\.usd_per_million_in", price_unknown("llama3", ChatSettings()))
    assert re.search(r"'bge'.*embeddings\.usd_per_million ", price_unknown("bge", EmbeddingsSettings()))


def test_prices_are_by_the_million_tokens():
    assert Price(0.15, 0.6).of(2_000_000, 1_000_000) == pytest.approx(0.9)


def test_every_price_has_its_day_and_costs_more_to_answer_than_to_read():
    assert re.fullmatch(r"20\d\d-\d\d-\d\d", costs.READ)
    assert all(0 < sent < answered and context >= 8_192 for sent, answered, context in costs._CHAT.values())


@given(st.text(st.characters(max_codepoint=127), max_size=60))
def test_a_text_in_ascii_has_the_tokens_that_it_has_beside_other_letters(text):
    assert costs.estimate_tokens(f"{text} \u00e9") == costs.estimate_tokens(text) + 1


@example("abcdefZ\u00e9")
@given(st.text("abZ09_' -.\u00e9\u00a3\u017f\u0663\ud55c\u65e5", max_size=20))
def test_tokens_are_the_same_however_letters_of_ascii_and_others_are_mixed(text):
    plainly = r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]|[^\W\d_]{1,6}|\d{1,3}|[^\w\s]|_"

    assert costs.estimate_tokens(f"{text} \u00e9") == len(re.findall(plainly, f"{text} \u00e9"))
