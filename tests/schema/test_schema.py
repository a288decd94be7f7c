"""The declared tables are those there are: their shape has a number, their document is as written, their nulls are true."""

from dataclasses import fields
from pathlib import Path

import duckdb
import pytest
from sqlalchemy import create_engine, inspect

from aspromised.schema import document, ledger, snapshot, warehouse
from aspromised.schema.table import TableSchema
from aspromised.sql.tables import create
from aspromised.store.ledger.tables import migrate
from aspromised.store.sources.health import SourceHealth
from aspromised.words.vocabulary import VERDICTS
from tests.schema.golden import GOLDEN, shapes, write

ROOT = Path(__file__).parents[2]
KEPT = [*snapshot.SNAPSHOT_TABLES, *warehouse.WAREHOUSE_TABLES, *ledger.LEDGER_TABLES]


@pytest.mark.parametrize("name", ["snapshot.txt", "warehouse.txt"])
def test_tables_change_only_with_their_layouts_number(name):
    assert (GOLDEN / name).read_text(encoding="utf-8") == shapes()[name], (
        "the tables changed: raise LAYOUT in store/snapshot.py (LAYOUT_VERSION in store/warehouse.py), then run"
        " `python -m tests.schema.golden`"
    )


def test_a_golden_shape_is_not_written_again_under_the_same_number(tmp_path, monkeypatch):
    monkeypatch.setattr("tests.schema.golden.GOLDEN", tmp_path)
    (tmp_path / "snapshot.txt").write_text(shapes()["snapshot.txt"].replace("date", "varchar", 1), "utf-8")
    with pytest.raises(SystemExit, match="raise the layout's number"):
        write()


def test_the_document_is_the_one_that_is_generated():
    found = (ROOT / "docs" / "snapshot.md").read_text(encoding="utf-8")
    assert found == document.snapshot_document(), "run `make docs`"


@pytest.mark.parametrize("table", KEPT, ids=lambda table: table.name)
def test_every_column_has_a_name_of_its_own_a_type_and_a_meaning(table: TableSchema):
    assert len({name.lower() for name in table.names}) == len(table.columns)
    assert table.meaning.endswith(".") and all(
        each.meaning and "|" not in each.meaning for each in table.columns
    )
    assert not table.segments_after or table.segments_after in table.names
    con = duckdb.connect()
    con.execute(create(table, "", [snapshot.segment('a "b"')]))
    described = {row[0]: row[1] for row in con.execute(f"describe {table.name}").fetchall()}
    assert list(described) == [each.name for each in table.with_segments([snapshot.segment('a "b"')])]
    kinds = {"TEXT": "VARCHAR"}
    assert all(
        described[each.name] == kinds.get(each.type.upper(), each.type.upper()) for each in table.columns
    )


def test_what_verdicts_are_added_up_to_are_the_verdicts():
    assert (*VERDICTS, "not_promised") == snapshot.COUNT_NAMES


def test_a_sources_health_is_its_table():
    assert tuple(field.name for field in fields(SourceHealth)) == warehouse.LOADED_HEALTH.names


def test_the_migrations_of_the_ledger_end_in_its_declared_tables():
    engine = create_engine("sqlite://")
    with engine.begin() as con:
        migrate(con)
        found = inspect(con)
        assert set(found.get_table_names()) == {table.name for table in ledger.LEDGER_TABLES}
        for table in ledger.LEDGER_TABLES:
            columns = [
                (one["name"], str(one["type"]).lower(), one["nullable"])
                for one in found.get_columns(table.name)
            ]
            told = [(each.name, each.type, each.nullable or each.name == "id") for each in table.columns]
            assert columns == told, "SQLite calls a primary key nullable"


def test_a_segment_never_takes_the_name_of_a_column_beside_it():
    for table in snapshot.SNAPSHOT_TABLES:
        if table.segments_after:
            columns = table.with_segments(map(snapshot.segment, [*table.names, "Reason of it"]))
            assert len({each.name.lower() for each in columns}) == len(columns), table.name
