import pyarrow as pa
import pytest

from graphrag_engine.errors import DeletionRefused, NothingToIndex
from graphrag_engine.results import Changes
from graphrag_engine.updates import compare, guard


def documents(**contents):
    names = list(contents)
    return pa.table({"id": names, "source": names, "content_hash": list(contents.values())})


def test_documents_are_told_apart_by_id_and_content():
    update = compare(documents(a="1", b="2", c="3"), (), documents(a="1", b="x", d="4"))

    assert update.changes == Changes(added=1, changed=1, deleted=1, unchanged=1)
    assert update.fresh["id"].to_pylist() == ["b", "c"]
    assert update.kept.to_pylist() == []


def test_documents_that_are_all_new_are_not_copied():
    found = documents(a="1", b="2")

    assert compare(found, (), documents(c="3")).fresh is found


@pytest.mark.parametrize("unreadable", ["rows.jsonl", "in", "in/rows.jsonl#7"])
def test_documents_of_an_unreadable_source_stay(unreadable):
    source = {"rows.jsonl": "rows.jsonl#a#b"}.get(unreadable, "in/rows.jsonl#7")

    update = compare(documents(), {unreadable}, documents(**{source: "1", "instead.txt": "2"}))

    assert update.kept.to_pylist() == [source]
    assert update.changes == Changes(deleted=1, unchanged=1)


def test_all_documents_stay_while_something_unreadable_may_hide_any():
    update = compare(documents(), {""}, documents(**{"a.txt": "1", "in/b.txt": "2"}))

    assert update.changes == Changes(unchanged=2)


@pytest.mark.parametrize(
    ("deleted", "others", "refused"), [(3, 7, False), (4, 6, True), (9, 0, False), (4, 5, False), (40, 60, True)]
)
def test_more_than_three_tenths_of_ten_or_more_documents_do_not_leave_unasked(deleted, others, refused):
    changes = Changes(deleted=deleted, unchanged=others, added=1)

    if refused:
        with pytest.raises(DeletionRefused, match=f"{deleted} of {deleted + others}"):
            guard(changes, allow_deletes=False)
    guard(changes, allow_deletes=True)
    if not refused:
        guard(changes, allow_deletes=False)


@pytest.mark.parametrize(("deleted", "said"), [(0, "no readable document."), (5, "the 5 of the index")])
def test_no_document_at_all_is_an_error_even_where_deletes_are_allowed(deleted, said):
    with pytest.raises(NothingToIndex, match=said):
        guard(Changes(deleted=deleted), allow_deletes=True)
