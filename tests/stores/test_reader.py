"""The mapped store keeps the contract of all stores; what is its own is tested here."""

from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
from suite import WORLD, OpenStore, StoreSuite

from graphrag_engine.errors import StoreError
from graphrag_engine.stores import derived
from graphrag_engine.stores.reader import MappedStore, save


class TestMappedStore(StoreSuite):
    @pytest.fixture
    def open_store(self, tmp_path: Path) -> OpenStore:
        def make(tables: dict[str, pa.Table]) -> MappedStore:
            save(tmp_path, derived.build(tables))
            return MappedStore(tmp_path)

        return make


def test_columns_of_numbers_are_the_mapped_file_itself(tmp_path: Path) -> None:
    save(tmp_path, derived.build(WORLD.tables()))
    store = MappedStore(tmp_path)
    before = pa.total_allocated_bytes()

    lengths = store._column("text_units", "length")

    assert not lengths.flags.owndata
    assert pa.total_allocated_bytes() == before


def test_a_damaged_file_is_named_in_one_sentence(tmp_path: Path) -> None:
    save(tmp_path, derived.build(WORLD.tables()))
    (tmp_path / "names.arrow").write_bytes(b"broken")

    with pytest.raises(StoreError, match=r"names\.arrow"):
        MappedStore(tmp_path).names(["velm"])


def test_only_the_files_asked_for_are_opened(tmp_path: Path) -> None:
    save(tmp_path, derived.build(WORLD.tables()))
    (tmp_path / "claims.arrow").unlink()

    assert MappedStore(tmp_path).rows("entities", np.array([0]), ("type",))


def test_no_shared_test_is_overridden() -> None:
    shared = {name for name in vars(StoreSuite) if name.startswith("test_")}

    assert shared
    assert not shared & vars(TestMappedStore).keys()
