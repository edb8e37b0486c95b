"""The pipeline over toy stages: what runs, what is carried over, what a model is asked."""

import threading
import weakref
from dataclasses import replace
from functools import partial

import pyarrow as pa
import pyarrow.compute as pc
import pytest

from graphrag_engine import pipeline, recipes, rowwise
from graphrag_engine.hashing import digest
from graphrag_engine.llm.base import Message, Models, Request, Task, said
from graphrag_engine.llm.scripted import ScriptedModel
from graphrag_engine.recipes import Terms
from graphrag_engine.schema import TABLES, empty
from graphrag_engine.settings import ChunkSettings, Settings
from graphrag_engine.stages.base import RowStage, TableStage
from graphrag_engine.stores import parquet
from graphrag_engine.stores.manifest import Manifest
from graphrag_engine.stores.parquet import ParquetStore


def documents(**texts):
    rows = [
        {"id": name, "source": name, "title": name, "text": text, "content_hash": text, "pages": [], "metadata": "{}"}
        for name, text in texts.items()
    ]
    return pa.Table.from_pylist(rows, schema=TABLES["documents"].schema)


class Toys:
    """Three stages: chunk asks a model for each document, survey counts words, vectorize needs neither."""

    def __init__(self):
        self.made = []
        self.chunk = RowStage(
            name="chunk",
            reads=("documents",),
            large=("documents.text",),
            writes=("text_units",),
            version=1,
            owner="document_id",
            fingerprints=lambda tables, _: [
                (row["id"], digest(row["text"])) for row in tables["documents"].to_pylist()
            ],
            tasks=self.tasks,
            gather=self.gather,
        )
        self.survey = TableStage(
            name="survey", reads=("text_units",), writes=("lexicon",), version=1, run=self.count_words
        )

    def tasks(self, tables, section, ids, kept):
        texts = dict(zip(tables["documents"]["id"].to_pylist(), tables["documents"]["text"].to_pylist(), strict=True))
        return [Task(each, (), lambda _, text=texts[each]: self.ask(text)) for each in ids]

    def ask(self, text):
        reply = yield Request(messages=(Message("user", text),))
        return reply.text

    def gather(self, results):
        self.made.append(sorted(results))
        rows = [
            {"id": digest(each), "document_id": each, "position": 0, "start": 0, "end": 1, "n_tokens": 1}
            | {"heading": "", "text": text}
            for each, text in results.items()
        ]
        return {"text_units": pa.Table.from_pylist(rows, schema=TABLES["text_units"].schema)}

    def count_words(self, tables, section):
        self.made.append("survey")
        texts = tables["text_units"]["text"].to_pylist()
        rows = [{"kind": "word", "text": text, "decision": "common"} for text in sorted(set(texts))]
        return {"lexicon": pa.Table.from_pylist(rows, schema=TABLES["lexicon"].schema)}


def use(monkeypatch, stages):
    """Let these be the stages of the pipeline."""
    monkeypatch.setattr(pipeline, "STAGES", stages)
    monkeypatch.setattr(recipes, "STAGES", stages)
    monkeypatch.setattr(rowwise, "STAGES", stages)


@pytest.fixture
def toys(monkeypatch):
    toys = Toys()
    use(monkeypatch, (toys.chunk, toys.survey))
    return toys


@pytest.fixture
def store(tmp_path):
    return ParquetStore(tmp_path)


UPPER = ScriptedModel(lambda request: request.messages[-1].content.upper())


class Everyone(dict):
    """One model answers every stage."""

    def __init__(self, model):
        self.models = Models(model)

    def get(self, stage, default=None):
        return self.models


def run(store, documents, base=None, settings=None, model=UPPER):
    terms = Terms(settings or Settings())
    made = pipeline.run(store, base, documents, empty("failures"), terms, Everyone(model))
    number = base.version + 1 if base else 1
    return Manifest(version=number, tables=made.entries, stages=made.stages), made


def why(made):
    return {each.name: each.why for each in made.runs}


def test_a_stage_that_asks_a_model_runs_in_the_asyncio_driver(toys, store):
    manifest, _ = run(store, documents(a="one", b="two"))

    assert sorted(store.read("text_units", manifest.tables["text_units"])["text"].to_pylist()) == ["ONE", "TWO"]
    assert store.read("lexicon", manifest.tables["lexicon"])["text"].to_pylist() == ["ONE", "TWO"]


def test_rows_are_handed_on_to_stages_that_ask_while_others_are_made_and_each_is_asked_about_once(store, monkeypatch):
    asked, asking = [], threading.Event()

    def answer(request):
        asked.append(request.messages[-1].content)
        asking.set()
        return "seen"

    class Slow(Toys):
        def tasks(self, tables, section, ids, kept):
            return [Task(each, (), lambda _, each=each: self.make(each)) for each in ids]

        def make(self, each):
            assert each != "d" or asking.wait(timeout=10), "nothing was asked before the last row was made"
            return said(each)

        def gather(self, results):
            return super().gather({each: each for each in results})

    slow = Slow()
    mark = RowStage(
        name="vectorize",
        reads=("text_units",),
        writes=("vectors",),
        version=1,
        owner="id",
        early={"text_units": lambda rows: {"text_units": rows}},
        fingerprints=lambda tables, _: [(text, text) for text in tables["text_units"]["text"].to_pylist()],
        tasks=lambda _prepared, _section, ids, _kept: [
            Task(each, (), lambda _, each=each: slow.ask(each)) for each in ids
        ],
        gather=lambda _: {"vectors": empty("vectors")},
    )
    use(monkeypatch, (slow.chunk, mark))
    monkeypatch.setattr(rowwise, "_BIT", 2)
    texts = documents(a="one", b="two", c="three", d="four")
    models = {"vectorize": Models(ScriptedModel(answer))}

    made = pipeline.run(store, None, texts, empty("failures"), Terms(Settings()), models)

    assert sorted(asked) == ["a", "b", "c", "d"]
    assert made.entries["text_units"].rows == 4


def test_what_rows_made_early_are_made_from_is_made_once_and_given_to_all_rows_made_from_it(toys, store, monkeypatch):
    model, taken = ScriptedModel(lambda request: request.messages[-1].content.upper()), {}

    def asking(word, _results):
        reply = yield Request(messages=(Message("user", word),), max_tokens=10)
        return reply.text

    def named(tables):
        return {row["id"]: row["text"] for row in tables["text_units"].to_pylist()}

    def gather(results):
        taken.update(results)
        return {"vectors": empty("vectors")}

    late = RowStage(
        name="vectorize",
        reads=("text_units",),
        writes=("vectors",),
        version=1,
        owner="id",
        early={"text_units": lambda rows: {"text_units": rows.set_column(0, "id", rows["text"])}},
        fingerprints=lambda tables, _: named(tables).items(),
        tasks=lambda tables, _section, ids, _kept: [
            Task(each, (), partial(asking, named(tables)[each])) for each in ids
        ],
        gather=gather,
    )
    use(monkeypatch, (toys.chunk, late))
    models = {"chunk": Models(ScriptedModel({"one": "tea", "two": "tea", "three": "sea"})), "vectorize": Models(model)}

    pipeline.run(store, None, documents(a="one", b="two", c="three"), empty("failures"), Terms(Settings()), models)

    assert sorted(taken.values()) == ["SEA", "TEA", "TEA"]
    assert sorted(request.messages[-1].content for request in model.requests) == ["sea", "tea"]


def test_nothing_runs_again_when_nothing_has_changed(toys, store):
    first, _ = run(store, documents(a="one"))
    toys.made.clear()

    second, made = run(store, documents(a="one"), first)

    assert toys.made == []
    assert why(made) == {"chunk": "nothing changed", "survey": "nothing changed"}
    assert second.same_index(first)


def test_only_new_and_changed_rows_are_made_and_gone_ones_leave(toys, store):
    first, _ = run(store, documents(a="one", b="two", c="three"))
    toys.made.clear()

    second, made = run(store, documents(a="one", b="deux", d="four"), first)

    assert toys.made == [["b", "d"], "survey"]
    assert sorted(store.read("text_units", second.tables["text_units"])["text"].to_pylist()) == ["DEUX", "FOUR", "ONE"]
    assert why(made) == {"chunk": "documents changed", "survey": "text_units changed"}


def test_an_update_equals_a_rebuild(toys, store, tmp_path):
    first, _ = run(store, documents(a="one", b="two"))
    updated, _ = run(store, documents(b="deux", c="three"), first)

    rebuilt, _ = run(ParquetStore(tmp_path / "other"), documents(b="deux", c="three"))

    assert updated.tables == rebuilt.tables


class Words(str):
    """Words that one can see go."""


class Prepared(dict):
    """Tables that one can see go."""


def test_what_rows_are_made_from_is_gone_before_they_are_written(toys, store, monkeypatch):
    seen, left = [], []

    def gather(results):
        words = {each: Words(text) for each, text in results.items()}
        seen.extend(map(weakref.ref, words.values()))
        return toys.gather(words)

    def ask(text):
        words = Words((yield from toys.ask(text)))
        seen.append(weakref.ref(words))
        return words

    def tasks(tables, section, ids, kept):
        return [Task(each, (), lambda _, text=each: ask(text)) for each in ids]

    def write(store, name, *given):
        left.extend(name for each in seen if each())
        return keep(store, name, *given)

    keep = ParquetStore.write
    monkeypatch.setattr(ParquetStore, "write", write)
    use(monkeypatch, (replace(toys.chunk, gather=gather, tasks=tasks),))
    run(store, documents(a="one", b="two"))

    assert len(seen) == 4
    assert left == []


def test_what_a_stage_prepares_is_gone_before_its_rows_are_gathered(toys, store, monkeypatch):
    seen, left = [], []

    def prepare(tables, among):
        seen.append(weakref.ref(table := Prepared(tables)))
        return table

    def gather(results):
        left.extend(each() for each in seen)
        return toys.gather(results)

    use(monkeypatch, (replace(toys.chunk, prepare=prepare, gather=gather),))
    run(store, documents(a="one", b="two"))

    assert left == [None]


def documents_in(letters):
    """Two documents whose texts are halves of these bytes, which they share."""
    ends = pa.array([0, 3, 6], pa.int64()).buffers()[1]
    texts = pa.LargeStringArray.from_buffers(2, ends, pa.py_buffer(letters))
    table = documents(a="", b="")
    return table.set_column(3, table.schema.field(3), texts)


class Letters(bytearray):
    """Bytes that one can see go."""


def test_a_large_column_is_held_for_those_who_name_it_and_gone_before_rows_are_written(toys, store, monkeypatch):
    letters = Letters(b"onetwo")
    given, there, held = [documents_in(letters)], weakref.ref(letters), []
    del letters

    def count_words(tables, section):
        held.append(tables["documents"].column_names)
        return toys.count_words(tables, section)

    def write(store, name, *given):
        held.append((name, there() is not None))
        return keep(store, name, *given)

    keep = ParquetStore.write
    monkeypatch.setattr(ParquetStore, "write", write)
    use(monkeypatch, (toys.chunk, replace(toys.survey, reads=("documents", "text_units"), run=count_words)))
    pipeline.run(store, None, given.pop(), empty("failures"), Terms(Settings()), Everyone(UPPER))

    others = [name for name in TABLES["documents"].columns if name != "text"]
    assert held[:3] == [("documents", True), ("text_units", False), others]


def test_rows_that_are_made_when_they_are_asked_for_are_gathered_at_once(toys, store, monkeypatch):
    """All rows of a long document would else be waited for while others are made."""

    def tasks(tables, section, ids, kept):
        return [Task(each, (), lambda _, text=each: said(iter(text))) for each in ids]

    def gather(results):
        return toys.gather({each: "".join(text) for each, text in results.items()})

    use(monkeypatch, (replace(toys.chunk, tasks=tasks, gather=gather),))
    pipeline.run(store, None, documents(a="one", b="two"), empty("failures"), Terms(Settings()))

    assert toys.made == [["a"], ["b"]]


def test_rows_are_gathered_bit_by_bit(toys, store, monkeypatch, tmp_path):
    def tasks(tables, section, ids, kept):
        return [Task(each, (), lambda _, text=each: said(text)) for each in ids]

    use(monkeypatch, (replace(toys.chunk, tasks=tasks),))
    given = documents(**{f"d{number}": "one" for number in range(7)})
    found = []
    for bit in (7, 3):
        monkeypatch.setattr(rowwise, "_BIT", bit)
        place = ParquetStore(tmp_path / str(bit))
        found.append(pipeline.run(place, None, given, empty("failures"), Terms(Settings())).entries)

    assert [len(each) for each in toys.made] == [7, 3, 3, 1]
    assert found[0] == found[1]


def test_memory_is_given_back_where_many_rows_are_made_and_kept_for_an_update(toys, store, monkeypatch):
    given = []
    monkeypatch.setattr(rowwise, "_BIT", 2)
    monkeypatch.setattr(rowwise, "give_back", lambda: given.append(True))

    first, _ = run(store, documents(a="one", b="two", c="three"))
    assert given
    given.clear()
    run(store, documents(a="one", b="deux", c="three"), first)
    assert not given


def described(results):
    rows = [
        {"id": name, "kind": "entity", "text": text, "n_sources": 1, "text_unit_ids": []}
        for name, text in results.items()
    ]
    return {"descriptions": pa.Table.from_pylist(rows, schema=TABLES["descriptions"].schema)}


def test_only_parts_in_which_a_row_was_made_or_is_gone_are_written(toys, store, tmp_path, monkeypatch):
    refine = replace(toys.chunk, name="refine", writes=("descriptions",), owner="id", gather=described)
    use(monkeypatch, (refine,))
    monkeypatch.setattr(parquet, "_ROWS_A_PART", 2)
    first, _ = run(store, documents(a1="one", b1="two", b2="three", c1="four", c2="five"))
    hashed = []
    rest = parquet.content_hash
    monkeypatch.setattr(parquet, "content_hash", lambda table: hashed.append(table) or rest(table))

    second, _ = run(store, documents(a1="one", b1="two", b2="trois", c1="four", d1="six"), first)

    written = [table["id"].to_pylist() for table in hashed if "n_sources" in table.column_names]
    assert written == [["b1", "b2"], ["c1"], ["d1"]]
    rebuilt, _ = run(ParquetStore(tmp_path / "other"), documents(a1="one", b1="two", b2="trois", c1="four", d1="six"))
    assert second.tables == rebuilt.tables


def test_a_change_without_consequence_stops_there(toys, store):
    first, _ = run(store, documents(a="one"))
    retitled = documents(a="one").set_column(2, TABLES["documents"].schema.field("title"), pa.array(["other"]))

    _, made = run(store, retitled, first)

    assert why(made) == {"chunk": "documents changed", "survey": "nothing changed"}
    assert toys.made[2:] == []


def test_a_setting_of_the_stage_makes_all_its_rows_again(toys, store):
    first, _ = run(store, documents(a="one", b="two"))
    toys.made.clear()

    _, made = run(store, documents(a="one", b="two"), first, Settings(chunk=ChunkSettings(size=99)))

    assert why(made)["chunk"] == "settings changed"
    assert toys.made == [["a", "b"]]


@pytest.mark.parametrize("change", [{"version": 2}, {"made_with": {"library": "2"}}])
def test_another_version_of_a_stage_or_its_libraries_makes_all_its_rows_again(toys, store, monkeypatch, change):
    first, _ = run(store, documents(a="one"))
    toys.made.clear()
    use(monkeypatch, (replace(toys.chunk, **change), toys.survey))

    _, made = run(store, documents(a="one"), first)

    assert toys.made == [["a"]]
    assert why(made)["chunk"] in ("version changed", "libraries changed")


def test_a_row_that_fails_is_listed_and_the_others_are_kept(toys, store):
    manifest, _ = run(store, documents(a="one", b="two"), model=ScriptedModel({"one": "ONE"}))

    failures = store.read("failures", manifest.tables["failures"]).to_pylist()
    assert [(row["stage"], row["id"]) for row in failures] == [("chunk", "b")]
    assert store.read("text_units", manifest.tables["text_units"])["text"].to_pylist() == ["ONE"]


def test_a_row_that_failed_is_tried_again_in_the_next_run_and_no_other(toys, store):
    first, _ = run(store, documents(a="one", b="two"), model=ScriptedModel({"one": "ONE"}))
    toys.made.clear()

    second, made = run(store, documents(a="one", b="two"), first)

    assert toys.made[0] == ["b"]
    assert why(made)["chunk"] == "1 failed before"
    assert second.tables["failures"].rows == 0


def test_stale_says_what_another_run_would_run_and_why(toys, store):
    first, _ = run(store, documents(a="one"))

    def due(settings, base, changed):
        return [(stage.name, stage.why) for stage in recipes.stale(Terms(settings), base, documents_changed=changed)]

    assert due(Settings(), first, False) == []
    assert due(Settings(), None, True) == [("chunk", "first run"), ("survey", "first run")]
    assert due(Settings(chunk=ChunkSettings(size=99)), first, True) == [
        ("chunk", "settings changed, documents will change"),
        ("survey", "text_units will change"),
    ]


def test_a_stage_is_given_the_tables_of_the_last_version_that_it_brings_up_to_date(toys, store, monkeypatch):
    def words(tables):
        return tables["last.lexicon"]["text"].to_pylist()

    given = []
    survey = replace(
        toys.survey,
        last={"lexicon": ("text",)},
        run=lambda tables, section: given.append(words(tables)) or toys.count_words(tables, section),
    )
    use(monkeypatch, (toys.chunk, survey))
    first, _ = run(store, documents(a="one"))
    second, _ = run(store, documents(a="one", b="two"), first)

    assert why(run(store, documents(a="one", b="two"), second)[1])["survey"] == "nothing changed"
    use(monkeypatch, (toys.chunk, replace(survey, version=2)))
    run(store, documents(a="one", b="two"), second)

    assert given == [[], ["ONE"], []]


def test_progress_is_told_by_stage(toys, store):
    events = []

    pipeline.run(
        store,
        None,
        documents(a="1", b="2"),
        empty("failures"),
        Terms(Settings()),
        {"chunk": Models(UPPER)},
        on_event=events.append,
    )

    assert [(event.stage, event.done, event.total) for event in events] == [
        ("chunk", 0, 0),
        ("chunk", 1, 2),
        ("chunk", 2, 2),
        ("survey", 0, 0),
    ]


def test_a_stage_can_tell_what_a_person_should_know(toys, store, monkeypatch):
    def notes(tables, section):
        return [f"{tables['lexicon'].num_rows} words in {tables['text_units'].num_rows} units"]

    use(monkeypatch, (toys.chunk, replace(toys.survey, notes=notes)))

    first, made = run(store, documents(a="one", b="two"))

    assert made.notes == ["2 words in 2 units"]
    assert run(store, documents(a="one", b="two"), first)[1].notes == []


def test_a_bug_in_a_stage_leaves_the_last_version_in_force(toys, store, monkeypatch):
    first, _ = run(store, documents(a="one"))
    store.commit(first)
    monkeypatch.setattr(toys, "ask", lambda text: 1 / 0)

    with pytest.raises(ZeroDivisionError):
        run(store, documents(a="two"), first)

    assert store.existing() == first


def test_failures_are_rows_of_stage_id_and_error():
    rows = pipeline.failure_rows([("sources", "a.txt", "is empty")])

    assert rows.to_pylist() == [{"stage": "sources", "id": "a.txt", "error": "is empty"}]
    assert pc.sum(pc.equal(pipeline.failure_rows([])["stage"], "x")).as_py() is None


def test_said_is_a_conversation_that_asks_nothing():
    with pytest.raises(StopIteration) as end:
        next(said(3))

    assert end.value.value == 3
