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


def test_quiet_tells_nothing(capsys, monkeypatch):
    assert told(capsys, monkeypatch, terminal=True, quiet=True) == ""


def test_without_a_terminal_a_long_stage_tells_rate_time_left_and_cost_once_a_minute(capsys):
    clock = iter([0.0, 30.0, 60.0, 90.0])
    show = progress.Plain(lambda: next(clock))
    usage = Usage(requests=50, prompt_tokens=900, completion_tokens=100, cost_usd=0.25)

    for done in (0, 30, 60, 90):
        show(Event(stage="extract", done=done, total=660, usage=usage, retries=2))

    assert capsys.readouterr().err.splitlines() == [
        "extract ...",
        "extract 60 of 660, 1.0 a second, 10 min left  50 requests, 2 again, 1,000 tokens, $0.25",
    ]
