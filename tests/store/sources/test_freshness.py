"""How old a source's records are is told by what happened, never by what is due or planned."""

from datetime import datetime
from pathlib import Path
from typing import Any

import duckdb
import pytest

from aspromised.declare.load import load
from aspromised.sql.authored import guard
from aspromised.sql.duckdb import DuckDB
from aspromised.sql.engine import Params
from aspromised.store.sources.freshness import _latest, newest_known
from aspromised.store.sources.sources import load_sources
from aspromised.store.warehouse import writing
from aspromised.words.moments import as_of_moment

COMPANY = "company: {name: C, timezone: UTC}\n"
PROMISE = """promises:
  p:
    claim: In time
    made_by: m
    kept_by: k
    target: 90%
    measure: {items: ITEMS, id: id, started: ordered_at, done: delivered_at, by: promised_at, originally_by: first_promised}
"""
ROWS = """id,ordered_at,delivered_at,promised_at,first_promised,loaded_at,updated_at
1,2026-11-18 09:00,2026-11-19 10:00,2026-11-25,2026-11-24,2026-11-20 01:00,2026-11-20 08:00
2,2026-11-19 09:00,,2026-11-26,2026-11-25,2026-11-20 02:00,2026-11-20 07:00
"""
SOURCE = "sources:\n  orders: {files: orders.csv, key: id, fresh_within: 26 hours%s}\n"


def newest(root: Path, sources: str, items: str = "orders") -> dict[str, datetime | None]:
    """Return how far each source reaches as of the end of 26 November."""
    for name, text in {
        "promises/p.yaml": COMPANY + PROMISE.replace("ITEMS", items),
        "data/sources.yaml": sources,
        "data/orders.csv": ROWS,
    }.items():
        (root / name).parent.mkdir(exist_ok=True)
        (root / name).write_text(text, encoding="utf-8")
    workspace = load(root)
    with writing(workspace) as con:
        load_sources(con, workspace, guards=guard)
        return newest_known(con, workspace, as_of_moment("2026-11-26", workspace.timezone))


@pytest.mark.parametrize(
    ("declared", "told"),
    [
        ("", datetime(2026, 11, 19, 10)),
        (", latest_by: updated_at", datetime(2026, 11, 20, 8)),
        (", latest_by: updated_at, arrived: loaded_at", datetime(2026, 11, 20, 2)),
    ],
)
def test_a_feed_that_stopped_is_as_old_as_what_happened_last(
    tmp_path: Path, declared: str, told: datetime
) -> None:
    assert newest(tmp_path, SOURCE % declared) == {"orders": told}


def test_a_source_that_only_a_view_reads_is_dated_by_what_the_view_passes_on(tmp_path: Path) -> None:
    sources = SOURCE % "" + "  seen: {sql: select * from orders where id < 9}\n"
    assert newest(tmp_path, sources, "seen") == dict.fromkeys(("orders", "seen"), datetime(2026, 11, 19, 10))


def test_where_nothing_says_that_something_happened_the_age_is_not_known(tmp_path: Path) -> None:
    sources = SOURCE % "" + "  plans: {files: orders.csv, fresh_within: 1 day}\n"
    assert newest(tmp_path, sources)["plans"] is None


class Counting(DuckDB):
    """A connection that counts what it is asked."""

    asked = 0

    def run(self, sql: str, params: Params = None) -> list[tuple[Any, ...]]:
        """Run one statement and count it."""
        self.asked += 1
        return super().run(sql, params)


@pytest.mark.parametrize(
    ("days", "told", "asked"),
    [
        (["2026-11-01", "2026-11-20"], 20, 1),
        (["2026-11-01", "2026-11-20", "2026-11-28"], 20, 2),
        (["2026-11-01", "2026-11-28", "infinity"], 1, 3),
        (["2026-11-28"], None, 3),
        ([None], None, 3),
    ],
)
def test_the_newest_moment_is_looked_for_in_all_rows_only_where_less_does_not_tell(days, told, asked):
    """What lies after the moment (a plan, a test) hides the newest from the table's statistics: then lately, then all."""
    with duckdb.connect() as found:
        found.execute("set TimeZone = 'UTC'; create table t (seen timestamptz)")
        found.executemany("insert into t values (?)", [[day] for day in days])
        con = Counting(found)
        newest_day = _latest(con, "t", "seen", datetime(2026, 11, 26))
    assert (newest_day and newest_day.day, con.asked) == (told, asked)
