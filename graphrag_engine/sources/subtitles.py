"""SubRip and WebVTT → what is said, one paragraph a speech; speakers and times in the metadata."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from graphrag_engine.sources.base import Extract

_TIME = r"(?:(\d{1,4}):)?([0-5]?\d):([0-5]?\d)[.,](\d{3})"
_TIMING = re.compile(rf"^[ \t]*{_TIME}[ \t]*-->[ \t]*{_TIME}[^\n]*$", re.MULTILINE)
_VOICE = re.compile(r"<v(?:\.[^\s>]*)?[ \t]+([^<>\n]{1,100})>")
_SPEAKER = re.compile(r"([^\W\d_a-z][^:\n<>.,!?]{0,39}):(?:\s+|$)")
_TURN = re.compile(r"\s*(?:>>|[-\u2013\u2014])\s*(?=\w)")
_MARKUP = re.compile(r"<[^<>\n]{0,200}>|\{\\[^{}\n]{0,200}\}")
_BLANK = re.compile(r"\n[ \t]*\n")
_ENDS = tuple(".?!\u2026\u3002\uff01\uff1f\"'\u201d\u300d")
_LONGEST = 600
"""Characters of a speech, from which on it ends with the next sentence that does."""
_MOST = 4 * _LONGEST
"""Characters of a speech, from which on it ends wherever it is."""
_PAUSE = 3000
"""Milliseconds without words that end a speech."""


class Cue(NamedTuple):
    """Words on the screen: from when to when, in milliseconds, whose, and what."""

    start: int
    end: int
    speaker: str
    text: str
    turns: bool
    """Whether a mark says that somebody else speaks."""


def read(text: str) -> Extract:
    """What is said; raises ValueError where there is no cue with words."""
    speeches = list(_speeches(cues(text.replace("\r\n", "\n").replace("\r", "\n"))))
    if not speeches:
        raise ValueError("has no cues with words")
    written, times, at = [], [], 0
    for speech in speeches:
        written.append(f"{speech.speaker}: {speech.text}" if speech.speaker else speech.text)
        times.append([at, clock(speech.start)])
        at += len(written[-1]) + 2
    speakers = list(dict.fromkeys(speech.speaker for speech in speeches if speech.speaker))
    ends = {"start": clock(speeches[0].start), "end": clock(max(speech.end for speech in speeches))}
    return Extract("\n\n".join(written), metadata={**ends, "speakers": speakers, "times": times})


def cues(text: str) -> Iterator[Cue]:
    """The cues of a file that have words, in order; a speaker is named by a voice tag or as `NAME:`."""
    found = list(_TIMING.finditer(text))
    for cue, after in zip(found, [*found[1:], None], strict=False):
        body = text[cue.end() + 1 : after.start() if after else len(text)]
        end = _BLANK.search(body)
        body = body[: end.start()] if end else body
        said = " ".join(_MARKUP.sub("", body).split())
        turn = _TURN.match(said)
        voice, named = _VOICE.search(body), _SPEAKER.match(said, turn.end() if turn else 0)
        speaker = voice[1] if voice else named[1] if named else ""
        said = said[named.end() if named and not voice else turn.end() if turn else 0 :]
        if any(map(str.isalnum, said)):
            start, stop = _milliseconds(*cue.groups()[:4]), _milliseconds(*cue.groups()[4:])
            yield Cue(start, stop, " ".join(speaker.split()), said, turn is not None)


def clock(milliseconds: int) -> str:
    """A time as `H:MM:SS`, hours in two digits."""
    seconds = milliseconds // 1000
    return f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}"


def _speeches(cues: Iterator[Cue]) -> Iterator[Cue]:
    """Cues that go on with one another, joined: a sentence often runs through several."""
    speech: Cue | None = None
    for cue in cues:
        if speech and _goes_on(speech, cue):
            speech = speech._replace(end=max(speech.end, cue.end), text=f"{speech.text} {cue.text}")
            continue
        if speech:
            yield speech
        speech = cue
    if speech:
        yield speech


def _goes_on(speech: Cue, cue: Cue) -> bool:
    """Whether a cue belongs to the speech before it."""
    if cue.turns or cue.speaker not in ("", speech.speaker) or len(speech.text) > _MOST:
        return False
    whole = speech.text.endswith(_ENDS)
    return not (whole and (cue.start - speech.end > _PAUSE or len(speech.text) > _LONGEST))


def _milliseconds(hours: str | None, minutes: str, seconds: str, rest: str) -> int:
    return ((int(hours or 0) * 60 + int(minutes)) * 60 + int(seconds)) * 1000 + int(rest)
