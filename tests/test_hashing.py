import pytest

from graphrag_engine.hashing import canonical, digest, digest_bytes, digests, hashes

PINNED = "1e883c92da4558ce"


def test_hashes_are_pinned():
    assert digest("text_unit", "d1", 0, None, [1.5, {"b": 1, "a": "é"}]) == PINNED
    assert digest_bytes([b"a", b"bc"]) == digest_bytes([b"abc"])


@pytest.mark.parametrize(
    ("left", "right"),
    [(("a", "b"), ("ab",)), (("1",), (1,)), ((None,), ("null",)), ((["a"],), ("a",)), ((True,), (1,)), (("",), ())],
)
def test_different_content_hashes_differently(left, right):
    assert digest(*left) != digest(*right)


def test_the_order_of_keys_does_not_matter():
    assert digest({"a": 1, "b": 2}) == digest({"b": 2, "a": 1})


def test_only_plain_content_can_be_hashed():
    with pytest.raises(TypeError):
        digest({1, 2})


def test_odd_text_can_be_hashed():
    assert len(digest("\ud800 \0 \U0001f6a2")) == 16


def test_columns_are_hashed_as_their_rows_are():
    rows = [("a", None), ('"\\\n\x01\x7f', "é\ud800\u2028"), ("", "a,b")]

    assert digests("claim", *zip(*rows, strict=True)) == [digest("claim", *row) for row in rows]
    assert digests("claim", [], []) == []


def test_bytes_are_hashed_one_by_one():
    assert hashes([canonical(("a",)), b"", b"ab"])[0] == digest("a")
    assert len({*hashes([b"", b"ab", b"a", b"b"])}) == 4
