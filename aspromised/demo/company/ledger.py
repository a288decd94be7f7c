"""The orders as the company's system holds them at the end of the last day."""

import numpy as np
import pandas as pd

from aspromised.demo.company.journey import Journey, Luck
from aspromised.demo.company.orders import Placed
from aspromised.demo.wall import DAY, HOUR, MINUTE, NEVER, Bools, Ints, dates, hour_of, instants

STAGES = ("confirmed", "paid", "pick_started", "picked", "dispatched", "delivered")
_COLUMN = {
    "confirmed": "confirmed_at",
    "paid": "payment_ok_at",
    "pick_started": "pick_started_at",
    "picked": "picked_at",
    "dispatched": "dispatched_at",
    "delivered": "delivered_at",
}


def keep_books(
    rng: np.random.Generator, placed: Placed, dealt: Luck, journey: Journey, as_of: int
) -> pd.DataFrame:
    """Return one row an order, instants in UTC; what happened after `as_of` (wall) is not yet known."""
    n = len(placed.ordered)
    moved = rng.random(n) < 0.013
    steps = {name: getattr(journey, name).copy() for name in STAGES}
    steps["delivered"] += np.where(moved, rng.integers(1, 5, n), 0) * DAY
    quoted = (28 + 7 * rng.integers(1, 4, n)).astype(np.int64)
    original = placed.ordered // DAY + _days_given(placed, quoted)
    cancelled = _cancel(rng, placed.ordered, steps, n)
    promised = np.where(
        (steps["delivered"] // DAY > original) & (rng.random(n) < 0.3), original + 2, original
    )
    known = {name: np.where(moment <= as_of, moment, NEVER) for name, moment in steps.items()}
    table = placed.table.copy()
    table["ordered_at"] = instants(placed.ordered)
    for name, moment in known.items():
        table[_COLUMN[name]] = instants(moment)
    table["cancelled_at"] = instants(np.where(cancelled <= as_of, cancelled, NEVER))
    table["old_item_collected_at"] = instants(np.full(n, NEVER))
    table["originally_promised_at"] = dates(original)
    table["promised_at"] = dates(np.where(rng.random(n) < 0.003, NEVER, promised))
    table["quoted_days"] = pd.Series(quoted, dtype="Int64").where(table["shipping"] == "made-to-measure")
    return _quality(rng, table, placed, dealt, journey, moved, known, as_of)


def _days_given(placed: Placed, quoted: Ints) -> Ints:
    """Return how many days ahead the promised date lay when it was given."""
    table = placed.table
    remote = table["region"].isin(["wales", "scotland"]).to_numpy()
    standard = 2 + ((hour_of(placed.ordered) >= 15) | remote)
    by_shipping = {"express": 1, "collect": 2, "white-glove": 7}
    days = table["shipping"].map(by_shipping).astype(float).fillna(0).to_numpy().astype(np.int64)
    days = np.where(table["shipping"] == "standard", standard, days)
    return np.asarray(np.where(table["shipping"] == "made-to-measure", quoted, days))


def _cancel(rng: np.random.Generator, ordered: Ints, steps: dict[str, Ints], n: int) -> Ints:
    """Return when each order was cancelled, and strike the stages that then never happened."""
    soon = ordered + (rng.exponential(18, n) * 3600).astype(np.int64) * 1_000_000 + 5 * MINUTE
    tired = ordered + 3 * DAY + rng.integers(0, 20 * 3600, n) * 1_000_000
    draw = rng.random(n)
    cancelled = np.where(draw < 0.018, soon, np.where((draw < 0.06), tired, NEVER))
    too_late = (cancelled >= steps["delivered"]) & (rng.random(n) > 0.02)
    cancelled = np.where(too_late, NEVER, cancelled)
    stopped = cancelled != NEVER
    for name in STAGES:
        steps[name] = np.where(
            stopped & (steps[name] > cancelled) & (cancelled < steps["delivered"]), NEVER, steps[name]
        )
    return np.asarray(cancelled)


def _quality(
    rng: np.random.Generator, table: pd.DataFrame, placed: Placed, dealt: Luck,
    journey: Journey, moved: Bools, known: dict[str, Ints], as_of: int,
) -> pd.DataFrame:  # fmt: skip
    n = len(table)
    wrong = pd.Series(journey.wrong, dtype="boolean").mask(rng.random(n) < 0.004)
    table["address_ok"] = rng.random(n) > 0.02
    table["repick_needed"] = dealt.repick
    table["wrong_item"] = wrong.where(known["dispatched"] != NEVER)
    table["customer_moved_slot"] = moved
    last = np.maximum.reduce([placed.ordered, *(np.maximum(moment, 0) for moment in known.values())])
    table["updated_at"] = instants(
        np.minimum(last + rng.integers(1, 2 * HOUR, n) // 1_000_000 * 1_000_000, as_of)
    )
    return table


def with_late_copies(rng: np.random.Generator, table: pd.DataFrame) -> tuple[pd.DataFrame, int]:
    """Return the table with earlier states of some orders beside their latest, and how many there are."""
    picked = rng.random(len(table)) < 0.004
    earlier = table[picked & table["delivered_at"].notna().to_numpy()].copy()
    for column in ("dispatched_at", "delivered_at", "picked_at", "wrong_item"):
        earlier[column] = earlier[column].mask(earlier[column].notna())
    earlier["promised_at"] = earlier["originally_promised_at"]
    earlier["updated_at"] = earlier["ordered_at"] + pd.Timedelta(minutes=10)
    return pd.concat([table, earlier], ignore_index=True), len(earlier)
