"""What launches ask of a promise: how it went by the day items started, who brought them, and what was known when."""

from collections.abc import Callable

from sqlglot import exp, select

from aspromised.judge.plan import Plan
from aspromised.judge.sql import quoted, tree
from aspromised.judge.verdict import segment_column


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
    """Return kept and broken by the day they are counted on, the day that was known, and the day it no longer held.

    An item done in time is kept from the day it was done; one that is late is broken from the day it was due; one
    cancelled once it was overdue was broken until it was cancelled.
    """
    kept, broken = ("kept_count", "total_count - kept_count") if plan.counts else ("1", "1")
    known = _KNOWN[plan.measure.kind](plan)
    return tree(
        f"""
        select day, known_from, known_until,
            cast(sum(case when was = 'broken' then 0 else {kept} end) as bigint) as kept,
            cast(sum(case when was = 'kept' then 0 else {broken} end) as bigint) as broken
        from ({known}) as known
        where was in ('kept', 'broken', 'counted')
        group by 1, 2, 3
        """
    )


def _clock(_: Plan) -> str:
    return """
        select *, ap_date(ap_local_day(case
                when was = 'kept' then done
                when verdict = 'broken' and cancelled < due then cancelled else due end)) as known_from,
            case when verdict = 'exempt' then ap_date(ap_local_day(cancelled)) end as known_until
        from (
            select *, case when verdict = 'exempt' and exempt_by = 'cancelled' then otherwise else verdict end as was
            from judged
        ) as judged
        """


def _at_once(_: Plan) -> str:
    return """
        select *, verdict as was, ap_date(ap_local_day(due)) as known_from, cast(null as date) as known_until
        from judged
        """


_KNOWN: dict[str, Callable[[Plan], str]] = {
    "clock": _clock, "check": _at_once, "counts": _at_once, "repeat": _at_once,
}  # fmt: skip


def _local_date(name: str) -> exp.Expr:
    return tree("ap_date(ap_local_day(:a))", a=exp.column(name))
