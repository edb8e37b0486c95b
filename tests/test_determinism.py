"""Equal input gives equal bytes: twice, elsewhere, in another order, after an update."""

import os
import shutil
import subprocess
import sys

import pytest

from graphrag_engine import Engine


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


def test_an_update_gives_the_bytes_of_a_rebuild(tmp_path, harbour, first):
    copy = tmp_path / "port"
    shutil.copytree(harbour, copy)
    (copy / "town-history.md").write_text("# Wendmouth\n\nNothing is known of Wendmouth. Elias Vale was born there.\n")
    (copy / "ships" / "ada-pell.md").unlink()
    (copy / "new.txt").write_text("The Otter\n\nThe Otter was a tug that Cornelius Stroud bought in 1899.\n")
    engine = Engine.open(tmp_path / "kb")
    engine.index(copy)

    shutil.rmtree(copy)
    shutil.copytree(harbour, copy)
    report = engine.index()

    rebuilt = {name for name in first if not name.startswith("failures")}
    kept = {f"{name}/{part}.parquet" for name, entry in engine._store.existing().tables.items() for part in entry.parts}
    assert report.version == 2
    assert rebuilt <= kept
