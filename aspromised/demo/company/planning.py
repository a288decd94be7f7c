"""What operations planned and stocked: picking capacity, agents, stock cover, counts per store."""

import numpy as np
import pandas as pd

from aspromised.demo.anchors import Anchors
from aspromised.demo.company.demand import DailyDemand
from aspromised.demo.company.orders import CATEGORIES
from aspromised.demo.wall import DAY, NEVER, Ints, dates, wall, weekday

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


_PAIRS = (
    ("finance", "fulfilment", 3.1), ("fulfilment", "dispatch", 4.2), ("dispatch", "customer-care", 3.8),
    ("finance", "customer-care", 3.3), ("sales", "customer-care", 2.9), ("brand-marketing", "fulfilment", 3.0),
)  # fmt: skip
"""Who serves whom, and how good the customer finds it."""

_HEADINGS = {"timeliness": (-0.1, -0.4), "communication": (0.1, -0.9), "product": (0.2, -0.2)}
"""What else than quality is rated, each with how far it lies from quality: of all suppliers, and of sales."""

_REQUESTS = (2.6, 3.9, 4.1, 3.7, 3.4, 3.6)
"""How complete and in time the supplier of each pair finds what its customer asks of it."""

_PULSE = {
    "brand-marketing": 3.9, "sales": 3.8, "fulfilment": 3.6, "dispatch": 3.7, "customer-care": 2.9, "finance": 3.7,
    "field-service": 3.8, "stores": 3.6,
}  # fmt: skip
"""How staff of each team find that the company serves them."""


def ratings(rng: np.random.Generator, more: np.random.Generator, demand: DailyDemand) -> pd.DataFrame:
    """Return scores that teams gave the teams they depend on, those these gave in turn, and what staff say of the company.

    Quality is rated weekly; everything else, once a month, is drawn from `more`.
    """
    days = demand.days[::7]
    weekly = [
        _scores(rng, days, supplier, customer, "quality", "of supplier", mean)
        for supplier, customer, mean in _PAIRS
    ]
    return pd.concat([*weekly, *_monthly(more, demand)], ignore_index=True)


def _monthly(rng: np.random.Generator, demand: DailyDemand) -> list[pd.DataFrame]:
    """Return what is asked once a month: the other headings, how customers ask, and the pulse of five of each team."""
    month = dates(demand.days).dt.to_period("M")
    asked = demand.days[(month != month.shift()).to_numpy()] + 13
    asked = asked[asked <= demand.days[-1]]
    twice = np.repeat(asked, 2)
    found = []
    for (supplier, customer, mean), requests in zip(_PAIRS, _REQUESTS, strict=True):
        for heading, (usual, of_sales) in _HEADINGS.items():
            level = mean + (of_sales if supplier == "sales" else usual)
            found.append(_scores(rng, twice, supplier, customer, heading, "of supplier", level))
        found += [
            _scores(rng, twice, supplier, customer, heading, "of customer", requests)
            for heading in ("quality", "timeliness")
        ]
    for team, mean in _PULSE.items():
        found.append(_scores(rng, np.repeat(asked, 5), "company", team, "quality", "of supplier", mean))
    return found


def _scores(
    rng: np.random.Generator,
    days: Ints,
    supplier: str,
    customer: str,
    heading: str,
    direction: str,
    mean: float,
) -> pd.DataFrame:
    """Return a score from 1 to 5 for each of the days."""
    score = np.clip(np.round(rng.normal(mean, 0.7, len(days))), 1, 5).astype(np.int64)
    return pd.DataFrame({
        "rated_on": dates(days), "supplier": supplier, "customer": customer, "dimension": heading,
        "direction": direction, "score": score,
    })  # fmt: skip
