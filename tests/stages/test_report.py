import gc
import weakref
from collections import Counter
from typing import Any

import pytest
from graph_tables import fingerprints, made, table, tables, well_formed

from graphrag_engine.offline import contents
from graphrag_engine.offline.text import sentences
from graphrag_engine.overrides import NONE
from graphrag_engine.schema import TABLES
from graphrag_engine.settings import PartitionSettings, ReportSettings
from graphrag_engine.stages import merge, partition, refine
from graphrag_engine.stages.base import Asking, Tables
from graphrag_engine.stages.report import STAGE

Row = dict[str, Any]

MODULES = ("graphrag_engine.stages.report", "graphrag_engine.offline.corpus", "graphrag_engine.offline.passages")
TEXTS = {
    "u1": "Ann Vale founded the Pilot League in 1887. Ben Pike was its secretary. The league met in Riga in May.",
    "u2": "It was reported that Ann Vale had left Riga. She never came back. Ben Pike followed Ann Vale in 1902.",
    "v1": "## Cem Arkle\n\nCem Arkle sold coal to Dov Lorne. Dov Lorne burned the coal in the Black Meg. Arkle died.",
    "v2": "Ben Pike once wrote a long letter to Cem Arkle about the price of coal.",
}
TIES = [
    ("u1", "Ann Vale", "founded", "Pilot League", 0, "TRUE", "1887"),
    ("u1", "Pilot League", "met in", "Riga", 2, "TRUE", None),
    ("u2", "Ann Vale", "left", "Riga", 0, "SUSPECTED", None),
    ("u2", "Ben Pike", "followed", "Ann Vale", 2, "TRUE", "1902"),
    ("v1", "Cem Arkle", "sold coal to", "Dov Lorne", 1, "TRUE", None),
    ("v1", "Dov Lorne", "burned coal in", "Black Meg", 2, "FALSE", None),
    ("u2", "Ben Pike", "ruled", "Riga", 0, "TRUE", None),
    ("v2", "Ben Pike", "wrote to", "Cem Arkle", 0, "TRUE", None),
    ("u1", "Ben Pike", "mentioned with", "Pilot League", None, None, None),
    ("u1", "Ann Vale", "mentioned with", "Ben Pike", None, None, None),
    ("v1", "Cem Arkle", "mentioned with", "Black Meg", None, None, None),
]
KINDS = {"Pilot League": "organisation", "Riga": "place", "Black Meg": "name", "1887": "date"}


def sentence(unit: str, number: int | None) -> tuple[int, int]:
    return (0, 0) if number is None else sentences(TEXTS[unit])[number]


def said(unit: str, number: int | None) -> str:
    return TEXTS[unit][slice(*sentence(unit, number))]


def world(size: int = 3) -> Tables:
    names = ["Ann Vale", "Ben Pike", "Cem Arkle", "Dov Lorne", *KINDS]
    ties = [
        {"text_unit_id": unit, "source": source, "type": kind, "target": target, "description": said(unit, at)}
        for unit, source, kind, target, at, _, _ in TIES
    ]
    claims = [
        {"text_unit_id": unit, "subject": source, "type": kind, "object": target, "status": status, "start_date": date}
        | dict(zip(("start", "end"), sentence(unit, at), strict=True))
        for unit, source, kind, target, at, status, date in TIES
        if status
    ]
    found = tables(
        documents=[
            {"id": "u", "source": "a.md", "title": "The League"},
            {"id": "v", "source": "b.md", "title": "Coal"},
        ],
        text_units=[
            {"id": unit, "document_id": unit[0], "position": int(unit[1]), "text": text} for unit, text in TEXTS.items()
        ],
        entity_mentions=[
            {"text_unit_id": unit, "name": name, "type": KINDS.get(name, "person")}
            for unit, text in TEXTS.items()
            for name in names
            if name in text
        ],
        relationship_mentions=ties,
        claim_mentions=claims,
    )
    found = {**found, **merge.STAGE.run(found, NONE)}
    found |= partition.STAGE.run(found, PartitionSettings(max_cluster_size=size))
    return {**found, **made(refine.STAGE, found, None)}


WORLD = world()


def reports(given: Tables = WORLD, **settings: Any) -> list[Row]:
    found = made(STAGE, given, ReportSettings(**settings))["reports"]
    assert well_formed("reports", found)
    return found.to_pylist()


def names(given: Tables, report: Row) -> set[str]:
    by_id = dict(zip(given["entities"]["id"].to_pylist(), given["entities"]["name"].to_pylist(), strict=True))
    (members,) = (row["entity_ids"] for row in given["communities"].to_pylist() if row["id"] == report["id"])
    return {by_id[member] for member in members}


def about(name: str, given: Tables = WORLD) -> Row:
    return max((row for row in reports(given) if name in names(given, row)), key=lambda row: row["level"])


def test_every_community_of_the_size_has_a_report_on_its_level():
    communities = WORLD["communities"].to_pylist()

    assert {(row["id"], row["level"]) for row in reports(min_size=2)} == {
        (row["id"], row["level"]) for row in communities if row["size"] >= 2
    }
    assert len(reports(min_size=1)) == len(communities)


def test_citations_are_exact_sentences_and_every_mark_has_one():
    for row in reports():
        numbers = [each["n"] for each in row["citations"]]
        assert numbers == list(range(1, len(numbers) + 1))
        assert all(f"[{n}]" in row["full_content"] for n in numbers)
        assert {n for each in row["findings"] for n in each["citations"]} == set(numbers)
        for each in row["citations"]:
            cited = TEXTS[each["text_unit_id"]][each["start"] : each["end"]]
            assert cited[0].isupper()
            assert cited.endswith(".")


def test_the_shown_sentences_are_those_of_the_sources():
    shown = [finding["summary"] for row in reports(facts=0) for finding in row["findings"]]

    assert shown
    assert all(any(each in text for text in TEXTS.values()) or each.startswith("[") for each in shown)


def test_a_pronoun_is_replaced_in_what_is_shown_and_not_in_what_is_cited():
    text = "Ann Vale left Riga in a small boat. She met Ben Pike on the quay."
    names = {"a": ("Ann Vale", "person"), "b": ("Ben Pike", "person"), "r": ("Riga", "place")}
    given = tables(
        documents=[{"id": "d", "source": "a.md"}],
        text_units=[{"id": "u", "text": text}],
        entities=[
            {"id": key, "name": name, "type": kind, "text_unit_ids": ["u"]} for key, (name, kind) in names.items()
        ],
        relationships=[{"id": "t", "source_id": "a", "target_id": "b", "text_unit_ids": ["u"]}],
        communities=[
            {"id": "c", "level": 0, "size": 3, "weight": 1.0, "entity_ids": list(names)}
            | {"relationship_ids": ["t"], "children_ids": []}
        ],
    )

    (report,) = reports(given)

    assert report["findings"][1]["summary"] == "[Ann Vale] met Ben Pike on the quay."
    second = report["citations"][1]
    assert text[second["start"] : second["end"]] == "She met Ben Pike on the quay."


def test_facts_tell_of_dates_and_doubt():
    text = about("Ann Vale")["full_content"] + about("Dov Lorne")["full_content"]

    assert "Ann Vale \u2013 founded \u2013 Pilot League (1887)" in text
    assert "Ann Vale \u2013 left \u2013 Riga (reported, not certain)" in text
    assert "Dov Lorne \u2013 burned coal in \u2013 Black Meg (denied)" in text


def test_a_fact_is_shown_only_where_its_sentence_names_both_ends():
    assert not any("ruled" in row["full_content"] for row in reports(chain(WORLD)))


def test_a_heading_is_not_quoted_where_there_are_sentences():
    cited = by_id(reports(chain(WORLD), facts=0))["right"]["citations"]

    assert ("v1", 3) not in [(each["text_unit_id"], each["start"]) for each in cited]
    assert len(cited) == 3


def test_a_predicate_that_is_but_a_preposition_is_no_fact():
    rows = [row | {"type": "of"} if row["type"] == "founded" else row for row in WORLD["relationships"].to_pylist()]
    founded = {**WORLD, "relationships": table("relationships", *rows)}

    assert any("Ann Vale \u2013 founded" in row["full_content"] for row in reports(chain(WORLD)))
    assert not any("Ann Vale \u2013 of" in row["full_content"] for row in reports(chain(founded)))


def test_standing_together_is_no_fact():
    assert not any("mentioned with" in row["full_content"] for row in reports())


def test_a_report_says_that_it_is_extractive_and_is_named_after_its_weightiest_members():
    row = about("Dov Lorne")

    assert "Extractive report" in row["full_content"]
    assert set(row["title"].split(" · ")) <= names(WORLD, row)


def test_the_order_of_sentences_is_that_of_the_documents():
    row = next(row for row in reports(world(size=10)) if len(names(world(size=10), row)) > 5)

    shown = [each["text_unit_id"] for each in row["citations"][:4]]
    assert shown == sorted(shown)


def parents(given: Tables) -> list[Row]:
    return [row for row in given["communities"].to_pylist() if row["children_ids"]]


def chain(given: Tables) -> Tables:
    """Two reports below one of eight: the communities as a person would draw them."""
    ids = dict(zip(given["entities"]["name"].to_pylist(), given["entities"]["id"].to_pylist(), strict=True))
    ends = {row["id"]: {row["source_id"], row["target_id"]} for row in given["relationships"].to_pylist()}
    parts = {"left": ["Ann Vale", "Ben Pike", "Pilot League", "Riga"], "right": ["Cem Arkle", "Dov Lorne", "Black Meg"]}
    parts |= {"top": [*parts["left"], *parts["right"]]}
    rows = []
    for name, members in parts.items():
        inside = {ids[member] for member in members}
        rows.append(
            {
                "id": name,
                "level": int(name != "top"),
                "parent_id": None if name == "top" else "top",
                "size": len(members),
                "weight": 1.0,
            }
            | {"children_ids": ["left", "right"] if name == "top" else [], "entity_ids": sorted(inside)}
            | {"relationship_ids": sorted(tie for tie, both in ends.items() if both <= inside)}
        )
    return {**given, "communities": table("communities", *rows)}


def by_id(rows: list[Row]) -> dict[str, Row]:
    return {row["id"]: row for row in rows}


def test_a_parent_is_made_from_what_its_children_cite_and_from_ties_across():
    def child(name: str, unit: str, number: int) -> Row:
        start, end = sentence(unit, number)
        return {
            "id": name,
            "level": 1,
            "title": "",
            "citations": [{"n": 1, "text_unit_id": unit, "start": start, "end": end}],
        }

    kept = {"reports": table("reports", child("left", "u1", 0), child("right", "v1", 1))}

    (top,) = made(STAGE, chain(WORLD), ReportSettings(facts=0), kept, ["top"])["reports"].to_pylist()

    assert [TEXTS[each["text_unit_id"]][each["start"] : each["end"]] for each in top["citations"]] == [
        said("u1", 0),
        said("v1", 1),
        said("v2", 0),
    ]


def test_a_task_needs_the_reports_below_it_that_are_made_again():
    given = STAGE.prepare(chain(WORLD), None)
    wanted = sorted(dict(STAGE.fingerprints(given, Asking(ReportSettings()))))

    needs = {
        task.id: task.needs
        for task in STAGE.tasks(given, Asking(ReportSettings()), wanted, {"reports": table("reports")})
    }

    assert needs == {"left": (), "right": (), "top": ("left", "right")}


def test_what_a_report_is_made_with_is_gone_once_it_is_made():
    given = STAGE.prepare(chain(WORLD), None)
    wanted = sorted(dict(STAGE.fingerprints(given, Asking(ReportSettings()))))
    tasks = list(STAGE.tasks(given, Asking(ReportSettings()), wanted, {"reports": table("reports")}))
    done: dict[str, Any] = {}
    for task in sorted(tasks, key=lambda task: len(task.needs)):
        with pytest.raises(StopIteration) as end:
            next(task.conversation(done))
        done[task.id] = end.value.value

    left = Counter(type(each).__name__ for each in gc.get_objects() if type(each).__module__ in MODULES)
    assert left["Passage"]
    assert not {"_Report", "_Contents"} & left.keys()


def test_what_all_reports_are_made_with_is_gone_with_the_last_without_a_look_for_cycles():
    given = STAGE.prepare(chain(WORLD), None)
    wanted = sorted(dict(STAGE.fingerprints(given, Asking(ReportSettings()))))
    corpus = weakref.ref(given)
    gc.disable()
    try:
        for task in STAGE.tasks(given, Asking(ReportSettings()), wanted, {"reports": table("reports")}):
            assert task
        del given, task
        assert corpus() is None
    finally:
        gc.enable()


@pytest.mark.parametrize("again", [["top"], ["left", "top"]])
def test_a_report_made_from_kept_rows_is_the_same_as_one_made_with_all(again: list[str]):
    given = chain(WORLD)
    whole = made(STAGE, given, ReportSettings())
    kept = {"reports": table("reports", *(row for row in whole["reports"].to_pylist() if row["id"] not in again))}

    found = made(STAGE, given, ReportSettings(), kept, again)["reports"]

    assert by_id(found.to_pylist()) == {name: by_id(whole["reports"].to_pylist())[name] for name in again}


def changed(after: Tables) -> set[str]:
    before, now = (fingerprints(STAGE, chain(given), ReportSettings()) for given in (WORLD, after))
    return {name for name in before if before[name] != now[name]}


def replaced(name: str, **columns: dict[str, Any]) -> Tables:
    """The world with some cells of a table changed: column -> {id: value}."""
    rows = WORLD[name].to_pylist()
    for column, values in columns.items():
        for row in rows:
            row[column] = values.get(row["id"], row[column])
    return {**WORLD, name: table(name, *rows)}


def tie_id(kind: str) -> str:
    return next(row["id"] for row in WORLD["relationships"].to_pylist() if row["type"] == kind)


def test_a_fingerprint_is_the_same_however_many_are_told_at_once(monkeypatch: pytest.MonkeyPatch):
    together = fingerprints(STAGE, chain(WORLD), ReportSettings())
    monkeypatch.setattr(contents, "_AT_ONCE", 1)

    assert fingerprints(STAGE, chain(WORLD), ReportSettings()) == together


def test_places_are_no_part_of_a_fingerprint():
    moved = {row["id"]: row["position"] + 5 for row in WORLD["text_units"].to_pylist()}

    assert changed(replaced("text_units", position=moved, start=dict.fromkeys(moved, 77))) == set()


def test_another_order_of_text_units_or_title_of_a_document_changes_the_reports_from_there():
    position = {row["id"]: 9 - row["position"] for row in WORLD["text_units"].to_pylist() if row["document_id"] == "u"}

    assert changed(replaced("text_units", position=position)) == {"left", "top"}
    assert changed(replaced("documents", title={"v": "Else"})) == {"left", "right", "top"}


def test_a_changed_member_tie_claim_or_description_changes_its_report_and_those_above():
    entity = next(row["id"] for row in WORLD["entities"].to_pylist() if row["name"] == "Dov Lorne")
    claim = next(row["id"] for row in WORLD["claims"].to_pylist() if row["type"] == "burned coal in")

    assert changed(replaced("entities", aliases={entity: ["Old Dov"]})) == {"right", "top"}
    assert changed(replaced("relationships", weight={tie_id("sold coal to"): 99.0})) == {"right", "top"}
    assert changed(replaced("claims", status={claim: "TRUE"})) == {"right", "top"}
    assert changed(replaced("descriptions", text={tie_id("sold coal to"): "Else."})) == {"right", "top"}
    assert changed(replaced("relationships", weight={tie_id("wrote to"): 99.0})) == {"top"}


def test_the_weight_of_standing_together_depends_on_the_whole_corpus_and_makes_no_report_stale():
    assert changed(replaced("relationships", weight={tie_id("mentioned with"): 99.0})) == set()


def test_without_communities_there_are_no_reports():
    assert reports(tables()) == []


def test_the_table_has_the_columns_of_the_schema():
    assert made(STAGE, WORLD, ReportSettings())["reports"].schema.equals(TABLES["reports"].schema)
