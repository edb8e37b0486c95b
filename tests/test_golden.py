"""A corpus of four small documents, and the graph that the offline mode makes of it, as text to review.

After a change that is meant: `python tests/test_golden.py` writes the text anew; read the difference.
"""

from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from graphrag_engine import Engine

HERE = Path(__file__).parent / "golden"


def told(root: Path) -> str:
    """The graph of an index as lines of text, without ids."""
    engine = Engine.open(root)
    engine.index(HERE / "corpus")
    tables = {name: engine.table(name).to_pylist() for name in ("entities", "relationships", "claims", "reports")}
    names = {row["id"]: row["name"] for row in tables["entities"]}
    lines = ["# entities", *sorted(_entities(tables["entities"]))]
    lines += ["", "# relationships", *sorted(_relationships(tables["relationships"], names))]
    lines += ["", "# claims", *sorted(_claims(tables["claims"]))]
    for report in sorted(tables["reports"], key=lambda row: (row["level"], row["title"])):
        lines += ["", f"# report, level {report['level']}", report["full_content"].strip()]
    return "\n".join(lines) + "\n"


def _entities(rows: list[dict]) -> Iterator[str]:
    for row in rows:
        aliases = f" = {', '.join(row['aliases'])}" if row["aliases"] else ""
        yield f"{row['name']} ({row['type']}, {row['frequency']}){aliases}"


def _relationships(rows: list[dict], names: dict[str, str]) -> Iterator[str]:
    for row in rows:
        yield f"{_tied(names[row['source_id']], row['type'], names[row['target_id']])} ({row['weight']:.1f})"


def _claims(rows: list[dict]) -> Iterator[str]:
    for row in rows:
        date = f" {row['start_date']}" if row["start_date"] else ""
        tied = _tied(row["subject"], row["type"], row["object"])
        yield f"{row['status']}{date}: {tied}: {' '.join(row['quote'].split())}"


def _tied(subject: str, kind: str, target: str) -> str:
    return f"{subject} \u2013{kind}\u2192 {target}"


def test_the_small_corpus_gives_the_graph_that_was_reviewed(tmp_path):
    assert told(tmp_path) == (HERE / "expected.txt").read_text("utf-8")


if __name__ == "__main__":
    with TemporaryDirectory() as folder:
        (HERE / "expected.txt").write_text(told(Path(folder)), "utf-8")
