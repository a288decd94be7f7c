"""From verdicts of items to the additive tables that pages read: queries over the view `judged`."""

from sqlglot import exp, select

from aspromised.judge.clocks.elapsed import left_us
from aspromised.judge.clocks.other_bases import bases
from aspromised.judge.planning.plan import Plan
from aspromised.judge.verdicts.exempt import exempt_counts
from aspromised.judge.verdicts.launch_cells import known_counts, launch_cells
from aspromised.judge.verdicts.verdict import NOT_PROMISED, segment_column
from aspromised.sql.templates import quoted, tree
from aspromised.words.vocabulary import VERDICTS

COUNTS: dict[str, str] = {**{verdict: verdict for verdict in VERDICTS}, "not_promised": NOT_PROMISED}
"""Count columns, and the verdict each one counts."""

LOG_BUCKET = 0.04879016416943200306
"""Width of a lateness bucket: the natural logarithm of 1.05."""

IN_TIME = -9999
"""The bucket of all that was kept in a segment: by how much it was early is told of the whole only."""

WHOLE = "(all)"
"""The name and value of the segment that is every item."""


def scans(plan: Plan) -> dict[str, exp.Expr]:
    """Return table → the query over `judged` that fills it, but for `promise_id`; the rest is derived from these."""
    found: dict[str, exp.Expr] = {"verdict_cell": cells(plan), "item": items_worth_seeing(plan)}
    if plan.measure.kind == "clock":
        found["lateness_daily"] = lateness()
        found["basis_daily"] = bases(plan)
    if plan.counts is not None:
        found["exempt_daily"] = exempt_counts()
    if plan.is_leaned_on:
        found["launch_cell"] = launch_cells(plan, _counts(plan))
    if plan.is_gated:
        found["known_daily"] = known_counts(plan)
    return found


def _counts(plan: Plan) -> list[exp.Expr]:
    if plan.counts is not None:
        return _added_counts()
    return [
        tree("count(case when verdict = :word then 1 end)", word=word).as_(column)
        for column, word in COUNTS.items()
    ]


def _added_counts() -> list[exp.Expr]:
    """Return the counts of rows that hold counts: a row that cannot be judged is one unknown."""
    sums = {
        "kept": "case when verdict = 'counted' then kept_count else 0 end",
        "broken": "case when verdict = 'counted' then total_count - kept_count else 0 end",
        "open": "0",
        "exempt": "case when verdict = 'exempt' then coalesce(total_count, 1) else 0 end",
        "unknown": "case when verdict = 'unknown' then coalesce(greatest(total_count, 1), 1) else 0 end",
        "not_promised": "case when verdict = 'not promised' then coalesce(total_count, 1) else 0 end",
    }
    return [tree(f"cast(sum({sql}) as bigint)").as_(column) for column, sql in sums.items()]


def cells(plan: Plan) -> exp.Select:
    """Return counts a day, version and combination of segment values, in one scan of `judged`: the sparse cube."""
    keys: list[exp.Expr] = [
        exp.column("day"),
        exp.column("version"),
        *(quoted(segment_column(name)) for name in plan.segments),
    ]
    return select(*keys, *_counts(plan)).from_("judged", copy=False).group_by(*keys, copy=False)


def items_worth_seeing(plan: Plan) -> exp.Select:
    """Return the items a person may want to look at: all but the kept ones and those not promised."""
    instants = [tree("ap_utc(:a)", a=exp.column(name)).as_(name) for name in ("started", "due", "done")]
    return (
        select(
            tree("cast(item_id as varchar)").as_("item_id"),
            "day", "version", *instants, "verdict", "reason", "exempt_by", "otherwise",
            tree("late_us / 1000000.0").as_("late_seconds"),
            tree(":left / 1000000.0", left=left_us(plan)).as_("clock_left_seconds"),
            *(quoted(segment_column(name)) for name in plan.segments),
        )
        .from_("judged")
        .where(tree("not verdict in ('kept', 'counted', :np)", np=NOT_PROMISED))
    )  # fmt: skip


def lateness() -> exp.Select:
    """Return done items a day, version and bucket of lateness, and those of them kept, in one scan of `judged`.

    In bucket 0 some may be kept and some a moment late; done in time but cancelled before, an item is not kept. The bucket
    is signed and logarithmic (LOG_BUCKET), negative before due.
    """
    keys = [exp.column(name) for name in ("day", "version", "bucket")]
    bucketed = (
        select("day", "version", "verdict", bucket("late_us / 1e6").as_("bucket"))
        .from_("judged")
        .where(_IS_TIMED)
    )
    return (
        select(*keys, exp.convert(WHOLE).as_("segment"), exp.convert(WHOLE).as_("value"))
        .select(
            tree("count(*)").as_("items"), tree("count(case when verdict = 'kept' then 1 end)").as_("kept")
        )
        .from_(bucketed.subquery("judged"))
        .group_by(*keys)
    )


def bucket(seconds: str) -> exp.Expr:
    """Return the bucket of a lateness in seconds, an expression."""
    log = tree(f"cast(floor(ln(abs({seconds})) / :width) as integer)", width=LOG_BUCKET)
    return tree(
        f"case when abs({seconds}) < 1 then 0 when {seconds} < 0 then -1 - :log else 1 + :log end", log=log
    )


_IS_TIMED = tree("verdict in ('kept', 'broken') and not done is null")
