"""How much more often the worst parts of a promise break than the rest, week by week."""

from collections.abc import Sequence
from datetime import date, timedelta

import numpy as np
import pandas as pd

from aspromised.analyse.gaps.gap import Gap
from aspromised.analyse.queryable import Queryable
from aspromised.analyse.rates.scope import Scope, Where, dimensions, where_name
from aspromised.analyse.rates.series import lately_edges
from aspromised.analyse.windows.window import GONE_BY
from aspromised.stats.proportion import newcombe
from aspromised.words.moments import last_day_over

DIFFERENCE_COLUMNS = (
    "part", "where", "first", "last", "decided", "broken", "rest", "rest_broken", "difference", "low", "high", "closed",
)  # fmt: skip
_WEEKS = 26
WORST = 5
"""So many parts are followed over time."""


def part_differences(snapshot: Queryable, gap: Gap) -> pd.DataFrame:
    """Return by how much the broken rate of the worst parts is above the rest's, a row a part and week: DIFFERENCE_COLUMNS.

    Over the half year to the window's end (months where the promise is counted by the month), worst first; where none stands out, the two with most excess. The rest is all
    else that is looked at. Of a part, first itself against all other items of the promise. `low` and `high`: Newcombe's
    interval; all three are NaN where one side has nothing decided.
    """
    last = gap.scope.window.last
    if gap.problem or last is None or not gap.standing["decided"]:
        return pd.DataFrame(columns=list(DIFFERENCE_COLUMNS))
    until = min(last, date.fromisoformat(snapshot.meta["as_of_day"]))
    edges = lately_edges(snapshot, gap.scope.promise_id, until, _WEEKS)
    judged = gap.parts[(gap.parts["standing"] != "too few") & ~gap.parts["covered_by"].map(bool)]
    more = judged[judged["standing"] == "more"]
    inside = list((more if len(more) else judged[judged["excess"] > 0].head(2))["where"].head(WORST))
    whole = Scope(gap.scope.promise_id, gap.scope.window)
    itself = (
        [_weekly_differences(snapshot, whole, [gap.scope.where], edges, until)] if gap.scope.is_part else []
    )
    found = [*itself, _weekly_differences(snapshot, gap.scope, inside, edges, until)]
    told = [each for each in found if len(each)]
    return pd.concat(told, ignore_index=True) if told else found[-1]


def _weekly_differences(
    snapshot: Queryable, scope: Scope, parts: Sequence[Where], edges: list[date], until: date
) -> pd.DataFrame:
    if not parts:
        return pd.DataFrame(columns=list(DIFFERENCE_COLUMNS))
    daily = _by_day(snapshot, scope, parts, edges[0], until)
    spans = (
        np.searchsorted(np.array(edges, "datetime64[D]"), daily["day"].to_numpy("datetime64[D]"), "right") - 1
    )
    sums = daily.drop(columns="day").groupby(spans).sum().reindex(range(len(edges) - 1), fill_value=0)
    over = last_day_over(snapshot.meta["as_of"])
    lasts = [min(after - timedelta(days=1), until) for after in edges[1:]]
    closed = [
        last + timedelta(days=1) == after and last <= over
        for last, after in zip(lasts, edges[1:], strict=True)
    ]
    days = pd.DataFrame(
        {"first": pd.to_datetime(edges[:-1]), "last": pd.to_datetime(lasts), "closed": closed}
    )
    return pd.concat([_compared_to_rest(sums, number, where, days) for number, where in enumerate(parts)])


def _by_day(
    snapshot: Queryable, scope: Scope, parts: Sequence[Where], first: date, until: date
) -> pd.DataFrame:
    """Decided and broken items by day: of all, and of each part."""
    known = {each.name: each.sql for each in dimensions(snapshot, scope.promise_id)}
    sums = ["sum(kept + broken)::bigint as decided", "sum(broken)::bigint as broken"]
    values: dict[str, str] = {}
    for number, where in enumerate(parts):
        names = [f"is_{number}_{place}" for place in range(len(where))]
        holds = " and ".join(
            f"{known[name]} = ${at}" for (name, _), at in zip(where, names, strict=True) if name in known
        )
        holds = holds if all(name in known for name, _ in where) else "false"
        values |= {at: value for (name, value), at in zip(where, names, strict=True) if f"${at}" in holds}
        sums += [
            f"coalesce(sum({what}) filter ({holds}), 0)::bigint as {name}_{number}"
            for name, what in (("decided", "kept + broken"), ("broken", "broken"))
        ]
    return scope.inside(snapshot).query(
        f"select day, {', '.join(sums)} from verdict_cell"
        f" where {scope.of_items} and day >= $from_day and day <= $until and {GONE_BY} group by day",
        {"promise": scope.promise_id, "from_day": first, "until": until, **values},
    )


def _compared_to_rest(sums: pd.DataFrame, number: int, where: Where, days: pd.DataFrame) -> pd.DataFrame:
    decided, broken = sums[f"decided_{number}"], sums[f"broken_{number}"]
    rest, rest_broken = sums["decided"] - decided, sums["broken"] - broken
    with np.errstate(invalid="ignore", divide="ignore"):
        difference = (broken / decided - rest_broken / rest).to_numpy(float)
        low, high = newcombe(broken, decided, rest_broken, rest)
    table = days.assign(
        part=where_name(where),
        where=[where] * len(days),
        decided=decided.to_numpy(),
        broken=broken.to_numpy(),
        rest=rest.to_numpy(),
        rest_broken=rest_broken.to_numpy(),
        difference=np.where(np.isfinite(difference), difference, np.nan),
        low=np.where(np.isfinite(difference), low, np.nan),
        high=np.where(np.isfinite(difference), high, np.nan),
    )
    return table[list(DIFFERENCE_COLUMNS)]
