"""On which other days an item might have been counted, and how it stood at its limit: what other definitions need.

One further scan of `judged` a clock promise, grouped by days and verdict alone, so that it stays a small table.
"""

from collections.abc import Mapping

from sqlglot import exp, select

from aspromised.declare.model import ClockMeasure
from aspromised.judge.clocks.due import by_version
from aspromised.judge.clocks.local_days import EPOCH
from aspromised.judge.planning.plan import Plan
from aspromised.sql.templates import first_match, tree
from aspromised.words.vocabulary import CANCELLED


def bases(plan: Plan) -> exp.Select:
    """Return items a day, version, day started, due and done, verdict, and whether done exactly on the limit.

    What is broken for being cancelled stands on no limit: no date decides about it.
    Where the date first given is known (`originally_by`), also by its day, the verdict it would have led to, and
    whether the date moved. Kept, broken and open items only, and where there are corrections what they alone exempt, with
    its verdict without them, and whether one takes hold on each of the days.
    """
    keys: dict[str, exp.Expr] = {
        "day": exp.column("day"),
        "version": exp.column("version"),
        **{f"{name}_day": _local_date(name) for name in BASES},
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
    if plan.corrections:
        keys["otherwise"] = UNCORRECTED.copy()
        days = {name: tree("ap_local_day(:a)", a=exp.column(name)) for name in BASES}
        if plan.has_original:
            days["original"] = tree("ap_local_day(original_due)")
        keys |= corrected_days(plan, days)
    named = [key.as_(name) for name, key in keys.items()]
    places = (exp.convert(number) for number in range(1, len(keys) + 1))
    grouped = select(*named, tree("count(*)").as_("items")).from_("judged").group_by(*places)
    return select("*").from_(grouped.subquery("grouped")).where(would_count(plan))


BASES = ("started", "due", "done")
"""The moments whose local days an item may be counted on."""
UNCORRECTED = tree("case when exempt_by = 'correction' then otherwise end")
"""The verdict without corrections of what they alone exempt, of `judged` and `item`."""


def would_count(plan: Plan) -> exp.Expr:
    """Return whether a group of items counts, or would without corrections."""
    word = "coalesce(otherwise, verdict)" if plan.corrections else "verdict"
    return tree(f"{word} in ('kept', 'broken', 'open')")


def corrected_days(plan: Plan, days: Mapping[str, exp.Expr]) -> dict[str, exp.Expr]:
    """Return column → whether a correction takes hold of an item that is counted on the day it was started, due or done, or
    on further days of the name (day numbers; where it has none, on that which `counted:` takes in its place)."""
    others = {
        name: [name, *(other for other in ("due", "started", "done") if other != name)] for name in BASES
    }
    found: dict[str, exp.Expr] = {}
    for name in days:
        known = [days[each] for each in others.get(name, [name])]
        day = exp.Coalesce(this=known[0].copy(), expressions=[each.copy() for each in known[1:]])
        found[f"corrected_{name}"] = exp.or_(
            *(
                tree(
                    "coalesce(:day between :first and :last and :chosen, false)",
                    day=day,
                    first=(rule.first - EPOCH).days,
                    last=(rule.last - EPOCH).days,
                    chosen=exp.true() if rule.only is None else exp.column(f"correction_{number}"),
                )
                for number, rule in enumerate(plan.corrections)
            )
        )
    return found


def correction_columns(plan: Plan) -> list[exp.Expr]:
    """Return the columns of `judged` that tell whether an item is one a correction is for; none of those for all items."""
    return [
        exp.column(f"correction_{number}")
        for number, rule in enumerate(plan.corrections)
        if rule.only is not None
    ]


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
