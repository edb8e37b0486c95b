"""The answer: cited to the character, readable, the same in text and JSON."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace

import pytest
from conftest import HARBOUR, YARD
from world import World

from graphrag_engine.query import answer
from graphrag_engine.query.answer import Answer
from graphrag_engine.settings import QuerySettings
from graphrag_engine.stores.base import Store
from graphrag_engine.stores.reader import MappedStore

QUESTIONS = [
    ("Who commanded the ship that sank off Gull Point?", "auto"),
    ("How is Ada Cross tied to Ruth Dane?", "auto"),
    ("What are the main themes?", "auto"),
    ("What became of the Tern?", "global"),
    ("Did freight rates fall?", "vector"),
    ("Who learned from Tom Pell, and commanded what?", "path"),
]
KEYS = (
    "question mode answer text_units citations entities relationships claims reports paths trace usage grounded "
    "index_version"
)


def ask(store: Store, text: str, mode: str = "auto", **wanted: str) -> Answer:
    return answer(store, text, mode=mode, filter=wanted, settings=QuerySettings(), index_version=7)


def section(text: str, heading: str) -> str:
    """The lines under a heading."""
    return (text.partition(f"\n{heading}")[2].partition("\n")[2]).partition("\n\n")[0]


@pytest.mark.parametrize(("question", "mode"), QUESTIONS)
def test_every_quote_is_exactly_its_slice_of_the_document(harbour_store: MappedStore, question: str, mode: str) -> None:
    given = ask(harbour_store, question, mode)

    assert given.citations
    for each in given.citations:
        assert HARBOUR.documents[each.document][each.start : each.end] == each.quote != ""


@pytest.mark.parametrize(("question", "mode"), QUESTIONS)
def test_every_mark_in_the_text_is_a_citation(harbour_store: MappedStore, question: str, mode: str) -> None:
    given = ask(harbour_store, question, mode)
    marks = {int(mark) for mark in re.findall(r"\[(\d+)\]", given.text)}

    assert marks
    assert marks <= {each.n for each in given.citations}
    assert [each.n for each in given.citations] == list(range(1, len(given.citations) + 1))


@pytest.mark.parametrize(("question", "mode"), QUESTIONS)
def test_no_slice_is_cited_twice_and_no_sentence_shown_twice(
    harbour_store: MappedStore, question: str, mode: str
) -> None:
    given = ask(harbour_store, question, mode)
    shown = [line.strip() for line in given.text.splitlines() if line.strip()]

    assert len({(each.document, each.start, each.end) for each in given.citations}) == len(given.citations)
    assert len({each.id for each in given.citations}) == len(given.citations)
    assert all(sum(each.quote in line for line in shown) <= 1 for each in given.citations)


@pytest.mark.parametrize(("question", "mode"), QUESTIONS)
def test_the_text_fits_a_screen_and_shows_no_ids(harbour_store: MappedStore, question: str, mode: str) -> None:
    given = ask(harbour_store, question, mode)

    assert len(given.text.splitlines()) <= 45
    assert not any(unit.id in given.text for unit in given.text_units)


def test_the_passage_that_answers_comes_first(harbour_store: MappedStore) -> None:
    given = ask(harbour_store, "When was the Tern wrecked off Gull Point?")

    assert "March 1903. [1]" in section(given.text, "PASSAGES").splitlines()[1]
    assert "sank off Gull Point" in given.text_units[0].text


def test_what_was_understood_is_said(harbour_store: MappedStore) -> None:
    text = ask(harbour_store, "Did Captain Cross know Lord Penrose of the Old Tern?").text

    assert "'Captain Cross' as another name of Ada Cross (person)" in text
    assert "Not known here: 'Lord Penrose'" in text


def test_claims_show_date_and_doubt(harbour_store: MappedStore) -> None:
    claims = section(ask(harbour_store, "What became of the Tern and Ada Cross?").text, "CLAIMS")

    assert "(1903-03)" in claims
    assert "(unconfirmed)" in claims


def test_a_fact_that_a_claim_states_is_not_told_again(harbour_store: MappedStore) -> None:
    text = ask(harbour_store, "What became of the Tern?").text

    assert "sank off" in section(text, "CLAIMS")
    assert "sank off" not in section(text, "FACTS")


def test_paths_are_drawn_as_trees_in_the_direction_of_their_ties(harbour_store: MappedStore) -> None:
    drawn = section(ask(harbour_store, "How is Ada Cross tied to Ruth Dane?").text, "PATHS")

    assert re.sub(r"\d", "n", drawn).splitlines() == [
        "  Ada Cross",
        "  \u2514 \u2013commanded\u2192 Tern [n]",
        "    \u2514 \u2013sank off\u2192 Gull Point [n]",
        "      \u2514 \u2190lit\u2013 Ruth Dane [n]",
    ]


def test_a_tie_that_no_sentence_states_is_not_shown(stored: Callable[[World], Store]) -> None:
    given = ask(stored(YARD), "Who sold Pell and Sons? Tom Pell?")

    assert "sold by" not in given.text
    assert "sold by" not in {each.type for each in given.relationships}
    assert "founded by" in {each.type for each in given.relationships}


@pytest.mark.parametrize("world", [HARBOUR, YARD])
def test_facts_are_cited_with_a_sentence_that_names_both_ends(stored: Callable[[World], Store], world: World) -> None:
    given = ask(stored(world), "What of Gull Point, the Tern, Ada Cross, Pell and Sons?")
    quotes = {each.n: each.quote for each in given.citations}

    assert given.relationships
    for each in given.relationships:
        said = quotes[each.citations[0]]
        named = [each.source in said, each.target in said]
        assert all(named) or (any(named) and said.startswith(("She ", "Its ")))


@pytest.mark.parametrize(("mode", "heading"), [("auto", "PATHS"), ("path", "PATHS"), ("local", "FACTS")])
def test_what_leads_to_what_is_asked_for_is_shown_once_and_its_passages_move_up(
    stored: Callable[[World], Store], mode: str, heading: str
) -> None:
    given = ask(stored(YARD), "Who founded the yard that built the ship which sank off Gull Point?", mode)
    chain = ["sank off", "launched as", "built by", "founded by"]
    passages = section(given.text, "PASSAGES")

    assert re.findall("|".join(chain), section(given.text, heading)) == chain
    assert all(words in passages for words in ("sank off", "launched as", "built by Pell", "founded by Tom Pell"))
    assert given.text.count("founded by\u2192") == 1


def test_a_passage_without_a_name_or_word_of_the_question_is_not_shown(stored: Callable[[World], Store]) -> None:
    documents = {"a.md": "The Tern sank.", "b.md": "# The Tern\n| Tern | 1903 |", "c.md": "Ruth Dane kept a lamp."}
    ties = (("Tern", "known to", "Ruth Dane"),)
    store = stored(World(documents=documents, names={"Tern": "work", "Ruth Dane": "person"}, ties=ties))
    given = ask(store, "What became of the Tern?")

    assert len(section(given.text, "PASSAGES").splitlines()) == 2
    assert {hit.document for hit in given.text_units} == {"a.md", "b.md", "c.md"}


def test_one_passage_is_shown_even_where_it_is_but_a_heading(stored: Callable[[World], Store]) -> None:
    assert "# The Old Tern" not in ask(stored(World(documents={"a.md": "# The Old Tern"})), "Tern?").text
    assert "The Old Tern [1]" in ask(stored(World(documents={"a.md": "# The Old Tern"})), "Tern?").text


def test_sentences_that_do_not_adjoin_are_joined_by_a_mark(stored: Callable[[World], Store]) -> None:
    apart = "The Tern sank fast. Rain fell. The Tern was insured by Pell."
    near = "The Tern sank fast. The Tern was insured by Pell."

    assert "fast. [1] \u2026 The" in ask(stored(World(documents={"a.md": apart})), "Was the sunk tern insured?").text
    assert "fast. [1] The" in ask(stored(World(documents={"a.md": near})), "Was the sunk tern insured?").text


BORN = World(
    documents={"a.md": "Ada Cross sailed from Velm. Ada Cross left Gull Point in 1903."},
    names={"Ada Cross": "person", "Velm": "place", "Gull Point": "place", "1903": "date"},
)


def test_words_of_the_question_that_no_sentence_holds_are_said_and_nothing_is_guessed(
    stored: Callable[[World], Store],
) -> None:
    given = ask(stored(BORN), "Where was Ada Cross born?")

    assert given.grounded
    assert "The sources speak of Ada Cross, but none of these words: born." in given.text
    assert "POSSIBLE" not in given.text
    assert "none of these words" not in ask(stored(BORN), "Where did Ada Cross leave?").text


def test_candidates_stand_beside_a_word_of_the_question_and_once(stored: Callable[[World], Store]) -> None:
    text = ask(stored(BORN), "Where did Ada Cross leave?").text

    assert section(text, "POSSIBLE (PLACE), UNCHECKED").strip() == "Gull Point [1]"


def test_the_sentence_with_the_date_answers_when(stored: Callable[[World], Store]) -> None:
    names = {"Lorne Line": "organisation", "1874": "date", "Velm": "place"}
    text = "The Lorne Line was a firm of Velm. It was founded by two brothers, with a loan, in 1874."
    store = stored(
        World(documents={"lorne line.md": text, "b.md": "The bank was founded by Lorne in Velm."}, names=names)
    )

    assert "in 1874. [1]" in section(ask(store, "When was the Lorne Line founded?").text, "PASSAGES").splitlines()[1]


def test_the_answering_sentence_comes_before_those_that_only_name_the_topic(
    stored: Callable[[World], Store],
) -> None:
    text = "Reed Brothers was a yard. They built ships. Reed Brothers was old. When Pell left them, he built in iron."
    store = stored(
        World(documents={"reed brothers.md": text}, names={"Reed Brothers": "organisation", "Pell": "person"})
    )

    assert "When Pell left" in section(ask(store, "When did Pell leave Reed Brothers?").text, "PASSAGES")


def test_a_question_after_disputes_shows_claims_in_doubt_first(harbour_store: MappedStore) -> None:
    text = ask(harbour_store, "What were the disputes over the Tern and Ada Cross?", "local").text

    assert "(unconfirmed)" in section(text, "CLAIMS").splitlines()[0]
    text = ask(harbour_store, "What were the disputes over the trade?", "global").text
    assert "(unconfirmed)" in section(text, "CLAIMS")
    assert "sank off" not in section(text, "CLAIMS")


def test_a_candidate_is_not_a_part_of_another(stored: Callable[[World], Store]) -> None:
    names = {"Tern": "work", "Ada Cross": "person", "Cross": "person"}
    store = stored(World(documents={"a.md": "Ada Cross commanded the Tern.", "b.md": "Cross wept."}, names=names))
    text = ask(store, "Who commanded the Tern?").text

    assert section(text, "POSSIBLE (PERSON OR ORGANISATION), UNCHECKED").strip() == "Ada Cross [1]"


def test_a_passage_that_moved_up_is_among_the_text_units(stored: Callable[[World], Store]) -> None:
    many = {f"{n}.md": "Gull Point was the ship yard which founded, sank and built." for n in range(8)}
    store = stored(replace(YARD, documents={**YARD.documents, **many}))
    given = ask(store, "Who founded the yard that built the ship which sank off Gull Point?")
    shown = {each.text_unit for each in given.citations if f"[{each.n}]" in section(given.text, "PASSAGES")}

    assert "was founded by Tom Pell" in section(given.text, "PASSAGES")
    assert len(given.text_units) > 5
    assert shown <= {hit.id for hit in given.text_units}


def test_a_name_of_several_is_told_once(stored: Callable[[World], Store]) -> None:
    names = {"Elias Vale": "person", "Edith Vale": "person", "Tern": "name"}
    store = stored(World(documents={"a.md": "Elias Vale met Edith Vale on the Tern."}, names=names))

    assert "Understood: 'Captain Vale' may be" in ask(store, "Did Captain Vale sail?").text
    assert "(name)" not in ask(store, "What of the Tern?").text


def test_a_filter_without_a_document_says_so(harbour_store: MappedStore) -> None:
    given = ask(harbour_store, "Who commanded the Tern?", source="nowhere")

    assert not given.grounded
    assert given.text == "Nothing found: no document matches the filter source=nowhere."


@pytest.mark.parametrize(("question", "mode"), QUESTIONS)
def test_every_citation_is_referred_to(harbour_store: MappedStore, question: str, mode: str) -> None:
    given = ask(harbour_store, question, mode)
    parts = [*given.relationships, *given.claims, *given.reports, *given.paths]
    parts += [finding for report in given.reports for finding in report.findings]
    used = {n for part in parts for n in part.citations} | {int(mark) for mark in re.findall(r"\[(\d+)\]", given.text)}

    assert {each.n for each in given.citations} == used


def test_a_report_of_disputes_shows_no_finding_that_speaks_of_none(stored: Callable[[World], Store]) -> None:
    quotes = ("The 1890s were the best decade.", "The owners disagreed about the fire.")
    world = World(
        documents={"a.md": " ".join(quotes)}, names={"Tern": "work"}, reports={"Tern": (0, None, ("Tern",), quotes)}
    )
    text = ask(stored(world), "What were the main disputes?", "global").text

    assert "The owners disagreed about the fire." in text
    assert "best decade" not in text


def test_without_any_dispute_the_leading_reports_are_shown_whole(stored: Callable[[World], Store]) -> None:
    quotes = ("The 1890s were the best decade.",)
    world = World(documents={"a.md": quotes[0]}, names={"Tern": "work"}, reports={"Tern": (0, None, ("Tern",), quotes)})
    given = ask(stored(world), "What do the sources disagree about?")

    assert given.grounded
    assert quotes[0] in section(given.text, "REPORTS")


def test_candidates_are_of_the_type_asked_for_and_called_possible(harbour_store: MappedStore) -> None:
    text = ask(harbour_store, "Who commanded the ship that sank off Gull Point?").text

    assert "Ada Cross" in section(text, "POSSIBLE (PERSON OR ORGANISATION), UNCHECKED")
    assert "POSSIBLE" not in ask(harbour_store, "Why did the Tern sink?").text


def test_nothing_found_is_said_and_cites_nothing(harbour_store: MappedStore) -> None:
    given = ask(harbour_store, "Who discovered Penicillin in a shed?")

    assert not given.grounded
    assert given.text.startswith("Nothing found")
    assert "'Penicillin'" in given.text
    assert given.citations == given.text_units == ()


def test_the_json_document_has_the_promised_shape(harbour_store: MappedStore) -> None:
    document = json.loads(json.dumps(ask(harbour_store, "How is Ada Cross tied to Ruth Dane?").to_dict()))

    assert list(document) == KEYS.split()
    assert list(document["text_units"][0]) == ["id", "document", "title", "start", "score", "text"]
    cited = ["id", "n", "document", "title", "page", "text_unit", "start", "end", "quote"]
    assert list(document["citations"][0]) == cited
    assert document["usage"] == {"requests": 0, "prompt_tokens": 0, "completion_tokens": 0, "cost_usd": 0.0}
    assert document["paths"][0]["steps"][2]["forward"] is False
    assert document["index_version"] == 7


def test_findings_of_reports_are_renumbered_to_the_answer(harbour_store: MappedStore) -> None:
    given = ask(harbour_store, "What became of the Tern?", "global")
    quotes = {each.n: each.quote for each in given.citations}

    for report in given.reports:
        assert all(quotes[finding.citations[0]] == finding.summary for finding in report.findings)


def test_a_report_keeps_no_marks_of_its_own_numbering(harbour_store: MappedStore) -> None:
    for report in ask(harbour_store, "What became of the Tern?", "global").reports:
        assert "[1]" not in report.summary


def test_a_sentence_that_two_documents_share_is_shown_once(stored: Callable[[World], Store]) -> None:
    store = stored(World(documents={"a.md": "The Tern sank.", "b.md": "The Tern sank."}, names={"Tern": "work"}))

    assert ask(store, "What of the Tern?").text.count("The Tern sank.") == 1


def test_the_same_question_gets_the_same_answer(stored: Callable[[World], Store]) -> None:
    first, second = (ask(stored(HARBOUR), QUESTIONS[0][0]) for _ in range(2))

    assert first == second


def test_the_answer_does_not_depend_on_the_hash_seed(harbour_store: MappedStore) -> None:
    script = (
        "import sys, json, pathlib; from graphrag_engine.query import answer;"
        "from graphrag_engine.settings import QuerySettings; from graphrag_engine.stores.reader import MappedStore;"
        "store = MappedStore(pathlib.Path(sys.argv[1]));"
        "given = answer(store, sys.argv[2], settings=QuerySettings(), index_version=7);"
        "print(json.dumps(given.to_dict()))"
    )
    command = [sys.executable, "-c", script, str(harbour_store.folder), QUESTIONS[1][0]]
    first, second = (
        subprocess.run(command, env={**os.environ, "PYTHONHASHSEED": seed}, capture_output=True, check=True).stdout
        for seed in ("1", "2")
    )

    assert first == second
    assert json.loads(first)["grounded"]


def test_a_question_of_100_000_characters_is_answered(harbour_store: MappedStore) -> None:
    given = ask(harbour_store, "Who commanded the Tern? " + "wreck lamp Velm " * 6250)

    assert given.grounded
    assert given.trace[0]["step"] == "read"


def test_an_index_without_a_graph_still_answers(stored: Callable[[World], Store]) -> None:
    given = ask(stored(World(documents={"a.md": "Freight rates fell across the coast."})), "Did freight rates fall?")

    assert given.grounded
    assert given.text_units[0].text == "Freight rates fell across the coast."


def test_an_empty_index_finds_nothing(stored: Callable[[World], Store]) -> None:
    assert not ask(stored(World(documents={})), "Did freight rates fall?").grounded
