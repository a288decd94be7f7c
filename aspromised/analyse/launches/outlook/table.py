"""The outlook of every planned launch as one table to take away."""

from collections.abc import Iterable

import pandas as pd

from aspromised.analyse.launches.outlook.planned import Planned

OUTLOOK_COLUMNS = ("promotion", "launch", "go", "gate", "kind", "optional", "met_today", "value", "at_least", "at_most",
                   "expected", "low", "high", "chance", "supported_on", "in_words")  # fmt: skip


def outlook_table(planned: Iterable[Planned]) -> pd.DataFrame:
    """Return a row a gate of every planned launch: OUTLOOK_COLUMNS; null where nobody can tell."""
    rows = [
        (each.launch.promotion_id, each.launch.launched_day, each.is_go, one.gate.gate, one.gate.kind, one.gate.optional,
         one.gate.met, one.gate.value, one.gate.at_least, one.gate.at_most, one.expected, one.low, one.high, one.chance,
         one.supported_on, one.ahead)
        for each in planned
        for one in each.outlooks
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=list(OUTLOOK_COLUMNS))
