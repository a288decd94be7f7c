"""Every figure of the demo company, small enough to read in a diff: `python -m tests.e2e.golden_figures` writes them again."""

import json
import tempfile
from pathlib import Path
from typing import Any

from aspromised.schema.snapshot import META, SNAPSHOT_TABLES
from aspromised.schema.table import TableSchema
from aspromised.sql.quoting import name
from aspromised.store.snapshot import Snapshot, open_snapshot
from tests.cli.run import run
from tests.e2e.conftest import make, status

FILE = Path(__file__).parents[1] / "golden" / "figures.json"
NUMBERS = ("bigint", "integer", "double")
DIGITS = 9
"""Significant digits: sums in another order differ in the last of a float's sixteen."""


def figures(root: Path) -> dict[str, dict[str, Any]]:
    """Return the figures that the commands answer of a workspace, by promise and promotion; and of each table its rows and
    the sum of each column of numbers."""
    launches = run("launches", "--workspace", root, "--json").json["promotions"]
    with open_snapshot(root) as snapshot:
        tables = {table.name: sums(snapshot, table) for table in SNAPSHOT_TABLES if table.name != META.name}
    return {
        "status": {each["id"]: told(each) for each in status(root)["promises"]},
        "status --all": {each["id"]: told(each) for each in status(root, "--all")["promises"]},
        "launches": {each["id"]: told(each) for each in launches},
        "tables": tables,
    }


def sums(snapshot: Snapshot, table: TableSchema) -> dict[str, float]:
    """Return how many rows a table has and the sum of each column that is a number."""
    numbers = [each.name for each in table.columns if each.type in NUMBERS and each.name != "seconds"]
    asked = ", ".join(
        ["count(*) as rows", *(f"coalesce(fsum({name(column)}), 0) as {name(column)}" for column in numbers)]
    )
    [row] = snapshot.query(f"select {asked} from {name(table.name)}").to_dict("records")
    return {str(column): rounded(float(value)) for column, value in row.items()}


def told(answer: dict[str, Any]) -> dict[str, Any]:
    """Return what one answer says in numbers and words of its own and of what hangs on it, lists left out."""
    return {
        key: told(value) if isinstance(value, dict) else rounded(value)
        for key, value in answer.items()
        if not isinstance(value, list)
    }


def rounded(value: Any) -> Any:
    """Return a float with DIGITS significant digits, and anything else as it is."""
    return float(f"{value:.{DIGITS}g}") if isinstance(value, float) else value


def text(root: Path) -> str:
    """Return the figures as the golden file has them: a line for each promise, promotion and table."""
    parts = [
        f"{json.dumps(part)}: {{\n"
        + ",\n".join(f"{json.dumps(key)}: {_line(value)}" for key, value in each.items())
        + "\n}"
        for part, each in figures(root).items()
    ]
    return "{\n" + ",\n".join(parts) + "\n}\n"


def _line(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True)


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        make(Path(folder) / "fernway")
        FILE.write_text(text(Path(folder) / "fernway"), encoding="utf-8")
