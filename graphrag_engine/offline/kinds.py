"""What kind of thing a name is by its own words."""

import re
from functools import lru_cache

from graphrag_engine.offline.cues import (
    FIRST_HEADS,
    HEADS,
    HONORIFICS,
    MEN,
    OFFICES,
    PARTICLES,
    TEAMS,
    WEEKDAYS,
    WOMEN,
    words,
)
from graphrag_engine.offline.nouns import TYPE_OF_NOUN
from graphrag_engine.offline.people import FEMALE_NAMES, GIVEN_NAMES
from graphrag_engine.offline.places import DEMONYMS, PLACES
from graphrag_engine.offline.wellknown import WELL_KNOWN

_PARTS = words(
    "Northern Southern Eastern Western Central Northeastern Northwestern Southeastern Southwestern Inner Outer Old "
    "Colonial Mainland Greater Upper Lower Ancient Medieval Modern Imperial Metropolitan Continental"
)
"""Words before the name of a place that make a part or a time of it."""
_NOBLE = words(
    "King Queen Prince Princess Duke Duchess Earl Count Countess Baron Baroness Emperor Empress Sultan Marquess "
    "Marquis Viscount Margrave Elector Prince-Elector Landgrave Archduke Archduchess Maharaja Maharani Raja Shah Emir "
    "Caliph Pharaoh Infanta Infante Grand Regent Vogt Lord Lady Dauphin Tsar Czar Kaiser Khan Dukes Counts Earls "
    "Lords Duc Duchesse Comte Comtesse Graf Herzog Conde Duque Marchese Conte"
)
"""Ranks: with the `of` behind them they stand for who holds them."""
_POSTS = words(
    "President Vice-President Minister Secretary Chancellor Governor Senator Ambassador Archbishop Director Chairman "
    "Chairwoman Officer Commander Commissioner Professor Speaker Treasurer Editor Admiral General Deputy Provost "
    "Rector Superintendent Manager Inspector Representative Attorney Superior Adviser Advisor Correspondent"
)
"""Offices that nobody has for a surname: behind other words they are no particular person."""
_TRADES = words(
    "Actor Actress Singer Rapper Drummer Guitarist Bassist Keyboardist Vocalist Pianist Wrestler Boxer Pugilist "
    "Footballer Golfer Swimmer Author Writer Novelist Poet Painter Journalist Comedian Filmmaker Politician Composer "
    "Producer Musician Philosopher Historian Economist Entrepreneur Businessman"
)
"""What stands before a name of a person where a sentence begins."""
_PRIZES = words("Award Prize Medal Fellowship Scholarship Trophy")
_FOREMOST = words("Best Outstanding")
"""First words of what prizes are given for."""
_OFFICIAL = words(
    "Minister Secretary Governor President Director Mayor Chancellor Chairman Commissioner Speaker Attorney Chief "
    "Head Dean Professor Bachelor Master Doctor Vice Deputy Under-Secretary Ambassador Bishop Archbishop Leader"
)
"""Offices and degrees: with the `of` behind them they are no particular person."""
_TEACHING = re.compile(
    r"[A-Za-z][a-z]+(?:ology|ography|onomy|hemistry|entistry|ometry|nomics|etics|ematics|itics|ysics|onics|istics|onism|alism|arism"
    r"|icism|ianity)$"
)
"""Endings of fields of knowledge and of faiths."""
_FIELD = re.compile(
    rf"(?:{_TEACHING.pattern[:-1]}|Athletics|Gymnastics|Boxing|Wrestling|Swimming|Cycling|Fencing|Archery|Sailing"
    r"|Rowing|Judo|Botany|Algebra|Anatomy"
    r"|Art|Arts|History|Research|Science|Sciences|Studies|Engineering|Economics|Mathematics|Philosophy|Medicine|Literature"
    r"|Theory|Education|Management|Cartooning|Music|Dance|Drama|Journalism|Technology|Psychology|Design|Marketing|Planning"
    r"|Index|Chart|Charts|Ages|Era|Period|Revival|Format|Factor|Philology|Dentistry|Nursing|Theology|Divinity|Language|Languages|Syndrome|Disease|Effect|Theorem|Equation|Law)$"
)
"""Last words of fields of knowledge."""
_UNSURE = 2.5
"""Strength of a head that names of several types have."""
_ORDINAL = re.compile(r"\d+(?:st|nd|rd|th)$")
_KIN = words("ibn bin bint ben al-Din")
_TALKING = words(
    "it it's its me my you your you're we our us i i'm i'll i've he him she her they them do did does don't didn't is "
    "isn't are was were am can can't could will won't would should shall let let's like where when why how what who "
    "whose while after before until because if never ever not no yes this that these those gonna wanna ain't"
)
"""Small words that the name of a work holds and other names seldom do."""
_SOUND = re.compile(
    r"(?P<place>(?:ville|burgh?|shire|stan|grad|abad|polis|hausen|stadt|heim|bury|borough|holm|minster|wick)$)"
    r"|(?P<person>(?:ovi[c\u0107]|escu|enko|sson|ssen|dottir|kov|shvili|wski|wicz|elli|etti|ucci|inski|insky)$)"
)
"""Endings of names of places and of people."""
_PEOPLES = re.compile(r"\w{2,}(?:ians?|icans|ites|ese|isms?|ists?)$|[\w-]+-American$")
_TRIBES = words(
    "Angles Aztecs Mayas Incas Goths Visigoths Ostrogoths Celts Slavs Moors Huns Gauls Franks Turks Serbs Croats Finns "
    "Danes Swedes Poles Scots Kurds Spaniards Britons Lombards Magyars Gypsies Berbers Bedouins Tuareg Zulus Sikhs "
    "Jews Jains Druze Sufis Pashtuns Uyghurs Mongols Picts"
)
"""Peoples whose names no ending tells."""
_SAINTLY = words(
    "San Santa St. St Saint New North South East West Upper Lower Central Northern Southern Eastern Western Greater"
)
"""First words of places that stand before given names as well."""
_PASSAGES = words("Article Chapter Section Act Part Amendment Clause Title Volume Book Canto Episode Symphony Psalm")
"""What works are divided into."""
_ROMAN = re.compile(r"[IVX]{1,5}$")
_ACRONYM = re.compile(r"[A-Z][A-Z&.]{1,8}(?:-FM|-AM|-TV)?$")
_LETTERS = re.compile(r"[A-Z]{3,6}$")
"""An acronym with which the name of a body begins."""
_MANY_LETTERS = re.compile(r"[A-Z]{2,}s$")
_ON_AIR = re.compile(r"-(?:FM|AM|TV)$")
_THINGS = words(
    "HD CD CDs DVD DVDs EP EPs LP LPs TV PC PCs GDP HTML XML JSON SQL URL PDF SUV VHS USB GPS DNA RNA IQ CEO CFO CTO "
    "CIO HR PR VIP DJ MC HIV AIDS ADHD PTSD UHF VHF HDTV RPG MMORPG AI ML LED LCD CPU GPU RAM API SDK IP TCP HTTP "
    "HTTPS SSH PVC TNT BMI UFO UV VAT IPO AGM MOU FAQ ID PIN SIM OS IT CGI MA MBA BA BSc MSc PhD JD MD CV OBE MBE CBE "
    "KBE GBE BEM MVP RBI ERA R&B"
)
"""Acronyms of things that are no body."""
_NICKNAME = frozenset("\"\u201c'`(")
_DEED = re.compile(r"(?:[ts]ion|ment|ness|ing|ance|ence|ship|ity)$")
"""Endings of deeds and qualities."""
_ROAD = re.compile(r"(?:I|US|SR|NH|A|E|M|Route|RN)-\d{1,4}$")
_MODEL = re.compile(r".*\b(?:[A-Z]+[a-z]*-?\d+[A-Z]?|\d+[A-Z]+|\d{2,4})$")
"""Names that end with a number: machines, types, charts."""
_INITIALS = re.compile(r"(?:[A-Z]\w+\s)?(?:[A-Z]\.\s?){1,3}[A-Z]\w+")
_REGNAL = re.compile(r"[A-Z]\w+\s(?:I{1,3}|IV|VI{0,3}|IX|XI{0,3}|XIV|XVI{0,3})(?:\sof\s|$)")
_COUNTED = words(
    "Grade Class Type Mark Part Phase Level Schedule Title Tier Volume Stage Group Category Section Apollo Article War "
    "Annex Appendix Chapter Book Game Round"
)
"""What is numbered in Roman figures and is no ruler."""
_CHAMBERS = words("Representatives Commons Lords Delegates Assembly Deputies Councillors Keys Burgesses")
"""What `House of` makes an organisation."""
_SURNAMES = words(
    "Hall Hill Park Lake Rivers Banks Street Lane Church Woods Wood Green Field Castle Marsh Grove Heath Point "
    "North West Gates Bay Bank House Mills Mill Rock Stone Fort Port Bridge Forest Garden Temple Abbey Day Battle "
    "Rice Ford Head Way Firth Fell Market Tour Ward Parish Brook Cross Key Storm Snow "
    "Waltz Post Bill Story Song Guide"
)
"""Heads of places that are surnames as well: after a given name they make a person."""


@lru_cache(maxsize=1 << 16)
def from_name(name: str) -> tuple[str, float]:
    """Type and strength of evidence in the name alone; ("name", 0) where it says nothing."""
    if name in DEMONYMS:
        return "concept", 6
    if name in PLACES:
        return "place", 5
    if name in WELL_KNOWN:
        return WELL_KNOWN[name], 3
    if name.startswith("The ") and (name[4:] in PLACES or name[4:].removesuffix("s") in DEMONYMS):
        return from_name(name[4:])
    if _is_people(name):
        return "concept", 5
    if " " in name and name.islower():
        return "concept", 3
    written = [word for word in name.split() if word[0] not in _NICKNAME] or name.split()
    if len(written) == 1:
        return _alone(name)
    return _posted(written) or _titled(name, written) or _awarded(written) or headed(written) or _person(name, written)


def _is_people(name: str) -> bool:
    """Whether a name is that of a people, of who lives in a place, or of a day that comes back."""
    return (
        name.rpartition("-")[2].removesuffix("s") in DEMONYMS
        or name in _TRIBES
        or name.removesuffix("s") in WEEKDAYS
        or (name.endswith("ers") and (name[:-3] in PLACES or name[:-1] in PLACES))
    )


def _alone(name: str) -> tuple[str, float]:
    """The type of a single word."""
    if name in OFFICES:
        return "person", 1
    if kind := _head(name):
        return kind, 2
    return ("concept", 2) if _FIELD.match(name) else _person(name, [name])


def _posted(written: list[str]) -> tuple[str, float] | None:
    """An office behind words that are no given name."""
    posted = written[-1] in _POSTS and written[0] not in GIVEN_NAMES
    return ("concept", 3) if posted else None


def _awarded(written: list[str]) -> tuple[str, float] | None:
    """A teaching, a part of a work, a prize, or who or what is the best of a kind."""
    head = written[written.index("for") - 1] if "for" in written[1:] else written[-1]
    if _TEACHING.match(head) and "of" not in written:
        return "concept", 3
    if written[0] in _PASSAGES and (written[1].isdigit() or _ROMAN.match(written[1])):
        return "work", 3
    if written[0] in ("Game", "Round", "Stage", "Week") and written[1].isdigit():
        return "event", 3
    if head in _PRIZES or (head == "Year" and "of" in written):
        return "concept", 4.5
    return ("concept", 2) if written[0] in _FOREMOST else None


def _titled(name: str, written: list[str]) -> tuple[str, float] | None:
    """A person with a title, with initials, or with a surname that is a word for a place as well."""
    first, last = written[0], written[-1]
    if first in HONORIFICS and "of" not in written and not _head(last):
        return "person", 3 if first == "Saint" else 5
    if found := _ranked(written):
        return found
    if _REGNAL.match(name) and first not in _COUNTED and first.lower() not in TYPE_OF_NOUN:
        return "person", 3
    if _INITIALS.match(name) and (last in _SURNAMES or not headed(written)):
        return "person", 3
    plural = last.endswith("s") and _head(last[:-1]) == "place" and not _head(last)
    if first in GIVEN_NAMES and len(written) < 4 and (plural or last in _SURNAMES):
        return "person", 3
    if first in _TRADES and len(written) in (3, 4) and not headed(written):
        return "person", 2
    return None


def _ranked(written: list[str]) -> tuple[str, float] | None:
    """`Count of X` and `Beatrice of X` are people, `Minister of X` an office, `Hasan ibn Ali` a person."""
    first, *rest = written
    if _ORDINAL.match(first) and rest[0] in _NOBLE:
        return "person", 3
    if first in _NOBLE and rest[0] in ("de", "di", "von", "du") and not _head(written[-1]):
        return "person", 3
    if "of" in written[1:3]:
        if first in _NOBLE or (first in GIVEN_NAMES and not _head(written[written.index("of") - 1])):
            return "person", 2
        if first in _OFFICIAL or written[1] in _OFFICIAL:
            return "concept", 2
    kin = not _KIN.isdisjoint(written[1:]) or (written[-1].startswith(("al-", "el-")) and len(written) < 4)
    return ("person", 3) if kin else None


def headed(written: list[str]) -> tuple[str, float] | None:
    """A name with a telling head: its last word, or the last before `of`, or its first."""
    last = written[-2] if written[-1].isdigit() or _ROMAN.match(written[-1]) else written[-1].rstrip(",")
    if "of" in written[1:] and written[-1] in _CHAMBERS:
        return "organisation", 4
    head = written[written.index("of") - 1] if "of" in written[1:] else last
    head = _one(head) if "of" in written else head
    head = "School" if written[-2:] == ["School", "District"] else head
    if kind := _head(head):
        return kind, _UNSURE if _is_doubtful(head) else 4
    if found := _placed(written, last):
        return found
    for kind, heads in FIRST_HEADS.items():
        if written[0] in heads and (written[1] not in GIVEN_NAMES or (kind == "place" and written[0] not in _SAINTLY)):
            return kind, 3
    if written[0] == "The" and written[1] in FIRST_HEADS["organisation"]:
        return "organisation", 3
    if (
        kind := _head(last.capitalize())
        or _head(last.removesuffix("s"))
        or _head(last.removesuffix("es"))
        or _head(last.removesuffix("ies") + "y")
    ):
        return kind, 4 if last in HEADS[kind] else 2
    return _described(written, last)


def _placed(written: list[str], last: str) -> tuple[str, float] | None:
    """A people or a place with a word before it, or a team: a place's name with a plural behind it."""
    if len(written) == 2 and written[0] in DEMONYMS and _ACRONYM.match(last):
        return _shaped(last, [last])
    if last in TEAMS and "of" not in written:
        return "organisation", 4
    if last == written[-1] and last in PLACES and " ".join(written[:-1]) in PLACES:
        return "place", 3.5
    people = last in DEMONYMS or last.removesuffix("s") in DEMONYMS
    named = written[0] not in DEMONYMS and (written[0] in GIVEN_NAMES or written[0] in FIRST_HEADS["organisation"])
    if people and len(written) < 4 and not named:
        return "concept", 3
    if (
        len(written) == 2
        and last in PLACES
        and written[0].endswith(("i", "an", "ist"))
        and written[0] not in GIVEN_NAMES
    ):
        return "place", 1.5
    if " ".join(written[1:]) in PLACES and (written[0] in _PARTS or written[0] in DEMONYMS):
        return "place", 3
    if (
        (written[0] in PLACES or " ".join(written[:-1]) in PLACES)
        and last.endswith("s")
        and last.isalpha()
        and len(written) < 4
        and last not in PLACES
        and not _head(last[:-1])
    ):
        return "organisation", 2
    return None


def _described(written: list[str], last: str) -> tuple[str, float] | None:
    """A firm by a word inside its name; else what a common noun at the end says."""
    if last.islower() and last not in PARTICLES:
        return TYPE_OF_NOUN.get(last) or TYPE_OF_NOUN.get(last.removesuffix("s"), "concept"), 1.5
    if len(written) > 2 and any(word in HEADS["organisation"] for word in written[1:-1]):
        return "organisation", 2
    if (
        len(written) == 3
        and written[1] in HEADS["place"]
        and not last.endswith("s")
        and GIVEN_NAMES.isdisjoint(written)
    ):
        return "place", 1
    kind = "" if written[0] in GIVEN_NAMES else TYPE_OF_NOUN.get(last.lower())
    if kind:
        return "organisation" if kind == "concept" and _LETTERS.match(written[0]) else kind, 1.5
    if last in OFFICES:
        return "person", 1.5
    if _FIELD.match(last) and written[0] not in GIVEN_NAMES:
        return "concept", 2.5
    return ("work", 1.5) if any(word.lower() in _TALKING for word in written[:-1]) else None


def _person(name: str, words: list[str]) -> tuple[str, float]:
    if words[0] in GIVEN_NAMES and 1 < len(words) < 8 and "of" not in words:
        return "person", 3
    if words[0] in GIVEN_NAMES and len(words) == 1:
        return "person", 1
    if len(words) > 2 and words[-2] in GIVEN_NAMES:
        return "person", 2
    if " & " in name:
        return "organisation", 3
    if len(words) == 1 and (sound := _SOUND.search(name)):
        return sound.lastgroup or "", 1
    return _shaped(name, words)


def _shaped(name: str, words: list[str]) -> tuple[str, float]:
    """What acronyms, numbers, peoples and articles make of a name that nothing else tells."""
    if told := _lettered(name, words):
        return told
    if _PEOPLES.match(name):
        return "concept", 0.45 if name.endswith("ian") else 1
    if words[0] == "The" and len(words) > 1:
        return ("organisation" if words[-1].endswith("s") and "of" not in words else "work"), 0.6
    if words[1:2] == ["in"]:
        return "concept", 0.6
    if words[1:3] == ["of", "the"]:
        return ("concept" if _DEED.search(words[0]) else "work"), 0.6
    return ("concept", 0.6) if len(words) == 1 and _DEED.search(name) else ("name", 0)


def _lettered(name: str, words: list[str]) -> tuple[str, float] | None:
    """What capitals and numbers tell."""
    if _ACRONYM.match(name):
        return ("concept", 3) if name in _THINGS else ("organisation", 4 if _ON_AIR.search(name) else 1)
    if _ROAD.match(name):
        return "place", 1
    if _MANY_LETTERS.match(name):
        return "concept", 0.6
    if words[-1] in _THINGS:
        return "concept", 0.6
    if _MODEL.match(name):
        return "work", 0.5
    return ("organisation", 0.6) if len(words) > 1 and _LETTERS.match(words[0]) else None


@lru_cache(maxsize=1 << 12)
def _is_doubtful(head: str) -> bool:
    """Whether a head stands in names of more than one type: a channel is a strait or a broadcaster."""
    return sum(head in heads for heads in HEADS.values()) > 1


def _head(word: str) -> str:
    for kind, heads in HEADS.items():
        if word in heads:
            return kind
    return ""


def _one(word: str) -> str:
    """The singular of a plural in -ies: `Universities of X and Y`."""
    return word[:-3] + "y" if word.endswith("ies") else word


def may_be_person(name: str) -> bool:
    """Whether a name says nothing against being a person's."""
    return from_name(name)[0] in ("person", "name")


def gender(name: str) -> str:
    """`he` or `she` where a title or given name tells; empty where none does."""
    words = name.split()
    if words[0] in WOMEN or (len(words) > 1 and words[1] in FEMALE_NAMES) or words[0] in FEMALE_NAMES:
        return "she"
    return "he" if words[0] in MEN or words[0] in GIVEN_NAMES else ""
