"""A Korean word without particles and endings, by its letters alone: no dictionary, so every machine cuts alike."""

import re
from functools import lru_cache
from typing import NamedTuple

from graphrag_engine.offline.cues import words
from graphrag_engine.offline.scripts import SYLLABLES

_FIRST, _FINALS = 0xAC00, 28
"""The first syllable, and the number of final consonants: final = (code - first) % 28, none = 0."""
_FINAL_N, _FINAL_L, _FINAL_SS = 4, 8, 20
_MEDIALS = 21
_UNCONTRACTED = {14: 13, 6: 20, 9: 8, 10: 11}
"""Vowels before the past tense and what they were before it: 웠 of 우, 였 of 이, 왔 of 오, 됐 of 되."""
_AFTER_CONSONANT = words("은 이 을 과 으로 이나 이라 이란 이며 이었다 이었으며 이었던")
_AFTER_VOWEL = words("는 가 를 와 나 라 란 며 였다 였으며 였던")
_AFTER_ANY = words(
    "의 에 에서 에게 에게서 께서 께 한테 도 만 까지 부터 보다 처럼 마다 조차 이다 이고 인 입니다 이라는 라는 "
    "이라고 라고 에는 에서는 에게는 에도 에서도 으로는 로는 와는 과는 와의 과의 에서의 로서 으로서 로써 으로써 "
    "로부터 으로부터 들은 들이 들을 들의 들에게 이자 이지만 뿐 밖에 하고 이랑"
)
_LONE = ("로",)
"""Behind a vowel or the consonant of `서울`."""
_PARTICLES = sorted(_AFTER_CONSONANT | _AFTER_VOWEL | _AFTER_ANY | set(_LONE), key=lambda each: (-len(each), each))
_ASKING = words(
    "이었습니까 였습니까 이었나요 였나요 이었는가 였는가 입니까 인가요 인가 이었을까요 일까요 일까 이야 이에요 "
    "예요 습니까 ㅂ니까 나요 는가요 는가 은가요 은가 을까요 을까 니까 냐 니 지요 죠 까요 까 어요 아요 요"
)
_ENDINGS = sorted(
    _ASKING
    | words(
        "습니다 었습니다 었다 았다 었으며 았으며 었고 았고 었던 았던 었지만 았지만 었으나 았으나 으며 으나 으면 "
        "지만 다가 면서 는데 다고 다는 다며 었는데 았는데 어서 아서 려고 도록 기로 기 고 며 나 면 지 던 는 다 어 "
        "아"
    ),
    key=lambda each: (-len(each), each),
)
_WORD = re.compile(rf"[{SYLLABLES}]+\Z")


class Cut(NamedTuple):
    """A noun and the particle behind it."""

    stem: str
    particle: str


@lru_cache(maxsize=1 << 18)
def cut(word: str) -> Cut | None:
    """A word of Hangul as noun and particle; None where it ends with no particle that fits its last sound."""
    for particle in _PARTICLES:
        stem = word[: -len(particle)]
        if stem and word.endswith(particle) and _fits(stem[-1], particle):
            return Cut(stem, particle)
    return None


def is_tail(rest: str) -> bool:
    """Whether this may stand behind a name in the same word: nothing, a particle, the ending of a question."""
    return not rest or rest in _PARTICLES or rest in _ENDINGS or rest.endswith(("니까", "나요", "는가"))


@lru_cache(maxsize=1 << 18)
def stems(word: str) -> tuple[str, ...]:
    """What a word of Hangul is without its particle, else without the endings of a verb; nothing where it has none."""
    if not _WORD.match(word):
        return ()
    noun = cut(word)
    stem = noun.stem if noun else _verb(word)
    return (stem,) if stem else ()


def _verb(word: str) -> str:
    """The stem of a verb; empty where the word has no ending of one."""
    for ending in _ENDINGS:
        stem = word[: -len(ending)]
        if len(stem) > 1 - (ending == "다") and word.endswith(ending):
            return _rootless(_past(stem))
    final = _final(word[-1])
    if len(word) > 1 and final in (_FINAL_N, _FINAL_L):
        return word[:-1] + _bare(word[-1])
    return _past(word) if len(word) > 1 and final == _FINAL_SS else ""


def _rootless(stem: str) -> str:
    """A stem without the `ㄹ` that some endings take from it: `만들` is `만드`, as in `만드는`."""
    return stem[:-1] + _bare(stem[-1]) if len(stem) > 1 and _final(stem[-1]) == _FINAL_L else stem


def _past(stem: str) -> str:
    """A stem without the sign of the past: `세웠` is `세우`, `침몰했` is `침몰하`."""
    last = stem[-1]
    if _final(last) != _FINAL_SS or last in "있겠":
        return stem
    if last in "었았" and len(stem) > 1:
        return stem[:-1]
    code = ord(last) - _FIRST
    initial, medial = divmod(code // _FINALS, _MEDIALS)
    medial = 0 if last == "했" else _UNCONTRACTED.get(medial, medial)
    return stem[:-1] + chr(_FIRST + (initial * _MEDIALS + medial) * _FINALS)


def _final(syllable: str) -> int:
    return (ord(syllable) - _FIRST) % _FINALS


def _bare(syllable: str) -> str:
    return chr(ord(syllable) - _final(syllable))


def object_particle(noun: str) -> str:
    """The particle of an object as it sounds behind this noun."""
    return "을" if _WORD.match(noun[-1:]) and _final(noun[-1]) else "를"


def told_of(noun: str, predicate: str) -> str:
    """A predicate read on from its object, as Korean does: `부산` + `에서 태어나다`, `태백조선소를` + `세우다`."""
    if predicate.split()[0] in _PARTICLES or predicate.startswith("의 "):
        return f"{noun}{predicate}"
    told = predicate.removesuffix(" 않다")
    return f"{noun}{'' if ' ' in told else object_particle(noun)} {predicate}"


def _fits(last: str, particle: str) -> bool:
    """Whether a particle goes with the last sound before it."""
    if not _WORD.match(last):
        return True
    final = _final(last)
    if particle in _LONE:
        return final in (0, _FINAL_L)
    return not (particle in _AFTER_CONSONANT and not final) and not (particle in _AFTER_VOWEL and final)
