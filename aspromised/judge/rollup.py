"""From verdicts of items to the additive tables that pages read: queries over the view `judged`."""

from sqlglot import exp, select

from aspromised.judge.own_clock import left_us
from aspromised.judge.plan import Plan
from aspromised.judge.sql import quoted, tree
from aspromised.judge.verdict import NOT_PROMISED, segment_column
from aspromised.words.vocabulary import VERDICTS

COUNTS: dict[str, str] = {**{verdict: verdict for verdict in VERDICTS}, "not_promised": NOT_PROMISED}
"""Count columns, and the verdict each one counts."""

LOG_BUCKET = 0.04879016416943200306
"""Width of a lateness bucket: the natural logarithm of 1.05."""

WHOLE = "(all)"
"""The name and value of the segment that is every item."""


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


def fine_cells(plan: Plan) -> exp.Select:
    """Return counts a day, version, combination of segment values and bucket of lateness, in one scan of `judged`.

    The bucket is signed and logarithmic (LOG_BUCKET), negative before due; null where an item was not done.
    """
    keys: list[exp.Expr] = [*_keys(plan), exp.column("bucket")]
    bucketed = select("*", _bucket().as_("bucket")).from_("judged").subquery("judged")
    return select(*keys, *_counts(plan)).from_(bucketed).group_by(*keys)


def cells(plan: Plan) -> exp.Select:
    """Return counts a day, version and combination of segment values, from `fine`: the sparse cube."""
    sums = [tree("cast(sum(:count) as bigint)", count=exp.column(name)).as_(name) for name in COUNTS]
    return select(*_keys(plan), *sums).from_("fine").group_by(*_keys(plan))


def _keys(plan: Plan) -> list[exp.Expr]:
    return [
        exp.column("day"),
        exp.column("version"),
        *(quoted(segment_column(name)) for name in plan.segments),
    ]


def _bucket() -> exp.Expr:
    late = tree(
        "case when abs(late_us) < 1000000 then 0 when late_us < 0 then -1 - :log else 1 + :log end",
        log=tree("cast(floor(ln(abs(late_us) / 1000000.0) / :width) as integer)", width=LOG_BUCKET),
    )
    return tree("case when verdict in ('kept', 'broken') and not done is null then :late end", late=late)


def items_worth_seeing(plan: Plan) -> exp.Select:
    """Return the items a person may want to look at: all but the kept ones and those not promised."""
    instants = [tree("ap_utc(:a)", a=exp.column(name)).as_(name) for name in ("started", "due", "done")]
    return (
        select(
            tree("cast(item_id as varchar)").as_("item_id"),
            "day", "version", *instants, "verdict", "reason",
            tree("late_us / 1000000.0").as_("late_seconds"),
            tree(":left / 1000000.0", left=left_us(plan)).as_("clock_left_seconds"),
            *(quoted(segment_column(name)) for name in plan.segments),
        )
        .from_("judged")
        .where(tree("not verdict in ('kept', 'counted', :np)", np=NOT_PROMISED))
    )  # fmt: skip


def lateness(plan: Plan) -> exp.Select:
    """Return done items a day, version, bucket of lateness and segment value, from `fine`; WHOLE is every item."""
    keys = ["day", "version", "bucket"]
    columns = {name: quoted(segment_column(name)) for name in plan.segments}
    sets = [exp.Tuple(expressions=[exp.column(k) for k in keys])]
    sets += [exp.Tuple(expressions=[*(exp.column(k) for k in keys), column]) for column in columns.values()]
    segment, value = exp.convert(WHOLE), exp.convert(WHOLE)
    for name, column in columns.items():
        grouped = tree("grouping(:column) = 0", column=column)
        segment = tree("case when :c then :name else :rest end", c=grouped, name=name, rest=segment)
        value = tree("case when :c then :column else :rest end", c=grouped, column=column, rest=value)
    query = select(
        *keys, segment.as_("segment"), value.as_("value"), tree("cast(sum(kept + broken) as bigint)").as_("items")
    ).from_("fine").where("not bucket is null")  # fmt: skip
    query.set("group", exp.Group(grouping_sets=[exp.GroupingSets(expressions=sets)]))
    return query
