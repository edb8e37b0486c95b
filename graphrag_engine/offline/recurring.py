"""Names where neither capitals nor morphemes tell them: what recurs, what is quoted, katakana; tied side by side."""

import re
from collections.abc import Iterator

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
    "(?P<katakana>[\u30a1-\u30fa\u30fc]{2,}(?:[\u30fb\uff1d=][\u30a1-\u30fa\u30fc]{2,})*)"
    "|(?P<latin>(?<![A-Za-z])[A-Z][\\w&.'-]+(?: [A-Z][\\w&.'-]+)*)"
    "|(?P<han>[\u3005\u4e00-\u9fff\u30a1-\u30fa\u30fc]{2,12})"
)
_DATE = re.compile("(?:1\\d{3}|20\\d\\d)年(?:1?\\d月(?:[123]?\\d日)?)?")
_ENDINGS = {
    "organisation": tuple(
        "会社 公司 銀行 银行 大学 大學 委員会 委员会 組合 協会 协会 政府 造船所 船厂 社 局 省庁".split()
    ),
    "place": tuple("市 県 县 區 区 町 村 镇 島 岛 山 川 河 江 港 駅 站 国 國 省 岬 湾 海峡".split()),
    "work": ("号", "號", "丸"),
}
"""Last characters of Japanese and Chinese names, by the type of what is named so."""
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
