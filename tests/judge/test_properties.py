"""What must hold whatever the rows are: every item one verdict, every table the same sum, nothing from the future."""

import random
from datetime import datetime, timedelta

import duckdb
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aspromised.sql.duckdb import DuckDB
from tests.judge.world import make_world

MEASURES = [
    {"within": "4 hours"},
    {"within": "2 calendar days", "cut_off": "14:00"},
    {"less_than": "1 days"},
    {"by": "p"},
    {"within": {"column": "n", "unit": "calendar days"}, "cancelled": "c", "if_cancelled": "broken"},
    {"within": "3 hours", "cancelled": "c", "exempt": [{"when": "n = 3", "because": "three"}]},
]
TYPES = {"id": "integer", "s": "timestamptz", "d": "timestamptz", "p": "timestamptz", "c": "timestamptz", "n": "integer", "seg": "varchar"}  # fmt: skip
moments = st.none() | st.datetimes(datetime(2026, 3, 26), datetime(2026, 4, 2)).map(lambda m: m.isoformat())
rows_of_items = st.lists(
    st.tuples(
        moments, moments, moments, moments, st.none() | st.integers(0, 5), st.none() | st.sampled_from("xy")
    ),
    max_size=25,
).map(lambda rows: [(number, *row) for number, row in enumerate(rows)])
VERSIONS = [{"from": "2026-03-27", "target": "80%"}, {"from": "2026-03-30"}]


def build(measure, rows, counted="due", corrections=None):
    clock = {
        "items": "items",
        "id": "id",
        "started": "s",
        "done": "d",
        "segments": ["seg", {"day": "dayname(s)"}],
        **measure,
    }
    return make_world(
        {"measure": clock, "counted": counted, "versions": VERSIONS}, TYPES, rows, corrections=corrections
    )


@pytest.mark.parametrize("measure", MEASURES)
@settings(max_examples=8)
@given(rows=rows_of_items, as_of=st.sampled_from(["2026-03-28T09:00", "2026-03-29", "2026-04-10"]))
def test_every_item_in_scope_has_one_verdict_and_every_table_adds_up_to_the_items(measure, rows, as_of):
    small = build(measure, rows)
    moment = {
        "2026-03-28T09:00": "2026-03-28T09:00:00",
        "2026-03-29": "2026-03-29T23:59:59.999999",
        "2026-04-10": "9",
    }
    in_scope = [row for row in rows if row[1] is None or row[1] <= moment[as_of]]
    items = small.items(as_of)
    assert sorted(item["item_id"] for item in items) == [row[0] for row in in_scope]
    assert {item["verdict"] for item in items} <= {
        "kept",
        "broken",
        "open",
        "exempt",
        "unknown",
        "not promised",
    }
    small.table("verdict_cell", as_of)
    sums = "sum(kept + broken + open + exempt + unknown + not_promised)"
    by_day = small.con.sql(
        f"select day, version, {sums} from out.verdict_cell group by 1, 2 order by all"
    ).fetchall()
    expected = pd.DataFrame(items).groupby(["day", "version"], dropna=False).size() if items else []
    assert sum(row[2] for row in by_day) == len(items) and len(by_day) == len(expected)
    for segment in ("(all)", "seg", "day"):
        daily = small.con.sql(
            f"select day, version, {sums} from out.verdict_daily where segment = '{segment}' group by 1, 2 order by all"
        ).fetchall()
        assert daily == by_day
    worth_seeing = [item for item in items if item["verdict"] not in ("kept", "not promised")]
    assert small.con.sql("select count(*) from out.item").fetchall() == [(len(worth_seeing),)]


STORM = {"promises": ["p"], "from": "2026-03-28", "to": "2026-03-31", "because": "storm"}


@pytest.mark.parametrize("corrections", [{}, {"storm": STORM}, {"storm": {**STORM, "only": "seg = 'x'"}}])
@pytest.mark.parametrize("measure", [*MEASURES, {"by": "p", "originally_by": "c"}])
@settings(max_examples=6)
@given(rows=rows_of_items, as_of=st.sampled_from(["2026-03-28T09:00", "2026-04-10"]))
def test_tables_that_judge_no_item_again_hold_what_judging_all_of_them_would(
    measure, corrections, rows, as_of
):
    small = build(measure, rows, corrections=corrections)
    small.table("verdict_cell", as_of)
    for table in ("lateness_daily", "basis_daily"):
        ((told,),) = small.con.run(f"select sql from out.judging where table_name = '{table}'")
        filled = f"select * exclude (promise_id) from out.{table}"
        columns = ", ".join(small.con.columns(f"({told})"))
        whole = " where segment = '(all)'" if table == "lateness_daily" else ""
        assert small.con.run(f"select {columns} from ({filled}){whole} order by all") == small.con.run(
            f"select {columns} from ({told}) order by all"
        ), table


def test_a_clock_judges_its_items_for_the_counts_those_worth_seeing_how_they_ended_and_once_for_all_the_rest():
    small = build({"within": "4 hours"}, [(1, "2026-03-28", "2026-03-29", None, None, 1, "x")])
    asked: list[str] = []
    real = DuckDB.execute

    def recorded(self, sql, parameters=None):
        asked.append(sql)
        return real(self, sql, parameters)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(DuckDB, "execute", recorded)
        small.table("verdict_cell", "2026-04-10")
    assert len([sql for sql in asked if "from judged" in sql.lower()]) == 4


@pytest.mark.parametrize("measure", MEASURES)
@settings(max_examples=6)
@given(rows=rows_of_items, seed=st.integers(0, 1000))
def test_shuffling_rows_changes_nothing(measure, rows, seed):
    shuffled = random.Random(seed).sample(rows, len(rows))
    assert build(measure, rows).table("verdict_cell", "2026-03-30") == build(measure, shuffled).table(
        "verdict_cell", "2026-03-30"
    )


@pytest.mark.parametrize("measure", MEASURES[:4])
@settings(max_examples=8)
@given(rows=rows_of_items)
def test_verdicts_as_of_a_past_moment_ignore_what_came_later(measure, rows):
    """Erase everything after the moment from the data: the verdicts at that moment stay the same."""
    moment = datetime(2026, 3, 29, 12)

    def erased(text):
        return None if text is None or datetime.fromisoformat(text) > moment else text

    past = [(i, s, erased(d), p, erased(c), n, g) for i, s, d, p, c, n, g in rows if s is None or erased(s)]
    as_of = moment.isoformat()
    assert build(measure, past).table("verdict_cell", as_of) == build(measure, rows).table(
        "verdict_cell", as_of
    )


@settings(max_examples=25)
@given(rows=rows_of_items)
def test_a_second_judge_in_pandas_agrees_item_by_item(rows):
    """Two calendar days with versions, written again with pandas' own time zones."""
    as_of = pd.Timestamp("2026-03-30T23:59:59.999999", tz="Europe/London")
    for item, row in zip(build({"within": "2 calendar days"}, rows).items("2026-03-30"), [r for r in rows if r[1] is None or pd.Timestamp(r[1], tz="Europe/London") <= as_of], strict=True):  # fmt: skip
        assert item["verdict"] == judged_by_pandas(row, as_of), row


def judged_by_pandas(row, as_of):
    started, done = (local(text) for text in row[1:3])
    done = done if done is not None and done <= as_of else None
    basis = next((m for m in (started, done) if m is not None), None)
    if basis is not None and basis < pd.Timestamp("2026-03-27", tz="Europe/London"):
        return "not promised"
    if started is None or (done is not None and done < started):
        return "unknown"
    due_day = started.tz_localize(None).normalize() + timedelta(days=2)
    in_time = (done if done is not None else as_of).tz_localize(None).normalize() <= due_day
    if done is not None:
        return "kept" if in_time else "broken"
    return "open" if as_of.tz_localize(None) < due_day + timedelta(days=1, microseconds=-1) else "broken"


def local(text):
    if text is None:
        return None
    con = duckdb.connect()
    con.execute("set TimeZone = 'Europe/London'")
    return pd.Timestamp(
        con.sql(f"select epoch_us(timestamptz '{text}')").fetchall()[0][0], unit="us", tz="UTC"
    ).tz_convert("Europe/London")


def test_the_log_buckets_of_lateness_hold_every_done_item():
    start = datetime(2026, 3, 28)
    rows = [
        (n, start.isoformat(), (start + timedelta(hours=n)).isoformat(), None, None, 1, "x") for n in range(9)
    ]
    small = build({"within": "4 hours"}, rows)
    small.table("lateness_daily", "2026-04-02")
    query = "select sign(bucket), sum(items) from out.lateness_daily where segment = '(all)' group by 1 order by 1"
    assert small.con.sql(query).fetchall() == [(-1, 4), (0, 1), (1, 4)]
