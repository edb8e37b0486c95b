"""A Korean sentence as phrases and verbs: nouns with the particle that tells their part, verbs in dictionary form."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from graphrag_engine.offline.cues import words
from graphrag_engine.offline.korean.morphemes import Morpheme, joined
from graphrag_engine.offline.korean.nouns import NEAR, RELATIONS, TITLES
from graphrag_engine.offline.names import Span

_NOMINAL = ("NNG", "NNP", "NNB", "NR", "NP", "SN", "SL", "SH", "XPN", "XSN", "XR", "MM", "ETN")
_COUNTING = ("NR", "SN", "NNB", "MM")
_POINTING = ("이", "그")
_SAME: Mapping[str, str] = dict(
    pair.split(":") for pair in "으로:로 께:에게 한테:에게 과:와 하고:와 이랑:와 랑:와 이라고:라고".split()
)
"""Particles that are others in another sound or tone."""
_AND = words("와 과 하고 이랑 랑 및 이나 나")
_DENYING = words("않 못하 말 아니")
_REPORTING = ("다고", "라고", "냐고", "자고", "다며", "라며", "다는", "라는")
_PLANNING = ("려고", "고자", "도록", "려")
_OPEN_ENDED = (
    "면",
    "게",
    "어야",
    "아야",
    "는가",
    "ᆫ가",
    "은가",
    "ᆯ까",
    "을까",
    "냐",
    "든",
    "거든",
    "ᆯ지",
    "을지",
    "는지",
    "ᆫ지",
    "은지",
)
"""Endings after which nothing is stated: conditions, questions, manners."""
_AGAINST = words("상대 대상 중심 바탕")
"""Nouns that make a particle with the one before them: `동해상회를 상대로`."""
_THING = words("것 거 바 터")
_EXPECTED = words("예정 계획 전망 방침 듯 것 모양")
_ABLE = words("수 리 적 줄")
"""Nouns between a verb and `있다`, which say that it can be, or has been: neither states that it is."""
_AFTER = words("뒤 후 다음 이후 직후 때 끝 당시 채")
"""Nouns behind a verb that make a clause of it: `세운 뒤`."""


@dataclass(frozen=True)
class Phrase:
    """Nouns and the particle behind them."""

    names: tuple[Span, ...]
    """The names that it stands for; none where its head is another noun."""
    noun: str
    """Its last noun, where that is no name: of a place (`앞바다`), of a rank, of anything."""
    particle: str
    tag: str
    """Tag of the particle; empty without one; VCP before `이다`."""
    owner: Span | None = None
    """The name with `의` before it, or just before its noun."""
    joint: str = ""
    """What stands between owner and noun: `의`, or nothing."""
    written: str = ""
    """The particle as it sounds here: `으로`, where others have `로`."""
    pointed: bool = False
    """Whether it stands for something named before: `그는`, `이 조선소는`."""


@dataclass(frozen=True)
class Verb:
    """A verb in dictionary form with what its endings tell."""

    word: str
    ending: str
    """The form of its last ending."""
    tag: str
    """EF at the end of a sentence, EC of a clause, ETM before a noun, ETN as a noun; serial: with the next verb."""
    negated: bool = False
    unsure: bool = False
    """Whether it is hearsay, planned or guessed."""


Item = Phrase | Verb


class _Draft:
    """A phrase in the making."""

    def __init__(self) -> None:
        self.names: list[Span] = []
        self.owner: Span | None = None
        self.joint = ""
        self.noun = ""
        self.nouns = 0
        """Plain nouns since the last name."""
        self.pointed = False
        self.listed = False
        """Whether the next name stands beside the last."""

    def take(self, span: Span) -> None:
        """A name: one more of a list, or in place of all before it."""
        self.names = [*self.names, span] if self.listed and not self.noun else [span]
        self.owner, self.noun, self.joint, self.nouns, self.listed = None, "", "", 0, False

    def add(self, noun: str, *, counts: bool) -> None:
        """A noun; one that only counts another leaves that in its place."""
        self.nouns += 1
        self.noun = self.noun if counts and self.noun else noun

    def own(self, particle: str) -> None:
        """What was read so far owns what follows."""
        self.owner = self.names[-1] if self.names and (not self.noun or self.noun in NEAR) else None
        self.joint = f"{particle}의 "
        self.names, self.noun, self.pointed, self.nouns = [], "", False, 0

    def settle(self) -> None:
        """A noun behind a name is its head, unless it is the rank of a person or a place near it."""
        if self.names and self.noun and self.noun not in NEAR:
            if self.noun in TITLES and self.names[-1].kind in ("person", "name"):
                self.noun = ""
            else:
                self.owner, self.joint, self.names = self.names[-1], "", []


class Reader:
    """Reads the morphemes of one sentence from left to right."""

    def __init__(self, parts: Sequence[Morpheme], spans: Sequence[Span]) -> None:
        self.parts = parts
        self.at = 0
        self.spans = {span.start: span for span in spans}
        self.items: list[Item] = []
        self.appositions: list[tuple[Span, str, Span]] = []
        """(name, what it is of the other, the other): `항만위원회 위원장 김철수`."""

    def read(self) -> list[Item]:
        """The phrases and verbs in order."""
        while self.at < len(self.parts):
            before = self.at
            part = self.parts[self.at]
            if part.start in self.spans or part.tag in _NOMINAL:
                self._phrase()
            elif part.tag in ("VV", "VA", "XSV", "XSA", "VCN", "VX"):
                self._verb()
            if self.at == before:
                self.at += 1
        return self.items

    def _tag(self, ahead: int = 0) -> str:
        at = self.at + ahead
        return self.parts[at].tag if at < len(self.parts) else ""

    def _phrase(self) -> None:
        """Nouns up to a particle, a verb or a mark."""
        draft = _Draft()
        while self.at < len(self.parts):
            part = self.parts[self.at]
            if part.start in self.spans:
                self._name(draft, self.spans[part.start])
            elif part.tag in _NOMINAL and not self._verbal():
                draft.pointed = draft.pointed or part.tag == "NP" or (part.tag == "MM" and part.form in _POINTING)
                draft.add(self._noun(), counts=part.tag in _COUNTING)
            elif part.tag == "JKG" or (part.tag == "JKB" and self._tag(1) == "JKG"):
                draft.own("" if part.tag == "JKG" else _SAME.get(part.form, part.form))
                self.at += 1 if part.tag == "JKG" else 2
            elif draft.names and self._lists(draft.noun):
                draft.listed = True
                self.at += 1
            else:
                break
        self._close(draft)

    def _name(self, draft: "_Draft", span: Span) -> None:
        """Take a name; a rank before it tells what it is of the name before that."""
        ranked = draft.noun in RELATIONS or (draft.noun in TITLES and len(draft.noun) > 1)
        other = draft.owner or (draft.names[-1] if draft.names else None)
        if other and ranked and draft.nouns == 1:
            self.appositions.append((span, draft.joint + draft.noun, other))
        draft.take(span)
        while self.at < len(self.parts) and self.parts[self.at].start < span.end:
            self.at += 1
        self._bracket()

    def _close(self, draft: "_Draft") -> None:
        """End a phrase at its particle."""
        draft.settle()
        at = self.at
        particle, tag = self._particle()
        written = self.parts[at].form if tag.startswith("J") else ""
        if draft.names or draft.noun or draft.owner:
            names = tuple(draft.names)
            ends = (draft.noun, particle, tag, draft.owner, draft.joint, written, draft.pointed)
            self.items.append(Phrase(names, *ends))

    def _particle(self) -> tuple[str, str]:
        """The particles at this place: the first that tells a part; a topic only where no other does."""
        found = ("", "")
        while self._tag().startswith("J"):
            part = self.parts[self.at]
            if not found[1] or (found[1] == "JX" and part.tag != "JX"):
                found = (_SAME.get(part.form, part.form), part.tag)
            self.at += 1
        if found[1] == "JKO" and self._tag(1) == "JKB" and self.parts[self.at].form in _AGAINST:
            found = (f"를 {self.parts[self.at].form}로", "JKB")
            self.at += 2
        if not found[1] and self._tag() == "VCP":
            self.at += 1
            return "", self._stated()
        return found

    def _stated(self) -> str:
        """Whether `이다` ends a clause (VCP), or stands before a noun, in a question or a condition (nothing)."""
        while self._tag() == "EP":
            self.at += 1
        form = self.parts[self.at].form if self.at < len(self.parts) else ""
        return "VCP" if self._tag() in ("EF", "EC") and not form.endswith(_OPEN_ENDED) else "IDLE"

    def _noun(self) -> str:
        """Pass nouns without a gap; returns them as one word."""
        first = self.at
        self.at += 1
        while (
            self._tag() in _NOMINAL
            and self.parts[self.at - 1].end == self.parts[self.at].start
            and self.parts[self.at].start not in self.spans
            and not self._verbal()
        ):
            self.at += 1
        return "".join(part.form for part in self.parts[first : self.at])

    def _verbal(self) -> bool:
        """Whether the noun at this place is the stem of a verb: `침몰` + `하`."""
        return self._tag(1) in ("XSV", "XSA") and self._tag() in ("NNG", "XR", "NNP")

    def _lists(self, noun: str) -> bool:
        """Whether another name follows behind `와` or a comma, to which the same applies."""
        part = self.parts[self.at]
        if noun or not ((part.tag in ("JC", "JKB") and part.form in _AND) or part.tag == "SP"):
            return False
        return self.at + 1 < len(self.parts) and self.parts[self.at + 1].start in self.spans

    def _bracket(self) -> None:
        """Pass what stands in brackets or closes a quote behind a name."""
        while self._tag() in ("SSC", "SSO", "SY", "SW"):
            if self._tag() == "SSO":
                while self.at < len(self.parts) and self._tag() != "SSC":
                    self.at += 1
            self.at += 1

    def _verb(self) -> None:
        """A verb with its auxiliaries and endings."""
        glued = self.parts[self.at - 1].form if self._glued() else ""
        start = self.at - 1 if self._tag() in ("XSV", "XSA") and self.at else self.at
        stem = [(part.form, part.tag) for part in self.parts[start : self.at + 1]]
        negated = self._tag() == "VCN" or (start > 0 and self.parts[start - 1].form in ("안", "못"))
        unsure = False
        self.at += 1
        ending, tag = "", "EC"
        while self._tag().startswith("E") or self._tag() == "VX":
            part = self.parts[self.at]
            if part.tag == "VX":
                negated = negated or part.form in _DENYING
                unsure = unsure or (part.form == "하" and ending in _PLANNING) or part.form == "듯하"
                if part.form == "지" and ending in ("어", "아"):
                    stem += [("어", "EC"), ("지", "VX")]
            elif part.tag != "EP":
                ending, tag = part.form, part.tag
            self.at += 2 if ending == "게" and self._becomes() else 1
        unsure = unsure or ending.endswith(_REPORTING)
        if (ending in ("어", "아") and self._tag() == "VV") or ending in _PLANNING:
            tag = "ETN" if ending in _PLANNING else "serial"
        if ending.endswith(_OPEN_ENDED):
            tag = "serial" if ending == "게" else "ETN"
        if tag == "ETM":
            tag, unsure = self._nominal(ending, unsure)
        self.items.append(Verb(glued + _dictionary(*stem), ending, tag, negated, unsure))

    def _becomes(self) -> bool:
        """Whether `되다` follows, with which a verb comes to be done: `닿게 되다`."""
        after = self.parts[self.at + 1 : self.at + 2]
        return bool(after) and after[0].form == "되" and after[0].tag in ("VV", "VX")

    def _glued(self) -> bool:
        """Whether a noun right before a verb is a part of it: `초대받다`."""
        before = self.parts[self.at - 1] if self.at else None
        verb = self.parts[self.at]
        return before is not None and before.tag == "NNG" and verb.tag == "VV" and before.end == verb.start

    def _nominal(self, ending: str, unsure: bool) -> tuple[str, bool]:
        """A verb before `것`: the end of a clause where `이다` or `으로 알려지다` follows."""
        noun = self.parts[self.at].form if self._tag() in ("NNB", "NNG") else ""
        if noun in _ABLE and any(part.form in ("있", "없") for part in self.parts[self.at + 1 : self.at + 3]):
            while self.at < len(self.parts) and self.parts[self.at].form not in ("있", "없"):
                self.at += 1
            self.at += 1
            return "ETM", unsure
        if noun in _AFTER:
            return "EC", unsure
        if noun not in _THING | _EXPECTED:
            return "ETM", unsure
        if self._tag(1) == "VCP":
            self.at += 2
            return "EF" if self._stated() == "VCP" else "ETM", unsure or ending in ("ᆯ", "을")
        if self._tag(1) == "JKB" and self.parts[self.at + 1].form in ("으로", "로"):
            self.at += 2
            return "EC", True
        return "ETM", unsure


@lru_cache(maxsize=1 << 14)
def _dictionary(*stem: tuple[str, str]) -> str:
    """A stem as dictionaries have it: with the ending `다`."""
    return joined(*stem, ("다", "EF"))
