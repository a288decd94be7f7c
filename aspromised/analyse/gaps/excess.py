"""How many more a part breaks than the rest would have: excess broken, with its interval."""

import numpy as np
import pandas as pd
from scipy.stats import false_discovery_control, fisher_exact
from statsmodels.stats.proportion import confint_proportions_2indep

from aspromised.analyse.queryable import Queryable
from aspromised.analyse.rates.scope import Scope
from aspromised.words.vocabulary import NONE_VALUE

EXCESS_COLUMNS = (
    "segment", "value", "decided", "broken", "rate", "rest_rate", "excess", "low", "high", "p", "adjusted", "standing",
)  # fmt: skip
COUNTED = ("segment", "value", "decided", "broken")
ALPHA = 0.05
STANDS_OUT = ("more", "fewer")
"""The standings of a part that chance does not explain, to either side: what is said to stand out, and drawn so."""


def excess(snapshot: Queryable, scope: Scope, at_least: int) -> pd.DataFrame:
    """Return one row a value of each segment of a whole promise, most excess first, those with too few last: EXCESS_COLUMNS."""
    every = snapshot.query(  # of all promises at once: the review asks it of each that was missed
        f"""
        select promise_id, segment, coalesce(value, '{NONE_VALUE}') as value,
            sum(kept + broken)::bigint as decided, sum(broken)::bigint as broken
        from verdict_daily
        where segment <> '(all)' and {scope.window.condition}
        group by all having sum(kept + broken) > 0 order by all
        """,
        scope.window.parameters,
    )
    found = every[every["promise_id"] == scope.promise_id]
    return excess_of(found.drop(columns="promise_id").reset_index(drop=True), at_least)


def excess_of(counted: pd.DataFrame, at_least: int) -> pd.DataFrame:
    """Return EXCESS_COLUMNS of COUNTED: the one step without a snapshot.

    Excess = broken - decided x the broken rate of all other values of the segment. `low` and `high`: Newcombe's hybrid
    score interval of the difference of rates (Stat Med 17:873, 1998) times decided. `p`: Fisher's exact test against
    the rest. `adjusted`: Benjamini-Hochberg (1995) over every value tested, shown or not. `standing` is "more" or
    "fewer" where that is below 5 %, else "chance"; "too few" below `at_least` or against fewer than that.
    A segment with one value has nothing to be compared with and is left out.

    >>> rows = [("carrier", "A", 100, 30), ("carrier", "B", 100, 10), ("carrier", "C", 100, 10)]
    >>> table = excess_of(pd.DataFrame(rows, columns=COUNTED), at_least=30)
    >>> table[["value", "excess", "standing"]].values.tolist()
    [['A', 20.0, 'more'], ['B', -10.0, 'fewer'], ['C', -10.0, 'fewer']]
    """
    totals = counted.groupby("segment")[["decided", "broken"]].transform("sum")
    table = counted.assign(
        rest=totals["decided"] - counted["decided"], rest_broken=totals["broken"] - counted["broken"]
    )
    table = table[table["rest"] > 0].reset_index(drop=True)
    compared = pd.DataFrame(
        [_compared(*row) for row in table[["broken", "decided", "rest_broken", "rest"]].itertuples(index=False)],
        columns=["rate", "rest_rate", "excess", "low", "high", "p"], index=table.index, dtype="float64",
    )  # fmt: skip
    table = pd.concat([table, compared], axis=1)
    enough = table[["decided", "rest"]].min(axis=1) >= at_least
    return _in_order(_adjusted(table, enough))[list(EXCESS_COLUMNS)]


def _compared(broken: int, decided: int, rest_broken: int, rest: int) -> tuple[float, ...]:
    rate, rest_rate = broken / decided, rest_broken / rest
    low, high = confint_proportions_2indep(
        broken, decided, rest_broken, rest, method="newcomb", compare="diff"
    )
    counts = np.array([[broken, decided - broken], [rest_broken, rest - rest_broken]])
    p = fisher_exact(counts).pvalue
    return rate, rest_rate, decided * (rate - rest_rate), decided * low, decided * high, p


def _adjusted(table: pd.DataFrame, enough: pd.Series) -> pd.DataFrame:
    tested = table["p"][enough]
    adjusted = pd.Series(float("nan"), index=table.index)
    if len(tested):
        adjusted[enough] = false_discovery_control(tested)
    standing = pd.Series("chance", index=table.index, dtype=object)
    standing[adjusted < ALPHA] = ["more" if e > 0 else "fewer" for e in table["excess"][adjusted < ALPHA]]
    standing[~enough] = "too few"
    return table.assign(adjusted=adjusted, standing=standing)


def _in_order(table: pd.DataFrame) -> pd.DataFrame:
    ranked = table.assign(last=table["standing"] == "too few")
    return ranked.sort_values(
        ["last", "excess", "segment", "value"], ascending=[True, False, True, True], ignore_index=True
    )
