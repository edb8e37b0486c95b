"""Which sentences of a passage bear on a question, and what could be the thing asked for."""

import re
from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass
from math import fsum

from graphrag_engine.offline.dates import DATE
from graphrag_engine.offline.scripts import is_korean
from graphrag_engine.offline.text import sentences
from graphrag_engine.offline.words import terms

Span = tuple[int, int]
"""First character and the one after the last, in the text looked at."""

_SMOOTHING = 8
"""Terms added to a sentence's length, so that a short one does not win by being short."""
_REPEATED = 0.25
"""What a term is worth that an earlier sentence has brought already."""
_WORTHWHILE = 0.4
"""A further sentence has to score this share of the first."""
_SHORT = 5
"""A sentence of fewer terms says little by itself."""
LEAD_IN = 10
"""A sentence of fewer terms that bears a cue only leads to the next one."""
_INHERITED = 0.8
"""What of a question's worth goes to the sentence that follows it."""
_HEADING = 10
"""Words of the longest line without an end mark that may be a heading."""

_PRONOUN = re.compile(r"\W*(?:It|Its|She|Her|He|His|They|Their)\b")
_ASIDE = re.compile(r"\W*(?:dear|yours|sincerely|see also|further reading|see|cf\.)\b", re.IGNORECASE)
_ENDS = (*".!?\u2026\u3002\uff01\uff1f",)
_CLOSERS = "\"'\u2019\u201d)]*_"


@dataclass(frozen=True)
class Cue:
    """Words that mark the sentences which answer one kind of question."""

    asked: re.Pattern[str]
    """What a question of this kind holds."""
    plain: re.Pattern[str]
    """What marks a sentence beyond doubt."""
    faint: re.Pattern[str] | None
    worth: float
    """What a plain mark is worth beside the weightiest term."""

    def of(self, sentence: str) -> float:
        """How much a sentence is marked: 1 plainly, half faintly, else 0."""
        if self.plain.search(sentence):
            return 1.0
        return 0.5 if self.faint and self.faint.search(sentence) else 0.0


def _words(pattern: str, korean: str) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{pattern})\b|{korean}", re.IGNORECASE)


DISPUTE = Cue(
    _words(
        r"disput\w+|disagree\w*|conflict\w*|contradict\w*|quarrel\w*|argu(?:e[ds]?|ing|ments?)|controvers\w+|feuds?|rows",
        "분쟁|논쟁|논란|다툼|다투|갈등|이견|쟁점|대립",
    ),
    _words(
        r"disput\w+|disagree\w*|contradict\w*|quarrel\w*|controvers\w+|den(?:y|ies|ied|ying)|never accepted|feuds?"
        r"|(?:most|was|were|hotly|been) (?:argued|contested)|uncertain|claim(?:ed|s)|argued that|declined to"
        r"|refused to",
        "분쟁|논쟁|논란|다투|다퉜|다툼|부인했|부인하|거부했|거절했|이견|엇갈|맞섰|주장했|주장하|인정하지 않",
    ),
    _words(
        r"according to|refus\w+|argu(?:e[ds]?|ing|ments?)|oppos\w+|maintained|blam\w+|conflict\w*"
        r"|object(?:ed|ions?)|contest\w*|reject\w*|insisted|grudge|against|whether",
        "에 따르면|반대|비난|탓|갈등|맞서|항의|불만",
    ),
    1.5,
)
"""Questions after what is in dispute."""
_DISPUTED = tuple(
    terms(
        "dispute disagree quarrel contradict deny uncertain refuse controversy argue claim oppose object blame reject"
    )
)
"""Search terms of texts in which something is in dispute."""
_DISPUTED_IN_KOREAN = tuple(terms("분쟁 논쟁 논란 다툼 다투다 갈등 이견 반대 거절 거부 부인 비난 주장"))
REASON = Cue(
    _words(
        r"why|how come|for what reason|reasons? (?:for|of)|causes? of|what (?:caused|led to)",
        "왜(?![가-힣])|이유|원인|까닭|어째서",
    ),
    _words(
        r"because|cause[sd]?|reasons?|owing to|due to|as a result|on account of|thanks to",
        "때문에|때문이|탓에|탓이|까닭|이유는|원인은|덕분",
    ),
    _words(r"therefore|so that|blam\w+|led to|since|found that|attributed", "따라서|그래서|위해|이유|원인|비롯"),
    2.0,
)
"""Questions after a cause."""
_DATED = Cue(
    _words(
        r"when|since when|how long ago|(?:what|which) (?:year|date|day|month|century|decade)",
        "언제|몇 ?년|어느 해|며칠|몇 ?월",
    ),
    re.compile(rf"(?<!\w)(?:{DATE})|\d{{1,4}}년|\d{{1,2}}월"),
    None,
    0.6,
)
_COUNTED = Cue(
    _words(
        r"how (?:many|much|far|tall|long|large|big|old|high|deep|often)",
        "몇 ?(?:명|척|개|번|마리|톤|미터|살|대|곳)|얼마",
    ),
    re.compile(
        r"\d|\b(?:two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|\w+teen|\w+ty|hundred|thousand|million|dozen)\b",
        re.IGNORECASE,
    ),
    None,
    0.6,
)

_ASKED: Mapping[str, tuple[str, ...]] = {
    r"how (?:many|much|far|tall|long|large|big|old|high|deep|often)\b": ("quantity", "money"),
    r"(?:when|(?:what|which|in what|in which) (?:year|date|day|month|century|decade)|since when|how long ago)\b": (
        "date",
    ),
    r"where|(?:what|which|in what|in which) (?:city|country|town|county|state|village|place|port|island|river)\b": (
        "place",
    ),
    r"who|whom|whose|(?:what|which) (?:person|man|woman|captain|author|owner)\b": ("person", "organisation"),
    r"(?:what|which) (?:company|firm|organi[sz]ation|association|party|team|club|university|school)\b": (
        "organisation",
    ),
}
_PATTERNS = [
    (re.compile(rf"(?:\A|[,.;:?!]\s+|\b(?:and|but|in|on|at|by|to|from|of|for|with)\s+)(?:{cue})", re.IGNORECASE), kinds)
    for cue, kinds in _ASKED.items()
]


_ASKED_IN_KOREAN = [
    (re.compile(cue), kinds)
    for cue, kinds in (
        ("언제|몇 ?년|어느 해|며칠", ("date",)),
        ("어디|어느 (?:나라|도시|항구|섬|마을|곳)", ("place",)),
        ("누가|누구|어떤 (?:사람|선장)", ("person", "organisation")),
        ("(?:어느|어떤|무슨) (?:회사|단체|기관|학교|은행)", ("organisation",)),
        ("얼마|몇 ?(?:명|척|개|톤|미터|원|평)", ("quantity", "money")),
    )
]


def disputed(question: str) -> tuple[str, ...]:
    """Search terms of texts in which something is in dispute, in the language of a question."""
    return _DISPUTED_IN_KOREAN if is_korean(question) else _DISPUTED


def asked_for(question: str) -> tuple[str, ...]:
    """The types of entity that would answer a question; none where its words do not tell."""
    if is_korean(question):
        korean = ((match.start(), kinds) for cue, kinds in _ASKED_IN_KOREAN if (match := cue.search(question)))
        return min(korean, default=(0, ()))[1]
    found = [(match.start(), kinds) for pattern, kinds in _PATTERNS if (match := pattern.search(question))]
    return min(found, key=lambda each: each[0])[1] if found else ()


def cue(question: str) -> Cue | None:
    """What marks the sentences that answer a question; None where its words do not tell."""
    return next((each for each in (DISPUTE, REASON, _DATED, _COUNTED) if each.asked.search(question)), None)


def best_sentences(
    text: str,
    weights: Mapping[str, float],
    most: int,
    *,
    topic: Container[str] = (),
    marked: Cue | None = None,
) -> list[Span]:
    """Up to *most* sentences of *text* that hold the weightiest terms and repeat each other least, in text order.

    Score: sum of the weights of its terms and of what marks it / sqrt(terms + 8), half for what is no whole
    sentence. A sentence that opens with a pronoun holds the terms of the *topic*; one that asks gives its
    worth to the next. There is always one, unless the text has no sentence at all.
    """
    spans = sentences(text)
    told = [text[start:end] for start, end in spans]
    held = [terms(each) for each in told]
    quality = [_quality(each, len(words)) for each, words in zip(told, held, strict=True)]
    found = [_held(each, words, weights, topic) for each, words in zip(told, held, strict=True)]
    marks = [marked.of(each) * marked.worth * max(weights.values(), default=1.0) if marked else 0.0 for each in told]
    worth = dict(weights)
    chosen: list[int] = []
    first = 0.0
    while len(chosen) < min(most, len(spans)):
        sums = [fsum(worth[term] for term in known) + mark for known, mark in zip(found, marks, strict=True)]
        scores = [
            each * good / (len(words) + _SMOOTHING) ** 0.5
            for each, good, words in zip(_answered(told, sums), quality, held, strict=True)
        ]
        score, _, place = max((score, quality[at], -at) for at, score in enumerate(scores) if at not in chosen)
        if chosen and (score <= 0 or score < _WORTHWHILE * first):
            break
        first = first or score
        chosen.append(-place)
        worth.update({term: worth[term] * _REPEATED for term in found[-place]})
        if marks[-place] and len(held[-place]) < LEAD_IN and 1 - place < len(spans):
            marks[1 - place] = max(marks[1 - place], marks[-place])
    return [spans[at] for at in sorted(chosen)]


def adjoin(text: str, left: Span, right: Span) -> bool:
    """Whether nothing stands between two spans of *text* that a reader would miss."""
    return not re.search(r"\w", text[left[1] : right[0]])


def is_filler(text: str, span: Span) -> bool:
    """Whether a sentence tells nobody anything: a heading, a row of a table, a salutation, a mere link."""
    said = text[span[0] : span[1]]
    if "|" in said or (_ASIDE.match(said) and len(said.split()) <= _HEADING):
        return True
    before = text[text.rfind("\n", 0, span[0]) + 1 : span[0]].strip()
    if before.startswith("#") or set(before) & {"|"}:
        return True
    words = said.split()
    capital = sum(word[0].isupper() or not word[0].isalpha() for word in words)
    return not _is_ended(said) and len(words) <= _HEADING and 2 * capital > len(words)


def opens_with_pronoun(sentence: str) -> bool:
    """Whether what a sentence is about is named only before it."""
    return bool(_PRONOUN.match(sentence))


def supporting(text: str, words: str) -> Span:
    """The sentence of *text* that shares most terms with *words*; the whole text where it has no sentence."""
    weights = dict.fromkeys(terms(words), 1.0)
    return next(iter(best_sentences(text, weights, 1)), (0, len(text)))


def _held(sentence: str, words: Sequence[str], weights: Mapping[str, float], topic: Container[str]) -> set[str]:
    """The terms of worth in a sentence, with those that its opening pronoun stands for."""
    meant = {term for term in weights if term in topic} if opens_with_pronoun(sentence) else set()
    return {term for term in words if term in weights} | meant


def _answered(told: Sequence[str], sums: Sequence[float]) -> list[float]:
    """The worth of each sentence, that of a question handed to what follows it."""
    asks = [each.rstrip(_CLOSERS).endswith(("?", "\uff1f")) for each in told]
    handed = [0.0, *(_INHERITED * each if asked else 0.0 for each, asked in zip(sums, asks, strict=True))]
    return [0.0 if asked else own + more for own, asked, more in zip(sums, asks, handed, strict=False)]


def _is_ended(sentence: str) -> bool:
    return sentence.rstrip(_CLOSERS).endswith(_ENDS)


def _quality(sentence: str, length: int) -> float:
    """1 for a whole sentence of some length, less for headings and fragments, least for rows of a table."""
    if "|" in sentence:
        return 0.2
    return (1.0 if _is_ended(sentence) else 0.5) * (1.0 if length >= _SHORT else 0.6)
