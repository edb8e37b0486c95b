"""communities, entities, relationships, claims -> reports: what the sources say of each community, bottom-up.

By a model from things, ties and claims, and above the lowest level from the reports below and the ties across them.
Without one extractive: a report without reports below it is made from all sentences that name a member; one with
reports below it from the sentences they cite and from those of its strongest ties across them.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Set
from functools import cached_property, partial
from heapq import nlargest
from itertools import chain
from typing import Any

import pyarrow as pa

from graphrag_engine.llm.base import Conversation, Message, Request, Task
from graphrag_engine.offline import contents
from graphrag_engine.offline.contents import DIGITS, LINEAGE
from graphrag_engine.offline.corpus import Corpus
from graphrag_engine.offline.coverage import Candidate, choose, worth
from graphrag_engine.offline.facts import Facts
from graphrag_engine.offline.passages import LITERAL, parted
from graphrag_engine.offline.ragged import holding
from graphrag_engine.offline.reports import Fact, Material, Place, Quote, plain, write
from graphrag_engine.prompts import enclosed
from graphrag_engine.replies import briefs
from graphrag_engine.replies.briefs import Brief
from graphrag_engine.replies.reports import REPORT, written
from graphrag_engine.schema import TABLES
from graphrag_engine.settings import ReportSettings
from graphrag_engine.stages.base import Asked, Asking, Changes, RowStage, Tables, chosen, units_of

Row = Mapping[str, Any]

_NAMES = 3
"""Entities in a title."""
_LEAST = 4
"""Sentences that a report should have, as far as there are so many."""
_POOL = 40
"""Most sentences of a community that are compared."""
_READ = 40
"""Most text units that are read for a report, beside those that reports below cite."""
_READABLE = 0.3
"""Sentences of lower quality, such as headings and rows of tables, are used only where there are no others."""
_BEST = 3
"""Sentences of a report that those above it choose from."""
_ACROSS = 20
"""Ties between the parts of a community whose sentences are added to those of its parts."""
_SHOWN = 200
"""Ties that a model may be shown."""
_STALE = 0.05
"""Share of the reports below that may be new before a report is written again."""
_NOTES = {
    "cut": "{n:,} lines did not fit into what the model was shown for reports.",
    "dropped": "{n:,} findings of reports rested on nothing that the model was shown, and were left out.",
    "useless": "{n:,} replies held no report; these reports are extracts from the sources.",
}
"""What the rows of a model tell besides the columns of a report."""
_TRIED = 4
"""Ties that are looked at for each fact wanted."""
_PER_SUBJECT = 3
"""Most facts about one subject."""


def touched(tables: Tables, changes: Changes) -> set[str]:
    """Communities that are new, gone or other, with those above them, and those of which something else is said."""
    communities = tables["communities"]
    found = _with_those_above(changes.rows("communities", "children_ids", "relationship_ids"), communities)
    units = {*changes.rows("text_units", "position"), *changes.rows("claim_mentions")}
    units.update(units_of(tables["text_units"], changes.rows("documents", "title")))
    renamed = chosen(tables["entities"], changes.rows("entities", "name", "type", "aliases"))
    units.update(renamed["text_unit_ids"].combine_chunks().flatten().to_pylist())
    moved = changes.rows("entities", "text_unit_ids")
    entities = changes.before("entities", ("id", "text_unit_ids")), tables["entities"]
    was, is_ = (_standing(chosen(table, moved)) for table in entities)
    units.update(unit for _, unit in was ^ is_)
    members = {
        *changes.rows("entities", "name", "type", "aliases", "frequency"),
        *holding(tables["entities"], "text_unit_ids", units),
    }
    ties = {*changes.rows("relationships", "weight", "text_unit_ids"), *changes.rows("descriptions")}
    return found.union(holding(communities, "entity_ids", members), holding(communities, "relationship_ids", ties))


def _standing(entities: pa.Table) -> set[tuple[str, str]]:
    """Each entity with each text unit in which it stands."""
    rows = zip(entities["id"].to_pylist(), entities["text_unit_ids"].to_pylist(), strict=True)
    return {(entity, unit) for entity, units in rows for unit in units}


def _with_those_above(ids: Collection[str], communities: pa.Table) -> set[str]:
    parents = dict(zip(communities["id"].to_pylist(), communities["parent_id"].to_pylist(), strict=True))
    found: set[str] = set()
    for each in ids:
        above: str | None = each
        while above is not None and above not in found:
            found.add(above)
            above = parents.get(above)
    return found


def fingerprints(corpus: Corpus, asking: Asking) -> Iterable[tuple[str, str]]:
    """What each report is made from; a model writes none of few entities, rules alone leave those out."""
    if asking.model:
        return contents.lineages(corpus).items()
    large = (name for name in corpus.asked if len(corpus.communities[name].members) >= asking.section.min_size)
    return contents.fingerprints(corpus, large).items()


def stays(before: str, now: str) -> bool:
    """Whether a report that a model wrote may stay, because hardly any of the reports below it have changed."""
    (own, _, was), (mine, _, is_) = before.partition(LINEAGE), now.partition(LINEAGE)
    if own != mine or len(was) != len(is_) or not is_:
        return False
    below = range(0, len(is_), DIGITS)
    return sum(was[at : at + DIGITS] != is_[at : at + DIGITS] for at in below) <= _STALE * len(below)


def tasks(corpus: Corpus, asking: Asking, ids: Collection[str], kept: Tables) -> Iterable[Task[Row]]:
    """One task a report; it needs those of the reports below it that are made again as well."""
    again, facts = set(ids), Facts(corpus)
    below = {child for name in again for child in corpus.communities[name].children} - again
    columns = ["id", "citations", *(["title", "summary", "findings"] if asking.model else [])]
    rows = kept["reports"].select(columns).to_pylist() if below else []
    known = {row["id"]: row for row in rows if row["id"] in below}
    for name, needed in _bottom_up(corpus, ids):
        community = corpus.communities[name]
        needs = tuple(child for child in community.children if child in again)
        model = asking.model if len(community.members) >= asking.section.min_size else None
        begun = partial(_Report, corpus, facts, asking.section, name)
        yield Task(name, needs, partial(_told, begun, model, known), needed=needed)


def _bottom_up(corpus: Corpus, ids: Collection[str]) -> Iterator[tuple[str, int]]:
    """Each community after those below it, one branch after the other; how many of those above it are among them."""
    among = set(ids)
    below = {child for name in ids for child in corpus.communities[name].children} & among
    for name in ids:
        if name not in below:
            yield from _branch(corpus, name, among)
            yield name, 0


def _branch(corpus: Corpus, above: str, among: Set[str]) -> Iterator[tuple[str, int]]:
    """Those below a community that are *among* them, bottom-up."""
    for child in corpus.communities[above].children:
        if child in among:
            yield from _branch(corpus, child, among)
            yield child, 1


def read(text_units: pa.Table) -> Iterator[object]:
    """Find the sentences of text units, one after the other."""
    return map(parted, text_units["text"].to_pylist())


def gather(results: Mapping[str, Row]) -> Tables:
    """The reports as a table."""
    return {"reports": pa.Table.from_pylist(list(results.values()), TABLES["reports"].schema)}


def counts(row: Row) -> Mapping[str, int]:
    """What a model was not shown, and what of its replies was left out."""
    return {name: row[name] for name in _NOTES if name in row}


def _told(
    begun: Callable[[], "_Report"], model: Asked | None, known: Mapping[str, Row], made: Mapping[str, Row]
) -> Conversation[Row]:
    report = begun()
    found = (made.get(child) or known.get(child) for child in report.community.children)
    below = {row["id"]: row for row in found if row}
    if model is None:
        return report.row(below)
    shown = report.brief(below)
    messages = (Message("system", model.prompts["report"]), Message("user", enclosed(shown.text)))
    limit = model.sampling["max_tokens"]
    reply = yield Request(messages=messages, shape=REPORT, max_tokens=limit, task=f"report:{report.name}")
    mine = written(reply.text, shown.places)
    if mine is None:
        return {**report.row(below), "cut": shown.cut, "useless": 1}
    head = {"id": report.name, "level": report.community.level, "cut": shown.cut, "dropped": mine.dropped}
    return {**head, **mine.row}


class _Report:
    """One report in the making."""

    def __init__(self, corpus: Corpus, facts: Facts, section: ReportSettings, name: str) -> None:
        self.corpus = corpus
        self.facts = facts
        self.section = section
        self.name = name
        self.community = corpus.communities[name]
        self.ties = corpus.ties
        self._naming_in: dict[str, dict[int, list[str]]] = {}

    def row(self, below: Mapping[str, Row]) -> Row:
        """The report; *below* holds the reports of its parts, as far as they have one."""
        self.weights = self.corpus.weights(self.name)
        return {"id": self.name, "level": self.community.level, **write(self._material(below))}

    def brief(self, below: Mapping[str, Row]) -> Brief:
        """What a model is shown: the reports below and the ties across them, or all that is known of the members."""
        self.weights = self.corpus.weights(self.name)
        ties = self.corpus.across(self.name) if below else self.community.ties
        ranked = sorted(ties, key=self.ties.rank.__getitem__, reverse=True)
        facts = ((fact, self.ties.description(tie)) for tie in ranked[:_SHOWN] if (fact := self.facts.of(tie)))
        members = sorted(self.community.members, key=lambda member: (-self.weights[member], member))
        parts = {
            "Reports on its parts": briefs.below(below.values()),
            "Entities": briefs.entities(self.corpus, [] if below else members),
            "Relationships": briefs.ties(facts),
            "Claims": briefs.claims(self.corpus, ranked[:_SHOWN]),
        }
        return briefs.brief(parts, self.section.context_tokens)

    def _material(self, below: Mapping[str, Row]) -> Material:
        entities = [self.corpus.entities[member] for member in self.community.members]
        units = set(chain.from_iterable(map(self.ties.units, self.community.ties)))
        units = units or {unit for each in entities for unit in each.units}
        pool = self._pool(below)
        most = self.section.sentences
        chosen = choose(pool, self.weights, self._said, most, min(_LEAST, most))
        quotes = {at: self._quote(pool[at]) for at in sorted(chosen)}
        return Material(
            names=[self.corpus.entities[member].names[0] for member in self._leading()],
            types=[each.type for each in entities],
            dates=chain(
                (each.names[0] for each in entities if each.type == "date"), self.ties.dates(self.community.ties)
            ),
            ties=len(self.community.ties),
            passages=len(units),
            documents=len(set(map(self.corpus.units.document, units))),
            quotes=[*quotes.values()],
            best=[quotes[at].place for at in chosen],
            facts=self._facts(),
        )

    def _leading(self) -> list[str]:
        """The weightiest members, those first that can give a name to the whole."""
        members, entities = self.community.members, self.corpus.entities
        named = [member for member in members if entities[member].type not in LITERAL]
        return sorted(sorted(named or members), key=self.weights.__getitem__, reverse=True)[:_NAMES]

    def _pool(self, below: Mapping[str, Row]) -> list[Candidate]:
        """The sentences to choose from, in the order of the documents."""
        places = self._chosen(below) if below else {unit: self._named(unit) for unit in self._heaviest(self._there)}
        pool = self._candidates(places, _READABLE) or self._candidates(places, 0.0)
        if len(pool) <= _POOL:
            return pool
        best = nlargest(_POOL, enumerate(pool), key=lambda each: (worth(each[1], self.weights), each[1]))
        return [candidate for _, candidate in sorted(best)]

    def _cited(self, row: Row) -> Iterator[tuple[str, int]]:
        """The sentences that a report cites first, its best: text unit and number there."""
        for each in row["citations"][:_BEST]:
            yield each["text_unit_id"], self.corpus.passage(each["text_unit_id"]).number(each["start"])

    def _chosen(self, below: Mapping[str, Row]) -> Mapping[str, Set[int]]:
        """The best sentences of the reports below, those across them, and those that name what *below* leaves out."""
        places = defaultdict[str, set[int]](set)
        silent = (self.corpus.communities[part].members for part in self.community.children if part not in below)
        members = dict.fromkeys(chain.from_iterable(silent))
        for unit in self._heaviest(self._mentioning(members)):
            places[unit].update(at for at, named in self._named(unit).items() if not members.keys().isdisjoint(named))
        for unit, at in chain(*map(self._cited, below.values()), self._across()):
            places[unit].add(at)
        return places

    def _heaviest(self, there: Mapping[str, list[str]]) -> Collection[str]:
        """The text units in which members of most weight stand."""
        if len(there) <= _READ:
            return there
        weight = {unit: sum(map(self.weights.__getitem__, members)) for unit, members in there.items()}
        return nlargest(_READ, weight, key=lambda unit: (weight[unit], unit))

    def _across(self) -> Iterator[tuple[str, int]]:
        """The sentences that state the strongest ties between the parts."""
        for tie in nlargest(_ACROSS, self.corpus.across(self.name), key=self.ties.rank.__getitem__):
            if place := self.facts.place(tie):
                yield place.unit, self.corpus.passage(place.unit).number(place.start)

    @cached_property
    def _there(self) -> Mapping[str, list[str]]:
        """The members that each text unit mentions."""
        return self._mentioning(self.community.members)

    def _mentioning(self, members: Iterable[str]) -> Mapping[str, list[str]]:
        """Each text unit that mentions one of these, with those that it mentions."""
        found = dict[str, list[str]]()
        for member in members:
            for unit in self.corpus.entities[member].units:
                found.setdefault(unit, []).append(member)
        return found

    def _named(self, unit: str) -> Mapping[int, list[str]]:
        """The sentences of a text unit that name a member, with all that they name."""
        if (named := self._naming_in.get(unit)) is None:
            named = self._naming_in[unit] = self.corpus.passage(unit).naming(self._there.get(unit, ()))
        return named

    def _candidates(self, places: Mapping[str, Iterable[int]], least: float) -> list[Candidate]:
        """Sentences of at least this quality, in the order of the documents, with the members that they name."""
        found = []
        for unit in sorted(places, key=self.corpus.units.place.__getitem__):
            passage, named = self.corpus.passage(unit), self._named(unit)
            quality, form = passage.parted.quality, passage.parted.form
            found += [
                Candidate(unit, at, named.get(at, ()), form[at]) for at in sorted(places[unit]) if quality[at] >= least
            ]
        return found

    def _said(self, unit: str, at: int) -> str:
        """The words of a sentence."""
        return self.corpus.passage(unit).said(at)

    def _quote(self, candidate: Candidate) -> Quote:
        passage = self.corpus.passage(candidate.unit)
        shown = passage.readable(
            candidate.at,
            lambda entity: self.corpus.entities[entity].names[0],
            lambda entity: self.corpus.entities[entity].type,
            partial(self.corpus.topic, candidate.unit),
        )
        place = Place(candidate.unit, *passage.span(candidate.at))
        return Quote(place, plain(shown), self.corpus.units.title(candidate.unit))

    def _facts(self) -> list[Fact]:
        """The strongest ties that say something, not too many of one subject and one of each pair."""
        stated = [tie for tie in self.community.ties if self.ties.tells[tie]]
        found: list[Fact] = []
        subjects, pairs = list[str](), set[tuple[str, str]]()
        for tie in nlargest(_TRIED * self.section.facts, stated, key=self.ties.rank.__getitem__):
            source, target = pair = self.ties.source[tie], self.ties.target[tie]
            if len(found) == self.section.facts:
                break
            if pair in pairs or (target, source) in pairs or subjects.count(source) == _PER_SUBJECT:
                continue
            if self.facts.shown(tie) and (fact := self.facts.of(tie)):
                found.append(fact)
                subjects.append(source)
                pairs.add(pair)
        return found


STAGE = RowStage(
    name="report",
    reads=("communities", "entities", "relationships", "claims", "descriptions", "text_units", "documents"),
    writes=("reports",),
    version=4,
    owner="id",
    ahead={"text_units": read},
    touched=touched,
    prepare=Corpus.of,
    fingerprints=fingerprints,
    stays=stays,
    tasks=tasks,
    gather=gather,
    prompts=("report",),
    counts=counts,
    notes=_NOTES,
)
