"""After an update, what is carried over is what a look at every row would have carried over."""

import random
import shutil

import pyarrow.compute as pc
import pytest

from graphrag_engine import Engine
from graphrag_engine.recipes import Terms
from graphrag_engine.settings import Settings
from graphrag_engine.stages import STAGES
from graphrag_engine.stages.base import RowStage

ROW_STAGES = [stage for stage in STAGES if isinstance(stage, RowStage)]


def edited(folder, chance: random.Random) -> None:
    """One random edit: a sentence said elsewhere as well, a name in other letters, a title, a document less."""
    paths = sorted(folder.glob("*.*"))
    path, other = chance.sample(paths, 2)
    text, borrowed = path.read_text("utf-8"), chance.choice(other.read_text("utf-8").split(". "))
    kind = chance.choice(["borrow", "cut", "rename", "lower", "title", "drop"])
    sentences = text.split(". ")
    at = chance.randrange(len(sentences))
    if kind == "borrow":
        sentences.insert(at, borrowed)
    elif kind == "cut":
        del sentences[at : at + 3]
    elif kind == "lower":
        sentences = [sentence.lower() for sentence in sentences]
    made = ". ".join(sentences) or "Nothing."
    if kind == "rename":
        made = made.replace("Vale", "Marlow")
    if kind == "title":
        made = f"# The papers of {chance.randrange(9)}\n\n{made}"
    if kind == "drop":
        path.unlink()
    else:
        path.write_text(made, "utf-8")


@pytest.mark.parametrize("seed", range(4))
def test_rows_carried_over_unread_are_those_whose_fingerprints_did_not_change(harbour, tmp_path, seed):
    chance = random.Random(seed)  # noqa: S311  # a test's dice, not a secret
    source = tmp_path / "docs"
    shutil.copytree(harbour, source)
    engine = Engine.open(tmp_path / "kb")
    engine.index(source)

    for _ in range(4):
        edited(source, chance)
        engine.index(allow_deletes=True)
        for stage in ROW_STAGES:
            assert kept(engine, stage) == looked_at(engine, stage)


TRUST = "{{name: Harbour Trust, type: organisation, description: {}, aliases: [{}]}}"
PAID = "{{source: Harbour Trust, type: paid, target: Elias Vale, description: {}}}"
CORRECTIONS = (
    "retype: {Northern Grace: date, Elias Vale: organisation}",
    "retype: {Northern Grace: date}\nrename: {Elias Vale: Old Vale}",
    "same: [[Cray Point, Wendmouth]]\ndrop: [Northern Grace]",
    "different: [[Vale, Elias Vale], [Captain Vale, Elias Vale]]",
    f"add: {{entities: [{TRUST.format('Old.', 'HT')}], relationships: [{PAID.format('Once.')}]}}",
    f"add: {{entities: [{TRUST.format('New.', 'HPT')}], relationships: [{PAID.format('Twice.')}]}}",
    "",
)


def test_rows_carried_over_after_a_correction_are_those_whose_fingerprints_did_not_change(harbour, tmp_path):
    engine = Engine.open(tmp_path)
    engine.index(harbour)

    for said in CORRECTIONS:
        (tmp_path / "overrides.yaml").write_text(said, "utf-8")
        assert engine.index().warnings == ()
        for stage in ROW_STAGES:
            assert kept(engine, stage) == looked_at(engine, stage), said


def kept(engine: Engine, stage: RowStage) -> dict[str, str]:
    """What each row of a stage was made from, by what the index remembers."""
    rows = engine.table("fingerprints")
    mine = rows.filter(pc.equal(rows["stage"], stage.name))
    return dict(zip(mine["id"].to_pylist(), mine["fingerprint"].to_pylist(), strict=True))


def looked_at(engine: Engine, stage: RowStage) -> dict[str, str]:
    """What each row of a stage is made from, by a look at all of them."""
    tables = {name: engine.table(name) for name in stage.reads}
    terms = Terms(Settings())
    found = stage.fingerprints(stage.prepare(tables, None), terms.given(stage))
    return {row: terms.prefix(stage) + made_from for row, made_from in found}
