"""What is told of a clock's items beside the counts, without judging all of them again for each table.

The items that are not kept stand in the snapshot's `item`, with all that `lateness_daily` and `basis_daily` ask of them. Those kept
are grouped once by all that the two tables ask, which leaves few rows to add up. The queries over every judged item
(`clocks.lateness`, `clocks.other_bases`) say what the tables hold; these come to the same rows.
"""

from sqlglot import exp, select

from aspromised.judge.clocks.due import by_version
from aspromised.judge.clocks.lateness import bucket
from aspromised.judge.clocks.other_bases import limit
from aspromised.judge.planning.plan import Plan
from aspromised.sql.templates import tree
from aspromised.words.vocabulary import CANCELLED, WHOLE

KEPT, SHOWN = "kept_together", "item_shown"
"""The relations that `from_together` reads: the kept items as `kept_together` groups them, the promise's rows of `item`."""

_DAYS = ("started", "due", "done")


def kept_together(plan: Plan) -> exp.Select:
    """Return the kept items by all that the tables ask of them, in one scan of `judged`."""
    days = [tree("ap_local_day(:a)", a=exp.column(name)).as_(f"{name}_number") for name in _DAYS]
    on_limit = tree("done - due = :limit", limit=by_version(plan, limit)).as_("on_limit")
    asked: list[str | exp.Expr] = ["day", "version", *days, on_limit, bucket("late_us / 1e6").as_("bucket")]
    places = (exp.convert(number) for number in range(1, len(asked) + 1))
    return (
        select(*asked, tree("count(*)").as_("items"))
        .from_("judged")
        .where(tree("verdict = 'kept'"))
        .group_by(*places)
    )


def from_together(plan: Plan) -> dict[str, exp.Expr]:
    """Return table → the query that fills it, from KEPT and SHOWN."""
    return {"lateness_daily": _lateness(), "basis_daily": _bases(plan)}


def _lateness() -> exp.Expr:
    return tree(
        f"""
        select day, version, bucket, :whole as segment, :whole as value,
            cast(sum(items) as bigint) as items, cast(sum(kept) as bigint) as kept
        from (
            select day, version, bucket, items, items as kept from {KEPT}
            union all
            select day, version, :bucket as bucket, 1 as items, 0 as kept
            from {SHOWN} where verdict = 'broken' and not done is null and not due is null
        ) as timed
        group by day, version, bucket
        """,
        whole=WHOLE,
        bucket=bucket("late_seconds"),
    )


def _bases(plan: Plan) -> exp.Expr:
    numbers = ", ".join(f"ap_date({name}_number) as {name}_day" for name in _DAYS)
    days = ", ".join(f"ap_date(ap_local_day(ap_instant_us({name}))) as {name}_day" for name in _DAYS)
    return tree(
        f"""
        select day, version, {numbers}, 'kept' as verdict, on_limit, cast(sum(items) as bigint) as items
        from {KEPT} group by 1, 2, 3, 4, 5, 6, 7
        union all
        select day, version, {days}, verdict,
            coalesce(ap_instant_us(done) - ap_instant_us(due) = :limit, false)
                and reason is distinct from :cancelled as on_limit,
            count(*) as items
        from {SHOWN} where verdict in ('broken', 'open') group by 1, 2, 3, 4, 5, 6, 7
        """,
        limit=by_version(plan, limit),
        cancelled=CANCELLED,
    )
