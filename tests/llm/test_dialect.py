"""How a server is asked, and what is learned from what it refuses."""

import pytest

from graphrag_engine.llm.base import Message, Request, Shape
from graphrag_engine.llm.dialect import LADDER, Dialect
from graphrag_engine.settings import Sampling

CLOSED = {
    "type": "object",
    "properties": {
        "rows": {"type": "array", "items": {"type": "object", "properties": {}, "additionalProperties": False}}
    },
    "required": ["rows"],
    "additionalProperties": False,
}
ASKED = Request(
    messages=(Message("system", "Read."), Message("user", "A ship.")), shape=Shape("read", CLOSED), max_tokens=9
)


def dialect(**sampling):
    return Dialect("reader", Sampling(**sampling), "max_tokens")


@pytest.mark.parametrize(
    "complaint",
    [
        "Invalid parameter: 'response_format' of type 'json_schema' is not supported with this model.",
        "'response_format.type' must be 'text'",
        "failed to parse grammar",
        "guided_json is not supported by this backend",
    ],
)
def test_a_refused_format_leads_one_step_down(complaint):
    spoken = dialect()

    assert spoken.learn(spoken.body(ASKED), complaint)
    assert LADDER[spoken.rung] == "json_object"
    assert spoken.learn(spoken.body(ASKED), complaint)
    assert LADDER[spoken.rung] == "prompt"
    assert not spoken.learn(spoken.body(ASKED), complaint)


def test_many_refusals_of_one_format_lead_one_step_down():
    spoken = dialect()
    sent = spoken.body(ASKED)

    assert spoken.learn(sent, "response_format")
    assert spoken.learn(sent, "response_format")
    assert LADDER[spoken.rung] == "json_object"


def test_other_complaints_teach_nothing():
    spoken = dialect()

    assert not spoken.learn(spoken.body(ASKED), "messages must not be empty")
    assert spoken.rung == 0


def test_the_cap_changes_its_name_once():
    spoken = dialect()
    sent = spoken.body(ASKED)

    assert spoken.learn(sent, "Unsupported parameter: 'max_tokens'. Use 'max_completion_tokens' instead.")
    assert spoken.learn(sent, "Unsupported parameter: 'max_tokens'. Use 'max_completion_tokens' instead.")
    assert spoken.body(ASKED)["max_completion_tokens"] == 9
    assert not spoken.learn(spoken.body(ASKED), "max_completion_tokens is too large: 9")


def test_a_cap_that_is_too_high_keeps_its_name():
    spoken = dialect()
    told = "'max_tokens' or 'max_completion_tokens' is too large: 9. This model's maximum context length is 8 tokens."

    assert not spoken.learn(spoken.body(ASKED), told)
    assert spoken.body(ASKED)["max_tokens"] == 9


@pytest.mark.parametrize("name", ["temperature", "top_p", "seed"])
def test_a_refused_parameter_is_left_out_from_then_on(name):
    spoken = dialect()

    assert spoken.learn(spoken.body(ASKED), f"Unsupported value: '{name}' does not support 0 with this model.")
    assert name not in spoken.body(ASKED)
    assert not spoken.learn(spoken.body(ASKED), f"Unsupported value: '{name}'")


def test_an_unset_seed_is_not_sent():
    assert "seed" not in dialect(seed=None).body(ASKED)


def test_only_a_closed_schema_is_asked_for_strictly():
    open_ = Request(messages=ASKED.messages, shape=Shape("read", {**CLOSED, "required": []}))

    assert dialect().body(ASKED)["response_format"]["json_schema"]["strict"] is True
    assert "strict" not in dialect().body(open_)["response_format"]["json_schema"]


def test_below_the_schema_the_json_is_shown_at_the_end_of_the_instructions():
    fields = {
        "name": {"type": "string"},
        "status": {"enum": ["TRUE", "FALSE"]},
        "same": {"type": ["boolean", "null"]},
        "strength": {"type": "integer", "minimum": 1, "maximum": 10},
        "rows": {"type": "array", "items": {"type": "number"}},
    }
    asked = Request(messages=ASKED.messages, shape=Shape("read", {"type": "object", "properties": fields}))
    spoken = dialect()
    spoken.rung = 1
    body = spoken.body(asked)

    assert body["response_format"] == {"type": "json_object"}
    assert body["messages"][0]["content"].startswith("Read.\n\n")
    assert body["messages"][0]["content"].endswith(
        '{"name": "...", "status": "TRUE|FALSE", "same": true|false, "strength": 1-10, "rows": [0, ...]}'
    )
    assert body["messages"][1:] == [{"role": "user", "content": "A ship."}]


def test_plain_text_is_asked_for_without_a_format():
    asked = Request(messages=ASKED.messages)

    assert set(dialect().body(asked)) == {"model", "messages", "temperature", "top_p", "seed"}
