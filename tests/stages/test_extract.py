import random

import pyarrow.compute as pc
import pytest
from graph_tables import fingerprints
from stages.offline_tables import corpus, extracted, results, rows

from graphrag_engine.schema import TABLES
from graphrag_engine.stages import extract, survey
from graphrag_engine.stages.base import Asking

RULES = Asking(None)

TEXTS = {
    "Salt Ness": [
        "Salt Ness is a port in the north. Captain Elias Vale was harbourmaster there from 1898 to 1911.",
        "Local people say that the Northern Grace sank in 1902. Vale denied it.",
    ],
    "Lorne Line": "The Lorne Line was founded in Port Cray by Ida Lorne in 1871. It bought the Northern Grace in 1899.",
}


def surveyed(texts):
    tables = corpus(texts)
    return {**tables, **survey.STAGE.run(tables, None)}


def test_every_grounded_name_and_quote_is_exactly_its_slice_of_the_text_unit():
    made = extracted(corpus(TEXTS))
    text = dict(zip(made["text_units"]["id"].to_pylist(), made["text_units"]["text"].to_pylist(), strict=True))

    for row in made["entity_mentions"].to_pylist():
        assert not row["grounded"] or text[row["text_unit_id"]][row["start"] : row["end"]] == row["name"]
    for row in made["claim_mentions"].to_pylist():
        assert text[row["text_unit_id"]][row["start"] : row["end"]] == row["quote"]


def test_the_document_s_title_is_mentioned_by_units_that_do_not_write_it():
    mentions = extracted(corpus(TEXTS))["entity_mentions"].to_pylist()

    of_second = [row for row in mentions if row["text_unit_id"] == "Salt Ness/1" and row["name"] == "Salt Ness"]

    assert [(row["start"], row["end"], row["grounded"]) for row in of_second] == [(None, None, False)]


@pytest.mark.parametrize("table", ["entity_mentions", "relationship_mentions", "claim_mentions"])
def test_a_corpus_without_text_gives_empty_tables_of_the_right_columns(table):
    made = extracted(corpus({}))

    assert made[table].equals(TABLES[table].schema.empty_table())


def test_a_unit_is_read_again_when_its_own_words_flip_and_no_other():
    before = surveyed({**TEXTS, "c": "They met Orrin near the quay."})
    after = surveyed({**TEXTS, "c": "They met orrin near the local quay, a Local man."})
    old, new = (fingerprints(extract.STAGE, tables, RULES) for tables in (before, after))

    assert {unit for unit in new if new[unit] != old[unit]} == {"c/0", "Salt Ness/1"}


WORDS = "Vale Elias Grace Northern Local local Hart harbour the met in Port Cray and of saw Quay . . . , 1902".split()


@pytest.mark.parametrize("seed", range(12))
def test_extraction_after_random_edits_equals_a_rebuild(seed):
    chance = random.Random(seed)  # noqa: S311  # a test's dice, not a secret
    texts = {f"d{n}": [" ".join(chance.choices(WORDS, k=25)) for _ in range(2)] for n in range(5)}
    before = surveyed(texts)
    known = fingerprints(extract.STAGE, before, RULES)
    kept = extract.STAGE.gather(results(before, list(known)))

    texts[f"d{chance.randrange(5)}"] = [" ".join(chance.choices(WORDS, k=25))]
    after = surveyed(texts)
    wanted = fingerprints(extract.STAGE, after, RULES)
    todo = [unit for unit in wanted if known.get(unit) != wanted[unit]]
    made = extract.STAGE.gather(results(after, todo))

    rebuilt = extract.STAGE.gather(results(after, list(wanted)))
    for name, table in rebuilt.items():
        carried = [row for row in kept[name].to_pylist() if row["text_unit_id"] in wanted.keys() - set(todo)]
        updated = rows(name, [tuple(row.values()) for row in [*carried, *made[name].to_pylist()]])
        assert in_order(updated).equals(in_order(table))


def in_order(table):
    return table.take(pc.sort_indices(table, [(name, "ascending") for name in table.column_names]))
