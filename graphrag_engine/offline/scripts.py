"""In which script a text is written, as far as rules differ for it."""

import re
from typing import Literal

Script = Literal["korean", "ideographs", "letters"]
"""Hangul; kana and Han characters; all others, which are read by their capital letters."""

SYLLABLES = "\uac00-\ud7a3"
"""Hangul syllables, as a range for a character class."""
KANA = "\u3041-\u3096\u30a1-\u30fa\uff66-\uff9d"
"""Kana, which Japanese alone has, as ranges for a character class."""
IDEOGRAPHS = "\u3005\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uff66-\uff9d"
"""Kana and Han characters, as ranges for a character class."""
_HANGUL = re.compile(f"[{SYLLABLES}]")
_IDEOGRAPH = re.compile(f"[{IDEOGRAPHS}]")
_LETTER = re.compile(r"[^\W\d_]")
_SHARE = 0.3
"""Of all letters: one syllable or character says as much as two or three Latin letters."""


def script(text: str) -> Script:
    """The script of a text: Korean or of ideographs where 30 % of its letters are."""
    if text.isascii():
        return "letters"
    hangul, others = (len(each.findall(text)) for each in (_HANGUL, _IDEOGRAPH))
    if not hangul and not others:
        return "letters"
    least = _SHARE * len(_LETTER.findall(text))
    if hangul >= max(least, others):
        return "korean"
    return "ideographs" if others >= least else "letters"


def is_korean(text: str) -> bool:
    """Whether a text is written in Hangul."""
    return script(text) == "korean"
