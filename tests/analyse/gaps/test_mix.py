"""A month against the month before, by who was served and how they were served.

           web        phone      store      whole
September  30 of 600  30 of 300  5 of 100   6.5 %
October    25 of 500  66 of 600  5 of 100   8.0 %
"""

import numpy as np
import pytest

from aspromised.analyse.gaps.mix import split
from aspromised.analyse.rates.scope import Scope
from aspromised.analyse.windows.window import Window
from tests.analyse.shelf import shelf

OCTOBER = Scope("p", Window.month("2026-10"))
SEPTEMBER_15, OCTOBER_14 = "2026-09-15", "2026-10-13"  # both a Tuesday
ROWS = [
    (SEPTEMBER_15, "web", 600, 30), (SEPTEMBER_15, "phone", 300, 30), (SEPTEMBER_15, "store", 100, 5),
    (OCTOBER_14, "web", 500, 25), (OCTOBER_14, "phone", 600, 66), (OCTOBER_14, "store", 100, 5),
]  # fmt: skip


def snapshot(rows=ROWS, **more):
    cells = [{"day": day, "channel": c, "kept": n - m, "broken": m, **more} for day, c, n, m in rows]
    names = ["channel", *more]
    return shelf(promise=[{"segments": names}], segments=names, verdict_cell=cells)


def test_three_quarters_of_the_rise_is_customers_moving_to_phone():
    found = split(snapshot(), OCTOBER, "orders")
    assert found.sentence == (
        "6.5 % of the orders broke in September 2026, 8.0 % in October 2026, a difference that chance alone could make. About"
        " three quarters of the rise is orders moving to channel phone: +1.1 points mix and +0.4 points performance make"
        " +1.5 points."
    )
    phone = found.values.set_index("value").loc["phone"]
    assert (100 * phone[["mix", "performance"]].astype(float)).round(2).tolist() == [0.65, 0.4]


def test_both_add_up_by_every_segment_and_by_all_its_values():
    rng = np.random.default_rng(3)
    cells = [
        {"day": day, "a": a, "b": b, "kept": int(rng.integers(0, 90)), "broken": int(rng.integers(0, 30))}
        for day in ("2026-09-01", "2026-09-30", "2026-10-01", "2026-10-31") for a in ("x", None) for b in "uvw"
    ]  # fmt: skip
    found = split(
        shelf(promise=[{"segments": ["a", "b"]}], segments=["a", "b"], verdict_cell=cells), OCTOBER, "orders"
    )
    for row in found.segments.itertuples():
        assert row.mix + row.performance == pytest.approx(found.difference, abs=1e-12)
    assert found.values[["mix", "performance"]].to_numpy().sum() == pytest.approx(found.difference, abs=1e-12)
    assert {"a", "b"} <= set(found.segments["segment"])


def test_inside_a_part_its_own_items_are_split():
    both = snapshot(ROWS[:2] + ROWS[3:5], region="north")
    inside = split(both, Scope("p", OCTOBER.window, (("channel", "phone"),)), "orders")
    assert (inside.before, inside.after) == pytest.approx((0.1, 0.11))
    assert inside.segments.empty and "Nothing tells the orders apart" in inside.sentence


def test_a_month_without_a_month_before_is_not_split():
    assert split(snapshot(ROWS[3:]), OCTOBER, "orders") is None
    assert split(snapshot(ROWS[:3]), OCTOBER, "orders") is None
    assert split(snapshot(), Scope("p", Window()), "orders") is None


def test_the_same_rate_is_no_change():
    same = [(day, c, 100, 10) for day in (SEPTEMBER_15, OCTOBER_14) for c in ("web", "phone")]
    assert split(snapshot(same), OCTOBER, "orders").sentence.endswith("no change to split.")


def test_worse_service_is_not_called_mix():
    worse = [(SEPTEMBER_15, c, 500, 20) for c in ("web", "phone")] + [
        (OCTOBER_14, c, 500, 60) for c in ("web", "phone")
    ]
    said = split(snapshot(worse), OCTOBER, "orders").sentence
    assert "The rise is how orders were served, not which" in said and "chance" not in said
