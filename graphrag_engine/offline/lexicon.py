"""What the whole corpus says of a word, a pair of words or a phrase, quantised into decisions.

A text unit is extracted with the decisions about its own words alone (`Lexicon.of`), so that it has to be read
again only when one of those decisions flips.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache

from graphrag_engine.offline.cues import FUNCTION, words


@cache
def uppercase() -> str:
    """All upper-case and title-case letters, as ranges for a character class."""
    ranges: list[tuple[int, int]] = []
    for code in (*range(0x41, 0x2000), *range(0x2C00, 0x2E00), *range(0xA640, 0xA800), *range(0x10400, 0x10450)):
        if unicodedata.category(chr(code)) in ("Lu", "Lt"):
            if ranges and ranges[-1][1] == code - 1:
                ranges[-1] = (ranges[-1][0], code)
            else:
                ranges.append((code, code))
    return "".join(re.escape(chr(first)) + (f"-{chr(last)}" if last > first else "") for first, last in ranges)


UPPER = uppercase()
JOINERS = r"\u00ad\u0300-\u036f\u200b-\u200d\u2060"
"""Characters inside a word that are no letters: soft hyphens, combining accents, zero-width marks."""
_WORD = rf"[{UPPER}](?:[\w{JOINERS}]|['\u2019-](?=\w))*+"
_CAPITALISED = re.compile(_WORD)
_INSIDE = re.compile(rf"[a-z,;][ \n]({_WORD})")
_PAIR = re.compile(rf"({_WORD})(?=[ \n]({_WORD}))")
_LINK = re.compile(rf"({_WORD})(?=[ \n](of|and|for|on|in|at)[ \n](?:the[ \n])?({_WORD}))")
_LOWER = re.compile(r"(?<![\w'\u2019-])[a-z][a-z-]*")
_PHRASE = re.compile(
    r"(?<![\w-])[a-z][a-z-]{2,20} (?:[a-z-]{3,20} )?(?:[a-z]{2,12}"
    r"(?:tion|ment|ity|ism|ics|ship|logy|graphy|ture|ance|ence|tions|ments|ities|nomy)|"
    r"rights?|trade|law|laws|theory|system|systems|market|markets|policy|music|war|tax|taxes|company|church|school)"
    r"(?![\w-])"
)
_DECISIONS = ("seen", "articled", "joins", "concept", "uncased")
_ARTICLED = re.compile(rf"\bthe[ \n]({_WORD})[ \n]({_WORD})")
_DULL = FUNCTION | words("one two new old good great large small own certain similar different")


@dataclass(frozen=True)
class Lexicon:
    """The decisions of a corpus."""

    names: Mapping[str, bool] = field(default_factory=dict)
    """Capitalised word -> whether it is a name where its capital proves nothing (a sentence begins with it)."""
    pairs: frozenset[str] = frozenset()
    """Two capitalised words side by side, seen twice or more."""
    articled: frozenset[str] = frozenset()
    """Such pairs that stand behind `the` in a third of all cases: ships and firms, not people."""
    links: frozenset[str] = frozenset()
    """Two capitalised words with `of`, `and`, `for`, ... between them, seen twice and no rarer than the words."""
    phrases: frozenset[str] = frozenset()
    """Lower-case noun phrases seen in two documents or more."""
    uncased: frozenset[str] = frozenset()
    """Ids of documents whose capitals say nothing: chats, text in capitals, bad scans."""

    def of(self, text: str, document: str) -> "Lexicon":
        """The decisions about the words of a text unit and about its document alone."""
        words = self.names.keys() & set(_CAPITALISED.findall(text))
        pairs = self.pairs & {f"{left} {right}" for left, right in _PAIR.findall(text)}
        return Lexicon(
            {word: self.names[word] for word in sorted(words)},
            pairs,
            self.articled & pairs,
            self.links & {" ".join(parts) for parts in _LINK.findall(text)},
            self.phrases & set(phrases(text)) if self.phrases else self.phrases,
            self.uncased & {document},
        )

    def rows(self) -> list[tuple[str, str, str]]:
        """The decisions as rows of the table `lexicon`, sorted."""
        decided = [("word", word, "name" if name else "common") for word, name in self.names.items()]
        for kind, decision, texts in (
            ("pair", "seen", self.pairs - self.articled),
            ("pair", "articled", self.articled),
            ("link", "joins", self.links),
            ("phrase", "concept", self.phrases),
            ("document", "uncased", self.uncased),
        ):
            decided += [(kind, text, decision) for text in texts]
        return sorted(decided)


def from_rows(texts: Sequence[str], decisions: Sequence[str]) -> Lexicon:
    """The lexicon that a table holds, given its columns `text` and `decision`."""
    held: dict[str, set[str]] = {"name": set(), "common": set(), **{kind: set() for kind in _DECISIONS}}
    for text, decision in zip(texts, decisions, strict=True):
        held[decision].add(text)
    names = dict.fromkeys(held["name"], True) | dict.fromkeys(held["common"], False)
    seen, *others = (frozenset(held[kind]) for kind in _DECISIONS)
    return Lexicon(names, seen | others[0], *others)


def phrases(text: str) -> list[str]:
    """The lower-case phrases of *text* that could be concepts."""
    return [" ".join(found.split()) for found in _PHRASE.findall(text)]


class Counts:
    """How often a corpus uses its words, from which the decisions follow."""

    def __init__(self) -> None:
        self._inside: Counter[str] = Counter()
        self._lower: Counter[str] = Counter()
        self._pairs: Counter[tuple[str, str]] = Counter()
        self._articled: Counter[tuple[str, str]] = Counter()
        self._links: Counter[tuple[str, str, str]] = Counter()
        self._spread: Counter[str] = Counter()
        self._uncased: set[str] = set()

    def add(self, document: str, text: str) -> None:
        """Count a whole document."""
        inside, lower = _INSIDE.findall(text), _LOWER.findall(text)
        self._inside.update(inside)
        self._lower.update(lower)
        self._pairs.update(_PAIR.findall(text))
        self._articled.update(_ARTICLED.findall(text))
        self._links.update(_LINK.findall(text))
        self._spread.update(set(phrases(text)))
        if _says_nothing(text, len(inside), len(lower)):
            self._uncased.add(document)

    def lexicon(self) -> Lexicon:
        """The decisions."""
        inside = self._inside
        return Lexicon(
            _named(inside, self._lower),
            frozenset(" ".join(pair) for pair, count in self._pairs.items() if count > 1),
            frozenset(" ".join(pair) for pair, count in self._articled.items() if 3 * count >= self._pairs[pair] > 1),
            frozenset(
                " ".join(link)
                for link, count in self._links.items()
                if count > 1 and 2 * count >= min(inside[link[0]], inside[link[2]])
            ),
            frozenset(
                phrase for phrase, count in self._spread.items() if count > 1 and not _DULL & set(phrase.split())
            ),
            frozenset(self._uncased),
        )


def _says_nothing(text: str, inside: int, lower: int) -> bool:
    """Whether under 2 % of a document's words are capitalised inside sentences, or nearly all are."""
    return lower + inside > 100 and inside < 0.02 * (lower + inside) or len(_CAPITALISED.findall(text)) > 2 * lower + 20


def _named(inside: Counter[str], lower: Counter[str]) -> dict[str, bool]:
    """Word -> whether it is capitalised inside sentences more often than it is lower-case."""
    decided = {word: count > lower[word.lower()] for word, count in inside.items()}
    for word in lower:
        decided.setdefault(word.capitalize(), False)
    return decided
