"""What is generated, in the language of the documents: English sentences as keys, other languages in tables."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from graphrag_engine.offline.scripts import is_korean


@dataclass(frozen=True, eq=False)
class Wording:
    """One language: `say("of {}", name)` is `of X`, or what the table has for it."""

    table: Mapping[str, str] = field(default_factory=dict)
    """English sentence, with a `{}` for each value -> the same in another language; empty for English."""

    def __call__(self, sentence: str, *values: object) -> str:
        """A sentence with its values."""
        return (self.table[sentence] if self.table else sentence).format(*values)

    def known(self, words: str) -> str:
        """Words that come from elsewhere, as the table has them; as they are where it has them not."""
        return self.table.get(words, words)

    def count(self, n: int, one: str, many: str | None = None) -> str:
        """So many of a thing: `1 passage`, `2 passages`."""
        if self.table:
            return self.table[f"{{}} {one}"].format(f"{n:,}")
        return f"{n:,} {one if n == 1 else many or one + 's'}"


ENGLISH = Wording()
TYPES: Mapping[str, str] = {
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
}
"""Types of entities, and the one tie that states nothing, in Korean."""
_KOREAN = Wording(
    {
        "*Extractive report: its sentences and facts are taken from the sources as they stand; no model wrote it.*": (
            "*발췌 보고서: 문장과 사실은 문서에 있는 그대로이며, 모델이 쓴 것이 아닙니다.*"
        ),
        "{} ({}) with {}, from {} of {}": "{} ({}), {}. {}, {}에서",
        "; years {} to {}.": "; {}년부터 {}년까지.",
        "; year {}.": "; {}년.",
        "What the sources say": "문서의 내용",
        "Facts": "사실",
        "From {!r}.": "출처: {!r}.",
        "{:g} of 10: {}, stated in {}.": "10점 만점에 {:g}점: {}, {}에서 확인됨.",
        "{} entity": "대상 {}개",
        "{} relationship": "관계 {}개",
        "{} passage": "문단 {}개",
        "{} document": "문서 {}개",
        "{} sum of money": "금액 {}건",
        "{} other name": "그 밖의 이름 {}개",
        **{f"{{}} {kind}": f"{name} {{}}" for kind, name in TYPES.items()},
        "denied": "부인됨",
        "unconfirmed": "확인되지 않음",
        "disputed": "엇갈림",
        "reported, not certain": "전해지는 말로, 확실하지 않음",
    }
)


def of_report(text: str) -> Wording:
    """The language of a report on such text."""
    return _KOREAN if is_korean(text) else ENGLISH
