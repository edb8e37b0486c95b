"""Small indexes as tables, made from what a test writes down: documents, names, ties, claims, reports."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import pyarrow as pa

from graphrag_engine.hashing import digest
from graphrag_engine.offline.words import normalise
from graphrag_engine.schema import TABLES


@dataclass(frozen=True, kw_only=True)
class World:
    """Paragraphs of a document are its text units; a name is mentioned wherever it stands."""

    documents: Mapping[str, str]
    names: Mapping[str, str] = field(default_factory=dict)
    """Name -> type; `Name|Alias|Alias` gives aliases."""
    ties: Sequence[tuple[str, str, str]] = ()
    claims: Sequence[tuple[str, str, str, str, str | None]] = ()
    """Subject, type, object, status, date."""
    reports: Mapping[str, tuple[int, str | None, Sequence[str], Sequence[str]]] = field(default_factory=dict)
    """Title -> level, title of the parent, members, quotes."""
    metadata: Mapping[str, Mapping[str, object]] = field(default_factory=dict)
    vectors: Mapping[str, Sequence[float]] = field(default_factory=dict)
    """Text of a text unit, or name of an entity -> its vector."""

    def tables(self) -> dict[str, pa.Table]:
        """All tables that questions are answered from."""
        units = list(self._units())
        rows = {
            "documents": list(self._documents()),
            "text_units": units,
            "entity_mentions": list(self._mentions(units)),
            "entities": [self._entity(each, units) for each in self.names],
            "relationships": [self._tie(tie, units) for tie in self.ties],
            "claims": [self._claim(claim, units) for claim in self.claims],
            "communities": [self._community(title) for title in self.reports],
            "reports": [self._report(title, units) for title in self.reports],
            "vectors": list(self._vectors(units)),
        }
        return {name: _sorted(name, rows.get(name, [])) for name in TABLES}

    def id(self, name: str) -> str:
        """The id of an entity."""
        return digest("entity", name)

    def _documents(self) -> Any:
        for source, text in self.documents.items():
            yield {
                "id": digest(source),
                "source": source,
                "title": source.rsplit("/")[-1].split(".")[0].title(),
                "text": text,
                "content_hash": digest(text),
                "pages": [],
                "metadata": json.dumps(self.metadata.get(source, {})),
            }

    def _units(self) -> Any:
        for document in self._documents():
            start = 0
            for position, part in enumerate(document["text"].split("\n\n")):
                yield {
                    "id": digest(document["id"], part),
                    "document_id": document["id"],
                    "position": position,
                    "start": start,
                    "end": start + len(part),
                    "n_tokens": len(part.split()),
                    "heading": document["title"],
                    "text": part,
                }
                start += len(part) + 2

    def _mentions(self, units: Sequence[Any]) -> Any:
        for forms, kind in self.names.items():
            for name in forms.split("|"):
                for unit in units:
                    for start in _places(unit["text"], name):
                        yield {
                            "text_unit_id": unit["id"],
                            "name": name,
                            "type": kind,
                            "description": "",
                            "start": start,
                            "end": start + len(name),
                            "grounded": True,
                        }

    def _entity(self, forms: str, units: Sequence[Any]) -> Any:
        name, *aliases = forms.split("|")
        found = [unit for unit in units if any(_places(unit["text"], form) for form in (name, *aliases))]
        return {
            "id": self.id(name),
            "name": name,
            "type": self.names[forms],
            "aliases": sorted(aliases),
            "frequency": len(found),
            "degree": sum(name in (tie[0], tie[2]) for tie in self.ties),
            "rank": 1.0,
            "text_unit_ids": sorted({unit["id"] for unit in found}),
        }

    def _tie(self, tie: tuple[str, str, str], units: Sequence[Any]) -> Any:
        source, kind, target = tie
        where = [unit["id"] for unit in units if source in unit["text"] and target in unit["text"]]
        return {
            "id": digest(*tie),
            "source_id": self.id(source),
            "target_id": self.id(target),
            "type": kind,
            "weight": 1.0,
            "rank": 1.0,
            "text_unit_ids": sorted(set(where)),
        }

    def _claim(self, claim: tuple[str, str, str, str, str | None], units: Sequence[Any]) -> Any:
        subject, kind, target, status, date = claim
        unit = next(unit for unit in units if subject in unit["text"] and target in unit["text"])
        return {
            "id": digest(*claim),
            "subject_id": self.id(subject),
            "object_id": self.id(target),
            "text_unit_id": unit["id"],
            "subject": subject,
            "object": target,
            "type": kind,
            "status": status,
            "start_date": date,
            "end_date": None,
            "description": f"{subject} {kind} {target}",
            "quote": unit["text"],
            "start": 0,
            "end": len(unit["text"]),
            "grounded": True,
        }

    def _community(self, title: str) -> Any:
        level, parent, members, _ = self.reports[title]
        return {
            "id": digest("report", title),
            "level": level,
            "parent_id": digest("report", parent) if parent else None,
            "children_ids": sorted(digest("report", each) for each in self.reports if self.reports[each][1] == title),
            "entity_ids": sorted(map(self.id, members)),
            "relationship_ids": [],
            "size": len(members),
            "weight": 1.0,
        }

    def _report(self, title: str, units: Sequence[Any]) -> Any:
        level, _, members, quotes = self.reports[title]
        findings = [{"summary": quote, "explanation": "", "citations": [n]} for n, quote in enumerate(quotes, 1)]
        return {
            "id": digest("report", title),
            "level": level,
            "title": title,
            "summary": f"On {', '.join(members)}. [1]",
            "full_content": "\n".join([title, "The frame.", *quotes]),
            "findings": findings,
            "rating": float(len(members)),
            "rating_explanation": "size",
            "citations": [_cited(n, quote, units) for n, quote in enumerate(quotes, 1)],
        }

    def _vectors(self, units: Sequence[Any]) -> Any:
        texts = [(unit["text"], unit["id"], "text_unit") for unit in units]
        names = [(name, self.id(name), "entity") for name in (forms.split("|")[0] for forms in self.names)]
        for text, row, kind in texts + names:
            if text in self.vectors:
                yield {"id": row, "kind": kind, "vector": list(self.vectors[text])}


def _cited(n: int, quote: str, units: Sequence[Any]) -> Any:
    unit = next(unit for unit in units if quote in unit["text"])
    start = unit["text"].index(quote)
    return {"n": n, "text_unit_id": unit["id"], "start": start, "end": start + len(quote)}


def _places(text: str, name: str) -> list[int]:
    """Where a name stands as whole words."""
    wanted = f" {normalise(name)} "
    if wanted not in f" {normalise(text)} ":
        return []
    return [at for at in range(len(text)) if text.startswith(name, at)][:100]


def _sorted(name: str, rows: list[Any]) -> pa.Table:
    flat = [column for column in TABLES[name].order if not pa.types.is_nested(TABLES[name].columns[column].type)]
    table = pa.Table.from_pylist(rows, schema=TABLES[name].schema)
    return table.sort_by([(column, "ascending") for column in flat])
