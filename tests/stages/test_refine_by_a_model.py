"""Descriptions that a model merges."""

from typing import Any

from graph_tables import made
from test_refine import given, mention, person

from graphrag_engine.llm.base import Models
from graphrag_engine.llm.scripted import ScriptedModel
from graphrag_engine.prompts import shipped
from graphrag_engine.settings import RefineSettings
from graphrag_engine.stages.base import Asked, Asking, Tables
from graphrag_engine.stages.refine import STAGE

MODEL = Asked(model="scripted", sampling={"max_tokens": 500}, prompts=shipped())
MUCH = given(
    [mention(f"u{n}", "Ann", description=f"Ann is pilot number {n} of the harbour of Wend.") for n in range(9)]
)
LITTLE = given([mention("u", "Ann", description="Ann is a pilot.")])


def described(found: Tables, model: ScriptedModel, **settings: Any) -> dict[str, Any]:
    asking = Asking(RefineSettings(merge_from=20, **settings), MODEL)
    (row,) = made(STAGE, found, asking, models=Models(model))["descriptions"].to_pylist()
    return row


def test_a_model_merges_what_is_too_much_for_a_description():
    model = ScriptedModel(lambda _: "Ann was\nmany pilots.")

    row = described(MUCH, model)

    assert row["text"] == "Ann was many pilots."
    assert row["n_sources"] == 9
    assert row["text_unit_ids"] == [f"u{n}" for n in range(9)]
    assert model.requests[0].task == f"refine:{person('ann')}"


def test_a_model_is_not_asked_where_little_is_said():
    model = ScriptedModel({})

    assert described(LITTLE, model)["text"] == "Ann is a pilot."
    assert model.requests == []


def test_only_a_thing_of_which_much_is_said_has_a_task_of_its_own():
    little = [mention(f"u{n}", name, description=f"{name} is a pilot.") for n, name in enumerate(("Ben", "Cem"))]
    much = [mention(f"u{n}", "Ann", description=f"Ann is pilot number {n} of the harbour of Wend.") for n in range(9)]
    prepared = STAGE.prepare(given([*much, *little]), None)
    ids = [person("ann"), person("ben"), person("cem")]

    found = STAGE.tasks(prepared, Asking(RefineSettings(merge_from=20), MODEL), ids, {})

    assert sorted(sorted(task.rows) for task in found) == sorted([ids[:1], sorted(ids[1:])])


def test_what_does_not_fit_is_cut_and_counted():
    model = ScriptedModel(lambda _: "Ann.")

    row = described(MUCH, model, context_tokens=200)

    assert len(row["text_unit_ids"]) == 9
    assert STAGE.counts({"cut": 3}) == {"cut": 3}
    assert STAGE.notes["cut"].format(n=3) == "3 statements did not fit into what the model was shown for descriptions."


def test_statements_stand_between_marks_that_they_do_not_hold():
    model = ScriptedModel(lambda _: "Ann.")
    described(MUCH, model)

    first, *_, last = model.requests[0].messages[-1].content.splitlines()

    assert first.startswith("<text-")
    assert last == first.replace("<", "</")
