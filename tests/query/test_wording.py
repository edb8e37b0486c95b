import ast
import re
from pathlib import Path

import pytest

from graphrag_engine.offline import reports
from graphrag_engine.offline.wording import ENGLISH, Wording, of_report
from graphrag_engine.offline.wordings import MODULES, korean
from graphrag_engine.query import auto, write
from graphrag_engine.query.wording import of, reason

TABLES = [(name, table) for name in MODULES for table in ("ANSWERS", "REPORTS")]


def sentences(module):
    """The sentences that a module says, and the things that it counts."""
    for node in ast.walk(ast.parse(Path(module.__file__).read_text("utf-8"))):
        if isinstance(node, ast.Call) and ast.unparse(node.func) in ("say", "say.count"):
            text = node.args[1 if ast.unparse(node.func) == "say.count" else 0]
            if isinstance(text, ast.Constant):
                yield text.value if ast.unparse(node.func) == "say" else f"{{}} {text.value}"


@pytest.mark.parametrize(("module", "table"), [(write, korean.ANSWERS), (reports, korean.REPORTS)])
def test_every_sentence_has_its_korean(module, table):
    assert [each for each in sentences(module) if each not in table] == []


@pytest.mark.parametrize(("language", "table"), TABLES)
def test_every_table_has_the_sentences_of_the_korean_one(language, table):
    assert getattr(MODULES[language], table).keys() ^ getattr(korean, table).keys() == set()


@pytest.mark.parametrize(("language", "table"), TABLES)
def test_a_translation_has_the_blanks_of_its_sentence(language, table):
    blanks = re.compile(r"\{[^}]*\}")
    told = getattr(MODULES[language], table)

    assert [each for each in told if blanks.findall(each) != blanks.findall(told[each])] == []


@pytest.mark.parametrize("language", MODULES)
def test_what_joins_a_list_is_a_comma_and_what_joins_lists_is_heavier(language):
    answers, reports = MODULES[language].ANSWERS, MODULES[language].REPORTS

    assert {answers[", "].strip(), reports[", "].strip()} <= {",", "\u3001"}
    assert answers["; "].strip() in (";", "\uff1b", "\u00b7")


def test_every_file_of_translations_is_in_use():
    files = {path.stem for path in Path(korean.__file__).parent.glob("*.py")} - {"__init__"}

    assert files == set(MODULES)


@pytest.mark.parametrize("language", MODULES)
def test_every_reason_for_a_mode_is_translated(language):
    say = Wording(MODULES[language].ANSWERS)
    whys = re.findall(r'"(since [^"]*?|; no [^"]*)"', Path(auto.__file__).read_text("utf-8"))

    plain = [why for why in whys if "{" not in why]
    assert len(plain) >= 3
    for why in (
        *plain,
        "since no name is known and the question asks for the whole; no passage holds half of its words",
        "since 3 names are known and a chain of ties leads on",
        "as asked for",
    ):
        assert not re.search(r"\b(since|known|and|of|asked|leads|words)\b", reason(say, why)), why


def test_an_answer_is_worded_in_the_language_of_its_question():
    assert of("한도윤은 누구입니까?").table is korean.ANSWERS
    assert of("Who was 한도윤 of the harbour?") is ENGLISH


def test_a_language_without_a_table_gets_english():
    assert of("Quem fundou o estaleiro?") is ENGLISH
    assert of_report("Хто заснував верф?") is ENGLISH


@pytest.mark.parametrize(
    ("language", "written"), [("german", "12.345 7,5"), ("french", "12\u202f345 7,5"), ("korean", "12,345 7.5")]
)
def test_numbers_are_written_as_the_language_writes_them(language, written):
    say = Wording(MODULES[language].REPORTS)

    assert f"{say.number(12345)} {say.number(7.5)}" == written


def test_a_type_that_no_table_has_is_counted_by_its_own_name():
    assert Wording(korean.REPORTS).count(2, "{vessel}") == "{vessel}: 2"
