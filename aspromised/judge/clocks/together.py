"""What is told of a clock's items beside the counts, without judging all of them again for each table.

The items that are not kept stand in the snapshot's `item`, with all that `lateness_daily` and `basis_daily` ask of them. Those kept
are grouped once by all that the two tables ask, which leaves few rows to add up. The queries over every judged item
(`clocks.lateness`, `clocks.other_bases`) say what the tables hold; these come to the same rows.
"""

from collections.abc import Mapping

from sqlglot import exp, select

from aspromised.judge.clocks.due import by_version
from aspromised.judge.clocks.lateness import bucket
from aspromised.judge.clocks.other_bases import BASES, UNCORRECTED, corrected_days, limit, would_count
from aspromised.judge.planning.plan import Plan
from aspromised.sql.templates import tree
from aspromised.words.vocabulary import CANCELLED, WHOLE

KEPT, SHOWN = "kept_together", "item_shown"
"""The relations that `from_together` reads: the kept items as `kept_together` groups them, the promise's rows of `item`."""


def kept_together(plan: Plan) -> exp.Select:
    """Return the kept items by all that the tables ask of them, in one scan of `judged`."""
    days = [tree("ap_local_day(:a)", a=exp.column(name)).as_(f"{name}_number") for name in BASES]
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
    kept = {name: exp.column(f"{name}_number") for name in BASES}
    shown = {name: tree("ap_local_day(ap_instant_us(:a))", a=exp.column(name)) for name in BASES}
    on_limit = tree(
        "coalesce(ap_instant_us(done) - ap_instant_us(due) = :limit, false) and reason is distinct from :cancelled",
        limit=by_version(plan, limit),
        cancelled=CANCELLED,
    )
    of_kept = _keys(plan, kept, tree("'kept'"), exp.column("on_limit"), tree("cast(null as varchar)"))
    of_shown = _keys(plan, shown, exp.column("verdict"), on_limit, UNCORRECTED.copy())
    places = [exp.convert(number) for number in range(1, len(of_kept) + 1)]
    grouped = select(*of_shown, tree("count(*)").as_("items")).from_(SHOWN).group_by(*places)
    return exp.union(
        select(*of_kept, tree("cast(sum(items) as bigint)").as_("items"))
        .from_(KEPT)
        .group_by(*(place.copy() for place in places)),
        select("*").from_(grouped.subquery("grouped")).where(would_count(plan)),
        distinct=False,
    )


def _keys(
    plan: Plan, days: Mapping[str, exp.Expr], verdict: exp.Expr, on_limit: exp.Expr, otherwise: exp.Expr
) -> list[exp.Expr]:
    """Return what `basis_daily` groups items by, from the numbers of their days."""
    keys: dict[str, exp.Expr] = {"day": exp.column("day"), "version": exp.column("version")}
    keys |= {f"{name}_day": tree("ap_date(:day)", day=day.copy()) for name, day in days.items()}
    keys |= {"verdict": verdict, "on_limit": on_limit}
    keys |= {"otherwise": otherwise, **corrected_days(plan, days)} if plan.corrections else {}
    return [key.as_(name) for name, key in keys.items()]
