"""Reading `overrides.yaml`: its shapes, its mistakes, its fingerprint."""

import pytest

from graphrag_engine.errors import SettingsError
from graphrag_engine.overrides import NONE, Name, NewEntity, NewRelationship, Overrides, load

WHOLE = """
same:
  - [Elias Vale, E. Vale]
different:
  - [North Quay, North Quay Company]
rename:
  Wend Yard: Wendmouth Yard
retype:
  Mercury (place): person
drop: [No, 1984]
add:
  entities:
    - name: Harbour Trust
      type: organisation
      description: Ran the harbour.
      aliases: [HT]
  relationships:
    - {source: Harbour Trust, type: owned, target: North Quay}
    - {source: HT, type: paid, target: Elias Vale, description: It paid him., weight: 2.5}
"""


def read(tmp_path, text):
    (tmp_path / "overrides.yaml").write_text(text, "utf-8")
    return load(tmp_path)


def test_every_kind_of_correction_is_read_and_names_stay_as_they_are_written(tmp_path):
    trust, quay, vale = Name("Harbour Trust"), Name("North Quay"), Name("Elias Vale")

    assert read(tmp_path, WHOLE) == Overrides(
        same=((vale, Name("E. Vale")),),
        different=((quay, Name("North Quay Company")),),
        rename=((Name("Wend Yard"), "Wendmouth Yard"),),
        retype=((Name("Mercury", "place"), "person"),),
        drop=(Name("No"), Name("1984")),
        entities=(NewEntity(Name("Harbour Trust", "organisation"), "organisation", "Ran the harbour.", (Name("HT"),)),),
        relationships=(
            NewRelationship(trust, "owned", quay),
            NewRelationship(Name("HT"), "paid", vale, "It paid him.", 2.5),
        ),
    )


@pytest.mark.parametrize("text", ["", "# nothing yet\n", "same:\nadd:\n", "add: {entities: }\ndrop: []\n"])
def test_what_is_empty_corrects_nothing(tmp_path, text):
    assert load(tmp_path) == NONE
    assert read(tmp_path, text) == NONE


def test_names_know_their_lines_and_lines_do_not_count(tmp_path):
    first = read(tmp_path, WHOLE)
    moved = read(tmp_path, f"# by hand\n\n{WHOLE}")

    assert (first.drop[0].line, moved.drop[0].line) == (10, 12)
    assert first.fingerprint() == moved.fingerprint()


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("[Elias Vale, E. Vale]", "[E. Vale, Elias Vale]"),
        ("North Quay Company]", "North Quay Ltd]"),
        ("Wendmouth Yard", "Wend Yard (old)"),
        ("(place): person", "(place): work"),
        ("Mercury (place)", "Mercury"),
        ("[No, 1984]", "[No]"),
        ("Ran the harbour.", "Ran it."),
        ("[HT]", "[]"),
        ("owned", "held"),
        ("weight: 2.5", "weight: 2"),
        ("It paid him.", "It paid."),
    ],
)
def test_whatever_is_changed_changes_the_fingerprint(tmp_path, old, new):
    before = read(tmp_path, WHOLE).fingerprint()

    assert read(tmp_path, WHOLE.replace(old, new)).fingerprint() != before


def test_a_name_that_gets_a_newer_one_gets_the_newest(tmp_path):
    found = read(tmp_path, "rename: {A One: B Two, B Two: C Three, c three: C THREE}")

    assert [new for _, new in found.rename] == ["C THREE"] * 3


WRONG = {
    "unknown key": ("same:\nsamme: []", 2, "'samme'", "known are same, different, rename, retype, drop, add"),
    "unknown key of an item": ("add:\n  entities:\n    - nane: X", 3, "'nane'", "known are name"),
    "a key twice": ("drop: [A]\nretype: {}\ndrop: [B]", 3, "'drop' stands there twice"),
    "a name twice": ("rename:\n  A: B\n  A: C", 3, "'A' stands there twice"),
    "a list at the top": ("- same", 1, "the file must hold keys such as 'same:'"),
    "names without a list": ("same: [A, B]", 1, "an item of 'same' must be a list such as [Elias Vale, E. Vale]"),
    "one name": ("same:\n- [A]", 2, "two names or more"),
    "text for a list": ("drop: Foo", 1, "'drop' must be a list"),
    "a list for pairs": ("retype:\n- [A, place]", 1, "must hold pairs such as"),
    "a list for text": ("rename: {A: [B]}", 1, "'rename' of 'A' must be text"),
    "an empty name": ("same:\n- [A,\n   ' ']", 3, "is missing"),
    "no such type": ("retype:\n  Foo: organization", 2, "'organization', which is no type; types are person"),
    "no type": ("add:\n  entities:\n  - name: A\n    description: B", 3, "'type' is missing"),
    "a weight": ("add:\n  relationships:\n  - {source: A, type: b, target: C,\n     weight: much}", 4, "above 0"),
    "no weight": ("add: {relationships: [{source: A, type: b, target: C, weight: nan}]}", 1, "above 0"),
    "a tie to itself": ("add: {relationships: [{source: A, type: b, target: a}]}", 1, "is the source as well"),
    "a loose tie": ("add: {relationships: [{source: A, type: mentioned with, target: B}]}", 1, "named together"),
    "half a character": ('drop: ["\\ud800"]', 1, "half a character"),
    "same and different": ("same:\n- [A, B, C]\ndifferent:\n- [c, a]", 4, "'c' and 'a' are one thing by line 2"),
    "one name for two": ("different:\n- [Vale, VALE]", 2, "'Vale' and 'VALE' are one name"),
    "two groups": ("same:\n- [A, B]\n- [C, b]", 3, "'b' is in a group of line 2 too"),
    "two groups by an alias": (
        "same:\n- [A, B]\nadd:\n  entities:\n  - {name: X, type: work, description: y, aliases: [B]}",
        5,
        "'B' is in a group of line 2 too",
    ),
    "a circle of names": ("rename:\n  A: B\n  B: C\n  C: A", 2, "lead in a circle, back to 'A'"),
    "two new names": ("same:\n- [A, B]\nrename:\n  A: X\n  B: Y", 5, "'B' is to be 'Y', but by line 4 it is 'X'"),
    "two types": ("retype:\n  A: work\n  a (place): person", 3, "'a (place)' is to be 'person'"),
}


@pytest.mark.parametrize("kind", WRONG)
def test_a_mistake_is_one_line_with_its_place(tmp_path, kind):
    text, line, *said = WRONG[kind]

    with pytest.raises(SettingsError) as caught:
        read(tmp_path, text)

    assert f"{str(tmp_path / 'overrides.yaml')!r}, line {line}: " in str(caught.value)
    assert "\n" not in str(caught.value)
    assert all(words in str(caught.value) for words in said), str(caught.value)


def test_namesakes_are_told_apart_by_their_types(tmp_path):
    found = read(tmp_path, "same: [[Mercury (place), Hermes], [Mercury (person), Freddie Mercury]]")

    assert [str(names[0]) for names in found.same] == ["Mercury (place)", "Mercury (person)"]
