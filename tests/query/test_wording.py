import ast
import re
from pathlib import Path

import pytest

from graphrag_engine.offline import reports, wording
from graphrag_engine.query import auto, write
from graphrag_engine.query.wording import KOREAN, of, reason

REPORT = wording.of_report("솔개항은 항구이다.")


def sentences(module):
    """The sentences that a module says, and the things that it counts."""
    for node in ast.walk(ast.parse(Path(module.__file__).read_text("utf-8"))):
        if isinstance(node, ast.Call) and ast.unparse(node.func) in ("say", "say.count"):
            text = node.args[1 if ast.unparse(node.func) == "say.count" else 0]
            if isinstance(text, ast.Constant):
                yield text.value if ast.unparse(node.func) == "say" else f"{{}} {text.value}"


@pytest.mark.parametrize(("module", "say"), [(write, KOREAN), (reports, REPORT)])
def test_every_sentence_has_its_korean(module, say):
    assert [each for each in sentences(module) if each not in say.table] == []


@pytest.mark.parametrize("say", [KOREAN, REPORT])
def test_a_translation_has_the_blanks_of_its_sentence(say):
    blanks = re.compile(r"\{[^}]*\}")

    assert [each for each, told in say.table.items() if blanks.findall(each) != blanks.findall(told)] == []


def test_every_reason_for_a_mode_has_its_korean():
    whys = re.findall(r'"(since [^"]*?|; no [^"]*)"', Path(auto.__file__).read_text("utf-8"))

    plain = [why for why in whys if "{" not in why]
    assert len(plain) >= 3
    for why in (
        *plain,
        "since no name is known and the question asks for the whole; no passage holds half of its words",
        "since 3 names are known and a chain of ties leads on",
        "as asked for",
    ):
        assert not re.search("[a-z]", reason(KOREAN, why)), why


def test_an_answer_is_worded_in_the_language_of_its_question():
    assert of("한도윤은 누구입니까?") is KOREAN
    assert of("Who was 한도윤 of the harbour?") is wording.ENGLISH
