import re
from math import sqrt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graphrag_engine.offline import coverage
from graphrag_engine.offline.coverage import Candidate, measured, quality, similarity, worth

Drawn = tuple[list[str], set[str]]
LONG = "sailed slowly out of the old harbour at dawn."


def candidate(text: str, *entities: str) -> Candidate:
    """One whose text unit is called as it reads."""
    return Candidate(text, 0, entities, measured(text)[1])


def said(unit: str, at: int) -> str:
    assert not at
    return unit


def choose(candidates: list[Candidate], weights: dict[str, float], most: int, least: int = 0) -> list[int]:
    return coverage.choose(candidates, weights, said, most, least)


def plainly(candidates: list[Candidate], weights: dict[str, float], most: int, least: int = 0) -> list[int]:
    """The same choice without any shortcut."""
    chosen = covering(candidates, weights, most, [])
    while len(chosen) < min(most, least):
        more = covering(candidates, weights, least, chosen)
        if more == chosen:
            break
        chosen = more
    return chosen


def covering(candidates: list[Candidate], weights: dict[str, float], most: int, before: list[int]) -> list[int]:
    """Those chosen *before*, and of the rest one after the other until all that they name is covered."""
    chosen = [*before]
    covered: set[str] = set()
    while len(chosen) < most:
        gains = {}
        for at in set(range(len(candidates))).difference(chosen):
            each = candidates[at]
            alike = max((similarity(each.unit, candidates[other].unit) for other in chosen), default=0.0)
            new = each._replace(entities=tuple(entity for entity in each.entities if entity not in covered))
            gains[at] = worth(new, weights) * (1 - 0.5 * alike)
        best = max(gains, key=lambda at: (gains[at], -at), default=None)
        if best is None or gains[best] <= 0:
            break
        chosen.append(best)
        covered.update(candidates[best].entities)
    return chosen


def test_the_gain_is_weight_over_the_root_of_length_times_quality():
    text = "Ann " + LONG

    assert worth(candidate(text, "a", "b"), {"a": 2.0, "b": 1.0}) == pytest.approx(3.0 / sqrt(10 + 12))


def test_what_is_covered_counts_no_more():
    candidates = [
        candidate("Ann and Ben " + LONG, "a", "b"),
        candidate("Ann then " + LONG, "a"),
        candidate("Cem " + LONG, "c"),
    ]

    assert choose(candidates, {"a": 3.0, "b": 2.0, "c": 0.5}, 3) == [0, 2]


def test_when_all_is_covered_the_least_number_is_filled_up():
    candidates = [candidate(f"Ann {verb} " + LONG, "a") for verb in ("soon", "late", "never", "often")]

    assert len(choose(candidates, {"a": 1.0}, 4)) == 1
    assert sorted(choose(candidates, {"a": 1.0}, 4, least=3)) != []
    assert len(choose(candidates, {"a": 1.0}, 4, least=3)) == 3


def test_a_sentence_like_one_that_was_chosen_gives_way_to_another():
    same = "The brig Ann was sold to the Danish owners of the yard"
    candidates = [
        candidate(same + ".", "a"),
        candidate(same + " too.", "b"),
        candidate("Nobody in town ever saw Cem again.", "c"),
    ]

    assert choose(candidates, {"a": 1.2, "b": 1.0, "c": 1.0}, 2) == [0, 2]


def test_sentences_without_a_known_entity_are_never_chosen():
    assert choose([candidate("Ann " + LONG, "x")], {"a": 1.0}, 3, least=3) == []


def test_of_equals_the_earlier_is_chosen():
    assert choose([candidate("Ann " + LONG, "a"), candidate("Ann " + LONG, "a")], {"a": 1.0}, 1) == [0]


def test_only_sentences_that_are_compared_are_read():
    read: list[str] = []

    def reading(unit: str, _: int) -> str:
        read.append(unit)
        return unit

    one, other, last = (f"{name} " + LONG for name in ("Ann", "Ben", "Cem"))
    weights = {"a": 3.0, "b": 2.0, "c": 0.1}
    candidates = [candidate(one, "a"), candidate(other, "b"), candidate(last, "c")]

    assert coverage.choose(candidates, weights, reading, 2) == [0, 1]
    assert sorted(read) == [one, other]


@given(
    st.lists(
        st.tuples(
            st.lists(st.sampled_from("the ship sank off point in may. he".split()), max_size=12),
            st.sets(st.sampled_from("abcdef")),
        ),
        max_size=12,
    ),
    st.integers(1, 6),
    st.integers(0, 6),
)
def test_the_short_cut_chooses_what_the_plain_way_chooses(drawn: list[Drawn], most: int, least: int):
    candidates = [candidate(" ".join(words), *sorted(entities)) for words, entities in drawn]
    weights = dict(zip("abcdef", (5.0, 4.0, 2.5, 2.0, 1.0, 0.3), strict=True))

    least = min(least, most)
    assert choose(candidates, weights, most, least) == plainly(candidates, weights, most, least)


@pytest.mark.parametrize(
    ("better", "worse"),
    [
        ("Captain Vale took the pilots' side in the end.", "He took the pilots' side in the end."),
        ("The strike of the pilots ended in the winter.", "However the strike of the pilots ended late."),
        ("The strike of the pilots ended in the winter.", "The strike of the pilots ended in the winter"),
        ("The strike of the pilots ended in the winter.", "Strike ended."),
        ("The strike of the pilots ended in the winter.", "word " * 50 + "end."),
        ("The strike of the pilots ended in the winter.", "| Ship | Launched | Ordered by | Remarks |."),
    ],
)
def test_a_sentence_that_stands_alone_is_better(better: str, worse: str):
    assert quality(better) == 1.0
    assert quality(worse) < 1.0


def test_similarity_is_one_for_the_same_words_and_nothing_without_common_ones():
    assert similarity("The ship sank.", "the SHIP sank") == pytest.approx(1)
    assert similarity("The ship sank.", "A boat rose") == similarity("", "x") == 0


@given(st.text(st.characters(codec="ascii")))
def test_words_are_the_same_beside_a_letter_that_is_not_ascii(text: str):
    words = len(set(re.findall(r"\w+", text.lower())))

    assert similarity(text, text + " \u00e9") == pytest.approx(sqrt(words / (words + 1)))
