"""From verdicts of items to the additive tables that pages read: queries over the table `judged`."""

from collections.abc import Sequence

from sqlglot import exp, select

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


def cells(plan: Plan) -> exp.Select:
    """Return counts a day, version and combination of segment values: the sparse cube."""
    keys: list[exp.Expr] = [
        exp.column("day"),
        exp.column("version"),
        *(quoted(segment_column(name)) for name in plan.segments),
    ]
    return select(*keys, *_counts(plan)).from_("judged").group_by(*keys)


def items_worth_seeing(plan: Plan) -> exp.Select:
    """Return the items a person may want to look at: all but the kept ones and those not promised."""
    instants = [tree("ap_utc(:a)", a=exp.column(name)).as_(name) for name in ("started", "due", "done")]
    return (
        select(
            tree("cast(item_id as varchar)").as_("item_id"),
            "day", "version", *instants, "verdict", "reason",
            tree("late_us / 1000000.0").as_("late_seconds"),
            *(quoted(segment_column(name)) for name in plan.segments),
        )
        .from_("judged")
        .where(tree("not verdict in ('kept', 'counted', :np)", np=NOT_PROMISED))
    )  # fmt: skip


def lateness(plan: Plan) -> exp.Select:
    """Return done items a day, version, segment value and bucket of lateness (signed, logarithmic)."""
    seconds = tree("abs(late_us) / 1000000.0")
    bucket = tree(
        "case when :seconds < 1 then 0 when late_us < 0 then -1 - cast(floor(ln(:seconds) / :width) as integer)"
        " else 1 + cast(floor(ln(:seconds) / :width) as integer) end",
        seconds=seconds,
        width=LOG_BUCKET,
    )
    names = [segment_column(name) for name in plan.segments]
    inner = (
        select("day", "version", bucket.as_("bucket"), *(quoted(name) for name in names))
        .from_("judged")
        .where("verdict in ('kept', 'broken') and not done is null and not due is null")
    )
    return _by_each(inner, ["day", "version", "bucket"], names, [tree("count(*)").as_("items")])


def _by_each(
    inner: exp.Select, keys: Sequence[str], names: Sequence[str], measures: list[exp.Expr]
) -> exp.Select:
    """Return measures by the keys alone and by the keys with each name in turn, in one scan."""
    sets = [exp.Tuple(expressions=[exp.column(k) for k in keys])]
    sets += [exp.Tuple(expressions=[*(exp.column(k) for k in keys), quoted(name)]) for name in names]
    chosen = [(tree("grouping(:name) = 0", name=quoted(name)), name) for name in names]
    segment, value = exp.convert(WHOLE), exp.convert(WHOLE)
    for condition, name in reversed(chosen):
        segment = tree("case when :c then :name else :rest end", c=condition, name=name, rest=segment)
        value = tree("case when :c then :value else :rest end", c=condition, value=quoted(name), rest=value)
    grouped = select(*keys, segment.as_("segment"), value.as_("value"), *measures).from_(
        inner.subquery("items")
    )
    grouped.set("group", exp.Group(grouping_sets=[exp.GroupingSets(expressions=sets)]))
    return grouped
