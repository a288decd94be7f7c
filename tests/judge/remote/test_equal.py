"""Every kind of measure, clock, pause and version: what Spark answers is what DuckDB answers, row for row."""

from typing import Any

import pyarrow as pa
import pytest

from aspromised.judge.planning.plan import Plan
from aspromised.judge.remote.judging import OnSpark
from aspromised.judge.run import judge_items, plan_promise
from aspromised.judge.verdicts.rollup import scans
from aspromised.judge.verdicts.verdict import AsOf
from aspromised.sql.on_spark.session import Spark
from aspromised.sql.templates import render
from aspromised.words.moments import as_of_moment
from tests.judge.golden_sql import AS_OF, CASES, on_spark_too, world_of
from tests.judge.remote.worlds import fill
from tests.judge.world import World

Rows = list[tuple[Any, ...]]
WORLDS = {
    **{case: (case, 60) for case in CASES if on_spark_too(case)},
    "many items on a calendar, paused": ("clock-paused-source", 500),
    "many versions on two calendars": ("clock-versions-on-two-calendars", 400),
    "many repeats as they were known": ("repeat-gated-arrived", 150),
}


@pytest.mark.parametrize("world", WORLDS)
def test_spark_answers_what_duckdb_answers(world: str, spark: Spark) -> None:
    case, items = WORLDS[world]
    small = world_of(case)
    fill(small, world, items)
    plan, moment = planned(small)
    judge_items(small.con, plan, moment)
    there = OnSpark(small.con, small.workspace, spark)
    answers = there.answers(plan, moment)
    for table, query in scans(plan).items():
        assert rows(answers[table].rows) == rows(small.con.arrow(render(query))), table
    for view in ("judged", "known") if plan.is_gated else ("judged",):
        here = small.con.arrow(f"select * from {view}")
        columns = ", ".join(f"`{name}`" for name in here.column_names)
        assert rows(spark.rows(f"select {columns} from {view}")) == rows(here), view
        assert here.num_rows or view == "known"


def planned(small: World) -> tuple[Plan, AsOf]:
    moment = as_of_moment(AS_OF, small.workspace.timezone)
    return plan_promise(small.con, small.workspace, "p", moment)


def rows(table: pa.Table) -> Rows:
    names = sorted(table.column_names)
    return sorted(zip(*(table[name].to_pylist() for name in names), strict=True), key=repr)
