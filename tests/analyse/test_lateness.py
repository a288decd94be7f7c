"""How late the late ones are, against the seconds themselves."""

import math

import numpy as np
import pandas as pd
import pytest

from aspromised.analyse.lateness import bucket_edges, lateness
from aspromised.analyse.scope import Scope
from aspromised.analyse.window import Window
from aspromised.judge.rollup import LOG_BUCKET
from tests.analyse.shelf import shelf

OCTOBER = Scope("p", Window.month("2026-10"))


def bucket(seconds: float) -> int:
    """The bucket as the contract words it, written a second time."""
    size = abs(seconds)
    return 0 if size < 1 else int(math.copysign(1 + math.floor(math.log(size) / LOG_BUCKET), seconds))


def snapshot(seconds, length="48 hours", **more):
    rows = pd.Series([bucket(s) for s in seconds]).value_counts().items()
    daily = [
        {"day": "2026-10-05", "version": 1, "segment": "(all)", "value": "(all)", "bucket": b, "items": n}
        for b, n in rows
    ]
    return shelf(promise=[{}], promise_version=[{"length": length}], lateness_daily=daily, **more)


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
    assert (late.done, late.late) == (1000, 100)
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
    items = [
        {"item_id": "1", "day": "2026-10-05", "verdict": "broken", "done": None},
        {"item_id": "2", "day": "2026-10-05", "verdict": "broken", "done": "2026-10-06 10:00:00"},
        {"item_id": "3", "day": "2026-09-05", "verdict": "broken", "done": None},
    ]
    late = lateness(snapshot([-3600] * 8 + [3600, 36_000], item=items), OCTOBER, "orders")
    assert late.sentence == (
        "20.0 % of 10 orders done were late: half of those by less than 60 min, 1 in 10 by more than 10 h; "
        "1 more is not done at all."
    )


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
