"""On which other days an item might have been counted, and how it stood at its limit: what other definitions need.

One further scan of `judged` a clock promise, grouped by days and verdict alone, so that it stays a small table.
"""

from sqlglot import exp, select

from aspromised.declare.model import ClockMeasure
from aspromised.judge.clocks.due import by_version
from aspromised.judge.planning.plan import Plan
from aspromised.sql.templates import first_match, tree
from aspromised.words.vocabulary import CANCELLED


def bases(plan: Plan) -> exp.Select:
    """Return items a day, version, day started, due and done, verdict, and whether done exactly on the limit.

    What is broken for being cancelled stands on no limit: no date decides about it.
    Where the date first given is known (`originally_by`), also by its day, the verdict it would have led to, and
    whether the date moved. Kept, broken and open items only.
    """
    keys: dict[str, exp.Expr] = {
        "day": exp.column("day"),
        "version": exp.column("version"),
        **{f"{name}_day": _local_date(name) for name in ("started", "due", "done")},
        "verdict": exp.column("verdict"),
        "on_limit": tree(
            "coalesce(done - due = :limit, false) and reason is distinct from :cancelled",
            limit=by_version(plan, limit),
            cancelled=CANCELLED,
        ),
    }
    if plan.has_original:
        keys["original_day"] = _local_date("original_due")
        keys["original_verdict"] = exp.column("original_verdict")
        keys["moved"] = tree("original_due <> due")
    named = [key.as_(name) for name, key in keys.items()]
    places = (exp.convert(number) for number in range(1, len(keys) + 1))
    grouped = select(*named, tree("count(*)").as_("items")).from_("judged").group_by(*places)
    return select("*").from_(grouped.subquery("grouped")).where(tree("verdict in ('kept', 'broken', 'open')"))


def original(plan: Plan, moment_us: int, broken_anyway: list[exp.Expr]) -> list[exp.Expr]:
    """Return the columns `original_due` (µs) and `original_verdict` of `judged`, where the date first given is known.

    What meets `broken_anyway` is broken by any date.
    """
    if not plan.has_original:
        return []
    first, never = exp.column("first_given"), tree("cast(null as bigint)")
    due = by_version(plan, lambda measure: first if measure.by else never)
    verdict = first_match(
        [
            (tree(":due is null", due=due), exp.null()),
            *((when, "broken") for when in broken_anyway),
            (tree("done <= :due", due=due), "kept"),
            (tree("not done is null or :due <= :moment", due=due, moment=moment_us), "broken"),
        ],
        "open",
    )
    return [due.copy().as_("original_due"), verdict.as_("original_verdict")]


def _local_date(name: str) -> exp.Expr:
    return tree("ap_date(ap_local_day(:a))", a=exp.column(name))


def limit(measure: ClockMeasure) -> exp.Expr:
    """Return how late the very limit is (µs): of "less than" a microsecond, for its due moment ends before it."""
    return exp.convert(1 if measure.less_than else 0)
