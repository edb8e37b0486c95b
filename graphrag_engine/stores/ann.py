"""Approximate search among many vectors: three functions over one file, so that another library can take its place.

An inverted file over 4 * sqrt(n) cells of 8-bit vectors (IVF: Jégou, Douze and Schmid 2011), by faiss, the extra `ann`.
It only proposes: whoever searches ranks again by the vectors themselves. How many cells a search must look into is
found when the index is built, by the share of the exact answers that it finds, and stored beside it as JSON.
"""

import json
from dataclasses import asdict, dataclass, replace
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from graphrag_engine.stores.base import Rows
from graphrag_engine.stores.sparse import highest

Matrix = npt.NDArray[np.float32]
"""One vector a row."""

PACKAGE = "faiss-cpu"
_CELLS = 4
"""Cells for each root of the number of vectors."""
_TRAINED = 40
"""Vectors for each cell that the cells are found from."""
_SAMPLE, _FIRST, _RECALL = 200, 20, 0.97
"""Of so many vectors the first so many neighbours are looked for, and this share of them must be found."""
_ASIDE = 0.5
"""How far the vectors looked for are drawn to another one: a question is none of the texts, and lies between some."""
_BATCH = 20
"""Vectors compared with all others at once."""
_PROPOSED = 4
"""Rows proposed for each that is asked for."""
_SEED = 20


@dataclass(frozen=True)
class About:
    """What is known of an index."""

    library: str
    factory: str
    """The kind of index, in faiss' own words."""
    rows: int
    probes: int
    """Cells that a search looks into."""
    recall: float
    """Share of the exact first 20 that were found when it was built."""


@dataclass(frozen=True)
class Index:
    """An open index."""

    about: About
    searcher: Any
    """A faiss index."""


def installed() -> bool:
    """Whether there is a library to build and search with."""
    return find_spec("faiss") is not None


def about(path: Path) -> Path:
    """The file that tells of the index at *path*; it is written last."""
    return path.with_suffix(".json")


def build(matrix: Matrix, path: Path) -> About:
    """Write an index of these vectors; the same vectors give the same index on one machine."""
    import faiss

    made = trained(matrix)
    faiss.write_index(made.searcher, str(path))
    about(path).write_text(json.dumps(asdict(made.about), indent=2) + "\n", "utf-8")
    return made.about


def trained(matrix: Matrix) -> Index:
    """An index of these vectors, not written anywhere."""
    import faiss

    cells = int(_CELLS * len(matrix) ** 0.5)
    factory = f"IVF{cells},SQ8"
    drawn = np.random.default_rng(_SEED).permutation(len(matrix))
    searcher = faiss.index_factory(matrix.shape[1], factory, faiss.METRIC_INNER_PRODUCT)
    searcher.train(matrix[np.sort(drawn[: _TRAINED * cells])])
    searcher.add(matrix)
    made = About(f"{PACKAGE} {version(PACKAGE)}", factory, len(matrix), probes=cells, recall=1.0)
    near, far = np.split(drawn[: 2 * _SAMPLE], 2)
    return Index(_measured(Index(made, searcher), matrix, matrix[near] + _ASIDE * matrix[far]), searcher)


def open_index(path: Path, rows: int) -> Index | None:
    """The index at *path*, mapped; None where there is none of so many rows, or no library to search with."""
    try:
        said = About(**json.loads(about(path).read_text("utf-8")))
        import faiss

        searcher: Any = faiss.read_index(str(path), faiss.IO_FLAG_MMAP | faiss.IO_FLAG_READ_ONLY)
    except (OSError, ValueError, TypeError, ImportError, RuntimeError):
        return None
    searcher.nprobe = said.probes
    return Index(said, searcher) if said.rows == rows else None


def search(index: Index, vector: npt.NDArray[np.float32], k: int) -> Rows:
    """Rows, ascending, among which the *k* nearest are likely to be: some more than *k*."""
    return proposed(index, vector.reshape(1, -1).astype(np.float32), k)[0]


def proposed(index: Index, vectors: Matrix, k: int) -> list[Rows]:
    """The same for several vectors at once."""
    found = index.searcher.search(vectors, _PROPOSED * k)[1]
    return [np.sort(rows[rows >= 0]).astype(np.int64) for rows in found]


def _measured(index: Index, matrix: Matrix, asked: Matrix) -> About:
    """The index with as few probes as find enough of the exact answers, and the share that these find."""
    exact = [wanted for at in range(0, len(asked), _BATCH) for wanted in _exact(matrix, asked[at : at + _BATCH])]
    probes = 1
    while True:
        index.searcher.nprobe = probes
        found = [_nearest(index, matrix, vector) for vector in asked]
        shared = sum(len(np.intersect1d(*each)) for each in zip(found, exact, strict=True))
        recall = shared / sum(map(len, exact))
        if recall >= _RECALL or probes == index.searcher.nlist:
            return replace(index.about, probes=probes, recall=round(recall, 4))
        probes = min(2 * probes, index.searcher.nlist)


def _exact(matrix: Matrix, asked: Matrix) -> list[Rows]:
    return [highest(scores, _FIRST) for scores in asked @ matrix.T]


def _nearest(index: Index, matrix: Matrix, vector: npt.NDArray[np.float32]) -> Rows:
    """The first rows of those proposed, by the vectors themselves."""
    rows = search(index, vector, _FIRST)
    return rows[highest(matrix[rows] @ vector, _FIRST)]
