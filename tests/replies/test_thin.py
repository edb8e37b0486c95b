import pytest

from graphrag_engine.replies.thin import is_thin

NAMED = "Then came Orla Finch with Piet Moor, and Hugh Vane of Dunmore Castle, and at last Sara Lind."


@pytest.mark.parametrize(
    ("names", "thin"),
    [
        ([], True),
        (["Orla Finch"], True),
        (["Orla Finch", "Moor", "Hugh Vane"], False),
        (["Orla Finch", "Piet Moor", "Hugh Vane of Dunmore Castle", "Sara Lind"], False),
    ],
)
def test_an_answer_is_thin_where_many_names_of_the_text_are_missing(names, thin):
    assert is_thin(NAMED, names) == thin


@pytest.mark.parametrize(
    "text",
    [
        "",
        "It was cold. Nobody came. The road was wet. He waited in March and on Monday. Then I left in April.",
        "THE WHOLE OF IT IS SHOUTED AND EVERY WORD OF IT IS IN CAPITALS",
        "Der Mann, die Frau und das Kind sahen den Hund, die Katze, das Haus und einen alten Baum im Garten.",
    ],
)
def test_a_text_without_telling_capitals_need_not_name_anything(text):
    assert not is_thin(text, [])


def test_a_long_text_without_capitals_should_name_something():
    text = "\uc11c\uc6b8\uc740 \ud55c\uad6d\uc758 \uc218\ub3c4\uc774\ub2e4. " * 60

    assert is_thin(text, [])
    assert not is_thin(text, ["\uc11c\uc6b8", "\ud55c\uad6d", "\uc218\ub3c4", "x"])
