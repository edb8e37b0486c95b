"""Sentences chosen for a description: the same as without any shortcut."""

from collections.abc import Sequence

from hypothesis import given
from hypothesis import strategies as st

from graphrag_engine.offline.coverage import similarity
from graphrag_engine.offline.descriptions import Said, best, define, directness, naming, reading

WORDS = st.sampled_from(["Ann", "Ben", "is a", "pilot", "of", "Wend", "the", "12", "old", "It", "ships", "sailed"])
TEXTS = st.lists(WORDS, min_size=1, max_size=30).map(lambda words: " ".join(words) + ".")
COMMON = st.sampled_from(["Ann is a pilot.", "He sailed."])
SENTENCES = st.lists(st.builds(Said, st.sampled_from("uvw"), TEXTS | COMMON))
NAMES = st.sampled_from([(), ("Ann",), ("Ann", "Ben")])


def told(sentence: str) -> set[str]:
    return {word.strip(".") for word in sentence.split()[1:] if word[0].isupper() or word[0].isdigit()}


def alike(one: str, other: str) -> bool:
    return similarity(one, other) > 0.6 and (told(one) <= told(other) or told(other) <= told(one))


def plainly_defined(names: Sequence[str], sentences: Sequence[Said]) -> list[Said]:
    def order(said: Said) -> tuple[float, int, str, str]:
        return -directness(names, said.text), len(said.text), said.text, said.unit

    chosen: list[Said] = []
    for said in sorted(set(sentences), key=order):
        if len(chosen) < 3 and not any(alike(said.text, other.text) for other in chosen):
            chosen.append(said)
    return chosen


@given(NAMES, SENTENCES)
def test_definitions_are_those_that_a_look_at_every_pair_finds(names: Sequence[str], sentences: list[Said]):
    assert define(names, sentences) == plainly_defined(names, sentences)


@given(NAMES, SENTENCES)
def test_the_best_sentence_is_the_one_that_a_look_at_all_finds(names: Sequence[str], sentences: list[Said]):
    def order(said: Said) -> tuple[float, int, str, str]:
        return -reading(said.text) * naming(names, said.text), len(said.text), said.text, said.unit

    assert best(names, sentences) == sorted(sentences, key=order)[:1]


def test_a_name_counts_most_at_the_start_of_a_sentence_and_least_outside_it():
    assert naming(("Ann",), "The Ann sailed to Riga.") == naming((), "Nobody sailed.") == 1.0
    assert naming(("Cem", "Ann"), "Yesterday Ann sailed.") == 0.7
    assert naming(("Ann",), "Nobody sailed.") == 0.4
