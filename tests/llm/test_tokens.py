import base64
import hashlib

import pytest
from stubs import ask

from graphrag_engine.costs import estimate_tokens
from graphrag_engine.llm.base import Shape, Texts
from graphrag_engine.llm.tokens import Counter, likely_tokens, most_tokens, vocabulary

ADDRESS = "https://example.org/encodings/small.tiktoken"
CONTENT = b"\n".join(base64.b64encode(bytes([byte])) + b" %d" % byte for byte in range(256))
HASH = hashlib.sha256(CONTENT).hexdigest()


@pytest.fixture
def folder(tmp_path):
    (tmp_path / hashlib.sha1(ADDRESS.encode(), usedforsecurity=False).hexdigest()).write_bytes(CONTENT)
    return tmp_path


def test_a_vocabulary_is_read_from_the_first_folder_that_has_it(folder):
    found = vocabulary(ADDRESS, HASH, [folder / "none", folder])

    assert (len(found), found[b"a"]) == (256, 97)


def test_a_vocabulary_that_is_missing_or_not_whole_is_none_and_left_alone(folder):
    (file,) = folder.iterdir()
    file.write_bytes(CONTENT[:-10])

    for folders in ([], [folder]):
        with pytest.raises(LookupError):
            vocabulary(ADDRESS, HASH, folders)

    assert file.exists()


def test_without_a_vocabulary_tokens_are_estimated_and_marked(tmp_path, monkeypatch):
    monkeypatch.setattr("graphrag_engine.llm.tokens._carried", list)
    count = Counter("gpt-4o-mini", tmp_path)

    assert count.estimated
    assert count("The harbour of Cray Point") == estimate_tokens("The harbour of Cray Point")


@pytest.mark.parametrize("model", ["gpt-4o-mini", "gpt-4", "gpt-oss-20b", "text-embedding-3-small"])
def test_with_its_vocabulary_a_model_is_counted_as_it_counts(tmp_path, monkeypatch, model):
    single = {bytes([byte]): byte for byte in range(256)}
    monkeypatch.setattr("graphrag_engine.llm.tokens.vocabulary", lambda *found: single)
    count = Counter(model, tmp_path / model)

    assert not count.estimated
    assert count("Cray Point <|endoftext|>") == len("Cray Point <|endoftext|>")


def test_a_model_that_nobody_knows_is_estimated(tmp_path, monkeypatch):
    monkeypatch.setattr("graphrag_engine.llm.tokens.vocabulary", lambda *found: pytest.fail("none was wanted"))

    assert Counter("llama-of-mine", tmp_path).estimated


def test_most_tokens_are_the_bytes_of_all_that_is_sent():
    shape = Shape("answer", {"type": "object", "properties": {"name": {"type": "string"}}})

    assert most_tokens(ask("abc")) == 3 + 16
    assert most_tokens(ask("항구\ud800")) == 9 + 16
    assert most_tokens(ask("abc", shape=shape)) > most_tokens(ask("abc")) + 50
    assert most_tokens(Texts(texts=("abc", "항"))) == 6


def test_likely_tokens_are_more_than_the_estimate():
    for text in (
        "The harbour was built by the Thackwrays. " * 9,
        "항구는 1902년에 지어졌다. " * 9,
        "港口建于一九〇二年。" * 9,
    ):
        assert estimate_tokens(text) < likely_tokens(ask(text)) < 3 * estimate_tokens(text)
