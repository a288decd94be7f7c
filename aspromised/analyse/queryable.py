"""What the analyses need of a snapshot."""

from collections.abc import Mapping
from typing import Any, Protocol

import pandas as pd


class Queryable(Protocol):
    """Rows, and what is said of the whole: a published snapshot, one judged again, or a test's own tables."""

    @property
    def meta(self) -> Mapping[str, str]:
        """The snapshot's moment, time zone, company."""

    def query(self, sql: str, params: dict[str, Any] | None = None) -> pd.DataFrame:
        """Return the rows of a query."""
