"""What is generated, in Korean."""

from collections.abc import Mapping

ANSWERS: Mapping[str, str] = {
    "person": "인물",
    "organisation": "단체",
    "place": "장소",
    "work": "작품·선박",
    "event": "사건",
    "date": "날짜",
    "money": "금액",
    "quantity": "수량",
    "concept": "개념",
    "name": "그 밖의 이름",
    "mentioned with": "함께 나옴",
    "Evidence from your documents, best first; no language model wrote this.": (
        "문서에서 찾은 근거입니다. 관련이 큰 것부터 보이며, 언어 모델이 쓴 글이 아닙니다."
    ),
    "Understood: {}.": "알아본 이름: {}.",
    "; ": "; ",
    ", ": ", ",
    "Mode: {}, {}.": "방식: {} ({}).",
    "Not known here: {}.": "문서에 없는 이름: {}.",
    "The sources speak of {}, but none of these words: {}.": "문서에 나오는 이름: {}. 나오지 않는 말: {}.",
    "--json gives every quote in full.": "--json을 쓰면 인용문 전체를 볼 수 있습니다.",
    "  through {}": "  관련: {}",
    " to ": "부터 ",
    " and ": ", ",
    " or ": " 또는 ",
    "{} may be {} or {}": "{}: {} 또는 {}",
    "{} as another name of {}": "{}: {}의 다른 이름",
    "{} as a part of the name of {}": "{}: {}의 이름 일부",
    "Passages": "근거 문장",
    "Facts": "사실",
    "Claims": "주장",
    "Paths": "경로",
    "Possible ({}), unchecked": "가능성 있는 답 ({}), 확인되지 않음",
    "Reports": "보고서",
    "Sources (characters)": "출처 (글자 위치)",
    "Not supported by what is cited": "인용한 곳으로 뒷받침되지 않는 문장",
    "and {} more documents": "그 밖의 문서 {}개",
    "denied": "부인됨",
    "unconfirmed": "확인되지 않음",
    "Nothing found: the sources{} do not say.": "찾지 못했습니다. 문서에 나오지 않습니다{}.",
    " that the filter allows": " (필터로 고른 문서 안에서)",
    "No path of at most four ties, each stated by a passage, leads on from {}. Try mode local.": (
        "문서가 밝히는 네 단계 이내의 경로가 없습니다: {}. local 방식으로 물어보십시오."
    ),
    "No name of the question is known, and no passage holds half of its words. Try other words.": (
        "질문에 아는 이름이 없고, 질문의 낱말이 절반 이상 나오는 문단도 없습니다. 다른 말로 물어보십시오."
    ),
    "Nothing found: no document matches the filter {}.": "찾지 못했습니다. 필터에 맞는 문서가 없습니다: {}.",
    "since one name is known": "아는 이름이 하나 있음",
    "since {} names are known": "아는 이름 {}개",
    " and ties join them": ", 관계로 이어짐",
    " and a chain of ties leads on": ", 여러 관계가 이어짐",
    " and no chain of ties leads on": ", 이어지는 관계 없음",
    "since no name is known and the question asks for the whole": "이름을 찾지 못함, 전체를 묻는 질문",
    "; no passage holds half of its words": ", 질문의 낱말이 절반 이상 나오는 문단 없음",
    "since no name is known, but a passage holds half of the question's words": (
        "이름을 찾지 못함, 낱말이 맞는 문단 있음"
    ),
    "since no name is known and no passage holds half of the question's words": (
        "이름을 찾지 못함, 낱말이 맞는 문단 없음"
    ),
    "as asked for": "지정한 방식",
}
"""The words around an answer, and the types of what is in it."""

REPORTS: Mapping[str, str] = {
    "*Extractive report: its sentences and facts are taken from the sources as they stand; no model wrote it.*": (
        "*발췌 보고서: 문장과 사실은 문서에 있는 그대로이며, 모델이 쓴 것이 아닙니다.*"
    ),
    "{} ({}) with {}, from {} of {}": "{} ({}), {}. {}, {}에서",
    ", ": ", ",
    "{}.": "{}.",
    "; years {} to {}.": "; {}년부터 {}년까지.",
    "; year {}.": "; {}년.",
    "What the sources say": "문서의 내용",
    "Facts": "사실",
    "From {!r}.": "출처: {!r}.",
    "{} of 10: {}, stated in {}.": "10점 만점에 {}점: {}, {}에서 확인됨.",
    "{} entity": "대상 {}개",
    "{} relationship": "관계 {}개",
    "{} passage": "문단 {}개",
    "{} document": "문서 {}개",
    "{} person": "인물 {}",
    "{} organisation": "단체 {}",
    "{} place": "장소 {}",
    "{} work": "작품·선박 {}",
    "{} event": "사건 {}",
    "{} date": "날짜 {}",
    "{} sum of money": "금액 {}건",
    "{} quantity": "수량 {}",
    "{} concept": "개념 {}",
    "{} other name": "그 밖의 이름 {}개",
    "denied": "부인됨",
    "unconfirmed": "확인되지 않음",
    "disputed": "엇갈림",
    "reported, not certain": "전해지는 말로, 확실하지 않음",
    ",": ",",
    ".": ".",
}
"""Reports made without a model; `,` and `.` stand in numbers."""
