import pytest

from graphrag_engine.offline.korean.particles import cut, is_tail, object_particle, stems, told_of


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("항구에서는", ("항구", "에서는")),
        ("서울로", ("서울", "로")),
        ("부산으로", ("부산", "으로")),
        ("배는", ("배", "는")),
        ("등대지기였다", ("등대지기", "였다")),
        ("항만은", ("항만", "은")),
        ("나무", None),
        ("은", None),
    ],
)
def test_a_noun_is_cut_from_the_longest_particle_that_fits_its_last_sound(word, expected):
    assert cut(word) == expected


@pytest.mark.parametrize(
    ("words", "stem"),
    [
        ("세웠다 세웠습니까 세우다 세우고 세운", "세우"),
        ("침몰했다 침몰하다 침몰한 침몰했나요", "침몰하"),
        ("만들었다 만든 만들고", "만드"),
        ("건조되었다 건조됐다 건조된", "건조되"),
    ],
)
def test_a_verb_has_one_stem_in_whatever_form(words, stem):
    assert {found for word in words.split() for found in stems(word)} == {stem}


def test_a_name_is_a_word_with_nothing_but_a_particle_behind_it():
    assert all(map(is_tail, ("", "은", "에서", "입니까", "이었습니까")))
    assert not any(map(is_tail, ("장", "위원장은")))


def test_a_predicate_reads_on_from_its_object():
    assert told_of("부산", "에서 태어나다") == "부산에서 태어나다"
    assert told_of("조선소", "세우다") == "조선소를 세우다"
    assert told_of("항만", "세우지 않다") == "항만을 세우지 않다"
    assert told_of("항만위원회", "의 위원장이다") == "항만위원회의 위원장이다"
    assert object_particle("배") == "를"
