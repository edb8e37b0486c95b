import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from korean import needs_library

from graphrag_engine.offline.extractor import extract
from graphrag_engine.offline.lexicon import Lexicon
from graphrag_engine.offline.mentions import Unit

pytestmark = needs_library


def kinds(text, **unit):
    return {mention.name: mention.type for mention in extract(Unit(text, **unit), Lexicon()).entities}


def ties(text, **unit):
    found = extract(Unit(text, **unit), Lexicon()).relationships
    return {(tie.source, tie.type, tie.target) for tie in found if tie.description}


def claims(text):
    return [
        (claim.subject, claim.type, claim.object, claim.status, claim.start_date)
        for claim in extract(Unit(text), Lexicon()).claims
    ]


def test_names_lose_the_rank_of_a_person_and_keep_the_nouns_that_belong_to_them():
    text = "한도윤 선장은 솔개항만위원회와 백로조선소를 떠나 크레이 곶으로 갔다."

    assert kinds(text) == {
        "한도윤": "person",
        "솔개항만위원회": "organisation",
        "백로조선소": "organisation",
        "크레이 곶": "place",
    }


@pytest.mark.parametrize(
    "text",
    [
        "ㅋㅋㅋ 진짜 재미있다 ㅠㅠ",
        "어제 시장에서 사과와 배를 샀다.",
        "길이는 30 km, 무게는 5 kg이다.",
        "김모 씨가 말했다.",
    ],
)
def test_what_names_nobody_in_particular_is_no_name(text):
    assert {name for name, kind in kinds(text).items() if kind not in ("quantity", "date")} == set()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "이순자는 1868년에 백로조선소를 세웠다.",
            {("이순자", "세우다", "백로조선소"), ("이순자", "에 세우다", "1868년")},
        ),
        ("청명호는 크레이 곶 앞바다에서 침몰했다.", {("청명호", "앞바다에서 침몰하다", "크레이 곶")}),
        ("항만위원회의 초대 위원장은 김철수였다.", {("김철수", "의 위원장이다", "항만위원회")}),
        (
            "김철수의 딸 김영희는 부산에서 태어났다.",
            {("김영희", "의 딸이다", "김철수"), ("김영희", "에서 태어나다", "부산")},
        ),
        ("청명호는 백로조선소에 의해 건조되었다.", {("청명호", "에 의해 건조되다", "백로조선소")}),
        ("백로조선소는 이순자가 세웠다.", {("이순자", "세우다", "백로조선소")}),
        ("이순자와 박동수는 부산을 떠났다.", {("이순자", "떠나다", "부산"), ("박동수", "떠나다", "부산")}),
        ("이순자는 부산에 공장을 지었다.", {("이순자", "에 공장을 짓다", "부산")}),
        ("이순자는 런던의 축제에 초대받았다.", {("이순자", "의 축제에 초대받다", "런던")}),
    ],
)
def test_a_noun_with_its_particle_is_tied_by_the_next_verb(text, expected):
    assert ties(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "부산에서 온 이순자는 웃었다.",
        "이순자가 부산을 떠나면 비가 온다.",
        "이순자는 부산을 떠날 수 있었다.",
        "백로조선소를 세운 사람은 누구입니까?",
    ],
)
def test_what_is_not_stated_ties_nothing(text):
    assert ties(text) == set()


def test_a_sentence_without_a_subject_goes_on_with_what_was_spoken_of():
    text = (
        "백로조선소는 부산에 있었다. 이 조선소는 청명호를 만들었다. 1911년에는 은하호를 만들었다. 회사는 서울로 갔다."
    )

    assert ties(text) >= {("백로조선소", "만들다", "청명호"), ("백로조선소", "만들다", "은하호")}
    assert not any(target == "서울" for _, _, target in ties(text))


def test_claims_tell_what_is_denied_and_what_is_only_said():
    assert claims("이순자는 부산을 떠나지 않았다.") == [("이순자", "떠나지 않다", "부산", "FALSE", None)]
    assert claims("이순자는 1902년 11월 9일에 부산을 떠났다고 한다.") == [
        ("이순자", "떠나다", "부산", "SUSPECTED", "1902-11-09")
    ]
    assert claims("청명호는 부산에서 침몰한 것으로 알려졌다.")[0][3] == "SUSPECTED"
    assert claims("이순자는 부산을 떠났습니까?") == []


def test_what_a_sentence_says_a_thing_is_tells_its_type_and_describes_it():
    text = "노을은 부산의 무역 회사이다. 노을은 1921년에 문을 열었다."
    found = extract(Unit(text, "노을", opens=True), Lexicon()).entities

    assert next((one.type, one.description) for one in found if one.name == "노을") == (
        "organisation",
        "노을은 부산의 무역 회사이다.",
    )


def test_a_name_is_known_in_every_sentence_of_its_unit():
    """The library alone parts `박동수 선장` in one sentence and not in the other."""
    text = "선장은 박동수였다. 박동수 선장은 해진상회를 떠나지 않았다."

    assert ("박동수", "떠나지 않다", "해진상회") in ties(text, title="해진상회")


PIECES = "이순자 는 가 를 의 에서 부산 세웠다 떠난 , . ( ) 1902년 선장 것으로 알려졌다 이다 와 \n 그는 ㅋㅋ A".split(
    " "
)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.sampled_from(PIECES), max_size=30))
def test_every_mention_is_its_slice_and_every_tie_has_its_ends(pieces):
    text = "이순자 " + " ".join(pieces)
    found = extract(Unit(text, "부산", "부산 > 이순자", True), Lexicon())
    names = {mention.name for mention in found.entities}

    assert all(" ".join(text[one.start : one.end].split()) == one.name for one in found.entities if one.grounded)
    assert all(text[claim.start : claim.end] == claim.quote for claim in found.claims)
    assert all({tie.source, tie.target} <= names and tie.description in text for tie in found.relationships)


@pytest.mark.parametrize("piece", ["이순자는 ", "이순자", "와 이순자", "의 ", "(이순자 ", "부산을 떠난 "])
def test_hostile_text_is_read_to_its_end(piece):
    text = (piece * 20_000)[:20_000]

    assert all(text[one.start : one.end] == one.name for one in extract(Unit(text), Lexicon()).entities)
