"""What every store must do for questions. A backend gives `open_store`; it may override nothing."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pyarrow as pa
import pytest
from world import World

from graphrag_engine.stores.base import Store, Tie

WORLD = World(
    documents={
        "ships/tern.md": "The Tern sank at Velm. Velm mourned the Tern.\n\nÉmile Cross left Velm.",
        "gull.md": "Nobody lives on the Gull.",
    },
    names={"Tern|Old Tern": "work", "Velm": "place", "Émile Cross": "person", "Gull": "place"},
    ties=(("Tern", "sank at", "Velm"), ("Émile Cross", "left", "Velm")),
    claims=(("Tern", "sank at", "Velm", "TRUE", "1903"),),
    reports={
        "All of Velm": (0, None, ("Tern", "Velm", "Émile Cross"), ("The Tern sank at Velm.",)),
        "The wreck": (1, "All of Velm", ("Tern", "Velm"), ("Velm mourned the Tern.",)),
    },
    metadata={"gull.md": {"year": 1903, "tags": ["bird", "rock"], "kind": None}},
)

OpenStore = Callable[[dict[str, pa.Table]], Store]


def found(store: Store, table: str, column: str, value: str) -> np.ndarray:
    """The row of the one thing with this value."""
    rows = np.arange(store.count(table))
    return np.array([row for row in rows if store.rows(table, rows[[row]], (column,))[0][column] == value])


def names_of(store: Store, rows: np.ndarray) -> list[str]:
    return [row["name"] for row in store.rows("entities", rows, ("name",))]


class StoreSuite:
    @pytest.fixture
    def open_store(self) -> OpenStore:
        raise NotImplementedError

    @pytest.fixture
    def store(self, open_store: OpenStore) -> Store:
        return open_store(WORLD.tables())

    def test_names_and_aliases_are_found_in_their_normal_form(self, store: Store) -> None:
        bearers = store.names(["velm", "nobody", "old tern"])

        assert bearers.asked.tolist() == [0, 2]
        assert names_of(store, bearers.entity) == ["Velm", "Tern"]
        assert bearers.alias.tolist() == [False, True]

    def test_a_name_is_found_without_its_accents(self, store: Store) -> None:
        assert names_of(store, store.names(["emile cross"]).entity) == ["Émile Cross"]

    @pytest.mark.parametrize(
        ("words", "names"),
        [(["old"], ["Tern"]), (["new"], []), (["tern", "old"], ["Tern"]), (["cross", "old"], []), ([], [])],
    )
    def test_words_lead_to_the_names_that_hold_them_all(self, store: Store, words: list[str], names: list[str]) -> None:
        assert names_of(store, store.bearing(words, 3)) == names

    def test_words_of_too_many_names_lead_nowhere(self, open_store: OpenStore) -> None:
        dane = dict.fromkeys(("Ruth Dane", "Tom Dane", "Jim Dane"), "person")
        store = open_store(World(documents={"a.md": ", ".join(dane)}, names=dane).tables())

        assert store.bearing(["dane"], 2).tolist() == []
        assert store.bearing(["dane"], 3).tolist() == [0, 1, 2]
        assert names_of(store, store.bearing(["dane", "tom"], 2)) == ["Tom Dane"]

    def test_postings_count_terms_and_rows(self, store: Store) -> None:
        postings = store.search("text_units", ["tern", "nothing", "velm"])

        assert postings.n_rows == 3
        assert sorted(zip(postings.term.tolist(), postings.count.tolist(), strict=True)) == [
            (0, 1),
            (0, 3),
            (2, 1),
            (2, 2),
        ]

    def test_the_rows_that_hold_a_term_are_counted(self, store: Store) -> None:
        assert store.frequencies("text_units", ["tern", "nothing", "velm"]).tolist() == [2, 0, 2]

    @pytest.mark.parametrize("among", [[], [0], [1, 2], [0, 1, 2]])
    def test_postings_among_some_rows_are_those_of_all_rows_that_lie_there(
        self, store: Store, among: list[int]
    ) -> None:
        whole = store.search("text_units", ["tern", "nothing", "velm"])
        part = store.search("text_units", ["tern", "nothing", "velm"], np.array(among, np.int64))
        kept = np.isin(whole.row, among)

        assert part.row.tolist() == whole.row[kept].tolist()
        assert part.term.tolist() == whole.term[kept].tolist()
        assert part.length.tolist() == whole.length[kept].tolist()

    def test_a_heading_is_searched_with_its_text(self, store: Store) -> None:
        assert store.search("text_units", ["gull"]).count.tolist() == [2]

    def test_reports_are_searched_by_their_own_words_and_not_by_the_frame_of_all(self, store: Store) -> None:
        assert store.frequencies("reports", ["mourn", "frame"]).tolist() == [1, 0]

    def test_mentions_say_how_often_and_run_both_ways(self, store: Store) -> None:
        velm = found(store, "entities", "name", "Velm")
        down = store.neighbours("mentions", velm)
        up = store.neighbours("mentioned", down.far)

        assert sorted(down.weight.tolist()) == [1, 2]
        assert velm[0] in up.far
        assert store.degrees("mentions", velm).tolist() == [2]

    def test_relationships_are_walked_from_either_end(self, store: Store) -> None:
        tern, velm = found(store, "entities", "name", "Tern"), found(store, "entities", "name", "Velm")

        assert store.neighbours("related", tern).far.tolist() == velm.tolist()
        assert tern[0] in store.neighbours("related", velm).far
        assert store.degrees("related", velm).tolist() == [2]

    def test_the_heaviest_ties_come_first_and_of_one_row_no_more_than_asked_for(self, open_store: OpenStore) -> None:
        names = dict.fromkeys(("Ada", "Bob", "Cy", "Dee"), "person")
        ties = (("Ada", "met", "Bob"), ("Cy", "met", "Ada"), ("Ada", "met", "Dee"))
        documents = {f"{times}.md": "Ada. " * times for times in range(1, 6)}
        tables = World(documents=documents, names=names, ties=ties).tables()
        heavy = pa.array([2.0, 3.0, 1.0])
        tables["relationships"] = tables["relationships"].set_column(4, tables["relationships"].field(4), heavy)
        store = open_store(tables)
        ada = found(store, "entities", "name", "Ada")

        assert store.neighbours("mentions", ada).weight.tolist() == [5, 4, 3, 2, 1]
        assert store.neighbours("related", ada).weight.tolist() == [3, 2, 1]
        assert store.neighbours("related", ada, 1).via.tolist() == [1]
        assert sorted(store.neighbours("related", np.arange(4), 1).near.tolist()) == [0, 1, 2, 3]

    @pytest.mark.parametrize("tie", ["mentions", "related"])
    @pytest.mark.parametrize("most", [None, 1])
    def test_far_ends_asked_for_alone_are_those_of_the_ties(self, store: Store, tie: Tie, most: int | None) -> None:
        rows = np.arange(store.count("entities"))

        assert len(store.ends(tie, rows, most)) > 2
        assert store.ends(tie, rows, most).tolist() == store.neighbours(tie, rows, most).far.tolist()

    def test_a_name_leads_to_names_like_it_the_nearest_first(self, open_store: OpenStore) -> None:
        near = {"Tern": (1.0, 0.0), "Gull": (0.8, 0.6), "Velm": (0.96, 0.28), "Émile Cross": (0.6, 0.8)}
        store = open_store(replace(WORLD, vectors=near).tables())
        edges = store.neighbours("similar", found(store, "entities", "name", "Tern"))

        assert names_of(store, edges.far) == ["Velm", "Gull"]
        assert edges.weight.tolist() == [0.96, 0.8]

    def test_without_vectors_of_names_none_is_like_another(self, store: Store) -> None:
        assert store.degrees("similar", np.arange(store.count("entities"))).tolist() == [0, 0, 0, 0]

    def test_claims_and_reports_hang_on_their_entities(self, store: Store) -> None:
        tern = found(store, "entities", "name", "Tern")
        reports = store.neighbours("reported", tern).far

        assert len(store.neighbours("claimed", tern).far) == 1
        assert sorted(store.values("reports", "level", reports).tolist()) == [0, 1]

    def test_a_report_knows_what_it_is_a_part_of(self, store: Store) -> None:
        parts = found(store, "reports", "title", "The wreck")

        assert (
            store.values("reports", "parent", parts).tolist()
            == found(store, "reports", "title", "All of Velm").tolist()
        )

    def test_rows_come_in_the_order_asked_for(self, store: Store) -> None:
        rows = np.array([3, 0, 3])

        assert names_of(store, rows) == [names_of(store, rows[[at]])[0] for at in range(3)]

    def test_leading_reports_are_of_one_level(self, store: Store) -> None:
        assert store.leading(1, 5).tolist() == found(store, "reports", "title", "The wreck").tolist()
        assert store.leading(7, 5).tolist() == []

    @pytest.mark.parametrize(
        ("wanted", "units"),
        [
            ({"source": "ships"}, 2),
            ({"source": "ships/"}, 2),
            ({"source": "ships/tern.md"}, 2),
            ({"source": "*.md"}, 3),
            ({"source": "ship"}, 0),
            ({"year": "1903"}, 1),
            ({"tags": "rock"}, 1),
            ({"tags": "rock", "source": "ships"}, 0),
            ({"kind": "None"}, 0),
        ],
    )
    def test_documents_are_chosen_by_source_and_metadata(
        self, store: Store, wanted: dict[str, str], units: int
    ) -> None:
        assert len(store.within(wanted)) == units

    def test_the_names_of_all_metadata_are_known(self, store: Store) -> None:
        assert store.keys() == ["kind", "tags", "year"]

    def test_nearest_vectors_are_ordered_and_at_most_k(self, open_store: OpenStore) -> None:
        texts = [text for whole in WORLD.documents.values() for text in whole.split("\n\n")]
        near = {texts[0]: (1.0, 0.0), texts[1]: (0.0, 1.0), texts[2]: (1.0, 0.0)}
        store = open_store(replace(WORLD, vectors=near).tables())

        rows, scores = store.nearest("text_units", np.array([1.0, 0.5], np.float32), 2)

        assert scores.tolist() == [1.0, 1.0]
        assert rows.tolist() == sorted(rows.tolist())

    @pytest.mark.parametrize("among", [[], [0], [1, 2], [0, 2]])
    def test_only_vectors_among_the_rows_allowed_are_found(self, open_store: OpenStore, among: list[int]) -> None:
        texts = [text for whole in WORLD.documents.values() for text in whole.split("\n\n")]
        near = {texts[0]: (1.0, 0.0), texts[1]: (0.0, 1.0), texts[2]: (0.5, 0.5)}
        store = open_store(replace(WORLD, vectors=near).tables())
        rows, scores = store.nearest("text_units", np.array([1.0, 0.2], np.float32), 3)

        found = store.nearest("text_units", np.array([1.0, 0.2], np.float32), 3, np.array(among, np.int64))

        assert found[0].tolist() == [row for row in rows.tolist() if row in among]
        assert found[1].tolist() == scores[np.isin(rows, among)].tolist()

    def test_no_vector_is_nearest_where_there_is_none(self, store: Store) -> None:
        assert len(store.nearest("text_units", np.array([1.0], np.float32), 3)[0]) == 0

    def test_an_empty_index_answers_everything_with_nothing(self, open_store: OpenStore) -> None:
        store = open_store(World(documents={}).tables())
        none = np.empty(0, np.int64)

        assert store.count("entities") == 0
        assert len(store.names(["velm"]).entity) == 0
        assert store.frequencies("text_units", ["velm"]).tolist() == [0]
        assert len(store.search("text_units", ["velm"]).row) == 0
        assert len(store.bearing(["velm"], 3)) == 0
        assert len(store.neighbours("mentions", none).far) == len(store.ends("mentions", none)) == 0
        assert len(store.leading(0, 3)) == 0
        assert len(store.within({"source": "*"})) == 0
        assert store.keys() == []

    @pytest.mark.parametrize("odd", ['it\'s "quoted"', "$1 \\ %s", "\ud55c\uad6d\uc5b4 \U0001f6a2", "x" * 100_000])
    def test_odd_text_comes_back_as_it_was(self, open_store: OpenStore, odd: str) -> None:
        store = open_store(World(documents={"odd.txt": odd}).tables())

        assert store.rows("text_units", np.array([0]), ("text",)) == [{"text": odd}]
