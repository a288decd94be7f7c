"""What came of every declared change, told once by the refresh: the table `change_effect`."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta

import pandas as pd
import pyarrow as pa

from aspromised.analyse.changes.effect import BEFORE_DAYS, Spans, cell_column, effect_of, verdict_together
from aspromised.analyse.changes.whole import whole_effects
from aspromised.analyse.rates.scope import segment_value
from aspromised.analyse.rates.versions import in_force
from aspromised.declare.model import Change
from aspromised.declare.workspace import Workspace
from aspromised.schema.snapshot import CHANGE_EFFECT
from aspromised.sql.engine import Engine
from aspromised.stats.step_down import holm
from aspromised.words.moments import last_day_over
from aspromised.words.problems import Problem


def write_change_effects(con: Engine, schema: str, workspace: Workspace, as_of: datetime) -> list[Problem]:
    """Fill `change_effect` for each change that is over, and each promise of which it touches items; return what could not be told."""
    over = last_day_over(as_of.astimezone(workspace.timezone).isoformat())
    versions = con.frame(f"select promise_id, version, from_day, to_day from {schema}.promise_version")
    segments = {
        name: list(declared or [])
        for name, declared in con.run(f"select promise_id, segments from {schema}.promise")
    }
    problems: list[Problem] = []
    for change_id, change in sorted(workspace.changes.items()):
        if change.on > over:
            continue
        if not change.touches:
            rows = whole_effects(con, schema, change.on, over, versions)
        else:
            rows, untold = _touched(con, schema, change, over, versions, segments)
            problems += [
                workspace.problem("change", said, ("changes", change_id), severity="warning")
                for said in untold
            ]
        if len(rows):
            _insert(con, schema, rows.assign(change_id=change_id))
    return problems


def _touched(
    con: Engine,
    schema: str,
    change: Change,
    over: date,
    versions: pd.DataFrame,
    segments: Mapping[str, Sequence[str]],
) -> tuple[pd.DataFrame, list[str]]:
    """Return the rows of the promises that have the segments, and what could not be told; one that defeats the method keeps no other."""
    rows, untold = [], []
    for promise_id, names in sorted(segments.items()):
        if not set(change.touches) <= set(names):
            continue
        cells = _cells(con, schema, promise_id, names, change.on)
        if cells.empty:
            continue
        try:
            found = effect_of(cells, names, change.touches, spans_of(versions, promise_id, change.on, over))
        except (ValueError, ArithmeticError) as error:
            untold.append(f"what '{change.what}' did to '{promise_id}' could not be told: {error}")
            continue
        rows.append({**found, "promise_id": promise_id})
    return effects_together(pd.DataFrame(rows)), untold


def effects_together(rows: pd.DataFrame) -> pd.DataFrame:
    """Return the rows of one change with `adjusted_p` and the verdicts of all of them together."""
    if rows.empty or rows["p"].isna().all():
        return rows.assign(adjusted_p=None)
    tested = rows.index[rows["p"].notna()]
    adjusted = pd.Series(holm(rows.loc[tested, "p"].to_numpy(dtype=float)), tested)
    verdicts = rows["verdict"].astype(object)
    for place, p in adjusted.items():
        verdicts[place] = verdict_together(rows.at[place, "low"], rows.at[place, "high"], p)
    return rows.assign(adjusted_p=adjusted.reindex(rows.index), verdict=verdicts)


def spans_of(versions: pd.DataFrame, promise_id: str, on: date, over: date) -> Spans:
    """Return the days around a change on which the promise was worded as on its day."""
    own = versions[versions["promise_id"] == promise_id]
    number = in_force(own, [promise_id], [on])["version"].iloc[0] if len(own) else None
    standing = own[own["version"] == number]
    first, after = (
        (None if standing.empty or pd.isna(day := standing[name].iloc[0]) else pd.Timestamp(day).date())
        for name in ("from_day", "to_day")
    )
    return Spans.around(on, over, first, after)


def _cells(con: Engine, schema: str, promise_id: str, segments: Sequence[str], on: date) -> pd.DataFrame:
    named = "".join(f', {segment_value(name)} as "{_quoted(cell_column(name))}"' for name in segments)
    return con.frame(
        f"select day{named}, sum(kept)::bigint as kept, sum(broken)::bigint as broken, sum(open)::bigint as open"
        f" from {schema}.launch_cell where promise_id = ? and day >= ? and kept + broken + open > 0 group by all order by all",
        [promise_id, on - timedelta(days=2 * BEFORE_DAYS)],
    )


def _quoted(name: str) -> str:
    return name.replace('"', '""')


def _insert(con: Engine, schema: str, rows: pd.DataFrame) -> None:
    names = [name for name in CHANGE_EFFECT.names if name in rows]
    con.register("change_rows", pa.Table.from_pandas(rows[names], preserve_index=False))
    con.run(f"insert into {schema}.change_effect by name select * from change_rows")
    con.unregister("change_rows")
