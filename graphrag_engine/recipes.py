"""What the tables of each stage are made from, and so which stages are stale and why. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from graphrag_engine.hashing import digest
from graphrag_engine.overrides import NONE, Overrides
from graphrag_engine.results import Due
from graphrag_engine.settings import Settings
from graphrag_engine.stages import STAGES
from graphrag_engine.stages.base import Asked, Asking, RowStage, Stage, TableStage
from graphrag_engine.stores.manifest import Entry, Manifest

_OWN = ("version", "settings", "model", "libraries", "overrides", "use")
"""What a stage is made from beside the tables that it reads."""


@dataclass(frozen=True)
class Terms:
    """What a run goes by, beside the documents."""

    settings: Settings
    overrides: Overrides = NONE
    asked: Mapping[str, Asked] = field(default_factory=dict)
    """The chat model of each stage that asks one, by the stage's name."""

    def given(self, stage: Stage) -> Any:
        """What a stage is told of them."""
        section = self.settings.section(stage.name)
        if isinstance(stage, TableStage):
            return self.overrides if stage.corrected else section
        return Asking(section, self.asked.get(stage.name)) if stage.prompts else section

    def idle(self, stage: Stage) -> bool:
        """Whether nobody reads what a stage writes, because a model is asked instead."""
        return isinstance(stage, TableStage) and stage.read_by in self.asked

    def own(self, stage: Stage) -> dict[str, Any]:
        """What a stage is made from beside the tables that it reads, as plain JSON."""
        made_from = {
            "version": stage.version,
            "settings": self.settings.section(stage.name).model_dump(mode="json"),
            "libraries": dict(stage.made_with or {}),
        }
        if stage.name in self.asked:
            made_from["model"] = self.asked[stage.name].recipe()
        if self.idle(stage):
            made_from["use"] = "none"
        if self.overrides != NONE and isinstance(stage, TableStage) and stage.corrected:
            made_from["overrides"] = self.overrides.fingerprint()
        return made_from

    def recipe(self, stage: Stage, entries: Mapping[str, Entry]) -> dict[str, Any]:
        """Everything that the tables of a stage are made from, as plain JSON."""
        return {
            **self.own(stage),
            "reads": {name: digest(entries[name].parts) for name in stage.reads if name in entries},
        }

    def prefix(self, stage: RowStage) -> str:
        """What every row of a stage is made from; its fingerprint begins with it."""
        return digest(self.own(stage))


def causes(stage: Stage, recipe: Mapping[str, Any], base: Manifest | None) -> list[str]:
    """Why a stage must run: what differs between *recipe* and what its tables in *base* were made from."""
    if base is None or stage.name not in base.stages:
        return ["first run"]
    before = base.stages[stage.name]
    changed = [key for key in _OWN if before.get(key) != recipe.get(key)]
    tables = [name for name, parts in recipe["reads"].items() if before["reads"].get(name) != parts]
    return [f"{what} changed" for what in changed + tables]


def made_alike(stage: Stage, recipe: Mapping[str, Any], base: Manifest | None) -> bool:
    """Whether the tables of *base* are made as *recipe* says, whatever tables they were made from."""
    before = base.stages.get(stage.name, {}) if base else {}
    return all(before.get(key) == recipe.get(key) for key in _OWN)


def stale(terms: Terms, base: Manifest | None, documents_changed: bool) -> tuple[Due, ...]:
    """The stages that another run would run."""
    due: list[Due] = []
    touched = {"documents"} if documents_changed else set()
    for stage in STAGES:
        why = ["first run"] if base is None else causes(stage, terms.recipe(stage, base.tables), base)
        why += [f"{name} will change" for name in stage.reads if base and name in touched]
        if why:
            due.append(Due(name=stage.name, why=", ".join(why)))
            touched.update(stage.writes)
    return tuple(due)
