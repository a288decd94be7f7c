"""Every kind of measure, clock, pause and version: what Spark answers is what DuckDB answers, row for row."""

import json
import os
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
from tests.judge.remote.drawn import CALENDARS, ZONES, drawn
from tests.judge.remote.worlds import fill
from tests.judge.world import World

FIFTY, DRAWN = 50, int(os.environ.get("ASPROMISED_TEST_WORLDS", "8"))
"""Worlds at random that have all there is, and how many of them are judged: a few daily."""
EVERYTHING = [
    *ZONES, *(json.dumps(each)[1:-1] for each in CALENDARS), "kept_when", "not_again_within", "seen - late", "hours", "minutes",
    " days", "calendar days", "business hours", "business minutes", "business days", "less_than", '"within"', "cut_off", '"by"', "originally_by", '"column"', '"terms"',
    '"source": "pauses"', "paused_at", "versions", "corrections", "cancelled_at", "if_cancelled", "exempt", '"only"', "segments", '"counted": "due"',
    '"counted": "started"', '"counted": "done"', "promotions", "latest_by", '"arrived": "ordered_on"', "ordered_on", "delivered_on",
]  # fmt: skip
"""Words of which each stands in some declaration of the fifty."""

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
    assert_equal(small, spark)


@pytest.mark.parametrize("seed", range(DRAWN))
def test_a_world_at_random_is_judged_alike(seed: int, spark: Spark) -> None:
    small, said = drawn(seed, 90)
    assert assert_equal(small, spark), said


def test_fifty_worlds_have_all_there_is() -> None:
    told = [json.dumps(drawn(seed, 0)[1]) for seed in range(FIFTY)]
    missing = [word for word in EVERYTHING if not any(word in each for each in told)]
    assert not missing


def assert_equal(small: World, spark: Spark) -> int:
    """Hold what Spark answers against what DuckDB does, every item and table; return how many items there are."""
    plan, moment = planned(small)
    judge_items(small.con, plan, moment)
    there = OnSpark(small.con, small.workspace, spark)
    answers, items = there.answers(plan, moment), 0
    for table, query in scans(plan).items():
        assert rows(answers[table].rows) == rows(small.con.arrow(render(query))), table
    for view in ("judged", "known") if plan.is_gated else ("judged",):
        here = small.con.arrow(f"select * from {view}")
        columns = ", ".join(f"`{name}`" for name in here.column_names)
        assert rows(spark.rows(f"select {columns} from {view}")) == rows(here), view
        assert here.num_rows or view == "known"
        items = here.num_rows if view == "judged" else items
    return items


def planned(small: World) -> tuple[Plan, AsOf]:
    moment = as_of_moment(AS_OF, small.workspace.timezone)
    return plan_promise(small.con, small.workspace, "p", moment)


def rows(table: pa.Table) -> Rows:
    names = sorted(table.column_names)
    return sorted(zip(*(table[name].to_pylist() for name in names), strict=True), key=repr)
