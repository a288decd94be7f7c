"""What operations planned and stocked: picking capacity, agents, stock cover, counts per store."""

import numpy as np
import pandas as pd

from aspromised.demo.anchors import Anchors
from aspromised.demo.company.demand import DailyDemand
from aspromised.demo.company.orders import CATEGORIES
from aspromised.demo.wall import DAY, NEVER, dates, wall, weekday

STORES = ("Leeds", "Manchester", "Birmingham", "Bristol", "Cardiff", "Glasgow", "Croydon", "Stratford")


def picking_capacity(rng: np.random.Generator, demand: DailyDemand, units_an_order: float) -> pd.DataFrame:
    """Return the units the hubs can pick a day; the days after the data are the plan."""
    days = np.concatenate([demand.days, demand.planned])
    usual = np.concatenate([demand.usual, demand.planned_usual]) * units_an_order
    factor = np.concatenate([demand.headroom, demand.planned_headroom])
    noise = 1 + 0.015 * rng.standard_normal(len(days)).clip(-2, 2)
    units = np.maximum(np.round(usual * factor * noise), 1).astype(np.int64)
    planned = np.arange(len(days)) >= len(demand.days)
    return pd.DataFrame({"day": dates(days), "units": units, "planned": planned})


def agent_capacity(rng: np.random.Generator, at: Anchors, demand: DailyDemand) -> pd.DataFrame:
    """Return the customer-care agents on shift a day and the tickets they can answer."""
    agents = 6 + np.round(demand.usual / demand.usual.mean() * 14 + rng.normal(0, 1, len(demand.days)))
    agents = np.where(weekday(demand.days) >= 5, np.round(agents * 0.7), agents).astype(np.int64)
    new = np.where((demand.days * DAY - wall(at["summer-hiring"])) // DAY < 45, 0.2, 0.05)
    trained = np.round(agents * (1 - new)).astype(np.int64)
    return pd.DataFrame(
        {"day": dates(demand.days), "agents": agents, "trained": trained, "tickets_a_day": agents * 11}
    )


def stock(rng: np.random.Generator, at: Anchors, demand: DailyDemand) -> pd.DataFrame:
    """Return the days of cover a family of goods had, each day; bedroom ran short around one launch."""
    days, families = demand.days, CATEGORIES
    wave = 26 + 5 * np.sin((days - days[0])[:, None] / 40 + np.arange(len(families)))
    cover = wave + rng.normal(0, 1.2, wave.shape)
    low = (days * DAY >= wall(at["bedroom-stock-lost"])) & (days * DAY < wall(at["bedroom-stock-back"]))
    cover[low, families.index("bedroom")] = 8 + rng.random(int(low.sum())) * 3
    return pd.DataFrame(
        {
            "day": dates(np.repeat(days, len(families))),
            "family": np.tile(np.array(families, dtype=object), len(days)),
            "days_cover": np.round(cover.ravel(), 1),
        }
    )


def store_counts(rng: np.random.Generator, at: Anchors, demand: DailyDemand) -> pd.DataFrame:
    """Return collections a month and store, and how many were ready within two hours; the last was never sent."""
    month = dates(demand.days).dt.to_period("M").dt.to_timestamp()
    per_month = pd.Series(demand.usual).groupby(month).sum()
    share = rng.dirichlet(np.full(len(STORES), 30))
    rows = []
    for start, orders in per_month.items():
        total = rng.poisson(0.107 * orders * share) + 3
        ready = rng.binomial(total, 0.905 + 0.06 * np.linspace(1, 0, len(STORES)))
        rows.append(
            pd.DataFrame({"period": start, "store": STORES, "collections": total, "ready_on_time": ready})
        )
    table = pd.concat(rows, ignore_index=True).astype({"collections": "Int64", "ready_on_time": "Int64"})
    table.loc[len(table) - 1, ["collections", "ready_on_time"]] = pd.NA
    return table


def terms(rng: np.random.Generator, at: Anchors, orders: pd.DataFrame) -> pd.DataFrame:
    """Return what sales sold to business customers: a response time in business hours, from day to day."""
    customers = np.sort(orders.loc[orders["customer_type"] == "business", "customer_id"].unique())
    n, first = len(customers), wall(at["data-from"])
    team = rng.choice(["key accounts", "inside sales", "field sales"], n, p=[0.3, 0.45, 0.25])
    signed = first + rng.integers(-200, 360, n) * DAY
    hours = np.where(team == "key accounts", rng.choice([2, 4], n, p=[0.45, 0.55]), rng.choice([4, 8], n))
    until = np.where(rng.random(n) < 0.25, signed // DAY + 365, NEVER)
    return pd.DataFrame({
        "customer_id": customers, "seller_team": team, "response_hours": hours,
        "signed_at": dates(signed // DAY), "valid_from": dates(signed // DAY + 1), "valid_to": dates(until),
    })  # fmt: skip


def ratings(rng: np.random.Generator, demand: DailyDemand) -> pd.DataFrame:
    """Return monthly scores that teams gave the teams they depend on."""
    pairs = (
        ("finance", "fulfilment", 3.1), ("fulfilment", "dispatch", 4.2), ("dispatch", "customer-care", 3.8),
        ("finance", "customer-care", 3.3), ("sales", "customer-care", 2.9), ("brand-marketing", "fulfilment", 3.0),
    )  # fmt: skip
    days = demand.days[::7]
    rows = [
        pd.DataFrame({"rated_on": dates(days), "supplier": supplier, "customer": customer,
                      "score": np.clip(np.round(rng.normal(mean, 0.7, len(days))), 1, 5).astype(np.int64)})
        for supplier, customer, mean in pairs
    ]  # fmt: skip
    return pd.concat(rows, ignore_index=True)
