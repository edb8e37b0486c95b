"""Writes docs/tables.md from graphrag_engine/schema.py: `python docs/generate.py`."""

from pathlib import Path

import pyarrow as pa

from graphrag_engine.schema import FORMAT, TABLES, Table

HEAD = f"""# Tables

Generated from `graphrag_engine/schema.py` by `python docs/generate.py`; do not edit. Format number {FORMAT}.

An index is these tables, kept as Parquet under `.graphrag/tables/`. `engine.table("entities")` gives one as a
`pyarrow.Table`. Ids are hashes of content. Rows are sorted by `id`; where there is none, by the columns named
under *Sorted by*. Each table is written by exactly one stage (`graphrag_engine/stages/`), `documents` by the sources,
`failures` and `fingerprints` by the pipeline. The status of a claim is TRUE where the source states it, FALSE where it
denies it, SUSPECTED where it is reported, alleged or planned.
"""


def tables() -> str:
    """The whole page."""
    return "\n".join([HEAD, *(section(name, table) for name, table in TABLES.items())])


def section(name: str, table: Table) -> str:
    """One table: what a row is, who writes it, its columns."""
    lines = [f"## {name}", "", f"{table.about} Written by `{table.written_by}`.", ""]
    if table.order != ("id",):
        lines += [f"Sorted by {', '.join(f'`{column}`' for column in table.order)}.", ""]
    lines += ["| column | type | what it holds |", "|---|---|---|"]
    for column, content in table.columns.items():
        kind = typed(content.type) + (", may be null" if content.null else "")
        lines.append(f"| `{column}` | {kind} | {content.about} |")
    return "\n".join([*lines, ""])


def typed(kind: pa.DataType) -> str:
    """An Arrow type in the words of Arrow, without the names of list items."""
    if pa.types.is_list(kind):
        return f"list of {typed(kind.value_type)}"
    if pa.types.is_struct(kind):
        return "struct of " + ", ".join(f"{field.name} {typed(field.type)}" for field in kind)
    return str(kind).replace("halffloat", "float16").replace("double", "float64")


if __name__ == "__main__":
    (Path(__file__).parent / "tables.md").write_text(tables(), "utf-8")
