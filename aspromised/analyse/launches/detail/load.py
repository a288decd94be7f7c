"""Each capacity a promotion drew on, day by day around its run: what came, what was available, what was expected."""

from datetime import date, timedelta

import pandas as pd

from aspromised.analyse.launches.demand.demand import Demand
from aspromised.analyse.launches.readiness.verdicts import LOAD_COLUMNS, capacity_days
from aspromised.analyse.queryable import Queryable

BEFORE, AFTER = 28, 14
AROUND_COLUMNS = ("capacity", *LOAD_COLUMNS, "expected", "over")


def load_around(snapshot: Queryable, found: Demand, ends: date) -> pd.DataFrame:
    """Return the days of each capacity from BEFORE days before the launch to AFTER days after the end: AROUND_COLUMNS.

    `expected` is the usual load with what the promotions of that day were expected to add; `over` whether more came than
    was available, null where that is not known.
    """
    first = found.span.first - timedelta(days=BEFORE)
    last = ends + timedelta(days=AFTER)
    tables = [
        capacity_days(snapshot, str(name), first, last).assign(capacity=str(name))
        for name in found.used["capacity"]
    ]
    if not tables:
        return pd.DataFrame(columns=list(AROUND_COLUMNS))
    table = pd.concat(tables, ignore_index=True)
    expected = table["usual"] * (1 + table["expected_uplift"].fillna(0))
    known = table["load"].notna() & table["available"].notna()
    over = (table["load"] > table["available"]).astype("boolean").where(known)
    return table.assign(day=pd.to_datetime(table["day"]), expected=expected, over=over)[list(AROUND_COLUMNS)]
