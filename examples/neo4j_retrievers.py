"""Asks a published graph with the retrievers of neo4j-graphrag: plain chunks, and chunks with what the graph knows.

    pip install 'graphrag-engine' neo4j-graphrag
    NEO4J_URI=neo4j://localhost NEO4J_PASSWORD=... python examples/neo4j_retrievers.py 'Who built the Northern Grace?'

It indexes examples/harbour into the folder kb and publishes it; nothing is added to the graph for the retrievers.
"""

import os
import re
import sys
from collections.abc import Sequence
from pathlib import Path
from zlib import crc32

import neo4j
import numpy as np
from neo4j_graphrag.embeddings import Embedder
from neo4j_graphrag.retrievers import HybridCypherRetriever, VectorCypherRetriever, VectorRetriever
from neo4j_graphrag.types import RetrieverResultItem

from graphrag_engine import Engine

HARBOUR = Path(__file__).parent / "harbour"
AROUND = """
MATCH (node)-[:PART_OF]->(document:Document)
OPTIONAL MATCH (node)-[:HAS_ENTITY]->(entity:__Entity__)
WITH node, score, document, entity ORDER BY entity.rank DESC
WITH node, score, document, collect(entity)[..8] AS entities
RETURN node.id AS id, node.text AS text, document.source AS source, [each IN entities | each.name] AS entities,
       COLLECT { MATCH (a)-[tie]->(b) WHERE a IN entities AND b IN entities
                 RETURN a.name + ' ' + tie.type + ' ' + b.name ORDER BY tie.weight DESC LIMIT 5 } AS ties,
       score
ORDER BY score DESC"""
"""From a chunk to its document, its leading entities and what ties them. A chunk without entities stays."""


class Trigrams(Embedder):
    """One object for both: it makes the vectors of the index, and those of questions. Put your model here."""

    name = "trigrams"
    dimension = 256
    weight = 0.5

    def embed(self, texts: Sequence[str]) -> np.ndarray:
        """What the engine asks for: one row a text."""
        rows = np.zeros((len(texts), self.dimension), np.float32)
        for row, text in zip(rows, texts, strict=True):
            for word in re.findall(r"\w+", text.lower()):
                for at in range(len(word)):
                    row[crc32(f"<{word}>"[at : at + 3].encode()) % self.dimension] += 1
        return rows

    def embed_query(self, text: str) -> list[float]:
        """What the retrievers ask for."""
        return self.embed([text])[0].tolist()


def publish(root: Path, source: Path, embedder: Trigrams) -> None:
    """Index and publish; the server and the password come from the environment."""
    engine = Engine.open(root, embedder=embedder)
    engine.index(source)
    engine.publish()


def chunks(driver: neo4j.Driver, embedder: Trigrams, question: str, k: int = 5) -> list[RetrieverResultItem]:
    """The chunks whose vectors are nearest, or entities, with the index `entity_embedding`."""
    retriever = VectorRetriever(driver, "chunk_embedding", embedder, return_properties=["id", "name", "text"])
    return retriever.search(query_text=question, top_k=k).items


def chunks_in_the_graph(
    driver: neo4j.Driver, embedder: Trigrams, question: str, k: int = 5
) -> list[RetrieverResultItem]:
    """The same chunks with their documents, entities and ties."""
    retriever = VectorCypherRetriever(driver, "chunk_embedding", AROUND, embedder, result_formatter=shown)
    return retriever.search(query_text=question, top_k=k).items


def chunks_by_words_too(
    driver: neo4j.Driver, embedder: Trigrams, question: str, k: int = 5
) -> list[RetrieverResultItem]:
    """By vectors and by words. A question goes to Lucene as it is, so it is sent as bare words."""
    retriever = HybridCypherRetriever(driver, "chunk_embedding", "chunk_text", AROUND, embedder, result_formatter=shown)
    words = " ".join(re.findall(r"\w+", question.lower()))
    return retriever.search(query_text=words, query_vector=embedder.embed_query(question), top_k=k).items


def shown(record: neo4j.Record) -> RetrieverResultItem:
    """What a model would read, and what a program would."""
    about = "; ".join(record["ties"]) or ", ".join(record["entities"])
    content = f"{record['source']}: {record['text']}\n({about})"
    return RetrieverResultItem(content=content, metadata=record.data("id", "source", "entities", "ties", "score"))


def main(question: str) -> None:
    """All three, one after the other."""
    embedder = Trigrams()
    publish(Path("kb"), HARBOUR, embedder)
    user = (os.environ.get("NEO4J_USERNAME", "neo4j"), os.environ["NEO4J_PASSWORD"])
    with neo4j.GraphDatabase.driver(os.environ["NEO4J_URI"], auth=user) as driver:
        for ask in (chunks, chunks_in_the_graph, chunks_by_words_too):
            print(f"\n== {ask.__name__}")
            for item in ask(driver, embedder, question, k=3):
                print(f"- {str(item.content)[:300]}")


if __name__ == "__main__":
    main(" ".join(sys.argv[1:]) or "Who built the Northern Grace?")
