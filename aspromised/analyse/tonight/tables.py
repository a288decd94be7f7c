"""The tables of what will break, filled by each refresh: `chance_left`, `chance_checked`, `open_chance`."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta

import numpy as np
import pandas as pd

from aspromised.analyse.tonight.chances import (
    Chances,
    PartRecord,
    chosen_segment,
    evenings,
    learnt,
    parts_of,
    squared_errors,
    with_fallback,
)
from aspromised.judge.clocks.lateness import LOG_BUCKET
from aspromised.schema.snapshot import CHANCE_CHECKED, CHANCE_LEFT, segment_column
from aspromised.sql.engine import Engine
from aspromised.sql.templates import identifier, text
from aspromised.stats.proportion import Z2
from aspromised.words.vocabulary import WHOLE

CHECKED_MONTHS = 3
"""The last whole months whose evenings are forecast from what was known before them."""

_LEARNT = (
    "select day, segment, value, what, bucket, items from {schema}.left_monthly where promise_id = $promise"
)


def write_chances(con: Engine, schema: str, as_of: datetime) -> None:
    """Fill the tables from the `left_monthly` and the open items that were judged into `schema` up to a moment."""
    names = con.run(f"select distinct promise_id from {schema}.left_monthly order by 1")
    for (promise_id,) in names:
        rows = con.frame(_LEARNT.format(schema=schema), {"promise": promise_id})
        parts = parts_of(rows)
        segment = _write_curves(con, schema, promise_id, parts, as_of)
        _write_checked(con, schema, promise_id, parts, as_of)
        _write_open(con, schema, promise_id, segment)


def _write_curves(
    con: Engine, schema: str, promise_id: str, parts: dict[str, PartRecord], as_of: datetime
) -> str:
    """Write what is learnt of all that is known; return the segment that chances are told by."""
    every = np.ones(len(parts[WHOLE].months), dtype=bool)
    whole = set(_whole_months(parts[WHOLE].months, as_of))
    over = np.array([month in whole for month in parts[WHOLE].months], dtype=bool)
    segment = chosen_segment(parts, over)
    for name in dict.fromkeys([WHOLE, segment]):
        found = pd.DataFrame(_curve(name, parts[name], learnt(parts[name], every)), columns=_CURVE)
        _insert(con, f"{schema}.{CHANCE_LEFT.name}", promise_id, found)
    return segment


_CURVE = ["segment", "value", "bucket", "at_lower", "at_upper", "known_of"]


def _curve(name: str, part: PartRecord, chances: Chances) -> Iterator[tuple[object, ...]]:
    for at, which in zip(*np.nonzero(~np.isnan(chances.upper)), strict=True):
        figures = (float(chances.lower[at, which]), float(chances.upper[at, which]))
        yield name, part.values[at], part.buckets[which], *figures, int(chances.known_of[at, which])


def _write_checked(
    con: Engine, schema: str, promise_id: str, parts: dict[str, PartRecord], as_of: datetime
) -> None:
    for month in _whole_months(parts[WHOLE].months, as_of)[-CHECKED_MONTHS:]:
        found = forecast_checked(parts, month)
        if len(found):
            _insert(con, f"{schema}.{CHANCE_CHECKED.name}", promise_id, found)


def _whole_months(months: tuple[date, ...], as_of: datetime) -> list[date]:
    """Return the months that were over at a moment."""
    later = as_of + timedelta(microseconds=1)
    running = date(later.year, later.month, 1)
    return [month for month in months if month < running]


def forecast_checked(parts: dict[str, PartRecord], month: date) -> pd.DataFrame:
    """Return how the chances of a month's evenings fared by tenths, learnt from the months before it alone; no rows where there are none."""
    months = parts[WHOLE].months
    before, now = (np.array([test(m) for m in months]) for test in (month.__gt__, month.__eq__))
    base = evenings(parts[WHOLE], before).share
    part = parts[chosen_segment(parts, before)]
    seen, chance = evenings(part, now), with_fallback(learnt(part, before), learnt(parts[WHOLE], before))
    is_told = (seen.items > 0) & ~np.isnan(chance)
    if np.isnan(base) or not is_told.any():
        return pd.DataFrame()
    found = pd.DataFrame(
        {
            "tenth": np.minimum((chance[is_told] * 10 + 1e-9).astype(int), 9),
            "items": seen.items[is_told].astype(int),
            "broken": seen.broken[is_told].astype(int),
            "told": (chance * seen.items)[is_told],
            "squared": squared_errors(seen, chance)[is_told],
            "squared_base": squared_errors(seen, base)[is_told],
        }
    )
    return found.groupby("tenth", as_index=False).sum().assign(day=month)


def _insert(con: Engine, table: str, promise_id: str, rows: pd.DataFrame) -> None:
    con.register("told_rows", rows.assign(promise_id=promise_id))
    con.run(f"insert into {table} by name select * from told_rows")
    con.unregister("told_rows")


_OPEN = """
with one as (
    select item_id, {value} as own, greatest(clock_left_seconds, 0) as left_seconds, {bucket} as bucket
    from {schema}.item where promise_id = $promise and verdict = 'open' and not clock_left_seconds is null
), placed as (
    select *, case when bucket = 0 then left_seconds
        else (left_seconds - exp((bucket - 1) * {width})) / (exp(bucket * {width}) - exp((bucket - 1) * {width})) end as ahead
    from one
), told as (
    select item_id, at_lower + least(greatest(ahead, 0), 1) * (at_upper - at_lower) as chance, known_of as n, segment, value
    from placed left join {schema}.chance_left as curve
        on curve.promise_id = $promise and curve.bucket = placed.bucket and (
            (segment = $segment and value = own) or segment = {whole}
        )
    qualify row_number() over (partition by item_id order by segment = {whole}) = 1
), half as (
    select *, sqrt({z2} * (chance * (1 - chance) / n + {z2} / (4.0 * n * n))) as wide, 1 + {z2} / n as over from told
)
insert into {schema}.open_chance by name
select $promise as promise_id, item_id, chance,
    case when chance = 0 then 0.0 when chance > 0 then greatest((chance + {z2} / (2.0 * n) - wide) / over, 0) end as low,
    case when chance = 1 then 1.0 when chance < 1 then least((chance + {z2} / (2.0 * n) + wide) / over, 1) end as high,
    n as known_of, segment, value
from half order by item_id
"""


def _write_open(con: Engine, schema: str, promise_id: str, segment: str) -> None:
    """Write the chance of each open item: on the line through its bucket, Wilson's interval on as many as it is known of."""
    value = text(WHOLE) if segment == WHOLE else identifier(segment_column(segment))
    left = "greatest(clock_left_seconds, 0)"
    bucket = f"case when {left} < 1 then 0 else 1 + cast(floor(ln({left}) / {LOG_BUCKET}) as integer) end"
    sql = _OPEN.format(schema=schema, value=value, bucket=bucket, width=LOG_BUCKET, whole=text(WHOLE), z2=Z2)
    con.run(sql, {"promise": promise_id, "segment": segment})
