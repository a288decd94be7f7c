"""How late the late ones are, against the seconds themselves."""

import math

import numpy as np
import pandas as pd
import pytest

from aspromised.analyse.gaps.lateness import bucket_edges, lateness
from aspromised.analyse.rates.scope import Scope
from aspromised.analyse.windows.window import Window
from aspromised.judge.clocks.lateness import LOG_BUCKET
from tests.analyse.shelf import shelf, with_rows
from tests.judge.world import make_world

OCTOBER = Scope("p", Window.month("2026-10"))


def bucket(seconds: float) -> int:
    """The bucket as the contract words it, written a second time."""
    size = abs(seconds)
    return 0 if size < 1 else int(math.copysign(1 + math.floor(math.log(size) / LOG_BUCKET), seconds))


def snapshot(seconds, length="48 hours", not_done=0):
    """All of them done, kept unless they are late."""
    of_all = {"day": "2026-10-05", "version": 1, "segment": "(all)", "value": "(all)"}
    rows = pd.DataFrame({"bucket": [bucket(s) for s in seconds], "kept": [bool(s <= 0) for s in seconds]})
    daily = [
        {**of_all, "bucket": int(b), "items": len(kept), "kept": int(kept.sum())}
        for b, kept in rows.groupby("bucket")["kept"]
    ]
    kept = int(rows["kept"].sum())
    counts = [{**of_all, "kept": kept, "broken": len(rows) - kept + not_done}]
    return shelf(
        promise=[{}], promise_version=[{"length": length}], lateness_daily=daily, verdict_daily=counts
    )


@pytest.mark.parametrize("seconds", [-90_000.0, -1.0, -0.4, 0.0, 0.9, 1.0, 1.04, 1.06, 59, 86_400.5, 3e7])
def test_a_buckets_edges_hold_what_fell_into_it_and_are_5_per_cent_apart(seconds):
    low, high = bucket_edges(bucket(seconds))
    assert low <= seconds <= high
    if abs(seconds) >= 1:
        assert max(abs(low), abs(high)) / min(abs(low), abs(high)) == pytest.approx(1.05)


def test_half_and_a_tenth_of_the_late_ones_agree_with_their_quantiles():
    rng = np.random.default_rng(5)
    seconds = np.concatenate([-rng.uniform(60, 80_000, 900), rng.lognormal(9, 1, 100)])
    late = lateness(snapshot(seconds), OCTOBER, "orders")
    assert (late.decided, late.late, late.not_done) == (1000, 100, 0)
    truly = np.sort(seconds[seconds >= 1])
    for share, rank in ((0.5, 49), (0.9, 89)):
        low, high = late.late_by(share)
        assert low <= truly[rank] <= high


def test_the_share_done_by_an_edge_is_the_share_of_items_not_later():
    rng = np.random.default_rng(6)
    seconds = rng.normal(-3000, 4000, 500)
    late = lateness(snapshot(seconds), OCTOBER, "orders")
    for row in late.table.itertuples():
        assert row.up_to == pytest.approx((seconds <= row.to_seconds).mean())


def test_the_sentence_counts_late_ones_and_those_never_done():
    late = lateness(snapshot([-3600] * 8 + [3600, 36_000], not_done=1), OCTOBER, "orders")
    assert late.sentence == (
        "72.7 % of 11 orders were done in time; 2 were late: half of those by about 60 min or less, 1 in 10 by about 10 h or more; "
        "1 more is not done at all."
    )


def test_the_latest_is_told_as_it_is_listed_and_as_a_bound_where_it_is_not():
    """2 d 17 h late: its bucket ends at 2 d 19 h, and nobody says "about 2.8 d" of an item that stands below."""
    shown = snapshot([-3600.0, 60.0, 234_000.0])
    assert lateness(shown, OCTOBER, "orders").latest == "at most 2 d 19 h"
    listed = {"day": "2026-10-05", "verdict": "broken", "done": "2026-10-05", "due": "2026-10-03"}
    early, last = ({**listed, "item_id": str(each), "late_seconds": each} for each in (60.0, 234_000.0))
    undone = {**last, "done": None, "late_seconds": 9e6}
    assert lateness(with_rows(shown, item=[early, undone]), OCTOBER, "orders").latest == "at most 2 d 19 h"
    assert lateness(with_rows(shown, item=[early, undone, last]), OCTOBER, "orders").latest == "2 d 17 h"


def test_none_late_is_said_plainly():
    assert (
        lateness(snapshot([-60, -0.5, 0]), OCTOBER, "orders").sentence
        == "None of the 3 orders done was late."
    )


def test_elapsed_time_is_known_only_where_one_exact_length_was_promised():
    assert lateness(snapshot([-60], "48 hours"), OCTOBER, "orders").length == 48 * 3600
    assert lateness(snapshot([-60], "2 calendar days"), OCTOBER, "orders").length is None
    assert lateness(snapshot([-60], "by promised_at"), OCTOBER, "orders").length is None


def test_nothing_done_is_nothing_to_draw():
    assert lateness(snapshot([]), OCTOBER, "orders") is None


TYPES = {
    "id": "integer", "s": "timestamptz", "d": "timestamptz", "c": "timestamptz", "p": "timestamptz", "r": "varchar",
}  # fmt: skip
START = "2026-10-05 10:00"


def at(hours: float) -> str:
    return (pd.Timestamp(START) + pd.Timedelta(hours=hours)).isoformat()


WORLD = [
    *((n, START, at(1 + n / 10), None, at(4), "north") for n in range(1, 11)),
    (11, START, at(4), None, at(4), "north"),  # on the limit
    (12, START, at(4 + 0.3 / 3600), None, at(4), "south"),  # 0.3 s late
    (13, START, at(9), None, at(4), "south"),
    (14, START, at(300), None, at(4), None),
    (15, START, None, None, at(4), "south"),  # never done
    (16, START, None, at(2), at(4), "south"),  # cancelled
    (17, START, at(3), at(2), at(4), "north"),  # done all the same
    (18, START, at(-1), None, at(4), "north"),  # done before it started: unknown
    (19, "2026-10-31 23:00", None, None, "2026-11-01 03:00", "north"),  # open
]


@pytest.mark.parametrize("if_cancelled", ["exempt", "broken"])
@pytest.mark.parametrize("limit", [
    {"within": "4 hours"}, {"less_than": "4 hours"}, {"within": "0 calendar days"}, {"by": "p"},
    {"within": "4 business hours", "calendar": "desk"}, {"within": "1 business day", "calendar": "desk"},
])  # fmt: skip
def test_the_curve_at_the_promise_is_the_kept_rate_to_the_item(limit, if_cancelled) -> None:
    measure = {"items": "items", "id": "id", "started": "s", "done": "d", "cancelled": "c", **limit}
    world = make_world(
        {"measure": {**measure, "if_cancelled": if_cancelled, "segments": [{"region": "r"}]}},
        TYPES,
        WORLD,
        calendars={"desk": {"open": {"mon-fri": ["09:00-17:00"]}}},
    )
    world.table("promise", "2026-10-31")
    world.con.execute("use out; set search_path = 'out,source'")
    world.con.execute("create table meta as select 'as_of_day' as key, '2026-10-31' as value")
    for scope in (
        OCTOBER,
        *(Scope("p", OCTOBER.window, (("region", each),)) for each in ("north", "south", "(none)")),
    ):
        kept, broken, late = _counted(world.con, scope)
        found = lateness(_Tables(world.con), scope, "orders")
        assert found is not None and (found.kept, found.decided) == (kept, kept + broken)
        assert found.late == late
        at_promise = found.table.loc[found.table["to_seconds"] <= 0, "up_to"].max()
        assert (0.0 if math.isnan(at_promise) else at_promise) == kept / (kept + broken) == found.in_time


class _Tables:
    def __init__(self, con) -> None:
        self.con, self.meta = con, {}

    def query(self, sql, params=None):
        return self.con.execute(sql, params or {}).df()


def _counted(con, scope: Scope) -> tuple[int, int, int]:
    """Kept and broken of the window by the cube, and how many broken ones were done after they were due."""
    part = "".join(f""" and coalesce("{name}", '(none)') = '{value}'""" for name, value in scope.where)
    cube = con.execute(
        "select sum(kept)::int, sum(broken)::int from out.verdict_cell"
        f" where promise_id = 'p'{part} and day between '2026-10-01' and '2026-10-31'"
    ).fetchall()[0]
    late = con.execute(
        f"select count(*) from out.item where promise_id = 'p'{part} and verdict = 'broken' and done > due"
    ).fetchall()[0]
    return (*cube, *late)
