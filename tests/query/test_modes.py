"""Which mode is chosen and why, and what each mode finds."""

from collections.abc import Callable

import pytest
from conftest import HARBOUR
from world import World

from graphrag_engine.errors import EmptyQuestion, UsageError
from graphrag_engine.query import MODES, along, answer, facts, paths, retrieve
from graphrag_engine.query.ask import find
from graphrag_engine.query.found import Found, Scope
from graphrag_engine.settings import QuerySettings
from graphrag_engine.stores.base import Store
from graphrag_engine.stores.reader import MappedStore


@pytest.fixture
def found(harbour_store: MappedStore) -> Callable[..., Found]:
    def ask(text: str, mode: str = "auto", *, level: int | None = None, **wanted: str) -> Found:
        allowed = harbour_store.within(wanted) if wanted else None
        return find(harbour_store, text, mode, Scope(level, allowed), 5)

    return ask


def texts(store: Store, found: Found) -> list[str]:
    return [row["text"] for row in store.rows("text_units", found.units.rows, ("text",))]


def titles(store: Store, found: Found) -> list[str]:
    return [row["title"] for row in store.rows("reports", found.reports.rows, ("title",))]


@pytest.mark.parametrize(
    ("question", "mode"),
    [
        ("Who commanded the Tern?", "local"),
        ("How is Ada Cross tied to Ruth Dane?", "path"),
        ("What are the main themes?", "global"),
        ("What do the sources disagree about?", "global"),
        ("What are the main conflicts in these documents?", "global"),
        ("Which owners imported freight across the coast?", "local"),
        ("Which owners sold their shares as freight rates fell?", "local"),
        ("Who discovered penicillin in a shed?", "vector"),
    ],
)
def test_the_mode_follows_from_the_question_and_the_trace_says_why(
    found: Callable[..., Found], question: str, mode: str
) -> None:
    asked = found(question)

    assert asked.mode == mode
    assert any(step["step"] == "mode" and step["mode"] == mode and step["why"] for step in asked.trace)


def test_an_unknown_mode_is_refused(found: Callable[..., Found]) -> None:
    with pytest.raises(UsageError, match="'drift'"):
        found("Who commanded the Tern?", "drift")


@pytest.mark.parametrize("mode", MODES)
def test_an_empty_question_is_refused_in_every_mode(found: Callable[..., Found], mode: str) -> None:
    with pytest.raises(EmptyQuestion):
        found(" ?! ", mode)


@pytest.mark.parametrize("mode", MODES)
def test_what_the_sources_do_not_say_is_not_grounded(found: Callable[..., Found], mode: str) -> None:
    assert not found("Who discovered penicillin in a shed?", mode).grounded


def test_half_of_the_words_in_one_text_unit_are_enough_without_a_name(found: Callable[..., Found]) -> None:
    assert found("Did freight rates fall?").grounded
    assert not found("Did parliament debate freight taxes on foreign butter?", "local").grounded


def test_a_report_that_shares_one_word_of_many_is_not_enough(found: Callable[..., Found]) -> None:
    asked = found("Did parliament debate wreck taxes on foreign butter?", "global")

    assert len(asked.reports.rows) > 0
    assert not asked.grounded


def test_local_finds_what_a_question_needs_two_texts_for(
    found: Callable[..., Found], harbour_store: MappedStore
) -> None:
    best = " ".join(texts(harbour_store, found("Who commanded the ship that sank off Gull Point?"))[:3])

    assert "sank off Gull Point" in best
    assert "Ada Cross commanded the Tern" in best


def test_local_brings_claims_ties_and_reports(found: Callable[..., Found]) -> None:
    asked = found("Who commanded the Tern?")

    assert len(asked.claims.rows) == 2
    assert len(asked.relationships.rows) >= 3
    assert len(asked.reports.rows) >= 1


def test_ties_that_only_say_that_names_stand_together_are_no_facts(
    found: Callable[..., Found], harbour_store: MappedStore
) -> None:
    rows = harbour_store.rows("relationships", found("Is Gull Point in Velm?").relationships.rows, ("type",))

    assert "mentioned with" not in {row["type"] for row in rows}


def test_vector_ranks_by_words_alone(found: Callable[..., Found], harbour_store: MappedStore) -> None:
    asked = found("Who was the pilot?", "vector")

    assert "a pilot" in texts(harbour_store, asked)[0]
    assert len(asked.entities.rows) == 0


def test_global_chooses_reports_that_match(found: Callable[..., Found], harbour_store: MappedStore) -> None:
    assert titles(harbour_store, found("Why did the Lorne Line fail?", "global"))[0] == "Lorne Line"


def test_global_never_takes_a_report_and_a_part_of_it(found: Callable[..., Found], harbour_store: MappedStore) -> None:
    chosen = titles(harbour_store, found("What became of the Tern and Ada Cross?", "global"))

    assert not {"Velm and its harbour", "Tern and her crew"} <= set(chosen)


def test_a_part_is_taken_where_it_matches_better(found: Callable[..., Found], harbour_store: MappedStore) -> None:
    assert titles(harbour_store, found("Who drowned that night?", "global"))[0] == "Tern and her crew"


def test_a_question_about_the_whole_takes_the_best_rated_reports(
    found: Callable[..., Found], harbour_store: MappedStore
) -> None:
    assert titles(harbour_store, found("What are the main themes?")) == ["Velm and its harbour", "Lorne Line"]


@pytest.mark.parametrize("mode", ["auto", "global"])
def test_a_broad_question_without_a_shared_word_takes_the_leading_reports(
    found: Callable[..., Found], harbour_store: MappedStore, mode: str
) -> None:
    asked = found("What are the main melodies in these documents?", mode)

    assert asked.grounded
    assert titles(harbour_store, asked) == ["Velm and its harbour", "Lorne Line"]
    assert any("best rated reports" in step["why"] for step in asked.trace)


def test_a_question_after_disputes_finds_where_something_is_denied(
    found: Callable[..., Found], harbour_store: MappedStore
) -> None:
    assert "denied" in texts(harbour_store, found("What do the sources disagree about?"))[0]


@pytest.mark.parametrize("mode", MODES)
def test_a_level_that_is_not_there_is_refused_with_those_that_are(harbour_store: MappedStore, mode: str) -> None:
    with pytest.raises(UsageError, match=r"reports on levels 0 to 1; there is no level 9\.") as refused:
        answer(harbour_store, "What of the Tern?", mode=mode, level=9, settings=QuerySettings(), index_version=1)

    assert "level 9" in str(refused.value)


def test_a_filter_by_what_no_document_states_is_refused_with_what_they_do(harbour_store: MappedStore) -> None:
    with pytest.raises(UsageError, match=r"No document has 'nonsense' in its metadata; known: kind, year\."):
        retrieve(harbour_store, "What of the Tern?", filter={"nonsense": "1"})


@pytest.mark.parametrize("mode", MODES)
def test_a_range_of_what_documents_state_is_a_filter_in_every_mode(harbour_store: MappedStore, mode: str) -> None:
    question = "Who commanded the Tern that sank off Gull Point?"
    hits = retrieve(harbour_store, question, mode=mode, filter={"year": "1900..1910"})

    assert {hit.document for hit in hits} <= {"ships/tern.md"}
    assert retrieve(harbour_store, question, mode=mode, filter={"year": "1904.."}) == []
    with pytest.raises(UsageError, match="before it begins"):
        retrieve(harbour_store, question, mode=mode, filter={"year": "1910..1900"})


def test_source_is_always_a_key_of_filters(stored: Callable[[World], Store]) -> None:
    store = stored(World(documents={"a.md": "The Tern sank."}))

    assert len(retrieve(store, "What of the Tern?", filter={"source": "a.md"})) == 1
    with pytest.raises(UsageError, match="only source"):
        retrieve(store, "What of the Tern?", filter={"year": "1903"})


@pytest.mark.parametrize("mode", ["local", "global", "path"])
def test_only_reports_of_the_level_are_used(found: Callable[..., Found], harbour_store: MappedStore, mode: str) -> None:
    assert titles(harbour_store, found("Who commanded the Tern?", mode, level=1)) == ["Tern and her crew"]
    assert titles(harbour_store, found("Who commanded the Tern?", mode, level=9)) == []


@pytest.mark.parametrize("mode", ["local", "global", "path", "vector"])
def test_a_filter_keeps_everything_to_its_documents(
    found: Callable[..., Found], harbour_store: MappedStore, mode: str
) -> None:
    asked = found("Who commanded the Tern that sank off Gull Point?", mode, source="places")
    allowed = harbour_store.within({"source": "places"})
    claims = harbour_store.values("claims", "text_unit", asked.claims.rows)
    ties = harbour_store.rows("relationships", asked.relationships.rows, ("text_units",))

    assert set(asked.units.rows) <= set(allowed)
    assert set(claims) <= set(allowed)
    assert all(set(tie["text_units"]) & set(allowed) for tie in ties)
    assert titles(harbour_store, asked) == []


def test_a_name_outside_the_filter_is_missing(found: Callable[..., Found]) -> None:
    assert "the Lorne Line" in found("Who paid the Lorne Line?", source="places").asked.links.missing


def test_a_filter_that_nothing_matches_finds_nothing(found: Callable[..., Found]) -> None:
    assert not found("Who commanded the Tern?", source="nowhere").grounded


def test_retrieve_gives_ranked_hits(harbour_store: MappedStore) -> None:
    hits = retrieve(harbour_store, "Who commanded the Tern?", mode="local", k=3)

    assert [hit.document for hit in hits][:2] == ["ships/tern.md", "ships/tern.md"]
    assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)
    assert all(HARBOUR.documents[hit.document][hit.start :].startswith(hit.text) for hit in hits)


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("question", ["Who commanded the Tern?", "What are the main themes?", "penicillin"])
def test_retrieve_ranks_what_an_answer_in_its_mode_rests_on(
    harbour_store: MappedStore, mode: str, question: str
) -> None:
    found = find(harbour_store, question, mode, Scope(), 3).units
    ids = [row["id"] for row in harbour_store.rows("text_units", found.rows, ("id",))]

    assert [hit.id for hit in retrieve(harbour_store, question, mode=mode, k=3)] == ids


@pytest.mark.parametrize("mode", ["auto", "local", "path"])
def test_retrieve_looks_for_no_paths_and_nothing_that_hangs_on_the_text_units(
    harbour_store: MappedStore, mode: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module, name in ((paths, "between"), (along, "walks"), (facts, "relationships"), (facts, "reports")):
        monkeypatch.delattr(module, name)

    assert retrieve(harbour_store, "How is Ada Cross tied to Ruth Dane?", mode=mode)
