"""What launches and changes ask of a promise: how it went by the day items started, who brought them, and what was known when."""

from sqlglot import exp, select

from aspromised.judge.kinds.registry import kind_of
from aspromised.judge.planning.plan import Plan
from aspromised.schema.snapshot import segment_column
from aspromised.sql.templates import quoted, tree


def launch_cells(plan: Plan, counts: list[exp.Expr]) -> exp.Select:
    """Return counts a day started, promotion that brought the items (null: none), and combination of segment values."""
    keys = {
        "day": _local_date("started"),
        "brought": exp.column("brought") if plan.brought else tree("cast(null as varchar)"),
    }
    named = [key.as_(name) for name, key in keys.items()]
    segments = [quoted(segment_column(name)) for name in plan.segments]
    places = [exp.convert(number) for number in range(1, len(named) + len(segments) + 1)]
    return select(*named, *segments, *counts).from_("judged").group_by(*places)


def known_counts(plan: Plan) -> exp.Expr:
    """Return kept, broken and open by the day they are counted on, the day that was known, and the day it no longer held.

    An item that was open, then broken, then done and counted on another day stands in each, for the days it was so.
    """
    kept, broken = kind_of(plan).worth
    return tree(
        f"""
        select day, known_from, known_until,
            cast(sum(case when verdict in ('kept', 'counted') then {kept} else 0 end) as bigint) as kept,
            cast(sum(case when verdict in ('broken', 'counted') then {broken} else 0 end) as bigint) as broken,
            cast(sum(case when verdict = 'open' then 1 else 0 end) as bigint) as open
        from (
            select *, ap_date(ap_local_day(looked_at)) as known_from, ap_date(ap_local_day(until)) as known_until
            from known
        ) as known
        where verdict in ('kept', 'broken', 'open', 'counted')
        group by 1, 2, 3
        """
    )


def _local_date(name: str) -> exp.Expr:
    return tree("ap_date(ap_local_day(:a))", a=exp.column(name))
