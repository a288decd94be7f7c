"""What customers ordered: who, where, how, and with which promotion; before anything was delivered."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from aspromised.demo.anchors import Anchors
from aspromised.demo.company.campaigns import CAMPAIGNS
from aspromised.demo.company.demand import DailyDemand
from aspromised.demo.wall import DAY, HOUR, Floats, Ints, wall

REGIONS = ("london", "south-east", "midlands", "north", "wales", "scotland")
_REGION_SHARE = (0.20, 0.24, 0.20, 0.18, 0.07, 0.11)
CARRIERS = ("Parcelway", "Arrowline", "Kestrel")
_CARRIER_SHARE = {
    "london": (0.62, 0.29, 0.09),
    "south-east": (0.62, 0.28, 0.10),
    "midlands": (0.50, 0.34, 0.16),
    "north": (0.34, 0.32, 0.34),
    "wales": (0.20, 0.18, 0.62),
    "scotland": (0.17, 0.17, 0.66),
}
CHANNELS = ("web", "app", "store", "phone")
CATEGORIES = ("sofas", "bedroom", "kitchen", "lighting", "rugs", "tables", "storage", "garden")
SHIPPING = ("standard", "express", "collect", "made-to-measure", "white-glove")
_SITE = {"london": "south", "south-east": "south", "midlands": "midlands",
         "north": "north", "wales": "midlands", "scotland": "north"}  # fmt: skip
TENURES = ("over a year", "3 to 12 months", "under 3 months")
_HOURS = (8, 5, 3, 2, 2, 4, 10, 20, 33, 42, 48, 50, 52, 48, 44, 44, 46, 50, 56, 64, 68, 56, 34, 18)


@dataclass(frozen=True)
class Placed:
    """The orders as placed: a table, the day each falls on (0 = first day), and the wall moment."""

    table: pd.DataFrame
    day_index: Ints
    ordered: Ints


def choose(
    rng: np.random.Generator, names: tuple[str, ...], share: tuple[float, ...], n: int
) -> pd.Categorical:
    """Return `n` names drawn with the given shares."""
    codes = np.searchsorted(np.cumsum(share), rng.random(n) * sum(share), side="right")
    return pd.Categorical.from_codes(np.minimum(codes, len(names) - 1), list(names))


def place_orders(rng: np.random.Generator, at: Anchors, demand: DailyDemand, orders: int) -> Placed:
    """Return `orders` orders over the days of `demand`, in time order."""
    per_day = rng.multinomial(orders, demand.expected / demand.expected.sum())
    day_index = np.repeat(np.arange(len(per_day), dtype=np.int64), per_day)
    moment = demand.days[day_index] * DAY + _time_of_day(rng, orders)
    promo = _promotion(rng, demand, day_index)
    moment = _after_launch(at, promo, moment)
    order = np.lexsort((moment,))
    day_index, moment, promo = day_index[order], moment[order], promo[order]
    return Placed(_columns(rng, at, promo, moment), day_index, moment)


def _time_of_day(rng: np.random.Generator, n: int) -> Ints:
    share = np.cumsum(_HOURS) / sum(_HOURS)
    hours = np.searchsorted(share, rng.random(n), side="right").astype(np.int64)
    return hours * HOUR + rng.integers(0, 3600, n) * 1_000_000


def _promotion(rng: np.random.Generator, demand: DailyDemand, day_index: Ints) -> Ints:
    """Return the campaign each order came with: its place in CAMPAIGNS, or -1."""
    draw = rng.random(len(day_index)) * demand.busier[day_index]
    promo = np.full(len(day_index), -1, dtype=np.int64)
    floor = np.ones(len(day_index))
    for index, campaign in enumerate(CAMPAIGNS):
        share = demand.extra[campaign.id][day_index]
        promo[(draw >= floor) & (draw < floor + share)] = index
        floor += share
    return promo


def _after_launch(at: Anchors, promo: Ints, moment: Ints) -> Ints:
    launched = np.array([wall(at[c.launched]) for c in CAMPAIGNS] + [0])
    early = moment < launched[promo]
    return np.where(early, launched[promo] + (moment % DAY) // 2, moment)


def _columns(rng: np.random.Generator, at: Anchors, promo: Ints, moment: Ints) -> pd.DataFrame:
    n = len(moment)
    customers = max(50, int(n * 0.36))
    customer = (customers * rng.random(n) ** 1.6).astype(np.int64)
    region = choose(rng, REGIONS, _REGION_SHARE, n)
    direct = rng.random(n) < 0.08
    shipping = _shipping(rng, promo, n)
    site = pd.Series(region.astype(object)).map(_SITE).to_numpy(dtype=object)
    site[direct & np.isin(shipping, ("standard", "express", "collect"))] = "supplier-direct"
    lines = (1 + rng.poisson(0.8, n)).astype(np.int64)
    return pd.DataFrame(
        {
            "order_id": [f"O{number:07d}" for number in range(1, n + 1)],
            "customer_id": pd.Series(customer).map("C{:06d}".format),
            "customer_type": np.where(customer % 17 == 3, "business", "consumer"),
            "region": region,
            "channel": choose(rng, CHANNELS, (0.52, 0.27, 0.13, 0.08), n),
            "shipping": pd.Categorical(shipping),
            "promo_code": np.array([c.code for c in CAMPAIGNS] + [None], dtype=object)[promo],
            "carrier": _carrier(rng, region, n),
            "site": pd.Categorical(site),
            "category": _category(rng, promo, n),
            "lines": lines,
            "units": lines + rng.poisson(0.3, n),
            "value_gbp": np.round(np.exp(rng.normal(4.9, 0.9, n)) + 9, 2),
            "picker_tenure": _tenure(rng, at, moment),
        }
    )


def _shipping(rng: np.random.Generator, promo: Ints, n: int) -> np.ndarray:
    drawn = np.asarray(choose(rng, SHIPPING, (0.66, 0.18, 0.107, 0.05, 0.003), n))
    share = np.array([c.express_share or 0.0 for c in CAMPAIGNS] + [0.0])[promo]
    return np.where(rng.random(n) < share, "express", drawn)


def _carrier(rng: np.random.Generator, region: pd.Categorical, n: int) -> pd.Categorical:
    edges = np.cumsum([_CARRIER_SHARE[name] for name in REGIONS], axis=1)[region.codes]
    codes = (rng.random(n)[:, None] > edges[:, :-1]).sum(axis=1)
    return pd.Categorical.from_codes(codes, list(CARRIERS))


def _category(rng: np.random.Generator, promo: Ints, n: int) -> pd.Categorical:
    drawn = np.asarray(choose(rng, CATEGORIES, (0.13, 0.18, 0.14, 0.12, 0.09, 0.12, 0.14, 0.08), n))
    sold = np.array([c.category for c in CAMPAIGNS] + [None], dtype=object)[promo]
    return pd.Categorical(np.where(pd.notna(sold) & (rng.random(n) < 0.8), sold, drawn), list(CATEGORIES))


def _tenure(rng: np.random.Generator, at: Anchors, moment: Ints) -> pd.Categorical:
    """Return who picked each order: more new staff in the two months after each hiring."""
    new = np.full(len(moment), 0.08)
    for start in ("peak-hiring", "summer-hiring"):
        opens = wall(at[start])
        new[(moment >= opens) & (moment < opens + 75 * DAY)] = 0.27
    draw: Floats = rng.random(len(moment))
    codes = np.where(draw < new, 2, np.where(draw < new + 0.22, 1, 0))
    return pd.Categorical.from_codes(codes, list(TENURES))
