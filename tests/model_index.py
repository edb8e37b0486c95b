"""Indexes that a scripted model makes: what it says of each text unit is written in the test."""

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pyarrow as pa

from graphrag_engine import pipeline, prompts
from graphrag_engine.llm.base import Reply, Request
from graphrag_engine.llm.scripted import ScriptedModel
from graphrag_engine.pipeline import Made, Models
from graphrag_engine.recipes import Terms
from graphrag_engine.schema import TABLES, empty
from graphrag_engine.settings import ExtractSettings, Settings
from graphrag_engine.stages.base import Asked
from graphrag_engine.stores import caches
from graphrag_engine.stores.manifest import Manifest
from graphrag_engine.stores.parquet import ParquetStore

ASKED = Asked(model="scripted", sampling={"max_tokens": 1000}, prompts=prompts.shipped())


def reply(
    entities: Mapping[str, str] | None = None,
    ties: list[tuple[str, str, str]] = (),
    claims: list[Mapping[str, Any]] = (),
    **more: Any,
) -> str:
    """A reply: names with their types; source, type and target of relationships; claims as they are."""
    found = {
        "entities": [{"name": n, "type": t, "description": f"{n}, it says."} for n, t in (entities or {}).items()],
        "relationships": [
            {"source": s, "target": t, "type": p, "description": f"{s} {p} {t}.", "strength": 6} for s, p, t in ties
        ],
        "claims": list(claims),
    }
    return json.dumps(found | more)


class Script(ScriptedModel):
    """Answers by the first key that the text of a request holds; what it has none for names nothing."""

    def __init__(self, told: Mapping[str, str | Reply | Callable[[Request], str]]) -> None:
        super().__init__(lambda request: "")
        self.told = told

    async def complete(self, request: Request) -> Reply:
        self.requests.append(request)
        words = request.messages[-1].content
        found = next((said for key, said in self.told.items() if key in words), reply())
        found = found(request) if callable(found) else found
        return found if isinstance(found, Reply) else Reply(text=found)


def documents(**texts: str) -> pa.Table:
    """Documents by their titles."""
    rows = [
        {"id": name, "source": name, "title": name, "text": text, "content_hash": text, "pages": [], "metadata": "{}"}
        for name, text in texts.items()
    ]
    return pa.Table.from_pylist(rows, schema=TABLES["documents"].schema).sort_by("id")


class Index:
    """An index root, made and updated by a scripted model."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.store = ParquetStore(root)
        self.base: Manifest | None = None

    def make(self, texts: Mapping[str, str], model: ScriptedModel, **extract: Any) -> Made:
        """Index these documents, keep the version and return what was made."""
        terms = Terms(Settings(extract=ExtractSettings(**extract)), asked={"extract": ASKED})
        models = {"extract": Models(model)}
        made = pipeline.run(self.store, self.base, documents(**texts), empty("failures"), terms, models)
        number = self.base.version + 1 if self.base else 1
        manifest = Manifest(version=number, tables=made.entries, stages=made.stages, embedding="hashing")
        caches.folder(self.store, manifest, self.base)
        self.store.commit(manifest)
        self.base = manifest
        return made

    def rows(self, name: str) -> list[dict[str, Any]]:
        """The rows of a table."""
        assert self.base
        found: list[dict[str, Any]] = self.store.read(name, self.base.entry(name)).to_pylist()
        return found

    def entities(self) -> dict[str, str]:
        """Names of entities with their types."""
        return {row["name"]: row["type"] for row in self.rows("entities")}

    def ties(self) -> dict[tuple[str, str, str], float]:
        """Relationships by names, with their weights."""
        names = {row["id"]: row["name"] for row in self.rows("entities")}
        return {
            (names[row["source_id"]], row["type"], names[row["target_id"]]): row["weight"]
            for row in self.rows("relationships")
        }
