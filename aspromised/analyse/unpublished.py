"""Tables that are no snapshot yet, or never will be."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from aspromised.sql.engine import Engine
from aspromised.sql.templates import identifier


@dataclass(frozen=True)
class Unpublished:
    """The tables of a schema being filled, looked at as a snapshot is."""

    con: Engine
    schema: str
    meta: Mapping[str, str]

    def query(self, sql: str, params: dict[str, Any] | None = None) -> pd.DataFrame:
        """Return the rows of a query over this schema's tables."""
        if self.schema == "temp":  # its tables are found without being named
            return self.con.frame(sql, params or {})
        (here,) = self.con.run("select current_database()")[0]
        self.con.run(f"use {identifier(self.schema)}")
        try:
            return self.con.frame(sql, params or {})
        finally:
            self.con.run(f"use {identifier(here)}")
