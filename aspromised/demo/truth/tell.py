"""Gathers the truth about one world, for stories.json and STORIES.md."""

from typing import Any

import numpy as np
import pandas as pd
from scipy.stats import binomtest

from aspromised.demo.company.world import World
from aspromised.demo.declarations import targets
from aspromised.demo.export.records import Written, last_day
from aspromised.demo.truth.harm import launches_truth, planned_truth
from aspromised.demo.truth.later import first_contact, ready_to_collect
from aspromised.demo.truth.promises import ORACLES, OracleInput
from aspromised.demo.truth.stories import stories
from aspromised.demo.truth.verdicts import by_month, verdict_counts
from aspromised.demo.wall import instants

Truth = dict[str, Any]


def judging_of(world: World) -> OracleInput:
    """Return the judging of a world as of the end of its last day."""
    return OracleInput(world.tables, world.at, instants(np.array([world.as_of]))[0])


def truth(world: World, written: Written) -> Truth:
    """Return everything planted, with its true size."""
    judging = judging_of(world)
    return {
        "company": "Fernway Home (invented)",
        "until": world.until,
        "seed": world.seed,
        "orders": len(world.tables["orders"]),
        "as_of_day": last_day(world),
        "promises": {name: _promise(judge(judging), world.until, name) for name, judge in ORACLES.items()},
        "not_judged_yet": {
            "ready-to-collect": ready_to_collect(judging),
            "first-contact": first_contact(judging),
        },
        "promotions": launches_truth(world, judging) | planned_truth(world),
        "stories": stories(world, judging),
        "sources": _sources(world, written),
    }


def _promise(items: pd.DataFrame, month: str, name: str) -> Truth:
    months = by_month(items)
    versions = {str(number): verdict_counts(part) for number, part in items.groupby("version") if number}
    status = _status(months.get(month), *targets()[name])
    return {
        "whole": verdict_counts(items),
        "versions": versions,
        "months": months,
        "last_month_status": status,
    }


def _status(found: dict[str, Any] | None, target: float, at_least: int) -> str:
    """Return the status of a month that is over, by Wilson's 95 % interval: the same whatever becomes of what is open."""
    judged = found["kept"] + found["broken"] if found else 0
    if not found or judged == 0:
        return "no data"
    if judged < at_least:
        return "too few"
    kept, still_open = found["kept"], found["open"]
    all_ = judged + still_open
    readings = {_called(*each, target) for each in ((kept, judged), (kept, all_), (kept + still_open, all_))}
    return readings.pop() if len(readings) == 1 else "too close to call"


def _called(kept: int, judged: int, target: float) -> str:
    interval = binomtest(kept, judged).proportion_ci(method="wilson")
    if interval.low >= target:
        return "kept"
    return "missed" if interval.high < target else "too close to call"


def _sources(world: World, written: Written) -> dict[str, Truth]:
    return {
        name: {
            "rows": len(table) + sum(written.dirty.get(name, {}).values()) + written.duplicates.get(name, 0),
            "rows_kept": len(table),
            "set_aside": written.dirty.get(name, {}),
            "duplicates": written.duplicates.get(name, 0),
        }
        for name, table in world.tables.items()
    }
