"""The contract for people who write notebooks, written from the declared tables: docs/snapshot.md."""

from pathlib import Path

from aspromised.schema.snapshot import META_KEYS, SNAPSHOT_TABLES
from aspromised.schema.table import TableColumn, TableSchema, maybe

_INTRODUCTION = Path(__file__).with_name("snapshot.md")
_SEGMENTS = maybe("…", "varchar", "a column for each segment of the workspace")


def snapshot_document() -> str:
    """Return the document as Markdown: an introduction, the list of tables, and each with its columns."""
    introduction = _INTRODUCTION.read_text(encoding="utf-8").rstrip()
    listed = [f"| [`{each.name}`](#{each.name}) | {each.meaning} |" for each in SNAPSHOT_TABLES]
    contents = ["## The tables", "", "| table | what it holds |", "|---|---|", *listed, ""]
    return "\n".join([introduction, "", *contents, *map(_section, SNAPSHOT_TABLES)])


def _section(table: TableSchema) -> str:
    columns = table.with_segments([_SEGMENTS])
    head = [
        f"## {table.name}",
        "",
        table.meaning,
        "",
        "| column | type | null | what it says |",
        "|---|---|---|---|",
    ]
    facts = [f"| `{key}` | {meaning} |" for key, meaning in META_KEYS.items()]
    told = ["", "| key | value |", "|---|---|", *facts] if table.name == "meta" else []
    return "\n".join([*head, *map(_row, columns), *told, ""])


def _row(column: TableColumn) -> str:
    return f"| `{column.name}` | {column.type} | {'may be' if column.nullable else ''} | {column.meaning} |"


if __name__ == "__main__":
    print(snapshot_document(), end="")
