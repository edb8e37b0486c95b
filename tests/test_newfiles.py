import pytest

from graphrag_engine.errors import StoreError
from graphrag_engine.newfiles import create


def test_what_is_not_there_is_written_and_named(tmp_path):
    (tmp_path / "a.txt").write_text("mine")

    written = create(tmp_path, {"a.txt": "theirs", "more/b.txt": "new"})

    assert written == (tmp_path / "more" / "b.txt",)
    assert (tmp_path / "a.txt").read_text() == "mine"
    assert written[0].read_text() == "new"


def test_where_all_is_there_already_nothing_changes_and_that_is_said(tmp_path):
    create(tmp_path, {"a.txt": "first"})

    with pytest.raises(StoreError, match=r"a\.txt.*already"):
        create(tmp_path, {"a.txt": "second"})

    assert (tmp_path / "a.txt").read_text() == "first"


def test_a_file_where_a_folder_belongs_is_one_sentence(tmp_path):
    (tmp_path / "more").write_text("")

    with pytest.raises(StoreError, match=r"Cannot write .*b\.txt"):
        create(tmp_path, {"more/b.txt": "x"})
