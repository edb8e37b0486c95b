"""What a server holds after a publish, and after the next."""

import json
from dataclasses import replace

import pytest
from commands import run
from indexes import WORLD, commit, replaced

from graphrag_engine import Engine
from graphrag_engine.schema import TABLES, empty


def matches(engine):
    return engine.check_published().equal


def test_every_part_of_an_index_is_there_under_the_published_names(graph, engine):
    engine.publish()

    assert (
        graph.count("(:Document {source: 'gull.md'})-[:FIRST_CHUNK]->(:Chunk {text: 'Nobody lives on the Gull.'})") == 1
    )
    assert graph.count("(:Chunk)-[:PART_OF]->(:Document)") == 4
    assert graph.count("(:Chunk {position: 1})-[:HAS_ENTITY]->(:__Entity__:Work {name: 'Tern'})") == 1
    assert graph.count("(:Person {name: 'Mara Cross'})-[:LEFT {type: 'left'}]->(:Place {name: 'Velm'})") == 1
    assert graph.count("(:__Entity__)-[:IN_COMMUNITY]->(:__Community__ {level: 1})") == 2
    assert graph.count("(:__Entity__)-[:IN_COMMUNITY]->(:__Community__ {level: 0})") == 0
    assert graph.count("(:__Community__ {name: 'The wreck'})-[:PARENT_COMMUNITY]->(:__Community__ {level: 0})") == 1
    assert graph.count("(:Work)-[:HAS_CLAIM]->(:Claim {start_date: '1903'})-[:ABOUT]->(:Place)") == 1
    assert graph.count("(:Claim)-[:FROM_CHUNK]->(:Chunk)") == 1


def test_every_node_has_id_workspace_name_and_hash_and_every_relationship_of_entities_its_columns(graph, engine):
    engine.publish()

    assert (
        graph.count("(n) WHERE n.id IS NULL OR n.workspace <> 'default' OR n.name IS NULL OR n.content_hash IS NULL")
        == 0
    )
    assert set(graph.one("MATCH (:Work)-[r]->(:Place) RETURN keys(r)")) == {
        "id",
        "content_hash",
        "type",
        "weight",
        "rank",
    }
    assert graph.one("MATCH (d:Document {source: 'gull.md'}) RETURN d.metadata") == ["kind=bird", "year=1903"]


def test_chunks_follow_one_another_as_in_their_document(graph, engine):
    engine.publish()

    path = "(:Document {source: 'ships/tern.md'})-[:FIRST_CHUNK]->(:Chunk)-[:NEXT_CHUNK*0..]->(c)"
    assert [text for (text,) in graph.ask(f"MATCH p = {path} RETURN c.text ORDER BY length(p)")] == [
        "The Tern sank at Velm.",
        "Velm mourned the Tern.",
        "Mara Cross left Velm.",
    ]


def test_keys_are_unique_by_workspace_and_id_and_the_label_of_entities_is_the_first(graph, engine):
    engine.publish()

    keys = graph.ask("SHOW CONSTRAINTS YIELD labelsOrTypes, properties, type RETURN labelsOrTypes[0], properties, type")
    assert {label for label, _, _ in keys} >= {"Document", "Chunk", "__Entity__", "__Community__", "Claim"}
    assert all((properties, kind) == (["workspace", "id"], "UNIQUENESS") for _, properties, kind in keys)
    named = graph.ask(
        "SHOW INDEXES YIELD type, labelsOrTypes, properties WHERE type = 'RANGE' AND properties = ['name'] RETURN *"
    )
    assert len(named) == 5


def test_vectors_are_found_by_their_index(graph, engine):
    engine.publish()

    near = "CALL db.index.vector.queryNodes('chunk_embedding', 2, [1.0, 0.1]) YIELD node RETURN node.text"
    assert graph.ask(near) == [["The Tern sank at Velm."], ["Velm mourned the Tern."]]
    assert (
        graph.one("CALL db.index.vector.queryNodes('entity_embedding', 1, [0.0, 1.0]) YIELD node RETURN node.name")
        == "Tern"
    )


def test_texts_are_found_by_words_and_the_scope_of_their_workspace(graph, engine):
    engine.publish()
    engine.publish(workspace="other")

    scope = graph.one("MATCH (c:Chunk {workspace: 'other'}) RETURN DISTINCT c.scope")
    find = "CALL db.index.fulltext.queryNodes('chunk_text', $words) YIELD node RETURN node.workspace"
    assert sorted(graph.ask(find, words="mourning")) == [["default"], ["other"]]
    assert graph.ask(find, words=f"+mourning +{scope}") == [["other"]]


def test_published_again_nothing_is_sent(graph, engine):
    first = engine.publish()
    again = engine.publish()

    assert (first.how, first.sent["__Entity__"]) == ("first", 4)
    assert (again.how, again.rows, again.deleted) == ("unchanged", 0, {})


def test_after_a_change_only_the_difference_is_sent_and_the_server_holds_the_new_version(graph, root, engine):
    engine.publish()
    entities = replaced(WORLD.tables()["entities"], "Velm", frequency=9)

    report = commit(root, WORLD, entities=entities).publish()

    assert (report.how, report.last_version, report.sent, report.deleted) == ("difference", 1, {"__Entity__": 1}, {})
    assert graph.one("MATCH (e:__Entity__ {name: 'Velm'}) RETURN e.frequency") == 9
    assert matches(engine)


def test_what_left_the_index_leaves_nothing_dangling(graph, root, engine):
    engine.publish()
    documents = {"ships/tern.md": "Velm mourned the Tern.\n\nMara Cross left Velm."}
    smaller = replace(
        WORLD, documents=documents, claims=(), reports={}, names={"Tern": "work", "Velm": "place"}, ties=()
    )

    report = commit(root, smaller).publish()

    assert report.deleted["Document"] == 1
    assert graph.count("(:Claim)") == graph.count("(:__Community__)") == 0
    assert graph.ask("MATCH (:Document)-[:FIRST_CHUNK]->(c) RETURN c.position, c.text") == [
        [0, "Velm mourned the Tern."]
    ]
    assert matches(engine)


def test_an_entity_of_another_type_has_the_label_of_that_type_and_keeps_those_of_others(graph, root, engine):
    engine.publish()
    graph.ask("MATCH (e:__Entity__ {name: 'Velm'}) SET e:Favourite")

    commit(root, WORLD, entities=replaced(WORLD.tables()["entities"], "Velm", type="work")).publish()

    assert set(graph.one("MATCH (e:__Entity__ {name: 'Velm'}) RETURN labels(e)")) == {"__Entity__", "Work", "Favourite"}


def test_where_the_last_version_is_gone_the_server_is_asked_for_its_hashes(graph, root, engine):
    engine.publish()
    changed = commit(root, WORLD, entities=replaced(WORLD.tables()["entities"], "Velm", frequency=9))
    (root / ".graphrag" / "versions" / "1.json").unlink()

    report = changed.publish()

    assert (report.how, report.sent, report.deleted) == ("compared", {"__Entity__": 1}, {})
    assert matches(engine)


def test_another_index_published_over_it_replaces_it(graph, engine, tmp_path):
    engine.publish()
    other = replace(WORLD, documents={"gull.md": "Nobody lives on the Gull."}, ties=(), claims=(), reports={})

    report = commit(tmp_path / "other", replace(other, names={"Gull": "place"})).publish()

    assert report.how == "compared"
    assert graph.count("(:Chunk)") == graph.count("(:__Entity__)") == 1
    assert Engine.open(tmp_path / "other").check_published().equal


def stopping_at(stage):
    def stop(event):
        if event.stage == stage:
            raise KeyboardInterrupt

    return stop


@pytest.mark.parametrize("stage", ["text_units", "entities", "communities", "relationships", "vectors", "indexes"])
def test_an_interrupted_publish_is_continued_by_the_next(graph, root, engine, stage):
    with pytest.raises(KeyboardInterrupt):
        Engine.open(root, on_event=stopping_at(stage)).publish()
    assert graph.one("MATCH (m:__Workspace__) RETURN m.state") == "publishing"

    assert engine.publish().how == "compared"
    assert graph.one("MATCH (m:__Workspace__) RETURN m.state") == "published"
    assert matches(engine)


def test_a_continued_publish_sends_only_what_is_missing(graph, root, engine):
    with pytest.raises(KeyboardInterrupt):
        Engine.open(root, on_event=stopping_at("relationships")).publish()

    sent = engine.publish().sent

    assert not {"Document", "Chunk", "__Entity__", "Claim", "HAS_ENTITY"} & set(sent)


@pytest.mark.parametrize(
    "harm",
    [
        "MATCH (c:Chunk {position: 1}) DETACH DELETE c",
        "MATCH (e:__Entity__ {name: 'Velm'}) DETACH DELETE e",
        "MATCH (:Chunk)-[r:HAS_ENTITY]->() DELETE r",
        "MATCH ()-[r:SANK_AT]->() DELETE r",
        "MATCH (c:__Community__) DETACH DELETE c",
        "MATCH (:Claim)-[r]-() DELETE r",
        "MATCH ()-[r:NEXT_CHUNK]->() DELETE r",
    ],
)
def test_what_others_deleted_is_put_back(graph, engine, harm):
    engine.publish()
    graph.ask(harm)

    assert engine.publish().how == "compared"
    assert matches(engine)


@pytest.mark.parametrize(
    "harm",
    [
        "MATCH (e:__Entity__ {name: 'Velm'}) SET e.description = 'x'",
        "MATCH (c:Chunk {position: 1}) SET c.text = 'x'",
        "MATCH (c:Chunk {position: 1}) REMOVE c.name",
        "MATCH (d:Document) WITH d LIMIT 1 DETACH DELETE d",
        "MATCH ()-[r:SANK_AT]->() SET r.weight = 2.5",
        "MATCH (e:Work) REMOVE e:Work SET e:Place",
        "MATCH (c:Chunk)-[r:HAS_ENTITY]->(e) WITH r LIMIT 1 DELETE r",
        "MATCH (c:Chunk) WHERE c.embedding IS NOT NULL WITH c LIMIT 1 SET c.embedding = [0.1, 0.2]",
        "MATCH (a:Chunk {position: 1}), (b:Chunk {position: 0}) WITH a, b LIMIT 1 CREATE (a)-[:NEXT_CHUNK]->(b)",
    ],
)
def test_check_sees_every_difference_and_changes_nothing(graph, root, engine, harm):
    engine.publish()
    graph.ask(harm)
    before = graph.ask("MATCH (n) RETURN n.id, properties(n) ORDER BY n.id")

    done = run("publish", "--check", "--json", "--root", root)

    assert (done.code, done.report["equal"]) == (3, False)
    assert graph.ask("MATCH (n) RETURN n.id, properties(n) ORDER BY n.id") == before


def test_check_before_any_publish_writes_nothing_not_even_a_constraint(graph, root, engine):
    done = run("publish", "--check", "--root", root)

    assert done.code == 3
    assert "Chunk: index 4, server 0" in done.out
    assert graph.ask("MATCH (n) RETURN n") == graph.ask("SHOW CONSTRAINTS") == []


def test_two_workspaces_share_a_database_and_dropping_one_leaves_the_other(graph, engine):
    engine.publish()
    engine.publish(workspace="항구 `a`")

    assert graph.count("(:Chunk)") == 8
    gone = engine.drop_published()

    assert gone.deleted["Chunk"] == 4
    assert engine.check_published(workspace="항구 `a`").equal
    assert not matches(engine)


def test_dropping_the_last_workspace_leaves_an_empty_database(graph, root, engine):
    engine.publish()

    assert run("publish", "--drop", "--root", root).out == "Dropped the workspace 'default': 13 nodes deleted.\n"
    assert graph.ask("MATCH (n) RETURN n") == graph.ask("SHOW CONSTRAINTS") == []
    assert graph.ask("SHOW INDEXES YIELD type WHERE type <> 'LOOKUP' RETURN type") == []
    assert run("publish", "--drop", "--root", root).out == "Dropped the workspace 'default': 0 nodes deleted.\n"


def test_of_very_many_types_the_commonest_keep_theirs_and_the_others_share_one(graph, root, engine):
    names = {f"Ship {n}": "work" for n in range(240)}
    ties = [("Velm", f"kind {n}", f"Ship {n}") for n in range(240)] + [
        ("Velm", "kind 239", f"Ship {n}") for n in range(5)
    ]
    many = replace(WORLD, names={**WORLD.names, **names}, ties=tuple(ties))
    fewer = replace(many, ties=tuple(ties[:150]))

    commit(root, many).publish()
    types = "MATCH (:__Entity__)-[r]->(:__Entity__) RETURN count(DISTINCT type(r))"
    assert graph.one(types) == 200
    assert graph.count("()-[:KIND_239]->()") == 6
    assert graph.one("MATCH ()-[r:RELATED_TO]->() RETURN count(DISTINCT r.type)") == 41

    commit(root, fewer).publish()
    assert graph.one(types) == 150
    assert graph.count("()-[:RELATED_TO]->()") == 0
    assert matches(engine)


def test_vectors_of_another_length_make_the_index_anew_and_it_is_said(graph, root, engine):
    engine.publish()
    longer = {text: [*vector, 0.5] for text, vector in WORLD.vectors.items()}

    report = commit(root, replace(WORLD, vectors=longer)).publish()

    assert "'chunk_embedding' was made anew, for 3 numbers instead of 2" in " ".join(report.warnings)
    assert graph.one(
        "CALL db.index.vector.queryNodes('chunk_embedding', 1, [1.0, 0.1, 0.4]) YIELD node RETURN node.text"
    )
    assert matches(engine)


@pytest.mark.parametrize("vector", [[0.0, 0.0], [float("nan"), 1.0], [float("inf"), 1.0], [1.0, 0.0, 0.0]])
def test_a_vector_that_cannot_be_searched_for_is_refused_and_the_rest_published(graph, root, vector):
    commit(root, replace(WORLD, vectors={**WORLD.vectors, "Velm": vector}))

    done = run("publish", "--root", root, "--json")

    assert done.code == 3
    assert [failure["stage"] for failure in done.report["failed"]] == ["vectors"]
    assert graph.one("MATCH (e:__Entity__ {name: 'Velm'}) RETURN e.embedding") is None
    assert run("publish", "--check", "--root", root).code == 0


def test_an_index_without_entities_vectors_or_reports_is_published(graph, root):
    bare = {name: empty(name) for name in TABLES if name not in ("documents", "text_units")}

    assert commit(root, WORLD, **bare).publish().sent == {"Document": 2, "Chunk": 4}
    assert matches(Engine.open(root))


def test_an_empty_index_is_published(graph, root):
    commit(root, WORLD, **{name: empty(name) for name in TABLES})

    assert run("publish", "--root", root).code == 0
    assert run("publish", "--check", "--root", root).code == 0


def test_an_index_grown_from_nothing_and_back_is_published(graph, root):
    nothing = {name: empty(name) for name in TABLES}
    commit(root, WORLD, **nothing).publish()
    commit(root, WORLD).publish()
    assert matches(Engine.open(root))

    commit(root, WORLD, **nothing).publish()
    assert graph.count("(n) WHERE NOT n:__Workspace__") == 0


def test_vectors_that_left_the_index_leave_the_server(graph, root, engine):
    engine.publish()
    commit(root, WORLD, vectors=empty("vectors")).publish()

    assert graph.count("(n) WHERE n.embedding IS NOT NULL OR n.vector_hash IS NOT NULL") == 0
    assert matches(engine)


def test_the_analyzer_is_that_of_the_language(graph, root):
    korean = replace(WORLD, documents={**WORLD.documents, "ko.md": "삼성전자가 반도체를 만든다."})
    name = "SHOW INDEXES YIELD name, options WHERE name = 'chunk_text' RETURN options.indexConfig['fulltext.analyzer']"

    commit(root, WORLD).publish()
    assert graph.one(name) == "english"
    report = commit(root, korean).publish()

    assert graph.one(name) == "cjk"
    assert "'chunk_text' was made anew" in " ".join(report.warnings)
    found = "CALL db.index.fulltext.queryNodes('chunk_text', '반도체') YIELD node RETURN count(node)"
    assert graph.one(found) == 1


def test_the_command_tells_what_it_did(graph, root, engine):
    done = run("publish", "--root", root)
    report = json.loads(run("publish", "--root", root, "--json").out)

    assert done.code == 0
    assert "Version 1 is published to" in done.out
    assert "rows/s" in done.out
    assert "vectors ..." in done.err
    assert list(report) == [
        *("store", "database", "workspace", "version", "last_version", "how", "sent", "deleted", "seconds", "failed"),
        *("rows", "rows_per_second"),
    ]
    assert (report["how"], report["workspace"]) == ("unchanged", "default")


def test_large_tables_are_published_range_by_range_of_their_ids(graph, root, monkeypatch):
    monkeypatch.setattr("graphrag_engine.stores.parquet._ROWS_A_PART", 3)
    names = {f"Ship {n}": "work" for n in range(40)}
    wide = replace(WORLD, names={**WORLD.names, **names}, ties=tuple(("Velm", "saw", f"Ship {n}") for n in range(40)))

    engine = commit(root, wide)
    engine.publish()
    changed = commit(root, wide, entities=replaced(wide.tables()["entities"], "Ship 7", frequency=3))

    assert len(engine._store.existing().tables["entities"].parts) > 8
    assert changed.publish().sent == {"__Entity__": 1}
    assert matches(engine)
