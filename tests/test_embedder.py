"""An embedder of the caller's own: what the index remembers of it, and what it changes in a question."""

import json

import numpy as np
import pytest

from graphrag_engine import Engine
from graphrag_engine.errors import UsageError, WrongEmbedder
from graphrag_engine.llm.base import embedded

DOCUMENTS = {
    "boats.txt": "Vessels\n\nThe vessel foundered off the cape with all hands.\n",
    "rates.txt": "Rates\n\nThe ship rates fell, and the ship rates rose again.\n",
    "bread.txt": "Bread\n\nThe baker sold bread at dawn.\n",
}
QUESTION = "Which ship sank?"


class Topics:
    """Knows that some words mean the same."""

    name = "topics"
    dimension = 3
    weight = 0.7
    meant = (("ship", "vessel", "sank", "foundered"), ("rates", "fell"), ("bread", "baker"))

    def embed(self, texts):
        counts = [[sum(text.lower().count(word) for word in topic) for topic in self.meant] for text in texts]
        return np.array(counts, np.float32).reshape(len(texts), 3) * 5


class Others(Topics):
    name = "others"


class Hashed(Topics):
    name = "hashing"


class Broken(Topics):
    name = "broken"

    def embed(self, texts):
        return np.full((len(texts), 3), np.nan, np.float32)


class Short(Topics):
    name = "short"

    def embed(self, texts):
        return np.zeros((len(texts), 2), np.float32)


@pytest.fixture
def root(tmp_path):
    for name, text in DOCUMENTS.items():
        (tmp_path / name).write_text(text)
    Engine.open(tmp_path / "kb", embedder=Topics()).index(tmp_path / "*.txt")
    return tmp_path / "kb"


def first(engine, mode="vector"):
    return engine.retrieve(QUESTION, mode=mode)[0].document


@pytest.mark.parametrize("mode", ["vector", "local", "auto"])
def test_meaning_counts_where_a_question_begins(root, mode):
    assert first(Engine.open(root, embedder=Topics()), mode) == "boats.txt"
    assert first(Engine.open(root), mode) == "rates.txt"


def test_the_trace_tells_of_the_embedder(root):
    steps = Engine.open(root, embedder=Topics()).query(QUESTION).trace

    assert "'topics'" in next(step["why"] for step in steps if step["step"] == "embed")


def test_a_filter_holds_for_what_is_near_in_meaning(root):
    hits = Engine.open(root, embedder=Topics()).retrieve(QUESTION, mode="vector", filter={"source": "b*"})

    assert {hit.document for hit in hits} <= {"boats.txt", "bread.txt"}


def test_vectors_have_length_one_and_the_index_remembers_the_name(root):
    status = Engine.open(root).status()
    lengths = [np.linalg.norm(vector) for vector in Engine.open(root).table("vectors")["vector"].to_pylist()]

    assert (status.embedding, status.stale) == ("topics", ())
    assert all(abs(length - 1) < 0.01 or length == 0 for length in lengths)


def test_a_question_or_run_with_another_embedder_is_one_clear_line(root):
    with pytest.raises(WrongEmbedder, match=r"by the embedder 'topics', not by 'others'") as refused:
        Engine.open(root, embedder=Others()).query(QUESTION)
    with pytest.raises(WrongEmbedder, match="which was not given"):
        Engine.open(root).index()

    assert "\n" not in str(refused.value)


def test_what_has_not_changed_is_not_embedded_again(root, monkeypatch):
    asked = []
    monkeypatch.setattr(Topics, "embed", lambda self, texts: asked.extend(texts) or np.ones((len(texts), 3)))
    engine = Engine.open(root, embedder=Topics())
    engine.index()
    assert asked == []

    (root.parent / "bread.txt").write_text("Bread\n\nThe baker sold no bread.\n")
    engine.index()
    assert [text for text in asked if "Rates" in text] == []
    assert any("no bread" in text for text in asked)


def kinds(root):
    return set(Engine.open(root).table("vectors")["kind"].to_pylist())


@pytest.fixture
def harbours(tmp_path):
    (tmp_path / "in.md").write_text("# Gullport\n\nAda Cross sailed from Gullport to Velm.\n")
    (tmp_path / "out.md").write_text("# Goolporte\n\nTom Pell was born in Goolporte.\n")
    return tmp_path / "*.md"


class Spellings(Topics):
    """Knows two spellings of one name to be alike."""

    name = "spellings"
    meant = (("Gullport", "Goolporte"), ("Ada",), ("Tom",))

    def embed(self, texts):
        counts = [[sum(text.count(word) for word in topic) for topic in self.meant] for text in texts]
        return np.array(counts, np.float32).reshape(len(texts), 3)


def test_a_question_for_one_spelling_finds_the_other_along_names_alone(tmp_path, harbours):
    Engine.open(tmp_path / "kb", embedder=Spellings()).index(harbours)
    Engine.open(tmp_path / "apart").index(harbours)
    found, less = (Engine.open(tmp_path / each).retrieve("Ada Cross?", mode="local") for each in ("kb", "apart"))

    assert {hit.document for hit in found if hit.score > 0} == {"in.md", "out.md"}
    assert {hit.document for hit in less} == {"in.md"}


def test_names_are_embedded_by_an_embedder_that_counts_alone(tmp_path, harbours, monkeypatch):
    Engine.open(tmp_path / "kb", embedder=Spellings()).index(harbours)
    Engine.open(tmp_path / "none").index(harbours)
    monkeypatch.setattr(Spellings, "weight", 0.0)
    Engine.open(tmp_path / "idle", embedder=Spellings()).index(harbours)

    assert "entity" in kinds(tmp_path / "kb")
    assert "entity" not in kinds(tmp_path / "none") | kinds(tmp_path / "idle")


def test_an_update_embeds_new_names_alone(tmp_path, harbours, monkeypatch):
    engine = Engine.open(tmp_path / "kb", embedder=Spellings())
    engine.index(harbours)
    asked, embed = [], Spellings.embed
    monkeypatch.setattr(Spellings, "embed", lambda self, texts: asked.extend(texts) or embed(self, texts))

    (tmp_path / "new.md").write_text("# Lorne\n\nTom Pell died in Lorne.\n")
    engine.index(tmp_path / "*.md")

    assert "Lorne" in asked
    assert {"Tom Pell", "Ada Cross", "Gullport", "Goolporte"}.isdisjoint(asked)


def test_another_embedder_makes_the_vectors_anew(root):
    report = Engine.open(root, embedder=Others()).index()

    assert [run.name for run in report.stages if run.ran] == ["vectorize"]
    assert first(Engine.open(root, embedder=Others())) == "boats.txt"


@pytest.mark.parametrize(
    ("embedder", "said"),
    [(Broken(), "not finite"), (Short(), r"shape \(\d, 2\), not \(\d, 3\)"), (Hashed(), "built in")],
)
def test_an_embedder_that_cannot_be_used_is_one_clear_line(tmp_path, embedder, said):
    (tmp_path / "a.txt").write_text(DOCUMENTS["boats.txt"])

    with pytest.raises(UsageError, match=said):
        Engine.open(tmp_path / "kb", embedder=embedder).index(tmp_path / "a.txt")


def test_a_text_without_meaning_has_no_direction():
    assert json.dumps(embedded(Topics(), ["nothing"]).tolist()) == "[[0.0, 0.0, 0.0]]"
