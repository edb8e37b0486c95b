"""Names that a model compares, end to end: a scripted one that knows which pairs are one."""

import json
import re
import shutil

import numpy as np
import pytest

from graphrag_engine import Engine
from graphrag_engine.errors import ModelError
from graphrag_engine.llm.scripted import ScriptedModel

OFF = "extract: {model: offline}\nrefine: {model: offline}\nreport: {model: offline}\n"
ON = OFF + "compare: {model: scripted}\n"
SCROOGE = {
    "a.txt": "Ebenezer Scrooge was born in Cornhill. He said that Bob Cratchit was his clerk. He met Ada Pell.",
    "b.txt": "The old man Scrooge went to Cornhill. Then Scrooge said that Scrooge was cold.",
    "c.txt": "A letter from Mr. Scrooge came to Cornhill. Mr. Scrooge asked for Bob Cratchit.",
}
ONE = ("Scrooge", "Ebenezer Scrooge"), ("Scrooge", "Mr. Scrooge")
_LEFT, _RIGHT = re.compile(r"\* (.+?) \("), re.compile(r"(\d+)\. (.+?) \(")


class Judge(ScriptedModel):
    """Says of each pair whether it is one of those that it knows; fails where a pair holds *fails*."""

    def __init__(self, *same, fails=None, says=True):
        super().__init__(self.answer)
        self.same = {frozenset(pair) for pair in same}
        self.fails = fails
        self.says = says

    def answer(self, request):
        pairs = list(asked(request))
        if any(self.fails in pair for _, *pair in pairs):
            raise ModelError("It is tired.", attempts=2)
        return json.dumps(
            {"pairs": [{"n": n, "same": (frozenset(pair) in self.same) is self.says} for n, *pair in pairs]}
        )


def asked(request):
    left = ""
    for line in request.messages[-1].content.splitlines():
        if found := _LEFT.match(line):
            left = found[1]
        elif found := _RIGHT.match(line):
            yield int(found[1]), left, found[2]


def write(folder, texts):
    folder.mkdir(exist_ok=True)
    for name, text in texts.items():
        (folder / name).write_text(text, "utf-8")
    return folder


def opened(root, judge, settings=ON, overrides="", **more):
    root.mkdir(exist_ok=True)
    (root / "settings.yaml").write_text(settings)
    (root / "overrides.yaml").write_text(overrides)
    return Engine.open(root, model=judge, **more)


def made(root, folder, judge, **more):
    engine = opened(root, judge, **more)
    return engine, engine.index(folder, allow_deletes=True)


def called(engine, word="Scrooge"):
    rows = engine.table("entities").to_pylist()
    return sorted(sorted((row["name"], *row["aliases"])) for row in rows if word in row["name"])


@pytest.fixture
def letters(tmp_path):
    return write(tmp_path / "letters", SCROOGE)


def test_scrooge_mr_scrooge_and_ebenezer_scrooge_are_one_and_it_is_told_why(letters, tmp_path):
    engine, _ = made(tmp_path / "kb", letters, Judge(*ONE))
    rows = [row for row in engine.table("resolutions").to_pylist() if row["cause"] == "model"]

    assert called(engine) == [["Ebenezer Scrooge", "Mr. Scrooge", "Scrooge"]]
    assert ("Scrooge", "Ebenezer Scrooge", "same", 0.7) in [
        (row["left"], row["right"], row["verdict"], row["confidence"]) for row in rows
    ]


def test_what_words_decide_is_not_asked(letters, tmp_path):
    judge = Judge()
    made(tmp_path / "kb", letters, judge)
    pairs = [pair for request in judge.requests for pair in asked(request)]

    assert ("Scrooge", "Ebenezer Scrooge") in [(left, right) for _, left, right in pairs]
    assert not [pair for pair in pairs if "Mr. Scrooge" in pair]


def test_nobody_is_asked_unless_the_settings_name_a_model_for_it(letters, tmp_path):
    judge = Judge(*ONE)
    engine, _ = made(tmp_path / "kb", letters, judge, settings=OFF)

    assert judge.requests == []
    assert engine.table("comparisons").num_rows == engine.table("name_vectors").num_rows == 0
    assert {stage.name: stage.ran for stage in engine.index().stages}["compare"] is False
    assert engine.estimate().usage.requests == 0


def test_people_part_what_a_model_joins_and_join_what_it_parts(letters, tmp_path):
    parted, _ = made(tmp_path / "a", letters, Judge(*ONE), overrides="different: [[Scrooge, Ebenezer Scrooge]]")
    joined, _ = made(tmp_path / "b", letters, Judge(), overrides="same: [[Ebenezer Scrooge, Scrooge]]")

    assert called(parted) == [["Ebenezer Scrooge", "Mr. Scrooge"], ["Scrooge"]]
    assert called(joined) == [["Ebenezer Scrooge", "Mr. Scrooge", "Scrooge"]]


def test_what_a_model_joined_is_undone_by_hand_without_another_question(letters, tmp_path):
    judge = Judge(*ONE)
    engine, _ = made(tmp_path / "kb", letters, judge)
    before = len(judge.requests)
    engine, _ = made(tmp_path / "kb", letters, judge, overrides="different: [[Scrooge, Ebenezer Scrooge]]")

    assert called(engine) == [["Ebenezer Scrooge", "Mr. Scrooge"], ["Scrooge"]]
    assert len(judge.requests) == before


def test_namesakes_of_different_types_stay_apart_whatever_a_model_says(tmp_path):
    texts = {
        "a.txt": "The barque Ada Pell sank off Riga. The crew left the Ada Pell. The Ada Pell was a ship of Wend.",
        "b.txt": "Mrs Ada Pell was born in 1850. Ada Pell, who was a teacher, went to Riga. Then Ada Pell ran.",
    }
    engine, _ = made(tmp_path / "kb", write(tmp_path / "ships", texts), Judge(says=False))

    types = {row["type"] for row in engine.table("entities").to_pylist() if "Ada Pell" in row["name"]}
    assert types == {"person", "work"}


def test_an_update_equals_a_rebuild_and_asks_nothing_twice(letters, tmp_path):
    judge = Judge(*ONE)
    engine, _ = made(tmp_path / "kb", letters, judge)
    write(
        letters,
        {"d.txt": "Jacob Marley met E. Scrooge. Marley was dead.", "b.txt": SCROOGE["b.txt"] + " Marley knew it."},
    )
    engine.index()
    before = len(judge.requests)
    fresh, _ = made(tmp_path / "fresh", letters, Judge(*ONE))

    for name in ("comparisons", "resolutions", "entities", "relationships", "fingerprints"):
        assert engine.table(name).equals(fresh.table(name)), name
    shutil.rmtree(tmp_path / "kb" / ".graphrag" / "tables")
    shutil.rmtree(tmp_path / "kb" / ".graphrag" / "versions")
    (tmp_path / "kb" / ".graphrag" / "CURRENT").unlink()
    engine, _ = made(tmp_path / "kb", letters, judge)
    assert len(judge.requests) == before


def test_a_batch_that_fails_is_listed_and_tried_again(letters, tmp_path):
    engine, report = made(tmp_path / "kb", letters, Judge(*ONE, fails="Ebenezer Scrooge"))

    assert [(each.stage, each.error) for each in report.failed] == [("compare", "It is tired.")]
    assert called(engine) == [["Ebenezer Scrooge", "Mr. Scrooge"], ["Scrooge"]]
    engine, report = made(tmp_path / "kb", letters, Judge(*ONE))
    assert (report.failed, len(called(engine))) == ((), 1)


def test_replies_that_judge_nothing_are_told_and_leave_names_apart(letters, tmp_path):
    engine, report = made(tmp_path / "kb", letters, ScriptedModel(lambda _: '{"pairs": [{"n": 999, "same": true}]}'))

    assert called(engine) == [["Ebenezer Scrooge", "Mr. Scrooge"], ["Scrooge"]]
    assert "were not judged, and stay apart" in " ".join(report.warnings)
    assert "could not be used" in " ".join(report.warnings)


def test_an_estimate_counts_the_questions(letters, tmp_path):
    found = opened(tmp_path / "kb", Judge()).estimate(letters)

    assert {stage.name: stage.usage.prompt_tokens > 0 for stage in found.stages}["compare"]


def test_an_index_from_before_names_were_compared_is_updated(letters, tmp_path):
    engine, _ = made(tmp_path / "kb", letters, Judge(), settings=OFF)
    path = next((tmp_path / "kb" / ".graphrag" / "versions").iterdir())
    manifest = json.loads(path.read_text())
    for name in ("name_vectors", "comparisons"):
        del manifest["tables"][name]
    for name in ("names", "compare"):
        del manifest["stages"][name]
    path.write_text(json.dumps(manifest))

    assert "compare" in [each.name for each in engine.status().stale]
    engine, _ = made(tmp_path / "kb", letters, Judge(*ONE))
    assert len(called(engine)) == 1


class Meaning:
    """Takes all names with one last word for the same."""

    name, dimension, weight = "meaning", 3, 0.5

    def embed(self, texts):
        return np.array([["Scrooge" in text, "Bob" in text, 0.1] for text in texts], np.float32)


def test_names_that_vectors_find_very_near_are_one_without_a_question(letters, tmp_path):
    judge = Judge()
    engine, _ = made(tmp_path / "kb", letters, judge, settings=OFF + "names: {embedded: true}\n", embedder=Meaning())

    assert called(engine) == [["Ebenezer Scrooge", "Mr. Scrooge", "Scrooge"]]
    assert "vector" in [row["cause"] for row in engine.table("resolutions").to_pylist()]
    assert judge.requests == []


def test_names_to_embed_without_an_embedding_model_are_told(letters, tmp_path):
    _, report = made(tmp_path / "kb", letters, Judge(), settings=OFF + "names: {embedded: true}\n")

    assert any("names.embedded" in warning for warning in report.warnings)
