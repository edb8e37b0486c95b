from graphrag_engine.cli import progress
from graphrag_engine.results import Event

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
