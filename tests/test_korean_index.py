"""Korean from the files to the answer, with the library and without."""

import re
import shutil

import pytest
from click.testing import CliRunner
from korean import needs_library, without_library

from graphrag_engine import Engine
from graphrag_engine.cli import cli
from graphrag_engine.offline.korean import morphemes
from graphrag_engine.stages import extract

QUESTION = "갈매기 여울에서 침몰한 배를 건조한 조선소는 누가 세웠습니까?"


@pytest.fixture
def harbour(repository, tmp_path):
    return shutil.copytree(repository / "examples" / "harbour-ko", tmp_path / "harbour-ko")


def asked(root, question, **how):
    return Engine.open(root).query(question, **how)


@needs_library
def test_a_korean_question_gets_the_chain_of_ties_in_korean(harbour, root):
    Engine.open(root).index(str(harbour))
    answer = asked(root, QUESTION)

    assert [step.target for step in answer.paths[0].steps[:2]] == ["청명호", "백로조선소"]
    assert {path.steps[-1].target for path in answer.paths} == {"이경화", "서만석"}
    assert re.findall(r"^\S.*", answer.text, re.MULTILINE)[3:5] == ["경로", "근거 문장"]


@needs_library
def test_reports_and_claims_follow_the_language_of_the_documents(harbour, root):
    Engine.open(root).index(str(harbour))
    engine = Engine.open(root)

    report = engine.table("reports").to_pylist()[0]
    assert "## 문서의 내용" in report["full_content"]
    assert not re.search("[a-z]{3}", report["full_content"] + report["rating_explanation"])
    assert {"TRUE", "FALSE", "SUSPECTED"} == set(engine.table("claims")["status"].to_pylist())


@needs_library
def test_the_korean_readme_shows_what_its_question_prints(repository, harbour, root):
    Engine.open(root).index(str(harbour))
    printed = asked(root, QUESTION).text.splitlines()
    shown = re.findall(
        r"^```\n(문서.*?)^```", (repository / "README.ko.md").read_text("utf-8"), re.DOTALL | re.MULTILINE
    )

    lines = [line for line in shown[0].splitlines() if line not in ("", "...")]
    assert len(lines) > 5
    assert [line for line in lines if line not in printed] == []


@needs_library
def test_an_update_of_korean_equals_a_rebuild(harbour, root, tmp_path):
    Engine.open(root).index(str(harbour))
    (harbour / "솔개항.md").write_text("# 솔개항\n\n한도윤은 솔개항을 떠나지 않았다.\n", "utf-8")
    Engine.open(root).index(str(harbour))
    fresh = Engine.open(tmp_path / "fresh")
    fresh.index(str(harbour))

    for name in ("entity_mentions", "relationship_mentions", "claim_mentions", "lexicon", "tallies", "entities"):
        assert Engine.open(root).table(name).equals(fresh.table(name)), name


def test_without_the_library_the_graph_is_of_what_stands_together_and_one_line_says_so(harbour, root, monkeypatch):
    without_library(monkeypatch)
    done = CliRunner().invoke(cli, ["index", str(harbour), "--root", str(root)])

    lines = [line for line in done.stderr.splitlines() if "'graphrag-engine[korean]'" in line]
    assert len(lines) == 1
    assert set(Engine.open(root).table("relationships")["type"].to_pylist()) == {"mentioned with"}
    assert "근거 문장" in asked(root, QUESTION).text


@needs_library
def test_an_index_finds_the_same_passages_with_and_without_the_library(harbour, root, monkeypatch):
    Engine.open(root).index(str(harbour))
    found = [hit.id for hit in Engine.open(root).retrieve("등대의 불은 누가 지켰습니까?", mode="vector")]
    without_library(monkeypatch)

    assert [hit.id for hit in Engine.open(root).retrieve("등대의 불은 누가 지켰습니까?", mode="vector")] == found


def test_a_korean_question_about_the_whole_is_told_the_disputes(harbour, root):
    Engine.open(root).index(str(harbour))
    answer = asked(root, "항구를 둘러싼 주요 분쟁은 무엇이었습니까?")

    assert answer.mode == "global"
    assert "거절했다" in answer.text


def test_what_no_korean_document_says_is_not_answered(harbour, root):
    Engine.open(root).index(str(harbour))
    answer = asked(root, "화성 탐사선의 연료는 무엇입니까?")

    assert not answer.grounded
    assert answer.text.startswith("찾지 못했습니다.")


@needs_library
def test_mentions_depend_on_the_version_of_the_library():
    assert extract.STAGE.made_with == morphemes.versions()
    assert set(morphemes.versions()) == {"kiwipiepy", "kiwipiepy_model"}
