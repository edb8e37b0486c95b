"""Caches carried over from the last version: equal to those made from nothing, or not used."""

import random
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

import pyarrow as pa
import pytest
from suite import WORLD
from world import World

from graphrag_engine import Engine
from graphrag_engine.schema import TABLES
from graphrag_engine.stores import carry, derived, forms, postings
from graphrag_engine.stores.caches import folder
from graphrag_engine.stores.manifest import Manifest
from graphrag_engine.stores.parquet import ParquetStore
from graphrag_engine.stores.reader import save

WORDS = "Velm Tern Émile Cross gulls gull sailed Sailing the don\u2019t 항구에서 港口 naïve 1903 (II) Gull's".split()
NAMES = ("Velm", "Tern|Old Tern|The Tern", "Émile Cross|Cross", "Gull", "gulls", "항구", "Sailing Tern (II)")


def dice(seed: int | str) -> random.Random:
    return random.Random(seed)  # noqa: S311  # a test's dice, not a secret


def some_world(chance: random.Random) -> World:
    """Documents, names and reports from few words, so that any two worlds have a lot in common."""
    kept = {f"{name}.md": dice(name) for name in ("velm", "tern", "gull", "x (II)", "cross")}
    texts = {source: chance if chance.random() < 0.3 else own for source, own in kept.items() if chance.random() < 0.8}
    documents = {source: "\n\n".join(_paragraph(own) for _ in range(3)) for source, own in texts.items()}
    said = sorted({part for text in documents.values() for part in text.split("\n\n")})
    quotes = [chance.sample(said, min(len(said), chance.randrange(3))) for _ in range(4)]
    names = [chance.choice([name, name.split("|")[0]]) for name in chance.sample(NAMES, 5)]
    return World(
        documents=documents,
        names=dict.fromkeys(names, "thing"),
        reports={f"On {number}": (0, None, (names[number].split("|")[0],), quotes[number]) for number in range(4)},
    )


def _paragraph(chance: random.Random) -> str:
    return " ".join(chance.choices(WORDS, k=12))


def with_other_headings(chance: random.Random, tables: dict[str, pa.Table]) -> dict[str, pa.Table]:
    """The same text units, some under another heading: their ids stay."""
    units = tables["text_units"]
    headings = [chance.choice([each, f"{each} > Tern (ship)"]) for each in units["heading"].to_pylist()]
    column = units.column_names.index("heading")
    field = TABLES["text_units"].schema.field("heading")
    return tables | {"text_units": units.set_column(column, field, pa.array(headings, pa.string()))}


def files(path: Path, tables: Iterable[tuple[str, pa.Table]]) -> dict[str, bytes]:
    path.mkdir()
    save(path, tables)
    carry.seal(path)
    return {file.name: file.read_bytes() for file in path.iterdir()}


@pytest.mark.parametrize("seed", range(8))
def test_an_update_equals_a_build_from_nothing(seed: int, tmp_path: Path) -> None:
    chance, last = dice(seed), None
    for step in range(6):
        tables = with_other_headings(chance, some_world(chance).tables())
        updated = files(tmp_path / f"updated {step}", derived.build(tables, last))

        assert updated == files(tmp_path / f"made {step}", derived.build(tables))
        last = carry.last(tmp_path / f"updated {step}")
        assert last is not None


def looks(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """All texts and names whose words are looked at from now on."""
    looked_at: list[str] = []
    pieces, normalise = postings.pieces, forms.normalise
    monkeypatch.setattr(postings, "pieces", lambda texts: looked_at.extend(texts.to_pylist()) or pieces(texts))
    monkeypatch.setattr(forms, "normalise", lambda name: looked_at.append(name) or normalise(name))
    return looked_at


def test_only_what_changed_is_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    before = dict(derived.build(WORLD.tables()))
    looked_at = looks(monkeypatch)
    grown = replace(WORLD, documents={**WORLD.documents, "cod.md": "Cod."}, names={**WORLD.names, "Cod": "fish"})

    dict(derived.build(grown.tables(), before))

    assert sorted(looked_at) == ["Cod", "Cod\nCod."]


def test_no_words_are_looked_at_twice_as_an_index_grows(
    docs: Path, root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked_at = looks(monkeypatch)
    Engine.open(root).index(docs)
    first = set(looked_at)
    (docs / "otter.txt").write_text("Cod swam past.")
    looked_at.clear()

    Engine.open(root).index()

    assert any("Cod swam past." in text for text in looked_at)
    assert not first & set(looked_at)


DAMAGE = {
    "gone": lambda path: path.unlink(),
    "empty": lambda path: path.write_bytes(b""),
    "cut": lambda path: path.write_bytes(path.read_bytes()[:-20]),
    "one bit": lambda path: path.write_bytes(path.read_bytes().replace(b"\x01", b"\x03", 1)),
    "a folder": lambda path: (path.unlink(), path.mkdir()),
}


@pytest.mark.parametrize("damage", DAMAGE)
@pytest.mark.parametrize("name", ["text_unit_terms.arrow", "reports.arrow", "forms.arrow"])
def test_damaged_caches_are_not_carried_over(name: str, damage: str, tmp_path: Path) -> None:
    files(tmp_path / "last", derived.build(WORLD.tables()))
    DAMAGE[damage](tmp_path / "last" / name)

    assert carry.last(tmp_path / "last") is None


def test_caches_made_with_another_stemmer_are_not_carried_over(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    files(tmp_path / "last", derived.build(WORLD.tables()))
    monkeypatch.setattr(carry, "version", lambda _: "0.0")

    assert carry.last(tmp_path / "last") is None


def version_of(store: ParquetStore, number: int, world: World) -> Manifest:
    entries = {name: store.write(name, table)[0] for name, table in world.tables().items()}
    return Manifest(version=number, tables=entries)


@pytest.mark.parametrize("damage", [None, *DAMAGE])
def test_a_version_gets_the_same_caches_whatever_became_of_the_last_ones(damage: str | None, tmp_path: Path) -> None:
    store = ParquetStore(tmp_path)
    first = version_of(store, 1, WORLD)
    second = version_of(store, 2, replace(WORLD, documents={**WORLD.documents, "tern.md": "The Tern left Velm."}))
    wanted = {path.name: path.read_bytes() for path in folder(store, second).iterdir()}
    store.forget_derived("")
    last = folder(store, first)
    if damage:
        DAMAGE[damage](last / "text_units.arrow")

    assert {path.name: path.read_bytes() for path in folder(store, second, first).iterdir()} == wanted
