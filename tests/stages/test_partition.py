import networkx
import pytest
from graphs import check, clique, entity, groups, partitioned, random_graph, tie
from graspologic_native import hierarchical_leiden
from hypothesis import given
from hypothesis import strategies as st

from graphrag_engine.stages.partition import STAGE


def test_two_cliques_on_a_bridge_are_two_communities():
    ties = [*clique("abcdef"), *clique("ghijkl"), tie("a", "g")]

    rows = partitioned([entity(name) for name in "abcdefghijkl"], ties)

    assert groups(rows) == {"abcdef", "ghijkl"}


def test_a_component_that_is_small_enough_stays_whole_and_a_lone_entity_is_a_community_of_one():
    rows = partitioned([entity(name) for name in "abcdefz"], [*clique("abc"), *clique("def"), tie("a", "d")])

    assert groups(rows) == {"abcdef", "z"}


def test_a_large_clique_that_does_not_split_is_not_repeated_on_a_lower_level():
    rows = partitioned([entity(name) for name in "abcdefghijkl"], clique("abcdefghijkl"))

    assert [(row["size"], row["level"], row["children_ids"]) for row in rows] == [(12, 0, [])]


@pytest.mark.parametrize("seed", range(3))
def test_every_partition_is_a_hierarchy_of_connected_communities_with_each_entity_in_one_leaf(seed: int):
    entities, ties = random_graph(seed, 400, 900)

    rows = partitioned(entities, ties)

    assert max(row["level"] for row in rows) >= 1
    check(rows, entities, ties)


@given(st.lists(st.tuples(st.integers(0, 30), st.integers(0, 30), st.floats(-1, 5)), max_size=60))
def test_any_ties_give_a_whole_hierarchy(pairs: list[tuple[int, int, float]]):
    ties = {(a, b): tie(f"{a:02}", f"{b:02}", weight) for a, b, weight in pairs if weight > 0 and a != b}
    entities = [entity(f"{at:02}") for at in range(31)]

    check(partitioned(entities, list(ties.values()), max_cluster_size=3), entities, list(ties.values()))


def test_the_order_of_rows_and_the_direction_of_ties_change_no_member():
    entities, ties = random_graph(7, 200, 500)
    turned = [each | {"source_id": each["target_id"], "target_id": each["source_id"]} for each in ties[::-1]]

    assert groups(partitioned(entities, ties)) == groups(partitioned(entities[::-1], turned))


def test_ties_of_one_component_leave_the_communities_of_another_alone():
    one, other = random_graph(1, 150, 400), random_graph(2, 150, 400)
    entities = [each | {"id": "x" + each["id"]} for each in other[0]]
    ties = [
        each | {"id": "x" + each["id"], "source_id": "x" + each["source_id"], "target_id": "x" + each["target_id"]}
        for each in other[1]
    ]

    alone, together = partitioned(*one), partitioned([*one[0], *entities], [*one[1], *ties])

    assert {row["id"] for row in alone} <= {row["id"] for row in together}


def test_weights_of_both_directions_count_and_bad_weights_do_not():
    ties = [tie("a", "b"), tie("b", "a"), tie("b", "c", float("nan")), tie("c", "d", -1.0), tie("d", "d", 5.0)]

    rows = partitioned([entity(name) for name in "abcd"], ties, max_cluster_size=3)

    assert groups(rows) == {"ab", "c", "d"}
    assert next(row["weight"] for row in rows if row["size"] == 2) == 2.0


def test_a_hub_that_everything_is_tied_to_does_not_swallow_the_communities():
    cliques = ["".join(chr(ord("a") + 6 * at + step) for step in range(6)) for at in range(4)]
    ties = [each for members in cliques for each in clique(members)] + [
        tie("~", name, 0.5) for members in cliques for name in members
    ]

    rows = partitioned([entity("~"), *(entity(name) for members in cliques for name in members)], ties)

    assert {group.strip("~") for group in groups(rows)} == set(cliques)


def test_concepts_stay_outside_unless_there_is_nothing_else():
    ties = [tie("a", "b"), tie("a", "k"), tie("b", "k")]

    mixed = partitioned([entity("a"), entity("b"), entity("k", "concept")], ties)
    alone = partitioned([entity(name, "concept") for name in "abk"], ties)

    assert groups(mixed) == {"ab", "k"}
    assert groups(alone) == {"abk"}


def test_a_higher_resolution_gives_more_communities():
    entities, ties = random_graph(3, 300, 900)

    few, many = (partitioned(entities, ties, resolution=value) for value in (0.5, 3.0))

    assert len(groups(few)) < len(groups(many))


def test_no_entities_give_no_communities():
    assert partitioned([], []) == []


def test_the_version_of_the_library_is_part_of_the_recipe():
    assert STAGE.made_with is not None
    assert list(STAGE.made_with) == ["graspologic-native"]


def test_one_more_tie_of_a_small_component_keeps_all_other_ids():
    entities, ties = random_graph(5, 200, 500)
    small = [entity("y1"), entity("y2"), entity("y3")]
    before = partitioned([*entities, *small], [*ties, tie("y1", "y2")])
    after = partitioned([*entities, *small], [*ties, tie("y1", "y2"), tie("y2", "y3")])

    kept = {row["id"] for row in before} & {row["id"] for row in after}

    assert len(kept) == len(before) - 2


def test_microsoft_s_way_splits_the_largest_component_alone_and_gives_every_entity_a_leaf():
    entities, ties = random_graph(3, 300, 700)
    small = [tie("x1", "x2"), *(tie(f"y{a}", f"y{b}") for a in range(12) for b in range(a))]
    entities += [entity(name) for name in ("x1", "x2", *(f"y{at}" for at in range(12)), "z")]

    rows = partitioned(entities, ties + small, method="largest_component", iterations=1)

    check(rows, entities, ties + small)
    assert {"x1x2", "z", "".join(sorted(f"y{at}" for at in range(12)))} <= groups(rows)
    assert rows == partitioned(entities, ties + small, method="largest_component", iterations=1)
    assert groups(rows) != groups(partitioned(entities, ties + small))


def test_microsoft_s_way_is_the_library_s_own_hierarchy():
    entities, ties = random_graph(4, 200, 500)
    largest = max(
        networkx.connected_components(networkx.Graph((t["source_id"], t["target_id"]) for t in ties)), key=len
    )
    edges = [(*sorted((t["source_id"], t["target_id"])), t["weight"]) for t in ties if t["source_id"] in largest]
    found = hierarchical_leiden(sorted(edges), resolution=1.0, iterations=1, max_cluster_size=10, seed=0xDEADBEEF)
    members: dict[tuple[int, int], list[str]] = {}
    for each in found:
        members.setdefault((each.level, each.cluster), []).append(each.node)

    rows = partitioned(entities, ties, method="largest_component", iterations=1)

    assert {"".join(sorted(names)) for (level, _), names in members.items() if level == 0} <= groups(rows)
