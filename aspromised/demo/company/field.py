"""Field service: appointments in two-hour slots; a late morning makes a late afternoon."""

import numpy as np
import pandas as pd

from aspromised.demo.company.orders import choose
from aspromised.demo.wall import DAY, HOUR, MINUTE, NEVER, clear_of_clock_changes, instants, wall_of, weekday


def appointments(rng: np.random.Generator, orders: pd.DataFrame, as_of: int) -> pd.DataFrame:
    """Return visits booked; booked well ahead, so some slots lie after the last day."""
    chosen = rng.random(len(orders)) < 0.055
    about = orders[chosen].reset_index(drop=True)
    n = len(about)
    booked = clear_of_clock_changes(
        (wall_of(about["ordered_at"]) // MINUTE + rng.integers(2, 90, n)) * MINUTE
    )
    day = booked // DAY + rng.integers(3, 18, n)
    day = day + (weekday(day) == 6)
    slot = rng.integers(0, 5, n)
    start = day * DAY + (8 + 2 * slot) * HOUR
    kind = np.asarray(choose(rng, ("assembly", "measuring", "repair"), (0.6, 0.25, 0.15), n))
    drift = 38 + 9 * slot + np.where(kind == "repair", 10, 0)
    arrived = start + np.maximum(rng.normal(drift, 38, n), -15).astype(np.int64) * MINUTE
    draw = rng.random(n)
    missed, ours, theirs = draw < 0.008, (draw >= 0.008) & (draw < 0.018), (draw >= 0.018) & (draw < 0.048)
    called_off = clear_of_clock_changes(start - rng.integers(1, 40, n) * HOUR)
    arrived = np.where(missed | ours | theirs | (arrived > as_of), NEVER, arrived)
    table = pd.DataFrame({
        "order_id": about["order_id"], "customer_id": about["customer_id"], "region": about["region"].astype(str),
        "kind": kind, "crew": np.asarray(choose(rng, tuple("ABCDEFGH"), tuple([1.0] * 8), n)),
        "booked_at": instants(booked), "slot_starts_at": instants(start), "slot_ends_at": instants(start + 2 * HOUR),
        "arrived_at": instants(arrived),
        "cancelled_by_us_at": instants(np.where(ours & (called_off <= as_of), called_off, NEVER)),
        "customer_cancelled": theirs,
    })  # fmt: skip
    table = table[(booked <= as_of) & (called_off > booked)]
    table = table.sort_values("booked_at", kind="stable").reset_index(drop=True)
    table.insert(0, "appointment_id", [f"A{number:05d}" for number in range(1, len(table) + 1)])
    return table
