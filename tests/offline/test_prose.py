import pytest

from graphrag_engine.offline.prose import prose


def read(text):
    return [text[start:end] for start, end in prose(text)]


@pytest.mark.parametrize(
    "text",
    [
        "```python\nVale met Hart.\n```\n",
        "~~~\nVale met Hart.\n",
        "def open(self, Name):",
        "SELECT Name, Price FROM Orders WHERE Status = 'Open' ORDER BY Price;",
        'return json.loads((self.root / name).read_text("utf-8"))',
        "Message-ID: <CAF12345@mail.example.org>",
        "X-Mailer: Thunderbird",
        "| Ship | Built | Owner |\n|---|---|---|\n",
    ],
)
def test_code_mail_headers_and_column_labels_are_not_read(text):
    assert read(text) == []


@pytest.mark.parametrize(
    "text",
    [
        "The Lorne Line (founded in 1871) bought the Kestrel; it sank.",
        "Subject: Repair of the North Quay",
        "| Kestrel | 1903 | Lorne Line |",
        "Members (see above) paid 5 = five pounds.",
    ],
)
def test_prose_with_marks_is_read(text):
    assert read(text) == [text.strip("| ")] or read(text) == [text] or read(text) == [text[2:]]


def test_prose_between_fences_is_read():
    assert read("Vale left.\n\n```\nx = 1\n```\n\nHart stayed.\n") == ["Vale left.", "Hart stayed."]
