import numpy as np
import pytest
from graph_tables import made, table, tables

from graphrag_engine.offline.hashing_vectors import embed
from graphrag_engine.schema import TABLES, empty
from graphrag_engine.settings import VectorizeSettings
from graphrag_engine.stages.vectorize import STAGE, Embedding

FINDING = {"summary": "The pilots went on strike.", "explanation": "", "citations": []}
GIVEN = tables(
    text_units=[{"id": "u", "heading": "Log", "text": "The tide was late."}, {"id": "v", "text": "A ship came in."}],
    reports=[{"id": "c", "title": "Pilots", "findings": [FINDING]}],
    entities=[{"id": "e", "name": "Ada Cross", "type": "person"}, {"id": "f", "name": "1903", "type": "date"}],
)


class Lengths:
    """Knows how long a text is."""

    name = "lengths"
    dimension = 2

    def __init__(self, weight):
        self.weight = weight

    def embed(self, texts):
        return np.array([[len(text), 1] for text in texts], np.float32)


def test_text_units_and_reports_get_a_vector_of_length_one():
    found = made(STAGE, GIVEN, VectorizeSettings(dimensions=256))["vectors"]

    assert found.schema.equals(TABLES["vectors"].schema)
    assert list(zip(found["id"].to_pylist(), found["kind"].to_pylist(), strict=True)) == [
        ("c", "report"),
        ("u", "text_unit"),
        ("v", "text_unit"),
    ]
    lengths = [np.linalg.norm(np.array(vector, np.float32)) for vector in found["vector"].to_pylist()]
    assert np.allclose(lengths, 1, atol=1e-2)


def test_what_is_embedded_is_the_text_below_its_heading_and_the_findings_below_the_title():
    found = made(STAGE, GIVEN, VectorizeSettings(dimensions=256))["vectors"]

    expected = embed(["Pilots\nThe pilots went on strike.", "Log\nThe tide was late.", "\nA ship came in."], 256)
    assert np.array_equal(np.array(found["vector"].to_pylist(), np.float16), expected.astype(np.float16))


@pytest.mark.parametrize(("weight", "names"), [(0.7, ["e"]), (0.0, [])])
def test_an_embedder_that_counts_embeds_names_but_not_measures(weight, names):
    found = made(STAGE, GIVEN, Embedding.of(Lengths(weight)))["vectors"].to_pylist()

    assert [row["id"] for row in found if row["kind"] == "entity"] == names
    assert len(found) == 3 + len(names)


def test_the_vector_of_a_name_depends_on_the_name_alone():
    def fingerprint(**change: object) -> str:
        entity = {"id": "e", "name": "Ada Cross", "type": "person"} | change
        given = {**GIVEN, "entities": table("entities", entity)}
        return dict(STAGE.fingerprints(STAGE.prepare(given, None), Embedding.of(Lengths(0.7))))["e"]

    assert fingerprint(type="place", aliases=["Ada"], frequency=9, rank=3.0) == fingerprint()
    assert fingerprint(name="Ada Crosse") != fingerprint()


def test_a_vector_does_not_depend_on_what_else_is_made():
    whole = made(STAGE, GIVEN, VectorizeSettings())["vectors"]
    alone = made(STAGE, GIVEN, VectorizeSettings(), only=["u"])["vectors"]

    assert alone["vector"].to_pylist() == whole["vector"].to_pylist()[1:2]


def test_none_makes_no_vectors():
    assert not list(STAGE.fingerprints(STAGE.prepare(GIVEN, None), VectorizeSettings(embedding="none")))
    assert made(STAGE, GIVEN, VectorizeSettings(embedding="none"))["vectors"].equals(empty("vectors"))


def test_a_fingerprint_changes_with_heading_and_text_and_not_with_the_place():
    def fingerprints(**change: object) -> str:
        unit = {"id": "u", "heading": "Log", "text": "The tide was late."} | change
        given = {**GIVEN, "text_units": table("text_units", unit)}
        return dict(STAGE.fingerprints(STAGE.prepare(given, None), VectorizeSettings()))["u"]

    assert fingerprints(position=7, start=90, end=120) == fingerprints()
    assert len({fingerprints(), fingerprints(heading="Diary"), fingerprints(text="The tide was early.")}) == 3
