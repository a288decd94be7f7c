"""How much more demand a promise would bear on a capacity: from what was seen, from its backlog alone, from its agents."""

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import pandas as pd

from aspromised.analyse.queryable import Queryable
from aspromised.analyse.rates.versions import declared_versions, in_force
from aspromised.stats.break_even import TOO_FEW, BreakEven, break_even, utilisation_model
from aspromised.stats.erlang_c import Queue, most_calls, service_level
from aspromised.stats.fluid_queue import max_load
from aspromised.words.lengths import Length
from aspromised.words.moments import last_day_over

USUAL_DAYS = 28


@dataclass(frozen=True)
class Bearing:
    """What a promise bears on a capacity, as multiples of usual demand: `seen` from how it went with the load, `backlog` from
    the queue alone (None: cannot, or the promise is not counted in days)."""

    capacity: str
    promise_id: str
    claim: str
    target: float
    seen: BreakEven
    backlog: float | None


@dataclass(frozen=True)
class AtDesk:
    """How a capacity's agents answer usual demand: the share in time, what is wanted, and the multiple they bear; None: cannot."""

    capacity: str
    agents: int
    kept_at_least: float
    in_time: float | None
    busy: float | None
    times: float | None


def bearings(
    snapshot: Queryable, capacity: str, promises: tuple[str, ...], launch: tuple[date, int]
) -> list[Bearing]:
    """Return what each promise bears on a capacity from a day on for so many days: `launch`.

    Usual demand is that of the same weekdays of the four weeks before; what is available is that of the days themselves
    where it is known, else of the weeks before.
    """
    loads = snapshot.query(
        "select day, available, case when day <= $over then load end as load, coalesce(promoted, 0) as promoted"
        " from load_daily where capacity = $capacity order by day",
        {"capacity": capacity, "over": last_day_over(snapshot.meta["as_of"])},
    )
    usual, available = _ahead(loads, *launch)
    return [
        _bearing(capacity, row, loads, _days(snapshot, row), (usual, available))
        for _, row in _standing(snapshot, promises, launch[0]).iterrows()
    ]


def _standing(snapshot: Queryable, promises: tuple[str, ...], day: date) -> pd.DataFrame:
    """Return the version of each promise in force on a day, in the order of their ids; those that have none are left out."""
    ids = sorted(promises)
    return (
        in_force(declared_versions(snapshot), ids, [day] * len(ids))
        .assign(promise_id=ids)
        .dropna(subset="version")
    )


def _days(snapshot: Queryable, row: pd.Series) -> pd.DataFrame:
    return snapshot.query(
        "select day, sum(items)::bigint as items, sum(broken)::bigint as broken from usual_daily"
        " where promise_id = $promise and version = $version group by day order by day",
        {"promise": row["promise_id"], "version": int(row["version"])},
    )


def _ahead(loads: pd.DataFrame, first: date, days: int) -> tuple[np.ndarray, np.ndarray]:
    """Return usual demand and what is available on the days of a launch, four weeks at most; empty where unknown."""
    table = loads.set_index(pd.to_datetime(loads["day"]))
    known = table.index[table["load"].notna()]
    if known.empty:
        return np.array([]), np.array([])
    start = min(pd.Timestamp(first), known.max() + timedelta(days=1))
    ahead = pd.date_range(pd.Timestamp(first), periods=min(max(days, 1), USUAL_DAYS))
    weeks = pd.date_range(start - timedelta(days=USUAL_DAYS), periods=USUAL_DAYS)
    own = (table["load"] - table["promoted"]).reindex(weeks)
    before = table["available"].reindex(weeks)
    by_weekday = pd.DataFrame({"own": own, "available": before}).groupby(weeks.day_of_week).mean()
    usual = by_weekday["own"].reindex(ahead.day_of_week).to_numpy(dtype=float)
    planned = table["available"].reindex(ahead).to_numpy(dtype=float)
    available = np.where(np.isnan(planned), by_weekday["available"].reindex(ahead.day_of_week), planned)
    if np.isnan(usual).any() or np.isnan(available).any():
        return np.array([]), np.array([])
    return usual, available


def _bearing(
    capacity: str,
    row: pd.Series,
    loads: pd.DataFrame,
    days: pd.DataFrame,
    ahead: tuple[np.ndarray, np.ndarray],
) -> Bearing:
    usual, available = ahead
    joined = loads.dropna(subset=["available", "load"]).merge(days, on="day", how="left")
    joined = joined.fillna({"items": 0, "broken": 0})
    target = float(row["target"])
    seen = (
        break_even(utilisation_model(joined), usual, available, target) if len(usual) else BreakEven(TOO_FEW)
    )
    allowed = whole_days(row["length"])
    queue = (
        max_load(usual, available, allowed, target) if allowed is not None and len(usual) > allowed else None
    )
    return Bearing(capacity, str(row["promise_id"]), str(row["claim"]), target, seen, queue)


def whole_days(length: object) -> int | None:
    """Return how many days a promise allows, None where it is not counted in days.

    >>> whole_days("2 calendar days"), whole_days("5 minutes"), whole_days(None), whole_days("by slot_ends_at")
    (2, None, None, None)
    """
    try:
        found = Length.parse(str(length))
    except ValueError:
        return None
    return int(found.amount) if found.unit in ("calendar days", "days", "business days") else None


def desks(snapshot: Queryable, day: date) -> list[AtDesk]:
    """Return how the agents of each capacity that declares `answering` answer the usual demand of a day."""
    rows = snapshot.query(
        "select a.*, (select arg_max(usual, day) from load_daily l where l.capacity = a.capacity and day <= $day) as usual"
        " from answering a order by capacity",
        {"day": day},
    )
    return [at_desk(row) for _, row in rows.iterrows() if pd.notna(row["usual"]) and row["usual"] > 0]


def at_desk(row: pd.Series) -> AtDesk:
    """Return how agents answer `usual` calls a day: the one step without a snapshot."""
    desk = Queue(row["usual"] / row["open_seconds"], row["handling_seconds"], row["within_seconds"])
    agents, kept = int(row["agents"]), float(row["kept_at_least"])
    found = service_level(desk, agents)
    bears = most_calls(desk, agents, kept)
    return AtDesk(
        str(row["capacity"]),
        agents,
        kept,
        found.in_time if found else None,
        found.occupancy if found else None,
        bears if found else None,
    )
