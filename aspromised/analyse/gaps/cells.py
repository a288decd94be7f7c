"""Decided items by every combination of what tells them apart."""

import pandas as pd

from aspromised.analyse.queryable import Queryable
from aspromised.analyse.rates.scope import Scope, dimensions


def every_cell(snapshot: Queryable, scope: Scope) -> pd.DataFrame:
    """Return kept, broken and decided items of a scope by every combination of values: a column a dimension, by its name, then these."""
    every = dimensions(snapshot, scope.promise_id)
    values = "".join(f"{each.sql} as d{number}, " for number, each in enumerate(every))
    found = scope.inside(snapshot).query(
        f"select {values}sum(kept)::bigint as kept, sum(broken)::bigint as broken, sum(kept + broken)::bigint as decided"
        f" from verdict_cell where {scope.of_items} and {scope.window.condition} group by all having sum(kept + broken) > 0",
        scope.parameters,
    )
    return found.set_axis([*(each.name for each in every), "kept", "broken", "decided"], axis=1)
