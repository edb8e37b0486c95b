import pytest
from stubs import REPLY, Lengths, Stub, ask
from virtual_time import now, run

from graphrag_engine.errors import ModelError, ModelRefused
from graphrag_engine.llm.base import Reply, Texts, TryAgain
from graphrag_engine.llm.ledger import Ledger
from graphrag_engine.llm.retries import Retrying, RetryingEmbeddings, Tries

BUSY = TryAgain("The server is busy.", crowded=True)


def retrying(model, attempts=6, patience=300.0, lot=1.0):
    return Retrying(model, Tries(attempts=attempts, patience=patience, lot=lambda: lot), Ledger())


def test_what_may_pass_is_asked_again_unchanged_and_counted():
    model = retrying(Stub(BUSY, BUSY, REPLY))

    assert run(model.complete(ask())) == REPLY
    assert model.model.requests == [ask()] * 3
    assert model.ledger.total().retries == 2


def test_waits_double_and_are_drawn_by_lot():
    for lot, starts in ((1.0, [0, 1, 3, 7, 15]), (0.5, [0, 0.5, 1.5, 3.5, 7.5]), (0.0, [0, 0, 0, 0, 0])):
        stub = Stub(BUSY, BUSY, BUSY, BUSY, REPLY)
        run(retrying(stub, lot=lot).complete(ask()))

        assert stub.starts == starts


def test_a_server_that_asks_to_wait_is_not_asked_before():
    stub = Stub(TryAgain("Later.", after=20.0), REPLY)

    run(retrying(stub, lot=0.0).complete(ask()))

    assert stub.starts == [0, 20]


def test_after_the_last_try_the_error_says_how_often_and_why():
    model = retrying(Stub(BUSY), attempts=3)

    with pytest.raises(ModelError, match=r"Tried 3 times.*The server is busy\.") as caught:
        run(model.complete(ask()))

    assert not isinstance(caught.value, TryAgain)
    assert caught.value.attempts == len(model.model.requests) == 3


def test_where_nothing_ever_answered_the_run_stops_after_the_last_try():
    silent = TryAgain("The server cannot be reached.", silent=True)
    model = retrying(Stub(silent), attempts=3)

    with pytest.raises(ModelRefused, match=r"cannot be reached\. Nothing has answered there yet"):
        run(model.complete(ask()))

    assert len(model.model.requests) == 3
    with pytest.raises(ModelError, match="Tried 2 times"):
        run(retrying(Stub(silent, BUSY), attempts=2).complete(ask()))


def test_no_try_begins_after_the_time_allowed():
    stub = Stub(BUSY, seconds=2.0)

    with pytest.raises(ModelError, match="Tried 3 times"):
        run(retrying(stub, patience=9.0).complete(ask()))

    assert stub.starts == [0, 3, 7]


def test_a_wait_longer_than_the_time_allowed_is_not_begun():
    async def seconds():
        with pytest.raises(ModelError, match="Tried once"):
            await retrying(Stub(TryAgain("Come back tomorrow.", after=86_400.0))).complete(ask())
        return now()

    assert run(seconds()) == 0


def test_the_last_broken_reply_is_better_than_none():
    first, last = Reply(text='{"entities": ['), Reply(text='{"entities": [{')
    broken = [TryAgain("Cut.", reply=first), TryAgain("Cut.", reply=last), BUSY]

    reply = run(retrying(Stub(*broken), attempts=3).complete(ask()))

    assert (reply.text, reply.broken) == (last.text, True)


@pytest.mark.parametrize("error", [ModelError("Too long."), ModelRefused("No such key.")])
def test_what_will_not_pass_is_asked_once(error):
    model = retrying(Stub(error))

    with pytest.raises(type(error)):
        run(model.complete(ask()))

    assert len(model.model.requests) == 1


def test_embeddings_are_asked_again_too():
    model = RetryingEmbeddings(Lengths(BUSY), Tries(attempts=2, patience=300.0), Ledger())

    with pytest.raises(ModelError, match="Tried 2 times"):
        run(model.embed(Texts(texts=("fault",), task="vectorize:1")))

    assert model.ledger.stage("vectorize").retries == 1
