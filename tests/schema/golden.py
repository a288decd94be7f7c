"""The shape of each kept file, as it was when its layout got its number; `python -m tests.schema.golden` writes it anew."""

from collections.abc import Sequence
from pathlib import Path

from aspromised.schema import snapshot, warehouse
from aspromised.schema.table import TableSchema
from aspromised.sql.tables import create
from aspromised.store.snapshot import LAYOUT
from aspromised.store.warehouse import LAYOUT_VERSION

GOLDEN = Path(__file__).parents[1] / "golden"


def shapes() -> dict[str, str]:
    """Return the golden files' names and what should stand in them."""
    return {
        "snapshot.txt": _shape(LAYOUT, snapshot.SNAPSHOT_TABLES),
        "warehouse.txt": _shape(str(LAYOUT_VERSION), warehouse.WAREHOUSE_TABLES),
    }


def _shape(layout: str, tables: Sequence[TableSchema]) -> str:
    a_segment = [snapshot.segment("a segment")]
    made = [
        create(table, "", a_segment).replace(", ", ",\n    ").replace(" (", " (\n    ", 1) for table in tables
    ]
    return "\n".join([f"layout {layout}", *made, ""])


def write() -> None:
    """Write the golden files; SystemExit where tables changed and their layout kept its number."""
    for name, shape in shapes().items():
        file = GOLDEN / name
        before = file.read_text(encoding="utf-8") if file.exists() else ""
        if before != shape and before.partition("\n")[0] == shape.partition("\n")[0]:
            raise SystemExit(f"the tables of {name} changed: raise the layout's number, then write it again")
        file.write_text(shape, encoding="utf-8")


if __name__ == "__main__":
    write()
