"""What every store must do for questions. A backend gives `open_store`; it may override nothing."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pyarrow as pa
import pytest
from world import World

from graphrag_engine.stores.base import Store

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

    def test_a_word_leads_to_the_names_that_hold_it(self, store: Store) -> None:
        old, none = store.words(["old", "new"])

        assert names_of(store, old) == ["Tern"]
        assert none.tolist() == []

    def test_postings_count_terms_and_rows(self, store: Store) -> None:
        postings = store.search("text_units", ["tern", "nothing", "velm"])

        assert postings.n_rows == 3
        assert postings.frequency.tolist() == [2, 0, 2]
        assert sorted(postings.count.tolist()) == [1, 1, 2, 3]

    def test_a_heading_is_searched_with_its_text(self, store: Store) -> None:
        assert store.search("text_units", ["gull"]).count.tolist() == [2]

    def test_reports_are_searched_by_their_own_words_and_not_by_the_frame_of_all(self, store: Store) -> None:
        assert store.search("reports", ["mourn", "frame"]).frequency.tolist() == [1, 0]

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

    def test_no_vector_is_nearest_where_there_is_none(self, store: Store) -> None:
        assert len(store.nearest("text_units", np.array([1.0], np.float32), 3)[0]) == 0

    def test_an_empty_index_answers_everything_with_nothing(self, open_store: OpenStore) -> None:
        store = open_store(World(documents={}).tables())
        none = np.empty(0, np.int64)

        assert store.count("entities") == 0
        assert len(store.names(["velm"]).entity) == 0
        assert store.search("text_units", ["velm"]).frequency.tolist() == [0]
        assert len(store.neighbours("mentions", none).far) == 0
        assert len(store.leading(0, 3)) == 0
        assert len(store.within({"source": "*"})) == 0
        assert store.keys() == []

    @pytest.mark.parametrize("odd", ['it\'s "quoted"', "$1 \\ %s", "\ud55c\uad6d\uc5b4 \U0001f6a2", "x" * 100_000])
    def test_odd_text_comes_back_as_it_was(self, open_store: OpenStore, odd: str) -> None:
        store = open_store(World(documents={"odd.txt": odd}).tables())

        assert store.rows("text_units", np.array([0]), ("text",)) == [{"text": odd}]
