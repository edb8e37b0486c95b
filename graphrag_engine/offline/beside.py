"""What stands right before and right behind a name, and the type that it tells."""

import re
from collections.abc import Iterator

from graphrag_engine.offline.cues import FUNCTION, words
from graphrag_engine.offline.names import BRANDED
from graphrag_engine.offline.places import PLACES
from graphrag_engine.offline.verbs import is_verb

_LATEST = re.compile(
    r"(?:\d{4}|debut|first|second|third|fourth|fifth|sixth|seventh|final|latest|['\u2019]s|his|her|their)\s(?:[\w-]+\s){0,2}"
    r"(?:album|single|EP|CD|DVD|LP|mixtape|novel|film|book|song|play|poem|series|opera|musical|story|sitcom|game|video),\s[\"\u201c]?\Z"
)
"""What stands before the title of a work."""
_BESIDE_HIM = re.compile(r"\b(?:he|she|him|her)(?:\sand|,)\s\Z")
_HELD_BY = re.compile(
    r"\b(?:members?|head|chair(?:man|woman)?|leaders?|president|founder|director|employees?)\sof\sthe\s\Z"
)
_CAST = re.compile(r"(?:[A-Z][\w.'-]+|\))\sas\s\Z")
_EDITED = re.compile(r"\b(?:edited|directed|wrote|penned|rewrote|reads?)\s(?:the\s)?[\"\u201c]?\Z")
_NICKNAMED = re.compile(r"\bnick(?:named|name),?\s(?:the\s)?\Z")
_PLAYED_FOR = re.compile(
    r"\b(?:play(?:s|ed|ing)?|sign(?:s|ed)|coach(?:es|ed|ing)?|drafted|selected|traded)\s(?:for|by|to|with)\sthe\s\Z"
)
_BRANDED = re.compile(rf"{BRANDED}\Z")
_OF_MAKER = re.compile(r"[A-Z][\w-]+['\u2019]s\s[\"\u201c]?\Z")
_BROUGHT_OUT = re.compile(
    r"\b(?:published|released|developed|distributed|owned|operated|manufactured|acquired|sponsored)\b[^.,;()]{1,22}"
    r"\sby\s(?:the\s)?\Z"
)
_UNDER = re.compile(r"\bunder\s\Z")
_SHOWN = re.compile(r"\b(?:premiered|aired|airs|broadcast|stream(?:ed|ing)|shown|available)\son\s(?:the\s)?\Z")
_TO_PLACE = re.compile(
    r"\b(?:into|across|along|near|outside|(?:north|south|east|west|banks|tributary|mouth|siege|capture|shores|city|town"
    r"|village|coast)\sof)\sthe\s\Z"
)
_WITH_BODY = re.compile(
    r"\b(?:with|by|against|joined|beat|defeated|(?:play|sign|work|coach|driv)\w{1,3}\sfor)\sthe\s\Z"
)
_ADJECTIVE = re.compile(r"\w{2,}(?:[a-z]an|ic|ish|ist|al|ine|ate|ant)$")
"""Endings of single words that describe the noun behind them: a Confederate steamship."""
_DATED = re.compile(r"(?:\(|\s[\u2013-]\s)[^()]*\d{4},\s\Z")
"""A date in brackets before a name: where somebody was born or died."""
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
_YEAR_NEXT = re.compile(r"[\"\u201d*_]?\s?\(\s?(?:1[6-9]|20)\d\d\)")
_ACTS_NEXT = re.compile(r"\s(?:and|or)\s(?:he|she|him|her|his)\b|,?\s(?:himself|herself)\b|\sas\s(?:[A-Z]\w+,?\s){1,3}")
_THINKS_NEXT = re.compile(
    r",?\s(?:observed|noted|noticed|believed|believes|claimed|denied|agreed|refused|realized|realised|fled|loved|loves|hated"
    r"|wanted|knew|knows|felt|feels|feared|remarked|concluded|insisted|admitted|tells|asks|meets|falls\sin\slove|finds"
    r"|was\saware|is\saware|emerged|travelled|traveled|composed|fought|resides|escapes|confronts|discovers|learns)\b"
)
_CAST_NEXT = re.compile(r"\s\((?:voiced|played|portrayed)\sby\b")
_MANY_NEXT = re.compile(r"\s(?:are|were|have)\b")
_OWNING = re.compile(r"['\u2019]s\s[a-z]{3,}")
_NOUN_NEXT = re.compile(r"\s([a-z]+)\b")
_NAMING = {
    **dict.fromkeys(
        words(
            "valley river county counties province island islands coast peninsula building village lake region regions "
            "district districts constituency metro plateau plateaus mountains suburb harbour garden range peak bridge "
            "mountain canyon desert forest municipality glacier stadium castle abbey station department area "
            "village town street streets road wing neighbourhood neighborhood "
            "hotel hotels airport site sites gardens park parks interchange border shore hills residents campus slopes"
        ),
        "place",
    ),
    **dict.fromkeys(
        words(
            "album film films movie movies novel novels single song locomotive magazine newspaper trilogy engine rifle "
            "missile motorcycle series franchise saga episode trailer soundtrack musical "
            "models bomber bombers aircraft trailers sitcom novella miniseries"
        ),
        "work",
    ),
    **dict.fromkeys(
        words(
            "team band party corporation newsroom guitarist drummer bassist vocalist frontman keyboardist coach fans "
            "airline label subscribers satellite software employees shareholders dynasty committee "
            "lobbyist spokesman spokeswoman spokesperson fighters militants troops fraternity sorority member members "
            "brand brands stores store restaurants outlets fleet pilots executives studios subsidiary squad roster "
            "headquarters"
        ),
        "organisation",
    ),
    **dict.fromkeys(
        words(
            "language languages culture degree citizenship religion dialect cuisine mythology tribe tribes peoples "
            "people movement era theorem syndrome disease effect algorithm method principle scale climate breed "
            "cheese sauce format "
            "philosophy psychology rock jazz music origin ideology descent tradition ethnic folk priesthood chi "
            "firebox artist artists painter painters poet poets priest priests warrior warriors"
        ),
        "concept",
    ),
    **dict.fromkeys(
        words(
            "crisis scandal tournament championship competition festival ceremony riots earthquake massacre campaign"
        ),
        "event",
    ),
}
"""Nouns before which a name tells what it is itself: the Ecker valley."""
_NEXT = (
    (_PERSON_NEXT, "person", 2.0),
    (_PLACE_NEXT, "place", 2.0),
    (_FIRM_NEXT, "organisation", 1.5),
    (_MADE_NEXT, "work", 1.5),
    (_HELD_NEXT, "event", 1.5),
    (_MAKER_NEXT, "person", 1.0),
    (_ACTING, "organisation", 0.7),
    (_LEAGUE_NEXT, "organisation", 1.5),
    (_YEAR_NEXT, "work", 2.2),
    (_ACTS_NEXT, "person", 1.0),
    (_THINKS_NEXT, "person", 0.7),
    (_CAST_NEXT, "person", 1.0),
    (_OWNING, "person", 0.5),
    (_MANY_NEXT, "person", -2.0),
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
    (("by", "the"), _BROUGHT_OUT, "organisation", 2.0),
    (("and", ","), _BESIDE_HIM, "person", 1.5),
    (("the",), _HELD_BY, "organisation", 1.0),
    (("as",), _CAST, "person", 1.0),
    (("for the", "by the", "to the", "with the"), _PLAYED_FOR, "organisation", 3.5),
    (("as", "name", "by", "branding", ","), _BRANDED, "organisation", 2.5),
    (("named", "the", "name", ","), _NICKNAMED, "person", 5.0),
    (("ed", "e", "d", "s", "the"), _EDITED, "work", 1.0),
)
"""What stands before a name: how it ends, which is quickly seen, the whole, the type that it tells and how surely."""
_FAINT_BEFORE = (
    (re.compile(r"(?<!family\s)\bof\s\Z"), "place"),
    (
        re.compile(r"\b(?:through|bound\sfor|beyond|onto|border\swith|(?:north|south|east|west)\sby)\s(?:the\s)?\Z"),
        "place",
    ),
    (re.compile(r"\b(?:by|than|[Ww]hen|[Ww]hile|[Aa]lthough|because|that|whom)\s\Z"), "person"),
)
_FAINT_BEHIND = (
    (re.compile(r"\son\sthe\s(?:north|south|east|west)|\sin\s[A-Z]"), "place"),
    (
        re.compile(
            r"\s(?:\w+ly\s)?(?!is\b|was\b|has\b|series\b)[a-z]{2,}(?:ed|es|[^s]s)\s(?:that|to|the|his|her|an?|it|in|and)\b"
        ),
        "person",
    ),
)
"""What makes a type of a single word likelier than others, where nothing tells it."""
_NOUN_BEHIND = re.compile(
    r"\s(?!(?:via|in|on|at|to|from|and|or|by|for|with|as|is|was|has|had|where|who|which|until|into|near|before|after|then)\b)"
    r"[a-z]|-|['\u2019]"
)
"""A noun that a single word only describes."""
_OPENING = ' \t\r\n"\u201c\u00a0'
"""What may stand between these words and the name."""


def before(text: str) -> Iterator[tuple[str, float]]:
    """Types that the *text* before a name tells, and how surely."""
    bare = text.rstrip(_OPENING)
    for ends, pattern, kind, weight in _PREVIOUS:
        if bare.endswith(ends) and pattern.search(text):
            yield kind, weight


def faintly(left: str, right: str) -> str:
    """The likeliest type of a single word between *left* and *right*, where nothing tells it; empty where none is."""
    behind = next((kind for pattern, kind in _FAINT_BEHIND if pattern.match(right)), "")
    if behind or _NOUN_BEHIND.match(right):
        return behind or ("person" if right.startswith(("'s ", "\u2019s ")) else "")
    return next((kind for pattern, kind in _FAINT_BEFORE if pattern.search(left)), "")


def after(text: str, name: str) -> Iterator[tuple[str, float]]:
    """Types that the *text* behind a *name* tells, and how surely."""
    for pattern, kind, weight in _NEXT:
        if pattern.match(text) and (weight > 0 or name.endswith("s")):
            yield kind, weight
    noun = _NOUN_NEXT.match(text)
    kind = _NAMING.get(noun[1], "") if noun else ""
    if kind in ("work", "event"):
        yield kind, 0 if name.isupper() else 1
    elif kind and not (kind == "organisation" and _ADJECTIVE.match(name)):
        yield kind, 1.6
    elif noun and _ADJECTIVE.match(name) and noun[1] not in FUNCTION and not is_verb(noun[1]):
        yield "concept", 0.5
    region = _REGION_NEXT.match(text)
    if region and (region[1] in PLACES or region[1].split()[0] in PLACES):
        yield "place", 1.5
