"""Names where neither capitals nor morphemes tell them: what recurs, what is quoted, katakana; tied by standing together."""

import re
from collections.abc import Iterator
from itertools import pairwise

from graphrag_engine.offline.followers import KANA
from graphrag_engine.offline.korean import dates
from graphrag_engine.offline.korean.nouns import kind_by_ending
from graphrag_engine.offline.lexicon import Lexicon
from graphrag_engine.offline.mentions import TOGETHER, EntityMention, Mentions, RelationshipMention, Unit
from graphrag_engine.offline.names import Span, named
from graphrag_engine.offline.prose import prose
from graphrag_engine.offline.scripts import SYLLABLES, script
from graphrag_engine.offline.ties import LOOSE

_QUOTED = re.compile("[\u300a\u300e\u300c\u3008]([^\u300b\u300f\u300d\u3009\n]{2,30})[\u300b\u300f\u300d\u3009]")
_PLAIN = re.compile(
    "(?P<katakana>[\u30a1-\u30fa\u30fc]{2,}(?:[\u30fb\uff1d=][\u30a1-\u30fa\u30fc]{2,})*)|(?P<latin>(?<![A-Za-z])[A-Z][\\w&.'-]+(?: [A-Z][\\w&.'-]+)*)"
    "|(?P<han>[\u3005\u4e00-\u9fff\u30a1-\u30fa\u30fc]{2,12})"
)
_DATE = re.compile("(?:1\\d{3}|20\\d\\d)\u5e74(?:1?\\d\u6708(?:[123]?\\d\u65e5)?)?")
_ENDINGS = {
    "organisation": ("\u4f1a\u793e", "\u516c\u53f8", "\u9280\u884c", "\u94f6\u884c", "\u5927\u5b66", "\u5927\u5b78", "\u59d4\u54e1\u4f1a", "\u59d4\u5458\u4f1a", "\u7d44\u5408", "\u5354\u4f1a", "\u534f\u4f1a", "\u653f\u5e9c", "\u9020\u8239\u6240", "\u8239\u5382", "\u793e", "\u5c40", "\u7701\u5e81"),
    "place": ("\u5e02", "\u770c", "\u53bf", "\u533a", "\u533a", "\u753a", "\u6751", "\u9547", "\u5cf6", "\u5c9b", "\u5c71", "\u5ddd", "\u6cb3", "\u6c5f", "\u6e2f", "\u99c5", "\u7ad9", "\u56fd", "\u570b", "\u7701", "\u5cac", "\u6e7e", "\u6e7e", "\u6d77\u5ce1"),
    "work": ("\u53f7", "\u865f", "\u4e38"),
}  # fmt: skip
_SHORTEST = 2
_NEAR = 3
"""Names behind another in its sentence to which it is tied."""


def extract(unit: Unit, lexicon: Lexicon) -> Mentions:
    """Entities of one text unit and what stands together in its sentences; each alone is tied to the title."""
    topic = unit.title.strip() if unit.title and script(unit.title) != "letters" else ""
    found: list[Span] = []
    ties: dict[tuple[str, str], str] = {}
    for start, end in prose(unit.text):
        here = _apart([*_names(unit.text, start, end, lexicon), *_titled(unit.text, topic, start, end)])
        found += here
        for at, one in enumerate(here):
            for other in here[at + 1 : at + 1 + _NEAR]:
                if one.name != other.name:
                    ties.setdefault((one.name, other.name), unit.text[start:end])
    tied = {name for pair in ties for name in pair}
    lonely = dict.fromkeys(span.name for span in found if span.name not in tied and span.name != topic)
    ties |= {(topic, name): "" for name in lonely if topic}
    return Mentions(
        list(_entities(found, topic)),
        [RelationshipMention(*ends, LOOSE, said, TOGETHER) for ends, said in ties.items()],
    )


def _entities(found: list[Span], topic: str) -> Iterator[EntityMention]:
    if topic and topic not in {span.name for span in found}:
        yield EntityMention(topic, kind(topic), "", None, None, False)
    for span in found:
        yield EntityMention(span.name, span.kind, "", span.start, span.end, True)


def _names(text: str, start: int, end: int, lexicon: Lexicon) -> Iterator[Span]:
    """The names of the sentence text[start:end], those that overlap as well."""
    for quoted in _QUOTED.finditer(text, start, end):
        yield named(text, *quoted.span(1), "work")
    yield from dates.values(text, start, end)
    for date in _DATE.finditer(text, start, end):
        yield named(text, *date.span(), "date")
    japanese = KANA.search(text) is not None
    for run in _PLAIN.finditer(text, start, end):
        if run.lastgroup != "han" or japanese:
            yield named(text, *run.span(), kind(run.group()))
    for noun in lexicon.stems:
        for place in re.finditer(_whole(noun), text[start:end]):
            yield named(text, start + place.start(), start + place.end(), kind(noun))


def _whole(noun: str) -> str:
    """A noun where it begins a word, if it is of Hangul."""
    return f"(?<![{SYLLABLES}]){re.escape(noun)}" if script(noun) == "korean" else re.escape(noun)


def _titled(text: str, topic: str, start: int, end: int) -> Iterator[Span]:
    """Where a sentence writes the title."""
    at = text.find(topic, start, end) if topic else -1
    if at >= 0:
        yield named(text, at, at + len(topic), kind(topic))


def _apart(found: list[Span]) -> list[Span]:
    """The names in order; of those that overlap the first, the longest of them."""
    kept: list[Span] = []
    for span in sorted(found, key=lambda one: (one.start, -one.end, one.kind == "name")):
        if not kept or kept[-1].end <= span.start:
            kept.append(span)
    return kept


def kind(name: str) -> str:
    """The type that the ending of a name tells; `name` where it tells none."""
    if script(name) == "korean":
        return kind_by_ending(name)
    for told, endings in _ENDINGS.items():
        if name.endswith(endings) and len(name) > _SHORTEST - 1:
            return told
    return "name"
