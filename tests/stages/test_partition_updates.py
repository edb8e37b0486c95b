"""Communities after an update: what has not changed stays, what has changed is as good as new."""

from collections.abc import Iterator, Mapping
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from graphs import Row, check, clique, entity, groups, partitioned, quality, random_graph, tie
from hypothesis import given, settings
from hypothesis import strategies as st

from graphrag_engine.offline.repair import Past
from graphrag_engine.stages import partition

CLIQUES = ["abcdef", "ghijkl", "mnopqr", "stuvwx", "ABCDEF", "GHIJKL", "MNOPQR", "STUVWX"]
WORLD = [each for members in CLIQUES for each in clique(members)] + [
    tie(one[0], other[1]) for one, other in pairwise(CLIQUES)
]


def named(ties: list[Row], *more: str) -> list[Row]:
    """The entities that ties are between, and some without any."""
    return [entity(name) for name in sorted({*(end for each in ties for end in ends(each)), *more})]


def ends(each: Mapping[str, Any]) -> tuple[str, str]:
    return each["source_id"], each["target_id"]


def updates(seed: int, steps: int, share: float) -> Iterator[list[Row]]:
    """Versions of the ties of one graph: each loses half of *share* of its ties, and gets as many new ones."""
    ties = random_graph(seed, 400, 900)[1]
    few = round(len(ties) * share / 2)
    window = len(ties) - steps * few
    order = np.random.default_rng(seed).permutation(len(ties))
    for step in range(steps + 1):
        yield [ties[at] for at in sorted(order[step * few : step * few + window])]


def ids(rows: list[Row]) -> set[str]:
    return {row["id"] for row in rows}


@pytest.mark.parametrize("seed", range(3))
def test_nothing_changes_where_nothing_has_changed(seed: int):
    entities, ties = random_graph(seed, 400, 900)
    rows = partitioned(entities, ties)

    assert partitioned(entities, ties, last=(rows, ties)) == rows


@pytest.mark.parametrize("seed", range(3))
def test_twenty_updates_of_one_percent_rewrite_little_and_lose_hardly_any_modularity(seed: int):
    versions = list(updates(seed, steps=20, share=0.01))
    rows = partitioned(named(versions[0]), versions[0])
    fresh, repaired, anew = rows, 0, 0
    for before, ties in pairwise(versions):
        entities = named(ties)
        last, rows = rows, partitioned(entities, ties, last=(rows, before))
        old, fresh = fresh, partitioned(entities, ties)
        check(rows, entities, ties)
        repaired += len(ids(rows) - ids(last))
        anew += len(ids(fresh) - ids(old))

    assert quality(rows, entities, ties) > 0.97 * quality(fresh, entities, ties)
    assert repaired < anew / 3


def test_the_same_history_gives_the_same_communities_in_any_order_of_rows():
    before, after = updates(1, steps=1, share=0.02)
    rows = partitioned(named(before), before)

    one = partitioned(named(after), after, last=(rows, before))
    other = partitioned(named(after)[::-1], after[::-1], last=(rows[::-1], before[::-1]))

    assert one == other


EDIT = st.lists(st.tuples(st.integers(0, 23), st.integers(0, 23), st.sampled_from([None, 0.5, 1.0, 4.0])), max_size=6)


@settings(max_examples=30)
@given(st.lists(EDIT, min_size=1, max_size=5))
def test_any_edits_leave_a_whole_hierarchy(edits: list[list[tuple[int, int, float | None]]]):
    ties = {(each["source_id"], each["target_id"]): each for each in random_graph(4, 24, 120)[1]}
    before = list(ties.values())
    rows = partitioned(named(before), before, max_cluster_size=3)
    for edit in edits:
        for one, other, weight in edit:
            pair = (f"{one:04}", f"{other:04}")
            ties.pop(pair, None)
            if weight and one != other:
                ties[pair] = tie(*pair, weight)
        after = list(ties.values())
        rows = partitioned(named(after, "0000"), after, last=(rows, before), max_cluster_size=3)
        check(rows, named(after, "0000"), after)
        assert partitioned(named(after, "0000"), after, last=(rows, after), max_cluster_size=3) == rows
        before = after


def test_a_new_entity_joins_those_it_is_tied_to_and_no_other_community_changes():
    rows = partitioned(named(WORLD), WORLD)
    after = [*WORLD, tie("a", "z"), tie("b", "z")]

    new = partitioned(named(after), after, last=(rows, WORLD))

    assert groups(rows) == set(CLIQUES)
    assert groups(new) == {"abcdefz", *CLIQUES[1:]}
    assert len(ids(new) - ids(rows)) == 1


def test_an_entity_that_leaves_changes_its_own_communities_alone():
    rows = partitioned(named(WORLD), WORLD)
    after = [each for each in WORLD if "q" not in ends(each)]

    new = partitioned(named(after), after, last=(rows, WORLD))

    assert groups(new) == set(CLIQUES) - {"mnopqr"} | {"mnopr"}


def test_an_entity_whose_ties_move_goes_with_them():
    rows = partitioned(named(WORLD), WORLD)
    after = [each for each in WORLD if "r" not in ends(each)] + [tie("a", "r"), tie("b", "r")]

    new = partitioned(named(after), after, last=(rows, WORLD))

    assert groups(new) == {"abcdefr", "mnopq", *CLIQUES} - {"abcdef", "mnopqr"}


def test_a_community_that_loses_its_bridge_falls_apart():
    bridge = [tie("d", "y", 9.0), tie("d", "z", 9.0)]
    ties = [*WORLD, *clique("yzYZ"), *bridge]
    rows = partitioned(named(ties), ties)

    new = partitioned(named(ties), [each for each in ties if each not in bridge], last=(rows, ties))

    assert any({"d", "z"} <= set(group) for group in groups(rows))
    assert "YZyz" in groups(new)
    check(new, named(ties), [each for each in ties if each not in bridge])


def test_two_communities_that_are_tied_together_become_one():
    rows = partitioned(named(WORLD), WORLD)
    after = [*WORLD, *(tie(one, other, 2.0) for one, other in zip("abcdef", "hijklg", strict=True))]

    new = partitioned(named(after), after, last=(rows, WORLD))

    assert groups(new) == {"abcdefghijkl", *CLIQUES[2:]}


@pytest.fixture
def pasts(monkeypatch: pytest.MonkeyPatch) -> list[Past]:
    """What was given to be repaired."""
    levels, found = partition.levels, list[Past]()
    monkeypatch.setattr(partition, "levels", lambda *given: found.append(given[2]) or levels(*given))
    return found


def test_only_ends_of_ties_that_are_new_gone_or_clearly_heavier_or_lighter_are_looked_at(pasts: list[Past]):
    rows = partitioned(named(WORLD), WORLD)
    slight = [each | {"weight": each["weight"] * 1.05} for each in WORLD]
    lighter = [each | {"weight": 0.8} if ends(each) == ("a", "b") else each for each in slight]
    after = [each for each in lighter if ends(each) != ("g", "h")] + [tie("m", "z")]

    for ties in (slight, after):
        partitioned(named(ties), ties, last=(rows, WORLD))

    names = [each["id"] for each in named(after)]
    assert not pasts[1].dirty.any()
    assert [names[at] for at in np.flatnonzero(pasts[2].dirty)] == list("abghmz")


def test_a_community_without_a_change_keeps_all_that_is_below_it():
    before, after = updates(2, steps=1, share=0.01)
    rows = partitioned(named(before), before)
    touched = {end for each in [*before, *after] if (each in before) != (each in after) for end in ends(each)}

    new = {row["id"]: row for row in partitioned(named(after), after, last=(rows, before))}

    quiet = [row for row in rows if row["id"] in new and not touched & set(row["entity_ids"])]
    assert sum(len(row["children_ids"]) for row in quiet) > 20
    assert all(new[row["id"]]["children_ids"] == row["children_ids"] for row in quiet)


def test_a_leaf_that_grows_too_large_is_split():
    small = [*clique("1234"), *clique("5678"), tie("1", "5"), tie("1", "9"), tie("2", "9")]
    rows = partitioned(named([*WORLD, *small]), [*WORLD, *small])
    after = [*WORLD, *small, tie("5", "0"), tie("1", "~")]

    new = partitioned(named(after), after, last=(rows, [*WORLD, *small]))

    assert "123456789" in groups(rows)
    assert {"12349~", "05678"} <= groups(new) | groups(new, 1)


def test_ids_of_kept_communities_are_not_worked_out_again(monkeypatch: pytest.MonkeyPatch):
    before, after = updates(1, steps=1, share=0.005)
    rows = partitioned(named(before), before)
    hashed: list[object] = []
    digest = partition.digest
    monkeypatch.setattr(partition, "digest", lambda *parts: hashed.append(parts) or digest(*parts))

    new = partitioned(named(after), after, last=(rows, before))

    assert sum(parts[0] == "community" for parts in hashed) == len(ids(new) - ids(rows)) < len(rows) / 5


def bad(rows: list[Row]) -> list[Row]:
    """A last version that knew each entity by itself."""
    members = sorted({name for row in rows for name in row["entity_ids"]})
    plain = {"level": 0, "parent_id": None, "children_ids": [], "relationship_ids": [], "size": 1, "weight": 0.0}
    return [plain | {"id": name, "entity_ids": [name]} for name in members]


def test_communities_that_are_clearly_worse_than_fresh_ones_are_given_up():
    before, after = updates(1, steps=1, share=0.03)
    fresh = partitioned(named(after), after)

    assert partitioned(named(after), after, last=(bad(fresh), before)) == fresh


def test_communities_are_fresh_where_more_than_a_tenth_of_the_ties_has_changed():
    before, after = updates(1, steps=1, share=0.12)
    rows = partitioned(named(before), before)

    assert partitioned(named(after), after, last=(rows, before)) == partitioned(named(after), after)


def test_doubts_are_rarer_the_less_has_changed(pasts: list[Past]):
    rows = partitioned(named(WORLD), WORLD)

    for at in range(len(WORLD)):
        partitioned(named(WORLD), WORLD[:at] + WORLD[at + 1 :], last=(rows, WORLD))

    doubts = [past.doubted for past in pasts[1:]]
    share = 1 / len(WORLD)
    assert 0.5 * share / 0.02 < sum(doubts) / len(doubts) < 1.5 * share / 0.02


def test_ties_of_concepts_that_take_the_place_of_others_are_clustered_afresh(pasts: list[Past]):
    concepts = [entity(name, "concept") for name in "".join(CLIQUES)]
    names, known = [entity("y"), entity("z")], [*WORLD, tie("y", "z")]
    rows = partitioned([*concepts, *names], known)

    new = partitioned(concepts, WORLD, last=(rows, known))

    assert groups(rows) == {*"".join(CLIQUES), "yz"}
    assert groups(new) == set(CLIQUES)
    assert pasts == [None, None]
