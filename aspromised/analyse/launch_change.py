"""What a launch coincided with: the kept rate of the promises it leans on, before it and from it on."""

from datetime import date, timedelta

import numpy as np
import pandas as pd
from statsmodels.stats.proportion import confint_proportions_2indep

from aspromised.analyse.series import Snapshot
from aspromised.analyse.status import wilson
from aspromised.words.figures import day
from aspromised.words.nouns import item_noun

BEFORE_DAYS = 28
AT_LEAST = 30
"""Items below which a span is too few, where the promise does not say."""
STANDINGS = ("less often", "more often", "no clear change", "reworded", "too few", "not judged")
SIDES = ("before", "after")
PAIR = ("promotion_id", "says", "promise_id", "claim", "items", "at_least", "problem")
SPAN = ("first", "last", "kept", "decided", "rate", "low", "high")
CHANGE_COLUMNS = (*PAIR, *(f"{name}_{side}" for side in SIDES for name in SPAN), "change", "change_low", "change_high",
                  "reworded", "beside", "is_over", "standing", "comparable")  # fmt: skip


def changes(snapshot: Snapshot, launched: pd.DataFrame, as_of: date) -> pd.DataFrame:
    """Return one row for each launched promotion and promise it leans on, the largest loss first: CHANGE_COLUMNS.

    `launched` holds PROMOTION_COLUMNS. The spans are local days, by the day items are counted on: BEFORE_DAYS before the
    launch, and from the launch to its end or to `as_of`. `change` is after less before, a share, with its 95 % interval
    (`change_low`, `change_high`; Newcombe 1998, method 10). `reworded` names the day a new wording came in between, after
    which the two spans are no longer alike; `beside` the other promotions of those days; `is_over` is
    whether the promotion had ended.
    """
    pairs = _pairs(snapshot, launched, as_of)
    counted = _counted(snapshot, pairs)
    table = pairs.assign(
        change=counted["rate_after"] - counted["rate_before"],
        **{name: counted[name] for name in counted.columns},
    )
    low, high = newcombe(
        *(table[f"{name}_{side}"] for side in reversed(SIDES) for name in ("kept", "decided"))
    )
    table = table.assign(
        change_low=low,
        change_high=high,
        reworded=_reworded(snapshot, table),
        beside=[_beside(row, launched) for _, row in table.iterrows()],
    )
    return _ranked(table)


def newcombe(
    kept_after: pd.Series, after: pd.Series, kept_before: pd.Series, before: pd.Series
) -> tuple[np.ndarray, np.ndarray]:
    """Return the 95 % intervals of differences of shares (Newcombe 1998, method 10), NaN where a side has no items.

    >>> one = [pd.Series([number]) for number in (56, 70, 48, 80)]
    >>> [f"{end[0]:.4f}" for end in newcombe(*one)]
    ['0.0524', '0.3339']
    """
    quads = zip(kept_after, after, kept_before, before, strict=True)
    none = (np.nan, np.nan)
    ends = [
        confint_proportions_2indep(k1, n1, k0, n0, method="newcomb", compare="diff") if n1 and n0 else none
        for k1, n1, k0, n0 in quads
    ]
    low, high = np.array(ends, dtype=float).reshape(-1, 2).T
    return low, high


def _pairs(snapshot: Snapshot, launched: pd.DataFrame, as_of: date) -> pd.DataFrame:
    known = snapshot.query("select promise_id, claim, source, at_least, problem from promise")
    pairs = launched.rename(columns={"leans_on": "promise_id", "first": "first_after", "last": "ends_on"})
    pairs = pairs[["promotion_id", "says", "promise_id", "first_after", "ends_on"]].explode("promise_id")
    pairs = pairs.astype(
        {"promise_id": "str"} if pairs.empty else {}
    )  # an empty column has forgotten its type
    pairs = pairs.dropna(subset=["promise_id"]).merge(known, on="promise_id", how="left")
    absent = [f"there is no promise '{name}'" for name in pairs["promise_id"]]
    missing = pairs["claim"].isna() & pairs["problem"].isna()
    now = pd.Timestamp(as_of)
    return pairs.assign(
        claim=pairs["claim"].fillna(pairs["promise_id"]),
        problem=pairs["problem"].where(~missing, pd.Series(absent, index=pairs.index, dtype=object)),
        items=[item_noun(source).many for source in pairs["source"]],
        at_least=pairs["at_least"].where(pairs["at_least"] > 0, AT_LEAST).fillna(AT_LEAST).astype(int),
        first_before=pairs["first_after"] - timedelta(days=BEFORE_DAYS),
        last_before=pairs["first_after"] - timedelta(days=1),
        is_over=pairs["ends_on"] <= now,
        last_after=pairs["ends_on"].fillna(now).clip(upper=now),
    )


def _counted(snapshot: Snapshot, pairs: pd.DataFrame) -> pd.DataFrame:
    """Kept and decided of both spans of each pair, with rates and their Wilson intervals."""
    daily = snapshot.query(
        "select promise_id, day, sum(kept)::bigint as kept, sum(kept + broken)::bigint as decided from verdict_daily"
        " where segment = '(all)' and value = '(all)' and day is not null group by all"
    )
    columns: dict[str, object] = {}
    for side in SIDES:
        sums = [
            daily.loc[
                (daily["promise_id"] == row["promise_id"])
                & daily["day"].between(row[f"first_{side}"], row[f"last_{side}"]),
                ["kept", "decided"],
            ].sum()
            for _, row in pairs.iterrows()
        ]
        table = pd.DataFrame(sums, columns=["kept", "decided"], index=pairs.index).astype("int64")
        low, high = wilson(table["kept"], table["decided"])
        table = table.assign(
            rate=table["kept"] / table["decided"].where(table["decided"] > 0), low=low, high=high
        )
        columns |= {f"{name}_{side}": table[name] for name in table.columns}
    return pd.DataFrame(columns)


def _reworded(snapshot: Snapshot, table: pd.DataFrame) -> list[str]:
    """The days on which one wording followed another inside the spans, in words; "" where none did."""
    versions = snapshot.query(
        "select promise_id, from_day from promise_version where from_day is not null and version > 1 order by from_day"
    )
    return [
        ", ".join(
            day(pd.Timestamp(found).date())
            for found in versions.loc[versions["promise_id"] == row["promise_id"], "from_day"]
            if row["first_before"] < pd.Timestamp(found) <= row["last_after"]
        )
        for _, row in table.iterrows()
    ]


def _beside(row: pd.Series, launched: pd.DataFrame) -> list[str]:
    """The other promotions that ran on any day of both spans."""
    still = launched["last"].isna() | (launched["last"] >= row["first_before"])
    others = launched[
        (launched["promotion_id"] != row["promotion_id"]) & still & (launched["first"] <= row["last_after"])
    ]
    return list(others["says"])


def _ranked(table: pd.DataFrame) -> pd.DataFrame:
    standings = [_standing(row) for _, row in table.iterrows()]
    table = table.assign(standing=pd.Series(standings, index=table.index, dtype="str"))
    table = table.assign(
        comparable=table["standing"].isin(STANDINGS[:3]),
        rank=table["standing"].map({name: max(place, 2) for place, name in enumerate(STANDINGS)}),
    )
    ranked = table.sort_values(["rank", "change", "promotion_id", "promise_id"], ignore_index=True)
    return ranked[list(CHANGE_COLUMNS)]


def _standing(row: pd.Series) -> str:
    if isinstance(row["problem"], str):
        return "not judged"
    if min(row["decided_before"], row["decided_after"]) < row["at_least"]:
        return "too few"
    if row["reworded"]:
        return "reworded"
    if row["change_high"] < 0:
        return "less often"
    return "more often" if row["change_low"] > 0 else "no clear change"
