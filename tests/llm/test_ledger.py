import asyncio

import pytest
from stubs import REPLY, Lengths, Stub, ask
from virtual_time import run

from graphrag_engine.costs import Price
from graphrag_engine.errors import CostReached, ModelError
from graphrag_engine.llm.base import Reply, Texts, TryAgain
from graphrag_engine.llm.ledger import Budget, Ledger, Line, Metered, MeteredEmbeddings

PRICE = Price(1.0, 10.0)
COST = (100 * 1.0 + 10 * 10.0) / 1e6
"""Of the stub's reply."""


def metered(model, allowed=None, price=PRICE, max_tokens=10):
    return Metered(model, Ledger(), Budget(allowed), price, max_tokens)


def counts(model):
    return model._meter.ledger


async def many(model, number):
    """The replies and errors of so many calls at once, of 100 tokens at most."""
    return await asyncio.gather(*[model.complete(ask("x" * 84)) for _ in range(number)], return_exceptions=True)


def test_calls_are_counted_by_stage_and_model():
    model = metered(Stub())

    run(model.complete(ask(task="extract:u1")))
    run(model.complete(ask(task="extract:u2")))
    run(model.complete(ask(task="report:c1")))

    assert counts(model).stage("extract") == Line(requests=2, prompt_tokens=200, completion_tokens=20, cost=2 * COST)
    assert counts(model).total().requests == 3
    assert set(counts(model).lines()) == {("extract", "stub"), ("report", "stub")}


def test_a_failed_call_is_a_request_without_tokens_and_a_cut_reply_is_paid():
    model = metered(Stub(ModelError("Too long."), TryAgain("Busy."), TryAgain("Cut.", reply=REPLY)))

    for _ in range(3):
        with pytest.raises(ModelError):
            run(model.complete(ask()))

    assert counts(model).total() == Line(requests=3, prompt_tokens=100, completion_tokens=10, cost=COST)


def test_estimated_tokens_and_an_unknown_price_are_marked():
    model = metered(Stub(Reply(text="yes", prompt_tokens=5, estimated=True)), price=None)

    run(model.complete(ask()))

    assert counts(model).total() == Line(requests=1, prompt_tokens=5, estimated=True, unpriced=True)


def test_vectors_are_counted_and_priced():
    model = MeteredEmbeddings(Lengths(), Ledger(), Budget(), Price(0.02, 0.0))

    run(model.embed(Texts(texts=("a", "b"), task="vectorize:1")))

    assert counts(model).stage("vectorize") == Line(requests=1, prompt_tokens=20, cost=20 * 0.02 / 1e6)


def test_the_cost_allowed_is_never_passed_and_nearly_used():
    allowed = 50.5 * COST
    stub = Stub(seconds=1.0)
    model = metered(stub, allowed)

    found = run(many(model, 100))

    assert found.count(REPLY) == 50
    assert all(isinstance(error, CostReached) for error in found if error is not REPLY)
    assert counts(model).total().cost == pytest.approx(50 * COST)


def test_what_is_in_flight_counts_as_the_most_that_it_might_cost():
    stub = Stub(seconds=1.0)

    run(many(metered(stub, 100 * COST, max_tokens=490), 100))

    assert stub.starts.count(0) == stub.peak == 4


def test_a_request_without_a_cap_is_given_one_as_its_cost_had_no_limit():
    model = metered(Stub())

    run(model.complete(ask()))
    run(model.complete(ask(max_tokens=7)))

    assert [request.max_tokens for request in model.model.requests] == [10, 7]


def test_nothing_is_in_flight_when_the_cost_is_reached():
    async def reached():
        stub = Stub(seconds=1.0)
        model = metered(stub, 5.5 * COST)
        calls = [asyncio.create_task(model.complete(ask())) for _ in range(10)]
        await asyncio.wait(calls, return_when=asyncio.FIRST_EXCEPTION)
        return stub.running

    assert run(reached()) == 0


def test_a_failed_or_cancelled_call_gives_back_what_was_set_aside():
    async def cancel():
        model = metered(Stub(TryAgain("Busy."), REPLY, seconds=1.0), 1.5 * COST)
        with pytest.raises(TryAgain):
            await model.complete(ask())
        call = asyncio.create_task(model.complete(ask()))
        await asyncio.sleep(0.5)
        call.cancel()
        await asyncio.wait([call])
        return await model.complete(ask())

    assert run(cancel()) == REPLY


def test_what_is_free_passes_any_limit():
    assert run(metered(Stub(), 0.0, price=None).complete(ask())) == REPLY


def test_the_text_of_the_error_says_what_was_spent():
    with pytest.raises(CostReached, match=r"\$0\.0000 of \$0\.0001"):
        run(metered(Stub(), 0.0001, max_tokens=1000).complete(ask()))


def test_a_ledger_comes_back_from_plain_values_and_adds_up():
    model = metered(Stub())
    run(model.complete(ask()))
    before = Ledger.from_dict(counts(model).to_dict())

    before.merge(counts(model))

    assert before.total() == Line(requests=2, prompt_tokens=200, completion_tokens=20, cost=2 * COST)
    assert list(before.to_dict()["extract"]["stub"]) == list(Line.__dataclass_fields__)


def test_every_count_of_a_line_adds_up():
    one = Line(requests=1, retries=2, cached=3, prompt_tokens=4, completion_tokens=5, cost=6.0, unpriced=True)

    assert one + one == Line(
        requests=2, retries=4, cached=6, prompt_tokens=8, completion_tokens=10, cost=12.0, unpriced=True
    )
    assert (Line(estimated=True) + one).estimated
