"""What a kept rate does not count: items done early, still open, exempt, unknown or not promised, each with its reason."""

import pandas as pd

from aspromised.analyse.queryable import Queryable
from aspromised.analyse.windows.window import GONE_BY, Window

LEFT_OUT_COLUMNS = ("verdict", "reason", "version", "items")
_NOT_PROMISED = "not promised"
_WHY_NOT = """case when day < (
            select min(from_day) from promise_version where promise_id = $promise having count(*) = count(from_day)
          ) then 'started before the first version' else 'nothing was sold to these customers then' end"""
"""What was not promised is counted on the day its version goes by: once there is one, nothing was sold to the customer."""


def left_out(snapshot: Queryable, promise_id: str, window: Window) -> pd.DataFrame:
    """Return one row a verdict, reason and version of the items the kept rate leaves out, most first: LEFT_OUT_COLUMNS.

    Also those decided already that are counted on days to come (`ahead` of `statuses`). What was not promised is of no
    version: null.
    """
    return snapshot.query(
        f"""
        with reasons as (
          select verdict, coalesce(reason, '') as reason, version, sum(items)::bigint as items
          from item
          where promise_id = $promise and (verdict = 'open' and {window.bounds} or verdict in ('exempt', 'unknown') and {window.condition})
          group by all
          union all
          select verdict, 'decided already, counted on a day to come', version, sum(items)::bigint
          from (unpivot verdict_daily on kept, broken into name verdict value items)
          where promise_id = $promise and segment = '(all)' and {window.bounds} and not {GONE_BY}
          group by all
          union all
          select '{_NOT_PROMISED}', {_WHY_NOT}, null, sum(not_promised)::bigint
          from verdict_daily
          where promise_id = $promise and segment = '(all)' and {window.condition}
          group by all
        )
        select {", ".join(LEFT_OUT_COLUMNS)}
        from reasons
        where items > 0
        order by items desc, verdict, reason, version
        """,
        {"promise": promise_id, **window.parameters},
    )
