"""The type of a name by what stands beside it, mention by mention: evidence, added up for one text unit."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable
from itertools import pairwise

from graphrag_engine.offline.cues import FUNCTION, OFFICES, PARTICLES, words
from graphrag_engine.offline.kinds import from_name, headed, noun_type
from graphrag_engine.offline.leads import led, type_before
from graphrag_engine.offline.lexicon import Lexicon
from graphrag_engine.offline.nouns import TYPE_OF_NOUN
from graphrag_engine.offline.people import GIVEN_NAMES
from graphrag_engine.offline.places import DEMONYMS, PLACES
from graphrag_engine.offline.verbs import is_verb

ORDER = ("person", "organisation", "place", "work", "event", "concept", "name")
"""Types of names; the earlier wins a draw."""

_LEFT = re.compile(r"(?:([\w'\u2019-]+)\s+)?([\w'\u2019-]+)\s+\Z")
_LATEST = re.compile(
    r"(?:\d{4}|debut|first|second|third|fourth|fifth|sixth|seventh|final|latest|['\u2019]s|his|her|their)\s(?:[\w-]+\s){0,2}"
    r"(?:album|single|EP|novel|film|book|song|play|poem|series|opera|musical|story),\s[\"\u201c]?\Z"
)
"""What stands before the title of a work."""
_OF_MAKER = re.compile(r"[A-Z][\w-]+['\u2019]s\s[\"\u201c]?\Z")
_BROUGHT_OUT = re.compile(
    r"\b(?:published|released|developed|distributed|owned|operated|manufactured|acquired|sponsored)\b[^.,;()]{1,22}"
    r"\sby\s(?:the\s)?\Z"
)
_NAMELY = re.compile(
    r"\b([a-z]+)(?:\s(?:such\sas|including|like|named|called|is|are|was|were)|,\s(?:namely|including|such\sas))\s(?:the\s)?\Z"
)
_APPOSED_TO = re.compile(r"\ban?\s(?:[\w-]+\s)?([a-z]+),\s\Z")
"""A common noun before a name, which tells what it is."""
_UNDER = re.compile(r"\bunder\s\Z")
_SHOWN = re.compile(r"\b(?:premiered|aired|airs|broadcast|stream(?:ed|ing)|shown|available)\son\s(?:the\s)?\Z")
_TO_PLACE = re.compile(
    r"\b(?:into|across|along|near|outside|(?:north|south|east|west|banks|tributary|mouth|siege|capture|shores|city|town"
    r"|village|coast)\sof)\sthe\s\Z"
)
_WITH_BODY = re.compile(
    r"\b(?:with|by|against|joined|beat|defeated|(?:play|sign|work|coach|driv)\w{1,3}\sfor)\sthe\s\Z"
)
_MEASURED = re.compile(r"\(\d[\d,.]*\s\Z")
_INITIALLED = re.compile(r"\b([a-z]+)\s\(\Z")
"""A common noun before a bracket, in which an acronym stands."""
_OF_PEOPLE = PARTICLES - words("of and the for in on at e et und och og a")
"""Small words inside the names of people."""
_ADJECTIVE = re.compile(r"\w{2,}(?:[a-z]an|ic|ish|ist|al|ine|ate|ant)$")
"""Endings of single words that describe the noun behind them: a Confederate steamship."""
_DATED = re.compile(r"(?:\(|\s[\u2013-]\s)[^()]*\d{4},\s\Z")
"""A date in brackets before a name: where somebody was born or died."""
_ROLE = re.compile(r"\b([a-z]+),\s\Z")
_IS = re.compile(
    r"(?:\s?''|[\"\u201d*_])?(?:\s?\([^()]{0,120}\))?(?:,|,?\s?(?P<is>is|was|are|were|became|remains)(?:\salso|\snow)?)"
    r"\s(?:an?|the|one\sof(?:\sthe)?)\s(?P<what>[\w\s,'\u2019-]{2,90})"
)
_APPOSED = re.compile(r"(?:\s?\([^()]{0,120}\))?,\s(?P<what>[a-z][\w\s'\u2019-]{2,60})")
_PERSON_NEXT = re.compile(
    r"\s?\(\s?(?:born|b\.|n\u00e9e|aged|died|d\.|c\.|circa|\d{1,2}\s\w+\s\d{4}|[A-Z]\w+\s\d{1,2},\s\d{4}|\d{4}\s?[\u2013-])"
    r"|,?\s(?:who|whose|himself|herself|aged|Jr|Sr)\b"
    r"|,?\s(?:said|says|wrote|told|asked|married|died|replied|argued|thought|smiled|answered|resigned|retired|testified"
    r"|swore|signed|swam|spoke|laughed|nodded|recalled|remembered|was\s(?:born|married|elected|appointed)"
    r"|studied|starred)\b"
    r"|['\u2019]s\s(?:first|second|third|fourth|fifth|debut|own)\s(?:single|album|novel|film|book|wife|husband|son)\b"
    r"|['\u2019]s\s(?:death|birth|life|career|reign|childhood|parents|family|marriage|lawyer|successor|widow|brothers)\b"
    r"|\s(?:is|was|are|were)\s(?:portrayed|played|voiced|raised|educated|survived|nicknamed|knighted|ordained)\b"
    r"|,?\s(?:grew\sup|graduated|attended|emigrated|remarried|commented|explained|joked|confessed)\b"
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
_MADE_NEXT = re.compile(
    r"[\"\u201d*_]?,?\s(?:(?:is|was)\s)?(?:first\s)?(?:written|directed|composed|recorded|performed|illustrated|sung)\s"
    r"(?:and\s\w+\s)?by\b|\s(?:premiered|aired|peaked|debuted)\b|[\"\u201d*_]?\s(?:stars|features)\s[A-Z]"
)
_MAKER_NEXT = re.compile(
    r"['\u2019]s\s(?:[\"\u201c\u2018`]|(?:[a-z]+\s)?(?:novel|poems?|plays|paintings|theory|memoirs?|essays?)\b)"
)
_HELD_NEXT = re.compile(r"\s(?:(?:is|was|were)\s(?:first\s)?(?:held|contested|fought)|took\splace)\b")
_ACTING = re.compile(
    r",?\s(?:announced|operates|operated|launched|merged|ceased|produces|produced|sells|sold|introduced|unveiled"
    r"|signed|acquires)\b"
)
_LEAGUE_NEXT = re.compile(r"\s(?:of|in)\sthe\s(?:[A-Z]\w+\s){1,3}(?:League|Association|Conference|Division)\b")
_BORN_NEXT = re.compile(r"(?:,\s[A-Z][\w-]+){0,2},\s(?:[A-Z][a-z]+\s\d{1,2},\s\d{4}|\d{1,2}\s[A-Z][a-z]+\s\d{4})")
_IMPRINT_NEXT = re.compile(r",\s\d{4}\)")
_YEAR_NEXT = re.compile(r"[\"\u201d*_]?\s?\(\s?(?:1[6-9]|20)\d\d\)")
_OWNING = re.compile(r"['\u2019]s\s[a-z]{3,}")
_NOUN_NEXT = re.compile(r"\s([a-z]+)\b")
_NAMING = {
    **dict.fromkeys(
        words(
            "valley river county counties province island islands coast peninsula building village lake region regions "
            "district districts constituency metro plateau plateaus mountains suburb harbour garden range peak bridge "
            "mountain canyon desert forest municipality glacier stadium castle abbey station department area "
            "village town street streets road wing neighbourhood neighborhood"
        ),
        "place",
    ),
    **dict.fromkeys(
        words(
            "album film films movie movies novel novels single song locomotive magazine newspaper trilogy engine rifle "
            "missile motorcycle series franchise saga episode trailer soundtrack musical"
        ),
        "work",
    ),
    **dict.fromkeys(
        words(
            "team band party corporation newsroom guitarist drummer bassist vocalist frontman keyboardist coach fans "
            "airline label subscribers satellite software employees shareholders dynasty committee "
            "lobbyist spokesman spokeswoman spokesperson fighters militants troops fraternity sorority "
        ),
        "organisation",
    ),
    **dict.fromkeys(
        words(
            "language languages culture degree citizenship religion dialect cuisine mythology tribe tribes peoples "
            "people movement era theorem syndrome disease effect algorithm method principle scale climate breed "
            "cheese sauce"
        ),
        "concept",
    ),
}
"""Nouns before which a name tells what it is itself: the Ecker valley."""
_QUOTES = frozenset('"\u201c\u201d*_`')
_NEXT = (
    (_PERSON_NEXT, "person", 2.0),
    (_PLACE_NEXT, "place", 2.0),
    (_FIRM_NEXT, "organisation", 1.5),
    (_MADE_NEXT, "work", 1.5),
    (_HELD_NEXT, "event", 1.5),
    (_MAKER_NEXT, "person", 1.0),
    (_ACTING, "organisation", 0.7),
    (_LEAGUE_NEXT, "organisation", 1.5),
    (_YEAR_NEXT, "work", 1.5),
    (_OWNING, "person", 0.5),
)
"""What follows a name, the type that it tells and how surely."""
_PREVIOUS = (
    ((",",), _LATEST, "work", 1.5),
    (("'s", "\u2019s"), _OF_MAKER, "work", 0.4),
    ((",",), _DATED, "place", 1.0),
    (("under",), _UNDER, "person", 0.5),
    (("the",), _TO_PLACE, "place", 1.0),
    (("on", "the"), _SHOWN, "organisation", 2.0),
    (("the",), _WITH_BODY, "organisation", 0.5),
    (("by", "the"), _BROUGHT_OUT, "organisation", 2.5),
)
"""What stands before a name: how it ends, which is quickly seen, the whole, the type that it tells and how surely."""
_OPENING = ' \t\r\n"\u201c\u00a0'
"""What may stand between these words and the name."""


def _spreads(kind: str, one: str, other: str) -> bool:
    """Whether the type of *other* tells that of *one* beside it: a single word beside a whole name may be anything."""
    if kind == "concept":
        return other in DEMONYMS and " " not in one
    return kind in ("place", "organisation", "work") or (kind == "person" and (" " in one or " " not in other))


class Votes:
    """Evidence for the types of the names of one text unit."""

    def __init__(self, lexicon: Lexicon) -> None:
        self._votes: dict[str, Counter[str]] = defaultdict(Counter)
        self._lexicon = lexicon
        self._listed: list[tuple[str, str]] = []
        self._equal: dict[str, str] = {}

    def add(self, name: str, kind: str, weight: float) -> None:
        """Count one piece of evidence."""
        self._votes[name][kind] += weight  # type: ignore[assignment]  # typeshed knows Counter of int only

    def list(self, left: str, right: str) -> None:
        """Note two names side by side in a list: they are of one kind."""
        self._listed.append((left, right))

    def equate(self, name: str, other: str) -> None:
        """Note that a name is another one in a different language."""
        self._equal[name] = other

    def see(self, text: str, start: int, end: int, name: str) -> None:
        """Count what stands beside one mention."""
        before = text[max(0, start - 40) : start]
        self._bracketed(before, text[end : end + 40], name)
        self._before(before, name, owns=text.startswith(("'s", "\u2019s"), end))
        apposed = before.rstrip().endswith(",")
        if apposed and (role := _ROLE.search(before)) and TYPE_OF_NOUN.get(role[1]) == "person":
            self.add(name, "person", 1)
        elif (noun := _NAMELY.search(before) or (apposed and _APPOSED_TO.search(before))) and (
            kind := type_before(noun[1])
        ):
            self.add(name, kind, 2)
        elif text.startswith(":", end) and (not start or text[start - 1] == "\n"):
            self.add(name, "person", 1)
        after = text[end : end + 160]
        self._after(after, name)
        if text[max(0, start - 2) : start].strip()[-1:] in _QUOTES and after[:2].strip()[:1] in _QUOTES:
            self.add(name, "work", 0.5)
        stated = _IS.match(after) or _APPOSED.match(after)
        if stated and (kind := noun_type(stated["what"])):
            several = kind == "person" and stated.groupdict().get("is") == "were"
            kind = "organisation" if several else kind
            self.add(name, kind, 4 if stated.groupdict().get("is") else 2)

    def _bracketed(self, before: str, after: str, name: str) -> None:
        """Count what a bracket says: where one was born, who published a book, what letters stand for."""
        if before.endswith("("):
            self.add(name, "place", 2 if _BORN_NEXT.match(after) else 0)
            self.add(name, "organisation", 1.5 if _IMPRINT_NEXT.match(after) else 0)
        if name.isupper() and (noun := _INITIALLED.search(before)):
            self.add(name, TYPE_OF_NOUN.get(noun[1], "concept"), 2)
        elif name.isupper() and _MEASURED.search(before):
            self.add(name, "concept", 2)

    def _after(self, text: str, name: str) -> None:
        for pattern, kind, weight in _NEXT:
            if pattern.match(text):
                self.add(name, kind, weight)
        noun = _NOUN_NEXT.match(text)
        if noun and noun[1] in _NAMING:
            self.add(name, _NAMING[noun[1]], 1)
        elif noun and _ADJECTIVE.match(name) and noun[1] not in FUNCTION and not is_verb(noun[1]):
            self.add(name, "concept", 0.5)
        region = _REGION_NEXT.match(text)
        if region and (region[1] in PLACES or region[1].split()[0] in PLACES):
            self.add(name, "place", 1.5)

    def _before(self, text: str, name: str, *, owns: bool) -> None:
        """Count what stands before a name; *owns*: something of its own follows, so `in` is not said of it."""
        bare = text.rstrip(_OPENING)
        for ends, pattern, kind, weight in _PREVIOUS:
            if bare.endswith(ends) and pattern.search(text):
                self.add(name, kind, weight)
        left = _LEFT.search(text)
        if left is None:
            return
        lead, word = left.groups("")
        if word.lower() == "the":
            self._articled(name)
        elif kind := type_before(word):
            self.add(name, kind, 4.5 if kind in ("work", "person") and word.islower() else 3)
        elif word in ("a", "an"):
            self.add(name, "concept", 0 if " " in name else 0.6)
        elif lead.lower() != "according":
            self.add(name, *led(lead.lower(), word, loosely=owns or name.startswith("The ")))

    def _articled(self, name: str) -> None:
        """Count the article before a name, which people have not and teams have."""
        self.add(name, "person", -4)
        if " " not in name and name.endswith("s"):
            self.add(name, "organisation", 0.4)
        elif " " in name and name.split()[0] in PLACES:
            self.add(name, "organisation", 0.6)

    def decide(self, names: Iterable[str]) -> dict[str, str]:
        """The type of each name."""
        decided = {name: self._best(name) for name in names}
        self._spread(decided)
        for name, other in self._equal.items():
            decided[name] = decided[other] if decided.get(other, "name") != "name" else decided[name]
        full = [
            name.split() for name, kind in decided.items() if kind == "person" and " " in name and " of " not in name
        ]
        parts = {words[-1] for words in full} | {words[0] for words in full if words[0] in GIVEN_NAMES}
        for name in decided:
            if name in parts and name not in PLACES and name not in DEMONYMS:
                decided[name] = "person"
        return decided

    def _spread(self, decided: dict[str, str]) -> None:
        """Give names of no type that of what they are listed with; between two people stands a third."""
        for left, right in (*self._listed, *reversed(self._listed)):
            for one, other in ((left, right), (right, left)):
                if decided.get(one) == "name" and _spreads(decided.get(other, ""), one, other):
                    decided[one] = decided[other]
        for (left, one), (again, right) in pairwise(self._listed):
            if one == again and decided.get(one) == "name" and decided.get(left) == decided.get(right) == "person":
                decided[one] = "person"

    def _best(self, name: str) -> str:
        kind, weight = from_name(name)
        votes = self._votes.get(name, Counter()).copy()
        weight += 0.1 * (weight > 0)
        if kind == "person" and weight < 5 and name in self._lexicon.articled:
            kind, weight = "work", 1
        elif kind == "person" and weight < 5 and votes["person"] < 0:
            kind, weight = ("concept", 5) if name.split()[-1] in OFFICES else headed(name.split()) or (kind, weight)
        if weight:
            votes[kind] += weight  # type: ignore[assignment]  # as above
        elif self._like_person(name):
            votes["person"] += 1
        elif " of " in name:
            votes["person" if all(map(self._is_proper, name.split(" of "))) else "concept"] += 0.5  # type: ignore[assignment]
        top = max(votes.values(), default=0)
        return next((kind for kind in ORDER if votes[kind] == top), "name") if top > 0 else "name"

    def _is_proper(self, word: str) -> bool:
        """Whether a word may be a given name, as far as the corpus knows: the first of `Liutbert of Mainz`."""
        return self._lexicon.names.get(word, True) and not word.endswith("s")

    def _like_person(self, name: str) -> bool:
        """Two to four words that are no common words: most often a person."""
        words = [word for word in name.split() if word not in _OF_PEOPLE]
        return (
            1 < len(words) < 5
            and not any(word in PLACES or word in DEMONYMS for word in words)
            and name not in self._lexicon.articled
            and all(word[0].isupper() and self._lexicon.names.get(word) is not False for word in words)
            and not any(word.isupper() and len(word) > 1 for word in words)
            and any(map(self._lexicon.names.get, words))
        )
