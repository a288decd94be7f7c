"""A refresh that judges only what changed publishes, row for row, what a refresh of everything would."""

import shutil
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace

import duckdb
import pandas as pd
import pytest

from aspromised.declare.load import load
from aspromised.judge import run as judging
from aspromised.refresh import refresh
from aspromised.store.snapshot import open_snapshot
from tests.refreshing.company import Company

VARIES = {
    "meta": ["key <> 'id' and key <> 'seconds' and key <> 'refreshed_at'"],
    "judging": ["true", "seconds"],
    "source_health": ["true", "loaded_at"],
    "judged_from": ["what <> 'times' and not (what = 'source')"],
}
"""What two refreshes may tell otherwise: table → the rows and columns to leave out."""


def tables(root: Path) -> dict[str, pd.DataFrame]:
    with open_snapshot(root) as snapshot:
        names = snapshot.query("select table_name from duckdb_tables() order by 1")["table_name"]
        found = {}
        for name in names:
            where, *columns = VARIES.get(name, ["true"])
            exclude = f"exclude ({', '.join(columns)})" if columns else ""
            found[name] = snapshot.query(f'select * {exclude} from "{name}" where {where} order by all')
        return found


def same_as_afresh(company: Company | SimpleNamespace, moment, tmp_path: Path) -> None:
    afresh = tmp_path / "afresh"
    shutil.rmtree(afresh, ignore_errors=True)
    shutil.copytree(company.root, afresh, ignore=shutil.ignore_patterns(".aspromised"))
    refresh(load(afresh), moment)
    expected, found = tables(afresh), tables(company.root)
    assert set(found) == set(expected)
    for each in (
        expected,
        found,
    ):  # what is noted of columns read otherwise than before tells of the way here
        each["source_health"] = each["source_health"].drop(columns="notes")
    for name in expected:
        if name != "meta":
            pd.testing.assert_frame_equal(found[name], expected[name], obj=f"{name} of {company.told()}")


@pytest.fixture
def brought(monkeypatch):
    """Give what came of each promise that was to be judged by what changed alone, however much that was."""
    found = []
    real = judging.add_changes

    def spied(con, schema, plan, was, now, changed):
        try:
            found.append(real(con, schema, plan, was, now, changed, largest=1.0))
        except duckdb.Error as error:
            found.append(error)
            raise
        return found[-1]

    monkeypatch.setattr(judging, "add_changes", spied)
    yield found
    assert not [fault for fault in found if isinstance(fault, duckdb.Error)]
    assert any(found), "nothing was ever added: the test would prove nothing"


@pytest.mark.parametrize("seed", range(3))
def test_adding_day_after_day_is_as_good_as_judging_all_of_it(seed, tmp_path, brought):
    company = Company(tmp_path / "daily", seed)
    refresh(load(company.root), moment := company.now)
    for _ in range(3):
        company.step()
        moment = max(moment, company.now)
        refresh(load(company.root), moment)
        same_as_afresh(company, moment, tmp_path)


@pytest.mark.parametrize("seed", [0, 1])
@pytest.mark.parametrize("happening", ["the_first_file_is_turned_round", "the_columns_change"])
def test_columns_that_change_their_place_or_come_and_go_are_as_good_as_read_at_once(
    seed, happening, tmp_path, brought
):
    company = Company(tmp_path / "daily", seed)
    refresh(load(company.root), moment := company.now)
    for _ in range(2):
        getattr(company, happening)()
        moment = max(moment, company.now)
        refresh(load(company.root), moment)
        same_as_afresh(company, moment, tmp_path)


ONE_GATE = """
company: {name: C, timezone: UTC}
promises:
  p: {claim: c, made_by: m, kept_by: k, target: 90%, counted: done,
      measure: {items: orders, id: id, started: ordered, done: delivered, within: 1 day}}
promotions:
  g: {says: s, launched: 2026-03-20, leans_on: [p], ready_when: [{gate: g, promise: p, kept_at_least: 50%, over: 9 days}]}
"""


def test_what_was_known_of_a_day_on_which_no_item_is_counted_any_more_is_one_row(tmp_path, brought):
    """An item counted on the day it was done was waited for on the day it was due: both days change with it."""
    root = tmp_path / "small"
    for path, text in {
        "promises/p.yaml": ONE_GATE,
        "data/sources.yaml": "sources: {orders: {files: orders/*.csv, key: id}}",
        "data/orders/1.csv": "id,ordered,delivered\n1,2026-03-09 10:00:00,2026-03-14 09:00:00\n",
    }.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text)
    moment = datetime(2026, 3, 30, tzinfo=UTC)
    refresh(load(root), moment)
    (root / "data/orders/2.csv").write_text(
        "id,ordered,delivered\n2,2026-03-09 11:00:00,2026-03-14 09:30:00\n"
    )
    refresh(load(root), moment)
    same_as_afresh(SimpleNamespace(root=root, told=dict), moment, tmp_path)


def test_a_promise_that_is_no_longer_declared_leaves_no_row(tmp_path):
    company = Company(tmp_path / "daily", 0)
    refresh(load(company.root), moment := company.now)
    path = company.root / "promises/all.yaml"
    text = path.read_text()
    start, end = text.index("  hours:"), text.index("  by-date:")
    path.write_text(text[:start] + text[end:])
    refresh(load(company.root), moment)
    same_as_afresh(company, moment, tmp_path)
    assert "hours" not in set(tables(company.root)["verdict_cell"]["promise_id"])
