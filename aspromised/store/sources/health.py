"""How each source fared: the table `source_health`, one row a source."""

from dataclasses import astuple, dataclass
from datetime import datetime

from aspromised.schema.warehouse import LOADED_HEALTH
from aspromised.sql import quoting
from aspromised.sql.engine import Engine
from aspromised.sql.tables import insert


@dataclass(frozen=True)
class SourceHealth:
    """One source after loading: the columns of `source_health`, in their order. Instants are UTC without a zone; `problem` says why there is no table."""

    source: str
    kind: str
    files: int
    rows_in: int
    rows_kept: int
    rows_set_aside: int
    duplicates_resolved: int
    loaded_at: datetime
    problem: str | None
    notes: str | None = None
    """What is worth knowing of a source that was loaded."""


def record_health(con: Engine, health: SourceHealth) -> None:
    """Write the row of one source."""
    con.run('delete from source_health where "source" = ?', [health.source])
    con.run(insert(LOADED_HEALTH), list(astuple(health)))


def recorded(con: Engine) -> dict[str, SourceHealth]:
    """Return the rows written by earlier loads, by source."""
    rows = con.run(f"select {quoting.names(LOADED_HEALTH.names)} from source_health")
    return {row[0]: SourceHealth(*row) for row in rows}
