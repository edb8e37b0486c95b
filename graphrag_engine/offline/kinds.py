"""What kind of thing a name is, from the name itself and from what stands beside it."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable
from functools import lru_cache

from graphrag_engine.offline.cues import FIRST_HEADS, HEADS, HONORIFICS, MEN, VESSELS, WOMEN, words
from graphrag_engine.offline.lexicon import Lexicon
from graphrag_engine.offline.nouns import TYPE_OF_NOUN
from graphrag_engine.offline.people import FEMALE_NAMES, GIVEN_NAMES
from graphrag_engine.offline.places import DEMONYMS, PLACES

ORDER = ("person", "organisation", "place", "work", "event", "concept", "name")
"""Types of names; the earlier wins a draw."""

_LEFT = re.compile(r"(?:([\w'\u2019-]+)\s+)?([\w'\u2019-]+)\s+\Z")
_ROLE = re.compile(r"\b([a-z]+),\s\Z")
_IS = re.compile(
    r"(?:\s?''|[\"\u201d*_])?(?:\s?\([^()]{0,120}\))?(?:,|,?\s?(?P<is>is|was|are|were|became|remains)(?:\salso|\snow)?)"
    r"\s(?:an?|the|one\sof(?:\sthe)?)\s(?P<what>[\w\s,'\u2019-]{2,90})"
)
_APPOSED = re.compile(r"(?:\s?\([^()]{0,120}\))?,\s(?P<what>[a-z][\w\s'\u2019-]{2,60})")
_PERSON_NEXT = re.compile(
    r"\s?\((?:born|b\.|n\u00e9e|aged|\d{1,2}\s\w+\s\d{4}|\d{4}\s?[\u2013-])"
    r"|,?\s(?:who|whose|himself|herself|aged|Jr|Sr)\b"
    r"|,?\s(?:said|says|wrote|told|asked|married|died|replied|argued|thought|smiled|answered|resigned|retired|testified"
    r"|swore|signed|swam|spoke|laughed|nodded|recalled|remembered|was\s(?:born|married|elected|appointed)"
    r"|studied|starred)\b"
    r"|['\u2019]s\s(?:first|second|third|fourth|fifth|debut|own)\s(?:single|album|novel|film|book|wife|husband|son)\b"
    r"|['\u2019]s\s(?:death|birth|life|career|reign|childhood|parents|family|marriage|lawyer|successor|widow|brothers)\b"
    r"|,?\scommitted\ssuicide|\s(?:lived|lives)\s|\s\w{2,}ed\s(?:his|her)\s"
    r"|['\u2019]s\s(?:father|mother|wife|husband|son|daughter|brother|sister|widow|mind|hand|face|eyes|letter|diary)\b"
)
_PLACE_NEXT = re.compile(
    r"\sto\sthe\s(?:immediate\s)?(?:north|south|east|west)|,?\s(?:is|are|was)\s(?:located|situated|bounded|bordered|administered)\b|\slies\b"
    r"|['\u2019]s\s(?:capital|population|mayor|coast|airport|suburbs|harbou?r|streets|economy)\b"
)
_FIRM_NEXT = re.compile(
    r",?\s(?:acquired|manufactures|manufactured|employs|employed|sells|publishes|(?:is|was)\s(?:headquartered|incorporated))\b"
)
_REGION_NEXT = re.compile(r",\s([^\W\d_][\w.-]*+(?:\s[^\W\d_][\w.-]*+)?+)(?!['\u2019])")
_YEAR_NEXT = re.compile(r"[\"\u201d*_]?\s\((?:1[6-9]|20)\d\d\)")
_NOUN_NEXT = re.compile(r"\s([a-z]+)\b")
_NAMING = {
    **dict.fromkeys(
        words(
            "valley river county counties province island islands coast peninsula building village lake region regions "
            "district districts constituency metro plateau plateaus mountains suburb harbour garden"
        ),
        "place",
    ),
    **dict.fromkeys(
        words("album film novel single song locomotive magazine newspaper trilogy engine rifle missile motorcycle"),
        "work",
    ),
    **dict.fromkeys(words("team band party corporation newsroom"), "organisation"),
    **dict.fromkeys(
        words("language languages culture degree citizenship religion dialect cuisine mythology"), "concept"
    ),
}
"""Nouns before which a name tells what it is itself: the Ecker valley."""
_PARTS = words(
    "Northern Southern Eastern Western Central Northeastern Northwestern Southeastern Southwestern Inner Outer Old "
    "Colonial Mainland Greater Upper Lower Ancient Medieval Modern Imperial Metropolitan Continental"
)
"""Words before the name of a place that make a part or a time of it."""
_SIDES = words(
    "north south east west northeast northwest southeast southwest outskirts population mayor suburbs residents"
)
"""Words before `of` and a place."""
_MADE = words(
    "written directed composed sung painted designed recorded performed played coached edited hosted invented"
)
"""Words before `by` and a person."""
_RUN = words("published owned operated distributed manufactured released funded sponsored employed marketed")
_JOINED = words("member members employee employees headquarters subsidiary branch fans supporters")
"""Words before `by` or `of` and a firm or a society."""
_LIVES = words(
    "reign death life wife widow marriage biography assassination birth murder portrait portraits son daughter"
)
"""Words before `of` and a person."""
_SOUND = re.compile(
    r"(?P<place>(?:ville|burgh?|shire|stan|grad|abad|polis|hausen|stadt|heim|bury|borough|holm|minster|wick)$)"
    r"|(?P<person>(?:ovi[c\u0107]|escu|enko|sson|ssen|dottir|kov|shvili|wski|wicz|elli|etti|ucci|inski|insky)$)"
)
"""Endings of names of places and of people."""
_QUOTES = ('"', "\u201c", "\u201d", "*", "_")
_NEXT = (
    (_PERSON_NEXT, "person", 2.0),
    (_PLACE_NEXT, "place", 2.0),
    (_FIRM_NEXT, "organisation", 1.5),
    (_YEAR_NEXT, "work", 1.5),
)
"""What follows a name, the type that it tells and how surely."""
_PEOPLES = re.compile(r"\w{2,}(?:ians?|icans|ites|ese|isms?|ists?)$|[\w-]+-American$")
_STATION = re.compile(r"\b(?:radio|television|TV|news)\s(?:station|channel|network)\b")
_STOP = words(
    "of in by for that who which located published released with from at on to as and or based near whose where "
    "broadcasting serving licensed featuring starring written directed about played used known"
)
_LOCATIVE = {
    "in": 2.0,
    "near": 2.0,
    "at": 1.0,
    "from": 1.0,
    "into": 1.0,
    "to": 0.5,
    "off": 1.0,
    "around": 1.0,
    "via": 1.0,
    "outside": 1.0,
    "throughout": 1.0,
    "across": 1.0,
}
_ACRONYM = re.compile(r"[A-Z][A-Z&.]{2,7}(?:-FM|-AM|-TV)?$")
_INITIALS = re.compile(r"(?:[A-Z]\w+\s)?(?:[A-Z]\.\s?){1,3}[A-Z]\w+")
_REGNAL = re.compile(r"[A-Z]\w+\s(?:I{1,3}|IV|VI{0,3}|IX|XI{0,3}|XIV|XVI{0,3})(?:\sof\s|$)")
_COUNTED = words(
    "Grade Class Type Mark Part Phase Level Schedule Title Tier Volume Stage Group Category Section Apollo"
)
"""What is numbered in Roman figures and is no ruler."""
_CHAMBERS = words("Representatives Commons Lords Delegates Assembly Deputies Councillors Keys Burgesses")
"""What `House of` makes an organisation."""
_SURNAMES = words(
    "Hall Hill Park Lake Rivers Banks Street Lane Church Woods Wood Green Field Castle Marsh Grove Heath Point "
    "North West Gates Bay Bank House Mills Mill Rock Stone Fort Port Bridge Forest Garden Temple Abbey Day Battle "
    "Rice Ford Head Way Firth Fell Market Tour"
)
"""Heads of places that are surnames as well: after a given name they make a person."""


@lru_cache(maxsize=1 << 16)
def from_name(name: str) -> tuple[str, float]:
    """Type and strength of evidence in the name alone; ("name", 0) where it says nothing."""
    if name in DEMONYMS:
        return "concept", 6
    if name in PLACES:
        return "place", 5
    written = name.split()
    if len(written) == 1:
        return (kind, 2) if (kind := _head(name)) else _person(name, written)
    return _titled(name, written) or headed(written) or _person(name, written)


def _titled(name: str, written: list[str]) -> tuple[str, float] | None:
    """A person with a title, with initials, or with a surname that is a word for a place as well."""
    first, last = written[0], written[-1]
    if first in HONORIFICS and "of" not in written and not _head(last):
        return "person", 5
    if _REGNAL.match(name) and first not in _COUNTED and first.lower() not in TYPE_OF_NOUN:
        return "person", 3
    if _INITIALS.match(name) and (last in _SURNAMES or not headed(written)):
        return "person", 3
    if first in GIVEN_NAMES and last in _SURNAMES and len(written) < 4:
        return "person", 3
    return None


def headed(written: list[str]) -> tuple[str, float] | None:
    """A name with a telling head: its last word, or the last before `of`, or its first."""
    last = written[-2] if written[-1].isdigit() else written[-1].rstrip(",")
    if "of" in written[1:] and written[-1] in _CHAMBERS:
        return "organisation", 4
    head = written[written.index("of") - 1] if "of" in written[1:] else last
    if kind := _head(head):
        return kind, 4
    if found := _placed(written, last):
        return found
    for kind, heads in FIRST_HEADS.items():
        if written[0] in heads and written[1] not in GIVEN_NAMES:
            return kind, 3
    if written[0] == "The" and written[1] in FIRST_HEADS["organisation"]:
        return "organisation", 3
    if kind := _head(last.capitalize()) or _head(last.removesuffix("s")) or _head(last.removesuffix("es")):
        return kind, 4 if last in HEADS[kind] else 2
    return _described(written, last)


def _placed(written: list[str], last: str) -> tuple[str, float] | None:
    """A people or a place with a word before it, or a team: a place's name with a plural behind it."""
    if (last in DEMONYMS or last.removesuffix("s") in DEMONYMS) and len(written) < 4:
        return "concept", 3
    if " ".join(written[1:]) in PLACES and (written[0] in _PARTS or written[0] in DEMONYMS):
        return "place", 3
    if (
        (written[0] in PLACES or " ".join(written[:-1]) in PLACES)
        and last.endswith("s")
        and last.isalpha()
        and len(written) < 4
        and last not in PLACES
    ):
        return "organisation", 2
    return None


def _described(written: list[str], last: str) -> tuple[str, float] | None:
    """A firm by a word inside its name; else what a common noun at the end says."""
    if len(written) > 2 and any(word in HEADS["organisation"] for word in written[1:-1]):
        return "organisation", 2
    kind = "" if written[0] in GIVEN_NAMES else TYPE_OF_NOUN.get(last.lower())
    return (kind, 1.5) if kind else None


def _person(name: str, words: list[str]) -> tuple[str, float]:
    if words[0] in GIVEN_NAMES and 1 < len(words) < 5 and "of" not in words:
        return "person", 3
    if words[0] in GIVEN_NAMES and len(words) == 1:
        return "person", 1
    if len(words) > 2 and words[-2] in GIVEN_NAMES:
        return "person", 2
    if " & " in name:
        return "organisation", 3
    if _ACRONYM.match(name):
        return "organisation", 1
    if _PEOPLES.match(name):
        return "concept", 1
    if len(words) == 1 and (sound := _SOUND.search(name)):
        return sound.lastgroup or "", 1
    return "name", 0


def _head(word: str) -> str:
    for kind, heads in HEADS.items():
        if word in heads:
            return kind
    return ""


def may_be_person(name: str) -> bool:
    """Whether a name says nothing against being a person's."""
    return from_name(name)[0] in ("person", "name")


def gender(name: str) -> str:
    """`he` or `she` where a title or given name tells; empty where none does."""
    words = name.split()
    if words[0] in WOMEN or (len(words) > 1 and words[1] in FEMALE_NAMES) or words[0] in FEMALE_NAMES:
        return "she"
    return "he" if words[0] in MEN or words[0] in GIVEN_NAMES else ""


def head_noun(phrase: str) -> str:
    """The noun that a describing phrase is about (`an American film director`); empty where none is known."""
    found = last = ""
    for word in phrase.split()[:9]:
        if found and last.endswith(","):
            break
        last, word = word, word.rstrip(",")
        if word.lower() in TYPE_OF_NOUN:
            found = word.lower()
        elif word in _STOP and (found or word not in ("and", "or")):
            break
        elif word.endswith("s") and word[:-1] in TYPE_OF_NOUN:
            found = word[:-1]
    return found


def noun_type(phrase: str) -> str:
    """Type that a describing phrase gives; empty where it tells none."""
    return "organisation" if _STATION.search(phrase) else TYPE_OF_NOUN.get(head_noun(phrase), "")


def _spreads(kind: str, one: str, other: str) -> bool:
    """Whether the type of *other* tells that of *one* beside it: a single word beside a whole name may be anything."""
    return kind in ("place", "organisation") or (kind == "person" and (" " in one or " " not in other))


def _type_before(word: str) -> str:
    """Type that a common noun tells of the name behind it, or of the names behind its plural."""
    if word in VESSELS:
        return "work"
    return TYPE_OF_NOUN.get(word, "") or (TYPE_OF_NOUN.get(word[:-1], "") if word.endswith("s") else "")


def _led(lead: str, word: str) -> tuple[str, float]:
    """Type and strength of what a preposition and the word before it tell of the name behind them."""
    if lead in ("borders", "bordered") or (word == "of" and (lead in _SIDES or _type_before(lead) == "place")):
        return "place", 3
    if (word == "by" and lead in _MADE) or (word == "of" and lead in _LIVES):
        return "person", 1.5
    if (word == "by" and lead in _RUN) or (word == "of" and lead in _JOINED):
        return "organisation", 1
    return "place", _LOCATIVE.get(word, 0)


class Votes:
    """Evidence for the types of the names of one text unit."""

    def __init__(self, lexicon: Lexicon) -> None:
        self._votes: dict[str, Counter[str]] = defaultdict(Counter)
        self._lexicon = lexicon
        self._listed: list[tuple[str, str]] = []

    def add(self, name: str, kind: str, weight: float) -> None:
        """Count one piece of evidence."""
        self._votes[name][kind] += weight  # type: ignore[assignment]  # typeshed knows Counter of int only

    def list(self, left: str, right: str) -> None:
        """Note two names side by side in a list: they are of one kind."""
        self._listed.append((left, right))

    def see(self, text: str, start: int, end: int, name: str) -> None:
        """Count what stands beside one mention."""
        self._before(text[max(0, start - 32) : start], name)
        after = text[end : end + 160]
        self._after(after, name)
        if " " in name and text[start - 1 : start] in _QUOTES and after[:1] in _QUOTES:
            self.add(name, "work", 0.5)
        stated = _IS.match(after) or _APPOSED.match(after)
        if stated and (kind := noun_type(stated["what"])):
            self.add(name, kind, 4 if stated.groupdict().get("is") else 2)

    def _after(self, text: str, name: str) -> None:
        for pattern, kind, weight in _NEXT:
            if pattern.match(text):
                self.add(name, kind, weight)
        noun = _NOUN_NEXT.match(text)
        if noun and noun[1] in _NAMING:
            self.add(name, _NAMING[noun[1]], 1)
        region = _REGION_NEXT.match(text)
        if region and (region[1] in PLACES or region[1].split()[0] in PLACES):
            self.add(name, "place", 1.5)

    def _before(self, text: str, name: str) -> None:
        left = _LEFT.search(text)
        if left is None:
            role = _ROLE.search(text)
            if role and TYPE_OF_NOUN.get(role[1]) == "person":
                self.add(name, "person", 1)
            return
        lead, word = left.groups("")
        if word.lower() == "the":
            self.add(name, "person", -4)
        elif kind := _type_before(word):
            self.add(name, kind, 3)
        elif lead.lower() != "according":
            self.add(name, *_led(lead, word))

    def decide(self, names: Iterable[str]) -> dict[str, str]:
        """The type of each name."""
        decided = {name: self._best(name) for name in names}
        for left, right in (*self._listed, *reversed(self._listed)):
            for one, other in ((left, right), (right, left)):
                if decided.get(one) == "name" and _spreads(decided.get(other, ""), one, other):
                    decided[one] = decided[other]
        full = [name.split() for name, kind in decided.items() if kind == "person" and " " in name]
        parts = {words[-1] for words in full} | {words[0] for words in full if words[0] in GIVEN_NAMES}
        for name in decided:
            if name in parts and name not in PLACES and name not in DEMONYMS:
                decided[name] = "person"
        return decided

    def _best(self, name: str) -> str:
        kind, weight = from_name(name)
        votes = self._votes.get(name, Counter()).copy()
        if kind == "person" and weight < 5 and name in self._lexicon.articled:
            kind, weight = "work", 1
        elif kind == "person" and weight < 5 and votes["person"] < 0:
            kind, weight = headed(name.split()) or (kind, weight)
        if weight:
            votes[kind] += weight  # type: ignore[assignment]  # as above
        elif self._like_person(name):
            votes["person"] += 1
        top = max(votes.values(), default=0)
        return next((kind for kind in ORDER if votes[kind] == top), "name") if top > 0 else "name"

    def _like_person(self, name: str) -> bool:
        """Two or three words that are no common words: most often a person."""
        words = name.split()
        return (
            1 < len(words) < 4
            and not any(word in PLACES or word in DEMONYMS for word in words)
            and name not in self._lexicon.articled
            and all(word[0].isupper() and self._lexicon.names.get(word) is not False for word in words)
            and not any(word.isupper() and len(word) > 1 for word in words)
            and any(map(self._lexicon.names.get, words))
        )
