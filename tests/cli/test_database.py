"""A shop whose orders lie in PostgreSQL: checked, refreshed and judged as one whose orders lie in files."""

from pathlib import Path

import pytest

from aspromised.analyse.health import health_steps
from aspromised.store.snapshot import open_snapshot
from tests.cli.run import process, run
from tests.cli.shop import MOMENT, ORDERS, open_shop
from tests.postgres import PASSWORD, WRITTEN_PASSWORD, needs_postgres, serving_postgres

pytestmark = needs_postgres

SOURCES = """connections:
  till: {kind: postgres, url_env: TILL_URL, time_out: 30 seconds}
sources:
  orders:
    connection: till
    query: select * from orders
    key: order_id
    columns: {order_id: text}
    fresh_within: 3 days
  visits: {connection: till, query: select * from visits}
  staff: {files: orders.csv}
"""

TABLE = """create table orders (order_id integer, region varchar(9), ordered_at timestamp, delivered_at timestamp,
    cancelled_at timestamp, moved boolean, wrong boolean)"""


def row(line: str) -> str:
    return ", ".join(f"'{value}'" if value else "null" for value in line.split(","))


def test_a_shop_in_a_database_is_judged_as_one_in_files(
    shop: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = open_shop(tmp_path / "till", sources=SOURCES)
    with serving_postgres() as server:
        monkeypatch.setenv("TILL_URL", server.url)
        server.run(TABLE, *(f"insert into orders values ({row(line)})" for line in ORDERS.splitlines()))
        done = run("refresh", "--workspace", root, "--as-of", MOMENT)
        assert done.code == 1, "one source does not load, and that is told"
        assert 'relation "visits" does not exist' in done.out
        with open_snapshot(root) as snapshot:
            told = dict(snapshot.query("select source, problem from source_health").itertuples(index=False))
            assert [name for name, problem in told.items() if isinstance(problem, str)] == ["visits"]
            (step, *_) = health_steps(snapshot)
            assert step.startswith(f"Mend visits: 127.0.0.1:{server.port}/postgres: the query does not run")
        checked = run("check", "--workspace", root)
        assert 'relation "visits" does not exist' in checked.out
        assert "not read yet" not in checked.out
        server.run("create table visits (n integer)")
        assert run("refresh", "--workspace", root, "--as-of", MOMENT).code == 0
        assert run("check", "--workspace", root).code == 0
    assert holding(root, PASSWORD) + holding(root, WRITTEN_PASSWORD) == []
    of_files, of_database = (run("status", "--workspace", each, "--json").json for each in (shop, root))
    assert of_database == of_files
    gone = process(
        "refresh", "--workspace", root, TILL_URL="postgresql://shop:hunter2secret@127.0.0.1:1/shop"
    )
    assert gone.code == 1
    assert "127.0.0.1:1/shop: nothing answers there" in gone.out
    assert "hunter2secret" not in gone.out + gone.err
    assert holding(root, "hunter2secret") == []


def holding(root: Path, words: str) -> list[Path]:
    """Return the files under `root` that hold the words."""
    return [file for file in root.rglob("*") if file.is_file() and words.encode() in file.read_bytes()]
