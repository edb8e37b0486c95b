"""A harbour in eleven paragraphs, and stores made of small worlds."""

from collections.abc import Callable
from pathlib import Path

import pytest
from world import World

from graphrag_engine.stores import derived
from graphrag_engine.stores.reader import MappedStore, save

HARBOUR = World(
    documents={
        "ships/tern.md": (
            "The Tern is a steam collier of 400 tons. Ada Cross commanded the Tern from 1901.\n\n"
            "The Tern sank off Gull Point in March 1903. Six men drowned that night."
        ),
        "people/cross.md": (
            "Ada Cross was born at Velm. She learned her trade from Tom Pell, a pilot.\n\n"
            "Tom Pell denied that he had taught her. His letters say so."
        ),
        "places/gull.md": (
            "Gull Point is a headland north of Velm. Its lamp was lit by Ruth Dane.\n\n"
            "Ruth Dane kept a journal of every wreck."
        ),
        "trade/lorne.txt": (
            "The Lorne Line bought coal in Velm. The Lorne Line failed after the wreck.\n\n"
            "Freight rates fell across the coast. Many owners sold their shares."
        ),
    },
    names={
        "Tern|Old Tern": "work",
        "Ada Cross|Captain Cross": "person",
        "Tom Pell": "person",
        "Gull Point": "place",
        "Velm": "place",
        "Ruth Dane": "person",
        "Lorne Line": "organisation",
        "1903": "date",
    },
    ties=(
        ("Ada Cross", "commanded", "Tern"),
        ("Tern", "sank off", "Gull Point"),
        ("Ada Cross", "learned from", "Tom Pell"),
        ("Ruth Dane", "lit", "Gull Point"),
        ("Lorne Line", "bought coal in", "Velm"),
        ("Gull Point", "mentioned with", "Velm"),
    ),
    claims=(
        ("Tern", "sank off", "Gull Point", "TRUE", "1903-03"),
        ("Ada Cross", "learned from", "Tom Pell", "SUSPECTED", None),
    ),
    reports={
        "Velm and its harbour": (
            0,
            None,
            ("Tern", "Ada Cross", "Tom Pell", "Velm", "Gull Point"),
            ("The Tern sank off Gull Point in March 1903.",),
        ),
        "Tern and her crew": (
            1,
            "Velm and its harbour",
            ("Tern", "Ada Cross", "Tom Pell"),
            ("Ada Cross commanded the Tern from 1901.", "Six men drowned that night."),
        ),
        "Lorne Line": (0, None, ("Lorne Line", "Ruth Dane"), ("The Lorne Line failed after the wreck.",)),
    },
    metadata={"ships/tern.md": {"year": 1903, "kind": ["ship", "wreck"]}, "people/cross.md": {"kind": "person"}},
)

YARD = World(
    documents={
        "point.md": "The Tern sank off Gull Point. The wind was high at Gull Point.",
        "tern.md": "The Tern was launched as the Swan.",
        "swan.md": "The Swan was built by Pell and Sons on the river.",
        "pell.md": "Pell and Sons was founded by Tom Pell in 1868.",
        "other.md": "Reed Brothers was founded by Jack Reed. Reed Brothers built the Heron.",
    },
    names={
        "Tern": "work",
        "Swan": "work",
        "Heron": "work",
        "Gull Point": "place",
        "1868": "date",
        "Pell and Sons": "organisation",
        "Reed Brothers": "organisation",
        "Tom Pell": "person",
        "Jack Reed": "person",
    },
    ties=(
        ("Tern", "sank off", "Gull Point"),
        ("Tern", "launched as", "Swan"),
        ("Swan", "built by", "Pell and Sons"),
        ("Pell and Sons", "founded by", "Tom Pell"),
        ("Pell and Sons", "sold by", "Tom Pell"),
        ("Reed Brothers", "founded by", "Jack Reed"),
        ("Reed Brothers", "built", "Heron"),
    ),
)
"""A yard that is three ties away from a wreck; one tie that no sentence states."""


@pytest.fixture
def stored(tmp_path: Path) -> Callable[[World], MappedStore]:
    """Writes a world as derived files and opens them."""

    def make(world: World) -> MappedStore:
        folder = tmp_path / str(len(list(tmp_path.iterdir())))
        folder.mkdir()
        save(folder, derived.build(world.tables()))
        return MappedStore(folder)

    return make


@pytest.fixture
def harbour_store(stored: Callable[[World], MappedStore]) -> MappedStore:
    return stored(HARBOUR)
