"""Customer care: tickets with their pauses, contacts, complaints."""

import numpy as np
import pandas as pd

from aspromised.demo.anchors import Anchors
from aspromised.demo.company.demand import DailyDemand
from aspromised.demo.company.journey import lognormal
from aspromised.demo.company.orders import TENURES, choose
from aspromised.demo.wall import (
    DAY,
    HOUR,
    MINUTE,
    NEVER,
    Bools,
    Ints,
    clear_of_clock_changes,
    hour_of,
    instants,
    local_days,
    wall,
    wall_of,
    weekday,
)

TICKET_CHANNELS = ("chat", "email", "phone")
TOPICS = ("where is my order", "wrong or damaged item", "billing", "returns", "product advice", "appointment")


def late_orders(orders: pd.DataFrame) -> Bools:
    """Return which orders arrived after the date first promised, or are overdue."""
    arrived = local_days(orders["delivered_at"])
    return np.asarray((arrived > orders["originally_promised_at"]).to_numpy())


def tickets(rng: np.random.Generator, at: Anchors, orders: pd.DataFrame, as_of: int) -> pd.DataFrame:
    """Return the tickets opened: more after a late or wrong order. Times to the minute, as the desk exports them."""
    late = late_orders(orders)
    wrong = orders["wrong_item"].fillna(False).to_numpy(dtype=bool)
    asks = rng.random(len(orders)) < np.where(wrong, 0.55, np.where(late, 0.30, 0.10))
    about = orders[asks].reset_index(drop=True)
    n = len(about)
    reached = wall_of(about["delivered_at"])
    base = np.where(reached == NEVER, wall_of(about["ordered_at"]) + 3 * DAY, reached)
    opened = clear_of_clock_changes(_in_minutes(base + _waking_delay(rng, n, base)))
    inside = opened <= as_of
    about, opened = about[inside].reset_index(drop=True), opened[inside]
    return _answered(rng, at, about, opened, late[asks][inside], wrong[asks][inside], as_of)


def _in_minutes(moments: Ints) -> Ints:
    return moments // MINUTE * MINUTE


def _waking_delay(rng: np.random.Generator, n: int, base: Ints) -> Ints:
    delay = (rng.exponential(20, n) * HOUR).astype(np.int64) + MINUTE
    night = (hour_of(base + delay) < 7) | (hour_of(base + delay) > 22)
    return np.where(night, delay + 9 * HOUR, delay)


def _answered(
    rng: np.random.Generator,
    at: Anchors,
    about: pd.DataFrame,
    opened: Ints,
    late: Bools,
    wrong: Bools,
    as_of: int,
) -> pd.DataFrame:
    n = len(about)
    new = np.where(np.abs((opened - wall(at["summer-hiring"])) // DAY - 22) < 23, 0.3, 0.09)
    draw = rng.random(n)
    tenure = pd.Categorical.from_codes(
        np.where(draw < new, 2, np.where(draw < new + 0.2, 1, 0)), list(TENURES)
    )
    novice = np.asarray(tenure == "under 3 months")
    channel = choose(rng, TICKET_CHANNELS, (0.38, 0.37, 0.25), n)
    topic = np.asarray(choose(rng, TOPICS[2:], (0.24, 0.30, 0.30, 0.16), n))
    topic = np.where(wrong, TOPICS[1], np.where(late & (rng.random(n) < 0.7), TOPICS[0], topic))
    replied = clear_of_clock_changes(opened + _reply(rng, np.asarray(channel), opened, novice))
    slow = np.where(novice, 1.5, 1.0) * np.where(topic == "billing", 1.35, 1.0)
    resolved = _in_minutes(replied + (lognormal(rng, 16, 0.95, n, HOUR) * slow).astype(np.int64))
    skewed = rng.random(n) < 0.0015
    resolved = np.where(skewed, opened - 7 * MINUTE, clear_of_clock_changes(resolved))
    merged = np.where(rng.random(n) < 0.02, clear_of_clock_changes(opened + _some_hours(rng, n)), NEVER)
    stopped = (merged != NEVER) & (merged < resolved)
    resolved = np.where(stopped | (resolved > as_of), NEVER, resolved)
    asked = rng.poisson(np.where(novice, 0.16, 0.05), n)
    return pd.DataFrame({
        "ticket_id": [f"T{number:06d}" for number in range(1, n + 1)],
        "customer_id": about["customer_id"], "customer_type": about["customer_type"],
        "order_id": about["order_id"], "channel": np.asarray(channel), "topic": topic, "agent_tenure": np.asarray(tenure),
        "opened_at": instants(opened),
        "first_reply_at": instants(np.where(replied <= as_of, replied, NEVER)),
        "resolved_at": instants(resolved),
        "merged_at": instants(np.where(merged <= as_of, merged, NEVER)),
        "transfers": rng.poisson(np.where(topic == "billing", 0.5, 0.22), n),
        "re_asks": pd.Series(asked, dtype="Int64").mask(rng.random(n) < 0.005),
        "spam": rng.random(n) < 0.012,
    })  # fmt: skip


def _some_hours(rng: np.random.Generator, n: int) -> Ints:
    """Return some whole minutes up to ten hours."""
    return np.asarray(rng.integers(2, 600, n), dtype=np.int64) * MINUTE


def _reply(rng: np.random.Generator, channel: np.ndarray, opened: Ints, novice: Bools) -> Ints:
    """Return how long the first reply took; chat in minutes, slower on Sundays and late in the evening."""
    n = len(opened)
    tired = (weekday(opened // DAY) == 6) | (hour_of(opened) >= 20)
    chat = lognormal(rng, 1.75, 0.62, n, MINUTE) * np.where(tired, 1.5, 1.0) * np.where(novice, 1.2, 1.0)
    other = lognormal(rng, 1.9, 0.75, n, HOUR)
    night = np.where(hour_of(opened) >= 19, 13 * HOUR, np.where(hour_of(opened) < 8, 5 * HOUR, 0))
    return _in_minutes(np.where(channel == "chat", chat, other + night).astype(np.int64)) + MINUTE


def ticket_pauses(rng: np.random.Generator, tickets: pd.DataFrame, as_of: int) -> pd.DataFrame:
    """Return spells in which a ticket waited for the customer; some have not ended."""
    waited = tickets[(rng.random(len(tickets)) < 0.14) & (tickets["channel"] != "chat").to_numpy()]
    n = len(waited)
    start = wall_of(waited["opened_at"]) + rng.integers(5, 90, n) * MINUTE
    stop = start + lognormal(rng, 3, 0.8, n, HOUR) // MINUTE * MINUTE
    inside = start <= as_of
    return pd.DataFrame(
        {
            "ticket_id": waited["ticket_id"].to_numpy()[inside],
            "paused_at": instants(start[inside]),
            "resumed_at": instants(np.where(stop <= as_of, stop, NEVER)[inside]),
        }
    )


def contacts(
    rng: np.random.Generator, demand: DailyDemand, customers: pd.Series, orders: int, as_of: int
) -> pd.DataFrame:
    """Return contacts of every kind; about one in nine comes back on the same topic within a week."""
    n = int(orders * 0.2)
    day = rng.choice(demand.days, n, p=demand.expected / demand.expected.sum())
    first = day * DAY + (np.clip(rng.normal(14, 3.6, n), 7, 22) * 3600).astype(np.int64) * 1_000_000
    topic = np.asarray(choose(rng, TOPICS, (0.3, 0.12, 0.14, 0.16, 0.2, 0.08), n))
    again = rng.random(n) < np.where(topic == "billing", 0.19, 0.095)
    gap = (rng.beta(1.2, 2.2, n) * 9 * DAY).astype(np.int64) // 1_000_000 * 1_000_000 + 20 * MINUTE
    whole = pd.DataFrame(
        {"customer_id": rng.choice(customers.to_numpy(), n), "topic": topic, "moment": first}
    )
    whole = pd.concat([whole, whole[again].assign(moment=(first + gap)[again])])
    whole = whole[whole["moment"] <= as_of].sort_values("moment", kind="stable").reset_index(drop=True)
    return pd.DataFrame(
        {
            "contact_id": [f"K{number:06d}" for number in range(1, len(whole) + 1)],
            "customer_id": whole["customer_id"],
            "topic": whole["topic"],
            "channel": choose(rng, ("phone", "chat", "email", "store"), (0.4, 0.3, 0.2, 0.1), len(whole)),
            "opened_at": instants(whole["moment"].to_numpy()),
        }
    )


def complaints(rng: np.random.Generator, orders: pd.DataFrame, as_of: int) -> pd.DataFrame:
    """Return complaints: far likelier after a late or wrong order; a third name no promise of ours."""
    late, wrong = late_orders(orders), orders["wrong_item"].fillna(False).to_numpy(dtype=bool)
    upset = rng.random(len(orders)) < np.where(wrong, 0.11, np.where(late, 0.055, 0.0065))
    upset &= orders["delivered_at"].notna().to_numpy()
    about = orders[upset].reset_index(drop=True)
    n = len(about)
    received = wall_of(about["delivered_at"]) + lognormal(rng, 20, 0.9, n, HOUR)
    reviewed = received + lognormal(rng, 60, 0.9, n, HOUR)
    answered = reviewed + lognormal(rng, 90, 0.75, n, HOUR)
    skipped = rng.random(n) < 0.07
    reviewed, answered = (
        np.where(skipped | (moment > as_of), NEVER, moment) for moment in (reviewed, answered)
    )
    other = np.asarray(
        choose(rng, ("delivery crew", "price changed", "website", "noise of packaging"), (4, 3, 2, 1), n)
    )
    theme = np.where(wrong[upset], "wrong item", np.where(late[upset], "late delivery", other))
    table = pd.DataFrame({
        "customer_id": about["customer_id"], "order_id": about["order_id"], "theme": theme, "region": about["region"].astype(str),
        "received_at": instants(received), "reviewed_at": instants(reviewed), "answered_at": instants(answered),
        "owner": pd.Series(choose(rng, ("fulfilment", "customer-care", "sales"), (5, 4, 1), n)).astype(str).mask(skipped),
        "follow_up_ok": pd.Series(rng.random(n) < 0.6, dtype="boolean").mask(answered == NEVER),
    })  # fmt: skip
    table = table[received <= as_of].sort_values("received_at", kind="stable").reset_index(drop=True)
    table.insert(0, "complaint_id", [f"P{number:05d}" for number in range(1, len(table) + 1)])
    return table
