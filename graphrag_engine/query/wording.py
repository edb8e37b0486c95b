"""The words around an answer, in the language of its question."""

import re

from graphrag_engine.offline.languages import language
from graphrag_engine.offline.wording import ENGLISH, Wording
from graphrag_engine.offline.wordings import MODULES

_PARTS = re.compile(r"(?= and (?:ties|a chain|no chain)|; )")
_NUMBER = re.compile(r"\d+")
_OF_ANSWERS = {name: Wording(module.ANSWERS) for name, module in MODULES.items()}


def of(question: str) -> Wording:
    """The language in which a question is answered: its own, as far as there is a table."""
    return _OF_ANSWERS.get(language(question), ENGLISH)


def reason(say: Wording, why: str) -> str:
    """Why a mode was chosen, part by part."""
    parts = _PARTS.split(why)
    numbers = [_NUMBER.findall(part) for part in parts]
    return "".join(say.known(_NUMBER.sub("{}", part)).format(*told) for part, told in zip(parts, numbers, strict=True))
