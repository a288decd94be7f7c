"""A column that is empty in every row is of no type yet: it fits what is asked of it, and what comes later decides."""

import json
from datetime import UTC, datetime

import pandas as pd
import pytest

from aspromised.declare.load import load
from aspromised.demo.export.xlsx import write_xlsx
from aspromised.judge.binding import bind
from aspromised.refresh import refresh
from aspromised.store.snapshot import open_snapshot
from aspromised.store.warehouse import reading_warehouse
from tests.refreshing.test_adding import same_as_afresh

NOW = datetime(2026, 3, 20, tzinfo=UTC)
ORDERS = ["id", "customer", "ordered", "delivered", "cancelled", "days", "gift", "n", "total", "held", "released", "seen", "day"]  # fmt: skip

PROMISES = """
company: {name: Early, timezone: Europe/London}
calendars:
  shop: {open: {mon-fri: ["09:00-17:00"]}}
promises:
"""
MEASURES = {
    "within": "started: ordered, done: delivered, cancelled: cancelled, within: 2 calendar days, segments: [gift]",
    "by": "started: ordered, done: delivered, by: cancelled, originally_by: delivered",
    "item-length": "started: ordered, done: delivered, within: {column: days, unit: business days}, calendar: shop",
    "item-hours": "started: ordered, done: delivered, within: {column: days, unit: hours}",
    "paused": "started: ordered, done: delivered, within: 8 business hours, calendar: shop, paused: [{from: held, to: released}]",
    "pauses": "started: ordered, done: delivered, within: 5 days, paused: {source: holds, id: id, from: held, to: released}",
    "sold": "started: ordered, done: delivered, within: {terms: terms, match: customer, value: n, unit: business hours, from: since, to: until}, calendar: shop",
    "check": "at: ordered, kept_when: not gift and n > 3, cancelled: cancelled, exempt: [{when: gift, because: gift}]",
    "moments": "at: ordered, kept_when: \"delivered - ordered < interval '2 days' and hour(delivered) < 12 and extract('year' from delivered) = 2026\"",
    "moved": "at: ordered, kept_when: \"delivered - cancelled <= interval 1 day or delivered + interval 1 day < date_trunc('day', cancelled)\"",
    "started": "started: delivered, done: cancelled, within: 1 hours, only: day is null or day > ordered",
    "counts": "at: ordered, kept: n, total: total",
    "once": "at: ordered, same: [customer, n], not_again_within: 2 days",
    "viewed": "started: ordered, done: closed, less_than: 2 hours",
}
SOURCES = """
sources:
  orders: {files: orders/*, key: id, arrived: seen, must: [delivered is null or year(delivered) > 2000]}
  holds: {files: holds.csv}
  terms: {files: terms.csv}
  view: {sql: "select id, ordered, delivered + interval '1 hour' as delivered, coalesce(cancelled, delivered) as closed, ordered - delivered as took from orders"}
"""


def write(root, name, rows, form="csv"):
    path = root / f"data/{name}.{form}"
    path.parent.mkdir(parents=True, exist_ok=True)
    if form == "jsonl":
        path.write_text("".join(json.dumps(row) + "\n" for row in rows))
        return
    frame = pd.DataFrame(rows)
    for column in {"ordered", "delivered"} & set(frame) if form in ("parquet", "xlsx") else ():
        if frame[column].notna().any():
            frame[column] = pd.to_datetime(frame[column])
    writers = {"csv": lambda: frame.to_csv(path, index=False), "parquet": lambda: frame.to_parquet(path)}
    writers.get(form, lambda: write_xlsx(frame, path))()


def order(number, **more):
    return dict.fromkeys(ORDERS) | {"id": f"A{number}", "customer": "x", "ordered": "2026-03-10 10:00"} | more


def promises(*names):
    told = []
    for name in names:
        source = "view" if name == "viewed" else "orders"
        identity = "" if name == "counts" else "id: id, "
        told.append(
            f"  {name}: {{claim: c, made_by: m, kept_by: k, target: 90%, measure: {{items: {source}, {identity}{MEASURES[name]}}}}}\n"
        )
    return PROMISES + "".join(told)


@pytest.fixture
def root(tmp_path):
    """Give a workspace whose orders are all open: but for the id and the day of order, no column holds anything."""
    root = tmp_path / "early"
    (root / "promises").mkdir(parents=True)
    (root / "promises/all.yaml").write_text(promises(*MEASURES))
    write(root, "holds", [{"id": "A1", "held": None, "released": None}])
    write(root, "terms", [{"customer": "x", "n": None, "since": None, "until": None}])
    (root / "data/sources.yaml").write_text(SOURCES)
    return root


def verdicts(root, as_of=NOW):
    refresh(load(root), as_of)
    with open_snapshot(root) as snapshot:
        problems = snapshot.query("select promise_id, problem from promise where problem is not null")
        found = snapshot.query(
            "select promise_id, sum(kept) as kept, sum(broken) as broken, sum(open) as open, sum(exempt) as exempt,"
            " sum(unknown) as unknown from verdict_cell group by 1"
        )
    assert problems.empty, problems.to_string()
    with reading_warehouse(load(root)) as con:
        assert not [problem for problem in bind(con, load(root)) if problem.code in ("column", "expression")]
    return {
        row.pop("promise_id"): {k: int(v) for k, v in row.items() if v} for row in found.to_dict("records")
    }


def test_where_every_order_is_open_all_is_judged(root):
    write(root, "orders/1", [order(1), order(2)])
    assert verdicts(root) == {
        "within": {"broken": 2}, "by": {"unknown": 2}, "item-length": {"unknown": 2}, "item-hours": {"unknown": 2},
        "paused": {"broken": 2}, "pauses": {"broken": 2}, "check": {"unknown": 2}, "moments": {"unknown": 2},
        "moved": {"unknown": 2}, "started": {"unknown": 2}, "counts": {"unknown": 2}, "once": {"unknown": 2},
        "viewed": {"broken": 2}, "sold": {},
    }  # fmt: skip


FIRST = {"delivered": "2026-03-11 09:00", "n": 4, "gift": False, "days": 2}


@pytest.mark.parametrize("form", ["csv", "parquet", "jsonl", "xlsx"])
def test_what_comes_later_decides_and_a_new_file_alone_is_as_good_as_all_of_them(root, form, tmp_path):
    (root / "promises/all.yaml").write_text(promises("within", "item-length", "check", "moments"))
    write(root, "orders/1", [order(1), order(2)], form)
    assert verdicts(root)["within"] == {"broken": 2}
    write(root, "orders/2", [order(3)], form)
    write(root, "orders/3", [order(5, **FIRST), order(6)], form)
    same_as_afresh_now(root, tmp_path)
    write(root, "orders/4", [order(7, **FIRST), order(8, days=1.5, n=1.5)], form)
    same_as_afresh_now(root, tmp_path)
    assert verdicts(root)["within"] == {"kept": 2, "broken": 5}


def same_as_afresh_now(root, tmp_path):
    refresh(load(root), NOW)

    class Told:
        def __init__(self):
            self.root = root

        def told(self):
            return str(root)

    same_as_afresh(Told(), NOW, tmp_path)


def test_an_empty_column_of_which_a_text_comes_is_refused_kindly(root):
    (root / "promises/all.yaml").write_text(promises("within"))
    (root / "data/sources.yaml").write_text("sources: {orders: {files: orders/*, key: id}}")
    write(root, "orders/1", [order(1), order(2)])
    assert verdicts(root)["within"] == {"broken": 2}
    write(root, "orders/2", [order(3, delivered="n/a")])
    refresh(load(root), NOW)
    with open_snapshot(root) as snapshot:
        problem = snapshot.query("select problem from promise")["problem"][0]
    assert (
        "the column 'delivered' is varchar, not a date or a time: declare it as timestamp or date" in problem
    )


def test_a_header_alone_is_no_refusal(root):
    (root / "promises/all.yaml").write_text(promises("within", "check", "sold"))
    (root / "data/orders").mkdir()
    (root / "data/orders/1.csv").write_text(",".join(ORDERS) + "\n")
    assert verdicts(root) == {}


def test_a_declared_type_stands_though_the_file_has_none(root):
    (root / "promises/all.yaml").write_text(promises("within"))
    declared = SOURCES.replace(
        "arrived: seen", "arrived: seen, columns: {delivered: date, n: integer, gift: boolean}"
    )
    (root / "data/sources.yaml").write_text(declared)
    write(root, "orders/1", [order(1)], "parquet")
    refresh(load(root), NOW)
    with reading_warehouse(load(root)) as con:
        kinds = dict(
            con.run("select column_name, data_type from duckdb_columns() where table_name = 'orders'")
        )
    assert (kinds["delivered"], kinds["n"], kinds["gift"]) == ("DATE", "BIGINT", "BOOLEAN")
    assert kinds["cancelled"] == '"NULL"'
