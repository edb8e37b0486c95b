"""The retrievers of neo4j-graphrag on the graph as it is published, as examples/neo4j_retrievers.py uses them."""

import runpy
from types import SimpleNamespace

import pytest

QUESTION = "Who built the Northern Grace?"


@pytest.fixture
def example(repository, graph, root, harbour):
    """The example, after it has published its graph."""
    found = SimpleNamespace(**runpy.run_path(str(repository / "examples" / "neo4j_retrievers.py")))
    found.publish(root, harbour, found.Trigrams())
    return found


@pytest.mark.filterwarnings("ignore:The default returned 'id' field:DeprecationWarning")  # theirs, whatever is asked
def test_all_three_retrievers_answer_from_the_published_graph(example, graph):
    embedder = example.Trigrams()

    plain = example.chunks(graph.driver, embedder, QUESTION, k=3)
    around = example.chunks_in_the_graph(graph.driver, embedder, QUESTION, k=3)
    hybrid = example.chunks_by_words_too(graph.driver, embedder, QUESTION + ' (and/or "what", AND', k=3)

    assert len(plain) == len(around) == len(hybrid) == 3
    assert [item.metadata["id"] for item in around] == graph.one(
        "CALL db.index.vector.queryNodes('chunk_embedding', 3, $vector) YIELD node, score "
        "WITH node ORDER BY score DESC RETURN collect(node.id)",
        vector=embedder.embed_query(QUESTION),
    )
    assert "ships/northern-grace.md" in {item.metadata["source"] for item in hybrid}
    assert any("Northern Grace" in item.metadata["entities"] and item.metadata["ties"] for item in hybrid)
    assert "embedding" not in str([plain, around, hybrid])
