from korean import without_library

from graphrag_engine.offline.extractor import extract
from graphrag_engine.offline.lexicon import count
from graphrag_engine.offline.mentions import Unit

KOREAN = "솔개항은 작은 항구이다. 한도윤이 솔개항에 왔다. 사람들은 한도윤을 믿었다. 안개가 짙었다."
JAPANESE = "東京港は日本の港である。1901年に「海の日」が出た。ロイヤル・メール社は東京港に来た。"
CHINESE = "上海造船厂是中国的企业。王明在上海造船厂工作。1901年，上海造船厂被收购。《海上花》由韩邦庆写成。"  # noqa: RUF001 - it is Chinese


def read(text, title=""):
    return extract(Unit(text, title, title), count([("a", [text])]).lexicon().of(text, "a"))


def kinds(text, title=""):
    return {mention.name: mention.type for mention in read(text, title).entities}


def test_without_the_library_korean_nouns_before_two_particles_are_names(monkeypatch):
    without_library(monkeypatch)
    found = read(KOREAN)

    assert kinds(KOREAN) == {"솔개항": "place", "한도윤": "person"}
    assert {(tie.source, tie.type, tie.target) for tie in found.relationships} == {
        ("한도윤", "mentioned with", "솔개항")
    }
    assert found.claims == []


def test_japanese_names_are_katakana_quoted_titles_and_runs_of_han():
    found = kinds(JAPANESE, "東京港")

    assert found.items() >= {"東京港": "place", "海の日": "work", "1901年": "date", "ロイヤル・メール": "name"}.items()


def test_chinese_names_are_what_function_words_part_more_than_once():
    found = kinds(CHINESE)

    assert found == {"上海造船厂": "organisation", "海上花": "work", "1901年": "date"}


def test_what_is_mentioned_stands_in_the_text_where_it_says():
    for text in (JAPANESE, CHINESE):
        assert all(text[one.start : one.end] == one.name for one in read(text).entities)


def test_documents_without_capitals_by_nature_are_not_told_of_as_bad_scans():
    assert count([("a", [KOREAN * 40])]).uncased == {}
    assert count([("a", ["no capitals here at all, nothing but small letters " * 40])]).uncased == {"a": 1}


def test_hostile_text_without_spaces_takes_linear_time():
    for piece in ("東", "あ", "ア", "「東", "的", "솔개항은"):
        text = (piece * 50_000)[:50_000]
        assert all(text[one.start : one.end] == one.name for one in read(text).entities)
