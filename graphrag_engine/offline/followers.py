"""Words of scripts without capitals, and what follows them: a noun recurs before different particles.

Korean words are cut by their particles, Japanese runs of Han and katakana end at the kana behind them, Chinese runs
at a short list of function words. No dictionary.
"""

import re
from collections.abc import Iterator

from graphrag_engine.offline.cues import words
from graphrag_engine.offline.korean.particles import cut
from graphrag_engine.offline.scripts import SYLLABLES, script

_POINTING = words(
    "자네 우리 너희 저희 당신 그녀 그들 자신 자기 이것 그것 저것 여기 거기 저기 이곳 그곳 무엇 누구 어디 언제 "
    "오늘 어제 내일 지금 이때 그때 다음 이후 이전 때문 정도 사이 가운데 경우 하나 모두 이번 지난 처음 마지막"
)
"""Words that point, or tell when, and name nothing."""
_HANGUL = re.compile(f"[{SYLLABLES}]{{2,16}}")
KANA = re.compile("[\u3041-\u3096]")
"""Hiragana, which tells Japanese from Chinese."""
_JAPANESE = re.compile(
    "([\u3005\u4e00-\u9fff\u30a1-\u30fa\u30fc]{2,12})([\u306f\u304c\u3092\u306b\u306e\u3067\u3068\u3082\u3078\u3084]|\u304b\u3089|\u307e\u3067|[\u3001\u3002])"
)
_HAN = re.compile("[\u3005\u4e00-\u9fff]+")
_FUNCTION = re.compile(
    "[的了是在和与與于於为為被把将將对對而或也都就这這那他她它们們我你其并由向给給让讓曾已及到从從年月日说說有不后後]"
)
_NOUN = range(2, 9)
"""Characters of a Chinese noun."""


def uses(text: str) -> Iterator[tuple[str, str]]:
    """Each noun that a text may hold, and what follows it there; nothing where capitals tell names."""
    kind = script(text)
    if kind == "korean":
        for word in _HANGUL.findall(text):
            parted = cut(word)
            if parted and len(parted.stem) > 1 and parted.stem not in _POINTING:
                yield parted
    elif kind == "ideographs":
        yield from _JAPANESE.findall(text) if KANA.search(text) else _chinese(text)


def _chinese(text: str) -> Iterator[tuple[str, str]]:
    for run in _HAN.finditer(text):
        start = run.start()
        for mark in _FUNCTION.finditer(text, *run.span()):
            if mark.start() - start in _NOUN:
                yield text[start : mark.start()], mark.group()
            start = mark.end()
        if run.end() - start in _NOUN:
            yield text[start : run.end()], text[run.end() : run.end() + 1].strip()
