"""A refreshed snapshot holds the tables that docs/snapshot.md describes: these columns, and no null where none may be."""

import pytest

from aspromised.declare.load import load
from aspromised.judge.run import segment_names
from aspromised.schema.snapshot import META_KEYS, SNAPSHOT_TABLES, segment
from aspromised.sql import quoting
from aspromised.store.snapshot import Snapshot, open_snapshot
from tests.e2e.conftest import Demo


@pytest.fixture
def published(demo: Demo):
    with open_snapshot(demo.root) as found:
        yield found


def test_it_holds_the_declared_tables_and_no_other(published: Snapshot):
    found = published.query("select table_name from information_schema.tables")["table_name"]
    assert set(found) == {table.name for table in SNAPSHOT_TABLES}


@pytest.mark.parametrize("table", SNAPSHOT_TABLES, ids=lambda table: table.name)
def test_its_columns_are_as_declared_and_null_only_where_they_may_be(demo: Demo, published: Snapshot, table):
    columns = table.with_segments(map(segment, segment_names(load(demo.root))))
    described = published.query(f"describe {table.name}")
    assert list(zip(described["column_name"], described["column_type"], strict=True)) == [
        (each.name, each.type.upper()) for each in columns
    ]
    counts = ", ".join(f"count(*) - count({quoting.name(each.name)})" for each in columns)
    nulls = published.query(f"select {counts} from {table.name}").iloc[0]
    assert [each.name for each, null in zip(columns, nulls, strict=True) if null and not each.nullable] == []


def test_its_facts_are_the_documented_ones(published: Snapshot):
    assert set(published.meta) == set(META_KEYS)
