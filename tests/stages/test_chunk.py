import re
from hashlib import sha256

import pyarrow as pa
import pytest
from graph_tables import fingerprints
from hypothesis import given
from hypothesis import strategies as st

from graphrag_engine.costs import estimate_tokens
from graphrag_engine.schema import TABLES
from graphrag_engine.settings import ChunkSettings
from graphrag_engine.stages.chunk import STAGE, TextUnit, units

SIZE = 50
FRAGMENTS = st.sampled_from(
    [
        "The tide turned at noon. ",
        "Nobody on the quay had seen the pilot, ",
        "\n\n",
        "\r\n\r\n",
        "\n# Harbour\n",
        "\n## The *old* lock\n\n",
        "Gates\n-----\n",
        "\n```\ncode # not a heading\n\n  more\n```\n",
        "| gate | width |\n|---|---|\n",
        "- a rope\n- an oar\n",
        "word " * 30,
        "x" * 400,
        "\u6f22\u5b57" * 40,
        "\u6f22\u5b57\u3002" * 9,
        "ab\u6f22\u5b57" * 30,
        "...!?" * 20,
        " " * 90,
        "e\u0301\u00a0\u2028",
        "\t",
    ]
)
TEXTS = st.lists(FRAGMENTS | st.text(max_size=20), max_size=40).map("".join)


def sentence(seed: int) -> str:
    """Five to twenty made-up words; another seed, another sentence."""
    letters = "".join(sha256(f"{seed}.{half}".encode()).hexdigest() for half in range(2))
    letters = letters.translate(str.maketrans("0123456789", "ghilmnorst"))
    return " ".join(re.findall("....[aehmt]*", letters[: 30 + seed % 90])).capitalize() + "."


def story(sentences: int, paragraph: int) -> list[str]:
    """Distinct sentences, each with the space behind it."""
    return [sentence(number) + ("\n\n" if number % paragraph == paragraph - 1 else " ") for number in range(sentences)]


def texts(made: list[TextUnit]) -> list[str]:
    return [unit.text for unit in made]


@given(TEXTS)
def test_units_are_exact_slices_in_order_and_together_hold_every_visible_character(text: str) -> None:
    made = units("d", "Title", text, SIZE)

    assert [unit.text for unit in made] == [text[unit.start : unit.end] for unit in made]
    assert [unit.position for unit in made] == list(range(len(made)))
    edges = [0, *(edge for unit in made for edge in (unit.start, unit.end)), len(text)]
    assert edges == sorted(edges)
    assert all(text[gap:end].strip() == "" for gap, end in zip(edges[::2], edges[1::2], strict=True))


@given(TEXTS, st.integers(50, 120))
def test_no_unit_is_over_the_size_and_each_tells_its_tokens(text: str, size: int) -> None:
    made = units("d", "Title", text, size)

    assert [unit.n_tokens for unit in made] == [estimate_tokens(unit.text) for unit in made]
    assert all(0 < unit.n_tokens <= size for unit in made)


@given(TEXTS)
def test_units_of_one_document_have_ids_of_their_own(text: str) -> None:
    made = units("d", "Title", text, SIZE)

    assert len({unit.id for unit in made}) == len(made)


@given(
    st.integers(0, 299),
    st.integers(0, 10**6),
    st.sampled_from(["insert", "replace", "delete"]),
    st.sampled_from([6, 300]),
)
def test_an_edit_leaves_all_units_as_they_were_that_are_two_sizes_away(
    at: int, seed: int, edit: str, paragraph: int
) -> None:
    size = 100
    before = story(300, paragraph)
    new = [] if edit == "delete" else [sentence(1000 + seed) + " "]
    after = before[:at] + new + before[at + (edit != "insert") :]

    old = units("d", "Title", "".join(before), size)
    made = set(texts(units("d", "Title", "".join(after), size)))

    head = "".join(before[:at])
    changed = [unit for unit in old if unit.text not in made]
    between = [head[unit.end :] or "".join(before)[len(head) : unit.start] for unit in changed]
    assert max(map(estimate_tokens, between), default=0) <= 2 * size
    assert len(changed) <= 6


@pytest.mark.parametrize("at", [0, 150, 299])
def test_an_edit_at_top_middle_or_end_changes_three_units_at_most(at: int) -> None:
    before = story(300, 6)
    after = [*before[:at], sentence(1234) + " ", *before[at + 1 :]]

    old, new = (units("d", "Title", "".join(each), 400) for each in (before, after))

    assert len(set(texts(old)) - set(texts(new))) <= 3
    assert len(old) > 10


def test_what_is_put_on_top_moves_the_places_of_the_other_units_but_no_ids() -> None:
    text = "".join(story(200, 6))

    old, new = units("d", "Title", text, 100), units("d", "Title", "A new first line.\n\n" + text, 100)

    kept = {unit.id: unit.start for unit in old}
    moved = [unit.start - kept[unit.id] for unit in new if unit.id in kept]
    assert moved == [len("A new first line.\n\n")] * (len(old) - 1)


def test_lines_added_at_the_end_leave_what_was_before_them() -> None:
    lines = [sentence(number).rstrip(".") for number in range(400)]

    old, new = (units("d", "Log", "\n".join(lines[:count]), 100) for count in (390, 400))

    assert texts(old)[:-3] == texts(new)[: len(old) - 3]


def test_a_short_document_is_one_unit() -> None:
    made = units("d", "Tides", "  High water at noon.\n", 400)

    assert made == [TextUnit(made[0].id, "d", 0, 2, 21, 5, "Tides", "High water at noon.")]


def test_the_same_text_twice_in_a_document_has_two_ids() -> None:
    first, second = units("d", "Title", "# A\n" + "x " * 45 + "\n# A\n" + "x " * 45, 50)

    assert first.text == second.text
    assert first.id != second.id


def test_the_id_depends_on_the_document() -> None:
    assert units("a", "T", "Same text.", 50)[0].id != units("b", "T", "Same text.", 50)[0].id


def test_headings_are_cut_at_before_paragraphs_and_higher_ones_first() -> None:
    part = "Word " * 30 + "end.\n\n"
    text = part + part + "# Second\n\n" + part + "## Lower\n\n" + part

    assert [unit.text.split()[0] for unit in units("d", "T", text, 100)] == ["Word", "#"]


def test_the_heading_is_the_path_in_force_at_the_start() -> None:
    part = "Word " * 60 + "end.\n\n"
    text = f"# Port\n\n{part}## Locks\n\n{part}### North\n\n{part}## Ships\n\n{part}# Annex\n\n{part}"

    assert [unit.heading for unit in units("d", "Port", text, 70)] == [
        "Port",
        "Port > Locks",
        "Port > Locks > North",
        "Port > Ships",
        "Port > Annex",
    ]


def test_a_document_with_a_title_of_its_own_keeps_it_before_the_first_heading() -> None:
    assert units("d", "Row 7", "# Port\n\nText.", 50)[0].heading == "Row 7 > Port"


@pytest.mark.parametrize(
    "heading",
    [
        "# Port\n\n",
        "# Port\n",
        "Port\n====\n\n",
        "# Port\n\n## Lock\n\n### Gate\n\n",
        "THE LOST\n\n",
        "In those years " * 6 + "they were:\n\n",
    ],
)
def test_a_heading_or_a_line_that_leads_on_is_not_cut_off_from_what_follows(heading: str) -> None:
    paragraphs = [sentence(number) + "\n\n" for number in range(40)]

    for number in range(1, 40):
        text = "".join(paragraphs[:number]) + heading + "".join(paragraphs[number:])
        assert not any(unit.text.endswith(heading.strip()) for unit in units("d", "T", text, 100))


def test_a_heading_stays_with_its_text_even_where_that_is_the_only_paragraph_to_cut_at() -> None:
    for count in range(15, 40):
        text = "word " * count + "end.\n\n## Port of call\n\n" + "".join(story(30, 99))
        assert not any(unit.text.endswith("Port of call") for unit in units("d", "T", text, 100))


def test_headings_without_text_are_cut_apart() -> None:
    text = "".join(f"## {sentence(number)[:-1]}\n" for number in range(60))

    assert {unit.text[:3] for unit in units("d", "T", text, 100)} == {"## "}


def test_a_list_is_cut_before_its_marks() -> None:
    text = "".join(f"{number}. {sentence(number)} {sentence(-number)}\n" for number in range(60))

    assert all(unit.text[:1].isdigit() for unit in units("d", "T", text, 100))


def test_a_long_code_block_is_cut_at_its_blank_lines() -> None:
    parts = ["".join(f"call({number}, {line}).\n" for line in range(3)) for number in range(40)]

    made = units("d", "T", "```\n" + "\n".join(parts) + "```\n", 100)

    assert all(unit.text.endswith(", 2).") for unit in made[:-1])
    assert len(made) > 5


@pytest.mark.parametrize(
    "whole", ["```\n" + "code line one\n\n" * 5 + "```\n\n", "| a cell | another cell. With two |\n" * 6 + "\n"]
)
def test_code_blocks_and_rows_stay_whole_where_the_text_around_them_can_be_cut(whole: str) -> None:
    for number in range(2, 30):
        before, after = ("".join(story(each, 3)) for each in (number, 30 - number))
        made = units("d", "T", before + "\n\n" + whole + after, 100)
        assert sum(whole.split("\n")[0] in unit.text for unit in made) == 1
        assert all(line in " ".join(texts(made)) for line in whole.splitlines())


def test_a_long_table_is_cut_between_its_rows() -> None:
    rows = [f"| {sentence(number)} With more. | {number} |" for number in range(60)]

    for unit in units("d", "T", "\n".join(rows), 80):
        assert set(unit.text.split("\n")) <= set(rows)


def test_hard_wrapped_sentences_are_cut_at_their_ends_and_not_at_line_ends() -> None:
    text = re.sub(r"(.{60,80}?) ", r"\1\n", "".join(story(120, 400)))

    assert all(unit.text.endswith(".") for unit in units("d", "T", text, 100))


def test_windows_line_ends_stay_and_are_cut_at_like_others() -> None:
    text = "# Port\n\n" + "".join(story(60, 2)) + "\n## Locks\n\n" + "".join(story(60, 2))

    plain, windows = (units("d", "T", each, 100) for each in (text, text.replace("\n", "\r\n")))

    assert "\r\n" in windows[0].text
    assert {unit.heading for unit in windows} == {unit.heading for unit in plain} == {"T > Port", "T > Port > Locks"}
    assert min(unit.n_tokens for unit in windows) >= 100 // 6


@pytest.mark.parametrize(
    "text",
    [
        "x" * 300_000,
        "word " * 60_000,
        "\u6f22\u5b57" * 50_000,
        "the same line\n" * 20_000,
        "# A\n" * 20_000,
        "# A\n## B\n### C\n" * 5_000,
        "```\n" * 20_000,
        "." * 100_000,
        "| a " * 50_000,
        "x" + " " * 300_000 + "y",
        "\n".join(f"{number}" for number in range(20_000)),
    ],
    ids=lambda text: repr(text[:12]),
)
def test_text_with_nothing_to_go_by_is_cut_in_pieces_of_a_fair_size(text: str) -> None:
    made = units("d", "T", text, 400)

    assert "".join(unit.text for unit in made).replace(" ", "").replace("\n", "") == "".join(text.split())
    assert all(unit.n_tokens <= 400 for unit in made)
    assert len(made) == 1 or min(unit.n_tokens for unit in made) >= 400 // 6
    assert sum(unit.n_tokens for unit in made) / len(made) >= 200 or len(made) == 1


@pytest.mark.parametrize("word", ["oar", "tide", "quay-side", "harbour", "lighthouse"])
def test_equal_words_without_a_mark_are_not_parted(word: str) -> None:
    made = units("d", "T", f"{word} " * 5_003, 400)

    assert {part for unit in made for part in unit.text.split()} == {word}


def test_a_word_across_the_stretches_in_which_tokens_are_counted_is_counted_whole() -> None:
    text = "A b." + " " * (65_536 - 7) + "abcde\u6f22\u5b57\u6f22\u5b57\u6f22\u5b57" + " c" * (SIZE - 8)

    made = units("d", "T", text, SIZE)

    assert sum(unit.n_tokens for unit in made) == SIZE + 1
    assert len(made) == 2


def documents(**texts: str) -> pa.Table:
    rows = [
        {"id": key, "source": key, "title": key, "text": text, "content_hash": "", "pages": [], "metadata": "{}"}
        for key, text in texts.items()
    ]
    return pa.Table.from_pylist(rows, schema=TABLES["documents"].schema)


def test_the_stage_makes_the_rows_of_the_documents_asked_for() -> None:
    tables = {"documents": documents(a="One.", b="Two.", c="Three.")}
    settings = ChunkSettings()

    results = {}
    for task in STAGE.tasks(STAGE.prepare(tables, None), settings, ["a", "c"], {}):
        with pytest.raises(StopIteration) as end:
            next(task.conversation({}))
        results[task.id] = end.value.value
    made = STAGE.gather(results)["text_units"]

    assert made.schema == TABLES["text_units"].schema
    assert made.select(["document_id", "text"]).to_pylist() == [
        {"document_id": "a", "text": "One."},
        {"document_id": "c", "text": "Three."},
    ]


def test_no_results_give_an_empty_table() -> None:
    assert STAGE.gather({})["text_units"].num_rows == 0


@pytest.mark.parametrize(
    ("column", "matters"), [("title", True), ("text", True), ("source", False), ("metadata", False)]
)
def test_a_document_is_cut_again_when_its_title_or_text_changed(column: str, matters: bool) -> None:
    before = documents(a="One.")
    at = before.schema.get_field_index(column)
    after = before.set_column(at, before.schema.field(at), pa.array(["other"], before.schema.field(at).type))

    same = fingerprints(STAGE, {"documents": before}, None) == fingerprints(STAGE, {"documents": after}, None)

    assert same is not matters
