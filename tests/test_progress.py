import itertools

from graphrag_engine.cli import progress
from graphrag_engine.results import Event, Usage

EVENTS = (
    Event(stage="sources", done=0, total=0),
    Event(stage="chunk", done=0, total=0),
    Event(stage="chunk", done=3, total=8),
    Event(stage="derived", done=0, total=0),
)


def told(capsys, monkeypatch, *, terminal, quiet=False):
    monkeypatch.setattr("sys.stderr.isatty", lambda: terminal, raising=False)
    monkeypatch.setenv("FORCE_COLOR", "1" if terminal else "")
    with progress.progress(quiet) as show:
        for event in EVENTS:
            show(event)
    return capsys.readouterr().err


def test_without_a_terminal_each_stage_is_one_line(capsys, monkeypatch):
    assert told(capsys, monkeypatch, terminal=False).splitlines() == ["sources ...", "chunk ...", "derived ..."]


def test_on_a_terminal_a_stage_whose_size_is_unknown_shows_no_number_of_another(capsys, monkeypatch):
    last = told(capsys, monkeypatch, terminal=True).rpartition("derived")[2]

    assert "0/?" in last
    assert "8" not in last.partition("0:00")[0].partition("0/?")[2]


def test_on_a_terminal_a_stage_tells_its_rate_and_the_time_left(capsys, monkeypatch):
    events = [Event(stage="sources", done=done, total=1000) for done in range(5)]
    monkeypatch.setattr("test_progress.EVENTS", events)
    clock = itertools.count()
    monkeypatch.setattr("rich.console.monotonic", lambda: float(next(clock)))

    said = told(capsys, monkeypatch, terminal=True)

    assert " kB a second" in said
    assert "left" in said


def test_quiet_tells_nothing(capsys, monkeypatch):
    assert told(capsys, monkeypatch, terminal=True, quiet=True) == ""


def test_without_a_terminal_a_long_stage_tells_rate_time_left_and_cost_once_a_minute(capsys):
    usage = Usage(requests=50, prompt_tokens=900, completion_tokens=100, cost_usd=0.25)

    assert lines(capsys, {0: 0, 20: 1, 30: 31, 61: 62, 90: 90}, total=662, usage=usage, retries=2) == [
        "extract ...",
        "extract 62 of 662, 1.5 a second, 7 min left  50 requests, 2 again, 1,000 tokens, $0.25",
    ]


def test_the_rate_is_that_of_the_last_minute_and_not_of_what_a_stage_prepares(capsys):
    assert lines(capsys, {0: 0, 600: 10, 610: 20, 670: 620, 700: 630, 730: 680}, total=1000)[1:] == [
        "extract 20 of 1,000, 1.0 a second, 16 min left",
        "extract 620 of 1,000, 10.0 a second, 1 min left",
        "extract 680 of 1,000, 1.0 a second, 5 min left",
    ]


def lines(capsys, done, **told):
    """What is told of a stage that has done so many rows at these seconds."""
    clock = iter(done)
    show = progress.Plain(lambda: float(next(clock)))
    for rows in done.values():
        show(Event(stage="extract", done=rows, **told))
    return capsys.readouterr().err.splitlines()
