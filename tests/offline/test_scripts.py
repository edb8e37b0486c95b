import pytest

from graphrag_engine.offline.scripts import script


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", "letters"),
        ("The harbour of Wendmouth, 1902", "letters"),
        ("L\u2019été à Nîmes", "letters"),
        ("Порт Северный", "letters"),
        ("솔개항은 동해안의 항구이다.", "korean"),
        ("The port is called 솔개항 in Korean, and Solgae elsewhere.", "letters"),
        ("은행은 OECD와 IMF에 보고서를 냈다.", "korean"),
        ("東京港は日本の港である。", "ideographs"),
        ("上海造船厂是中国的企业。", "ideographs"),
        ("대한민국 大韓民國", "korean"),
    ],
)
def test_a_text_has_the_script_of_most_that_it_says(text, expected):
    assert script(text) == expected
