"""A small company made in a moment: days that stray, weekdays that differ, a mix that shifts, growth, and one launch."""

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import pandas as pd

from aspromised.analyse.launches.effect.baseline import usual_days
from aspromised.analyse.launches.effect.excess import Usual, excess_rows

FIRST, DAYS = date(2026, 1, 1), 320
LAUNCHED, RAN = 230, 12
REGIONS = {"near": -3.3, "middle": -2.9, "far": -2.3}
KINDS = {"small": 0.0, "large": 0.5}
WEEKDAYS = np.array([0.35, 0.1, 0.0, -0.1, 0.0, 0.15, -0.2])


@dataclass(frozen=True)
class Planted:
    """The rows of `launch_cell`, and how many of the broken items of buyers and others the launch broke."""

    cells: pd.DataFrame
    buyers: int
    others: int


def small_world(seed: int, harm: float) -> Planted:
    """Return a world in which `harm` of the items that would have been kept break in the days of the launch.

    Each day has a shock of its own to all its items (standard deviation 0.25 of the log odds) beside a slow drift.
    """
    rng = np.random.default_rng(seed)
    days = np.arange(DAYS)
    drift = np.cumsum(rng.normal(0, 0.012, DAYS))
    shock = rng.normal(0, 0.25, DAYS) + drift - drift.mean()
    rows, planted = [], {"buyers": 0, "others": 0}
    for day in days:
        ran = LAUNCHED <= day < LAUNCHED + RAN
        far = 0.2 + 0.2 * day / DAYS
        volume = 90 * (1 + 0.4 * day / DAYS) * (1.2 if (day + 3) % 7 == 0 else 1.0)
        for who, share in (("others", 1.0), ("buyers", 0.25 if ran else 0.0)):
            for region, part in zip(REGIONS, (0.5, 0.5 - far, far), strict=True):
                for kind, half in (("small", 0.7), ("large", 0.3)):
                    items = rng.poisson(volume * share * part * half)
                    odds = REGIONS[region] + KINDS[kind] + WEEKDAYS[(day + 3) % 7] + shock[day]
                    broken = rng.binomial(items, 1 / (1 + np.exp(-odds)))
                    extra = rng.binomial(items - broken, harm) if ran else 0
                    planted[who] += extra
                    brought = "spring" if who == "buyers" else None
                    at = FIRST + timedelta(days=int(day))
                    rows.append((at, brought, region, kind, items - broken - extra, broken + extra, 0))
    names = ["day", "brought", "region", "kind", "kept", "broken", "open"]
    cells = pd.DataFrame(rows, columns=names)
    return Planted(cells[cells["kept"] + cells["broken"] > 0].reset_index(drop=True), **planted)


LAUNCH = pd.DataFrame(
    {
        "first": [FIRST + timedelta(days=LAUNCHED)],
        "last": [FIRST + timedelta(days=LAUNCHED + RAN - 1)],
        "leans": [True],
    }
)
ONE_VERSION = pd.DataFrame({"version": [1], "from_day": [None]})


def found_in(world: Planted) -> pd.DataFrame:
    """Return what the analysis says of the launch, by who."""
    days = usual_days(world.cells, ["region", "kind"], ONE_VERSION, LAUNCH)
    until = FIRST + timedelta(days=LAUNCHED + RAN)
    return excess_rows(Usual.of(days), "spring", FIRST + timedelta(days=LAUNCHED), until).set_index("who")
