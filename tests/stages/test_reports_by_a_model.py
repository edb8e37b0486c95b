"""Reports that a model writes: what it is shown, what is kept of its reply, when one is written again."""

import re
from typing import Any

import orjson
import pytest
from graph_tables import fingerprints, made, table
from test_report import TEXTS, WORLD, by_id, chain, reports

from graphrag_engine.llm.base import Models, Request
from graphrag_engine.llm.scripted import ScriptedModel
from graphrag_engine.offline.contents import lineages
from graphrag_engine.offline.corpus import Corpus
from graphrag_engine.offline.reports import Place
from graphrag_engine.prompts import shipped
from graphrag_engine.replies import briefs
from graphrag_engine.replies.briefs import Line, brief
from graphrag_engine.replies.reports import written
from graphrag_engine.settings import ReportSettings
from graphrag_engine.stages.base import Asked, Asking, Tables
from graphrag_engine.stages.report import STAGE, stays

Row = dict[str, Any]
MODEL = Asked(model="scripted", sampling={"max_tokens": 500}, prompts=shipped())


def finding(*citations: object, summary: str = "It happened.") -> Row:
    return {"summary": summary, "explanation": "So it is told.", "citations": list(citations)}


def reply(*findings: Row, **more: object) -> str:
    whole = {"title": "T", "summary": "S.", "rating": 4, "rating_explanation": "R.", "findings": list(findings)}
    return orjson.dumps(whole | more).decode()


def by_model(model: ScriptedModel, given: Tables = WORLD, **settings: Any) -> dict[str, Row]:
    asking = Asking(ReportSettings(**settings), MODEL)
    return by_id(made(STAGE, given, asking, models=Models(model))["reports"].to_pylist())


def shown(request: Request) -> str:
    return request.messages[-1].content


def test_citations_of_a_written_report_are_exact_slices():
    model = ScriptedModel(lambda _: reply(finding(1, 2), finding(3)))

    for row in by_model(model).values():
        numbers = {each["n"] for each in row["citations"]}
        assert numbers == {n for each in row["findings"] for n in each["citations"]}
        assert all(TEXTS[each["text_unit_id"]][each["start"] : each["end"]] for each in row["citations"])


def test_a_finding_that_rests_on_nothing_shown_is_left_out():
    model = ScriptedModel(lambda _: reply(finding(1, summary="Kept."), finding(999), finding(), finding("1")))

    for row in by_model(model, min_size=1).values():
        assert [each["summary"] for each in row["findings"]] == ["Kept."]


@pytest.mark.parametrize(
    "said", ["", "{", "[]", "{}", reply(), reply(finding(999)), reply("no finding"), '{"title": 3}']
)
def test_a_reply_without_a_report_leaves_the_extract(said: str):
    found = by_model(ScriptedModel(lambda _: said))

    extracts = by_id(reports(WORLD))
    assert {name: found[name]["full_content"] for name in extracts} == {
        name: row["full_content"] for name, row in extracts.items()
    }


def test_a_small_community_gets_an_extract_without_a_call():
    model = ScriptedModel(lambda _: reply(finding(1)))

    found = by_model(model, min_size=4)

    small = {row["id"] for row in WORLD["communities"].to_pylist() if row["size"] < 4}
    assert small
    assert all("Extractive" in found[name]["full_content"] for name in small)
    assert len(model.requests) == len(found) - len(small)


def test_a_parent_is_shown_the_reports_below_it_and_the_ties_across():
    model = ScriptedModel(lambda request: reply(finding(1, summary="Below."), summary=f"S{len(shown(request))}"))

    found = by_model(model, chain(WORLD), min_size=2)

    (top,) = [shown(each) for each in model.requests if each.task == "report:top"]
    assert "Reports on its parts:" in top
    assert found["left"]["summary"] in top
    assert found["right"]["summary"] in top
    assert "wrote to" in top
    assert "founded" not in top


def test_what_a_parent_cites_of_a_report_below_is_what_that_one_cites():
    model = ScriptedModel(lambda _: reply(finding(1)))

    found = by_model(model, chain(WORLD), min_size=2)

    def place(row: Row) -> Row:
        return {**row["citations"][0], "n": 0}

    assert place(found["top"]) in (place(found["left"]), place(found["right"]))


def test_marks_in_the_text_of_a_report_refer_to_its_own_citations():
    model = ScriptedModel(lambda _: reply(finding(2), summary="One [2], none [999], two [2, 1]."))

    for row in by_model(model, min_size=1).values():
        numbers = {each["n"] for each in row["citations"]}
        assert {int(n) for n in re.findall(r"\[(\d+)\]", row["summary"])} == numbers


def test_what_does_not_fit_is_cut_from_the_end_and_counted():
    lines = [Line(f"Line {number} of some words.", []) for number in range(100)]

    found = brief({"Entities": [], "Relationships": [], "Claims": lines}, 100)

    assert 0 < len(found.places) < 100
    assert found.cut == 100 - len(found.places)
    assert found.text.startswith("Claims:\n[1] Line 0")


def test_findings_of_the_reports_below_are_shown_in_turn():
    rows = [
        {
            "title": name,
            "summary": "S [1].",
            "citations": [],
            "findings": [finding(summary=f"{name}{n}") for n in (1, 2)],
        }
        for name in "AB"
    ]

    assert [line.text for line in briefs.below(rows)] == ["A: S.", "B: S.", "A: A1", "B: B1", "A: A2", "B: B2"]


@pytest.mark.parametrize(("rating", "kept"), [(7, 7.0), (99, 10.0), (-1, 0.0), ("high", 5.0), (True, 5.0)])
def test_a_rating_is_a_number_from_0_to_10(rating: object, kept: float):
    found = written(reply(finding(1), rating=rating), {1: [Place("u1", 0, 9)]})

    assert found is not None
    assert found.row["rating"] == kept


def test_a_parent_is_written_again_when_more_than_a_twentieth_of_what_is_below_changed():
    below = ["aaaa"] * 20

    assert stays("own+" + "".join(below), "own+" + "".join([*below[:19], "bbbb"]))
    assert not stays("own+" + "".join(below), "own+" + "".join([*below[:18], "bbbb", "bbbb"]))
    assert not stays("own+aaaa", "own+bbbb")
    assert not stays("own+" + "".join(below), "other+" + "".join(below))
    assert not stays("own+", "other+")


def test_what_a_report_is_made_from_is_the_same_whichever_reports_are_looked_at():
    given = chain(WORLD)
    whole = lineages(Corpus.of(given))

    assert {name: lineages(Corpus.of(given, {name}))[name] for name in whole} == whole


def test_a_report_depends_on_its_own_members_ties_and_claims_and_on_reports_below():
    given = chain(WORLD)
    asking = Asking(ReportSettings(), MODEL)
    before = fingerprints(STAGE, given, asking)
    ties = given["relationships"].to_pylist()
    for row in ties:
        if row["type"] == "founded":
            row["weight"] += 1

    after = fingerprints(STAGE, given | {"relationships": table("relationships", *ties)}, asking)

    assert {name for name in before if before[name] != after[name]} == {"left", "top"}
    assert before["top"].partition("+")[0] == after["top"].partition("+")[0]
