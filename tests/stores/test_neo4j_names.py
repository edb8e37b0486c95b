"""Names of an index as names in a graph database: nothing of them can end a statement or look like another."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graphrag_engine.errors import ServerError, UsageError
from graphrag_engine.stores import neo4j_names as names


@pytest.mark.parametrize(
    ("kind", "label"),
    [
        ("person", "Person"),
        ("steam ship", "SteamShip"),
        ("ORGANIZATION", "Organization"),
        ("UN agency", "UNAgency"),
        ("__Entity__", "Entity"),
        ("회사", "Type회사"),
        ("3d model", "Type3dModel"),
        ("document", "TypeDocument"),
        ("élan", "TypeÉlan"),
        ("", "Untyped"),
        ("🚢", "Untyped"),
        ("per\u200bson\u202e", "Person"),
        ("a`b\\u0060c", "ABU0060c"),
    ],
)
def test_a_type_becomes_a_label_in_pascal_case_with_a_latin_initial(kind, label):
    assert names.label(kind) == label


@pytest.mark.parametrize(
    ("kind", "name"),
    [
        ("built by", "BUILT_BY"),
        ("BUILT_BY", "BUILT_BY"),
        ("part of", "IS_PART_OF"),
        ("__about__", "IS_ABOUT"),
        ("설립", "설립"),
        ("", "RELATED_TO"),
        ("→", "RELATED_TO"),
    ],
)
def test_a_predicate_becomes_a_type_in_upper_snake_that_no_other_tie_has(kind, name):
    assert names.relationship_type(kind) == name


@given(st.text())
def test_whatever_the_text_labels_and_types_are_letters_digits_and_lines_of_some_length(text):
    for name in (names.label(text), names.relationship_type(text)):
        assert re.fullmatch(r"[^\W_]\w{0,66}", name.encode("utf-8").decode()) or names.relationship_type(text) == name
        assert not name.startswith("__")
        assert not name.endswith("__")
        assert not set(name) & set("`\\'\"\0\n ")


def test_quoting_leaves_no_backtick_and_no_escape_that_becomes_one():
    assert names.quoted("a`b\\u0060c\\") == "`a``b\\u005cu0060c\\u005c`"


@pytest.mark.parametrize("name", ["", " ", "a\0b", "a\nb", "\u202eab", "a\u200bb", "\udce4", "x" * 65])
def test_a_workspace_whose_name_cannot_be_seen_or_is_too_long_is_refused(name):
    with pytest.raises(UsageError, match="workspace"):
        names.workspace(name)


def test_workspaces_are_named_alike_however_their_letters_are_written():
    assert names.workspace("Cafe\u0301") == names.workspace("Café") == "Café"


def test_each_workspace_has_indexes_and_a_scope_of_its_own():
    assert names.suffix("default") == ""
    assert re.fullmatch("_[0-9a-f]{16}", names.suffix("a`b"))
    assert names.scope("a") != names.scope("b")
    assert re.fullmatch("scope[0-9]+", names.scope("default"))


def test_a_long_name_is_shown_short_and_in_one_line():
    assert names.shortened("a\nb  c") == "a b c"
    assert len(names.shortened("x" * 65_000)) == 200


@pytest.mark.parametrize("value", ["", "x" * 1001])
def test_an_id_that_the_server_could_not_index_is_refused(value):
    with pytest.raises(ServerError, match="cannot be published"):
        names.checked_id(value)
