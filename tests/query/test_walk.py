"""The balanced walk: where it begins, where it leads, and that every kind of edge changes something."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from world import World

from graphrag_engine.query import bm25, walk
from graphrag_engine.query.link import Link, Links, link
from graphrag_engine.query.prior import prior
from graphrag_engine.query.question import read
from graphrag_engine.query.walk import Restart, Walked
from graphrag_engine.stores import derived
from graphrag_engine.stores.base import Store
from graphrag_engine.stores.reader import MappedStore, save

CHAIN = World(
    documents={
        "a.md": "Ada Cross commanded a collier, the Tern.",
        "b.md": "In March the Tern was lost near Gull Point.",
        "c.md": "Ruth Dane lit a lamp at Gull Point.",
        "d.md": "Captains of a collier earn little.",
        "e.md": "Freight rates fell.",
    },
    names={"Ada Cross": "person", "Tern": "work", "Gull Point": "place", "Ruth Dane": "person"},
)
QUESTION = "Where was the collier of Ada Cross lost?"


def asked(store: Store, text: str) -> Restart:
    question = read(text)
    hits = bm25.search(store, "text_units", question.terms)
    return walk.restart(link(store, question), prior(hits), store.count("text_units"))


def sources(store: Store, walked: Walked) -> list[str]:
    return [row["source"] for row in store.rows("text_units", walked.units.rows, ("source",))]


def mass(store: Store, walked: Walked, source: str) -> float:
    return dict(zip(sources(store, walked), walked.units.scores.tolist(), strict=True)).get(source, 0.0)


def test_the_restart_adds_up_to_one(stored: Callable[[World], Store]) -> None:
    start = asked(stored(CHAIN), QUESTION)

    assert start.entity_weights.sum() + start.unit_weights.sum() == pytest.approx(1)


def test_a_name_of_one_text_unit_gets_half_of_the_restart(stored: Callable[[World], Store]) -> None:
    assert asked(stored(CHAIN), QUESTION).entity_weights.sum() == pytest.approx(0.5)


def test_a_part_of_a_name_gets_less_of_the_restart_than_the_whole(stored: Callable[[World], Store]) -> None:
    store = stored(CHAIN)

    assert asked(store, "What of Ruth?").entity_weights.sum() < asked(store, "What of Ruth Dane?").entity_weights.sum()


def test_the_rarer_of_two_names_weighs_more(stored: Callable[[World], Store]) -> None:
    start = asked(stored(CHAIN), "Did Ada Cross see Gull Point?")
    rare, common = sorted(start.entity_weights, reverse=True)

    assert rare == pytest.approx(2 * common)


def test_without_a_name_all_of_the_restart_is_on_text_units(stored: Callable[[World], Store]) -> None:
    assert asked(stored(CHAIN), "Why did freight rates fall?").unit_weights.sum() == pytest.approx(1)


def test_a_name_without_matching_text_takes_the_whole_restart() -> None:
    nothing = bm25.Hits(np.empty(0, np.int64), np.empty(0), np.empty(0), {})
    links = Links((Link("Velm", 3, "exact", 2),), ())

    assert walk.restart(links, prior(nothing), 10).entity_weights.tolist() == [1.0]


def test_the_best_match_outweighs_the_rest_but_does_not_silence_it(stored: Callable[[World], Store]) -> None:
    store = stored(World(documents={"a.md": "tern gull crane", "b.md": "tern gull", "c.md": "tern"}))
    weights = asked(store, "tern gull crane").unit_weights

    assert 0.5 < weights[0] < 1
    assert (weights > 0).all()


def test_mass_adds_up_to_one(stored: Callable[[World], Store]) -> None:
    store = stored(CHAIN)
    walked = walk.walk(store, asked(store, QUESTION))

    assert walked.units.scores.sum() + walked.entities.scores.sum() == pytest.approx(1)


def test_a_text_two_hops_away_is_found_before_one_that_shares_a_word(stored: Callable[[World], Store]) -> None:
    store = stored(CHAIN)
    found = sources(store, walk.walk(store, asked(store, "What of Ada Cross?")))

    assert found[:3] == ["a.md", "b.md", "c.md"]
    assert "d.md" not in found


def test_relationships_carry_mass_where_no_text_names_both(stored: Callable[[World], Store]) -> None:
    world = World(
        documents={"a.md": "Ada Cross sailed.", "b.md": "Tom Pell stayed."},
        names={"Ada Cross": "person", "Tom Pell": "person"},
    )
    apart, tied = stored(world), stored(replace(world, ties=(("Ada Cross", "married", "Tom Pell"),)))

    assert mass(apart, walk.walk(apart, asked(apart, "Ada Cross?")), "b.md") == 0
    assert mass(tied, walk.walk(tied, asked(tied, "Ada Cross?")), "b.md") > 0.01


def test_names_that_are_tied_and_stand_in_no_text_lead_nowhere_else(stored: Callable[[World], Store]) -> None:
    store = stored(
        World(
            documents={"a.md": "Nobody sailed."},
            names={"Ada Cross": "person", "Tom Pell": "person"},
            ties=(("Ada Cross", "married", "Tom Pell"),),
        )
    )
    names = store.names(["ada cross", "tom pell"]).entity
    walked = walk.walk(store, Restart(names, np.full(2, 0.5), np.empty(0, np.int64), np.empty(0)))

    assert walked.entities.scores.sum() == pytest.approx(1)
    assert not len(walked.units.rows)


ALIKE = World(
    documents={"a.md": "Ada Cross sailed.", "b.md": "Adda Krosse stayed."},
    names={"Ada Cross": "person", "Adda Krosse": "person", "Ida Cross": "person"},
    vectors={"Ada Cross": (1.0, 0.0), "Adda Krosse": (0.8, 0.6), "Ida Cross": (-0.6, 0.8)},
)


def begun(store: Store, name: str) -> Walked:
    """A walk from one name alone."""
    return walk.walk(store, Restart(store.names([name]).entity, np.ones(1), np.empty(0, np.int64), np.empty(0)))


def test_similar_names_get_a_part_of_the_step_and_mentions_the_rest(stored: Callable[[World], Store]) -> None:
    store = stored(ALIKE)
    walked = begun(store, "ada cross")

    assert 0 < mass(store, walked, "b.md") < 0.5 * mass(store, walked, "a.md")
    assert walked.units.scores.sum() + walked.entities.scores.sum() == pytest.approx(1)


def test_where_no_text_mentions_a_name_similar_names_get_the_whole_step(stored: Callable[[World], Store]) -> None:
    store = stored(replace(ALIKE, vectors={**ALIKE.vectors, "Ida Cross": (0.6, 0.8), "Ada Cross": (-1.0, 0.0)}))

    assert mass(store, begun(store, "ida cross"), "b.md") > 0.2
    assert mass(store, begun(store, "ada cross"), "b.md") == 0


def test_a_filter_holds_for_similar_names(stored: Callable[[World], Store]) -> None:
    store = stored(ALIKE)
    start = Restart(store.names(["ada cross"]).entity, np.ones(1), np.empty(0, np.int64), np.empty(0))
    walked = walk.walk(store, start, store.within({"source": "a.md"}))

    assert [row["name"] for row in store.rows("entities", walked.entities.rows, ("name",))] == ["Ada Cross"]


def test_mentions_carry_mass_where_no_relationship_does(stored: Callable[[World], Store]) -> None:
    store = stored(replace(CHAIN, ties=()))

    assert mass(store, walk.walk(store, asked(store, "What of Ada Cross?")), "b.md") > 0.01


def test_how_often_a_name_stands_in_a_text_changes_its_mass(stored: Callable[[World], Store]) -> None:
    world = World(documents={"a.md": "Velm. Velm. Velm.", "b.md": "Velm."}, names={"Velm": "place"})
    store = stored(world)
    walked = walk.walk(store, replace(asked(store, "Velm"), unit_weights=np.zeros(2), entity_weights=np.ones(1)))

    assert mass(store, walked, "a.md") > 1.5 * mass(store, walked, "b.md")


def test_a_name_that_stands_nearly_everywhere_carries_nothing(stored: Callable[[World], Store]) -> None:
    many = {f"{n}.md": f"Velm saw day {n}." for n in range(60)}
    world = World(
        documents={"a.md": "Ada Cross left Velm.", **many},
        names={"Velm": "place", "Ada Cross": "person"},
        ties=(("Ada Cross", "left", "Velm"),),
    )
    store = stored(world)
    walked = walk.walk(store, asked(store, "Ada Cross?"))

    assert sources(store, walked) == ["a.md"]
    assert [row["name"] for row in store.rows("entities", walked.entities.rows, ("name",))] == ["Ada Cross"]


def test_a_name_that_stands_nearly_everywhere_leads_nowhere_when_asked_for(stored: Callable[[World], Store]) -> None:
    many = {f"{n}.md": f"Velm saw day {n}." for n in range(60)}
    names = {"Velm": "place", "Tom Pell": "person"}
    store = stored(World(documents={"a.md": "Tom Pell.", **many}, names=names, ties=(("Velm", "has", "Tom Pell"),)))

    assert mass(store, walk.walk(store, asked(store, "Velm?")), "a.md") == 0


def test_the_share_of_what_stands_nearly_everywhere_is_not_given_to_what_little_else_there_is(
    stored: Callable[[World], Store],
) -> None:
    many = {f"{n}.md": f"Velm saw day {n}." for n in range(60)}
    texts = {"a.md": "Velm was cold, said Ruth Dane.", "b.md": "Ruth Dane slept."}
    store = stored(World(documents={**texts, **many}, names={"Ruth Dane": "person", "Velm": "place"}))
    apart = stored(World(documents={**texts, **many}, names={"Ruth Dane": "person"}))
    question = "How cold was it?"

    reached = mass(store, walk.walk(store, asked(store, question)), "b.md")
    assert 0 < reached < 0.95 * mass(apart, walk.walk(apart, asked(apart, question)), "b.md")


EDGES = World(
    documents={
        "a.md": "Ada Cross left the Tern.",
        "tern.md": "She was lost.",
        "c.md": "The Tern was old.",
        "d.md": "Tom Pell slept.",
        "e.md": "Freight rates fell.",
        "f.md": "Adda Krosse was born here.",
    },
    names={"Ada Cross": "person", "Tern": "work", "Tom Pell": "person", "Adda Krosse": "person"},
    ties=(("Tern", "carried", "Tom Pell"),),
    vectors={"Ada Cross": (1.0, 0.0), "Adda Krosse": (0.8, 0.6), "Tern": (0.0, 1.0)},
)


def blank(table: pa.Table, column: str) -> pa.Table:
    """The table with nothing in one column."""
    kind = table.schema.field(column).type
    nothing: Any = [] if pa.types.is_list(kind) else ""
    return table.set_column(table.column_names.index(column), column, pa.array([nothing] * table.num_rows, kind))


@pytest.mark.parametrize(
    ("edges", "table", "column"),
    [
        ("mention", "text_units", "heading"),
        ("mention", "entities", "text_unit_ids"),
        ("related", "relationships", "source_id"),
        ("similar", "vectors", "kind"),
    ],
)
def test_each_kind_of_edge_changes_the_ranking(
    stored: Callable[[World], MappedStore], edges: str, table: str, column: str
) -> None:
    whole, less, tables = stored(EDGES), stored(EDGES), EDGES.tables()
    made = derived.build({**tables, table: blank(tables[table], column)})
    save(less.folder, ((name, rows) for name, rows in made if name.startswith(edges)))
    before, after = (sources(store, walk.walk(store, asked(store, "Ada Cross?"))) for store in (whole, less))

    assert sorted(before) == ["a.md", "c.md", "d.md", "f.md", "tern.md"]
    assert set(after) < set(before)


def plainly(store: Store, start: Restart) -> np.ndarray:
    """The masses of all entities and all text units, by the definition of the walk."""
    n, m = store.count("entities"), store.count("text_units")
    step = np.zeros((n + m, n + m))
    every = store.neighbours("mentions", np.arange(n))
    weight = (1 + np.log(every.weight)) * np.log1p(m / store.degrees("mentions", every.near))
    np.add.at(step, (every.near, n + every.far), weight)
    step += step.T
    step /= np.maximum(step.sum(axis=1, keepdims=True), 1e-12)
    for tie in ("related", "similar"):
        edges, across = store.neighbours(tie, np.arange(n)), np.zeros((n, n))
        np.add.at(across, (edges.near, edges.far), edges.weight)
        tied = np.flatnonzero(across.sum(axis=1))
        step[tied, n:] -= 0.2 * step[tied, n:] / step[tied, n:].sum(axis=1, keepdims=True)
        step[tied, :n] += 0.2 * across[tied] / across[tied].sum(axis=1, keepdims=True)
    begin = np.zeros(n + m)
    begin[start.entities], begin[n + start.units] = start.entity_weights, start.unit_weights
    mass = begin
    for _ in range(15):
        mass = 0.7 * mass @ step
        mass = mass + (1 - mass.sum()) * begin
    return mass


def test_masses_are_those_of_fifteen_sweeps_over_all_edges(stored: Callable[[World], Store]) -> None:
    ties = (*EDGES.ties, ("Ada Cross", "commanded", "Tern"), ("Tom Pell", "saw", "Tern"))
    store = stored(replace(EDGES, ties=ties))
    start = asked(store, "Was the Tern of Ada Cross old?")
    walked = walk.walk(store, start)
    masses = np.concatenate([each.of(np.arange(n)) for each, n in ((walked.entities, 4), (walked.units, 6))])

    assert np.count_nonzero(masses) == 9
    assert masses == pytest.approx(plainly(store, start))


def test_only_allowed_text_units_are_seen(stored: Callable[[World], Store]) -> None:
    store = stored(CHAIN)
    allowed = store.within({"source": "[ac].md"})
    question = read("What of Ada Cross?")
    hits = bm25.search(store, "text_units", question.terms, allowed)
    start = walk.restart(link(store, question), prior(hits), 5)

    assert sources(store, walk.walk(store, start, allowed)) == ["a.md"]


def test_one_walk_sees_a_bounded_part_of_the_index(
    stored: Callable[[World], Store], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(walk, "_MOST_UNITS", 3)
    many = {f"{n:02}.md": f"Velm saw day {n}." for n in range(40)}
    store = stored(World(documents=many, names={"Velm": "place"}))
    start = Restart(np.array([0]), np.ones(1), np.empty(0, np.int64), np.empty(0))

    assert len(walk.walk(store, start).units.rows) == 3


@pytest.mark.parametrize("tied", [True, False])
def test_what_a_walk_looks_at_does_not_grow_with_the_ties_of_a_thing_or_the_names_in_a_text(
    stored: Callable[[World], Store], monkeypatch: pytest.MonkeyPatch, tied: bool
) -> None:
    monkeypatch.setattr(walk, "_MENTIONS", 30)
    monkeypatch.setattr(walk, "_TIES", 30)

    def seen(people: int) -> int:
        names = [f"Person{n:03}" for n in range(people)]
        documents = {f"{name}.md": f"{name} lives." for name in names}
        documents |= {"a.md": "Velm." if tied else f"Velm: {', '.join(names)}."}
        ties = tuple(("Velm", "has", name) for name in names) if tied else ()
        store = stored(World(documents=documents, names=dict.fromkeys([*names, "Velm"], "person"), ties=ties))
        return len(walk.walk(store, asked(store, "Velm")).entities.rows)

    assert seen(100) == seen(200) < 40


def test_nothing_to_begin_from_leads_nowhere(stored: Callable[[World], Store]) -> None:
    store = stored(CHAIN)
    walked = walk.walk(store, asked(store, "penicillin"))

    assert len(walked.units.rows) == len(walked.entities.rows) == 0


def test_the_same_question_finds_the_same_masses(stored: Callable[[World], Store]) -> None:
    first, second = (walk.walk(store, asked(store, QUESTION)) for store in (stored(CHAIN), stored(CHAIN)))

    assert first.units.rows.tolist() == second.units.rows.tolist()
    assert first.units.scores.tolist() == second.units.scores.tolist()
