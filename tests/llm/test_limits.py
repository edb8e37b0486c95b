import asyncio

import pytest
from stubs import REPLY, Stub, ask
from virtual_time import now, run

from graphrag_engine.errors import ModelError
from graphrag_engine.llm.base import RateLimits, Reply, TryAgain
from graphrag_engine.llm.limits import Limited, Limiter, Window

CROWDED = TryAgain("Too many requests.", crowded=True)
TOKENS = 100
"""Most tokens of a reply, here."""


def limiter(begin=8, most=32, rpm=None, tpm=None, patience=300.0):
    return Limiter(begin=begin, most=most, rpm=rpm, tpm=tpm, patience=patience)


def limited(stub, gate):
    return Limited(stub, gate, TOKENS)


async def all_of(model, number):
    """The replies and errors of so many calls at once, and when the last one came."""
    found = await asyncio.gather(*[model.complete(ask()) for _ in range(number)], return_exceptions=True)
    return found, now()


def test_calls_at_once_are_doubled_while_all_goes_well():
    stub, gate = Stub(seconds=1.0), limiter()

    run(all_of(limited(stub, gate), 8 + 16 + 32 + 32))

    assert [stub.starts.count(second) for second in range(4)] == [8, 16, 32, 32]
    assert (stub.peak, gate.running) == (32, 0)


def test_a_crowded_server_is_asked_half_as_much_once_for_all_calls_of_a_round():
    stub, gate = Stub(*[CROWDED] * 16, seconds=1.0), limiter(begin=16)

    run(all_of(limited(stub, gate), 16))

    assert gate.width == 8


def test_after_a_crowd_calls_at_once_are_doubled_again():
    stub, gate = Stub(CROWDED, REPLY, seconds=1.0), limiter(begin=32)

    run(all_of(limited(stub, gate), 1))
    assert gate.width == 16
    run(all_of(limited(stub, gate), 16))
    assert gate.width == 32


class Narrow(Stub):
    """Refuses more than so many calls at once."""

    def __init__(self, most):
        super().__init__(seconds=1.0)
        self.most = most

    async def complete(self, request):
        self.answers = [REPLY if self.running < self.most else CROWDED]
        return await super().complete(request)


@pytest.mark.parametrize("most", [1, 2, 8])
def test_a_server_that_takes_few_calls_at_once_refuses_few_and_is_kept_busy(most):
    narrow, gate = Narrow(most), limiter(begin=8)

    found, seconds = run(all_of(limited(narrow, gate), 400))

    assert found.count(REPLY) >= 0.8 * 400
    assert seconds <= 2 * 400 / most


def test_there_is_always_one_call_left():
    gate = limiter(begin=2)

    for _ in range(5):
        run(all_of(limited(Stub(CROWDED, seconds=1.0), gate), 1))

    assert gate.width == 1


@pytest.mark.parametrize("error", [ModelError("Too long."), CROWDED, ValueError("a bug")])
def test_a_refused_call_gives_its_slot_back(error):
    gate = limiter(begin=1, most=1)

    found, _ = run(all_of(limited(Stub(error, REPLY), gate), 3))

    assert found == [error, REPLY, REPLY]
    assert gate.running == 0


def test_no_more_requests_than_allowed_in_any_minute():
    stub = Stub(seconds=0.5)

    run(all_of(limited(stub, limiter(most=100, rpm=10)), 35))

    for start in stub.starts:
        assert sum(start <= other < start + 60 for other in stub.starts) <= 10
    assert max(stub.starts) <= 181


def test_tokens_are_reserved_before_a_call_and_corrected_after_it():
    small = Reply(text="", prompt_tokens=1, completion_tokens=9)
    stub = Stub(small, seconds=1.0)

    run(all_of(limited(stub, limiter(begin=32, tpm=3 * (TOKENS + 10))), 20))

    assert stub.starts.count(0) == 3
    assert max(stub.starts) < 60


def test_no_more_tokens_than_allowed_in_any_minute():
    stub = Stub(Reply(text="", prompt_tokens=60, completion_tokens=40), seconds=1.0)

    run(all_of(limited(stub, limiter(tpm=500)), 20))

    for start in stub.starts:
        assert sum(100 for other in stub.starts if start <= other < start + 60) <= 500


def test_a_call_of_more_tokens_than_a_minute_has_is_made_alone():
    found, seconds = run(all_of(limited(Stub(Reply(text="", completion_tokens=99)), limiter(tpm=50)), 2))

    assert [reply.completion_tokens for reply in found] == [99, 99]
    assert seconds == pytest.approx(60)


def test_a_call_longer_than_a_minute_gives_back_nothing_that_was_over_before():
    window = Window(100)
    long = window.use(80, 0.0)
    assert window.wait(80, 61.0) == 0
    window.use(80, 61.0)

    window.correct(long, 0)

    assert window.wait(80, 62.0) == 59


def test_all_wait_when_the_server_asks_one_to():
    stub = Stub(TryAgain("Later.", after=20.0), REPLY)

    run(all_of(limited(stub, limiter(begin=1, most=4)), 5))

    assert stub.starts[0] == 0
    assert min(stub.starts[1:]) == 20


def test_nobody_waits_for_a_server_that_asks_for_longer_than_is_borne():
    _, seconds = run(all_of(limited(Stub(TryAgain("Tomorrow.", after=86_400.0)), limiter()), 50))

    assert seconds == 0


def test_what_the_server_says_is_left_is_not_exceeded():
    told = [RateLimits(requests=left, requests_reset=30.0) for left in (2, 1, 0)]
    stub = Stub(*[Reply(text="", limits=limits) for limits in told], Reply(text=""), seconds=0.1)

    run(all_of(limited(stub, limiter(begin=1, most=1)), 6))

    assert [start for start in stub.starts if start < 30] == pytest.approx([0, 0.1, 0.2])
    assert min(stub.starts[3:]) == pytest.approx(30.3)


def test_calls_since_the_server_counted_are_taken_from_what_it_said_is_left():
    three = RateLimits(tokens=3 * (TOKENS + 10), tokens_reset=30.0)
    stub = Stub(Reply(text="", limits=three), Reply(text=""), seconds=0.1)

    run(all_of(limited(stub, limiter(begin=2)), 9))

    assert sum(start < 30 for start in stub.starts) == 1 + 3


def test_a_server_that_is_silent_or_says_no_time_holds_nobody_up():
    silent = Reply(text="", limits=RateLimits(requests=0, tokens=0))

    assert run(all_of(limited(Stub(silent), limiter(begin=1)), 20)) == ([silent] * 20, 0)


def test_cancelled_calls_leave_nothing_behind():
    async def cancel():
        stub, gate = Stub(seconds=1.0), limiter(begin=2, most=2, tpm=400)
        calls = [asyncio.create_task(limited(stub, gate).complete(ask())) for _ in range(10)]
        await asyncio.sleep(0.5)
        for call in calls[:9]:
            call.cancel()
        await asyncio.wait(calls)
        return calls[9].result(), gate.running, len(stub.requests)

    assert run(cancel()) == (REPLY, 0, 3)


def test_a_call_cancelled_as_its_turn_comes_passes_it_on():
    async def cancel():
        gate = limiter(begin=1, most=1)
        model = limited(Stub(seconds=1.0), gate)

        async def first():
            await model.complete(ask())
            second.cancel()

        _, second, third = [
            asyncio.create_task(work) for work in (first(), model.complete(ask()), model.complete(ask()))
        ]
        await asyncio.wait([second, third])
        return second.cancelled(), third.result(), gate.running

    assert run(cancel()) == (True, REPLY, 0)


def test_a_cancelled_call_holds_up_nobody_behind_it():
    async def cancel():
        model = limited(Stub(Reply(text="", completion_tokens=150)), limiter(tpm=200))
        await model.complete(ask())
        large, small = [asyncio.create_task(model.complete(ask(max_tokens=tokens))) for tokens in (150, 20)]
        await asyncio.sleep(1.0)
        large.cancel()
        await small
        return now()

    assert run(cancel()) == 1.0


def test_waiting_neither_blocks_the_loop_nor_keeps_it_busy():
    async def beside():
        beats = 0
        calls = asyncio.create_task(all_of(limited(Stub(), limiter(rpm=1)), 5))
        while not calls.done():
            await asyncio.sleep(10)
            beats += 1
        return beats, asyncio.get_running_loop().looks

    beats, looks = run(beside())

    assert beats == 25
    assert looks < 100


def test_first_come_are_first_served():
    stub = Stub(seconds=1.0)

    async def number(model):
        await asyncio.gather(*[model.complete(ask(str(place))) for place in range(9)])

    run(number(limited(stub, limiter(begin=2, most=2))))

    assert [request.messages[0].content for request in stub.requests] == list("012345678")
