"""The worst parts of a promise week by week."""

import pandas as pd

from aspromised.analyse.gaps.gap import Gap
from aspromised.analyse.queryable import Queryable
from aspromised.analyse.rates.scope import part_name
from aspromised.analyse.rates.series import SERIES_COLUMNS, lately_parts

PART_WEEK_COLUMNS = ("part", *SERIES_COLUMNS)
_WEEKS = 26
PARTS = 6


def worst_weeks(snapshot: Queryable, gap: Gap) -> pd.DataFrame:
    """Return the weekly series of the worst parts, worst first, over the half year to the window's end: PART_WEEK_COLUMNS.

    Of a whole promise only: a part of a part is too thin week by week. The first part is everything, for comparison.
    """
    last = gap.scope.window.last
    if gap.problem or last is None or not gap.standing["decided"]:
        return pd.DataFrame(columns=list(PART_WEEK_COLUMNS))
    as_of = pd.Timestamp(snapshot.meta["as_of_day"]).date()
    parts = [(f"all {gap.items}", None, None), *_worst(gap)]
    of = [(segment, value) for _, segment, value in parts]
    series = lately_parts(snapshot, gap.scope.promise_id, min(last, as_of), _WEEKS, of)
    named = [table.assign(part=name) for (name, *_), table in zip(parts, series, strict=True)]
    return pd.concat(named, ignore_index=True)[list(PART_WEEK_COLUMNS)]


def _worst(gap: Gap) -> list[tuple[str, str, str]]:
    if gap.scope.is_part:
        return [(part_name(gap.scope.segment, gap.scope.value), gap.scope.segment, gap.scope.value)]
    judged = gap.parts[gap.parts["standing"] != "too few"]
    beyond = judged[judged["standing"] == "more"]
    chosen = (beyond if len(beyond) else judged[judged["excess"] > 0]).head(PARTS - 1)
    return [(part_name(s, v), s, v) for s, v in zip(chosen["segment"], chosen["value"], strict=True)]
