"""The harm of every launch, told once by the refresh: the table `launch_harm`."""

from datetime import datetime

import pandas as pd
import pyarrow as pa

from aspromised.analyse.launches.effect.excess import ROW_COLUMNS
from aspromised.analyse.launches.effect.harm import harm_of, usual_of
from aspromised.analyse.launches.readiness.span import span
from aspromised.analyse.unpublished import Unpublished
from aspromised.declare.workspace import Workspace
from aspromised.sql.engine import Engine
from aspromised.words.problems import Problem

HARM_NUMBERS = [name for name in ROW_COLUMNS if name != "who" and not name.startswith("reference_")]


def write_harm(con: Engine, schema: str, workspace: Workspace, as_of: datetime) -> list[Problem]:
    """Fill `launch_harm` with HARM_COLUMNS of every promotion of which a day has passed; return what could not be told.

    One promotion whose figures defeat the method keeps neither the others nor the snapshot from being published.
    """
    local = as_of.astimezone(workspace.timezone)
    meta = {
        "timezone": workspace.company.timezone,
        "as_of": local.isoformat(),
        "as_of_day": local.date().isoformat(),
    }
    filling = Unpublished(con, schema, meta)
    promises = usual_of(filling)
    problems = []
    for promotion_id in sorted(workspace.promotions):
        looked = span(filling, promotion_id)
        try:
            rows = harm_of(looked, promises).rows
        except (ValueError, ArithmeticError) as error:
            message = f"what '{promotion_id}' did to customers could not be told: {error}"
            problems.append(
                workspace.problem("harm", message, ("promotions", promotion_id), severity="warning")
            )
            continue
        if len(rows):
            told = {"promotion_id": promotion_id, "first": looked.first, "until": looked.until}
            _insert(con, schema, rows.assign(**told, position=range(len(rows))))
    return problems


def _insert(con: Engine, schema: str, rows: pd.DataFrame) -> None:
    numbers = {name: pd.to_numeric(rows[name]) for name in HARM_NUMBERS}
    con.register("harm_rows", pa.Table.from_pandas(rows.assign(**numbers), preserve_index=False))
    con.run(f"insert into {schema}.launch_harm by name select * from harm_rows")
    con.unregister("harm_rows")
