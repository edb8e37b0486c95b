"""Equal input gives equal bytes: twice, elsewhere, in another order, after an update."""

import os
import shutil
import subprocess
import sys

import pytest

from graphrag_engine import Engine
from graphrag_engine.stores import parquet


def parts(root):
    """Every Parquet file of the version in force with its bytes, by table."""
    home = root / ".graphrag" / "tables"
    return {path.relative_to(home).as_posix(): path.read_bytes() for path in home.rglob("*.parquet")}


@pytest.fixture(scope="module")
def first(tmp_path_factory, harbour):
    root = tmp_path_factory.mktemp("first")
    Engine.open(root).index(harbour)
    return parts(root)


def test_twice_gives_equal_bytes(tmp_path, harbour, first):
    Engine.open(tmp_path).index(harbour)

    assert parts(tmp_path) == first


@pytest.mark.parametrize("seed", ["1", "2"])
def test_another_hash_seed_gives_equal_bytes(tmp_path, harbour, first, seed):
    code = "import sys; from graphrag_engine import Engine; Engine.open(sys.argv[1]).index(sys.argv[2])"
    environment = {**os.environ, "PYTHONHASHSEED": seed}

    subprocess.run([sys.executable, "-c", code, str(tmp_path), str(harbour)], check=True, env=environment)

    assert parts(tmp_path) == first


def test_another_folder_and_order_of_files_give_equal_bytes(tmp_path, harbour, first):
    copy = tmp_path / "elsewhere" / "port"
    for path in sorted((each for each in harbour.rglob("*") if each.is_file()), reverse=True):
        target = copy / path.relative_to(harbour)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(path, target)

    Engine.open(tmp_path / "kb").index(copy)

    assert parts(tmp_path / "kb") == first


FOLLOWS = ("communities", "reports", "vectors", "fingerprints")
"""Communities of an update are repaired, so they may differ from new ones, and so may what is made from them."""


def tables(engine):
    """The parts of all tables of the version in force that do not depend on the history of an index."""
    entries = engine._store.existing().tables
    return {name: entry.parts for name, entry in entries.items() if name not in FOLLOWS}


def check_communities(engine):
    """Each entity is in exactly one leaf, and the vectors are those of the text units and reports that there are."""
    communities = engine.table("communities").to_pylist()
    leaves = [member for row in communities if not row["children_ids"] for member in row["entity_ids"]]
    embedded = engine.table("text_units")["id"].to_pylist() + engine.table("reports")["id"].to_pylist()
    assert sorted(leaves) == engine.table("entities")["id"].to_pylist()
    assert {row["id"] for row in communities} >= set(engine.table("reports")["id"].to_pylist())
    assert engine.table("vectors")["id"].to_pylist() == sorted(embedded)


@pytest.mark.parametrize("rows_a_part", [200_000, 100])
def test_an_update_gives_the_bytes_of_a_rebuild_but_for_communities_and_what_follows(
    tmp_path, harbour, monkeypatch, rows_a_part
):
    monkeypatch.setattr(parquet, "_ROWS_A_PART", rows_a_part)
    copy = tmp_path / "port"
    shutil.copytree(harbour, copy)
    (copy / "town-history.md").write_text("# Wendmouth\n\nNothing is known of Wendmouth. Elias Vale was born there.\n")
    (copy / "ships" / "ada-pell.md").unlink()
    (copy / "new.txt").write_text("The Otter\n\nThe Otter was a tug that Cornelius Stroud bought in 1899.\n")
    engine, rebuilt = Engine.open(tmp_path / "kb"), Engine.open(tmp_path / "rebuilt")
    engine.index(copy)

    shutil.rmtree(copy)
    shutil.copytree(harbour, copy)
    report = engine.index()
    rebuilt.index(copy)

    assert report.version == 2
    assert tables(engine) == tables(rebuilt)
    check_communities(engine)


def test_one_more_sentence_leaves_nearly_all_communities_and_reports_as_they_are(tmp_path, harbour):
    copy = tmp_path / "port"
    shutil.copytree(harbour, copy)
    engine, rebuilt = Engine.open(tmp_path / "kb"), Engine.open(tmp_path / "rebuilt")
    engine.index(copy)
    before = {name: engine.table(name) for name in ("communities", "reports")}

    with (copy / "letters" / "greta-lindahl-1902.txt").open("a") as letter:
        letter.write("\nPeg Arkle met Elias Vale.\n")
    engine.index()
    rebuilt.index(copy)

    for name, old in before.items():
        ids = set(engine.table(name)["id"].to_pylist())
        assert len(ids - set(old["id"].to_pylist())) < 0.1 * len(ids)
    assert tables(engine) == tables(rebuilt)
    check_communities(engine)
