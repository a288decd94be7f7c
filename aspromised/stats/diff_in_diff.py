"""Difference in differences: what changed for those a launch could touch, less what changed for those it could not."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from statsmodels.regression.linear_model import WLS

DAY_COLUMNS = ("day", "is_touched", "is_after", "value", "weight")
MIN_ITEMS_A_SIDE = 30
"""Items below which a side cannot be compared."""


@dataclass(frozen=True)
class DifferenceInDifferences:
    """The difference in differences with its 95 % interval and p-value; NaN where days are too few to tell."""

    value: float
    low: float
    high: float
    p: float = np.nan


def side_by_day(rows: pd.DataFrame, touched: bool, after: bool) -> pd.DataFrame:
    """Return DAY_COLUMNS of one side: how much larger a share broke each day than the kind of its items lets expect.

    `rows`: day, items, broken and expected, a row a day.
    """
    days = rows[rows["items"] > 0]
    return pd.DataFrame(
        {
            "day": days["day"],
            "is_touched": touched,
            "is_after": after,
            "value": (days["broken"] - days["expected"]) / days["items"],
            "weight": days["items"].astype(float),
        }
    )


def difference_in_differences(rows: pd.DataFrame) -> DifferenceInDifferences:
    """Return (Y11 − Y10) − (Y01 − Y00) of rows DAY_COLUMNS, each weighted by its `weight`.

    The interaction of a weighted least squares fit, its interval robust to days that hang together across both sides
    (clustered by day); Card & Krueger, Am Econ Rev 84:772 (1994), whose four means give 2.75:

    >>> means = [(1, True, False, 20.44), (2, True, True, 21.03), (1, False, False, 23.33), (2, False, True, 21.17)]
    >>> rows = pd.DataFrame([(*row, 1.0) for row in means], columns=DAY_COLUMNS)
    >>> round(difference_in_differences(rows).value, 2)
    2.75
    """
    touched, after = (rows[name].to_numpy(dtype=float) for name in ("is_touched", "is_after"))
    design = np.column_stack([np.ones(len(rows)), touched, after, touched * after])
    model = WLS(rows["value"].to_numpy(dtype=float), design, weights=rows["weight"].to_numpy(dtype=float))
    days = rows["day"].to_numpy()
    if rows.loc[rows["is_after"].astype(bool), "day"].nunique() < 3 or len(rows) <= 8:
        return DifferenceInDifferences(float(model.fit().params[3]), np.nan, np.nan)
    found = model.fit(cov_type="cluster", cov_kwds={"groups": pd.factorize(days)[0]}, use_t=True)
    low, high = found.conf_int(0.05)[3]
    return DifferenceInDifferences(float(found.params[3]), float(low), float(high), float(found.pvalues[3]))
