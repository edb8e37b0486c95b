"""What is read from the headers and words of a refusal."""

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from graphrag_engine.llm.faults import clean, rate_limits, refusal, retry_after


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({}, None),
        ({"retry-after": "3"}, 3.0),
        ({"retry-after": "0.5"}, 0.5),
        ({"retry-after-ms": "250", "retry-after": "1"}, 0.25),
        ({"retry-after": "-3"}, 0.0),
        ({"retry-after": "soon"}, None),
    ],
)
def test_the_wait_that_is_asked_for(headers, seconds):
    assert retry_after(headers) == seconds


def test_the_wait_may_be_a_date():
    later = format_datetime(datetime.now(UTC) + timedelta(seconds=90), usegmt=True)

    assert 80 < retry_after({"retry-after": later}) <= 90


@pytest.mark.parametrize(
    ("said", "seconds"),
    [("20ms", 0.02), ("6m0s", 360.0), ("1h2m3.5s", 3723.5), ("7", 7.0), ("never", None), (None, None)],
)
def test_the_time_until_a_limit_is_reset(said, seconds):
    headers = {"x-ratelimit-remaining-tokens": "10"} | ({"x-ratelimit-reset-tokens": said} if said else {})

    assert rate_limits(headers).tokens_reset == seconds


def test_no_headers_mean_no_limits():
    assert rate_limits({"content-type": "application/json"}) is None
    assert rate_limits({"x-ratelimit-remaining-requests": "many"}).requests is None


@pytest.mark.parametrize(
    "told",
    ["Incorrect key: mykey", "Authorization: Bearer abc.def", "key sk-proj-12345", "Incorrect: sk-p********wxyz"],
)
def test_words_are_cleaned_of_keys(told):
    left = clean(told, "mykey")

    assert "***" in left
    assert not any(secret in left for secret in ("mykey", "abc", "12345", "wxyz"))


def test_words_are_one_short_line():
    assert clean("a\n b\t c", "") == "a b c"
    assert len(clean("x" * 5000, "")) < 300


@pytest.mark.parametrize(
    "body", [None, [], "<html>Bad gateway</html>", {"error": None}, {"error": "no"}, {"detail": "no"}]
)
def test_any_body_of_a_refusal_is_understood(body):
    assert refusal(502, body, {}, "key").status == 502


@pytest.mark.parametrize(
    ("status", "told", "large"),
    [
        (500, "input is too large to process. increase the physical batch size", True),
        (400, "This model's maximum context length is 8192 tokens", True),
        (413, "Request body exceeds the limit", True),
        (503, "maximum queue size reached, too many requests", False),
        (429, "Request too large for this minute", False),
        (500, "Internal error: maximum restarts of workers", False),
    ],
)
def test_a_busy_server_is_not_taken_for_one_that_finds_a_text_too_long(status, told, large):
    assert refusal(status, {"error": {"message": told}}, {}, "key").too_large == large


def test_a_page_for_browsers_is_not_repeated():
    assert refusal(502, "<html><body>Bad gateway</body></html>", {}, "key").told == ""
