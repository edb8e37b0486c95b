"""Columns of sentences by whom they tell of: grouped, hashed and described."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from graphrag_engine.offline import subjects as module
from graphrag_engine.offline.descriptions import Said
from graphrag_engine.offline.subjects import Groups, Sentences, Subjects
from graphrag_engine.schema import STRINGS

PILOT, SMITH, JUDGE = Said("u", "Ann is a pilot."), Said("v", "Ann is a smith."), Said("w", "Ann was a judge.")


def sentences(told: Sequence[Said]) -> Sentences:
    units, texts = (pa.array([each[at] for each in told], pa.string()) for at in (0, 1))
    return Sentences(units, texts)


def subjects(owners: Sequence[int], told: Sequence[Said], **given: Any) -> Subjects:
    """Entities, each with a letter for its id, of which these sentences tell."""
    n = max([*owners, 0]) + 1
    things = pa.table(
        {
            "id": [chr(ord("a") + row) for row in range(n)],
            "name": [given.pop("name", "Ann")] * n,
            "aliases": pa.array([given.pop("aliases", [])] * n, STRINGS),
            "note": pa.array([given.pop("note", None)] * n, pa.string()),
        }
    )
    said = sentences(told)
    groups = Groups.of(np.array(owners, np.int64), said) if told else Groups.silent(np.array(owners))
    return Subjects(given.pop("kind", "entity"), things, groups, said, **given)


def of_one(*told: Said, **given: Any) -> str:
    """What the description of one entity is made from."""
    ((_, made_from),) = subjects([0] * max(len(told), 1), told, **given).fingerprints()
    return made_from


def grouped(found: Groups, said: Sentences) -> dict[int, list[Said]]:
    lists = np.split(found.rows, found.starts[1:-1]) if len(found.owners) else []
    return {owner: said.take(rows).said() for owner, rows in zip(found.owners.tolist(), lists, strict=True)}


def plainly_grouped(owners: Sequence[int], told: Sequence[Said]) -> dict[int, list[Said]]:
    found: dict[int, list[Said]] = {}
    for at, owner in enumerate(owners):
        if owner >= 0 and (said := told[at % len(told)]) not in found.setdefault(owner, []):
            found[owner].append(said)
    return found


SAID = st.builds(Said, st.sampled_from("uv"), st.sampled_from(["one", "two", "three"]))


@given(st.data(), st.lists(SAID, min_size=1, max_size=12), st.integers(1, 2), st.sampled_from([1, 3, 1 << 16]))
def test_each_owner_has_its_sentences_once_in_their_order(
    data: st.DataObject, told: list[Said], times: int, block: int
):
    n = len(told) * times
    owners = data.draw(st.lists(st.integers(-1, 3), min_size=n, max_size=n))

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "_BLOCK", block)
        found = Groups.of(np.array(owners, np.int64), sentences(told))

    assert grouped(found, sentences(told)) == plainly_grouped(owners, told)


def others() -> Iterator[tuple[str, str]]:
    """What the same is made from with something else in one place."""
    disputed = {"disputed": {0: [SMITH]}}
    yield "another sentence", of_one(PILOT, JUDGE)
    yield "another order", of_one(SMITH, PILOT)
    yield "another text unit", of_one(PILOT, SMITH._replace(unit="w"))
    yield "one sentence less", of_one(PILOT)
    yield "one sentence more", of_one(PILOT, SMITH, JUDGE)
    yield "an empty sentence more", of_one(PILOT, SMITH, Said("", ""))
    yield "ends of units moved", of_one(Said("uA", "nn is a pilot."), SMITH)
    yield "the whole in one sentence", of_one(Said("u", f"{PILOT.text}v{SMITH.text}"))
    yield "another name", of_one(PILOT, SMITH, name="Anna")
    yield "an alias", of_one(PILOT, SMITH, aliases=["A."])
    yield "an empty alias", of_one(PILOT, SMITH, aliases=[""])
    yield "two aliases", of_one(PILOT, SMITH, aliases=["A.", "B."])
    yield "their order", of_one(PILOT, SMITH, aliases=["B.", "A."])
    yield "both in one", of_one(PILOT, SMITH, aliases=["A.B."])
    yield "a definition", of_one(PILOT, SMITH, defining=True)
    yield "a relationship", of_one(PILOT, SMITH, kind="relationship")
    yield "a dispute", of_one(PILOT, SMITH, **disputed)
    yield "another dispute", of_one(PILOT, SMITH, disputed={0: [JUDGE]})
    yield "a note", of_one(noted=True, note="Ann.")
    yield "another note", of_one(noted=True, note="Anna.")
    yield "an empty note", of_one(noted=True, note="")
    yield "a relationship's note", of_one(noted=True, note="Ann.", kind="relationship")


def test_whatever_a_description_is_made_from_changes_its_fingerprint():
    found = {"as it is": of_one(PILOT, SMITH), **dict(others())}

    assert len(set(found.values())) == len(found)
    assert {len(made_from) for made_from in found.values()} == {16}


def test_what_a_sentence_holds_is_never_taken_for_the_end_of_it():
    marks = ["\x00", "\x1e", "\x1f", "\n", '","', "\xff", "\xfe", "\U0010ffff"]

    for mark in marks:
        whole, halves = of_one(Said("u", f"one{mark}two")), of_one(Said("u", "one"), Said("two", ""))
        assert len({whole, halves, of_one(Said(f"u{mark}one", "two")), of_one(Said("u", f"one{mark}"))}) == 4


def test_a_fingerprint_is_the_same_alone_and_among_others(monkeypatch):
    monkeypatch.setattr(module, "_BIT", 2)
    told = [PILOT, PILOT, SMITH, JUDGE, PILOT]
    some = subjects([1, 1, 1, 3, 4], told, disputed={4: [JUDGE]})

    found = dict(some.fingerprints())

    assert found == {"b": of_one(PILOT, SMITH), "d": of_one(JUDGE), "e": of_one(PILOT, disputed={0: [JUDGE]})}
    assert dict(some.among(pa.array(["d", "x"])).fingerprints()) == {"d": found["d"]}


@given(
    st.lists(st.tuples(st.integers(0, 4), SAID), min_size=1, max_size=12),
    st.booleans(),
    st.sampled_from([{}, {1: [Said("w", "four")]}]),
)
def test_rows_are_those_of_the_objects(told: list[tuple[int, Said]], defining: bool, disputed: dict[int, list[Said]]):
    some = subjects([owner for owner, _ in told], [said for _, said in told], defining=defining, disputed=disputed)

    assert some.rows() == [each.described() for each in some.objects()]


def test_one_sentence_in_several_text_units_is_quoted_from_the_first_by_id():
    ((row,)) = subjects([0, 0, 0], [PILOT._replace(unit=unit) for unit in "vux"]).rows()

    assert row == {"id": "a", "kind": "entity", "n_sources": 3, "text": PILOT.text, "text_unit_ids": ("u",)}


def test_no_text_has_more_tokens_than_its_size():
    some = subjects([0, 0, 2], [PILOT, SMITH, Said("u", "배가 떠났다.")])

    assert some.sizes().tolist() == [30, 17]
    assert replace(some, disputed={2: [JUDGE]}).sizes()[1] > 1e9
