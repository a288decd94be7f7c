"""What is worked out from a snapshot is worked out once for the same question."""

from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from aspromised.analyse.queryable import remembered
from aspromised.store.memo import Memo


@dataclass
class Published:
    """As much of a snapshot as is needed to remember."""

    derived: Memo[Any] = field(default_factory=lambda: Memo(8, lambda _: 1))


def test_a_table_is_made_once_and_each_may_change_their_own():
    made = []

    @remembered
    def table(_snapshot: object, window: str, team: str = "") -> pd.DataFrame:
        made.append((window, team))
        return pd.DataFrame({"n": [1, 2]})

    snapshot = Published()
    first = table(snapshot, "2026-10")
    first.loc[0, "n"] = 9
    first["more"] = 1
    assert table(snapshot, "2026-10", "").to_dict("list") == {"n": [1, 2]}
    assert made == [("2026-10", "")]
    table(snapshot, "2026-10", "sales")
    table(Published(), "2026-10")
    assert len(made) == 3


def test_what_is_no_snapshot_is_asked_each_time():
    asked = []
    remembered(lambda tables: asked.append(tables))({})
    remembered(lambda tables: asked.append(tables))({})
    assert len(asked) == 2
