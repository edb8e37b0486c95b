"""What the words before a name tell of its type: a preposition, a common noun, a verb."""

from graphrag_engine.offline.cues import VESSELS, words
from graphrag_engine.offline.nouns import TYPE_OF_NOUN
from graphrag_engine.offline.verbs import DOUBTFUL

_SIDES = words(
    "north south east west northeast northwest southeast southwest outskirts population mayor suburbs residents"
)
"""Words before `of` and a place."""
_MADE = words(
    "written directed composed sung painted designed recorded performed played coached edited hosted invented"
)
"""Words before `by` and a person."""
_RULED = words(
    "king queen duke duchess count countess earl prince princess bishop archbishop mayor governor prefect margrave "
    "emperor ruler lord baron margravine landgrave raja native suburb abbot vicar sultan annexed conquered invaded "
    "siege besieged captured rulers emir conquest judge abbess"
)
"""Words before `of`, or right before, a place."""
_TAKEN = words(
    "annexed conquered invaded besieged occupied liberated reached entered visited toured colonised colonized settled"
)
"""Words right before a place."""
_HEADED = words(
    "president chairman chairwoman founder co-founder ceo director owner coach manager captain frontman guitarist "
    "drummer bassist vocalist singer members staff board"
)
"""Words before `of` and a firm, a club or a band."""
_PLAYS = words(
    "playing plays played signed plays works worked working coached recording recorded driving drove "
    "lobbyist spokesman spokeswoman player writer correspondent columnist reporter midfielder forward defender "
    "goalkeeper striker debut"
)
"""Words before `for` and a club or a firm."""
_LEARNING = words(
    "studied educated graduated taught professor lecturer fellow student football basketball baseball degree degrees "
    "doctorate enrolled administrator studies"
)
"""Words before `at` or `from` and a school."""
_STARS = words("married starring featuring stars co-starring n\u00e9e nee wed opposite alongside portrays alias")
"""Words right before a person."""
_RUN = words(
    "made built acquired purchased bought purchase acquisition takeover published owned operated distributed "
    "manufactured released funded sponsored employed marketed"
)
_JOINED = words("member members employee employees headquarters subsidiary branch fans supporters")
"""Words before `by` or `of` and a firm or a society."""
_ACTED = words("starred appeared role roles cast cameo acting guest-starred performance performances collaborated")
"""Words before `in` and a film."""
_PART_OF_WORK = words(
    "episode episodes cast soundtrack version versions adaptation remake edition issue sequel prequel plot author "
    "editor theme screening copies pages chapter finale reprise lyrics"
)
"""Words before `of` and a work."""
_THOUGHT = words("professor professorship doctrine ideology philosophy concept practice genre dialect worship study")
"""Words before `of` and a field, a language or a teaching."""
_LIVES = words(
    "reign death life wife widow marriage biography assassination birth murder portrait portraits son daughter"
)
"""Words before `of` and a person."""
_LEADING: tuple[tuple[frozenset[str], frozenset[str], tuple[str, float]], ...] = (
    (words("of"), _SIDES, ("place", 3.5)),
    (words("by"), _MADE, ("person", 1.5)),
    (words("of"), _LIVES, ("person", 1.5)),
    (words("of"), _RULED, ("place", 2.5)),
    (words("by of"), _RUN, ("organisation", 1)),
    (words("of"), _JOINED | _HEADED, ("organisation", 1)),
    (words("for"), _PLAYS, ("organisation", 1.5)),
    (words("of"), words("part"), ("place", 0.5)),
    (words("from to at"), words("transfer transferred loan loaned"), ("organisation", 1.5)),
    (words("in on"), _ACTED, ("work", 1.5)),
    (words("of"), _PART_OF_WORK, ("work", 1.5)),
    (words("of"), _THOUGHT, ("concept", 1.5)),
    (words("at from"), _LEARNING, ("organisation", 2.5)),
    (words("of in"), words("bachelor master doctor degree degrees doctorate diploma majored majoring"), ("concept", 5)),
    (words("by"), words("presented hosted produced created used cited listed noted"), ("person", 0.4)),
)
"""Prepositions, words before them, and what the two tell of the name behind them."""
_LOOSELY = 0.25
_LOCATIVE = {
    "representing": 1.0,
    "towards": 1.5,
    "toward": 1.5,
    "between": 0.3,
    "in": 2.0,
    "near": 2.0,
    "at": 1.0,
    "from": 0.9,
    "into": 1.0,
    "to": 0.5,
    "off": 1.0,
    "around": 1.0,
    "via": 1.0,
    "outside": 1.0,
    "throughout": 1.0,
    "across": 1.0,
}


def type_before(word: str) -> str:
    """Type that a common noun tells of the name behind it, or of the names behind its plural."""
    if word in VESSELS:
        return "work"
    if word in DOUBTFUL or word in ("champion", "champions", "winner", "winners"):
        return ""
    return TYPE_OF_NOUN.get(word, "") or (TYPE_OF_NOUN.get(word[:-1], "") if word.endswith("s") else "")


def led(lead: str, word: str, *, loosely: bool) -> tuple[str, float]:
    """Type and strength of what a preposition and the word before it tell of the name behind them.

    *loosely*: the preposition may be said of what follows the name, or of a work.
    """
    if lead in ("borders", "bordered") or (word == "of" and type_before(lead) == "place"):
        return "place", 3
    if word in _STARS:
        return "person", 1.5
    if word in ("joined", "rejoined", "rivals"):
        return "organisation", 1.5
    if word in _TAKEN:
        return "place", 1.5
    return next((told for words, leads, told in _LEADING if word in words and lead in leads), None) or (
        "place",
        _LOCATIVE.get(word, 0) * (_LOOSELY if loosely else 1),
    )
