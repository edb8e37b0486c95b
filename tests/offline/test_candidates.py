"""Which names are looked at as one thing, and what is made of judgements that do not go together."""

import numpy as np
import pytest

from graphrag_engine.offline.candidates import candidates
from graphrag_engine.offline.judged import judged
from graphrag_engine.offline.lookalikes import told_apart
from graphrag_engine.offline.rulings import Resolution, undisputed
from graphrag_engine.offline.standing import Standing
from graphrag_engine.overrides import Name, Overrides
from graphrag_engine.schema import TABLES, empty


def named(*names, kind="person", units=("u",)):
    return [Standing(name, kind, (), None, frozenset(units)) for name in names]


def pairs(names, vectors=None):
    return {(names[each.left].name, names[each.right].name) for each in candidates(names, vectors or {})}


def sure(names, vectors):
    return [(names[each.left].name, names[each.right].name) for each in candidates(names, vectors) if each.sure]


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("Scrooge", "Ebenezer Scrooge"),
        ("Scrooge", "Mr. Scrooge"),
        ("Thackeray", "Thackwray"),
        ("SNPA", "Salt Ness Pilots Association"),
    ],
)
def test_names_near_by_letters_or_initials_are_looked_at_shorter_one_first(left, right):
    assert pairs(named(left, right, "Bob Cratchit")) == {(left, right)}
    assert pairs(named("Bob Cratchit", right, left)) == {(left, right)}


@pytest.mark.parametrize(
    ("left", "right"),
    [("North Quay", "South Quay"), ("Warehouse 4", "Warehouse 5"), ("Inquiry of 1902", "Inquiry of 1903")],
)
def test_names_that_differ_in_a_telling_word_are_never_looked_at(left, right):
    vectors = dict.fromkeys((left, right), np.ones(1, np.float32))

    assert told_apart(left, right)
    assert pairs(named(left, right), vectors) == set()


def test_a_telling_word_that_only_one_name_has_leaves_a_doubt():
    assert not told_apart("North Quay", "Quay")


def test_things_of_different_types_are_never_looked_at_and_unknown_types_always():
    assert pairs([*named("Ada Pell", kind="work"), *named("Mrs Ada Pell")]) == set()
    assert pairs([*named("Ada Pell", kind="name"), *named("Mrs Ada Pell")]) == {("Ada Pell", "Mrs Ada Pell")}


def test_names_without_a_letter_in_common_are_looked_at_where_vectors_are_near():
    vectors = {"Germany": np.array([1.0, 0.0]), "Allemagne": np.array([0.8, 0.6]), "Peru": np.array([0.0, -1.0])}

    assert pairs(named(*vectors, kind="place"), vectors) == {("Germany", "Allemagne")}


VALES = {name: np.array([1.0, 0.0]) for name in ("Lorne Line", "The Old Lorne Line")}
WREN = Standing("Wren", "person", (), None, frozenset(("u",)))


def test_very_near_names_of_one_type_and_context_are_sure():
    firms = [*named(*VALES, kind="organisation"), WREN]

    assert sure(firms, VALES) == [("Lorne Line", "The Old Lorne Line")]


def test_without_context_or_type_or_with_a_rival_nothing_is_sure():
    apart = named(*VALES, kind="organisation", units=("v",))
    unknown = [*named(*VALES, kind="name"), WREN]
    rival = {**VALES, "Lorne Line Club": np.array([1.0, 0.0])}

    assert sure(apart, VALES) == sure(unknown, VALES) == []
    assert sure([*named(*rival, kind="organisation"), WREN], rival) == []


def comparisons(*rows):
    columns = ("left", "right", "verdict")
    filled = [dict(zip(columns, row, strict=True), cause="model", confidence=0.7, batch="b") for row in rows]
    return empty("comparisons").from_pylist(filled, TABLES["comparisons"].schema)


def held(*rows, known=()):
    return [(row.left, row.right, row.verdict) for row in judged(comparisons(*rows), list(known), {})]


def test_a_name_taken_for_two_things_that_are_not_one_is_taken_for_neither():
    both = ("Vale", "Elias Vale", "same"), ("Vale", "Harriet Vale", "same")

    assert held(*both) == []
    assert held(*both, ("Elias Vale", "Harriet Vale", "same")) != []
    assert held(("Ann", "Annie", "same"), ("Ann", "Nan", "same"), ("Nan", "Annie", "different")) == [
        ("Nan", "Annie", "different")
    ]


def test_a_middle_form_may_join_a_short_and_a_full_name():
    both = ("Scrooge", "Mr. Scrooge", "same"), ("Scrooge", "Ebenezer Scrooge", "same")

    assert held(*both) == list(both)


def test_what_people_and_words_join_is_not_parted():
    known = [
        Resolution("A. Reed", "Anne Reed", "same", "override", 1.0),
        Resolution("Reed", "A. Reed", "same", "title", 1.0),
    ]

    assert held(("Reed", "Anne Reed", "different"), known=known) == []


def test_a_name_that_people_take_for_one_thing_no_model_takes_for_another():
    people = Overrides(same=((Name("Elias Vale"), Name("E. Vale")),))
    other, first = (Resolution(name, "Edward Vale", "same", "model", 0.7) for name in ("E. Vale", "Elias Vale"))

    assert list(undisputed([other, first], people)) == [first]
