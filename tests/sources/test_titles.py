import pytest

from graphrag_engine.sources import titles


@pytest.mark.parametrize(
    ("name", "text", "title"),
    [
        ("a.md", "Some words first.\n\n# The *North* Quay #\n", "The North Quay"),
        ("a.MD", "The [North](https://example.org) `Quay`\n=====\n", "The North Quay"),
        ("a.md", "A line without heading\n\nText.", "A line without heading"),
        ("a.md", "```\n# comment\n```\nThis is a sentence.", "a"),
        ("log.txt", "\n\n  Log of the Sarah Quill \nText.", "Log of the Sarah Quill"),
        ("log.txt", "# Log\nText.", "Log"),
        ("log.txt", "항구 일지\n", "항구 일지"),
        ("my-old_log.txt", "This is a sentence.\n", "my old log"),
        ("old-log.txt", "one two three four five six seven eight nine ten eleven twelve thirteen", "old log"),
        ("old-log.txt", "x" * 101, "old log"),
        ("old-log.txt", "A line that was wrapped\nin the middle of its sentence.", "old log"),
        ("old-log.txt", "-----\nText", "old log"),
        ("folder/old.log.txt", "항구에 갔다。", "old.log"),
        ("___.txt", "No title.", "___.txt"),
        ("LICENSE", "You may.", "LICENSE"),
    ],
)
def test_a_file_is_called_by_its_heading_else_its_first_line_else_its_name(name: str, text: str, title: str) -> None:
    assert titles.of_file(name, text) == title


@pytest.mark.parametrize("mark", ".?!,;:\u2026\u3002")
def test_a_line_that_ends_like_a_sentence_is_no_title(mark: str) -> None:
    assert titles.first_line(f"A line{mark}\nmore") is None


def test_a_title_may_have_a_hundred_characters_and_twelve_words() -> None:
    assert titles.first_line("x" * 100) == "x" * 100
    assert titles.first_line("w " * 12) == ("w " * 12).strip()
    assert titles.first_line("w " * 13) is None
