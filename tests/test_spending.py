"""What a run would cost, what it did cost, and where it stops: with a model of our own that counts."""

import pytest

from graphrag_engine import Engine
from graphrag_engine.errors import ModelError
from graphrag_engine.llm.base import Reply
from graphrag_engine.llm.scripted import ScriptedModel

PRICED = "chat: {usd_per_million_in: 1000, usd_per_million_out: 1000}\n"
READ = (
    '{"entities": [{"name": "Otto Brandt", "type": "person", "description": "A captain."},'
    ' {"name": "Riga", "type": "place", "description": "A port."}],'
    ' "relationships": [{"source": "Otto Brandt", "target": "Riga", "type": "sailed to", "description": "He did.",'
    ' "strength": 5}], "claims": []}'
)


class Counted(ScriptedModel):
    """Says the same of each text, at so many tokens a call."""

    def __init__(self, fails=(), tokens=100):
        super().__init__(lambda _: READ)
        self.fails = fails
        self.tokens = tokens

    async def complete(self, request):
        reply = await super().complete(request)
        if any(word in request.messages[-1].content for word in self.fails):
            raise ModelError("It does not like this one.", attempts=3)
        return Reply(text=reply.text, prompt_tokens=self.tokens - 40, completion_tokens=40)


@pytest.fixture
def priced(root):
    root.mkdir()
    (root / "settings.yaml").write_text(PRICED)
    return root


@pytest.fixture
def pages(tmp_path):
    folder = tmp_path / "pages"
    folder.mkdir()
    for number in range(6):
        (folder / f"{number}.txt").write_text(f"Otto Brandt sailed to Riga in 19{number}0. He came back.")
    return folder


def test_an_index_tells_what_its_models_cost(priced, pages):
    report = Engine.open(priced, model=Counted()).index(pages)

    assert report.usage.requests == 6
    assert report.usage.cost_usd == pytest.approx(0.6)
    assert {stage.name: stage.requests for stage in report.stages}["extract"] == 6


def test_status_tells_what_all_runs_have_cost(priced, pages):
    Engine.open(priced, model=Counted()).index(pages)
    (pages / "0.txt").write_text("Otto Brandt sailed to Riga in 1950.")
    Engine.open(priced, model=Counted()).index()

    status = Engine.open(priced).status()

    assert status.usage.requests == 7
    assert status.usage_by_stage["extract"].cost_usd == pytest.approx(0.7)


def test_what_has_not_changed_is_not_asked_again(priced, pages):
    Engine.open(priced, model=Counted()).index(pages)
    model = Counted()

    (pages / "0.txt").write_text("Otto Brandt sailed to Riga in 1950.")
    Engine.open(priced, model=model).index()

    assert len(model.requests) == 1


def test_the_chat_model_is_remembered(priced, pages):
    Engine.open(priced, model=Counted()).index(pages)

    assert Engine.open(priced).status().model == "scripted"
    assert "offline" in {Engine.open(priced).index(model="offline").version: "offline"}[2]
    assert Engine.open(priced).status().model == "offline"


def test_a_dry_run_tells_the_price_and_leaves_out_what_is_kept(priced, pages):
    engine = Engine.open(priced, model=Counted())

    before = {stage.name: stage.usage for stage in engine.estimate(pages).stages}
    engine.index(pages)
    (pages / "0.txt").write_text("Otto Brandt sailed to Riga in 1950.")
    after = {stage.name: stage.usage for stage in engine.estimate().stages}

    assert before["extract"].requests >= 6
    assert before["extract"].cost_usd > 6 * after["extract"].cost_usd * 0.9 > 0
    assert engine.status().version == 1


def test_a_run_stops_before_its_limit_and_the_next_goes_on(priced, pages):
    (priced / "settings.yaml").write_text(PRICED.replace("chat: {", "chat: {max_tokens: 64, "))
    first = Counted(tokens=3000)
    stopped = Engine.open(priced, model=first).index(pages, max_cost=10.0)
    second = Counted()
    whole = Engine.open(priced, model=second).index(pages)

    assert stopped.stopped
    assert stopped.version == 0
    assert 0 < stopped.usage.cost_usd <= 10.0
    assert whole.version == 1
    assert len(first.requests) + len(second.requests) == 6


def test_what_failed_is_listed_and_tried_again_without_a_look_at_the_sources(priced, pages):
    report = Engine.open(priced, model=Counted(fails=["1930"])).index(pages)
    (failure,) = report.failed
    assert (failure.stage, failure.attempts) == ("extract", 3)
    (pages / "0.txt").unlink()

    model = Counted()
    again = Engine.open(priced, model=model).index(retry_failed=True)

    assert again.failed == ()
    assert again.documents.total == 6
    assert len(model.requests) == 1


def test_settings_that_name_another_model_than_the_index_keeps_are_told(priced, pages):
    Engine.open(priced, model=Counted()).index(pages)
    (priced / "settings.yaml").write_text(PRICED.replace("chat: {", "chat: {model: other, "))

    warnings = Engine.open(priced).status().warnings

    assert any("--model other changes it" in warning for warning in warnings)


def test_a_text_unit_that_a_model_reads_is_twice_as_long(priced, tmp_path):
    text = " ".join(f"Otto Brandt sailed to Riga in the year {1000 + n}." for n in range(150))
    (tmp_path / "long.txt").write_text(text)

    by_rules = Engine.open(tmp_path / "rules").index(tmp_path / "long.txt").tables["text_units"]
    by_model = Engine.open(priced, model=Counted()).index(tmp_path / "long.txt").tables["text_units"]

    assert by_model < by_rules


def test_another_model_says_first_what_it_will_cost(priced, pages):
    Engine.open(priced).index(pages)
    events = []

    Engine.open(priced, model=Counted(), on_event=events.append).index()

    (told,) = [event.told for event in events if event.told]
    assert told.startswith("The models change from 'offline' and 'hashing' to 'scripted' and 'hashing': about ")
