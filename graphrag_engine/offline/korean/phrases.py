"""A Korean sentence as phrases and verbs: nouns with the particle that tells their part, verbs in dictionary form."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from graphrag_engine.offline.cues import words
from graphrag_engine.offline.korean.morphemes import Morpheme, is_noun, joined
from graphrag_engine.offline.korean.nouns import NEAR, RELATIONS, TITLES
from graphrag_engine.offline.names import Span

_NOMINAL = ("NNG", "NNP", "NNB", "NR", "NP", "SN", "SL", "SH", "XPN", "XSN", "XR", "MM", "ETN")
_OPEN, _SHUT = ("SSO",), ("SSC",)
_SAME: Mapping[str, str] = {
    "\uc73c\ub85c": "\ub85c", "\uaed8": "\uc5d0\uac8c", "\ud55c\ud14c": "\uc5d0\uac8c", "\uacfc": "\uc640",
    "\ud558\uace0": "\uc640", "\uc774\ub791": "\uc640", "\ub791": "\uc640", "\uc774\ub77c\uace0": "\ub77c\uace0",
}  # fmt: skip
"""Particles that are others in another sound or tone."""
_AND = words("와 과 하고 이랑 랑 및 이나 나")
_DENYING = words("않 못하 말 아니")
_REPORTING = ("다고", "라고", "냐고", "자고", "다며", "라며", "다는", "라는")
_PLANNING = ("려고", "고자", "도록", "려")
_THING = words("것 거 바 터")
_EXPECTED = words("예정 계획 전망 방침 듯 것 모양")
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
    pointed: bool = False
    """Whether it stands for something named before: `그는`, `이 조선소는`."""
    start: int = 0


@dataclass(frozen=True)
class Verb:
    """A verb in dictionary form with what its endings tell."""

    word: str
    ending: str
    """The form of its last ending."""
    tag: str
    """EF at the end of a sentence, EC of a clause, ETM before a noun, ETN as a noun."""
    negated: bool = False
    unsure: bool = False
    """Whether it is hearsay, planned or guessed."""
    start: int = 0


Item = Phrase | Verb


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
        start = self.parts[self.at].start
        names: list[Span] = []
        owner: Span | None = None
        joint, noun, pointed, listed = "", "", False, False
        while self.at < len(self.parts):
            part = self.parts[self.at]
            if part.start in self.spans:
                span = self.spans[part.start]
                if owner is not None and noun in TITLES | RELATIONS:
                    self.appositions.append((span, joint + noun, owner))
                elif names and (noun or names[-1].kind == "date"):
                    if noun in TITLES | RELATIONS:
                        self.appositions.append((span, noun, names[-1]))
                    names = []
                names, owner, noun, joint = [*names, span] if listed else [span], None, "", ""
                listed = False
                self._pass(span.end)
                self._bracket()
            elif part.tag in _NOMINAL and not self._verbal():
                pointed = pointed or part.tag == "NP" or (part.tag == "MM" and part.form in ("\uc774", "\uadf8"))
                noun = self._noun()
            elif part.tag == "JKG":
                owner, joint = (names[-1] if names and not _stands_for(names, noun) else None), "\uc758 "
                if names and not noun:
                    owner = names[-1]
                names, noun, pointed = [], "", False
                self.at += 1
            elif names and self._lists(noun):
                listed = True
                self.at += 1
            else:
                break
        self._close(names, noun, owner, joint, pointed, start)

    def _close(
        self, names: list[Span], noun: str, owner: Span | None, joint: str, pointed: bool, start: int
    ) -> None:
        """End a phrase at its particle."""
        if names and noun and noun not in NEAR and not (noun in TITLES and names[-1].kind in ("person", "name")):
            owner, joint, names = names[-1], "", []
        if names and noun in TITLES:
            noun = ""
        particle, tag = self._particle()
        if not (names or noun or owner):
            return
        self.items.append(Phrase(tuple(names), noun, particle, tag, owner, joint, pointed, start))

    def _particle(self) -> tuple[str, str]:
        """The particles at this place: the first that tells a part; a topic only where no other does."""
        found = ("", "")
        while self._tag().startswith("J"):
            part = self.parts[self.at]
            if not found[1] or (found[1] == "JX" and part.tag != "JX"):
                found = (_SAME.get(part.form, part.form), part.tag)
            self.at += 1
        if not found[1] and self._tag() == "VCP":
            return "", "VCP"
        return found

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

    def _pass(self, end: int) -> None:
        while self.at < len(self.parts) and self.parts[self.at].start < end:
            self.at += 1

    def _verb(self) -> None:
        """A verb with its auxiliaries and endings."""
        start = max(self.at - 1, 0) if self._tag() in ("XSV", "XSA") else self.at
        stem = [(part.form, part.tag) for part in self.parts[start : self.at + 1]]
        negated = self._tag() == "VCN" or (start > 0 and self.parts[start - 1].form in ("\uc548", "\ubabb"))
        unsure = False
        self.at += 1
        ending, tag = "", "EC"
        while self._tag().startswith("E") or self._tag() == "VX":
            part = self.parts[self.at]
            if part.tag == "VX":
                negated = negated or part.form in _DENYING
                unsure = unsure or (part.form == "\ud558" and ending in _PLANNING) or part.form == "\ub4ef\ud558"
                if part.form == "\uc9c0" and ending in ("\uc5b4", "\uc544"):
                    stem += [("\uc5b4", "EC"), ("\uc9c0", "VX")]
            elif part.tag != "EP":
                ending, tag = part.form, part.tag
            self.at += 1
        unsure = unsure or ending.endswith(_REPORTING)
        if tag == "ETM":
            tag, unsure = self._nominal(ending, unsure)
        self.items.append(Verb(_dictionary(*stem), ending, tag, negated, unsure, self.parts[start].start))

    def _nominal(self, ending: str, unsure: bool) -> tuple[str, bool]:
        """A verb before `것`: the end of a clause where `이다` or `으로 알려지다` follows."""
        noun = self.parts[self.at].form if self._tag() in ("NNB", "NNG") else ""
        if noun in _AFTER:
            return "EC", unsure
        if noun not in _THING | _EXPECTED:
            return "ETM", unsure
        if self._tag(1) == "VCP":
            self.at += 2
            return "EF", unsure or ending in ("\u11af", "\uc744")
        if self._tag(1) == "JKB" and self.parts[self.at + 1].form in ("\uc73c\ub85c", "\ub85c"):
            self.at += 2
            return "EC", True
        return "ETM", unsure


def _stands_for(names: Sequence[Span], noun: str) -> bool:
    """Whether a phrase with a noun behind its name is still what the name is."""
    return bool(names) and bool(noun) and noun not in NEAR


@lru_cache(maxsize=1 << 14)
def _dictionary(*stem: tuple[str, str]) -> str:
    """A stem as dictionaries have it: with the ending `다`."""
    return joined(*stem, ("\ub2e4", "EF"))
