"""Whatever an index holds ends as data on the server, or in one clear line; no statement but ours runs there."""

from dataclasses import replace

import pytest
from commands import run
from indexes import WORLD, commit, replaced

from graphrag_engine.schema import empty

ODD = (
    "Person` WITH n MATCH (c:Canary) DETACH DELETE c RETURN 1 AS x //",
    "Person\\u0060 WITH n MATCH (c:Canary) DETACH DELETE c RETURN 1 AS x //",
    "Person\\\\u0060) MATCH (c:Canary) DETACH DELETE c //",
    "a'b\"c`d``e",
    "two\nlines\r\n\ttab",
    "nul\0nul",
    "\u202eright to left\u2066",
    "zero\u200bwidth\ufeff\u00ad",
    "\U0001f6a2\U0001f1f0\U0001f1f7",
    "항구 회사",
    "__Entity__",
    "__",
    "$(row.label)",
    "x" * 65_000,
    "",
    " ",
    "MATCH",
    "\\",
    "\\u",
    "{n: 1}",
)


SEVEN = """CREATE VECTOR INDEX chunk_embedding FOR (n:Chunk) ON (n.embedding)
OPTIONS {indexConfig: {`vector.dimensions`: 7, `vector.similarity_function`: 'cosine'}}"""


@pytest.fixture
def canary(graph):
    graph.ask(
        "CREATE (:Canary {name: 'tweet'}), (:Document {title: 'of others'}), (:Chunk {id: 'theirs', text: 'theirs'})"
    )
    yield graph
    assert graph.ask("MATCH (c:Canary) RETURN c.name") == [["tweet"]]
    assert (
        graph.count("(:Document {title: 'of others'})") == graph.count("(:Chunk {id: 'theirs', text: 'theirs'})") == 1
    )


def test_odd_names_types_and_predicates_end_as_data(canary, root):
    names = {f"{text}#{n}".replace("|", "/"): text for n, text in enumerate(ODD)}
    ties = tuple((name, text, "Velm") for name, text in names.items())
    engine = commit(root, replace(WORLD, names={**WORLD.names, **names}, ties=ties))

    engine.publish()

    assert engine.check_published().equal
    found = canary.ask(
        "MATCH (e:__Entity__) WHERE e.id IN $ids RETURN count(e)", ids=[WORLD.id(name) for name in names]
    )
    assert found == [[len(ODD)]]
    assert {text for (text,) in canary.ask("MATCH (e:__Entity__) RETURN DISTINCT e.type")} >= set(ODD)
    labels = {label for (each,) in canary.ask("MATCH (e:__Entity__) RETURN DISTINCT labels(e)") for label in each}
    assert all(label.isalnum() for label in labels - {"__Entity__"})
    types = [kind for (kind,) in canary.ask("MATCH (:__Entity__)-[r]->(:__Entity__) RETURN DISTINCT type(r)")]
    assert all(kind.replace("_", "").isalnum() for kind in types)


def test_odd_texts_titles_and_metadata_end_as_data(canary, root):
    documents = {f"{n}.txt": f"Start {text} end" for n, text in enumerate(ODD)}
    metadata = {f"{n}.txt": {text or "empty": text} for n, text in enumerate(ODD)}
    engine = commit(root, replace(WORLD, documents={**WORLD.documents, **documents}, metadata=metadata))

    engine.publish()

    assert engine.check_published().equal
    assert {text for (text,) in canary.ask("MATCH (c:Chunk) RETURN c.text")} >= set(documents.values()) - {
        "Start two\nlines"
    }
    assert not {"empty", "$(row.label)"} & {key for (key,) in canary.ask("CALL db.propertyKeys()")}


@pytest.mark.parametrize("name", [text for text in ODD if text.strip() and len(text) < 65])
def test_an_odd_workspace_is_a_name_or_one_line(canary, root, name):
    commit(root, WORLD, **{each: empty(each) for each in ("vectors", "claims", "claim_mentions")})

    done = run("publish", "--root", root, "--workspace", name, "--quiet")

    assert done.code in (0, 2)
    if done.code:
        assert "characters that cannot be seen" in done.lines[0]
    else:
        assert run("publish", "--root", root, "--workspace", name, "--check").code == 0
        assert run("publish", "--root", root, "--workspace", name, "--drop").code == 0


@pytest.mark.parametrize("name", ["", "  ", "x" * 65, "\udce4"])
def test_a_workspace_without_a_usable_name_is_one_line(graph, root, engine, name):
    done = run("publish", "--root", root, "--workspace", name)

    assert done.code == 2
    assert len(done.lines) == 1


@pytest.mark.parametrize("name", ["no`such", "no\\u0060such", "x" * 65_000, "nul\0nul", "\udce4", "__"])
def test_a_database_that_is_not_there_is_one_line(canary, root, engine, name):
    done = run("publish", "--root", root, "--database", name)

    assert done.code in (1, 2)
    assert len(done.lines) == 1
    assert len(done.lines[0]) < 1000


def test_an_id_that_is_too_long_for_an_index_is_one_line(canary, root):
    documents = replaced(WORLD.tables()["documents"], WORLD.tables()["documents"]["id"][0].as_py(), id="x" * 9000)
    commit(root, WORLD, documents=documents.sort_by("id"))

    done = run("publish", "--root", root)

    assert done.code == 1
    assert "An id of 9,000 characters cannot be published" in done.lines[-1]


# What others have in the database


def test_nodes_of_others_with_our_labels_are_left_alone_by_publish_and_drop(canary, root, engine):
    canary.ask("CREATE CONSTRAINT theirs FOR (n:Document) REQUIRE n.title IS UNIQUE")
    canary.ask(
        "CREATE (:Chunk {workspace: 'default', id: 'theirs'})-[:PART_OF]->(:Document {workspace: 'default', id: 'd'})"
    )
    canary.ask("CREATE (:__Entity__ {workspace: 'default', id: 'e'})")

    engine.publish()
    assert engine.check_published().equal
    engine.drop_published()

    assert canary.count("(:Chunk {id: 'theirs'})") == 2
    assert canary.count("(:Document {id: 'd'})") == canary.count("(:__Entity__ {id: 'e'})") == 1
    assert canary.ask("SHOW CONSTRAINTS YIELD name RETURN name") == [["theirs"]]


@pytest.mark.parametrize(
    "theirs",
    [
        "CREATE CONSTRAINT graphrag_document_id FOR (n:Book) REQUIRE n.isbn IS UNIQUE",
        "CREATE INDEX graphrag_chunk_name FOR (n:Chunk) ON (n.text)",
        "CREATE FULLTEXT INDEX chunk_text FOR (n:Chunk) ON EACH [n.body]",
        "CREATE VECTOR INDEX chunk_embedding FOR (n:Chunk) ON (n.vector)",
        SEVEN,
        "CREATE INDEX entity_embedding FOR (n:Other) ON (n.a)",
    ],
)
def test_a_name_that_others_took_is_one_line_and_stays_theirs(canary, root, engine, theirs):
    canary.ask(theirs)
    shown = "SHOW INDEXES YIELD name, labelsOrTypes, properties, options WHERE name = $name RETURN *"
    name = next(word for word in theirs.split() if "_" in word and word.islower())
    before = canary.ask(shown, name=name)

    done = run("publish", "--root", root, "--quiet")

    assert done.code == 1
    assert len(done.lines) == 1
    assert repr(name) in done.lines[0]
    assert canary.ask(shown, name=name) == before


def test_a_constraint_of_others_that_our_rows_break_is_one_line(canary, root, engine):
    canary.ask("CREATE CONSTRAINT theirs FOR (n:Chunk) REQUIRE n.document_id IS UNIQUE")

    done = run("publish", "--root", root, "--quiet")

    assert done.code == 1
    assert done.lines[0].startswith("Error: What others put into the database stands in the way")


def test_the_same_key_made_by_others_under_another_name_is_used(canary, root, engine):
    canary.ask("CREATE CONSTRAINT theirs FOR (n:Chunk) REQUIRE (n.workspace, n.id) IS UNIQUE")
    canary.ask("CREATE INDEX names FOR (n:Chunk) ON (n.name)")

    engine.publish()

    assert engine.check_published().equal
