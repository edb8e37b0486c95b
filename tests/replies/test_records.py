import json

import pytest

from graphrag_engine.replies.records import SHAPE, records

ENTITY = {"name": "Gannet", "type": "ship", "description": 'A {steamer} [of] "Reed".'}
TIE = {"source": "Reed", "target": "Gannet", "type": "owned", "description": "", "strength": 3}
CLAIM = {"subject": "Gannet", "object": "", "type": "sank", "quote": "It sank."}
WHOLE = {"entities": [ENTITY, {"name": "Reed"}], "relationships": [TIE], "claims": [CLAIM]}


def test_a_reply_that_is_json_gives_all_its_records():
    found = records(json.dumps(WHOLE))

    assert (found.entities, found.relationships, found.claims) == tuple(WHOLE.values())
    assert (found.bad, found.readable) == (0, True)


def test_the_last_record_before_the_end_and_the_first_of_another_list_are_not_lost_or_glued_together():
    found = records(json.dumps(WHOLE) + "\n<|COMPLETE|>")

    assert (found.entities, found.relationships, found.claims) == tuple(WHOLE.values())


def test_one_bad_record_loses_no_other():
    rows = [ENTITY, 5, None, ["x"], "name", {"name": "Reed"}]

    found = records(json.dumps({"entities": rows, "relationships": "none", "claims": None}))

    assert [row["name"] for row in found.entities] == ["Gannet", "Reed"]
    assert found.bad == 5


@pytest.mark.parametrize("fault", ['{"name": "Re"ed"}', '{"name": "Reed", }', '{"name" "Reed"}', '{"name": "Reed"'])
def test_of_a_reply_with_one_broken_record_all_others_are_saved(fault):
    text = f'{{"entities": [{json.dumps(ENTITY)}, {fault}, {{"name": "Vale"}}], "claims": [{json.dumps(CLAIM)}]}}'

    found = records(text)

    assert [row["name"] for row in found.entities][:: len(found.entities) - 1] == ["Gannet", "Vale"]
    assert found.claims == [CLAIM]
    assert found.readable


def test_a_reply_cut_anywhere_keeps_every_record_that_is_whole():
    text = json.dumps(WHOLE)
    ends = [text.index(json.dumps(row)) + len(json.dumps(row)) for row in (ENTITY, WHOLE["entities"][1], TIE, CLAIM)]

    for at in range(len(text)):
        found = records(text[:at])
        kept = len(found.entities) + len(found.relationships) + len(found.claims)
        assert kept == sum(end <= at for end in ends), text[:at]
        assert found.bad <= 1


def test_what_looks_like_a_record_inside_a_text_is_none():
    inner = {"name": "Gannet", "description": json.dumps({"name": "Hidden"}) + '], "claims": ['}

    broken = json.dumps({"entities": [inner]})[:-2]

    assert records(broken).entities == [inner]


def test_characters_that_json_forbids_cost_nothing_but_themselves():
    found = records('{"entities": [{"name": "Gan\\ud800net", "description": "two\nlines\x00"}]}')

    assert len(found.entities) == 1
    assert found.bad == 0


@pytest.mark.parametrize(
    "text", ["", "null", "[]", "5", '"x"', "{}", '{"answer": []}', "Sorry.", "[" * 10_000, "{" * 10]
)
def test_a_reply_to_something_else_cannot_be_read(text):
    found = records(text)

    assert (found.readable, found.bad) == (False, 1)


def test_a_reply_that_names_nothing_can_be_read():
    assert records('{"entities": [], "relationships": [], "claims": []}').readable


def test_the_shape_asks_for_all_fields_and_for_nothing_that_servers_differ_on():
    def walk(schema):
        assert schema.keys() <= {"type", "properties", "required", "additionalProperties", "items", "enum"}
        assert isinstance(schema["type"], str)
        if schema["type"] == "object":
            assert schema["required"] == list(schema["properties"])
        for inner in (*schema.get("properties", {}).values(), *([schema["items"]] if "items" in schema else [])):
            walk(inner)

    walk(SHAPE.schema)
    assert list(SHAPE.schema["properties"]) == ["entities", "relationships", "claims"]
