"""Words of scripts without capitals, and what follows them: a noun recurs before different particles.

Korean words are cut by their particles, Japanese runs of Han and katakana end at the kana behind them, Chinese runs
at a short list of function words. No dictionary.
"""

import re
from collections.abc import Iterator

from graphrag_engine.offline.korean.particles import cut
from graphrag_engine.offline.scripts import SYLLABLES, script

_HANGUL = re.compile(f"[{SYLLABLES}]{{2,16}}")
KANA = re.compile("[\u3041-\u3096]")
"""Hiragana, which tells Japanese from Chinese."""
_JAPANESE = re.compile(
    "([\u3005\u4e00-\u9fff\u30a1-\u30fa\u30fc]{2,12})([\u306f\u304c\u3092\u306b\u306e\u3067\u3068\u3082\u3078\u3084]|\u304b\u3089|\u307e\u3067|[\u3001\u3002])"
)
_HAN = re.compile("[\u3005\u4e00-\u9fff]+")
_FUNCTION = re.compile(
    "[\u7684\u4e86\u662f\u5728\u548c\u4e0e\u8207\u4e8e\u65bc\u4e3a\u70ba\u88ab\u628a\u5c06\u5c07\u5bf9\u5c0d\u800c\u6216\u4e5f\u90fd\u5c31\u8fd9\u9019"
    "\u90a3\u4ed6\u5979\u5b83\u4eec\u5011\u6211\u4f60\u5176\u5e76\u7531\u5411\u7ed9\u7d66\u8ba9\u8b93\u66fe\u5df2\u53ca\u5230\u4ece\u5f9e\u5e74\u6708\u65e5\u8bf4\u8aaa\u6709\u4e0d\u540e\u5f8c]"
)
_NOUN = range(2, 9)
"""Characters of a Chinese noun."""


def uses(text: str) -> Iterator[tuple[str, str]]:
    """Each noun that a text may hold, and what follows it there; nothing where capitals tell names."""
    kind = script(text)
    if kind == "korean":
        for word in _HANGUL.findall(text):
            parted = cut(word)
            if parted and len(parted.stem) > 1:
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
