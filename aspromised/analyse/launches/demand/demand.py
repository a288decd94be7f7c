"""What a promotion did to demand: expected and seen, on which capacity, beside which other promotions, and what would be borne."""

from dataclasses import asdict, dataclass, replace
from datetime import date, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pandas as pd

from aspromised.analyse.launches.demand.headroom import AtDesk, Bearing, bearings, desks
from aspromised.analyse.launches.demand.sentences import demand_sentences
from aspromised.analyse.launches.demand.uplift import Uplift, launched, uplift
from aspromised.analyse.launches.readiness.span import LaunchSpan, local_day, span
from aspromised.analyse.queryable import Queryable, remembered
from aspromised.words.moments import last_day_over

USED_COLUMNS = (
    "capacity",
    "days",
    "load",
    "available",
    "used",
    "busiest",
    "days_over",
    "left_over",
    "expected_together",
)
OVERLAP_COLUMNS = ("promotion_id", "says", "first", "last", "expects_demand")


@dataclass(frozen=True)
class Demand:
    """A promotion's demand: the share `expected` more and why, what was `seen`, each capacity over its days (`used`:
    USED_COLUMNS), the promotions that ran `beside` it (OVERLAP_COLUMNS), and what the promises it leans on bear."""

    span: LaunchSpan
    expected: float | None
    basis: str | None
    source: str | None
    seen: Uplift | None
    used: pd.DataFrame
    beside: pd.DataFrame
    bearings: tuple[Bearing, ...]
    desks: tuple[AtDesk, ...]

    @property
    def sentence(self) -> str:
        """Expected and seen, and how much more would have been borne."""
        together = float(self.used["expected_together"].max()) if len(self.used) else None
        return demand_sentences(
            self.span, self.expected, self.seen, self.bearings, (len(self.beside), together), self.source
        )

    def as_json(self) -> dict[str, Any]:
        """Return the demand as plain values; what could not be told is null, and endless is null too."""
        return {
            "promotion_id": self.span.promotion_id,
            "expected": self.expected,
            "basis": self.basis,
            "seen": None if self.seen is None else asdict(self.seen),
            "capacity": _records(self.used),
            "beside": _records(self.beside),
            "bears": [_finite(asdict(one)) for one in self.bearings],
            "agents": [_finite(asdict(one)) for one in self.desks],
            "sentence": self.sentence,
        }


@remembered
def demand(snapshot: Queryable, promotion_id: str) -> Demand:
    """Return what is known of a promotion's demand; of a planned one what is expected and what would be borne.

    MisuseError where there is no such promotion.
    """
    ran = _whole_run(snapshot, promotion_id)
    row = snapshot.query(
        "select expects_demand, basis from promotion where promotion_id = $promotion",
        {"promotion": promotion_id},
    ).iloc[0]
    source = _source(snapshot, ran)
    ends = _planned_end(snapshot, ran)
    capacities = _capacities(snapshot, ran.first, ends)
    days = (ends - ran.first).days + 1
    bears = [one for name in capacities for one in bearings(snapshot, name, ran.leans_on, (ran.first, days))]
    return Demand(
        ran, _number(row["expects_demand"]), row["basis"] if isinstance(row["basis"], str) else None, source,
        uplift(snapshot, ran, source) if source and ran.days else None,
        _used(snapshot, capacities, ran.first, ends), _beside(snapshot, ran, ends), tuple(bears),
        tuple(desks(snapshot, ran.first)),
    )  # fmt: skip


def _whole_run(snapshot: Queryable, promotion_id: str) -> LaunchSpan:
    """Return the days a promotion ran, whenever it was ready."""
    looked = span(snapshot, promotion_id, date.max)
    return replace(looked, is_early=False)


def _planned_end(snapshot: Queryable, ran: LaunchSpan) -> date:
    found = snapshot.query(
        "select ends from promotion where promotion_id = $promotion", {"promotion": ran.promotion_id}
    )
    ends = local_day(found.iloc[0]["ends"], ZoneInfo(snapshot.meta["timezone"]))
    return ends or max(ran.until - timedelta(days=1), ran.first)


def _source(snapshot: Queryable, ran: LaunchSpan) -> str | None:
    """Return the source whose demand is told: the one the promotion brought most items of, else that of what it leans on."""
    found = snapshot.query(
        "select source from demand_daily group by source"
        " order by sum(case when brought = $promotion then items else 0 end) desc,"
        " bool_or(source in (select source from promise where list_contains($promises, promise_id))) desc, source",
        {"promotion": ran.promotion_id, "promises": list(ran.leans_on)},
    )
    return None if found.empty else str(found.iloc[0]["source"])


def _capacities(snapshot: Queryable, first: date, last: date) -> list[str]:
    """Return the capacities that promotions of these days were expected to use, or did."""
    found = snapshot.query(
        "select capacity from load_daily where day between $first and $last"
        " group by capacity having sum(coalesce(expected_uplift, 0)) > 0 or sum(coalesce(promoted, 0)) > 0 order by capacity",
        {"first": first, "last": last},
    )
    return [str(name) for name in found["capacity"]]


def _used(snapshot: Queryable, capacities: list[str], first: date, last: date) -> pd.DataFrame:
    """Return USED_COLUMNS: `used` is load ÷ available; `left_over` what the last day left waiting if nothing had before.

    A day that is not over has no load yet.
    """
    found = snapshot.query(
        """
        with known as (
            select * replace (case when day <= $over then load end as load)
            from load_daily where day between $first and $last and list_contains($capacities, capacity)
        ),
        day as (select *, sum(load - available) over (partition by capacity order by day) as run from known),
        kept as (select *, run - least(0, min(run) over (partition by capacity order by day)) as waiting from day)
        select capacity, count(load)::bigint as days, sum(load) as load,
            sum(case when load is not null then available end) as available,
            sum(load) / nullif(sum(case when load is not null then available end), 0) as used,
            max(load / nullif(available, 0)) as busiest,
            count(case when load > available then 1 end)::bigint as days_over,
            arg_max(waiting, day) as left_over, max(expected_uplift) as expected_together
        from kept group by capacity order by capacity
        """,
        {
            "first": first,
            "last": last,
            "capacities": capacities,
            "over": last_day_over(snapshot.meta["as_of"]),
        },
    )
    return found[list(USED_COLUMNS)]


def _beside(snapshot: Queryable, ran: LaunchSpan, last: date) -> pd.DataFrame:
    """Return the other promotions that run on some of the same days: OVERLAP_COLUMNS."""
    others = launched(snapshot)
    told = snapshot.query("select promotion_id, says, expects_demand from promotion")
    table = others[others["promotion_id"] != ran.promotion_id].merge(told, on="promotion_id")
    meets = [
        first <= last and (end is None or pd.isna(end) or end >= ran.first)
        for first, end in zip(table["first"], table["last"], strict=True)
    ]
    return table[pd.Series(meets, index=table.index, dtype=bool)][list(OVERLAP_COLUMNS)].reset_index(
        drop=True
    )


def _number(value: object) -> float | None:
    return None if pd.isna(value) else float(value)  # type: ignore[arg-type]


def _records(table: pd.DataFrame) -> list[dict[str, Any]]:
    return [_finite({str(name): value for name, value in row.items()}) for row in table.to_dict("records")]


def _finite(values: dict[str, Any]) -> dict[str, Any]:
    """Return the values with nulls for what is not a number, days in words, and inner tables alike."""

    def plain(value: Any) -> Any:
        if isinstance(value, dict):
            return _finite(value)
        if isinstance(value, date):
            return value.isoformat()
        is_number = isinstance(value, float)
        return (
            None if value is None or (is_number and (value != value or abs(value) == float("inf"))) else value
        )

    return {name: plain(value) for name, value in values.items()}
