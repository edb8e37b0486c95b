"""What the whole corpus says of a word, a pair of words or a phrase, quantised into decisions.

A text unit is extracted with the decisions about its own words alone (`Lexicon.of`), so that it has to be read
again only when one of those decisions flips. Counting works on white-space tokens, and in Python only on the few of
them that are capitalised or end like the head of a concept; an update counts the documents that changed, and decides
anew from the sums.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields
from functools import cache, lru_cache
from itertools import compress
from operator import itemgetter, not_

from graphrag_engine.offline.cues import FUNCTION, words
from graphrag_engine.offline.followers import uses


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
_OPENING = '"\u201c\u2018\u00ab([*_`>#'
_CLOSING = ".,;:!?)]\"'\u2019\u201d\u00bb*_`|"
_LAST_FOUR = itemgetter(slice(-4, None))
_LINKS = ("of", "and", "for", "on", "in", "at")
_ENDINGS = words(
    "tion ment ents lity rity sity vity ture ance ence ship logy nomy aphy ysis rism lism nism tics mics rade laws "
    "eory licy ghts afety dues wage axes cing ning"
)
"""Last four letters of a word that may be the head of a concept."""
_ADJECTIVE = ("al", "ic", "ive", "ary", "ous", "lar", "free", "slave", "wind", "civil", "foreign", "human", "public")
"""Endings of a word that may stand before the head of a concept."""
_DULL = FUNCTION | words(
    "several general total final original local national international special annual typical usual actual "
    "potential additional individual initial historical traditional various public-domain numerous previous obvious "
    "serious"
)
_DECISIONS = ("seen", "articled", "joins", "concept", "uncased", "recurs")


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
    stems: frozenset[str] = frozenset()
    """Nouns of Korean, Japanese and Chinese texts, seen before two different particles."""

    def of(self, text: str, document: str) -> "Lexicon":
        """The decisions about the words of a text unit and about its document alone."""
        read = _Tokens(text)
        found = set(read.names())
        found.update([word.capitalize() for word in found if word.isupper()])
        side, _, linked = read.pairs()
        pairs = self.pairs.intersection(side)
        return Lexicon(
            {word: self.names[word] for word in sorted(self.names.keys() & found)},
            pairs,
            self.articled & pairs,
            self.links.intersection(linked),
            self.phrases.intersection(read.phrases()) if self.phrases else self.phrases,
            self.uncased.intersection((document,)),
            self.stems.intersection(noun for noun, _ in uses(text)) if self.stems else self.stems,
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
            ("noun", "recurs", self.stems),
        ):
            decided += [(kind, text, decision) for text in texts]
        return sorted(decided)


def from_rows(texts: Sequence[str], decisions: Sequence[str]) -> Lexicon:
    """The lexicon that a table holds, given its columns `text` and `decision`."""
    held: dict[str, list[str]] = {"name": [], "common": [], **{kind: [] for kind in _DECISIONS}}
    for text, decision in zip(texts, decisions, strict=True):
        held[decision].append(text)
    names = dict.fromkeys(held["name"], True) | dict.fromkeys(held["common"], False)
    seen, *others = (frozenset(held[kind]) for kind in _DECISIONS)
    return Lexicon(names, seen | others[0], *others)


class _Tokens:
    """A text as white-space tokens, opening marks cut off; nothing goes on from one cell of a table to the next."""

    def __init__(self, text: str) -> None:
        text = text.replace("|", " . ")
        for mark in _OPENING:
            text = text.replace(mark, " ")
        self.all = text.split()
        others = compress(range(len(self.all)), map(not_, map(str.islower, self.all)))
        self.capitals = [at for at in others if self.all[at][0].isupper()]

    def names(self) -> Iterator[str]:
        """The capitalised words, without marks and possessive."""
        return map(_bare, map(self.all.__getitem__, self.capitals))

    def inside(self) -> Iterator[str]:
        """The capitalised words that stand inside a sentence for certain."""
        tokens = self.all
        return (_bare(tokens[at]) for at in self.capitals if at and _runs_on(tokens[at - 1]))

    def pairs(self) -> tuple[list[str], list[str], list[str]]:
        """Capitalised words side by side; those of them behind `the`; words with a link between (Bank of England)."""
        side: list[str] = []
        articled: list[str] = []
        linked: list[str] = []
        tokens = self.all
        for at, following in zip(self.capitals, self.capitals[1:], strict=False):
            apart = following - at
            if apart == 1 and tokens[at][-1] not in _CLOSING:
                pair = f"{tokens[at]} {_bare(tokens[following])}"
                side.append(pair)
                if at and tokens[at - 1] == "the":
                    articled.append(pair)
            elif apart in (2, 3) and tokens[at + 1] in _LINKS and (apart == 2 or tokens[at + 2] == "the"):
                linked.append(f"{tokens[at]} {tokens[at + 1]} {_bare(tokens[following])}")
        return side, articled, linked

    def phrases(self) -> Iterator[str]:
        """Lower-case phrases of two words whose second could be the head of a concept."""
        tokens = self.all
        for at in compress(range(len(tokens)), map(_ENDINGS.__contains__, map(_LAST_FOUR, tokens))):
            before = tokens[at - 1]
            if at and before.endswith(_ADJECTIVE) and before.isalpha() and before.islower() and before not in _DULL:
                yield f"{before} {tokens[at]}"


@lru_cache(maxsize=1 << 18)
def _bare(token: str) -> str:
    return token.rstrip(_CLOSING).removesuffix("'s").removesuffix("\u2019s")


def _runs_on(token: str) -> bool:
    """Whether the sentence goes on behind this token."""
    return token[-1].islower() or token[-1] in ",;"


@dataclass
class Counts:
    """How often a corpus uses its words: sums over its documents, from which the decisions follow."""

    lower: Counter[str] = field(default_factory=Counter)
    """Word -> times it begins with a small letter."""
    inside: Counter[str] = field(default_factory=Counter)
    """Word -> times it is capitalised inside a sentence."""
    pair: Counter[str] = field(default_factory=Counter)
    """Two capitalised words -> times they stand side by side."""
    articled: Counter[str] = field(default_factory=Counter)
    """Such a pair -> times it stands behind `the`."""
    link: Counter[str] = field(default_factory=Counter)
    """Two capitalised words and what is between them -> times."""
    phrase: Counter[str] = field(default_factory=Counter)
    """Lower-case noun phrase -> documents that have it; one that repeats it and whose capitals say nothing is two."""
    uncased: Counter[str] = field(default_factory=Counter)
    """Document whose capitals say nothing -> 1."""
    followed: Counter[str] = field(default_factory=Counter)
    """Noun of a script without capitals, and what follows it -> times."""

    def add(self, others: "Counts") -> None:
        """Count other documents as well."""
        for mine, theirs in self._beside(others):
            mine.update(theirs)

    def remove(self, others: "Counts") -> None:
        """Leave out documents that have been counted; what was in no other is as if it had never been seen."""
        for mine, theirs in self._beside(others):
            mine.subtract(theirs)
            for text in theirs:
                if not mine[text]:
                    del mine[text]

    def lexicon(self) -> Lexicon:
        """The decisions."""
        return Lexicon(
            self._named(),
            frozenset(pair for pair, count in self.pair.items() if count > 1),
            frozenset(pair for pair, count in self.articled.items() if 3 * count >= self.pair[pair] > 1),
            frozenset(link for link, count in self.link.items() if count > 1 and _no_rarer(link, count, self.inside)),
            frozenset(phrase for phrase, count in self.phrase.items() if count > 1),
            frozenset(self.uncased),
            frozenset(
                noun for noun, others in Counter(each.split()[0] for each in self.followed).items() if others > 1
            ),
        )

    def _beside(self, others: "Counts") -> Iterator[tuple[Counter[str], Counter[str]]]:
        return ((getattr(self, each.name), getattr(others, each.name)) for each in fields(self))

    def _named(self) -> dict[str, bool]:
        """Word -> whether it is capitalised inside sentences more often than it is lower-case."""
        decided = {word.capitalize(): False for word in self.lower}
        for word, count in self.inside.items():
            decided[word] = count > self.lower[word.lower()]
        return decided


def count(documents: Iterable[tuple[str, Iterable[str]]]) -> Counts:
    """Count whole documents, given as their ids with the texts of their units."""
    found = Counts()
    tokens: Counter[str] = Counter()
    for document, texts in documents:
        capitals = total = 0
        concepts: Counter[str] = Counter()
        for text in texts:
            read = _Tokens(text)
            tokens.update(read.all)
            found.inside.update(read.inside())
            for kind, seen in zip((found.pair, found.articled, found.link), read.pairs(), strict=True):
                kind.update(seen)
            concepts.update(read.phrases())
            nouns = Counter(" ".join(use) for use in uses(text))
            found.followed.update(nouns)
            if not nouns:
                capitals, total = capitals + len(read.capitals), total + len(read.all)
        found.phrase.update(concepts.keys())
        if total > _FEWEST and not _LEAST * total < capitals < _MOST * total:
            found.uncased[document] = 1
            found.phrase.update(phrase for phrase, times in concepts.items() if times > 1)
    for token, times in tokens.items():
        if token[0].islower():
            found.lower[_bare(token)] += times
    return found


_FEWEST = 100
"""Words that a document needs for its share of capitals to say anything."""
_LEAST, _MOST = 0.03, 0.6
"""Shares of capitalised words beyond which capitals say nothing; prose has 0.05 by its sentences' first words alone."""


def _no_rarer(link: str, count: int, inside: Counter[str]) -> bool:
    """Whether two words are linked in half of the cases of the rarer one."""
    left, _, right = link.split()
    return 2 * count >= min(inside[left], inside[right])
